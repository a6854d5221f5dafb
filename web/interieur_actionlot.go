package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// InterieurActionLot are the doors of the actions on many dossiers.
type InterieurActionLot interface {
	// CreerActionLot freezes dossiers, or those of a filter, and has each one tried.
	CreerActionLot(c *gin.Context, id string, a opco.ActionLot, dossiers []string, filtre *store.FiltreFile) error
	ActionLot(c *gin.Context, id string) (store.ActionLotVue, error)
	ActionsLot(c *gin.Context, avant time.Time, limite int) ([]store.ActionLotVue, error)
	ElementsLot(c *gin.Context, id string, etats []string, apres, limite int) ([]store.ElementLot, error)
	ChangerActionLot(c *gin.Context, id, geste string) error
}

// CreerActionLot has an action tried on many dossiers.
func (p porteInterieur) CreerActionLot(c *gin.Context, id string, a opco.ActionLot, dossiers []string, filtre *store.FiltreFile) error {
	return p.Server.CreerActionLot(c.Request.Context(), id, a, dossiers, filtre)
}

// ActionLot reads an action.
func (p porteInterieur) ActionLot(c *gin.Context, id string) (store.ActionLotVue, error) {
	return p.ActionLotDe(c.Request.Context(), id)
}

// ActionsLot reads the actions of who asks.
func (p porteInterieur) ActionsLot(c *gin.Context, avant time.Time, limite int) ([]store.ActionLotVue, error) {
	return p.ActionsLotDe(c.Request.Context(), avant, limite)
}

// ElementsLot reads what became of the dossiers of an action.
func (p porteInterieur) ElementsLot(c *gin.Context, id string, etats []string, apres, limite int) ([]store.ElementLot, error) {
	return p.ElementsLotDe(c.Request.Context(), id, etats, apres, limite)
}

// ChangerActionLot launches, stops, resumes or gives up an action.
func (p porteInterieur) ChangerActionLot(c *gin.Context, id, geste string) error {
	return p.Server.ChangerActionLot(c.Request.Context(), id, geste)
}
