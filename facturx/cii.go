package facturx

import (
	"math/big"
	"slices"
	"strings"

	"guichet/opco"
)

// profils are the profiles read, by what their guideline holds (BT-24), the longest
// name first. MINIMUM holds no VAT breakdown: it is not an invoice (Factur-X 1.09).
var profils = []struct{ marque, nom string }{
	{"minimum", "MINIMUM"}, {"basicwl", "BASIC WL"}, {"basic", "BASIC"}, {"extended", "EXTENDED"}, {"en16931", "EN 16931"},
}

// typesFacture are the kinds of invoice that a dossier takes (BT-3): an invoice, a
// corrective one, a self-billed one, an advance; and a credit note.
var typesFacture = []string{"380", "384", "389", "386", "381"}

// lectureCII walks a document and keeps the first fault.
type lectureCII struct {
	faute error
}

func lireCII(b []byte) (opco.FactureLue, error) {
	racine, err := lireXML(b)
	if err != nil {
		return opco.FactureLue{}, err
	}
	if racine.nom != "CrossIndustryInvoice" {
		return opco.FactureLue{}, refus(CodeFormat, "Ce fichier XML n’est pas une facture au format CII (Factur-X). Votre logiciel sait sans doute l’exporter.")
	}
	r := &lectureCII{}
	l := r.document(racine)
	if r.faute != nil {
		return opco.FactureLue{}, r.faute
	}
	return l, nil
}

func (r *lectureCII) document(racine *noeud) opco.FactureLue {
	doc, vente := racine.enfant("ExchangedDocument"), racine.enfant("SupplyChainTradeTransaction")
	accord, reglement := vente.enfant("ApplicableHeaderTradeAgreement"), vente.enfant("ApplicableHeaderTradeSettlement")
	l := opco.FactureLue{Profil: r.profil(racine), Type: doc.dit("TypeCode"), Numero: r.texte(doc, 60, "ID"), Date: r.date(doc.un("IssueDateTime", "DateTimeString")),
		Devise:  reglement.dit("InvoiceCurrencyCode"),
		Vendeur: r.partie(accord.enfant("SellerTradeParty")), Acheteur: r.partie(accord.enfant("BuyerTradeParty")),
		Commande: r.texte(accord, 60, "BuyerOrderReferencedDocument", "IssuerAssignedID"), RefAcheteur: r.texte(accord, 60, "BuyerReference"),
		Contrat: r.texte(accord, 60, "ContractReferencedDocument", "IssuerAssignedID"), RefPaiement: r.texte(reglement, 140, "PaymentReference"),
		Origine: r.texte(reglement, 60, "InvoiceReferencedDocument", "IssuerAssignedID"),
		Du:      r.date(reglement.un("BillingSpecifiedPeriod", "StartDateTime", "DateTimeString")),
		Au:      r.date(reglement.un("BillingSpecifiedPeriod", "EndDateTime", "DateTimeString"))}
	r.exigerEntete(l)
	for _, n := range doc.tous("IncludedNote") {
		l.Notes = append(l.Notes, coupe(n.dit("Content"), 1000))
	}
	for _, t := range reglement.tous("SpecifiedTradePaymentTerms") {
		l.Conditions = strings.TrimSpace(l.Conditions + " " + coupe(t.dit("Description"), 500))
		if d := r.date(t.un("DueDateDateTime", "DateTimeString")); d != "" {
			l.EcheanceLe = d
		}
	}
	for _, m := range reglement.tous("SpecifiedTradeSettlementPaymentMeans") {
		if i := m.dit("PayeePartyCreditorFinancialAccount", "IBANID"); i != "" && !slices.Contains(l.IBANs, i) {
			l.IBANs = append(l.IBANs, coupe(i, 60))
		}
	}
	r.argent(&l, vente, reglement)
	return l
}

