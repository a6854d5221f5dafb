package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
)

// RelierFournisseur starts linking one's account: the browser keeps the sealed half.
func (p porteInterieur) RelierFournisseur(c *gin.Context, motDePasse string) (string, error) {
	r, err := p.RelierIdentite(contexte(c), api.RelierIdentiteRequestObject{Body: &api.CorpsReliement{MotDePasse: motDePasse, Suite: "/compte/securite"}})
	lu, _ := r.(api.RelierIdentite200JSONResponse)
	return lu.Adresse, err
}

// DelierFournisseurs forgets the identities that are linked.
func (p porteInterieur) DelierFournisseurs(c *gin.Context, motDePasse string) error {
	_, err := p.DelierIdentites(contexte(c), api.DelierIdentitesRequestObject{Body: &api.CorpsReconnaissance{MotDePasse: motDePasse}})
	return err
}
