package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guichet/opco"
)

// client speaks to the API as a program does: it repeats a request whose answer
// was lost, with the same acte id, and follows an acte until its verdict.
type client struct {
	base     string
	http     *http.Client
	patience time.Duration // how long a server that does not answer is asked again
	faults   bool          // parts are being killed: a 5xx is asked again too
}

func newClient(base string) *client {
	return &client{base: strings.TrimRight(base, "/"), http: &http.Client{Timeout: 30 * time.Second}, patience: 3 * time.Second}
}

// reply is an answer of the API, read whole.
type reply struct {
	status   int
	location string
	cookies  []*http.Cookie
	body     []byte
}

// cookiePrefix marks a token that is the cookie of a session, not an API key.
const cookiePrefix = "cookie "

// problem is a refusal (RFC 9457).
type problem struct {
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Champ  string `json:"champ"`
}

// UnreachableError says that a part of the stack does not answer.
type UnreachableError struct {
	What, Address string
	Err           error
}

// Error is a sentence for whoever runs the scenarios.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s ne répond pas à l’adresse %s (%v) : démarrez la pile avec « make run », ou corrigez l’adresse.",
		e.What, e.Address, e.Err)
}

// Unwrap exposes the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// request is one call. body is JSON unless form is there.
type request struct {
	token, method, path string
	body                any
	form                *form
	headers             map[string]string // beside those of the client
}

// form is a multipart body: fields, then one file.
type form struct {
	fields   [][2]string
	file     string // name
	content  []byte
	encoding string // content type of the whole
	raw      []byte
}

func (f *form) encode() error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, x := range f.fields {
		if err := w.WriteField(x[0], x[1]); err != nil {
			return err
		}
	}
	part, err := w.CreateFormFile("fichier", f.file)
	if err != nil {
		return err
	}
	if _, err := part.Write(f.content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	f.encoding, f.raw = w.FormDataContentType(), b.Bytes()
	return nil
}

// do sends a request, again while the server is away.
func (c *client) do(ctx context.Context, r request) (*reply, error) {
	payload, encoding, err := r.payload()
	if err != nil {
		return nil, err
	}
	return c.insist(ctx, r, payload, encoding)
}

// insist sends the same bytes, again while the server is away.
func (c *client) insist(ctx context.Context, r request, payload []byte, encoding string) (*reply, error) {
	end, pause := time.Now().Add(c.patience), 50*time.Millisecond
	for {
		rep, err := c.once(ctx, r, payload, encoding)
		again := err != nil || c.faults && rep.status >= 500
		if !again || ctx.Err() != nil || time.Now().After(end) {
			if err != nil && ctx.Err() == nil {
				return nil, &UnreachableError{What: "Le guichet", Address: c.base, Err: cause(err)}
			}
			return rep, err
		}
		time.Sleep(pause)
		pause = min(2*pause, time.Second)
	}
}

func (r *request) payload() (payload []byte, encoding string, err error) {
	switch {
	case r.form != nil:
		err = r.form.encode()
		return r.form.raw, r.form.encoding, err
	case r.body != nil:
		payload, err = json.Marshal(r.body)
		return payload, "application/json", err
	}
	return nil, "", nil
}

func (c *client) newRequest(ctx context.Context, r request, payload []byte, encoding string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	if encoding != "" {
		req.Header.Set("Content-Type", encoding)
	}
	if cookie, ok := strings.CutPrefix(r.token, cookiePrefix); ok {
		req.Header.Set("Cookie", cookie)
	} else if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for k, v := range r.headers {
		req.Header.Set(k, v)
	}
	return req, nil
}

func (c *client) once(ctx context.Context, r request, payload []byte, encoding string) (*reply, error) {
	req, err := c.newRequest(ctx, r, payload, encoding)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 20<<20))
	if err != nil {
		return nil, err
	}
	return &reply{status: res.StatusCode, location: res.Header.Get("Location"), cookies: res.Cookies(), body: b}, nil
}

// cause drops the verb and the address that net/http repeats.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// get reads path into v, which must be there.
func (c *client) get(ctx context.Context, token, path string, v any) error {
	rep, err := c.do(ctx, request{token: token, method: http.MethodGet, path: path})
	if err != nil {
		return err
	}
	if rep.status != http.StatusOK {
		return rep.refusal("GET " + path)
	}
	if err := json.Unmarshal(rep.body, v); err != nil {
		return fmt.Errorf("reading the answer of %s: %w", path, err)
	}
	return nil
}

// send does what must succeed: the preparation of a scenario.
func (c *client) send(ctx context.Context, token, path string, body any) error {
	rep, err := c.do(ctx, request{token: token, method: http.MethodPost, path: path, body: body})
	if err != nil {
		return err
	}
	if rep.status >= 300 {
		return rep.refusal("POST " + path)
	}
	return nil
}

