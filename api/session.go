package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

const (
	cleIdentifiant = "identifiant"
	cleVu          = "vu"

	dureeSession  = 12 * time.Hour
	reposExterne  = 2 * time.Hour
	reposInterne  = 30 * time.Minute
	pasDeSession  = "Identifiez-vous pour continuer."
	connexionNon  = "Identifiant ou mot de passe incorrect."
	tropDessais   = "Trop d’essais. Attendez %d s avant de réessayer."
	tropDeMonde   = "Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes."
	longueurToken = 256
)

func nouvellesSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store = store.Sessions{Store: c.Store}
	m.HashTokenInStore = true
	m.Lifetime = dureeSession
	m.IdleTimeout = reposExterne
	m.Cookie.Name = "guichet"
	if c.Https {
		m.Cookie.Name, m.Cookie.Secure = "__Host-guichet", true
	}
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = true, http.SameSiteLaxMode, "/"
	return m
}

type cleQui struct{}

// qui returns who makes the request. Behind autoriser it is somebody, public
// routes apart; before it, and on those, the zero Utilisateur is nobody.
func qui(ctx context.Context) store.Utilisateur {
	u, _ := ctx.Value(cleQui{}).(store.Utilisateur)
	return u
}

// Qui is qui, for the pages.
func Qui(ctx context.Context) store.Utilisateur { return qui(ctx) }

func quiOuPersonne(c *gin.Context) store.Utilisateur { return qui(c.Request.Context()) }

// identifier finds who makes the request: an API key first, else a session. The
// account is read each time, so that a change of role or a closed account takes
// effect at once.
func (s *Server) identifier(c *gin.Context) {
	if c.FullPath() == "" {
		return // no such route: nobody needs to be known
	}
	var u store.Utilisateur
	var err error
	if h := c.GetHeader("Authorization"); h != "" {
		u, err = s.parCle(c.Request.Context(), h)
	} else {
		u, err = s.parSession(c)
	}
	switch {
	case errors.Is(err, opco.NotFound):
		return
	case err != nil:
		s.refuser(c, err)
		return
	}
	if u.Identifiant != "" {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), cleQui{}, u))
	}
}

func (s *Server) parCle(ctx context.Context, entete string) (store.Utilisateur, error) {
	cle, ok := strings.CutPrefix(entete, "Bearer ")
	if !ok || len(cle) < 32 || len(cle) > 200 {
		return store.Utilisateur{}, opco.Errorf(opco.NotFound, "Cette clé n’ouvre aucun compte.")
	}
	return s.Store.UtilisateurDeCle(ctx, cle)
}

// parSession reads the session of the cookie, if there is one, and keeps it alive.
func (s *Server) parSession(c *gin.Context) (store.Utilisateur, error) {
	token, err := c.Cookie(s.sessions.Cookie.Name)
	if err != nil || len(token) > longueurToken {
		token = ""
	}
	ctx, err := s.sessions.Load(c.Request.Context(), token)
	if err != nil {
		return store.Utilisateur{}, fmt.Errorf("loading a session: %w", err)
	}
	c.Request = c.Request.WithContext(ctx)
	identifiant := s.sessions.GetString(ctx, cleIdentifiant)
	if identifiant == "" {
		return store.Utilisateur{}, nil
	}
	u, err := s.Store.Utilisateur(ctx, identifiant)
	if err != nil {
		return u, err
	}
	return u, s.prolonger(ctx, &u)
}

// prolonger notes that the session is in use, once a minute, and ends the one of a
// staff member left alone for half an hour.
func (s *Server) prolonger(ctx context.Context, u *store.Utilisateur) error {
	if s.delaissee(ctx, *u) {
		*u = store.Utilisateur{}
		return s.sessions.Destroy(ctx)
	}
	if s.repos(ctx) < time.Minute {
		return nil
	}
	s.sessions.Put(ctx, cleVu, time.Now().Unix())
	_, _, err := s.sessions.Commit(ctx)
	return err
}

// repos is how long ago the session of ctx was last used.
func (s *Server) repos(ctx context.Context) time.Duration {
	return time.Since(time.Unix(s.sessions.GetInt64(ctx, cleVu), 0))
}

