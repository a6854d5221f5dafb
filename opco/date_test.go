package opco_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/opco"
)

func TestParseDate(t *testing.T) {
	const illisible, hors = "n’est pas une date", "hors du calendrier"
	tests := []struct{ saisie, refus string }{
		{"2026-04-13", ""},
		{"2028-02-29", ""},
		{"1900-01-01", ""},
		{"2199-12-31", ""},
		{"2025-02-29", illisible},
		{"2100-02-29", illisible},
		{"2026-09-31", illisible},
		{"2026-00-10", illisible},
		{"01/02/2026", illisible},
		{"2026-2-1", illisible},
		{"20226-01-01", illisible},
		{"2026-04-13T00:00:00Z", illisible},
		{" 2026-04-13", illisible},
		{"２０２６-04-13", illisible},
		{"", illisible},
		{"\u202e2026-04-13", illisible},
		{"0001-01-01", hors},
		{"1899-12-31", hors},
		{"2200-01-01", hors},
		{"9999-12-31", hors},
	}
	for _, tt := range tests {
		t.Run(tt.saisie, func(t *testing.T) {
			got, err := opco.ParseDate(tt.saisie)
			if tt.refus != "" {
				verifierRefus(t, "", err, tt.refus)
				return
			}
			if err != nil || string(got) != tt.saisie {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestJourDe(t *testing.T) {
	tests := []struct {
		instant string
		want    opco.Date
	}{
		{"2026-07-02T21:59:59Z", "2026-07-02"},
		{"2026-07-02T22:00:00Z", "2026-07-03"},
		{"2026-12-31T22:59:59Z", "2026-12-31"},
		{"2026-12-31T23:00:00Z", "2027-01-01"},
		{"2026-04-14T08:00:00+14:00", "2026-04-13"},
	}
	for _, tt := range tests {
		i, err := time.Parse(time.RFC3339, tt.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := opco.JourDe(i); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.instant, got, tt.want)
		}
	}
}

func TestDateCounting(t *testing.T) {
	tests := []struct {
		nom       string
		got, want opco.Date
	}{
		{"day 30 of the complement of S06", opco.Date("2026-06-02").Jours(30), "2026-07-02"},
		{"over the change of hour of March", opco.Date("2026-03-28").Jours(2), "2026-03-30"},
		{"over the change of hour of October", opco.Date("2026-10-24").Jours(2), "2026-10-26"},
		{"backwards over a year", opco.Date("2026-01-01").Jours(-1), "2025-12-31"},
		{"31 January and a month", opco.Date("2026-01-31").Mois(1), "2026-02-28"},
		{"31 January and a month, leap year", opco.Date("2028-01-31").Mois(1), "2028-02-29"},
		{"31 August and six months", opco.Date("2026-08-31").Mois(6), "2027-02-28"},
		{"a month is date to date", opco.Date("2026-02-28").Mois(1), "2026-03-28"},
		{"backwards", opco.Date("2026-03-31").Mois(-1), "2026-02-28"},
		{"over a year", opco.Date("2026-12-15").Mois(2), "2027-02-15"},
		{"29 February and a year", opco.Date("2028-02-29").Mois(12), "2029-02-28"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.nom, tt.got, tt.want)
		}
	}
}

func TestDateInstants(t *testing.T) {
	tests := []struct {
		nom  string
		got  time.Time
		want string
	}{
		{"a day begins", opco.Date("2026-07-02").Minuit(), "2026-07-01T22:00:00Z"},
		{"a day ends", opco.Date("2026-07-02").FinDuJour(), "2026-07-02T22:00:00Z"},
		{"the day of 23 hours", opco.Date("2026-03-29").FinDuJour(), "2026-03-29T22:00:00Z"},
		{"the day of 25 hours", opco.Date("2026-10-25").FinDuJour(), "2026-10-25T23:00:00Z"},
		{"reminders in winter", opco.Date("2026-12-10").Heure(8, 0), "2026-12-10T07:00:00Z"},
		{"reminders in summer", opco.Date("2026-06-10").Heure(8, 0), "2026-06-10T06:00:00Z"},
		{"reminders on the day of 23 hours", opco.Date("2026-03-29").Heure(8, 0), "2026-03-29T06:00:00Z"},
	}
	for _, tt := range tests {
		if got := tt.got.Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.nom, got, tt.want)
		}
	}
}

// TestEveryDay walks all the days of the calendar: none is skipped, repeated or
// moved by a change of hour, and each is the day of its own instants (until 1976 the
// clocks could go back over midnight: no délai runs there).
func TestEveryDay(t *testing.T) {
	n := 0
	for d := opco.Date("1900-01-01"); d <= "2199-12-31"; d = d.Jours(1) {
		u := time.Date(1900, 1, 1+n, 0, 0, 0, 0, time.UTC)
		if got := u.Format("2006-01-02"); got != string(d) || d.Annee() != u.Year() {
			t.Fatalf("day %d: got %s, want %s", n, d, got)
		}
		for _, i := range []time.Time{d.Minuit(), d.Heure(8, 0), d.FinDuJour().Add(-time.Second)} {
			if d >= "1980-01-01" && opco.JourDe(i) != d {
				t.Fatalf("%s: its instant %s is another day", d, i)
			}
		}
		if d.Depuis("1900-01-01") != n {
			t.Fatalf("%s: %d days since 1900, want %d", d, d.Depuis("1900-01-01"), n)
		}
		n++
	}
}

func TestDateProperties(t *testing.T) {
	jour := rapid.Custom(func(t *rapid.T) opco.Date {
		return opco.Date("2000-01-01").Jours(rapid.IntRange(0, 60000).Draw(t, "jour"))
	})
	rapid.Check(t, func(t *rapid.T) {
		d, n := jour.Draw(t, "d"), rapid.IntRange(-20000, 20000).Draw(t, "n")
		if got := d.Jours(n); got.Depuis(d) != n || got.Jours(-n) != d {
			t.Fatalf("%s + %d days = %s", d, n, got)
		}
		e, m := jour.Draw(t, "e"), rapid.IntRange(-600, 600).Draw(t, "m")
		if d < e && d.Mois(m) > e.Mois(m) {
			t.Fatalf("%s is before %s, but not %d months later", d, e, m)
		}
		if got := d.Mois(m); got > d.Mois(m+1) || string(got[8:]) > string(d[8:]) {
			t.Fatalf("%s + %d months = %s", d, m, got)
		}
	})
}

func TestDateTexte(t *testing.T) {
	tests := []struct {
		d              opco.Date
		longue, courte string
	}{
		{"2026-03-01", "1er mars 2026", "01/03/2026"},
		{"2026-08-31", "31 août 2026", "31/08/2026"},
		{"2026-12-10", "10 décembre 2026", "10/12/2026"},
		{"", "", ""},
	}
	for _, tt := range tests {
		if tt.d.Longue() != tt.longue || tt.d.Courte() != tt.courte {
			t.Errorf("%q: got %q, %q; want %q, %q", tt.d, tt.d.Longue(), tt.d.Courte(), tt.longue, tt.courte)
		}
	}
}

func TestDateSQL(t *testing.T) {
	var d opco.Date
	for _, src := range []any{time.Date(2026, 4, 13, 0, 0, 0, 0, time.UTC), "2026-04-13", []byte("2026-04-13")} {
		if err := d.Scan(src); err != nil || d != "2026-04-13" {
			t.Errorf("%v: got %q, %v", src, d, err)
		}
	}
	if v, err := d.Value(); err != nil || v != "2026-04-13" {
		t.Errorf("written as %v, %v", v, err)
	}
	if err := d.Scan(nil); err != nil || d != "" {
		t.Errorf("NULL: got %q, %v", d, err)
	}
	if v, err := d.Value(); err != nil || v != nil {
		t.Errorf("no date: written as %v, %v", v, err)
	}
	if err := d.Scan(42); err == nil {
		t.Error("a number is scanned as a date")
	}
}

// sansWeekend is a Calendrier whose only holiday is the Monday of Easter 2026.
type sansWeekend struct{}

func (sansWeekend) Ouvre(d opco.Date) bool {
	j := d.Heure(12, 0).Weekday()
	return d != "2026-04-06" && j != time.Saturday && j != time.Sunday
}

func TestJoursOuvres(t *testing.T) {
	tests := []struct {
		d    opco.Date
		n    int
		want opco.Date
	}{
		{"2026-04-02", 0, "2026-04-02"},
		{"2026-04-02", 1, "2026-04-03"},
		{"2026-04-02", 2, "2026-04-07"},
		{"2026-04-04", 1, "2026-04-07"},
		{"2026-04-04", 0, "2026-04-04"},
	}
	for _, tt := range tests {
		if got := tt.d.JoursOuvres(tt.n, sansWeekend{}); got != tt.want {
			t.Errorf("%s + %d: got %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
}
