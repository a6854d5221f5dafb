package opco_test

import (
	"bytes"
	"encoding/json"
	"slices"

	"guichet/opco"
)

// verifier checks what must be true after each step.
func (m *monde) verifier(s *suivi, a opco.Acte) {
	d := s.d
	lu, un := copier(d)
	if _, deux := copier(lu); !bytes.Equal(un, deux) {
		m.t.Fatalf("JSON is not an identity:\n%s\n%s", un, deux)
	}
	for e, dotation := range m.dotation {
		total := m.soldes[e+" ENVELOPPE "]
		for _, x := range m.suivis {
			total += m.compte(x.d.ID, e, opco.LivreEngage) + m.servi(x.d.ID, e) + m.compte(x.d.ID, e, opco.LivreTropPercu) +
				m.compte(x.d.ID, e, opco.LivreIndu)
		}
		total += m.soldes[e+" SOURCE "] + dotation // what came back after the end of its year
		if total != dotation {
			m.t.Fatalf("envelope %s holds %s of %s after %s", e, total, dotation, a.Type)
		}
		if got, want := fondsDe(d.Engagements, e), m.compte(d.ID, e, opco.LivreEngage); got != want {
			m.t.Fatalf("%s engaged on %s, the ledger has %s after %s", got, e, want, a.Type)
		}
		if got, want := fondsDe(d.Acceptes, e), m.servi(d.ID, e); got != want {
			m.t.Fatalf("%s accepted on %s, the ledger has %s after %s", got, e, want, a.Type)
		}
		var paye opco.Montant
		for _, r := range d.Reglements {
			if r.Etat == opco.ReglementExecute {
				paye += fondsDe(r.Parts, e)
			}
		}
		if got := m.compte(d.ID, e, opco.LivrePaye); got != paye {
			m.t.Fatalf("%s paid on %s, the ledger has %s after %s", paye, e, got, a.Type)
		}
	}
	m.verifierMontants(d)
	m.verifierRetenu(d, a)
	m.verifierSuites(d, a)
}

func (m *monde) compte(dossier, e string, c opco.CompteLivre) opco.Montant {
	return m.soldes[e+" "+string(c)+" "+dossier]
}

// servi is the money of a dossier past the service fait.
func (m *monde) servi(dossier, e string) opco.Montant {
	return m.compte(dossier, e, opco.LivreServiceFait) + m.compte(dossier, e, opco.LivreOrdonnance) + m.compte(dossier, e, opco.LivrePaye)
}

func (m *monde) verifierMontants(d *opco.Dossier) {
	r := d.Resume()
	if r.Accorde > r.Demande || r.Engage+r.Accepte > r.Accorde || r.Paye > r.Accepte || r.Engage < 0 || r.Accepte < 0 {
		m.t.Fatalf("asked %s, granted %s, engaged %s, accepted %s, paid %s", r.Demande, r.Accorde, r.Engage, r.Accepte, r.Paye)
	}
	if x := d.Decision; x != nil {
		var lignes opco.Montant
		for _, l := range x.Lignes {
			lignes += l.Accorde
		}
		if opco.Somme(x.Fonds) != x.Accorde || lignes != x.Accorde || x.Demande-x.Accorde != x.ResteACharge {
			m.t.Fatalf("decision of %s: lines %s, funds %s, reste à charge %s", x.Accorde, lignes, opco.Somme(x.Fonds), x.ResteACharge)
		}
	}
	var approuve, vivants opco.Montant
	parFacture := map[string]int{}
	for _, x := range d.Reglements {
		if x.Etat.Vivant() {
			parFacture[x.Facture]++
			vivants += x.Montant + x.Compense()
		}
		if x.Montant < 0 || x.Montant == 0 && x.Etat != opco.ReglementExecute || opco.Somme(x.Parts) != x.Montant+x.Compense() || parFacture[x.Facture] > 1 {
			m.t.Fatalf("règlement %+v, %d living for its invoice", x, parFacture[x.Facture])
		}
	}
	for _, f := range d.Factures {
		if f.Etat.Approuve() {
			approuve += f.APayer()
		}
		if opco.Somme(f.Parts) != f.APayer() || f.Impute < 0 || f.Impute > f.Approuve || f.Approuve+f.TotalAvoirs() > f.TotalHT && f.Etat != opco.FactureAnnuleeParAvoir {
			m.t.Fatalf("invoice of %s approved for %s with avoirs of %s, parts %v", f.TotalHT, f.Approuve, f.TotalAvoirs(), f.Parts)
		}
	}
	for _, i := range d.Indus {
		if !i.Annule {
			approuve += i.Montant // it left, and is to come back
		}
	}
	if approuve != r.Accepte || vivants > r.Accepte {
		m.t.Fatalf("invoices approved for %s, accepted %s, règlements of %s", approuve, r.Accepte, vivants)
	}
}

