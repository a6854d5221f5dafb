package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// What a session remembers. The rest is read from the account at each request.
const (
	cleCompte    = "compte"
	cleFacteur   = "facteur"          // how the second factor was given, "" not yet
	clePerimetre = store.ValeurEspace // the espace chosen
	cleRester    = "__rememberMe"
	cleFin       = "fin" // Unix time at which it ends, however used

	pasDeSession  = "Identifiez-vous pour continuer."
	longueurToken = 256
	toucheSession = time.Minute // a session in use is noted that often
)

func nouvellesSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store = store.Sessions{Store: c.Store}
	m.HashTokenInStore = true
	m.Lifetime = 366 * 24 * time.Hour // the store knows when each one ends
	m.Cookie.Name, m.Cookie.Secure = nomTemoin("guichet", c.Https), c.Https
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path, m.Cookie.Persist = true, http.SameSiteLaxMode, "/", false
	return m
}

// nomTemoin is the name of a cookie: on HTTPS no other host can set it.
func nomTemoin(nom string, https bool) string {
	if https {
		return "__Host-" + nom
	}
	return nom
}

// presence is who makes a request, and where their login stands.
type presence struct {
	store.Utilisateur
	Etape   Etape
	ParCle  bool   // by an API key, without a session
	Session string // public id of the session
}

type cleQui struct{}

func presenceDe(ctx context.Context) presence {
	p, _ := ctx.Value(cleQui{}).(presence)
	return p
}

// qui returns who makes the request. Behind autoriser it is somebody, public
// routes apart; before it, and on those, the zero Utilisateur is nobody.
func qui(ctx context.Context) store.Utilisateur { return presenceDe(ctx).Utilisateur }

// Qui is qui, for the pages.
func Qui(ctx context.Context) store.Utilisateur { return qui(ctx) }

// EtapeDe returns where the login of who makes the request stands, for the pages;
// "" for nobody.
func EtapeDe(ctx context.Context) Etape { return presenceDe(ctx).Etape }

// IDSession returns the public id of the session of the request, "" without one:
// what an acte keeps of it.
func IDSession(ctx context.Context) string { return presenceDe(ctx).Session }

func quiOuPersonne(c *gin.Context) store.Utilisateur { return qui(c.Request.Context()) }

// identifier finds who makes the request: an API key first, else a session. The
// account is read each time, so that a change of role or a closed account takes
// effect at once.
func (s *Server) identifier(c *gin.Context) {
	if c.FullPath() == "" || c.IsAborted() {
		return // no such route: nobody needs to be known
	}
	var p presence
	var err error
	if h := c.GetHeader("Authorization"); h != "" {
		p, err = s.parCle(c.Request.Context(), h, c.Request.Header.Values("Guichet-Perimetre"))
	} else {
		p, err = s.parSession(c)
	}
	switch {
	case errors.Is(err, opco.NotFound):
		return
	case err != nil:
		s.refuser(c, err)
		return
	}
	if p.Identifiant != "" {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), cleQui{}, p))
	}
}

// parCle returns who an API key is, in the espace that the header names, or in the
// only one of the account.
func (s *Server) parCle(ctx context.Context, entete string, perimetre []string) (presence, error) {
	cle, ok := strings.CutPrefix(entete, "Bearer ")
	if !ok || len(cle) < 32 || len(cle) > 200 {
		return presence{}, opco.Errorf(opco.NotFound, "Cette clé n’ouvre aucun compte.")
	}
	u, err := s.Store.UtilisateurDeCle(ctx, cle)
	if err == nil && u.Interne && !s.HorlogeEssai {
		err = opco.Errorf(opco.NotFound, "Cette clé n’ouvre aucun compte.") // the staff has a second factor: a key would do without
	}
	if err == nil {
		err = s.Store.ToucherCle(ctx, cle)
	}
	if err != nil {
		return presence{}, err
	}
	if len(perimetre) > 0 {
		u, _ = u.Entrer(perimetre[0])
	}
	return presence{Utilisateur: u, Etape: s.etapeDe(u, "cle"), ParCle: true}, nil
}

// parSession reads the session of the cookie, if there is one, and keeps it alive.
func (s *Server) parSession(c *gin.Context) (presence, error) {
	ctx, err := s.chargerSession(c.Request.Context(), c)
	if err != nil {
		return presence{}, err
	}
	c.Request = c.Request.WithContext(ctx)
	p, err := s.presenceEnSession(ctx)
	if err != nil || p.Identifiant == "" || slices.Contains(routesDeFlux, c.FullPath()) {
		return p, err
	}
	return p, s.prolonger(ctx, p)
}

