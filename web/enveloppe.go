package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// Enveloppes is the money of the companies by year and fund.
type Enveloppes struct {
	Piece
	Enveloppes []store.LigneEnveloppe
	Filtre     url.Values
	Suite      string
	Export     string
	Credite    bool // may put money in one
}

// getEnveloppes answers GET /comptabilite/enveloppes.
func (w *Web) getEnveloppes(c *gin.Context) {
	p := Enveloppes{Piece: w.piece(c, "Fonds et enveloppes", "/comptabilite/enveloppes"), Filtre: filtreDe(c, "siren", "annee", "fonds")}
	p.avecFeuille()
	p.Credite = slices.Contains(fondsMene.Roles, w.Interieur.Occupant(c).Role)
	l := lecteur{Formulaire: Formulaire{Valeurs: p.Filtre}}
	f := store.FiltreEnveloppes{Fonds: p.Filtre.Get("fonds"), Apres: c.Query("apres")}
	if l.Valeur("siren") != "" {
		f.SIREN = string(lire(&l, "siren", sirenSaisi))
	}
	if a := l.Valeur("annee"); a != "" {
		n, err := strconv.Atoi(a)
		l.exiger("annee", err == nil && n > 2000 && n < 2200, "Écrivez l’année en quatre chiffres, par exemple 2026.")
		f.Annee = n
	}
	if w.exporter(c, l.fautes, w.tableauEnveloppes(c, f)) {
		return
	}
	statut := http.StatusOK
	if len(l.fautes) == 0 {
		page, err := w.Interieur.Enveloppes(c, f)
		if err != nil {
			w.echouer(c, err)
			return
		}
		p.Enveloppes, p.Suite = page.Enveloppes, pageSuivante("/comptabilite/enveloppes", p.Filtre, page.Suivant)
		p.Export = exportDe(c, len(page.Enveloppes))
	} else {
		statut = http.StatusUnprocessableEntity
	}
	p.Formulaire = l.avec(l.fautes)
	w.rendre(c, statut, PageEnveloppes(p))
}

// sirenSaisi reads the SIREN of a filter; a SIRET names its company.
func sirenSaisi(s string) (opco.SIREN, error) {
	chiffres := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(chiffres) != 9 && len(chiffres) != 14 {
		return "", opco.Champf("siren", "Un SIREN a neuf chiffres, un SIRET quatorze.")
	}
	return opco.SIREN(chiffres[:9]), nil
}

// Enveloppe is one envelope and the dossiers that hold some of it.
type Enveloppe struct {
	Piece
	store.LigneEnveloppe
	Dossiers []store.DossierDEnveloppe
	Suite    string
}

// getEnveloppe answers GET /comptabilite/enveloppes/dossiers?enveloppe=…
func (w *Web) getEnveloppe(c *gin.Context) {
	id := coupe(c.Query("enveloppe"), 100)
	if id == "" {
		suite(c, "/comptabilite/enveloppes")
		return
	}
	e, ds, suivant, err := w.Interieur.Enveloppe(c, id, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Enveloppe{Piece: w.piece(c, e.Libelle, "/comptabilite/enveloppes"), LigneEnveloppe: e, Dossiers: ds}
	p.avecFeuille()
	p.Suite = pageSuivante("/comptabilite/enveloppes/dossiers", url.Values{"enveloppe": {id}}, suivant)
	w.rendre(c, http.StatusOK, PageEnveloppe(p))
}

func adresseEnveloppe(id string) string {
	return "/comptabilite/enveloppes/dossiers?" + url.Values{"enveloppe": {id}}.Encode()
}

// libelleEnveloppe names a fund and its year; some money does not end with its year.
func libelleEnveloppe(e store.LigneEnveloppe) string {
	annee := strconv.Itoa(e.Annee)
	switch {
	case e.Annee == 0:
		return e.Libelle + ", sans fin d’année"
	case strings.Contains(e.Libelle, annee):
		return e.Libelle
	}
	return e.Libelle + " " + annee
}

// pourCent writes a share without decimals; of nothing, a dash.
func pourCent(part, tout opco.Montant) string {
	if tout <= 0 {
		return "—"
	}
	return strconv.FormatInt(int64(part.Fraction(100, 1)/tout), 10) + "\u00a0%"
}

// illimitee reports whether an envelope has no ceiling: its dotation is then the
// largest amount there is, and says nothing.
func illimitee(s store.SoldesEnveloppe) bool { return s.Dotation >= opco.MontantMax }

// dotationDite and disponibleDit write what an envelope had and has left.
func dotationDite(s store.SoldesEnveloppe) string {
	if illimitee(s) {
		return "sans plafond"
	}
	return s.Dotation.String()
}

func disponibleDit(s store.SoldesEnveloppe) string {
	if illimitee(s) {
		return "sans plafond"
	}
	return s.Disponible.String()
}

// acteDeLigne is the id of the acte of one line of a page that has a form a line:
// sent twice, it is one acte, and two lines are two.
func acteDeLigne(acte, ligne string) string {
	base, err := uuid.Parse(acte)
	if err != nil {
		return acte
	}
	return uuid.NewSHA1(base, []byte(ligne)).String()
}
