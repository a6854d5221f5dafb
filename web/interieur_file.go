package web

import (
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// InterieurFile are the doors of the work queues.
type InterieurFile interface {
	// FileTravail reads a page of a queue; CompterTravail how many dossiers a filter
	// holds, up to a thousand; CompterFiles the figures of the menu.
	FileTravail(c *gin.Context, f store.FiltreFile) (store.PageFile, error)
	// DansFile returns those of the dossiers of f.Parmi that its filter holds.
	DansFile(c *gin.Context, f store.FiltreFile) ([]string, error)
	CompterTravail(c *gin.Context, f store.FiltreFile) (int64, error)
	CompterFiles(c *gin.Context) ([]store.Compteur, error)
	// Choix are what the filters and the forms of a queue offer.
	ChoixFile(c *gin.Context) (ChoixFile, error)
	ParametresFile(c *gin.Context) (opco.ParametresFile, opco.Date, error)

	PrendreSuivant(c *gin.Context, acte string, file store.File, equipe bool) (store.Suivant, error)
	PrendreDossier(c *gin.Context, dossier string) (store.PriseVue, error)
	RendreDossier(c *gin.Context, dossier string) error
	// VivreDossier notes that the reader is at work on a dossier, and returns who holds
	// it, nil when nobody does.
	VivreDossier(c *gin.Context, dossier string) (*store.PriseVue, error)
	DossierEnFile(c *gin.Context, dossier string) (store.LigneFile, []store.Geste, error)
	MettreEnAttente(c *gin.Context, dossier string, a opco.Attente) error
	ReveillerDossier(c *gin.Context, dossier string) error
	Etiqueter(c *gin.Context, dossier string, e store.Etiquetage) error
	Confier(c *gin.Context, dossiers []string, a, raison string) error
	// MonGeste names the gesture that the reader has just made on dossiers, 0 for none;
	// Defaire undoes it, unless somebody came since.
	MonGeste(c *gin.Context, geste string, dossiers ...string) (int64, error)
	Defaire(c *gin.Context, r store.Retour) error

	Vues(c *gin.Context) ([]store.VueEnregistree, error)
	EnregistrerVue(c *gin.Context, v store.VueEnregistree) error
	OuvrirDAbord(c *gin.Context, vue string, oui bool) error
	SupprimerVue(c *gin.Context, vue string) error
	EcrireEtiquette(c *gin.Context, id string, neuve bool, e opco.Etiquette) error
	SupprimerEtiquette(c *gin.Context, id string) error
	Portefeuilles(c *gin.Context) ([]store.LignePortefeuille, error)
	Suivre(c *gin.Context, personne string, l opco.Portefeuille) error
	Delaisser(c *gin.Context, ligne string) error
}

// ChoixFile are the lists of the filters of a queue.
type ChoixFile struct {
	Etiquettes   []store.EtiquetteLue
	Instructeurs []store.Instructeur
	Branches     []opco.IDCC
}
