package opco_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guichet/opco"
)

// suivreIndus gives a life to the debts that a step found, and puts in their inboxes
// what it did to them, as the store does.
func (m *monde) suivreIndus(e opco.Effets) {
	for _, i := range e.Indus {
		i.Numero = "I-" + i.ID
		m.indus = append(m.indus, &i)
		m.boite = append(m.boite, opco.SuiteIndu{Indu: i.ID, Type: opco.ActeOuvrirIndu})
	}
	m.boite = append(m.boite, e.SuitesIndu...)
	m.verifierRetenues()
}

// livrer has the debts hear the first n things that wait, none of which may be refused:
// no person would read why.
func (m *monde) livrer(n int) {
	for _, x := range m.boite[:n] {
		i := m.indu(x.Indu)
		m.boite = m.boite[1:]
		if !m.acteIndu(i, x.Type, opco.ActeurSysteme(), x.Charge) {
			m.t.Fatalf("%s is refused by its indu, « %s »", x.Type, i.Etat)
		}
	}
}

func (m *monde) indu(id string) *opco.Indu {
	return m.indus[slices.IndexFunc(m.indus, func(i *opco.Indu) bool { return i.ID == id })]
}

// enCours is what a debt has not heard yet: taken or cancelled, and given back to it.
func (m *monde) enCours(id string) (pris, rendu opco.Montant) {
	for _, x := range m.boite {
		switch c := x.Charge.(type) {
		case opco.ChargeCompensation:
			if x.Indu == id && x.Type == opco.ActeCompenserIndu {
				pris += c.Montant
			} else if x.Indu == id {
				rendu += c.Montant
			}
		case opco.ChargeRepriseIndu:
			if x.Indu == id && m.indu(id).Etat != opco.InduAbandonne { // what was given up is not due already
				pris += min(c.Montant, m.indu(id).Reste())
			}
		}
	}
	return pris, rendu
}

// verifierRetenues checks that what debts recovered by compensation is what the
// règlements of their debtor keep, invoice by invoice, no more and no less.
func (m *monde) verifierRetenues() {
	tenu := map[string]opco.Montant{}
	for _, s := range m.suivis {
		dernier := map[string]opco.Reglement{}
		for _, r := range s.d.Reglements {
			dernier[r.Facture] = r
		}
		for _, r := range dernier {
			for _, c := range r.Gardees() {
				tenu[c.Indu] += c.Montant
			}
		}
	}
	for _, i := range m.indus {
		var compense opco.Montant
		for _, r := range i.Recouvrements {
			if r.Type == opco.RecouvrementCompensation {
				compense += r.Montant
			}
		}
		for _, x := range m.boite {
			if c, ok := x.Charge.(opco.ChargeCompensation); ok && x.Indu == i.ID {
				if x.Type == opco.ActeRestituerIndu {
					c.Montant = -c.Montant
				}
				compense += c.Montant
			}
		}
		if compense != tenu[i.ID] {
			m.t.Fatalf("indu %s recovered %s on payments that keep %s for it", i.ID, compense, tenu[i.ID])
		}
	}
}

// acteIndu performs an acte on a debt, and reports whether it was accepted.
func (m *monde) acteIndu(i *opco.Indu, t opco.TypeActe, par opco.Acteur, charge any) bool {
	b, err := json.Marshal(charge)
	if err != nil {
		m.t.Fatal(err)
	}
	m.actes++
	return m.pasIndu(i, opco.Acte{ID: fmt.Sprint("i", m.actes), Type: t, Par: par, Le: m.le, Charge: b}, nil)
}

func (m *monde) pasIndu(i *opco.Indu, a opco.Acte, ech *opco.Echeance) bool {
	copie, err := json.Marshal(i)
	if err != nil {
		m.t.Fatal(err)
	}
	var apres opco.Indu
	if err := json.Unmarshal(copie, &apres); err != nil {
		m.t.Fatal(err)
	}
	f := opco.FaitsIndu{Le: a.Le, Parametres: opco.ParametresDefaut(), Disponible: map[string]opco.Montant{}}
	for e := range m.dotation {
		f.Disponible[e] = m.soldes[e+" ENVELOPPE "]
	}
	f.EnCours, _ = m.enCours(i.ID)
	if a.Par.Role == opco.RoleSysteme {
		f.EnCours = 0
	}
	if m.de("exercice clos", 3) == 0 {
		f.Clos = []string{"mutualise"}
	}
	e, err := apres.Appliquer(a, ech, f)
	var refus *opco.Error
	if errors.As(err, &refus) && ech == nil && refus.Message != "" {
		return false
	}
	if err != nil || e.Phrase == "" || e.Code == "" {
		m.t.Fatalf("%s on an indu « %s »: %+v, %v", a.Type, i.Etat, e, err)
	}
	for _, x := range e.Mouvements {
		m.mouvoir(i.Dossier, x)
	}
	if i.NonDu && (apres.Etat != opco.InduAnnule || apres.Reste() != 0) {
		m.t.Fatalf("%s claims again a debt that a responsable cancelled: « %s », %s left", a.Type, apres.Etat, apres.Reste())
	}
	*i = apres
	m.verifierIndu(i)
	return true
}

