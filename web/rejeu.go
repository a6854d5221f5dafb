package web

import (
	"maps"
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

func init() {
	annonces["rejeu-demande"] = "Le rejeu est demandé. Un worker le fait hors ligne : rien n’est fait ni écrit dans les dossiers."
}

// adresseRejeux is where the replays are.
const adresseRejeux = "/ops/rejeux"

// ListeRejeux is the page where one asks for a replay, and where the last ones are.
type ListeRejeux struct {
	Piece
	Rejeux []store.RejeuVue
	Suite  string
	Peut   bool // ask
}

// RejeuLu is the page of one replay.
type RejeuLu struct {
	Piece
	store.RejeuVue
	Etapes []opco.EtapeVecue
}

// pageRejeux is how many replays a page lists.
const pageRejeux = 20

// avantDe reads where a page of a list by instant begins; the zero instant for the first.
func avantDe(c *gin.Context) (time.Time, error) {
	q := c.Query("avant")
	if q == "" {
		return time.Time{}, nil
	}
	avant, err := time.Parse(time.RFC3339Nano, q)
	if err != nil {
		return avant, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	return avant, nil
}

// suiteAvant is the address of the page that follows le.
func suiteAvant(adresse string, le time.Time) string {
	return adresse + "?avant=" + url.QueryEscape(le.UTC().Format(time.RFC3339Nano))
}

// getRejeux answers GET /ops/rejeux.
func (w *Web) getRejeux(c *gin.Context) {
	w.montrerRejeux(c, http.StatusOK, Formulaire{Valeurs: valeurs("objet", c.Query("objet"))})
}

func (w *Web) montrerRejeux(c *gin.Context, statut int, f Formulaire) {
	avant, err := avantDe(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ListeRejeux{Piece: w.piece(c, "Rejeux", adresseRejeux), Peut: slices.Contains(rejoue.Roles, w.Interieur.Occupant(c).Role)}
	p.Formulaire = f
	if p.Rejeux, err = w.Interieur.Rejeux(c, avant, pageRejeux); err != nil {
		w.echouer(c, err)
		return
	}
	if avant.IsZero() {
		p.suivreTravail("rejeu", "", "")
	}
	if len(p.Rejeux) == pageRejeux {
		p.Suite = suiteAvant(adresseRejeux, p.Rejeux[pageRejeux-1].DemandeLe)
	}
	w.rendre(c, statut, PageRejeux(p))
}

// postRejeu answers POST /ops/rejeux.
func (w *Web) postRejeu(c *gin.Context) {
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	f, id := Formulaire{Valeurs: v}, acteDuFormulaire(c)
	err := w.demanderRejeu(c, id, f)
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"etape": "etape"}, func(statut int, f Formulaire) { w.montrerRejeux(c, statut, f) })
		return
	}
	w.annoncer(c, "rejeu-demande")
	suite(c, adresseRejeux+"/"+id)
}

func (w *Web) demanderRejeu(c *gin.Context, id string, f Formulaire) error {
	if f.Valeur("quoi") != "classe" {
		dit := strings.TrimSpace(f.Valeur("objet"))
		if dit == "" {
			return opco.Champf("objet", "Donnez le numéro d’un dossier ou d’un lot.")
		}
		return w.Interieur.DemanderRejeu(c, id, dit, nil, 0)
	}
	n := 0
	if s := strings.TrimSpace(f.Valeur("echantillon")); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			return opco.Champf("echantillon", "Écrivez un nombre entier, ou laissez vide pour tous les dossiers.")
		}
	}
	var etapes []string
	if e := f.Valeur("etape"); e != "" {
		etapes = []string{e}
	}
	return w.Interieur.DemanderRejeu(c, id, "", etapes, n)
}

// getRejeu answers GET /ops/rejeux/:id.
func (w *Web) getRejeu(c *gin.Context) {
	v, err := w.Interieur.Rejeu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := RejeuLu{Piece: w.piece(c, "Rejeu", adresseRejeux), RejeuVue: v}
	if p.enCours() {
		p.suivreTravail("rejeu", v.ID, "")
	}
	if v.Objet != "" {
		if p.Etapes, err = w.Interieur.Chronologie(c, v.Objet); err != nil {
			w.echouer(c, err)
			return
		}
	}
	w.rendre(c, http.StatusOK, PageRejeu(p))
}

