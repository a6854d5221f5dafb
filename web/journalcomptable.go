package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// JournalVu is what moved on the accounts of a fund, before its journal is taken.
type JournalVu struct {
	Piece
	Periode store.PeriodeComptable
	Comptes []store.SoldeComptable
	// SansNumero are the entries of the period that the journal does not hold yet, and
	// Numerote whether the reader may number them.
	SansNumero int64
	Numerote   bool
}

// getJournal answers GET /comptabilite/journal.
func (w *Web) getJournal(c *gin.Context) {
	f, periode, fautes, ok := w.periodeComptable(c)
	if !ok {
		return
	}
	p := JournalVu{Piece: w.piece(c, "Journal comptable", "/comptabilite/journal"), Periode: periode}
	p.avecFeuille()
	p.Numerote = w.Interieur.Occupant(c).Role == opco.RoleComptable
	statut := http.StatusOK
	if len(fautes) == 0 {
		var err error
		if p.Comptes, p.SansNumero, err = w.Interieur.BalanceComptable(c, p.Periode); err != nil {
			w.montrerRefus(c, f, err, nil, func(s int, f Formulaire) { statut, fautes = s, f.Erreurs })
			if len(fautes) == 0 {
				return
			}
		}
	}
	if len(fautes) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	p.Formulaire = f.avec(fautes)
	w.rendre(c, statut, PageJournal(p))
}

// periodeComptable reads a fund and a period in the address; the mutualised fund and the
// year to this day when there is none. ok is false when the answer is given.
func (w *Web) periodeComptable(c *gin.Context) (f Formulaire, p store.PeriodeComptable, fautes []Faute, ok bool) {
	f = Formulaire{Valeurs: filtreDe(c, "fonds", "du", "au")}
	if f.Valeur("du") == "" && f.Valeur("au") == "" {
		jour, err := w.Interieur.Aujourdhui(c)
		if err != nil {
			w.echouer(c, err)
			return f, p, nil, false
		}
		f.Valeurs.Set("du", string(jour[:4])+"-01-01")
		f.Valeurs.Set("au", string(jour))
	}
	if f.Valeur("fonds") == "" {
		f.Valeurs.Set("fonds", store.FondsMutualise)
	}
	l := lecteur{Formulaire: f}
	p = store.PeriodeComptable{Fonds: f.Valeur("fonds"), Du: lire(&l, "du", opco.ParseDate), Au: lire(&l, "au", opco.ParseDate)}
	return f, p, l.fautes, true
}

func init() {
	annonces["journal-numerote"] = "Les écritures de la période sont numérotées : le journal les porte."
}

// postJournal answers POST /comptabilite/journal: the entries of the period get their
// numbers, for good.
func (w *Web) postJournal(c *gin.Context) {
	f, ok := w.formulaire(c, "fonds", "du", "au", "acte_id")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	p := store.PeriodeComptable{Fonds: f.Valeur("fonds"), Du: lire(&l, "du", opco.ParseDate), Au: lire(&l, "au", opco.ParseDate)}
	if len(l.fautes) > 0 { // the page says what is wrong with the period
		suite(c, adresseFiltree("/comptabilite/journal", url.Values{"fonds": {p.Fonds}, "du": {f.Valeur("du")}, "au": {f.Valeur("au")}}))
		return
	}
	if err := w.Interieur.NumeroterEcritures(c, acteDuFormulaire(c), p); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "journal-numerote")
	suite(c, "/comptabilite/journal?"+adressePeriode(p))
}

// getFichierJournal answers GET /comptabilite/journal/fichier. What does not read goes
// back to the page, which says why.
func (w *Web) getFichierJournal(c *gin.Context) {
	f, periode, fautes, ok := w.periodeComptable(c)
	if !ok {
		return
	}
	if len(fautes) > 0 {
		suite(c, adresseFiltree("/comptabilite/journal", f.Valeurs))
		return
	}
	if err := w.Interieur.EnvoyerJournal(c, periode); err != nil {
		w.echouer(c, err)
	}
}

// fichier is where the journal of the period is taken.
func (p JournalVu) fichier() string {
	return "/comptabilite/journal/fichier?" + adressePeriode(p.Periode)
}

// aNumeroter says how many entries the journal does not hold yet.
func (p JournalVu) aNumeroter() string {
	if p.SansNumero == 1 {
		return "1 écriture de cette période n’a pas encore de numéro"
	}
	return milliers(p.SansNumero) + " écritures de cette période n’ont pas encore de numéro"
}

func adressePeriode(p store.PeriodeComptable) string {
	return url.Values{"fonds": {p.Fonds}, "du": {string(p.Du)}, "au": {string(p.Au)}}.Encode()
}

func optionsFonds() []Option {
	var os []Option
	for _, f := range opco.CodesFonds() {
		os = append(os, Option{f, nomFonds(f)})
	}
	return os
}

var colonnesJournal = []Colonne{{Titre: "Compte"}, {Titre: "Lignes", Nombre: true, Tenue: "second"}, {Titre: "Débit", Nombre: true}, {Titre: "Crédit", Nombre: true}, {Titre: "Solde de la période", Nombre: true}}

// lignesJournal are the accounts, then their sums: debits equal credits.
func (p JournalVu) lignesJournal() [][]Cellule {
	var ls [][]Cellule
	var lignes int64
	var debit, credit opco.Montant
	for _, s := range p.Comptes {
		ls = append(ls, []Cellule{{Texte: s.Libelle, Note: s.Numero}, {Texte: milliers(s.Lignes)}, {Texte: s.Debit.String()}, {Texte: s.Credit.String()}, {Texte: (s.Debit - s.Credit).String()}})
		lignes, debit, credit = lignes+s.Lignes, debit+s.Debit, credit+s.Credit
	}
	return append(ls, []Cellule{{Texte: "Ensemble"}, {Texte: milliers(lignes)}, {Texte: debit.String()}, {Texte: credit.String()}, {Texte: (debit - credit).String()}})
}
