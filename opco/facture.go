package opco

import "time"

// EtatFacture is the état of an invoice inside its dossier (domain.md 2.7).
type EtatFacture string

// The états of an invoice.
const (
	FactureDeposee          EtatFacture = "DEPOSEE"
	FacturePriseEnCharge    EtatFacture = "PRISE_EN_CHARGE"
	FactureSuspendue        EtatFacture = "SUSPENDUE"
	FactureCompletee        EtatFacture = "COMPLETEE"
	FactureEnLitige         EtatFacture = "EN_LITIGE"
	FactureApprouvee        EtatFacture = "APPROUVEE"
	FactureApprouveePartiel EtatFacture = "APPROUVEE_PARTIELLEMENT"
	FactureRefusee          EtatFacture = "REFUSEE"
	FactureRejetee          EtatFacture = "REJETEE_TECHNIQUE"
	FacturePaiementTransmis EtatFacture = "PAIEMENT_TRANSMIS"
	FactureAnnuleeParAvoir  EtatFacture = "ANNULEE_PAR_AVOIR"
	FactureImputee          EtatFacture = "IMPUTEE"
)

var facturesCodes = map[EtatFacture]struct {
	code    int
	libelle string
}{
	FactureDeposee:          {200, "Déposée"},
	FacturePriseEnCharge:    {204, "Prise en charge"},
	FactureSuspendue:        {208, "Suspendue"},
	FactureCompletee:        {209, "Complétée"},
	FactureEnLitige:         {207, "En litige"},
	FactureApprouvee:        {205, "Approuvée"},
	FactureApprouveePartiel: {206, "Approuvée partiellement"},
	FactureRefusee:          {210, "Refusée"},
	FactureRejetee:          {213, "Rejetée (illisible)"},
	FacturePaiementTransmis: {211, "Paiement transmis"},
	FactureAnnuleeParAvoir:  {0, "Annulée par avoir"},
	FactureImputee:          {205, "Imputée"},
}

// EtatsFacture lists the états of an invoice.
func EtatsFacture() []EtatFacture {
	return []EtatFacture{FactureDeposee, FacturePriseEnCharge, FactureSuspendue, FactureCompletee, FactureEnLitige,
		FactureApprouvee, FactureApprouveePartiel, FactureRefusee, FactureRejetee, FacturePaiementTransmis,
		FactureAnnuleeParAvoir, FactureImputee}
}

// Code returns the code of the French e-invoicing life cycle, 0 when none.
func (e EtatFacture) Code() int { return facturesCodes[e].code }

// String returns the label shown to people.
func (e EtatFacture) String() string { return facturesCodes[e].libelle }

// Ouverte reports whether the invoice still waits for a decision.
func (e EtatFacture) Ouverte() bool {
	switch e {
	case FactureDeposee, FacturePriseEnCharge, FactureSuspendue, FactureCompletee, FactureEnLitige:
		return true
	}
	return false
}

// Final reports whether the invoice ended without anything to pay on it.
func (e EtatFacture) Final() bool {
	return e == FactureRefusee || e == FactureRejetee || e == FactureAnnuleeParAvoir
}

// Approuve reports whether money was accepted on the invoice.
func (e EtatFacture) Approuve() bool {
	switch e {
	case FactureApprouvee, FactureApprouveePartiel, FacturePaiementTransmis, FactureImputee:
		return true
	}
	return false
}

