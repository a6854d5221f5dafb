package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Where the debts are listed, in each room.
const (
	adresseIndus     = "/comptabilite/indus"
	indusOrganisme   = "/organisme/indus"
	indusEntreprise  = "/entreprise/indus"
	phraseIndus      = "L’argent payé qui doit revenir. Un comptable notifie, le débiteur répond, un paiement suivant ou un virement solde."
	phraseIndusDus   = "Ce que nous avons payé en trop. Vous lisez pourquoi, et vous pouvez contester dans le délai."
	titreIndusDus    = "Sommes à rendre"
	titreIndusMaison = "Indus"
)

// Indus is a list of debts: all of them for the staff, those that it owes for an
// organisation.
type Indus struct {
	Piece
	Base    string
	Interne bool
	Lignes  []store.LigneIndu
	Vue     string
	Compte  map[opco.EtatIndu]int
	Jour    opco.Date
	Suite   string
}

// vueIndus is a view of the list, with the états that it keeps.
type vueIndus struct {
	cle, nom string
	etats    []opco.EtatIndu
	maison   bool // only for the staff
}

var (
	indusVivants = []opco.EtatIndu{opco.InduNouveau, opco.InduConstate, opco.InduNotifie, opco.InduConteste, opco.InduContentieux, opco.InduAbandonPropose}
	indusFinis   = []opco.EtatIndu{opco.InduCompense, opco.InduRembourse, opco.InduAnnule, opco.InduAbandonne}
)

var vuesIndus = []vueIndus{
	{"", "En cours", indusVivants, false},
	{"notifier", "À notifier", []opco.EtatIndu{opco.InduConstate}, true},
	{"notifies", "Notifiés", []opco.EtatIndu{opco.InduNotifie}, true},
	{"contestes", "Contestés", []opco.EtatIndu{opco.InduConteste}, true},
	{"contentieux", "Au contentieux", []opco.EtatIndu{opco.InduContentieux}, true},
	{"abandons", "Abandons à confirmer", []opco.EtatIndu{opco.InduAbandonPropose}, true},
	{"finis", "Terminés", indusFinis, false},
}

// marquesIndu show the états of a debt; their labels are those of opco.
var marquesIndu = map[opco.EtatIndu]marque{
	opco.InduNouveau: {Icone: "clock", Ton: Gris}, opco.InduConstate: {Icone: "send", Ton: Ambre}, opco.InduNotifie: {Icone: "mail", Ton: Bleu},
	opco.InduConteste: {Icone: "message-square", Ton: Ambre}, opco.InduContentieux: {Icone: "scale", Ton: Rouge}, opco.InduAbandonPropose: {Icone: "eye", Ton: Prune},
	opco.InduCompense: {Icone: "badge-check", Ton: Vert}, opco.InduRembourse: {Icone: "badge-check", Ton: Vert}, opco.InduAnnule: {Icone: "ban", Ton: Gris},
	opco.InduAbandonne: {Icone: "archive", Ton: Gris},
}

func marqueIndu(e opco.EtatIndu) marque {
	m := marquesIndu[e]
	m.Libelle = e.String()
	return m
}

// cherche says what the search looks through.
func (p Indus) cherche() string {
	if p.Interne {
		return "Débiteur ou numéro"
	}
	return "Numéro d’indu ou de dossier"
}

// vues are the views that the reader has.
func (p Indus) vues() []vueIndus {
	return slices.DeleteFunc(slices.Clone(vuesIndus), func(v vueIndus) bool { return v.maison && !p.Interne })
}

// compte counts the debts of a view.
func (p Indus) compte(v vueIndus) (n int) {
	for _, e := range v.etats {
		n += p.Compte[e]
	}
	return n
}

// adresse is a view of the list, with what is searched.
func (p Indus) adresse(vue string) string {
	v := url.Values{}
	for nom, x := range map[string]string{"etat": vue, "q": p.Valeur("q")} {
		if x != "" {
			v.Set(nom, x)
		}
	}
	if len(v) == 0 {
		return p.Base
	}
	return p.Base + "?" + v.Encode()
}

