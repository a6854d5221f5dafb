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

// UnitesOPCO lists the units of the OPCO, for who edits them (AK-13).
type UnitesOPCO struct {
	Piece
	Unites []store.LigneUnite
}

// UniteEditee is the form of a unit.
type UniteEditee struct {
	Piece
	Neuve bool
}

// InformationsOPCO lists what the OPCO tells (AK-14).
type InformationsOPCO struct {
	Piece
	Informations []store.LigneInformation
	Jour         opco.Date
}

// InformationEditee is the form of an information.
type InformationEditee struct {
	Piece
	Neuve bool
}

// getUnites answers GET /equipe/interlocuteurs.
func (w *Web) getUnites(c *gin.Context) {
	us, err := w.Interieur.Unites(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageUnites(UnitesOPCO{Piece: w.piece(c, "Interlocuteurs", "/equipe/interlocuteurs"), Unites: us}))
}

// champInterlocuteur names a field of the form: « CONSEILLER_PLAN_nom ».
func champInterlocuteur(f opco.FonctionInterlocuteur, nom string) string {
	return string(f) + "_" + nom
}

// champsUnite are the fields of the form of a unit.
func champsUnite() []string {
	noms := []string{"id", "version", "nom", "adresse", "siren", "idcc", "departement"}
	for _, f := range opco.FonctionsInterlocuteur() {
		noms = append(noms, champInterlocuteur(f, "nom"), champInterlocuteur(f, "email"), champInterlocuteur(f, "telephone"))
	}
	return noms
}

// valeursUnite writes a unit in the fields of its form.
func valeursUnite(u opco.Unite) url.Values {
	v := valeurs("id", u.ID, "version", strconv.Itoa(u.Version), "nom", u.Nom, "adresse", u.Adresse, "siren", string(u.SIREN), "idcc", u.IDCC, "departement", u.Departement)
	for _, i := range u.Interlocuteurs {
		v.Set(champInterlocuteur(i.Fonction, "nom"), i.Nom)
		v.Set(champInterlocuteur(i.Fonction, "email"), string(i.Email))
		v.Set(champInterlocuteur(i.Fonction, "telephone"), i.Telephone)
	}
	return v
}

// uniteSaisie reads a unit from its form. A function without name nor e-mail has
// nobody.
func uniteSaisie(l *lecteur) opco.Unite {
	version, _ := strconv.Atoi(l.Valeur("version"))
	u := opco.Unite{ID: idOuNeuf(l.Valeur("id")), Version: version, Nom: strings.TrimSpace(l.Valeur("nom")), Adresse: strings.TrimSpace(l.Valeur("adresse")),
		IDCC: strings.TrimSpace(l.Valeur("idcc")), Departement: strings.TrimSpace(l.Valeur("departement")), Interlocuteurs: []opco.Interlocuteur{}}
	if s := strings.TrimSpace(l.Valeur("siren")); s != "" {
		u.SIREN = lire(l, "siren", opco.ParseSIREN)
	}
	for _, f := range opco.FonctionsInterlocuteur() {
		i := opco.Interlocuteur{Fonction: f, Nom: strings.TrimSpace(l.Valeur(champInterlocuteur(f, "nom"))),
			Email: opco.Email(strings.TrimSpace(l.Valeur(champInterlocuteur(f, "email")))), Telephone: coupe(strings.TrimSpace(l.Valeur(champInterlocuteur(f, "telephone"))), 30)}
		if i.Nom != "" || i.Email != "" {
			u.Interlocuteurs = append(u.Interlocuteurs, i)
		}
	}
	return u
}

func idOuNeuf(id string) string {
	if u, err := uuid.Parse(id); err == nil {
		return u.String()
	}
	return uuid.NewString()
}

// nomsUnite gives the refusals of a unit the names of the fields of its form.
func nomsUnite() map[string]string {
	noms := map[string]string{}
	for _, f := range opco.FonctionsInterlocuteur() {
		for _, n := range []string{"nom", "email"} {
			noms["interlocuteurs."+string(f)+"."+n] = champInterlocuteur(f, n)
		}
	}
	return noms
}

// getUnite answers GET /equipe/interlocuteurs/:unite; « nouvelle » is a new one.
func (w *Web) getUnite(c *gin.Context) {
	if c.Param("unite") == "nouvelle" {
		w.montrerUnite(c, http.StatusOK, Formulaire{Valeurs: valeursUnite(opco.Unite{ID: uuid.NewString()})})
		return
	}
	us, err := w.Interieur.Unites(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	i := slices.IndexFunc(us, func(u store.LigneUnite) bool { return u.ID == c.Param("unite") })
	if i < 0 {
		w.introuvable(c)
		return
	}
	w.montrerUnite(c, http.StatusOK, Formulaire{Valeurs: valeursUnite(us[i].Unite)})
}

func (w *Web) montrerUnite(c *gin.Context, statut int, f Formulaire) {
	p := UniteEditee{Piece: w.piece(c, "Unité et interlocuteurs", "/equipe/interlocuteurs"), Neuve: f.Valeur("version") == "0"}
	p.Formulaire = f
	w.rendre(c, statut, PageUnite(p))
}

// postUnite answers POST /equipe/interlocuteurs.
func (w *Web) postUnite(c *gin.Context) {
	f, ok := w.formulaire(c, append(champsUnite(), "action")...)
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerUnite(c, statut, f) }
	l := &lecteur{Formulaire: f}
	u := uniteSaisie(l)
	if l.Valeur("action") == "supprimer" {
		if err := w.Interieur.SupprimerUnite(c, u.ID, u.Version); err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		w.fait(c, opco.VerdictApplique, "annonce-retiree", "/equipe/interlocuteurs")
		return
	}
	if len(l.fautes) > 0 {
		reprendrePage(*l, montrer)
		return
	}
	if err := w.Interieur.EcrireUnite(c, u); err != nil {
		w.montrerRefus(c, f, err, nomsUnite(), montrer)
		return
	}
	w.fait(c, opco.VerdictApplique, "annonce-ecrite", "/equipe/interlocuteurs")
}

