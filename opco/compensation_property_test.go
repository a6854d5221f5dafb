package opco_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guichet/opco"
)

// Whatever becomes of payments that debts of their payee are taken on: what debts
// recovered is what payments keep, no cent is lost or made, and a payment of which nothing
// is left to transfer is settled. Every sequence begins with payments made, debts found on
// them and accepted, and more to pay to the same organisme.
//
// Mutants killed here: solderSansBanque posts no PAIEMENT, or no ORDONNANCEMENT, or leaves
// the règlement, or the invoice, to be paid; compenser takes more than the règlement, or
// than the debt, or on a règlement in a batch, or tells the debt nothing; compensable takes
// a debt with nothing left; mettreEnPaiement forgets what was kept, or keeps and pays the
// whole, or does not settle what is wholly kept; constater keeps what it releases engaged;
// representer pays a cancelled règlement. That it pays an invoice of which nothing is due is
// too rare here: TestRienARemettreEnPaiement holds it. That it refuses an invoice approved
// no more only words the refusal, as nothing is due of it.
func TestCompenserTientSesPromesses(t *testing.T) {
	vus, suites := map[string]int{}, 0
	rapid.Check(t, func(t *rapid.T) {
		m := ouvrirMonde(t, 600_000, 2_500_000)
		m.vus, m.endette, m.juste = vus, true, true
		m.endetter()
		m.derouler(20+hasard(t, "longueur", 40), surDesDettes...)
		suites++
	})
	for _, x := range []string{"retenue", "retenue entière", "retenue rejetée", "retenue retournée", "remis en paiement",
		"remis et retenu", "remis et soldé sans virement", "rendue à la dette", "avoir sur une facture payée", "avoir sur une retenue",
		"annulation avec une dette", "retour dans un dossier annulé", "dette éteinte par le retour"} {
		if vus[x] == 0 && suites >= 100 {
			t.Errorf("no sequence of %d saw « %s »: nothing of it was tried", suites, x)
		}
	}
	t.Logf("%d sequences: %v", suites, vus)
}

// surDesDettes are the things drawn once there are debts to take on payments.
var surDesDettes = []string{"suite", "suite", "suite", "suite", "acte", "banque", "indu", "indu",
	"compenser", "compenser", "compenser", "payer une retenue", "payer une retenue", "payer une retenue", "réduire une retenue", "constater indu", "representer", "representer", "avoir", "avoir", "annuler", "temps", "hasard", "neuf"}

func (m *monde) agirSurDettes(quoi string, s *suivi) {
	switch quoi {
	case "compenser":
		if len(m.indus) > 0 {
			m.compenser(m.indus[m.de("indu", len(m.indus))])
		}
	case "payer une retenue":
		m.payerRetenue()
	case "réduire une retenue":
		m.reduireRetenue()
	case "constater indu":
		m.constaterIndu(s)
	case "representer":
		m.representer(s)
	case "avoir":
		m.avoir(s)
	case "annuler":
		m.annulerPaye()
	default:
		m.t.Fatalf("nothing is done for « %s »", quoi)
	}
}

// endetter begins with dossiers of one organisme: two where something was paid and is
// claimed back, two where something is to pay.
func (m *monde) endetter() {
	paye := func(r opco.Reglement) bool { return r.Etat == opco.ReglementExecute }
	for range 2 {
		if s := m.mener(paye); s != nil {
			m.constaterIndu(s)
		}
	}
	for range 2 {
		m.mener(func(r opco.Reglement) bool { return r.Etat == opco.ReglementAPayer })
	}
	m.livrer(len(m.boite))
	for _, i := range m.indus {
		m.acteIndu(i, opco.ActeNotifierIndu, actCpt, nil)
		if m.de("accepte", 4) > 0 {
			m.acteIndu(i, opco.ActeAccepterIndu, actOF, nil)
		}
	}
}

// mener opens a dossier and brings it to a règlement that is as told, nil when chance
// would not have it.
func (m *monde) mener(assez func(opco.Reglement) bool) *suivi {
	m.ouvrir()
	s := m.suivis[len(m.suivis)-1]
	for range 30 {
		if slices.ContainsFunc(s.d.Reglements, assez) {
			return s
		}
		m.poursuivre(s)
	}
	return nil
}

