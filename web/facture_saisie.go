package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// SaisieFacture is the form of an invoice, for the organisme under subrogation or for
// the company that asks for its remboursement: what it is prefilled with, and what we
// would do of it.
type SaisieFacture struct {
	Piece
	Dossier  opco.Dossier
	Numero   string // of the dossier
	Base     string // address of the dossier in the room of the reader
	Ariane   []Lien
	Preparee api.FacturePreparee
	Lignes   []LigneSaisie
	Verdict  *VerdictFacture // nil before anything was typed
	Lecture  *LectureVue     // nil: the invoice is typed, not read in a file
	Gardes   Gardes          // the files chosen already
}

// LigneSaisie is a line of the invoice being typed. Prevu says what the accord and the
// certificats give.
type LigneSaisie struct {
	Rang      int
	Ligne     opco.Ligne
	Stagiaire string
	Heures    string
	Montant   string
	Prouve    string // remboursement: what the company paid
}

// champ names a field of the line.
func (l LigneSaisie) champ(nom string) string { return nom + "_" + strconv.Itoa(l.Rang) }

// titre is what the line is for.
func (l LigneSaisie) titre() string {
	if l.Stagiaire != "" {
		return l.Stagiaire
	}
	return l.Ligne.Libelle()
}

// horaire reports whether the line is invoiced by the hour.
func (l LigneSaisie) horaire() bool {
	return l.Ligne == opco.LignePeda || l.Ligne == opco.LigneRemuneration
}

// lignesFactureMax bounds the lines of an invoice typed on a page.
const lignesFactureMax = 500

// VerdictFacture is what we would do of the invoice, in words.
type VerdictFacture struct {
	Ton, Titre, Phrase, Suite string
	Lignes                    []opco.LigneConstatee
}

// rembourse reports whether the company invoices, for a remboursement.
func (p SaisieFacture) rembourse() bool { return !p.Dossier.Demande.Subrogation }

// saisieFacture reads what the form of an invoice needs: it is prefilled with what is
// right today, then holds what was typed.
func (w *Web) saisieFacture(c *gin.Context, base, ici string, f Formulaire) (SaisieFacture, bool) {
	id := c.Param("id")
	d, err := w.Interieur.DossierLu(c, id)
	if err != nil {
		w.echouer(c, err)
		return SaisieFacture{}, false
	}
	if w.autreFacture(c, d, base, ici) {
		return SaisieFacture{}, false
	}
	prete, err := w.Interieur.PreparerFacture(c, id)
	if err != nil {
		w.echouer(c, err)
		return SaisieFacture{}, false
	}
	piece := f.Valeur("lecture")
	if f.Valeurs == nil {
		piece = c.Query("lecture")
	}
	lecture, err := w.relire(c, id, piece, &prete)
	if err != nil {
		w.echouer(c, err)
		return SaisieFacture{}, false
	}
	gardes, err := w.fichiersGardes(c, id, f)
	if err != nil {
		w.echouer(c, err)
		return SaisieFacture{}, false
	}
	p := SaisieFacture{Piece: w.piece(c, "Envoyer une facture", ici), Dossier: d.Dossier, Numero: d.Ligne.Numero, Base: base, Preparee: prete, Lecture: lecture, Gardes: gardes,
		Ariane: []Lien{{"Dossiers", ici}, {d.Ligne.Numero, base + "/factures"}}}
	if f.Valeurs == nil {
		f.Valeurs = valeursFacture(prete.Facture)
		f.Valeurs.Set("lecture", piece)
		poserMentions(f.Valeurs, prete.Mentions)
	}
	p.Formulaire = f
	p.lignes()
	return p, true
}

// valeursFacture are the values of the form for an invoice.
func valeursFacture(f opco.Facture) url.Values {
	v := valeurs("date", string(f.Date), "taux_tva", strconv.Itoa(f.TauxTVA), "numero", f.Numero, "iban", string(f.IBAN), "remplace", f.Remplace,
		"du", string(f.Du), "au", string(f.Au))
	for i, l := range f.Lignes {
		n := strconv.Itoa(i + 1)
		v.Set("ligne_"+n, string(l.Ligne))
		v.Set("stagiaire_"+n, l.Stagiaire)
		if l.Heures > 0 {
			v.Set("heures_"+n, l.Heures.Heures())
		}
		v.Set("montant_"+n, l.Montant.Nombre())
	}
	return v
}

