package opco

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"unicode/utf8"
)

// colonnesPar finds what parts the columns: of the three, the one that the first line
// holds most.
func colonnesPar(texte string) rune {
	premiere, _, _ := strings.Cut(texte, "\n")
	choisi, n := ';', 0
	for _, r := range []rune{';', ',', '\t'} {
		if k := strings.Count(premiere, string(r)); k > n {
			choisi, n = r, k
		}
	}
	return choisi
}

// windows1252 are the characters of codes 0x80 to 0x9F.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

// decoder returns a file as text: UTF-8, else Windows-1252.
func decoder(b []byte) (string, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")) || bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return "", Errorf(Invalid, "C’est un classeur Excel. Ouvrez-le et enregistrez-le au format « CSV UTF-8 », puis envoyez ce fichier.")
	case bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) || bytes.IndexByte(b, 0) >= 0:
		return "", Errorf(Invalid, "Ce fichier n’est pas un CSV lisible. Enregistrez-le au format « CSV UTF-8 » depuis votre tableur.")
	case utf8.Valid(b):
		return string(b), nil
	}
	var t strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xa0 {
			t.WriteRune(windows1252[c-0x80])
			continue
		}
		t.WriteRune(rune(c))
	}
	return t.String(), nil
}

// ModeleImport returns the file to fill in, with its example: UTF-8 with the mark that
// spreadsheets expect, semicolons.
func ModeleImport() []byte {
	var noms, exemples []string
	for _, c := range colonnesImport {
		noms, exemples = append(noms, c.Nom), append(exemples, c.Exemple)
	}
	return EcrireCSV([][]string{noms, exemples})
}

// EcrireCSV writes a file that a French spreadsheet opens as a table, and in which no
// cell is a formula.
func EcrireCSV(lignes [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, l := range lignes {
		sure := make([]string, len(l))
		for i, s := range l {
			sure[i] = SansFormule(s)
		}
		_ = w.Write(sure) // a buffer takes everything
	}
	w.Flush()
	return b.Bytes()
}

// SansFormule returns s so that no spreadsheet computes it: what would start a formula
// is preceded by an apostrophe.
func SansFormule(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// FautesCSV writes the report of an import as a file (EcrireCSV).
func FautesCSV(fautes []FauteImport) []byte {
	lignes := [][]string{{"ligne", "colonne", "a_corriger"}}
	for _, f := range fautes {
		n := strconv.Itoa(f.Ligne)
		if f.Ligne == 0 {
			n = ""
		}
		lignes = append(lignes, []string{n, f.Colonne, f.Phrase})
	}
	return EcrireCSV(lignes)
}
