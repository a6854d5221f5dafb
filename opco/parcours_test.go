package opco_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// The whole lifecycle of domain.md 2.3: who may do what from where. Every pair
// (état, acte) outside the table is refused.
func TestEtatAdmet(t *testing.T) {
	actes := map[opco.TypeActe]bool{}
	for _, x := range opco.Parcours() {
		actes[x.Acte] = true
	}
	permis := func(e opco.Etat, a opco.TypeActe, r opco.Role) bool {
		for _, x := range opco.Parcours() {
			if x.Acte == a && slices.Contains(x.De, e) {
				return slices.Contains(x.Acteurs, r)
			}
		}
		return false
	}
	for _, e := range append(opco.Etats(), opco.EtatNouveau) {
		for a := range actes {
			for _, r := range append(opco.Roles(), opco.RoleSysteme, opco.RoleBanque) {
				err := e.Admet(a, r)
				if permis(e, a, r) != (err == nil) {
					t.Errorf("%s/%s by %s: got %v", string(e), a, r, err)
				}
				if k := opco.KindOf(err); err != nil && k != opco.Conflict && k != opco.Forbidden {
					t.Errorf("%s/%s by %s: got kind %q", string(e), a, r, k)
				}
			}
		}
	}
}

// Rows taken by hand from domain.md, so that the table itself is checked.
func TestParcours(t *testing.T) {
	tests := []struct {
		de     opco.Etat
		acte   opco.TypeActe
		vers   opco.Etat
		permis bool
	}{
		{opco.EtatBrouillon, opco.ActeDeposer, opco.EtatTransmise, true},
		{opco.EtatBrouillon, opco.ActeDeposer, opco.EtatRefusee, true}, // T05
		{opco.EtatTransmise, opco.ActeDemanderComplement, opco.EtatACompleter, true},
		{opco.EtatEnInstruction, opco.ActeDemanderComplement, opco.EtatACompleter, true}, // 5 bis
		{opco.EtatACompleter, opco.ActeJoindre, opco.EtatEnInstruction, true},
		{opco.EtatACompleter, opco.ActeClasserSansSuite, opco.EtatSansSuite, true},
		{opco.EtatEnInstruction, opco.ActeDecider, opco.EtatEnValidation, true},
		{opco.EtatEnValidation, opco.ActeValider, opco.EtatRefusee, true},
		{opco.EtatEnValidation, opco.ActeAnnuler, opco.EtatAnnulee, true}, // 5 bis
		{opco.EtatAccordee, opco.ActeDemarrer, opco.EtatEnRealisation, true},
		{opco.EtatSFEnControle, opco.ActeConstater, opco.EtatCloturee, true}, // T26
		{opco.EtatCloturee, opco.ActeRetournerReglement, opco.EtatEnReglement, true},
		// Nothing is paid before it is checked, nor decided before it is examined.
		{opco.EtatTransmise, opco.ActeDecider, opco.EtatAccordee, false},
		{opco.EtatAccordee, opco.ActeConstater, opco.EtatEnReglement, false},
		{opco.EtatSFEnControle, opco.ActeRegler, opco.EtatReglee, false},
		// A decision is taken once; what is over is over.
		{opco.EtatRefusee, opco.ActeDecider, opco.EtatAccordee, false},
		{opco.EtatAccordee, opco.ActeDecider, opco.EtatRefusee, false},
		{opco.EtatSansSuite, opco.ActeJoindre, opco.EtatEnInstruction, false},
		{opco.EtatReglee, opco.ActeAnnuler, opco.EtatAnnulee, false},
	}
	for _, tt := range tests {
		t.Run(string(tt.de)+"/"+string(tt.acte)+"/"+string(tt.vers), func(t *testing.T) {
			if _, ok := opco.Passe(tt.de, tt.acte, tt.vers); ok != tt.permis {
				t.Errorf("got %v, want %v", ok, tt.permis)
			}
		})
	}
}

// Every état can be reached from a brouillon and every état that is not final
// has a way out.
func TestParcoursIsWhole(t *testing.T) {
	atteints := map[opco.Etat]bool{opco.EtatNouveau: true}
	for range opco.Etats() {
		for _, x := range opco.Parcours() {
			for _, de := range x.De {
				for _, vers := range x.Vers {
					atteints[vers] = atteints[vers] || atteints[de]
				}
			}
		}
	}
	for _, e := range opco.Etats() {
		if !atteints[e] {
			t.Errorf("%s cannot be reached", string(e))
		}
		sortie := slices.ContainsFunc(opco.Parcours(), func(x opco.Transition) bool {
			return slices.Contains(x.De, e) && slices.ContainsFunc(x.Vers, func(v opco.Etat) bool { return v != e })
		})
		if !e.Final() && !sortie {
			t.Errorf("%s has no way out", string(e))
		}
	}
}

// The three vocabularies name every état as domain.md 2.2 does; the seed has no
// word for a few.
func TestLibelles(t *testing.T) {
	tests := []struct {
		etat                 opco.Etat
		guichet, atlas, akto string
	}{
		{opco.EtatBrouillon, "Brouillon", "", "Brouillons"},
		{opco.EtatACompleter, "À compléter", "À compléter", "En cours"},
		{opco.EtatEnValidation, "Second regard", "En instruction", "En cours"},
		{opco.EtatRefusee, "Refusée", "", "Clôturé"},
		{opco.EtatSFNonConforme, "Non conforme", "À compléter", "Accordé"},
		{opco.EtatReglee, "Réglée", "Réglée", "Accordé"},
		{opco.EtatCloturee, "Clôturée", "Réglée", "Clôturé"},
	}
	for _, tt := range tests {
		if got := tt.etat.Libelles(); got != (opco.Libelles{Guichet: tt.guichet, Atlas: tt.atlas, Akto: tt.akto}) {
			t.Errorf("%s: got %+v", string(tt.etat), got)
		}
	}
	for _, e := range opco.Etats() {
		if e.Libelles().Guichet == "" {
			t.Errorf("%s has no label", string(e))
		}
	}
}

// The database accepts exactly the états that the words know.
func TestSchemaKnowsTheEtats(t *testing.T) {
	sql, err := os.ReadFile("../schema/0001_guichet.sql")
	if err != nil {
		t.Fatal(err)
	}
	etats := make([]string, 0, len(opco.Etats()))
	for _, e := range opco.Etats() {
		etats = append(etats, string(e))
	}
	factures := make([]string, 0, 12)
	for _, e := range opco.EtatsFacture() {
		factures = append(factures, string(e))
	}
	reglements := make([]string, 0, 9)
	for _, e := range opco.EtatsReglement() {
		reglements = append(reglements, string(e))
	}
	for nom, want := range map[string][]string{"dossier_etat": etats, "facture_etat": factures, "reglement_etat": reglements} {
		m := regexp.MustCompile(nom + ` CHECK \(etat IN \(([^)]*)\)`).FindSubmatch(sql)
		if m == nil {
			t.Fatalf("no constraint %s", nom)
		}
		got := regexp.MustCompile(`[A-Z_]+`).FindAllString(string(m[1]), -1)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %s, the words have %s", nom, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
}

func TestAdmetSaysWhy(t *testing.T) {
	err := opco.EtatRefusee.Admet(opco.ActeDecider, opco.RoleGestionnaire)
	if !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), "« Refusée »") {
		t.Errorf("got %v; want a Conflict that names the état", err)
	}
	if err := opco.EtatEnInstruction.Admet(opco.ActeDecider, opco.RoleOrganisme); !errors.Is(err, opco.Forbidden) {
		t.Errorf("got %v, want Forbidden", err)
	}
}
