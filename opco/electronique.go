package opco

import (
	"fmt"
	"strings"
)

// Electronique is what the guichet keeps, with an invoice, of its electronic file:
// what the file says of what the checks compare, and what they found in it. It is
// written by the guichet when it reads the file, never by who sends the invoice.
type Electronique struct {
	Profil       string `json:"profil"`
	Avoir        bool   `json:"avoir,omitempty"`
	Numero       string `json:"numero"`
	Date         Date   `json:"date"`
	Emetteur     SIRET  `json:"emetteur,omitempty"`
	Destinataire SIRET  `json:"destinataire,omitempty"`
	NDA          NDA    `json:"nda,omitempty"`
	Reference    string `json:"reference,omitempty"` // to the dossier
	// IBAN is the account that the file writes. It is compared with the one on file
	// on arrival, then forgotten: the invoice holds it.
	IBAN     IBAN     `json:"iban,omitempty"`
	TotalHT  Montant  `json:"total_ht"`
	TVA      Montant  `json:"tva"`
	TotalTTC Montant  `json:"total_ttc"`
	Taux     int      `json:"taux"` // how many rates of VAT above zero
	Page     PageLue  `json:"page"`
	Defauts  []Defaut `json:"defauts,omitempty"`
}

// Defaut is one rule that the file breaks, with the sentence that says how.
type Defaut struct {
	Regle  string `json:"regle"` // BR-CO-15…
	Phrase string `json:"phrase"`
}

// electroniqueDe keeps of a reading what the checks of the invoice will compare.
func electroniqueDe(l FactureLue, d *Dossier, f Faits) *Electronique {
	e := &Electronique{Profil: l.Profil, Avoir: l.EstAvoir(), Numero: l.Numero, Date: l.Date, NDA: l.nda(), Reference: l.reference(d.Numero),
		Emetteur: l.Vendeur.etablissement(d.emetteurAttendu()), Destinataire: l.Acheteur.etablissement(f.OPCO),
		TotalHT: l.Totaux.HT, TVA: l.Totaux.TVA, TotalTTC: l.Totaux.TTC, Taux: l.nombreTaux(), Page: l.Page, Defauts: l.Defauts()}
	e.IBAN = l.iban(d.CompteConnu(f))
	return e
}

// emetteurAttendu is the établissement that invoices d.
func (d *Dossier) emetteurAttendu() SIRET {
	if d.subroge() {
		return d.Demande.Organisme.SIRET
	}
	return d.Demande.Etablissement
}

// etablissement returns the SIRET that the party writes. When only its SIREN is
// written, alone or in its VAT number, that is attendu if it is the right one, else
// the nine digits themselves, which no établissement equals; "" without any.
func (p PartieLue) etablissement(attendu SIRET) SIRET {
	ecrits := append([]string{p.Legal}, p.Ids...)
	for _, x := range ecrits {
		if s, err := ParseSIRET(x); err == nil {
			return s
		}
	}
	siren := SIREN("")
	for _, x := range ecrits {
		if s, err := ParseSIREN(x); err == nil && siren == "" {
			siren = s
		}
	}
	if t, err := ParseTVA(p.TVA); err == nil && siren == "" {
		siren = t.SIREN()
	}
	if siren != "" && siren == attendu.SIREN() {
		return attendu
	}
	return SIRET(siren)
}

// reference returns how the file names the dossier: the order (BT-13), the
// reference of the buyer (BT-10), the contract (BT-12), the remittance text
// (BT-83). The one that is the number of the dossier is preferred.
func (l FactureLue) reference(numero string) string {
	premiere := ""
	for _, r := range []string{l.Commande, l.RefAcheteur, l.Contrat, l.RefPaiement} {
		r = strings.TrimSpace(r)
		if r != "" && memeNumero(r, numero) {
			return r
		}
		if premiere == "" && r != "" && !memeNumero(r, l.Numero) {
			premiere = r
		}
	}
	return premiere
}

// iban returns the account to pay that the file writes: the one on file when it is
// among them, else the first.
func (l FactureLue) iban(connu IBAN) IBAN {
	for _, x := range l.IBANs {
		if i, err := ParseIBAN(x); err == nil && i == connu {
			return i
		}
	}
	for _, x := range l.IBANs {
		if i, err := ParseIBAN(x); err == nil {
			return i
		}
	}
	return ""
}

// nda returns the numéro de déclaration d’activité that the seller writes among its
// identifiers, its legal information or the notes; "" when none is written after
// words that announce it.
func (l FactureLue) nda() NDA {
	for _, x := range l.Vendeur.Ids {
		if n, err := ParseNDA(x); err == nil {
			return n
		}
	}
	for _, t := range append([]string{l.Vendeur.Note}, l.Notes...) {
		if n := ndaAnnonce(t); n != "" {
			return n
		}
	}
	return ""
}

// annoncesNDA are the words that a NDA follows on an invoice (L6352-12 makes it be
// written with « déclaration d’activité enregistrée sous le numéro »).
var annoncesNDA = []string{"NDA", "DECLARATION D ACTIVITE", "DECLARATION DACTIVITE"}

