package api

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // headers only
	_ "image/png"  // headers only
	"io"
	"strings"

	pdf "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/encoding/charmap"

	"guichet/opco"
	"guichet/store"
)

const (
	pagesMax  = 500
	pixelsMax = 40_000_000
)

// Examiner reads a whole file of a MIME type and says, with an Invalid error in
// French, why it cannot be kept. It parses what strangers send: it must only run
// in a limited process of its own (command examiner-fichier).
func Examiner(r io.Reader, format string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = illisible
		}
	}()
	octets, err := io.ReadAll(io.LimitReader(r, store.FichierMax+1))
	if err != nil {
		return fmt.Errorf("reading the file to examine: %w", err)
	}
	switch format {
	case "application/pdf":
		return examinerPDF(octets)
	case "image/png", "image/jpeg":
		return examinerImage(octets)
	case "application/xml":
		return examinerXML(octets)
	}
	return opco.Champf("fichier", "Ce type de fichier n’est pas accepté : convertissez-le en PDF.")
}

var illisible = opco.Champf("fichier", "Ce fichier est abîmé ou incomplet : nous ne pouvons pas l’ouvrir. Enregistrez-le de nouveau, puis renvoyez-le.").
	AvecCode("FICHIER_ILLISIBLE")

// examinerPDF refuses what does not open, what is locked, what acts by itself and
// what hides other files, the XML of a Factur-X excepted.
func examinerPDF(octets []byte) error {
	fin := octets[max(0, len(octets)-1024):]
	if !bytes.Contains(fin, []byte("%%EOF")) || !bytes.Contains(fin, []byte("startxref")) {
		return illisible // cut on its way: the library would repair it, and keep what is missing from view
	}
	if bytes.Contains(octets, []byte("/Encrypt")) {
		return opco.Champf("fichier", "Ce PDF est protégé par un mot de passe : enregistrez-le sans protection, puis renvoyez-le.").AvecCode("FICHIER_PROTEGE")
	}
	pdf.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	ctx, err := pdf.ReadAndValidate(bytes.NewReader(octets), conf)
	if err != nil {
		return illisible
	}
	if ctx.PageCount > pagesMax {
		return opco.Champf("fichier", "Ce PDF a %d pages : %d au plus. Envoyez seulement ce qui concerne le dossier.", ctx.PageCount, pagesMax)
	}
	for _, e := range ctx.Table {
		if e == nil || e.Free {
			continue
		}
		if agit(e.Object, 0) {
			return opco.Champf("fichier", "Ce PDF contient un programme ou une action automatique : imprimez-le en PDF, puis renvoyez-le.").AvecCode("FICHIER_ACTIF")
		}
	}
	pieces, err := ctx.ListAttachments()
	if err != nil {
		return illisible
	}
	for _, p := range pieces {
		if !strings.EqualFold(p.FileName, "factur-x.xml") {
			return opco.Champf("fichier", "Ce PDF cache un autre fichier : envoyez chaque fichier séparément.").AvecCode("FICHIER_ACTIF")
		}
	}
	return nil
}

// actions are the types of action that make a reader do something besides moving
// in the document or following a link.
var actions = map[string]bool{"JavaScript": true, "Launch": true, "SubmitForm": true, "ImportData": true, "Rendition": true, "RichMediaExecute": true,
	"GoToR": true, "GoToE": true, "Thread": true} // the last three open another file, on another machine if it says so

// agit reports whether an object of a PDF holds such an action. Each numbered object
// is looked at by itself, so what an object only points to is seen in its turn.
func agit(o types.Object, profondeur int) bool {
	if profondeur > 40 {
		return true
	}
	switch o := o.(type) {
	case types.StreamDict:
		return agit(o.Dict, profondeur)
	case types.ObjectStreamDict:
		return agit(o.Dict, profondeur)
	case types.Array:
		for _, x := range o {
			if agit(x, profondeur+1) {
				return true
			}
		}
	case types.Dict:
		for cle, v := range o {
			n, nom := v.(types.Name)
			if cle == "JS" || cle == "JavaScript" || cle == "RichMediaContent" || cle == "S" && nom && actions[string(n)] || agit(v, profondeur+1) {
				return true
			}
		}
	}
	return false
}

// examinerImage reads the header only: a picture may be far larger once open.
func examinerImage(octets []byte) error {
	c, _, err := image.DecodeConfig(bytes.NewReader(octets))
	if err != nil {
		return illisible
	}
	if c.Width < 1 || c.Height < 1 || c.Width > pixelsMax/c.Height {
		return opco.Champf("fichier", "Cette image est trop grande : 40 millions de points au plus. Réduisez-la, puis renvoyez-la.")
	}
	return nil
}

// latin1 reads the one other alphabet than UTF-8 in which invoices still come.
func latin1(nom string, r io.Reader) (io.Reader, error) {
	if !strings.EqualFold(nom, "ISO-8859-1") {
		return nil, illisible
	}
	return charmap.ISO8859_1.NewDecoder().Reader(r), nil
}

// examinerXML refuses what is not well formed and any DOCTYPE, with which a file
// of a page can become a gigabyte or read another one.
func examinerXML(octets []byte) error {
	d := xml.NewDecoder(bytes.NewReader(octets))
	d.CharsetReader = latin1
	profondeur, elements := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && elements > 0 && profondeur == 0 {
			return nil
		}
		if err != nil {
			return illisible
		}
		switch t.(type) {
		case xml.Directive:
			return opco.Champf("fichier", "Ce XML porte une déclaration DOCTYPE : elle est refusée. Exportez-le sans elle.").AvecCode("FICHIER_ACTIF")
		case xml.StartElement:
			profondeur, elements = profondeur+1, elements+1
		case xml.EndElement:
			profondeur--
		}
		if profondeur > 100 {
			return illisible
		}
	}
}
