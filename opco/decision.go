package opco

import "time"

// Sens is the outcome of a décision.
type Sens string

// The outcomes of a décision.
const (
	SensAccord  Sens = "ACCORD"
	SensPartiel Sens = "ACCORD_PARTIEL"
	SensRefus   Sens = "REFUS"
)

// Decision says what is granted, per cost line and per fund, and why less than
// what was asked (domain.md 2.4). Σ Lignes.Accorde = Σ Fonds.Montant = Accorde.
type Decision struct {
	Version      int             `json:"version"` // 1 for the first, 2 after an avenant
	Sens         Sens            `json:"sens"`
	Bareme       string          `json:"bareme"`
	Lignes       []LigneDecidee  `json:"lignes"`
	Stagiaires   []PartStagiaire `json:"stagiaires"`
	Fonds        []PartFonds     `json:"fonds"`
	Demande      Montant         `json:"demande"`
	Accorde      Montant         `json:"accorde"`
	ResteACharge Montant         `json:"reste_a_charge"`
	Motifs       []Motif         `json:"motifs,omitempty"`
	Derogation   string          `json:"derogation,omitempty"`
	Risque       string          `json:"risque,omitempty"`
	Commentaire  string          `json:"commentaire,omitempty"`
	Conditions   []string        `json:"conditions,omitempty"`
	SecondRegard bool            `json:"second_regard"` // a second person is required
	ProposePar   Acteur          `json:"propose_par"`
	DecidePar    Acteur          `json:"decide_par"`
	Le           time.Time       `json:"le"`
}

// LigneDecidee is the decision on one cost line.
type LigneDecidee struct {
	Ligne    Ligne   `json:"ligne"`
	Demande  Montant `json:"demande"`
	Eligible Montant `json:"eligible"` // after the caps of the line, before the annual cap
	Accorde  Montant `json:"accorde"`
	Regle    string  `json:"regle"` // the rule applied, in French, with its figure
	Motif    Motif   `json:"motif,omitempty"`
}

// PartStagiaire is the share of the grant that one stagiaire carries on the two
// lines paid by the hour: grant of the line × his asked amount ÷ what the line
// asked. The shares of a line sum to its grant.
type PartStagiaire struct {
	Stagiaire    string  `json:"stagiaire"`
	Heures       Minutes `json:"heures"`
	Peda         Montant `json:"peda"`
	Remuneration Montant `json:"remuneration"`
}

// PartFonds is what one fund engages for the dossier.
type PartFonds struct {
	Enveloppe string  `json:"enveloppe"`
	Code      string  `json:"code"`
	Montant   Montant `json:"montant"`
}

