package api_test

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
	"guichet/web"
)

var ecrireDoc = flag.Bool("update", false, "write docs/autorisations.md again")

const pageAutorisations = "../docs/autorisations.md"

// TestPageDesAutorisations holds docs/autorisations.md to the tables that the guard
// and the procedures read: the page is generated from them.
func TestPageDesAutorisations(t *testing.T) {
	got := ecrireAutorisations(t)
	if *ecrireDoc {
		if err := os.WriteFile(pageAutorisations, []byte(got), 0o644); err != nil { //nolint:gosec // a page to read
			t.Fatal(err)
		}
	}
	lu, err := os.ReadFile(pageAutorisations)
	if err != nil || string(lu) != got {
		t.Errorf("docs/autorisations.md is not what the tables say (%v): run go test ./api -run PageDesAutorisations -update", err)
	}
}

// TestReglesProuvees: each test that the page names exists.
func TestReglesProuvees(t *testing.T) {
	var sources strings.Builder
	for _, motif := range []string{"../*/*_test.go"} {
		fichiers, err := filepath.Glob(motif)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fichiers {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(b)
		}
	}
	n := 0
	for _, r := range neufRegles {
		for _, nom := range regexp.MustCompile(`Test[A-Za-z0-9]+`).FindAllString(r.preuves, -1) {
			n++
			if !strings.Contains(sources.String(), "func "+nom+"(") {
				t.Errorf("rule %d is proved by %s, which does not exist", r.numero, nom)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d proofs", n)
	}
}

// neufRegles are the rules of reliability.md 3.1 that a table of roles does not give.
var neufRegles = []struct {
	numero                int
	regle, tenue, preuves string
}{
	{1, "Une personne, pas un compte", "Toute comparaison se fait sur la personne : deux comptes d’une même personne n’en font qu’une. Clé primaire de `lot_signature` (lot, personne).",
		"TestSeparationDuDossier, TestSeparationDuLot, TestRegle4ContraintesDuLot"},
	{2, "La mémoire", "Qui a instruit, décidé ou contrôlé un dossier, d’après son journal, ne prépare ni ne valide son paiement, même après un changement de rôle. Contrainte `lot_memoire`.",
		"TestRegle2Memoire, TestSeparationDuLot, TestRegle4ContraintesDuLot"},
	{3, "Rôles exclusifs", "Instruire exclut payer ; administrer ou exploiter exclut tout rôle de gestion. Contraintes `role_agent_instruit_ou_paie`, `role_agent_metier_ou_technique`, `role_agent_delegation`, `delegation_incompatible`.",
		"TestRegle3RolesExclusifs, TestRegle3UneSeuleTable, TestRolesIncompatibles"},
	{4, "Un lot, deux personnes, trois au-delà des seuils", "Au-delà de 250 000,00 € par virement ou de 2 000 000,00 € par lot (paramètres datés `ligne_troisieme`, `lot_troisieme`), deux validations, dont celle d’un responsable. Contrainte `lot_validations`.",
		"TestRegle4TroisPersonnes, TestRegle4LotModifie, TestRegle4ContraintesDuLot"},
	{5, "Changement de RIB", "Aucune route ne change encore un RIB : la double validation, le délai de 72 h et l’avis à l’ancienne adresse viendront avec elle.", "—"},
	{6, "Délégation", "Datée, nommée, écrite dans le journal (« pour le compte de ») ; elle engage le délégué et l’absent.",
		"TestRegle6PourLeCompteDe, TestSeparationDuDossier, TestSeparationDuLot, TestPersonnesEngagees, TestDelegation"},
	{7, "Lien d’intérêt déclaré", "Ni le dossier, ni son paiement, ni les comptes de l’entreprise ou de l’organisme : le refus dit qui doit agir, la liste dit pourquoi.",
		"TestRegle7LienDInteret, TestRegle7LienEtPaiement, TestSeparationDuDossier, TestLotEcarteCeQuOnAJuge"},
	{8, "Accès limité", "Sans droit accordé, une personne ne joint que sa propre session et sa propre demande : la colonne « limité » ci-dessous.",
		"TestRegle8AccesLimite, TestMatriceDesRefus"},
	{9, "Effet en une seconde", "Un retrait coupe le droit et les sessions dans la transaction qui le reçoit ; les flux ouverts se ferment.",
		"TestRetraitPendantUnFlux, TestSessionCoupee, TestCompteRetraitImmediat"},
}

// TestRegle8AccesLimite: what somebody without a right may take is a list that
// nobody lengthens unawares: their session and its factors, their own account, and
// the few routes of their request.
func TestRegle8AccesLimite(t *testing.T) {
	session := regexp.MustCompile(`^(GET|POST|PUT|DELETE) /api/(session|sessions|facteurs|premiere-connexion)(/|$)`)
	sienne := []string{"PUT /api/compte", "POST /api/compte/mot-de-passe", "GET /api/compte/journal", "GET /api/compte/donnees", "POST /api/compte/cloture"}
	demandeSeule := []string{"GET /api/actes/{id}", "GET /api/compte", "POST /api/compte/entites", "POST /api/compte/espaces/organisme", "POST /api/compte/precisions", "POST /api/compte/reprises"}
	var reste []string
	for cle, r := range api.Acces() {
		if r.Limite && !session.MatchString(cle) && !slices.Contains(sienne, cle) {
			reste = append(reste, cle)
		}
	}
	slices.Sort(reste)
	slices.Sort(demandeSeule)
	if !slices.Equal(reste, demandeSeule) || len(reste) > 6 {
		t.Errorf("somebody without a right reaches %v, want %v", reste, demandeSeule)
	}
}

// tableRoles are the columns of the page.
var tableRoles = []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleConseiller, opco.RoleResponsable, opco.RoleComptable,
	opco.RoleControleur, opco.RoleOps, opco.RoleAdmin, opco.RoleAuditeur}

func ecrireAutorisations(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Autorisations

Page générée depuis les tables que lisent le garde des routes et les procédures : ` + "`go test ./api -run PageDesAutorisations -update`" + `
l’écrit, le même essai la refuse quand elle n’est plus à jour. Ce qui n’est dans aucune table est refusé.

Trois portes se suivent. La **route** dit qui peut la prendre. L’**objet** doit être à portée : celui d’un autre répond comme s’il
n’existait pas, au mot près. L’**étape** de l’objet doit admettre l’acte, pour ce rôle et pour cette personne.

## Les neuf règles

| N° | Règle | Tenue par | Essais |
|---|---|---|---|
`)
	for _, r := range neufRegles {
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", r.numero, r.regle, r.tenue, r.preuves)
	}
	b.WriteString("\nL’invariant I27 de `guichet verify` les recalcule depuis les journaux.\n\n## Rôles qui s’excluent\n\n")
	for i, a := range opco.RolesInternes() {
		for _, c := range opco.RolesInternes()[i+1:] {
			if opco.RolesIncompatibles(a, c) != "" {
				fmt.Fprintf(&b, "- %s et %s\n", a.Libelle(), c.Libelle())
			}
		}
	}
	b.WriteString("\n## Routes de l’API\n\n" + legende)
	ecrireRoutes(&b, api.Acces(), resumeRoute)
	b.WriteString("\n## Pages\n\nChaque page passe par la même porte que les routes de l’API.\n\n")
	ecrireRoutes(&b, pagesDuGuichet(t), nil)
	b.WriteString("\n## Actes sur un dossier\n\n")
	ecrireParcours(&b, opco.Parcours(), func(e opco.Etat) string { return e.String() })
	b.WriteString("\n## Actes sur un lot de paiement\n\n")
	ecrireParcours(&b, parcoursLot(), func(e opco.Etat) string { return opco.EtatLot(e).String() })
	b.WriteString("\n## Actes sur un compte\n\n« Titulaire » se lit dans la règle : plusieurs de ces actes ne sont permis qu’à la personne du compte.\n\n")
	ecrireParcours(&b, opco.ParcoursCompte(), func(e opco.Etat) string { return cmp.Or(opco.LibelleCompte(e), "Nouveau") })
	return b.String()
}

const legende = `« Tous » : sans compte. « Connecté » : toute personne connectée, à une étape de sa connexion au besoin. « Limité » : ouvert sans droit
accordé. « Données » : les données personnelles montrées, dont chaque lecture par un agent est écrite.

`

// ecrireRoutes writes one line a route.
func ecrireRoutes(b *strings.Builder, acces map[string]api.Regle, dire func(string) string) {
	titre := "| Route | Qui | Données | Limité |\n|---|---|---|---|\n"
	if dire != nil {
		titre = "| Route | Pour quoi | Qui | Données | Limité |\n|---|---|---|---|---|\n"
	}
	b.WriteString(titre)
	for _, cle := range slices.SortedFunc(maps.Keys(acces), parChemin) {
		r := acces[cle]
		fmt.Fprintf(b, "| `%s` ", cle)
		if dire != nil {
			fmt.Fprintf(b, "| %s ", dire(cle))
		}
		limite := ""
		if r.Limite {
			limite = "oui"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", quiPeut(r), r.Donnees, limite)
	}
}

func parChemin(a, b string) int {
	ma, ca, _ := strings.Cut(a, " ")
	mb, cb, _ := strings.Cut(b, " ")
	return cmp.Or(strings.Compare(ca, cb), strings.Compare(ma, mb))
}

// quiPeut names who takes a route.
func quiPeut(r api.Regle) string {
	switch {
	case r.Public:
		return "Tous"
	case len(r.Roles) == 0 && len(r.Etapes) > 0:
		return "Connecté, étapes : " + enumererEtapes(r.Etapes)
	case len(r.Roles) == 0:
		return "Connecté"
	}
	qui := nommerRoles(r.Roles)
	if r.Essai {
		qui += " (horloge d’essai seulement)"
	}
	return qui
}

func enumererEtapes(es []api.Etape) string {
	var noms []string
	for _, e := range es {
		noms = append(noms, strings.ReplaceAll(string(e), "_", " "))
	}
	return strings.Join(noms, ", ")
}

func nommerRoles(rs []opco.Role) string {
	noms := []string{}
	for _, r := range append(slices.Clone(tableRoles), opco.RoleDemandeur, opco.RoleBanque, opco.RoleSysteme) {
		if slices.Contains(rs, r) {
			noms = append(noms, r.Libelle())
		}
	}
	if len(rs) == len(opco.Roles()) {
		return "Tout rôle"
	}
	return strings.Join(noms, ", ")
}

// resumeRoute is what the specification says that a route is for.
func resumeRoute(cle string) string {
	methode, chemin, _ := strings.Cut(cle, " ")
	if p := specification().Paths.Value(chemin); p != nil && p.GetOperation(methode) != nil {
		return p.GetOperation(methode).Summary
	}
	return "La documentation de l’API"
}

// pagesDuGuichet is the table that the pages bring.
func pagesDuGuichet(t *testing.T) map[string]api.Regle {
	t.Helper()
	s, err := api.New(api.Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), URL: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := web.New(web.Config{API: s})
	if err != nil {
		t.Fatal(err)
	}
	return w.Acces()
}

// parcoursLot is the table of the lots, written as that of the dossiers.
func parcoursLot() []opco.Transition {
	etats := func(es []opco.EtatLot) []opco.Etat {
		var xs []opco.Etat
		for _, e := range es {
			xs = append(xs, opco.Etat(e))
		}
		return xs
	}
	var ts []opco.Transition
	for _, x := range opco.ParcoursLot() {
		ts = append(ts, opco.Transition{Code: x.Code, De: etats(x.De), Acte: x.Acte, Vers: etats(x.Vers), Acteurs: x.Acteurs, Reste: x.Reste})
	}
	return ts
}

// ecrireParcours writes one line a transition: the acte, from where, by whom, to
// where.
func ecrireParcours(b *strings.Builder, ts []opco.Transition, nommer func(opco.Etat) string) {
	b.WriteString("| N° | Acte | Depuis | Par | Vers |\n|---|---|---|---|---|\n")
	for _, x := range ts {
		vers := nommerEtats(x.Vers, nommer)
		if x.Reste {
			vers = strings.TrimPrefix(vers+", ou ne bouge pas", ", ou ")
		}
		fmt.Fprintf(b, "| %s | `%s` | %s | %s | %s |\n", x.Code, x.Acte, nommerEtats(x.De, nommer), nommerRoles(x.Acteurs), vers)
	}
}

func nommerEtats(es []opco.Etat, nommer func(opco.Etat) string) string {
	var noms []string
	for _, e := range es {
		nom := nommer(e)
		if e == "" {
			nom = "Nouveau"
		}
		noms = append(noms, nom)
	}
	return strings.Join(noms, ", ")
}
