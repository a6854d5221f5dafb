package banque

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"guichet/opco"
)

// A file is refused at its first byte too many, and at its first byte that is not
// UTF-8, wherever the reader cuts it.
func TestControleOctets(t *testing.T) {
	const texte = "é€𝄞 fin"
	for _, tt := range []struct {
		name, contenu string
		lus           int
		code          string
	}{
		{"characters cut anywhere", texte, 0, ""},
		{"as long as it may be", texte, tailleMax - len(texte), ""},
		{"one byte too many", texte, tailleMax - len(texte) + 1, CodeFichierTropGros},
		{"a character without its end", texte + "\xc3", 0, CodeXMLEncodage},
		{"another encoding", "caf\xe9 noir", 0, CodeXMLEncodage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &controleOctets{r: iotest.OneByteReader(strings.NewReader(tt.contenu)), lus: tt.lus}
			_, err := io.ReadAll(c)
			var refus *opco.Error
			if errors.As(err, &refus); (refus != nil) != (tt.code != "") || refus != nil && refus.Code != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}
