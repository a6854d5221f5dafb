package web

import (
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// DepotDoc is the form of a document (AT-17 to AT-19): the category first, then what
// it asks for. Document is the one that is changed, nil for a new one.
type DepotDoc struct {
	Piece
	Document   *api.Document
	Categories []Option
	Categorie  *opco.CategorieDocument // chosen; nil before
	Dossiers   []Option                // of the organisme, to choose one
	Trop       bool                    // there are more dossiers than the list shows
	Sites      []Option                // when it acts for several établissements
}

// champsDepotDoc are the fields of the form.
var champsDepotDoc = []string{"categorie", "organisme", "dossier", "libelle", "du", "au"}

// dossiersProposes is how many dossiers the list of the form holds; a search narrows
// them.
const dossiersProposes = 100

// getDocumentNouveau answers GET /organisme/documents/nouveau.
func (w *Web) getDocumentNouveau(c *gin.Context) {
	v := url.Values{}
	for _, n := range append(slices.Clone(champsDepotDoc), "chercher") {
		v.Set(n, coupe(strings.TrimSpace(c.Query(n)), 120))
	}
	w.montrerDepotDoc(c, http.StatusOK, nil, Formulaire{Valeurs: v})
}

// montrerDepotDoc shows the form, for what its category asks.
func (w *Web) montrerDepotDoc(c *gin.Context, statut int, d *api.Document, f Formulaire) {
	p := DepotDoc{Piece: w.piece(c, "Ajouter un fichier", adresseDocuments), Document: d}
	if d != nil {
		p.Titre = "Modifier un document"
	}
	cs, err := w.Interieur.CategoriesDocument(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire = f
	p.choisir(cs)
	if err := w.proposerDossiers(c, &p); err != nil {
		w.echouer(c, err)
		return
	}
	if o := w.Interieur.Occupant(c); d == nil && len(o.Ecrit) > 1 {
		for _, x := range o.Ecrit {
			p.Sites = append(p.Sites, Option{x, "Établissement " + opco.SIRET(x).Affiche()})
		}
	}
	w.rendre(c, statut, PageDepotDoc(p))
}

// choisir lists the categories that an organisme deposits, and keeps the one chosen.
func (p *DepotDoc) choisir(cs []opco.CategorieDocument) {
	p.Categories = []Option{{"", "Choisir une catégorie"}}
	for _, x := range cs {
		if x.DeLOPCO {
			continue
		}
		p.Categories = append(p.Categories, Option{x.Code, x.Libelle})
		if x.Code == p.Valeur("categorie") {
			p.Categorie = &x
		}
	}
}

// proposerDossiers fills the list of the dossiers that may be chosen.
func (w *Web) proposerDossiers(c *gin.Context, p *DepotDoc) error {
	if p.Categorie == nil || !p.Categorie.AvecDossier {
		return nil
	}
	page, err := w.Interieur.ListeDeDossiers(c, store.Filtre{Texte: p.Valeur("chercher"), Limite: dossiersProposes})
	if err != nil {
		return err
	}
	p.Trop = page.Suivant != ""
	p.Dossiers = []Option{{"", "Choisir un dossier"}}
	choisi := p.Valeur("dossier")
	for _, l := range page.Dossiers {
		p.Dossiers = append(p.Dossiers, Option{l.ID, l.Numero + " · " + l.Intitule})
		if l.ID == choisi {
			choisi = ""
		}
	}
	if choisi == "" {
		return nil
	}
	if d, err := w.Interieur.DossierLu(c, choisi); err == nil { // one that the list is too short to hold
		p.Dossiers = append(p.Dossiers, Option{choisi, d.Ligne.Numero + " · " + d.Ligne.Intitule})
	}
	return nil
}

// postDocumentNouveau answers POST /organisme/documents/nouveau.
func (w *Web) postDocumentNouveau(c *gin.Context) {
	f, fichier, ok := w.formulaireFichier(c, champsDepotDoc...)
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerDepotDoc(c, statut, nil, f) }
	if fichier == nil {
		montrer(http.StatusUnprocessableEntity, f.avec([]Faute{{"fichier", "Choisissez le fichier à envoyer."}}))
		return
	}
	err := envoyerFormulaire(f.champsDoc(), fichier, func(corps *multipart.Reader) error { return w.Interieur.DeposerDocument(c, corps) })
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.annoncer(c, "document-recu")
	suite(c, documentsDe(f))
}

// champsDoc are the fields of the form as the API reads them.
func (f Formulaire) champsDoc() map[string]string {
	champs := map[string]string{"acte_id": f.nomme().Valeur("acte_id")}
	for _, n := range champsDepotDoc {
		champs[n] = strings.TrimSpace(f.Valeur(n))
	}
	return champs
}

// documentsDe is where a document that was just sent is seen.
func documentsDe(f Formulaire) string {
	if f.Valeur("dossier") == "" {
		return adresseDocuments
	}
	return adresseFiltree(adresseDocuments, url.Values{"categorie": {f.Valeur("categorie")}})
}

// getDocumentModifie answers GET /organisme/documents/:document.
func (w *Web) getDocumentModifie(c *gin.Context) {
	d, ok := w.documentSien(c)
	if !ok {
		return
	}
	v := valeurs("categorie", d.Categorie, "dossier", d.Dossier, "libelle", d.Libelle, "du", string(d.Du), "au", string(d.Au))
	if x := coupe(c.Query("categorie"), 60); x != "" {
		v.Set("categorie", x)
	}
	w.montrerDepotDoc(c, http.StatusOK, &d, Formulaire{Valeurs: v})
}

// documentSien reads a document that the reader may change; another one is only
// shown in the list.
func (w *Web) documentSien(c *gin.Context) (api.Document, bool) {
	d, err := w.Interieur.Document(c, c.Param("document"))
	if err != nil {
		w.echouer(c, err)
		return d, false
	}
	if !d.Modifiable {
		w.Refuser(c, http.StatusForbidden, api.Probleme{Detail: "Ce document est en lecture seule : seul celui qui l’a déposé peut le modifier ou le supprimer."})
		return d, false
	}
	return d, true
}

// postDocumentModifie answers POST /organisme/documents/:document: its category, and
// its file when another one is chosen.
func (w *Web) postDocumentModifie(c *gin.Context) {
	f, fichier, ok := w.formulaireFichier(c, append([]string{"version"}, champsDepotDoc...)...)
	if !ok {
		return
	}
	d, ok := w.documentSien(c)
	if !ok {
		return
	}
	champs := f.champsDoc()
	delete(champs, "organisme")
	champs["version"] = f.Valeur("version")
	err := envoyerFormulaire(champs, fichier, func(corps *multipart.Reader) error { return w.Interieur.ModifierDocument(c, d.ID, corps) })
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) {
			if statut == http.StatusConflict {
				f.Valeurs.Del("version") // the page shows it as it is now: that is what is sent next
			}
			w.montrerDepotDoc(c, statut, &d, f)
		})
		return
	}
	annonce := "document-modifie"
	if fichier != nil {
		annonce = "document-remplace"
	}
	w.annoncer(c, annonce)
	suite(c, documentsDe(f))
}

