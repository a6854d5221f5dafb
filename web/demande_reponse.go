package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// formulaireReponses reads the answers to the rights of a request.
func (w *Web) formulaireReponses(c *gin.Context) (Formulaire, bool) {
	noms := []string{"action", "motif_tous"}
	for r := 1; r <= droitsMax; r++ {
		n := strconv.Itoa(r)
		noms = append(noms, "droit_"+n, "choix_"+n, "motif_"+n, "precision_"+n)
	}
	return w.formulaire(c, noms...)
}

// reponses reads what the adviser answers; a right left for later is not answered.
func (l *lecteur) reponses() []opco.ReponseDroit {
	var rs []opco.ReponseDroit
	for i := 1; i <= droitsMax; i++ {
		n := strconv.Itoa(i)
		id, choix := l.Valeur("droit_"+n), l.Valeur("choix_"+n)
		if id == "" || choix != choixAccorder && choix != choixRefuser {
			continue
		}
		r := opco.ReponseDroit{Habilitation: id, Accorder: choix == choixAccorder}
		if choix == choixRefuser {
			r.Motif, r.Precision = cmp.Or(l.Valeur("motif_"+n), l.Valeur("motif_tous")), strings.TrimSpace(l.Valeur("precision_"+n))
			l.exiger("motif_"+n, r.Motif != "", "Choisissez le motif du refus : le demandeur le lira.")
			l.exiger("precision_"+n, opco.Motif(r.Motif) != opco.MotifDroitAutre || r.Precision != "", "Précisez le motif : le demandeur le lira.")
		}
		rs = append(rs, r)
	}
	l.exiger("choix_1", len(rs) > 0, "Répondez à un droit au moins : accordez-le ou refusez-le.")
	return rs
}

// toutChoisir applies the buttons that answer every right alike; the others leave
// the form as it is, and it returns false.
func (f Formulaire) toutChoisir(action string) bool {
	choix, ok := map[string]string{"tout_accorder": choixAccorder, "tout_refuser": choixRefuser}[action]
	for i := 1; ok && i <= droitsMax; i++ {
		if n := strconv.Itoa(i); f.Valeur("droit_"+n) != "" {
			f.Valeurs.Set("choix_"+n, choix)
		}
	}
	return ok
}

// postDemande answers POST /habilitations/:compte: the adviser's answers (C08, C09),
// then the next request.
func (w *Web) postDemande(c *gin.Context) {
	f, ok := w.formulaireReponses(c)
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerDemande(c, statut, f) }
	if f.toutChoisir(f.Valeur("action")) {
		montrer(http.StatusOK, f)
		return
	}
	l := lecteur{Formulaire: f}
	rs := l.reponses()
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.Decider(c, acteDuFormulaire(c), c.Param("compte"), opco.ChargeDecision{Reponses: rs})
	if err != nil {
		w.refuserReponses(c, f, rs, err, montrer)
		return
	}
	w.fait(c, v, "decision", adresseSuivante(passees(c), ""))
}

// refuserReponses shows again the answers that were refused: on their line, or with
// the name of who answered first.
func (w *Web) refuserReponses(c *gin.Context, f Formulaire, rs []opco.ReponseDroit, err error, montrer func(int, Formulaire)) {
	if p := api.Answer(err); p.Status == http.StatusConflict {
		if v, lu := w.Interieur.CompteVu(c, c.Param("compte")); lu == nil {
			if fautes := dejaRepondu(v, rs); len(fautes) > 0 {
				montrer(http.StatusConflict, f.avec(fautes))
				return
			}
		}
	}
	noms := map[string]string{}
	for i, r := range rs {
		n := f.rangDe(r.Habilitation)
		debut := "reponses[" + strconv.Itoa(i) + "]."
		noms[debut+"motif"], noms[debut+"precision"] = "motif_"+n, "precision_"+n
		if !r.Accorder {
			noms["motif"], noms["precision"] = "motif_"+n, "precision_"+n
		}
	}
	w.montrerRefus(c, f, err, noms, montrer)
}

// rangDe is the number of the line of a right in the form, "" when it is not there.
func (f Formulaire) rangDe(droit string) string {
	for i := 1; i <= droitsMax; i++ {
		if n := strconv.Itoa(i); f.Valeur("droit_"+n) == droit {
			return n
		}
	}
	return ""
}

