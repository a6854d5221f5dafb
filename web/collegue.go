package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// Collegues are the people who act for one's company, and its mandates (AK-54, C14).
type Collegues struct {
	Piece
	Entreprise string
	Gens       []store.Collegue
	Moi        string // one's own account
	Mandats    []store.Mandat
}

// ChoixDroits are the rights that the administrator may give: their own, where they
// administer.
type ChoixDroits struct {
	Profil   opco.Role
	Sites    []opco.SIRET
	Services []opco.Service
}

// administres reads the people that one administers, and what one may give them.
func (w *Web) administres(c *gin.Context) (Administres, ChoixDroits, bool) {
	a, err := w.Interieur.Collegues(c)
	if err != nil {
		w.echouer(c, err)
		return a, ChoixDroits{}, false
	}
	return a, ChoixDroits{Profil: w.Interieur.Occupant(c).Role, Sites: a.Sites, Services: a.Services}, true
}

// getCollegues answers GET /utilisateurs.
func (w *Web) getCollegues(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	a, _, ok := w.administres(c)
	if !ok {
		return
	}
	p := Collegues{Piece: w.piece(c, "Utilisateurs", "/utilisateurs"), Entreprise: o.Entre().Nom, Moi: o.Compte, Gens: a.Gens}
	var err error
	if p.Mandats, err = w.Interieur.Mandats(c); err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageCollegues(p))
}

// collegue finds a person of the company; missing and foreign are the same refusal.
func (w *Web) collegue(c *gin.Context) (*store.Collegue, ChoixDroits, bool) {
	a, choix, ok := w.administres(c)
	if !ok {
		return nil, choix, false
	}
	i := slices.IndexFunc(a.Gens, func(g store.Collegue) bool { return g.Compte == c.Param("compte") })
	if i < 0 {
		w.introuvable(c)
		return nil, choix, false
	}
	return &a.Gens[i], choix, true
}

// getCollegue answers GET /utilisateurs/:compte.
func (w *Web) getCollegue(c *gin.Context) {
	if g, _, ok := w.collegue(c); ok {
		w.montrerInvitation(c, http.StatusOK, g, Formulaire{})
	}
}

// postDroitsCollegue answers POST /utilisateurs/:compte/droits.
func (w *Web) postDroitsCollegue(c *gin.Context) {
	g, choix, ok := w.collegue(c)
	if !ok {
		return
	}
	f, ok := w.formulaireDroits(c)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ds := l.lireDroits(choix)
	montrer := func(statut int, f Formulaire) { w.montrerInvitation(c, statut, g, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.DonnerDroits(c, acteDuFormulaire(c), g.Compte, ds)
	if err != nil {
		w.montrerRefus(c, f, err, champsDesDroits(len(ds)), montrer)
		return
	}
	w.fait(c, v, "droits-donnes", "/utilisateurs")
}

// postRelanceCollegue answers POST /utilisateurs/:compte/renvoi: the invitation
// leaves again.
func (w *Web) postRelanceCollegue(c *gin.Context) {
	g, _, ok := w.collegue(c)
	if !ok {
		return
	}
	v, err := w.Interieur.RelancerCollegue(c, acteDuFormulaire(c), g.Compte)
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerInvitation(c, statut, g, f) })
		return
	}
	w.fait(c, v, "invitation", "/utilisateurs")
}

// postRetraitCollegue answers POST /utilisateurs/:compte/retrait.
func (w *Web) postRetraitCollegue(c *gin.Context) {
	g, _, ok := w.collegue(c)
	if !ok {
		return
	}
	f, ok := w.formulaire(c, "raison")
	if !ok {
		return
	}
	f.Valeurs["droit"] = c.PostFormArray("droit")
	l := lecteur{Formulaire: f}
	l.exiger("droit", len(f.Valeurs["droit"]) > 0, "Choisissez les droits à retirer.")
	l.exiger("raison", strings.TrimSpace(f.Valeur("raison")) != "", "Dites pourquoi : la personne le lira.")
	montrer := func(statut int, f Formulaire) { w.montrerInvitation(c, statut, g, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.RetirerCollegue(c, acteDuFormulaire(c), g.Compte, opco.ChargeDroits{Habilitations: f.Valeurs["droit"], Raison: f.Valeur("raison")})
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"habilitations": "droit"}, montrer)
		return
	}
	w.fait(c, v, "droits-retires", "/utilisateurs")
}

// ouvertAuRetrait reports whether a right of a colleague can be withdrawn.
func ouvertAuRetrait(d store.DroitCollegue) bool {
	return d.Etat == opco.HabAccordee || d.Etat == opco.HabSuspendue || d.Etat == opco.HabDemandee
}

// droitCollegueDit says a right in one line.
func droitCollegueDit(d store.DroitCollegue) string {
	s := d.Service.Libelle() + ", " + site(d.SIRET)
	if p := periodeDite(d.Du, d.Au); p != "" {
		s += ", " + p
	}
	if d.Mandat {
		s += " (mandat)"
	}
	return s
}

func lignesMandats(ms []store.Mandat) [][]Cellule {
	var c [][]Cellule
	for _, m := range ms {
		qui := Cellule{Texte: strings.TrimSpace(m.Prenom + " " + m.Nom), Note: m.Email}
		if m.Recu {
			qui = Cellule{Texte: "Vous", Note: "de " + entite(m.Entite, m.Droit.SIRET)}
		}
		c = append(c, []Cellule{qui, {Texte: m.Droit.Service.Libelle(), Note: m.Droit.SIRET.Affiche()},
			{Texte: majuscule(periodeDite(m.Droit.Du, m.Droit.Au))}, {Corps: PastilleHabilitation(m.Droit.Etat)}})
	}
	return c
}

// retirable reports whether one of the rights can be withdrawn.
func retirable(ds []store.DroitCollegue) bool { return slices.ContainsFunc(ds, ouvertAuRetrait) }

// actionInvitation is where the form goes.
func actionInvitation(p Invitation) string {
	if p.Collegue != nil {
		return "/utilisateurs/" + p.Collegue.Compte + "/droits"
	}
	return "/utilisateurs/nouveau"
}

// aideService says what a service lets somebody do.
func aideService(s opco.Service) string {
	return map[opco.Service]string{
		opco.ServiceDossiers:      "Déposer des demandes et les suivre",
		opco.ServiceContributions: "Déclarer les contributions",
		opco.ServicePaiements:     "Déposer factures et certificats, suivre les règlements",
		opco.ServiceCertif:        "Gérer les salariés et leurs certifications",
		opco.ServiceUtilisateurs:  "Inviter, donner et retirer des droits",
		opco.ServiceLecture:       "Lire les dossiers, sans rien modifier",
	}[s]
}
