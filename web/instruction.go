package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
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

// remplirProposition computes what would be decided, or reads what was.
func (w *Web) remplirProposition(c *gin.Context, p *DossierInstruit) error {
	d := &p.Dossier
	switch {
	case d.Etat == opco.EtatEnValidation && d.Proposition != nil:
		p.Prop = propositionVue(*d.Proposition, nil)
		p.Prop.Attend = true
		if p.Lecteur.Croise(d.Proposition.ProposePar) {
			p.Regard = "Vous avez proposé cette décision : le second regard revient à une autre personne."
		} else if !p.peut(opco.ActeValider) {
			p.Regard = "Un responsable valide cette proposition ou la renvoie."
		}
		return nil
	case d.Decision != nil:
		p.Prop = propositionVue(*d.Decision, nil)
		p.Prop.Prise = true
		return nil
	}
	prop, err := w.Interieur.ProposerDecision(c, d.ID, opco.ChargeDecider{})
	var refus *opco.Error
	if errors.As(err, &refus) {
		p.Prop = PropositionVue{Empeche: refus.Message, Lignes: lignesDemandees(d.Demande)}
		return nil
	}
	if err != nil {
		return err
	}
	p.Prop = propositionVue(prop.Decision, prop.Disponibles)
	return nil
}

// PropositionVue is a décision as the work page shows it, line by line and fund by
// fund. Empeche says what stands in the way of any.
type PropositionVue struct {
	Decision opco.Decision
	Lignes   []LignePropose
	Fonds    []FondsVu
	Motifs   []string
	Empeche  string
	Attend   bool // of a second person
	Prise    bool // the décision is taken
}

// LignePropose is one cost line: what is asked, what the rules allow, what is
// granted, by which rule and why less.
type LignePropose struct {
	Code, Poste                string
	Demande, Eligible, Accorde opco.Montant
	Regle, Motif               string
}

// FondsVu is what one fund gives, and what it holds before and after.
type FondsVu struct {
	Nom                    string
	Montant, Avant, Restes opco.Montant
	Connu                  bool // what it holds is known
}

// fondsDits names the funds.
var fondsDits = map[string]string{opco.FondsConventionnel: "Conventionnel", opco.FondsMutualise: "Plan moins de 50", opco.FondsVV: "Versement volontaire",
	opco.FondsRegion: "Région, État, FSE", opco.FondsCPF: "CPF"}

func propositionVue(d opco.Decision, fonds []opco.Fonds) PropositionVue {
	p := PropositionVue{Decision: d}
	for _, l := range d.Lignes {
		x := LignePropose{Code: string(l.Ligne), Poste: l.Ligne.Libelle(), Demande: l.Demande, Eligible: l.Eligible, Accorde: l.Accorde, Regle: l.Regle}
		if l.Motif != "" {
			x.Motif = l.Motif.Libelle()
		}
		p.Lignes = append(p.Lignes, x)
	}
	for _, m := range d.Motifs {
		p.Motifs = append(p.Motifs, m.Libelle())
	}
	for _, f := range fonds {
		p.Fonds = append(p.Fonds, FondsVu{Nom: nomFonds(f.Code), Avant: f.Disponible, Restes: f.Disponible, Connu: true})
	}
	for _, part := range d.Fonds {
		i := slices.IndexFunc(p.Fonds, func(f FondsVu) bool { return f.Nom == nomFonds(part.Code) })
		if i < 0 {
			i, p.Fonds = len(p.Fonds), append(p.Fonds, FondsVu{Nom: nomFonds(part.Code)})
		}
		p.Fonds[i].Montant += part.Montant
		p.Fonds[i].Restes -= part.Montant
	}
	p.Fonds = slices.DeleteFunc(p.Fonds, func(f FondsVu) bool { return f.Montant == 0 && f.Avant == 0 })
	return p
}

func nomFonds(code string) string {
	if n := fondsDits[code]; n != "" {
		return n
	}
	return code
}

func lignesDemandees(d opco.Demande) []LignePropose {
	var ls []LignePropose
	for _, l := range d.Lignes {
		if l.Montant != 0 {
			ls = append(ls, LignePropose{Code: string(l.Ligne), Poste: l.Ligne.Libelle(), Demande: l.Montant, Regle: l.Detail})
		}
	}
	return ls
}

// Sens says the outcome in words.
func (p PropositionVue) sens() string {
	debut := "Proposition : "
	switch {
	case p.Prise:
		debut = "Décision : "
	case p.Attend:
		debut = "À valider : "
	}
	switch {
	case p.Empeche != "":
		return "Rien à proposer"
	case p.Decision.Sens == opco.SensRefus:
		return debut + "refus"
	case p.Decision.Sens == opco.SensPartiel:
		return debut + "accord partiel"
	}
	return debut + "accord"
}

// total are the sums of the lines.
func (p PropositionVue) total() (t LignePropose) {
	for _, l := range p.Lignes {
		t.Demande, t.Eligible, t.Accorde = t.Demande+l.Demande, t.Eligible+l.Eligible, t.Accorde+l.Accorde
	}
	return t
}

// lue is the proposal that the reader has before their eyes, as its form carries it.
func (p DossierInstruit) lue() []Option {
	return []Option{{"rang", strconv.FormatInt(p.Dossier.Rang, 10)}, {"sens", string(p.Prop.Decision.Sens)}, {"accorde", strconv.FormatInt(int64(p.Prop.Decision.Accorde), 10)}}
}

// ControlesVus are the checks of a dossier: those to look at, and those that conform.
type ControlesVus struct {
	Ouverts, Conformes          []ControleVu
	OK, Attention, Bloque, Lire int
}

