package banque

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"guichet/opco"
)

const nsPain001 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

// sansBIC is what the EPC guidelines put in place of an unknown debtor bank.
const sansBIC = "NOTPROVIDED"

// instant is the one way this package writes a date and time: UTC, whole seconds.
const instant = "2006-01-02T15:04:05Z"

// decimal is an amount as ISO 20022 writes it: a point and two digits.
type decimal opco.Montant

// MarshalText writes the amount without going through a float.
func (d decimal) MarshalText() ([]byte, error) { return []byte(opco.Montant(d).Decimal()), nil }

// montantXML is an amount with its currency, always the euro.
type montantXML struct {
	Ccy    string  `xml:"Ccy,attr"`
	Valeur decimal `xml:",chardata"`
}

func euros(m opco.Montant) montantXML { return montantXML{"EUR", decimal(m)} }

// agentXML names a bank, or says that its code is not given.
type agentXML struct {
	BIC   string      `xml:"BICFI,omitempty"`
	Autre *autreIDXML `xml:"Othr"`
}

type autreIDXML struct {
	ID string `xml:"Id"`
}

// The elements of a pain.001.001.09, in the order of the schema. The address of a payee
// is optional, and refused when it is not structured since 15 November 2026: it is
// written in its parts, or not at all.
type (
	documentXML struct {
		XMLName xml.Name    `xml:"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09 Document"`
		EnTete  enTeteXML   `xml:"CstmrCdtTrfInitn>GrpHdr"`
		Lot     paiementXML `xml:"CstmrCdtTrfInitn>PmtInf"`
	}
	enTeteXML struct {
		MsgID    string  `xml:"MsgId"`
		CreeLe   string  `xml:"CreDtTm"`
		Nombre   int     `xml:"NbOfTxs"`
		Somme    decimal `xml:"CtrlSum"`
		Emetteur string  `xml:"InitgPty>Nm"`
	}
	paiementXML struct {
		ID        string    `xml:"PmtInfId"`
		Methode   string    `xml:"PmtMtd"`
		Groupe    bool      `xml:"BtchBookg"`
		Nombre    int       `xml:"NbOfTxs"`
		Somme     decimal   `xml:"CtrlSum"`
		Service   string    `xml:"PmtTpInf>SvcLvl>Cd"`
		Execution opco.Date `xml:"ReqdExctnDt>Dt"`
		Nom       string    `xml:"Dbtr>Nm"`
		IBAN      string    `xml:"DbtrAcct>Id>IBAN"`
		Banque    agentXML  `xml:"DbtrAgt>FinInstnId"`
		Frais     string    `xml:"ChrgBr"` // then the transfers, one by one
	}
	adresseXML struct {
		Voie       string `xml:"StrtNm"`
		Numero     string `xml:"BldgNb,omitempty"`
		CodePostal string `xml:"PstCd"`
		Ville      string `xml:"TwnNm"`
		Pays       string `xml:"Ctry"`
	}
	virementXML struct {
		XMLName    xml.Name    `xml:"CdtTrfTxInf"`
		EndToEndID string      `xml:"PmtId>EndToEndId"`
		Montant    montantXML  `xml:"Amt>InstdAmt"`
		BIC        *string     `xml:"CdtrAgt>FinInstnId>BICFI"`
		Nom        string      `xml:"Cdtr>Nm"`
		Adresse    *adresseXML `xml:"Cdtr>PstlAdr"`
		IBAN       string      `xml:"CdtrAcct>Id>IBAN"`
		Remise     string      `xml:"RmtInf>Ustrd"`
	}
)

// PAIN001 writes the transfer order of l as a pain.001.001.09 (SEPA credit
// transfer, charges shared). It is a pure function: the same lot gives the same
// bytes, hence the same Empreinte, whenever and however often it is called
// (reliability.md D7). A lot that must not reach the bank is refused with an
// opco.Invalid that names the line at fault.
func PAIN001(l Lot) ([]byte, error) {
	var b bytes.Buffer
	if err := RedigerPAIN001(&b, l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// finDuLot is where the transfers of a payment file go.
const finDuLot = "\n    </PmtInf>"

// RedigerPAIN001 is PAIN001, written one transfer at a time.
func RedigerPAIN001(w io.Writer, l Lot) error {
	if err := l.controle(); err != nil {
		return err
	}
	somme, emetteur := decimal(ControleSomme(l)), opco.SepaNom(l.Donneur.Nom)
	cadre, err := ecrire(documentXML{
		EnTete: enTeteXML{l.MsgID, l.CreeLe.UTC().Format(instant), len(l.Virements), somme, emetteur},
		Lot: paiementXML{
			ID: l.ID, Methode: "TRF",
			// One line a règlement on the statement: each is reconciled alone.
			Groupe: false,
			Nombre: len(l.Virements), Somme: somme, Service: "SEPA", Execution: l.Execution,
			Nom: emetteur, IBAN: l.Donneur.IBAN, Banque: agent(l.Donneur.BIC), Frais: "SLEV",
		},
	})
	if err != nil {
		return err
	}
	tete, pied, ok := bytes.Cut(cadre, []byte(finDuLot))
	if !ok {
		return fmt.Errorf("the payment file of %s has no place for its transfers", l.ID)
	}
	if _, err := w.Write(tete); err != nil {
		return err
	}
	for _, v := range l.Virements {
		b, err := xml.MarshalIndent(v.xml(), "      ", "  ")
		if err != nil {
			return fmt.Errorf("writing transfer %s: %w", v.EndToEndID, err)
		}
		if _, err := w.Write(append([]byte("\n"), b...)); err != nil {
			return err
		}
	}
	_, err = w.Write(append([]byte(finDuLot), pied...))
	return err
}

func (v Virement) xml() virementXML {
	x := virementXML{
		EndToEndID: v.EndToEndID, Montant: euros(v.Montant), Nom: opco.SepaNom(v.Beneficiaire.Nom),
		IBAN: v.Beneficiaire.IBAN, Remise: v.Remise,
	}
	if v.Beneficiaire.BIC != "" {
		x.BIC = &v.Beneficiaire.BIC
	}
	if a := v.Beneficiaire.Adresse; a != nil {
		x.Adresse = &adresseXML{Voie: a.Voie, Numero: a.Numero, CodePostal: a.CodePostal, Ville: a.Ville, Pays: a.Pays}
	}
	return x
}

func agent(bic string) agentXML {
	if bic == "" {
		return agentXML{Autre: &autreIDXML{sansBIC}}
	}
	return agentXML{BIC: bic}
}

// Empreinte returns the SHA-256 of b in hexadecimal: what is shown to the person
// who validates a lot and compared with the file that left.
func Empreinte(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// ecrire renders an ISO 20022 document, indented, with its XML declaration.
func ecrire(doc any) ([]byte, error) {
	b, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing %T: %w", doc, err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

// horodatage writes t as ISO 20022 wants it.
func horodatage(t time.Time) string { return t.UTC().Format(instant) }
