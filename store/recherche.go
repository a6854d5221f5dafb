package store

import (
	"strings"

	"guichet/opco"
)

// motsMax bounds what one search looks for.
const motsMax = 8

// chercher keeps the dossiers whose recherche holds every word of texte, without
// accents or case: a number, a SIRET, a name, an invoice. A SIRET may be typed
// with spaces.
func (c *clause) chercher(texte string) {
	if texte == "" {
		return
	}
	if siret, err := opco.ParseSIRET(texte); err == nil {
		texte = string(siret)
	}
	mots := strings.Fields(opco.CleRecherche(texte))
	if len(mots) == 0 {
		c.et(`false`)
		return
	}
	for _, m := range mots[:min(len(mots), motsMax)] {
		c.et(`d.recherche LIKE %s`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(m)+"%")
	}
}
