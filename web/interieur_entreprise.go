package web

import (
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// DossierLu is a dossier as its pages show it, for one reader: what the API tells
// of it, where it stands, its documents, its letters and its history.
type DossierLu struct {
	Dossier   opco.Dossier
	Ligne     store.LigneDossier
	Actes     []string // what the reader may try now
	Suivi     api.SuiviLu
	Pieces    []store.LignePiece
	Courriers []store.LigneCourrier
	Journal   []opco.Passage
}

// InterieurDossiers are the doors of the pages of dossiers, for every room: each
// reads within the reach of who makes the request.
type InterieurDossiers interface {
	DossierLu(c *gin.Context, id string) (DossierLu, error)
	// SuiviDossier is where it stands, alone.
	SuiviDossier(c *gin.Context, id string) (api.SuiviLu, error)
	ListeDeDossiers(c *gin.Context, f store.Filtre) (store.PageDossiers, error)
	CompteursDeDossiers(c *gin.Context) (store.Compteurs, error)
	// DeposerFichier sends one file; corps is read as POST /api/dossiers/{id}/pieces.
	DeposerFichier(c *gin.Context, id string, corps *multipart.Reader) error
	AnnulerUnDossier(c *gin.Context, acte, id, raison string) (opco.Verdict, error)
	RetirerUnStagiaire(c *gin.Context, acte, id string, ch opco.ChargeRetirer) (opco.Verdict, error)
}

// InterieurMonEntreprise are the doors of the rooms of a company.
type InterieurMonEntreprise interface {
	AccueilEntreprise(c *gin.Context) (api.AccueilEntreprise, error)
	// CeQuiMAttend are the dossiers in which the company is the one who acts.
	CeQuiMAttend(c *gin.Context) ([]api.AFaire, error)
	FacturesSuivies(c *gin.Context, f store.FiltreSuivi) ([]store.LigneFactureSuivie, string, error)
	ReglementsSuivis(c *gin.Context, f store.FiltreSuivi) ([]store.LigneReglementSuivi, string, error)
	// EtablissementDe names one of its établissements, by its client number too.
	EtablissementDe(c *gin.Context, siret opco.SIRET) (store.Etablissement, error)
	DocumentsSuivis(c *gin.Context, f store.FiltreSuivi) ([]store.LigneDocumentSuivi, string, error)
	CompteursSuivis(c *gin.Context) (store.CompteursSuivis, error)
}

// InterieurAnnonces are the doors of who tells companies whom to ask, and what to
// know (AK-13, AK-14).
type InterieurAnnonces interface {
	Unites(c *gin.Context) ([]store.LigneUnite, error)
	EcrireUnite(c *gin.Context, u opco.Unite) error
	SupprimerUnite(c *gin.Context, id string, version int) error
	Informations(c *gin.Context) ([]store.LigneInformation, error)
	EcrireInformation(c *gin.Context, i opco.Information) error
	SupprimerInformation(c *gin.Context, id string, version int) error
}
