package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// PortefeuillesEquipe says who follows what, and adds to it.
type PortefeuillesEquipe struct {
	Piece
	Lignes []store.LignePortefeuille
	Choix  ChoixFile
}

func (p PortefeuillesEquipe) personnes() []Option { return personnesDe(p.Choix) }

func (p PortefeuillesEquipe) branches() []Option {
	os := []Option{{"", "Toutes les branches"}}
	for _, b := range p.Choix.Branches {
		os = append(os, Option{string(b), b.Libelle()})
	}
	return os
}

func (p PortefeuillesEquipe) lignes() [][]Cellule {
	ou := func(s, tous string) string {
		if s == "" {
			return tous
		}
		return s
	}
	ls := make([][]Cellule, len(p.Lignes))
	for i, l := range p.Lignes {
		branche := "Toutes"
		if l.IDCC != "" {
			branche = opco.IDCC(l.IDCC).Libelle()
		}
		entreprise := "Toutes"
		if l.SIREN != "" {
			entreprise = ou(l.Entreprise, "SIREN "+l.SIREN.Affiche())
		}
		ls[i] = []Cellule{{Texte: l.Nom}, {Texte: branche}, {Texte: ou(l.Departement, "Tous")}, {Texte: entreprise}, {Corps: retirerPortefeuille(p, l)}}
	}
	return ls
}

// getPortefeuilles answers GET /equipe/portefeuilles.
func (w *Web) getPortefeuilles(c *gin.Context) {
	w.montrerPortefeuilles(c, http.StatusOK, Formulaire{})
}

func (w *Web) montrerPortefeuilles(c *gin.Context, statut int, f Formulaire) {
	p := PortefeuillesEquipe{Piece: w.piece(c, "Portefeuilles", "/equipe/portefeuilles")}
	p.Page, p.Formulaire = p.avec("equipe.css"), f
	var err error
	if p.Lignes, err = w.Interieur.Portefeuilles(c); err == nil {
		p.Choix, err = w.Interieur.ChoixFile(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), "liste", len(p.Lignes))
	w.rendre(c, statut, PagePortefeuilles(p))
}

// postPortefeuille answers POST /equipe/portefeuilles.
func (w *Web) postPortefeuille(c *gin.Context) {
	f, ok := w.formulaire(c, "personne", "idcc", "departement", "siren")
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerPortefeuilles(c, statut, f) }
	l := lecteur{Formulaire: f}
	l.exiger("personne", f.Valeur("personne") != "", "Choisissez qui suit ces dossiers.")
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	ligne, err := opco.ParsePortefeuille(f.Valeur("idcc"), f.Valeur("departement"), f.Valeur("siren"))
	if err == nil {
		err = w.Interieur.Suivre(c, f.Valeur("personne"), ligne)
	}
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"a": "personne"}, montrer)
		return
	}
	w.annoncer(c, "portefeuille")
	suite(c, "/equipe/portefeuilles")
}

// postDelaisser answers POST /equipe/portefeuilles/:id/suppression.
func (w *Web) postDelaisser(c *gin.Context) {
	if err := w.Interieur.Delaisser(c, c.Param("id")); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "portefeuille")
	suite(c, "/equipe/portefeuilles")
}
