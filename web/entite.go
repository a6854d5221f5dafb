package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// EntiteNouvelle is the form that adds entities to an account (MA-73): one box of
// step 1 of the registration, and the password again (C12).
type EntiteNouvelle struct {
	Inscription
	Acte   string
	Profil opco.Role
}

func (p EntiteNouvelle) bloc() bloc {
	if p.Profil == opco.RoleOrganisme {
		return blocOrganisme
	}
	return blocEntreprise
}

// champsEntite are the fields of the form.
func champsEntite(f Formulaire) []string {
	return slices.Concat(champsEtape1(f), []string{"mot_de_passe", champReponse, champJeton, champPiege})
}

// getEntite answers GET /compte/entites/nouvelle.
func (w *Web) getEntite(c *gin.Context) {
	profil := opco.RoleEntreprise
	if c.Query("profil") == string(opco.RoleOrganisme) {
		profil = opco.RoleOrganisme
	}
	w.montrerEntite(c, http.StatusOK, profil, Formulaire{Valeurs: inscriptionNeuve()})
}

func (w *Web) montrerEntite(c *gin.Context, statut int, profil opco.Role, f Formulaire) {
	p := EntiteNouvelle{Profil: profil}
	piece := w.piece(c, "Ajouter une entité", "/compte")
	p.Page, p.Acte = piece.Page, piece.Acte
	if err := w.completerEntite(c, &p.Inscription); err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire = f
	w.rendre(c, statut, PageEntite(p))
}

// completerEntite reads what the form needs beyond what was typed.
func (w *Web) completerEntite(c *gin.Context, p *Inscription) error {
	jour, err := w.Portes.Jour(c)
	if err != nil {
		return err
	}
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		return err
	}
	p.Masse, p.Reponse, p.Factures = jour.Annee()-1, regles.ReponseOuvres, regles.FactureConnueMois
	if p.Branches, err = w.Portes.Branches(c); err != nil {
		return err
	}
	p.Epreuve, err = w.Portes.Epreuve(c, "entite")
	return err
}

// postEntite answers POST /compte/entites/nouvelle: its buttons add or take away an
// établissement, or send the form.
func (w *Web) postEntite(c *gin.Context) {
	if err := c.Request.ParseForm(); err != nil {
		w.echouer(c, err)
		return
	}
	f := Formulaire{Valeurs: c.Request.PostForm}
	f.Valeurs = seulement(f.Valeurs, champsEntite(f))
	profil := opco.RoleEntreprise
	if f.Coche("profil", string(opco.RoleOrganisme)) {
		profil = opco.RoleOrganisme
	}
	montrer := func(statut int, f Formulaire) { w.montrerEntite(c, statut, profil, f) }
	if changer(f, c.PostForm("action")) {
		montrer(http.StatusOK, f)
		return
	}
	l := lecteur{Formulaire: f}
	blocs := l.lireBlocs()
	l.exiger("mot_de_passe", f.Valeur("mot_de_passe") != "", "Tapez votre mot de passe : il confirme que c’est bien vous.")
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.AjouterEntite(c, acteDuFormulaire(c), f.Valeur("mot_de_passe"), blocs[0], f.reponseEpreuve())
	if err != nil {
		if p := api.Answer(err); p.Code == "DEJA_ACCORDE" {
			err = opco.Champf(prefixeDe(profil).champ("service"), "%s", p.Detail) // the box to untick
		}
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, "entite-ajoutee", "/accueil")
}

// prefixeDe tells the fields of a profile apart.
func prefixeDe(profil opco.Role) bloc {
	if profil == opco.RoleOrganisme {
		return blocOrganisme
	}
	return blocEntreprise
}

func titreEntite(profil opco.Role) string {
	if profil == opco.RoleOrganisme {
		return "Votre organisme de formation"
	}
	return "Votre entreprise"
}
