package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// enMemoire is how much of a form with a file is held in memory; the rest waits on
// the disk.
const enMemoire = 1 << 20

// formulaireFichier reads a form that may hold one file, the named fields only. The
// file is nil when none was chosen. It reports false when it cannot be read: the
// answer has then been given.
func (w *Web) formulaireFichier(c *gin.Context, noms ...string) (Formulaire, *multipart.FileHeader, bool) {
	err := c.Request.ParseMultipartForm(enMemoire)
	if errors.Is(err, http.ErrNotMultipart) { // a script that sends no file
		f, ok := w.formulaire(c, append(noms, "acte_id")...)
		return f, nil, ok
	}
	if err != nil {
		w.echouer(c, api.EnvoiCoupe(err, opco.PieceTropGrosse()))
		return Formulaire{}, nil, false
	}
	m := c.Request.MultipartForm
	v := url.Values(m.Value)
	for _, xs := range v {
		for i := range xs {
			xs[i] = strings.ToValidUTF8(strings.ReplaceAll(xs[i], "\x00", ""), "")
		}
	}
	if !w.memeOccupant(c, v.Get(champOccupant)) {
		return Formulaire{}, nil, false
	}
	var fichier *multipart.FileHeader
	if fs := m.File["fichier"]; len(fs) > 0 && (fs[0].Filename != "" || fs[0].Size > 0) {
		fichier = fs[0]
	}
	return Formulaire{Valeurs: seulement(v, append(noms, "acte_id"))}, fichier, true
}

// envoyerFormulaire writes fields and a file, when there is one, as the API reads
// them, while it reads them.
func envoyerFormulaire(champs map[string]string, fichier *multipart.FileHeader, envoyer func(corps *multipart.Reader) error) error {
	lit, ecrit := io.Pipe()
	m, fini := multipart.NewWriter(ecrit), make(chan struct{})
	go func() {
		defer close(fini)
		ecrit.CloseWithError(ecrireFormulaire(m, champs, fichier))
	}()
	err := envoyer(multipart.NewReader(lit, m.Boundary()))
	lit.CloseWithError(io.ErrClosedPipe)
	<-fini
	return err
}

func ecrireFormulaire(m *multipart.Writer, champs map[string]string, fichier *multipart.FileHeader) error {
	for nom, v := range champs {
		if v == "" {
			continue
		}
		if err := m.WriteField(nom, v); err != nil {
			return fmt.Errorf("writing a field: %w", err)
		}
	}
	if fichier != nil {
		f, err := fichier.Open()
		if err != nil {
			return fmt.Errorf("opening a file received: %w", err)
		}
		defer f.Close()
		p, err := m.CreateFormFile("fichier", strings.ToValidUTF8(fichier.Filename, ""))
		if err != nil {
			return fmt.Errorf("writing a file: %w", err)
		}
		if _, err := io.Copy(p, f); err != nil {
			return fmt.Errorf("writing a file: %w", err)
		}
	}
	return m.Close()
}
