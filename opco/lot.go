package opco

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Lot is a batch of règlements that leaves for the bank in one file (domain.md
// 2.7, « Batch »). Whoever edits it is one of its Createurs and never validates
// it. From its validation on, its lines are frozen under Sceau and its file is a
// pure function of it.
type Lot struct {
	ID        string    `json:"id"` // L26-0001; also its MsgId at the bank
	Etat      EtatLot   `json:"etat"`
	Rang      int64     `json:"rang"`
	CreeLe    time.Time `json:"cree_le"`
	Createurs []Acteur  `json:"createurs,omitempty"`
	// Validations are those given to its present lines, in order. A lot beyond the
	// thresholds (Troisieme) waits for two of them, one from a responsable.
	Validations []Acteur       `json:"validations,omitempty"`
	Troisieme   bool           `json:"troisieme,omitempty"`
	ValidePar   Acteur         `json:"valide_par"` // who gave the last one
	ValideLe    time.Time      `json:"valide_le,omitzero"`
	Execution   Date           `json:"execution"` // day on which the bank is asked to pay
	Groupe      bool           `json:"groupe"`    // one transfer per payee
	Donneur     CompteBancaire `json:"donneur"`   // who pays, frozen at the validation
	// Lignes are the lines at hand; Reste counts those that are not. A rule that reads
	// every line is given them all, one that settles a few is given those.
	Lignes     []LigneLot     `json:"lignes,omitempty"`
	Reste      Decompte       `json:"reste,omitempty"`
	Transferts int            `json:"transferts"` // how many Virements its lines make
	PlusGros   Montant        `json:"plus_gros"`  // the largest of them
	Ecartees   []LigneEcartee `json:"ecartees,omitempty"`
	// EcarteesTues counts those left out beyond Ecartees.
	EcarteesTues int `json:"ecartees_tues,omitempty"`
	// Chantier is how far a long lot is built, nil once it is.
	Chantier   *ChantierLot `json:"chantier,omitempty"`
	Sceau      string       `json:"sceau,omitempty"`   // hash of what was validated
	Fichier    string       `json:"fichier,omitempty"` // SHA-256 of the payment file
	EmisLe     time.Time    `json:"emis_le,omitzero"`
	TransmisLe time.Time    `json:"transmis_le,omitzero"`
	// Issue is what a first person read on the statement while the bank was silent.
	Issue *IssueLot `json:"issue,omitempty"`
	// EnAttente are returns told before the execution they undo.
	EnAttente []FaitBancaire `json:"en_attente,omitempty"`
	Echeances []Echeance     `json:"echeances,omitempty"`
}

// CompteBancaire is an account and its holder; the BIC may be empty.
type CompteBancaire struct {
	Nom  string `json:"nom"`
	IBAN IBAN   `json:"iban"`
	BIC  string `json:"bic,omitempty"`
}

// LigneLot is one règlement of a lot, as it was when it was taken in.
type LigneLot struct {
	Reglement     string `json:"reglement"`
	Numero        string `json:"numero"`
	Dossier       string `json:"dossier"`
	DossierNumero string `json:"dossier_numero"`
	Facture       string `json:"facture"`
	FactureNumero string `json:"facture_numero"`
	Beneficiaire  SIRET  `json:"beneficiaire"`
	Nom           string `json:"nom"`
	IBAN          IBAN   `json:"iban"`
	// Adresse is where the payee was when the lot was built, nil when it is not known whole.
	Adresse    *AdressePostale `json:"adresse,omitempty"`
	Montant    Montant         `json:"montant"`
	Parts      []PartFonds     `json:"parts"`
	EndToEndID string          `json:"end_to_end_id,omitempty"`
	Etat       EtatReglement   `json:"etat"`
	ExecuteLe  Date            `json:"execute_le,omitempty"`
	Motif      string          `json:"motif,omitempty"`
	Virement   int             `json:"virement,omitempty"` // rank of its transfer in the lot, from 1
	Constate   bool            `json:"constate,omitempty"` // its outcome was read on a statement by persons, and not told by the bank yet
	// InstruitPar are the persons who instructed, decided or accepted it: none
	// of them may build or validate the lot (reliability.md 3.1, rule 2).
	InstruitPar []string `json:"instruit_par,omitempty"`
}

// LigneEcartee is a règlement that left the lot, or was never taken in, and why.
type LigneEcartee struct {
	Reglement string  `json:"reglement"`
	Numero    string  `json:"numero"`
	Montant   Montant `json:"montant"`
	Raison    string  `json:"raison"` // French sentence
}

// ReglementActuel is a règlement as the memory has it now, with the name and the
// account on file for its payee. Payable says that its invoice is still approved
// for exactly its amount.
type ReglementActuel struct {
	LigneLot
	Lot        string
	Payable    bool
	DejaPartie bool        // a transfer of its invoice left, that the base had forgotten (VerbeTenirPartis)
	Tiers      []SIREN     // the companies of its dossier
	RIB        ObstacleRIB // why nothing may be paid on the account of its payee now
	// Suspension holds back every payment of its dossier (T30), nil for most.
	Suspension *Suspension
	RIBPar     []string // who looked at the RIB in service: none of them pays it
}

// Charges of the actes on a lot.
type (
	// ChargeConstruireLot names the règlements to pay, or takes every one due at
	// EcheanceAu (Execution when both are empty).
	ChargeConstruireLot struct {
		Reglements []string `json:"reglements,omitempty"`
		EcheanceAu Date     `json:"echeance_au,omitempty"`
		Groupe     bool     `json:"groupe"`
		Execution  Date     `json:"execution"`
	}
	// ChargeEjecterLigne takes règlements (ids) out of a lot.
	ChargeEjecterLigne struct {
		Retirer []string `json:"retirer"`
		Raison  string   `json:"raison,omitempty"`
	}
	// ChargeValiderLot is what the validator has read: another lot is another
	// validation.
	ChargeValiderLot struct {
		Nombre int     `json:"nombre"`
		Somme  Montant `json:"somme"`
	}
	// ChargeAnnulerLot says why.
	ChargeAnnulerLot struct {
		Raison string `json:"raison"`
	}
	// ChargeAppliquerRetour names the entries of the bank, by their keys.
	ChargeAppliquerRetour struct {
		Entrees []string `json:"entrees"`
	}
)

// FaitsLot are what the rules of a lot need besides the lot, read under lock in
// the transaction of the step.
type FaitsLot struct {
	Le         time.Time
	Parametres Parametres
	Calendrier Calendrier
	Donneur    CompteBancaire
	// AExaminer is how many règlements a construire asks for when one step is too short
	// for them, 0 when they are in Reglements; an aperçu has the first ones there.
	AExaminer  int
	Examines   int               // poursuivre: how many of the list Reglements answers for
	Instant    time.Time         // when the step is done; an échéance may be late
	Reglements []ReglementActuel // construire: those asked for; poursuivre: the next handful; valider, ejecter, relire and emettre: those of the lot
	// Liens are the companies with which the author of the acte, or the person for
	// whom they act, declared a link that has not ended.
	Liens []SIREN
	// Relecture is what reading the règlements of the lot again has found; nil makes it of Reglements.
	Relecture *Relecture
	Fichier   string         // SHA-256 of the stored payment file, "" when none
	Entrees   []FaitBancaire // appliquer_retour
}

// EffetsLot are what a step of a lot does besides moving it.
type EffetsLot struct {
	Code       string
	Motif      string
	Phrase     string
	Mouvements []Mouvement // each with its Reglement
	Touches    []string    // règlements of the lot whose row changes; one may come twice
	Liberes    []Liberation
	Suites     []SuiteReglement
	Sorts      []SortEntree
	// Dossiers are those of the règlements with Mouvements that are in the lot no more.
	Dossiers map[string]string
	Constats []FaitBancaire // what persons read on a statement, to be filed as facts of the account
	Constat  string         // who read it, and where
	Gels     []Gel          // accounts that the bank told not to pay again
	Caduc    bool           // the payment file, if one was produced, is of a lot that is no more: it never left
	Alerte   string         // French sentence for the ops console, "" when all is well
}

// Liberation is a règlement that leaves the lot: payable again, or cancelled
// when its invoice is not approved any more.
type Liberation struct {
	Reglement string
	Etat      EtatReglement
}

// SuiteReglement is what the dossier of a règlement must be told.
type SuiteReglement struct {
	Cle       string // key of the bank's entry
	Type      TypeActe
	Dossier   string
	Reglement string
	Montant   Montant
	Date      Date
	Motif     string
	Cause     string // the sentence of the bank's reason
}

// NumeroLot writes the id of the nth lot of a year: L26-0001.
func NumeroLot(annee int, n int64) string { return fmt.Sprintf("L%02d-%04d", annee%100, n) }

// Resume returns the state of the lot in figures. Demande is its control sum;
// what is neither paid, rejected nor returned is still awaited.
func (l *Lot) Resume() Resume {
	return Resume{Etat: Etat(l.Etat), Demande: l.Somme(), Nombre: l.Nombre(), Paye: l.totalEtat(ReglementExecute),
		Rejete: l.totalEtat(ReglementRejete), Retourne: l.totalEtat(ReglementRetourne), Echeances: l.Echeances}
}

// Createur reports whether a, or who a acts for, has edited the lot.
func (l *Lot) Createur(a Acteur) bool { return a.croiseUn(l.Createurs) }

// Haut reports whether the lot needs a third person, a responsable: one of its
// transfers or its sum is above the thresholds of p (reliability.md 3.1, rule 4).
func (l *Lot) Haut(p Parametres) bool {
	return l.Somme() > p.LotTroisieme || l.PlusGros > p.LigneTroisieme
}

// Virement is one transfer of a lot: a règlement, or all those of a payee.
type Virement struct {
	EndToEndID string
	Montant    Montant
	Nom        string
	IBAN       IBAN
	Adresse    *AdressePostale `json:",omitempty"` // absent: the seal of a lot without any is as before
	Remise     string
	Reglements []string
}

// Virements returns the transfers of the lot, in the order of its lines.
func (l *Lot) Virements() []Virement {
	var vs []Virement
	rangs := map[string]int{}
	paires := map[string][]PaireRemise{}
	for _, x := range l.Lignes {
		paires[x.EndToEndID] = append(paires[x.EndToEndID], PaireRemise{Dossier: x.DossierNumero, Facture: x.FactureNumero})
		i, ok := rangs[x.EndToEndID]
		if !ok {
			i = len(vs)
			rangs[x.EndToEndID] = i
			vs = append(vs, Virement{EndToEndID: x.EndToEndID, Nom: x.Nom, IBAN: x.IBAN, Adresse: x.Adresse})
		}
		vs[i].Montant += x.Montant
		vs[i].Reglements = append(vs[i].Reglements, x.Reglement)
	}
	for i := range vs {
		vs[i].Remise = Remise(vs[i].EndToEndID, paires[vs[i].EndToEndID])
	}
	return vs
}

// referencer gives its EndToEndId to each line: the number of its règlement, or
// the lot and the rank of the payee when grouped. They derive from business ids
// only, so that the same lot always gives the same ones (reliability.md D7).
func (l *Lot) referencer() {
	slices.SortStableFunc(l.Lignes, func(a, b LigneLot) int { return cmp.Compare(a.Numero, b.Numero) })
	l.Transferts, l.PlusGros = 0, 0
	l.placer(l.Lignes, nil)
}

// sceller returns the hash of all that the payment file will say.
func (l *Lot) sceller() (string, error) {
	b, err := json.Marshal(struct {
		ID        string
		ValideLe  time.Time
		Execution Date
		Donneur   CompteBancaire
		Virements []Virement
	}{l.ID, l.ValideLe, l.Execution, l.Donneur, []Virement{}})
	if err != nil {
		return "", fmt.Errorf("sealing lot %s: %w", l.ID, err)
	}
	// One transfer at a time: what is hashed is as long as the payment file.
	h := sha256.New()
	h.Write(b[:len(b)-len("]}")])
	for i, v := range l.Virements() {
		if b, err = json.Marshal(v); err != nil {
			return "", fmt.Errorf("sealing lot %s: %w", l.ID, err)
		}
		if i > 0 {
			h.Write([]byte(","))
		}
		h.Write(b)
	}
	h.Write([]byte("]}"))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Intact returns an error when the lot is not what was validated.
func (l *Lot) Intact() error {
	s, err := l.sceller()
	if err != nil {
		return err
	}
	if l.Sceau == "" || s != l.Sceau {
		return fmt.Errorf("lot %s is not what was validated", l.ID)
	}
	return nil
}
