package opco_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet/opco"
)

// TestMotifsDeclaresOntUneLigne parses the whole house: a Motif constant or a
// literal converted to a Motif that has no row would reach a person as a code.
func TestMotifsDeclaresOntUneLigne(t *testing.T) {
	trouves := 0
	racine := ".."
	err := filepath.WalkDir(racine, func(chemin string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "deploy") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(chemin, ".go") || strings.HasSuffix(chemin, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), chemin, nil, 0)
		if err != nil {
			return nil // another package's half-written file is its own test's affair
		}
		dansOpco := f.Name.Name == "opco"
		ast.Inspect(f, func(n ast.Node) bool {
			for _, code := range motifsCites(n, dansOpco) {
				trouves++
				if !opco.Motif(code).Valide() {
					t.Errorf("%s: motif %q has no row in the catalogue", chemin, code)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if trouves < len(opco.Motifs()) {
		t.Errorf("found %d motifs in the sources; the catalogue has %d", trouves, len(opco.Motifs()))
	}
}

// TestPrecisionsConnues reads every « return MotifX, Precisions{…} » and every
// call that gives both: a figure that no sentence of the motif knows is lost.
func TestPrecisionsConnues(t *testing.T) {
	chemins, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	constantes, fichiers := map[string]opco.Motif{}, map[string]*ast.File{}
	for _, chemin := range chemins {
		f, err := parser.ParseFile(token.NewFileSet(), chemin, nil, 0)
		if err != nil || strings.HasSuffix(chemin, "_test.go") {
			continue
		}
		fichiers[chemin] = f
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 {
				for _, code := range motifsCites(v, true) {
					constantes[v.Names[0].Name] = opco.Motif(code)
				}
			}
			return true
		})
	}
	vus := 0
	for chemin, f := range fichiers {
		ast.Inspect(f, func(n ast.Node) bool {
			m, cles := motifEtCles(n, constantes)
			for _, cle := range cles {
				if vus++; cle != "avant_le" && !slices.Contains(m.Precisions(), cle) {
					t.Errorf("%s: no sentence of %s knows the precision %q", chemin, m, cle)
				}
			}
			return true
		})
	}
	if vus < 20 {
		t.Errorf("found %d precisions in the rules; want many more", vus)
	}
}

// motifEtCles returns the motif and the keys of the Precisions that stand side
// by side in n: results of a return, or arguments of a call.
func motifEtCles(n ast.Node, constantes map[string]opco.Motif) (m opco.Motif, cles []string) {
	var voisins []ast.Expr
	switch n := n.(type) {
	case *ast.ReturnStmt:
		voisins = n.Results
	case *ast.CallExpr:
		voisins = n.Args
	}
	for _, e := range voisins {
		switch e := e.(type) {
		case *ast.Ident:
			if c, ok := constantes[e.Name]; ok {
				m = c
			}
		case *ast.CompositeLit:
			cles = append(cles, clesDePrecisions(e)...)
		}
	}
	if m == "" {
		return "", nil
	}
	return m, cles
}

func clesDePrecisions(e *ast.CompositeLit) (cles []string) {
	if id, ok := e.Type.(*ast.Ident); !ok || id.Name != "Precisions" {
		return nil
	}
	for _, elt := range e.Elts {
		if cle, ok := elt.(*ast.KeyValueExpr).Key.(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(cle.Value)
			cles = append(cles, s)
		}
	}
	return cles
}

// motifsCites returns the literal codes that n declares or converts.
func motifsCites(n ast.Node, dansOpco bool) []string {
	estMotif := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Ident:
			return dansOpco && e.Name == "Motif"
		case *ast.SelectorExpr:
			x, ok := e.X.(*ast.Ident)
			return ok && x.Name == "opco" && e.Sel.Name == "Motif"
		}
		return false
	}
	var codes []string
	litteral := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && s != "" {
				codes = append(codes, s)
			}
		}
	}
	switch n := n.(type) {
	case *ast.ValueSpec:
		if n.Type != nil && estMotif(n.Type) {
			for _, v := range n.Values {
				litteral(v)
			}
		}
	case *ast.CallExpr:
		if estMotif(n.Fun) && len(n.Args) == 1 {
			litteral(n.Args[0])
		}
	}
	return codes
}

