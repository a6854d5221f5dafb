package facturx

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"guichet/opco"
)

// Namespaces of the life-cycle message (UN/CEFACT CDAR D22B).
const (
	nsRSM = "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
	nsRAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
	nsUDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
	nsQDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
)

// Phases of a status: its transmission, or its treatment by the buyer.
const (
	phaseTransmission = "305"
	phaseTraitement   = "23"
)

// codesGeneraux give for each status the general code of the message (UNTDID 4405, as XP
// Z12-012 uses it): received, under investigation, accepted, under query, rejected,
// paid.
var codesGeneraux = map[int]string{200: "10", 204: "45", 205: "1", 206: "1", 207: "46", 208: "46", 209: "45", 210: "8", 211: "47", 213: "8"}

// phases of the statuses that are of the transmission; the others are of the buyer.
var transmission = map[int]bool{200: true, 213: true}

// message is the root. Elements are written in the order of the schema.
type message struct {
	XMLName  xml.Name `xml:"rsm:CrossDomainAcknowledgementAndResponse"`
	RSM      string   `xml:"xmlns:rsm,attr"`
	RAM      string   `xml:"xmlns:ram,attr"`
	UDT      string   `xml:"xmlns:udt,attr"`
	QDT      string   `xml:"xmlns:qdt,attr"`
	Contexte struct {
		Processus string `xml:"ram:BusinessProcessSpecifiedDocumentContextParameter>ram:ID"`
		Guide     string `xml:"ram:GuidelineSpecifiedDocumentContextParameter>ram:ID"`
	} `xml:"rsm:ExchangedDocumentContext"`
	Echange echange `xml:"rsm:ExchangedDocument"`
	Accuse  accuse  `xml:"rsm:AcknowledgementDocument"`
}

type echange struct {
	ID           string  `xml:"ram:ID"`
	Nom          string  `xml:"ram:Name"`
	Le           instant `xml:"ram:IssueDateTime>udt:DateTimeString"`
	Expediteur   partie  `xml:"ram:SenderTradeParty"`
	Emetteur     partie  `xml:"ram:IssuerTradeParty"`
	Destinataire partie  `xml:"ram:RecipientTradeParty"`
}

type accuse struct {
	Plusieurs string    `xml:"ram:MultipleReferencesIndicator>udt:Indicator"`
	Phase     string    `xml:"ram:TypeCode"`
	Le        instant   `xml:"ram:IssueDateTime>udt:DateTimeString"`
	Reference reference `xml:"ram:ReferenceReferencedDocument"`
}

type reference struct {
	Numero  string  `xml:"ram:IssuerAssignedID"`
	General string  `xml:"ram:StatusCode"`
	Type    string  `xml:"ram:TypeCode"`
	RecueLe instant `xml:"ram:ReceiptDateTime>udt:DateTimeString"`
	Date    instant `xml:"ram:FormattedIssueDateTime>qdt:DateTimeString"`
	Code    int     `xml:"ram:ProcessConditionCode"`
	Libelle string  `xml:"ram:ProcessCondition"`
	Vendeur partie  `xml:"ram:IssuerTradeParty"`
	Statut  *statut `xml:"ram:SpecifiedDocumentStatus"`
}

// statut says why, and how much.
type statut struct {
	Motif      string            `xml:"ram:ReasonCode,omitempty"`
	Phrase     string            `xml:"ram:Reason,omitempty"`
	Rang       int               `xml:"ram:SequenceNumeric"`
	Caracteres []caracteristique `xml:"ram:SpecifiedDocumentCharacteristic"`
}

type caracteristique struct {
	Type    string  `xml:"ram:TypeCode"`
	Montant montant `xml:"ram:ValueAmount"`
}

type montant struct {
	Devise string `xml:"currencyID,attr"`
	Valeur string `xml:",chardata"`
}

type instant struct {
	Format string `xml:"format,attr"`
	Valeur string `xml:",chardata"`
}

type identifiant struct {
	Registre string `xml:"schemeID,attr"`
	Valeur   string `xml:",chardata"`
}

