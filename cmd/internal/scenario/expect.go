package scenario

// CheckDossier is what must be true of a dossier. What is absent is not looked at.
type CheckDossier struct {
	Dossier      string                   `yaml:"dossier"`
	VuPar        string                   `yaml:"vu_par"` // default: gestionnaire
	Introuvable  YesNo                    `yaml:"introuvable"`
	Etat         string                   `yaml:"etat"`
	Libelles     *Labels                  `yaml:"libelles"`
	QuiAgit      Texts                    `yaml:"qui_agit"`
	Demande      *Amount                  `yaml:"demande"`
	Accorde      *Amount                  `yaml:"accorde"`
	Engage       *Amount                  `yaml:"engage"`
	Accepte      *Amount                  `yaml:"accepte"`
	Paye         *Amount                  `yaml:"paye"`
	DeposeLe     *Instant                 `yaml:"depose_le"` // to the minute
	InstruitPar  string                   `yaml:"instruit_par"`
	Decision     *CheckDecision           `yaml:"decision"`
	Proposition  *CheckDecision           `yaml:"proposition"`
	SansDecision YesNo                    `yaml:"sans_decision"`
	Controles    map[string]string        `yaml:"controles"`    // instruction checks: C07: OK
	ServiceFait  map[string]string        `yaml:"service_fait"` // SF12: BLOCK
	Factures     map[string]*CheckInvoice `yaml:"factures"`
	Reglements   *[]CheckPayment          `yaml:"reglements"`
	Echeances    *[]CheckDue              `yaml:"echeances"`
	Journal      []CheckPassage           `yaml:"journal"`
	Courriers    map[string]int           `yaml:"courriers"` // event → how many were sent
	Comptes      map[string]Amount        `yaml:"comptes"`   // ledger account → balance
	Ecritures    map[string]Amount        `yaml:"ecritures"` // type of mouvement → total
	PiecesEtats  map[string]string        `yaml:"pieces"`    // type → état of the last one
	Manque       *Texts                   `yaml:"pieces_attendues"`
	Certificats  *int                     `yaml:"certificats"`
}

// Labels are the names of the état in the three vocabularies.
type Labels struct {
	Guichet *string `yaml:"guichet"`
	Atlas   *string `yaml:"atlas"`
	Akto    *string `yaml:"akto"`
}

// CheckDecision is what must be true of a décision.
type CheckDecision struct {
	Sens         string                `yaml:"sens"`
	Version      *int                  `yaml:"version"`
	Demande      *Amount               `yaml:"demande"`
	Accorde      *Amount               `yaml:"accorde"`
	Reste        *Amount               `yaml:"reste_a_charge"`
	Motifs       *Texts                `yaml:"motifs"`
	SecondRegard *YesNo                `yaml:"second_regard"`
	Lignes       map[string]*CheckLine `yaml:"lignes"`
	Fonds        map[string]Amount     `yaml:"fonds"`
	Conditions   Texts                 `yaml:"conditions"`
	DecidePar    string                `yaml:"decide_par"`
}

// CheckLine is what must be true of one cost line of a décision.
type CheckLine struct {
	Demande  *Amount `yaml:"demande"`
	Eligible *Amount `yaml:"eligible"`
	Accorde  *Amount `yaml:"accorde"`
	Motif    *string `yaml:"motif"`
	Regle    Texts   `yaml:"regle"`
}

// CheckInvoice is what must be true of an invoice, found by its number.
type CheckInvoice struct {
	Etat        string  `yaml:"etat"`
	Code        *int    `yaml:"code"` // of the e-invoicing life cycle: 205, 206, 210…
	Approuve    *Amount `yaml:"approuve"`
	NonApprouve *Amount `yaml:"non_approuve"`
	Motif       *string `yaml:"motif"`
	Phrase      Texts   `yaml:"phrase"`
	Echeance    *Day    `yaml:"echeance"`
	RecueLe     *Day    `yaml:"recue_le"`
	AttendAvoir *YesNo  `yaml:"attend_avoir"`
	Completee   *int    `yaml:"completee"` // how many times it was 209
	Statuts     []int   `yaml:"statuts"`   // codes told to its issuer, each with its message
}