// temoin gives every precision of m a value that cannot be part of a sentence.
func temoin(m opco.Motif) opco.Precisions {
	p := opco.Precisions{}
	for _, nom := range m.Precisions() {
		p[nom] = "<" + nom + ">"
	}
	return p
}

func TestMotifsSeLisent(t *testing.T) {
	sale := regexp.MustCompile(`[\[\]{}|]|  | \.| ,|\.\.| :\.|: *$|\(\)|[A-Z]{3,}_`)
	for _, m := range opco.Motifs() {
		t.Run(string(m), func(t *testing.T) {
			if m.Libelle() == "" || len([]rune(m.Libelle())) > 50 {
				t.Errorf("libellé %q: want 1 to 50 characters", m.Libelle())
			}
			if m.Famille() == "" {
				t.Error("no family")
			}
			for nom, p := range map[string]opco.Precisions{"sans chiffres": nil, "avec chiffres": temoin(m)} {
				e := m.Expliquer(p)
				if e.Quoi == "" || e.Pourquoi == "" || e.Comment == "" || e.Qui.Libelle() == "" {
					t.Errorf("%s: want what, why, who and how; got %+v", nom, e)
				}
				for _, s := range []string{e.Quoi, e.Pourquoi, e.Comment} {
					if !strings.HasSuffix(s, ".") {
						t.Errorf("%s: %q does not end with a full stop", nom, s)
					}
				}
				for _, s := range []string{e.Quoi, e.Pourquoi, e.Comment, m.Bref(p)} {
					if trouve := sale.FindString(s); trouve != "" {
						t.Errorf("%s: %q holds %q", nom, s, trouve)
					}
					if strings.ContainsAny(s, "'") {
						t.Errorf("%s: %q has a straight apostrophe", nom, s)
					}
				}
			}
		})
	}
}

func TestMotifsMontrentTousLeursChiffres(t *testing.T) {
	for _, m := range opco.Motifs() {
		p := temoin(m)
		texte := m.Phrase(p) + m.Bref(p)
		for _, v := range p {
			if !strings.Contains(texte, v) {
				t.Errorf("%s: %s is not shown in %q", m, v, texte)
			}
		}
	}
}

