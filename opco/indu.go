package opco

import (
	"slices"
	"time"
)

// EtatIndu is the état of an indu: money paid that must come back (domain.md 2.7,
// I01 to I04).
type EtatIndu string

// The états of an indu. The empty one is an indu just found by its dossier, before
// the first line of its own journal.
const (
	InduNouveau        EtatIndu = ""
	InduConstate       EtatIndu = "CONSTATE"
	InduNotifie        EtatIndu = "NOTIFIE"
	InduConteste       EtatIndu = "CONTESTE"
	InduContentieux    EtatIndu = "CONTENTIEUX"
	InduAbandonPropose EtatIndu = "ABANDON_PROPOSE"
	InduCompense       EtatIndu = "COMPENSE"
	InduRembourse      EtatIndu = "REMBOURSE"
	InduAnnule         EtatIndu = "ANNULE"
	InduAbandonne      EtatIndu = "ABANDONNE"
)

var libellesIndu = map[EtatIndu]string{
	InduNouveau: "Constaté", InduConstate: "À notifier", InduNotifie: "Notifié", InduConteste: "Contesté", InduContentieux: "Au contentieux",
	InduAbandonPropose: "Abandon proposé", InduCompense: "Compensé", InduRembourse: "Remboursé", InduAnnule: "Annulé", InduAbandonne: "Abandonné",
}

// EtatsIndu lists the états of an indu, in the order of its life.
func EtatsIndu() []EtatIndu {
	return []EtatIndu{InduNouveau, InduConstate, InduNotifie, InduConteste, InduContentieux, InduAbandonPropose, InduCompense,
		InduRembourse, InduAnnule, InduAbandonne}
}

// String returns the label shown to people.
func (e EtatIndu) String() string { return libellesIndu[e] }

// Final reports whether nothing more is due, or will be asked for.
func (e EtatIndu) Final() bool {
	return e == InduCompense || e == InduRembourse || e == InduAnnule || e == InduAbandonne
}

// CauseIndu says why money must come back (I01).
type CauseIndu string

// The causes of an indu.
const (
	CauseAvoir          CauseIndu = "AVOIR"           // an avoir on an invoice that was paid
	CauseAvance         CauseIndu = "AVANCE"          // an advance larger than the hours followed
	CauseAnnulation     CauseIndu = "ANNULATION"      // the dossier was cancelled after its advance
	CauseControle       CauseIndu = "CONTROLE"        // a contrôle found less than what was paid
	CauseDoublePaiement CauseIndu = "DOUBLE_PAIEMENT" // the same service was paid elsewhere
	CauseRupture        CauseIndu = "RUPTURE"         // the action ended early (S17)
)

var libellesCause = map[CauseIndu]string{
	CauseAvoir: "Avoir reçu après le paiement", CauseAvance: "Avance supérieure aux heures suivies", CauseAnnulation: "Dossier annulé après l’avance",
	CauseControle: "Contrôle du service fait", CauseDoublePaiement: "Prestation payée deux fois", CauseRupture: "Formation arrêtée avant la fin",
}

// CausesIndu lists the causes of an indu.
func CausesIndu() []CauseIndu {
	return []CauseIndu{CauseAvoir, CauseAvance, CauseAnnulation, CauseControle, CauseDoublePaiement, CauseRupture}
}

// Libelle returns the cause as people read it.
func (c CauseIndu) Libelle() string { return libellesCause[c] }

// InduDossier is what a dossier remembers of an indu found in it. What becomes of
// the debt is followed by the Indu itself.
type InduDossier struct {
	ID      string      `json:"id"`
	Facture string      `json:"facture"` // id of the invoice that was paid too much
	Cause   CauseIndu   `json:"cause"`
	Montant Montant     `json:"montant"`
	Parts   []PartFonds `json:"parts"`
	Le      Date        `json:"le"`
	Annule  bool        `json:"annule,omitempty"` // the bank gave the money back: nothing is owed
}

