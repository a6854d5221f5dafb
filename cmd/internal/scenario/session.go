package scenario

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
)

// Session is an account that speaks to the API by hand, beside the scenarios. It repeats a
// request whose answer was lost, with the same acte id. It is safe for concurrent use.
type Session struct {
	Account string
	c       *client
	token   string
}

// OpenSession opens one at the guichet of that address, as a program with a password does.
func OpenSession(ctx context.Context, url, account, password string) (*Session, error) {
	s := &Session{Account: account, c: newClient(url)}
	token, err := s.c.login(ctx, account, password)
	s.token = token
	return s, err
}

// Patient is the same session, which asks again for that long a server that is away or fails.
func (s *Session) Patient(d time.Duration) *Session {
	c := *s.c
	c.patience, c.faults = d, d > 0
	return &Session{Account: s.Account, c: &c, token: s.token}
}

// At is the same session at another address of the guichet.
func (s *Session) At(url string) *Session {
	c := newClient(url)
	c.patience, c.faults = s.c.patience, s.c.faults
	return &Session{Account: s.Account, c: c, token: s.token}
}

// Answer is what the API said. Code and Detail are those of a refusal.
type Answer struct {
	Status       int
	Location     string
	Body         []byte
	Code, Detail string
}

// Get reads path into v; any answer but 200 is an error.
func (s *Session) Get(ctx context.Context, path string, v any) error {
	return s.c.get(ctx, s.token, path, v)
}

// Send sends a JSON body. The error says that nothing answered; a refusal is an Answer.
func (s *Session) Send(ctx context.Context, method, path string, body any) (Answer, error) {
	rep, err := s.c.do(ctx, request{token: s.token, method: method, path: path, body: body})
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Status: rep.status, Location: rep.location, Body: rep.body}
	if rep.status >= http.StatusBadRequest {
		var p problem
		if rep.decode(&p) == nil {
			a.Code, a.Detail = p.Code, p.Detail
		}
	}
	return a, nil
}

// Stream opens a live stream of events, which lasts until ctx ends or the guichet closes it.
func (s *Session) Stream(ctx context.Context, path string) (io.ReadCloser, error) {
	return s.c.stream(ctx, s.token, path)
}

// Import gives the guichet a file of the bank, as the comptable does.
func (s *Session) Import(ctx context.Context, name string, content []byte) error {
	rep, err := s.c.do(ctx, request{token: s.token, method: http.MethodPost, path: "/api/banque/retours", form: &form{file: name, content: content}})
	if err == nil && rep.status != http.StatusOK {
		err = rep.refusal("POST /api/banque/retours")
	}
	return err
}

// Draft makes a brouillon with the pièces that a dépôt asks for, and returns its id.
func (s *Session) Draft(ctx context.Context, d opco.Demande) (string, error) {
	x := &dossier{id: uuid.NewString(), demande: d}
	requests := []request{{method: http.MethodPost, path: "/api/dossiers",
		body: fields{"acte_id": uuid.NewString(), "id": x.id, "demande": demandBody(d)}}}
	for _, kind := range firstPieces {
		r, err := x.upload(kind)
		if err != nil {
			return "", err
		}
		requests = append(requests, r)
	}
	for _, r := range requests {
		r.token = s.token
		rep, err := s.c.do(ctx, r)
		if err != nil {
			return "", err
		}
		if rep.status >= http.StatusMultipleChoices {
			return "", rep.refusal(r.method + " " + r.path)
		}
	}
	return x.id, nil
}
