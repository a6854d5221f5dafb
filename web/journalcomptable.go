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
}

// getJournal answers GET /comptabilite/journal.
func (w *Web) getJournal(c *gin.Context) {
	f, periode, fautes, ok := w.periodeComptable(c)
	if !ok {
		return
	}
	p := JournalVu{Piece: w.piece(c, "Journal comptable", "/comptabilite/journal"), Periode: periode}
	p.avecFeuille()
	statut := http.StatusOK
	if len(fautes) == 0 {
		var err error
		if p.Comptes, err = w.Interieur.BalanceComptable(c, p.Periode); err != nil {
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
	return "/comptabilite/journal/fichier?" + url.Values{"fonds": {p.Periode.Fonds}, "du": {string(p.Periode.Du)}, "au": {string(p.Periode.Au)}}.Encode()
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
