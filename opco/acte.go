package opco

import "time"

// TypeActe names what anyone, or a délai, does to a dossier (architecture.md 2).
type TypeActe string

// The actes on a dossier AF. The system's own end with a délai or a bank fact.
const (
	ActeCreer               TypeActe = "creer"                 // T01
	ActeSupprimer           TypeActe = "supprimer"             // T03
	ActeDeposer             TypeActe = "deposer"               // T04, T05
	ActeRefuserTardif       TypeActe = "refuser_tardif"        // T05
	ActeDemanderComplement  TypeActe = "demander_complement"   // T06
	ActeJoindre             TypeActe = "joindre"               // T07, T23, F05
	ActeRelancer            TypeActe = "relancer"              // T08, T19, T22, F04
	ActeClasserSansSuite    TypeActe = "classer_sans_suite"    // T09
	ActeInstruire           TypeActe = "instruire"             // T10
	ActeAlerter             TypeActe = "alerter"               // T14 alert at J+45, T10 target
	ActeDecider             TypeActe = "decider"               // T11 to T14
	ActeValider             TypeActe = "valider"               // T12 to T14 from the second regard
	ActeRenvoyer            TypeActe = "renvoyer"              // second regard sends the proposal back
	ActeAnnuler             TypeActe = "annuler"               // T15, T16
	ActeRetirerStagiaire    TypeActe = "retirer_stagiaire"     // S12: one trainee withdrawn before the start
	ActeDemarrer            TypeActe = "demarrer"              // T17
	ActeTerminer            TypeActe = "terminer"              // T18
	ActeForclore            TypeActe = "forclore"              // T20, the délai has ended
	ActeConfirmerForclusion TypeActe = "confirmer_forclusion"  // T20, the GES closes
	ActeCertifier           TypeActe = "certifier"             // T21, T23
	ActeFacturer            TypeActe = "facturer"              // T21, F01 to F03
	ActeDeposerAvoir        TypeActe = "deposer_avoir"         // F09, end of a 206 QTE_ERR
	ActeDeclarerNonConforme TypeActe = "declarer_non_conforme" // T22, F04
	ActeMettreEnLitige      TypeActe = "mettre_en_litige"      // F06
	ActeRefuserFacture      TypeActe = "refuser_facture"       // F08
	ActeConstater           TypeActe = "constater"             // T25, T26, F07
	ActeRepresenter         TypeActe = "representer"           // R07: a rejected règlement is paid again
	ActeRegler              TypeActe = "regler"                // T27
	ActeAttendreSuite       TypeActe = "attendre_suite"        // T28
	ActeRejeterReglement    TypeActe = "rejeter_reglement"     // R04
	ActeRetournerReglement  TypeActe = "retourner_reglement"   // R06
	ActeCloturer            TypeActe = "cloturer"              // T29
	ActeConstaterIndu       TypeActe = "constater_indu"        // I01: a contrôle, a double payment
	ActeCompenser           TypeActe = "compenser"             // I03: a payment is reduced by what its payee owes
)

// Acte is one thing done to one object. Charge is its typed content (see the
// Charge… types); it stays in PostgreSQL, the engine only sees the rest. Compte is
// the account through which it was done, Session the public id of the session:
// both "" for the system, the bank and who is not logged in.
type Acte struct {
	ID     string    `json:"id"`
	Objet  string    `json:"objet"`
	Seq    int64     `json:"seq"`
	Type   TypeActe  `json:"type"`
	Par    Acteur    `json:"par"`
	Le     time.Time `json:"le"` // business instant of reception, UTC
	Charge []byte    `json:"charge,omitempty"`

	Compte  string `json:"compte,omitempty"`
	Session string `json:"-"`
}

// Verdict is what became of an acte.
type Verdict string

// The verdicts. Recu is not one yet: the acte is acknowledged and waits.
const (
	VerdictRecu     Verdict = "recu"
	VerdictApplique Verdict = "applique"
	VerdictRefuse   Verdict = "refuse"
)

// Echeance is a délai that ends: at Le the system performs Type, with Effet as
// its date d'effet (domain.md 5 bis, Time). Le is absolute and already computed
// with the calendar and the paramètres of its day.
type Echeance struct {
	Type  TypeActe  `json:"type"`
	Code  string    `json:"code"`
	Le    time.Time `json:"le"`
	Effet Date      `json:"effet"`
}

// Passage is one line of the journal of a dossier: an acte or a délai, applied
// or refused. De equals Vers when the état did not move.
type Passage struct {
	Dossier string    `json:"dossier"`
	Rang    int64     `json:"rang"`
	ActeID  string    `json:"acte_id,omitempty"`
	Type    TypeActe  `json:"type"`
	Code    string    `json:"code,omitempty"` // transition T01…T29, or the code of the échéance
	De      Etat      `json:"de"`
	Vers    Etat      `json:"vers"`
	Verdict Verdict   `json:"verdict"`
	Motif   string    `json:"motif,omitempty"`  // stable code
	Phrase  string    `json:"phrase,omitempty"` // French sentence shown in the historique
	Par     Acteur    `json:"par"`
	Le      time.Time `json:"le"`
	Effet   Date      `json:"effet"`
	Resume  Resume    `json:"resume"`
}