// CheckPayment is what must be true of a règlement, in order.
type CheckPayment struct {
	Facture      string  `yaml:"facture"`
	Montant      *Amount `yaml:"montant"`
	Etat         string  `yaml:"etat"`
	Beneficiaire string  `yaml:"beneficiaire"`
	Echeance     *Day    `yaml:"echeance"`
	ExecuteLe    *Day    `yaml:"execute_le"`
	Motif        *string `yaml:"motif"`
}

// CheckDue is a délai that runs.
type CheckDue struct {
	Type  string   `yaml:"type"`
	Code  string   `yaml:"code"`
	Le    *Instant `yaml:"le"`
	Effet *Day     `yaml:"effet"`
}

// CheckPassage is one line of the journal. The lines given must be found in
// that order; others may stand between them.
type CheckPassage struct {
	Fait   string `yaml:"fait"`
	Code   string `yaml:"code"`
	De     string `yaml:"de"`
	Vers   string `yaml:"vers"`
	Effet  *Day   `yaml:"effet"`
	Par    string `yaml:"par"` // account, or systeme, banque
	Motif  string `yaml:"motif"`
	Phrase Texts  `yaml:"phrase"`
	Refus  YesNo  `yaml:"refuse"`
}

// CheckEnvelope is what must be true of the money of a company.
type CheckEnvelope struct {
	Enveloppe   string  `yaml:"enveloppe"` // the company
	Annee       int     `yaml:"annee"`
	Fonds       string  `yaml:"fonds"` // default MUTUALISE
	Dotation    *Amount `yaml:"dotation"`
	Disponible  *Amount `yaml:"disponible"`
	Engage      *Amount `yaml:"engage"`
	ServiceFait *Amount `yaml:"service_fait"`
	Ordonnance  *Amount `yaml:"ordonnance"`
	Paye        *Amount `yaml:"paye"`
}

// CheckMails is what an organisation must have received.
type CheckMails struct {
	Courriels string `yaml:"courriels"` // the organisation, or the person
	Objet     string `yaml:"objet"`     // part of the subject
	Dossier   string `yaml:"dossier"`   // only those of this dossier
	Texte     string `yaml:"texte"`     // only those that say this
	Nombre    *int   `yaml:"nombre"`
	Contient  Texts  `yaml:"contient"` // each in the last one
	Absent    Texts  `yaml:"ne_contient_pas"`
	Piece     string `yaml:"piece_jointe"` // part of the name of an attachment
}

// CheckLetter is what a letter must say, on the page and in PDF.
type CheckLetter struct {
	Lettre   string `yaml:"lettre"` // event: ACCORD, REFUS…
	Dossier  string `yaml:"dossier"`
	Pour     string `yaml:"pour"` // entreprise (default) or organisme
	VuePar   string `yaml:"vue_par"`
	Contient Texts  `yaml:"contient"`
	Absent   Texts  `yaml:"ne_contient_pas"`
}

// CheckLot is what must be true of a lot and of its file.
type CheckLot struct {
	Lot         string            `yaml:"lot"`
	Etat        string            `yaml:"etat"`
	Nombre      *int              `yaml:"nombre"`
	Somme       *Amount           `yaml:"somme"`
	Lignes      map[string]string `yaml:"lignes"` // number of an invoice → état of its règlement
	Fichier     *CheckFile        `yaml:"fichier"`
	SansFichier YesNo             `yaml:"sans_fichier"`
}

// CheckFile is what must be true of a pain.001.
type CheckFile struct {
	Virements *int     `yaml:"virements"`
	Somme     *Amount  `yaml:"somme"`
	Montants  []Amount `yaml:"montants"` // in any order
	Noms      Texts    `yaml:"noms"`     // each payee, as the bank reads it
	Motifs    Texts    `yaml:"libelles"` // each is part of one remittance text
}

// CheckSearch is what a search must find among the dossiers of the scenario.
type CheckSearch struct {
	Recherche string `yaml:"recherche"`
	Qui       string `yaml:"qui"`
	Trouve    Texts  `yaml:"trouve"`
}

// CheckSet is what must be true of several dossiers together, in any order.
type CheckSet struct {
	Ensemble Texts    `yaml:"ensemble"`
	Accordes []Amount `yaml:"accordes"`
	Etats    Texts    `yaml:"etats"`
	Engage   *Amount  `yaml:"engage"` // sum
}
