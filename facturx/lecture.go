// Package facturx reads and writes the electronic papers of an invoice: Factur-X
// and bare CII invoices in (EN 16931, domain.md I5), and the messages of their life
// cycle out (CDAR, I6). It reads what strangers send, so it must run in a limited
// process of its own; it judges nothing, the rules are in opco.
package facturx

import (
	"bytes"

	"guichet/opco"
)

// Stable codes of the refusals of a file that cannot be read as an invoice.
const (
	CodeVide      = "FACTURE_VIDE"
	CodeTropGros  = "FACTURE_TROP_GROSSE"
	CodeInterdit  = "FACTURE_XML_INTERDIT"
	CodeEncodage  = "FACTURE_XML_ENCODAGE"
	CodeIllisible = "FACTURE_XML_ILLISIBLE"
	CodeSansXML   = opco.CodeFactureSansXML
	CodeFormat    = opco.CodeFactureFormat
	CodeProfil    = "FACTURE_PROFIL"
	CodeChamp     = "FACTURE_CHAMP"
)

// refus is an Invalid about the file.
func refus(code, format string, args ...any) *opco.Error {
	return opco.Champf("fichier", format, args...).AvecCode(code)
}

// Lire reads an invoice from the octets of a PDF that holds its XML, or of the bare
// XML, by its MIME type. What cannot be read is an Invalid that says why.
func Lire(octets []byte, format string) (opco.FactureLue, error) {
	switch format {
	case "application/xml":
		l, err := lireCII(octets)
		l.Page.Etat = opco.PageAbsente
		return l, err
	case "application/pdf":
		return lirePDF(octets)
	}
	return opco.FactureLue{}, refus(CodeFormat, "Une facture électronique est un PDF Factur-X ou un fichier XML : celui-ci n’est ni l’un ni l’autre.")
}

func lirePDF(octets []byte) (opco.FactureLue, error) {
	doc, err := ouvrirPDF(bytes.NewReader(octets))
	if err != nil {
		return opco.FactureLue{}, err
	}
	joint, err := doc.piece()
	if err != nil {
		return opco.FactureLue{}, err
	}
	l, err := lireCII(joint)
	if err != nil {
		return l, err
	}
	l.Page = comparer(doc.lignes(), l)
	return l, nil
}
