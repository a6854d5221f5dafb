package opco

import "time"

// Demarche is one step that a procedure asks to be recorded: an acte of the
// inbox, or an échéance that has come. Rang is the line it will have in the
// journal: asking for the same one again changes nothing and answers the same.
type Demarche struct {
	Objet    string    `json:"objet"`
	Rang     int64     `json:"rang"`
	ActeID   string    `json:"acte_id,omitempty"`
	Echeance *Echeance `json:"echeance,omitempty"`
}

// Issue is what came of a Demarche: where the object now stands. Decalage is
// the offset of business time, which only the test clock moves.
type Issue struct {
	Rang     int64         `json:"rang"`
	Verdict  Verdict       `json:"verdict"`
	Resume   Resume        `json:"resume"`
	Decalage time.Duration `json:"decalage,omitempty"`
}

// Depart is what a procedure starts from: its object as PostgreSQL has it.
// Prochain is the number of the first acte of the inbox not yet applied.
type Depart struct {
	Objet    string        `json:"objet"`
	Rang     int64         `json:"rang"`
	Prochain int64         `json:"prochain"`
	Resume   Resume        `json:"resume"`
	Decalage time.Duration `json:"decalage,omitempty"`
}

// ObjetDossier names a dossier in the inbox, the journal and the engine.
func ObjetDossier(id string) string { return "dossier/" + id }

// ObjetLot names a lot in the inbox, the journal and the engine.
func ObjetLot(id string) string { return "lot/" + id }
