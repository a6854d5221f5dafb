package opco

import "strings"

// motsPiece are the words of a file name that tell the kind of a pièce, the most
// telling first: a « facture acquittée » is not a « facture ».
var motsPiece = []struct {
	mots  []string
	type_ TypePiece
}{
	{[]string{"acquitt"}, PieceFactureOF},
	{[]string{"avoir"}, PieceAvoir},
	{[]string{"emargement", "presence"}, PieceEmargement},
	{[]string{"qualiopi"}, PieceQualiopi},
	{[]string{"realisation", "certificat"}, PieceCertificat},
	{[]string{"releve", "depense", "bulletin"}, PieceReleveDepenses},
	{[]string{"facture", "invoice"}, PieceFacture},
	{[]string{"programme"}, PieceProgramme},
	{[]string{"convention"}, PieceConvention},
	{[]string{"devis"}, PieceDevis},
	{[]string{"iban", "rib"}, PieceRIB},
}

// DevinerPiece tells the kind of a pièce by the name of its file, "" when the name
// does not say.
func DevinerPiece(nom string) TypePiece {
	cle := CleRecherche(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(nom))
	for _, x := range motsPiece {
		for _, m := range x.mots {
			if m == "rib" && !strings.Contains(" "+cle+" ", " rib ") {
				continue // « distribution » is no RIB
			}
			if strings.Contains(cle, m) {
				return x.type_
			}
		}
	}
	return ""
}
