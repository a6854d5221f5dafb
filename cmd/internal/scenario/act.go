package scenario

// Act is one acte: who does what, and what is expected of it. Avec depends on
// Fait; ActData has the fields of all of them.
type Act struct {
	Qui     string  `yaml:"qui"`
	Fait    string  `yaml:"fait"`
	Dossier string  `yaml:"dossier"`
	Lot     string  `yaml:"lot"`
	Avec    ActData `yaml:"avec"`
	Verdict string  `yaml:"verdict"` // applique (default) or refuse
	Code    string  `yaml:"code"`
	Champ   string  `yaml:"champ"`
	Statut  int     `yaml:"statut"` // HTTP status
	Phrase  Texts   `yaml:"phrase"` // the sentence holds each of these
	line    int
}

// ActData is the content of an acte.
type ActData struct {
	// creer
	Entreprise    string            `yaml:"entreprise"`
	Organisme     string            `yaml:"organisme"`
	Interne       YesNo             `yaml:"interne"`
	Remboursement YesNo             `yaml:"remboursement"` // default: the organisme is paid directly
	Intitule      string            `yaml:"intitule"`
	Nature        string            `yaml:"nature"`
	Duree         Hours             `yaml:"duree"`
	Du            Day               `yaml:"du"`
	Au            Day               `yaml:"au"`
	Stagiaires    []Trainee         `yaml:"stagiaires"`
	Lignes        map[string]Amount `yaml:"lignes"`
	Echelonnement YesNo             `yaml:"echelonnement"`
	Reference     string            `yaml:"reference_client"`
	Commentaire   string            `yaml:"commentaire"`
	Joint         *Texts            `yaml:"joint"` // pièces uploaded with the brouillon; default: programme, convention
	// deposer
	AVenir Texts `yaml:"a_venir"`
	// joindre: one file
	Piece string `yaml:"piece"`
	// demander_complement, declarer_non_conforme
	Pieces []Wanted `yaml:"pieces"`
	// decider
	Refus      YesNo              `yaml:"refus"`
	Motifs     Texts              `yaml:"motifs"`
	Accorde    map[string]Lowered `yaml:"accorde"`
	Derogation string             `yaml:"derogation"`
	Risque     string             `yaml:"risque"`
	// annuler, renvoyer, retirer_stagiaire, litige…
	Raison    string `yaml:"raison"`
	Stagiaire string `yaml:"stagiaire"` // rank: 1 for the first
	// certifier
	Heures      *Hours     `yaml:"heures"` // of every stagiaire
	Certificats []Attested `yaml:"certificats"`
	// facturer, deposer_avoir
	Numero        string     `yaml:"numero"`
	Montant       Amount     `yaml:"montant"`
	Date          Day        `yaml:"date"`
	Emetteur      string     `yaml:"emetteur"`
	Destinataire  string     `yaml:"destinataire"`
	RefDossier    *string    `yaml:"reference_dossier"`
	TotalHT       *Amount    `yaml:"total_ht"`
	TauxTVA       int        `yaml:"taux_tva"` // percent
	TVA           *Amount    `yaml:"tva"`      // when it is not what the lines and the rate make
	IBANDe        string     `yaml:"iban_de"`  // write the IBAN of this organisation
	Remplace      string     `yaml:"remplace"`
	Avance        YesNo      `yaml:"avance"`
	Facture       string     `yaml:"facture"`
	Motif         string     `yaml:"motif"`
	Detail        []Invoiced `yaml:"detail"`
	Justificatifs []Proof    `yaml:"justificatifs"`
	// facturer_electronique: the total that the page shows, and the checks expected
	TotalPDF  *Amount           `yaml:"total_pdf"`
	Controles map[string]string `yaml:"controles"`
	// constater
	Solde YesNo `yaml:"solde"`
	// creer_lot, retirer_lignes
	Dossiers  Texts `yaml:"dossiers"`
	Execution Day   `yaml:"execution"`
	Groupe    YesNo `yaml:"groupe"`
	// valider_lot: what the validator read, when it is not what the lot says
	Somme *Amount `yaml:"somme"`
	// representer
	Reglement int `yaml:"reglement"` // rank among the dossier's règlements; default: the last
}

// Trainee is one or Nombre stagiaires.
type Trainee struct {
	Nombre    int    `yaml:"nombre"`
	Prenom    string `yaml:"prenom"`
	Nom       string `yaml:"nom"`
	NeLe      Day    `yaml:"ne_le"`
	Heures    Hours  `yaml:"heures"`
	Cout      Amount `yaml:"cout"` // coûts pédagogiques of each
	Salaire   Amount `yaml:"salaire_horaire"`
	Repas     int    `yaml:"repas"`
	Nuits     int    `yaml:"nuits"`
	Transport Amount `yaml:"transport"`
}

// Wanted is a pièce asked for.
type Wanted struct {
	Type      string `yaml:"type"`
	Motif     string `yaml:"motif"`
	Precision string `yaml:"precision"`
	Fautive   YesNo  `yaml:"fautive"` // the one on file of that type is judged wrong
}

// Lowered is a cost line granted otherwise than the barème says.
type Lowered struct {
	Montant Amount `yaml:"montant"`
	Motif   string `yaml:"motif"`
}

// Attested is one certificat de réalisation.
type Attested struct {
	Stagiaire int    `yaml:"stagiaire"` // rank in the demande, when the names are those
	Prenom    string `yaml:"prenom"`
	Nom       string `yaml:"nom"`
	Heures    Hours  `yaml:"heures"`
	Du        Day    `yaml:"du"`
	Au        Day    `yaml:"au"`
	SigneLe   Day    `yaml:"signe_le"`
	NonSigne  YesNo  `yaml:"non_signe"`
	Emetteur  string `yaml:"emetteur"`
	Intitule  string `yaml:"intitule"`
	Nature    string `yaml:"nature"`
}

// Invoiced is one line of an invoice.
type Invoiced struct {
	Ligne     string `yaml:"ligne"`
	Stagiaire string `yaml:"stagiaire"`
	Heures    Hours  `yaml:"heures"`
	Montant   Amount `yaml:"montant"`
}

// Proof is what the company shows that it paid.
type Proof struct {
	Type      string `yaml:"type"`
	Ligne     string `yaml:"ligne"`
	Numero    string `yaml:"numero"`
	Montant   Amount `yaml:"montant"`
	Acquittee YesNo  `yaml:"acquittee"`
}
