package banque

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"guichet/opco"
)

// Simulateur answers transfer orders as a bank does, for development and tests:
// no real bank is behind it. It is pure: the same order, rules and instant give
// the same bytes. Its zero value accepts and executes everything that is valid.
type Simulateur struct {
	// Rejets gives the reason code with which a transfer is rejected, by
	// EndToEndId or by IBAN of the payee.
	Rejets map[string]string `json:"rejets,omitempty"`
	// Retours gives the reason code with which an executed transfer comes back,
	// by EndToEndId or by IBAN of the payee; see Retourner.
	Retours map[string]string `json:"retours,omitempty"`
	// RejetFichier, when set, is the reason code that rejects every file whole.
	RejetFichier string `json:"rejet_fichier,omitempty"`
	// Doublons tells each account entry twice.
	Doublons bool `json:"doublons,omitempty"`
	// Desordre tells the transfers in the reverse order of the file, and a
	// watched folder receives the account entries before the status report.
	Desordre bool `json:"desordre,omitempty"`
}

// ordre is a pain.001 as the bank reads it. rejet is the code that refuses the
// whole of it, "" if it may be processed.
type ordre struct {
	msgID     string
	lot       string
	nombre    string
	somme     opco.Montant
	execution opco.Date
	donneur   Compte
	virements []Virement
	rejet     string
}

// Repondre answers a pain.001: a pain.002.001.10 with the status of the file and
// of each transfer, and the camt.054.001.08 of the debits, nil when nothing was
// paid. quand is the business instant of the answer; debits are booked on the
// day asked for, or that of quand if it is later. An order that cannot be read is
// answered FF01, as a bank does; err is about the rules of s only.
func (s Simulateur) Repondre(pain001 []byte, quand time.Time) (pain002, camt054 []byte, err error) {
	if err := s.controle(); err != nil {
		return nil, nil, err
	}
	o := lireOrdre(pain001)
	if s.RejetFichier != "" {
		o.rejet = s.RejetFichier
	}
	if pain002, err = s.compteRendu(o, pain001, quand); err != nil {
		return nil, nil, err
	}
	var ecritures []ecritureXML
	for _, v := range s.executes(o) {
		ecritures = append(ecritures, debit(v, o, jourComptable(o, quand)))
	}
	camt054, err = s.notification(o, ecritures, empreinteID("D", pain001, quand), quand)
	return pain002, camt054, err
}

// Retourner gives the camt.054.001.08 of the executed transfers of pain001 that
// come back under the rules s.Retours, with their reason, or nil if none does.
// quand is the business instant of the return.
func (s Simulateur) Retourner(pain001 []byte, quand time.Time) ([]byte, error) {
	if err := s.controle(); err != nil {
		return nil, err
	}
	o := lireOrdre(pain001)
	var ecritures []ecritureXML
	for _, v := range s.executes(o) {
		if code := regle(s.Retours, v); code != "" {
			ecritures = append(ecritures, retour(v, o, jourComptable(o, quand), code))
		}
	}
	return s.notification(o, ecritures, empreinteID("R", pain001, quand), quand)
}

var formatCode = regexp.MustCompile(`^[A-Z0-9]{1,4}$`)

// controle refuses rules that would give a file no bank writes.
func (s Simulateur) controle() error {
	codes := []string{}
	for _, regles := range []map[string]string{s.Rejets, s.Retours} {
		for _, code := range regles {
			codes = append(codes, code)
		}
	}
	if s.RejetFichier != "" {
		codes = append(codes, s.RejetFichier)
	}
	slices.Sort(codes)
	for _, code := range codes {
		if !formatCode.MatchString(code) {
			return opco.Champf("regles", "Le code « %s » n’est pas un motif de banque : quatre lettres ou chiffres, par exemple AC04.", code)
		}
	}
	return nil
}

// lireOrdre reads a pain.001 and checks what a bank checks. It never fails: what
// it cannot read is an order to reject.
func lireOrdre(pain001 []byte) ordre {
	o, err := decoderOrdre(pain001)
	if err != nil {
		if o.msgID == "" {
			o.msgID = sansBIC
		}
		o.virements, o.rejet = nil, "FF01"
		return o
	}
	vus := make(map[string]bool, len(o.virements))
	var somme opco.Montant
	for _, v := range o.virements {
		if vus[v.EndToEndID] {
			o.rejet = "AM05"
		}
		vus[v.EndToEndID] = true
		somme += v.Montant
	}
	switch {
	case o.nombre != strconv.Itoa(len(o.virements)):
		o.rejet = "AM18"
	case o.somme != somme:
		o.rejet = "AM10"
	}
	return o
}

// executes returns the transfers of o that the bank pays, in the order it tells.
func (s Simulateur) executes(o ordre) []Virement {
	if o.rejet != "" || s.RejetFichier != "" {
		return nil
	}
	var payes []Virement
	for _, v := range o.virements {
		if s.rejet(v) == "" {
			payes = append(payes, v)
		}
	}
	if s.Desordre {
		slices.Reverse(payes)
	}
	return payes
}

// rejet returns the reason why v is rejected, "" if it is accepted. An IBAN that
// is not one has no need of a rule.
func (s Simulateur) rejet(v Virement) string {
	if code := regle(s.Rejets, v); code != "" {
		return code
	}
	if _, err := opco.ParseIBAN(v.Beneficiaire.IBAN); err != nil {
		return "AC01"
	}
	return ""
}

// regle finds the rule of a transfer; its own reference is before its account.
func regle(regles map[string]string, v Virement) string {
	if code := regles[v.EndToEndID]; code != "" {
		return code
	}
	return regles[v.Beneficiaire.IBAN]
}

// jourComptable is the day on which the bank books.
func jourComptable(o ordre, quand time.Time) opco.Date {
	return max(o.execution, opco.JourDe(quand))
}

// empreinteID makes the id of a message of the bank from what it answers.
func empreinteID(genre string, pain001 []byte, quand time.Time) string {
	return "ESSAI-" + genre + "-" + cle(Empreinte(pain001), horodatage(quand))[:20]
}
