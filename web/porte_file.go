package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// compteMax is how far a figure beside a name is counted.
const compteMax = 1000

// moi is who makes the request.
func (p porteInterieur) moi(c *gin.Context) store.Utilisateur { return api.Qui(c.Request.Context()) }

// FileTravail reads a page of a queue.
func (p porteInterieur) FileTravail(c *gin.Context, f store.FiltreFile) (store.PageFile, error) {
	return p.FileDeTravail(contexte(c), f)
}

// DansFile finds dossiers in a filter.
func (p porteInterieur) DansFile(c *gin.Context, f store.FiltreFile) ([]string, error) {
	if f.Instructeur == moiDit {
		f.Instructeur = p.moi(c).Personne
	}
	return p.Store.DansFile(contexte(c), p.moi(c).Portee(), f)
}

// CompterTravail counts a filter, up to a thousand.
func (p porteInterieur) CompterTravail(c *gin.Context, f store.FiltreFile) (int64, error) {
	if f.Instructeur == moiDit {
		f.Instructeur = p.moi(c).Personne
	}
	return p.Store.CompterFile(contexte(c), p.moi(c).Portee(), f, compteMax)
}

// CompterFiles counts each queue.
func (p porteInterieur) CompterFiles(c *gin.Context) ([]store.Compteur, error) {
	r, err := p.CompterDossiers(contexte(c), api.CompterDossiersRequestObject{})
	lus, _ := r.(api.CompterDossiers200JSONResponse)
	return lus.Files, err
}

// ChoixFile reads the lists of the filters.
func (p porteInterieur) ChoixFile(c *gin.Context) (ChoixFile, error) {
	var x ChoixFile
	r, err := p.ListerEtiquettes(contexte(c), api.ListerEtiquettesRequestObject{})
	if err != nil {
		return x, err
	}
	lues, _ := r.(api.ListerEtiquettes200JSONResponse)
	x.Etiquettes = lues.Etiquettes
	if x.Instructeurs, err = p.Store.Instructeurs(contexte(c)); err != nil {
		return x, err
	}
	x.Branches, err = p.Store.Branches(contexte(c))
	return x, err
}

// ParametresFile reads the figures of the queues in force today.
func (p porteInterieur) ParametresFile(c *gin.Context) (opco.ParametresFile, opco.Date, error) {
	le, err := p.Store.Maintenant(contexte(c))
	if err != nil {
		return opco.ParametresFile{}, "", err
	}
	jour := opco.JourDe(le)
	r, err := p.Store.Parametres(contexte(c), jour)
	return r.File, jour, err
}

// PrendreSuivant takes the next dossier.
func (p porteInterieur) PrendreSuivant(c *gin.Context, acte string, file store.File, equipe bool) (store.Suivant, error) {
	return p.Suivant(contexte(c), acte, file, equipe)
}

// PrendreDossier takes that dossier.
func (p porteInterieur) PrendreDossier(c *gin.Context, dossier string) (store.PriseVue, error) {
	r, err := p.Server.PrendreDossier(contexte(c), api.PrendreDossierRequestObject{Id: dossier})
	v, _ := r.(api.PrendreDossier200JSONResponse)
	return store.PriseVue(v), err
}

// RendreDossier gives it back.
func (p porteInterieur) RendreDossier(c *gin.Context, dossier string) error {
	_, err := p.Server.RendreDossier(contexte(c), api.RendreDossierRequestObject{Id: dossier})
	return err
}

// VivreDossier notes a sign of life.
func (p porteInterieur) VivreDossier(c *gin.Context, dossier string) (*store.PriseVue, error) {
	return p.Store.Vivre(contexte(c), p.moi(c).Acteur(""), dossier)
}

// DossierEnFile reads a dossier as queues show it, and what was done around it.
func (p porteInterieur) DossierEnFile(c *gin.Context, dossier string) (store.LigneFile, []store.Geste, error) {
	l, err := p.Store.LigneDeFile(contexte(c), p.moi(c).Portee(), dossier)
	if err != nil {
		return l, nil, err
	}
	gs, err := p.Store.Gestes(contexte(c), opco.ObjetDossier(dossier))
	return l, gs, err
}

