package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Signalements lists the queue of the contrôleur.
func (p porteInterieur) Signalements(c *gin.Context, f store.FiltreSignalements) ([]api.Signalement, string, error) {
	r, err := p.ListerSignalements(contexte(c), api.ListerSignalementsRequestObject{Params: api.ListerSignalementsParams{Etat: f.Etat, Code: f.Code,
		ARevoir: f.ARevoir, Texte: f.Texte, Apres: f.Apres}})
	lus, _ := r.(api.ListerSignalements200JSONResponse)
	return lus.Signalements, lus.Suivant, err
}

// UnSignalement reads the contrôle of a dossier.
func (p porteInterieur) UnSignalement(c *gin.Context, dossier string) (api.SignalementEntier, error) {
	r, err := p.LireSignalement(contexte(c), api.LireSignalementRequestObject{Id: dossier})
	if err != nil {
		return api.SignalementEntier{}, err
	}
	lu, _ := r.(api.LireSignalement200JSONResponse)
	return api.SignalementEntier(lu), nil
}

// AgirSurUnSignalement does a gesture to the contrôle of a dossier.
func (p porteInterieur) AgirSurUnSignalement(c *gin.Context, acte, dossier string, g opco.GesteSignalement, raison string) error {
	_, err := p.AgirSurSignalement(contexte(c), api.AgirSurSignalementRequestObject{Id: dossier,
		Body: &api.CorpsGesteSignalement{ActeID: acte, Geste: g, Raison: raison}})
	return err
}

// CompterLesSignalements counts what waits.
func (p porteInterieur) CompterLesSignalements(c *gin.Context) (store.CompteursSignalements, error) {
	return p.CompterSignalements(contexte(c))
}
