package web_test

import (
	"github.com/gin-gonic/gin"

	"guichet/store"
)

// Interrupteurs are open.
func (i *interieurFaux) Interrupteurs(*gin.Context) ([]store.Interrupteur, error) {
	return []store.Interrupteur{{Nom: "paiements"}, {Nom: "courriels"}}, nil
}