// Resume is the state of a dossier in figures, after a passage: what the
// journal folds to, what the projection shows and what the workflow carries.
// Nothing in it is personal.
type Resume struct {
	Etat      Etat                   `json:"etat"`
	Demande   Montant                `json:"demande"`
	Accorde   Montant                `json:"accorde"`
	Engage    Montant                `json:"engage"`  // still reserved, not yet accepted as service fait
	Accepte   Montant                `json:"accepte"` // service fait accepted (approved for payment)
	Paye      Montant                `json:"paye"`
	Factures  map[string]EtatFacture `json:"factures,omitempty"`
	Echeances []Echeance             `json:"echeances,omitempty"`
	// Of a lot only, whose Demande is its control sum.
	Nombre   int     `json:"nombre,omitempty"`
	Rejete   Montant `json:"rejete,omitempty"`
	Retourne Montant `json:"retourne,omitempty"`
}

// Charges of the actes. A field absent from a charge is its zero value.
type (
	// ChargeDeposer sends a brouillon. AVenir lists the required pièces that
	// the company announces as « à venir » (T04).
	ChargeDeposer struct {
		AVenir   []TypePiece `json:"a_venir,omitempty"`
		Certifie bool        `json:"certifie"`
	}
	// ChargeDemanderComplement lists the pièces asked for, each with a reason.
	ChargeDemanderComplement struct {
		Pieces []PieceDemandee `json:"pieces"`
	}
	// ChargeJoindre says which stored pièces have just been added, and what
	// expenses they prove for the invoice Facture (an id), when it lacked them.
	ChargeJoindre struct {
		Pieces        []Piece        `json:"pieces"`
		Facture       string         `json:"facture,omitempty"`
		Justificatifs []Justificatif `json:"justificatifs,omitempty"`
	}
	// ChargeDecider is the GES's proposal. Lignes lowers a cost line below what
	// the barème gives, with its motif, or raises it by Derogation.
	ChargeDecider struct {
		Refus       bool           `json:"refus"`
		Motifs      []Motif        `json:"motifs,omitempty"`
		Lignes      []LigneImposee `json:"lignes,omitempty"`
		Derogation  string         `json:"derogation,omitempty"`
		Risque      string         `json:"risque,omitempty"`
		Commentaire string         `json:"commentaire,omitempty"`

		// Lue is the proposal that its author had before their eyes: what would be
		// decided now must be that, or the acte is refused. Nil does not compare.
		Lue *PropositionLue `json:"lue,omitempty"`
	}
	// ChargeRaison carries the reason of an annulation, a renvoi, a litige.
	ChargeRaison struct {
		Raison  string `json:"raison"`
		Facture string `json:"facture,omitempty"`
		Motif   Motif  `json:"motif,omitempty"`
	}
	// ChargeRetirer withdraws one stagiaire.
	ChargeRetirer struct {
		Stagiaire string `json:"stagiaire"`
		Raison    string `json:"raison,omitempty"`
	}
	// ChargeCertifier deposits the certificats de réalisation.
	ChargeCertifier struct {
		Certificats []Certificat `json:"certificats"`
	}
	// ChargeFacturer deposits one invoice.
	ChargeFacturer struct {
		Facture Facture `json:"facture"`
	}
	// ChargeAvoir deposits a credit note on an invoice.
	ChargeAvoir struct {
		Avoir Avoir `json:"avoir"`
	}
	// ChargeNonConforme names what is wrong in the pièces de fin.
	ChargeNonConforme struct {
		Defauts []PieceDemandee `json:"defauts"`
		Facture string          `json:"facture,omitempty"`
	}
	// ChargeConstater accepts the service fait as the matrix computes it. Solde
	// says that nothing more will come: the unused engagement is released. It is
	// always so when the demande is not échelonnée.
	ChargeConstater struct {
		Solde       bool   `json:"solde"`
		Commentaire string `json:"commentaire,omitempty"`
	}
	// ChargeConstaterIndu says how much of a paid invoice must come back, and why.
	ChargeConstaterIndu struct {
		Facture string    `json:"facture"`
		Montant Montant   `json:"montant"`
		Cause   CauseIndu `json:"cause"`
		Raison  string    `json:"raison"`
	}
	// ChargeCompenser takes an indu of the payee on a règlement of the dossier.
	ChargeCompenser struct {
		Reglement string `json:"reglement"`
		Indu      string `json:"indu"`
	}
	// ChargeReglement tells a dossier what the bank did to one règlement.
	ChargeReglement struct {
		Reglement string  `json:"reglement"`
		Montant   Montant `json:"montant"`
		Date      Date    `json:"date"`
		Motif     string  `json:"motif,omitempty"` // ISO reason of a rejection or return
		Cause     string  `json:"cause,omitempty"` // the sentence of that reason
	}
)

// PropositionLue is what somebody read of a proposal: the rang of the dossier then,
// the outcome and the amount.
type PropositionLue struct {
	Rang    int64   `json:"rang"`
	Sens    Sens    `json:"sens"`
	Accorde Montant `json:"accorde"`
}