// Facture is an invoice deposited on a dossier, by the organisme under
// subrogation or by the company for a remboursement, and what became of it.
type Facture struct {
	ID               string         `json:"id"`
	Numero           string         `json:"numero"`
	Emetteur         SIRET          `json:"emetteur"`
	Destinataire     SIRET          `json:"destinataire"`
	Date             Date           `json:"date"`
	ReferenceDossier string         `json:"reference_dossier"` // our number, as written on the invoice
	Intitule         string         `json:"intitule,omitempty"`
	Lignes           []LigneFacture `json:"lignes"`
	TotalHT          Montant        `json:"total_ht"`
	TauxTVA          int            `json:"taux_tva"` // hundredths of a percent: 2000 is 20 %
	TVA              Montant        `json:"tva"`
	TotalTTC         Montant        `json:"total_ttc"`
	IBAN             IBAN           `json:"iban,omitempty"`
	Remplace         string         `json:"remplace,omitempty"`      // number that this one « annule et remplace »
	Justificatifs    []Justificatif `json:"justificatifs,omitempty"` // remboursement: what the company paid
	PieceID          string         `json:"piece_id,omitempty"`
	Du               Date           `json:"du,omitempty"`     // first day of the invoiced period, échelonnement
	Au               Date           `json:"au,omitempty"`     // last day of it; "": the whole training
	Avance           bool           `json:"avance,omitempty"` // asks for money before the hours (R6332-25)
	// Electronique is what the guichet read in the file PieceID when it is an
	// electronic invoice; nil for any other. Never taken from who sends the invoice.
	Electronique *Electronique `json:"electronique,omitempty"`

	Etat        EtatFacture `json:"etat"`
	Motif       Motif       `json:"motif,omitempty"`
	Phrase      string      `json:"phrase,omitempty"`
	RecueLe     Date        `json:"recue_le"`         // day of deposit
	ConformeLe  Date        `json:"conforme_le"`      // day it became conforming: payment runs from it
	EcheanceLe  Date        `json:"echeance_le"`      // pay by
	Approuve    Montant     `json:"approuve"`         // MAP, HT
	Impute      Montant     `json:"impute,omitempty"` // of Approuve, what an advance has paid already (S08)
	NonApprouve Montant     `json:"non_approuve"`     // MNA, HT
	AttendAvoir bool        `json:"attend_avoir"`     // 206 QTE_ERR: paid once the avoir or replacement is here
	Avoirs      []Avoir     `json:"avoirs,omitempty"`
	Parts       []PartFonds `json:"parts,omitempty"` // what is to be paid of it, per fund
	// Rendu is paid besides, per fund, within Parts: what the payee gave back of a debt
	// on this invoice before the bank gave the payment itself back, or did not owe.
	Rendu       []PartFonds `json:"rendu,omitempty"`
	ApprouvePar Acteur      `json:"approuve_par"`
	SuspendueLe Date        `json:"suspendue_le,omitempty"`
	// Constatees are the lines that make Approuve: what later periods and avoirs
	// count from.
	Constatees  []LigneConstatee `json:"constatees,omitempty"`
	Complements []Date           `json:"complements,omitempty"` // days on which it became COMPLETEE (209)
}

// LigneFacture is one line of an invoice: a cost line, and for the hours the
// stagiaire they are for. PrixUnitaire is per hour when Heures is set.
type LigneFacture struct {
	Ligne     Ligne   `json:"ligne"`
	Stagiaire string  `json:"stagiaire,omitempty"` // the name as written on the invoice
	Libelle   string  `json:"libelle,omitempty"`
	Heures    Minutes `json:"heures,omitempty"`
	Montant   Montant `json:"montant"` // HT
}

// Justificatif is what the company proves it spent, for a remboursement
// (AK-46): the organisme's invoice must be « acquittée ». Montant is HT, TTC for
// lodging and transport.
type Justificatif struct {
	Type      TypePiece `json:"type"`
	Numero    string    `json:"numero,omitempty"`
	Montant   Montant   `json:"montant"`
	Acquittee bool      `json:"acquittee"`
	// TTC and TVARecuperee are the receipt as it is written, and the TVA on it that the
	// company has back; 0 when only Montant is told.
	TTC          Montant `json:"ttc,omitempty"`
	TVARecuperee Montant `json:"tva_recuperee,omitempty"`
	Ligne        Ligne   `json:"ligne"`
}

// Avoir is a credit note on one invoice.
type Avoir struct {
	ID      string    `json:"id"`
	Numero  string    `json:"numero"`
	Facture string    `json:"facture"` // number of the invoice it credits
	Montant Montant   `json:"montant"` // HT, positive
	Date    Date      `json:"date"`
	RecuLe  time.Time `json:"recu_le"`
}

// APayer returns what the règlement of f pays: what is approved, less what an
// advance has paid already, and what its payee had given back.
func (f Facture) APayer() Montant { return f.Approuve - f.Impute + Somme(f.Rendu) }

// AvoirAttendu returns what an invoice approved in part must still be credited of
// before it is paid (206 QTE_ERR), 0 when nothing is awaited.
func (f Facture) AvoirAttendu() Montant {
	if !f.AttendAvoir {
		return 0
	}
	return max(0, f.TotalHT-f.TotalAvoirs()-f.Approuve)
}

// TotalAvoirs returns what the credit notes of f take off it.
func (f Facture) TotalAvoirs() Montant {
	var t Montant
	for _, a := range f.Avoirs {
		t += a.Montant
	}
	return t
}
