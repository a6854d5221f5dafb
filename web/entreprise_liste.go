package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// DossiersEntreprise is the list of a company's dossiers, filtered by its address.
type DossiersEntreprise struct {
	Piece
	Onglets []Onglet
	Liste   ListeDossiers
	Curseur PageListe
	Sites   []Option
	Filtre  bool // something narrows the list
	Ecrit   bool
}

// champsFiltre are the filters that the address of a list carries.
var champsFiltre = []string{"texte", "etablissement", "du", "au", "tri"}

// filtreDossiers reads the filters of the address. What is not readable is told on
// its field and does not filter.
func filtreDossiers(c *gin.Context) (store.Filtre, Formulaire) {
	f := Formulaire{Valeurs: url.Values{}}
	for _, n := range champsFiltre {
		f.Valeurs.Set(n, coupe(strings.TrimSpace(c.Query(n)), 120))
	}
	x := store.Filtre{Etats: groupeDe(c.Query("groupe")).etats(), Texte: f.Valeur("texte"), Etablissement: f.Valeur("etablissement"), Tri: store.Tri(f.Valeur("tri")), Apres: c.Query("apres")}
	for champ, jour := range map[string]*opco.Date{"du": &x.DebutDu, "au": &x.DebutAu} {
		if f.Valeur(champ) == "" {
			continue
		}
		d, err := opco.ParseDate(f.Valeur(champ))
		if err != nil {
			f.Erreurs = append(f.Erreurs, Faute{champ, "Écrivez la date AAAA-MM-JJ, par exemple 2026-04-13."})
			continue
		}
		*jour = d
	}
	return x, f
}

// typeDate is the kind of a field of date: what a browser would not show as one is
// shown as it was typed.
func typeDate(valeur string) string {
	if _, err := opco.ParseDate(valeur); valeur != "" && err != nil {
		return "text"
	}
	return "date"
}

// adresseFiltree writes an address with the filters of the form, without the empty
// ones; autres are names and values that replace them.
func adresseFiltree(chemin string, v url.Values, autres ...string) string {
	q := url.Values{}
	for n, xs := range v {
		if len(xs) > 0 && xs[0] != "" {
			q.Set(n, xs[0])
		}
	}
	for i := 0; i+1 < len(autres); i += 2 {
		if q.Del(autres[i]); autres[i+1] != "" {
			q.Set(autres[i], autres[i+1])
		}
	}
	if len(q) == 0 {
		return chemin
	}
	return chemin + "?" + q.Encode()
}

// optionsSites are the établissements of the reader, to choose one.
func optionsSites(es []store.Etablissement) []Option {
	os := []Option{{"", "Tous"}}
	for _, e := range es {
		texte := site(e.SIRET) + " · " + e.Nom
		if e.Ville != "" {
			texte = site(e.SIRET) + " · " + e.Ville
		}
		os = append(os, Option{string(e.SIRET), texte})
	}
	return os
}

