package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Brouillon reads a demande and its version.
func (p porteInterieur) Brouillon(c *gin.Context, id string) (BrouillonLu, error) {
	r, err := p.LireDossier(contexte(c), api.LireDossierRequestObject{Id: id})
	if err != nil {
		return BrouillonLu{}, err
	}
	lu, _ := r.(api.LireDossier200JSONResponse)
	le, err := p.Store.Maintenant(c.Request.Context())
	return BrouillonLu{Dossier: lu.Dossier, Version: lu.Version, Le: lu.Resume.ModifieLe, Jour: opco.JourDe(le)}, err
}

// Brouillons lists the demandes that were never sent.
func (p porteInterieur) Brouillons(c *gin.Context, texte, apres string) (store.PageDossiers, error) {
	return p.Server.Brouillons(c.Request.Context(), texte, apres)
}

// CreerBrouillon opens a demande.
func (p porteInterieur) CreerBrouillon(c *gin.Context, acte, id string, d opco.Demande) (opco.Verdict, error) {
	return verdict(p.CreerDossier(contexte(c), api.CreerDossierRequestObject{Body: &api.CorpsCreation{ActeId: acte, Id: id, Demande: d}}))
}

// CopierDemande opens a demande made of another one.
func (p porteInterieur) CopierDemande(c *gin.Context, acte, de, id string) (opco.Verdict, error) {
	return verdict(p.CopierDossier(contexte(c), api.CopierDossierRequestObject{Id: de, Body: &api.CorpsCopie{ActeId: acte, Id: id}}))
}

// SupprimerUnBrouillon throws a demande away that was never sent (T03).
func (p porteInterieur) SupprimerUnBrouillon(c *gin.Context, acte, id string) (opco.Verdict, error) {
	return verdict(p.SupprimerBrouillon(contexte(c), api.SupprimerBrouillonRequestObject{Id: id, Params: api.SupprimerBrouillonParams{ActeId: acte}}))
}

// EnregistrerSaisie saves a brouillon.
func (p porteInterieur) EnregistrerSaisie(c *gin.Context, id string, version int64, d opco.Demande) (int64, error) {
	r, err := p.EnregistrerBrouillon(contexte(c), api.EnregistrerBrouillonRequestObject{Id: id, Body: &api.CorpsBrouillon{Version: version, Demande: d}})
	lu, _ := r.(api.EnregistrerBrouillon200JSONResponse)
	return lu.Version, err
}

// GarderSaisie keeps what is being typed.
func (p porteInterieur) GarderSaisie(c *gin.Context, id string, version int64, d opco.Demande) (int64, time.Time, error) {
	return p.Server.GarderSaisie(c.Request.Context(), id, version, d)
}

// AnnulerSaisie is AK-36.
func (p porteInterieur) AnnulerSaisie(c *gin.Context, id string) (bool, error) {
	return p.Server.AnnulerSaisie(c.Request.Context(), id)
}

// EstimerSaisie answers « serai-je financé ? ».
func (p porteInterieur) EstimerSaisie(c *gin.Context, d opco.Demande) (api.EstimationSaisie, error) {
	return p.Server.EstimerSaisie(c.Request.Context(), d)
}

// MomentDuDepot says how an Envoi would stand now.
func (p porteInterieur) MomentDuDepot(c *gin.Context, debut opco.Date) (opco.MomentDepot, error) {
	return p.Server.MomentDuDepot(c.Request.Context(), debut)
}

// EnvoyerDemande is T04.
func (p porteInterieur) EnvoyerDemande(c *gin.Context, acte, id string, ch opco.ChargeDeposer) (opco.Verdict, error) {
	return verdict(p.DeposerDossier(contexte(c), api.DeposerDossierRequestObject{Id: id, Body: &api.DeposerDossierJSONRequestBody{ActeID: acte, ChargeDeposer: ch}}))
}

