package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/identite"
	"guichet/opco"
	"guichet/store"
)

// OIDC says where the staff of the OPCO sign in with the account of their house.
type OIDC struct {
	Emetteur, Client, Secret string
	Acr                      []string // levels asked for; any when empty
	Fort                     bool     // the second factor that the provider asserts counts here
	ParCourriel              bool     // an identity unknown here is linked to the account that has its verified address
}

const (
	temoinOIDC = "guichet-oidc"
	dureeOIDC  = 10 * time.Minute
)

// allerOIDC is what the browser keeps, sealed, while it is at the provider.
type allerOIDC struct {
	Etat  identite.Etat `json:"etat"`
	Suite string        `json:"suite"`
	Lier  string        `json:"lier,omitempty"` // the account to link, whose password was given again
	// Session is the one in which it was.
	Session string `json:"session,omitempty"`
}

// OIDCOuvert reports whether the staff may sign in through a provider.
func (s *Server) OIDCOuvert() bool { return s.oidc != nil }

// getOidcDepart answers GET /api/oidc/depart: it sends the browser to the provider.
func (s *Server) getOidcDepart(c *gin.Context) {
	if err := s.partirOIDC(c); err != nil {
		s.refuserNavigation(c, err)
	}
}

func (s *Server) partirOIDC(c *gin.Context) error {
	if s.oidc == nil {
		return opco.Errorf(opco.NotFound, "Ce guichet n’est relié à aucun fournisseur d’identité.")
	}
	adresse, err := s.allerAuFournisseur(c, allerOIDC{Suite: Suite(c.Query("suite"))})
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, adresse)
	return nil
}

// allerAuFournisseur seals aller in the browser and returns where it must go.
func (s *Server) allerAuFournisseur(c *gin.Context, aller allerOIDC) (string, error) {
	adresse, etat, err := s.oidc.Demarrer(c.Request.Context())
	if err != nil {
		return "", err
	}
	aller.Etat = etat
	jeton, err := s.sceller("oidc", aller)
	if err != nil {
		return "", err
	}
	s.poserOIDC(c, jeton, int(dureeOIDC.Seconds()))
	return adresse, nil
}

// RelierIdentite answers POST /api/facteurs/identites/depart: with the password
// again, for an identity linked from a stolen session would open the account ever
// after. The address is followed by the browser, which keeps the sealed half.
func (s *Server) RelierIdentite(ctx context.Context, r RelierIdentiteRequestObject) (RelierIdentiteResponseObject, error) {
	c, ok := ctx.(*gin.Context)
	if s.oidc == nil || !ok {
		return nil, opco.Errorf(opco.NotFound, "Ce guichet n’est relié à aucun fournisseur d’identité.")
	}
	if !presenceDe(ctx).Interne {
		return nil, opco.Errorf(opco.Forbidden, "Seuls les comptes de l’OPCO se relient à un fournisseur d’identité.")
	}
	p, err := s.enroler(ctx, r.Body.MotDePasse)
	if err != nil {
		return nil, err
	}
	adresse, err := s.allerAuFournisseur(c, allerOIDC{Suite: Suite(r.Body.Suite), Lier: p.Compte, Session: p.Session})
	return RelierIdentite200JSONResponse{Adresse: adresse}, err
}

func (s *Server) poserOIDC(c *gin.Context, jeton string, duree int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: nomTemoin(temoinOIDC, s.Https), Value: jeton, Path: "/", HttpOnly: true, Secure: s.Https,
		SameSite: http.SameSiteLaxMode, MaxAge: duree})
}

