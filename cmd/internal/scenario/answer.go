package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// filled makes the form that a « requete » sends: its fields, and a new file when it
// names one.
func (w *world) filled(b *Call) (*form, error) {
	f := &form{}
	for _, k := range words(b.Champs) {
		f.fields = append(f.fields, [2]string{k, w.substitute(strings.ReplaceAll(b.Champs[k], "{uuid}", uuid.NewString()))})
	}
	if b.Fichier == "" {
		return f, nil
	}
	content, err := document("DOCUMENT", b.Fichier, uuid.NewString())
	f.file, f.content = b.Fichier, content
	return f, err
}

// expect compares values of a JSON answer, and keeps those that the scenario names.
func (w *world) expect(c *checker, b *Call, body []byte) error {
	if len(b.Attendus) == 0 && len(b.Retient) == 0 {
		return nil
	}
	var answer any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		c.fail("attendus", "une réponse JSON", shorten(string(body)))
		return nil //nolint:nilerr // the scenario failed, the runner did not
	}
	sub := c.under("attendus")
	for _, path := range words(b.Attendus) {
		if want, got := w.substitute(b.Attendus[path]), at(answer, path); want != got {
			sub.fail(path, or(want, "(rien)"), or(got, "(rien)"))
		}
	}
	for _, name := range words(b.Retient) {
		if w.kept == nil {
			w.kept = map[string]string{}
		}
		if w.kept[name] = at(answer, b.Retient[name]); w.kept[name] == "" {
			return fmt.Errorf("la réponse n’a pas de %s : %s", b.Retient[name], shorten(string(body)))
		}
	}
	return nil
}

// at returns what a path leads to in a JSON value, as a text; « nombre » counts a list.
// What is not there is "".
func at(v any, path string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			if step == "nombre" {
				return strconv.Itoa(len(x))
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	switch x := v.(type) {
	case nil:
		return ""
	case bool:
		return yesNo(x)
	case map[string]any, []any:
		b, _ := json.Marshal(x) //nolint:errchkjson // it was just read
		return string(b)
	default:
		return fmt.Sprint(x)
	}
}
