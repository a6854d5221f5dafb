package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

// compressionMin is the size from which a page is worth compressing, in bytes.
const compressionMin = 1400

// pagesEntieres are the beginnings of the addresses whose pages show or carry a secret
// (password, code, key of a second factor): they are never compressed, so that their
// length says nothing of it (BREACH). Of one's own account, only what answers a form shows one: a
// new key, recovery codes. Other pages hold none: no form has a token, and
// the cookie of the session is not sent with what another site makes a browser ask for
// (SameSite). They are compressed, with a filling of random length.
var pagesEntieres = []string{"/connexion", "/inscription", "/activation", "/mot-de-passe-oublie", "/reinitialisation", "/premiere-connexion"}

var compresseurs = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed+2); return z }}

// accepteGzip reports whether who asks reads gzip.
func accepteGzip(c *gin.Context) bool {
	for _, x := range strings.Split(c.GetHeader("Accept-Encoding"), ",") {
		nom, q, _ := strings.Cut(strings.TrimSpace(x), ";")
		if nom == "gzip" {
			q = strings.TrimSpace(q)
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}

// envoyerPage writes a whole page, compressed when it may be.
func envoyerPage(c *gin.Context, statut int, page []byte) {
	const html = "text/html; charset=utf-8"
	if len(page) < compressionMin || !accepteGzip(c) || entiere(c.Request) {
		c.Data(statut, html, page)
		return
	}
	var b bytes.Buffer
	z, _ := compresseurs.Get().(*gzip.Writer)
	defer compresseurs.Put(z)
	z.Reset(&b)
	z.Comment = remplissage()
	if _, err := z.Write(page); err != nil || z.Close() != nil {
		c.Data(statut, html, page)
		return
	}
	c.Header("Content-Encoding", "gzip")
	c.Data(statut, html, b.Bytes())
}

// entiere reports whether the answer to a request is never compressed.
func entiere(r *http.Request) bool {
	montre := func(p string) bool { return strings.HasPrefix(r.URL.Path, p) }
	return r.Method != http.MethodGet && montre("/compte/") || slices.ContainsFunc(pagesEntieres, montre)
}

// remplissage is a text of random length, so that two answers of the same page differ
// in size.
func remplissage() string {
	t := rand.Text() + rand.Text()
	return t[:1+int(t[0])%len(t)]
}

// serre compresses a file once and for all; nil when it gains nothing.
func serre(contenu []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(contenu); err != nil || z.Close() != nil || b.Len() > len(contenu)*9/10 {
		return nil
	}
	return b.Bytes()
}

// envoyerStatique writes an embedded file, or says that the reader has it already.
func envoyerStatique(c *gin.Context, f fichierStatique) {
	c.Header("ETag", f.etiquette)
	c.Header("Vary", "Accept-Encoding")
	if c.GetHeader("If-None-Match") == f.etiquette {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	contenu := f.contenu
	if f.serre != nil && accepteGzip(c) {
		c.Header("Content-Encoding", "gzip")
		contenu = f.serre
	}
	c.Data(http.StatusOK, f.nature, contenu)
}
