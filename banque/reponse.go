package banque

import (
	"encoding/xml"
	"time"

	"guichet/opco"
)

// codeXML is a choice between codes of which only the ISO one is written.
type codeXML struct {
	Code string `xml:"Cd"`
}

// raisonXML is a status reason.
type raisonXML struct {
	Raison    codeXML `xml:"Rsn"`
	Precision string  `xml:"AddtlInf,omitempty"`
}

// The elements of a pain.002.001.10, in the order of the schema.
type (
	compteRenduXML struct {
		XMLName xml.Name   `xml:"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10 Document"`
		MsgID   string     `xml:"CstmrPmtStsRpt>GrpHdr>MsgId"`
		CreeLe  string     `xml:"CstmrPmtStsRpt>GrpHdr>CreDtTm"`
		Fichier fichierXML `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts"`
		Bloc    *blocXML   `xml:"CstmrPmtStsRpt>OrgnlPmtInfAndSts"`
	}
	fichierXML struct {
		MsgID   string     `xml:"OrgnlMsgId"`
		Message string     `xml:"OrgnlMsgNmId"`
		Nombre  string     `xml:"OrgnlNbOfTxs,omitempty"`
		Somme   *decimal   `xml:"OrgnlCtrlSum"`
		Statut  Statut     `xml:"GrpSts"`
		Raison  *raisonXML `xml:"StsRsnInf"`
	}
	blocXML struct {
		Lot     string      `xml:"OrgnlPmtInfId"`
		Statuts []statutXML `xml:"TxInfAndSts"`
	}
	statutXML struct {
		EndToEndID string     `xml:"OrgnlEndToEndId"`
		Statut     Statut     `xml:"TxSts"`
		Raison     *raisonXML `xml:"StsRsnInf"`
		Montant    montantXML `xml:"OrgnlTxRef>Amt>InstdAmt"`
	}
)

// compteRendu writes the pain.002 that answers o.
func (s Simulateur) compteRendu(o ordre, pain001 []byte, quand time.Time) ([]byte, error) {
	doc := compteRenduXML{
		MsgID: empreinteID("S", pain001, quand), CreeLe: horodatage(quand),
		Fichier: fichierXML{MsgID: o.msgID, Message: "pain.001.001.09", Nombre: o.nombre, Statut: StatutRejete, Raison: raison(o.rejet)},
	}
	if o.nombre != "" {
		somme := decimal(o.somme)
		doc.Fichier.Somme = &somme
	}
	if o.rejet != "" {
		return ecrire(doc)
	}
	doc.Bloc = &blocXML{Lot: o.lot}
	rejetes := 0
	for i := range o.virements {
		v := o.virements[i]
		if s.Desordre {
			v = o.virements[len(o.virements)-1-i]
		}
		st := statutXML{EndToEndID: v.EndToEndID, Statut: StatutAccepte, Montant: euros(v.Montant)}
		if code := s.rejet(v); code != "" {
			st.Statut, st.Raison = StatutRejete, raison(code)
			rejetes++
		}
		doc.Bloc.Statuts = append(doc.Bloc.Statuts, st)
	}
	switch {
	case rejetes == 0:
		doc.Fichier.Statut = StatutAccepte
	case rejetes < len(o.virements):
		doc.Fichier.Statut = StatutPartiel
	}
	return ecrire(doc)
}

// raison writes a reason, nil for none. A code outside the catalogue travels too.
func raison(code string) *raisonXML {
	if code == "" {
		return nil
	}
	return &raisonXML{Raison: codeXML{code}}
}

// The elements of a camt.054.001.08, in the order of the schema.
type (
	notificationXML struct {
		XMLName   xml.Name      `xml:"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08 Document"`
		MsgID     string        `xml:"BkToCstmrDbtCdtNtfctn>GrpHdr>MsgId"`
		CreeLe    string        `xml:"BkToCstmrDbtCdtNtfctn>GrpHdr>CreDtTm"`
		ID        string        `xml:"BkToCstmrDbtCdtNtfctn>Ntfctn>Id"`
		Du        string        `xml:"BkToCstmrDbtCdtNtfctn>Ntfctn>CreDtTm"`
		Compte    string        `xml:"BkToCstmrDbtCdtNtfctn>Ntfctn>Acct>Id>IBAN"`
		Ecritures []ecritureXML `xml:"BkToCstmrDbtCdtNtfctn>Ntfctn>Ntry"`
	}
	ecritureXML struct {
		Montant   montantXML   `xml:"Amt"`
		Sens      string       `xml:"CdtDbtInd"`
		Statut    codeXML      `xml:"Sts"`
		Date      opco.Date    `xml:"BookgDt>Dt"`
		Valeur    opco.Date    `xml:"ValDt>Dt"`
		Ref       string       `xml:"AcctSvcrRef"`
		Operation operationXML `xml:"BkTxCd"`
		Detail    detailXML    `xml:"NtryDtls>TxDtls"`
	}
	operationXML struct {
		Domaine     string `xml:"Domn>Cd"`
		Famille     string `xml:"Domn>Fmly>Cd"`
		SousFamille string `xml:"Domn>Fmly>SubFmlyCd"`
	}
	detailXML struct {
		Ref        string     `xml:"Refs>AcctSvcrRef"`
		Lot        string     `xml:"Refs>PmtInfId"`
		EndToEndID string     `xml:"Refs>EndToEndId"`
		Montant    montantXML `xml:"Amt"`
		Sens       string     `xml:"CdtDbtInd"`
		Nom        string     `xml:"RltdPties>Cdtr>Pty>Nm"`
		IBAN       string     `xml:"RltdPties>CdtrAcct>Id>IBAN"`
		Remise     string     `xml:"RmtInf>Ustrd,omitempty"`
		Retour     *raisonXML `xml:"RtrInf"`
	}
)

// debit is the entry of an executed transfer. The bank's reference derives from
// the transfer: told again, it is the same entry.
func debit(v Virement, o ordre, jour opco.Date) ecritureXML {
	ref := "D" + cle(o.msgID, v.EndToEndID)[:20]
	return ecritureXML{
		Montant: euros(v.Montant), Sens: "DBIT", Statut: codeXML{"BOOK"}, Date: jour, Valeur: jour, Ref: ref,
		Operation: operationXML{"PMNT", "ICDT", "ESCT"},
		Detail: detailXML{
			Ref: ref, Lot: o.lot, EndToEndID: v.EndToEndID, Montant: euros(v.Montant), Sens: "DBIT",
			Nom: v.Beneficiaire.Nom, IBAN: v.Beneficiaire.IBAN, Remise: v.Remise,
		},
	}
}

// retour is the entry of a transfer that came back for the reason code.
func retour(v Virement, o ordre, jour opco.Date, code string) ecritureXML {
	e := debit(v, o, jour)
	e.Sens, e.Detail.Sens = "CRDT", "CRDT"
	e.Ref = "R" + e.Ref[1:]
	e.Detail.Ref = e.Ref
	e.Operation.SousFamille = "RRTN"
	e.Detail.Retour = raison(code)
	return e
}

// notification writes the camt.054 of ecritures, nil for none.
func (s Simulateur) notification(o ordre, ecritures []ecritureXML, id string, quand time.Time) ([]byte, error) {
	if len(ecritures) == 0 {
		return nil, nil
	}
	if s.Doublons {
		ecritures = append(ecritures, ecritures...)
	}
	return ecrire(notificationXML{
		MsgID: id, CreeLe: horodatage(quand), ID: id, Du: horodatage(quand),
		Compte: o.donneur.IBAN, Ecritures: ecritures,
	})
}
