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
	Marque     marque // of what is no dossier
	Exacte     bool   // its number is what was typed
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
	p.Resultats = p.grouper(trouves, w.Interieur.Occupant(c).Role)
	switch seule := laSeule(p.Resultats); {
	case c.Query("palette") != "":
		w.rendre(c, http.StatusOK, resultatsPalette(p))
	case seule != "":
		c.Redirect(http.StatusSeeOther, seule)
	default:
		w.rendre(c, http.StatusOK, PageRecherche(p))
	}
}

// laSeule is where the one result leads whose number is what was typed, "" when there is
// none or more than one.
func laSeule(gs []GroupeTrouve) string {
	adresse := ""
	for _, g := range gs {
		for _, l := range g.Lignes {
			switch {
			case !l.Exacte || l.URL == adresse:
			case adresse != "":
				return ""
			default:
				adresse = l.URL
			}
		}
	}
	return adresse
}

// couper keeps the first characters of a text.
func couper(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}

// grouper says what was found, by kind, and the pages of the menu whose name holds what
// was typed. The kind that holds the very number typed comes first.
func (p Recherche) grouper(t Trouves, r opco.Role) []GroupeTrouve {
	gs := []GroupeTrouve{{Titre: "Dossiers"}, {Titre: "Organisations"}, {Titre: "Factures"}, {Titre: "Règlements"}, {Titre: "Lots"}, {Titre: "Comptes"},
		{Titre: "Salariés"}, {Titre: "Documents"}, {Titre: "Pages"}}
	ajouter := func(i int, l LigneTrouvee) {
		if l.URL != "" {
			gs[i].Lignes = append(gs[i].Lignes, l)
		}
	}
	for _, d := range t.Dossiers {
		l := ligneDossierTrouve(d)
		l.Exacte = memeNumero(d.Numero, p.Texte)
		ajouter(0, l)
	}
	for _, o := range t.Organisations {
		ajouter(1, ligneOrganisation(o, r))
	}
	for _, n := range t.Nommes.Factures {
		ajouter(2, ligneNommee(n, adresseFacture(n, r), "receipt-text", marqueFacture(opco.EtatFacture(n.Etat))))
	}
	for _, n := range t.Nommes.Reglements {
		ajouter(3, ligneNommee(n, adresseReglement(n, r), "banknote", marquesReglement[opco.EtatReglement(n.Etat)]))
	}
	for _, n := range t.Nommes.Lots {
		ajouter(4, ligneNommee(n, adresseLotTrouve(n, r), "layers", marquesLot[opco.EtatLot(n.Etat)]))
	}
	for _, x := range t.Comptes {
		ajouter(5, LigneTrouvee{URL: "/comptes/" + url.PathEscape(x.ID), Icone: "user", Nom: x.Prenom + " " + x.Nom, Precision: x.Email})
	}
	for _, x := range t.Salaries {
		ajouter(6, LigneTrouvee{URL: "/entreprise/salaries/" + x.ID, Icone: "user", Nom: x.Prenom + " " + x.Nom, Precision: x.EtablissementNom})
	}
	for _, d := range t.Documents {
		ajouter(7, ligneDocumentTrouve(d))
	}
	if p.Cherche {
		gs[8].Lignes = p.pages()
	}
	gs = slices.DeleteFunc(gs, func(g GroupeTrouve) bool { return len(g.Lignes) == 0 })
	slices.SortStableFunc(gs, func(a, b GroupeTrouve) int { return exactes(b) - exactes(a) })
	return gs
}

// exactes is 1 for a group that holds the very number typed, 0 for another.
func exactes(g GroupeTrouve) int {
	if slices.ContainsFunc(g.Lignes, func(l LigneTrouvee) bool { return l.Exacte }) {
		return 1
	}
	return 0
}

// memeNumero reports whether two numbers are the same but for signs, spaces and case.
func memeNumero(a, b string) bool {
	colle := func(s string) string { return strings.ReplaceAll(opco.CleRecherche(s), " ", "") }
	return colle(a) != "" && colle(a) == colle(b)
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
