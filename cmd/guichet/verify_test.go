package main

import (
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

func TestVerifyExitCode(t *testing.T) {
	tests := []struct {
		name   string
		tenues []store.Tenue
		want   int
	}{
		{"all held", []store.Tenue{store.Tenu, store.Tenu}, 0},
		{"one broken", []store.Tenue{store.Tenu, store.Rompu}, 1},
		{"one not looked at", []store.Tenue{store.NonVerifiable, store.Tenu}, 2},
		{"broken wins over not looked at", []store.Tenue{store.NonVerifiable, store.Rompu}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r store.RapportVerification
			for _, x := range tt.tenues {
				r.Resultats = append(r.Resultats, store.ResultatInvariant{Tenue: x})
			}
			if got := sortie(sortieVerification(r.Tenue())); got != tt.want {
				t.Errorf("got exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestVerifyReportNamesTheFirstOffenders(t *testing.T) {
	r := store.RapportVerification{Le: time.Date(2026, 4, 13, 7, 5, 0, 0, time.UTC), Resultats: []store.ResultatInvariant{
		{Code: "I1", Nom: "Payé ≤ accordé", Tenue: store.Rompu, Examines: 4000, Ecarts: 12,
			Exemples: []store.Ecart{{Code: "I1", Objet: "dossier/d1", Phrase: "AF26-000001 : 2,00 € pour 1,00 €"}}},
		{Code: "I15", Nom: "Tableau = procédure", Tenue: store.NonVerifiable, Raison: "le moteur n’a pas répondu"},
		{Code: "I19", Nom: "Chaîne", Tenue: store.Tenu, Examines: 7, Note: "3 procédures identiques"},
	}}
	var b strings.Builder
	ecrireRapport(&b, r)
	want := `Vérification au 13 avril 2026, 09 h 05.

I1   ROMPU             4000 examinés  Payé ≤ accordé
     12 écarts, dont voici 1
     · AF26-000001 : 2,00 € pour 1,00 €  [dossier/d1]
I15  NON VÉRIFIABLE       0 examinés  Tableau = procédure
     Non vérifié : le moteur n’a pas répondu.
I19  TENU                 7 examinés  Chaîne
     3 procédures identiques.

1 tenu, 1 rompu, 1 non vérifiable.
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSeedReportListsEveryEtat(t *testing.T) {
	b := store.BilanSemis{Dossiers: 3, Etats: map[opco.Etat]int{opco.EtatReglee: 2, opco.EtatBrouillon: 1}, Du: "2025-05-01", Au: "2026-11-01"}
	var w strings.Builder
	ecrireBilan(&w, b, 1500*time.Millisecond)
	for _, want := range []string{"semé en 1,5 s, du 1er mai 2025 au 1er novembre 2026", "Dossiers                         3", "Brouillon                        1",
		"Réglée                           2"} {
		if !strings.Contains(w.String(), want) {
			t.Errorf("got\n%s\nwithout « %s »", w.String(), want)
		}
	}
}
