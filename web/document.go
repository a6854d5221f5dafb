package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// PageDocs is the documents of an organisme (AT-20 to AT-27): on opening, those of no
// dossier; a search finds the others, dossier by dossier. Equipe says that the staff
// reads them, and judges.
type PageDocs struct {
	Piece
	Ici        string
	Equipe     bool
	Juge       bool // of the staff, and may say what it thinks
	Ecrit      bool // of the organisme, and may deposit
	Recherche  bool
	Libres     []RubriqueDocs // of no dossier, by category
	Groupes    []GroupeDocs   // by dossier
	Categories []Option       // to search
	Depot      []Option       // to deposit
	Bloquants  int            // not conforme, over all the documents
	Curseur    PageListe
	Motifs     []Option
}

// RubriqueDocs are documents of one category.
type RubriqueDocs struct {
	Nom       string
	Documents []api.Document
}

// GroupeDocs are the documents of one dossier.
type GroupeDocs struct {
	ID, Numero, Beneficiaires string
	Documents                 []api.Document
	Ouvert                    bool
}

// etat sums a dossier up: what is to replace first.
func (g GroupeDocs) etat() marque {
	n := 0
	for _, d := range g.Documents {
		if d.Etat == opco.DocumentNonConforme {
			n++
		}
	}
	if n > 0 {
		return marque{combien(n, "document") + " à remplacer", "file-x", Rouge}
	}
	return marque{combien(len(g.Documents), "document"), "files", Gris}
}

const documentsParPage = 100

