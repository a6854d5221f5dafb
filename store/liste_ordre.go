package store

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// tri is the order of a list: the columns of its key, the last of which is the id,
// all in one direction, which an index has. A page is then one walk along it from a
// cursor, however deep: no list ever counts the rows that it skips.
type tri struct {
	colonnes []string
	types    []string // of PostgreSQL: date, bigint, timestamptz, uuid
	desc     bool
}

// The orders of the lists of dossiers: the newest first; the latest start of training
// first, when a list is limited by it.
var (
	triRecent = tri{[]string{`d.cree_le`, `d.id`}, []string{"timestamptz", "uuid"}, true}
	triDebut  = tri{[]string{`d.debut`, `d.id`}, []string{"date", "uuid"}, true}
)

// Tri is the order that the reader of a list chose; a search keeps the newest first.
type Tri string

// The orders to choose from, beside the newest first.
const (
	TriAncien  Tri = "ancien"  // the oldest first
	TriDebut   Tri = "debut"   // the latest start of training first
	TriBientot Tri = "bientot" // the earliest start of training first
)

var trisChoisis = map[Tri]tri{TriDebut: triDebut,
	TriAncien:  {triRecent.colonnes, triRecent.types, false},
	TriBientot: {triDebut.colonnes, triDebut.types, false}}

// triFile are the types of the order of a queue.
var triFile = []string{"date", "date", "bigint", "timestamptz", "uuid"}

// tri is the order of a queue, as opco.Priorite.Comparer gives it. That of a queue of
// money is read in dossier_file.
func (f File) tri() tri {
	t := tri{types: triFile}
	d, id := f.ordre(), `d.id`
	if f.argent() {
		id = `q.dossier`
	}
	t.colonnes = []string{d + `ordre_limite`, d + `ordre_debut`, d + `ordre_enjeu`, d + `ordre_depot`, id}
	return t
}

// ordre is the alias of the table whose index has the order of f, before a column.
func (f File) ordre() string {
	if f.argent() {
		return `q.`
	}
	return `d.`
}

// ordre is the ORDER BY of t, or of its reverse.
func (t tri) ordre(inverse bool) string {
	if t.desc == inverse {
		return strings.Join(t.colonnes, `, `)
	}
	return strings.Join(t.colonnes, ` DESC, `) + ` DESC`
}

// cle is the expression of the cursor of a row.
func (t tri) cle() string {
	cs := make([]string, len(t.colonnes))
	for i, col := range t.colonnes {
		if cs[i] = col; t.types[i] == "timestamptz" {
			cs[i] += ` AT TIME ZONE 'UTC'`
		}
	}
	return `jsonb_build_array(` + strings.Join(cs, `, `) + `)::text`
}

// curseurDe writes the cle of a row for an address.
func curseurDe(cle string) string { return base64.RawURLEncoding.EncodeToString([]byte(cle)) }

// borner starts the page after the cursor, or ends it before when inverse. It does
// nothing without a cursor.
func (c *clause) borner(t tri, cur string, inverse bool) error {
	if cur == "" {
		return nil
	}
	champ := "apres"
	if inverse {
		champ = "avant"
	}
	valeurs, ok := t.valeurs(cur)
	if !ok {
		return opco.Champf(champ, "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	marques := make([]string, len(t.types))
	for i, x := range t.types {
		marques[i] = `%s::` + x
	}
	signe := ` > `
	if t.desc != inverse {
		signe = ` < `
	}
	c.et(`(`+strings.Join(t.colonnes, `, `)+`)`+signe+`(`+strings.Join(marques, `, `)+`)`, valeurs...)
	return nil
}

// valeurs reads a cursor of t.
func (t tri) valeurs(cur string) ([]any, bool) {
	brut, err := base64.RawURLEncoding.DecodeString(cur)
	var champs []json.RawMessage
	if err != nil || json.Unmarshal(brut, &champs) != nil || len(champs) != len(t.types) {
		return nil, false
	}
	valeurs := make([]any, len(champs))
	for i, b := range champs {
		texte := strings.Trim(string(b), `"`)
		valeurs[i] = texte
		switch t.types[i] {
		case "date":
			_, err = time.Parse("2006-01-02", texte)
		case "bigint":
			valeurs[i], err = strconv.ParseInt(texte, 10, 64)
		case "timestamptz":
			var le time.Time
			le, err = time.Parse("2006-01-02T15:04:05.999999", texte)
			valeurs[i] = le.UTC()
		default:
			if !uuidTexte(texte) {
				return nil, false
			}
		}
		if err != nil {
			return nil, false
		}
	}
	return valeurs, true
}