// Indu is a debt of a payee to the OPCO, from the day it is found to its end: its
// own object, which outlives its dossier (domain.md I01 to I04, S17).
type Indu struct {
	ID            string         `json:"id"`
	Numero        string         `json:"numero"` // I26-000001
	Etat          EtatIndu       `json:"etat"`
	Rang          int64          `json:"rang"`
	Dossier       string         `json:"dossier"`
	DossierNumero string         `json:"dossier_numero"`
	Facture       string         `json:"facture"`
	FactureNumero string         `json:"facture_numero"`
	Cause         CauseIndu      `json:"cause"`
	Raison        string         `json:"raison,omitempty"` // sentence of who found it
	Debiteur      SIRET          `json:"debiteur"`
	RoleDebiteur  Role           `json:"role_debiteur"`
	Montant       Montant        `json:"montant"`
	Parts         []PartFonds    `json:"parts"`
	Recouvrements []Recouvrement `json:"recouvrements,omitempty"`
	Annules       []PartFonds    `json:"annules,omitempty"`  // of Parts, what was not due, or what the bank gave back
	Abandons      []PartFonds    `json:"abandons,omitempty"` // of Parts, what was given up
	// Avances are what the funds paid out again for a recovery that was undone when
	// the envelope had spent it: what then comes back is theirs first.
	Avances       []PartFonds `json:"avances,omitempty"`
	ConstateLe    Date        `json:"constate_le"`
	ConstatePar   Acteur      `json:"constate_par"`
	NotifieLe     Date        `json:"notifie_le,omitempty"`
	ReponseAvant  Date        `json:"reponse_avant,omitempty"` // last day for the debtor to contest
	Accepte       bool        `json:"accepte,omitempty"`       // the debtor agrees that it be compensated
	Contestation  string      `json:"contestation,omitempty"`  // words of the debtor
	RepondreAvant Date        `json:"repondre_avant,omitempty"`
	// NonDu says that a responsable cancelled it: whatever becomes of the payments it was taken on, it is never
	// claimed again.
	NonDu          bool       `json:"non_du,omitempty"`
	Reponse        string     `json:"reponse,omitempty"` // reasoned answer of the responsable
	AbandonPar     Acteur     `json:"abandon_par"`
	AbandonRaison  string     `json:"abandon_raison,omitempty"`
	EtatAvantPropo EtatIndu   `json:"etat_avant_proposition,omitempty"` // where a refused abandon goes back to
	Echeances      []Echeance `json:"echeances,omitempty"`
}

// TypeRecouvrement says how money came back.
type TypeRecouvrement string

// The ways in which an indu is recovered.
const (
	RecouvrementCompensation  TypeRecouvrement = "COMPENSATION"
	RecouvrementRemboursement TypeRecouvrement = "REMBOURSEMENT"
)

// Recouvrement is money that came back on an indu.
type Recouvrement struct {
	Type      TypeRecouvrement `json:"type"`
	Montant   Montant          `json:"montant"`
	Date      Date             `json:"date"`
	Reference string           `json:"reference"` // number of the règlement it was taken on, or of the bank's entry
	Parts     []PartFonds      `json:"parts"`
}

// Recouvre returns what has come back.
func (i *Indu) Recouvre() Montant {
	var t Montant
	for _, r := range i.Recouvrements {
		t += r.Montant
	}
	return t
}

// Reste returns what is still due: nothing once it is cancelled or given up.
func (i *Indu) Reste() Montant {
	if i.Etat == InduAnnule || i.Etat == InduAbandonne {
		return 0
	}
	return i.Montant - i.Recouvre() - Somme(i.Annules) - Somme(i.Abandons)
}

// ResteParts is what is still due to each fund.
func (i *Indu) ResteParts() []PartFonds {
	if i.Etat == InduAnnule || i.Etat == InduAbandonne {
		return nil
	}
	return moins(moins(i.nonRecouvre(), i.Annules), i.Abandons)
}

// nonRecouvre is what has not come back to each fund, still due or not.
func (i *Indu) nonRecouvre() []PartFonds {
	parts := slices.Clone(i.Parts)
	for _, r := range i.Recouvrements {
		parts = moins(parts, r.Parts)
	}
	return parts
}

// abandonnes is what was given up, by fund. A debt given up before the parts were
// kept gave up all that had not come back.
func (i *Indu) abandonnes() []PartFonds {
	if i.Etat == InduAbandonne && len(i.Abandons) == 0 {
		return moins(i.nonRecouvre(), i.Annules)
	}
	return i.Abandons
}

// Resume returns the state of the indu in figures: Demande is the debt, Paye what
// has come back.
func (i *Indu) Resume() Resume {
	return Resume{Etat: Etat(i.Etat), Demande: i.Montant, Paye: i.Recouvre(), Echeances: i.Echeances}
}

// ObjetIndu names an indu in the inbox, the journal and the engine.
func ObjetIndu(id string) string { return "indu/" + id }

// FaitsIndu are what the rules of an indu need besides it, read under lock in the
// transaction of the step.
type FaitsIndu struct {
	Le         time.Time
	Parametres Parametres
	Liens      []SIREN // companies with which the author declared a link
	Tiers      []SIREN // of the dossier
	// EnCours is what payments have already taken on the indu, or what a return of
	// the bank has already cancelled of it, and its journal does not have yet.
	EnCours Montant
	// Clos are the envelopes whose year the comptable has closed: what comes back
	// goes to the fund itself (5 bis).
	Clos []string
	// Disponible is what each envelope of the indu has left, under lock: read for the
	// acte that takes back from it what a payment had recovered.
	Disponible map[string]Montant
	// Ecriture is the entry of the bank that the acte names, as far as it is known.
	Ecriture EcritureCredit
}

// Jour returns the civil day in Paris of the acte.
func (f FaitsIndu) Jour() Date { return JourDe(f.Le) }

// EffetsIndu are what a step of an indu does besides moving it.
type EffetsIndu struct {
	Code       string
	Motif      string
	Phrase     string
	Mouvements []Mouvement
	Courriers  []Courrier
}
