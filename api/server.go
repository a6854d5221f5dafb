// Package api is the counter: the JSON doors of the house. It says who is there
// (sessions, API keys), who may do what (one table, default deny), refuses what
// cannot be read, puts actes in the inbox and tells the procedures, and serves
// what the store knows. Reading never asks the procedures. It knows them only by
// the interface that it declares. openapi.yaml says the routes first; the code
// that binds them is generated from it.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"guichet/identite"
	"guichet/opco"
	"guichet/store"
)

// Procedures tells the procedures that an acte is in the inbox. An error is only
// logged: the acte is acknowledged and the relay tells it again.
type Procedures interface {
	Transmettre(ctx context.Context, a opco.Acte) error
}

// Examinateur examines a received file of a MIME type, away from this process.
// It returns an Invalid error that says why the file cannot be kept.
type Examinateur func(ctx context.Context, r io.Reader, format string) error

// Config is what a Server needs.
type Config struct {
	Store        *store.Store
	Fichiers     *store.Fichiers
	Procedures   Procedures
	Examiner     Examinateur
	LireRetour   func(io.Reader) (opco.RetourBancaire, error) // reads a file of the bank
	LireFacture  LecteurFacture                               // nil: electronic invoices are not read
	EcrireStatut func(opco.MessageStatut) ([]byte, error)     // writes a life-cycle message of an invoice
	Lettre       func(opco.Envoi) (LettreApercue, error)      // words what would be sent; nil: no preview of letters
	Facture      func(opco.FactureModele) ([]byte, error)     // draws the invoice of a company as a PDF
	Log          *slog.Logger
	Https        bool            // cookies travel on HTTPS only
	HorlogeEssai bool            // the test clock and the fixtures are allowed
	Attente      time.Duration   // how long an answer waits for a verdict; 0 is 2 s
	Arret        <-chan struct{} // closed when the server stops: streams end
	Places       int             // processors that requests may count on; 0 for those of the machine

	URL           string   // how people reach the counter: passkeys belong to it
	Secrets       string   // keys « nom:base64,… » that seal what rests; "" draws one that nobody keeps
	SecondFacteur bool     // the staff must have one
	Proxys        []string // whose X-Forwarded-For is believed
	OIDC          OIDC     // where the staff sign in; without Emetteur nowhere

	Observer Observateur // nil: nobody measures the requests
}

// Observateur is told of each request by its route, and when it is answered: with its
// status, and whether it was a stream of events. The request goes on in the context that
// it returns.
type Observateur func(r *http.Request, route string) (ctx context.Context, fini func(statut int, flux bool))

// Server answers the API.
type Server struct {
	Config
	sessions *scs.SessionManager
	spec     *openapi3.T
	acces    map[string]Regle // the table, with the rows of the pages
	pages    Pages            // nil: the API alone
	hachages chan struct{}    // bounds the password hashes computed at once
	file     chan struct{}    // and the logins that wait for one
	leurre   string           // a hash that no password has, for unknown accounts

	coffre      *identite.Coffre
	epreuves    identite.Epreuves
	passkeys    *identite.Passkeys    // nil: the address of the counter has no domain name
	oidc        *identite.Fournisseur // nil: no provider
	cleAppareil []byte
	foule       atomic.Bool // everybody together fails too often, and it was told
	direct      *direct     // the open streams
	exports     *exports    // those that are under way
	affluence   *affluence  // how many requests are served at once
	moteur      *gin.Engine // whose settings a request made here takes
}

var _ StrictServerInterface = (*Server)(nil)

// New returns a Server ready to serve. It fails when the specification does not
// hold together or when a route has no row in the authorisation table.
func New(c Config) (*Server, error) {
	spec, err := lireSpecification()
	if err != nil {
		return nil, err
	}
	if c.Attente == 0 {
		c.Attente = 2 * time.Second
	}
	if c.LireFacture == nil {
		c.LireFacture = lectureAbsente
	}
	s := &Server{Config: c, spec: spec, sessions: nouvellesSessions(c), hachages: make(chan struct{}, 2), file: make(chan struct{}, 64)}
	s.direct, s.exports, s.affluence = nouveauDirect(s), nouveauxExports(), nouvelleAffluence(c)
	if s.leurre, err = store.HacherMotDePasse(reference()); err != nil {
		return nil, fmt.Errorf("preparing logins: %w", err)
	}
	if err := s.preparerSecrets(); err != nil {
		return nil, err
	}
	if k, err := identite.NewPasskeys(c.URL, nomDuSite); err == nil {
		s.passkeys = k
	}
	if c.OIDC.Emetteur != "" {
		s.oidc = &identite.Fournisseur{Emetteur: c.OIDC.Emetteur, ClientID: c.OIDC.Client, Secret: c.OIDC.Secret,
			Retour: strings.TrimSuffix(c.URL, "/") + "/api/oidc/retour", Acr: c.OIDC.Acr}
	}
	return s, nil
}

