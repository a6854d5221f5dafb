package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

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
