package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// TestTableDesAcces: every operation of the specification has a row, every row that
// is not the documentation itself an operation, and every row an answer.
func TestTableDesAcces(t *testing.T) {
	operations := map[string]bool{}
	for chemin, item := range specification().Paths.Map() {
		for m := range item.Operations() {
			operations[m+" "+chemin] = true
			if _, ok := api.Acces()[m+" "+chemin]; !ok {
				t.Errorf("%s %s has no row in the table", m, chemin)
			}
		}
	}
	documentation := []string{"GET /", "GET /api/openapi.yaml", "GET /api/openapi.json", "GET /api/doc", "GET /api/doc.css"}
	for cle := range api.Acces() {
		if !operations[cle] && !slices.Contains(documentation, cle) {
			t.Errorf("the row %q is no operation of the specification", cle)
		}
	}
}

// TestRoutesEtRoles checks every route × role on an object that does not exist: 403
// where the table says no, anything else but 403, 401 and 5xx where it says yes; and
// 401 for nobody.
func TestRoutesEtRoles(t *testing.T) {
	g := ouvrir(t)
	for cle, regle := range api.Acces() {
		methode, chemin, _ := strings.Cut(cle, " ")
		if strings.HasSuffix(chemin, "/horloge") && methode == "POST" {
			continue // moves the clock of the whole test
		}
		for role, compte := range comptes {
			r := g.tenter(compte, methode, chemin, nouvelID())
			permis := regle.Public || regle.Limite && len(regle.Roles) == 0 || slices.Contains(regle.Roles, role)
			if cle == "POST /api/file/suivant" {
				permis = permis && fileEssayee().Prenable(role)
			}
			refuse := r.statut == http.StatusForbidden
			if refuse == permis || r.statut >= 500 || r.statut == http.StatusUnauthorized && cle != "POST /api/session" {
				t.Errorf("%s as %s: got %d (%.120s), the table says %v", cle, role, r.statut, r.corps, permis)
			}
		}
		r := g.tenter("", methode, chemin, nouvelID())
		if !regle.Public && r.statut != http.StatusUnauthorized {
			t.Errorf("%s as nobody: got %d, want 401", cle, r.statut)
		}
	}
}

// TestObjetsDesAutres: on every route that names a dossier, a pièce or a mail, someone
// else's answers the very same as one that does not exist.
func TestObjetsDesAutres(t *testing.T) {
	g := ouvrir(t)
	dossier := g.depose()
	piece := nouvelID()
	g.exiger(g.formulaire("e1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", piece}, partie{"type", "", "DEVIS"},
		partie{"fichier", "devis.pdf", pdfSimple(1)}), 200)
	avant := g.empreinte()
	essais := 0
	for cle, regle := range api.Acces() {
		methode, chemin, _ := strings.Cut(cle, " ")
		id := dossier
		if strings.Contains(chemin, "pieces/{id}") {
			id = piece
		}
		if !strings.Contains(chemin, "{id}") || strings.Contains(chemin, "/courriers/{id}") || strings.Contains(chemin, "/actes/") {
			continue
		}
		for role, compte := range map[opco.Role]string{opco.RoleEntreprise: "e2", opco.RoleOrganisme: "of2"} {
			if !slices.Contains(regle.Roles, role) {
				continue
			}
			essais++
			autre, absent := g.tenter(compte, methode, chemin, id), g.tenter(compte, methode, chemin, nouvelID())
			if autre.statut != http.StatusNotFound || autre.statut != absent.statut || !bytes.Equal(sansReference(autre), sansReference(absent)) {
				t.Errorf("%s as %s: a foreign object answers %d %s, a missing one %d %s", cle, compte, autre.statut, autre.corps, absent.statut, absent.corps)
			}
		}
	}
	if essais < 25 {
		t.Errorf("only %d cases tried", essais)
	}
	if apres := g.empreinte(); apres != avant {
		t.Error("a refused request changed something")
	}
	g.exiger(g.appeler("e1", "GET", "/api/pieces/"+piece+"/fichier", nil), 200)
}

// TestOrganismeNomme: the provider reads the dossier that names it,
// once it was sent, and may not act for the company.
func TestOrganismeNomme(t *testing.T) {
	g := ouvrir(t)
	brouillon := g.brouillon()
	g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+brouillon, nil), 404)
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers/"+brouillon, nil), 404)
	id := g.depose()
	g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+id, nil), 200)
	g.exiger(g.acte("of1", id, "annulation", objet{"raison": "non"}), 403)
	g.exiger(g.acte("of1", id, "certificats", objet{"certificats": []objet{certificat()}}), 409)
}

