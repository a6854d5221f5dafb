package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Etats are the lists of a company as files (AK-55).
type Etats struct {
	Piece
	Annee  int // -1: all of them
	Annees []int
	Etats  []EtatOffert
}

// EtatOffert is one list. SansAnnee is not cut by year.
type EtatOffert struct {
	Cle, Nom, Contenu string
	SansAnnee         bool
}

var etatsOfferts = []EtatOffert{
	{"dossiers", "Dossiers", "Vos demandes, leur état, ce qui est demandé, accordé et payé. L’année est celle du début de la formation.", false},
	{"salaries", "Salariés formés", "Une ligne par personne et par formation accordée et commencée. L’année est celle du début de la formation.", false},
	{"factures", "Factures", "Les factures reçues pour vos dossiers, leur montant et leur échéance.", true},
	{"reglements", "Règlements", "Ce qui est payé ou à payer, à qui et quand.", true},
	{"engagements", "Engagements", "Par année, fonds et établissement : ce que chaque dossier engage, ce qui est facturé et payé. L’année est celle de l’enveloppe.", false},
}

// getEtats answers GET /entreprise/etats.
func (w *Web) getEtats(c *gin.Context) {
	const ici = "/entreprise/etats"
	annee, ok := anneeVoulue(c)
	if !ok {
		suite(c, ici)
		return
	}
	x, err := w.Interieur.Synthese(c, -1)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Etats{Piece: w.piece(c, "États", ici), Annee: annee, Etats: etatsOfferts}
	p.avecFeuille()
	for _, a := range x.Annees {
		if a != 0 {
			p.Annees = append(p.Annees, a)
		}
	}
	w.rendre(c, http.StatusOK, PageEtats(p))
}

// fichier is where a list is taken, in a format.
func (p Etats) fichier(e EtatOffert, format string) string {
	q := url.Values{"format": {format}}
	if p.Annee >= 0 && !e.SansAnnee {
		q.Set("annee", strconv.Itoa(p.Annee))
	}
	return "/entreprise/etats/" + e.Cle + "?" + q.Encode()
}

// getEtat answers GET /entreprise/etats/:etat: the list as a file.
func (w *Web) getEtat(c *gin.Context) {
	annee, ok := anneeVoulue(c)
	t, connu := w.tableauEtat(c, c.Param("etat"), annee)
	if !connu {
		w.echouer(c, opco.Errorf(opco.NotFound, "Cet état n’existe pas : choisissez-le dans la page des états."))
		return
	}
	if !ok || !w.exporter(c, nil, t) {
		suite(c, "/entreprise/etats")
	}
}

// tableauEtat is a list of a company, of a year or of all when annee is below 0.
func (w *Web) tableauEtat(c *gin.Context, cle string, annee int) (api.Tableau, bool) {
	switch cle {
	case "dossiers":
		var f store.Filtre
		if annee >= 0 {
			f.DebutDu, f.DebutAu = opco.Date(strconv.Itoa(annee)+"-01-01"), opco.Date(strconv.Itoa(annee)+"-12-31")
		}
		return w.tableauDossiers(c, f), true
	case "salaries":
		return w.tableauSalariesFormes(c, annee), true
	case "factures":
		return w.tableauFactures(c, store.FiltreSuivi{}), true
	case "reglements":
		return w.tableauReglementsSuivis(c, store.FiltreSuivi{}), true
	case "engagements":
		return w.tableauEngagements(c, store.FiltreEngagements{Annee: annee}), true
	}
	return api.Tableau{}, false
}

// tableauSalariesFormes are the people who were trained.
func (w *Web) tableauSalariesFormes(c *gin.Context, annee int) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Nom", Largeur: 24}, {Titre: "Prénom", Largeur: 20}, {Titre: "Né(e) le", Largeur: 12}, {Titre: "Établissement", Largeur: 17}, {Titre: "N° de dossier", Largeur: 16},
		{Titre: "Formation", Largeur: 42}, {Titre: "Organisme", Largeur: 32}, {Titre: "Du", Largeur: 12}, {Titre: "Au", Largeur: 12}, {Titre: "État du dossier", Largeur: 24}}
	return api.Tableau{Nom: "salaries-formes", Feuille: "Salariés formés", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.SalarieForme, string, error) {
		return w.Interieur.SalariesFormes(c, annee, apres)
	}, func(l store.SalarieForme) []any {
		return []any{l.Nom, l.Prenom, l.NeLe, string(l.Etablissement), l.Numero, l.Intitule, l.Organisme, l.Du, l.Au, marqueDe(string(l.Etat), Akto).Libelle}
	})}
}
