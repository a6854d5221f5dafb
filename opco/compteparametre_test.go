package opco_test

import (
	"testing"

	"guichet/opco"
)

// The line to give depends on who reads; an OPCO that has only one gives it to all.
func TestTelephoneDuProfil(t *testing.T) {
	p := opco.ParametresDefaut().Comptes
	un := opco.ParametresCompte{Telephones: []opco.LigneAide{{Public: "Tous", Numero: "01 99 00 01 99"}}}
	for _, tt := range []struct {
		p      opco.ParametresCompte
		profil opco.Role
		want   string
	}{{p, opco.RoleEntreprise, "01 99 00 01 10"}, {p, opco.RoleOrganisme, "01 99 00 01 60"}, {un, opco.RoleOrganisme, "01 99 00 01 99"}, {opco.ParametresCompte{}, opco.RoleEntreprise, ""}} {
		if got := tt.p.Telephone(tt.profil); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.profil, got, tt.want)
		}
	}
}

// A branch is called by its name; one that the catalogue does not name, by its number.
func TestNomDeBranche(t *testing.T) {
	for i, want := range map[opco.IDCC]string{"2691": "Enseignement privé indépendant (IDCC 2691)", "3043": "Propreté (IDCC 3043)", "0003": "IDCC 0003"} {
		if got := i.Libelle(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// C22: the last administrator of an établissement does not leave the others alone; the
// OPCO may close the account.
func TestDernierAdministrateurFerme(t *testing.T) {
	soi := opco.Acteur{Personne: "c1", Nom: "Paul", Role: opco.RoleEntreprise}
	ici, ailleurs := opco.CleEtablissement(opco.RoleEntreprise, siretE1), opco.CleEtablissement(opco.RoleEntreprise, siretE1b)
	for _, tt := range []struct {
		nom                string
		admins, titulaires map[string]int
		par                opco.Acteur
		refus              bool
	}{
		{"nobody else", nil, nil, soi, false},
		{"others, whom nobody would manage", nil, map[string]int{ici: 2}, soi, true},
		{"another administrator", map[string]int{ici: 1}, map[string]int{ici: 2}, soi, false},
		{"others elsewhere", nil, map[string]int{ailleurs: 2}, soi, false},
		{"by the OPCO", nil, map[string]int{ici: 2}, ines, false},
		{"taken over otherwise", nil, map[string]int{ici: 2}, opco.ActeurSysteme(), false},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			v := enFile(t).fait("2026-06-10 09:00", opco.ActeDonnerDroits, ines, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(siretE1, opco.ServiceUtilisateurs)}})
			v.poser = func(f *opco.FaitsCompte) { f.AutresResponsables, f.AutresTitulaires = tt.admins, tt.titulaires }
			err := v.acte("2026-06-11 09:00", opco.ActeCloreCompte, tt.par, opco.ChargeRaisonCompte{Raison: "Départ."})
			if tt.refus {
				refuse(t, err, opco.Conflict, "dernier administrateur")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v.attendre(opco.CompteClos)
		})
	}
}