// lignes lists the lines of the form.
func (p *SaisieFacture) lignes() {
	for i := 1; i <= lignesFactureMax && p.Valeur("ligne_"+strconv.Itoa(i)) != ""; i++ {
		n := strconv.Itoa(i)
		p.Lignes = append(p.Lignes, LigneSaisie{Rang: i, Ligne: opco.Ligne(p.Valeur("ligne_" + n)), Stagiaire: p.Valeur("stagiaire_" + n),
			Heures: p.Valeur("heures_" + n), Montant: p.Valeur("montant_" + n), Prouve: p.Valeur("prouve_" + n)})
	}
	if len(p.Lignes) == 0 && p.Preparee.Avance > 0 {
		p.Lignes = []LigneSaisie{{Rang: 1, Ligne: opco.LignePeda}} // an advance comes before any hour
	}
}

// avecTVA reports whether the receipt of a cost line is told with its TVA: lodging and
// travel are paid with it, meals and the other costs without what is recovered (AK-49
// to AK-51).
func avecTVA(l opco.Ligne) bool {
	return l == opco.LigneHebergement || l == opco.LigneTransport || l == opco.LigneRepas || l == opco.LigneDivers
}

// aideImpute says what an advance takes on this invoice, "" when none was paid (S08).
func (p SaisieFacture) aideImpute() string {
	if p.Preparee.Impute == 0 {
		return ""
	}
	return "L’avance que nous vous avons payée se déduit de cette facture d’abord : il en reste " + p.Preparee.Impute.String() +
		" à déduire. Facturez le montant entier ; nous virons la différence, et « Vérifier sans envoyer » la dit."
}

// papier reports whether we draw the invoice of the company when it brings no file of its
// own (AK-47).
func (p SaisieFacture) papier() bool { return p.rembourse() && p.Lecture == nil }

// aideFichier says when the company joins its own invoice.
func (p SaisieFacture) aideFichier() string {
	if p.papier() {
		return "Votre propre facture, en PDF, si vous en avez une : elle remplace la nôtre"
	}
	return "Votre facture, en PDF"
}

// aideTaux says on what the TVA is counted: what a company gives TVA included bears no more.
func (p SaisieFacture) aideTaux() string {
	if p.rembourse() {
		return "Elle s’ajoute aux seules lignes hors taxes, jamais aux salaires ni aux frais TTC. Nous payons sans cette TVA."
	}
	return "Nous payons le hors taxes."
}

// aideTVA says how the number of the company would be written.
func (p SaisieFacture) aideTVA() string {
	return "Seulement si votre entreprise en a un. Le vôtre s’écrirait " + string(opco.TVADe(p.Dossier.Demande.Etablissement.SIREN())) + "."
}

// aideTTC says what of a receipt we pay.
func (l LigneSaisie) aideTTC() string {
	if l.Ligne == opco.LigneHebergement || l.Ligne == opco.LigneTransport {
		return "Nous remboursons ces frais toutes taxes comprises."
	}
	return "Nous remboursons le TTC moins la TVA que vous récupérez."
}

// aideAvance says the rule of an advance (R6332-25).
func (p SaisieFacture) aideAvance() string {
	return "Au plus " + strconv.Itoa(p.Preparee.AvancePourcent) + "\u00a0% du prix de la formation : " + p.Preparee.Avance.String() +
		" encore possibles. Coûts pédagogiques seulement, sans heures. Elle se déduit des factures suivantes ; ce qui dépasserait les heures suivies est à rendre."
}

// getSaisieFacture answers GET …/dossiers/:id/factures/nouvelle, in a room.
func (w *Web) getSaisieFacture(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) {
		w.montrerSaisieFacture(c, http.StatusOK, s.base(c.Param("id")), s.ici, Formulaire{}, nil)
	}
}

