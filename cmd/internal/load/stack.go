package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"

	"guichet/activities"
	"guichet/cmd/internal/scenario"
	"guichet/opco"
	"guichet/store"
)

// stack is the running stack that is measured, found in the environment that
// « guichet-local exec » gives.
type stack struct {
	url, control, temporal, namespace, bank string
	engine                                  client.Client
}

// prepare makes the demo accounts, whose admin opens the doors of measures.
func (s *stack) prepare(ctx context.Context) error {
	base, err := store.Open(ctx, os.Getenv("GUICHET_DB"), 2)
	if err != nil {
		return err
	}
	defer base.Close()
	base.Calendrier = func(alsaceMoselle bool) opco.Calendrier { return activities.NewCalendrier(alsaceMoselle) }
	return base.ChargerDemo(ctx)
}

func openStack() (*stack, error) {
	s := &stack{url: os.Getenv("GUICHET_URL"), control: os.Getenv("GUICHET_CONTROLE"), temporal: os.Getenv("GUICHET_TEMPORAL"),
		namespace: os.Getenv("GUICHET_TEMPORAL_NAMESPACE"), bank: os.Getenv("GUICHET_BANQUE")}
	if s.url == "" || s.control == "" || s.temporal == "" {
		return nil, fmt.Errorf("the stack is not in the environment: run « make bench », or « guichet-local exec -- … »")
	}
	var err error
	s.engine, err = client.Dial(client.Options{HostPort: s.temporal, Namespace: s.namespace,
		Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return nil, fmt.Errorf("reaching Temporal: %w", err)
	}
	return s, nil
}

// runner plays scenarios on the stack with the demo admin.
func (s *stack) runner() *scenario.Runner {
	return scenario.New(scenario.Config{URL: s.url, Control: s.control, BankDir: s.bank, Admin: "admin", Password: "Guichet-Demo-2026",
		Out: os.Stderr, KeepClock: true})
}

// part is one process of the stack: its pid, and the memory of it and its children.
type part struct {
	Name string `json:"nom"`
	Pid  int    `json:"pid"`
	RSS  int64  `json:"rss_ko"`
}

func (s *stack) parts(ctx context.Context) ([]part, error) {
	var state struct {
		Parts []part `json:"parties"`
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.control+"/etat", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the stack: %w", err)
	}
	defer res.Body.Close()
	return state.Parts, json.NewDecoder(res.Body).Decode(&state)
}

// kill kills a part and starts it again at once; it answers when the part is ready.
func (s *stack) kill(ctx context.Context, name string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.control+"/tuer/"+name+"?relancer=1", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("killing %s: %w", name, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("killing %s: status %d", name, res.StatusCode)
	}
	return nil
}

// cost is the processor time that each part of the stack, and this program, has used.
type cost map[string]time.Duration

// spent reads the processor time of every part, that of the children it has ended too.
func (s *stack) spent(ctx context.Context) (cost, error) {
	ps, err := s.parts(ctx)
	if err != nil {
		return nil, err
	}
	c := cost{}
	table := processes()
	for _, p := range ps {
		if p.Pid != 0 && p.Name != "pile" {
			c[p.Name] = table.tree(p.Pid)
		}
	}
	c["banc"] = table.tree(os.Getpid())
	return c, nil
}

// since is what was used after before.
func (c cost) since(before cost) cost {
	d := cost{}
	for k, v := range c {
		d[k] = v - before[k]
	}
	return d
}

// product is what the stack used, without what asked for it.
func (c cost) product() (sum time.Duration) {
	for k, v := range c {
		if k != "banc" {
			sum += v
		}
	}
	return sum
}

// times is what /proc says of every process: its parent and its processor time.
type times map[int]struct {
	parent int
	cpu    time.Duration
}

// tick is the unit of /proc, 1/100 s on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func processes() times {
	t := times{}
	names, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			continue // it has ended
		}
		pid, _ := strconv.Atoi(strings.Split(n, "/")[2])
		_, rest, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(rest)
		if len(f) < 15 {
			continue
		}
		x := t[pid]
		x.parent, _ = strconv.Atoi(f[1])
		for _, v := range f[11:15] { // utime, stime, and those of the children it has waited for
			n, _ := strconv.ParseInt(v, 10, 64)
			x.cpu += time.Duration(n) * tick
		}
		t[pid] = x
	}
	return t
}

// tree is the processor time of a process, of its children and of theirs.
func (t times) tree(pid int) time.Duration {
	sum := t[pid].cpu
	for p, x := range t {
		if x.parent == pid && p != pid {
			sum += t.tree(p)
		}
	}
	return sum
}
