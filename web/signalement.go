package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// adresseControle is the queue of the contrôleur.
const adresseControle = "/controle"

// FileControle is the queue of the contrôleur: the dossiers that bear signs of fraud, the
// most money at stake first.
type FileControle struct {
	Piece
	Lignes  []api.Signalement
	Vue     string
	Code    string
	Texte   string
	Compte  store.CompteursSignalements
	Jour    opco.Date
	Suite   string
	Signaux []Option
	Mene    bool // its reader acts
}

// UnSignalement is the contrôle of one dossier, with its evidence.
type UnSignalement struct {
	Piece
	api.SignalementEntier
	Jour opco.Date
}

// vueControle is a view of the queue.
type vueControle struct {
	cle, nom string
	etat     opco.EtatSignalement
}

var vuesControle = []vueControle{{"", "À examiner", opco.SignalementOuvert}, {"suspendus", "Suspendus", opco.SignalementRetenu},
	{"a-revoir", "À revoir", opco.SignalementRetenu}, {"leves", "Suspension levée", opco.SignalementLeve}, {"classes", "Classés", opco.SignalementClasse}}

var marquesSignalement = map[opco.EtatSignalement]marque{
	opco.SignalementOuvert: {"À examiner", "eye", Ambre}, opco.SignalementRetenu: {"Paiement suspendu", "pause", Rouge},
	opco.SignalementLeve: {"Suspension levée", "circle-check", Vert}, opco.SignalementClasse: {"Classé", "archive", Gris},
	opco.SignalementEteint: {"Sans signal", "circle-check", Gris},
}

// motsControle says each gesture on its button, what it does, and what is said once done.
var motsControle = map[opco.GesteSignalement]struct{ Bouton, Suite, Fait, Journal string }{
	opco.GesteRetenir: {"Suspendre le dossier", "Ni accord, ni service fait, ni paiement ; ses règlements sortent des lots qui ne sont pas partis. L’entreprise et l’organisme lisent qu’une vérification est en cours, sans votre raison.",
		"controle-retenu", "Dossier suspendu"},
	opco.GesteProlonger: {"Prolonger la suspension", "Vous l’avez revue : elle sera revue de nouveau dans 15 jours.", "controle-prolonge", "Suspension revue et prolongée"},
	opco.GesteLever:     {"Lever la suspension", "Le dossier reprend ; ses règlements peuvent être remis dans un lot, par une autre personne.", "controle-leve", "Suspension levée"},
	opco.GesteClasser:   {"Classer le signalement", "Rien n’est suspendu. Un signal nouveau rouvrirait le signalement.", "controle-classe", "Signalement classé"},
	opco.GesteOuvrir:    {"Ouvrir un contrôle", "Le dossier entre dans la file du contrôle, même si rien ne le signale. Rien n’est suspendu ; ni l’entreprise ni l’organisme ne l’apprennent.", "controle-ouvert", "Contrôle ouvert à l’initiative"},
}

func init() {
	for nom, phrase := range map[string]string{
		"controle-retenu":   "Le dossier est suspendu. Ses règlements sortent des lots qui ne sont pas partis.",
		"controle-prolonge": "La suspension est prolongée de 15 jours.",
		"controle-leve":     "La suspension est levée : le dossier reprend.",
		"controle-classe":   "Le signalement est classé.",
		"controle-ouvert":   "Le contrôle est ouvert : le dossier est dans la file.",
	} {
		annonces[nom] = phrase
	}
}

