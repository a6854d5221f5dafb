package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

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
