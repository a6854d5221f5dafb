package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// InterieurRejeu are the doors of the replays and of the verifications of the base.
type InterieurRejeu interface {
	// DemanderRejeu asks for the replay of the object that dit names, else of a class.
	DemanderRejeu(c *gin.Context, id, dit string, etapes []string, echantillon int) error
	Rejeu(c *gin.Context, id string) (store.RejeuVue, error)
	Rejeux(c *gin.Context, avant time.Time, limite int) ([]store.RejeuVue, error)
	// Chronologie tells the journal of an object, without a name.
	Chronologie(c *gin.Context, objet string) ([]opco.EtapeVecue, error)
	VerifierTout(c *gin.Context, id string) error
	Verification(c *gin.Context, id string) (store.VerificationVue, error)
	Verifications(c *gin.Context, avant time.Time, limite int) ([]store.VerificationVue, error)
	VerificationDuJour(c *gin.Context) (VerificationDuJour, error)
}

// DemanderRejeu asks for a replay.
func (p porteInterieur) DemanderRejeu(c *gin.Context, id, dit string, etapes []string, echantillon int) error {
	return p.DemanderUnRejeu(c.Request.Context(), id, dit, etapes, echantillon)
}

// Rejeu reads a replay.
func (p porteInterieur) Rejeu(c *gin.Context, id string) (store.RejeuVue, error) {
	return p.RejeuDe(c.Request.Context(), id)
}

// Rejeux lists the replays.
func (p porteInterieur) Rejeux(c *gin.Context, avant time.Time, limite int) ([]store.RejeuVue, error) {
	return p.RejeuxDe(c.Request.Context(), avant, limite)
}

// Chronologie tells the journal of an object.
func (p porteInterieur) Chronologie(c *gin.Context, objet string) ([]opco.EtapeVecue, error) {
	return p.ChronologieDe(c.Request.Context(), objet)
}

// VerifierTout asks for a verification of the whole base.
func (p porteInterieur) VerifierTout(c *gin.Context, id string) error {
	return p.Server.VerifierTout(c.Request.Context(), id)
}

// Verification reads a verification.
func (p porteInterieur) Verification(c *gin.Context, id string) (store.VerificationVue, error) {
	return p.VerificationDe(c.Request.Context(), id)
}

// Verifications lists the verifications.
func (p porteInterieur) Verifications(c *gin.Context, avant time.Time, limite int) ([]store.VerificationVue, error) {
	return p.VerificationsDe(c.Request.Context(), avant, limite)
}
