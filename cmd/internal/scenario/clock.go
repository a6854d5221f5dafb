package scenario

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// setClock moves business time, forward or back: each scenario has objects of
// its own, and what earlier ones left open only sleeps longer.
func (w *world) setClock(ctx context.Context, at time.Time) error {
	var now clockReply
	if err := w.r.client.get(ctx, w.r.admin, "/api/essai/horloge", &now); err != nil {
		return err
	}
	body := map[string]any{"le": at.Format(time.RFC3339Nano)}
	if at.Before(now.Le) {
		body["recul"] = true
	}
	rep, err := w.r.client.do(ctx, request{token: w.r.admin, method: http.MethodPost, path: "/api/essai/horloge", body: body})
	if err != nil {
		return err
	}
	if rep.status != http.StatusOK {
		return rep.refusal("POST /api/essai/horloge")
	}
	w.now = at
	return nil
}

// moveClock sets business time and lets what it made due happen.
func (w *world) moveClock(ctx context.Context, at time.Time) error {
	if err := w.setClock(ctx, at); err != nil {
		return err
	}
	return w.calm(ctx)
}

// calmDelay is how long the stack may take to do all that is due.
const calmDelay = 2 * time.Minute

// calmReply is what GET /api/essai/calme counts.
type calmReply struct {
	Calme     bool `json:"calme"`
	Actes     int  `json:"actes"`
	Echeances int  `json:"echeances"`
	Courriers int  `json:"courriers"`
}

// calm waits until nothing is pending: no acte without a verdict, no délai that
// has ended, no mail to send. A mail server made to fail keeps its mails.
func (w *world) calm(ctx context.Context) error {
	var c calmReply
	for end := time.Now().Add(calmDelay); ; time.Sleep(25 * time.Millisecond) {
		if err := w.r.client.get(ctx, w.r.admin, "/api/essai/calme", &c); err != nil {
			return err
		}
		if c.Calme || w.outage && c.Actes == 0 && c.Echeances == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("le guichet n’est pas au repos après %s : %d acte(s) sans réponse, %d échéance(s) dues, %d courrier(s) à envoyer",
				calmDelay, c.Actes, c.Echeances, c.Courriers)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
