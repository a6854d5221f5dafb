package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() {
	annonces["action-creee"] = "Vos dossiers sont retenus. Chacun est essayé, rien n’est encore fait."
	annonces["action-lancer"] = "L’action est lancée. Vous pouvez quitter cette page : elle continue sans vous."
	annonces["action-arreter"] = "L’action est arrêtée. Ce qui est fait reste fait."
	annonces["action-reprendre"] = "L’action reprend où elle en était."
	annonces["action-abandonner"] = "L’action est abandonnée. Ce qui restait ne sera pas fait."
}

// adresseActions is where the actions on many dossiers are.
const adresseActions = "/instruction/lots"

// ChoixAction is the page where one says what to do of the dossiers that were ticked.
type ChoixAction struct {
	Piece
	Dossiers []string // ticked
	Filtre   string   // of the queue, when all of it was asked for
	Genres   []opco.GenreLot
	Choix    ChoixFile
}

// ActionDeLot is the page of one action.
type ActionDeLot struct {
	Piece
	store.ActionLotVue
	Mienne   bool
	Voir     string // which dossiers are listed
	Elements []store.ElementLot
	Suite    string
}

// ActionsDeLot lists the actions of the reader.
type ActionsDeLot struct {
	Piece
	Actions []store.ActionLotVue
	Suite   string
}

// postChoixAction answers POST /instruction/lot, where the queue sends what was ticked.
func (w *Web) postChoixAction(c *gin.Context) {
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	f := Formulaire{Valeurs: v}
	if _, err := filtreRetenu(f); err != nil {
		w.echouer(c, err)
		return
	}
	w.montrerChoix(c, http.StatusOK, f, v["ligne"])
}

// filtreRetenu reads the filter whose whole was asked for, nil when dossiers were ticked.
// One that does not read is refused: it must not be taken for a wider one.
func filtreRetenu(f Formulaire) (*store.FiltreFile, error) {
	if f.Valeur("tout") != "oui" {
		return nil, nil
	}
	q, err := url.ParseQuery(f.Valeur("filtre"))
	for nom := range q {
		if !slices.Contains(champsFile, nom) {
			return nil, filtreIllisible("")
		}
	}
	lu, fautes := lireFiltreFile(q)
	switch {
	case err != nil:
		return nil, filtreIllisible("")
	case len(fautes) > 0:
		return nil, filtreIllisible(fautes[0].Message)
	}
	return &lu, nil
}

func filtreIllisible(pourquoi string) error {
	return opco.Champf("filtre", "%s", strings.TrimSpace("Le filtre de votre file ne se lit plus : rien n’est retenu. "+pourquoi+" Revenez à la file et filtrez de nouveau."))
}

func (w *Web) montrerChoix(c *gin.Context, statut int, f Formulaire, dossiers []string) {
	p := ChoixAction{Piece: w.piece(c, "Agir sur plusieurs dossiers", adresseActions), Dossiers: dossiers, Genres: opco.GenresLot(w.Interieur.Occupant(c).Role)}
	p.Formulaire = f
	if f.Valeur("tout") == "oui" {
		p.Filtre, p.Dossiers = f.Valeur("filtre"), nil
	}
	var err error
	if p.Choix, err = w.Interieur.ChoixFile(c); err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, statut, PageChoixAction(p))
}

// dits says on how many dossiers the action bears.
func (p ChoixAction) dits() string {
	if p.Valeur("tout") == "oui" {
		return "Tous les dossiers du filtre, tels qu’ils sont maintenant."
	}
	return combien(len(p.Dossiers), "dossier") + " de votre sélection."
}