// TestSansHorlogeEssai: where the test clock is not allowed, its routes do not exist.
func TestSansHorlogeEssai(t *testing.T) {
	g := ouvrirAvec(t, false)
	avant := g.empreinte()
	for cle := range api.Acces() {
		methode, chemin, _ := strings.Cut(cle, " ")
		if !strings.HasPrefix(chemin, "/api/essai/") {
			continue
		}
		if r := g.tenter("admin", methode, chemin, ""); r.statut != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", cle, r.statut)
		}
	}
	if g.empreinte() != avant {
		t.Error("a route of the test clock did something")
	}
}

// TestCompteFerme: a closed account is out at its next request.
func TestCompteFerme(t *testing.T) {
	g := ouvrir(t)
	g.exiger(g.appeler("e1", "GET", "/api/session", nil), 200)
	if _, err := g.store.DB.Exec(`UPDATE utilisateur SET actif = false WHERE identifiant = 'e1'`); err != nil {
		t.Fatal(err)
	}
	g.exiger(g.appeler("e1", "GET", "/api/session", nil), 401)
}

// fileEssayee is the queue that the simplest body of POST /api/file/suivant names: one
// takes only from those of one's role.
func fileEssayee() store.File {
	corps, _ := exemple(specification().Paths.Value("/api/file/suivant").Post.RequestBody.Value.Content["application/json"].Schema.Value).(objet)
	file, _ := corps["file"].(string)
	return store.File(file)
}

// TestFilesDeChacun: one takes the next dossier only from the queues of one's role: a
// second look is a responsable's (T12), and what waits for others is nobody's.
func TestFilesDeChacun(t *testing.T) {
	g := ouvrir(t)
	deux := []string{"gestionnaire", "responsable"}
	prennent := map[string][]string{"completude": deux, "instruction": deux, "service_fait": deux, "factures": deux, "validation": {"responsable"}}
	for _, f := range specification().Components.Schemas["File"].Value.Enum {
		file, _ := f.(string)
		for _, compte := range deux {
			r := g.appeler(compte, "POST", "/api/file/suivant", objet{"acte_id": nouvelID(), "file": file})
			if oui := slices.Contains(prennent[file], compte); oui && r.statut != http.StatusOK || !oui && (r.statut != http.StatusForbidden || !bytes.Contains(r.corps, []byte("FILE_AUTRE"))) {
				t.Errorf("%s takes from %s: got %d %.200s", compte, file, r.statut, r.corps)
			}
		}
	}
}

