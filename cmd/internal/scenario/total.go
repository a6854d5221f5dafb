package scenario

import (
	"fmt"
	"time"
)

// Total counts how scenarios ended.
type Total struct {
	Passed, Failed, Skipped int
	Elapsed                 time.Duration
}

// Add counts the results of one script.
func (t *Total) Add(results []Result) {
	for _, r := range results {
		t.Elapsed += r.Elapsed
		switch {
		case r.Err != nil:
			t.Failed++
		case r.Skipped != "":
			t.Skipped++
		default:
			t.Passed++
		}
	}
}

// String is the last line of a run.
func (t Total) String() string {
	s := fmt.Sprintf("%d scénario(s) : %d bon(s), %d en échec", t.Passed+t.Failed+t.Skipped, t.Passed, t.Failed)
	if t.Skipped > 0 {
		s += fmt.Sprintf(", %d sauté(s)", t.Skipped)
	}
	return s + fmt.Sprintf(", en %s", t.Elapsed.Round(100*time.Millisecond))
}
