package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Assistant is a step of the entry of a demande (AK-17 to AK-38). Its form holds the
// fields of the step, by their paths in the demande.
type Assistant struct {
	Piece
	ID         string
	Etape      opco.EtapeDemande
	Demande    opco.Demande // as the form says, where it can be read
	Version    int64
	Enregistre string // « Brouillon enregistré à 10 h 42 »
	Sites      []Option
	Estimation Estime
	// Conflit says that somebody else saved in between: Version is then theirs.
	Conflit bool

	Cherche    bool // a search of the register was made
	Organismes []store.OrganismeConnu
	Salaries   []store.LigneSalarie // to pick from
	Encore     bool                 // there are more of them
	Sans       bool                 // the company lists nobody
	Envoi      *EnvoiPret
}

// titreDemande heads the four steps.
const titreDemande = "Demander la prise en charge d’une formation"

// chemin is the address of a step of a demande.
func cheminEtape(id string, e opco.EtapeDemande) string {
	return "/entreprise/demandes/" + id + "/" + string(e)
}

// getDemandeSaisie answers GET /entreprise/demandes/:id.
func (w *Web) getDemandeSaisie(c *gin.Context) {
	suite(c, cheminEtape(c.Param("id"), opco.EtapeFormation))
}

// brouillonDe reads the demande of a page. One that was sent is shown by its own page;
// a step that does not exist is a missing page.
func (w *Web) brouillonDe(c *gin.Context) (BrouillonLu, opco.EtapeDemande, bool) {
	e := opco.EtapeDemande(c.Param("etape"))
	if c.Param("etape") != "" && !slices.Contains(opco.EtapesDemande(), e) {
		w.introuvable(c)
		return BrouillonLu{}, e, false
	}
	b, err := w.Interieur.Brouillon(c, c.Param("id"))
	switch {
	case err != nil:
		w.echouer(c, err)
		return b, e, false
	case b.Dossier.Etat != opco.EtatBrouillon:
		suite(c, "/entreprise/dossiers/"+b.Dossier.ID)
		return b, e, false
	}
	return b, e, true
}

// assistant makes the page of a step that shows d.
func (w *Web) assistant(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, d opco.Demande, v url.Values) (Assistant, error) {
	p := Assistant{Piece: w.pieceDemande(c, titreDemande, "/entreprise/demandes/nouvelle"), ID: b.Dossier.ID, Etape: e, Demande: d, Version: b.Version, Enregistre: enregistreDit(b.Le, b.Jour)}
	p.Titre = e.Libelle() + " · " + titreDemande
	p.Valeurs = v
	p.Page = p.avecModule("demande.js")
	var err error
	if p.Sites, err = w.sitesEcrits(c); err != nil {
		return p, err
	}
	p.Estimation = w.estimer(c, d)
	if e == opco.EtapeSalaries {
		err = w.aChoisir(c, &p)
	}
	if e == opco.EtapeEnvoi {
		p.Envoi, err = w.envoiPret(c, b)
		p.Page = p.avecModule("depot.js")
	}
	return p, err
}

// sitesEcrits are the établissements for which the reader may ask.
func (w *Web) sitesEcrits(c *gin.Context) ([]Option, error) {
	o := w.Interieur.Occupant(c)
	noms, err := w.Interieur.NomsEtablissements(c, o.Ecrit)
	var os []Option
	for _, s := range o.Ecrit {
		nom := noms[s]
		if nom == "" {
			nom = "SIRET"
		}
		os = append(os, Option{s, nom + " (" + opco.SIRET(s).Affiche() + ")"})
	}
	return os, err
}

// enregistreDit says when a brouillon was last written.
func enregistreDit(le time.Time, jour opco.Date) string {
	if le.IsZero() {
		return ""
	}
	if opco.JourDe(le) == jour {
		return "Brouillon enregistré à " + heureDite(le)
	}
	return "Brouillon enregistré le " + quand(le)
}

