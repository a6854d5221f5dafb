package store

import (
	"regexp"
	"slices"
	"strings"

	"guichet/opco"
)

// A search walks dossier_mot (schema/0014_listes.sql), where each word of a dossier
// is in the order of the lists, or dossier_file_mot (schema/0039_vitesse.sql), where it is
// in the order of the queues. motsMax bounds what one search looks for: a text of a
// hundred characters, the most that anybody may type, has no more words; motsVoisins how many words of the house one typed beginning may stand for before it is too
// vague to be walked word by word, motsEgaux how many are compared one by one on the
// way; plageMax how many rows are sorted instead.
const (
	motsMax     = 50
	motsVoisins = 100
	motsEgaux   = 6
	plageMax    = 20_000
)

// plage is what a typed word stands for: the words from Du to before Au; Du alone when it
// is Seul and the house has it.
type plage struct {
	Du, Au string
	Seul   bool
}

// finDePlage follows every word that begins with what comes before it.
const finDePlage = "\U0010FFFD"

// numeroColle is a dossier number typed in one piece.
var numeroColle = regexp.MustCompile(`^([a-z]{2}\d{2})(\d{6})$`)

// numeroTape is the dossier number that texte is, however it was typed; "" when it is
// something else.
func numeroTape(texte string) string {
	x := numeroColle.FindStringSubmatch(strings.ReplaceAll(opco.CleRecherche(texte), " ", ""))
	if x == nil {
		return ""
	}
	return strings.ToUpper(x[1]) + "-" + x[2]
}

// plages reads what someone typed: words without accents or case, as many as count. A
// word of one or two letters stands for itself, a longer one for all those that begin
// with it; a short number is also the end of a dossier number. A SIRET may be typed
// with spaces, a number of dossier in any way.
func plages(texte string) []plage {
	if siret, err := opco.ParseSIRET(texte); err == nil {
		texte = string(siret)
	} else if siren, err := opco.ParseSIREN(texte); err == nil {
		texte = string(siren)
	}
	var ps []plage
	for _, m := range strings.Fields(opco.CleRecherche(texte)) {
		parties := []string{m}
		if x := numeroColle.FindStringSubmatch(m); x != nil {
			parties = x[1:]
		}
		for _, m := range parties {
			if p := plageDe(m, nombreTape); !slices.Contains(ps, p) {
				ps = append(ps, p)
			}
		}
	}
	return ps[:min(len(ps), motsMax)]
}

// A number, alone or at the end of what is in one piece, stands for no longer one when the
// house has it as it is typed.
var (
	nombreTape   = regexp.MustCompile(`^\d+$`)
	nombreAuBout = regexp.MustCompile(`\d$`)
)

// plageDe is what the typed word m stands for; seul says which may stand for themselves.
func plageDe(m string, seul *regexp.Regexp) plage {
	if len([]rune(m)) < 3 {
		return plage{m, m + " ", false} // no word holds a space: this one alone
	}
	return plage{m, m + finDePlage, seul.MatchString(m)}
}

// chercher keeps the rows d whose recherche holds every word of texte, without
// accents or case. A SIRET may be typed with spaces.
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

// chercherDossiers keeps the dossiers that hold every word of texte: a number, a
// SIRET, a name, an invoice. It asks of each dossier in turn: a marche goes from word to
// word.
func (c *clause) chercherDossiers(texte string) {
	if texte == "" {
		return
	}
	if n := numeroTape(texte); n != "" {
		c.et(`d.numero = %s`, n)
		return
	}
	ps := plages(texte)
	if len(ps) == 0 {
		c.et(`false`)
	}
	for _, p := range ps {
		c.et(`EXISTS (SELECT 1 FROM dossier_mot x WHERE x.dossier = d.id AND x.mot >= %s AND x.mot < %s)`, p.Du, p.Au)
	}
}
