package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// What the pages of the queues announce once.
func init() {
	maps.Copy(annonces, map[string]string{
		"pris":                "Ce dossier est à vous pour trente minutes, prolongées tant que vous y travaillez.",
		"file-finie":          "Il ne reste rien pour vous dans cette file. Voici celle de toute l’équipe.",
		"dossier-pris":        "Vous étudiez ce dossier : vos collègues le voient.",
		"dossier-rendu":       "Le dossier est rendu à sa file.",
		"dossier-attend":      "Le dossier est mis en attente. Il revient le jour dit, ou à la première nouvelle.",
		"dossier-revenu":      "Le dossier est de nouveau dans sa file.",
		"dossier-etiquete":    "Les étiquettes sont enregistrées.",
		"dossier-confie":      "Le dossier est confié.",
		"vue-gardee":          "La vue est enregistrée.",
		"vue-supprimee":       "La vue est supprimée.",
		"etiquette-ecrite":    "L’étiquette est enregistrée.",
		"etiquette-supprimee": "L’étiquette est supprimée, et ôtée des dossiers.",
		"portefeuille":        "Les portefeuilles sont à jour.",
	})
}

// EtatPrise is who holds a dossier, as BandeauPrise says it. Libre offers to take it;
// Reprend to take it from who holds it; Vers is where one comes back.
type EtatPrise struct {
	Dossier, Acte, Vers string
	Prise               *store.PriseVue
	Libre, Reprend      bool
}

// reste says until when somebody else holds the dossier.
func (b EtatPrise) reste() string {
	return "Il se libère à " + b.Prise.ExpireLe.In(opco.Paris).Format("15 h 04") + " s’il n’y touche plus."
}

// depuis says since when one holds it oneself.
func (b EtatPrise) depuis() string {
	return " depuis " + b.Prise.Depuis.In(opco.Paris).Format("15 h 04")
}

// prise reads who holds a dossier, and notes that the reader is at work on it: what
// the page of a dossier shows with BandeauPrise. etat says whether there is work left.
func (w *Web) prise(c *gin.Context, dossier string, etat opco.Etat, acte string) (EtatPrise, error) {
	o := w.Interieur.Occupant(c)
	b := EtatPrise{Dossier: dossier, Acte: acte, Vers: c.Request.URL.Path}
	travaille := slices.Contains(instructeurs, o.Role) && !etat.Final()
	var err error
	if slices.Contains(instructeurs, o.Role) {
		if b.Prise, err = w.Interieur.VivreDossier(c, dossier); err != nil {
			return b, err
		}
	}
	b.Libre, b.Reprend = travaille && b.Prise == nil, travaille && o.Role == opco.RoleResponsable
	return b, nil
}

// Classement is what may be done around a dossier: to set it aside, label it, entrust it.
type Classement struct {
	Piece
	Ligne         store.LigneFile
	Gestes        []store.Geste
	Choix         ChoixFile
	Prise         EtatPrise
	Reglages      opco.ParametresFile
	Jour          opco.Date
	Ecrit, Dirige bool
}

func (p Classement) base() string { return "/instruction/dossiers/" + p.Ligne.ID }

// aideAttente says until when the dossier may wait.
func (p Classement) aideAttente() string {
	fin := p.Jour.Jours(p.Reglages.AttenteJours)
	if l := p.Ligne.Limite; l != "" && l < fin {
		return "À 8 h, le " + l.Longue() + " au plus tard : c’est le délai légal."
	}
	return "À 8 h, le " + fin.Longue() + " au plus tard."
}

// porte reports whether the dossier bears a label, or the form says so.
func (p Classement) porte(id string) bool {
	return slices.ContainsFunc(p.Ligne.Etiquettes, func(e store.EtiquettePosee) bool { return e.ID == id })
}

// personnes are those to whom a dossier may be entrusted.
func (p Classement) personnes() []Option { return personnesDe(p.Choix) }

func personnesDe(x ChoixFile) []Option {
	os := []Option{{"", "Choisissez quelqu’un"}}
	for _, i := range x.Instructeurs {
		os = append(os, Option{i.Personne, i.Nom + ", " + strings.ToLower(i.Role.Libelle())})
	}
	return os
}

// gestes says each gesture, with its icon and tone.
var gestes = map[string]marque{
	store.GestePrendre: {"Pris", "play", Bleu}, store.GesteReprendre: {"Pris en main à la place d’un collègue", "hand", Ambre},
	store.GesteRendre: {"Rendu à la file", "undo-2", Gris}, store.GesteLiberer: {"Libéré : le dossier a avancé", "check", Vert},
	store.GesteAttendre: {"Mis en attente", "pause", Ambre}, store.GesteReveiller: {"Revenu dans la file", "play", Bleu},
	store.GesteEtiqueter: {"Étiquette posée", "tag", Gris}, store.GesteDesetiquer: {"Étiquette ôtée", "tag", Gris},
	store.GesteReattribuer: {"Confié", "arrow-right-left", Prune},
}

