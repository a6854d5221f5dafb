package scenario

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// openFlow opens a flow of n dossiers on c.
func openFlow(t *testing.T, c *counter, n int, steps string) *Flow {
	t.Helper()
	c.t, c.calls, c.clock = t, map[string]int{}, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	s, err := Read(fstest.MapFS{"t.yaml": {Data: []byte(entete + steps)}}, "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(Config{URL: server.URL, Admin: "admin", Password: "mot", Out: new(bytes.Buffer)}).OpenFlow(context.Background(), s, n, 2)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// count counts the actes whose path ends so, and the different bodies among them.
func (c *counter) count(suffix string) (n, different int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[string]bool{}
	for _, p := range c.posts {
		if path, body, _ := strings.Cut(p, " "); strings.HasSuffix(path, suffix) {
			_, title, _ := strings.Cut(body, `"intitule":`)
			n++
			seen[path+title[:min(len(title), 60)]] = true
		}
	}
	return n, len(seen)
}

// TestFlow: what is said of the dossier is done to each, what is said of the clock once,
// and no two dossiers ask for the same.
func TestFlow(t *testing.T) {
	c := &counter{}
	f := openFlow(t, c, 5, "  - acte: {qui: e1, fait: deposer, dossier: A}\n  - horloge: 2026-03-03 10:00\n  - acte: {qui: gestionnaire, fait: decider, dossier: A}\n")
	var stages []Stage
	if err := f.Play(context.Background(), 3, func(s Stage) { stages = append(stages, s) }); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/api/dossiers": 5, "/depot": 5, "/decision": 5} {
		if n, different := c.count(path); n != want || different != want {
			t.Errorf("%s: %d actes, %d different, want %d", path, n, different, want)
		}
	}
	if n := c.calls["POST /api/essai/horloge"]; n != 2 {
		t.Errorf("the clock was set %d times, want 2", n)
	}
	if len(stages) != 4 || stages[1].Name != "creer, deposer" || stages[1].Actes != 10 || stages[3].Actes != 5 {
		t.Errorf("stages %+v", stages)
	}
	orgs := map[*org]int{}
	for _, l := range f.Lives() {
		orgs[l.w.orgs["E1"]]++
	}
	if len(orgs) != 3 {
		t.Errorf("%d companies for 5 dossiers by groups of 2, want 3", len(orgs))
	}
}

// TestNextAct: an acte that is refused for want of places stays the next one, with the
// same id; once done, another comes, and none at the end.
func TestNextAct(t *testing.T) {
	full := true
	c := &counter{answer: func(string) (int, string) {
		if full {
			return http.StatusServiceUnavailable, `{"detail":"Trop de demandes."}`
		}
		return http.StatusOK, `{"acte":{"id":"7","verdict":"applique"}}`
	}}
	f := openFlow(t, c, 1, "  - acte: {qui: e1, fait: deposer, dossier: A}\n")
	ctx, l := context.Background(), f.Lives()[0]
	for _, want := range []int{503, 503, 200, 200} {
		full = want == 503
		n, err := f.Next(ctx, l)
		if err != nil || n == nil {
			t.Fatal(n, err)
		}
		if a, err := n.Send(ctx); err != nil || a.Status != want || (want == 200) != (a.Acte == "7") {
			t.Fatalf("answered %+v, %v; want %d", a, err, want)
		}
		if want == 200 {
			n.Done()
		}
	}
	if n, err := f.Next(ctx, l); n != nil || err != nil {
		t.Errorf("after the last one: %+v, %v", n, err)
	}
	if c.posts[0] != c.posts[1] || c.posts[1] != c.posts[2] || !strings.Contains(c.posts[3], "/depot") {
		t.Errorf("sent %q", c.posts)
	}
}
