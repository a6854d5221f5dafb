package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// ReglesAuto are the auto-accept rules: those in force, and the one being tried
// before it is switched on.
type ReglesAuto struct {
	Piece
	Regles   []store.RegleAutoLue
	Essai    *store.EssaiAuto
	Modifie  bool // the reader may switch rules on and off
	Fenetre  int  // days over which a rule is tried
	Profil   opco.Role
	Services []opco.Service
}

// questionsDites are the words of the evidence that a rule may ask.
var questionsDites = map[string]string{
	opco.QuestionMasse: "Masse salariale exacte", opco.QuestionSiretCode: "SIRET du code adhérent", opco.QuestionNDA: "Numéro de déclaration d’activité du SIRET",
	opco.QuestionFacture: "Facture connue de ce montant", opco.QuestionResponsable: "Responsable légal identique",
}

// servicesAuto are the services that a rule may grant to a profile.
func servicesAuto(profil opco.Role) []opco.Service {
	var ss []opco.Service
	for _, s := range opco.Services(profil) {
		if s != opco.ServiceUtilisateurs {
			ss = append(ss, s)
		}
	}
	return ss
}

// getRegles answers GET /habilitations/regles.
func (w *Web) getRegles(c *gin.Context) {
	w.montrerRegles(c, http.StatusOK, profilVoulu(c.Query("profil")), nil, Formulaire{Valeurs: url.Values{}})
}

func profilVoulu(s string) opco.Role {
	if s == string(opco.RoleOrganisme) {
		return opco.RoleOrganisme
	}
	return opco.RoleEntreprise
}

func (w *Web) montrerRegles(c *gin.Context, statut int, profil opco.Role, essai *store.EssaiAuto, f Formulaire) {
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ReglesAuto{Piece: w.piece(c, "Acceptation automatique", "/habilitations/regles"), Essai: essai, Fenetre: regles.EssaiAutoJours,
		Modifie: w.Interieur.Occupant(c).Role == opco.RoleResponsable, Profil: profil, Services: servicesAuto(profil)}
	if p.Regles, err = w.Interieur.Regles(c); err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire = f
	w.rendre(c, statut, PageRegles(p))
}

// postEssai answers POST /habilitations/regles/essai: it changes nothing, and shows
// what the rule would have done.
func (w *Web) postEssai(c *gin.Context) {
	f, ok := w.formulaire(c, "profil", "service", "question")
	if !ok {
		return
	}
	profil := profilVoulu(f.Valeur("profil"))
	l := lecteur{Formulaire: f}
	l.exiger("service", f.Valeur("service") != "", "Choisissez le service à accorder.")
	l.exiger("question", len(f.Valeurs["question"]) > 0, "Choisissez au moins une preuve : sans preuve, un droit s’accorde par un conseiller.")
	montrer := func(statut int, f Formulaire) { w.montrerRegles(c, statut, profil, nil, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	essai, err := w.Interieur.EssayerRegle(c, opco.RegleAuto{Profil: profil, Service: opco.Service(f.Valeur("service")), Questions: f.Valeurs["question"]})
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"questions": "question"}, montrer)
		return
	}
	w.montrerRegles(c, http.StatusOK, profil, &essai, f)
}

// postActivation answers POST /habilitations/regles: the rule that was just tried is
// switched on.
func (w *Web) postActivationRegle(c *gin.Context) {
	f, ok := w.formulaire(c, "essai")
	if !ok {
		return
	}
	if err := w.Interieur.ActiverRegle(c, f.Valeur("essai")); err != nil {
		w.montrerRefus(c, Formulaire{Valeurs: url.Values{}}, err, nil, func(statut int, f Formulaire) { w.montrerRegles(c, statut, opco.RoleEntreprise, nil, f) })
		return
	}
	w.annoncer(c, "regle-active")
	suite(c, "/habilitations/regles")
}

// postArretRegle answers POST /habilitations/regles/arret.
func (w *Web) postArretRegle(c *gin.Context) {
	f, ok := w.formulaire(c, "regle")
	if !ok {
		return
	}
	if err := w.Interieur.ArreterRegle(c, f.Valeur("regle")); err != nil {
		w.montrerRefus(c, Formulaire{Valeurs: url.Values{}}, err, nil, func(statut int, f Formulaire) { w.montrerRegles(c, statut, opco.RoleEntreprise, nil, f) })
		return
	}
	w.annoncer(c, "regle-arretee")
	suite(c, "/habilitations/regles")
}

func questionsLues(qs []string) string {
	var noms []string
	for _, q := range qs {
		noms = append(noms, questionsDites[q])
	}
	return liste(noms)
}

// verdictEssai says what a dry run teaches, and in which tone.
func verdictEssai(e store.EssaiAuto) (ton, phrase string) {
	switch {
	case e.Examines == 0:
		return Gris, "Aucune demande de ce service n’a été vérifiée dans la période : cet essai ne dit rien."
	case e.Refuses > 0:
		return Ambre, "Un conseiller avait refusé " + combien(int(e.Refuses), "droit") + " que la règle aurait accordé" + accordPluriel(int(e.Refuses), "s") + "."
	case e.Accordes == 0:
		return Gris, "La règle n’aurait rien accordé."
	}
	return Vert, "Aucun conseiller n’avait refusé ce que la règle aurait accordé."
}

func lignesContredits(e store.EssaiAuto) [][]Cellule {
	var c [][]Cellule
	for _, x := range e.Contredits {
		motif := opco.Motif(x.Motif).Libelle()
		c = append(c, []Cellule{{Texte: x.Nom, URL: "/comptes/" + x.Compte}, {Texte: x.SIRET.Affiche()}, {Texte: motif}, {Texte: opco.JourDe(x.Le).Longue()}})
	}
	return c
}

func questionsDe(profil opco.Role) []string { return opco.Questions(profil) }

func courant(oui bool) string {
	if oui {
		return "true"
	}
	return "false"
}