// verifierIndu checks that a debt is what its funds, its recoveries and the ledger
// say, and that nothing is recovered twice.
func (m *monde) verifierIndu(i *opco.Indu) {
	if i.Reste() < 0 || i.Recouvre() < 0 || i.Recouvre() > i.Montant || opco.Somme(i.Parts) != i.Montant ||
		i.Recouvre()+opco.Somme(i.Annules)+opco.Somme(i.Abandons)+i.Reste() != i.Montant {
		m.t.Fatalf("indu of %s: recovered %s, cancelled %v, given up %v, left %s, parts %v", i.Montant, i.Recouvre(), i.Annules, i.Abandons, i.Reste(), i.Parts)
	}
	for _, r := range i.Recouvrements {
		if opco.Somme(r.Parts) != r.Montant {
			m.t.Fatalf("recovered %s, by fund %v", r.Montant, r.Parts)
		}
	}
	for e := range m.dotation {
		var du opco.Montant
		for _, x := range m.indus {
			if x.Dossier == i.Dossier && x.Etat != opco.InduNouveau {
				du += fondsDe(x.ResteParts(), e)
			}
		}
		if got := m.compte(i.Dossier, e, opco.LivreIndu); got != du {
			m.t.Fatalf("the ledger has %s due on %s, the debts say %s", got, e, du)
		}
	}
	if i.Etat.Final() != (i.Reste() == 0) || i.Etat.Final() && len(i.Echeances) > 0 {
		m.t.Fatalf("indu « %s » with %s left and %d échéances", i.Etat, i.Reste(), len(i.Echeances))
	}
}

// recouvrer draws what happens to a debt: people, its délais, a payment to its
// debtor, all in any order and sometimes twice.
func (m *monde) recouvrer() {
	m.livrer(m.de("livrer", len(m.boite)+1))
	if len(m.indus) == 0 {
		return
	}
	i := m.indus[m.de("indu", len(m.indus))]
	if len(i.Echeances) > 0 && !i.Echeances[0].Le.After(m.le) {
		e := i.Echeances[0]
		m.pasIndu(i, opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, &e)
		return
	}
	raison := opco.ChargeRaisonIndu{Raison: "À voir."}
	montant := tirer(m, "rendu", i.Reste(), i.Reste()/2, 1, i.Montant)
	switch tirer(m, "recouvrement", "notifier", "notifier", "notifier", "accepter", "accepter", "contester", "repondre", "rembourser", "compenser", "compenser",
		"compenser", "abandonner", "confirmer", "contentieux") {
	case "notifier":
		m.acteIndu(i, opco.ActeNotifierIndu, actCpt, nil)
	case "accepter":
		m.acteIndu(i, opco.ActeAccepterIndu, actOF, nil)
	case "contester":
		m.acteIndu(i, opco.ActeContesterIndu, actOF, raison)
	case "repondre":
		m.acteIndu(i, tirer(m, "reponse", opco.ActeMaintenirIndu, opco.ActeMaintenirIndu, opco.ActeAnnulerIndu), actRes, raison)
	case "rembourser":
		c := opco.ChargeRemboursement{Montant: montant, Date: opco.JourDe(m.le), Reference: fmt.Sprint("REF", m.actes)}
		m.acteIndu(i, opco.ActeRembourserIndu, actCpt, c)
	case "compenser":
		m.compenser(i)
	case "abandonner":
		m.acteIndu(i, opco.ActeProposerAbandon, actRes, raison)
	case "confirmer":
		m.acteIndu(i, tirer(m, "abandon", opco.ActeConfirmerAbandon, opco.ActeRefuserAbandon), actCpt, raison)
	case "contentieux":
		m.acteIndu(i, opco.ActeContentieuxIndu, actRes, raison)
	}
}

// compenser takes the debt on any règlement: the rules say which may.
func (m *monde) compenser(i *opco.Indu) {
	for _, s := range m.suivis {
		for _, r := range s.d.Reglements {
			if r.Etat == opco.ReglementAPayer || m.de("quand meme", 8) == 0 {
				m.faire(s, opco.ActeCompenser, actCpt, opco.ChargeCompenser{Reglement: r.ID, Indu: i.ID})
			}
		}
	}
}