// getOidcRetour answers GET /api/oidc/retour: the provider sent the browser back.
func (s *Server) getOidcRetour(c *gin.Context) {
	suite, err := s.revenirOIDC(c)
	if err != nil {
		s.refuserNavigation(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, suite)
}

func (s *Server) revenirOIDC(c *gin.Context) (suite string, err error) {
	if s.oidc == nil {
		return "", opco.Errorf(opco.NotFound, "Ce guichet n’est relié à aucun fournisseur d’identité.")
	}
	ctx := c.Request.Context()
	jeton, err := c.Cookie(nomTemoin(temoinOIDC, s.Https))
	if err != nil {
		return "", opco.Errorf(opco.Forbidden, "Cette connexion n’a pas été demandée depuis ce navigateur. Recommencez depuis la page de connexion.")
	}
	s.poserOIDC(c, "", -1)
	var aller allerOIDC
	if err := s.desceller(ctx, "oidc", jeton, &aller); err != nil {
		return "", opco.Errorf(opco.Forbidden, "Cette connexion a expiré ou a déjà servi. Recommencez depuis la page de connexion.")
	}
	i, err := s.oidc.Terminer(ctx, c.Query("code"), c.Query("state"), aller.Etat)
	if err != nil {
		return "", err
	}
	if aller.Lier != "" {
		return aller.Suite, s.lier(c, aller, i)
	}
	u, err := s.compteDe(ctx, i)
	if err != nil {
		return "", err
	}
	facteur := ""
	if s.Config.OIDC.Fort && (i.Fort() || len(s.Config.OIDC.Acr) > 0) {
		facteur = "oidc"
	}
	_, err = s.ouvrir(c, u, arrivee{facteur: facteur})
	return aller.Suite, err
}

// lier links the account of the open session to what the provider vouches for. The
// id that the session had serves no more.
func (s *Server) lier(c *gin.Context, aller allerOIDC, i identite.Identite) error {
	ctx := c.Request.Context()
	p := presenceDe(ctx)
	if p.Session == "" || p.Compte != aller.Lier || p.Session != aller.Session {
		return opco.Errorf(opco.Forbidden, "Votre session a été fermée entre-temps. Connectez-vous, puis recommencez.")
	}
	if err := s.Store.LierIdentite(ctx, aller.Lier, store.IdentiteExterne{Emetteur: i.Emetteur, Sujet: i.Sujet}); err != nil {
		return err
	}
	if err := s.Renouveler(c); err != nil {
		return err
	}
	return s.direFacteur(ctx, p, opco.ChargeFacteur{Facteur: facteurIdentite})
}

// compteDe returns the staff account of an identity: the one that is linked, else,
// where the house says so, the one that has the address that the provider
// verified, which is then linked.
// An organisation never comes in this way.
func (s *Server) compteDe(ctx context.Context, i identite.Identite) (store.Utilisateur, error) {
	inconnu := opco.Errorf(opco.Forbidden, "Aucun compte de l’OPCO n’est relié à cette identité. Connectez-vous avec votre mot de passe, puis reliez-la dans « Mon compte », rubrique « Sécurité ».")
	compte, err := s.Store.CompteDIdentite(ctx, i.Emetteur, i.Sujet)
	if err == nil {
		u, err := s.Store.UtilisateurDeCompte(ctx, compte)
		if errors.Is(err, opco.NotFound) || err == nil && !u.Interne {
			return u, inconnu
		}
		return u, err
	}
	if !errors.Is(err, opco.NotFound) {
		return store.Utilisateur{}, err
	}
	if !i.EmailVerifie || !s.Config.OIDC.ParCourriel {
		return store.Utilisateur{}, inconnu
	}
	u, err := s.Store.AgentDEmail(ctx, opco.Email(i.Email))
	if errors.Is(err, opco.NotFound) {
		return u, inconnu
	}
	if err != nil {
		return u, err
	}
	if err := s.Store.LierIdentite(ctx, u.Compte, store.IdentiteExterne{Emetteur: i.Emetteur, Sujet: i.Sujet}); err != nil {
		return u, err
	}
	return u, s.direFacteur(ctx, presence{Utilisateur: u}, opco.ChargeFacteur{Facteur: facteurIdentite})
}

// refuserNavigation refuses a request that a browser made by moving there: as a
// page when there are pages.
func (s *Server) refuserNavigation(c *gin.Context, err error) {
	if s.pages == nil {
		s.refuser(c, err)
		return
	}
	p := Answer(err)
	p.Reference = c.GetString(cleReference)
	s.Log.WarnContext(c.Request.Context(), "sign-in refused", "reference", p.Reference, "error", err)
	c.Abort()
	s.pages.Refuser(c, int(p.Status), p)
}
