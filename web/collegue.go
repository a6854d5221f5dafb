package web

import (
	"net/http"
	"slices"
	"strconv"
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

// Invitation is the form that gives rights to a colleague, or a mandate to a third
// party: to somebody new, or to Collegue.
type Invitation struct {
	Piece
	Entreprise string
	Choix      ChoixDroits
	Collegue   *store.Collegue
	Mandat     bool
	MandatMois int
}

// getInvitation answers GET /utilisateurs/nouveau.
func (w *Web) getInvitation(c *gin.Context) {
	f := Formulaire{}
	if c.Query("mandat") != "" {
		f.Valeurs = valeurs("mandat", "oui")
	}
	w.montrerInvitation(c, http.StatusOK, nil, f)
}

func (w *Web) montrerInvitation(c *gin.Context, statut int, qui *store.Collegue, f Formulaire) {
	o := w.Interieur.Occupant(c)
	_, choix, ok := w.administres(c)
	if !ok {
		return
	}
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	titre := "Inviter un collègue"
	mandat := f.Coche("mandat", "oui")
	switch {
	case qui != nil:
		titre = "Droits de " + qui.Prenom + " " + qui.Nom
	case mandat:
		titre = "Donner un mandat"
	}
	p := Invitation{Piece: w.piece(c, titre, "/utilisateurs"), Entreprise: o.Entre().Nom, Choix: choix, Collegue: qui, Mandat: mandat, MandatMois: regles.MandatMois}
	p.Formulaire = f
	w.rendre(c, statut, PageInvitation(p))
}

var champsInvitation = []string{"civilite", "nom", "prenom", "email", "fonction", "site", "service", "mandat", "du", "au"}

// lireDroits reads the rights ticked: each service on each établissement.
func (l *lecteur) lireDroits(x ChoixDroits) []opco.DroitDonne {
	mandat := l.Coche("mandat", "oui")
	var du, au opco.Date
	if l.Valeur("du") != "" {
		du = lire(l, "du", opco.ParseDate)
	}
	if l.Valeur("au") != "" {
		au = lire(l, "au", opco.ParseDate)
	}
	if mandat {
		l.exiger("du", l.Valeur("du") != "", "Donnez le premier jour du mandat.")
		l.exiger("au", l.Valeur("au") != "", "Donnez le dernier jour du mandat.")
	}
	var ds []opco.DroitDonne
	for _, site := range x.Sites {
		for _, s := range x.Services {
			if l.Coche("site", string(site)) && l.Coche("service", string(s)) {
				ds = append(ds, opco.DroitDonne{Profil: x.Profil, SIRET: site, Service: s, Du: du, Au: au, Mandat: mandat})
			}
		}
	}
	site := slices.ContainsFunc(x.Sites, func(s opco.SIRET) bool { return l.Coche("site", string(s)) })
	service := slices.ContainsFunc(x.Services, func(s opco.Service) bool { return l.Coche("service", string(s)) })
	l.exiger("site", site, "Choisissez au moins un de vos établissements.")
	l.exiger("service", service, "Choisissez au moins un service.")
	return ds
}

// formulaireDroits reads a form whose boxes may be many.
func (w *Web) formulaireDroits(c *gin.Context) (Formulaire, bool) {
	f, ok := w.formulaire(c, champsInvitation...)
	if ok {
		for _, n := range []string{"site", "service"} {
			if v := c.Request.PostForm[n]; len(v) > 0 {
				f.Valeurs[n] = v[:min(len(v), sitesMax)]
			}
		}
	}
	return f, ok
}

// sitesMax bounds the établissements of one form.
const sitesMax = 500

// postInvitation answers POST /utilisateurs/nouveau.
func (w *Web) postInvitation(c *gin.Context) {
	f, ok := w.formulaireDroits(c)
	if !ok {
		return
	}
	_, choix, ok := w.administres(c)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ch := opco.ChargeInviter{Identite: l.lireInvite()}
	ch.Droits = l.lireDroits(choix)
	montrer := func(statut int, f Formulaire) { w.montrerInvitation(c, statut, nil, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.Inviter(c, acteDuFormulaire(c), ch)
	if err != nil {
		w.montrerRefus(c, f, err, champsDesDroits(len(ch.Droits)), montrer)
		return
	}
	w.fait(c, v, "invitation", "/utilisateurs")
}

// lireInvite reads who is invited.
func (l *lecteur) lireInvite() opco.Identite {
	i := opco.Identite{Civilite: l.Valeur("civilite"), Fonction: l.facultatif("fonction")}
	l.exiger("civilite", i.Civilite == "Mme" || i.Civilite == "M.", "Choisissez une civilité.")
	i.Nom, i.Prenom = l.nom("nom"), l.nom("prenom")
	i.Email = lire(l, "email", opco.ParseEmail)
	return i
}

// champsDesDroits gives the fields of the page that show what the rules say of the
// rights given.
func champsDesDroits(n int) map[string]string {
	noms := map[string]string{"droits": "service"}
	for _, x := range []string{"nom", "prenom", "email", "civilite", "fonction"} {
		noms["identite."+x] = x
	}
	for i := range n {
		champ := "droits[" + strconv.Itoa(i) + "]"
		noms[champ], noms[champ+".service"], noms[champ+".siret"] = "service", "service", "site"
		noms[champ+".du"], noms[champ+".au"] = "du", "au"
	}
	return noms
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
