package store

import (
	"regexp"
	"slices"
	"strings"

	"guichet/opco"
)

// motColle is what is written in one piece with signs: F-2026-0040. Its parts are in half
// of the house; in one piece it names something.
var motColle = regexp.MustCompile(`^[A-Za-z0-9]+([-./_][A-Za-z0-9]+)+$`)

// coller is m without its signs, "" for what holds none, or no digit.
func coller(m string) string {
	if !motColle.MatchString(m) || !strings.ContainsAny(m, "0123456789") {
		return ""
	}
	return strings.ToLower(strings.NewReplacer("-", "", ".", "", "/", "", "_", "").Replace(m))
}

// motsColles are the words in one piece of a text, each once: the words of a dossier are
// these and those of opco.CleRecherche.
func motsColles(texte string) (ms []string) {
	for _, m := range strings.Fields(texte) {
		if c := coller(m); c != "" && !slices.Contains(ms, c) {
			ms = append(ms, c)
		}
	}
	return ms
}

// colle is what was typed in one piece, and its parts.
type colle struct {
	plage
	parties []string // as opco.CleRecherche has them
}

// colles reads what someone typed in one piece. What holds it holds its parts.
func colles(texte string) (cs []colle) {
	for _, m := range strings.Fields(texte) {
		if c := coller(m); c != "" && len(cs) < motsMax && numeroTape(m) == "" {
			cs = append(cs, colle{plageDe(c, nombreAuBout), strings.Fields(opco.CleRecherche(m))})
		}
	}
	return cs
}
