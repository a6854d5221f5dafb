package api_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// compteur stands between a store and PostgreSQL, and counts what is asked of it.
type compteur struct {
	net.Listener
	vers     string
	requetes atomic.Int64
}

// compterRequetes opens the database of g again through a counter.
func (g *guichet) compterRequetes() (*store.Store, *compteur) {
	g.t.Helper()
	var base string
	if err := g.store.DB.Get(&base, `SELECT current_database()`); err != nil {
		g.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { l.Close() })
	champs, hote, port := strings.Fields(os.Getenv("GUICHET_TEST_DB")), "127.0.0.1", "5432"
	for i, c := range champs {
		cle, valeur, _ := strings.Cut(c, "=")
		switch cle {
		case "host":
			hote, champs[i] = valeur, "host=127.0.0.1"
		case "port":
			port, champs[i] = valeur, fmt.Sprintf("port=%d", l.Addr().(*net.TCPAddr).Port)
		case "dbname":
			champs[i] = "dbname=" + base
		}
	}
	k := &compteur{Listener: l, vers: net.JoinHostPort(hote, port)}
	if strings.HasPrefix(hote, "/") {
		k.vers = hote + "/.s.PGSQL." + port
	}
	go k.servir()
	s, err := store.Open(context.Background(), strings.Join(champs, " "), 8)
	if err != nil {
		g.t.Fatal(err)
	}
	s.Calendrier = g.store.Calendrier
	g.t.Cleanup(func() { s.Close() })
	return s, k
}

func (k *compteur) servir() {
	for {
		client, err := k.Accept()
		if err != nil {
			return
		}
		reseau := "tcp"
		if strings.HasPrefix(k.vers, "/") {
			reseau = "unix"
		}
		serveur, err := net.Dial(reseau, k.vers)
		if err != nil {
			client.Close()
			continue
		}
		go func() { _, _ = io.Copy(client, serveur); client.Close() }()
		go func() { k.lire(client, serveur); serveur.Close() }()
	}
}

// lire passes on what the client says, and counts its queries: simple ones and
// executions of prepared ones.
func (k *compteur) lire(client io.Reader, serveur io.Writer) {
	r := bufio.NewReader(client)
	debut := true
	for {
		var genre []byte
		if !debut {
			b, err := r.ReadByte()
			if err != nil {
				return
			}
			genre = []byte{b}
			if b == 'Q' || b == 'E' {
				k.requetes.Add(1)
			}
		}
		taille := make([]byte, 4)
		if _, err := io.ReadFull(r, taille); err != nil {
			return
		}
		corps := make([]byte, binary.BigEndian.Uint32(taille)-4)
		if _, err := io.ReadFull(r, corps); err != nil {
			return
		}
		debut = debut && len(corps) == 4 && binary.BigEndian.Uint32(corps) == 80877103 // a demand of TLS comes before the first message
		for _, b := range [][]byte{genre, taille, corps} {
			if _, err := serveur.Write(b); err != nil {
				return
			}
		}
	}
}

// abonner opens n streams of a dossier in turn as each account, and returns what counts
// the events that they receive.
func abonner(t *testing.T, url, dossier string, cles []string, n int) *atomic.Int64 {
	t.Helper()
	var recus atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n}}
	var prets sync.WaitGroup
	for i := range n {
		prets.Add(1)
		go func() {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", url+"/api/dossiers/"+dossier+"/evenements", nil)
			req.Header.Set("Authorization", "Bearer "+cles[i%len(cles)])
			res, err := client.Do(req)
			if err != nil || res.StatusCode != 200 {
				t.Errorf("a stream did not open: %v", err)
				prets.Done()
				return
			}
			defer res.Body.Close()
			premier := true
			for sc := bufio.NewScanner(res.Body); sc.Scan(); {
				if !strings.HasPrefix(sc.Text(), "data:") {
					continue
				}
				if premier {
					premier = false
					prets.Done()
					continue
				}
				recus.Add(1)
			}
		}()
	}
	prets.Wait()
	return &recus
}