// argent reads the lines, the allowances, the VAT and the totals.
func (r *lectureCII) argent(l *opco.FactureLue, vente, reglement *noeud) {
	for _, n := range vente.tous("IncludedSupplyChainTradeLineItem") {
		l.Lignes = append(l.Lignes, r.ligne(n))
	}
	for _, n := range reglement.tous("SpecifiedTradeAllowanceCharge") {
		l.Remises = append(l.Remises, opco.RemiseLue{Frais: n.dit("ChargeIndicator", "Indicator") == "true", Montant: r.montant(n, "ActualAmount"),
			Categorie: n.dit("CategoryTradeTax", "CategoryCode"), Taux: r.taux(n.un("CategoryTradeTax", "RateApplicablePercent")), Raison: coupe(n.dit("Reason"), 200)})
	}
	for _, n := range reglement.tous("ApplicableTradeTax") {
		raison := n.dit("ExemptionReason")
		if raison == "" {
			raison = n.dit("ExemptionReasonCode")
		}
		l.TVAs = append(l.TVAs, opco.TVALue{Categorie: n.dit("CategoryCode"), Taux: r.taux(n.enfant("RateApplicablePercent")), Base: r.montant(n, "BasisAmount"),
			Montant: r.montant(n, "CalculatedAmount"), Exoneration: coupe(raison, 200)})
	}
	t := reglement.enfant("SpecifiedTradeSettlementHeaderMonetarySummation")
	l.Totaux = opco.TotauxLus{LignesDites: t.enfant("LineTotalAmount") != nil, Lignes: r.montant(t, "LineTotalAmount"), Remises: r.montant(t, "AllowanceTotalAmount"),
		Frais: r.montant(t, "ChargeTotalAmount"), HT: r.montant(t, "TaxBasisTotalAmount"), TVA: r.tva(t, l.Devise), TTC: r.montant(t, "GrandTotalAmount"),
		Paye: r.montant(t, "TotalPrepaidAmount"), Arrondi: r.montant(t, "RoundingAmount"), Du: r.montant(t, "DuePayableAmount")}
	for _, champ := range []string{"TaxBasisTotalAmount", "GrandTotalAmount", "DuePayableAmount"} {
		if t.enfant(champ) == nil {
			r.refuser(CodeChamp, "Il manque un total dans les données de la facture (%s) : exportez-la de nouveau.", champ)
		}
	}
	if l.Profil != "BASIC WL" && len(l.Lignes) == 0 {
		r.refuser(CodeChamp, "Les données de la facture n’ont aucune ligne, ce que le profil %s exige : exportez-la de nouveau.", l.Profil)
	}
}

// tva is BT-110: the total in the currency of the invoice, when another one is told
// in that of the accounts.
func (r *lectureCII) tva(t *noeud, devise string) opco.Montant {
	for _, n := range t.tous("TaxTotalAmount") {
		if d := n.attr("currencyID"); d == "" || d == devise {
			return r.decimal(n)
		}
	}
	return 0
}

func (r *lectureCII) profil(racine *noeud) string {
	id := strings.ToLower(racine.dit("ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID"))
	lu := ""
	for _, p := range profils {
		// « urn:cen.eu:en16931:2017#compliant#…basic » names both: the narrower is first.
		if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(id, " ", ""), "-", ""), p.marque) {
			lu = p.nom
			break
		}
	}
	switch lu {
	case "":
		r.refuser(CodeProfil, "Le profil « %.80s » n’est pas un profil Factur-X que nous lisons : BASIC WL, BASIC, EN 16931 ou EXTENDED.", id)
	case "MINIMUM":
		r.refuser(CodeProfil, "Le profil MINIMUM ne porte pas assez de données pour une facture : exportez-la en BASIC, EN 16931 ou EXTENDED, ou envoyez un simple PDF.")
	}
	return lu
}

func (r *lectureCII) exigerEntete(l opco.FactureLue) {
	switch {
	case l.Numero == "":
		r.refuser(CodeChamp, "Les données de la facture ne disent pas son numéro : exportez-la de nouveau.")
	case l.Date == "":
		r.refuser(CodeChamp, "Les données de la facture ne disent pas sa date : exportez-la de nouveau.")
	case !slices.Contains(typesFacture, l.Type):
		r.refuser(CodeChamp, "Le type de document « %.20s » n’est ni une facture (380) ni un avoir (381).", l.Type)
	case l.Devise == "":
		r.refuser(CodeChamp, "Les données de la facture ne disent pas sa monnaie : exportez-la de nouveau.")
	}
}

func (r *lectureCII) partie(n *noeud) opco.PartieLue {
	p := opco.PartieLue{Nom: r.texte(n, 200, "Name"), Legal: coupe(n.dit("SpecifiedLegalOrganization", "ID"), 60), Note: coupe(n.dit("Description"), 1000)}
	if n == nil {
		return p
	}
	for _, e := range n.enfants {
		if (e.nom == "ID" || e.nom == "GlobalID") && len(p.Ids) < 20 {
			p.Ids = append(p.Ids, coupe(e.texte, 60))
		}
	}
	for _, t := range n.tous("SpecifiedTaxRegistration") {
		if id := t.enfant("ID"); id != nil && id.attr("schemeID") == "VA" {
			p.TVA = coupe(id.texte, 60)
		}
	}
	return p
}

