package courrier

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
)

// HTML writes the letter as a page that stands alone: the accessible version,
// offered beside the PDF. It reads without script and prints on A4.
func (l Lettre) HTML() ([]byte, error) {
	var b bytes.Buffer
	if err := pageLettre.ExecuteTemplate(&b, "lettre", l); err != nil {
		return nil, fmt.Errorf("writing the page « %s »: %w", l.Objet, err)
	}
	return b.Bytes(), nil
}

// Style is the style sheet of the page.
func (Lettre) Style() template.CSS { return template.CSS(styleLettre) }

// Numero is the first reference: the dossier, or the virement.
func (l Lettre) Numero() string { return l.numero() }

// SourceStyle returns the Content-Security-Policy source that admits the style
// sheet of a letter, « 'sha256-…' », for the route that serves one.
func SourceStyle() string {
	h := sha256.Sum256([]byte(styleLettre))
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}
