package opco

import (
	"slices"
	"time"
)

// StatutFacture is one step of an invoice in the French e-invoicing life cycle
// (domain.md 2.7): what its issuer is told by a CDAR message. Amounts are HT.
type StatutFacture struct {
	Facture     string      `db:"facture" json:"facture"` // id
	Rang        int         `db:"rang" json:"rang"`       // 1 for the first
	Code        int         `db:"code" json:"code"`       // 200 to 213
	Etat        EtatFacture `db:"etat" json:"etat"`
	Motif       Motif       `db:"motif" json:"motif,omitempty"`
	Phrase      string      `db:"phrase" json:"phrase,omitempty"`
	Approuve    Montant     `db:"approuve" json:"approuve"`         // MAP, on 205 and 206
	NonApprouve Montant     `db:"non_approuve" json:"non_approuve"` // MNA, on 206
	Paye        Montant     `db:"paye" json:"paye"`                 // on 211: what our bank sent
	Le          time.Time   `db:"le" json:"le"`
}

// Libelle names the status for a reader.
func (s StatutFacture) Libelle() string { return s.Etat.String() }

// CDAR returns the reason code of the message, "" when the status needs none. One
// that needs a reason and whose motif never leaves the house says AUTRE
// (BR-FR-CDV-15).
func (s StatutFacture) CDAR() string {
	c := s.Motif.CDAR()
	switch s.Code {
	case 206, 207, 208, 210, 213:
		if c == "" {
			return string(MotifAutre)
		}
		return c
	}
	return ""
}

// etapesStatut lists the états by which an invoice goes from one to the other, the
// last included: a new one is deposited, then taken in charge unless it is refused at
// once; one that was suspended is completed first (F01 to F05).
func etapesStatut(avant, apres EtatFacture) []EtatFacture {
	var es []EtatFacture
	if avant == "" {
		es = append(es, FactureDeposee)
		if apres != FactureDeposee && apres != FactureRejetee && apres != FactureRefusee {
			es = append(es, FacturePriseEnCharge)
		}
	}
	if avant == FactureSuspendue && !apres.Final() && apres != FactureSuspendue {
		es = append(es, FactureCompletee, FacturePriseEnCharge)
	}
	if len(es) == 0 && avant != apres || len(es) > 0 && es[len(es)-1] != apres {
		es = append(es, apres)
	}
	return es
}

// SuiteStatuts returns what there is to tell of f after the step that left it so,
// when it was in the état avant, "" for a new invoice, with that amount approved.
// paye is what our bank has sent for it. Ranks follow dernier. An état without code
// (cancelled by a credit note) is not told: the credit note is.
func (f Facture) SuiteStatuts(avant EtatFacture, approuve, paye Montant, dernier int, le time.Time) []StatutFacture {
	etapes := etapesStatut(avant, f.Etat)
	if len(etapes) == 0 && f.Etat.Approuve() && f.Approuve != approuve {
		etapes = []EtatFacture{f.Etat} // an avoir or a new judgement changed the amount
	}
	var ss []StatutFacture
	for i, e := range etapes {
		if e.Code() == 0 {
			continue
		}
		dernier++
		s := StatutFacture{Facture: f.ID, Rang: dernier, Code: e.Code(), Etat: e, Le: le}
		if i == len(etapes)-1 {
			s.Motif, s.Phrase = f.Motif, f.Phrase
			s.montants(f, paye)
		}
		ss = append(ss, s)
	}
	return ss
}

// montants sets the amounts that the status tells.
func (s *StatutFacture) montants(f Facture, paye Montant) {
	switch s.Code {
	case 205, 206:
		s.Approuve, s.NonApprouve = f.Approuve, f.NonApprouve
	case 211:
		s.Paye = paye
	}
}

// PayeDe returns what our bank has sent for one invoice of d and not returned.
func (d *Dossier) PayeDe(facture string) Montant {
	var t Montant
	for _, r := range d.Reglements {
		if r.Facture == facture && r.Etat == ReglementExecute {
			t += r.Montant
		}
	}
	return t
}

// MessageStatut is what a CDAR message says: one status of one invoice, from the
// OPCO to who issued it.
type MessageStatut struct {
	Statut    StatutFacture
	Facture   Facture
	Avoir     bool
	NomOPCO   string
	SIRENOPCO SIREN
}

// TTC returns an amount HT of the message with the TVA of the lines that make it, counted
// as the invoice counts its own: a company's may add it to what is HT only (VentilerTVA).
func (m MessageStatut) TTC(ht Montant) Montant {
	vu, juste := m.Facture.calculFaux(true)
	x := Facture{TauxTVA: m.Facture.TauxTVA, TotalHT: ht, Lignes: m.Facture.lignesDe(ht)}
	return x.AvecTVA(vu == juste).TotalTTC
}

// lignesDe are the lines that make an amount of f: those approved when they are what makes
// it, else its own, each for its share to the cent.
func (f Facture) lignesDe(ht Montant) []LigneFacture {
	var approuvees []LigneFacture
	var somme Montant
	for _, c := range f.Constatees {
		approuvees = append(approuvees, LigneFacture{Ligne: c.Ligne, Montant: c.Payable})
		somme += c.Payable
	}
	if somme == ht {
		return approuvees
	}
	parts := slices.Clone(f.Lignes)
	var cumul, donne Montant
	for i := range parts {
		cumul += parts[i].Montant
		parts[i].Montant = ht.Fraction(int64(cumul), int64(f.TotalHT)) - donne
		donne += parts[i].Montant
	}
	return parts
}
