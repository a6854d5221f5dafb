package web

import (
	"strconv"

	"guichet/opco"
	"guichet/store"
)

// EtapeArgent is one step of the thread of money: its name, its amount and what
// is said under it. Vide says that nothing is there yet.
type EtapeArgent struct {
	Nom     string
	Montant opco.Montant
	Note    string
	Vide    bool
}

// filDossier is the thread of money of a dossier, from what was asked to what was
// paid. The dossier gives the days and the invoices, its line the sums.
func filDossier(d *opco.Dossier, l store.LigneDossier) []EtapeArgent {
	f := []EtapeArgent{{Nom: "Demandé", Montant: d.Demande.Total(), Note: leJour(jourLu(d.DeposeLe))}}
	accord := EtapeArgent{Nom: "Accordé", Vide: true, Note: "pas encore décidé"}
	if d.Decision != nil {
		accord = EtapeArgent{Nom: "Accordé", Montant: d.Decision.Accorde, Note: leJour(jourLu(d.Decision.Le))}
	}
	service := EtapeArgent{Nom: "Service fait", Montant: l.Accepte, Vide: l.Accepte == 0}
	if l.Accepte == 0 && len(d.Certificats) > 0 {
		service.Note = combien(len(d.Certificats), "certificat") + " à contrôler"
	}
	return append(f, accord, service, factureEtape(d), payeEtape(d, l))
}

func factureEtape(d *opco.Dossier) EtapeArgent {
	e := EtapeArgent{Nom: "Facturé"}
	n := 0
	for _, f := range d.Factures {
		if f.Etat.Final() {
			continue
		}
		n++
		e.Montant += f.TotalHT - f.TotalAvoirs() - f.Impute // the advance is an invoice too
		e.Note = f.Numero
	}
	if n > 1 {
		e.Note = combien(n, "facture")
	}
	e.Vide = n == 0
	return e
}

func payeEtape(d *opco.Dossier, l store.LigneDossier) EtapeArgent {
	e := EtapeArgent{Nom: "Payé", Montant: l.Paye, Vide: l.Paye == 0}
	for _, r := range d.Reglements {
		if r.Etat == opco.ReglementExecute && r.ExecuteLe != "" {
			e.Note = leJour(r.ExecuteLe.Longue())
		}
	}
	if m := duDossier(d); m > 0 {
		e.Note = "dont " + m.String() + " d’indu"
	}
	return e
}

// duDossier is what of its payments had to come back.
func duDossier(d *opco.Dossier) (m opco.Montant) {
	for _, x := range d.Indus {
		if !x.Annule {
			m += x.Montant
		}
	}
	return m
}

func leJour(jour string) string {
	if jour == "" {
		return ""
	}
	return "le " + jour
}

// plusGrand is the largest amount of a thread: the scale of its bars.
func plusGrand(f []EtapeArgent) opco.Montant {
	var m opco.Montant
	for _, e := range f {
		m = max(m, e.Montant)
	}
	return m
}

// largeur is the share of total that m is, as the width of an SVG bar of 100.
func largeur(m, total opco.Montant) string {
	if total <= 0 || m <= 0 {
		return "0"
	}
	pour1000 := int64(min(m, total)) * 1000 / int64(total)
	return strconv.FormatInt(pour1000/10, 10) + "." + strconv.FormatInt(pour1000%10, 10)
}

// LigneMontant is one cost line of a decision, or of a demande that has none yet.
type LigneMontant struct {
	Poste                      string
	Demande, Eligible, Accorde opco.Montant
	Regle                      string // the rule applied
}

// lignesMontants are the cost lines of a dossier: those decided, else those asked.
func lignesMontants(d *opco.Dossier) (ls []LigneMontant, decidees bool) {
	if d.Decision != nil && len(d.Decision.Lignes) > 0 {
		for _, l := range d.Decision.Lignes {
			ls = append(ls, LigneMontant{l.Ligne.Libelle(), l.Demande, l.Eligible, l.Accorde, l.Regle})
		}
		return ls, true
	}
	for _, l := range d.Demande.Lignes {
		if l.Montant != 0 {
			ls = append(ls, LigneMontant{Poste: l.Ligne.Libelle(), Demande: l.Montant, Regle: l.Detail})
		}
	}
	return ls, false
}

func totalMontants(ls []LigneMontant) (t LigneMontant) {
	for _, l := range ls {
		t.Demande, t.Eligible, t.Accorde = t.Demande+l.Demande, t.Eligible+l.Eligible, t.Accorde+l.Accorde
	}
	return t
}

// montantOuTiret writes an amount, a dash for none.
func montantOuTiret(m opco.Montant) string {
	if m == 0 {
		return "—"
	}
	return m.String()
}

// noteOuBlanc keeps the line of an empty note, so that the bars stay in line.
func noteOuBlanc(s string) string {
	if s == "" {
		return "\u00a0"
	}
	return s
}
