package web

import (
	"cmp"
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

// permettre keeps the actes that the rules would take now, and says why a reader may
// not do what the four eyes keep for another person.
func (p *UnIndu) permettre(o Occupant) {
	par := o.Acteur("")
	p.Actes = slices.DeleteFunc(slices.Clone(p.Actes), func(a opco.TypeActe) bool {
		switch a {
		case opco.ActeNotifierIndu:
			if par.Croise(p.ConstatePar) {
				p.Quatre = "Vous avez constaté cet indu : une autre personne le notifie."
				return true
			}
		case opco.ActeConfirmerAbandon:
			if par.Croise(p.AbandonPar) {
				p.Quatre = "Vous avez proposé cet abandon : une autre personne le confirme."
				return true
			}
		case opco.ActeContesterIndu:
			return !slices.Contains(o.Ecrit, string(p.Debiteur)) || p.Reponse != "" || p.Jour > p.ReponseAvant
		case opco.ActeAccepterIndu:
			return !slices.Contains(o.Ecrit, string(p.Debiteur)) || p.Accepte
		case opco.ActeContentieuxIndu:
			return p.Jour <= p.ReponseAvant
		}
		return false
	})
}

// compensable reports whether someone in role r may take the debt on a payment now.
func (p UnIndu) compensable(r opco.Role) bool {
	return r == opco.RoleComptable && (p.Etat == opco.InduContentieux || p.Etat == opco.InduNotifie && (p.Accepte || p.Jour > p.ReponseAvant))
}

// payables reads the règlements of the debtor that wait for a lot.
func (w *Web) payables(c *gin.Context, p *UnIndu) error {
	page, err := w.Interieur.Reglements(c, store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, Beneficiaire: string(p.Debiteur)})
	for _, r := range page.Reglements {
		p.Payables = append(p.Payables, Option{r.Dossier + " " + r.ID, r.Numero + ", dossier " + r.DossierNumero + " : " + r.Montant.String()})
	}
	return err
}

// credits reads the transfers received that may reimburse the debt.
func (w *Web) credits(c *gin.Context, p *UnIndu) error {
	cs, err := w.Interieur.CreditsAAffecter(c)
	for _, x := range cs {
		dit := x.Jour.Longue() + " : " + x.Reste.String()
		if x.Donneur != "" {
			dit += " de " + coupe(x.Donneur, 60)
		}
		if x.Libelle != "" {
			dit += ", « " + coupe(x.Libelle, 60) + " »"
		}
		p.Credits = append(p.Credits, Option{x.Cle, dit})
	}
	return err
}

// postIndu answers POST of one debt: an acte.
func (w *Web) postIndu(base string) gin.HandlerFunc {
	return func(c *gin.Context) {
		f, ok := w.formulaire(c, "fait", "raison", "montant", "date", "reference", "total", "entree", "reglement", "acte_id")
		if !ok {
			return
		}
		montrer := func(statut int, f Formulaire) { w.montrerIndu(c, base, statut, f) }
		fait := opco.TypeActe(f.Valeur("fait"))
		m, connu := motsIndu[fait]
		connu = connu && (fait != opco.ActeCompenser || base == adresseIndus)
		l := lecteur{Formulaire: f}
		if !connu {
			l.exiger("", false, "Cet acte n’existe pas : reprenez depuis la page de l’indu.")
		}
		b := api.CorpsActeIndu{ActeID: acteDuFormulaire(c), Fait: fait, Raison: strings.TrimSpace(f.Valeur("raison"))}
		if m.Raison != "" {
			l.exiger("raison", b.Raison != "", m.Manque)
			l.borner("raison", 500)
		}
		if fait == opco.ActeRembourserIndu {
			b.Montant, b.Entree = lire(&l, "montant", opco.ParseMontant), l.Valeur("entree")
			if b.Entree == "" {
				l.ecritureCopiee(&b)
			}
		}
		if len(l.fautes) > 0 {
			reprendrePage(l, montrer)
			return
		}
		v, err := w.faireIndu(c, &l, b)
		if len(l.fautes) > 0 {
			reprendrePage(l, montrer)
			return
		}
		if err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		w.fait(c, v, m.Fait, base+"/"+url.PathEscape(c.Param("indu")))
	}
}

// ecritureCopiee reads an entry of the bank that the comptable copies from the statement.
func (l *lecteur) ecritureCopiee(b *api.CorpsActeIndu) {
	b.Date, b.Reference = lire(l, "date", opco.ParseDate), l.ligneTexte("reference", 140)
	l.exiger("reference", b.Reference != "" || l.aFaute("reference"), "Indiquez la référence de l’écriture sur le relevé de banque.")
	if l.Valeur("total") != "" {
		b.Total = lire(l, "total", opco.ParseMontant)
	}
}

// indusDe reads the debts found in a dossier that the reader may see.
func (w *Web) indusDe(c *gin.Context, d *opco.Dossier) ([]store.LigneIndu, error) {
	if len(d.Indus) == 0 {
		return nil, nil
	}
	is, _, err := w.Interieur.Indus(c, store.FiltreIndus{Dossier: d.ID})
	return is, err
}

// faireIndu does an acte: a compensation is an acte of the dossier whose payment it is
// taken on.
func (w *Web) faireIndu(c *gin.Context, l *lecteur, b api.CorpsActeIndu) (opco.Verdict, error) {
	if b.Fait != opco.ActeCompenser {
		return w.Interieur.AgirSurUnIndu(c, c.Param("indu"), b)
	}
	dossier, reglement, ok := strings.Cut(l.Valeur("reglement"), " ")
	l.exiger("reglement", ok, "Choisissez le règlement sur lequel retenir la somme.")
	if !ok {
		return "", nil
	}
	return w.Interieur.Compenser(c, b.ActeID, dossier, opco.ChargeCompenser{Reglement: reglement, Indu: c.Param("indu")})
}

// faitsIndu tells the journal of a debt, newest first.
func faitsIndu(ps []opco.Passage) []Fait {
	var fs []Fait
	for _, x := range slices.Backward(ps) {
		m := marquesIndu[opco.EtatIndu(x.Vers)]
		f := Fait{Ton: cmp.Or(m.Ton, Bleu), Icone: cmp.Or(m.Icone, "history"), Quoi: ponctuer(x.Phrase), Qui: x.Par.Nom, Quand: quand(x.Le)}
		if x.Verdict == opco.VerdictRefuse {
			f.Ton, f.Icone, f.Quoi = Gris, "circle-x", "Essai refusé : "+premiereMinuscule(x.Phrase)
		}
		fs = append(fs, f)
	}
	return fs
}
