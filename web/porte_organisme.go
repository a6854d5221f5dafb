package web

import (
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// AccueilOrganisme gathers the home page of an organisme.
func (p porteInterieur) AccueilOrganisme(c *gin.Context) (api.AccueilOrganisme, error) {
	return p.AccueillirOrganisme(c.Request.Context())
}

// CompteursOrganisme counts for the menu of an organisme.
func (p porteInterieur) CompteursOrganisme(c *gin.Context) (store.CompteursOrganisme, error) {
	return p.Store.CompterOrganisme(c.Request.Context(), api.Qui(c.Request.Context()).Portee())
}

// ReglementsRecus lists payments (AT-11 to AT-13).
func (p porteInterieur) ReglementsRecus(c *gin.Context, f store.FiltreRecus) (store.PageRecus, error) {
	page, err := p.Store.Recus(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
	api.Montrer(c.Request.Context(), "liste", len(page.Reglements))
	return page, err
}

// PointerReglement is AT-14.
func (p porteInterieur) PointerReglement(c *gin.Context, id string, pointe bool) error {
	_, err := p.Server.PointerReglement(contexte(c), api.PointerReglementRequestObject{Id: id, Body: &api.CorpsPointage{Pointe: pointe}})
	return err
}

// CategoriesDocument lists what a document may be.
func (p porteInterieur) CategoriesDocument(c *gin.Context) ([]opco.CategorieDocument, error) {
	r, err := p.ListerCategoriesDocument(contexte(c), api.ListerCategoriesDocumentRequestObject{})
	lues, _ := r.(api.ListerCategoriesDocument200JSONResponse)
	return lues.Categories, err
}

// Documents lists documents (AT-20 to AT-22).
func (p porteInterieur) Documents(c *gin.Context, f store.FiltreDocuments) ([]api.Document, string, error) {
	r, err := p.ListerDocuments(contexte(c), api.ListerDocumentsRequestObject{Params: api.ListerDocumentsParams{Texte: f.Texte, Libres: f.Libres,
		Categorie: f.Categorie, Dossier: f.Dossier, Organisme: f.Organisme, Etat: f.Etat, Apres: f.Apres, Limite: int32(f.Limite)}})
	lus, _ := r.(api.ListerDocuments200JSONResponse)
	return lus.Documents, lus.Suivant, err
}

// Document reads one document.
func (p porteInterieur) Document(c *gin.Context, id string) (api.Document, error) {
	r, err := p.LireDocument(contexte(c), api.LireDocumentRequestObject{Id: id})
	if err != nil {
		return api.Document{}, err
	}
	lu, _ := r.(api.LireDocument200JSONResponse)
	return api.Document(lu), nil
}

// DeposerDocument is AT-17 to AT-19.
func (p porteInterieur) DeposerDocument(c *gin.Context, corps *multipart.Reader) error {
	_, err := p.Server.DeposerDocument(contexte(c), api.DeposerDocumentRequestObject{Body: corps})
	return err
}

// ModifierDocument is AT-23.
func (p porteInterieur) ModifierDocument(c *gin.Context, id string, corps *multipart.Reader) error {
	_, err := p.Server.ModifierDocument(contexte(c), api.ModifierDocumentRequestObject{Id: id, Body: corps})
	return err
}

// SupprimerDocument is AT-23.
func (p porteInterieur) SupprimerDocument(c *gin.Context, acte, id string) error {
	_, err := p.Server.SupprimerDocument(contexte(c), api.SupprimerDocumentRequestObject{Id: id, Params: api.SupprimerDocumentParams{ActeId: acte}})
	return err
}

// JugerDocument is AT-27, by the OPCO.
func (p porteInterieur) JugerDocument(c *gin.Context, acte, id string, version int, ch opco.ChargeConformite) error {
	_, err := p.Server.JugerDocument(contexte(c), api.JugerDocumentRequestObject{Id: id, Body: &api.CorpsConformite{ActeID: acte, Version: version, ChargeConformite: ch}})
	return err
}

// PreparerFacture prepares the invoice that would be right today.
func (p porteInterieur) PreparerFacture(c *gin.Context, dossier string) (api.FacturePreparee, error) {
	return p.Server.PreparerFacture(c.Request.Context(), dossier)
}

// EssayerFacture says what would become of an invoice.
func (p porteInterieur) EssayerFacture(c *gin.Context, acte, dossier string, f opco.Facture) (opco.EssaiFacture, error) {
	r, err := p.Server.EssayerFacture(contexte(c), api.EssayerFactureRequestObject{Id: dossier,
		Body: &api.CorpsFacture{ActeID: acte, ChargeFacturer: opco.ChargeFacturer{Facture: f}}})
	if err != nil {
		return opco.EssaiFacture{}, err
	}
	lu, _ := r.(api.EssayerFacture200JSONResponse)
	return opco.EssaiFacture(lu), nil
}

// EnvoyerFacture is F01.
func (p porteInterieur) EnvoyerFacture(c *gin.Context, acte, dossier string, f opco.Facture) (opco.Verdict, error) {
	return verdict(p.DeposerFacture(contexte(c), api.DeposerFactureRequestObject{Id: dossier,
		Body: &api.CorpsFacture{ActeID: acte, ChargeFacturer: opco.ChargeFacturer{Facture: f}}}))
}

// EnvoyerAvoir is F09.
func (p porteInterieur) EnvoyerAvoir(c *gin.Context, acte, dossier string, a opco.Avoir) (opco.Verdict, error) {
	return verdict(p.DeposerAvoir(contexte(c), api.DeposerAvoirRequestObject{Id: dossier,
		Body: &api.CorpsAvoir{ActeID: acte, ChargeAvoir: opco.ChargeAvoir{Avoir: a}}}))
}

// EssayerAvoir says what an avoir would do.
func (p porteInterieur) EssayerAvoir(c *gin.Context, acte, dossier string, a opco.Avoir) (opco.EssaiAvoir, error) {
	return p.Server.EssayerAvoir(c.Request.Context(), dossier, acte, a)
}

// EssayerCertificats says what certificats would do.
func (p porteInterieur) EssayerCertificats(c *gin.Context, acte, dossier string, cs []opco.Certificat) (opco.EssaiCertificats, error) {
	return p.Server.EssayerCertificats(c.Request.Context(), dossier, acte, cs)
}

// EnvoyerCertificats is T21.
func (p porteInterieur) EnvoyerCertificats(c *gin.Context, acte, dossier string, cs []opco.Certificat) (opco.Verdict, error) {
	return verdict(p.DeposerCertificats(contexte(c), api.DeposerCertificatsRequestObject{Id: dossier,
		Body: &api.CorpsCertificats{ActeID: acte, ChargeCertifier: opco.ChargeCertifier{Certificats: cs}}}))
}
