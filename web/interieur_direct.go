package web

import (
	"context"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/store"
)

// InterieurDirect are the doors of what every page does while it is open: hear what
// happens, search.
type InterieurDirect interface {
	// Rang returns how far a dossier has gone, for who asks.
	Rang(c *gin.Context, dossier string) (int64, error)
	// Diffuser keeps a stream open; regarde is the dossier that its reader has open.
	Diffuser(c *gin.Context, as []api.Abonnement, regarde string)
	// AuNomDe returns a request that reads as somebody does now, for a drawing.
	AuNomDe(ctx context.Context, u store.Utilisateur) (*gin.Context, error)
	// LigneVue is a dossier as the lists of an audience show it.
	LigneVue(ctx context.Context, a api.Audience, dossier string) (store.LigneDossier, error)
	// Chercher finds what a reader may open by what they typed.
	Chercher(c *gin.Context, texte string) (Trouves, error)
	// ReglerTouches turns the keys of one letter on or off.
	ReglerTouches(c *gin.Context, touches bool) error
}

// Trouves is what a search finds, in each room that the reader may enter.
type Trouves struct {
	Dossiers      []store.LigneDossier
	Organisations []store.OrganisationConnue
	Nommes        store.Nommes // by their very number
	Comptes       []store.LigneCompte
	Salaries      []store.LigneSalarie  // of a company
	Documents     []store.DocumentNomme // by their name
}

// Nombre is how many rows there are.
func (t Trouves) Nombre() int {
	return len(t.Dossiers) + len(t.Organisations) + len(t.Nommes.Factures) + len(t.Nommes.Reglements) + len(t.Nommes.Lots) + len(t.Comptes) +
		len(t.Salaries) + len(t.Documents)
}
