package web

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Comptabilite is the desk of the comptable: what waits, the most pressing first.
type Comptabilite struct {
	Piece
	Compteurs   store.CompteursComptabilite
	Jour        opco.Date
	Moi         string // name of the reader, who does not validate what they built
	Prepare     bool   // may build a lot
	Factures    []store.LigneReglement
	AValider    []store.LigneLot
	Attendus    []store.LigneLot
	Rejets      []store.LigneRejet
	Quarantaine []store.LigneEntree
}

// resumeMax is how many lines of each list the desk shows.
const resumeMax = 5

// getComptabilite answers GET /comptabilite.
func (w *Web) getComptabilite(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	p := Comptabilite{Piece: w.piece(c, "À payer aujourd’hui", "/comptabilite"), Prepare: o.Role == opco.RoleComptable, Moi: strings.TrimSpace(o.Prenom + " " + o.Nom)}
	p.avecFeuille()
	if err := w.remplirComptabilite(c, &p); err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), "liste", len(p.Factures)+len(p.Rejets))
	w.rendre(c, http.StatusOK, PageComptabilite(p))
}

// avecFeuille gives a page the style sheet of the work pages.
func (p *Piece) avecFeuille() { p.Page = p.avec("equipe.css") }

func (w *Web) remplirComptabilite(c *gin.Context, p *Comptabilite) error {
	var err error
	if p.Jour, err = w.Interieur.Aujourdhui(c); err != nil {
		return err
	}
	if p.Compteurs, err = w.Interieur.CompterComptabilite(c); err != nil {
		return err
	}
	factures, err := w.Interieur.Reglements(c, store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}})
	if err != nil {
		return err
	}
	p.Factures = factures.Reglements[:min(resumeMax, len(factures.Reglements))]
	if p.AValider, _, err = w.Interieur.Lots(c, []opco.EtatLot{opco.LotPropose}, ""); err != nil {
		return err
	}
	if p.Attendus, _, err = w.Interieur.Lots(c, []opco.EtatLot{opco.LotValide, opco.LotEmis, opco.LotTransmis, opco.LotInconnu}, ""); err != nil {
		return err
	}
	rejets, err := w.Interieur.Rejets(c, "")
	if err != nil {
		return err
	}
	p.Rejets = rejets.Rejets[:min(resumeMax, len(rejets.Rejets))]
	quarantaine, err := w.Interieur.Quarantaine(c, "")
	p.Quarantaine = quarantaine.Entrees[:min(resumeMax, len(quarantaine.Entrees))]
	return err
}

// chiffresComptabilite are the tiles of the desk.
func chiffresComptabilite(n store.CompteursComptabilite) []Chiffre {
	attente := "rien n’est en cours"
	switch {
	case n.Muets > 0:
		attente = combien(int(n.Muets), "lot") + " sans réponse dans les délais"
	case n.Attendus.Nombre > 0:
		attente = n.Attendus.Somme.String() + " en cours"
	}
	return []Chiffre{
		{"Factures à payer", "receipt-text", milliers(n.APayer.Nombre), n.APayer.Somme.String(), "/comptabilite/factures"},
		{"En retard", "alarm-clock", milliers(n.EnRetard.Nombre), noteSomme(n.EnRetard, "rien n’est en retard"), "/comptabilite/factures?retard=oui"},
		{"Lots à valider", "eye", milliers(n.AValider.Nombre), noteSomme(n.AValider, "aucun n’attend"), "/comptabilite/lots?etat=PROPOSE"},
		{"Réponses attendues", "hourglass", milliers(n.Attendus.Nombre), attente, "/comptabilite/lots?etat=attendus"},
		{"Rejets à traiter", "octagon-x", milliers(n.Rejets.Nombre), noteSomme(n.Rejets, "tout est traité"), "/comptabilite/rejets"},
		{"En quarantaine", "triangle-alert", milliers(n.Quarantaine.Nombre), noteSomme(n.Quarantaine, "tout est rapproché"), "/comptabilite/quarantaine"},
	}
}

func noteSomme(t store.Total, rien string) string {
	if t.Nombre == 0 {
		return rien
	}
	return t.Somme.String()
}

