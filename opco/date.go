package opco

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a civil day in France, « 2026-04-13 ». The empty Date means none. It
// is a string so that histories, JSON and SQL read alike and compare in order.
type Date string

// Paris is the time zone of every civil date of the house. The binary embeds
// the zone database, so loading it cannot fail at run time.
var Paris = mustParis()

func mustParis() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic("time zone Europe/Paris: " + err.Error())
	}
	return l
}

const formatDate = "2006-01-02"

// JourDe returns the civil day in Paris of the instant t.
func JourDe(t time.Time) Date { return Date(t.In(Paris).Format(formatDate)) }

// ParseDate reads an ISO civil date between 1900 and 2199.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(formatDate, s)
	if err != nil || len(s) != len(formatDate) {
		return "", Errorf(Invalid, "« %s » n’est pas une date : écrivez-la AAAA-MM-JJ, par exemple 2026-04-13.", citer(s))
	}
	if t.Year() < 1900 || t.Year() > 2199 {
		return "", Errorf(Invalid, "La date %s est hors du calendrier : l’année doit être entre 1900 et 2199.", s)
	}
	return Date(s), nil
}

func (d Date) t() time.Time {
	t, _ := time.ParseInLocation(formatDate, string(d), Paris)
	return t
}

// Minuit returns the instant at which the day begins in Paris.
func (d Date) Minuit() time.Time { return d.t().UTC() }

// Heure returns the instant of the day at h:min in Paris.
func (d Date) Heure(h, min int) time.Time {
	t := d.t()
	return time.Date(t.Year(), t.Month(), t.Day(), h, min, 0, 0, Paris).UTC()
}

// FinDuJour returns the instant at which the day ends in Paris: 00:00 of the
// next one. What a délai does at its end happens then (domain.md 5 bis, Time).
func (d Date) FinDuJour() time.Time { return d.Jours(1).Minuit() }

// Jours returns the day n calendar days later.
func (d Date) Jours(n int) Date {
	t := d.t()
	return Date(time.Date(t.Year(), t.Month(), t.Day()+n, 0, 0, 0, 0, Paris).Format(formatDate))
}

// Mois returns the day n months later, date to date; a day that the month does
// not have becomes its last day (domain.md 3.3).
func (d Date) Mois(n int) Date {
	t := d.t()
	premier := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, Paris)
	dernier := premier.AddDate(0, 1, -1).Day()
	return Date(time.Date(premier.Year(), premier.Month(), min(t.Day(), dernier), 0, 0, 0, 0, Paris).Format(formatDate))
}

// Annee returns the civil year.
func (d Date) Annee() int { return d.t().Year() }

// Depuis returns the number of calendar days from e to d.
func (d Date) Depuis(e Date) int {
	a, b := d.t(), e.t()
	ua := time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, time.UTC)
	ub := time.Date(b.Year(), b.Month(), b.Day(), 0, 0, 0, 0, time.UTC)
	return int((ua.Unix() - ub.Unix()) / 86400) // a Duration holds 292 years only
}

var moisLongs = [...]string{"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// Longue writes the day for a reader: « 1er mars 2026 ».
func (d Date) Longue() string {
	if d == "" {
		return ""
	}
	t := d.t()
	jour := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		jour = "1er"
	}
	return jour + " " + moisLongs[t.Month()-1] + " " + fmt.Sprint(t.Year())
}

// Courte writes the day as 13/04/2026.
func (d Date) Courte() string {
	if d == "" {
		return ""
	}
	return d.t().Format("02/01/2006")
}

// Value writes the Date as a SQL date, the empty one as NULL.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads a SQL date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = ""
	case time.Time:
		*d = Date(v.Format(formatDate))
	case string:
		*d = Date(v)
	case []byte:
		*d = Date(v)
	default:
		return fmt.Errorf("scanning a date from %T", src)
	}
	return nil
}

// Calendrier knows the working days of a place. It is given, never global: a
// new jour férié must not change a running dossier (architecture.md 3).
type Calendrier interface {
	// Ouvre reports whether d is a jour ouvré (Monday to Friday, no holiday).
	Ouvre(d Date) bool
}

// JoursOuvres returns the day n jours ouvrés after d; d itself is day 0.
func (d Date) JoursOuvres(n int, c Calendrier) Date {
	for n > 0 {
		d = d.Jours(1)
		if c.Ouvre(d) {
			n--
		}
	}
	return d
}
