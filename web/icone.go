package web

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

//go:embed icones/*.svg icones/LICENCE.txt
var fichiersIcones embed.FS

// icones holds the drawing of each icon of Lucide that the pages use, ready to be
// inlined: it takes the colour of the text and is hidden from screen readers.
var icones = lireIcones()

var (
	enveloppeSVG = regexp.MustCompile(`(?s)^.*?<svg[^>]*>(.*)</svg>\s*$`)
	blancsSVG    = regexp.MustCompile(`\s*\n\s*`)
)

func lireIcones() map[string]string {
	tous := map[string]string{}
	entrees, err := fs.ReadDir(fichiersIcones, "icones")
	if err != nil {
		panic("embedded icons: " + err.Error())
	}
	for _, e := range entrees {
		nom, svg := strings.CutSuffix(e.Name(), ".svg")
		if !svg {
			continue
		}
		contenu, err := fs.ReadFile(fichiersIcones, "icones/"+e.Name())
		if err != nil {
			panic("embedded icons: " + err.Error())
		}
		traits := enveloppeSVG.ReplaceAllString(string(contenu), "$1")
		traits = strings.ReplaceAll(blancsSVG.ReplaceAllString(traits, ""), " />", "/>")
		tous[nom] = `<svg class="ic" viewBox="0 0 24 24" aria-hidden="true">` + traits + `</svg>`
	}
	return tous
}

// Icone draws the icon of Lucide called nom. It says nothing to a screen reader:
// a word must stand beside it. An unknown name draws nothing; a test reads every
// name that the pages write.
func Icone(nom string) templ.Component { return templ.Raw(icones[nom]) }