// getDossiersEntreprise answers GET /entreprise/dossiers.
func (w *Web) getDossiersEntreprise(c *gin.Context) {
	f, saisi := filtreDossiers(c)
	if w.exporter(c, saisi.Erreurs, w.tableauDossiers(c, f)) {
		return
	}
	statut := http.StatusOK
	if len(saisi.Erreurs) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	page, err := w.Interieur.ListeDeDossiers(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	n, err := w.Interieur.CompteursDeDossiers(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	a, err := w.Interieur.AccueilEntreprise(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DossiersEntreprise{Piece: w.piece(c, "Dossiers formation", "/entreprise/dossiers"), Ecrit: len(w.Interieur.Occupant(c).Ecrit) > 0}
	p.Formulaire = saisi
	p.SuivreListe()
	p.remplir(c.Query("groupe"), f.Apres, page, n, a.Etablissements)
	p.Curseur.Export = exportDe(c, len(page.Dossiers))
	w.rendre(c, statut, PageDossiersEntreprise(p))
}

// remplir lays out the page of a list.
func (p *DossiersEntreprise) remplir(groupe, apres string, page store.PageDossiers, n store.Compteurs, es []store.Etablissement) {
	const ici = "/entreprise/dossiers"
	v := p.Valeurs
	p.Filtre = slices.ContainsFunc(champsFiltre, func(x string) bool { return x != "tri" && v.Get(x) != "" })
	p.Onglets = []Onglet{{"Tous", adresseFiltree(ici, v), groupeAF{}.compte(n), groupe == ""}}
	for _, g := range groupesAF {
		p.Onglets = append(p.Onglets, Onglet{g.Nom, adresseFiltree(ici, v, "groupe", g.Cle), g.compte(n), groupe == g.Cle})
	}
	p.Sites = optionsSites(es)
	p.Liste = ListeDossiers{Legende: ordreDit(v), Base: ici + "/", Organisme: true, Sites: len(es) > 1, Lignes: page.Dossiers}
	p.Curseur = curseurListe(adresseFiltree(ici, v, "groupe", groupe), apres, page.Suivant)
	if v == nil {
		p.Valeurs = url.Values{}
	}
	p.Valeurs.Set("groupe", groupe)
}

// optionsTri are the orders of the list of dossiers.
var optionsTri = []Option{{"", "Les plus récents"}, {string(store.TriAncien), "Les plus anciens"}, {string(store.TriBientot), "Début de formation, du plus proche"}, {string(store.TriDebut), "Début de formation, du plus lointain"}}

// ordreDit says in which order the list is.
func ordreDit(v url.Values) string {
	switch t := store.Tri(v.Get("tri")); {
	case v.Get("texte") == "" && t == store.TriAncien:
		return "Du plus ancien au plus récent"
	case v.Get("texte") == "" && t == store.TriBientot:
		return "Par premier jour de formation, le plus tôt d’abord"
	case v.Get("texte") == "" && (t == store.TriDebut || v.Get("du") != "" || v.Get("au") != ""):
		return "Par premier jour de formation, le plus tard d’abord"
	}
	return "Du plus récent au plus ancien"
}

// curseurListe links the pages of a keyset list whose first page is at adresse.
func curseurListe(adresse, apres, suivant string) PageListe {
	var p PageListe
	if apres != "" {
		p.Debut = adresse
	}
	if suivant != "" {
		lien := "?"
		if strings.Contains(adresse, "?") {
			lien = "&"
		}
		p.Suivant = adresse + lien + "apres=" + url.QueryEscape(suivant)
	}
	return p
}

// ListeSuivie is a list of a company beside that of its dossiers: its invoices, its
// payments, its documents.
type ListeSuivie struct {
	Piece
	Phrase   string
	Ici      string
	Legende  string
	Colonnes []Colonne
	Lignes   [][]Cellule
	Curseur  PageListe
	Sites    []Option
	Genres   []Option // of documents
	Vide     string
	Exporte  bool
}

// filtreSuivi reads the filters of the address of such a list.
func filtreSuivi(c *gin.Context) (store.FiltreSuivi, url.Values) {
	v := url.Values{}
	for _, n := range []string{"texte", "etablissement", "genre"} {
		v.Set(n, coupe(strings.TrimSpace(c.Query(n)), 120))
	}
	if g := v.Get("genre"); g != "piece" && g != "lettre" {
		v.Del("genre")
	}
	return store.FiltreSuivi{Texte: v.Get("texte"), Etablissement: v.Get("etablissement"), Genre: v.Get("genre"), Apres: c.Query("apres")}, v
}

// montrerListe shows such a list: lire reads its lines and the cursor of the next.
func (w *Web) montrerListe(c *gin.Context, p ListeSuivie, lire func(f store.FiltreSuivi) ([][]Cellule, string, error)) {
	f, v := filtreSuivi(c)
	lignes, suivant, err := lire(f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	a, err := w.Interieur.AccueilEntreprise(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Piece, p.Lignes, p.Sites = w.piece(c, p.Titre, p.Ici), lignes, optionsSites(a.Etablissements)
	p.Valeurs, p.Curseur = v, curseurListe(adresseFiltree(p.Ici, v), f.Apres, suivant)
	if p.Exporte {
		p.Curseur.Export = exportDe(c, len(lignes))
	}
	w.rendre(c, http.StatusOK, PageListeSuivie(p))
}

// getFacturesEntreprise answers GET /entreprise/factures.
func (w *Web) getFacturesEntreprise(c *gin.Context) {
	p := ListeSuivie{Phrase: "Celles que votre organisme ou vous-même nous avez envoyées.", Ici: "/entreprise/factures", Legende: "De la plus récente à la plus ancienne",
		Vide: "Les factures de vos dossiers apparaîtront ici dès qu’elles nous arrivent.", Colonnes: colonnesFactures}
	p.Titre, p.Exporte = "Factures", true
	if f, _ := filtreSuivi(c); w.exporter(c, nil, w.tableauFactures(c, f)) {
		return
	}
	w.montrerListe(c, p, func(f store.FiltreSuivi) ([][]Cellule, string, error) {
		ls, suivant, err := w.Interieur.FacturesSuivies(c, f)
		return lignesFactures(ls), suivant, err
	})
}

var colonnesFactures = []Colonne{{Titre: "Facture"}, {Titre: "Dossier"}, {Titre: "Organisme", Tenue: "tiers"}, {Titre: "Montant HT", Nombre: true}, {Titre: "Payée au plus tard", Tenue: "second"}, {Titre: "État"}}

func lignesFactures(ls []store.LigneFactureSuivie) [][]Cellule {
	var cs [][]Cellule
	for _, l := range ls {
		m := marqueFacture(l.Etat)
		cs = append(cs, []Cellule{{Texte: l.Numero, Note: "reçue le " + l.RecueLe.Longue(), URL: "/entreprise/dossiers/" + l.Dossier + "/factures"},
			{Texte: titreOuSans(l.Intitule), Note: l.DossierNum}, {Texte: organismeOuInterne(l.Organisme)}, {Texte: l.TotalHT.String()},
			{Texte: l.EcheanceLe.Longue()}, {Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}})
	}
	return cs
}

// getReglementsEntreprise answers GET /entreprise/reglements.
func (w *Web) getReglementsEntreprise(c *gin.Context) {
	siens := w.Interieur.Occupant(c).SIRETs
	p := ListeSuivie{Phrase: "Ce que nous vous versons, ou que nous versons à l’organisme pour vous.", Ici: "/entreprise/reglements", Legende: "Du plus récent au plus ancien",
		Vide: "Vos règlements apparaîtront ici dès qu’un service fait est validé.", Colonnes: colonnesReglements}
	p.Titre, p.Exporte = "Règlements", true
	if f, _ := filtreSuivi(c); w.exporter(c, nil, w.tableauReglementsSuivis(c, f)) {
		return
	}
	w.montrerListe(c, p, func(f store.FiltreSuivi) ([][]Cellule, string, error) {
		ls, suivant, err := w.Interieur.ReglementsSuivis(c, f)
		return lignesReglements(ls, siens), suivant, err
	})
}

var colonnesReglements = []Colonne{{Titre: "Règlement"}, {Titre: "Dossier"}, {Titre: "Versé à", Tenue: "tiers"}, {Titre: "Montant", Nombre: true}, {Titre: "Date", Tenue: "second"}, {Titre: "État"}}

func lignesReglements(ls []store.LigneReglementSuivi, siens []string) [][]Cellule {
	var cs [][]Cellule
	for _, l := range ls {
		m, a := marquesVersement[l.Etat], "Vous"
		if !slices.Contains(siens, string(l.Beneficiaire)) {
			a = organismeOuInterne(l.Organisme)
		}
		cs = append(cs, []Cellule{{Texte: l.Numero, Note: "facture " + l.Facture, URL: "/entreprise/dossiers/" + l.Dossier + "/factures"},
			{Texte: titreOuSans(l.Intitule), Note: l.DossierNum}, {Texte: a}, {Texte: l.Montant.String()},
			{Texte: jourVersement(l)}, {Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}})
	}
	return cs
}

// jourVersement says when a payment was made, or when it will be when that is sure.
func jourVersement(l store.LigneReglementSuivi) string {
	switch {
	case l.ExecuteLe != "":
		return "le " + l.ExecuteLe.Longue()
	case !l.Etat.Vivant():
		return "—"
	case l.Execution != "" && l.Etat != opco.ReglementAPayer && l.Etat != opco.ReglementPropose:
		return "prévu le " + l.Execution.Longue()
	}
	return "au plus tard le " + l.Echeance.Longue()
}

// getDocumentsEntreprise answers GET /entreprise/documents.
func (w *Web) getDocumentsEntreprise(c *gin.Context) {
	p := ListeSuivie{Phrase: "Les pièces de vos dossiers et les lettres que nous vous avons écrites.", Ici: "/entreprise/documents", Legende: "Du plus récent au plus ancien",
		Vide: "Les pièces de vos dossiers et nos lettres apparaîtront ici.", Colonnes: colonnesDocuments,
		Genres: []Option{{"", "Tous"}, {"piece", "Pièces déposées"}, {"lettre", "Lettres de l’OPCO"}}}
	p.Titre = "Documents"
	w.montrerListe(c, p, func(f store.FiltreSuivi) ([][]Cellule, string, error) {
		ls, suivant, err := w.Interieur.DocumentsSuivis(c, f)
		return lignesDocuments(ls), suivant, err
	})
}

var colonnesDocuments = []Colonne{{Titre: "Document"}, {Titre: "Dossier"}, {Titre: "Déposé par", Tenue: "tiers"}, {Titre: "Le", Tenue: "second"}, {Titre: "État"}}

func lignesDocuments(ls []store.LigneDocumentSuivi) [][]Cellule {
	var cs [][]Cellule
	for _, l := range ls {
		m, adresse := marquesPiece[l.Etat], "/api/pieces/"+l.ID+"/fichier"
		if l.Genre == "lettre" {
			m, adresse = marque{"Lettre", "mail", Gris}, "/api/courriers/"+l.ID+"/lettre.pdf"
		}
		note := l.Nom
		if l.Etat == opco.PieceNonConforme {
			note = "Non conforme : " + minuscule(opco.Motif(l.Motif).Libelle())
		}
		cs = append(cs, []Cellule{{Texte: majuscule(sujetDit(l.Titre)), Note: note, URL: adresse}, {Corps: lienDossier("/entreprise/dossiers/"+l.Dossier+"/documents", l.Intitule, l.DossierNum)},
			{Texte: l.Par}, {Texte: quand(l.Le)}, {Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}})
	}
	return cs
}

func titreOuSans(intitule string) string {
	if intitule == "" {
		return "Demande sans titre"
	}
	return intitule
}

func organismeOuInterne(nom string) string {
	if nom == "" {
		return "Formation interne"
	}
	return nom
}
