package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// ListeSalaries are the people of the company (domain.md 5.5).
type ListeSalaries struct {
	Piece
	Lignes  []store.LigneSalarie
	Cherche string
	Pages   PageListe
	Ecrit   bool
}

// FicheSalarie is a person: the form to add them, or what is known and their trainings.
type FicheSalarie struct {
	Piece
	Vu    *SalarieVu // nil for somebody new
	Sites []Option
	Ecrit bool
}

// champsSalarie are the fields of a person.
var champsSalarie = []string{"nom", "prenom", "ne_le", "csp", "contrat", "etablissement"}

// getSalaries answers GET /entreprise/salaries.
func (w *Web) getSalaries(c *gin.Context) {
	texte, apres := coupe(c.Query("q"), 100), c.Query("apres")
	page, err := w.Interieur.Salaries(c, store.FiltreSalaries{Texte: texte, Apres: apres, Limite: 50})
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ListeSalaries{Piece: w.pieceDemande(c, "Salariés", "/entreprise/salaries"), Lignes: page.Salaries, Cherche: texte, Ecrit: len(w.Interieur.Occupant(c).Ecrit) > 0}
	p.Pages = pagesDe("/entreprise/salaries", texte, apres, page.Suivant)
	w.rendre(c, http.StatusOK, PageSalaries(p))
}

// getSalarieNouveau answers GET /entreprise/salaries/nouveau.
func (w *Web) getSalarieNouveau(c *gin.Context) {
	w.montrerSalarie(c, http.StatusOK, nil, Formulaire{Valeurs: url.Values{}})
}

func (w *Web) montrerSalarie(c *gin.Context, statut int, vu *SalarieVu, f Formulaire) {
	titre := "Ajouter un salarié"
	if vu != nil {
		titre = vu.Prenom + " " + vu.Nom
	}
	p := FicheSalarie{Piece: w.pieceDemande(c, titre, "/entreprise/salaries"), Vu: vu}
	p.Formulaire = f
	if statut != http.StatusOK {
		p.Acte = acteDuFormulaire(c)
	}
	var err error
	if p.Sites, err = w.sitesEcrits(c); err != nil {
		w.echouer(c, err)
		return
	}
	for _, s := range p.Sites {
		p.Ecrit = p.Ecrit || vu == nil || s.Valeur == string(vu.Etablissement)
	}
	if len(p.Sites) == 1 && f.Valeur("etablissement") == "" && vu == nil {
		p.Valeurs.Set("etablissement", p.Sites[0].Valeur)
	}
	w.rendre(c, statut, PageSalarie(p))
}

// salarieSaisi reads the form of a person.
func salarieSaisi(l *lecteur, id string) opco.Salarie {
	s := opco.Salarie{ID: id, Nom: l.Valeur("nom"), Prenom: l.Valeur("prenom"), NeLe: opco.Date(strings.TrimSpace(l.Valeur("ne_le"))),
		CSP: opco.CSP(l.Valeur("csp")), Contrat: opco.Contrat(l.Valeur("contrat")), Etablissement: opco.SIRET(l.Valeur("etablissement"))}
	return s.Normalise()
}

// postSalarieNouveau answers POST /entreprise/salaries/nouveau: sent twice, it adds one
// person.
func (w *Web) postSalarieNouveau(c *gin.Context) {
	f, ok := w.formulaire(c, champsSalarie...)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	err := w.Interieur.AjouterSalarie(c, salarieSaisi(&l, acteDuFormulaire(c)))
	w.finirSalarie(c, err, nil, f, "salarie-ajoute", "/entreprise/salaries")
}

func (w *Web) finirSalarie(c *gin.Context, err error, vu *SalarieVu, f Formulaire, annonce, vers string) {
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerSalarie(c, statut, vu, f) })
		return
	}
	w.annoncer(c, annonce)
	suite(c, vers)
}

// salarieDe reads the person of a page.
func (w *Web) salarieDe(c *gin.Context) (*SalarieVu, bool) {
	vu, err := w.Interieur.SalarieVu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return nil, false
	}
	return &vu, true
}

