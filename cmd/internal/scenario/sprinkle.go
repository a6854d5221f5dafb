package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// call sends a request as it is written, and checks the answer.
func (w *world) call(ctx context.Context, s Step, b *Call) error {
	if b.Sous == "" {
		return w.callOnce(ctx, s, b)
	}
	patience, err := time.ParseDuration(b.Sous)
	if err != nil {
		return w.inFile(fault(s.node, "« sous » est une durée, par exemple 30s."))
	}
	fin := time.Now().Add(patience)
	for {
		err := w.callOnce(ctx, s, b)
		var f *Failure
		if !errors.As(err, &f) || time.Now().After(fin) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (w *world) callOnce(ctx context.Context, s Step, b *Call) error {
	rep, err := w.sendRaw(ctx, b)
	if err != nil {
		return err
	}
	c := w.checker(s.node, or(b.Methode, "POST")+" "+b.Chemin)
	if b.Statut != 0 && b.Statut != rep.status {
		c.fail("statut", fmt.Sprint(b.Statut), fmt.Sprintf("%d %s", rep.status, rep.body))
	}
	c.contains("phrase", b.Phrase, string(rep.body))
	if err := w.expect(c, b, rep.body); err != nil {
		return err
	}
	if m := marker.FindString(string(rep.body)); m != "" && bool(b.SansEcho) {
		c.fail("sans_echo", "une réponse sans marqueur", m)
	}
	return w.inFile(c.err())
}

func (w *world) sendRaw(ctx context.Context, b *Call) (*reply, error) {
	r := request{method: or(b.Methode, http.MethodPost), path: w.substitute(strings.ReplaceAll(b.Chemin, "{uuid}", uuid.NewString()))}
	var err error
	if b.Qui != "" {
		who, err := w.user(b.Qui)
		if err != nil {
			return nil, err
		}
		r.token = who.token
	}
	payload, encoding := []byte(w.substitute(strings.ReplaceAll(b.Corps, "{uuid}", uuid.NewString()))), or(b.Type, "application/json")
	if len(b.Champs) > 0 {
		if r.form, err = w.filled(b); err != nil {
			return nil, err
		}
		if payload, encoding, err = r.payload(); err != nil {
			return nil, err
		}
	} else if b.Fichier != "" {
		content, err := document("PROGRAMME", "Zqmcontenudufichierx", b.Fichier)
		if err != nil {
			return nil, err
		}
		r.form = &form{fields: [][2]string{{"acte_id", uuid.NewString()}, {"type", "PROGRAMME"}, {"titre", "Zqmtitredepiecex"}}, file: b.Fichier, content: content}
		if payload, encoding, err = r.payload(); err != nil {
			return nil, err
		}
	}
	r.headers = b.Entetes
	rep, err := w.r.client.insist(ctx, r, payload, encoding)
	if err != nil || !bool(b.EtSuivant) || rep.location == "" {
		return rep, err
	}
	return w.r.client.settle(ctx, r.token, r.method+" "+r.path, rep)
}

// sprinkle sends markers to every route that the API describes, those of tests
// excepted: in its path, its query, its headers and its body, right and wrong.
func (w *world) sprinkle(ctx context.Context, b *Sprinkle) error {
	rep, err := w.r.client.do(ctx, request{method: http.MethodGet, path: "/api/openapi.json"})
	if err != nil {
		return err
	}
	doc, err := openapi3.NewLoader().LoadFromData(rep.body)
	if err != nil {
		return fmt.Errorf("reading the description of the API: %w", err)
	}
	for _, path := range doc.Paths.InMatchingOrder() {
		if strings.HasPrefix(path, "/api/essai/") || strings.HasSuffix(path, "/evenements") {
			continue
		}
		item := doc.Paths.Find(path)
		for _, method := range words(item.Operations()) {
			if method == http.MethodDelete {
				continue
			}
			for _, key := range append(Texts{""}, b.Qui...) {
				if err := w.sprinkleRoute(ctx, key, method, path, item.Operations()[method]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *world) sprinkleRoute(ctx context.Context, key, method, path string, op *openapi3.Operation) error {
	field := letters(key + method + op.OperationID)
	for _, variant := range []string{"a", "b", "c"} {
		word := "Zqm" + field + variant + "x"
		at := strings.NewReplacer("{id}", uuid.NewString(), "{siren}", "999001019", "{role}", "ops", "{delegation}", word).Replace(path)
		var body []byte
		switch {
		case variant == "a":
			at = markPath(path, word)
			body = fmt.Appendf(nil, `{"%s": "%s", "mot_de_passe": "%s", `, word, word, word) // not JSON
		case op.RequestBody != nil && op.RequestBody.Value.Content.Get("application/json") != nil:
			body, _ = json.Marshal(sample(op.RequestBody.Value.Content.Get("application/json").Schema.Value, word, variant == "b"))
		case op.RequestBody == nil && variant == "c":
			continue
		}
		at += "?texte=" + url.QueryEscape(word) + "&" + url.QueryEscape(word) + "=1"
		r := request{method: method, path: at}
		if key != "" {
			who, err := w.user(key)
			if err != nil {
				return err
			}
			r.token = who.token
		}
		r.headers = map[string]string{"User-Agent": word, "X-Request-Id": word, "Referer": "https://" + word + ".test/"}
		if _, err := w.r.client.insist(ctx, r, body, "application/json"); err != nil {
			return err
		}
	}
	return nil
}

// markPath writes word for each parameter of a path.
func markPath(path, word string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = word
		}
	}
	return strings.Join(parts, "/")
}

// letters keeps of a name what a marker may hold.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r = r | 0x20; r >= 'a' && r <= 'z' && r != 'x' {
			return r
		}
		return -1
	}, s)
}

// samples are values of the formats of the API that have a form of their own.
var samples = map[string]string{"siret": "99900101900010", "siren": "999001019", "nda": "11756099975", "iban": "FR7699999000100010020030043",
	"idcc": "1486", "date-civile": "2026-04-13", "telephone": "01 99 00 01 10", "code-recu": "AAAA-BBBB-CCCC", "instant": "2026-04-13T09:00:00+02:00"}

// sample makes a body of a schema, each text of which is word. With plain, what has a
// form of its own is word too: it will be refused.
func sample(s *openapi3.Schema, word string, all bool) any {
	switch {
	case s.Type.Is("object"):
		o := fields{}
		for name, p := range s.Properties {
			if !p.Value.ReadOnly {
				o[name] = sample(p.Value, word, all)
			}
		}
		return o
	case s.Type.Is("array"):
		return []any{sample(s.Items.Value, word, all)}
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"):
		return 1
	case s.Format == "password":
		return strings.Replace(word, "Zqm", "Zqmsecret", 1) + " 48 colza !"
	case all:
		return word
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Format == "uuid":
		return uuid.NewString()
	case s.Format == "courriel":
		return word + mailDomain
	}
	return or(samples[s.Format], word)
}
