package web

import (
	"math"
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

// Lots is the list of payment batches.
type Lots struct {
	Piece
	Lots    []store.LigneLot
	Etat    string // of the view: "" for all, "attendus", or an état
	Compte  store.CompteursComptabilite
	Suite   string
	Prepare bool
	Export  string
	Fermes  []store.Interrupteur // payments that are held back
}

// vuesLots are the views of the list, each with the états that it keeps.
var vuesLots = []struct {
	cle, nom string
	etats    []opco.EtatLot
}{
	{"", "Tous", nil},
	{"EN_CONSTRUCTION", "En construction", []opco.EtatLot{opco.LotEnConstruction}},
	{"PROPOSE", "À valider", []opco.EtatLot{opco.LotPropose}},
	{"attendus", "Réponses attendues", []opco.EtatLot{opco.LotValide, opco.LotEmis, opco.LotTransmis, opco.LotInconnu}},
	{"SOLDE", "Soldés", []opco.EtatLot{opco.LotSolde}},
	{"ANNULE", "Annulés ou expirés", []opco.EtatLot{opco.LotAnnule, opco.LotExpire}},
}

// getLots answers GET /comptabilite/lots.
func (w *Web) getLots(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	p := Lots{Piece: w.piece(c, "Lots de règlement", "/comptabilite/lots"), Etat: c.Query("etat"), Prepare: o.Role == opco.RoleComptable}
	p.Fermes = w.fermes(c, "paiements")
	p.avecFeuille()
	i := slices.IndexFunc(vuesLots, func(v struct {
		cle, nom string
		etats    []opco.EtatLot
	}) bool {
		return v.cle == p.Etat
	})
	if i < 0 {
		i, p.Etat = 0, ""
	}
	if w.exporter(c, nil, w.tableauLots(c, vuesLots[i].etats)) {
		return
	}
	var suivant string
	var err error
	if p.Lots, suivant, err = w.Interieur.Lots(c, vuesLots[i].etats, c.Query("apres")); err == nil {
		p.Compte, err = w.Interieur.CompterComptabilite(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	q := url.Values{}
	if p.Etat != "" {
		q.Set("etat", p.Etat)
	}
	p.Suite, p.Export = pageSuivante("/comptabilite/lots", q, suivant), exportDe(c, len(p.Lots))
	w.rendre(c, http.StatusOK, PageLots(p))
}

// PageDUnLot is one payment batch, and what its reader may do with it.
type PageDUnLot struct {
	Piece
	LotVu
	Suite     string // address of the next page of transfers
	SuiteBanq string // address of the next page of what the bank said
	Propose   bool   // may say what the statement shows
	Confirme  bool   // may confirm it, and did not propose it
	Retire    bool   // may take lines out
	Annule    bool   // may cancel
	Valide    bool   // may validate, and nothing prevents them
	Ordinaire bool   // reads only
}

// virementsPage is how many transfers a page of a lot shows.
const virementsPage = 50

// getLot answers GET /comptabilite/lots/:lot.
func (w *Web) getLot(c *gin.Context) { w.montrerLot(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerLot(c *gin.Context, statut int, f Formulaire) {
	rang, err := strconv.Atoi(c.DefaultQuery("apres", "0"))
	if err != nil || rang < 0 || rang > math.MaxInt32 {
		w.echouer(c, opco.Champf("apres", "Cette page n’existe pas : reprenez le lot depuis le début."))
		return
	}
	v, err := w.Interieur.LotVu(c, c.Param("lot"), rang, c.Query("banque"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := PageDUnLot{Piece: w.piece(c, "Lot "+v.ID, "/comptabilite/lots"), LotVu: v}
	p.avecFeuille()
	o := w.Interieur.Occupant(c)
	p.droits(o.Role)
	p.Confirme = p.Propose && v.Lot.Issue != nil && v.Lot.Issue.Par.Personne != o.Personne
	if p.enCours() && p.Vif != nil {
		p.Vif.Lot = v.ID
	}
	p.paginer()
	p.SuiteBanq = pageSuivante("/comptabilite/lots/"+v.ID, url.Values{}, "")
	if v.Entrees.Suivant != "" {
		p.SuiteBanq = "/comptabilite/lots/" + v.ID + "?" + url.Values{"banque": {v.Entrees.Suivant}}.Encode() + "#banque"
	}
	p.Formulaire = f
	api.Montrer(c.Request.Context(), opco.ObjetLot(v.ID), len(p.Transferts.Virements))
	w.rendre(c, statut, PageLot(p))
}

// droits says what a role may do with the lot where it stands.
func (p *PageDUnLot) droits(r opco.Role) {
	e := p.Lot.Etat
	p.Retire = e.Admet(opco.ActeEjecterLigne, r) == nil
	p.Annule = e.Admet(opco.ActeAnnulerLot, r) == nil
	p.Propose = e.Admet(opco.ActeProposerIssue, r) == nil
	p.Valide = e.Admet(opco.ActeValiderLot, r) == nil && p.Empeche == "" && p.Attend == ""
	p.Ordinaire = !p.Retire && !p.Annule && !p.Valide
}

// paginer says where the following transfers are.
func (p *PageDUnLot) paginer() {
	if p.Transferts.Suivant > 0 {
		p.Suite = "/comptabilite/lots/" + p.ID + "?" + url.Values{"apres": {strconv.Itoa(p.Transferts.Suivant)}}.Encode()
	}
}

// nombreVirements counts the transfers of the whole lot.
func (p PageDUnLot) nombreVirements() int { return p.Lot.Transferts }

// chiffresLot are the tiles of a lot.
func chiffresLot(p PageDUnLot) []Chiffre {
	n := p.nombreVirements()
	compte := Chiffre{"Compte débité", "landmark", "—", "connu à la validation", ""}
	if p.Lot.Donneur.IBAN != "" {
		iban := string(p.Lot.Donneur.IBAN)
		compte.Valeur, compte.Note = "•••\u00a0"+iban[max(0, len(iban)-4):], p.Lot.Donneur.Nom
	}
	cs := []Chiffre{
		{"Virements", "send", milliers(int64(n)), combien(p.Lot.Nombre(), "règlement"), ""},
		{"Somme de contrôle", "scale", p.Somme.String(), p.recomptee(), ""},
		{"Exécution demandée", "calendar", p.Execution.Longue(), jourDeSemaine(p.Execution) + ", les banques sont ouvertes", ""},
		compte,
	}
	if p.Lot.Etat.Parti() {
		cs = append(cs, Chiffre{"Payé", "circle-check", p.Execute.String(), p.resteAttendu(), ""})
	}
	return cs
}

// recomptee adds the lines up again and says whether they make the sum of the lot.
func (p PageDUnLot) recomptee() string {
	if p.Lot.Chantier != nil {
		return "de ce qui est examiné jusqu’ici"
	}
	if p.Transferts.Recompte == p.Somme {
		return "recomptée à l’instant : identique"
	}
	return "les lignes font " + p.Transferts.Recompte.String() + " : prévenez l’exploitation"
}

func (p PageDUnLot) resteAttendu() string {
	switch reste := p.Somme - p.Execute - p.Rejete - p.Retourne; {
	case reste > 0:
		return reste.String() + " attendus de la banque"
	case p.Rejete+p.Retourne > 0:
		return (p.Rejete + p.Retourne).String() + " rejetés ou revenus"
	}
	return "la banque a tout exécuté"
}

func jourDeSemaine(d opco.Date) string { return strings.Split(jourDit(d), " ")[0] }

// postValidationLot answers POST /comptabilite/lots/:lot/validation (R02).
func (w *Web) postValidationLot(c *gin.Context) {
	f, ok := w.formulaire(c, "nombre", "somme")
	if !ok {
		return
	}
	n, errN := strconv.Atoi(f.Valeur("nombre"))
	s, errS := strconv.ParseInt(f.Valeur("somme"), 10, 64)
	l := lecteur{Formulaire: f}
	l.exiger("", errN == nil && errS == nil, "Nous n’avons pas reçu ce que vous avez lu : relisez le lot, puis validez-le.")
	montrer := func(statut int, f Formulaire) { w.montrerLot(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.ValiderLot(c, acteDuFormulaire(c), c.Param("lot"), opco.ChargeValiderLot{Nombre: n, Somme: opco.Montant(s)})
	w.conclureLot(c, f, v, err, "lot-valide")
}

// postIssueLot answers POST /comptabilite/lots/:lot/issue: what the statement shows of a
// lot on which the bank is silent.
func (w *Web) postIssueLot(c *gin.Context) {
	f, ok := w.formulaire(c, "statut", "jour", "releve")
	if !ok {
		return
	}
	v, err := w.Interieur.ProposerIssue(c, acteDuFormulaire(c), c.Param("lot"), opco.ChargeProposerIssue{Statut: opco.StatutBancaire(f.Valeur("statut")),
		Jour: opco.Date(strings.TrimSpace(f.Valeur("jour"))), Releve: strings.TrimSpace(f.Valeur("releve"))})
	w.conclureLot(c, f, v, err, "lot-issue")
}

// postConfirmationIssue answers POST /comptabilite/lots/:lot/issue/confirmation.
func (w *Web) postConfirmationIssue(c *gin.Context) {
	f, ok := w.formulaire(c, "refuse")
	if !ok {
		return
	}
	v, err := w.Interieur.ConfirmerIssue(c, acteDuFormulaire(c), c.Param("lot"), f.Valeur("refuse") == "oui")
	w.conclureLot(c, f, v, err, "lot-issue")
}

// postAnnulationLot answers POST /comptabilite/lots/:lot/annulation.
func (w *Web) postAnnulationLot(c *gin.Context) {
	f, ok := w.formulaire(c, "raison")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	raison := strings.TrimSpace(f.Valeur("raison"))
	l.exiger("raison", raison != "", "Dites pourquoi le lot est annulé : ses autres lecteurs le liront.")
	l.borner("raison", texteMax)
	if len(l.fautes) > 0 {
		reprendrePage(l, func(statut int, f Formulaire) { w.montrerLot(c, statut, f) })
		return
	}
	v, err := w.Interieur.AnnulerLot(c, acteDuFormulaire(c), c.Param("lot"), raison)
	w.conclureLot(c, f, v, err, "lot-annule")
}

// postLignesLot answers POST /comptabilite/lots/:lot/lignes: lines taken out.
func (w *Web) postLignesLot(c *gin.Context) {
	f, ok := w.formulaire(c, "raison_ligne")
	if !ok {
		return
	}
	f.Valeurs["ligne"] = c.PostFormArray("ligne")
	l := lecteur{Formulaire: f}
	l.exiger("ligne", len(f.Valeurs["ligne"]) > 0, "Cochez les lignes à retirer du lot.")
	l.borner("raison_ligne", texteMax)
	if len(l.fautes) > 0 {
		reprendrePage(l, func(statut int, f Formulaire) { w.montrerLot(c, statut, f) })
		return
	}
	v, err := w.Interieur.EjecterLignes(c, acteDuFormulaire(c), c.Param("lot"), opco.ChargeEjecterLigne{Retirer: f.Valeurs["ligne"], Raison: strings.TrimSpace(f.Valeur("raison_ligne"))})
	w.conclureLot(c, f, v, err, "lot-lignes")
}

// conclureLot shows a lot after an acte: again with what is wrong, or with what was
// done.
func (w *Web) conclureLot(c *gin.Context, f Formulaire, v opco.Verdict, err error, annonce string) {
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"retirer": "ligne"}, func(statut int, f Formulaire) { w.montrerLot(c, statut, f) })
		return
	}
	w.fait(c, v, annonce, "/comptabilite/lots/"+c.Param("lot"))
}

// getFichierLot answers GET /comptabilite/lots/:lot/fichier: the very bytes that
// left for the bank.
func (w *Web) getFichierLot(c *gin.Context) {
	contenu, taille, err := w.Interieur.FichierLot(c, c.Param("lot"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetLot(c.Param("lot")), 1)
	c.Header("Content-Disposition", `attachment; filename="`+c.Param("lot")+`.xml"`)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	c.DataFromReader(http.StatusOK, taille, "application/xml", contenu, nil)
}
