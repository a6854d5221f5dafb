package opco

import (
	"strings"
	"time"
)

// ParseInstant reads an instant with its offset, « 2026-04-13T09:30:00+02:00 » or
// « …Z » (RFC 3339), and returns it in UTC. A time without offset is refused, for
// it happens twice in October; so are leap seconds, and a time of the night in
// March that no clock in Paris shows. Errors are Invalid.
func ParseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, sansDecalage(s)
	}
	if _, err := ParseDate(t.Format(formatDate)); err != nil {
		return time.Time{}, err
	}
	_, decalage := t.Zone()
	if (decalage == 3600 || decalage == 7200) && !strings.HasSuffix(s, "Z") && !existeAParis(t) {
		return time.Time{}, Errorf(Invalid, "L’heure %s n’existe pas à Paris : cette nuit-là, on passe de 2 h à 3 h.", citer(s))
	}
	return t.UTC(), nil
}

// sansDecalage explains why s, which is not RFC 3339, is refused.
func sansDecalage(s string) error {
	for _, format := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		t, err := time.Parse(format, s)
		if err != nil {
			continue
		}
		if !existeAParis(t) {
			return Errorf(Invalid, "L’heure %s n’existe pas à Paris : cette nuit-là, on passe de 2 h à 3 h.", citer(s))
		}
		return Errorf(Invalid, "Il manque le décalage horaire de « %s » : ajoutez Z ou, à l’heure de Paris, %s.", citer(s), decalageParis(t))
	}
	return Errorf(Invalid, "« %s » n’est pas une date et une heure : écrivez-les ainsi, 2026-04-13T09:30:00+02:00.", citer(s))
}

// existeAParis reports whether the clocks of Paris ever show the wall time of t.
func existeAParis(t time.Time) bool {
	const mur = "2006-01-02T15:04:05"
	return murParis(t).Format(mur) == t.Format(mur)
}

func murParis(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, Paris)
}

// decalageParis names the offset to write for the wall time of t, both of them in
// the hour that is lived twice.
func decalageParis(t time.Time) string {
	const offset = "-07:00"
	u := murParis(t)
	for _, autre := range []time.Time{u.Add(-time.Hour), u.Add(time.Hour)} {
		if autre.Format("15:04") == u.Format("15:04") {
			return "+02:00 ou +01:00"
		}
	}
	return u.Format(offset)
}
