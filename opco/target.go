package opco

import "time"

// JourTarget reports whether the banks of the euro area settle transfers on d: not
// on week-ends, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
// (calendar of TARGET, the settlement system of the Eurosystem).
func JourTarget(d Date) bool {
	t := d.Heure(12, 0).In(Paris)
	if j := t.Weekday(); j == time.Saturday || j == time.Sunday {
		return false
	}
	switch t.Format("01-02") {
	case "01-01", "05-01", "12-25", "12-26":
		return false
	}
	paques := Paques(t.Year())
	return d != paques.Jours(-2) && d != paques.Jours(1)
}

// ProchainTarget returns d, or the first later day on which banks settle.
func ProchainTarget(d Date) Date {
	for !JourTarget(d) {
		d = d.Jours(1)
	}
	return d
}

// Paques returns Easter Sunday of a year (Butcher's algorithm for the Gregorian
// calendar).
func Paques(annee int) Date {
	a, b, c := annee%19, annee/100, annee%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	mois := (h + l - 7*m + 114) / 31
	jour := (h+l-7*m+114)%31 + 1
	return JourDe(time.Date(annee, time.Month(mois), jour, 12, 0, 0, 0, Paris))
}