// getSalarie answers GET /entreprise/salaries/:id.
func (w *Web) getSalarie(c *gin.Context) {
	if vu, ok := w.salarieDe(c); ok {
		w.montrerSalarie(c, http.StatusOK, vu, Formulaire{Valeurs: valeurs("nom", vu.Nom, "prenom", vu.Prenom, "ne_le", string(vu.NeLe),
			"csp", string(vu.CSP), "contrat", string(vu.Contrat), "etablissement", string(vu.Etablissement), "version", strconv.FormatInt(vu.Version, 10))})
	}
}

// postSalarie answers POST /entreprise/salaries/:id.
func (w *Web) postSalarie(c *gin.Context) {
	vu, ok := w.salarieDe(c)
	if !ok {
		return
	}
	f, ok := w.formulaire(c, append([]string{"version"}, champsSalarie...)...)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	err := w.Interieur.ModifierSalarie(c, versionLue(f.Valeurs), salarieSaisi(&l, vu.ID))
	w.finirSalarie(c, err, vu, f, "salarie-modifie", "/entreprise/salaries/"+vu.ID)
}

// postRetraitSalarie answers POST /entreprise/salaries/:id/retrait.
func (w *Web) postRetraitSalarie(c *gin.Context) {
	vu, ok := w.salarieDe(c)
	if !ok {
		return
	}
	f, ok := w.formulaire(c, "version")
	if !ok {
		return
	}
	err := w.Interieur.RetirerSalarie(c, vu.ID, versionLue(f.Valeurs))
	w.finirSalarie(c, err, vu, f, "salarie-retire", "/entreprise/salaries")
}

func optionsCSP() []Option {
	os := []Option{{"", "Non précisée"}}
	for _, x := range opco.CSPs() {
		os = append(os, Option{string(x), x.Libelle()})
	}
	return os
}

func optionsContrat() []Option {
	os := []Option{{"", "Non précisé"}}
	for _, x := range opco.Contrats() {
		os = append(os, Option{string(x), x.Libelle()})
	}
	return os
}

// emploiDit says what a person does, and where.
func emploiDit(s store.LigneSalarie) string {
	var parties []string
	for _, x := range []string{s.CSP.Libelle(), s.Contrat.Libelle()} {
		if x != "" {
			parties = append(parties, x)
		}
	}
	return strings.Join(parties, ", ")
}

// siteDit names an établissement: its name, else its SIRET.
func siteDit(s store.LigneSalarie) string {
	if s.EtablissementNom == "" {
		return s.Etablissement.Affiche()
	}
	return s.EtablissementNom + " " + site(s.Etablissement)
}

// gesteDit says a writing of the line of a person.
func gesteDit(g store.GesteSalarie) string {
	switch g.Geste {
	case "ajout":
		return "Ajouté à la liste par " + g.Nom
	case "retrait":
		return "Retiré de la liste par " + g.Nom
	}
	noms := map[string]string{"nom": "le nom", "prenom": "le prénom", "ne_le": "la date de naissance", "csp": "la catégorie", "contrat": "le contrat", "etablissement": "l’établissement"}
	var quoi []string
	for _, c := range g.Champs {
		quoi = append(quoi, noms[c])
	}
	if len(quoi) == 0 {
		return "Enregistré sans changement par " + g.Nom
	}
	return g.Nom + " a modifié " + liste(quoi)
}

func actionSalarie(p FicheSalarie) string {
	if p.Vu == nil {
		return "/entreprise/salaries/nouveau"
	}
	return "/entreprise/salaries/" + p.Vu.ID
}

// adresseFormation is the page of a dossier, or of a brouillon.
func adresseFormation(f store.FormationSuivie) string {
	if f.Etat == opco.EtatBrouillon {
		return "/entreprise/demandes/" + f.Dossier
	}
	return "/entreprise/dossiers/" + f.Dossier
}
