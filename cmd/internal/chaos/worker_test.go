package chaos

import (
	"testing"
	"time"

	"guichet/opco"
)

// workersDown is an hour without any worker, in which people go on and a day promised by the
// law comes.
func workersDown() fault {
	var queued *traffic
	var due []duty
	return fault{name: "tous les exécutants arrêtés une heure, sous trafic",
		inject: func(k *stack) {
			opened := k.brought(12, 4, 2)
			due = k.nextDuties(30 * time.Minute)
			queued = k.newTraffic()
			queued.wait = 0
			k.kill("worker")
			k.breaks()
			k.setClock(k.clock().Add(time.Hour))
			queued.group.Go(func() {
				for _, id := range opened.opened() { // one acte each, on what is open
					queued.act("gestionnaire", id, "decision", nil)
				}
			})
			queued.crowd(24, 4)
		},
		nature: opco.IncidentMoteur, titre: "exécutant", conseil: "Démarrez un exécutant", objets: 1,
		also: func(g group) bool { // what waits for them
			return g.Nature == opco.IncidentMoteur || g.Nature == opco.IncidentActe || g.Nature == opco.IncidentEcheance || g.Nature == opco.IncidentCourriel
		},
		heal: func(k *stack, _ group) string {
			queued.group.Wait()
			k.restart("worker")
			return "exécutant démarré"
		},
		after: func(k *stack) {
			queued.check()
			k.heard(due)
		}}
}

// While nobody works, what is acknowledged is kept and waits; the console says that nobody is
// there; once they are back all is applied, once and in order, and what came due is heard.
func TestExecutantsArretes(t *testing.T) { openStack(t, true).contract(workersDown()) }

// duty is a dossier that something happens to by itself on a day, and its rank before.
type duty struct {
	ID   string `db:"id"`
	Rang int64  `db:"rang"`
}

// nextDuties brings the clock to just before the next échéances of dossiers, and says whose
// they are.
func (k *stack) nextDuties(before time.Duration) (due []duty) {
	k.Helper()
	at := one[time.Time](k, `SELECT min(prochaine_echeance) FROM dossier WHERE prochaine_echeance > $1`, k.clock().Add(2*before))
	k.setClock(at.Add(-before))
	k.calm()
	if err := k.s.DB.SelectContext(k.Context(), &due, `SELECT id, rang FROM dossier WHERE prochaine_echeance = $1`, at); err != nil || len(due) == 0 {
		k.Fatalf("%d dossiers wait for %s: %v", len(due), at, err)
	}
	return due
}

// heard wants each of these échéances in the journal.
func (k *stack) heard(due []duty) {
	k.Helper()
	for _, d := range due {
		if n := one[int](k, `SELECT count(*) FROM passage WHERE objet = 'dossier/' || $1 AND rang > $2 AND echeance <> ''`, d.ID, d.Rang); n == 0 {
			k.Errorf("dossier %s: its échéance was not heard", d.ID)
		}
	}
	k.Logf("%d échéances passed meanwhile, and were heard", len(due))
}

// crowd has n dossiers brought, by that many people at a time, and does not wait for them.
func (f *traffic) crowd(n, people int) {
	for range people {
		f.group.Go(func() {
			for range n / people {
				f.dossier()
			}
		})
	}
}
