package opco

import (
	"slices"
	"strings"
)

// factureCertificats suspends an invoice until each stagiaire it is for has a
// certificat de réalisation, be it of 0 h. In an échelonnement the period needs
// hours that no earlier invoice was paid for.
func factureCertificats(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	if f.Avance {
		return "", nil
	}
	for _, s := range d.factures(f) {
		if len(d.certificatsDe(s)) == 0 {
			return MotifJustifAbs, Precisions{"piece": "le certificat de réalisation de " + s.nomComplet()}
		}
	}
	if d.Demande.Echelonnement && d.periodeApprouvee() && d.horairesRestants() == 0 {
		return MotifJustifAbs, Precisions{"piece": "le certificat de réalisation de la période facturée"}
	}
	return "", nil
}

// factures returns the stagiaires whose hours the invoice is for: those it
// names, or all of them as soon as one line names nobody.
func (d *Dossier) factures(f Facture) []Stagiaire {
	var nommes []string
	for _, l := range f.Lignes {
		if !l.Ligne.horaire() {
			continue
		}
		if l.Stagiaire == "" {
			return d.Demande.Presents()
		}
		s, _ := d.Demande.nomme(l.Stagiaire)
		nommes = append(nommes, s.ID)
	}
	return slices.DeleteFunc(d.Demande.Presents(), func(s Stagiaire) bool {
		return len(nommes) > 0 && !slices.Contains(nommes, s.ID)
	})
}

// horaire reports whether l is paid by the hour followed (domain.md 5 bis).
func (l Ligne) horaire() bool { return l == LignePeda || l == LigneRemuneration }

// certificatsDe returns the certificats that name s. A birth date told on both
// sides must agree: it tells two homonyms apart.
func (d *Dossier) certificatsDe(s Stagiaire) []Certificat {
	var siens []Certificat
	for _, c := range d.Certificats {
		if x, ok := d.certifie(c); ok && x.ID == s.ID {
			siens = append(siens, c)
		}
	}
	return siens
}

// certifie returns the stagiaire, not withdrawn, whom the certificat names.
func (d *Dossier) certifie(c Certificat) (Stagiaire, bool) {
	for _, voulue := range []Concordance{ConcordanceExacte, ConcordanceProche} {
		for _, s := range d.Demande.Presents() {
			if c.NeLe != "" && s.NeLe != "" && c.NeLe != s.NeLe {
				continue
			}
			if NomsConcordent(c.Prenom+" "+c.Nom, s.nomComplet()) == voulue {
				return s, true
			}
		}
	}
	return Stagiaire{}, false
}

// factureJustificatifs suspends the remboursement of what the company does not
// prove it paid: the organisme's invoice, marked « acquittée », and a receipt or
// statement for each other line (AK-46, S02 a).
func factureJustificatifs(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	if d.subroge() || f.Avance {
		return "", nil
	}
	for _, l := range Lignes() {
		if facture, _ := f.surLigne(l); facture == 0 {
			continue
		}
		if l == LignePeda && !d.Demande.Interne {
			if m, p := factureAcquittee(d, f); m != "" {
				return m, p
			}
			continue
		}
		if prouve, _ := f.prouve(l); prouve == 0 {
			return MotifSFJustificatifsAbsents, Precisions{"poste": "la ligne « " + l.Libelle() + " »"}
		}
	}
	return "", nil
}

// defauts lists the pièces that the suspended invoice f still lacks, as they are
// asked for: the certificat, the organisme's invoice « acquittée », and one relevé
// for all the lines without proof (T22, AK-46).
func (d *Dossier) defauts(f Facture) []PieceDemandee {
	if f.Motif == MotifJustifAbs {
		return []PieceDemandee{{Type: PieceCertificat, Motif: f.Motif, Precision: f.Phrase}}
	}
	var manquent []PieceDemandee
	var postes []string
	for _, l := range Lignes() {
		if facture, _ := f.surLigne(l); facture == 0 || d.subroge() {
			continue
		}
		if l == LignePeda && !d.Demande.Interne {
			if m, p := factureAcquittee(d, f); m != "" {
				manquent = append(manquent, PieceDemandee{Type: PieceFactureOF, Motif: m, Precision: m.Expliquer(p).Quoi})
			}
		} else if prouve, _ := f.prouve(l); prouve == 0 {
			postes = append(postes, "« "+l.Libelle()+" »")
		}
	}
	if len(postes) > 0 {
		m := MotifSFJustificatifsAbsents
		manquent = append(manquent, PieceDemandee{Type: PieceReleveDepenses, Motif: m,
			Precision: m.Expliquer(Precisions{"poste": strings.Join(postes, ", ")}).Quoi})
	}
	if manquent == nil {
		return []PieceDemandee{{Type: PieceFacture, Motif: f.Motif, Precision: f.Phrase}}
	}
	return manquent
}

func factureAcquittee(d *Dossier, f Facture) (Motif, Precisions) {
	absente := true
	for _, j := range f.Justificatifs {
		if j.Type != PieceFactureOF {
			continue
		}
		if !j.Acquittee {
			return MotifSFFactureNonAcquittee, Precisions{"organisme": d.Demande.Organisme.Nom, "facture": citer(j.Numero)}
		}
		absente = absente && j.Montant == 0
	}
	if absente {
		return MotifSFJustificatifsAbsents, Precisions{"poste": "la formation : la facture acquittée de l’organisme"}
	}
	return "", nil
}

// surLigne returns what f invoices on cost line l, and for how long.
func (f Facture) surLigne(l Ligne) (m Montant, heures Minutes) {
	for _, x := range f.Lignes {
		if x.Ligne == l {
			m += x.Montant
			heures += x.Heures
		}
	}
	return m, heures
}

// prouve returns the expense that the company proves on cost line l; ok is false
// when f proves nothing on it. The organisme's invoice proves the péda.
func (f Facture) prouve(l Ligne) (m Montant, ok bool) {
	for _, j := range f.Justificatifs {
		if j.Ligne == l || j.Ligne == "" && j.Type == PieceFactureOF && l == LignePeda {
			m += j.retenu(l)
			ok = true
		}
	}
	return m, ok
}

// retenu returns what of the expense counts for cost line l: lodging and travel
// always with their TVA (AK-50), meals and the other costs without the TVA that the
// company recovers (AK-49, AK-51), the rest HT.
func (j Justificatif) retenu(l Ligne) Montant {
	switch {
	case j.TTC == 0:
		return j.Montant
	case l == LigneHebergement, l == LigneTransport:
		return j.TTC
	case l == LigneRepas, l == LigneDivers:
		return max(0, j.TTC-j.TVARecuperee)
	}
	return j.Montant
}

// Justifier returns f with the justificatifs added. One of the same type, line
// and number replaces the one that was there: an invoice at last « acquittée ».
func (f Facture) Justifier(recus []Justificatif) Facture {
	f.Justificatifs = slices.Clone(f.Justificatifs)
	for _, n := range recus {
		i := slices.IndexFunc(f.Justificatifs, func(o Justificatif) bool {
			return o.Type == n.Type && o.Ligne == n.Ligne && memeNumero(o.Numero, n.Numero)
		})
		if i >= 0 {
			f.Justificatifs[i] = n
			continue
		}
		f.Justificatifs = append(f.Justificatifs, n)
	}
	return f
}