// dejaRepondu says who answered, before, the rights that one has just answered.
func dejaRepondu(v CompteVu, rs []opco.ReponseDroit) []Faute {
	if v.Etat == opco.CompteClos {
		return []Faute{{"", "Ce compte a été fermé entre-temps : il n’y a plus de droit à décider. Votre réponse n’est pas enregistrée."}}
	}
	var fs []Faute
	for _, h := range v.Droits {
		mien := slices.ContainsFunc(rs, func(r opco.ReponseDroit) bool { return r.Habilitation == h.Id })
		if !mien || h.Etat == opco.HabAValider || h.Etat == opco.HabPrecision || h.DecideePar == "" || h.DecideeLe == nil {
			continue
		}
		verbe := "a déjà décidé de"
		switch h.Etat {
		case opco.HabAccordee:
			verbe = "a déjà accordé"
		case opco.HabRefusee:
			verbe = "a déjà refusé"
		}
		fs = append(fs, Faute{"", h.DecideePar + " " + verbe + " « " + h.Libelle + ", " + site(h.Siret) + " » le " + quand(*h.DecideeLe) +
			". Votre réponse n’est pas enregistrée."})
	}
	return fs
}

// PrecisionVoulue is the form that asks the applicant something (C10).
type PrecisionVoulue struct {
	Piece
	Compte MonCompte
	Droits []Option // the rights that wait
	Jours  int      // that the applicant has to answer
}

// getPrecision answers GET /habilitations/:compte/precision.
func (w *Web) getPrecision(c *gin.Context) { w.montrerPrecision(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerPrecision(c *gin.Context, statut int, f Formulaire) {
	v, err := w.Interieur.CompteVu(c, c.Param("compte"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetCompte(v.Id), 1)
	p := PrecisionVoulue{Piece: w.piece(c, "Demander une précision", "/habilitations"), Compte: v.MonCompte, Jours: regles.PrecisionJours}
	for _, d := range v.Droits {
		if d.Etat == opco.HabAValider {
			p.Droits = append(p.Droits, Option{d.Id, droitDit(d)})
		}
	}
	if f.Valeurs == nil {
		f.Valeurs = valeurs()
		for _, d := range p.Droits {
			f.Valeurs.Add("droit", d.Valeur)
		}
	}
	p.Formulaire = f
	w.rendre(c, statut, PagePrecision(p))
}

// postPrecisionVoulue answers POST /habilitations/:compte/precision.
func (w *Web) postPrecisionVoulue(c *gin.Context) {
	f, ok := w.formulaire(c, "question")
	if !ok {
		return
	}
	f.Valeurs["droit"] = c.PostFormArray("droit")
	l := lecteur{Formulaire: f}
	l.exiger("droit", len(f.Valeurs["droit"]) > 0, "Choisissez les droits que votre question concerne.")
	l.exiger("question", strings.TrimSpace(f.Valeur("question")) != "", "Écrivez ce que vous demandez au demandeur.")
	montrer := func(statut int, f Formulaire) { w.montrerPrecision(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.DemanderPrecision(c, acteDuFormulaire(c), c.Param("compte"), opco.ChargePrecision{Habilitations: f.Valeurs["droit"], Question: f.Valeur("question")})
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"habilitations": "droit"}, montrer)
		return
	}
	w.fait(c, v, "precision", "/habilitations/suivante")
}

// nommeDroit completes what is wrong with one answer with the right that it is about.
func (f Formulaire) nommeDroit(x Faute, v CompteVu) string {
	_, n, ok := strings.Cut(x.Champ, "_")
	if !ok || !strings.HasPrefix(x.Champ, "motif_") && !strings.HasPrefix(x.Champ, "precision_") {
		return x.Message
	}
	i := slices.IndexFunc(v.Droits, func(d api.DroitLu) bool { return d.Id == f.Valeur("droit_"+n) })
	if i < 0 {
		return x.Message
	}
	return "« " + v.Droits[i].Libelle + ", " + site(v.Droits[i].Siret) + " » : " + premiereMinuscule(x.Message)
}

func premiereMinuscule(s string) string {
	return strings.ToLower(premiere(s)) + strings.TrimPrefix(s, premiere(s))
}
