package opco_test

import (
	"errors"
	"testing"

	"guichet/opco"
)

// Whoever acts, in the name of whom, and with which declared link: the nine rules
// of reliability.md 3.1 on a dossier. The proposal and the accord come from actGes.
func TestSeparationDuDossier(t *testing.T) {
	autre := opco.Acteur{Personne: "p-autre", Nom: "Autre", Role: opco.RoleResponsable}
	avec := func(a opco.Acteur, change func(*opco.Acteur)) opco.Acteur { change(&a); return a }
	pourGes := avec(autre, func(a *opco.Acteur) { a.Pour = actGes.Personne })
	gesPourAutre := opco.Acteur{Personne: actGes.Personne, Pour: "p-absente", Nom: "G, pour le compte de A", Role: opco.RoleResponsable}
	memePersonne := opco.Acteur{Personne: actGes.Personne, Nom: "Second compte", Role: opco.RoleResponsable}
	tests := []struct {
		name   string
		etape  string
		acte   opco.TypeActe
		par    opco.Acteur
		charge any
		liens  []opco.SIREN
		code   string // of the refusal, "" when it is admitted
	}{
		{"rule 1: the second account of who proposed", "validation", opco.ActeValider, memePersonne, nil, nil, "QUATRE_YEUX"},
		{"rule 6: a delegate of who proposed", "validation", opco.ActeValider, pourGes, nil, nil, "QUATRE_YEUX"},
		{"rule 6: who proposed, as a delegate of a responsable", "validation", opco.ActeValider, gesPourAutre, nil, nil, "QUATRE_YEUX"},
		{"another person", "validation", opco.ActeValider, autre, nil, nil, ""},
		{"rule 1: the service fait by the second account of who granted", "contrôle", opco.ActeConstater, memePersonne, opco.ChargeConstater{}, nil, "QUATRE_YEUX"},
		{"rule 6: the service fait by a delegate of who granted", "contrôle", opco.ActeConstater, pourGes, opco.ChargeConstater{}, nil, "QUATRE_YEUX"},
		{"the service fait by another person", "contrôle", opco.ActeConstater, autre, opco.ChargeConstater{}, nil, ""},
		{"rule 7: a link with the company", "instruction", opco.ActeDecider, actGes, opco.ChargeDecider{}, []opco.SIREN{siretE1.SIREN()}, "LIEN_INTERET"},
		{"rule 7: a link with the organisme", "instruction", opco.ActeDecider, actGes, opco.ChargeDecider{}, []opco.SIREN{siretOF1.SIREN()}, "LIEN_INTERET"},
		{"rule 7: nor to take it", "complete", opco.ActeInstruire, actGes, nil, []opco.SIREN{siretE1.SIREN()}, "LIEN_INTERET"},
		{"rule 7: nor to send it back", "validation", opco.ActeRenvoyer, autre, opco.ChargeRaison{Raison: "Non."}, []opco.SIREN{siretOF1.SIREN()}, "LIEN_INTERET"},
		{"rule 7: a link with another company", "instruction", opco.ActeDecider, actGes, opco.ChargeDecider{}, []opco.SIREN{"999009999"}, ""},
		{"rule 7: the company itself, whatever a namesake declared", "instruction", opco.ActeAnnuler, actEnt, opco.ChargeRaison{Raison: "Report."},
			[]opco.SIREN{siretE1.SIREN()}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := naitre(t, "2026-07-06", "2026-07-07").par(tt.etape)
			v.f.Parametres.SecondRegard, v.f.Liens = 50_000, tt.liens
			err := v.faire("2026-07-28 10:00", tt.acte, tt.par, tt.charge)
			var e *opco.Error
			if errors.As(err, &e); (e == nil) != (tt.code == "") || e != nil && (e.Code != tt.code || e.Kind != opco.Forbidden) {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}

func TestPersonnesEngagees(t *testing.T) {
	tests := []struct {
		name string
		a, b opco.Acteur
		want bool
	}{
		{"the same person by two accounts", opco.Acteur{Personne: "p", Nom: "A"}, opco.Acteur{Personne: "p", Nom: "B"}, true},
		{"two persons", opco.Acteur{Personne: "p"}, opco.Acteur{Personne: "q"}, false},
		{"a delegate and the absent", opco.Acteur{Personne: "p", Pour: "q"}, opco.Acteur{Personne: "q"}, true},
		{"the absent and a delegate", opco.Acteur{Personne: "q"}, opco.Acteur{Personne: "p", Pour: "q"}, true},
		{"two delegates of one absent", opco.Acteur{Personne: "p", Pour: "q"}, opco.Acteur{Personne: "r", Pour: "q"}, true},
		{"two delegates of two absents", opco.Acteur{Personne: "p", Pour: "q"}, opco.Acteur{Personne: "r", Pour: "s"}, false},
		{"the system and the bank", opco.ActeurSysteme(), opco.ActeurBanque(), false},
	}
	for _, tt := range tests {
		if got := tt.a.Croise(tt.b); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