// chargerSession returns ctx with the session of the cookie of c, or an empty one.
func (s *Server) chargerSession(ctx context.Context, c *gin.Context) (context.Context, error) {
	token, err := c.Cookie(s.sessions.Cookie.Name)
	if err != nil || len(token) > longueurToken {
		token = ""
	}
	ctx, err = s.sessions.Load(store.AvecTrace(ctx, &store.TraceSession{}), token)
	if err != nil {
		return ctx, fmt.Errorf("loading a session: %w", err)
	}
	return ctx, nil
}

// presenceEnSession reads who the session of ctx belongs to; nobody when it is
// empty or past its end.
func (s *Server) presenceEnSession(ctx context.Context) (presence, error) {
	compte := s.sessions.GetString(ctx, cleCompte)
	if compte == "" || time.Now().Unix() >= s.sessions.GetInt64(ctx, cleFin) {
		return presence{}, nil
	}
	u, err := s.Store.UtilisateurDeCompte(ctx, compte)
	if err != nil || u.Perime {
		return presence{}, err
	}
	if choisi := s.sessions.GetString(ctx, clePerimetre); choisi != "" {
		u, _ = u.Entrer(choisi) // gone, another one is chosen again: nobody changes company unaware
	}
	p := presence{Utilisateur: u, Etape: s.etapeDe(u, s.sessions.GetString(ctx, cleFacteur)), Session: store.TraceDe(ctx).ID}
	if p.Etape != EtapeOuverte {
		p.Utilisateur, _ = u.Entrer("-") // whoever has not come in yet is nowhere
	}
	return p, nil
}

// prolonger notes that the session is in use, once a minute.
func (s *Server) prolonger(ctx context.Context, p presence) error {
	t := store.TraceDe(ctx)
	if time.Since(t.VueLe) < toucheSession {
		return nil
	}
	parametres, err := s.parametresConnexion(ctx)
	if err != nil {
		return err
	}
	return s.Store.ToucherSession(ctx, t.Jeton, s.expire(ctx, parametres.Connexion, p.Utilisateur))
}

// parametresConnexion are the figures of accounts in force today.
func (s *Server) parametresConnexion(ctx context.Context) (opco.ParametresCompte, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.ParametresCompte{}, err
	}
	p, err := s.Store.Parametres(ctx, opco.JourDe(le))
	return p.Comptes, err
}

// expire is when the session of ctx ends if it is left alone from now on.
func (s *Server) expire(ctx context.Context, p opco.ParametresConnexion, u store.Utilisateur) time.Time {
	_, repos := p.DureeSession(u.Interne, s.sessions.GetBool(ctx, cleRester))
	fin := time.Unix(s.sessions.GetInt64(ctx, cleFin), 0)
	if f := time.Now().Add(repos); f.Before(fin) {
		return f
	}
	return fin
}

// arrivee is how somebody came in.
type arrivee struct {
	facteur string // how the second factor was given, "" not at all
	rester  bool
}

// ouvrir starts the session of u under a new token, sets its cookie and returns
// where the login stands. A password changed since u was read opens nothing.
func (s *Server) ouvrir(ctx context.Context, u store.Utilisateur, a arrivee) (presence, error) {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return presence{}, errors.New("opening a session outside a request")
	}
	rctx, err := s.chargee(c)
	if err != nil {
		return presence{}, err
	}
	t := store.TraceDe(rctx)
	t.Nouvelle = &store.NouvelleSession{ID: rand.Text(), Compte: u.Compte, Hache: u.MotDePasse, Agent: agentDe(c), Adresse: reseauDe(c.ClientIP())}
	if err := s.sessions.Clear(rctx); err != nil {
		return presence{}, fmt.Errorf("emptying a session: %w", err)
	}
	s.sessions.Put(rctx, cleCompte, u.Compte)
	s.sessions.Put(rctx, cleFacteur, a.facteur)
	s.sessions.Put(rctx, clePerimetre, u.Espace) // the only one there is, if so
	s.sessions.RememberMe(rctx, a.rester && !u.Interne)
	p := presence{Utilisateur: u, Etape: s.etapeDe(u, a.facteur), Session: t.Nouvelle.ID}
	if err := s.deposerTemoin(rctx, c, p); err != nil {
		return presence{}, err
	}
	if p.Etape != EtapeOuverte && p.Etape != EtapePerimetre {
		p.Utilisateur, _ = u.Entrer("-")
	}
	return p, nil
}

