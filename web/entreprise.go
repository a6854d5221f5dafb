package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// AccueilEntreprise is the home page of a company: what waits for it, its dossiers,
// whom to ask (AK-09 to AK-15).
type AccueilEntreprise struct {
	Piece
	Prenom  string
	Phrase  string
	Ecrit   bool // may make a demande
	AFaire  []api.AFaire
	Groupes []Chiffre
	api.AccueilEntreprise
}

// groupeAF is a sub-state of AK-11 as the address of the list says it.
type groupeAF struct {
	Cle, Nom, Akto, Icone, Note string
}

var groupesAF = []groupeAF{
	{"en-cours", "En cours", "En cours", "file-search", "envoyés, pas encore décidés"},
	{"accordes", "Accordés", "Accordé", "circle-check", "de l’accord au paiement"},
	{"clotures", "Clôturés", "Clôturé", "archive", "refusés, annulés ou terminés"},
}

// etats are the états of a group; of none, all but the brouillons.
func (g groupeAF) etats() []opco.Etat {
	return slices.DeleteFunc(opco.Etats(), func(e opco.Etat) bool {
		return e == opco.EtatBrouillon || e == opco.EtatSupprime || g.Akto != "" && e.Libelles().Akto != g.Akto
	})
}

func groupeDe(cle string) groupeAF {
	for _, g := range groupesAF {
		if g.Cle == cle {
			return g
		}
	}
	return groupeAF{}
}

// compte counts the dossiers of a group.
func (g groupeAF) compte(n store.Compteurs) int {
	t := 0
	for _, x := range n.Etats {
		if slices.Contains(g.etats(), opco.Etat(x.Code)) {
			t += int(x.Nombre)
		}
	}
	return t
}

// brouillons counts those that are not sent.
func brouillons(n store.Compteurs) int {
	for _, x := range n.Etats {
		if opco.Etat(x.Code) == opco.EtatBrouillon {
			return int(x.Nombre)
		}
	}
	return 0
}

// getEntreprise answers GET /entreprise.
func (w *Web) getEntreprise(c *gin.Context) {
	a, err := w.Interieur.AccueilEntreprise(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := AccueilEntreprise{Piece: w.piece(c, "Mon entreprise", "/entreprise"), AccueilEntreprise: a}
	if p.AFaire, err = w.Interieur.CeQuiMAttend(c); err != nil {
		w.echouer(c, err)
		return
	}
	n, err := w.Interieur.CompteursDeDossiers(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.remplir(w.Interieur.Occupant(c), n)
	w.rendre(c, http.StatusOK, PageEntreprise(p))
}

// remplir writes what the occupant and the counters say.
func (p *AccueilEntreprise) remplir(o Occupant, n store.Compteurs) {
	p.Prenom, p.Ecrit = o.Prenom, len(o.Ecrit) > 0
	p.Phrase = majuscule(jourDit(p.Jour))
	if k := len(p.Etablissements); k > 1 {
		p.Phrase += " · vous gérez " + combien(k, "établissement")
	}
	p.Groupes = []Chiffre{{"Brouillons", "pencil-line", strconv.Itoa(brouillons(n)), "pas encore envoyés", "/entreprise/brouillons"}}
	for _, g := range groupesAF {
		p.Groupes = append(p.Groupes, Chiffre{g.Nom, g.Icone, strconv.Itoa(g.compte(n)), g.Note, "/entreprise/dossiers?groupe=" + g.Cle})
	}
}

// siege is the établissement whose coordinates open the page.
func (p AccueilEntreprise) siege() *store.Etablissement {
	if len(p.Etablissements) == 0 {
		return nil
	}
	return &p.Etablissements[0]
}

// detailAFaire says which dossier and by when.
func detailAFaire(a api.AFaire) string {
	s := nomDossier(a.LigneDossier) + " · " + numeroDossier(a.LigneDossier)
	if a.Suivi.AvantLe != "" {
		s += " · jusqu’au " + a.Suivi.AvantLe.Longue()
	}
	return s
}

// boutonAFaire leads to what a dossier waits for.
func boutonAFaire(a api.AFaire) Acte {
	base := "/entreprise/dossiers/" + a.ID
	b := Acte{Texte: "Ouvrir le dossier", URL: base, Genre: "petit"}
	if x := acteDuTalon(a.Suivi, base); x != nil {
		b.Texte, b.URL = x.Texte, x.URL
	}
	return b
}

// adresseDite is a postal address on one line.
func adresseDite(e store.Etablissement) string {
	return strings.Trim(strings.TrimSpace(e.Adresse+", "+e.CodePostal+" "+e.Ville), ", ")
}

// tonInfo is the tone of an information.
func tonInfo(i opco.Information) string {
	if i.Ton == Ambre {
		return Ambre
	}
	return Bleu
}

// getEtablissements answers GET /entreprise/etablissements.
func (w *Web) getEtablissements(c *gin.Context) {
	a, err := w.Interieur.AccueilEntreprise(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageEtablissements(AccueilEntreprise{Piece: w.piece(c, "Établissements", "/entreprise/etablissements"), AccueilEntreprise: a}))
}

func lignesEtablissements(es []store.Etablissement) [][]Cellule {
	var ls [][]Cellule
	for _, e := range es {
		ls = append(ls, []Cellule{{Texte: e.Nom, Note: "Client " + e.Client}, {Texte: e.SIRET.Affiche()}, {Texte: adresseDite(e)}, {Texte: e.Telephone},
			{Texte: strconv.FormatInt(e.Dossiers, 10), URL: ""}})
	}
	return ls
}

func bonjour(prenom string) string { return strings.TrimSpace("Bonjour " + prenom) }
