package opco_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"guichet/opco"
)

// The whole lifecycle of an account: who may do what from where. Every triple (état,
// acte, role) outside the table is refused, with a sentence.
func TestAdmetCompte(t *testing.T) {
	permis, actes := map[string]bool{}, map[opco.TypeActe]bool{}
	for _, x := range opco.ParcoursCompte() {
		actes[x.Acte] = true
		for _, de := range x.De {
			for _, r := range x.Acteurs {
				cle := string(de) + "/" + string(x.Acte) + "/" + string(r)
				if permis[cle] {
					t.Errorf("%s is in the table twice", cle)
				}
				permis[cle] = true
			}
		}
	}
	n := 0
	for _, e := range append(opco.EtatsCompte(), opco.EtatNouveau) {
		for a := range actes {
			for _, r := range append(opco.Roles(), opco.RoleSysteme, opco.RoleBanque, opco.RoleDemandeur, "") {
				n++
				err := opco.AdmetCompte(e, a, r)
				if permis[string(e)+"/"+string(a)+"/"+string(r)] != (err == nil) {
					t.Errorf("%s/%s by %s: got %v", string(e), a, r, err)
				}
				if err == nil {
					continue
				}
				refuse(t, err, opco.KindOf(err), "")
				c := &opco.Compte{ID: "c1", Etat: e}
				if _, apres := c.Appliquer(opco.Acte{Type: a, Par: opco.Acteur{Role: r}}, nil, opco.FaitsCompte{}); apres == nil || apres.Error() != err.Error() {
					t.Errorf("%s/%s by %s: the table refuses, Appliquer says %v", string(e), a, r, apres)
				}
			}
		}
	}
	if n < 5000 {
		t.Errorf("only %d triples seen", n)
	}
}

// Rows taken by hand from domain.md 2.9, so that the table itself is checked.
func TestParcoursCompte(t *testing.T) {
	tests := []struct {
		de     opco.Etat
		acte   opco.TypeActe
		vers   opco.Etat
		code   string
		permis bool
	}{
		{opco.EtatNouveau, opco.ActeInscrire, opco.CompteDemandeSaisie, "C01", true},
		{opco.CompteDemandeSaisie, opco.ActeVerifierInscription, opco.CompteEmailAConfirmer, "C02", true},
		{opco.CompteExpire, opco.ActeRenvoyerCode, opco.CompteEmailAConfirmer, "C03", true},
		{opco.CompteEmailAConfirmer, opco.ActeExpirerCompte, opco.CompteExpire, "C04", true},
		{opco.CompteExpire, opco.ActePurgerCompte, opco.CompteClos, "C04", true},
		{opco.CompteEmailAConfirmer, opco.ActeConfirmerEmail, opco.CompteActifLimite, "C05", true},
		{opco.CompteActifLimite, opco.ActeDeciderDroits, opco.CompteActif, "C08", true},
		{opco.CompteActif, opco.ActeRetirerDroits, opco.CompteActifLimite, "C13", true},
		{opco.CompteActif, opco.ActeRevoirDroits, opco.CompteActifLimite, "C15", true},
		{opco.EtatNouveau, opco.ActeOuvrirCompte, opco.CompteProvisoire, "C16", true},
		{opco.CompteProvisoire, opco.ActePersonnaliser, opco.CompteIdentifiantModifie, "C17", true},
		{opco.CompteIdentifiantModifie, opco.ActeConfirmerIdentifiant, opco.CompteMotDePasseConfirme, "C18", true},
		{opco.CompteMotDePasseConfirme, opco.ActeAccepterConfidentialite, opco.CompteActif, "C18", true},
		{opco.CompteProvisoire, opco.ActeExpirerCompte, opco.CompteExpire, "C19", true},
		{opco.CompteExpire, opco.ActeReemettre, opco.CompteProvisoire, "C19", true},
		{opco.CompteActif, opco.ActeReinitialiser, opco.CompteActif, "C20", true},
		{opco.CompteActif, opco.ActeCloreCompte, opco.CompteClos, "C22", true},
		// Nobody comes in without proving the address, nor acts on a closed account.
		{opco.CompteDemandeSaisie, opco.ActeConfirmerEmail, opco.CompteActifLimite, "", false},
		{opco.CompteExpire, opco.ActeConfirmerEmail, opco.CompteActifLimite, "", false},
		{opco.CompteEmailAConfirmer, opco.ActeDeciderDroits, opco.CompteActif, "", false},
		{opco.CompteProvisoire, opco.ActeAccepterConfidentialite, opco.CompteActif, "", false},
		{opco.CompteProvisoire, opco.ActeReinitialiser, opco.CompteProvisoire, "", false},
		{opco.CompteClos, opco.ActeDonnerDroits, opco.CompteActif, "", false},
		{opco.CompteClos, opco.ActeRenvoyerCode, opco.CompteEmailAConfirmer, "", false},
	}
	for _, tt := range tests {
		t.Run(string(tt.de)+"/"+string(tt.acte)+"/"+string(tt.vers), func(t *testing.T) {
			if code, ok := opco.PasseCompte(tt.de, tt.acte, tt.vers); ok != tt.permis || ok && code != tt.code {
				t.Errorf("got %s, %t", code, ok)
			}
		})
	}
}

// Every état can be reached and left, and the database accepts exactly those that
// the words know, with a label each.
func TestParcoursCompteIsWhole(t *testing.T) {
	atteints := map[opco.Etat]bool{opco.EtatNouveau: true}
	for range opco.EtatsCompte() {
		for _, x := range opco.ParcoursCompte() {
			for _, de := range x.De {
				for _, vers := range x.Vers {
					atteints[vers] = atteints[vers] || atteints[de]
				}
			}
		}
	}
	want := []string{}
	for _, e := range opco.EtatsCompte() {
		sortie := slices.ContainsFunc(opco.ParcoursCompte(), func(x opco.Transition) bool {
			return slices.Contains(x.De, e) && slices.ContainsFunc(x.Vers, func(v opco.Etat) bool { return v != e })
		})
		if !atteints[e] || !sortie && !opco.CompteFini(e) || opco.LibelleCompte(e) == "" {
			t.Errorf("%s: reached %t, left %t, label %q", string(e), atteints[e], sortie, opco.LibelleCompte(e))
		}
		want = append(want, string(e))
	}
	habs := []string{}
	for _, e := range opco.EtatsHabilitation() {
		habs = append(habs, string(e))
	}
	sql, err := os.ReadFile("../schema/0003_comptes.sql")
	if err != nil {
		t.Fatal(err)
	}
	for nom, want := range map[string][]string{"compte_etat": want, "habilitation_etat": habs} {
		m := regexp.MustCompile(nom + ` CHECK \(etat IN \(([^)]*)\)`).FindSubmatch(sql)
		if m == nil {
			t.Fatalf("no constraint %s", nom)
		}
		got := regexp.MustCompile(`[A-Z_]+`).FindAllString(string(m[1]), -1)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %v, the words have %v", nom, got, want)
		}
	}
}
