package scenario

import (
	"testing"

	"guichet/opco"
)

// Before the day of execution the bank can only accept or reject: a step that asks
// it to answer ends there. From that day on, accepted is not an outcome.
func TestAnswered(t *testing.T) {
	const asked = opco.Date("2026-05-12")
	for _, c := range []struct {
		name     string
		today    opco.Date
		states   []opco.EtatReglement
		returned bool
		want     bool
	}{
		{"accepted the day before", "2026-05-11", []opco.EtatReglement{opco.ReglementAccepte, opco.ReglementRejete}, false, true},
		{"one without a word the day before", "2026-05-11", []opco.EtatReglement{opco.ReglementAccepte, opco.ReglementEmis}, false, false},
		{"accepted on the day", asked, []opco.EtatReglement{opco.ReglementExecute, opco.ReglementAccepte}, false, false},
		{"executed on the day", asked, []opco.EtatReglement{opco.ReglementExecute, opco.ReglementRejete}, false, true},
		{"nothing came back yet", "2026-05-14", []opco.EtatReglement{opco.ReglementExecute}, true, false},
		{"one came back", "2026-05-14", []opco.EtatReglement{opco.ReglementExecute, opco.ReglementRetourne}, true, true},
		{"no line read", asked, nil, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l lotReply
			l.Lot.Execution = asked
			for _, e := range c.states {
				l.Lignes = append(l.Lignes, lotLine{Etat: e})
			}
			if got := l.answered(c.today, c.returned); got != c.want {
				t.Errorf("got %t, want %t", got, c.want)
			}
		})
	}
}