// TestFiveHundredStreamsCostNoMoreThanOne opens one stream of a dossier for each of its
// three kinds of readers, then five hundred: an acte asks PostgreSQL as much, and is
// drawn as often, in both cases.
func TestFiveHundredStreamsCostNoMoreThanOne(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	s, requetes := g.compterRequetes()
	serveur, url := g.autreServeur(s)
	quoi := map[string]int{}
	var mu sync.Mutex
	api.CompterDirect(serveur, func(x string) { mu.Lock(); quoi[x]++; mu.Unlock() })
	cles := []string{g.cles["e1"], g.cles["of1"], g.cles["gestionnaire"]}
	mesurer := func(n int) (sql int64, dessins int) {
		recus := abonner(t, url, id, cles, n)
		time.Sleep(2 * 800 * time.Millisecond) // what opened them is over
		mu.Lock()
		clear(quoi)
		mu.Unlock()
		avant := requetes.requetes.Load()
		g.acteDirect(id)
		fin := time.Now().Add(attenteMax)
		for recus.Load() < int64(n) && time.Now().Before(fin) {
			time.Sleep(5 * time.Millisecond)
		}
		if got := recus.Load(); got != int64(n) {
			t.Errorf("%d streams of %d heard of the acte", got, n)
		}
		mu.Lock()
		defer mu.Unlock()
		return requetes.requetes.Load() - avant, quoi["dessin"]
	}
	peu, dessinsPeu := mesurer(3)
	beaucoup, dessins := mesurer(500)
	t.Logf("3 streams: %d queries, %d drawings; 503 streams: %d queries, %d drawings", peu, dessinsPeu, beaucoup, dessins)
	if dessinsPeu != 3 || dessins != 3 {
		t.Errorf("drawn %d then %d times for three audiences", dessinsPeu, dessins)
	}
	if beaucoup > peu+4 { // a second reading of rights may fall in
		t.Errorf("%d queries for 503 streams, %d for 3", beaucoup, peu)
	}
}

// autreServeur starts a second process of the counter, on the store s.
func (g *guichet) autreServeur(s *store.Store) (*api.Server, string) {
	g.t.Helper()
	serveur, err := api.New(api.Config{Store: s, Procedures: g.relais, HorlogeEssai: true, Attente: 2 * time.Second, Log: g.serveur.Log, URL: g.url})
	if err != nil {
		g.t.Fatal(err)
	}
	h, err := serveur.Handler()
	if err != nil {
		g.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l) //nolint:errcheck // it ends with the test
	g.t.Cleanup(func() { srv.Close() })
	return serveur, "http://" + l.Addr().String()
}

// acteDirect applies an acte of the gestionnaire without the counter under test.
func (g *guichet) acteDirect(id string) {
	g.t.Helper()
	u, err := g.store.Utilisateur(context.Background(), "gestionnaire")
	if err != nil {
		g.t.Fatal(err)
	}
	r, err := g.store.Recevoir(context.Background(), opco.Acte{ID: nouvelID(), Objet: opco.ObjetDossier(id), Type: opco.ActeInstruire, Par: u.Acteur("")})
	if err == nil {
		err = g.relais.Transmettre(context.Background(), r.Acte)
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

// TestPresenceOfColleagues: two people of the staff on the same dossier, each at
// another process, hear of each other, and of the departure; an organisation hears
// nothing.
func TestPresenceOfColleagues(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	un, _ := g.autreServeur(g.store)
	autre, _ := g.compterRequetes()
	deux, _ := g.autreServeur(autre)
	chez := func(s *api.Server, qui string) (<-chan api.Trame, func()) {
		u, err := g.store.Utilisateur(t.Context(), qui)
		if err != nil {
			t.Fatal(err)
		}
		return api.Regarder(s, u, id)
	}
	a, _ := chez(un, "gestionnaire")
	e, _ := chez(un, "e1")
	b, partir := chez(deux, "gestionnaire2")
	attendreLigne(t, a, "regarde ce dossier")
	attendreLigne(t, b, "regarde ce dossier")
	partir()
	attendreLigne(t, a, `"phrase":""`)
	select {
	case l := <-e:
		t.Errorf("the company hears %q", l)
	case <-time.After(200 * time.Millisecond):
	}
}

func attendreLigne(t *testing.T, lignes <-chan api.Trame, veut string) {
	t.Helper()
	fin := time.After(attenteMax)
	for {
		select {
		case l := <-lignes:
			if strings.Contains(string(l), veut) {
				return
			}
		case <-fin:
			t.Fatalf("nothing said %q", veut)
		}
	}
}
