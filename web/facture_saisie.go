package web

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
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
	p := SaisieFacture{Piece: w.piece(c, "Envoyer une facture", ici), Dossier: d.Dossier, Numero: d.Ligne.Numero, Base: base, Preparee: prete, Lecture: lecture,
		Ariane: []Lien{{"Dossiers", ici}, {d.Ligne.Numero, base + "/factures"}}}
	if f.Valeurs == nil {
		f.Valeurs = valeursFacture(prete.Facture)
		f.Valeurs.Set("lecture", piece)
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

// champsFacture are the fields of the form.
func champsFacture() []string {
	noms := []string{"numero", "date", "taux_tva", "iban", "remplace", "du", "au", "action", "of_numero", "of_acquittee", "lecture", "avance"}
	for i := 1; i <= lignesFactureMax; i++ {
		n := strconv.Itoa(i)
		noms = append(noms, "ligne_"+n, "stagiaire_"+n, "heures_"+n, "montant_"+n, "prouve_"+n, "ttc_"+n, "tva_"+n)
	}
	return noms
}

// factureSaisie reads the invoice that was typed. What is not readable is a fault on
// its field.
func (l *lecteur) factureSaisie(prete opco.Facture, rembourse bool) opco.Facture {
	f := opco.Facture{Emetteur: prete.Emetteur, Destinataire: prete.Destinataire, ReferenceDossier: prete.ReferenceDossier, Intitule: prete.Intitule}
	f.Numero = l.ligneTexte("numero", 60)
	l.exiger("numero", f.Numero != "" || l.aFaute("numero"), "Écrivez le numéro de votre facture.")
	f.Date = lire(l, "date", opco.ParseDate)
	f.Remplace = l.ligneTexte("remplace", 60)
	f.TauxTVA, f.Avance = prete.TauxTVA, l.Valeur("avance") == "oui"
	if t, err := strconv.Atoi(l.Valeur("taux_tva")); err == nil && t >= 0 && t <= 10_000 {
		f.TauxTVA = t
	}
	if l.Valeur("iban") != "" {
		f.IBAN = lire(l, "iban", opco.ParseIBAN)
	}
	for champ, jour := range map[string]*opco.Date{"du": &f.Du, "au": &f.Au} {
		if l.Valeur(champ) != "" {
			*jour = lire(l, champ, opco.ParseDate)
		}
	}
	l.lignesFacture(&f, rembourse)
	f.TVA = f.TotalHT.Fraction(int64(f.TauxTVA), 10_000)
	f.TotalTTC = f.TotalHT + f.TVA
	return f
}

// lignesFacture reads the lines, and what the company proves of each.
func (l *lecteur) lignesFacture(f *opco.Facture, rembourse bool) {
	for i := 1; i <= lignesFactureMax && l.Valeur("ligne_"+strconv.Itoa(i)) != ""; i++ {
		n := strconv.Itoa(i)
		x := opco.LigneFacture{Ligne: opco.Ligne(l.Valeur("ligne_" + n)), Stagiaire: coupe(l.Valeur("stagiaire_"+n), 200)}
		if x.Ligne.Libelle() == "" {
			continue
		}
		x.Heures, x.Montant = l.heures("heures_"+n), l.montant("montant_"+n)
		if x.Montant > 0 {
			f.Lignes = append(f.Lignes, x)
			f.TotalHT += x.Montant
		}
		if rembourse {
			l.prouver(f, x.Ligne, n)
		}
	}
	l.exiger("montant_1", len(f.Lignes) > 0 || l.aFaute("montant_1"), "Facturez au moins une ligne : écrivez son montant.")
}

// prouver reads what the company paid for one line (AK-46).
func (l *lecteur) prouver(f *opco.Facture, ligne opco.Ligne, n string) {
	m := l.montant("prouve_" + n)
	j := opco.Justificatif{Type: opco.PieceReleveDepenses, Montant: m, Ligne: ligne, Acquittee: true}
	if avecTVA(ligne) {
		j.TTC, j.TVARecuperee = l.montant("ttc_"+n), l.montant("tva_"+n)
		l.exiger("ttc_"+n, j.TTC > 0 || j.TVARecuperee == 0, "Écrivez le total TTC du justificatif : sans lui, la TVA récupérée ne se déduit de rien.")
		l.exiger("tva_"+n, j.TVARecuperee <= j.TTC, "La TVA récupérée dépasse le total TTC du justificatif.")
		if m == 0 {
			j.Montant = max(0, j.TTC-j.TVARecuperee)
		}
	}
	if j.Montant == 0 {
		return
	}
	if ligne == opco.LignePeda {
		j.Type, j.Numero, j.Acquittee = opco.PieceFactureOF, l.ligneTexte("of_numero", 60), l.Valeur("of_acquittee") == "oui"
	}
	f.Justificatifs = append(f.Justificatifs, j)
}

// avecTVA reports whether the receipt of a cost line is told with its TVA: lodging and
// travel are paid with it, meals and the other costs without what is recovered (AK-49
// to AK-51).
func avecTVA(l opco.Ligne) bool {
	return l == opco.LigneHebergement || l == opco.LigneTransport || l == opco.LigneRepas || l == opco.LigneDivers
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

// ligneTexte reads a line of text.
func (l *lecteur) ligneTexte(champ string, max int) string {
	t, err := opco.ParseTexte(champ, l.Valeur(champ), max)
	if err == nil && strings.ContainsAny(t, "\n\t") {
		err = opco.Champf(champ, "Écrivez ce texte sur une seule ligne.")
	}
	l.noter(champ, err)
	return t
}

func (l *lecteur) aFaute(champ string) bool { return l.avec(l.fautes).Faute(champ) != "" }

// heures reads hours, none being 0.
func (l *lecteur) heures(champ string) opco.Minutes {
	v := strings.TrimSpace(l.Valeur(champ))
	if v == "" || strings.Trim(v, "0,. h") == "" {
		return 0
	}
	return lire(l, champ, opco.ParseDuree)
}

// montant reads an amount, none being 0.
func (l *lecteur) montant(champ string) opco.Montant {
	if strings.TrimSpace(l.Valeur(champ)) == "" {
		return 0
	}
	m := lire(l, champ, opco.ParseMontant)
	l.exiger(champ, m >= 0, "Un montant facturé ne peut pas être négatif : pour rendre de l’argent, envoyez un avoir.")
	return max(0, m)
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

// recevoirFacture answers the form of an invoice, in the room whose dossier is at base
// and whose list is at ici: it tries the invoice, or sends it. An invoice is tried as
// often as one likes; sent twice, it is one.
func (w *Web) recevoirFacture(c *gin.Context, base, ici string) {
	f, fichier, ok := w.formulaireFichier(c, champsFacture()...)
	if !ok {
		return
	}
	id, acte := c.Param("id"), f.nomme().Valeur("acte_id")
	prete, err := w.Interieur.PreparerFacture(c, id)
	if err != nil {
		w.echouer(c, err)
		return
	}
	lecture := f.Valeur("lecture")
	if _, err := w.relire(c, id, lecture, &prete); err != nil {
		w.echouer(c, err)
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerSaisieFacture(c, statut, base, ici, f, nil) }
	l := lecteur{Formulaire: f}
	fac := l.factureSaisie(prete.Facture, prete.Rembourse)
	if lecture != "" {
		fac, fichier = duFichier(fac, prete.Facture, lecture), nil
	}
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if f.Valeur("action") != "envoyer" {
		e, err := w.Interieur.EssayerFacture(c, acte, id, fac)
		if err != nil {
			w.montrerRefus(c, f, err, champsDeLaFacture, montrer)
			return
		}
		w.montrerSaisieFacture(c, http.StatusOK, base, ici, f, verdictFacture(e, fac))
		return
	}
	if lecture == "" {
		fac.PieceID, err = w.deposerDuFormulaire(c, id, acte, opco.PieceFacture, fichier)
	}
	if err == nil {
		var v opco.Verdict
		if v, err = w.Interieur.EnvoyerFacture(c, acte, id, fac); err == nil {
			w.fait(c, v, "facture-envoyee", base+"/factures")
			return
		}
	}
	w.montrerRefus(c, f, err, champsDeLaFacture, montrer)
}

// champsDeLaFacture are the fields of the API as the form calls them.
var champsDeLaFacture = map[string]string{"facture.numero": "numero", "facture.date": "date", "facture.iban": "iban", "facture.piece_id": "fichier"}

// deposerDuFormulaire has the file of a form kept as a pièce of a dossier, and returns
// its id, "" when no file was chosen. The same file of the same form is one pièce.
func (w *Web) deposerDuFormulaire(c *gin.Context, dossier, acte string, t opco.TypePiece, fichier *multipart.FileHeader) (string, error) {
	if fichier == nil {
		return "", nil
	}
	somme, err := sommeFichier(fichier)
	if err != nil {
		return "", err
	}
	id := acteFichier(acte, fichier.Filename, somme)
	return id, envoyerFormulaire(map[string]string{"acte_id": id, "type": string(t)}, fichier,
		func(corps *multipart.Reader) error { return w.Interieur.DeposerFichier(c, dossier, corps) })
}

func sommeFichier(f *multipart.FileHeader) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a file received: %w", err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, fmt.Errorf("reading a file received: %w", err)
	}
	return h.Sum(nil), nil
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
