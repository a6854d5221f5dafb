package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// marker is a word that nobody would write: it says where a text went. The letters
// between are those of the field in which it was planted.
var marker = regexp.MustCompile(`(?i)zqm[a-wyz]+x`)

// tap listens to all that leaves for the guichet and comes back: the markers that
// were sent, and the secrets. It is safe for concurrent use.
type tap struct {
	next    http.RoundTripper
	since   time.Time
	mu      sync.Mutex
	sent    map[string]bool
	secrets map[string]string // secret → what it is
	broken  []string          // answers that only a fault gives
}

// listen makes the client of w tell all that it sends.
func (w *world) listen() *tap {
	t := &tap{next: w.r.client.http.Transport, since: time.Now(), sent: map[string]bool{}, secrets: map[string]string{}}
	if t.next == nil {
		t.next = http.DefaultTransport
	}
	w.r.client.http.Transport, w.tap = t, t
	return t
}

// stopListening gives the client its own way back.
func (w *world) stopListening() {
	if w.tap != nil {
		w.r.client.http.Transport, w.tap = w.tap.next, nil
	}
}

// RoundTrip sends a request and notes what went each way.
func (t *tap) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.GetBody != nil {
		if b, err := req.GetBody(); err == nil {
			sent, _ = io.ReadAll(b)
		}
	}
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.Header.Get("Content-Type") == "text/event-stream" {
		return res, nil
	}
	received, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(received))
	t.note(req, sent, res, received)
	return res, nil
}

func (t *tap) note(req *http.Request, sent []byte, res *http.Response, received []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address, _ := url.QueryUnescape(req.URL.String())
	for _, m := range marker.FindAllString(address+fmt.Sprint(req.Header)+string(sent), -1) {
		t.sent[strings.ToLower(m)] = true
	}
	if res.StatusCode >= http.StatusInternalServerError {
		t.broken = append(t.broken, fmt.Sprintf("%s %s : %d", req.Method, req.URL.Path, res.StatusCode))
	}
	call := req.Method + " " + req.URL.Path
	if key, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); ok {
		t.secret(key, "clé d’API")
	}
	for _, k := range append(req.Cookies(), res.Cookies()...) {
		t.secret(k.Value, "cookie "+k.Name)
	}
	t.noteJSON(call, sent)
	t.noteJSON(call, received)
}

// secretFields are the fields of the API whose content only its owner may read.
var secretFields = map[string]bool{"mot_de_passe": true, "actuel": true, "nouveau": true, "cle_api": true, "totp": true, "jeton": true,
	"secret": true, "adresse": true, "codes": true, "code": true}

func (t *tap) noteJSON(call string, body []byte) {
	var v any
	if json.Unmarshal(body, &v) == nil {
		t.walk(call, "", v)
	}
}

func (t *tap) walk(call, field string, v any) {
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			t.walk(call, k, y)
		}
	case []any:
		for _, y := range x {
			t.walk(call, field, y)
		}
	case string:
		if secretFields[field] && isSecret(call, field) {
			t.secret(x, field+" de "+call)
		}
	}
}

// isSecret tells apart the fields that share a name: a code is a secret where one
// proves something with it, an address is where it holds the secret of an application.
func isSecret(call, field string) bool {
	switch field {
	case "code":
		return strings.HasSuffix(call, "/confirmation") && strings.Contains(call, "inscriptions")
	case "adresse", "codes":
		return strings.Contains(call, "/api/facteurs")
	}
	return true
}

// secretLength is from which length a secret is looked for: a shorter one stands by
// chance in any long text.
const secretLength = 10

func (t *tap) secret(s, what string) {
	if len(s) >= secretLength {
		t.secrets[strings.ToLower(s)] = what
	}
}