// postAction answers POST /instruction/lots: the dossiers are frozen, and each is tried.
func (w *Web) postAction(c *gin.Context) {
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	f := Formulaire{Valeurs: v}
	a := opco.ActionLot{Genre: opco.GenreLot(f.Valeur("genre")), Etiquette: f.Valeur("etiquette"), A: f.Valeur("a"), JusquAu: opco.Date(f.Valeur("jusqu_au")),
		Raison: strings.TrimSpace(f.Valeur("raison"))}
	if a.Genre == opco.LotComplement {
		for _, t := range v["piece"] {
			a.Pieces = append(a.Pieces, opco.PieceDemandee{Type: opco.TypePiece(t), Motif: "MANQUANTE"})
		}
	}
	id, dossiers := acteDuFormulaire(c), v["ligne"]
	filtre, err := filtreRetenu(f)
	if filtre != nil {
		dossiers = nil
	}
	if err == nil {
		err = w.Interieur.CreerActionLot(c, id, a, dossiers, filtre)
	}
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"dossiers": "genre", "filtre": "genre", "pieces": "piece"}, func(statut int, f Formulaire) { w.montrerChoix(c, statut, f, v["ligne"]) })
		return
	}
	w.annoncer(c, "action-creee")
	suite(c, adresseActions+"/"+id)
}

