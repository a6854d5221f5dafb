package web

import (
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// DossierLu reads a dossier and all that its pages show.
func (p porteInterieur) DossierLu(c *gin.Context, id string) (DossierLu, error) {
	ctx := contexte(c)
	r, err := p.LireDossier(ctx, api.LireDossierRequestObject{Id: id})
	if err != nil {
		return DossierLu{}, err
	}
	lu, _ := r.(api.LireDossier200JSONResponse)
	d := DossierLu{Dossier: lu.Dossier, Ligne: lu.Resume, Actes: lu.Actes}
	if d.Suivi, err = p.SuiviDe(c.Request.Context(), id); err != nil {
		return d, err
	}
	if d.Pieces, err = p.pieces(c, id); err != nil {
		return d, err
	}
	if d.Courriers, err = p.courriers(c, id); err != nil {
		return d, err
	}
	j, err := p.LireJournal(ctx, api.LireJournalRequestObject{Id: id})
	journal, _ := j.(api.LireJournal200JSONResponse)
	d.Journal = journal.Passages
	api.Montrer(c.Request.Context(), "dossier/"+id, 1)
	return d, err
}

func (p porteInterieur) pieces(c *gin.Context, id string) ([]store.LignePiece, error) {
	r, err := p.LirePieces(contexte(c), api.LirePiecesRequestObject{Id: id})
	lues, _ := r.(api.LirePieces200JSONResponse)
	return lues.Pieces, err
}

func (p porteInterieur) courriers(c *gin.Context, id string) ([]store.LigneCourrier, error) {
	r, err := p.LireCourriers(contexte(c), api.LireCourriersRequestObject{Id: id})
	lus, _ := r.(api.LireCourriers200JSONResponse)
	return lus.Courriers, err
}

// SuiviDossier reads where a dossier stands.
func (p porteInterieur) SuiviDossier(c *gin.Context, id string) (api.SuiviLu, error) {
	return p.SuiviDe(c.Request.Context(), id)
}

// ListeDeDossiers reads a page of a list.
func (p porteInterieur) ListeDeDossiers(c *gin.Context, f store.Filtre) (store.PageDossiers, error) {
	page, err := p.Store.Dossiers(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
	api.Montrer(c.Request.Context(), "liste", len(page.Dossiers))
	return page, err
}

// CompteursDeDossiers counts by état and by queue.
func (p porteInterieur) CompteursDeDossiers(c *gin.Context) (store.Compteurs, error) {
	return p.Store.Compter(c.Request.Context(), api.Qui(c.Request.Context()).Portee())
}

// DeposerFichier adds a document (AK-39, AK-43, AK-53).
func (p porteInterieur) DeposerFichier(c *gin.Context, id string, corps *multipart.Reader) error {
	_, err := p.DeposerPiece(contexte(c), api.DeposerPieceRequestObject{Id: id, Body: corps})
	return err
}

// AnnulerUnDossier is T15 and T16.
func (p porteInterieur) AnnulerUnDossier(c *gin.Context, acte, id, raison string) (opco.Verdict, error) {
	return verdict(p.AnnulerDossier(contexte(c), api.AnnulerDossierRequestObject{Id: id,
		Body: &api.CorpsRaison{ActeID: acte, ChargeRaison: opco.ChargeRaison{Raison: raison}}}))
}

// RetirerUnStagiaire is S12.
func (p porteInterieur) RetirerUnStagiaire(c *gin.Context, acte, id string, ch opco.ChargeRetirer) (opco.Verdict, error) {
	return verdict(p.RetirerStagiaire(contexte(c), api.RetirerStagiaireRequestObject{Id: id, Body: &api.CorpsRetrait{ActeID: acte, ChargeRetirer: ch}}))
}

// AccueilEntreprise gathers the home page of a company.
func (p porteInterieur) AccueilEntreprise(c *gin.Context) (api.AccueilEntreprise, error) {
	return p.Accueillir(c.Request.Context())
}

// CeQuiMAttend lists what waits for the company.
func (p porteInterieur) CeQuiMAttend(c *gin.Context) ([]api.AFaire, error) {
	return p.CeQuiAttend(c.Request.Context())
}

// EtablissementDe reads one établissement of the company.
func (p porteInterieur) EtablissementDe(c *gin.Context, siret opco.SIRET) (store.Etablissement, error) {
	return p.Store.Etablissement(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), siret)
}

// FacturesSuivies lists the invoices of a company's dossiers.
func (p porteInterieur) FacturesSuivies(c *gin.Context, f store.FiltreSuivi) ([]store.LigneFactureSuivie, string, error) {
	return p.Store.FacturesSuivies(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
}

// ReglementsSuivis lists the payments of a company's dossiers.
func (p porteInterieur) ReglementsSuivis(c *gin.Context, f store.FiltreSuivi) ([]store.LigneReglementSuivi, string, error) {
	return p.Store.ReglementsSuivis(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
}

// DocumentsSuivis lists the pièces and letters of a company's dossiers.
func (p porteInterieur) DocumentsSuivis(c *gin.Context, f store.FiltreSuivi) ([]store.LigneDocumentSuivi, string, error) {
	return p.Store.DocumentsSuivis(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
}

// CompteursSuivis counts the invoices and payments of a company's dossiers.
func (p porteInterieur) CompteursSuivis(c *gin.Context) (store.CompteursSuivis, error) {
	return p.Store.CompterSuivis(c.Request.Context(), api.Qui(c.Request.Context()).Portee())
}

// Unites lists the units of the OPCO.
func (p porteInterieur) Unites(c *gin.Context) ([]store.LigneUnite, error) {
	return p.Store.Unites(c.Request.Context())
}

// EcrireUnite writes a unit.
func (p porteInterieur) EcrireUnite(c *gin.Context, u opco.Unite) error {
	return p.Annoncer(c.Request.Context(), u)
}

// SupprimerUnite takes a unit away.
func (p porteInterieur) SupprimerUnite(c *gin.Context, id string, version int) error {
	return p.Store.SupprimerUnite(c.Request.Context(), id, version, api.Qui(c.Request.Context()).Acteur(""))
}

// Informations lists what the OPCO tells.
func (p porteInterieur) Informations(c *gin.Context) ([]store.LigneInformation, error) {
	return p.Store.ToutesInformations(c.Request.Context())
}

// EcrireInformation writes an information.
func (p porteInterieur) EcrireInformation(c *gin.Context, i opco.Information) error {
	return p.Informer(c.Request.Context(), i)
}

// SupprimerInformation takes an information away.
func (p porteInterieur) SupprimerInformation(c *gin.Context, id string, version int) error {
	return p.Store.SupprimerInformation(c.Request.Context(), id, version, api.Qui(c.Request.Context()).Acteur(""))
}
