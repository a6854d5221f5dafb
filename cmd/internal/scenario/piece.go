package scenario

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/uuid"
)

// firstPieces go with a brouillon unless the scenario says otherwise (AK-45).
var firstPieces = Texts{"PROGRAMME", "CONVENTION"}

// attachFirst uploads the pièces that a new brouillon comes with.
func (w *world) attachFirst(ctx context.Context, a *Act, who *account) error {
	list := firstPieces
	if a.Avec.Joint != nil {
		list = *a.Avec.Joint
	} else if a.Avec.Interne {
		list = firstPieces[:1]
	}
	d := w.dossiers[a.Dossier]
	for _, kind := range list {
		req, err := d.upload(kind)
		if err != nil {
			return err
		}
		req.token = who.token
		o, err := w.r.client.acte(ctx, req)
		if err != nil {
			return err
		}
		if o.status >= 300 {
			return fmt.Errorf("la pièce %s n’a pas été acceptée : %s %s", kind, o.code, o.phrase)
		}
	}
	return nil
}

// upload makes the request that deposits a new file of a kind.
func (d *dossier) upload(kind string) (request, error) {
	id := uuid.NewString()
	content, err := document(kind, d.demande.Intitule, id)
	if err != nil {
		return request{}, err
	}
	d.pieces = append(d.pieces, sentPiece{id: id, kind: kind})
	return request{method: http.MethodPost, path: "/api/dossiers/" + d.id + "/pieces", form: &form{
		fields: [][2]string{{"acte_id", id}, {"type", kind}, {"titre", strings.ToLower(strings.ReplaceAll(kind, "_", " "))}},
		file:   strings.ToLower(kind) + ".pdf", content: content}}, nil
}

// lastPieces returns the ids of the n last uploads.
func (d *dossier) lastPieces(n int) []string {
	ids := []string{}
	for _, p := range d.pieces[max(0, len(d.pieces)-n):] {
		ids = append(ids, p.id)
	}
	return ids
}

// document draws a one-page PDF. Its id is written on it: no two files are the
// same, as no two people scan the same paper.
func document(kind, about, id string) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	text := pdf.UnicodeTranslatorFromDescriptor("")
	for _, line := range []string{kind, about, "Document d’essai " + id} {
		pdf.Cell(0, 10, text(line))
		pdf.Ln(10)
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("drawing a test document: %w", err)
	}
	return b.Bytes(), nil
}