type partie struct {
	ID   *identifiant `xml:"ram:GlobalID"`
	Nom  string       `xml:"ram:Name,omitempty"`
	Role string       `xml:"ram:RoleCode"`
}

// EcrireStatut writes the life-cycle message of one status of one invoice: its code,
// the reason when there is one, and the amounts approved, refused or paid.
func EcrireStatut(m opco.MessageStatut) ([]byte, error) {
	s := m.Statut
	general, ok := codesGeneraux[s.Code]
	if !ok || m.Facture.Numero == "" {
		return nil, fmt.Errorf("writing the message of status %d of invoice %q: not one that we send", s.Code, m.Facture.Numero)
	}
	x := message{RSM: nsRSM, RAM: nsRAM, UDT: nsUDT, QDT: nsQDT}
	x.Contexte.Processus, x.Contexte.Guide = "REGULATED", "urn.cpro.gouv.fr:1p0:CDV:invoice"
	vendeur := siren(m.Facture.Emetteur.SIREN(), "", "SE")
	opcoEmet := siren(m.SIRENOPCO, m.NomOPCO, "BY")
	x.Echange = echange{ID: fmt.Sprintf("%s_%d_%d", s.Facture, s.Code, s.Rang), Nom: fmt.Sprintf("CDV-%d_%s", s.Code, m.Facture.Numero), Le: seconde(s.Le),
		Expediteur: opcoEmet, Emetteur: opcoEmet, Destinataire: vendeur}
	x.Accuse = accuse{Plusieurs: "false", Phase: phaseTraitement, Le: seconde(s.Le), Reference: reference{Numero: m.Facture.Numero, General: general, Type: "380",
		RecueLe: instant{"204", chiffres(string(m.Facture.RecueLe)) + "000000"}, Date: instant{"102", chiffres(string(m.Facture.Date))}, Code: s.Code, Libelle: s.Libelle(),
		Vendeur: vendeur, Statut: statutDe(m)}}
	if transmission[s.Code] {
		x.Accuse.Phase = phaseTransmission
	}
	if m.Avoir {
		x.Accuse.Reference.Type = "381"
	}
	b, err := xml.MarshalIndent(x, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the message of status %d: %w", s.Code, err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

// statutDe returns the reason and the amounts, nil when there are none.
func statutDe(m opco.MessageStatut) *statut {
	s := m.Statut
	x := statut{Motif: s.CDAR(), Rang: 1}
	if x.Motif != "" {
		x.Phrase = s.Phrase
	}
	switch s.Code {
	case 205:
		x.dire("MAP", s.Approuve)
		x.dire("MAPTTC", m.TTC(s.Approuve))
	case 206:
		// Both with taxes together are the taxes of both: no cent is lost by rounding.
		ttc := m.TTC(s.Approuve)
		x.dire("MAP", s.Approuve)
		x.dire("MNA", s.NonApprouve)
		x.dire("MAPTTC", ttc)
		x.dire("MNATTC", m.TTC(s.Approuve+s.NonApprouve)-ttc)
	case 211:
		x.dire("MPA", s.Paye)
	}
	if x.Motif == "" && len(x.Caracteres) == 0 {
		return nil
	}
	return &x
}

func (x *statut) dire(genre string, m opco.Montant) {
	x.Caracteres = append(x.Caracteres, caracteristique{Type: genre, Montant: montant{Devise: "EUR", Valeur: m.Decimal()}})
}

// siren names a party by its SIREN (ISO 6523, 0002).
func siren(s opco.SIREN, nom, role string) partie {
	p := partie{Nom: nom, Role: role}
	if s != "" {
		p.ID = &identifiant{Registre: "0002", Valeur: string(s)}
	}
	return p
}

// seconde writes an instant in Paris, as format 204 wants it.
func seconde(t time.Time) instant { return instant{"204", t.In(opco.Paris).Format("20060102150405")} }

func chiffres(s string) string { return strings.ReplaceAll(s, "-", "") }
