package api_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"guichet/api"
)

// affluer sends n actes at the same instant, each with an id of its own, and returns the
// answers by id.
func (g *guichet) affluer(qui, dossier string, n int) map[string]reponse {
	g.t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	rs := map[string]reponse{}
	for range n {
		id := nouvelID()
		wg.Go(func() {
			r := g.acte(qui, dossier, "instruction", objet{"acte_id": id})
			mu.Lock()
			rs[id] = r
			mu.Unlock()
		})
	}
	wg.Wait()
	return rs
}

// verifierRefus checks that each answer is an acknowledgement that the inbox holds, or a
// refusal for want of places that says when to come back and left nothing; it counts them.
func (g *guichet) verifierRefus(rs map[string]reponse) (recus, vous, nous int) {
	g.t.Helper()
	for id, r := range rs {
		suivi := g.appeler("gestionnaire", "GET", "/api/actes/"+id, nil).statut
		switch r.statut {
		case http.StatusAccepted:
			recus++
			if suivi != http.StatusOK {
				g.t.Errorf("acte %s was acknowledged and is answered %d", id, suivi)
			}
			continue
		case http.StatusTooManyRequests:
			vous++
		case http.StatusServiceUnavailable:
			nous++
		default:
			g.t.Errorf("got %d: %s", r.statut, r.corps)
		}
		if n, err := strconv.Atoi(r.entete.Get("Retry-After")); err != nil || n < 1 {
			g.t.Errorf("a refusal %d says to come back after %q", r.statut, r.entete.Get("Retry-After"))
		}
		if suivi != http.StatusNotFound {
			g.t.Errorf("acte %s was refused for want of places and is answered %d", id, suivi)
		}
	}
	return recus, vous, nous
}

// TestAffluence: one account that sends too much is refused what is beyond its half of
// the places; all together are refused what is beyond the places; what is refused leaves
// nothing, reading goes on, and the places come back.
func TestAffluence(t *testing.T) {
	g := ouvrirAvec(t, true, func(c *api.Config) { c.Places, c.Attente = 1, time.Second })
	id := g.depose()
	g.relais.muet.Store(true)
	if recus, vous, nous := g.verifierRefus(g.affluer("gestionnaire", id, 14)); recus != 8 || vous != 6 || nous != 0 {
		t.Errorf("one account: %d acknowledged, %d refused for its own crowd, %d for all", recus, vous, nous)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	tous := map[string]reponse{}
	for _, qui := range []string{"gestionnaire", "gestionnaire2", "responsable"} {
		wg.Go(func() {
			rs := g.affluer(qui, id, 8)
			mu.Lock()
			defer mu.Unlock()
			for k, v := range rs {
				tous[k] = v
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	if r := g.appeler("e1", "GET", "/api/dossiers/"+id, nil); r.statut != http.StatusOK {
		t.Errorf("reading meanwhile is answered %d", r.statut)
	}
	wg.Wait()
	if recus, vous, nous := g.verifierRefus(tous); recus != 16 || vous+nous != 8 {
		t.Errorf("three accounts: %d acknowledged, %d and %d refused", recus, vous, nous)
	}
	if recus, _, _ := g.verifierRefus(g.affluer("gestionnaire", id, 1)); recus != 1 {
		t.Error("no place came back")
	}
}