// postSaisieFacture answers POST …/dossiers/:id/factures/nouvelle, in a room.
func (w *Web) postSaisieFacture(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) { w.recevoirFacture(c, s.base(c.Param("id")), s.ici) }
}

func (w *Web) montrerSaisieFacture(c *gin.Context, statut int, base, ici string, f Formulaire, v *VerdictFacture) {
	p, ok := w.saisieFacture(c, base, ici, f)
	if !ok {
		return
	}
	p.Verdict = v
	w.rendre(c, statut, PageSaisieFacture(p))
}

// verdictFacture says in words what would become of an invoice.
func verdictFacture(e opco.EssaiFacture, f opco.Facture) *VerdictFacture {
	v := &VerdictFacture{Lignes: e.Lignes}
	raison := strings.TrimSpace(finPhrase(e.Phrase) + " " + finPhrase(e.Pourquoi))
	switch {
	case e.Etat.Final():
		v.Ton, v.Titre, v.Phrase, v.Suite = Rouge, "Cette facture serait refusée.", raison, e.Comment
	case e.Etat == opco.FactureSuspendue:
		v.Ton, v.Titre, v.Phrase, v.Suite = Ambre, "Cette facture serait mise en attente.", raison, e.Comment
	case !e.Calculable:
		v.Ton, v.Titre = Bleu, "Cette facture sera reçue et examinée."
		v.Phrase, v.Suite = "Le montant payé se calcule quand tout est là.", finPhrase(e.Attend)
	case e.NonPayable > 0:
		v.Ton, v.Titre = Ambre, "Nous paierons "+e.Payable.String()+" sur "+f.TotalHT.String()+"."
		v.Phrase, v.Suite = raison, e.Comment
		if e.AttendAvoir {
			v.Suite = "Corrigez le montant avant d’envoyer : sinon il faudra un avoir de " + e.NonPayable.String() + ", et le paiement l’attendra."
		}
	default:
		v.Ton, v.Titre = Vert, "Nous paierons "+e.Payable.String()+"."
		v.Phrase = "Tout concorde avec l’accord et les certificats."
		v.Suite = "Paiement au plus tard le " + e.EcheanceLe.Longue() + ", après notre contrôle."
	}
	if f.Avance && e.Calculable {
		v.Suite += " Cette avance se déduira de vos factures suivantes, la plus ancienne d’abord, jusqu’à ce qu’elle soit couverte."
	}
	return v
}

// acte is the id of the acte that the form makes: the one it came back with.
func (p SaisieFacture) acte() string {
	if id := p.Valeur("acte_id"); id != "" {
		return id
	}
	return p.Acte
}

// remplacables are the invoices that the new one may replace (S09).
func (p SaisieFacture) remplacables() []Option {
	os := []Option{{"", "Aucune : c’est une nouvelle facture"}}
	for _, f := range facturesCreditables(&p.Dossier) {
		os = append(os, Option{f.Numero, "Facture " + f.Numero + ", " + f.TotalHT.String()})
	}
	return os
}

// aideCompte says on which account we pay.
func (p SaisieFacture) aideCompte() string {
	if p.Preparee.Compte == "" {
		return "Nous n’avons pas encore votre compte : déposez votre RIB dans l’onglet Documents."
	}
	return "Nous payons sur le compte que nous connaissons : " + p.Preparee.Compte + ". S’il est écrit sur la facture, il doit être le même."
}

// lignesVerdict shows what is paid, line by line.
func (p SaisieFacture) lignesVerdict() [][]Cellule {
	var ls [][]Cellule
	for _, x := range p.Verdict.Lignes {
		nom, heures := x.Ligne.Libelle(), "—"
		for _, s := range p.Dossier.Demande.Stagiaires {
			if s.ID == x.Stagiaire {
				nom = strings.TrimSpace(s.Prenom + " " + s.Nom)
			}
		}
		if x.Stagiaire != "" {
			heures = x.Certifie.Heures() + " h"
		}
		ls = append(ls, []Cellule{{Texte: nom}, {Texte: heures}, {Texte: x.Accorde.String()}, {Texte: x.Facture.String()}, {Texte: x.Payable.String()}})
	}
	return ls
}
