package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

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