// heureDite says an instant of today: « 10 h 42 ».
func heureDite(t time.Time) string {
	p := t.In(opco.Paris)
	return strconv.Itoa(p.Hour()) + "\u00a0h\u00a0" + p.Format("04")
}

// aChoisir lists the salariés that may be picked, without those who are there.
func (w *Web) aChoisir(c *gin.Context, p *Assistant) error {
	page, err := w.Interieur.Salaries(c, store.FiltreSalaries{Texte: coupe(p.Valeur("q_salarie"), 100), Limite: 50})
	p.Encore, p.Sans = page.Suivant != "", len(page.Salaries) == 0 && p.Valeur("q_salarie") == ""
	p.Salaries = slices.DeleteFunc(page.Salaries, func(s store.LigneSalarie) bool {
		return slices.ContainsFunc(p.Demande.Stagiaires, func(x opco.Stagiaire) bool { return x.ID == s.ID })
	})
	return err
}

// getEtape answers GET /entreprise/demandes/:id/:etape.
func (w *Web) getEtape(c *gin.Context) {
	b, e, ok := w.brouillonDe(c)
	if !ok {
		return
	}
	d := b.Dossier.Demande
	if e == opco.EtapeModules && len(d.Modules) == 0 {
		d.Modules = []opco.Module{{}}
	}
	w.montrerEtape(c, http.StatusOK, b, e, d, valeursAffichees(e, d), nil)
}

// valeursAffichees are those of a step that is opened: each line has its fields, even
// empty.
func valeursAffichees(e opco.EtapeDemande, d opco.Demande) url.Values {
	v := valeursDe(e, d)
	for i := range d.Modules {
		if e == opco.EtapeModules && !v.Has(rangs("modules", i, "intitule")) {
			v.Set(rangs("modules", i, "intitule"), "")
		}
	}
	for i, s := range d.Stagiaires {
		if e == opco.EtapeSalaries {
			v.Set(rangs("stagiaires", i, "id"), s.ID)
		}
	}
	return v
}

// montrerEtape shows a step; changer completes its page.
func (w *Web) montrerEtape(c *gin.Context, statut int, b BrouillonLu, e opco.EtapeDemande, d opco.Demande, v url.Values, changer func(*Assistant)) {
	p, err := w.assistant(c, b, e, d, v)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if changer != nil {
		changer(&p)
	}
	w.rendre(c, statut, PageAssistant(p))
}

// postEtape answers POST /entreprise/demandes/:id/:etape: one of the three buttons, an
// entry kept by itself, or a gesture that changes the form only.
func (w *Web) postEtape(c *gin.Context) {
	b, e, ok := w.brouillonDe(c)
	if !ok {
		return
	}
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	action, rang, _ := strings.Cut(c.PostForm("action"), ":")
	switch action {
	case "annuler":
		w.annulerSaisie(c, b, e)
		return
	case "auto":
		w.garderSaisie(c, b, e, v)
		return
	}
	if e == opco.EtapeEnvoi {
		w.postEnvoi(c, b, action)
		return
	}
	if action == "aligner" {
		w.alignerDemande(c, b, e, v)
		return
	}
	if geste(v, action, rang) {
		w.montrerGeste(c, b, e, v, action)
		return
	}
	w.enregistrerEtape(c, b, e, v, action == "quitter")
}

