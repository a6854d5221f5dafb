package main

import (
	"strings"
	"testing"

	"guichet/courrier"
	"guichet/opco"
)

// The mail of an account is worded with its code, and its subject, the only part
// that is kept, does not say it.
func TestPostierDesComptes(t *testing.T) {
	p := postier{maison: func() (courrier.Maison, error) {
		return courrier.Maison{Nom: "OPCO Démo", Site: "guichet.test", URL: "https://guichet.test", Recours: courrier.RecoursDefaut, Paiement: 30}, nil
	}}
	e, err := p.EcrireCompte(opco.EnvoiCompte{ID: "c1-2-CODE_ACTIVATION-1", CompteID: "c1", Parametres: opco.ParametresDefaut(),
		Courrier: opco.CourrierCompte{Evenement: opco.CourrierCode, A: "eloise@sorbier.test", Nom: "Éloïse Œuvrard", Secret: "ABCD-EFGH-JKMN"}})
	if err != nil {
		t.Fatal(err)
	}
	m, ok := e.Mail.(courrier.Message)
	if !ok || !strings.Contains(m.Texte, "ABCD-EFGH-JKMN") || !strings.Contains(m.Texte, "https://guichet.test/activation?compte=c1") {
		t.Errorf("got %q, want the code and the link of the account", m.Texte)
	}
	if e.PDF != nil || e.HTML != nil || strings.Contains(e.Sujet, "ABCD") || e.MessageID == "" {
		t.Errorf("got %q %q, want no letter and no code in the subject", e.Sujet, e.MessageID)
	}
}
