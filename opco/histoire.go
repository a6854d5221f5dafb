package opco

import "time"

// Histoire is the copy of what the engine remembers of one run of a procedure. It holds
// ids, codes, dates and amounts, like the run itself, and nothing that names a person:
// the audit and the replay outlive the engine's own retention by it.
type Histoire struct {
	Objet      string // dossier/…, lot/…, compte/…, indu/…
	Run        string
	Statut     string // of the run, in the engine's words
	Ouverte    bool   // the run had not ended when it was copied
	Debut      time.Time
	Fin        *time.Time
	Evenements int
	Octets     []byte // its events, JSON compressed with gzip
	Build      string // of the worker that copied it
}

// EtatHistoire says how far the histories of an object have been kept.
type EtatHistoire string

// The états of what is kept. HistoireSemee is an object of the volume set, whose steps no
// procedure made.
const (
	HistoireAttend     EtatHistoire = "ATTEND"
	HistoireGardee     EtatHistoire = "GARDEE"
	HistoireAbsente    EtatHistoire = "ABSENTE" // the engine knows no run of it
	HistoireTropGrande EtatHistoire = "TROP_GRANDE"
	HistoireSemee      EtatHistoire = "SEMEE"
)

// HistoireMax bounds the compressed copy of one run, in bytes: the engine itself ends a
// run at 51,200 events.
const HistoireMax = 8 << 20
