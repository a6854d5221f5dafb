package web_test

import (
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// DossierNomme knows no number.
func (i *interieurFaux) DossierNomme(_ *gin.Context, numero string) (string, error) {
	return "", opco.Champf("numero", "Aucun dossier ne porte le numéro « %s ».", numero)
}

// CompterLesSignalements counts what waits for the contrôleur.
func (i *interieurFaux) CompterLesSignalements(*gin.Context) (store.CompteursSignalements, error) {
	return store.CompteursSignalements{Ouverts: 1}, nil
}
