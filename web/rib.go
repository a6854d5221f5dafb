package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// adresseRIBs is the list of bank details, for who checks them.
const adresseRIBs = "/comptabilite/ribs"

// Coordonnees is the page where a payee reads its bank details and asks for a change.
type Coordonnees struct {
	Piece
	RIBs    []api.RIB
	Adresse string
	Ecrit   bool
	Sites   []Option // when it acts for several organisations
	Attente int      // hours of the hold
	Gardes  Gardes   // the files chosen already
	EnCours *api.RIB
	EnPlace *api.RIB
	Anciens []api.RIB
}

// RIBsAVerifier is the list of bank details of the staff.
type RIBsAVerifier struct {
	Piece
	RIBs    []api.RIB
	Tous    bool
	Suite   string
	Attente int // hours of the hold
}

// UnRIB is one RIB, for who checks it.
type UnRIB struct {
	Piece
	api.RIB
	Attente int // hours of the hold
}

var marquesRIB = map[opco.EtatRIB]marque{
	opco.RIBPropose:  {"À vérifier", "hourglass", Ambre},
	opco.RIBVu:       {"Vérifié une fois", "eye", Prune},
	opco.RIBValide:   {"Validé, en attente", "clock", Bleu},
	opco.RIBActif:    {"En service", "circle-check", Vert},
	opco.RIBRefuse:   {"Refusé", "circle-x", Rouge},
	opco.RIBGele:     {"Gelé", "octagon-x", Rouge},
	opco.RIBRemplace: {"Remplacé", "archive", Gris},
}

// motsGeste says each gesture on its button, what it does, and what is said once done.
var motsGeste = map[opco.GesteRIB]struct{ Bouton, Suite, Fait string }{
	opco.GesteVoir:      {"J’ai vérifié ce RIB", "Le fichier porte cet IBAN et ce nom, et je l’ai rappelé. Une autre personne le validera.", "rib-vu"},
	opco.GesteValider:   {"Valider ce RIB", "Il entre en service %d h après. Vous ne pourrez ni préparer ni valider ses paiements.", "rib-valide"},
	opco.GesteRefuser:   {"Refuser", "Le compte d’avant reste en service.", "rib-refuse"},
	opco.GesteGeler:     {"Geler", "Rien n’est plus payé sur ce compte ; les lots qui ne sont pas partis le retirent.", "rib-gele"},
	opco.GesteDegeler:   {"Lever le gel", "Les règlements peuvent être remis en paiement sur ce compte.", "rib-degele"},
	opco.GesteConfirmer: {"Confirmer la levée du gel", "J’ai rappelé la banque ou le bénéficiaire : ce compte peut être payé. Vous ne pourrez ni préparer ni valider ses paiements.", "rib-confirme"},
}

func init() {
	for nom, phrase := range map[string]string{
		"rib-propose":  "Votre nouveau RIB est reçu. Deux personnes le vérifient ; vous lisez ici où il en est.",
		"rib-vu":       "Première vérification enregistrée. Un comptable doit encore valider ce RIB.",
		"rib-valide":   "Le RIB est validé. La date de son entrée en service est écrite ici.",
		"rib-refuse":   "Le RIB est refusé. Son titulaire est prévenu par e-mail.",
		"rib-gele":     "Le RIB est gelé. Son titulaire est prévenu par e-mail.",
		"rib-degele":   "La levée du gel est enregistrée.",
		"rib-confirme": "Le gel est levé : le compte peut être payé.",
	} {
		annonces[nom] = phrase
	}
}

// getCoordonnees shows its bank details to an organisation, at adresse.
func (w *Web) getCoordonnees(adresse string) gin.HandlerFunc {
	return func(c *gin.Context) { w.montrerCoordonnees(c, adresse, http.StatusOK, Formulaire{}) }
}

