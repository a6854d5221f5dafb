package opco

import "time"

// Envoi is a line of the outbox: the event, the party it is for, and the dossier
// as it was at that moment, so that the letter says the same whenever it is
// written.
type Envoi struct {
	ID           string   `json:"id"`
	Courrier     Courrier `json:"courrier"`
	Dossier      Dossier  `json:"dossier"`
	Destinataire string   `json:"destinataire"` // name of the organisation written to
	Adresse      []string `json:"adresse"`      // its postal lines
	Courriel     Email    `json:"courriel"`
	Entreprise   string   `json:"entreprise"` // name of the company of the dossier
	Libere       Montant  `json:"libere"`     // given back to the envelope by this step
	IBAN         IBAN     `json:"iban,omitempty"`
	// Virement and Parts are set when one transfer pays several règlements of
	// the payee: its reference at the bank, and each of them.
	Virement   string         `json:"virement,omitempty"`
	Parts      []PartVirement `json:"parts,omitempty"`
	Indu       *Indu          `json:"indu,omitempty"` // that the letter is about
	Par        Acteur         `json:"par"`
	Le         time.Time      `json:"le"`
	Effet      Date           `json:"effet"`
	Parametres Parametres     `json:"parametres"`
}

// PartVirement is a règlement that a grouped transfer pays, with its dossier.
type PartVirement struct {
	Dossier   Dossier `json:"dossier"`
	Reglement string  `json:"reglement"` // id
}