// Handler returns the whole API, with its protections, and pages when there are
// some: they go through the same doors and have their rows in the same table.
func (s *Server) Handler(pages ...Pages) (http.Handler, error) {
	e := gin.New()
	s.moteur = e
	e.HandleMethodNotAllowed, e.ContextWithFallback = true, true
	e.RedirectTrailingSlash, e.RedirectFixedPath = false, false
	if err := e.SetTrustedProxies(s.Proxys); err != nil {
		return nil, err
	}
	e.NoRoute(func(c *gin.Context) { s.refuser(c, opco.Errorf(opco.NotFound, "Cette adresse n’existe pas.")) })
	e.NoMethod(func(c *gin.Context) {
		s.refuserStatut(c, http.StatusMethodNotAllowed, "Cette adresse n’accepte pas cette méthode.")
	})
	e.Use(s.suivre, s.proteger, s.verifierOrigine, s.contenir, s.identifier, s.partager, s.autoriser, s.verifier, s.tracer)
	s.acces = maps.Clone(acces)
	s.routes(e)
	if len(pages) == 0 {
		e.GET("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/api/doc") })
	}
	for _, p := range pages {
		if err := s.accueillir(e, p); err != nil {
			return nil, err
		}
	}
	for _, r := range e.Routes() {
		if _, ok := s.acces[cleRoute(r.Method, r.Path)]; !ok {
			return nil, fmt.Errorf("route %s %s has no row in the authorisation table", r.Method, r.Path)
		}
	}
	return e, nil
}

// propre gives the operation a context of its own: gin uses its own again for the
// next request, while a query that has just ended may still look at this one's.
func propre(f StrictHandlerFunc, _ string) StrictHandlerFunc {
	return func(c *gin.Context, requete any) (any, error) {
		sien := c.Copy()
		sien.Writer = c.Writer
		return f(sien, requete)
	}
}

// routes registers every route: those of the specification, and the few that are
// not JSON.
func (s *Server) routes(e *gin.Engine) {
	illisible := func(c *gin.Context, err error) { s.illisible(c, err) }
	strict := NewStrictHandlerWithOptions(s, []StrictMiddlewareFunc{propre}, StrictGinServerOptions{
		RequestErrorHandlerFunc:  illisible,
		HandlerErrorFunc:         func(c *gin.Context, err error) { s.refuser(c, err) },
		ResponseErrorHandlerFunc: func(c *gin.Context, err error) { s.refuser(c, err) },
	})
	RegisterHandlersWithOptions(e, strict, GinServerOptions{
		ErrorHandler: func(c *gin.Context, err error, _ int) { s.illisible(c, err) },
	})
	e.GET("/api/dossiers/:id/evenements", s.getEvenements)
	e.GET("/api/oidc/depart", s.getOidcDepart)
	e.GET("/api/oidc/retour", s.getOidcRetour)
	e.GET("/api/openapi.yaml", s.getYAML)
	e.GET("/api/openapi.json", s.getJSON)
	e.GET("/api/doc", s.getDoc)
	e.GET("/api/doc.css", s.getStyle)
}

// illisible answers a request that the generated code could not read, although
// the validation let it through.
func (s *Server) illisible(c *gin.Context, err error) {
	var trop *http.MaxBytesError
	if errors.As(err, &trop) {
		s.refuserStatut(c, http.StatusRequestEntityTooLarge, "Cet envoi est trop gros.")
		return
	}
	s.refuserStatut(c, http.StatusBadRequest, "Cette demande est illisible : comparez-la à la documentation de l’API.")
}

// LireSante answers GET /api/sante.
func (s *Server) LireSante(ctx context.Context, _ LireSanteRequestObject) (LireSanteResponseObject, error) {
	if err := s.Store.DB.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	return LireSante200JSONResponse{Etat: Ok}, nil
}
