package web

import (
	"context"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// InterieurRIB are the doors of bank details.
type InterieurRIB interface {
	RIBs(c *gin.Context, etats []opco.EtatRIB, apres string) ([]api.RIB, string, error)
	RIB(c *gin.Context, id string) (api.RIB, error)
	// ProposerRIBGarde is the door of the API itself.
	ProposerRIBGarde(ctx context.Context, p api.PropositionRIB) error
	AgirSurUnRIB(c *gin.Context, acte, id string, g opco.GesteRIB, raison string) error
	// AttenteRIB is how long a validated RIB waits, in hours.
	AttenteRIB(c *gin.Context) (int, error)
	CompterLesRIBs(c *gin.Context) (int, error)
}
