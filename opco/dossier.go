package opco

import (
	"slices"
	"time"
)

// Dossier is the whole of one AF dossier: what was asked, decided, proven,
// invoiced and paid. Its état is moved only by Appliquer; its journal is the
// list of Passages that came out of it.
type Dossier struct {
	ID                string        `json:"id"`
	Numero            string        `json:"numero"` // "" until the dépôt
	Etat              Etat          `json:"etat"`
	Rang              int64         `json:"rang"`
	CreeLe            time.Time     `json:"cree_le"`
	DeposeLe          time.Time     `json:"depose_le,omitzero"`
	DeposePar         Acteur        `json:"depose_par"`
	InstruitPar       Acteur        `json:"instruit_par"` // the gestionnaire in charge
	Demande           Demande       `json:"demande"`
	IDCC              string        `json:"idcc"`     // fixed at the dépôt
	Effectif          int           `json:"effectif"` // fixed at the dépôt (domain.md 3.7)
	AVenir            []TypePiece   `json:"a_venir,omitempty"`
	Pieces            []Piece       `json:"pieces,omitempty"`
	Complement        *Complement   `json:"complement,omitempty"`
	Proposition       *Decision     `json:"proposition,omitempty"`
	PropositionCharge []byte        `json:"proposition_charge,omitempty"` // the ChargeDecider of the proposal
	Decision          *Decision     `json:"decision,omitempty"`
	Anciennes         []Decision    `json:"anciennes,omitempty"` // decisions replaced by an avenant
	Certificats       []Certificat  `json:"certificats,omitempty"`
	Factures          []Facture     `json:"factures,omitempty"`
	Reglements        []Reglement   `json:"reglements,omitempty"`
	Engagements       []PartFonds   `json:"engagements,omitempty"` // still reserved, per fund
	Acceptes          []PartFonds   `json:"acceptes,omitempty"`    // accepted as service fait, per fund
	Indus             []InduDossier `json:"indus,omitempty"`       // paid too much, and to come back
	Forclos           bool          `json:"forclos,omitempty"`     // the délai of T20 has ended, a GES must confirm
	Echeances         []Echeance    `json:"echeances,omitempty"`
}

// EtatReglement is the état of a règlement (domain.md 2.7, R01 to R07).
type EtatReglement string

// The états of a règlement. Transmis is « transmis, issue inconnue ».
const (
	ReglementAPayer   EtatReglement = "A_PAYER"
	ReglementPropose  EtatReglement = "PROPOSE"
	ReglementValide   EtatReglement = "VALIDE"
	ReglementEmis     EtatReglement = "EMIS"
	ReglementAccepte  EtatReglement = "ACCEPTE_BANQUE"
	ReglementRejete   EtatReglement = "REJETE_BANQUE"
	ReglementExecute  EtatReglement = "EXECUTE"
	ReglementRetourne EtatReglement = "RETOURNE"
	ReglementAnnule   EtatReglement = "ANNULE"
)

// EtatsReglement lists the états of a règlement.
func EtatsReglement() []EtatReglement {
	return []EtatReglement{ReglementAPayer, ReglementPropose, ReglementValide, ReglementEmis, ReglementAccepte,
		ReglementRejete, ReglementExecute, ReglementRetourne, ReglementAnnule}
}

// Vivant reports whether the règlement may still pay, or has paid: an invoice
// has at most one living règlement.
func (e EtatReglement) Vivant() bool {
	return e != ReglementRejete && e != ReglementRetourne && e != ReglementAnnule
}

// Reglement is one payment of one invoice. A retry after a bank rejection is a
// new one, linked by Precedent, with a new EndToEndId.
type Reglement struct {
	ID           string      `json:"id"`
	Numero       string      `json:"numero"` // R26-000042: what the payee reads on his bank line
	Facture      string      `json:"facture"`
	Rang         int         `json:"rang"` // 1 for the first attempt
	Precedent    string      `json:"precedent,omitempty"`
	Montant      Montant     `json:"montant"` // transferred: the Parts less the Compensations
	Beneficiaire SIRET       `json:"beneficiaire"`
	Parts        []PartFonds `json:"parts"`
	// Compensations are the debts of the payee that were taken on it (I03).
	Compensations []Compensation `json:"compensations,omitempty"`
	// Rendues are those that went back to their debts: the règlement was not paid, and
	// the next one is smaller than what this one kept.
	Rendues   []Compensation `json:"rendues,omitempty"`
	Echeance  Date           `json:"echeance"`
	Etat      EtatReglement  `json:"etat"`
	ExecuteLe Date           `json:"execute_le,omitempty"`
	Motif     string         `json:"motif,omitempty"` // ISO reason of a rejection or return
	Cause     string         `json:"cause,omitempty"` // the sentence of that reason
}

// Compensation is what a règlement kept of an indu of its payee.
type Compensation struct {
	Indu    string  `json:"indu"`
	Numero  string  `json:"numero"` // I26-000001, as on the avis
	Montant Montant `json:"montant"`
}

// Compense returns what r kept of the debts of its payee.
func (r Reglement) Compense() Montant {
	var t Montant
	for _, c := range r.Compensations {
		t += c.Montant
	}
	return t
}

// Gardees are the compensations that the next règlement of its invoice keeps, once r
// was not paid.
func (r Reglement) Gardees() []Compensation {
	gardees := slices.Clone(r.Compensations)
	for _, x := range r.Rendues {
		for k := range gardees {
			if g := &gardees[k]; g.Indu == x.Indu {
				m := min(g.Montant, x.Montant)
				g.Montant, x.Montant = g.Montant-m, x.Montant-m
			}
		}
	}
	return slices.DeleteFunc(gardees, func(c Compensation) bool { return c.Montant == 0 })
}

// Garde is the sum of the Gardees.
func (r Reglement) Garde() Montant {
	var t Montant
	for _, c := range r.Gardees() {
		t += c.Montant
	}
	return t
}

// Resume returns the state of the dossier in figures.
func (d *Dossier) Resume() Resume {
	r := Resume{Etat: d.Etat, Demande: d.Demande.Total(), Engage: Somme(d.Engagements), Accepte: Somme(d.Acceptes),
		Echeances: d.Echeances}
	if d.Decision != nil {
		r.Accorde = d.Decision.Accorde
	}
	for _, x := range d.Reglements {
		if x.Etat == ReglementExecute {
			r.Paye += x.Montant + x.Compense()
		}
	}
	if len(d.Factures) > 0 {
		r.Factures = make(map[string]EtatFacture, len(d.Factures))
		for _, f := range d.Factures {
			r.Factures[f.ID] = f.Etat
		}
	}
	return r
}

// Somme returns the sum of the parts.
func Somme(parts []PartFonds) Montant {
	var t Montant
	for _, p := range parts {
		t += p.Montant
	}
	return t
}