// etatsRejeu draws how far a replay is, and its verdict.
var etatsRejeu = map[store.EtatRejeu]marque{
	store.RejeuDemande: {"Attend un worker", "hourglass", Gris}, store.RejeuEnCours: {"En cours", "play", Bleu}, store.RejeuEchoue: {"Interrompu", "triangle-alert", Ambre},
}

// marqueRejeu draws a replay in one word.
func marqueRejeu(v store.RejeuVue) marque {
	if m, ok := etatsRejeu[v.Etat]; ok {
		return m
	}
	switch {
	case !v.Bilan.Tient():
		return marque{"Divergent", "octagon-x", Rouge}
	case v.Bilan.Deterministes == 0:
		return marque{"Rien à rejouer", "circle-dashed", Gris}
	}
	return marque{"Déterministe", "badge-check", Vert}
}

// issuesRejeu draw the verdict on one run.
var issuesRejeu = map[opco.IssueRejeu]marque{
	opco.RejeuDeterministe: {"Déterministe", "badge-check", Vert}, opco.RejeuDivergent: {"Divergent", "octagon-x", Rouge},
	opco.RejeuIllisible: {"Illisible", "triangle-alert", Ambre}, opco.RejeuAbsent: {"Absente", "circle-dashed", Gris},
}

// titreRejeu names what is replayed.
func titreRejeu(v store.RejeuVue) string {
	switch {
	case v.Numero != "":
		return "Dossier " + v.Numero
	case v.Objet != "":
		return v.Objet
	}
	t := "Dossiers ouverts"
	if len(v.Etapes) > 0 {
		var noms []string
		for _, e := range v.Etapes {
			noms = append(noms, opco.Etat(e).String())
		}
		t += " : " + strings.Join(noms, ", ")
	}
	if v.Echantillon > 0 {
		t += ", " + strconv.Itoa(v.Echantillon) + " par étape"
	}
	return t
}

// phrase says where the replay stands.
func (p RejeuLu) phrase() string {
	switch p.Etat {
	case store.RejeuDemande:
		return "Un worker le prendra dans quelques secondes."
	case store.RejeuEnCours:
		return "Les histoires sont rejouées hors ligne. Vous pouvez quitter cette page."
	case store.RejeuEchoue:
		return "Arrêté avant la fin : le moteur ou la base n’a pas répondu. Ce qui est compté a été rejoué ; redemandez-le."
	}
	return p.Bilan.Phrase()
}

// enCours reports whether the replay goes on.
func (p RejeuLu) enCours() bool { return p.Etat == store.RejeuDemande || p.Etat == store.RejeuEnCours }

// chiffres are the figures of a class.
func (p RejeuLu) chiffres() []Chiffre {
	b := p.Bilan
	return []Chiffre{{Etiquette: "Rejoués à l’identique", Valeur: milliers(b.Deterministes), Icone: "badge-check", Note: milliers(b.Evenements) + " événements"},
		{Etiquette: "Divergents", Valeur: milliers(b.Divergents), Icone: "octagon-x"},
		{Etiquette: "Illisibles", Valeur: milliers(b.Illisibles), Icone: "triangle-alert"},
		{Etiquette: "Sans histoire", Valeur: milliers(b.Absents), Icone: "circle-dashed", Note: "aucune procédure ne tourne"}}
}

// classes are the classes of divergences that were found.
func (p RejeuLu) classes() []opco.ClasseRejeu { return slices.Sorted(maps.Keys(p.Bilan.Classes)) }

// seRejoue reports whether a dossier in état e has a procedure to replay.
func seRejoue(e opco.Etat) bool { return !e.Final() && e != opco.EtatBrouillon }

// faitsVecus are the steps of an étape, for its timeline.
func faitsVecus(objet string, e opco.EtapeVecue) []Fait {
	var fs []Fait
	for _, p := range e.Pas {
		f := Fait{Ton: Bleu, Icone: "history", Quoi: strconv.FormatInt(p.Rang, 10) + ". " + majuscule(p.Acte), Qui: p.Role.Libelle(), Quand: quand(p.Le),
			Motif: strings.Join(p.Changements, " ; ")}
		switch {
		case p.Refuse:
			f.Ton, f.Icone, f.Quoi = Rouge, "circle-x", f.Quoi+" : refusé"
		case p.De != p.Vers:
			f.Ton, f.Icone, f.Quoi = Vert, "arrow-right", f.Quoi+" → "+opco.NomEtat(objet, p.Vers)
		}
		fs = append(fs, f)
	}
	return fs
}
