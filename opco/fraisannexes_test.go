package opco_test

import (
	"testing"

	"guichet/opco"
)

// AK-49, AK-50, AK-51: which part of a receipt counts, line by line.
func TestTVADesFraisAnnexes(t *testing.T) {
	tests := []struct {
		name  string
		ligne opco.Ligne
		j     opco.Justificatif
		want  opco.Montant
	}{
		{"AK-50 lodging is always TTC", opco.LigneHebergement, opco.Justificatif{Montant: 15000, TTC: 16500, TVARecuperee: 1500}, 16000},
		{"AK-50 travel is always TTC", opco.LigneTransport, opco.Justificatif{Montant: 8000, TTC: 8840, TVARecuperee: 840}, 8840},
		{"AK-49 meals without the TVA recovered", opco.LigneRepas, opco.Justificatif{Montant: 4909, TTC: 5400, TVARecuperee: 491}, 4909},
		{"AK-49 meals of a company without TVA are TTC", opco.LigneRepas, opco.Justificatif{Montant: 4500, TTC: 5000}, 5000},
		{"a receipt told by its amount alone", opco.LigneRepas, opco.Justificatif{Montant: 4200}, 4200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := accord([]eleve{{"Ana", "Ruiz", 21 * heure, 21 * heure, 84000, 0}}, opco.LigneDecidee{Ligne: tt.ligne, Accorde: 16000})
			d.Demande.Subrogation = false
			f := facture("E2-1", peda(84000), opco.LigneFacture{Ligne: tt.ligne, Montant: 16000})
			f.Emetteur = siretE1
			tt.j.Ligne, tt.j.Type = tt.ligne, opco.PieceReleveDepenses
			f.Justificatifs = []opco.Justificatif{{Type: opco.PieceFactureOF, Ligne: opco.LignePeda, Montant: 202000, TTC: 242400, Acquittee: true}, tt.j}
			d.Factures = []opco.Facture{f}
			k, err := opco.Constater(d, true, lesFaits())
			if err != nil {
				t.Fatal(err)
			}
			if got := k.Payable - 84000; got != tt.want {
				t.Errorf("%s payable on the line, want %s; péda is HT", got, tt.want)
			}
		})
	}
}
