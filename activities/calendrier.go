package activities

import (
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"

	"guichet/opco"
)

// Calendrier knows the jours ouvrés of a part of France (domain.md 3.3). It is an
// opco.Calendrier for activities, which write down the absolute date that a délai
// gives; no workflow reads it. It never changes once made, so it may be shared.
type Calendrier struct {
	feries *cal.BusinessCalendar
}

var _ opco.Calendrier = (*Calendrier)(nil)

// NewCalendrier returns the calendar of an établissement: Monday to Friday but
// the eleven public holidays (C. trav. L3133-1), and in Alsace-Moselle Good
// Friday and 26 December too (L3134-13).
func NewCalendrier(alsaceMoselle bool) *Calendrier {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(fr.Holidays...)
	if alsaceMoselle {
		c.AddHoliday(aa.GoodFriday, aa.ChristmasDay2)
	}
	return &Calendrier{feries: c}
}

// Ouvre reports whether d is a jour ouvré.
func (c *Calendrier) Ouvre(d opco.Date) bool {
	return c.feries.IsWorkday(d.Heure(12, 0)) // noon in Paris is the same day in UTC
}
