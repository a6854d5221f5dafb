package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"text/template"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/uuid"

	"guichet/opco"
)

// facturerElectronique deposits a Factur-X invoice: the file is read by the guichet,
// its checks are looked at, and the invoice that it gives is sent as it is. What the
// acte does not say is right; total_pdf is the total that the page shows when it is not
// that of the data.
func (w *world) facturerElectronique(ctx context.Context, a *Act, who *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	data, total, err := w.electronic(d, a.Avec)
	if err != nil {
		return request{}, err
	}
	if a.Avec.TotalPDF != nil {
		total = opco.Montant(*a.Avec.TotalPDF)
	}
	file, err := facturX(a.Avec.Numero, total, data)
	if err != nil {
		return request{}, err
	}
	rep, err := w.r.client.do(ctx, request{token: who.token, method: http.MethodPost, path: "/api/dossiers/" + d.id + "/factures/lecture",
		form: &form{fields: [][2]string{{"acte_id", uuid.NewString()}}, file: "facture.pdf", content: file}})
	if err != nil {
		return request{}, err
	}
	if rep.status != http.StatusOK {
		return request{}, rep.refusal("POST /factures/lecture")
	}
	var read struct {
		Facture   fields
		Controles []opco.Controle
	}
	if err := json.Unmarshal(rep.body, &read); err != nil {
		return request{}, fmt.Errorf("reading what the invoice says: %w", err)
	}
	if err := sameChecks(a.Avec.Controles, read.Controles); err != nil {
		return request{}, err
	}
	req := post(d, "factures", fields{"facture": read.Facture})
	d.factures[a.Avec.Numero] = req.body.(fields)["acte_id"].(string) //nolint:forcetypeassert // made one line above
	return req, nil
}

// sameChecks compares the checks of a file with those expected; one that is not named
// must not block. Of two checks on one field, the one that is not OK speaks.
func sameChecks(want map[string]string, got []opco.Controle) error {
	found := map[string]bool{}
	for _, c := range got {
		if c.Resultat == opco.ResultatOK && slices.ContainsFunc(got, func(x opco.Controle) bool { return x.Code == c.Code && x.Resultat != opco.ResultatOK }) {
			continue
		}
		found[c.Code] = true
		w, named := want[c.Code]
		if named && w != string(c.Resultat) || !named && c.Resultat == opco.ResultatBlock {
			return fmt.Errorf("le contrôle %s de la facture donne %s : %s", c.Code, c.Resultat, c.Phrase)
		}
	}
	for code := range want {
		if !found[code] {
			return fmt.Errorf("la facture n’a pas de contrôle %s", code)
		}
	}
	return nil
}

// electronicLine is a line of the data.
type electronicLine struct{ Texte, Heures, Montant string }

// electronic writes the data of an invoice, and returns its total.
func (w *world) electronic(d *dossier, x ActData) ([]byte, opco.Montant, error) {
	body := fields{}
	if err := w.parties(d, x, body); err != nil {
		return nil, 0, err
	}
	issuer := d.org
	if d.subrogation {
		issuer = d.of
	}
	detail, total := x.Detail, opco.Montant(0)
	if len(detail) == 0 {
		detail = []Invoiced{{Montant: x.Montant}}
	}
	var lines []electronicLine
	for _, l := range detail {
		e := electronicLine{Texte: strings.TrimSpace(d.demande.Intitule + " " + l.Stagiaire), Montant: opco.Montant(l.Montant).Decimal()}
		if l.Heures > 0 {
			e.Heures = fmt.Sprintf("%d.%02d", l.Heures/60, l.Heures%60*100/60)
		}
		lines, total = append(lines, e), total+opco.Montant(l.Montant)
	}
	reference := d.numero
	if x.RefDossier != nil {
		reference = *x.RefDossier
	}
	account := issuer.IBAN
	if i, ok := body["iban"].(opco.IBAN); ok {
		account = i
	}
	var b bytes.Buffer
	err := cii.Execute(&b, map[string]any{"Numero": x.Numero, "Date": strings.ReplaceAll(or(string(x.Date), string(w.today())), "-", ""), "Lignes": lines,
		"Vendeur": body["emetteur"], "Nom": issuer.Nom, "NDA": issuer.NDA, "Acheteur": body["destinataire"], "Reference": reference, "IBAN": account,
		"Total": total.Decimal(), "Remplace": x.Remplace})
	return b.Bytes(), total, err
}