// getControle answers GET /controle.
func (w *Web) getControle(c *gin.Context) { w.montrerControle(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerControle(c *gin.Context, statut int, formulaire Formulaire) {
	p := FileControle{Piece: w.piece(c, "Contrôle", adresseControle), Vue: c.Query("vue"), Code: c.Query("signal"), Texte: c.Query("q")}
	p.avecFeuille()
	p.Formulaire, p.Mene = formulaire, slices.Contains(controleMene.Roles, w.Interieur.Occupant(c).Role)
	f := store.FiltreSignalements{Code: p.Code, Texte: p.Texte, Apres: c.Query("apres"), ARevoir: p.Vue == "a-revoir"}
	for _, v := range vuesControle {
		if v.cle == p.Vue {
			f.Etat = v.etat
		}
	}
	lignes, suivant, err := w.Interieur.Signalements(c, f)
	if err == nil {
		p.Compte, err = w.Interieur.CompterLesSignalements(c)
	}
	if err == nil {
		p.Jour, err = w.Interieur.Aujourdhui(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Lignes, p.Signaux = lignes, optionsSignaux()
	v := p.valeurs()
	if p.Vue != "" {
		v.Set("vue", p.Vue)
	}
	p.Suite = pageSuivante(adresseControle, v, suivant)
	w.rendre(c, statut, PageControle(p))
}

// postControle answers POST /controle: a contrôle that a person opens of their own accord.
func (w *Web) postControle(c *gin.Context) {
	f, ok := w.formulaire(c, "numero", "raison", "acte_id")
	if !ok {
		return
	}
	dossier, err := w.Interieur.DossierNomme(c, f.Valeur("numero"))
	if err == nil {
		err = w.Interieur.AgirSurUnSignalement(c, acteDuFormulaire(c), dossier, opco.GesteOuvrir, f.Valeur("raison"))
	}
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerControle(c, statut, f) })
		return
	}
	w.annoncer(c, motsControle[opco.GesteOuvrir].Fait)
	suite(c, adresseControle+"/"+dossier)
}

// optionsSignaux are the signs that the list may be kept to.
func optionsSignaux() []Option {
	os := []Option{{"", "Tous les signaux"}}
	for _, code := range opco.CodesSignal() {
		os = append(os, Option{code, opco.TitreSignal(code)})
	}
	return os
}

func (p FileControle) valeurs() url.Values {
	v := url.Values{}
	if p.Code != "" {
		v.Set("signal", p.Code)
	}
	if p.Texte != "" {
		v.Set("q", p.Texte)
	}
	return v
}

// adresse is where view cle is, with the same filters.
func (p FileControle) adresse(cle string) string {
	v := p.valeurs()
	if cle != "" {
		v.Set("vue", cle)
	}
	if len(v) == 0 {
		return adresseControle
	}
	return adresseControle + "?" + v.Encode()
}

// compte is the figure of a view, 0 where none is shown.
func (p FileControle) compte(cle string) int64 {
	return map[string]int64{"": p.Compte.Ouverts, "suspendus": p.Compte.Retenus, "a-revoir": p.Compte.ARevoir}[cle]
}

// titresDe names the signs of a line.
func titresDe(codes []string) string {
	s := ""
	for i, c := range codes {
		if i > 0 {
			s += ", "
		}
		s += opco.TitreSignal(c)
	}
	return s
}

// revueDite says when a suspension is reviewed, and whether it is late.
func revueDite(le *opco.Date, jour opco.Date) string {
	switch {
	case le == nil:
		return ""
	case *le < jour:
		return "Revue en retard depuis le " + le.Longue()
	case *le == jour:
		return "À revoir aujourd’hui"
	case *le == jour.Jours(1):
		return "À revoir demain au plus tard"
	}
	return "À revoir le " + le.Longue() + " au plus tard"
}

// getSignalement answers GET /controle/:signalement.
func (w *Web) getSignalement(c *gin.Context) { w.montrerSignalement(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerSignalement(c *gin.Context, statut int, f Formulaire) {
	p := UnSignalement{Piece: w.piece(c, "Signalement", adresseControle)}
	p.avecFeuille()
	p.Formulaire = f
	var err error
	if p.SignalementEntier, err = w.Interieur.UnSignalement(c, c.Param("signalement")); err == nil {
		p.Jour, err = w.Interieur.Aujourdhui(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Titre = "Contrôle du dossier " + p.DossierNumero
	w.rendre(c, statut, PageSignalement(p))
}

// postSignalement answers POST /controle/:signalement: a gesture.
func (w *Web) postSignalement(c *gin.Context) {
	f, ok := w.formulaire(c, "geste", "raison", "acte_id")
	if !ok {
		return
	}
	g := opco.GesteSignalement(f.Valeur("geste"))
	if err := w.Interieur.AgirSurUnSignalement(c, acteDuFormulaire(c), c.Param("signalement"), g, f.Valeur("raison")); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerSignalement(c, statut, f) })
		return
	}
	w.annoncer(c, motsControle[g].Fait)
	suite(c, adresseControle+"/"+c.Param("signalement"))
}

// champRaison asks why: every gesture of the contrôle says it.
var champRaison = Saisie{Nom: "raison", Label: "Pourquoi", Type: "textarea", Aide: "Vos collègues du contrôle le liront ; ni l’entreprise ni l’organisme.", Autocomplete: "off", Max: 500}

// genreControle draws the button of a gesture: the one that stops a payment warns.
func genreControle(g opco.GesteSignalement) string {
	if g == opco.GesteRetenir {
		return "danger"
	}
	return ""
}

// raison is the field of why, of the gesture that was refused and of no other.
func (p UnSignalement) raison(g opco.GesteSignalement) Saisie {
	s := p.Saisie(champRaison)
	if p.Valeur("geste") != string(g) {
		s.Valeur, s.Erreur = "", ""
	}
	return s
}

// ouvert reports whether the form of a gesture is shown open: the first one, and the one
// that was refused.
func (p UnSignalement) ouvert(g opco.GesteSignalement) bool { return p.Valeur("geste") == string(g) }

func pointsDits(n int) string { return strconv.Itoa(n) + " points" }
