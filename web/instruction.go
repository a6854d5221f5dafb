package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// DossierInstruit is the work page of a dossier: the pièce beside the judgement.
type DossierInstruit struct {
	Piece
	Etude
	Volet     string // one of the volets
	Vue       Visionneuse
	Controles ControlesVus
	Prop      PropositionVue
	Regard    string // why the reader does not validate the proposal, "" when they may
	Attend    map[opco.Role]int
	Fil       FilEchanges
	Notes     CarnetNotes
	Faits     []Fait
	Courriers []CourrierVu
	Livre     LivreVu
	Lecteur   opco.Acteur
	Tenue     EtatPrise // who studies it now
}

// salle is where one comes from: the queues, the contrôles, or the desk of a comptable.
func (p DossierInstruit) salle() Lien {
	if slices.Contains(travailleurs, p.Lit) {
		return Lien{"Instruction", "/instruction"}
	}
	if p.Lit == opco.RoleControleur {
		return Lien{"Contrôle", adresseControle}
	}
	return Lien{"À payer", "/comptabilite"}
}

// The panes of the work page, beside the viewer.
const (
	voletEtude      = "etude"
	voletEchanges   = "echanges"
	voletNotes      = "notes"
	voletHistorique = "historique"
)

// OngletEtude is a pane of the work page, with what waits there.
type OngletEtude struct {
	Nom, URL string
	Compte   int
	Ici      bool
}

// onglets lists the panes of the page.
func (p DossierInstruit) onglets() []OngletEtude {
	attend := 0
	for _, n := range p.Attend {
		attend += n
	}
	os := []OngletEtude{{Nom: "Étude", URL: p.adresse(voletEtude)}, {Nom: "Échanges", URL: p.adresse(voletEchanges), Compte: attend},
		{Nom: "Notes", URL: p.adresse(voletNotes)}, {Nom: "Historique", URL: p.adresse(voletHistorique)}}
	for i, v := range []string{voletEtude, voletEchanges, voletNotes, voletHistorique} {
		os[i].Ici = v == p.Volet
	}
	return os
}

// adresse is the page with a pane, the pièce shown staying.
func (p DossierInstruit) adresse(volet string) string {
	q := valeurs()
	if volet != voletEtude {
		q.Set("volet", volet)
	}
	if p.Vue.Choisie != "" {
		q.Set("piece", p.Vue.Choisie)
	}
	if len(q) == 0 {
		return adresseEtude(p.Dossier.ID)
	}
	return adresseEtude(p.Dossier.ID) + "?" + q.Encode()
}

// peut reports whether the reader may try an acte now.
func (e Etude) peut(t opco.TypeActe) bool { return slices.Contains(e.Actes, string(t)) }

// acteURL is the page of an acte that asks something first.
func (e Etude) acteURL(genre string) string {
	return adresseEtude(e.Dossier.ID) + "/actes/" + genre
}

// getEtude answers GET /instruction/dossiers/:id.
func (w *Web) getEtude(c *gin.Context) {
	w.montrerEtude(c, http.StatusOK, cmpVolet(c.Query("volet")), Formulaire{})
}

func cmpVolet(v string) string {
	if slices.Contains([]string{voletEchanges, voletNotes, voletHistorique}, v) {
		return v
	}
	return voletEtude
}