// enregistrerEtape saves a step. To leave, what can be kept is enough; to go on, the
// step must be right.
func (w *Web) enregistrerEtape(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, v url.Values, quitter bool) {
	d := b.Dossier.Demande
	fautes := lireEtape(e, &d, v)
	if !quitter {
		if e == opco.EtapeModules {
			d.Modules = modulesEcrits(d.Modules)
		}
		fautes = append(fautes, fautesDe(d, d.ValiderEtape(e))...)
	}
	if len(fautes) > 0 {
		w.montrerEtape(c, http.StatusUnprocessableEntity, b, e, d, v, func(p *Assistant) {
			p.Erreurs, p.Version = ordonnees(e, d, sansDouble(fautes)), versionLue(v)
		})
		return
	}
	_, err := w.Interieur.EnregistrerSaisie(c, b.Dossier.ID, versionLue(v), d)
	switch {
	case enConflit(err):
		w.montrerEtape(c, http.StatusConflict, b, e, d, v, func(p *Assistant) { p.Conflit = true })
	case err != nil:
		w.refuserEtape(c, b, e, d, v, err)
	case quitter:
		w.annoncer(c, "brouillon-enregistre")
		suite(c, "/entreprise/brouillons")
	default:
		suite(c, cheminEtape(b.Dossier.ID, d.EtapeSuivante(e)))
	}
}

// refuserEtape shows a step again with what its door refused.
func (w *Web) refuserEtape(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, d opco.Demande, v url.Values, err error) {
	statut, fautes, ok := w.reprendre(c, err, nil)
	if !ok {
		return
	}
	for i := range fautes {
		fautes[i].Champ = d.CheminDeFormulaire(strings.TrimPrefix(fautes[i].Champ, "demande."))
	}
	w.montrerEtape(c, statut, b, e, d, v, func(p *Assistant) { p.Erreurs, p.Version = fautes, versionLue(v) })
}

// enConflit reports whether somebody else saved in between.
func enConflit(err error) bool {
	var e *opco.Error
	return errors.As(err, &e) && e.Code == "VERSION_DEPASSEE"
}

func versionLue(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// annulerSaisie is AK-36: the brouillon is as its author last saved it.
func (w *Web) annulerSaisie(c *gin.Context, b BrouillonLu, e opco.EtapeDemande) {
	if _, err := w.Interieur.AnnulerSaisie(c, b.Dossier.ID); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "saisie-annulee")
	suite(c, cheminEtape(b.Dossier.ID, e))
}

// SaisieGardee answers the script that keeps an entry: what it says beside the title.
type SaisieGardee struct {
	Version int64         `json:"version"`
	Dit     string        `json:"dit"`
	Fautes  []FauteGardee `json:"fautes"`
	Conflit bool          `json:"conflit,omitempty"`
	Fini    string        `json:"fini,omitempty"` // why nothing more can be kept here
}

// FauteGardee is a field that could not be kept, and why.
type FauteGardee struct {
	Champ string `json:"champ"`
	Dit   string `json:"dit"`
}

// garderSaisie keeps what can be read of a step, without a word of its author: it is
// never an Envoi.
func (w *Web) garderSaisie(c *gin.Context, b BrouillonLu, e opco.EtapeDemande, v url.Values) {
	d := b.Dossier.Demande
	fautes := lireEtape(e, &d, v)
	rep := SaisieGardee{Version: versionLue(v), Fautes: []FauteGardee{}}
	for _, f := range fautes {
		rep.Fautes = append(rep.Fautes, FauteGardee{f.Champ, f.Message})
	}
	version, le, err := w.Interieur.GarderSaisie(c, b.Dossier.ID, rep.Version, d)
	statut := http.StatusOK
	switch p := api.Answer(err); {
	case err == nil:
		rep.Version, rep.Dit = version, "Enregistré à "+heureDite(le)
		if n := len(fautes); n > 0 {
			rep.Dit += ", sauf " + combien(n, "champ") + " à corriger"
		}
	case enConflit(err):
		statut, rep.Conflit, rep.Dit = http.StatusConflict, true, p.Detail
	case p.Status == http.StatusUnprocessableEntity:
		statut, rep.Dit = int(p.Status), "Pas encore enregistré : "+p.Detail
	case p.Status == http.StatusConflict || p.Status == http.StatusForbidden:
		statut, rep.Fini, rep.Dit = int(p.Status), p.Detail, p.Detail
	default:
		w.echouer(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(statut, rep)
}

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
