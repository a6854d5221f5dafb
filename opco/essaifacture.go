package opco

import (
	"encoding/json"
	"errors"
	"fmt"
)

// EssaiFacture is what would become of an invoice if it were sent now: nothing is
// kept of it. Calculable says that its amount can be told already: the certificats
// are here and nothing blocks the service fait.
type EssaiFacture struct {
	Etat        EtatFacture      `json:"etat"`
	Code        int              `json:"code"`
	Motif       Motif            `json:"motif,omitempty"`
	Phrase      string           `json:"phrase,omitempty"` // what was found, with its figures
	Pourquoi    string           `json:"pourquoi,omitempty"`
	Comment     string           `json:"comment,omitempty"` // what to do about it
	Calculable  bool             `json:"calculable"`
	Payable     Montant          `json:"payable"`
	NonPayable  Montant          `json:"non_payable"`
	AttendAvoir bool             `json:"attend_avoir,omitempty"` // paid once the avoir is here
	Attend      string           `json:"attend,omitempty"`       // what must come before the amount can be told
	EcheanceLe  Date             `json:"echeance_le,omitempty"`  // paid by that day, when it is accepted today
	Lignes      []LigneConstatee `json:"lignes,omitempty"`
}

// EssayerFacture says what would become of the invoice that a sends, by the very
// rules that will judge it: its checks on arrival, then the service fait when it can
// be constated. d is not changed. It returns the refusal that a would meet when it
// may not be sent at all.
func EssayerFacture(d *Dossier, a Acte, f Faits) (EssaiFacture, error) {
	x, err := d.copie()
	if err != nil {
		return EssaiFacture{}, err
	}
	if _, err := x.Appliquer(a, nil, f); err != nil {
		return EssaiFacture{}, err
	}
	c, err := lire[ChargeFacturer](&pas{a: a})
	if err != nil {
		return EssaiFacture{}, err
	}
	fac := (&pas{d: x}).deposeeSous(c.Facture.ID)
	e := EssaiFacture{Etat: fac.Etat, Code: fac.Etat.Code(), Motif: fac.Motif, Phrase: fac.Phrase}
	if fac.Motif != "" {
		ex := fac.Motif.Expliquer(Precisions{})
		e.Pourquoi, e.Comment = ex.Pourquoi, ex.Comment
	}
	switch {
	case fac.Etat.Final(), fac.Etat == FactureSuspendue:
		return e, nil
	case fac.Etat.Approuve(): // it replaces one that was approved
		e.Calculable, e.Payable, e.NonPayable, e.AttendAvoir, e.Lignes = true, fac.Approuve, fac.NonApprouve, fac.AttendAvoir, fac.Constatees
	default:
		return e, e.constater(x, fac, f)
	}
	e.EcheanceLe = EcheancePaiement(f.Jour(), f.Parametres)
	return e, nil
}

// constater says what the service fait would pay of fac today.
func (e *EssaiFacture) constater(d *Dossier, fac Facture, f Faits) error {
	k, err := Constater(d, false, f)
	var refus *Error
	if errors.As(err, &refus) {
		e.Attend = refus.Message
		return nil
	}
	if err != nil {
		return fmt.Errorf("constating an invoice not sent: %w", err)
	}
	for _, x := range k.Factures {
		if x.Facture != fac.ID {
			continue
		}
		e.Calculable, e.Payable, e.NonPayable, e.AttendAvoir, e.Lignes = true, x.Approuve-x.Impute, x.NonApprouve, x.AttendAvoir, x.Lignes
		e.Motif, e.Phrase = x.Motif, x.Phrase
		if x.Motif != "" {
			ex := x.Motif.Expliquer(Precisions{})
			e.Pourquoi, e.Comment = ex.Pourquoi, ex.Comment
		}
		e.EcheanceLe = EcheancePaiement(f.Jour(), f.Parametres)
	}
	return nil
}

// deposeeSous returns the invoice of that id, which was just deposited.
func (p *pas) deposeeSous(id string) Facture {
	if f, err := p.facture(id); err == nil {
		return *f
	}
	return Facture{}
}

// copie returns a dossier that shares nothing with d.
func (d *Dossier) copie() (*Dossier, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("copying a dossier: %w", err)
	}
	var x Dossier
	if err := json.Unmarshal(b, &x); err != nil {
		return nil, fmt.Errorf("copying a dossier: %w", err)
	}
	return &x, nil
}
