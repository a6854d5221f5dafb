package store

import (
	"container/heap"
	"context"
	"time"

	"guichet/opco"
)

// rendezVous is something that will happen to the set at a business instant. At
// one instant échéances go first, as in a procedure.
type rendezVous struct {
	le       time.Time
	echeance bool
	n        int // order of making
	faire    func() error
}

// agenda is a heap of rendezVous, the soonest first.
type agenda struct {
	rdv []rendezVous
	n   int
}

func (a agenda) Len() int      { return len(a.rdv) }
func (a agenda) Swap(i, j int) { a.rdv[i], a.rdv[j] = a.rdv[j], a.rdv[i] }
func (a agenda) Less(i, j int) bool {
	x, y := a.rdv[i], a.rdv[j]
	switch {
	case !x.le.Equal(y.le):
		return x.le.Before(y.le)
	case x.echeance != y.echeance:
		return x.echeance
	}
	return x.n < y.n
}

// Push and Pop serve container/heap only.
func (a *agenda) Push(v any) { a.rdv = append(a.rdv, v.(rendezVous)) }

// Pop removes the last rendezVous.
func (a *agenda) Pop() any {
	v := a.rdv[len(a.rdv)-1]
	a.rdv = a.rdv[:len(a.rdv)-1]
	return v
}

// prevoir plans f at le; what would come after the business present never does.
func (x *semeur) prevoir(le time.Time, f func() error) { x.inscrireRDV(le, false, f) }

func (x *semeur) inscrireRDV(le time.Time, echeance bool, f func() error) {
	if le.After(x.maintenant) {
		return
	}
	x.agenda.n++
	heap.Push(&x.agenda, rendezVous{le: le, echeance: echeance, n: x.agenda.n, faire: f})
}

// vivre lets eighteen months pass.
func (x *semeur) vivre(ctx context.Context) error {
	x.prevoirDossiers()
	x.prevoirLots()
	for x.agenda.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		v, _ := heap.Pop(&x.agenda).(rendezVous)
		if err := v.faire(); err != nil {
			return err
		}
	}
	return nil
}

// auBureau returns an instant of a working day, jours days after le, later than le.
func (x *semeur) auBureau(le time.Time, jours int) time.Time {
	j := opco.JourDe(le).Jours(jours)
	for !x.calendrier.Ouvre(j) {
		j = j.Jours(1)
	}
	t := j.Heure(x.entre(8, 17), x.entre(0, 59)).Add(time.Duration(x.entre(0, 59)) * time.Second)
	if !t.After(le) {
		t = le.Add(time.Duration(x.entre(10, 90)) * time.Minute)
	}
	return t
}

// tenirEcheance plans the next échéance of a dossier. It is fulfilled only if it
// is still the next one when it comes.
func (x *semeur) tenirEcheance(ds *dossierSeme) {
	if len(ds.d.Echeances) == 0 {
		return
	}
	e := ds.d.Echeances[0]
	x.inscrireRDV(e.Le, true, func() error {
		if len(ds.d.Echeances) == 0 || ds.d.Echeances[0] != e {
			return nil
		}
		return x.echoir(ds, e)
	})
}
