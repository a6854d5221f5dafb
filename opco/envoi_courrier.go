package opco

import (
	"fmt"
	"time"
)

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
	RIB        *RIBChange     `json:"rib,omitempty"`  // that the mail is about
	Par        Acteur         `json:"par"`
	Le         time.Time      `json:"le"`
	Effet      Date           `json:"effet"`
	Parametres Parametres     `json:"parametres"`
	Renvoi     int            `json:"renvoi,omitempty"` // how often it was sent again under an identity of its own
}

// IDMessage is the identity of the mail: that of the line, so that a second sending is known as the
// same mail, unless somebody asked for another.
func (e Envoi) IDMessage() string {
	if e.Renvoi == 0 {
		return e.ID
	}
	return fmt.Sprintf("%s-r%d", e.ID, e.Renvoi)
}

// PartVirement is a règlement that a grouped transfer pays, with its dossier.
type PartVirement struct {
	Dossier   Dossier `json:"dossier"`
	Reglement string  `json:"reglement"` // id
}

// RIBChange is what a mail tells of bank details. Accounts are masked: the mail
// never carries a whole one.
type RIBChange struct {
	Ancien  string    `json:"ancien,omitempty"` // masked
	Nouveau string    `json:"nouveau"`          // masked
	Par     string    `json:"par,omitempty"`    // who asked
	Raison  string    `json:"raison,omitempty"` // why it was refused or frozen
	ActifLe time.Time `json:"actif_le,omitzero"`
}
