package opco

import (
	"fmt"
	"strconv"
	"strings"
)

// Minutes is a length of training. Hours are typed with decimals, or with
// minutes, and compared to the minute, so that no quarter of an hour is lost.
type Minutes int64

// MinutesMax is the longest training: 9 999 hours.
const MinutesMax Minutes = 9999 * 60

// ParseDuree reads a length typed by a person: « 21 », « 21,00 », « 21.5 »,
// « 7 h 30 », « 7h30 », « 45 min ». It must be a whole number of minutes, from one
// minute to 9 999 hours. Errors are Invalid, on the field « duree ».
func ParseDuree(s string) (Minutes, error) {
	brut := strings.ToLower(sansEspaces(s))
	heures, minutes, ok := decouperDuree(brut)
	if !ok {
		return 0, Champf("duree", "« %s » n’est pas une durée : écrivez-la en heures, par exemple 21, 21,50 ou 7 h 30.", citer(s))
	}
	total, exact := enMinutes(heures, minutes)
	switch {
	case !exact:
		return 0, Champf("duree", "« %s » heures ne tombe pas sur une minute entière : écrivez la durée en heures et minutes, par exemple 7 h 20.", citer(s))
	case total < 1:
		return 0, Champf("duree", "La durée doit être d’au moins une minute.")
	case total > MinutesMax:
		return 0, Champf("duree", "La durée ne peut pas dépasser 9 999 heures.")
	}
	return total, nil
}

// decouperDuree separates hours, with or without decimals, from minutes. ok is
// false when the text is none of the forms that ParseDuree knows.
func decouperDuree(brut string) (heures, minutes string, ok bool) {
	avant, apres, horloge := strings.Cut(brut, "h")
	if !horloge {
		if m, seules := strings.CutSuffix(brut, "min"); seules {
			return "0", m, m != "" && chiffres(m) && len(m) <= 6
		}
		entier, decimales, virgule := strings.Cut(strings.Replace(brut, ",", ".", 1), ".")
		ok = entier != "" && chiffres(entier) && chiffres(decimales) && len(decimales) <= 2 && (!virgule || decimales != "")
		return entier + "." + decimales, "0", ok && len(entier) <= 9
	}
	apres = strings.TrimSuffix(apres, "min")
	if apres == "" {
		apres = "00"
	}
	ok = avant != "" && chiffres(avant) && len(avant) <= 9 && chiffres(apres) && len(apres) == 2 && apres < "60"
	return avant, apres, ok
}

// enMinutes adds hours of at most two decimals and minutes. exact is false when
// the decimals are not a whole number of minutes.
func enMinutes(heures, minutes string) (total Minutes, exact bool) {
	entier, decimales, _ := strings.Cut(heures, ".")
	for len(decimales) < 2 {
		decimales += "0"
	}
	h, _ := strconv.ParseInt(entier, 10, 64)
	c, _ := strconv.ParseInt(decimales, 10, 64)
	m, _ := strconv.ParseInt(minutes, 10, 64)
	return Minutes(h*60 + c*60/100 + m), c*60%100 == 0
}

// String writes the length for a reader: « 21 h », « 7 h 30 », « 45 min ».
func (m Minutes) String() string {
	signe := ""
	if m < 0 {
		signe, m = "-", -m
	}
	h, r := int64(m/60), int64(m%60)
	switch {
	case h == 0 && r > 0:
		return signe + strconv.FormatInt(r, 10) + espaceInsecable + "min"
	case r == 0:
		return signe + strconv.FormatInt(h, 10) + espaceInsecable + "h"
	}
	return fmt.Sprintf("%s%d%sh%s%02d", signe, h, espaceInsecable, espaceInsecable, r)
}

// Heures writes the length in hours with two decimals, « 28,00 », as invoices and
// certificates do. It is rounded half-up to the hundredth: a text to show, never
// a figure to compute with.
func (m Minutes) Heures() string {
	signe := ""
	if m < 0 {
		signe, m = "-", -m
	}
	centiemes := (int64(m)*100 + 30) / 60
	return fmt.Sprintf("%s%d,%02d", signe, centiemes/100, centiemes%100)
}
