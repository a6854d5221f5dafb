package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Estime answers « serai-je financé ? » beside a demande (the engine of the décision).
// Attend says what to type first, when nothing can be estimated yet.
type Estime struct {
	Attend  string
	Ton     string
	Accorde opco.Montant
	Demande opco.Montant
	Reste   opco.Montant
	Phrase  string // « oui, en partie. »
	Lignes  map[opco.Ligne]opco.LigneDecidee
	Points  []Controle
	Notes   []string // what was supposed
}

// estimer estimates a demande; what cannot be estimated is said, never an error.
func (w *Web) estimer(c *gin.Context, d opco.Demande) Estime {
	r, err := w.Interieur.EstimerSaisie(c, d)
	if err != nil {
		e := Estime{Attend: api.Answer(err).Detail, Ton: Gris}
		if api.Answer(err).Status >= http.StatusInternalServerError {
			w.Log.WarnContext(c.Request.Context(), "demande not estimated", "error", err)
			e.Attend = "L’estimation n’est pas disponible en ce moment. Votre saisie n’en dépend pas : continuez."
		}
		return e
	}
	return estimeDe(r, d)
}

func estimeDe(r api.EstimationSaisie, d opco.Demande) Estime {
	x := r.Decision
	e := Estime{Accorde: x.Accorde, Demande: x.Demande, Reste: x.ResteACharge, Notes: x.Conditions, Lignes: map[opco.Ligne]opco.LigneDecidee{}}
	for _, l := range x.Lignes {
		e.Lignes[l.Ligne] = l
	}
	switch {
	case x.Accorde == 0:
		e.Ton, e.Phrase = Rouge, "non, d’après ce que vous avez saisi."
	case x.ResteACharge > 0:
		e.Ton, e.Phrase = Vert, "oui, en partie."
	default:
		e.Ton, e.Phrase = Vert, "oui, en entier."
	}
	if m := momentDit(r.Moment, d); m.Quoi != "" {
		e.Points = append(e.Points, m)
	}
	for _, k := range r.Controles {
		if p, ok := pointDe(k, d); ok {
			e.Points = append(e.Points, p)
		}
	}
	if slices.ContainsFunc(e.Points, func(p Controle) bool { return p.Ton == Rouge }) {
		e.Ton = Ambre
	}
	return e
}

// pointDe turns a check of the instruction into a point of the estimate: only what the
// author has said enough of.
func pointDe(k opco.Controle, d opco.Demande) (Controle, bool) {
	if k.Code == opco.ControleQualiopi && d.Organisme.SIRET == "" || k.Code == "C17" && !d.Subrogation {
		return Controle{}, false
	}
	p := Controle{Quoi: k.Nom, Preuve: k.Phrase}
	switch k.Resultat {
	case opco.ResultatOK:
		p.Ton = Vert
	case opco.ResultatBlock:
		p.Ton = Rouge
	default:
		p.Ton = Ambre
	}
	return p, true
}

// momentDit says how the day of the sending stands with the start (T04, T05).
func momentDit(m opco.MomentDepot, d opco.Demande) Controle {
	if d.Debut == "" {
		return Controle{}
	}
	c := Controle{Ton: Vert, Quoi: "Formation dans " + combien(m.Jours, "jour"), Preuve: "Envoyez avant le " + d.Debut.Longue() + " : le jour même, c’est trop tard."}
	switch {
	case m.Tard:
		c.Ton, c.Quoi, c.Preuve = Rouge, "Trop tard pour l’envoyer", "Il fallait l’envoyer le "+m.Limite.Longue()+" au plus tard."
	case m.Juste:
		c.Ton = Ambre
		c.Preuve = "Envoyez le " + m.Limite.Longue() + " au plus tard. Plus tôt, c’est mieux."
	}
	return c
}

// postEstimation answers POST /entreprise/demandes/:id/estimation: the estimate of what
// the form of a step says now, for the script.
func (w *Web) postEstimation(c *gin.Context) {
	b, err := w.Interieur.Brouillon(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	d := b.Dossier.Demande
	e := opco.EtapeDemande(v.Get("etape"))
	if slices.Contains(opco.EtapesDemande(), e) {
		lireEtape(e, &d, v)
	}
	w.rendre(c, http.StatusOK, FragmentEstimation(w.estimer(c, d), d))
}

// regleDite says the rule of a line in its row: what the branch finances.
func (e Estime) regleDite(l opco.Ligne) string {
	if x, ok := e.Lignes[l]; ok {
		return x.Regle
	}
	return ""
}

// dit reports whether something is said of a line.
func (e Estime) dit(l opco.Ligne) bool { _, ok := e.Lignes[l]; return ok }

// accordeDit says what a line would get.
func (e Estime) accordeDit(l opco.Ligne) string {
	if x, ok := e.Lignes[l]; ok {
		return x.Accorde.String()
	}
	return "—"
}

// total says a sum of the table, « — » when there is none.
func (e Estime) total(m opco.Montant) string {
	if e.Attend != "" {
		return "—"
	}
	return m.String()
}

// bref is the estimate in one line, for the foot of a phone.
func (e Estime) bref() string {
	if e.Attend != "" {
		return ""
	}
	return "Estimation " + e.Accorde.String()
}

func (e Estime) icone() string {
	if e.Attend != "" {
		return "circle-question-mark"
	}
	return iconeTon[e.Ton]
}
