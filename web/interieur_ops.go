package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// InterieurOps are the doors of who runs the house: what is stuck, and why.
type InterieurOps interface {
	Bloques(c *gin.Context) (api.Bloques, error)
	// CauseBloquee is a cause and a page of its cases, those of one étape unless it is "".
	CauseBloquee(c *gin.Context, code string, etape opco.Etat, apres string) (api.CauseEntiere, error)
	CasBloque(c *gin.Context, numero int64) (api.CasEntier, error)
	CompterLesBloques(c *gin.Context) (cas, causes int64, err error)
}
