package web

import (
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// InterieurRIB are the doors of bank details.
type InterieurRIB interface {
	RIBs(c *gin.Context, etats []opco.EtatRIB, apres string) ([]api.RIB, string, error)
	RIB(c *gin.Context, id string) (api.RIB, error)
	// ProposerUnRIB reads corps as the JSON door of the same noun does.
	ProposerUnRIB(c *gin.Context, corps *multipart.Reader) error
	AgirSurUnRIB(c *gin.Context, acte, id string, g opco.GesteRIB, raison string) error
	// AttenteRIB is how long a validated RIB waits, in hours.
	AttenteRIB(c *gin.Context) (int, error)
	CompterLesRIBs(c *gin.Context) (int, error)
}
