package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/store"
	"guichet/store/storetest"
)

// comptoirReel is one process of the product that serves, as in production.
type comptoirReel struct {
	t       *testing.T
	env     []string
	public  string
	interne string
	c       *exec.Cmd
	fini    chan error
	pret    atomic.Bool
}

func portLibre(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func nouveauComptoir(t *testing.T, s *store.Store) *comptoirReel {
	t.Helper()
	var base string
	if err := s.DB.Get(&base, `SELECT current_database()`); err != nil {
		t.Fatal(err)
	}
	a := &comptoirReel{t: t, public: portLibre(t), interne: portLibre(t)}
	a.env = append(os.Environ(), "GUICHET_DB="+adresseDeBase(os.Getenv("GUICHET_TEST_DB"), base), "GUICHET_HORLOGE_ESSAI=1",
		"GUICHET_TEMPORAL=127.0.0.1:1", "GUICHET_ADRESSE="+a.public, "GUICHET_ADRESSE_INTERNE="+a.interne, "GUICHET_URL=http://"+a.public,
		"GUICHET_FICHIERS="+t.TempDir(), "GUICHET_RETRAIT=600ms", "GUICHET_JOURNAL=json")
	a.demarrer()
	return a
}

// demarrer starts the process, and waits until it says that it is ready.
func (a *comptoirReel) demarrer() {
	a.t.Helper()
	a.c = exec.CommandContext(a.t.Context(), os.Args[0], "api")
	a.c.Env, a.c.Stderr = a.env, io.Discard
	if err := a.c.Start(); err != nil {
		a.t.Fatal(err)
	}
	a.fini = make(chan error, 1)
	go func() { a.fini <- a.c.Wait() }()
	for range 300 {
		if a.sonder(); a.pret.Load() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	a.t.Fatal("the counter is never ready")
}

// sonder asks it whether it is ready, as whoever shares requests out does.
func (a *comptoirReel) sonder() {
	r, err := http.Get("http://" + a.interne + "/pret")
	if err != nil {
		a.pret.Store(false)
		return
	}
	defer r.Body.Close()
	a.pret.Store(r.StatusCode == http.StatusOK)
}

// arreter asks it to stop, as a platform does, and waits for its end.
func (a *comptoirReel) arreter() {
	a.t.Helper()
	if err := a.c.Process.Signal(syscall.SIGTERM); err != nil {
		a.t.Fatal(err)
	}
	select {
	case err := <-a.fini:
		if err != nil {
			a.t.Errorf("the counter ended with %v, want 0", err)
		}
	case <-time.After(30 * time.Second):
		a.t.Fatal("the counter never ends")
	}
}

// charge sends requests to the counters that are ready, in turn, and never twice.
type charge struct {
	comptoirs []*comptoirReel
	cle       string
	client    *http.Client
	tour      atomic.Int64
	faits     atomic.Int64
	ecrits    sync.Map // dossiers that were acknowledged
	mu        sync.Mutex
	fautes    []string
}

func (p *charge) choisir() string {
	n := p.tour.Add(1)
	for i := range p.comptoirs {
		if a := p.comptoirs[(int(n)+i)%len(p.comptoirs)]; a.pret.Load() {
			return "http://" + a.public
		}
	}
	return "http://" + p.comptoirs[0].public
}

func (p *charge) faute(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fautes = append(p.fautes, fmt.Sprintf(format, args...))
}

// un sends one request: a page, a read, or the creation of a dossier.
func (p *charge) un(n int64) {
	id := uuid.Must(uuid.NewV7()).String()
	r, _ := http.NewRequest(http.MethodGet, p.choisir()+"/connexion", nil)
	switch n % 3 {
	case 1:
		r, _ = http.NewRequest(http.MethodGet, p.choisir()+"/api/dossiers?limite=5", nil)
	case 2:
		corps, _ := json.Marshal(map[string]any{"acte_id": uuid.Must(uuid.NewV7()).String(), "id": id,
			"demande": map[string]any{"etablissement": "99900101900010", "intitule": "Une formation", "nature": "FORMATION"}})
		r, _ = http.NewRequest(http.MethodPost, p.choisir()+"/api/dossiers", bytes.NewReader(corps))
		r.GetBody = nil // never sent twice by the client itself
		r.Header.Set("Content-Type", "application/json")
	}
	if n%3 != 0 {
		r.Header.Set("Authorization", "Bearer "+p.cle)
	}
	rep, err := p.client.Do(r)
	if err != nil {
		p.faute("%s %s: %v", r.Method, r.URL.Path, err)
		return
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err != nil || rep.StatusCode != http.StatusOK {
		p.faute("%s %s: %d %.200s %v", r.Method, r.URL.Path, rep.StatusCode, corps, err)
		return
	}
	p.faits.Add(1)
	if n%3 == 2 {
		p.ecrits.Store(id, true)
	}
}

// TestArretSansRequetePerdue: two counters under load are stopped and started again in
// turn, as a rolling upgrade does; no request fails, nothing acknowledged is lost, and a
// stream is told to come back.
func TestArretSansRequetePerdue(t *testing.T) {
	s := storetest.Ouvrir(t)
	if err := s.ChargerDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	cle, err := s.CreerCle(t.Context(), store.CleAPI{Identifiant: "e1", Libelle: "charge"})
	if err != nil {
		t.Fatal(err)
	}
	p := &charge{cle: cle, client: &http.Client{Timeout: 20 * time.Second}, comptoirs: []*comptoirReel{nouveauComptoir(t, s), nouveauComptoir(t, s)}}
	ctx, fin := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			for _, a := range p.comptoirs {
				a.sonder()
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	for i := range 4 {
		wg.Go(func() {
			for n := int64(i); ctx.Err() == nil; n++ {
				p.un(n)
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	flux := suivreFlux(t, p)
	for _, a := range p.comptoirs {
		avant := p.faits.Load()
		for p.faits.Load() < avant+30 {
			time.Sleep(20 * time.Millisecond)
		}
		a.arreter()
		a.demarrer()
	}
	fin()
	wg.Wait()
	if len(p.fautes) > 0 || p.faits.Load() < 100 {
		t.Errorf("%d requests failed of %d:\n%.2000s", len(p.fautes), p.faits.Load(), strings.Join(p.fautes, "\n"))
	}
	if dernier := <-flux; !strings.Contains(dernier, "retry: ") {
		t.Errorf("the stream ended with %q, want to be told when to come back", dernier)
	}
	p.ecrits.Range(func(id, _ any) bool {
		var n int
		if err := s.DB.Get(&n, `SELECT count(*) FROM dossier WHERE id = $1`, id); err != nil || n != 1 {
			t.Errorf("dossier %v was acknowledged, and is there %d times (%v)", id, n, err)
		}
		return true
	})
}

// suivreFlux opens a stream on the first counter, and gives all that it said once it ends.
func suivreFlux(t *testing.T, p *charge) <-chan string {
	t.Helper()
	var dossier string
	for range 200 {
		p.ecrits.Range(func(id, _ any) bool { dossier = id.(string); return false })
		if dossier != "" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.comptoirs[0].public+"/api/dossiers/"+dossier+"/evenements", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.cle)
	rep, err := http.DefaultClient.Do(r)
	if err != nil || rep.StatusCode != http.StatusOK {
		t.Fatalf("the stream of %q does not open: %v\n%.2000s", dossier, err, strings.Join(p.fautes, "\n"))
	}
	dit := make(chan string, 1)
	go func() {
		defer rep.Body.Close()
		b, _ := io.ReadAll(bufio.NewReader(rep.Body))
		dit <- string(b)
	}()
	return dit
}
