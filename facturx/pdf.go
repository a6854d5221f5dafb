package facturx

import (
	"errors"
	"io"
	"strings"

	pdf "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// nomJoint is the name under which the data of an invoice travel in a PDF (Factur-X
// 1.0 and ZUGFeRD 2.1 on).
const nomJoint = "factur-x.xml"

// document is an open PDF.
type document struct{ ctx *model.Context }

func ouvrirPDF(r io.ReadSeeker) (*document, error) {
	pdf.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	ctx, err := pdf.ReadAndValidate(r, conf)
	if err != nil {
		return nil, refus(CodeIllisible, "Ce PDF est abîmé ou incomplet : nous ne pouvons pas l’ouvrir. Enregistrez-le de nouveau, puis renvoyez-le.")
	}
	return &document{ctx: ctx}, nil
}

// piece returns the XML that the PDF carries.
func (d *document) piece() ([]byte, error) {
	jointes, err := d.ctx.ListAttachments()
	if err != nil {
		return nil, refus(CodeIllisible, "Les fichiers joints de ce PDF ne se lisent pas : enregistrez-le de nouveau.")
	}
	for _, j := range jointes {
		if strings.EqualFold(j.FileName, nomJoint) {
			return d.extraire(j)
		}
	}
	return nil, refus(CodeSansXML, "Ce PDF ne porte pas de données de facture (factur-x.xml) : c’est un PDF ordinaire. Envoyez-le comme une facture ordinaire.")
}

func (d *document) extraire(j model.Attachment) ([]byte, error) {
	x, err := d.ctx.ExtractAttachment(j)
	if err != nil || x == nil || x.Reader == nil {
		return nil, refus(CodeIllisible, "Les données jointes à ce PDF ne se lisent pas : enregistrez-le de nouveau.")
	}
	b, err := io.ReadAll(io.LimitReader(x, tailleMax+1))
	if err != nil {
		return nil, errors.Join(refus(CodeIllisible, "Les données jointes à ce PDF ne se lisent pas : enregistrez-le de nouveau."), err)
	}
	return b, nil
}
