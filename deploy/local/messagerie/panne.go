package messagerie

import (
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"
)

// Mode is what the mail server pretends to suffer from.
type Mode string

// The faults that a scenario or a person can order.
const (
	ModeAucune     Mode = "aucune"     // everything is accepted
	ModeTemporaire Mode = "temporaire" // 451: try again later
	ModePermanente Mode = "permanente" // 550: this address will never work
	ModeArret      Mode = "arret"      // connections are refused
)

// Panne is the fault in force. It also is the body of POST /api/pannes.
type Panne struct {
	Mode Mode   `json:"mode"`
	Pour string `json:"pour"` // part of an address; empty: every address. Without effect on arret.
}

// check refuses an unknown mode with a French sentence.
func (p Panne) check() error {
	switch p.Mode {
	case ModeAucune, ModeTemporaire, ModePermanente, ModeArret:
		return nil
	}
	return fmt.Errorf("le mode « %s » n'existe pas : choisissez aucune, temporaire, permanente ou arret", p.Mode)
}

// answer returns the refusal for one recipient, nil when it is accepted.
func (p Panne) answer(recipient string) error {
	if !strings.Contains(strings.ToLower(recipient), strings.ToLower(p.Pour)) {
		return nil
	}
	switch p.Mode {
	case ModeTemporaire:
		return &smtp.SMTPError{
			Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0},
			Message: "Panne temporaire simulee, reessayez plus tard",
		}
	case ModePermanente:
		return &smtp.SMTPError{
			Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1},
			Message: "Refus permanent simule, adresse inconnue",
		}
	default:
		return nil
	}
}

// String says the fault in French, for the page.
func (p Panne) String() string {
	who := "toutes les adresses"
	if p.Pour != "" {
		who = "les adresses qui contiennent « " + p.Pour + " »"
	}
	switch p.Mode {
	case ModeTemporaire:
		return "Refus temporaire (451) pour " + who + "."
	case ModePermanente:
		return "Refus permanent (550) pour " + who + "."
	case ModeArret:
		return "Serveur arrêté : les connexions sont refusées."
	default:
		return "Aucune panne : tous les courriels sont acceptés."
	}
}