// ChercherOrganismes is AK-20.
func (p porteInterieur) ChercherOrganismes(c *gin.Context, texte string) ([]store.OrganismeConnu, error) {
	r, err := p.Server.ChercherOrganismes(contexte(c), api.ChercherOrganismesRequestObject{Params: api.ChercherOrganismesParams{Texte: texte}})
	lu, _ := r.(api.ChercherOrganismes200JSONResponse)
	return lu.Organismes, err
}

// NomsEtablissements names the établissements of the reader.
func (p porteInterieur) NomsEtablissements(c *gin.Context, sirets []string) (map[string]string, error) {
	return p.Store.NomsEtablissements(c.Request.Context(), sirets)
}

// Salaries lists the people of the company.
func (p porteInterieur) Salaries(c *gin.Context, f store.FiltreSalaries) (store.PageSalaries, error) {
	r, err := p.ListerSalaries(contexte(c), api.ListerSalariesRequestObject{Params: api.ListerSalariesParams{Texte: f.Texte,
		Etablissement: f.Etablissement, Apres: f.Apres, Limite: int32(f.Limite)}})
	lu, _ := r.(api.ListerSalaries200JSONResponse)
	return store.PageSalaries{Salaries: lu.Salaries, Suivant: lu.Suivant}, err
}

// SalariesChoisis reads those that a form ticked.
func (p porteInterieur) SalariesChoisis(c *gin.Context, ids []string) ([]opco.Salarie, error) {
	return p.Server.SalariesChoisis(c.Request.Context(), ids)
}

// SalarieVu reads one of them.
func (p porteInterieur) SalarieVu(c *gin.Context, id string) (SalarieVu, error) {
	r, err := p.LireSalarie(contexte(c), api.LireSalarieRequestObject{Id: id})
	lu, _ := r.(api.LireSalarie200JSONResponse)
	return SalarieVu{lu.Salarie, lu.Formations, lu.Journal}, err
}

// AjouterSalarie adds a person; the id is that of the form.
func (p porteInterieur) AjouterSalarie(c *gin.Context, s opco.Salarie) error {
	_, err := p.Server.AjouterSalarie(contexte(c), api.AjouterSalarieRequestObject{Body: &api.CorpsSalarie{Id: s.ID, Salarie: s}})
	return err
}

// ModifierSalarie replaces what is known of a person.
func (p porteInterieur) ModifierSalarie(c *gin.Context, version int64, s opco.Salarie) error {
	_, err := p.Server.ModifierSalarie(contexte(c), api.ModifierSalarieRequestObject{Id: s.ID, Body: &api.CorpsSalarieModifie{Version: version, Salarie: s}})
	return err
}

// RetirerSalarie takes a person off the list.
func (p porteInterieur) RetirerSalarie(c *gin.Context, id string, version int64) error {
	_, err := p.Server.RetirerSalarie(contexte(c), api.RetirerSalarieRequestObject{Id: id, Params: api.RetirerSalarieParams{Version: version}})
	return err
}

// ImporterFichier makes the brouillons of a file.
func (p porteInterieur) ImporterFichier(c *gin.Context, acte, nom string, octets []byte) error {
	_, err := p.Server.ImporterFichier(c.Request.Context(), acte, nom, octets)
	return err
}

// ImportLu reads what a file made.
func (p porteInterieur) ImportLu(c *gin.Context, id string, apres, limite int) (ImportLu, error) {
	im, ds, suivant, err := p.LireImportation(c.Request.Context(), id, apres, limite)
	return ImportLu{im, ds, suivant}, err
}

// EnvoyerImport sends what a file made.
func (p porteInterieur) EnvoyerImport(c *gin.Context, id, acte string, certifie bool) (api.EnvoiImport, error) {
	return p.EnvoyerImportation(c.Request.Context(), id, acte, certifie)
}

// ImportMax is how many lines a file may have today.
func (p porteInterieur) ImportMax(c *gin.Context) (int, error) {
	le, err := p.Store.Maintenant(c.Request.Context())
	if err != nil {
		return 0, err
	}
	r, err := p.Store.Parametres(c.Request.Context(), opco.JourDe(le))
	return r.ImportLignes, err
}