// postDocumentSupprime answers POST /organisme/documents/:document/suppression.
func (w *Web) postDocumentSupprime(c *gin.Context) {
	f, ok := w.formulaire(c, "certain", "acte_id")
	if !ok {
		return
	}
	if f.Valeur("certain") != "oui" {
		if d, ok := w.documentSien(c); ok {
			v := valeurs("categorie", d.Categorie, "dossier", d.Dossier, "libelle", d.Libelle, "du", string(d.Du), "au", string(d.Au))
			w.montrerDepotDoc(c, http.StatusUnprocessableEntity, &d, Formulaire{Valeurs: v}.avec([]Faute{{"certain", "Cochez cette case pour supprimer le document."}}))
		}
		return
	}
	if err := w.Interieur.SupprimerDocument(c, acteDuFormulaire(c), c.Param("document")); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "document-supprime")
	suite(c, adresseDocuments)
}

// version is that of the document which the reader has before them.
func (p DepotDoc) version() string {
	if v := p.Valeur("version"); v != "" {
		return v
	}
	return strconv.Itoa(p.Document.Version)
}

// adresse is where the form stands.
func (p DepotDoc) adresse() string {
	if p.Document == nil {
		return adresseDocuments + "/nouveau"
	}
	return adresseDocuments + "/" + p.Document.ID
}

// acteDuDepot is the id of the acte that the form makes: the one it came back with.
func (p DepotDoc) acteDuDepot() string {
	if id := p.Valeur("acte_id"); id != "" {
		return id
	}
	return p.Acte
}

func (p DepotDoc) phrase() string {
	switch {
	case p.Document != nil && p.Document.Etat == opco.DocumentNonConforme:
		return p.Document.Phrase + ". " + explicationDocument(*p.Document)
	case p.Document != nil:
		return "« " + p.Document.Libelle + " », déposé le " + dateHeure(p.Document.DeposeLe) + "."
	case p.Categorie == nil:
		return "Choisissez d’abord la catégorie : elle dit ce qu’il faut joindre."
	}
	return "Joignez le fichier, puis envoyez-le."
}

// aideDossiers says how to find a dossier that the list does not hold.
func aideDossiers(p DepotDoc) string {
	if p.Trop {
		return "Voici vos dossiers les plus récents. Les autres se trouvent par la recherche, au-dessus."
	}
	return ""
}

// decritFichier names what describes the field of the file.
func decritFichier(erreur string) string {
	if erreur != "" {
		return ID("fichier") + "-aide " + ID("fichier") + "-faute"
	}
	return ID("fichier") + "-aide"
}
