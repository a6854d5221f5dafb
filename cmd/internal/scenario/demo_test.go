package scenario

import (
	"testing"
	"time"

	"guichet/opco"
)

// TestReadDemo reads the demonstration as on several days: its steps must be in
// order and end before today, and no training of it start before its dépôt.
func TestReadDemo(t *testing.T) {
	for _, today := range []string{"2026-11-22", "2026-12-31", "2027-03-01", "2028-02-29"} {
		now := opco.Date(today).Heure(9, 0)
		s, err := readDemo(now)
		if err != nil {
			t.Fatalf("%s: %v", today, err)
		}
		var last time.Time
		for _, e := range s.Etapes {
			switch b := e.Body.(type) {
			case *Clock:
				if !b.At.After(last) {
					t.Errorf("%s: the clock goes from %s to %s", today, last, b.At)
				}
				last = b.At.Time
			case *Act:
				if b.Fait == "creer" && opco.Date(b.Avec.Du) <= opco.JourDe(last) {
					t.Errorf("%s: dossier %s starts on %s, created on %s", today, b.Dossier, b.Avec.Du, opco.JourDe(last))
				}
			}
		}
		if last.After(now) || now.Sub(last) > 9*24*time.Hour {
			t.Errorf("%s: the demonstration ends on %s", today, last)
		}
		if n := len(s.created()); n < 8 {
			t.Errorf("%d dossiers, want 8 at least", n)
		}
	}
}

// TestDemoBeforeBareme: in the first months of the barème the demonstration does
// not begin before it.
func TestDemoBeforeBareme(t *testing.T) {
	s, err := readDemo(opco.Date("2026-03-01").Heure(9, 0))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := s.Etapes[0].Body.(*Clock); !ok || opco.JourDe(c.At.Time) != firstBareme {
		t.Errorf("first step %+v, want %s", s.Etapes[0].Body, firstBareme)
	}
}
