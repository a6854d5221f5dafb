package web

import (
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// Talon is where a dossier stands, as OuEnEst shows it: the Suivi of opco, with
// the button that does what is asked of the reader. Flux is the address that
// renders it alone, for a page that is kept up to date; "" when there is none.
type Talon struct {
	opco.Suivi
	Etat   opco.Etat
	Jour   opco.Date // the business day on which it is read
	Action *Acte
	Flux   string
	Bref   bool // in a line beside the état, for those who know the trade
}

// ton is the tone of the état; one that waits for something unusual is amber.
func (t Talon) ton() string {
	if t.Bloque {
		return Ambre
	}
	return marques[t.Etat].Ton
}

func (t Talon) icone() string {
	if i := marques[t.Etat].Icone; i != "" {
		return i
	}
	return "info"
}

// depuis answers « depuis quand » : the day, with how long ago it was.
func (t Talon) depuis() string {
	if t.Depuis.IsZero() {
		return "Date inconnue"
	}
	jour := opco.JourDe(t.Depuis)
	s := t.mots("le ", "Le ") + t.jour(jour)
	if il := ilYA(jour, t.Jour); il != "" {
		if t.Bref {
			il = strings.TrimPrefix(il, ilYAvait)
		}
		s += " (" + il + ")"
	}
	return s
}

// mots picks the short words where the talon holds on one line, else the full ones.
func (t Talon) mots(bref, plein string) string {
	if t.Bref {
		return bref
	}
	return plein
}

// ilYAvait begins what was days ago.
const ilYAvait = "il\u00a0y\u00a0a\u00a0"

// ilYA says how long ago a day was: « aujourd’hui », « hier », « il y a 12 jours ».
func ilYA(jour, present opco.Date) string {
	if jour == "" || present == "" {
		return ""
	}
	switch n := present.Depuis(jour); {
	case n < 0:
		return ""
	case n == 0:
		return "aujourd’hui"
	case n == 1:
		return "hier"
	default:
		return ilYAvait + strconv.Itoa(n) + "\u00a0jours"
	}
}

// delai says from when and until when who acts must act, after their name.
func (t Talon) delai() string {
	switch {
	case t.AvantLe != "" && t.AvantLe < t.Jour:
		return ", délai dépassé depuis le " + t.jour(t.AvantLe)
	case t.AvantLe != "" && t.Qui.Interne():
		return ", au plus tard le " + t.jour(t.AvantLe)
	case t.AvantLe != "":
		return ", jusqu’au " + t.AvantLe.Longue() + " inclus"
	case t.DesLe != "" && t.DesLe > t.Jour:
		return ", à partir du " + t.jour(t.DesLe)
	}
	return ""
}

// jour writes a day, in figures where the talon holds on one line.
func (t Talon) jour(d opco.Date) string {
	return t.mots(d.Courte(), d.Longue())
}

// etiquette names the section for who hears the page.
func (t Talon) etiquette() string { return "Où en est ce dossier : " + t.Phrase }

// finPhrase closes a sentence that may already be.
func finPhrase(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// jourLu says the day of an instant: « 11 juin 2026 ».
func jourLu(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return opco.JourDe(t).Longue()
}

// ponctuer keeps « : », « ; », « ? » and « ! » with the word before them.
func ponctuer(s string) string {
	return strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»").Replace(s)
}