// refusalError is an answer that stops a scenario: nobody expected it.
type refusalError struct {
	call   string
	status int
	problem
}

func (e *refusalError) Error() string {
	return fmt.Sprintf("%s : réponse %d %s", e.call, e.status, strings.TrimSpace(e.Code+" "+e.Champ+" "+e.Detail))
}

func (r *reply) refusal(call string) error {
	e := &refusalError{call: call, status: r.status}
	if json.Unmarshal(r.body, &e.problem) != nil || e.Detail == "" {
		e.Detail = string(r.body[:min(len(r.body), 300)])
	}
	return e
}

// outcome is what became of an acte.
type outcome struct {
	status  int
	verdict string // applique or refuse
	code    string
	phrase  string
	champ   string
	numero  string // of the dossier
	lot     string
	etape   string // where a login stands
	sent    time.Time
}

// acteReply is the answer to an acte, on a dossier or on a lot.
type acteReply struct {
	Acte struct {
		Objet   string       `json:"objet"`
		Verdict opco.Verdict `json:"verdict"`
		Code    string       `json:"code"`
		Phrase  string       `json:"phrase"`
		Genre   opco.Kind    `json:"genre"`
		Champ   string       `json:"champ"`
	} `json:"acte"`
	Dossier struct {
		Numero string `json:"numero"`
	} `json:"dossier"`
}

// verdictDelay is how long an acte may wait for its verdict.
const verdictDelay = 90 * time.Second

// acte sends an acte and follows it until its verdict.
func (c *client) acte(ctx context.Context, r request) (*outcome, error) {
	sent := time.Now()
	rep, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	if rep, err = c.settle(ctx, r.token, r.method+" "+r.path, rep); err != nil {
		return nil, err
	}
	o, err := rep.outcome(r.method + " " + r.path)
	if o != nil {
		o.sent = sent
	}
	return o, err
}

// settle follows an acte that was received until its verdict.
func (c *client) settle(ctx context.Context, token, call string, rep *reply) (*reply, error) {
	for end := time.Now().Add(verdictDelay); rep.status == http.StatusAccepted; {
		if time.Now().After(end) {
			return nil, fmt.Errorf("%s : l’acte est enregistré mais n’a pas de réponse après %s", call, verdictDelay)
		}
		time.Sleep(50 * time.Millisecond)
		var err error
		if rep, err = c.follow(ctx, token, rep.location); err != nil {
			return nil, err
		}
	}
	return rep, nil
}

// statuts are those that the counter answers to a refusal.
var statuts = map[opco.Kind]int{opco.Invalid: http.StatusUnprocessableEntity, opco.Forbidden: http.StatusForbidden,
	opco.NotFound: http.StatusNotFound, opco.Conflict: http.StatusConflict}

// follow asks where an acte stands, and answers as the acte itself would have.
func (c *client) follow(ctx context.Context, token, location string) (*reply, error) {
	rep, err := c.do(ctx, request{token: token, method: http.MethodGet, path: location})
	if err != nil || rep.status != http.StatusOK {
		return rep, err
	}
	var a acteReply
	if err := json.Unmarshal(rep.body, &a); err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", location, err)
	}
	switch a.Acte.Verdict {
	case opco.VerdictRecu:
		rep.status, rep.location = http.StatusAccepted, location
	case opco.VerdictRefuse:
		rep.status = statuts[a.Acte.Genre]
		rep.body, err = json.Marshal(map[string]string{"detail": a.Acte.Phrase, "code": a.Acte.Code, "champ": a.Acte.Champ})
	}
	return rep, err
}

// decode reads an answer into v.
func (r *reply) decode(v any) error {
	if err := json.Unmarshal(r.body, v); err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	return nil
}

func (r *reply) outcome(call string) (*outcome, error) {
	if r.status >= 500 || r.status == http.StatusUnauthorized {
		return nil, r.refusal(call)
	}
	if r.status >= 300 {
		var p problem
		if err := json.Unmarshal(r.body, &p); err != nil {
			return nil, r.refusal(call)
		}
		return &outcome{status: r.status, verdict: string(opco.VerdictRefuse), code: p.Code, phrase: p.Detail, champ: p.Champ}, nil
	}
	var a acteReply
	if len(r.body) > 0 {
		if err := json.Unmarshal(r.body, &a); err != nil {
			return nil, fmt.Errorf("reading the answer of %s: %w", call, err)
		}
	}
	lot, _ := strings.CutPrefix(a.Acte.Objet, "lot/")
	return &outcome{status: r.status, verdict: string(opco.VerdictApplique), code: a.Acte.Code, phrase: a.Acte.Phrase,
		numero: a.Dossier.Numero, lot: lot}, nil
}
