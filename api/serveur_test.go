package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/banque"
	"guichet/facturx"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

func init() { gin.SetMode(gin.TestMode) }

// relais carries an acte to the store as the procedure would, at once; muet, it
// leaves it in the inbox.
type relais struct {
	store *store.Store
	muet  atomic.Bool
	mu    sync.Mutex // one writer a dossier
}

func (r *relais) Transmettre(ctx context.Context, a opco.Acte) error {
	if r.muet.Load() {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if x, err := r.store.Acte(ctx, a.ID); err != nil || x.Verdict != opco.VerdictRecu {
		return err
	}
	d, err := r.store.Depart(ctx, a.Objet)
	if err != nil {
		return err
	}
	if _, err = r.store.Record(ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID}); err != nil {
		return err
	}
	return r.echoir(ctx, a.Objet)
}

// guichet is a running counter on its own database, with the demo data.
type guichet struct {
	t       *testing.T
	store   *store.Store
	relais  *relais
	depot   string // directory of the stored files
	url     string
	log     *bytes.Buffer
	cles    map[string]string // API key of each account
	serveur *api.Server
}

// opcoOuvert is when the tests of the counter begin, in business time.
var opcoOuvert = instant("2026-03-02T09:00:00+01:00")

// comptoir is what a counter begins with. Each demo account gets an API key, so that a
// test does not hash a password for each request.
var comptoir = &storetest.Jeu{Ecrire: func(ctx context.Context, s *store.Store) error {
	err := errors.Join(s.RegleHorloge(ctx, opcoOuvert, true), s.ChargerDemo(ctx))
	for identifiant := range store.ComptesDemo() {
		u, err2 := s.Utilisateur(ctx, identifiant)
		err = errors.Join(err, err2, s.EcrireUtilisateur(ctx, u, cleDe(identifiant)))
	}
	return err
}}

func cleDe(identifiant string) string { return strings.Repeat(identifiant+"-", 32)[:40] }

// ouvrir starts a counter.
func ouvrir(t *testing.T) *guichet { t.Helper(); return ouvrirAvec(t, true) }

// ouvrirAvec starts one whose configuration regler changes.
func ouvrirAvec(t *testing.T, horlogeEssai bool, regler ...func(*api.Config)) *guichet {
	t.Helper()
	t.Parallel()
	s := comptoir.Ouvrir(t)
	if err := s.RegleHorloge(t.Context(), opcoOuvert, true); err != nil {
		t.Fatal(err)
	}
	depot := t.TempDir()
	fichiers, err := store.OuvrirFichiers(depot)
	if err != nil {
		t.Fatal(err)
	}
	g := &guichet{t: t, store: s, depot: depot, relais: &relais{store: s}, log: &bytes.Buffer{}, cles: map[string]string{}}
	for identifiant := range store.ComptesDemo() {
		g.cles[identifiant] = cleDe(identifiant)
	}
	srv := httptest.NewUnstartedServer(nil)
	config := api.Config{Store: s, Fichiers: fichiers, Procedures: g.relais, HorlogeEssai: horlogeEssai, Attente: 2 * time.Second,
		LireRetour:  banque.Lire,
		LireFacture: lireFactureIci, EcrireStatut: facturx.EcrireStatut,
		Examiner: func(_ context.Context, r io.Reader, format string) error { return api.Examiner(r, format) },
		Log:      slog.New(slog.NewTextHandler(g.log, nil)), URL: "http://" + srv.Listener.Addr().String()}
	for _, f := range regler {
		f(&config)
	}
	serveur, err := api.New(config)
	if err != nil {
		t.Fatal(err)
	}
	g.serveur = serveur
	h, err := serveur.Handler()
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = h
	srv.Config.WriteTimeout = 4 * time.Second
	srv.Start()
	g.url = srv.URL
	t.Cleanup(func() { srv.Close(); fichiers.Close() })
	return g
}

func instant(s string) time.Time {
	t, err := opco.ParseInstant(s)
	if err != nil {
		panic(err)
	}
	return t
}

// reponse is an answer already read.
type reponse struct {
	statut int
	entete http.Header
	corps  []byte
}

func (r reponse) probleme(t *testing.T) api.Probleme {
	t.Helper()
	var p api.Probleme
	if err := json.Unmarshal(r.corps, &p); err != nil {
		t.Fatalf("not a problem: %s", r.corps)
	}
	return p
}

