package api

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

const (
	redemandesMax = 10 // passwords typed again within an hour, by account
	tropSouvent   = "Trop de demandes en peu de temps. Attendez une heure avant de réessayer, ou appelez-nous."
	motDePasseNon = "Ce mot de passe n’est pas le vôtre. Retapez-le."
)

// plancher is the step on which answers leave that must not tell, by their time,
// whether an account exists.
const plancher = 300 * time.Millisecond

// egaliser waits until the next step since debut: what was found in between does
// not show in the time of the answer.
func egaliser(ctx context.Context, debut time.Time) {
	attente := plancher - time.Since(debut)%plancher
	select {
	case <-time.After(attente):
	case <-ctx.Done():
	}
}

// adresseReseau names where a request comes from: an address, or the network of 64
// bits that one IPv6 subscriber has.
func adresseReseau(ctx context.Context) string {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return ""
	}
	a, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return c.ClientIP()
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// plafond is how many requests of one key pass within an hour.
type plafond struct {
	cle string
	max int
}

// adressesDuReseau is how many requests an IPv6 network of 48 bits has, in those of
// one address: one subscriber may hold it whole.
const adressesDuReseau = 4

// mesurer bounds what is asked without logging in: for one mailbox, whatever the
// label after its « + », and from one network address.
func (s *Server) mesurer(ctx context.Context, quoi, boite string, max int, p opco.ParametresCompte) error {
	plafonds := []plafond{{"adresse " + adresseReseau(ctx), p.DemandesAdresse}, {quoi + " " + boite, max}}
	if c, ok := ctx.(*gin.Context); ok {
		if r := reseauLarge(c.ClientIP()); r != "" {
			plafonds = append(plafonds, plafond{"adresse " + r, p.DemandesAdresse * adressesDuReseau})
		}
	}
	for _, x := range plafonds {
		ok, err := s.Store.Solliciter(ctx, x.cle, x.max)
		if err != nil {
			return err
		}
		if !ok {
			return &erreurStatut{statut: http.StatusTooManyRequests, detail: tropSouvent, apres: time.Hour}
		}
	}
	return nil
}

// choisirMotDePasse holds a chosen password against the policy and returns its
// hash. contexte is what points at the person.
func (s *Server) choisirMotDePasse(ctx context.Context, champ string, p opco.Politique, mot string, contexte ...string) (string, error) {
	if err := p.Verifier(mot, contexte...); err != nil {
		return "", surChamp(champ, err)
	}
	return s.Hacher(ctx, mot)
}

// contexteDe is what a password must not be made of: what points at the person and
// at their organisations.
func contexteDe(c store.CompteLu) []string {
	mots := []string{c.Nom, c.Prenom, string(c.Email), c.Identifiant}
	for _, nom := range c.Noms {
		mots = append(mots, nom)
	}
	for _, h := range c.Habilitations {
		mots = append(mots, string(h.SIRET))
	}
	return mots
}

// redemander checks the password of who is connected, typed again on field champ
// (C12). Somebody at an open session cannot try for ever.
func (s *Server) redemander(ctx context.Context, champ, mot string) error {
	u := qui(ctx)
	ok, err := s.Store.Solliciter(ctx, "mot de passe "+u.Compte, redemandesMax)
	if err != nil {
		return err
	}
	if !ok {
		return &erreurStatut{statut: http.StatusTooManyRequests, detail: tropSouvent, apres: time.Hour}
	}
	juste, err := s.comparer(ctx, mot, u.MotDePasse)
	if err != nil {
		return fmt.Errorf("comparing a password: %w", err)
	}
	if !juste {
		return opco.Champf(champ, "%s", motDePasseNon)
	}
	return nil
}