func TestMotifPhrase(t *testing.T) {
	tests := []struct {
		nom  string
		m    opco.Motif
		p    opco.Precisions
		want string
	}{
		{"figures in place", opco.MotifPlafondHoraire,
			opco.Precisions{"plafond": "40,00 €", "prix": "96,19 €"},
			"Le coût pédagogique dépasse le plafond horaire : le devis est à 96,19 € de l’heure. " +
				"Votre branche finance jusqu’à 40,00 € par heure et par salarié. " +
				"Le reste est à votre charge. Vous pouvez aussi demander un cofinancement, ou revoir le devis avec l’organisme avant le début."},
		{"a figure that looks like a template stays text", opco.MotifIllisible,
			opco.Precisions{"detail": "page {2} [coupée|floue]"},
			"Cette pièce est illisible : page {2} [coupée|floue]. Nous devons pouvoir lire chaque page, avec la date et la signature. " +
				"Scannez-la en entier, puis déposez-la."},
		{"a blank figure is a missing one", opco.MotifIllisible,
			opco.Precisions{"detail": "  ", "avant_le": "2 juillet 2026"},
			"Cette pièce est illisible. Nous devons pouvoir lire chaque page, avec la date et la signature. " +
				"Scannez-la en entier, puis déposez-la. Vous avez jusqu’au 2 juillet 2026 inclus."},
		{"what replaces a missing figure is not glued", opco.MotifAvanceSup30, nil,
			"L’avance demandée dépasse la limite. Une avance ne peut pas dépasser 30 % du prix convenu " +
				"(Code du travail, article R6332-25). Envoyez une facture d’avance dans cette limite."},
		{"de is elided before a vowel", opco.MotifSFCertificatAbsent, opco.Precisions{"nom": "Élodie Nguyen"},
			"Nous n’avons pas reçu le certificat de réalisation d’Élodie Nguyen. Nous payons sur la preuve que la formation a eu lieu " +
				"(Code du travail, article R6332-26). Déposez le certificat signé par l’organisme, un par stagiaire."},
		{"but not before a number", opco.MotifRefErr, opco.Precisions{"recu": "AF26-000119", "attendu": "AF26-000118"},
			"Le numéro de dossier écrit sur la facture ne correspond pas : AF26-000119 au lieu de AF26-000118. " +
				"Ce numéro nous dit quel accord payer. Corrigez la facture et déposez-la de nouveau, avec un nouveau numéro."},
		{"an unknown code still reads", "ZZZ", nil, "ZZZ."},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			if got := tt.m.Phrase(tt.p); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestMotifsListeFermee holds the closed lists of domain.md: 2.4 for decisions,
// 2.7 for the reasons of the invoice life cycle.
func TestMotifsListeFermee(t *testing.T) {
	decisions := strings.Fields(`DEPOT_TARDIF ENTREPRISE_NON_RATTACHEE OF_NON_DECLARE OF_NON_QUALIOPI OF_SUSPENDU
		PROGRAMME_INSUFFISANT ACTION_NON_ELIGIBLE PUBLIC_NON_ELIGIBLE FORMAT_NON_ELIGIBLE PLAFOND_HORAIRE
		PLAFOND_REMUNERATION PLAFOND_REPAS PLAFOND_HEBERGEMENT PLAFOND_TRANSPORT PLAFOND_ANNUEL ENVELOPPE_EPUISEE
		COUT_NON_ELIGIBLE DOUBLE_FINANCEMENT PIECES_MANQUANTES DOSSIER_DOUBLON CONTRAT_NON_CONFORME CONTROLE_DEFAVORABLE`)
	var got []string
	for _, m := range opco.Motifs() {
		if m.Famille() == opco.FamilleDecision {
			got = append(got, string(m))
		}
	}
	if !slices.Equal(got, decisions) {
		t.Errorf("decision motifs\ngot  %v\nwant %v", got, decisions)
	}
	cycle := strings.Fields(`JUSTIF_ABS QTE_ERR PU_ERR CALCUL_ERR MONTANTTOTAL_ERR TX_TVA_ERR SIRET_ERR DEST_ERR REF_ERR
		REF_CT_ABSENT DOUBLON DOUBLE_FACT COORD_BANC_ERR CONTRAT_TERM LIVR_INCOMP NON_CONFORME AUTRE
		REJ_SEMAN REJ_UNI REJ_COH IRR_SYNTAX IRR_ANTIVIRUS`)
	for _, m := range opco.Motifs() {
		if c := m.CDAR(); c != "" && !slices.Contains(cycle, c) {
			t.Errorf("%s gives %q, which is not a reason of the life cycle", m, c)
		}
	}
	for _, c := range cycle {
		if got := opco.Motif(c).CDAR(); got != c {
			t.Errorf("%s.CDAR() = %q; want itself", c, got)
		}
	}
}

func TestMotifPour(t *testing.T) {
	tests := []struct {
		m    opco.Motif
		u    opco.UsageMotif
		want bool
	}{
		{opco.MotifDepotTardif, opco.UsageRefus, true},
		{opco.MotifDepotTardif, opco.UsageReduction, false}, // late is late for the whole demande
		{opco.MotifPlafondHoraire, opco.UsageRefus, false},  // a cap reduces, it does not refuse
		{opco.MotifPUErr, opco.Usage206, true},
		{opco.MotifDoublon, opco.Usage213, false}, // 5 bis: a duplicate number is 210
		{opco.MotifDoublon, opco.Usage210, true},
		{opco.MotifAvanceSup30, opco.Usage210, true},
		{"ZZZ", opco.UsageRefus, false},
	}
	for _, tt := range tests {
		if got := tt.m.Pour(tt.u); got != tt.want {
			t.Errorf("%s for %s: got %v, want %v", tt.m, tt.u, got, tt.want)
		}
		if got := slices.Contains(opco.MotifsPour(tt.u), tt.m); got != tt.want {
			t.Errorf("%s listed for %s: got %v, want %v", tt.m, tt.u, got, tt.want)
		}
	}
	for _, m := range opco.Motifs() {
		if !slices.ContainsFunc(opco.Usages(), m.Pour) {
			t.Errorf("%s has no known usage", m)
		}
	}
	if _, err := opco.ParseMotif("PLAFOND"); opco.KindOf(err) != opco.Invalid {
		t.Errorf("ParseMotif of an unknown code: got %v, want Invalid", err)
	}
	if m, err := opco.ParseMotif("QTE_ERR"); err != nil || m != opco.MotifQteErr {
		t.Errorf("ParseMotif: got %q, %v", m, err)
	}
}
