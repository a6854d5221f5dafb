package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurIndus are the doors of the debts, and of what funds the envelopes.
type InterieurIndus interface {
	Indus(c *gin.Context, f store.FiltreIndus) ([]store.LigneIndu, string, error)
	CompterLesIndus(c *gin.Context) (map[opco.EtatIndu]int, error)
	UnIndu(c *gin.Context, id string) (api.InduLu, error)
	// JournalIndu is read by the staff only.
	JournalIndu(c *gin.Context, id string) ([]opco.Passage, error)
	AgirSurUnIndu(c *gin.Context, id string, b api.CorpsActeIndu) (opco.Verdict, error)
	// Compenser takes a debt on a règlement of dossier.
	Compenser(c *gin.Context, acte, dossier string, ch opco.ChargeCompenser) (opco.Verdict, error)

	// CreditsAAffecter are the transfers received of which something is left.
	CreditsAAffecter(c *gin.Context) ([]store.CreditAAffecter, error)

	CrediterEnveloppe(c *gin.Context, b api.CorpsDotation) error
	ExercicesClos(c *gin.Context) ([]store.Exercice, error)
	CloreUnExercice(c *gin.Context, annee int) error
}
