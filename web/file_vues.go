package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// VuesGardees are the views of the reader, and the form that keeps one.
type VuesGardees struct {
	Piece
	Vues  []store.VueEnregistree
	Choix ChoixFile
}

// titreForme says whether the form makes a view or changes one.
func (p VuesGardees) titreForme() string {
	if slices.ContainsFunc(p.Vues, func(v store.VueEnregistree) bool { return v.ID == p.Valeur("id") }) {
		return "Modifier la vue"
	}
	return "Enregistrer une vue"
}

// filtreDit says what the view will show.
func (p VuesGardees) filtreDit() string {
	q, err := url.ParseQuery(p.Valeur("filtre"))
	if err != nil || len(q) == 0 {
		return "Elle montre votre portefeuille, file Instruction."
	}
	return "Elle montre " + filtreEnMots(q, p.Choix) + "."
}

// filtreEnMots tells a filter in one line.
func filtreEnMots(q url.Values, choix ChoixFile) string {
	f, _ := lireFiltreFile(q)
	mots := []string{"file " + nomFile(f)}
	switch {
	case q.Get("attente") != "":
		mots = append(mots, "ce qui attend")
	case f.Perimetre == store.PerimetreEquipe:
		mots = append(mots, "toute l’équipe")
	default:
		mots = append(mots, "mon portefeuille")
	}
	if t := q.Get("q"); t != "" {
		mots = append(mots, "« "+t+" »")
	}
	p := FileTravail{Filtre: q, Choix: choix}
	for _, x := range p.puces() {
		mots = append(mots, minuscule(x.Texte))
	}
	return strings.Join(mots, ", ")
}

// vueDite says whose view it is.
func vueDite(v store.VueEnregistree) string {
	var mots []string
	switch {
	case v.Mienne && v.Partagee:
		mots = append(mots, "À vous, partagée avec l’équipe")
	case v.Mienne:
		mots = append(mots, "À vous seul")
	default:
		mots = append(mots, "Partagée par "+v.Auteur)
	}
	if v.Defaut {
		mots = append(mots, "s’ouvre en premier")
	}
	return strings.Join(mots, " · ")
}

// getVues answers GET /instruction/vues: to keep the filter of the address, or to
// change the view that it names.
func (w *Web) getVues(c *gin.Context) {
	f := Formulaire{Valeurs: url.Values{"id": {idNeuf("")}}}
	if brut := coupe(c.Query("filtre"), 2000); brut != "" {
		f.Valeurs.Set("filtre", filtreGarde(brut))
	}
	w.montrerVues(c, http.StatusOK, f)
}

// filtreGarde keeps of a query the fields of a filter.
func filtreGarde(brut string) string {
	q, err := url.ParseQuery(brut)
	if err != nil {
		return ""
	}
	garde := url.Values{}
	for _, n := range champsFile {
		if v := q.Get(n); v != "" {
			garde.Set(n, coupe(v, 100))
		}
	}
	return garde.Encode()
}

func (w *Web) montrerVues(c *gin.Context, statut int, f Formulaire) {
	p := VuesGardees{Piece: w.piece(c, "Mes vues", adresseFile(store.FileInstruction))}
	p.Page = p.avec("equipe.css")
	var err error
	if p.Vues, err = w.Interieur.Vues(c); err == nil {
		p.Choix, err = w.Interieur.ChoixFile(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	for _, v := range p.Vues {
		if v.Mienne && v.ID == c.Query("vue") && len(f.Erreurs) == 0 {
			f.Valeurs = valeurs("id", v.ID, "nom", v.Nom, "filtre", v.Filtre, "partagee", oui(v.Partagee), "defaut", oui(v.Defaut))
		}
	}
	p.Formulaire = f
	w.rendre(c, statut, PageVues(p))
}

// oui is the value of a box.
func oui(b bool) string {
	if b {
		return "oui"
	}
	return ""
}

// postVue answers POST /instruction/vues.
func (w *Web) postVue(c *gin.Context) {
	f, ok := w.formulaire(c, "id", "nom", "filtre", "partagee", "defaut")
	if !ok {
		return
	}
	v := store.VueEnregistree{ID: idNeuf(f.Valeur("id")), Nom: strings.TrimSpace(f.Valeur("nom")), Filtre: filtreGarde(f.Valeur("filtre")),
		Partagee: f.Valeur("partagee") != "", Defaut: f.Valeur("defaut") != ""}
	if err := w.Interieur.EnregistrerVue(c, v); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerVues(c, statut, f) })
		return
	}
	w.annoncer(c, "vue-gardee")
	if v.Filtre == "" {
		suite(c, "/instruction?file="+string(store.FileInstruction))
		return
	}
	suite(c, "/instruction?"+v.Filtre)
}