// constaterIndu claims a part of an invoice, mostly a paid one.
func (m *monde) constaterIndu(s *suivi) {
	if len(s.d.Factures) == 0 {
		return
	}
	f := s.d.Factures[m.de("facture", len(s.d.Factures))]
	m.faire(s, opco.ActeConstaterIndu, actGes, opco.ChargeConstaterIndu{Facture: f.ID, Cause: opco.CauseControle, Raison: "Heures non suivies.",
		Montant: max(1, tirer(m, "indu", 1, 5_000, (f.Approuve-f.Impute)/2, f.Approuve-f.Impute, f.Approuve-f.Impute))})
}

// representer puts back to pay a règlement drawn, mostly one that did not pay.
func (m *monde) representer(s *suivi) {
	for _, r := range s.d.Reglements {
		if !r.Etat.Vivant() || m.de("quand meme", 8) == 0 {
			m.faire(s, opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: r.ID})
		}
	}
}

// payerRetenue has the bank answer for the dossiers where a payment keeps something, or
// that were cancelled once something was paid.
func (m *monde) payerRetenue() {
	for _, s := range m.suivis {
		if s.d.Etat == opco.EtatAnnulee || slices.ContainsFunc(s.d.Reglements, func(r opco.Reglement) bool { return r.Garde() > 0 && r.Montant > 0 }) {
			m.banque(s)
		}
	}
}

// reduireRetenue has an avoir leave of an invoice what its payment, which failed, keeps
// for debts, or more, or less.
func (m *monde) reduireRetenue() {
	for _, s := range m.suivis {
		for _, r := range s.d.Reglements {
			if r.Garde() == 0 || r.Etat.Vivant() {
				continue
			}
			f := s.d.Factures[slices.IndexFunc(s.d.Factures, func(f opco.Facture) bool { return f.ID == r.Facture })]
			reste := f.TotalHT - f.TotalAvoirs()
			m.crediter(s, f, tirer(m, "avoir", reste-r.Garde(), reste-r.Garde(), reste-r.Garde()/2, reste, 1))
			m.representer(s)
		}
	}
}

// annulerPaye cancels dossiers, of which some were paid an advance.
func (m *monde) annulerPaye() {
	for _, s := range m.suivis {
		if m.de("annuler", 2) == 0 && m.faire(s, opco.ActeAnnuler, actGes, opco.ChargeRaison{Raison: "Session annulée."}) {
			for range 6 {
				m.banque(s)
			}
		}
	}
}

// compter notes, of what this test is about, what did happen.
func (m *monde) compter(avant, apres *opco.Dossier, a opco.Acte, e opco.Effets) {
	vu := func(quoi string, si bool) {
		if si {
			m.vus[quoi]++
		}
	}
	r := change(avant, apres)
	retient := r.Compense() > 0
	switch a.Type {
	case opco.ActeCompenser:
		vu("retenue", retient)
		vu("retenue entière", r.Montant == 0)
	case opco.ActeRejeterReglement:
		vu("retenue rejetée", retient)
	case opco.ActeRetournerReglement:
		vu("retenue retournée", retient)
		vu("retour dans un dossier annulé", avant.Etat == opco.EtatAnnulee)
	case opco.ActeRepresenter:
		vu("remis en paiement", true)
		vu("remis et retenu", retient && r.Montant > 0)
		vu("remis et soldé sans virement", retient && r.Montant == 0)
	case opco.ActeDeposerAvoir:
		vu("avoir sur une facture payée", len(e.Indus) > 0)
		vu("avoir sur une retenue", retient)
	case opco.ActeAnnuler:
		vu("annulation avec une dette", len(apres.Indus) > 0)
	}
	for _, x := range e.SuitesIndu {
		vu("rendue à la dette", x.Type == opco.ActeRestituerIndu)
		vu("dette éteinte par le retour", x.Type == opco.ActeReprendreIndu)
	}
}

// change is the last règlement that a step changed or made, the zero one when it did not.
func change(avant, apres *opco.Dossier) (r opco.Reglement) {
	for k, x := range apres.Reglements {
		if k >= len(avant.Reglements) || !reflect.DeepEqual(avant.Reglements[k], x) {
			r = x
		}
	}
	return r
}
