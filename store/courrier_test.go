package store_test

import (
	"encoding/json"
	"slices"
	"testing"

	"guichet/opco"
)

// TestAdressePostale writes to each party at the address on file; to an organisme
// without one, at that of the demande.
func TestAdressePostale(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	lignes := func(id string, pour opco.Role) []string {
		t.Helper()
		var brut []byte
		err := c.s.DB.Get(&brut, `SELECT donnees -> 'adresse' FROM courrier WHERE objet = $1 AND evenement = 'ACCUSE_RECEPTION' AND pour = $2`,
			opco.ObjetDossier(id), pour)
		if err != nil {
			t.Fatal(err)
		}
		var ls []string
		if err := json.Unmarshal(brut, &ls); err != nil {
			t.Fatal(err)
		}
		return ls
	}
	c.s.DB.MustExec(`UPDATE etablissement SET adresse = '', code_postal = '', ville = '' WHERE siret IN ($1, $2)`, e1.SIRET, of1.SIRET)
	sans := c.deposer(demande(), e1)
	c.s.DB.MustExec(`UPDATE etablissement SET adresse = '8 rue du Dépôt', code_postal = '31000', ville = 'Toulouse' WHERE siret IN ($1, $2)`,
		e1.SIRET, of1.SIRET)
	avec := c.deposer(demande(), e1)
	tests := []struct {
		nom, id string
		pour    opco.Role
		want    []string
	}{
		{"an organisme at the address of the demande", sans, opco.RoleOrganisme, []string{"1 rue des Essais", "75001 Paris"}},
		{"a company that gave none", sans, opco.RoleEntreprise, nil},
		{"an organisme at the address on file", avec, opco.RoleOrganisme, []string{"8 rue du Dépôt", "31000 Toulouse"}},
		{"a company at the address on file", avec, opco.RoleEntreprise, []string{"8 rue du Dépôt", "31000 Toulouse"}},
	}
	for _, tt := range tests {
		if got := lignes(tt.id, tt.pour); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.nom, got, tt.want)
		}
	}
}
