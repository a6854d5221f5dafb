package opco

import "strings"

// NommerActe names an acte in a sentence, of whichever kind of object: « l’envoi ».
func NommerActe(a TypeActe) string {
	for _, phrases := range []map[TypeActe]string{phrasesActe, phrasesActeCompte, phrasesLot, phrasesActeIndu} {
		if p, ok := phrases[a]; ok {
			return p
		}
	}
	return "l’acte « " + strings.ReplaceAll(string(a), "_", " ") + " »"
}
