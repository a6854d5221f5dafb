package api

import (
	"context"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
)

// How many requests of a class are served at once, for each processor: beyond, serving one
// more only slows the others down (reliability.md 4.4). An acte keeps its place until its
// verdict, so that no more of them come in than the procedures can follow. A file mostly
// waits for the network of who sends it: what examines it has places of its own.
const (
	placesActes     = 16
	placesLectures  = 16
	placesFichiers  = 32
	placesConnexion = 8
)

// Whoever finds no place waits a little, among few; beyond, a refusal that says when to
// come back costs everybody less than a longer queue.
const (
	attentePlace = 100 * time.Millisecond
	attentesMax  = 2 // for each place
)

const (
	tropPourNous = "Guichet reçoit en ce moment plus de demandes qu’il ne peut en servir. Rien n’a été enregistré : renvoyez celle-ci, sans rien changer, dans quelques secondes."
	tropPourVous = "Vous avez trop de demandes en cours à la fois. Rien n’a été enregistré de celle-ci : attendez la réponse des autres, puis renvoyez-la, sans rien changer."
)

// salle is where the requests of a class are served.
type salle struct {
	places   chan struct{}
	attentes atomic.Int64 // how many wait for a place
	mu       sync.Mutex
	comptes  map[string]int // places that each account holds
}

func nouvelleSalle(places int) *salle {
	return &salle{places: make(chan struct{}, places), comptes: map[string]int{}}
}

// entrer takes a place, after a short wait at most, and returns how to give it back.
func (s *salle) entrer(ctx context.Context) (sortir func(), err error) {
	sortir = func() { <-s.places }
	select {
	case s.places <- struct{}{}:
		return sortir, nil
	default:
	}
	defer s.attentes.Add(-1)
	if s.attentes.Add(1) > attentesMax*int64(cap(s.places)) {
		return nil, debordement(http.StatusServiceUnavailable, tropPourNous)
	}
	fin := time.NewTimer(attentePlace)
	defer fin.Stop()
	select {
	case s.places <- struct{}{}:
		return sortir, nil
	case <-fin.C:
	case <-ctx.Done(): // nobody waits for the answer
	}
	return nil, debordement(http.StatusServiceUnavailable, tropPourNous)
}

// asseoir counts a place to an account, which holds half of them at most: one that sends
// everything at once must not shut the others out.
func (s *salle) asseoir(compte string) (lever func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.comptes[compte] >= cap(s.places)/2 {
		return nil, debordement(http.StatusTooManyRequests, tropPourVous)
	}
	s.comptes[compte]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.comptes[compte]--; s.comptes[compte] == 0 {
			delete(s.comptes, compte)
		}
	}, nil
}

// debordement is a refusal for want of places. Those who are refused together do not come
// back together.
func debordement(statut int, detail string) error {
	return &erreurStatut{statut: statut, detail: detail, muet: true, apres: time.Duration(1+rand.IntN(4)) * time.Second} //nolint:gosec // no secret
}

// affluence holds a room for each class of requests.
type affluence struct{ actes, lectures, fichiers, connexion *salle }

func nouvelleAffluence(c Config) *affluence {
	n := c.Places
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return &affluence{nouvelleSalle(n * placesActes), nouvelleSalle(n * placesLectures), nouvelleSalle(n * placesFichiers), nouvelleSalle(n * placesConnexion)}
}

// de is the room of a request, nil for what is always served: what tells that the counter
// is alive, the streams, and what pages are made of.
func (a *affluence) de(r *http.Request, route string) *salle {
	lecture := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case route == "", route == "/api/sante", slices.Contains(routesDeFlux, route), strings.HasPrefix(route, "/statique/"):
		return nil
	case !lecture && (route == "/api/session" || strings.HasPrefix(route, "/connexion")):
		return a.connexion
	case lecture:
		return a.lectures
	case strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/"):
		return a.fichiers
	}
	return a.actes
}

// contenir serves a request when there is a place for its class, before anything is read
// of who makes it.
func (s *Server) contenir(c *gin.Context) {
	x := s.affluence.de(c.Request, c.FullPath())
	if x == nil || c.IsAborted() {
		return
	}
	sortir, err := x.entrer(c.Request.Context())
	if err != nil {
		s.refuser(c, err)
		return
	}
	defer sortir()
	c.Next()
}

// partager leaves places to the other accounts.
func (s *Server) partager(c *gin.Context) {
	x, compte := s.affluence.de(c.Request, c.FullPath()), quiOuPersonne(c).Compte
	if x == nil || compte == "" || c.IsAborted() {
		return
	}
	lever, err := x.asseoir(compte)
	if err != nil {
		s.refuser(c, err)
		return
	}
	defer lever()
	c.Next()
}