// faits tells the gestures as a history does.
func (p Classement) faits() []Fait {
	var fs []Fait
	for _, g := range p.Gestes {
		m := gestes[g.Type]
		nom := g.Nom
		if nom == "" {
			nom = "Guichet"
		}
		fs = append(fs, Fait{Ton: m.Ton, Icone: m.Icone, Quoi: m.Libelle, Qui: nom, Quand: quand(g.Le), Motif: g.Detail})
	}
	return fs
}

// getClassement answers GET /instruction/dossiers/:id/classement.
func (w *Web) getClassement(c *gin.Context) { w.montrerClassement(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerClassement(c *gin.Context, statut int, f Formulaire) {
	id := c.Param("id")
	l, gs, err := w.Interieur.DossierEnFile(c, id)
	if err != nil {
		w.echouer(c, err)
		return
	}
	o := w.Interieur.Occupant(c)
	p := Classement{Piece: w.piece(c, "Classer "+l.Numero, ""), Ligne: l, Gestes: gs, Dirige: o.Role == opco.RoleResponsable && !l.Etat.Final(),
		Ecrit: slices.Contains(instructeurs, o.Role) && !l.Etat.Final() && l.Lien == ""}
	p.Page, p.Formulaire = p.avec("equipe.css").avecModule("travail.js"), f
	if p.Choix, err = w.Interieur.ChoixFile(c); err == nil {
		p.Reglages, p.Jour, err = w.Interieur.ParametresFile(c)
	}
	if err == nil {
		p.Prise, err = w.prise(c, id, l.Etat, p.Acte)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetDossier(id), 1)
	w.rendre(c, statut, PageClassement(p))
}

// refuserClassement shows the page again with what was refused.
func (w *Web) refuserClassement(c *gin.Context, f Formulaire, err error, noms map[string]string) {
	w.montrerRefus(c, f, err, noms, func(statut int, f Formulaire) { w.montrerClassement(c, statut, f) })
}

// postPrise answers POST /instruction/dossiers/:id/prise: one takes that very dossier.
func (w *Web) postPrise(c *gin.Context) {
	f, ok := w.formulaire(c, "vers")
	if !ok {
		return
	}
	if _, err := w.Interieur.PrendreDossier(c, c.Param("id")); err != nil {
		w.refuserClassement(c, f, err, nil)
		return
	}
	w.annoncer(c, "dossier-pris")
	suite(c, w.retourDossier(c, f.Valeur("vers")))
}

// retourDossier is where one comes back after a gesture: a page of that dossier.
func (w *Web) retourDossier(c *gin.Context, vers string) string {
	base := "/instruction/dossiers/" + url.PathEscape(c.Param("id"))
	if vers == base || strings.HasPrefix(vers, base+"/") && !strings.ContainsAny(vers, "\\?#") {
		return vers
	}
	return base
}

// postRendre answers POST /instruction/dossiers/:id/prise/fin.
func (w *Web) postRendre(c *gin.Context) {
	if err := w.Interieur.RendreDossier(c, c.Param("id")); err != nil {
		w.refuserClassement(c, Formulaire{}, err, nil)
		return
	}
	w.annoncer(c, "dossier-rendu")
	suite(c, "/instruction")
}

// postVivre answers POST /instruction/dossiers/:id/prise/vie: the page is still open
// and somebody works on it.
func (w *Web) postVivre(c *gin.Context) {
	v, err := w.Interieur.VivreDossier(c, c.Param("id"))
	switch {
	case err != nil:
		w.echouer(c, err)
	case v == nil || !v.Mienne:
		c.Status(http.StatusConflict)
	default:
		c.Status(http.StatusNoContent)
	}
}

// postAttente answers POST /instruction/dossiers/:id/attente.
func (w *Web) postAttente(c *gin.Context) {
	f, ok := w.formulaire(c, "jusqu_au", "raison")
	if !ok {
		return
	}
	a := opco.Attente{JusquAu: opco.Date(f.Valeur("jusqu_au")), Raison: strings.TrimSpace(f.Valeur("raison"))}
	if err := w.Interieur.MettreEnAttente(c, c.Param("id"), a); err != nil {
		w.refuserClassement(c, f, err, nil)
		return
	}
	w.annoncer(c, "dossier-attend")
	w.defaireGeste(c, dossierDuGeste(c)+"/attente/fin", store.GesteAttendre, []string{c.Param("id")}, url.Values{})
	suite(c, "/instruction")
}

// postReveil answers POST /instruction/dossiers/:id/attente/fin.
func (w *Web) postReveil(c *gin.Context) {
	f, ok := w.formulaire(c, "depuis")
	if !ok {
		return
	}
	id := c.Param("id")
	r, annule := retourDemande(f, store.GesteAttendre, id)
	reveiller := func() error { return w.Interieur.ReveillerDossier(c, id) }
	if annule {
		reveiller = func() error { return w.Interieur.Defaire(c, r) }
	}
	if err := reveiller(); err != nil {
		w.refuserClassement(c, Formulaire{}, err, nil)
		return
	}
	w.annoncer(c, "dossier-revenu")
	suite(c, "/instruction/dossiers/"+url.PathEscape(c.Param("id"))+"/classement")
}

// postEtiqueter answers POST /instruction/dossiers/:id/etiquettes: the ticked labels are
// put on, the others taken off; or what was just done is undone.
func (w *Web) postEtiqueter(c *gin.Context) {
	v, ok := w.valeurs(c) // every label of the dossier, however many
	if !ok {
		return
	}
	f, id := Formulaire{Valeurs: v}, c.Param("id")
	r, annule := retourDemande(f, store.GesteEtiqueter, id)
	var err error
	if annule {
		r.Remettre, r.Oter = v["remettre"], v["oter"]
		err = w.Interieur.Defaire(c, r)
	} else {
		err = w.etiqueter(c, id, v["etiquette"])
	}
	if err != nil {
		w.refuserClassement(c, f, err, nil)
		return
	}
	w.annoncer(c, "dossier-etiquete")
	suite(c, dossierDuGeste(c)+"/classement")
}

// etiqueter gives a dossier the labels voulues, and offers to undo what that changed.
func (w *Web) etiqueter(c *gin.Context, id string, voulues []string) error {
	l, _, err := w.Interieur.DossierEnFile(c, id)
	if err != nil {
		return err
	}
	var posees []string
	var e store.Etiquetage
	for _, x := range l.Etiquettes {
		if posees = append(posees, x.ID); !slices.Contains(voulues, x.ID) {
			e.Oter = append(e.Oter, x.ID)
		}
	}
	for _, x := range voulues {
		if !slices.Contains(posees, x) {
			e.Poser = append(e.Poser, x)
		}
	}
	if len(e.Oter)+len(e.Poser) == 0 {
		return nil
	}
	if err := w.Interieur.Etiqueter(c, l.ID, e); err != nil {
		return err
	}
	w.defaireGeste(c, dossierDuGeste(c)+"/etiquettes", store.GesteEtiqueter, []string{id}, url.Values{"remettre": e.Oter, "oter": e.Poser})
	return nil
}

// dossierDuGeste is the address of the dossier of a request.
func dossierDuGeste(c *gin.Context) string {
	return "/instruction/dossiers/" + url.PathEscape(c.Param("id"))
}

// postConfier answers POST /instruction/dossiers/:id/attribution.
func (w *Web) postConfier(c *gin.Context) {
	f, ok := w.formulaire(c, "a", "motif", "depuis")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("a", f.Valeur("a") != "", "Choisissez à qui confier ce dossier.")
	l.exiger("motif", strings.TrimSpace(f.Valeur("motif")) != "", "Dites pourquoi : la personne et ses collègues le liront.")
	if len(l.fautes) > 0 {
		reprendrePage(l, func(statut int, f Formulaire) { w.montrerClassement(c, statut, f) })
		return
	}
	if err := w.confier(c, c.Param("id"), f); err != nil {
		w.refuserClassement(c, f, err, map[string]string{"raison": "motif"})
		return
	}
	w.annoncer(c, "dossier-confie")
	suite(c, dossierDuGeste(c)+"/classement")
}

// confier entrusts a dossier as a form says, and offers to undo it; or undoes it.
func (w *Web) confier(c *gin.Context, id string, f Formulaire) error {
	a, motif := titulaire(f.Valeur("a")), strings.TrimSpace(f.Valeur("motif"))
	if r, annule := retourDemande(f, store.GesteReattribuer, id); annule {
		r.A, r.Raison = a, motif
		return w.Interieur.Defaire(c, r)
	}
	avant, _, err := w.Interieur.DossierEnFile(c, id)
	if err == nil {
		err = w.Interieur.Confier(c, []string{id}, a, motif)
	}
	if err != nil {
		return err
	}
	w.defaireGeste(c, dossierDuGeste(c)+"/attribution", store.GesteReattribuer, []string{id},
		valeurs("a", titulaireOuAucun(avant.AttribueID), "motif", defait))
	return nil
}