// getActions answers GET /instruction/lots.
func (w *Web) getActions(c *gin.Context) {
	var avant time.Time
	var err error
	if q := c.Query("avant"); q != "" {
		if avant, err = time.Parse(time.RFC3339Nano, q); err != nil {
			w.echouer(c, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début."))
			return
		}
	}
	const page = 50
	p := ActionsDeLot{Piece: w.piece(c, "Actions sur plusieurs dossiers", adresseActions)}
	if p.Actions, err = w.Interieur.ActionsLot(c, avant, page); err != nil {
		w.echouer(c, err)
		return
	}
	if len(p.Actions) == page {
		p.Suite = adresseActions + "?avant=" + url.QueryEscape(p.Actions[page-1].CreeLe.UTC().Format(time.RFC3339Nano))
	}
	w.rendre(c, http.StatusOK, PageActions(p))
}

// etatsVus are the états of the dossiers that each part of the report lists.
var etatsVus = map[string][]string{"": nil, "faits": {"APPLIQUE"}, "refus": {"ECARTE", "REFUSE"}, "restent": {"ATTEND", "APPLICABLE"}}

// getAction answers GET /instruction/lots/:id.
func (w *Web) getAction(c *gin.Context) {
	v, err := w.Interieur.ActionLot(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ActionDeLot{Piece: w.piece(c, v.Action.Genre.Libelle(), adresseActions), ActionLotVue: v, Voir: c.Query("voir"), Mienne: w.Interieur.Occupant(c).Personne == v.Personne}
	apres, _ := strconv.Atoi(c.Query("apres"))
	const page = 100
	if p.Elements, err = w.Interieur.ElementsLot(c, v.ID, etatsVus[p.Voir], apres, page); err != nil {
		w.echouer(c, err)
		return
	}
	if len(p.Elements) == page {
		p.Suite = p.adresse("voir", p.Voir, "apres", strconv.Itoa(p.Elements[page-1].N))
	}
	if p.Vif != nil {
		p.Vif.Action = v.ID
	}
	w.rendre(c, http.StatusOK, PageAction(p))
}

// adresse is the page of the action, with what it lists.
func (p ActionDeLot) adresse(paires ...string) string {
	return adresseActions + "/" + p.ID + "?" + valeurs(paires...).Encode()
}

// onglets are the parts of the report.
func (p ActionDeLot) onglets() []Onglet {
	n := p.Nombres
	return []Onglet{{"Tous", p.adresse(), int(n.Total), p.Voir == ""}, {"Faits", p.adresse("voir", "faits"), int(n.Applique), p.Voir == "faits"},
		{"Refusés", p.adresse("voir", "refus"), int(n.Ecarte + n.Refuse), p.Voir == "refus"}, {"Restent", p.adresse("voir", "restent"), int(n.Attend + n.Applicable), p.Voir == "restent"}}
}

// postGesteAction answers POST /instruction/lots/:id/{lancer,arreter,reprendre,abandonner}.
func (w *Web) postGesteAction(c *gin.Context) {
	id, geste := c.Param("id"), c.Param("geste")
	if err := w.Interieur.ChangerActionLot(c, id, geste); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "action-"+geste)
	suite(c, adresseActions+"/"+id)
}

// dansLot says what became of a dossier.
var dansLot = map[string]struct{ Texte, Icone, Ton string }{
	"ATTEND": {"À essayer", "circle-dashed", Gris}, "APPLICABLE": {"Prêt", "circle-check", Bleu}, "ECARTE": {"Écarté", "triangle-alert", Ambre},
	"APPLIQUE": {"Fait", "circle-check", Vert}, "REFUSE": {"Refusé", "octagon-x", Rouge},
}

// etatsLot says how far an action has gone.
var etatsLot = map[store.EtatActionLot]struct{ Texte, Icone, Ton string }{
	store.LotEssai: {"Essai en cours", "hourglass", Bleu}, store.LotPret: {"Prête", "circle-check", Bleu}, store.LotLance: {"En cours", "play", Bleu},
	store.LotArrete: {"Arrêtée", "pause", Ambre}, store.LotTermine: {"Terminée", "badge-check", Vert}, store.LotAbandonne: {"Abandonnée", "ban", Gris},
}

// phrase says in one sentence where the action stands.
func (p ActionDeLot) phrase() string {
	n := p.Nombres
	switch p.Etat {
	case store.LotEssai:
		return "Chaque dossier est essayé par les règles qui l’appliqueront. Rien n’est fait."
	case store.LotPret:
		return "L’essai est fini. Dossiers prêts : " + milliers(n.Applicable) + ", écartés : " + milliers(n.Ecarte) + ". Rien n’est fait tant que vous ne lancez pas."
	case store.LotLance:
		return "Les dossiers sont faits un par un, sans gêner vos collègues. Vous pouvez quitter cette page."
	case store.LotArrete:
		if p.Raison != "" {
			return p.Raison
		}
		return "Arrêtée. Ce qui est fait reste fait ; le reste attend que vous repreniez."
	case store.LotTermine:
		return "Dossiers faits : " + milliers(n.Applique) + ", refusés : " + milliers(n.Ecarte+n.Refuse) + ", chacun avec sa raison."
	}
	return "Abandonnée. Ce qui était fait reste fait."
}

// fait and sur are the progress of the stage.
func (p ActionDeLot) fait() int64 {
	if p.Etat == store.LotEssai {
		return p.Nombres.Total - p.Nombres.Attend
	}
	return p.Nombres.Applique + p.Nombres.Refuse
}

func (p ActionDeLot) sur() int64 {
	if p.Etat == store.LotEssai {
		return p.Nombres.Total
	}
	return p.Nombres.Applique + p.Nombres.Refuse + p.Nombres.Applicable
}

// avance reports whether the stage is one that goes on: its bar is drawn.
func (p ActionDeLot) avance() bool {
	return p.sur() > 0 && p.Etat != store.LotPret && p.Etat != store.LotTermine && p.Etat != store.LotAbandonne
}

// pourActions is the class by which the style sheet shows a field for its actions only.
func pourActions(gs []opco.GenreLot) string {
	var cs []string
	for _, g := range gs {
		cs = append(cs, "pour-"+strings.ToLower(string(g)))
	}
	return strings.Join(cs, " ")
}

// dessinAction draws again how far an action has gone.
func (w *Web) dessinAction() api.Dessin {
	return api.Dessin{Nom: "action", Faire: func(ctx context.Context, a api.Audience, id string) (api.Trame, error) {
		c, err := w.Interieur.AuNomDe(ctx, a.Qui)
		if err != nil {
			return nil, err
		}
		v, err := w.Interieur.ActionLot(c, id)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := AvancementLot(ActionDeLot{ActionLotVue: v}).Render(ctx, &b); err != nil {
			return nil, err
		}
		t, err := evenement("action", "", map[string]any{"etat": v.Etat, "phrase": ActionDeLot{ActionLotVue: v}.phrase()})
		return append(t, fragment("#avancement", b.String())...), err
	}}
}

// optionsEtiquettesLot and optionsInstructeursLot are the choices of an action.
func optionsEtiquettesLot(x ChoixFile) []Option {
	os := []Option{{"", "Choisir une étiquette"}}
	for _, e := range x.Etiquettes {
		os = append(os, Option{e.ID, e.Nom})
	}
	return os
}

func optionsInstructeursLot(x ChoixFile) []Option {
	os := []Option{{"", "Choisir une personne"}}
	for _, i := range x.Instructeurs {
		os = append(os, Option{i.Personne, i.Nom})
	}
	return os
}
