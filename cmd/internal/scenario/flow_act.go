package scenario

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// NextAct is the next acte of a dossier, ready to be sent as often as it takes: it keeps the
// id that it was given first.
type NextAct struct {
	Name     string
	life     *Life
	act      *Act
	req      request
	payload  []byte
	encoding string
}

// ActAnswer is what an acte was answered.
type ActAnswer struct {
	Status     int
	RetryAfter int // seconds; 0 when the answer does not say
	Acte       string
	Text       string // of a refusal
}

// Next returns the next acte that a dossier has to do by itself, the same until it is done;
// nil when it has done all of them.
func (f *Flow) Next(ctx context.Context, l *Life) (*NextAct, error) {
	if l.deed != nil {
		return l.deed, nil
	}
	for ; l.next < len(f.script.Etapes); l.next++ {
		s := f.script.Etapes[l.next]
		if a, ok := s.Body.(*Act); !ok || a.Lot != "" {
			continue
		}
		d := &NextAct{life: l, act: l.own(s)}
		d.Name = d.act.Fait
		var err error
		if d.req, _, err = l.w.write(ctx, d.act); err != nil {
			return nil, l.w.locate(s, err)
		}
		d.payload, d.encoding, err = d.req.payload()
		l.deed = d
		return d, err
	}
	return nil, nil //nolint:nilnil // there is none
}

// Send sends the acte once, and follows nothing.
func (d *NextAct) Send(ctx context.Context) (ActAnswer, error) {
	c := d.life.w.r.client
	req, err := c.newRequest(ctx, d.req, d.payload, d.encoding)
	if err != nil {
		return ActAnswer{}, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return ActAnswer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return ActAnswer{}, err
	}
	a := ActAnswer{Status: res.StatusCode}
	a.RetryAfter, _ = strconv.Atoi(res.Header.Get("Retry-After"))
	var told struct {
		Acte struct {
			ID string `json:"id"`
		} `json:"acte"`
	}
	if a.Status < http.StatusMultipleChoices {
		err = json.Unmarshal(body, &told)
		a.Acte = told.Acte.ID
	} else {
		a.Text = string(body[:min(len(body), 300)])
	}
	return a, err
}

// Done says that the acte was applied: the next one comes.
func (d *NextAct) Done() {
	d.life.next++
	d.life.deed = nil
}

// Verdict waits until an acte has its verdict, at most that long; "recu" when it has none.
func (d *NextAct) Verdict(ctx context.Context, acte string, wait time.Duration) (string, error) {
	c := d.life.w.r.client
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		var a acteReply
		err := c.get(ctx, d.req.token, "/api/actes/"+acte, &a)
		if err == nil && a.Acte.Verdict != "recu" || time.Now().After(end) || ctx.Err() != nil {
			return string(a.Acte.Verdict), err
		}
	}
}