// milliers writes a count with its thousands apart: « 12 480 ».
func milliers(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// FacturesAPayer is the list of the règlements to pay.
type FacturesAPayer struct {
	Piece
	store.PageReglements
	Jour     opco.Date
	Filtre   url.Values
	Branches []Option
	Suite    string // address of the next page
	Prepare  bool
	Export   string
}

// filtresFactures are the fields of the filter of the invoices to pay.
var filtresFactures = []string{"q", "echeance_au", "branche", "montant_min", "montant_max", "retard"}

// getFacturesAPayer answers GET /comptabilite/factures.
func (w *Web) getFacturesAPayer(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	p := FacturesAPayer{Piece: w.piece(c, "Factures à payer", "/comptabilite/factures"), Filtre: filtreDe(c, filtresFactures...), Prepare: o.Role == opco.RoleComptable}
	p.avecFeuille()
	p.Page = p.avecModule("comptable.js")
	var err error
	if p.Jour, err = w.Interieur.Aujourdhui(c); err == nil {
		p.Branches, err = w.Portes.Branches(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	l := lecteur{Formulaire: Formulaire{Valeurs: p.Filtre}}
	f := l.filtreFactures(p.Jour)
	f.Apres = c.Query("apres")
	if w.exporter(c, l.fautes, w.tableauReglements(c, f)) {
		return
	}
	statut := http.StatusOK
	if len(l.fautes) == 0 {
		if p.PageReglements, err = w.Interieur.Reglements(c, f); err != nil {
			w.echouer(c, err)
			return
		}
	} else {
		statut = http.StatusUnprocessableEntity
	}
	p.Formulaire = l.avec(l.fautes)
	p.Suite, p.Export = pageSuivante("/comptabilite/factures", p.Filtre, p.Suivant), exportDe(c, len(p.Reglements))
	api.Montrer(c.Request.Context(), "liste", len(p.Reglements))
	w.rendre(c, statut, PageFacturesAPayer(p))
}

// filtreDe reads the fields of a filter in the address; empty ones are left out.
func filtreDe(c *gin.Context, noms ...string) url.Values {
	q := url.Values{}
	for _, n := range noms {
		if v := strings.TrimSpace(coupe(c.Query(n), 100)); v != "" {
			q.Set(n, v)
		}
	}
	return q
}

// filtreFactures reads the filter of the invoices to pay.
func (l *lecteur) filtreFactures(jour opco.Date) store.FiltreReglements {
	f := store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, Texte: l.Valeur("q"), IDCC: l.Valeur("branche")}
	if l.Valeur("echeance_au") != "" {
		f.EcheanceAu = lire(l, "echeance_au", opco.ParseDate)
	}
	if l.Valeur("retard") != "" {
		f.EcheanceAu = jour.Jours(-1)
	}
	for champ, dans := range map[string]*opco.Montant{"montant_min": &f.MontantMin, "montant_max": &f.MontantMax} {
		if l.Valeur(champ) != "" {
			*dans = lire(l, champ, opco.ParseMontant)
		}
	}
	return f
}

// phraseFactures says what the filter keeps.
func (p FacturesAPayer) phraseFactures() string {
	if p.Nombre == 0 {
		return "Les factures approuvées qui n’ont pas encore de lot, par échéance."
	}
	return majuscule(combien(int(p.Nombre), "règlement")) + " pour " + p.Somme.String() + ", par échéance."
}

// dossierComptable is where the staff reads a dossier.
func dossierComptable(id string) string { return "/instruction/dossiers/" + id }

// What the desk of the comptable announces once.
func init() {
	maps.Copy(annonces, map[string]string{
		"lot-en-construction": "Le lot est en construction. Une autre personne le validera une fois entier.",
		"lot-prepare":         "Le lot est préparé. Une autre personne doit maintenant le valider.",
		"lot-valide":          "Votre validation est enregistrée. La page dit où en est le lot.",
		"lot-issue":           "C’est noté. La page dit où en est le lot.",
		"lot-annule":          "Le lot est annulé. Ses règlements sont de nouveau à payer.",
		"lot-lignes":          "Les lignes sont retirées. Leurs règlements sont de nouveau à payer.",
		"remis-en-paiement":   "Un nouveau règlement est créé. Il attend le prochain lot, dans les factures à payer.",
	})
}