// MettreEnAttente sets a dossier aside.
func (p porteInterieur) MettreEnAttente(c *gin.Context, dossier string, a opco.Attente) error {
	return p.Store.Attendre(contexte(c), p.moi(c).Acteur(""), dossier, a)
}

// ReveillerDossier brings it back.
func (p porteInterieur) ReveillerDossier(c *gin.Context, dossier string) error {
	_, err := p.Server.ReveillerDossier(contexte(c), api.ReveillerDossierRequestObject{Id: dossier})
	return err
}

// Etiqueter puts labels on and takes others off.
func (p porteInterieur) Etiqueter(c *gin.Context, dossier string, e store.Etiquetage) error {
	return p.Store.Etiqueter(contexte(c), p.moi(c).Acteur(""), dossier, e)
}

// Confier entrusts dossiers.
func (p porteInterieur) Confier(c *gin.Context, dossiers []string, a, raison string) error {
	_, err := p.ConfierDossiers(contexte(c), api.ConfierDossiersRequestObject{Body: &api.CorpsConfies{Dossiers: dossiers, A: a, Raison: raison}})
	return err
}

// MonGeste names the gesture that the reader has just made.
func (p porteInterieur) MonGeste(c *gin.Context, geste string, dossiers ...string) (int64, error) {
	return p.Store.MonGeste(contexte(c), p.moi(c).Acteur(""), geste, dossiers)
}

// Defaire undoes a gesture of the reader.
func (p porteInterieur) Defaire(c *gin.Context, r store.Retour) error {
	return p.Store.Defaire(contexte(c), p.moi(c).Acteur(""), r)
}

// Vues lists the views of the reader.
func (p porteInterieur) Vues(c *gin.Context) ([]store.VueEnregistree, error) {
	r, err := p.ListerVues(contexte(c), api.ListerVuesRequestObject{})
	lues, _ := r.(api.ListerVues200JSONResponse)
	return lues.Vues, err
}

// EnregistrerVue keeps a view.
func (p porteInterieur) EnregistrerVue(c *gin.Context, v store.VueEnregistree) error {
	_, err := p.Server.EnregistrerVue(contexte(c), api.EnregistrerVueRequestObject{Body: &api.CorpsVue{Id: v.ID, Nom: v.Nom, Filtre: v.Filtre, Partagee: v.Partagee, Defaut: v.Defaut}})
	return err
}

// OuvrirDAbord chooses the first view.
func (p porteInterieur) OuvrirDAbord(c *gin.Context, vue string, oui bool) error {
	return p.Store.OuvrirDAbord(contexte(c), p.moi(c).Acteur(""), vue, oui)
}

// SupprimerVue deletes a view.
func (p porteInterieur) SupprimerVue(c *gin.Context, vue string) error {
	_, err := p.Server.SupprimerVue(contexte(c), api.SupprimerVueRequestObject{Id: vue})
	return err
}

// EcrireEtiquette makes a label, or changes one.
func (p porteInterieur) EcrireEtiquette(c *gin.Context, id string, neuve bool, e opco.Etiquette) error {
	if neuve {
		return p.Store.CreerEtiquette(contexte(c), p.moi(c).Acteur(""), id, e)
	}
	return p.Store.ModifierEtiquette(contexte(c), p.moi(c).Acteur(""), id, e)
}

// SupprimerEtiquette deletes a label.
func (p porteInterieur) SupprimerEtiquette(c *gin.Context, id string) error {
	_, err := p.Server.SupprimerEtiquette(contexte(c), api.SupprimerEtiquetteRequestObject{Id: id})
	return err
}

// Portefeuilles lists who follows what.
func (p porteInterieur) Portefeuilles(c *gin.Context) ([]store.LignePortefeuille, error) {
	return p.Store.Portefeuilles(contexte(c))
}

// Suivre adds a line to a portefeuille.
func (p porteInterieur) Suivre(c *gin.Context, personne string, l opco.Portefeuille) error {
	return p.Store.Suivre(contexte(c), p.moi(c).Acteur(""), personne, l)
}

// Delaisser takes one away.
func (p porteInterieur) Delaisser(c *gin.Context, ligne string) error {
	return p.Store.Delaisser(contexte(c), p.moi(c).Acteur(""), ligne)
}
