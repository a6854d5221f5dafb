package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// cookiePerimetre remembers the last espace chosen: a taste, which gives no right.
const cookiePerimetre = "guichet-perimetre"

// Perimetre is the choice of the espace, before any other page (AK-08).
type Perimetre struct {
	Piece
	Choix []ChoixEspace
	Vers  string
}

// ChoixEspace is one espace to enter.
type ChoixEspace struct {
	Cle, Nom, Phrase string
	Choisi           bool
}

// choixEspaces lists what o may enter, the last one chosen ticked.
func choixEspaces(o Occupant, dernier string) []ChoixEspace {
	if o.Espace != "" {
		dernier = o.Espace
	}
	var cs []ChoixEspace
	for _, e := range o.Espaces {
		cs = append(cs, ChoixEspace{Cle: e.Cle, Nom: nomEspace(e), Phrase: phraseEspace(e), Choisi: e.Cle == dernier})
	}
	if len(cs) > 0 && !slices.ContainsFunc(cs, func(c ChoixEspace) bool { return c.Choisi }) {
		cs[0].Choisi = true
	}
	return cs
}

// phraseEspace says what one does in an espace.
func phraseEspace(e store.Espace) string {
	switch {
	case e.PourNom != "":
		return "Pour le compte de " + e.PourNom + ", en son absence. Tout ce que vous y faites est signé de vos deux noms."
	case e.Role.Interne():
		return "Votre rôle à l’OPCO."
	}
	s := e.Role.Libelle() + " · SIREN " + opco.SIREN(e.SIREN).Affiche()
	var sites []opco.SIRET
	for _, d := range e.Droits {
		if !slices.Contains(sites, d.SIRET) {
			sites = append(sites, d.SIRET)
		}
	}
	if len(sites) > 0 {
		s += " · " + combien(len(sites), "établissement")
	}
	return s
}

// getPerimetre answers GET /perimetre.
func (w *Web) getPerimetre(c *gin.Context) {
	w.montrerPerimetre(c, http.StatusOK, api.Suite(c.Query("suite")), Formulaire{})
}

func (w *Web) montrerPerimetre(c *gin.Context, statut int, vers string, f Formulaire) {
	o := w.Interieur.Occupant(c)
	dernier, _ := c.Cookie(cookiePerimetre)
	dernier, _ = url.QueryUnescape(dernier)
	p := Perimetre{Piece: w.piece(c, "Choisir un périmètre", ""), Choix: choixEspaces(o, dernier), Vers: vers}
	p.Formulaire = f
	w.rendre(c, statut, PagePerimetre(p))
}

// postPerimetre answers POST /perimetre: the session enters the espace, which is
// proposed first next time.
func (w *Web) postPerimetre(c *gin.Context) {
	f, ok := w.formulaire(c, "espace", "suite")
	if !ok {
		return
	}
	vers := api.Suite(f.Valeur("suite"))
	l := lecteur{Formulaire: f}
	l.exiger("espace", f.Valeur("espace") != "", "Choisissez le périmètre où vous voulez travailler.")
	montrer := func(statut int, f Formulaire) { w.montrerPerimetre(c, statut, vers, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.Interieur.Entrer(c, f.Valeur("espace")); err != nil {
		if p := api.Answer(err); p.Status == http.StatusNotFound {
			err = opco.Champf("espace", "%s", p.Detail)
		}
		w.montrerRefus(c, f, err, map[string]string{"perimetre": "espace", "": "espace"}, montrer)
		return
	}
	w.poser(c, cookiePerimetre, url.QueryEscape(f.Valeur("espace")), 365*24*time.Hour)
	if vers == "/" {
		vers = "/accueil"
	}
	suite(c, vers)
}