// getDocuments answers GET /organisme/documents.
func (w *Web) getDocuments(c *gin.Context) {
	p := PageDocs{Piece: w.piece(c, "Documents", adresseDocuments), Ici: adresseDocuments, Ecrit: len(w.Interieur.Occupant(c).Ecrit) > 0}
	n, err := w.Interieur.CompteursOrganisme(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Bloquants = int(n.NonConformes)
	w.montrerDocuments(c, http.StatusOK, p, Formulaire{})
}

const adresseDocuments = "/organisme/documents"

// montrerDocuments reads what the address looks for, and shows it.
func (w *Web) montrerDocuments(c *gin.Context, statut int, p PageDocs, f Formulaire) {
	v := url.Values{}
	for _, n := range []string{"texte", "categorie", "etat"} {
		v.Set(n, coupe(strings.TrimSpace(c.Query(n)), 100))
	}
	x := store.FiltreDocuments{Texte: v.Get("texte"), Categorie: v.Get("categorie"), Apres: c.Query("apres"), Limite: documentsParPage}
	if e := opco.EtatDocument(v.Get("etat")); e == opco.DocumentNonConforme || e == opco.DocumentRecu {
		x.Etat = e
	}
	p.Recherche = x.Texte != "" || x.Categorie != "" || x.Etat != ""
	x.Libres = !p.Recherche && !p.Equipe
	ds, suivant, err := w.Interieur.Documents(c, x)
	if err != nil {
		w.echouer(c, err)
		return
	}
	cs, err := w.Interieur.CategoriesDocument(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Valeurs, p.Erreurs = v, f.Erreurs
	if f.Valeurs != nil {
		for n := range f.Valeurs {
			p.Valeurs.Set(n, f.Valeur(n))
		}
	}
	p.ranger(ds, cs)
	p.Curseur = curseurListe(adresseFiltree(p.Ici, url.Values{"texte": v["texte"], "categorie": v["categorie"], "etat": v["etat"]}), x.Apres, suivant)
	w.rendre(c, statut, PageDocuments(p))
}

// ranger lays documents out: those of no dossier by category, in the order in which
// people choose them; the others by dossier, those of one beneficiary together.
func (p *PageDocs) ranger(ds []api.Document, cs []opco.CategorieDocument) {
	p.Categories = []Option{{"", "Toutes"}}
	p.Depot = []Option{{"", "Choisir une catégorie"}}
	rang := map[string]int{}
	for i, x := range cs {
		p.Categories, rang[x.Code] = append(p.Categories, Option{x.Code, x.Libelle}), i
		if !x.DeLOPCO {
			p.Depot = append(p.Depot, Option{x.Code, x.Libelle})
		}
	}
	for _, d := range ds {
		if d.Dossier == "" {
			p.ajouterLibre(d)
			continue
		}
		i := slices.IndexFunc(p.Groupes, func(g GroupeDocs) bool { return g.ID == d.Dossier })
		if i < 0 {
			p.Groupes = append(p.Groupes, GroupeDocs{ID: d.Dossier, Numero: d.DossierNumero, Beneficiaires: d.Beneficiaires})
			i = len(p.Groupes) - 1
		}
		p.Groupes[i].Documents = append(p.Groupes[i].Documents, d)
	}
	slices.SortStableFunc(p.Libres, func(a, b RubriqueDocs) int {
		return rang[a.Documents[0].Categorie] - rang[b.Documents[0].Categorie]
	})
	slices.SortStableFunc(p.Groupes, func(a, b GroupeDocs) int { return strings.Compare(a.Beneficiaires, b.Beneficiaires) })
	for i := range p.Groupes {
		p.Groupes[i].Ouvert = len(p.Groupes) <= 3 || p.Groupes[i].etat().Ton == Rouge
	}
}

func (p *PageDocs) ajouterLibre(d api.Document) {
	i := slices.IndexFunc(p.Libres, func(r RubriqueDocs) bool { return r.Nom == d.Rubrique })
	if i < 0 {
		p.Libres = append(p.Libres, RubriqueDocs{Nom: d.Rubrique})
		i = len(p.Libres) - 1
	}
	p.Libres[i].Documents = append(p.Libres[i].Documents, d)
}

// dateHeure writes an instant as ATNet does: « 19/01/2021 10:47 » (AT-26).
func dateHeure(t time.Time) string { return t.In(opco.Paris).Format("02/01/2006 15:04") }

// marqueDocument shows what the OPCO thinks of a document, or that it is read only.
func marqueDocument(d api.Document) marque {
	switch {
	case !d.DeLOrganisme():
		return marque{"Lecture seule", "lock", Gris}
	case d.Etat == opco.DocumentConforme:
		return marque{"Conforme", "circle-check", Vert}
	case d.Etat == opco.DocumentNonConforme:
		return marque{"À remplacer", "file-x", Rouge}
	}
	return marque{"En vérification", "hourglass", Ambre}
}

// preuveDocument says what a document is, when it came and from whom.
func (p PageDocs) preuveDocument(d api.Document) string {
	parties := []string{d.Rubrique, dateHeure(d.DeposeLe)}
	if periode := periodeDite(d.Du, d.Au); periode != "" {
		parties = append(parties, periode)
	}
	switch {
	case d.InscritPar != "":
		parties = append(parties, d.InscritPar)
	case d.Nom != d.Libelle:
		parties = append(parties, d.Nom)
	}
	if p.Equipe && d.DeLOrganisme() {
		parties = append(parties, "déposé par "+d.DeposeNom)
	}
	return strings.Join(parties, " · ")
}

// explicationDocument says what to do about a document that is not conforme.
func explicationDocument(d api.Document) string {
	comment := d.Motif.Expliquer(opco.Precisions{}).Comment
	if d.Explication != "" && d.Motif != opco.MotifPieceAutre {
		return d.Explication + " " + comment
	}
	return comment
}

// getDocumentsEquipe answers GET /instruction/documents: the documents of every
// organisme, those to verify first among the addresses of the page.
func (w *Web) getDocumentsEquipe(c *gin.Context) {
	w.montrerDocuments(c, http.StatusOK, w.documentsEquipe(c), Formulaire{})
}

const adresseDocumentsEquipe = "/instruction/documents"

func (w *Web) documentsEquipe(c *gin.Context) PageDocs {
	return PageDocs{Piece: w.piece(c, "Documents des organismes", adresseDocumentsEquipe), Ici: adresseDocumentsEquipe, Equipe: true,
		Juge: slices.Contains(documentsJuge.Roles, w.Interieur.Occupant(c).Role), Motifs: optionsMotifsDocument()}
}

// optionsMotifsDocument are the reasons why a document is not conforme.
func optionsMotifsDocument() []Option {
	os := []Option{{"", "Choisir un motif"}}
	for _, m := range opco.MotifsPour(opco.UsagePiece) {
		if m != opco.MotifManquante && m != opco.MotifAVenir {
			os = append(os, Option{string(m), m.Libelle()})
		}
	}
	return os
}

// postConformite answers POST /instruction/documents/:document/conformite.
func (w *Web) postConformite(c *gin.Context) {
	id := c.Param("document")
	motif, explication := champDoc("motif", id), champDoc("explication", id)
	f, ok := w.formulaire(c, "conforme", "version", motif, explication)
	if !ok {
		return
	}
	f.Valeurs.Set("document", id)
	ch := opco.ChargeConformite{Conforme: f.Valeur("conforme") == "oui"}
	if !ch.Conforme {
		ch.Motif, ch.Explication = opco.Motif(f.Valeur(motif)), strings.TrimSpace(f.Valeur(explication))
	}
	version, _ := strconv.Atoi(f.Valeur("version"))
	err := w.Interieur.JugerDocument(c, acteDuFormulaire(c), id, version, ch)
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"motif": motif, "explication": explication}, func(statut int, f Formulaire) { w.montrerDocuments(c, statut, w.documentsEquipe(c), f) })
		return
	}
	annonce := "document-conforme"
	if !ch.Conforme {
		annonce = "document-non-conforme"
	}
	w.annoncer(c, annonce)
	suite(c, adresseDocumentsEquipe)
}

// champDoc names a field of the form of one document among others.
func champDoc(nom, document string) string { return nom + "_" + document }

// acteDocument is the id of the acte of the form of one document: the same page sends
// each once, and a document that was replaced is judged anew.
func acteDocument(page string, d api.Document) string {
	return acteFichier(page, d.ID, []byte(strconv.Itoa(d.Version)))
}

// titreLibres heads the documents of no dossier.
func titreLibres(p PageDocs) string {
	if p.Equipe {
		return "Sans dossier"
	}
	return "Documents de votre organisme"
}