// ControleVu is one check with its verdict. Repere is the number of the pièce that
// proves it, 0 for none, and Voir its address.
type ControleVu struct {
	Ton, Nom, Phrase, Preuve, Verdict string
	Repere                            int
	Voir                              string
}

// verdicts says each outcome of a check in tone and words.
var verdicts = map[opco.Resultat]marque{
	opco.ResultatOK: {"Conforme", "circle-check", Vert}, opco.ResultatWarn: {"À regarder", "triangle-alert", Ambre},
	opco.ResultatBlock: {"Bloquant", "octagon-x", Rouge}, opco.ResultatAttendu: {"À lire", "circle-dashed", Gris},
	opco.ResultatSansObjet: {"Sans objet", "circle-dashed", Gris},
}

// prouvePar names the pièces that prove a check.
var prouvePar = map[string][]opco.TypePiece{
	opco.ControleQualiopi: {opco.PieceQualiopi}, "C08": {opco.PieceProgramme}, "C09": {opco.PieceConvention, opco.PieceDevis},
	"SF8": {opco.PieceCertificat}, "SF9": {opco.PieceEmargement}, "SF10": {opco.PieceFacture},
}

func controlesVus(cs []opco.Controle, vue Visionneuse) ControlesVus {
	var v ControlesVus
	for _, c := range cs {
		m := verdicts[c.Resultat]
		x := ControleVu{Ton: m.Ton, Nom: c.Nom, Phrase: c.Phrase, Preuve: majuscule(c.Preuve), Verdict: m.Libelle}
		x.Repere, x.Voir = vue.preuve(prouvePar[c.Code])
		switch c.Resultat {
		case opco.ResultatOK:
			v.OK++
		case opco.ResultatWarn:
			v.Attention++
		case opco.ResultatBlock:
			v.Bloque++
		case opco.ResultatAttendu:
			v.Lire++
		}
		if c.Resultat == opco.ResultatOK || c.Resultat == opco.ResultatSansObjet {
			v.Conformes = append(v.Conformes, x)
		} else {
			v.Ouverts = append(v.Ouverts, x)
		}
	}
	rang := func(x ControleVu) int { return slices.Index([]string{Rouge, Ambre, Gris}, x.Ton) }
	slices.SortStableFunc(v.Ouverts, func(a, b ControleVu) int { return rang(a) - rang(b) })
	return v
}

// CourrierVu is a mail that left or will leave, and its letter.
type CourrierVu struct {
	Objet, Pour, Quand, Etat, Ton, Icone, Erreur, Lettre, PDF string
}

var etatsCourrier = map[string]marque{"ENVOYE": {"Envoyé", "mail", Vert}, "A_ENVOYER": {"En attente d’envoi", "clock", Bleu},
	"REFUSE": {"Refusé par la messagerie", "circle-x", Rouge}, "SANS_ADRESSE": {"Sans adresse e-mail", "triangle-alert", Ambre},
	"ECARTE": {"Ne partira pas : on y a renoncé", "ban", Gris}}

func courriersVus(cs []store.LigneCourrier) []CourrierVu {
	var vs []CourrierVu
	for _, x := range slices.Backward(cs) {
		m := etatsCourrier[x.Etat]
		v := CourrierVu{Objet: x.Sujet, Pour: profilDit(opco.Role(x.Pour)), Quand: quand(x.Le), Etat: m.Libelle, Ton: m.Ton, Icone: m.Icone, Erreur: x.Erreur}
		if v.Pour == "Adhérent" {
			v.Pour = "Entreprise"
		}
		if v.Objet == "" {
			v.Objet = majuscule(strings.ToLower(strings.ReplaceAll(x.Evenement, "_", " ")))
		}
		if x.Lettre {
			v.Lettre, v.PDF = "/instruction/lettres/"+x.ID, "/api/courriers/"+x.ID+"/lettre.pdf"
		}
		vs = append(vs, v)
	}
	return vs
}

// LivreVu is the ledger of a dossier as the staff reads it.
type LivreVu struct {
	Lignes [][]Cellule
	Soldes [][]Cellule
}

func livreVu(es []store.LigneEcriture, ss []store.LigneSolde) LivreVu {
	var l LivreVu
	mots := func(s string) string { return majuscule(strings.ToLower(strings.ReplaceAll(s, "_", " "))) }
	for _, e := range slices.Backward(es) {
		l.Lignes = append(l.Lignes, []Cellule{{Texte: quand(e.Le)}, {Texte: mots(e.Type)}, {Texte: mots(e.Compte)}, {Texte: e.Enveloppe}, {Texte: e.Montant.String()}})
	}
	for _, s := range ss {
		l.Soldes = append(l.Soldes, []Cellule{{Texte: mots(s.Compte)}, {Texte: s.Enveloppe}, {Texte: s.Montant.String()}})
	}
	return l
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

// secondRegardDit says why a second person will look.
func (p PropositionVue) secondRegardDit() string {
	d := p.Decision
	switch {
	case !d.SecondRegard || p.Prise:
		return ""
	case d.Sens == opco.SensRefus:
		return "Un refus passe par un second regard : un responsable, qui n’est pas vous, le validera avant l’envoi du courrier."
	case d.Derogation != "":
		return "Une dérogation passe par un second regard : un responsable, qui n’est pas vous, la validera avant l’envoi du courrier."
	case d.Risque != "":
		return "Un signal de risque demande un second regard : " + finPhrase(d.Risque)
	}
	return "Ce montant passe par un second regard : un responsable, qui n’est pas vous, le validera avant l’envoi du courrier."
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