// verifierSuites checks that nothing is left behind: money, invoices, délais.
func (m *monde) verifierSuites(d *opco.Dossier, a opco.Acte) {
	vus := map[string]bool{}
	for _, e := range d.Echeances {
		cle := string(e.Type) + e.Code
		if e.Le.Before(a.Le) || e.Effet == "" || vus[cle] {
			m.t.Fatalf("échéance %+v after %s at %s", e, a.Type, a.Le)
		}
		vus[cle] = true
	}
	if !slices.IsSortedFunc(d.Echeances, func(x, y opco.Echeance) int { return x.Le.Compare(y.Le) }) {
		m.t.Fatalf("échéances out of order: %+v", d.Echeances)
	}
	if d.Etat.Final() && (len(d.Engagements) > 0 || len(d.Echeances) > 0) {
		m.t.Fatalf("%s keeps %s engaged and %d échéances", string(d.Etat), opco.Somme(d.Engagements), len(d.Echeances))
	}
	for _, f := range d.Factures {
		switch {
		case f.Etat == opco.FactureSuspendue && !slices.ContainsFunc(d.Echeances, func(e opco.Echeance) bool {
			return e.Code == "facture_"+f.ID
		}):
			m.t.Fatalf("invoice %s is suspended for ever in %s", f.Numero, string(d.Etat))
		case d.Etat.Final() && f.Etat.Ouverte():
			m.t.Fatalf("invoice %s is « %s » in a dossier %s", f.Numero, f.Etat, string(d.Etat))
		case (f.Etat == opco.FactureApprouvee || f.Etat == opco.FactureApprouveePartiel) && d.Etat != opco.EtatEnReglement:
			m.t.Fatalf("invoice %s is to be paid in a dossier %s, where no bank answer is taken", f.Numero, string(d.Etat))
		}
	}
}

// verifierRetenu checks the payments of a dossier and the invoices that they pay.
func (m *monde) verifierRetenu(d *opco.Dossier, a opco.Acte) {
	for _, r := range d.Reglements {
		if lot, ok := m.enLot[r.ID]; ok && r.Montant != lot {
			m.t.Fatalf("règlement %s is of %s in its batch and of %s after %s", r.ID, lot, r.Montant, a.Type)
		}
		if slices.ContainsFunc(r.Compensations, func(c opco.Compensation) bool { return c.Montant <= 0 }) {
			m.t.Fatalf("règlement %s keeps nothing for a debt: %+v", r.ID, r.Compensations)
		}
		if a.Type == opco.ActeRepresenter && nomme(a) == r.ID && r.Etat != opco.ReglementRejete && r.Etat != opco.ReglementRetourne {
			m.t.Fatalf("règlement %s is « %s », and the bank never failed to pay it: it was put back to pay", r.ID, r.Etat)
		}
	}
	for _, f := range d.Factures {
		aPayer := f.Etat == opco.FactureApprouvee || f.Etat == opco.FactureApprouveePartiel
		paye := slices.ContainsFunc(d.Reglements, func(r opco.Reglement) bool { return r.Facture == f.ID && r.Etat == opco.ReglementExecute })
		if aPayer && paye || f.Etat == opco.FactureImputee && f.Approuve == 0 {
			m.t.Fatalf("invoice %s, approved for %s, paid %t, is « %s » after %s", f.Numero, f.Approuve, paye, f.Etat, a.Type)
		}
	}
}

// nomme is the règlement that an acte names.
func nomme(a opco.Acte) string {
	var c opco.ChargeReglement
	_ = json.Unmarshal(a.Charge, &c) // any charge may be drawn
	return c.Reglement
}
