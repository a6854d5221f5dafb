// Package banque speaks ISO 20022 with the bank of the OPCO: transfer orders out
// (pain.001), status reports and notifications in (pain.002, camt.053, camt.054).
// It computes bytes and reads them; it holds no state, knows no règlement and
// decides nothing: activities send what it writes and store records what it
// reads. It also holds the bank simulator of the development stack, which obeys
// the same formats as a real bank. Formats: domain.md section 4, I1 to I3.
package banque

import (
	"regexp"
	"strings"
	"time"

	"guichet/opco"
)

// Lot is a frozen batch of transfers, as the second person validated it
// (domain.md 2.7, R02). The file it gives depends on nothing else.
type Lot struct {
	ID        string     `json:"id"`        // business number of the lot, 35 SEPA characters at most
	MsgID     string     `json:"msg_id"`    // derives from ID only: a retry never makes a second one
	CreeLe    time.Time  `json:"cree_le"`   // instant of validation, frozen with the lot
	Execution opco.Date  `json:"execution"` // day on which the bank is asked to pay
	Donneur   Compte     `json:"donneur"`   // the account that pays
	Virements []Virement `json:"virements"` // in the order of the lot
}

// Compte is an account and its holder. BIC may be empty: the IBAN is enough
// within SEPA.
type Compte struct {
	Nom  string `json:"nom"`
	IBAN string `json:"iban"`
	BIC  string `json:"bic,omitempty"`
	// Adresse is that of a payee, nil when it is not known whole: then none is written.
	Adresse *opco.AdressePostale `json:"adresse,omitempty"`
}

// Virement is one transfer of a lot. EndToEndID is the number of the règlement
// and is never used twice (domain.md 2.7, « Bank rejection »). Remise is the
// remittance text, already composed by opco.Remise.
type Virement struct {
	EndToEndID   string       `json:"end_to_end_id"`
	Montant      opco.Montant `json:"montant"`
	Beneficiaire Compte       `json:"beneficiaire"`
	Remise       string       `json:"remise"`
}

// ControleSomme returns the control sum of l: the sum of its transfers, exact.
func ControleSomme(l Lot) opco.Montant {
	var somme opco.Montant
	for _, v := range l.Virements {
		somme += v.Montant
	}
	return somme
}

const (
	tailleID     = 35  // Max35Text
	tailleRemise = 140 // Max140Text
)

var texteSEPA = regexp.MustCompile(`^[A-Za-z0-9/\-?:().,'+ ]+$`)

// sepa reports whether s may travel as it is: allowed characters only, at most
// max of them, no space or slash at the ends, no double slash (domain.md 4).
func sepa(s string, max int) bool {
	return len(s) <= max && texteSEPA.MatchString(s) && s == strings.Trim(s, " /") && !strings.Contains(s, "//")
}

// controle refuses a lot that no bank should receive. It is the last gate before
// money leaves: it repeats what the screens already checked.
func (l Lot) controle() error {
	if !sepa(l.ID, tailleID) {
		return opco.Champf("lot", "Le numéro de lot « %s » n’est pas admis par la banque : 35 caractères au plus, sans accent.", l.ID)
	}
	if !sepa(l.MsgID, tailleID) {
		return opco.Champf("msg_id", "La référence de message « %s » n’est pas admise par la banque : 35 caractères au plus, sans accent.", l.MsgID)
	}
	if l.CreeLe.IsZero() {
		return opco.Champf("cree_le", "Le lot %s n’a pas de date de création : il doit être validé avant d’être envoyé.", l.ID)
	}
	if _, err := opco.ParseDate(string(l.Execution)); err != nil {
		return opco.Champf("execution", "La date d’exécution du lot %s n’est pas valable.", l.ID)
	}
	if len(l.Virements) == 0 {
		return opco.Champf("virements", "Le lot %s est vide : il n’y a rien à envoyer à la banque.", l.ID)
	}
	if err := l.Donneur.controle("donneur", "l’OPCO"); err != nil {
		return err
	}
	return l.controleVirements()
}

// controleVirements checks each transfer and that no EndToEndId comes twice.
func (l Lot) controleVirements() error {
	vus := make(map[string]bool, len(l.Virements))
	for _, v := range l.Virements {
		if err := v.controle(); err != nil {
			return err
		}
		if vus[v.EndToEndID] {
			return opco.Champf("end_to_end_id",
				"Le règlement %s figure deux fois dans le lot %s : il serait payé deux fois. Retirez l’une des deux lignes.", v.EndToEndID, l.ID)
		}
		vus[v.EndToEndID] = true
	}
	return nil
}

func (v Virement) controle() error {
	if !sepa(v.EndToEndID, tailleID) {
		return opco.Champf("end_to_end_id",
			"La référence de règlement « %s » n’est pas admise par la banque : 35 caractères au plus, sans accent.", v.EndToEndID)
	}
	if v.Montant <= 0 || v.Montant > opco.MontantMax {
		return opco.Champf("montant",
			"Le règlement %s porte %s : un virement va de 0,01 € à %s.", v.EndToEndID, v.Montant, opco.MontantMax)
	}
	if !sepa(v.Remise, tailleRemise) {
		return opco.Champf("remise",
			"Le libellé du règlement %s n’est pas admis par la banque : 140 caractères au plus, sans accent.", v.EndToEndID)
	}
	return v.Beneficiaire.controle("beneficiaire", "le bénéficiaire du règlement "+v.EndToEndID)
}

// controle checks an account; champ and qui name it in the refusal.
func (c Compte) controle(champ, qui string) error {
	if opco.SepaNom(c.Nom) == "" {
		return opco.Champf(champ, "Le nom du compte pour %s ne contient aucun caractère admis par la banque.", qui)
	}
	iban, err := opco.ParseIBAN(c.IBAN)
	if err != nil {
		return &opco.Error{Kind: opco.Invalid, Champ: champ, Err: err,
			Message: "L’IBAN enregistré pour " + qui + " n’est pas valable : demandez un nouveau RIB."}
	}
	if string(iban) != c.IBAN {
		return opco.Champf(champ, "L’IBAN enregistré pour %s doit être écrit en majuscules, sans espace.", qui)
	}
	if c.BIC == "" {
		return nil
	}
	if bic, err := opco.ParseBIC(c.BIC); err != nil || string(bic) != c.BIC {
		return opco.Champf(champ, "Le BIC « %s » enregistré pour %s n’est pas valable : demandez un nouveau RIB.", c.BIC, qui)
	}
	return nil
}