// delaissee reports whether a staff member left the session of ctx alone too long.
func (s *Server) delaissee(ctx context.Context, u store.Utilisateur) bool {
	return u.Role.Interne() && s.repos(ctx) > reposInterne
}

// OuvrirSession answers POST /api/session. A wrong password and an unknown account
// get the same answer after the same work.
func (s *Server) OuvrirSession(ctx context.Context, r OuvrirSessionRequestObject) (OuvrirSessionResponseObject, error) {
	identifiant := strings.ToLower(r.Body.Identifiant)
	attente, err := s.Store.Attente(ctx, identifiant)
	if err != nil {
		return nil, err
	}
	if attente > 0 {
		return nil, &erreurStatut{statut: http.StatusTooManyRequests, detail: fmt.Sprintf(tropDessais, int(attente.Seconds())+1)}
	}
	u, err := s.Store.Utilisateur(ctx, identifiant)
	connu := err == nil
	if err != nil && !errors.Is(err, opco.NotFound) {
		return nil, err
	}
	juste, err := s.comparer(ctx, r.Body.MotDePasse, u.MotDePasse)
	if err != nil {
		return nil, err
	}
	if err := s.Store.NoterConnexion(ctx, identifiant, connu && juste); err != nil {
		return nil, err
	}
	if !connu || !juste {
		return nil, &erreurStatut{statut: http.StatusUnauthorized, detail: connexionNon}
	}
	if err := s.ouvrir(ctx, u); err != nil {
		return nil, err
	}
	return OuvrirSession200JSONResponse(sessionDe(u)), nil
}

// comparer checks a password against a hash, "" standing for an unknown account,
// a few at a time: each costs 19 MB.
func (s *Server) comparer(ctx context.Context, mot, hache string) (bool, error) {
	if hache == "" {
		hache = s.leurre
	}
	select {
	case s.file <- struct{}{}:
		defer func() { <-s.file }()
	default:
		return false, &erreurStatut{statut: http.StatusTooManyRequests, detail: tropDeMonde}
	}
	select {
	case s.hachages <- struct{}{}:
		defer func() { <-s.hachages }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return argon2id.ComparePasswordAndHash(mot, hache)
}

// ouvrir starts a session under a new token and sets its cookie.
func (s *Server) ouvrir(ctx context.Context, u store.Utilisateur) error {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return errors.New("opening a session outside a request")
	}
	rctx, err := s.chargee(c)
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(rctx); err != nil {
		return fmt.Errorf("renewing a session: %w", err)
	}
	s.sessions.Put(rctx, cleIdentifiant, u.Identifiant)
	s.sessions.Put(rctx, cleVu, time.Now().Unix())
	token, fin, err := s.sessions.Commit(rctx)
	if err != nil {
		return fmt.Errorf("opening a session: %w", err)
	}
	s.sessions.WriteSessionCookie(rctx, c.Writer, token, fin)
	return nil
}

// chargee returns the context of the request with its session, loaded when an API
// key made that unnecessary.
func (s *Server) chargee(c *gin.Context) (context.Context, error) {
	if c.GetHeader("Authorization") == "" {
		return c.Request.Context(), nil
	}
	return s.sessions.Load(c.Request.Context(), "")
}

// LireSession answers GET /api/session.
func (s *Server) LireSession(ctx context.Context, _ LireSessionRequestObject) (LireSessionResponseObject, error) {
	return LireSession200JSONResponse(sessionDe(qui(ctx))), nil
}

// FermerSession answers DELETE /api/session.
func (s *Server) FermerSession(ctx context.Context, _ FermerSessionRequestObject) (FermerSessionResponseObject, error) {
	c, ok := ctx.(*gin.Context)
	if ok && c.GetHeader("Authorization") == "" {
		if err := s.sessions.Destroy(c.Request.Context()); err != nil {
			return nil, fmt.Errorf("closing a session: %w", err)
		}
		s.sessions.WriteSessionCookie(c.Request.Context(), c.Writer, "", time.Time{})
	}
	return FermerSession204Response{}, nil
}

func sessionDe(u store.Utilisateur) Session {
	return Session{Identifiant: u.Identifiant, Nom: u.Prenom + " " + u.Nom, Role: u.Role, Sirets: append([]string{}, u.SIRETs...)}
}
