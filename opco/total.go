package opco

import (
	"cmp"
	"strings"
)

func factureCalcul(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	recu, attendu := d.calculFaux(f, fa)
	if recu == attendu {
		return "", nil
	}
	return MotifCalculErr, Precisions{"recu": recu.String(), "attendu": attendu.String()}
}

// calculFaux returns the first figure of f that its other figures contradict, and
// what it should be; two equal amounts when the arithmetic is right (SF10). A company adds
// no TVA to what it gives TVA included (VentilerTVA); an electronic invoice is held to its
// own file. One that a company sent while it added TVA to everything is right that way too:
// only HT is paid.
func (d *Dossier) calculFaux(f Facture, fa Faits) (recu, attendu Montant) {
	entreprise := !d.subroge() && f.Electronique == nil
	recu, attendu = f.calculFaux(entreprise)
	du := fa.Parametres.TVAEntrepriseDu
	if entreprise && recu != attendu && (du == "" || cmp.Or(f.RecueLe, fa.Jour()) < du) {
		if vu, juste := f.calculFaux(false); vu == juste {
			return 0, 0
		}
	}
	return recu, attendu
}

// calculFaux holds f to the TVA of a company, or of an organisme. It may be rounded on the
// total or on each line, half-up.
func (f Facture) calculFaux(entreprise bool) (recu, attendu Montant) {
	var lignes, tva Montant
	for _, l := range f.Lignes {
		lignes += l.Montant
		if l.Ligne.taxee(entreprise) {
			tva += l.Montant.Fraction(int64(f.TauxTVA), 10_000)
		}
	}
	surTotal := f.AvecTVA(entreprise).TVA
	switch {
	case lignes != f.TotalHT:
		return f.TotalHT, lignes
	case f.TauxTVA > 0 && f.TVA != surTotal && f.TVA != tva:
		return f.TVA, surTotal
	case f.TotalTTC != f.TotalHT+f.TVA:
		return f.TotalTTC, f.TotalHT + f.TVA
	}
	return 0, 0
}

// factureTVA compares the TVA with the régime of the organisme. A company that
// asks for its remboursement is not judged on it: only HT is paid.
func factureTVA(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if !d.subroge() || fa.Organisme == nil {
		return "", nil
	}
	attendu := 0
	if fa.Organisme.TVA {
		attendu = tauxNormal
	}
	if f.TauxTVA == attendu && (attendu > 0 || f.TVA == 0) {
		return "", nil
	}
	return MotifTxTVAErr, Precisions{"recu": taux(f), "attendu": map[int]string{0: "une facture sans TVA", tauxNormal: "20 %"}[attendu]}
}

func taux(f Facture) string {
	switch {
	case f.TauxTVA > 0:
		return strings.TrimSuffix(Montant(f.TauxTVA).Nombre(), ",00") + espaceInsecable + "%"
	case f.TVA > 0:
		return f.TVA.String() + " de TVA"
	}
	return "aucune TVA"
}
