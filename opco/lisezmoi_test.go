package opco_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

var update = flag.Bool("update", false, "write the generated parts of README.md")

// diagramme draws a lifecycle from its table of transitions. Edges with the same
// ends share one arrow that names their actes.
func diagramme(parcours []opco.Transition, finaux []opco.Etat) string {
	type arete struct{ de, vers opco.Etat }
	noms := map[arete][]string{}
	var ordre []arete
	noter := func(de, vers opco.Etat, nom string) {
		a := arete{de, vers}
		if de == vers {
			return
		}
		if _, ok := noms[a]; !ok {
			ordre = append(ordre, a)
		}
		if !slices.Contains(noms[a], nom) {
			noms[a] = append(noms[a], nom)
		}
	}
	for _, t := range parcours {
		for _, de := range t.De {
			for _, vers := range t.Vers {
				noter(de, vers, t.CodeVers(vers)+" "+string(t.Acte))
			}
		}
	}
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, a := range ordre {
		de := string(a.de)
		if a.de == opco.EtatNouveau {
			de = "[*]"
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", de, string(a.vers), strings.Join(noms[a], " / "))
	}
	for _, e := range finaux {
		fmt.Fprintf(&b, "    %s --> [*]\n", string(e))
	}
	b.WriteString("```\n")
	return b.String()
}

// finaux are the états in which a dossier, then an account, ends.
func finaux() (dossier, compte []opco.Etat) {
	return slices.DeleteFunc(opco.Etats(), func(e opco.Etat) bool { return !e.Final() }),
		slices.DeleteFunc(opco.EtatsCompte(), func(e opco.Etat) bool { return !opco.CompteFini(e) })
}

// maison draws the floors of the house from the table that the import test holds.
func maison() string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n    cmd[cmd/guichet] --> web & api & workflows & courrier & banque & schema\n")
	for _, de := range []string{"web", "api", "workflows", "activities", "identite", "store", "courrier", "banque"} {
		for _, vers := range etages[de] {
			fmt.Fprintf(&b, "    %s --> %s\n", de, vers)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// The pictures of the README are those of the code: -update writes them.
func TestReadmePictures(t *testing.T) {
	const chemin = "../README.md"
	brut, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	texte := string(brut)
	dossier, compte := finaux()
	for nom, want := range map[string]string{"lifecycle": diagramme(opco.Parcours(), dossier), "comptes": diagramme(opco.ParcoursCompte(), compte),
		"house": maison()} {
		debut, fin := "<!-- "+nom+" -->\n", "<!-- /"+nom+" -->"
		i, j := strings.Index(texte, debut), strings.Index(texte, fin)
		if i < 0 || j < i {
			t.Fatalf("README.md has no %s … %s", debut, fin)
		}
		i += len(debut)
		if texte[i:j] == want {
			continue
		}
		if !*update {
			t.Errorf("the picture %q of README.md is not that of the code: run go test ./opco -run Readme -update", nom)
			continue
		}
		texte = texte[:i] + want + texte[j:]
	}
	if *update {
		if err := os.WriteFile(chemin, []byte(texte), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
