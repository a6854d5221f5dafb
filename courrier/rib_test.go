package courrier_test

import (
	"strings"
	"testing"
	"time"

	"guichet/courrier"
	"guichet/opco"
)

// What is told of an account goes to who was known before: it says who asks, masks the
// accounts, gives a number to call, and has nothing to press.
func TestMailsDuRIB(t *testing.T) {
	change := opco.RIBChange{Ancien: opco.IBAN("FR7699999000160010020036646").Masque(), Nouveau: opco.IBAN("FR7699999000770070070077737").Masque(),
		Par: "Odile Compétences", Raison: "Le titulaire est un autre"}
	for ev, dits := range map[opco.Evenement][]string{
		opco.CourrierRIBPropose: {"Odile Compétences demande", "7737", "6646", "Deux personnes", "48 h"},
		opco.CourrierRIBRefuse:  {"n’avons pas accepté", "Le titulaire est un autre.", "reste en service"},
		opco.CourrierRIBActif:   {"Depuis aujourd’hui", "7737", "6646"},
		opco.CourrierRIBGele:    {"Nous ne payons plus rien", "vous reste dû"},
	} {
		e, err := courrier.Rediger(opco.Envoi{ID: "rib", Courriel: "ancien@b.example", Destinataire: "Compétences Plus", RIB: &change,
			Courrier: opco.Courrier{Evenement: ev, Pour: opco.RoleOrganisme}, Le: time.Date(2026, 5, 18, 8, 0, 0, 0, time.UTC),
			Effet: "2026-05-18", Parametres: opco.ParametresDefaut()})
		if err != nil {
			t.Fatal(err)
		}
		p, err := courrier.Composer(e, maison)
		if err != nil {
			t.Fatal(err)
		}
		texte := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(p.Message.Texte)
		for _, dit := range append(dits, "01 99 00 02 14") {
			if !strings.Contains(texte, dit) {
				t.Errorf("%s: no %q in\n%s", ev, dit, texte)
			}
		}
		if strings.Contains(p.Message.HTML, `class="action"`) || strings.Contains(texte, "https://guichet.example") || p.PDF != nil {
			t.Errorf("%s: something to press in\n%s", ev, texte)
		}
	}
	if _, err := courrier.Rediger(opco.Envoi{ID: "rib", Courrier: opco.Courrier{Evenement: opco.CourrierRIBActif}}); opco.KindOf(err) != opco.Invalid {
		t.Errorf("a mail about no account: %v", err)
	}
}
