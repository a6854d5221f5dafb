package scenario

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Follow opens the live stream of a dossier, as the page of somebody does, and keeps
// reading the dossier beside it.
type Follow struct {
	Qui        string `yaml:"qui"`
	Navigateur string `yaml:"navigateur"`
	Dossier    string `yaml:"dossier"`
}

// stream is a live stream and the reading of the same dossier, until each is refused.
type stream struct {
	stop    context.CancelFunc
	mu      sync.Mutex
	closed  time.Time // the server ended the stream
	refused time.Time // the dossier could be read no more
	status  int
}

// readPause is how often the dossier is read again beside its stream.
const readPause = 40 * time.Millisecond

// follow opens a stream and waits for its first event.
func (w *world) follow(ctx context.Context, f *Follow) error {
	who, err := w.user(f.Qui)
	if err != nil {
		return err
	}
	d, err := w.dossier(f.Dossier)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	s := &stream{stop: stop}
	if w.streams == nil {
		w.streams = map[string]*stream{}
	}
	w.streams[f.Qui] = s
	token := who.tokenIn(f.Navigateur)
	if err := s.open(ctx, w.r.client, token, "/api/dossiers/"+d.id+"/evenements"); err != nil {
		stop()
		return err
	}
	go s.watch(ctx, w.r.client, request{token: token, method: http.MethodGet, path: "/api/dossiers/" + d.id})
	return nil
}

// open opens the stream, reads its first event, and leaves a reader on it.
func (s *stream) open(ctx context.Context, c *client, token, path string) error {
	body, err := c.stream(ctx, token, path)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "event:") {
		body.Close()
		return fmt.Errorf("GET %s : aucun événement", path)
	}
	go func() {
		defer body.Close()
		for lines.Scan() {
		}
		if ctx.Err() == nil {
			s.note(func() { s.closed = time.Now() })
		}
	}()
	return nil
}

// stream opens a live stream, which lasts until ctx ends or the server closes it.
func (c *client) stream(ctx context.Context, token, path string) (io.ReadCloser, error) {
	req, err := c.newRequest(ctx, request{token: token, method: http.MethodGet, path: path}, nil, "")
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{}).Do(req) // without a limit of time: it lasts
	if err != nil {
		return nil, &UnreachableError{What: "Le guichet", Address: c.base, Err: cause(err)}
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("GET %s : réponse %d", path, res.StatusCode)
	}
	return res.Body, nil
}

// watch reads the dossier again and again, until it is refused; the answer that counts is that of one more
// reading, which began after what was taken away.
func (s *stream) watch(ctx context.Context, c *client, r request) {
	var refused time.Time
	for ctx.Err() == nil {
		rep, err := c.once(ctx, r, nil, "")
		switch {
		case err != nil || rep.status < 400 || rep.status >= 500:
			time.Sleep(readPause)
		case refused.IsZero():
			refused = time.Now()
		default:
			s.note(func() { s.refused, s.status = refused, rep.status })
			return
		}
	}
}

func (s *stream) note(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// closeStreams ends what « suivre » opened.
func (w *world) closeStreams() {
	for _, s := range w.streams {
		s.stop()
	}
}

// CheckStream is what became of a stream since the last deed left.
type CheckStream struct {
	Flux   string `yaml:"flux"` // who follows it
	Coupe  YesNo  `yaml:"coupe"`
	Sous   string `yaml:"sous"` // at most that long after the deed left; 1s unless told
	Statut int    `yaml:"statut"`
}

// checkStream expects the stream and the reading both cut in time, or both alive.
func (w *world) checkStream(_ context.Context, c *checker, b *CheckStream) error {
	s := w.streams[b.Flux]
	if s == nil {
		return fmt.Errorf("« %s » ne suit aucun dossier", b.Flux)
	}
	within, err := time.ParseDuration(or(b.Sous, "1s"))
	if err != nil {
		return errors.New("« sous » est une durée, par exemple 1s")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range []struct {
		what string
		at   time.Time
	}{{"le flux", s.closed}, {"la lecture du dossier", s.refused}} {
		switch late := x.at.Sub(w.left); {
		case x.at.IsZero() == bool(b.Coupe):
			c.fail("coupe", yesNo(bool(b.Coupe)), x.what+" : "+yesNo(!x.at.IsZero()))
		case bool(b.Coupe) && late > within:
			c.fail("sous", within.String(), x.what+" : "+late.Round(time.Millisecond).String())
		}
	}
	if b.Statut != 0 && s.status != b.Statut {
		c.fail("statut", fmt.Sprint(b.Statut), fmt.Sprint(s.status))
	}
	return nil
}