// ligne reads a line. The quantity is in hours when its unit says so (HUR).
func (r *lectureCII) ligne(n *noeud) opco.LigneLue {
	doc, produit, reglement := n.enfant("AssociatedDocumentLineDocument"), n.enfant("SpecifiedTradeProduct"), n.enfant("SpecifiedLineTradeSettlement")
	textes := []string{produit.dit("Name"), produit.dit("Description")}
	for _, x := range doc.tous("IncludedNote") {
		textes = append(textes, x.dit("Content"))
	}
	l := opco.LigneLue{Numero: coupe(doc.dit("LineID"), 60), Texte: coupe(strings.Join(strings.Fields(strings.Join(textes, " ")), " "), 500),
		Montant:   r.montant(reglement, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount"),
		Categorie: reglement.dit("ApplicableTradeTax", "CategoryCode"), Taux: r.taux(reglement.un("ApplicableTradeTax", "RateApplicablePercent"))}
	if q := n.un("SpecifiedLineTradeDelivery", "BilledQuantity"); q != nil && q.attr("unitCode") == "HUR" {
		l.Heures = r.minutes(q)
	}
	if reglement.un("SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount") == nil {
		r.refuser(CodeChamp, "La ligne %.20s de la facture ne dit pas son montant : exportez-la de nouveau.", l.Numero)
	}
	return l
}

// montant reads an amount, 0 when there is none.
func (r *lectureCII) montant(n *noeud, chemin ...string) opco.Montant {
	return r.decimal(n.un(chemin...))
}

// decimal reads an amount in cents: two decimals and no more (BR-DEC).
func (r *lectureCII) decimal(n *noeud) opco.Montant {
	if n == nil {
		return 0
	}
	q, decimales, ok := nombre(n.texte)
	if !ok {
		r.refuser(CodeChamp, "« %.30s » n’est pas un montant (%s) : exportez la facture de nouveau.", n.texte, n.nom)
		return 0
	}
	if decimales > 2 {
		r.refuser(CodeChamp, "Le montant %.30s (%s) a plus de deux décimales : la norme EN 16931 n’en permet que deux (BR-DEC).", n.texte, n.nom)
		return 0
	}
	cents := q.Mul(q, big.NewRat(100, 1)).Num()
	if !cents.IsInt64() || new(big.Int).Abs(cents).Cmp(big.NewInt(int64(opco.MontantMax))) > 0 {
		r.refuser(CodeChamp, "Le montant %.30s (%s) dépasse 999 999 999,99 €.", n.texte, n.nom)
		return 0
	}
	return opco.Montant(cents.Int64())
}

// taux reads a rate in hundredths of a percent, 0 when there is none.
func (r *lectureCII) taux(n *noeud) int {
	if n == nil || n.texte == "" {
		return 0
	}
	q, _, ok := nombre(n.texte)
	if ok {
		q.Mul(q, big.NewRat(100, 1))
	}
	if !ok || !q.IsInt() || q.Sign() < 0 || q.Cmp(big.NewRat(10_000, 1)) > 0 {
		r.refuser(CodeChamp, "« %.30s » n’est pas un taux de TVA que nous lisons : deux décimales au plus, de 0 à 100.", n.texte)
		return 0
	}
	return int(q.Num().Int64())
}

// minutes reads hours, 0 when they are not a whole number of minutes.
func (r *lectureCII) minutes(n *noeud) opco.Minutes {
	q, _, ok := nombre(n.texte)
	if !ok {
		r.refuser(CodeChamp, "« %.30s » n’est pas une quantité : exportez la facture de nouveau.", n.texte)
		return 0
	}
	q.Mul(q, big.NewRat(60, 1))
	if !q.IsInt() || q.Sign() < 0 || q.Cmp(big.NewRat(int64(opco.MinutesMax), 1)) > 0 {
		return 0
	}
	return opco.Minutes(q.Num().Int64())
}

// nombre reads a decimal of XML Schema: a sign, digits, a point. No exponent.
func nombre(s string) (q *big.Rat, decimales int, ok bool) {
	s = strings.TrimPrefix(s, "+")
	corps := strings.TrimPrefix(s, "-")
	entier, fin, _ := strings.Cut(corps, ".")
	if entier+fin == "" || len(corps) > 40 || strings.Trim(entier+fin, "0123456789") != "" {
		return nil, 0, false
	}
	q, ok = new(big.Rat).SetString(strings.TrimSuffix(s, "."))
	return q, len(fin), ok
}

// date reads a day: format 102 is AAAAMMJJ, and nothing else is used.
func (r *lectureCII) date(n *noeud) opco.Date {
	if n == nil || n.texte == "" {
		return ""
	}
	if f := n.attr("format"); f != "" && f != "102" || len(n.texte) != 8 {
		r.refuser(CodeChamp, "La date « %.20s » n’est pas écrite comme la norme le veut (AAAAMMJJ).", n.texte)
		return ""
	}
	d, err := opco.ParseDate(n.texte[:4] + "-" + n.texte[4:6] + "-" + n.texte[6:])
	if err != nil {
		r.refuser(CodeChamp, "La date « %.20s » n’existe pas.", n.texte)
	}
	return d
}

// texte reads a line of text, held to max characters.
func (r *lectureCII) texte(n *noeud, max int, chemin ...string) string {
	t := strings.Join(strings.Fields(n.dit(chemin...)), " ")
	if len([]rune(t)) > max {
		r.refuser(CodeChamp, "« %.40s… » est trop long : %d caractères au plus.", t, max)
		return ""
	}
	return t
}

// coupe shortens a text that decides nothing.
func coupe(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}

func (r *lectureCII) refuser(code, format string, args ...any) {
	if r.faute == nil {
		r.faute = refus(code, format, args...)
	}
}
