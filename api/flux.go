package api

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// flux is one open stream, and the right by which it reads: a session, or an API key.
type flux struct {
	abonnements []Abonnement
	compte      string
	espace      string
	jeton       string  // hashed, of its session
	cle         string  // print of its API key
	perimetre   *string // the espace that the header of the key names
	trames      chan Trame
	fini        chan struct{}
	finir       sync.Once
	qui         store.Utilisateur // under the lock of direct, as regarde
	regarde     string            // dossier that its reader, of the staff, has open
}

// attente is how many events wait for a slow reader before the stream closes.
const attente = 32

func nouveauFlux(c *gin.Context, as []Abonnement) *flux {
	u := qui(c.Request.Context())
	f := &flux{abonnements: as, compte: u.Compte, espace: u.Espace, qui: u, trames: make(chan Trame, attente), fini: make(chan struct{})}
	if presenceDe(c.Request.Context()).ParCle {
		cle := c.GetHeader("Authorization")[len("Bearer "):]
		f.cle = store.EmpreinteCle(cle)
		if p := c.Request.Header.Values("Guichet-Perimetre"); len(p) > 0 {
			f.perimetre = &p[0]
		}
		return f
	}
	f.jeton = store.TraceDe(c.Request.Context()).Jeton
	return f
}

// routesDeFlux are open for hours, or asked by an open page by itself: they are no sign
// that somebody is there, and keep no session alive.
var routesDeFlux = []string{"/direct", "/direct/liste", "/api/dossiers/:id/evenements"}

// fermer ends the stream; its page opens another one, if it still may.
func (f *flux) fermer() { f.finir.Do(func() { close(f.fini) }) }

// proposer gives the stream something to say, without waiting for its reader.
func (f *flux) proposer(t Trame) {
	select {
	case f.trames <- t:
	default:
		f.fermer()
	}
}

// encore returns the reader of a stream from what was read again of the account; false
// once its session or key is closed, has expired, or its account has left the espace
// in which the stream began.
func (s *Server) encore(f *flux, p store.PresenceSuivie) (store.Utilisateur, bool) {
	u, facteur := p.Utilisateur, "cle"
	if f.cle != "" {
		if !slices.Contains(p.Cles, f.cle) || u.Interne && !s.HorlogeEssai || !opco.CompteOuvert(u.Etat) {
			return u, false
		}
		if f.perimetre != nil {
			u, _ = u.Entrer(*f.perimetre)
		}
	} else {
		data, ok := p.Sessions[f.jeton]
		if !ok || u.Perime {
			return u, false
		}
		_, valeurs, err := s.sessions.Codec.Decode(data)
		fin, _ := valeurs[cleFin].(int64)
		compte, _ := valeurs[cleCompte].(string)
		if err != nil || compte != f.compte || time.Now().Unix() >= fin {
			return u, false
		}
		facteur, _ = valeurs[cleFacteur].(string)
		if choisi, _ := valeurs[clePerimetre].(string); choisi != "" {
			u, _ = u.Entrer(choisi)
		}
	}
	return u, s.etapeDe(u, facteur) == EtapeOuverte && u.Espace == f.espace
}

// Suivre keeps a stream open on what it follows, for as long as its reader stays and
// may read it. regarde is the dossier that a member of the staff has before them, ""
// for none. It refuses before the first byte what the reader may not follow.
func (s *Server) Suivre(c *gin.Context, as []Abonnement, regarde string) {
	ctx := c.Request.Context()
	f := nouveauFlux(c, as)
	s.direct.entrer(f)
	defer s.direct.sortir(f)
	u := qui(ctx)
	if err := s.lisible(ctx, u, as); err != nil {
		s.refuser(c, err)
		return
	}
	if regarde != "" && u.Role.Interne() {
		s.direct.regarder(f, regarde)
		defer s.direct.detourner(f)
	}
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}); err != nil {
		s.Log.DebugContext(ctx, "stream keeps its deadline", "error", err)
	}
	c.Header("Content-Type", "text/event-stream; charset=utf-8")
	c.Header("X-Accel-Buffering", "no")
	if !s.commencer(c, f) {
		return
	}
	if !c.Writer.Written() && !f.ecrire(c, Trame(": ouvert\n\n")) {
		return
	}
	s.ecouler(c, f)
}

// commencer tells the present state of what asks for it.
func (s *Server) commencer(c *gin.Context, f *flux) bool {
	for _, a := range f.abonnements {
		if !a.Depart {
			continue
		}
		t, err := a.Dessin.Faire(c.Request.Context(), audience(a, s.direct.de(f)), a.Sujet.ID)
		if err != nil {
			s.Log.WarnContext(c.Request.Context(), "stream not begun", "what", a.Dessin.Nom, "error", err)
			return false
		}
		if len(t) > 0 && !f.ecrire(c, t) {
			return false
		}
	}
	return true
}

// ecouler writes what the stream is given, and beats when there is nothing.
func (s *Server) ecouler(c *gin.Context, f *flux) {
	coeur := time.NewTicker(battement)
	defer coeur.Stop()
	for {
		t := Trame(": vivant\n\n")
		select {
		case <-c.Request.Context().Done():
			return
		case <-s.Arret:
			f.ecrire(c, auRevoir())
			return
		case <-f.fini:
			return
		case <-coeur.C:
		case t = <-f.trames:
		}
		select {
		case <-f.fini: // what waited is not for them any more
			return
		default:
		}
		if !f.ecrire(c, t) {
			return
		}
	}
}

// auRevoir tells the page of a stream that closes because the process stops to come back
// in a moment, to another process: not all of them at the same instant.
func auRevoir() Trame {
	return Trame(fmt.Sprintf("retry: %d\n: au revoir\n\n", 500+rand.IntN(2500)))
}

func (f *flux) ecrire(c *gin.Context, t Trame) bool {
	if _, err := c.Writer.Write(t); err != nil {
		return false
	}
	c.Writer.Flush()
	return true
}
