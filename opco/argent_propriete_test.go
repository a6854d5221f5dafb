package opco_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guichet/opco"
)

// suivreIndus gives a life to the debts that a step found, and tells them what it
// did to them, as the store does.
func (m *monde) suivreIndus(e opco.Effets) {
	for _, i := range e.Indus {
		m.indus = append(m.indus, &i)
		m.acteIndu(&i, opco.ActeOuvrirIndu, opco.ActeurSysteme(), nil)
	}
	for _, x := range e.SuitesIndu {
		k := slices.IndexFunc(m.indus, func(i *opco.Indu) bool { return i.ID == x.Indu })
		if i := m.indus[k]; !m.acteIndu(i, x.Type, opco.ActeurSysteme(), x.Charge) && x.Type == opco.ActeCompenserIndu {
			m.t.Fatalf("a compensation was taken and refused by its indu, %s", i.Etat)
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
	f := opco.FaitsIndu{Le: a.Le, Parametres: opco.ParametresDefaut()}
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
	*i = apres
	m.verifierIndu(i)
	return true
}

// verifierIndu checks that a debt is what its funds, its recoveries and the ledger
// say, and that nothing is recovered twice.
func (m *monde) verifierIndu(i *opco.Indu) {
	if i.Reste() < 0 || i.Recouvre() > i.Montant || opco.Somme(i.Parts) != i.Montant {
		m.t.Fatalf("indu of %s: recovered %s, left %s, parts %v", i.Montant, i.Recouvre(), i.Reste(), i.Parts)
	}
	for _, r := range i.Recouvrements {
		if opco.Somme(r.Parts) != r.Montant {
			m.t.Fatalf("recovered %s, by fund %v", r.Montant, r.Parts)
		}
	}
	for e := range m.dotation {
		var du opco.Montant
		for _, x := range m.indus {
			if x.Dossier == i.Dossier && x.Reste() > 0 {
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
