package store_test

import (
	"encoding/json"

	"guichet/opco"
)

// blocagesCommeEntiers compares, for every dossier, what a queue says that it waits for
// with what its whole contents say: schema/0026_vitesse.sql keeps only what the rule reads.
func (b *baseVerifiee) blocagesCommeEntiers() {
	b.t.Helper()
	var ls []struct {
		Etat    opco.Etat `db:"etat"`
		Contenu []byte    `db:"contenu"`
		Travail []byte    `db:"travail"`
	}
	if err := b.s.DB.Select(&ls, `SELECT etat, contenu, travail FROM dossier`); err != nil {
		b.t.Fatal(err)
	}
	dits := map[opco.Blocage]bool{}
	for _, l := range ls {
		var entier opco.Dossier
		reduit := opco.Dossier{Etat: l.Etat}
		if err := json.Unmarshal(l.Contenu, &entier); err != nil {
			b.t.Fatal(err)
		}
		if len(l.Travail) > 0 {
			if err := json.Unmarshal(l.Travail, &reduit); err != nil {
				b.t.Fatal(err)
			}
		}
		if dit, veut := reduit.Blocage(), entier.Blocage(); dit != veut {
			b.t.Errorf("%s %s: the queue says %+v, the dossier %+v", entier.Numero, l.Etat, dit, veut)
		}
		dits[entier.Blocage()] = true
	}
	if len(dits) < 10 {
		b.t.Errorf("only %d different answers: the base proves little: %v", len(dits), dits)
	}
}
