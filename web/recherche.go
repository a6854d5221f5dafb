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

// Recherche is the page where one looks for anything: what was typed, and what it
// finds. The palette shows the same results without leaving the page.
type Recherche struct {
	Piece
	Texte     string
	Cherche   bool // something was typed
	Resultats []GroupeTrouve
}

// GroupeTrouve are the results of one kind.
type GroupeTrouve struct {
	Titre  string
	Lignes []LigneTrouvee
}

// LigneTrouvee is one result: where it leads, what it is, and what tells it apart.
type LigneTrouvee struct {
	URL, Icone string
	Numero     string
	Nom        string
	Precision  string
	Etat       opco.Etat
}

// rechercheMax is how much one may type to search, in characters.
const rechercheMax = 100

// getRecherche answers GET /recherche?q=, and its results alone for the palette.
func (w *Web) getRecherche(c *gin.Context) {
	p := Recherche{Piece: w.piece(c, "Chercher", "/recherche"), Texte: strings.TrimSpace(couper(c.Query("q"), rechercheMax))}
	p.Cherche = p.Texte != ""
	trouves := Trouves{}
	if p.Cherche {
		var err error
		if trouves, err = w.Interieur.Chercher(c, p.Texte); err != nil {
			w.echouer(c, err)
			return
		}
	}
	api.Montrer(c.Request.Context(), "liste", trouves.Nombre())
	p.Resultats = p.grouper(trouves)
	if c.Query("palette") != "" {
		w.rendre(c, http.StatusOK, resultatsPalette(p))
		return
	}
	w.rendre(c, http.StatusOK, PageRecherche(p))
}

// couper keeps the first characters of a text.
func couper(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}

// grouper says what was found: dossiers, accounts, and the pages of the menu whose name
// holds what was typed.
func (p Recherche) grouper(t Trouves) []GroupeTrouve {
	gs := []GroupeTrouve{{Titre: "Dossiers"}, {Titre: "Comptes"}, {Titre: "Pages"}}
	for _, d := range t.Dossiers {
		gs[0].Lignes = append(gs[0].Lignes, ligneDossierTrouve(d))
	}
	for _, x := range t.Comptes {
		gs[1].Lignes = append(gs[1].Lignes, LigneTrouvee{URL: "/comptes/" + url.PathEscape(x.ID), Icone: "user", Nom: x.Prenom + " " + x.Nom, Precision: x.Email})
	}
	if p.Cherche {
		gs[2].Lignes = p.pages()
	}
	return slices.DeleteFunc(gs, func(g GroupeTrouve) bool { return len(g.Lignes) == 0 })
}

func ligneDossierTrouve(d store.LigneDossier) LigneTrouvee {
	return LigneTrouvee{URL: "/dossiers/" + d.ID, Icone: "folder-open", Numero: d.Numero, Nom: d.Entreprise, Precision: d.Intitule, Etat: d.Etat}
}

// accents are the letters of French with what a search makes of them.
var accents = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i",
	"ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "ÿ", "y", "œ", "oe", "æ", "ae")

func sansAccent(s string) string { return accents.Replace(strings.ToLower(s)) }

// pages are the entries of the menu whose name holds what was typed.
func (p Recherche) pages() []LigneTrouvee {
	var ls []LigneTrouvee
	cherche := sansAccent(p.Texte)
	for _, r := range p.Menu {
		for _, e := range r.Entrees {
			if strings.Contains(sansAccent(e.Nom), cherche) {
				ls = append(ls, LigneTrouvee{URL: e.URL, Icone: e.Icone, Nom: e.Nom, Precision: r.Titre})
			}
		}
	}
	return ls
}
