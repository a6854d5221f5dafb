package web

import (
	"strings"

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

// DossierNomme is the dossier that bears a number.
func (p porteInterieur) DossierNomme(c *gin.Context, numero string) (string, error) {
	numero = strings.ToUpper(strings.TrimSpace(numero))
	if numero == "" {
		return "", opco.Champf("numero", "Écrivez le numéro du dossier.")
	}
	r, err := p.ListerDossiers(contexte(c), api.ListerDossiersRequestObject{Params: api.ListerDossiersParams{Texte: numero, Limite: trouvesMax}})
	if err != nil {
		return "", err
	}
	lus, _ := r.(api.ListerDossiers200JSONResponse)
	for _, d := range lus.Dossiers {
		if d.Numero == numero {
			return d.ID, nil
		}
	}
	return "", opco.Champf("numero", "Aucun dossier ne porte le numéro « %s ». Vérifiez-le : il est en haut du dossier.", numero)
}

// CompterLesSignalements counts what waits.
func (p porteInterieur) CompterLesSignalements(c *gin.Context) (store.CompteursSignalements, error) {
	return p.CompterSignalements(contexte(c))
}