// facturX puts the data in a page that people read.
func facturX(number string, total opco.Montant, data []byte) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAttachments([]fpdf.Attachment{{Content: data, Filename: "factur-x.xml"}})
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	text := pdf.UnicodeTranslatorFromDescriptor("")
	for _, line := range []string{"Facture " + number, "Exonération de TVA, article 261-4-4° a du CGI", "Total TTC " + total.String()} {
		pdf.Cell(0, 10, text(line))
		pdf.Ln(10)
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("drawing a test invoice: %w", err)
	}
	return b.Bytes(), nil
}

// checkStatuses looks at the life cycle told of an invoice, and at the message of each
// status.
func (w *world) checkStatuses(ctx context.Context, c *checker, who, id string, want []int) error {
	account, err := w.user(or(who, "gestionnaire"))
	if err != nil {
		return err
	}
	var got struct {
		Statuts []struct{ Rang, Code int }
	}
	path := "/api/factures/" + id
	if err := w.r.client.get(ctx, account.token, path+"/statuts", &got); err != nil {
		return err
	}
	var codes []int
	for _, s := range got.Statuts {
		codes = append(codes, s.Code)
		rep, err := w.r.client.do(ctx, request{token: account.token, method: http.MethodGet, path: fmt.Sprintf("%s/cdar?rang=%d", path, s.Rang)})
		if err != nil {
			return err
		}
		var m struct {
			Code int `xml:"AcknowledgementDocument>ReferenceReferencedDocument>ProcessConditionCode"`
		}
		if err := xml.Unmarshal(rep.body, &m); rep.status != http.StatusOK || err != nil || m.Code != s.Code {
			c.fail("statuts", fmt.Sprintf("le message du statut %d", s.Code), fmt.Sprintf("%d %.200s", rep.status, rep.body))
		}
	}
	if fmt.Sprint(codes) != fmt.Sprint(want) {
		c.fail("statuts", fmt.Sprint(want), fmt.Sprint(codes))
	}
	return nil
}

// cii is the data of an invoice exempt from TVA (EN 16931, CII).
var cii = template.Must(template.New("cii").Funcs(template.FuncMap{"x": func(v any) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, fmt.Append(nil, v)) // a builder takes everything
	return b.String()
}}).Parse(`<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{{x .Numero}}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">{{.Date}}</udt:DateTimeString></ram:IssueDateTime>
<ram:IncludedNote><ram:Content>Déclaration d’activité enregistrée sous le numéro {{x .NDA}}</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{{range $i, $l := .Lignes}}
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{{$i}}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>{{x $l.Texte}}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{{$l.Montant}}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery>{{if $l.Heures}}<ram:BilledQuantity unitCode="HUR">{{$l.Heures}}</ram:BilledQuantity>{{else}}<ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>{{end}}</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{{$l.Montant}}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>{{end}}
<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>{{x .Reference}}</ram:BuyerReference>
<ram:SellerTradeParty><ram:Name>{{x .Nom}}</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0009">{{.Vendeur}}</ram:ID></ram:SpecifiedLegalOrganization><ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>OPCO</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0009">{{.Acheteur}}</ram:ID></ram:SpecifiedLegalOrganization><ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:PaymentReference>{{x .Numero}}</ram:PaymentReference><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{{.IBAN}}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:ExemptionReason>Article 261-4-4° a du CGI</ram:ExemptionReason><ram:BasisAmount>{{.Total}}</ram:BasisAmount><ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradePaymentTerms><ram:Description>30 jours</ram:Description></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{{.Total}}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{{.Total}}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">0.00</ram:TaxTotalAmount><ram:GrandTotalAmount>{{.Total}}</ram:GrandTotalAmount><ram:DuePayableAmount>{{.Total}}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
{{if .Remplace}}<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{{x .Remplace}}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>
{{end}}</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
`))
