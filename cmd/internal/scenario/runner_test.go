package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"guichet/opco"
)

// counter is an API that says what a test wants, so that the words of the runner
// are tested without a stack. It keeps one clock and one dossier.
type counter struct {
	t  *testing.T
	mu sync.Mutex

	clock    time.Time
	posts    []string // « path body » of each acte
	drops    int      // requests still to be answered by a closed connection
	etat     string   // of every dossier
	answer   func(path string) (int, string)
	messages string
	calls    map[string]int
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[r.Method+" "+r.URL.Path]++
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	switch path := r.URL.Path; {
	case path == "/api/session":
		http.SetCookie(w, &http.Cookie{Name: "guichet", Value: "s"})
		fmt.Fprint(w, `{}`)
	case path == "/api/essai/horloge":
		c.moveClock(w, r, body.Bytes())
	case path == "/api/essai/calme":
		fmt.Fprint(w, `{"calme":true,"actes":0,"echeances":0,"courriers":0}`)
	case path == "/api/messages":
		fmt.Fprint(w, c.messages)
	case strings.HasPrefix(path, "/api/essai/"):
		w.WriteHeader(http.StatusNoContent)
	case path == "/api/enveloppes":
		fmt.Fprint(w, `{"enveloppes":[]}`)
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/api/actes/"):
		fmt.Fprint(w, `{"acte":{"verdict":"refuse","genre":"conflit","code":"ETAPE_INATTENDUE","phrase":"Ce dossier est déjà décidé."}}`)
	case r.Method == http.MethodGet:
		fmt.Fprintf(w, `{"dossier":{"id":"x","numero":"AF26-000001","etat":%q,"rang":1,"demande":{"etablissement":""}},`+
			`"resume":{"accorde":283500},"libelles":{"guichet":"Accordée"}}`, c.etat)
	default:
		c.post(w, r, body.String())
	}
}

func (c *counter) moveClock(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method == http.MethodPost {
		var b struct {
			Le    time.Time `json:"le"`
			Recul bool      `json:"recul"`
		}
		if err := json.Unmarshal(body, &b); err != nil {
			c.t.Errorf("clock: %v", err)
		}
		if b.Le.Before(c.clock) && !b.Recul {
			c.t.Errorf("the clock goes back to %s without saying so", b.Le)
		}
		c.clock = b.Le
	}
	b, _ := json.Marshal(map[string]time.Time{"le": c.clock, "reel": time.Now()})
	_, _ = w.Write(b)
}

// post loses its answer for as long as drops says, after having done the deed.
func (c *counter) post(w http.ResponseWriter, r *http.Request, body string) {
	if !strings.HasSuffix(r.URL.Path, "/pieces") {
		c.posts = append(c.posts, r.URL.Path+" "+body)
	}
	if c.drops > 0 {
		c.drops--
		panic(http.ErrAbortHandler)
	}
	status, answer := http.StatusOK, `{"acte":{"objet":"dossier/x","verdict":"applique"},"dossier":{"numero":"AF26-000001"}}`
	if c.answer != nil {
		status, answer = c.answer(r.URL.Path)
	}
	w.Header().Set("Location", "/api/actes/1")
	w.WriteHeader(status)
	fmt.Fprint(w, answer)
}

const entete = `nom: Essai
reference: T
mise_en_place:
  entreprises: {E1: }
  organismes: {OF1: }
etapes:
  - horloge: 2026-03-02 10:00
  - acte: {qui: e1, fait: creer, dossier: A, avec: {organisme: OF1, du: 2026-04-13, au: 2026-04-14, stagiaires: [{nombre: 2, heures: 14, cout: 600.00}], joint: []}}
`

