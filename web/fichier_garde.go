package web

import (
	"context"
	"mime/multipart"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// FichierGarde is the file of a form that was chosen and is not sent yet: the form
// names it, it leaves with the acte, and its author may take it off.
type FichierGarde struct{ ID, Nom, Taille string }

// InterieurGarde are the doors of the files of forms that are not sent yet: those of the
// API themselves.
type InterieurGarde interface {
	MettreDeCote(ctx context.Context, dossier string, corps *multipart.Reader) (store.MiseDeCote, error)
	MisesDeCote(ctx context.Context, dossier string) ([]store.MiseDeCote, error)
	RetirerDeCote(ctx context.Context, dossier, id string) error
	JoindreModele(ctx context.Context, acte, dossier string, f opco.Facture, m opco.MentionsFacture) (string, error)
	DessinerFacture(ctx context.Context, dossier string, f opco.Facture, m opco.MentionsFacture) ([]byte, error)
}

// champsGarde are the fields of a form that keeps its file: one to take off each of the
// files that its author chose before.
var champsGarde = []string{"garde", "retirer"}

// gardesMax is how many files a form offers to take off: all that the counter keeps.
const gardesMax = 20

func init() {
	for n := range gardesMax {
		champsGarde = append(champsGarde, champOter(n))
	}
}

// champOter takes off the nth file that was chosen before.
func champOter(n int) string { return "oter_" + strconv.Itoa(n+1) }

// oterGardes takes off the files that the form of f ticks.
func (w *Web) oterGardes(c *gin.Context, dossier string, f Formulaire) error {
	for n := range gardesMax {
		id := f.Valeur(champOter(n))
		if id == "" {
			continue
		}
		if err := w.Interieur.RetirerDeCote(c.Request.Context(), dossier, id); err != nil {
			return err
		}
		f.Valeurs.Del(champOter(n))
		if id == f.Valeur("garde") {
			f.Valeurs.Del("garde")
		}
	}
	return nil
}

// garderFichier keeps aside the file that a form brings, in the place of the one that it
// kept, or takes that one off, and returns the form with what it keeps now.
func (w *Web) garderFichier(c *gin.Context, dossier string, t opco.TypePiece, f Formulaire, fichier *multipart.FileHeader) (Formulaire, error) {
	f = f.nomme()
	if err := w.oterGardes(c, dossier, f); err != nil {
		return f, err
	}
	ancien, retirer := f.Valeur("garde"), f.Valeur("retirer") == "oui"
	f.Valeurs.Del("retirer")
	if fichier == nil {
		if ancien != "" && retirer {
			f.Valeurs.Del("garde")
			return f, w.Interieur.RetirerDeCote(c.Request.Context(), dossier, ancien)
		}
		return f, nil
	}
	somme, err := sommeFichier(fichier)
	if err != nil {
		return f, err
	}
	id := acteFichier(f.Valeur("acte_id"), fichier.Filename, somme)
	err = envoyerFormulaire(map[string]string{"acte_id": id, "type": string(t)}, fichier,
		func(corps *multipart.Reader) error {
			_, err := w.Interieur.MettreDeCote(c.Request.Context(), dossier, corps)
			return err
		})
	if err != nil {
		return f, err // what it kept before stays
	}
	f.Valeurs.Set("garde", id)
	if ancien != "" && ancien != id {
		err = w.Interieur.RetirerDeCote(c.Request.Context(), dossier, ancien)
	}
	return f, err
}

// Gardes are the files that a form keeps: Choisi leaves with it, nil for none; Autres are
// those that its author chose there before and never sent, shown where one is refused.
type Gardes struct {
	Choisi *FichierGarde
	Autres []FichierGarde
}

// fichiersGardes are the files of a form; none that was sent since, or is too old.
func (w *Web) fichiersGardes(c *gin.Context, dossier string, f Formulaire) (Gardes, error) {
	var g Gardes
	id, refuse := f.Valeur("garde"), f.Faute("fichier") != ""
	if id == "" && !refuse {
		return g, nil
	}
	ms, err := w.Interieur.MisesDeCote(c.Request.Context(), dossier)
	for _, m := range ms {
		x := FichierGarde{ID: m.ID, Nom: m.Nom, Taille: poids(m.Taille)}
		switch {
		case m.ID == id:
			g.Choisi = &x
		case refuse:
			g.Autres = append(g.Autres, x)
		}
	}
	return g, err
}