// Parametres are the dated figures of the rules (domain.md 6.1, 2.3, 5 bis).
// They are read once, when a délai is armed or a decision taken.
type Parametres struct {
	SecondRegard      Montant `json:"second_regard"`       // 10 000,00 €
	RelanceComplement []int   `json:"relance_complement"`  // days: 10, 20
	SansSuite         int     `json:"sans_suite"`          // days: 30
	AlerteDecision    int     `json:"alerte_decision"`     // days from the deposit: 45
	DelaiDecisionMois int     `json:"delai_decision_mois"` // 2, R6332-24
	RappelPieces      []int   `json:"rappel_pieces"`       // days after the end: 15, 45, 75
	ForclusionMois    int     `json:"forclusion_mois"`     // 6
	PaiementJours     int     `json:"paiement_jours"`      // 30
	ClotureJours      int     `json:"cloture_jours"`       // 30 quiet days
	RelanceFacture    []int   `json:"relance_facture"`     // 10, 20
	RefusFacture      int     `json:"refus_facture"`       // 30
	RevueLitige       int     `json:"revue_litige"`        // days between two reviews of a dispute: 15, F06
	AvancePourcent    int     `json:"avance_pourcent"`     // of the agreed price, at most: 30 (R6332-25)
	InduReponse       int     `json:"indu_reponse"`        // days for the debtor to contest: 30, I01
	InduRelances      []int   `json:"indu_relances"`       // days after the notification: 30, 60, 90, I03

	InduReponseResponsable int `json:"indu_reponse_responsable"` // days to answer a contestation: 30, I02

	LotExpireJours    int     `json:"lot_expire_jours"`    // 5
	LigneTroisieme    Montant `json:"ligne_troisieme"`     // 250 000,00 €: a larger transfer takes a third person, a responsable
	LotTroisieme      Montant `json:"lot_troisieme"`       // 2 000 000,00 €: the same for the sum of a lot
	LotMax            int     `json:"lot_max"`             // règlements of one lot, which is one file of the bank: 120,000 (reliability.md 4.3)
	LotPoignee        int     `json:"lot_poignee"`         // règlements that one step of the building of a lot examines, 1 at least: 2,000; a longer lot is built by handfuls
	AlerteBanqueJours int     `json:"alerte_banque_jours"` // 3 jours ouvrés

	BanqueInconnuJours int `json:"banque_inconnu_jours"` // jours ouvrés without an answer, after which the outcome is unknown: 2 (reliability.md F51)

	RIBAttenteHeures  int     `json:"rib_attente_heures"`  // hold of a validated RIB: 48 (domain.md 2.7, 5 bis)
	RIBRecentJours    int     `json:"rib_recent_jours"`    // a change this recent is a sign of fraud: 30 (domain.md 3.11)
	BrouillonMois     int     `json:"brouillon_mois"`      // 12
	DepotConseilJours int     `json:"depot_conseil_jours"` // advisory: 30 days before the start
	ToleranceHeures   Minutes `json:"tolerance_heures"`    // certificate vs convention, default 0
	RecoursMois       int     `json:"recours_mois"`        // 2
	CompletudeOuvres  int     `json:"completude_ouvres"`   // 5 jours ouvrés
	InstructionOuvres int     `json:"instruction_ouvres"`  // alert at 10 jours ouvrés
	ValidationOuvres  int     `json:"validation_ouvres"`   // 2 jours ouvrés

	TVAEntrepriseDu Date `json:"tva_entreprise_du"` // a company's invoice received before may add TVA to all its lines: 2026-11-23 (AK-48)

	ImportLignes int `json:"import_lignes"` // lines of one file of demandes: 500

	MiseDeCoteJours int `json:"mise_de_cote_jours"` // a file chosen in a form that is never sent: 7

	ConservationLecturesMois int `json:"conservation_lectures_mois"` // the log of reads: 12, no less (reliability.md 3.19)

	Signaux ParametresSignaux `json:"signaux"`

	Comptes ParametresCompte `json:"comptes"`
	File    ParametresFile   `json:"file"`

	Exploitation ParametresExploitation `json:"exploitation"`

	DocumentOPCO string `json:"document_opco"` // how an organisme is told who deposited a document that is not its own (AT-24)

	PolitiqueInscription string               `json:"politique_inscription"` // code of what the sign-up asks of a password: GUICHET
	PolitiqueProvisoire  string               `json:"politique_provisoire"`  // the same for the accounts that the OPCO opens: GUICHET
	Politiques           map[string]Politique `json:"politiques"`            // what the OPCO asks beyond each policy; read by Politique
}

// ParametresDefaut returns the defaults of domain.md. They seed the reference
// data; running code reads the dated rows instead.
func ParametresDefaut() Parametres {
	return Parametres{
		SecondRegard: 1_000_000, RelanceComplement: []int{10, 20}, SansSuite: 30, AlerteDecision: 45, DelaiDecisionMois: 2,
		RappelPieces: []int{15, 45, 75}, ForclusionMois: 6, PaiementJours: 30, ClotureJours: 30,
		RelanceFacture: []int{10, 20}, RefusFacture: 30, RevueLitige: 15, AvancePourcent: 30, InduReponse: 30, InduRelances: []int{30, 60, 90}, InduReponseResponsable: 30, LotExpireJours: 5, LigneTroisieme: 25_000_000, LotTroisieme: 200_000_000, LotMax: 120_000, LotPoignee: 2000, AlerteBanqueJours: 3, BanqueInconnuJours: 2, RIBAttenteHeures: 48, RIBRecentJours: 30, BrouillonMois: 12,
		DepotConseilJours: 30, RecoursMois: 2, CompletudeOuvres: 5, InstructionOuvres: 10,
		ValidationOuvres: 2, TVAEntrepriseDu: "2026-11-23", ImportLignes: 500, MiseDeCoteJours: 7, ConservationLecturesMois: 12, Signaux: parametresSignauxDefaut(), Comptes: parametresCompteDefaut(), File: parametresFileDefaut(),
		Exploitation:         parametresExploitationDefaut(),
		DocumentOPCO:         "Inscrit par votre OPCO",
		PolitiqueInscription: PolitiqueGuichet, PolitiqueProvisoire: PolitiqueGuichet,
	}
}
