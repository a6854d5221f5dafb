package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// adresseFonds is where a comptable credits an envelope and closes a year.
const adresseFonds = "/comptabilite/enveloppes/dotations"

func init() {
	annonces["enveloppe-creditee"] = "L’enveloppe est créditée. La somme est disponible pour de nouveaux accords."
	annonces["exercice-clos"] = "L’exercice est clos. Ce qui en revient va désormais au fonds."
}

// GestionFonds is where a comptable credits an envelope and closes a year.
type GestionFonds struct {
	Piece
	Clos   []store.Exercice
	Annees []Option // that may be closed
}

// fondsCreditables are the funds that take money; a versement volontaire has no year.
var fondsCreditables = []Option{{opco.FondsVV, "Versement volontaire"}, {opco.FondsRegion, "Région"}, {opco.FondsConventionnel, "Fonds conventionnel"},
	{store.FondsMutualise, "Plan mutualisé"}, {opco.FondsCPF, "CPF"}}

// anneesACloreMax is how far back a year may still be closed.
const anneesACloreMax = 5

// getFonds answers GET /comptabilite/enveloppes/dotations.
func (w *Web) getFonds(c *gin.Context) { w.montrerFonds(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerFonds(c *gin.Context, statut int, f Formulaire) {
	p := GestionFonds{Piece: w.piece(c, "Créditer, clore", "/comptabilite/enveloppes")}
	p.avecFeuille()
	p.Formulaire = f
	jour, err := w.Interieur.Aujourdhui(c)
	if err == nil {
		p.Clos, err = w.Interieur.ExercicesClos(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.ouvrables(jour.Annee())
	w.rendre(c, statut, PageFonds(p))
}

// ouvrables lists the years before annee that are not closed.
func (p *GestionFonds) ouvrables(annee int) {
	clos := map[int]bool{}
	for _, x := range p.Clos {
		clos[x.Annee] = true
	}
	for a := annee - 1; a >= annee-anneesACloreMax; a-- {
		if !clos[a] {
			p.Annees = append(p.Annees, Option{strconv.Itoa(a), strconv.Itoa(a)})
		}
	}
}

// postDotation answers POST /comptabilite/enveloppes/dotations: a credit.
func (w *Web) postDotation(c *gin.Context) {
	f, ok := w.formulaire(c, "siren", "fonds", "annee", "montant", "reference", "acte_id")
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerFonds(c, statut, f) }
	l := lecteur{Formulaire: f}
	b := api.CorpsDotation{ActeId: acteDuFormulaire(c), Siren: lire(&l, "siren", sirenSaisi), Fonds: l.Valeur("fonds"),
		Montant: lire(&l, "montant", opco.ParseMontant), Reference: l.ligneTexte("reference", 140)}
	if a := strings.TrimSpace(l.Valeur("annee")); a != "" {
		n, err := strconv.ParseInt(a, 10, 32)
		l.exiger("annee", err == nil && n > 2000 && n <= 2100, "Écrivez l’année en quatre chiffres, par exemple 2026.")
		b.Annee = int32(n)
	}
	l.exiger("reference", b.Reference != "" || l.aFaute("reference"), "Indiquez la référence du versement reçu ou de la décision du fonds.")
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.Interieur.CrediterEnveloppe(c, b); err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.annoncer(c, "enveloppe-creditee")
	suite(c, "/comptabilite/enveloppes?siren="+string(b.Siren))
}

// postExercice answers POST /comptabilite/enveloppes/exercices: a year is closed.
func (w *Web) postExercice(c *gin.Context) {
	f, ok := w.formulaire(c, "exercice", "certain")
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerFonds(c, statut, f) }
	l := lecteur{Formulaire: f}
	annee, err := strconv.Atoi(l.Valeur("exercice"))
	l.exiger("exercice", err == nil, "Choisissez l’année à clore.")
	l.exiger("certain", l.Valeur("certain") == "oui", "Cochez la case : une clôture ne se défait pas.")
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.Interieur.CloreUnExercice(c, annee); err != nil {
		w.montrerRefus(c, f, err, map[string]string{"annee": "exercice"}, montrer)
		return
	}
	w.annoncer(c, "exercice-clos")
	suite(c, adresseFonds)
}