// parametresRequis is the query of a route that must have one, written « ?a=b ».
func parametresRequis(methode, chemin string) string {
	item := specification().Paths.Value(chemin)
	if item == nil || item.GetOperation(methode) == nil {
		return ""
	}
	q := url.Values{}
	for _, p := range item.GetOperation(methode).Parameters {
		if p.Value.In == openapi3.ParameterInQuery && p.Value.Required {
			q.Set(p.Value.Name, fmt.Sprint(exemple(p.Value.Schema.Value)))
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// tenter makes the simplest well-formed request of a route on an object.
func (g *guichet) tenter(qui, methode, chemin, id string) reponse {
	g.t.Helper()
	adresse := strings.NewReplacer("{id}", id, "{siren}", "999001647", "{role}", "gestionnaire", "{delegation}", nouvelID()).Replace(chemin)
	adresse += parametresRequis(methode, chemin)
	if strings.HasSuffix(chemin, "/evenements") {
		return g.tenterFlux(qui, adresse)
	}
	op := specification().Paths.Value(chemin)
	if op == nil || op.GetOperation(methode).RequestBody == nil {
		return g.appeler(qui, methode, adresse, nil)
	}
	contenu := op.GetOperation(methode).RequestBody.Value.Content
	if m := contenu["application/json"]; m != nil {
		return g.appeler(qui, methode, adresse, exemple(m.Schema.Value))
	}
	if methode == "PUT" { // a document: it has a category where a pièce has a type
		return g.envoyerFormulaire(qui, methode, adresse, partie{"acte_id", "", nouvelID()}, partie{"categorie", "", "ORG_SANS_DOSSIER"}, partie{"libelle", "", "Statuts"},
			partie{"fichier", "d.pdf", pdfSimple(1)})
	}
	return g.formulaire(qui, adresse, partie{"acte_id", "", nouvelID()}, partie{"type", "", "DEVIS"}, partie{"fichier", "d.pdf", pdfSimple(1)})
}

// tenterFlux opens a stream for an instant and returns its status.
func (g *guichet) tenterFlux(qui, adresse string) reponse {
	ctx, fin := context.WithCancel(context.Background())
	defer fin()
	req, err := http.NewRequestWithContext(ctx, "GET", g.url+adresse, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	if qui != "" {
		req.Header.Set("Authorization", "Bearer "+g.cles[qui])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	r := reponse{statut: res.StatusCode, entete: res.Header}
	if res.StatusCode >= 400 {
		var b bytes.Buffer
		_, _ = b.ReadFrom(res.Body)
		r.corps = b.Bytes()
	}
	return r
}

// valeurs are acceptable values of the formats of the specification.
var valeurs = map[string]string{
	"siret": "99900101900010", "siren": "999001019", "nda": "11756099975", "iban": "FR7699999000100010020030043", "idcc": "1486",
	"courriel": "a@exemple.test", "date-civile": "2026-04-13", "nom": "Durand", "texte": "Un texte", "ligne": "Une ligne", "reference": "abc",
	"code": "MANQUANTE", "telephone": "01 99 00 01 10", "code-recu": "AAAA-BBBB-CCCC", "instant": "2026-04-13T09:00:00+02:00", "password": "Un-mot-de-passe-assez-long-2026-pour-une-cle",
}

// exemple makes a value that a schema accepts: every field, the first of each list.
func exemple(s *openapi3.Schema) any {
	switch {
	case s.Type.Is("object"):
		o := objet{}
		for nom, p := range s.Properties {
			if !p.Value.ReadOnly {
				o[nom] = exemple(p.Value)
			}
		}
		return o
	case s.Type.Is("array"):
		return []any{exemple(s.Items.Value)}
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"):
		if s.Min != nil && *s.Min > 1 {
			return int(*s.Min)
		}
		return 1
	case len(s.Enum) > 0:
		return s.Enum[len(s.Enum)-1]
	case s.Format == "uuid":
		return nouvelID()
	}
	return valeurs[s.Format]
}

func sansReference(r reponse) []byte {
	i := bytes.Index(r.corps, []byte(`"reference"`))
	if i < 0 {
		return r.corps
	}
	return append(bytes.Clone(r.corps[:i]), r.corps[min(len(r.corps), i+31):]...)
}

// empreinte is the state of the whole database in one number: what « no effect »
// means.
func (g *guichet) empreinte() string {
	g.t.Helper()
	var e string
	err := g.store.DB.Get(&e, `
		SELECT md5(concat((SELECT string_agg(a::text, '' ORDER BY id) FROM acte a), (SELECT string_agg(d::text, '' ORDER BY id) FROM dossier d),
		       (SELECT string_agg(p::text, '' ORDER BY objet, rang) FROM passage p), (SELECT string_agg(p::text, '' ORDER BY id) FROM piece p),
		       (SELECT string_agg(e::text, '' ORDER BY id) FROM ecriture e), (SELECT string_agg(x::text, '' ORDER BY siren) FROM entreprise x),
		       (SELECT string_agg(x::text, '' ORDER BY siren) FROM organisme x), (SELECT string_agg(x::text, '' ORDER BY identifiant) FROM utilisateur x),
		       (SELECT string_agg(x::text, '' ORDER BY id) FROM enveloppe x), (SELECT string_agg(x::text, '' ORDER BY code, du) FROM parametre x),
		       (SELECT string_agg(x::text, '' ORDER BY code, idcc, effectif_min, du) FROM bareme x), (SELECT string_agg(x::text, '' ORDER BY siret) FROM etablissement x)))`)
	if err != nil {
		g.t.Fatal(err)
	}
	return e
}

func certificat() objet {
	return objet{"nom": "Été-Ñoño", "prenom": "Anaïs", "intitule": "Sécurité des bases de données", "nature": "FORMATION", "du": "2026-04-13",
		"au": "2026-04-15", "heures": 1260, "emetteur": "99900136500017", "signe_le": "2026-04-16", "signe": true}
}
