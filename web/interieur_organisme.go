package web

import (
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurOrganisme are the doors of the rooms of an organisme de formation.
type InterieurOrganisme interface {
	AccueilOrganisme(c *gin.Context) (api.AccueilOrganisme, error)
	CompteursOrganisme(c *gin.Context) (store.CompteursOrganisme, error)

	ReglementsRecus(c *gin.Context, f store.FiltreRecus) (store.PageRecus, error)
	PointerReglement(c *gin.Context, id string, pointe bool) error

	CategoriesDocument(c *gin.Context) ([]opco.CategorieDocument, error)
	Documents(c *gin.Context, f store.FiltreDocuments) ([]api.Document, string, error)
	Document(c *gin.Context, id string) (api.Document, error)
	// DeposerDocument and ModifierDocument read corps as the JSON doors of the same
	// noun do.
	DeposerDocument(c *gin.Context, corps *multipart.Reader) error
	ModifierDocument(c *gin.Context, id string, corps *multipart.Reader) error
	SupprimerDocument(c *gin.Context, acte, id string) error
	JugerDocument(c *gin.Context, acte, id string, version int, ch opco.ChargeConformite) error
}

// InterieurFactures are the doors of who invoices a dossier: its organisme, or its
// company for a remboursement.
type InterieurFactures interface {
	InterieurElectronique
	InterieurGarde
	PreparerFacture(c *gin.Context, dossier string) (api.FacturePreparee, error)
	EssayerFacture(c *gin.Context, acte, dossier string, f opco.Facture) (opco.EssaiFacture, error)
	EnvoyerFacture(c *gin.Context, acte, dossier string, f opco.Facture) (opco.Verdict, error)
	EnvoyerAvoir(c *gin.Context, acte, dossier string, a opco.Avoir) (opco.Verdict, error)
	EssayerAvoir(c *gin.Context, acte, dossier string, a opco.Avoir) (opco.EssaiAvoir, error)
	EssayerCertificats(c *gin.Context, acte, dossier string, cs []opco.Certificat) (opco.EssaiCertificats, error)
	EnvoyerCertificats(c *gin.Context, acte, dossier string, cs []opco.Certificat) (opco.Verdict, error)
}