// run plays entete and the steps given against c.
func run(t *testing.T, c *counter, steps string) Result {
	t.Helper()
	c.t, c.calls = t, map[string]int{}
	if c.clock.IsZero() {
		c.clock = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	}
	server := httptest.NewServer(c)
	defer server.Close()
	s, err := Read(fstest.MapFS{"t.yaml": {Data: []byte(entete + steps)}}, "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r := New(Config{URL: server.URL, Mail: server.URL, Admin: "admin", Password: "mot", Out: &out})
	r.again = 0
	results := r.Play(context.Background(), s)
	if err := r.Close(context.Background()); err != nil {
		t.Errorf("Close: %v", err)
	}
	return results[0]
}

func TestRunner(t *testing.T) {
	refus := func(status int, code, detail string) func(string) (int, string) {
		return func(path string) (int, string) {
			if strings.HasSuffix(path, "/decision") {
				return status, fmt.Sprintf(`{"code":%q,"detail":%q}`, code, detail)
			}
			return 200, `{"acte":{"verdict":"applique"}}`
		}
	}
	for _, x := range []struct {
		name  string
		c     *counter
		steps string
		err   []string // parts of the failure; none: it must pass
	}{
		{"état holds", &counter{etat: "ACCORDEE"}, "  - verifier: {dossier: A, etat: ACCORDEE, accorde: 2 835.00}", nil},
		{"état differs", &counter{etat: "REFUSEE"}, "  - verifier:\n      dossier: A\n      etat: ACCORDEE", []string{"t.yaml:11", "etat", "ACCORDEE", "REFUSEE"}},
		{"amount differs by a cent", &counter{etat: "ACCORDEE"}, "  - verifier:\n      dossier: A\n      etat: ACCORDEE\n      accorde: 2 835.01",
			[]string{"t.yaml:12", "2 835,01", "2 835,00"}},
		{"vocabulary differs", &counter{etat: "ACCORDEE"}, "  - verifier: {dossier: A, libelles: {guichet: Accordé}}", []string{"libelles, guichet", "Accordée"}},
		{"refusal expected", &counter{answer: refus(409, "ETAPE_INATTENDUE", "Trop tard.")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse, code: ETAPE_INATTENDUE, statut: 409, phrase: tard}", nil},
		{"refusal not expected", &counter{answer: refus(409, "ETAPE_INATTENDUE", "Trop tard.")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A}", []string{"t.yaml:9", "attendu : applique", "Trop tard."}},
		{"acceptance not expected", &counter{}, "  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse}", []string{"attendu : refuse", "trouvé  : applique"}},
		{"other code", &counter{answer: refus(409, "QUATRE_YEUX", "Non.")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse, code: ETAPE_INATTENDUE}", []string{"code", "QUATRE_YEUX"}},
		{"other sentence", &counter{answer: refus(409, "X", "Non.")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse, phrase: déjà}", []string{"phrase", "… déjà …", "Non."}},
		{"a 500 is never a refusal", &counter{answer: refus(500, "", "Une erreur interne est survenue.")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse}", []string{"t.yaml:9", "réponse 500"}},
		{"a late verdict is followed", &counter{answer: refus(202, "", "")},
			"  - acte: {qui: gestionnaire, fait: decider, dossier: A, verdict: refuse, code: ETAPE_INATTENDUE, phrase: déjà décidé}", nil},
		{"someone unknown", &counter{}, "  - acte: {qui: camille, fait: decider, dossier: A}", []string{"t.yaml:9", "camille"}},
		{"a dossier not made", &counter{}, "  - acte: {qui: gestionnaire, fait: decider, dossier: Z}", []string{"« Z »"}},
		{"mails counted by their Message-ID", &counter{messages: `[{"message_id":"a","objet":"Accord"},{"message_id":"a","objet":"Accord"},{"message_id":"b","objet":"Avis"}]`},
			"  - verifier: {courriels: E1, objet: accord, nombre: 1}", nil},
		{"one mail too many", &counter{messages: `[{"message_id":"a","objet":"Accord"},{"message_id":"b","objet":"Accord"}]`},
			"  - verifier: {courriels: E1, objet: accord, nombre: 1}", []string{"nombre", "2 ; reçus"}},
		{"who wins does not matter", &counter{}, "  - en_meme_temps: {actes: [{qui: gestionnaire, fait: decider, dossier: A}, {qui: gestionnaire2, fait: decider, dossier: A}], appliques: 2}", nil},
		{"nobody was refused", &counter{}, "  - en_meme_temps: {actes: [{qui: gestionnaire, fait: decider, dossier: A}, {qui: gestionnaire2, fait: decider, dossier: A}], appliques: 1, refuses: 1}",
			[]string{"appliques", "refuses"}},
		{"nothing to kill with", &counter{}, "  - tuer: {partie: worker}", []string{"GUICHET_CONTROLE"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, x.c, x.steps+"\n")
			if (got.Err == nil) != (len(x.err) == 0) {
				t.Fatalf("Play: %v, want parts %q", got.Err, x.err)
			}
			for _, part := range x.err {
				if !strings.Contains(plain(got.Err.Error()), plain(part)) {
					t.Errorf("Play: %v, want %q in it", got.Err, part)
				}
			}
		})
	}
}

// TestRetry: an answer that was lost is asked again with the same acte id.
func TestRetry(t *testing.T) {
	c := &counter{etat: "ACCORDEE", drops: 2}
	if got := run(t, c, "  - acte: {qui: gestionnaire, fait: decider, dossier: A}\n"); got.Err != nil {
		t.Fatal(got.Err)
	}
	if len(c.posts) != 4 || c.posts[0] != c.posts[1] || c.posts[1] != c.posts[2] {
		t.Errorf("actes sent: %q, want the first one three times", c.posts)
	}
}

// TestUnreachable: without a stack, one sentence says what to do.
func TestUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	r := New(Config{URL: server.URL, Out: new(bytes.Buffer)})
	r.client.patience = 0
	s, err := parse("t.yaml", []byte(entete))
	if err != nil {
		t.Fatal(err)
	}
	got := r.Play(context.Background(), s)
	var u *UnreachableError
	if len(got) != 1 || !errors.As(got[0].Err, &u) || !strings.Contains(u.Error(), "make run") {
		t.Errorf("Play: %+v", got)
	}
}

// TestDemand: what a scenario leaves out is plain, and the sums are exact.
func TestDemand(t *testing.T) {
	w := newWorld(New(Config{}), "t.yaml")
	w.orgs["E2"] = newOrg("E2", models["E2"], 30_000)
	w.orgs["OF3"] = newOrg("OF3", models["OF3"], 30_001)
	w.users["e2"] = &account{key: "e2", sirets: w.orgs["E2"].SIRETs}
	d, err := w.newDossier(&Act{Qui: "e2", Dossier: "A", Avec: ActData{Organisme: "OF3", Remboursement: true,
		Stagiaires: []Trainee{{Heures: 21 * 60, Cout: 2_020_00, Salaire: 26_53, Transport: 88_40}},
		Lignes:     map[string]Amount{"REPAS": 54_00}}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[opco.Ligne]opco.Montant{opco.LignePeda: 2_020_00, opco.LigneRemuneration: 557_13, opco.LigneRepas: 54_00, opco.LigneTransport: 88_40}
	if len(d.demande.Lignes) != len(want) || d.demande.Subrogation || d.demande.Duree != 21*60 {
		t.Errorf("demande %+v", d.demande)
	}
	for _, l := range d.demande.Lignes {
		if want[l.Ligne] != l.Montant {
			t.Errorf("line %s: %s, want %s", l.Ligne, l.Montant, want[l.Ligne])
		}
	}
}

// TestCutterMoments: the moments are spread over the steps, and all are used.
func TestCutterMoments(t *testing.T) {
	kills := 0
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path == "/tuer/worker" && r.FormValue("relancer") == "1" {
			kills++
		}
	}))
	defer server.Close()
	for _, steps := range []int{3, 10, 40} {
		kills = 0
		k := &cutter{ctx: context.Background(), r: New(Config{Control: server.URL}), part: "worker", moments: 10}
		for i := range steps {
			k.before(i, steps)
		}
		if err := k.finish(context.Background()); err != nil {
			t.Fatal(err)
		}
		if kills != 10 {
			t.Errorf("%d steps: killed %d times, want 10", steps, kills)
		}
	}
}

// TestHolds: no-break spaces are spaces.
func TestHolds(t *testing.T) {
	if !holds("soit 1\u00a0412,40\u00a0€ au total", "1 412,40 €") || holds("1 412,40", "1 412,41") {
		t.Error("holds does not compare as a reader does")
	}
}

// TestPatience: while parts are killed a 5xx is asked again; otherwise it is told.
func TestPatience(t *testing.T) {
	left := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if left--; left >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	for _, x := range []struct {
		faults bool
		want   int
	}{{false, http.StatusServiceUnavailable}, {true, http.StatusOK}} {
		c := newClient(server.URL)
		if left = 2; x.faults {
			c.bePatient()
		}
		rep, err := c.do(context.Background(), request{method: http.MethodGet, path: "/"})
		if err != nil || rep.status != x.want {
			t.Errorf("faults %t: %+v, %v, want %d", x.faults, rep, err, x.want)
		}
	}
}