// postVueDAbord answers POST /instruction/vues/:id/ouverture.
func (w *Web) postVueDAbord(c *gin.Context) {
	f, ok := w.formulaire(c, "oui")
	if !ok {
		return
	}
	if err := w.Interieur.OuvrirDAbord(c, c.Param("id"), f.Valeur("oui") != ""); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "vue-gardee")
	suite(c, "/instruction/vues")
}

// postVueSupprimee answers POST /instruction/vues/:id/suppression.
func (w *Web) postVueSupprimee(c *gin.Context) {
	if err := w.Interieur.SupprimerVue(c, c.Param("id")); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "vue-supprimee")
	suite(c, "/instruction/vues")
}

// EtiquettesMaison are the labels of the house, and the form that writes one.
type EtiquettesMaison struct {
	Piece
	Etiquettes    []store.EtiquetteLue
	Ecrit, Dirige bool
}

func (p EtiquettesMaison) titreForme() string {
	if slices.ContainsFunc(p.Etiquettes, func(e store.EtiquetteLue) bool { return e.ID == p.Valeur("id") }) {
		return "Modifier l’étiquette"
	}
	return "Nouvelle étiquette"
}

// tonsEtiquette names the six tones for a label.
var tonsEtiquette = []Option{{Gris, "Gris"}, {Bleu, "Bleu"}, {Ambre, "Ambre"}, {Vert, "Vert"}, {Rouge, "Rouge"}, {Prune, "Prune"}}

func (p EtiquettesMaison) tonChoisi() string {
	if t := p.Valeur("ton"); t != "" {
		return t
	}
	return Bleu
}

// getEtiquettes answers GET /instruction/etiquettes.
func (w *Web) getEtiquettes(c *gin.Context) {
	w.montrerEtiquettes(c, http.StatusOK, Formulaire{Valeurs: url.Values{"id": {idNeuf("")}}})
}

func (w *Web) montrerEtiquettes(c *gin.Context, statut int, f Formulaire) {
	o := w.Interieur.Occupant(c)
	p := EtiquettesMaison{Piece: w.piece(c, "Étiquettes", "/instruction/etiquettes"), Ecrit: slices.Contains(instructeurs, o.Role), Dirige: o.Role == opco.RoleResponsable}
	p.Page = p.avec("equipe.css")
	choix, err := w.Interieur.ChoixFile(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Etiquettes = choix.Etiquettes
	for _, e := range p.Etiquettes {
		if e.ID == c.Query("etiquette") && len(f.Erreurs) == 0 {
			f.Valeurs = valeurs("id", e.ID, "nom", e.Nom, "ton", e.Ton)
		}
	}
	p.Formulaire = f
	w.rendre(c, statut, PageEtiquettes(p))
}

// postEtiquette answers POST /instruction/etiquettes: a new label, or one that changes.
func (w *Web) postEtiquette(c *gin.Context) {
	f, ok := w.formulaire(c, "id", "nom", "ton")
	if !ok {
		return
	}
	choix, err := w.Interieur.ChoixFile(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	id := idNeuf(f.Valeur("id"))
	connue := slices.ContainsFunc(choix.Etiquettes, func(e store.EtiquetteLue) bool { return e.ID == id })
	err = w.Interieur.EcrireEtiquette(c, id, !connue, opco.Etiquette{Nom: strings.TrimSpace(f.Valeur("nom")), Ton: f.Valeur("ton")})
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerEtiquettes(c, statut, f) })
		return
	}
	w.annoncer(c, "etiquette-ecrite")
	suite(c, "/instruction/etiquettes")
}

// postEtiquetteSupprimee answers POST /instruction/etiquettes/:id/suppression.
func (w *Web) postEtiquetteSupprimee(c *gin.Context) {
	if err := w.Interieur.SupprimerEtiquette(c, c.Param("id")); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "etiquette-supprimee")
	suite(c, "/instruction/etiquettes")
}
