package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed statique/*.css statique/*.woff2 statique/*.svg statique/*.js statique/*.txt
var fichiersStatiques embed.FS

// typesStatiques are the only kinds of file that are served.
var typesStatiques = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}

// fichierStatique is one embedded file as it is sent: whole, compressed, and the label
// by which a browser asks whether it changed.
type fichierStatique struct {
	contenu, serre    []byte
	nature, etiquette string
}

// statiques maps each name to its file; empreinteStatique changes when one of
// them does, so that an address is for ever the same content.
var statiques, empreinteStatique = lireStatiques()

// lireStatiques reads the embedded files. They are part of the binary: reading
// them cannot fail once the tests have passed.
func lireStatiques() (map[string]fichierStatique, string) {
	tous := map[string]fichierStatique{}
	somme := sha256.New()
	entrees, err := fs.ReadDir(fichiersStatiques, "statique")
	if err != nil {
		panic("embedded files: " + err.Error())
	}
	for _, e := range entrees {
		contenu, err := fs.ReadFile(fichiersStatiques, "statique/"+e.Name())
		if err != nil {
			panic("embedded files: " + err.Error())
		}
		une := sha256.Sum256(contenu)
		tous[e.Name()] = fichierStatique{contenu: contenu, serre: serre(contenu), nature: typesStatiques[strings.ToLower(path.Ext(e.Name()))],
			etiquette: `"` + hex.EncodeToString(une[:8]) + `"`}
		fmt.Fprintf(somme, "%s %d\n%s", e.Name(), len(contenu), contenu)
	}
	return tous, hex.EncodeToString(somme.Sum(nil))[:16]
}

// Statique returns the address of an embedded file.
func Statique(nom string) string { return "/statique/" + empreinteStatique + "/" + nom }

// getStatique answers GET /statique/:empreinte/:fichier. A page left open across
// a deployment asks with an old empreinte: it gets the present file, not to keep.
func (w *Web) getStatique(c *gin.Context) {
	nom := c.Param("fichier")
	f, ok := statiques[nom]
	if !ok {
		w.introuvable(c)
		return
	}
	c.Header("Cache-Control", "no-cache")
	if c.Param("empreinte") == empreinteStatique {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	envoyerStatique(c, f)
}
