package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"guichet/cmd/internal/env"
	"guichet/cmd/internal/scenario"
	"guichet/store"
)

// bound is within how long the console must say what is stuck, and that it is no more: a
// promise of the product, whatever the machine.
const bound = time.Minute

// stack is the stack that runs around the test, with the demonstration played on it.
type stack struct {
	*testing.T
	cfg     env.Config
	url     string // of the public API
	s       *store.Store
	engine  client.Client
	control string // kills and restarts parts
	mail    string // makes the mail server fail

	launched []string  // interventions whose end is awaited
	broken   time.Time // when the fault that is being injected was there, if it was told
	twice    int       // mails that had left more than once before the test

	mu       sync.Mutex
	sessions map[string]*scenario.Session
}

// openStack finds the stack by the environment. long tests are not part of `go test -short`.
func openStack(t *testing.T, long bool) *stack {
	t.Helper()
	switch stack := os.Getenv("GUICHET_ESSAI_PILE") != ""; {
	case long && (!stack || testing.Short()):
		t.Skip("minutes on a stack that it breaks: « make chaos » runs it on one of its own")
	case !stack:
		t.Skip("here there is no stack: « make test » runs it afterwards on one of its own, and so does « make chaos »")
	}
	cfg, err := env.Lire()
	if err != nil {
		t.Fatal(err)
	}
	k := &stack{T: t, cfg: cfg, url: cfg.URL, control: os.Getenv("GUICHET_CONTROLE"), mail: os.Getenv("GUICHET_COURRIEL_PAGE"), sessions: map[string]*scenario.Session{}}
	if k.s, err = store.Open(t.Context(), cfg.DB, 8); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.s.Close() })
	if k.engine, err = client.Dial(client.Options{HostPort: cfg.Temporal, Namespace: cfg.Namespace}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.engine.Close)
	k.twice = k.surplus()
	return k
}

// as is the session of an account of the demonstration, on the public API.
func (k *stack) as(account string) *scenario.Session {
	k.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.sessions[account]; s != nil {
		return s
	}
	s, err := scenario.OpenSession(k.Context(), k.url, account, store.MotDePasseDemo)
	if err != nil {
		k.Fatal(err)
	}
	k.sessions[account] = s
	return s
}

// get reads an answer of the public API into v.
func (k *stack) get(account, path string, v any) {
	k.Helper()
	if err := k.as(account).Get(k.Context(), path, v); err != nil {
		k.Fatal(err)
	}
}

// send has an account do something that must be accepted, and reads the answer into v unless
// it is nil.
func (k *stack) send(account, path string, body, v any) {
	k.Helper()
	a, err := k.as(account).Send(k.Context(), http.MethodPost, path, body)
	if err != nil || a.Status >= 300 {
		k.Fatalf("POST %s by %s: %d %s %s, %v", path, account, a.Status, a.Code, a.Detail, err)
	}
	if v != nil {
		if err := json.Unmarshal(a.Body, v); err != nil {
			k.Fatal(err)
		}
	}
}

// sql does something behind the back of the product.
func (k *stack) sql(query string, args ...any) {
	k.Helper()
	if _, err := k.s.DB.ExecContext(k.Context(), query, args...); err != nil {
		k.Fatal(err)
	}
}

// one reads one value behind the back of the product.
func one[T any](k *stack, query string, args ...any) T {
	k.Helper()
	var v T
	if err := k.s.DB.GetContext(k.Context(), &v, query, args...); err != nil {
		k.Fatalf("%v: %s", err, query)
	}
	return v
}

// kill ends a part of the stack as a crash would: api, worker, temporal, postgres, banque.
func (k *stack) kill(part string) {
	k.Helper()
	k.order(k.control + "/tuer/" + part)
}

// restart starts a part that is down, and returns once it is ready.
func (k *stack) restart(part string) {
	k.Helper()
	k.order(k.control + "/relancer/" + part)
}

func (k *stack) order(address string) {
	k.Helper()
	if err := post(k.Context(), address, nil); err != nil {
		k.Fatal(err)
	}
}

// mails makes the mail server fail: arret, temporaire, permanente for the addresses that
// contain for, aucune. It is mended at the end of the test whatever happens.
func (k *stack) mails(mode, to string) {
	k.Helper()
	panne := func(ctx context.Context, mode, to string) error {
		return post(ctx, k.mail+"/api/pannes", map[string]string{"mode": mode, "pour": to})
	}
	if err := panne(k.Context(), mode, to); err != nil {
		k.Fatal(err)
	}
	if mode != "aucune" {
		k.Cleanup(func() { _ = panne(context.Background(), "aucune", "") })
	}
}

// post asks a tool of the stack for something.
func post(ctx context.Context, address string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(b))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("POST %s: %s", address, res.Status)
	}
	return nil
}

// clock is the business time of the stack, and setClock moves it.
func (k *stack) clock() time.Time {
	k.Helper()
	var h struct{ Le time.Time }
	k.get("admin", "/api/essai/horloge", &h)
	return h.Le
}

func (k *stack) setClock(at time.Time) {
	k.Helper()
	k.send("admin", "/api/essai/horloge", map[string]any{"le": at.Format(time.RFC3339Nano), "recul": at.Before(k.clock())}, nil)
}

// calm waits until nothing is pending: no acte without a verdict, no échéance that has
// passed, no mail to send.
func (k *stack) calm() {
	k.Helper()
	var c struct {
		Calme                       bool
		Actes, Echeances, Courriers int
	}
	for end := time.Now().Add(2 * bound); ; time.Sleep(200 * time.Millisecond) {
		k.get("admin", "/api/essai/calme", &c)
		if c.Calme {
			return
		}
		if time.Now().After(end) {
			k.Fatalf("not at rest: %+v", c)
		}
	}
}

// product is the path of the guichet program that the stack runs.
func (k *stack) product() string {
	k.Helper()
	p, err := filepath.Abs(filepath.Join("..", "..", "..", "bin", "guichet"))
	if err != nil {
		k.Fatal(err)
	}
	return p
}

// guichet runs a command of the program and returns what it printed.
func (k *stack) guichet(args ...string) (string, error) {
	k.Helper()
	out, err := exec.CommandContext(k.Context(), k.product(), args...).CombinedOutput()
	return string(out), err
}

// unverifiable is how guichet verify ends when nothing is broken and something could not be asked.
const unverifiable = 2

// verify is the last word on every fault: all invariants are held, on a stack at rest. An engine
// that had no time to answer is asked again.
func (k *stack) verify() string {
	k.Helper()
	out, err := k.guichet("verify", "--repos")
	var end *exec.ExitError
	for tries := 1; tries < 3 && errors.As(err, &end) && end.ExitCode() == unverifiable; tries++ {
		time.Sleep(5 * time.Second)
		out, err = k.guichet("verify", "--repos")
	}
	if err != nil {
		k.Errorf("guichet verify --repos: %v\n%s", err, out)
		return "rompu"
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.TrimSuffix(lines[len(lines)-1], ".")
}
