package courrier_test

import (
	"strings"
	"testing"
	"time"

	"guichet/courrier"
	"guichet/opco"
)

// The avis of a grouped transfer, read back from its PDF: each dossier, each invoice
// number of the organisme, the hours, and what they pay of training and of wages, to
// the cent (S11, AT-16).
func TestAvisReluDuPDF(t *testing.T) {
	un, deux := dossierComplet(), dossierComplet()
	un.Reglements[0].Montant = 310800
	un.Factures[0].Constatees = []opco.LigneConstatee{
		{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 21 * 60, Payable: 283500},
		{Ligne: opco.LigneRemuneration, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 21 * 60, Payable: 27300}}
	deux.ID, deux.Numero, deux.Factures[0].Numero = "d2", "26.A.31001.2", "F-2026-201"
	deux.Reglements[0].Montant = 120000
	deux.Factures[0].Constatees = []opco.LigneConstatee{{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 14 * 60, Certifie: 14 * 60, Payable: 120000}}
	e, err := courrier.Rediger(opco.Envoi{ID: "avis", Dossier: un, Courriel: "a@b.example", Destinataire: "Œuvre Façonnée & Cie", Virement: "L26-0001-1",
		Courrier: opco.Courrier{Evenement: opco.CourrierAvisVirement, Pour: opco.RoleOrganisme, Reglement: "r1"}, IBAN: "FR7699999000150010020035594",
		Parts: []opco.PartVirement{{Dossier: un, Reglement: "r1"}, {Dossier: deux, Reglement: "r1"}},
		Le:    time.Date(2026, 5, 12, 8, 0, 0, 0, time.UTC), Effet: "2026-05-12", Parametres: opco.ParametresDefaut()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := courrier.Composer(e, maison)
	if err != nil {
		t.Fatal(err)
	}
	texte, _ := textePDF(t, p.PDF, "")
	for _, dit := range []string{un.Numero, deux.Numero, "F-2026-200", "F-2026-201", "Œuvre Façonnée & Cie", "Pédagogie", "Rémunération",
		"2 835,00 €", "273,00 €", "1 200,00 €", "4 035,00 €", "35,00 h", "L26-0001-1 " + un.Numero + " F-2026-200, " + deux.Numero + " F-2026-201"} {
		if !strings.Contains(texte, serre(dit)) {
			t.Errorf("no %q in\n%s", dit, texte)
		}
	}
	if strings.Contains(texte, "FR7699999000150010020035594") {
		t.Error("the avis carries a whole IBAN")
	}
}
