package chaos

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// crashes is how often the base is killed.
const crashes = 10

// The base is killed under traffic, in the middle of a COMMIT when one is caught: who asks is
// told so in words, what was acknowledged is there, what was not is asked again under the same
// id and done once, and all that lived lives again by itself.
func TestBaseTueeEnPleinCommit(t *testing.T) {
	k := openStack(t, true)
	k.calm()
	private := k.freeAddress()
	own := k.launchAPI(k.product(), "GUICHET_ADRESSE_INTERNE="+private)
	alive := k.parts()
	f := k.flow(4)
	row := outcome{objets: 1, action: "base rétablie"}
	commits := 0
	for i := range crashes {
		time.Sleep(time.Second + rand.N(2*time.Second))
		if i%2 == 1 {
			commits += k.killCommit()
			continue
		}
		k.kill("postgres")
		if i == 0 {
			row.found, row.words = k.toldOfTheBase(own.url, private)
		}
		k.restart("postgres")
	}
	back := time.Now()
	f.goesFurther()
	f.halt()
	k.calm()
	row.healed = time.Since(back)
	f.check()
	f.repeat()
	k.doubled(crashes)
	if now := k.parts(); !slices.Equal(now, alive) || own.ended() {
		k.Errorf("of %v and one more API only %v live, %s", alive, now, own.said())
	}
	if commits == 0 {
		k.Errorf("no COMMIT was caught in %d crashes", crashes)
	}
	row.fault = fmt.Sprintf("PostgreSQL tué %d fois sous trafic, dont %d en plein COMMIT", crashes, commits)
	row.verify = k.verify()
	record(row)
}

// killCommit kills what writes a COMMIT down, with which PostgreSQL ends all the others and
// starts again by itself: 1, or 0 when it could catch none and took another of the house.
func (k *stack) killCommit() (caught int) {
	k.Helper()
	var victim struct {
		Pid    int
		Commit bool
	}
	for end := time.Now().Add(5 * time.Second); ; {
		err := k.s.DB.GetContext(k.Context(), &victim, `SELECT pid, upper(query) LIKE 'COMMIT%' AND state = 'active' AS commit FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY 2 DESC LIMIT 1`)
		if err == nil && (victim.Commit || time.Now().After(end)) {
			break
		}
		if err != nil && time.Now().After(end.Add(bound)) {
			k.Fatalf("the base does not come back: %v", err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	if err := syscall.Kill(victim.Pid, syscall.SIGKILL); err != nil {
		k.Fatalf("killing process %d of the base: %v", victim.Pid, err)
	}
	if victim.Commit {
		caught = 1
	}
	return caught
}

// toldOfTheBase waits until a counter says that the base is away: to who asks for the console,
// and to who looks after the process.
func (k *stack) toldOfTheBase(url, private string) (time.Duration, string) {
	k.Helper()
	ops, start := k.as("ops").Patient(0).At(url), time.Now()
	for ; time.Since(start) <= bound; time.Sleep(200 * time.Millisecond) {
		a, err := ops.Send(k.Context(), http.MethodGet, "/api/ops/incidents", nil)
		if err != nil || a.Status != http.StatusServiceUnavailable || !strings.Contains(a.Detail, "ne joint plus sa base de données") {
			continue
		}
		if p := k.probe(private); strings.Contains(p, `"base":"non`) {
			return time.Since(start), a.Detail + " Et la sonde : " + p
		}
	}
	k.Errorf("nobody says that the base is away")
	return bound, ""
}

// probe is what a process says to who looks after it.
func (k *stack) probe(private string) string {
	k.Helper()
	req, err := http.NewRequestWithContext(k.Context(), http.MethodGet, "http://"+private+"/pret", nil)
	if err != nil {
		k.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b))
}

// parts are the parts of the stack that live.
func (k *stack) parts() (alive []string) {
	k.Helper()
	req, err := http.NewRequestWithContext(k.Context(), http.MethodGet, k.control+"/etat", nil)
	if err != nil {
		k.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.Fatal(err)
	}
	defer res.Body.Close()
	var x struct {
		Parties []struct {
			Nom string
			Pid int
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&x); err != nil {
		k.Fatal(err)
	}
	for _, p := range x.Parties {
		if p.Pid != 0 {
			alive = append(alive, p.Nom)
		}
	}
	return alive
}

// repeat sends each acknowledged acte once more, as who never read the answer does: the answer
// is the same, and nothing is done.
func (f *traffic) repeat() {
	f.Helper()
	steps := one[int](f.stack, `SELECT count(*) FROM passage`)
	for _, a := range f.acks {
		r, err := f.as(a.account).Send(f.Context(), http.MethodPost, a.path, a.body)
		v, seen := verdict(f.Context(), f.as(a.account), a.id)
		if err != nil || seen != nil || (r.Status < 300) != (v == "applique") {
			f.Errorf("acte %s sent again: %d %s for what is %q, %v %v", a.id, r.Status, r.Detail, v, err, seen)
		}
	}
	if n := one[int](f.stack, `SELECT count(*) FROM passage`); n != steps {
		f.Errorf("%d steps were made by actes sent again", n-steps)
	}
}