func (w *Web) montrerCoordonnees(c *gin.Context, adresse string, statut int, f Formulaire) {
	p := Coordonnees{Piece: w.piece(c, "Coordonnées bancaires", adresse), Adresse: adresse}
	p.Formulaire = f
	var err error
	if p.RIBs, _, err = w.Interieur.RIBs(c, nil, ""); err != nil {
		w.echouer(c, err)
		return
	}
	if p.Attente, err = w.Interieur.AttenteRIB(c); err != nil {
		w.echouer(c, err)
		return
	}
	o := w.Interieur.Occupant(c)
	p.Ecrit = len(o.Ecrit) > 0
	if len(o.Ecrit) > 1 {
		for _, x := range o.Ecrit {
			p.Sites = append(p.Sites, Option{x, "Établissement " + opco.SIRET(x).Affiche()})
		}
	}
	if p.Gardes, err = w.fichiersGardes(c, "", f); err != nil {
		w.echouer(c, err)
		return
	}
	p.ranger()
	w.rendre(c, statut, PageCoordonnees(p))
}

// ranger puts apart the account in service, the one on its way, and the others.
func (p *Coordonnees) ranger() {
	for i := range p.RIBs {
		r := &p.RIBs[i]
		switch {
		case r.Etat.EnCours() && p.EnCours == nil:
			p.EnCours = r
		case (r.Etat == opco.RIBActif || r.Etat == opco.RIBGele) && p.EnPlace == nil:
			p.EnPlace = r
		default:
			p.Anciens = append(p.Anciens, *r)
		}
	}
}

// postCoordonnees receives a new RIB.
func (w *Web) postCoordonnees(adresse string) gin.HandlerFunc {
	return func(c *gin.Context) {
		f, fichier, ok := w.formulaireFichier(c, slices.Concat(champsGarde, []string{"etablissement", "iban", "bic", "titulaire"})...)
		if !ok {
			return
		}
		montrer := func(statut int, f Formulaire) { w.montrerCoordonnees(c, adresse, statut, f) }
		f, err := w.garderFichier(c, "", opco.PieceRIB, f, fichier)
		if err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		if f.Valeur("garde") == "" {
			montrer(http.StatusUnprocessableEntity, f.avec([]Faute{{"fichier", "Joignez le RIB lui-même, en PDF ou en image."}}))
			return
		}
		if err := w.Interieur.ProposerRIBGarde(c.Request.Context(), proposition(f)); err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		w.annoncer(c, "rib-propose")
		suite(c, adresse)
	}
}

// proposition is what the form f says of a new RIB.
func proposition(f Formulaire) api.PropositionRIB {
	lu := func(n string) string { return strings.TrimSpace(f.Valeur(n)) }
	return api.PropositionRIB{Acte: f.Valeur("acte_id"), Etablissement: opco.SIRET(lu("etablissement")), Garde: f.Valeur("garde"),
		Saisie: opco.SaisieRIB{IBAN: lu("iban"), BIC: lu("bic"), Titulaire: lu("titulaire")}}
}

// acteDuRIB is the id of the acte that the form makes: the one it came back with.
func (p Coordonnees) acteDuRIB() string {
	if id := p.Valeur("acte_id"); id != "" {
		return id
	}
	return p.Acte
}

// getRIBs answers GET /comptabilite/ribs: those that wait for somebody first.
func (w *Web) getRIBs(c *gin.Context) {
	p := RIBsAVerifier{Piece: w.piece(c, "RIB à vérifier", adresseRIBs), Tous: c.Query("etat") == "tous"}
	etats := []opco.EtatRIB{opco.RIBPropose, opco.RIBVu, opco.RIBValide, opco.RIBGele}
	if p.Tous {
		etats = nil
	}
	rs, suivant, err := w.Interieur.RIBs(c, etats, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.RIBs = rs
	v := url.Values{}
	if p.Tous {
		v.Set("etat", "tous")
	}
	p.Suite = pageSuivante(adresseRIBs, v, suivant)
	if p.Attente, err = w.Interieur.AttenteRIB(c); err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), "liste", len(rs))
	w.rendre(c, http.StatusOK, PageRIBs(p))
}

