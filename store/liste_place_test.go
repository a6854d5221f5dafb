package store_test

import (
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

// The order of a page is asked of PostgreSQL to the last word of its query: what is read
// around the rows of a page does not let their order to chance. Without that word most plans
// keep it all the same, so that no reading would tell.
func TestAPageOfAQueueAsksForItsOrder(t *testing.T) {
	c := conduire(t)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for _, f := range []store.Filtre{{File: store.FileInstruction}, {File: store.FilePaiement}, {}, {Texte: "formation"}} {
		requete, _, err := c.s.RequeteFile(c.ctx, agent, store.FiltreFile{Filtre: f, Perimetre: store.PerimetreEquipe}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		dehors := requete[strings.LastIndex(requete, `)`)+1:]
		if requete != "" && !strings.Contains(dehors, `ORDER BY`) {
			t.Errorf("%+v: nothing says the order of what it gives: …%s", f, dehors)
		}
	}
}
