package env

import (
	"slices"

	"guichet/opco"
)

// Files are the works of a worker: the task queues of the engine (dossier, compte,
// banque, ops), then what it does from the database alone. Each may have its own worker, so
// that the failure or the load of one holds no other.
var Files = opco.Travaux()

// aidesFiles says what each of them does.
var aidesFiles = map[string]string{
	"dossier":   "procédures des dossiers et des indus (file Temporal du même nom)",
	"compte":    "procédures des comptes (file Temporal du même nom)",
	"banque":    "procédures des lots (file Temporal du même nom), fichiers de la banque et leurs réponses",
	"courrier":  "lettres et courriels",
	"relais":    "rappel au moteur des actes et des échéances qu’il n’a pas entendus",
	"actions":   "actions sur beaucoup de dossiers",
	"signaux":   "signaux de fraude et suspensions à revoir",
	"ops":       "rondes de ce qui bloque, interventions, histoires, rejeux et vérifications (file Temporal du même nom)",
	"entretien": "purges, compteurs, coordonnées bancaires qui entrent en service, tuiles en retard",
}

// Travaux are the works that this worker does.
func (c Config) Travaux() []string {
	if len(c.Files) == 0 {
		return Files
	}
	return c.Files
}

// Fait reports whether this worker does a work.
func (c Config) Fait(file string) bool { return slices.Contains(c.Travaux(), file) }