// montrerEtude shows the work page; f is the form that came back in its pane.
func (w *Web) montrerEtude(c *gin.Context, statut int, volet string, f Formulaire) {
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DossierInstruit{Piece: w.piece(c, "Dossier "+e.Dossier.Numero, "/instruction"), Etude: e, Volet: volet, Lecteur: w.Interieur.Occupant(c).Acteur("")}
	p.Etroit, p.Formulaire = true, f
	p.Suivre(e.Dossier.ID, e.Dossier.Rang)
	if p.Tenue, err = w.prise(c, e.Dossier.ID, e.Dossier.Etat, p.Acte); err != nil {
		w.echouer(c, err)
		return
	}
	pieces, err := w.Interieur.PiecesDe(c, e.Dossier.ID)
	if err == nil {
		p.Vue = visionneuse(pieces, cmp.Or(c.Param("piece"), c.Query("piece")), adresseEtude(e.Dossier.ID), volet)
		p.Vue.Formulaire, p.Vue.Juge = f, w.acces(c, "POST "+routeAvis) && e.Dossier.PiecesAJuger()
		p.Attend, err = w.Interieur.EchangesNonLus(c, e.Dossier.ID)
	}
	if err == nil {
		err = w.remplirVolet(c, &p, f)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendreCadre(c, statut, PageEtude(p))
}

// remplirVolet reads what the pane shows.
func (w *Web) remplirVolet(c *gin.Context, p *DossierInstruit, f Formulaire) error {
	id := p.Dossier.ID
	switch p.Volet {
	case voletEchanges:
		return w.remplirEchanges(c, p, f)
	case voletNotes:
		return w.remplirNotes(c, p, f)
	case voletHistorique:
		return w.remplirHistorique(c, p)
	}
	cs, err := w.Interieur.Controles(c, id)
	if err != nil {
		return err
	}
	p.Controles = controlesVus(cs, p.Vue)
	return w.remplirProposition(c, p)
}

func (w *Web) remplirEchanges(c *gin.Context, p *DossierInstruit, f Formulaire) error {
	fil := opco.RoleEntreprise
	if c.Query("fil") == string(opco.RoleOrganisme) && p.Dossier.Demande.Organisme.SIRET != "" {
		fil = opco.RoleOrganisme
	}
	action := ""
	if w.acces(c, "POST "+routeEchanges) {
		action = adresseEtude(p.Dossier.ID) + "/echanges?fil=" + string(fil)
	}
	var err error
	p.Fil, err = w.lireFil(c, p.Dossier.ID, fil, p.adresse(voletEchanges)+"&fil="+string(fil), action, f)
	p.Fil.Acte = p.Acte
	if action == "" {
		p.Fil.Empeche = "Vous lisez ces messages : ceux qui instruisent le dossier y répondent."
	}
	return err
}

func (w *Web) remplirHistorique(c *gin.Context, p *DossierInstruit) error {
	j, err := w.Interieur.JournalDe(c, p.Dossier.ID)
	if err != nil {
		return err
	}
	p.Faits = faitsDossier(j)
	cs, err := w.Interieur.CourriersDe(c, p.Dossier.ID)
	if err != nil {
		return err
	}
	p.Courriers = courriersVus(cs)
	es, ss, err := w.Interieur.EcrituresDe(c, p.Dossier.ID)
	p.Livre = livreVu(es, ss)
	return err
}

// lue is the proposal that the reader has before their eyes, as its form carries it.
func (p DossierInstruit) lue() []Option {
	return []Option{{"rang", strconv.FormatInt(p.Dossier.Rang, 10)}, {"sens", string(p.Prop.Decision.Sens)}, {"accorde", strconv.FormatInt(int64(p.Prop.Decision.Accorde), 10)}}
}

// echeance says the last day to answer, in the head of the page.
func (e Etude) echeance() marque {
	l := e.Ligne.Limite
	if l == "" || !e.Dossier.Etat.AvantDecision() {
		return marque{}
	}
	switch n := l.Depuis(e.Jour); {
	case n < 0:
		return marque{"Délai légal dépassé depuis le " + l.Longue(), "alarm-clock", Rouge}
	case n <= 5:
		return marque{"Répondre avant le " + l.Longue(), "alarm-clock", Rouge}
	case n <= 14:
		return marque{"Répondre avant le " + l.Longue(), "clock", Ambre}
	}
	return marque{"Répondre avant le " + l.Longue(), "calendar", Gris}
}

// acces reports whether the reader may take a route of the pages.
func (w *Web) acces(c *gin.Context, cle string) bool {
	r, ok := w.routesEtude()[cle]
	return ok && slices.Contains(r.regle.Roles, w.Interieur.Occupant(c).Role)
}

// refusDe returns the sentence of a refusal, "" when err is none.
func refusDe(err error) string {
	var refus *opco.Error
	if errors.As(err, &refus) {
		return refus.Message
	}
	if err != nil {
		return api.Answer(err).Detail
	}
	return ""
}
