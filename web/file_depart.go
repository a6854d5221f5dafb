package web

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// filesDepart are the queues on which /instruction may open, in the order in which
// they are tried.
var filesDepart = []store.File{store.FileInstruction, store.FileCompletude, store.FileValidation, store.FileServiceFait, store.FileFactures}

// filtreDepart is the queue on which /instruction opens when none is asked for: the
// first from which the reader takes and where something waits in their portfolio, else
// in the team's, else « Instruction ». An empty page is no place to begin a day.
func (w *Web) filtreDepart(c *gin.Context) (url.Values, error) {
	o := w.Interieur.Occupant(c)
	for _, perimetre := range []store.Perimetre{store.PerimetreMien, store.PerimetreEquipe} {
		for _, f := range filesDepart {
			if !f.Prenable(o.Role) {
				continue
			}
			q := filtreFile(f, perimetre)
			n, err := w.compterFiltre(c, q)
			if err != nil || n > 0 {
				return q, err
			}
		}
	}
	return filtreFile(store.FileInstruction, store.PerimetreMien), nil
}

// filtreFile is the filter of a queue in the address.
func filtreFile(f store.File, perimetre store.Perimetre) url.Values {
	q := url.Values{"file": {string(nommee(f))}}
	if perimetre == store.PerimetreEquipe {
		q.Set("perimetre", string(perimetre))
	}
	return q
}

// nommee is how a queue is called in an address: all of them together have a name too.
func nommee(f store.File) store.File {
	if f == "" {
		return toutesFiles
	}
	return f
}

// compterFiltre counts what an address filters.
func (w *Web) compterFiltre(c *gin.Context, q url.Values) (int64, error) {
	f, _ := lireFiltreFile(q)
	return w.Interieur.CompterTravail(c, f)
}

// prend reports whether a role takes dossiers from the queues.
func prend(r opco.Role) bool { return store.FileInstruction.Prenable(r) }
