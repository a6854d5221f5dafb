package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurControle are the doors of the contrôle of dossiers.
type InterieurControle interface {
	Signalements(c *gin.Context, f store.FiltreSignalements) ([]api.Signalement, string, error)
	UnSignalement(c *gin.Context, dossier string) (api.SignalementEntier, error)
	AgirSurUnSignalement(c *gin.Context, acte, dossier string, g opco.GesteSignalement, raison string) error
	DossierNomme(c *gin.Context, numero string) (string, error)
	CompterLesSignalements(c *gin.Context) (store.CompteursSignalements, error)
}
