package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Cloture is the page that closes one's account, with what it entails (C22).
type Cloture struct {
	Piece
	Ouverts int       // rights open now
	Efface  opco.Date // when the data of an account closed today are erased
}

// getCloture answers GET /compte/cloture.
func (w *Web) getCloture(c *gin.Context) { w.montrerCloture(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerCloture(c *gin.Context, statut int, f Formulaire) {
	m, err := w.Interieur.MonCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Cloture{Piece: w.piece(c, "Fermer mon compte", "/compte")}
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Efface = m.Jour.Jours(regles.PurgeJours)
	for _, d := range m.Droits {
		if d.Ouvert {
			p.Ouverts++
		}
	}
	p.Formulaire = f
	w.rendre(c, statut, PageCloture(p))
}

// finAcces says what closing takes away at once.
func (p Cloture) finAcces() string {
	switch p.Ouverts {
	case 0:
		return "Vous ne pourrez plus vous connecter."
	case 1:
		return "Vous ne pourrez plus vous connecter, et votre droit ouvert se ferme."
	}
	return "Vous ne pourrez plus vous connecter, et " + combien(p.Ouverts, "droit ouvert") + " se ferment."
}

// postCloture answers POST /compte/cloture.
func (w *Web) postCloture(c *gin.Context) {
	f, ok := w.formulaire(c, "mot_de_passe", "raison", "certain")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	raison := lire(&l, "raison", func(s string) (string, error) { return opco.ParseTexte("raison", s, texteMax) })
	l.exiger("mot_de_passe", f.Valeur("mot_de_passe") != "", "Tapez votre mot de passe : il confirme que c’est bien vous.")
	l.exiger("certain", f.Coche("certain", "oui"), "Cochez cette case pour fermer votre compte.")
	montrer := func(statut int, f Formulaire) { w.montrerCloture(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if _, err := w.Interieur.CloreMonCompte(c, acteDuFormulaire(c), f.Valeur("mot_de_passe"), raison); err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.annoncer(c, "compte-clos")
	suite(c, "/connexion")
}

// texteMax bounds a reason typed in a form.
const texteMax = 500
