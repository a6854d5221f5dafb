package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// ListeBrouillons are the demandes that were never sent (AK-37).
type ListeBrouillons struct {
	Piece
	Lignes  []store.LigneDossier
	Cherche string
	Pages   PageListe
}

// getBrouillons answers GET /entreprise/brouillons.
func (w *Web) getBrouillons(c *gin.Context) {
	texte, apres := coupe(c.Query("q"), 100), c.Query("apres")
	page, err := w.Interieur.Brouillons(c, texte, apres)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ListeBrouillons{Piece: w.pieceDemande(c, "Brouillons", "/entreprise/brouillons"), Lignes: page.Dossiers, Cherche: texte}
	p.Pages = pagesDe("/entreprise/brouillons", texte, apres, page.Suivant)
	w.rendre(c, http.StatusOK, PageBrouillons(p))
}

// pagesDe moves in a list that is searched by q.
func pagesDe(base, texte, apres, suivant string) PageListe {
	adresse := func(apres string) string {
		v := url.Values{}
		if texte != "" {
			v.Set("q", texte)
		}
		if apres != "" {
			v.Set("apres", apres)
		}
		if len(v) == 0 {
			return base
		}
		return base + "?" + v.Encode()
	}
	var p PageListe
	if apres != "" {
		p.Debut = adresse("")
	}
	if suivant != "" {
		p.Suivant = adresse(suivant)
	}
	return p
}

// Suppression asks before a brouillon is thrown away (T03).
type Suppression struct {
	Piece
	Ligne BrouillonLu
}

// getSuppression answers GET /entreprise/brouillons/:id/suppression.
func (w *Web) getSuppression(c *gin.Context) {
	b, _, ok := w.brouillonDe(c)
	if !ok {
		return
	}
	w.rendre(c, http.StatusOK, PageSuppression(Suppression{Piece: w.pieceDemande(c, "Supprimer un brouillon", "/entreprise/brouillons"), Ligne: b}))
}

// postSuppression answers POST /entreprise/brouillons/:id/suppression.
func (w *Web) postSuppression(c *gin.Context) {
	v, err := w.Interieur.SupprimerUnBrouillon(c, acteDuFormulaire(c), c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.fait(c, v, "brouillon-supprime", "/entreprise/brouillons")
}

// resumeBrouillon says a demande in a line: who trains, when, how much, since when.
func resumeBrouillon(l store.LigneDossier) string {
	var parties []string
	if l.OrganismeNom != "" {
		parties = append(parties, l.OrganismeNom)
	}
	if l.Debut != "" {
		parties = append(parties, joursFormation(l.Debut, l.Fin))
	}
	if l.Demande > 0 {
		parties = append(parties, l.Demande.String())
	}
	if l.Etat == opco.EtatBrouillon {
		parties = append(parties, "enregistré le "+quand(l.ModifieLe))
	} else {
		parties = append(parties, l.Numero)
	}
	return strings.Join(parties, " · ")
}

// acteDeCopie names the acte of one button among many of a page.
func acteDeCopie(acte, id string) string {
	base, err := uuid.Parse(acte)
	if err != nil {
		return uuid.NewString()
	}
	return uuid.NewSHA1(base, []byte("copie/"+id)).String()
}