// getIndus answers GET of the list of debts of a room, at base.
func (w *Web) getIndus(base string) gin.HandlerFunc {
	return func(c *gin.Context) {
		o := w.Interieur.Occupant(c)
		p := Indus{Base: base, Interne: o.Role.Interne(), Vue: c.Query("etat")}
		titre := titreIndusDus
		if p.Interne {
			titre = titreIndusMaison
		}
		p.Piece = w.piece(c, titre, base)
		p.avecFeuille()
		p.Formulaire = Formulaire{Valeurs: valeurs("q", strings.TrimSpace(coupe(c.Query("q"), 100)))}
		i := slices.IndexFunc(p.vues(), func(v vueIndus) bool { return v.cle == p.Vue })
		if i < 0 {
			i, p.Vue = 0, ""
		}
		var suivant string
		var err error
		if p.Lignes, suivant, err = w.Interieur.Indus(c, store.FiltreIndus{Etats: p.vues()[i].etats, Texte: p.Valeur("q"), Apres: c.Query("apres")}); err == nil {
			p.Compte, err = w.Interieur.CompterLesIndus(c)
		}
		if err == nil {
			p.Jour, err = w.Interieur.Aujourdhui(c)
		}
		if err != nil {
			w.echouer(c, err)
			return
		}
		if suivant != "" {
			v := valeurs("etat", p.Vue, "q", p.Valeur("q"))
			p.Suite = pageSuivante(base, v, suivant)
		}
		w.rendre(c, http.StatusOK, PageIndus(p))
	}
}

// qui says who acts next on a debt.
func (p Indus) qui(l store.LigneIndu) string {
	debiteur := "Débiteur : payer ou contester"
	if !p.Interne {
		debiteur = "Vous : payer, accepter ou contester"
	}
	switch l.Etat {
	case opco.InduConstate:
		return "Comptable : notifier"
	case opco.InduNotifie:
		if l.Accepte || p.Jour > l.Avant {
			return p.maison("Comptable : compenser ou encaisser")
		}
		return debiteur
	case opco.InduConteste:
		return p.maison("Responsable : répondre")
	case opco.InduContentieux:
		return p.maison("Responsable : suivre le contentieux")
	case opco.InduAbandonPropose:
		return "Comptable : confirmer ou refuser"
	case opco.InduNouveau:
		return "Ouverture en cours"
	}
	return "—"
}

// maison says to an organisation only that the OPCO acts.
func (p Indus) maison(dit string) string {
	if p.Interne {
		return dit
	}
	return "L’OPCO"
}

// avant says until when who acts next has.
func (p Indus) avant(l store.LigneIndu) string {
	if l.Avant == "" || l.Etat != opco.InduNotifie && l.Etat != opco.InduConteste {
		return "—"
	}
	return l.Avant.Longue()
}

// UnIndu is one debt, and what its reader may do to it.
type UnIndu struct {
	Piece
	api.InduLu
	Base     string
	Retour   string // name of the list
	Dossier1 string // address of its dossier in the room of the reader
	Interne  bool
	Jour     opco.Date
	Payables []Option // règlements on which it may be taken
	Credits  []Option // transfers received of which something is left to affect
	Quatre   string   // why the reader may not do what others may
	Faits    []Fait
}

// getIndu answers GET of one debt, in the room at base.
func (w *Web) getIndu(base string) gin.HandlerFunc {
	return func(c *gin.Context) { w.montrerIndu(c, base, http.StatusOK, Formulaire{}) }
}

func (w *Web) montrerIndu(c *gin.Context, base string, statut int, f Formulaire) {
	i, err := w.Interieur.UnIndu(c, c.Param("indu"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	o := w.Interieur.Occupant(c)
	p := UnIndu{Piece: w.piece(c, "Indu "+i.Numero, base), InduLu: i, Base: base, Interne: o.Role.Interne()}
	p.avecFeuille()
	p.Formulaire = f
	p.situer()
	if p.Jour, err = w.Interieur.Aujourdhui(c); err == nil && p.Interne {
		var ps []opco.Passage
		ps, err = w.Interieur.JournalIndu(c, i.ID)
		p.Faits = faitsIndu(ps)
	}
	p.permettre(o)
	if err == nil && p.compensable(o.Role) {
		err = w.payables(c, &p)
	}
	if err == nil && slices.Contains(p.Actes, opco.ActeRembourserIndu) {
		err = w.credits(c, &p)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, statut, PageIndu(p))
}

// situer says where the debt stands in the room of its reader.
func (p *UnIndu) situer() {
	p.Retour, p.Dossier1 = titreIndusDus, baseOrganisme(p.Dossier)
	switch p.Base {
	case adresseIndus:
		p.Retour, p.Dossier1 = titreIndusMaison, adresseEtude(p.Dossier)
	case indusEntreprise:
		p.Dossier1 = baseEntreprise(p.Dossier)
	}
}