func (r reponse) lire(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.corps, v); err != nil {
		t.Fatalf("reading %s: %v", r.corps, err)
	}
}

// appeler makes one request as qui ("" for nobody).
func (g *guichet) appeler(qui, methode, chemin string, corps any, entetes ...string) reponse {
	g.t.Helper()
	var r io.Reader
	switch c := corps.(type) {
	case nil:
	case string:
		r = strings.NewReader(c)
	case []byte:
		r = bytes.NewReader(c)
	default:
		b, err := json.Marshal(corps)
		if err != nil {
			g.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(methode, g.url+chemin, r)
	if err != nil {
		g.t.Fatal(err)
	}
	if qui != "" {
		req.Header.Set("Authorization", "Bearer "+g.cles[qui])
	}
	if corps != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(entetes); i += 2 {
		req.Header.Set(entetes[i], entetes[i+1])
	}
	return g.envoyer(req)
}

func (g *guichet) envoyer(req *http.Request) reponse {
	g.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	r := reponse{statut: res.StatusCode, entete: res.Header, corps: b}
	verifierContrat(g.t, req, r)
	return r
}

// exiger fails the test unless the answer has this status.
func (g *guichet) exiger(r reponse, statut int) reponse {
	g.t.Helper()
	if r.statut != statut {
		g.t.Fatalf("got %d, want %d: %s\n%s", r.statut, statut, r.corps, g.log)
	}
	return r
}

func nouvelID() string { return uuid.NewString() }

// objet is a JSON object.
type objet = map[string]any

// demandes numbers the demandes: no two train the same person, nor ask for the same
// session.
var demandes atomic.Int64

func demande() objet {
	n := int(demandes.Add(1))
	return objet{
		"etablissement": "99900101900010", "intitule": fmt.Sprintf("Sécurité des bases de données, session %d", n), "nature": "FORMATION", "subrogation": true,
		"duree": 21 * 60, "debut": "2026-04-13", "fin": "2026-04-15",
		"organisme":  objet{"siret": "99900136500017", "nom": "Formalia Synthèse", "nda": "11756099975", "email": "of1@exemple.test"},
		"lignes":     []objet{{"ligne": "PEDA", "montant": 115500}},
		"stagiaires": []objet{{"id": "s1", "nom": "Été-Ñoño", "prenom": "Anaïs", "heures": 21 * 60, "ne_le": opco.Date("1960-01-01").Jours(n), "salaire_horaire": 2153}},
	}
}

// brouillon creates a brouillon of E1 and returns its id.
func (g *guichet) brouillon() string {
	g.t.Helper()
	id := nouvelID()
	g.exiger(g.appeler("e1", "POST", "/api/dossiers", objet{"acte_id": nouvelID(), "id": id, "demande": demande()}), 200)
	return id
}

// depose sends a demande of E1 with its pièces and returns its id.
func (g *guichet) depose() string {
	g.t.Helper()
	id := g.brouillon()
	g.exiger(g.acte("e1", id, "depot", objet{"certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}), 200)
	return id
}

func (g *guichet) acte(qui, dossier, acte string, corps objet) reponse {
	g.t.Helper()
	if corps["acte_id"] == nil {
		corps["acte_id"] = nouvelID()
	}
	return g.appeler(qui, "POST", "/api/dossiers/"+dossier+"/"+acte, corps)
}

// partie is one part of a multipart form.
type partie struct{ champ, fichier, valeur string }

func (g *guichet) formulaire(qui, chemin string, parties ...partie) reponse {
	g.t.Helper()
	return g.envoyerFormulaire(qui, "POST", chemin, parties...)
}

func (g *guichet) envoyerFormulaire(qui, methode, chemin string, parties ...partie) reponse {
	g.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parties {
		h := textproto.MIMEHeader{}
		d := `form-data; name="` + p.champ + `"`
		if p.fichier != "" {
			d += `; filename="` + strings.NewReplacer(`"`, `\"`, "\r", "", "\n", "").Replace(p.fichier) + `"`
		}
		h.Set("Content-Disposition", d)
		part, err := w.CreatePart(h)
		if err != nil {
			g.t.Fatal(err)
		}
		if _, err := io.WriteString(part, p.valeur); err != nil {
			g.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		g.t.Fatal(err)
	}
	return g.appeler(qui, methode, chemin, b.Bytes(), "Content-Type", w.FormDataContentType())
}