// getRIB answers GET /comptabilite/ribs/:rib.
func (w *Web) getRIB(c *gin.Context) { w.montrerRIB(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerRIB(c *gin.Context, statut int, f Formulaire) {
	p := UnRIB{Piece: w.piece(c, "RIB", adresseRIBs)}
	p.Formulaire = f
	var err error
	if p.RIB, err = w.Interieur.RIB(c, c.Param("rib")); err != nil {
		w.echouer(c, err)
		return
	}
	if p.Attente, err = w.Interieur.AttenteRIB(c); err != nil {
		w.echouer(c, err)
		return
	}
	p.Titre = "RIB de " + p.Nom
	w.rendre(c, statut, PageRIB(p))
}

// postRIB answers POST /comptabilite/ribs/:rib: a gesture.
func (w *Web) postRIB(c *gin.Context) {
	f, ok := w.formulaire(c, "geste", "raison", "acte_id")
	if !ok {
		return
	}
	g := opco.GesteRIB(f.Valeur("geste"))
	if err := w.Interieur.AgirSurUnRIB(c, acteDuFormulaire(c), c.Param("rib"), g, f.Valeur("raison")); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerRIB(c, statut, f) })
		return
	}
	w.annoncer(c, motsGeste[g].Fait)
	suite(c, adresseRIBs+"/"+c.Param("rib"))
}

// ribDit says where a RIB stands and who acts, to its holder.
func ribDit(r api.RIB, heures string) string {
	switch r.Etat {
	case opco.RIBPropose, opco.RIBVu:
		return "Deux personnes de l’OPCO le vérifient. Il entrera en service " + heures + " après leur accord. D’ici là, rien ne vous est payé."
	case opco.RIBValide:
		return "Il entre en service le " + quand(*r.ActifLe) + ". D’ici là, rien ne vous est payé."
	case opco.RIBGele:
		return "La banque a refusé ce compte, ou nous l’avons suspendu : rien n’y est plus payé. Déposez un nouveau RIB, ou appelez-nous."
	}
	return ""
}

// obstacleDit says why a règlement waits for an account, and who acts.
func obstacleDit(o opco.ObstacleRIB) string {
	switch o {
	case opco.RIBQuiChange:
		return "Un nouveau RIB est en cours de vérification : remettez le règlement en paiement quand il sera en service."
	case opco.RIBQuiGele:
		return "Son RIB est gelé : il faut qu’il en dépose un autre, ou que deux personnes lèvent le gel."
	}
	return ""
}

// signauxDits counts signs.
func signauxDits(n int) string {
	if n == 1 {
		return "1 signal"
	}
	return strconv.Itoa(n) + " signaux"
}

// RIBMontre is a RIB as the components show it.
type RIBMontre = api.RIB

// suite says what a gesture does: a person puts nothing but its own freeze away, one
// of the bank waits for somebody else.
func (p UnRIB) suite(g opco.GesteRIB) string {
	switch {
	case g == opco.GesteValider:
		return fmt.Sprintf(motsGeste[g].Suite, p.Attente)
	case g == opco.GesteDegeler && p.Motif != "":
		return "La banque a refusé ce compte : il restera gelé jusqu’à ce qu’une autre personne confirme la levée."
	}
	return motsGeste[g].Suite
}

// raison is the field of why, under a name of its own for each gesture.
func (p UnRIB) raison(g opco.GesteRIB) Saisie {
	s := p.Saisie(Saisie{Nom: "raison", Label: "Pourquoi", Aide: "Le bénéficiaire et vos collègues le liront.", Autocomplete: "off", Max: 500})
	if p.Valeur("geste") != string(g) {
		s.Valeur, s.Erreur = "", ""
	}
	return s
}

// faitsRIB says a line of the journal of a RIB.
var faitsRIB = map[string]string{"propose": "RIB proposé", "voir": "Première vérification", "valider": "RIB validé", "refuser": "RIB refusé",
	"geler": "RIB gelé", "degeler": "Levée du gel", "confirmer": "Levée du gel confirmée", "en_service": "RIB mis en service"}
