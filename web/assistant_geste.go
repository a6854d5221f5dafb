package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// geste does what changes the form only, and reports whether the action was one.
func geste(v url.Values, action, rang string) bool {
	n, _ := strconv.Atoi(rang)
	switch action {
	case "estimer", "chercher", "chercher_salarie", "prendre":
	case "ajouter_module":
		v.Set(rangs("modules", min(compterLignes(v, "modules", "intitule"), lignesMax-1), "intitule"), "")
	case "retirer_module":
		oterLigne(v, "modules", n, champsModule)
	case "ajouter_stagiaire":
		ajouterStagiaire(v, opco.Stagiaire{ID: uuid.NewString()})
	case "retirer_stagiaire":
		oterLigne(v, "stagiaires", n, champsStagiaire)
	case "choisir", "appliquer":
	default:
		return false
	}
	return true
}

// montrerGeste shows the step as the gesture left it: nothing is saved, nothing typed
// is lost.
func (w *Web) montrerGeste(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, v url.Values, action string) {
	d := b.Dossier.Demande
	lireEtape(e, &d, v)
	var changer func(*Assistant)
	switch action {
	case "chercher", "prendre":
		changer = w.gesteOrganisme(c, &d, v, action)
	case "choisir":
		w.choisirSalaries(c, &d, v)
	case "ajouter_stagiaire":
		if i := len(d.Stagiaires) - 1; i >= 0 && d.Stagiaires[i].Heures == 0 {
			d.Stagiaires[i].Heures = d.DureeTotale()
			v.Set(rangs("stagiaires", i, "heures"), d.Saisie(rangs("stagiaires", i, "heures")))
		}
	case "appliquer":
		appliquerATous(&d, v)
	}
	w.montrerEtape(c, http.StatusOK, b, e, d, v, func(p *Assistant) {
		p.Version = versionLue(v)
		if changer != nil {
			changer(p)
		}
	})
}

// alignerDemande sets the amounts that the stagiaires decide to what they make: step 1
// then says the same as step 3. « Annulez la saisie » undoes it.
func (w *Web) alignerDemande(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, v url.Values) {
	d := b.Dossier.Demande
	fautes := lireEtape(e, &d, v)
	if len(fautes) > 0 {
		w.montrerEtape(c, http.StatusUnprocessableEntity, b, e, d, v, func(p *Assistant) { p.Erreurs, p.Version = fautes, versionLue(v) })
		return
	}
	d = d.Alignee()
	_, _, err := w.Interieur.GarderSaisie(c, b.Dossier.ID, versionLue(v), d)
	switch {
	case enConflit(err):
		w.montrerEtape(c, http.StatusConflict, b, e, d, v, func(p *Assistant) { p.Conflit = true })
	case err != nil:
		w.refuserEtape(c, b, e, d, v, err)
	default:
		w.annoncer(c, "montants-alignes")
		suite(c, cheminEtape(b.Dossier.ID, e)+"#selon-stagiaires")
	}
}

// choisirSalaries adds the people who were ticked.
func (w *Web) choisirSalaries(c *gin.Context, d *opco.Demande, v url.Values) {
	ss, err := w.Interieur.SalariesChoisis(c, v["salarie"])
	if err != nil {
		w.Log.WarnContext(c.Request.Context(), "salariés not read", "error", err)
	}
	for _, s := range ss {
		if slices.ContainsFunc(d.Stagiaires, func(x opco.Stagiaire) bool { return x.ID == s.ID }) || len(d.Stagiaires) >= lignesMax {
			continue
		}
		x := s.Stagiaire(d.DureeTotale())
		d.Stagiaires = append(d.Stagiaires, x)
		ajouterStagiaire(v, x)
	}
	v.Del("salarie")
}

// appliquerATous writes on every line what was typed once for all.
func appliquerATous(d *opco.Demande, v url.Values) {
	for _, champ := range []string{"heures", "repas", "nuits", "salaire_horaire"} {
		s := v.Get("tous." + champ)
		if strings.TrimSpace(s) == "" {
			continue
		}
		for i := range d.Stagiaires {
			v.Set(rangs("stagiaires", i, champ), s)
			_ = d.Poser(rangs("stagiaires", i, champ), s) // what cannot be read is said when the step is validated
		}
		v.Del("tous." + champ)
	}
}

// gesteOrganisme searches the register, or fills the fields of the organisme chosen.
func (w *Web) gesteOrganisme(c *gin.Context, d *opco.Demande, v url.Values, action string) func(*Assistant) {
	texte := coupe(v.Get("q_organisme"), 100)
	_, siret, _ := strings.Cut(c.PostForm("action"), ":")
	if action == "prendre" {
		texte = siret
	}
	os, err := w.Interieur.ChercherOrganismes(c, texte)
	if err != nil {
		w.Log.WarnContext(c.Request.Context(), "register not searched", "error", err)
	}
	if action == "chercher" {
		return func(p *Assistant) { p.Cherche, p.Organismes = true, os }
	}
	for _, o := range os {
		if string(o.SIRET) == siret {
			poserOrganisme(d, v, o)
			break
		}
	}
	return nil
}

// poserOrganisme fills the fields of an organisme from the register.
func poserOrganisme(d *opco.Demande, v url.Values, o store.OrganismeConnu) {
	for champ, s := range map[string]string{"siret": string(o.SIRET), "nom": o.Nom, "nda": string(o.NDA), "adresse": o.Adresse,
		"code_postal": o.CodePostal, "ville": o.Ville} {
		if s == "" {
			continue
		}
		if err := d.Poser("organisme."+champ, s); err == nil {
			v.Set("organisme."+champ, d.Saisie("organisme."+champ))
		}
	}
	v.Del("q_organisme")
}

// getAnnuaire answers GET /entreprise/organismes: the results alone, for the script.
func (w *Web) getAnnuaire(c *gin.Context) {
	os, err := w.Interieur.ChercherOrganismes(c, coupe(c.Query("q"), 100))
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, ResultatsOrganismes(os))
}
