package opco_test

import (
	"testing"

	"guichet/opco"
)

// Every service and every role that a person may hold has its words, each its own.
func TestLibellesDesComptes(t *testing.T) {
	vus := map[string]bool{}
	voir := func(nom, libelle string) {
		if libelle == "" || vus[libelle] {
			t.Errorf("%s: libellé %q, want words of its own", nom, libelle)
		}
		vus[libelle] = true
	}
	for _, s := range []opco.Service{opco.ServiceDossiers, opco.ServiceContributions, opco.ServicePaiements, opco.ServiceCertif,
		opco.ServiceUtilisateurs, opco.ServiceLecture} {
		voir(string(s), s.Libelle())
	}
	for _, r := range append(opco.Roles(), opco.RoleSysteme, opco.RoleBanque, opco.RoleDemandeur) {
		voir(string(r), r.Libelle())
	}
}
