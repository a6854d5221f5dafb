package web

import (
	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// completerDossierOF reads what the OPCO wrote to the organisme: the thread itself
// when it is what is shown, how many messages wait otherwise.
func (w *Web) completerDossierOF(c *gin.Context, p *DossierOF, onglet string) error {
	p.Ecrit = len(w.Interieur.Occupant(c).Ecrit) > 0
	var err error
	if p.Indus, err = w.indusDe(c, &p.Dossier); err != nil {
		return err
	}
	if onglet == ongletEchanges {
		return w.lireEchangesOF(c, p, Formulaire{})
	}
	var nonLus map[opco.Role]int
	nonLus, err = w.Interieur.EchangesNonLus(c, p.Dossier.ID)
	p.NonLus = nonLus[opco.RoleOrganisme]
	return err
}

// lireEchangesOF reads the thread of the organisme with the OPCO: what it shows waits
// no more.
func (w *Web) lireEchangesOF(c *gin.Context, p *DossierOF, f Formulaire) error {
	var err error
	p.Echange, err = w.filSien(c, p.Dossier.ID, opco.RoleOrganisme, baseOrganisme(p.Dossier.ID)+"/echanges", p.Acte, p.Ecrit, f)
	return err
}

// postEchangeOrganisme answers POST /organisme/dossiers/:id/echanges.
func (w *Web) postEchangeOrganisme(c *gin.Context) {
	id := c.Param("id")
	w.envoyerMessage(c, id, opco.RoleOrganisme, baseOrganisme(id)+"/echanges", func(statut int, f Formulaire) {
		d, err := w.Interieur.DossierLu(c, id)
		if err != nil {
			w.echouer(c, err)
			return
		}
		p := DossierOF{Piece: w.piece(c, titreDossier(d.Ligne), adresseDossiersOF), DossierLu: d, Ecrit: true}
		if err := w.lireEchangesOF(c, &p, f); err != nil {
			w.echouer(c, err)
			return
		}
		p.Erreurs = f.Erreurs
		p.disposer(ongletEchanges, nil, MotsDepot{})
		w.rendre(c, statut, PageDossierOF(p))
	})
}
