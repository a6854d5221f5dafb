package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Indus lists the debts within reach of the reader.
func (p porteInterieur) Indus(c *gin.Context, f store.FiltreIndus) ([]store.LigneIndu, string, error) {
	f.Limite = pageComptable
	return p.Store.Indus(contexte(c), api.Qui(c.Request.Context()).Portee(), f)
}

// CompterLesIndus counts them by état.
func (p porteInterieur) CompterLesIndus(c *gin.Context) (map[opco.EtatIndu]int, error) {
	return p.Store.CompterIndus(contexte(c), api.Qui(c.Request.Context()).Portee())
}

// UnIndu reads one debt and what the reader may do to it.
func (p porteInterieur) UnIndu(c *gin.Context, id string) (api.InduLu, error) {
	r, err := p.LireIndu(contexte(c), api.LireInduRequestObject{Id: id})
	if err != nil {
		return api.InduLu{}, err
	}
	lu, _ := r.(api.LireIndu200JSONResponse)
	return api.InduLu(lu), nil
}

// JournalIndu reads what happened to a debt.
func (p porteInterieur) JournalIndu(c *gin.Context, id string) ([]opco.Passage, error) {
	return p.Store.Journal(contexte(c), api.Qui(c.Request.Context()).Portee(), opco.ObjetIndu(id))
}

// AgirSurUnIndu does an acte to a debt.
func (p porteInterieur) AgirSurUnIndu(c *gin.Context, id string, b api.CorpsActeIndu) (opco.Verdict, error) {
	return verdict(p.AgirSurIndu(contexte(c), api.AgirSurInduRequestObject{Id: id, Body: &b}))
}

// Compenser takes a debt on a payment.
func (p porteInterieur) Compenser(c *gin.Context, acte, dossier string, ch opco.ChargeCompenser) (opco.Verdict, error) {
	return verdict(p.CompenserReglement(contexte(c), api.CompenserReglementRequestObject{Id: dossier,
		Body: &api.CompenserReglementJSONRequestBody{ActeID: acte, ChargeCompenser: ch}}))
}

// CreditsAAffecter lists the transfers received of which something is left.
func (p porteInterieur) CreditsAAffecter(c *gin.Context) ([]store.CreditAAffecter, error) {
	return p.Store.CreditsAAffecter(contexte(c))
}

// CrediterEnveloppe puts money in an envelope.
func (p porteInterieur) CrediterEnveloppe(c *gin.Context, b api.CorpsDotation) error {
	_, err := p.DoterEnveloppe(contexte(c), api.DoterEnveloppeRequestObject{Body: &b})
	return err
}

// ExercicesClos lists the closed years.
func (p porteInterieur) ExercicesClos(c *gin.Context) ([]store.Exercice, error) {
	return p.Store.Exercices(contexte(c))
}

// CloreUnExercice closes a year.
func (p porteInterieur) CloreUnExercice(c *gin.Context, annee int) error {
	return p.Store.CloreExercice(contexte(c), annee, api.Qui(c.Request.Context()).Acteur(""))
}
