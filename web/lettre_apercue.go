package web

import (
	"bytes"
	"html/template"

	"guichet/api"
	"guichet/opco"
)

// apercuHTML is the page of a preview: what the acte does, then each letter as the
// party would receive it. A letter is already a whole page: the first is shown as it
// is, the others follow as text.
func apercuHTML(a api.Apercu) []byte {
	for i, l := range a.Lettres {
		if l.HTML != nil && i == 0 {
			return l.HTML
		}
	}
	if len(a.Lettres) == 0 {
		return lettreVide("Aucun courrier ne part", a.Phrase)
	}
	var b bytes.Buffer
	// The data are plain strings: executing this template on them cannot fail.
	_ = pageMail.Execute(&b, a.Lettres)
	return b.Bytes()
}

// lettreVide is what stands in place of a letter that is not there.
func lettreVide(titre, phrase string) []byte {
	var b bytes.Buffer
	_ = pageSansLettre.Execute(&b, map[string]string{"Titre": titre, "Phrase": phrase}) // plain strings: cannot fail
	return b.Bytes()
}

const styleApercu = `<style>body{font:16px/1.5 system-ui,sans-serif;color:#1d2b30;background:#fff;margin:2rem;max-width:38rem}h1{font-size:1.1rem}h2{font-size:1rem}pre{white-space:pre-wrap;font:inherit}</style>`

var pageSansLettre = template.Must(template.New("vide").Parse(`<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Aperçu</title>` + styleApercu +
	`</head><body><h1>{{.Titre}}</h1><p>{{.Phrase}}</p></body></html>`))

var pageMail = template.Must(template.New("mail").Funcs(template.FuncMap{"pour": func(r opco.Role) string { return profilDit(r) }}).Parse(
	`<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Aperçu</title>` + styleApercu +
		`</head><body>{{range .}}<h1>E-mail à {{.A}}</h1><h2>{{.Objet}}</h2><pre>{{.Texte}}</pre>{{end}}</body></html>`))
