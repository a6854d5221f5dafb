package web

import (
	"errors"
	"mime/multipart"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// FichierGarde is the file of a form that was chosen and is not sent yet: the form
// names it, it leaves with the acte, and its author may take it off.
type FichierGarde struct{ ID, Nom, Taille string }

// InterieurGarde are the doors of the files of forms that are not sent yet.
type InterieurGarde interface {
	// MettreDeCote reads corps as POST /api/dossiers/{id}/pieces does.
	MettreDeCote(c *gin.Context, dossier string, corps *multipart.Reader) error
	MiseDeCote(c *gin.Context, dossier, id string) (store.MiseDeCote, error)
	RetirerDeCote(c *gin.Context, dossier, id string) error
	// JoindreModele puts aside the invoice that the company has us draw.
	JoindreModele(c *gin.Context, acte, dossier string, f opco.Facture, m opco.MentionsFacture) (string, error)
	DessinerFacture(c *gin.Context, dossier string, f opco.Facture, m opco.MentionsFacture) ([]byte, error)
}

// MettreDeCote keeps the file of a form.
func (p porteInterieur) MettreDeCote(c *gin.Context, dossier string, corps *multipart.Reader) error {
	_, err := p.Server.MettreDeCote(c.Request.Context(), dossier, corps)
	return err
}

// MiseDeCote reads a file of a form.
func (p porteInterieur) MiseDeCote(c *gin.Context, dossier, id string) (store.MiseDeCote, error) {
	return p.Server.MiseDeCote(c.Request.Context(), dossier, id)
}

// RetirerDeCote takes a file off a form.
func (p porteInterieur) RetirerDeCote(c *gin.Context, dossier, id string) error {
	return p.Server.RetirerDeCote(c.Request.Context(), dossier, id)
}

// JoindreModele draws an invoice and puts it aside.
func (p porteInterieur) JoindreModele(c *gin.Context, acte, dossier string, f opco.Facture, m opco.MentionsFacture) (string, error) {
	return p.Server.JoindreModele(c.Request.Context(), acte, dossier, f, m)
}

// DessinerFacture draws an invoice.
func (p porteInterieur) DessinerFacture(c *gin.Context, dossier string, f opco.Facture, m opco.MentionsFacture) ([]byte, error) {
	return p.Server.DessinerFacture(c.Request.Context(), dossier, f, m)
}

// champsGarde are the fields of a form that keeps its file.
var champsGarde = []string{"garde", "retirer"}

// garderFichier keeps aside the file that a form brings, in the place of the one that it
// kept, or takes that one off, and returns the form with what it keeps now.
func (w *Web) garderFichier(c *gin.Context, dossier string, t opco.TypePiece, f Formulaire, fichier *multipart.FileHeader) (Formulaire, error) {
	f = f.nomme()
	ancien, retirer := f.Valeur("garde"), f.Valeur("retirer") == "oui"
	f.Valeurs.Del("retirer")
	if fichier == nil {
		if ancien != "" && retirer {
			f.Valeurs.Del("garde")
			return f, w.Interieur.RetirerDeCote(c, dossier, ancien)
		}
		return f, nil
	}
	somme, err := sommeFichier(fichier)
	if err != nil {
		return f, err
	}
	id := acteFichier(f.Valeur("acte_id"), fichier.Filename, somme)
	err = envoyerFormulaire(map[string]string{"acte_id": id, "type": string(t)}, fichier,
		func(corps *multipart.Reader) error { return w.Interieur.MettreDeCote(c, dossier, corps) })
	if err != nil {
		return f, err // what it kept before stays
	}
	f.Valeurs.Set("garde", id)
	if ancien != "" && ancien != id {
		err = w.Interieur.RetirerDeCote(c, dossier, ancien)
	}
	return f, err
}

// fichierGarde is the file that a form keeps, nil when it keeps none, or none any more.
func (w *Web) fichierGarde(c *gin.Context, dossier string, f Formulaire) (*FichierGarde, error) {
	id := f.Valeur("garde")
	if id == "" {
		return nil, nil //nolint:nilnil // no file: the form asks for one
	}
	m, err := w.Interieur.MiseDeCote(c, dossier, id)
	if errors.Is(err, opco.NotFound) {
		return nil, nil //nolint:nilnil // sent, or too old: the form asks for it again
	}
	return &FichierGarde{ID: m.ID, Nom: m.Nom, Taille: poids(m.Taille)}, err
}
