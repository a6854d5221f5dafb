package api

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestDocumentationSaysEveryField checks what a reader needs to write a body by
// hand: every field of a nested object, its values, and marks rendered, not raw.
func TestDocumentationSaysEveryField(t *testing.T) {
	spec, err := lireSpecification()
	if err != nil {
		t.Fatal(err)
	}
	objets := map[string]objetLu{}
	for _, o := range objetsLus(spec) {
		objets[o.Nom] = o
	}
	for nom, ref := range spec.Components.Schemas {
		if o, ok := objets[nom]; len(ref.Value.Properties) > 0 && (!ok || len(o.Champs) != len(ref.Value.Properties)) {
			t.Errorf("%s shows %d fields of %d", nom, len(o.Champs), len(ref.Value.Properties))
		}
		for _, c := range objets[nom].Champs {
			if _, ok := objets[c.Type.Objet]; c.Type.Objet != "" && !ok {
				t.Errorf("%s.%s leads to %s, which the page does not have", nom, c.Nom, c.Type.Objet)
			}
		}
	}
	lignes := lireType(spec.Components.Schemas["Demande"].Value.Properties["lignes"])
	if lignes.Mots != "liste : " || lignes.Objet != "LigneDemandee" {
		t.Errorf("lignes reads « %s%s »", lignes.Mots, lignes.Objet)
	}
	ligne := lireType(spec.Components.Schemas["LigneDemandee"].Value.Properties["ligne"])
	if !slices.Contains(ligne.Valeurs, "HEBERGEMENT") {
		t.Errorf("the cost lines read %v", ligne.Valeurs)
	}
}

func TestDocumentationOrderIsTheProcedure(t *testing.T) {
	spec, err := lireSpecification()
	if err != nil {
		t.Fatal(err)
	}
	var ordre []string
	for _, c := range (&Server{spec: spec}).chapitres() {
		for _, o := range c.Operations {
			ordre = append(ordre, o.Methode+" "+o.Chemin)
		}
	}
	depot := slices.Index(ordre, "POST /api/dossiers/{id}/depot")
	decision := slices.Index(ordre, "POST /api/dossiers/{id}/decision")
	facture := slices.Index(ordre, "POST /api/dossiers/{id}/factures")
	if depot < 0 || decision < depot || facture < decision {
		t.Errorf("dépôt %d, décision %d, factures %d", depot, decision, facture)
	}
}

func TestMarksOfTheSpecificationAreRendered(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"**Unités.** en `centimes`", "<strong>Unités.</strong> en <code>centimes</code>"},
		{"<script>", "&lt;script&gt;"},
		{"2 * 3 * 4", "2 * 3 * 4"},
		{"un ` seul", "un ` seul"},
	} {
		if got := string(texteLu(c.in)); got != c.want {
			t.Errorf("texteLu(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := lireType(openapi3.NewSchemaRef("", openapi3.NewUUIDSchema())); got.Mots != "texte (UUID)" {
		t.Errorf("a UUID reads %q", got.Mots)
	}
}
