package activities_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"guichet/activities"
	"guichet/opco"
)

// feries2026 are the holidays of 2026 that fall on a weekday; 15 August and
// 1 November fall on a weekend.
var feries2026 = []opco.Date{"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14",
	"2026-05-25", "2026-07-14", "2026-11-11", "2026-12-25"}

func TestOuvreEveryDayOf2026(t *testing.T) {
	tests := []struct {
		nom           string
		alsaceMoselle bool
		feries        []opco.Date
	}{
		{"France", false, feries2026},
		// 26 December 2026 is a Saturday.
		{"Alsace-Moselle", true, append(slices.Clone(feries2026), "2026-04-03")},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			c := activities.NewCalendrier(tt.alsaceMoselle)
			for d := opco.Date("2026-01-01"); d <= "2026-12-31"; d = d.Jours(1) {
				jour := d.Heure(12, 0).Weekday()
				want := jour != time.Saturday && jour != time.Sunday && !slices.Contains(tt.feries, d)
				if got := c.Ouvre(d); got != want {
					t.Errorf("%s, %s: got %v, want %v", d, jour, got, want)
				}
			}
		})
	}
}

func TestOuvreOtherYears(t *testing.T) {
	france, alsace := activities.NewCalendrier(false), activities.NewCalendrier(true)
	tests := []struct {
		nom            string
		d              opco.Date
		france, alsace bool
	}{
		{"Easter Monday 2027", "2027-03-29", false, false},
		{"Good Friday 2027", "2027-03-26", true, false},
		{"Ascension 2027", "2027-05-06", false, false},
		{"Whit Monday 2027", "2027-05-17", false, false},
		{"26 December 2025, a Friday", "2025-12-26", true, false},
		{"1 November 2027, a Monday", "2027-11-01", false, false},
		{"Ascension on 1 May", "2008-05-01", false, false},
		{"a holiday on a Sunday moves to no Monday", "2026-08-17", true, true},
		{"leap day", "2028-02-29", true, true},
	}
	for _, tt := range tests {
		if got := france.Ouvre(tt.d); got != tt.france {
			t.Errorf("%s: got %v, want %v", tt.nom, got, tt.france)
		}
		if got := alsace.Ouvre(tt.d); got != tt.alsace {
			t.Errorf("%s, Alsace-Moselle: got %v, want %v", tt.nom, got, tt.alsace)
		}
	}
}

func TestJoursOuvresOverTheHolidaysOfMay(t *testing.T) {
	tests := []struct {
		d    opco.Date
		n    int
		want opco.Date
	}{
		{"2026-04-30", 1, "2026-05-04"},
		{"2026-05-07", 1, "2026-05-11"},
		{"2026-05-13", 2, "2026-05-18"},
		{"2026-12-24", 1, "2026-12-28"},
		{"2026-12-31", 1, "2027-01-04"},
	}
	c := activities.NewCalendrier(false)
	for _, tt := range tests {
		if got := tt.d.JoursOuvres(tt.n, c); got != tt.want {
			t.Errorf("%s + %d: got %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
}

// TestOuvreIsShared reads one calendar from many goroutines, as activities do.
func TestOuvreIsShared(t *testing.T) {
	c := activities.NewCalendrier(true)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for d := opco.Date("2026-01-01"); d <= "2026-12-31"; d = d.Jours(1) {
				c.Ouvre(d)
			}
		})
	}
	wg.Wait()
}
