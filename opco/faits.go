package opco

import "time"

// Faits are what a rule needs to know besides the dossier itself, read under
// lock in the transaction that will record the outcome. Rules never read a
// clock, a table or a file: they are given Faits.
type Faits struct {
	Le         time.Time  // business instant of the acte or of the échéance
	Parametres Parametres // in force on that day
	Calendrier Calendrier // of the établissement
	OPCO       SIRET      // addressee of invoices under subrogation
	Entreprise Entreprise
	Organisme  *Organisme // nil: unknown to the OPCO, or formation interne
	Bareme     *Bareme    // nil: no rule for that branch, size and start
	Fonds      []Fonds    // in order of use, with what is left under lock
	// Chevauchements are other dossiers in which a same stagiaire is trained on
	// overlapping dates (check 15); Doublons are dossiers that ask for the same
	// thing (check 16). Both are numbers of dossiers.
	Chevauchements []Chevauchement
	Doublons       []string
	// NumerosPris are the invoice numbers that this issuer already used.
	NumerosPris []string
	// EnLot are the ids of the règlements of the dossier that are in a batch: the
	// lot moves them, and the dossier hears of it only from the bank.
	EnLot []string
	// CertificatsConnus are hashes of certificate files seen in other dossiers.
	CertificatsConnus []string
	// IBANPartages names other organisations that hold the payee's IBAN.
	IBANPartages []string
	// RIBPaye is why nothing may be paid on the account of the payee now (R07).
	RIBPaye ObstacleRIB
	// Suspension holds back accord, service fait and payment (T30), nil for most.
	Suspension *Suspension
	// Indus are the debts of the payee that may be compensated, each with what is
	// left of it under lock; InduOuvert says that one of the dossier's own is not
	// settled.
	Indus      []InduDisponible
	InduOuvert bool
	// Liens are the companies with which the author of the acte, or the person for
	// whom they act, declared a link that has not ended.
	Liens         []SIREN
	NouveauNumero string // dossier number to give at the dépôt, already reserved
}

// InduDisponible is an indu with what payments may still take on it.
type InduDisponible struct {
	Indu
	Disponible Montant
}

// Chevauchement says that a stagiaire is trained elsewhere at the same time.
type Chevauchement struct {
	Stagiaire string `json:"stagiaire"`
	Dossier   string `json:"dossier"` // number
	Du        Date   `json:"du"`
	Au        Date   `json:"au"`
}

// Jour returns the civil day in Paris of the acte.
func (f Faits) Jour() Date { return JourDe(f.Le) }

// Constat is what the service fait allows to pay, line by line and invoice by
// invoice (domain.md 2.6 and 5 bis, Amounts).
type Constat struct {
	Controles []Controle         `json:"controles"`
	Lignes    []LigneConstatee   `json:"lignes"`
	Factures  []FactureConstatee `json:"factures"`
	Payable   Montant            `json:"payable"` // Σ approved over the invoices
	Liberes   []PartFonds        `json:"liberes"` // part of the engagement to give back
	// AvanceEnTrop is what an advance paid beyond the hours: an indu, once nothing
	// more will come.
	AvanceEnTrop Montant `json:"avance_en_trop,omitempty"`
}

// LigneConstatee is one line of the comparison accord / certificat / facture.
type LigneConstatee struct {
	Ligne     Ligne   `json:"ligne"`
	Stagiaire string  `json:"stagiaire,omitempty"` // id, for the lines paid by the hour
	Prevu     Minutes `json:"prevu,omitempty"`
	Certifie  Minutes `json:"certifie,omitempty"`
	Accorde   Montant `json:"accorde"`
	Facture   Montant `json:"facture"`
	Payable   Montant `json:"payable"`
}

// FactureConstatee is what is approved of one invoice, per fund, and why less.
type FactureConstatee struct {
	Facture     string      `json:"facture"` // id
	Approuve    Montant     `json:"approuve"`
	Impute      Montant     `json:"impute,omitempty"` // of it, paid already by an advance
	NonApprouve Montant     `json:"non_approuve"`
	Motif       Motif       `json:"motif,omitempty"`
	Phrase      string      `json:"phrase,omitempty"`
	AttendAvoir bool        `json:"attend_avoir"`
	Parts       []PartFonds `json:"parts"`
	// Lignes are the lines that make Approuve, with the minutes they pay.
	Lignes []LigneConstatee `json:"lignes,omitempty"`
}

// Bloquant returns the first blocking check, if any.
func Bloquant(cs []Controle) (Controle, bool) {
	for _, c := range cs {
		if c.Resultat == ResultatBlock {
			return c, true
		}
	}
	return Controle{}, false
}