// ndaAnnonce finds the eleven digits that follow the words.
func ndaAnnonce(t string) NDA {
	cle := strings.ToUpper(CleNom(strings.NewReplacer("'", " ", "’", " ").Replace(t)))
	for _, a := range annoncesNDA {
		_, suite, ok := strings.Cut(" "+cle+" ", " "+a+" ")
		if !ok {
			continue
		}
		var b strings.Builder
		for _, r := range tete(suite, 100) {
			if r >= '0' && r <= '9' {
				b.WriteRune(r)
			} else if r != ' ' && b.Len() > 0 {
				break
			}
			if b.Len() == 11 {
				return NDA(b.String())
			}
		}
	}
	return ""
}

// completee returns f with what its file says and the form did not: the account.
func (f Facture) completee() Facture {
	if f.Electronique != nil && f.IBAN == "" {
		f.IBAN = f.Electronique.IBAN
	}
	return f
}

// factureElectronique holds an invoice to its own file: the file follows the
// standard, its page shows the total of its data, and what was sent is what it says
// (213, S21).
func factureElectronique(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	e := f.Electronique
	if e == nil {
		return "", nil
	}
	contredit := func(format string, args ...any) (Motif, Precisions) {
		return MotifRejSeman, Precisions{"detail": fmt.Sprintf(format, args...)}
	}
	if e.Avoir {
		return contredit("le fichier est un avoir, et vous l’envoyez comme une facture")
	}
	if len(e.Defauts) > 0 {
		return contredit("%s", e.Defauts[0].Phrase)
	}
	if e.Page.Etat == PageDiffere {
		return contredit("la page montre un total de %s, les données disent %s", e.Page.Vu, e.TotalTTC)
	}
	if x := e.ecarts(f); len(x) > 0 {
		return contredit("%s", x[0])
	}
	return "", nil
}

// ecarts lists what the invoice sent says otherwise than its file.
func (e *Electronique) ecarts(f Facture) []string {
	var x []string
	dire := func(bon bool, format string, args ...any) {
		if !bon {
			x = append(x, fmt.Sprintf(format, args...))
		}
	}
	dire(memeNumero(f.Numero, e.Numero), "vous envoyez la facture %s, le fichier est celui de la facture %s", citer(f.Numero), citer(e.Numero))
	dire(f.Date == e.Date, "vous envoyez la date du %s, le fichier dit le %s", f.Date.Courte(), e.Date.Courte())
	dire(f.TotalHT == e.TotalHT, "vous envoyez %s hors taxes, le fichier dit %s", f.TotalHT, e.TotalHT)
	dire(f.TVA == e.TVA, "vous envoyez %s de TVA, le fichier dit %s", f.TVA, e.TVA)
	dire(f.TotalTTC == e.TotalTTC, "vous envoyez %s toutes taxes comprises, le fichier dit %s", f.TotalTTC, e.TotalTTC)
	dire(f.Emetteur == e.Emetteur, "vous envoyez le SIRET %s, le fichier est émis par %s", afficheOuAbsent(f.Emetteur), afficheOuAbsent(e.Emetteur))
	dire(f.Destinataire == e.Destinataire, "vous l’adressez à %s, le fichier à %s", afficheOuAbsent(f.Destinataire), afficheOuAbsent(e.Destinataire))
	dire(memeNumero(f.ReferenceDossier, e.Reference), "vous citez le dossier %s, le fichier cite %s", ouAucun(f.ReferenceDossier), ouAucun(e.Reference))
	dire(e.IBAN == "" || f.IBAN == e.IBAN, "vous donnez un compte qui finit par %s, le fichier en donne un qui finit par %s", finIBAN(f.IBAN), finIBAN(e.IBAN))
	return x
}

func ouAucun(s string) string {
	if strings.TrimSpace(s) == "" {
		return "aucun"
	}
	return citer(s)
}

// factureNDA compares the declaration number that the file writes with the one of
// the organisme.
func factureNDA(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if f.Electronique == nil || f.Electronique.NDA == "" || !d.subroge() || fa.Organisme == nil || fa.Organisme.NDA == "" || f.Electronique.NDA == fa.Organisme.NDA {
		return "", nil
	}
	return MotifNonConforme, Precisions{"detail": fmt.Sprintf("elle porte le numéro de déclaration d’activité %s, le vôtre est %s",
		f.Electronique.NDA.Affiche(), fa.Organisme.NDA.Affiche())}
}

// factureUnTaux refuses a file that mixes rates of VAT: the house judges one for
// each invoice.
func factureUnTaux(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	if f.Electronique == nil || f.Electronique.Taux <= 1 {
		return "", nil
	}
	return MotifTxTVAErr, Precisions{"recu": fmt.Sprintf("%d taux", f.Electronique.Taux), "attendu": "un seul taux par facture"}
}

// nombreTaux counts the rates of VAT above zero.
func (l FactureLue) nombreTaux() int {
	vus := map[int]bool{}
	for _, v := range l.TVAs {
		if v.Taux > 0 {
			vus[v.Taux] = true
		}
	}
	return len(vus)
}