// portefeuille says which companies a unit follows.
func portefeuille(u opco.Unite) string {
	var ps []string
	if u.SIREN != "" {
		ps = append(ps, "l’entreprise "+u.SIREN.Affiche())
	}
	if u.IDCC != "" {
		ps = append(ps, "branche "+u.IDCC)
	}
	if u.Departement != "" {
		ps = append(ps, "département "+u.Departement)
	}
	if len(ps) == 0 {
		return "Toutes les entreprises sans unité plus proche"
	}
	return majuscule(strings.Join(ps, ", "))
}

func lignesUnites(us []store.LigneUnite) [][]Cellule {
	var ls [][]Cellule
	for _, u := range us {
		var noms []string
		for _, i := range u.Interlocuteurs {
			noms = append(noms, i.Nom)
		}
		ls = append(ls, []Cellule{{Texte: u.Nom, Note: u.Adresse, URL: "/equipe/interlocuteurs/" + u.ID}, {Texte: portefeuille(u.Unite)}, {Texte: liste(noms)},
			{Texte: u.ModifieNom, Note: quand(u.ModifieLe)}})
	}
	return ls
}

// getInformations answers GET /equipe/informations.
func (w *Web) getInformations(c *gin.Context) {
	is, err := w.Interieur.Informations(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	m, err := w.Interieur.MonCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageInformations(InformationsOPCO{Piece: w.piece(c, "Informations", "/equipe/informations"), Informations: is, Jour: m.Jour}))
}

// getInformation answers GET /equipe/informations/:information; « nouvelle » is a
// new one.
func (w *Web) getInformation(c *gin.Context) {
	is, err := w.Interieur.Informations(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if c.Param("information") == "nouvelle" {
		w.montrerInformation(c, http.StatusOK, Formulaire{Valeurs: valeursInformation(opco.Information{ID: uuid.NewString(), Ton: Bleu, Public: "tous"})})
		return
	}
	i := slices.IndexFunc(is, func(x store.LigneInformation) bool { return x.ID == c.Param("information") })
	if i < 0 {
		w.introuvable(c)
		return
	}
	w.montrerInformation(c, http.StatusOK, Formulaire{Valeurs: valeursInformation(is[i].Information)})
}

func valeursInformation(i opco.Information) url.Values {
	return valeurs("id", i.ID, "version", strconv.Itoa(i.Version), "titre", i.Titre, "texte", i.Texte, "ton", i.Ton, "public", i.Public, "du", string(i.Du), "au", string(i.Au))
}

func (w *Web) montrerInformation(c *gin.Context, statut int, f Formulaire) {
	p := InformationEditee{Piece: w.piece(c, "Information", "/equipe/informations"), Neuve: f.Valeur("version") == "0"}
	p.Formulaire = f
	w.rendre(c, statut, PageInformation(p))
}

// postInformation answers POST /equipe/informations.
func (w *Web) postInformation(c *gin.Context) {
	f, ok := w.formulaire(c, "id", "version", "titre", "texte", "ton", "public", "du", "au", "action")
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerInformation(c, statut, f) }
	version, _ := strconv.Atoi(f.Valeur("version"))
	i := opco.Information{ID: idOuNeuf(f.Valeur("id")), Version: version, Titre: strings.TrimSpace(f.Valeur("titre")), Texte: strings.TrimSpace(f.Valeur("texte")),
		Ton: f.Valeur("ton"), Public: f.Valeur("public"), Du: opco.Date(f.Valeur("du")), Au: opco.Date(f.Valeur("au"))}
	faire, annonce := w.Interieur.EcrireInformation, "annonce-ecrite"
	if f.Valeur("action") == "supprimer" {
		annonce = "annonce-retiree"
		faire = func(c *gin.Context, i opco.Information) error {
			return w.Interieur.SupprimerInformation(c, i.ID, i.Version)
		}
	}
	if err := faire(c, i); err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, opco.VerdictApplique, annonce, "/equipe/informations")
}

// publicsDits names who reads an information.
var publicsDits = map[string]string{"tous": "Tout le monde", "entreprise": "Les entreprises", "organisme": "Les organismes"}

// etatInformation says whether an information is told on a day.
func etatInformation(i opco.Information, jour opco.Date) marque {
	switch {
	case i.Du > jour:
		return marque{"À venir", "calendar", Gris}
	case i.Au != "" && i.Au < jour:
		return marque{"Terminée", "archive", Gris}
	}
	return marque{"Affichée", "circle-check", Vert}
}

func lignesInformations(is []store.LigneInformation, jour opco.Date) [][]Cellule {
	var ls [][]Cellule
	for _, i := range is {
		m := etatInformation(i.Information, jour)
		ls = append(ls, []Cellule{{Texte: i.Titre, Note: i.Texte, URL: "/equipe/informations/" + i.ID}, {Texte: publicsDits[i.Public]}, {Texte: periodeDite(i.Du, i.Au)},
			{Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}, {Texte: i.ModifieNom, Note: quand(i.ModifieLe)}})
	}
	return ls
}