// changer writes a change of the session of the request under a new token: what
// was stolen before serves no more after a second factor, an espace or a password
// (reliability.md 3.4). A session cut meanwhile is not written back.
func (s *Server) changer(ctx context.Context, faire func(ctx context.Context)) (presence, error) {
	c, ok := ctx.(*gin.Context)
	if !ok || presenceDe(ctx).ParCle {
		return presence{}, opco.Errorf(opco.Conflict, "Cette action se fait depuis une session, pas avec une clé d’API.")
	}
	rctx := c.Request.Context()
	store.TraceDe(rctx).Change = true
	faire(rctx)
	p, err := s.presenceEnSession(rctx)
	if err != nil {
		return p, err
	}
	return p, s.deposerTemoin(rctx, c, p)
}

// Renouveler gives the session of the request a new token, after a change of
// password.
func (s *Server) Renouveler(ctx context.Context) error {
	_, err := s.changer(ctx, func(context.Context) {})
	return err
}

// deposerTemoin writes the session of rctx and its cookie. A login that waits for
// a second factor has a few minutes; the whole time counts from its end.
func (s *Server) deposerTemoin(rctx context.Context, c *gin.Context, p presence) error {
	parametres, err := s.parametresConnexion(rctx)
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(rctx); err != nil {
		return fmt.Errorf("renewing a session: %w", err)
	}
	rester := s.sessions.GetBool(rctx, cleRester)
	totale, _ := parametres.Connexion.DureeSession(p.Interne, rester)
	if p.Etape == EtapeSecondFacteur {
		totale = time.Duration(parametres.Connexion.EtapeMinutes) * time.Minute
	}
	if t := store.TraceDe(rctx); t.Nouvelle != nil || s.sessions.GetBool(rctx, cleAttente) {
		s.sessions.Put(rctx, cleFin, time.Now().Add(totale).Unix())
	}
	s.sessions.Put(rctx, cleAttente, p.Etape == EtapeSecondFacteur)
	t := store.TraceDe(rctx)
	t.Expire = s.expire(rctx, parametres.Connexion, p.Utilisateur)
	token, _, err := s.sessions.Commit(rctx)
	if errors.Is(err, store.ErrSessionFinie) {
		return &erreurStatut{statut: http.StatusUnauthorized, detail: "Votre session a été fermée entre-temps. Identifiez-vous à nouveau."}
	}
	if err != nil {
		return fmt.Errorf("writing a session: %w", err)
	}
	s.sessions.WriteSessionCookie(rctx, c.Writer, token, time.Unix(s.sessions.GetInt64(rctx, cleFin), 0))
	return nil
}

// cleAttente says that the session waits for a second factor: its time is short.
const cleAttente = "attente"

// chargee returns the context of the request with its session, loaded when an API
// key made that unnecessary.
func (s *Server) chargee(c *gin.Context) (context.Context, error) {
	if c.GetHeader("Authorization") == "" {
		return c.Request.Context(), nil
	}
	return s.sessions.Load(store.AvecTrace(c.Request.Context(), &store.TraceSession{}), "")
}

// LireSession answers GET /api/session.
func (s *Server) LireSession(ctx context.Context, _ LireSessionRequestObject) (LireSessionResponseObject, error) {
	r, err := s.sessionDe(ctx, presenceDe(ctx))
	return LireSession200JSONResponse(r), err
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

// sessionDe shows a presence: what an unfinished login may know of the account is
// its name and its second factors.
func (s *Server) sessionDe(ctx context.Context, p presence) (Session, error) {
	r := Session{Identifiant: p.Identifiant, Nom: p.Prenom + " " + p.Nom, Role: p.Role, Sirets: append([]string{}, p.SIRETs...), Ecrit: p.Ecrit,
		Etape: p.Etape, Interne: p.Interne, Perimetre: p.Espace, Espaces: []EspaceLu{}, Facteurs: []SessionFacteurs{}}
	if p.Etape == EtapeOuverte || p.Etape == EtapePerimetre {
		r.AccesLimite = len(p.Espaces) == 0
		for _, e := range p.Espaces {
			r.Espaces = append(r.Espaces, espaceLu(e))
		}
	}
	if p.Totp {
		r.Facteurs = append(r.Facteurs, TOTP)
	}
	if p.Passkeys > 0 {
		r.Facteurs = append(r.Facteurs, PASSKEY)
	}
	if !p.Facteur() {
		return r, nil
	}
	f, err := s.Store.Facteurs(ctx, p.Compte)
	if err == nil && len(f.Secours) > 0 {
		r.Facteurs = append(r.Facteurs, SECOURS)
	}
	return r, err
}
