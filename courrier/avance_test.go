package courrier_test

import (
	"strings"
	"testing"
	"time"

	"guichet/courrier"
	"guichet/opco"
)

// S08: the mail of an invoice that an advance has paid in part, or wholly, says what
// is transferred and not what is approved.
func TestFactureImputeeDitCeQuiEstVire(t *testing.T) {
	tests := []struct {
		name   string
		impute opco.Montant
		dit    string
	}{
		{"nothing", 0, "Nous payons le 21 octobre 2026"},
		{"a part", 270000, "L’avance en a déjà payé 2 700,00 € : nous payons 900,00 €"},
		{"all of it", 360000, "rien n’est à virer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := dossierComplet()
			f := &d.Factures[0]
			f.Etat, f.TotalHT, f.Approuve, f.NonApprouve, f.Impute = opco.FactureApprouvee, 360000, 360000, 0, tt.impute
			e, err := courrier.Rediger(opco.Envoi{ID: "x", Dossier: d, Courriel: "a@b.example", Destinataire: "Formalia",
				Courrier: opco.Courrier{Evenement: opco.CourrierFactureApprouvee, Pour: opco.RoleOrganisme, Facture: "f1"},
				Le:       time.Date(2026, 9, 21, 8, 0, 0, 0, time.UTC), Effet: "2026-09-21", Parametres: opco.ParametresDefaut()})
			if err != nil {
				t.Fatal(err)
			}
			p, err := courrier.Composer(e, maison)
			if err != nil {
				t.Fatal(err)
			}
			texte := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(p.Message.Texte)
			if !strings.Contains(texte, tt.dit) || tt.impute > 0 && strings.Contains(texte, "Nous payons votre facture") {
				t.Errorf("no %q in\n%s", tt.dit, texte)
			}
		})
	}
}
