package opco

// Certificat is a certificat de réalisation: what one stagiaire really followed
// (domain.md 3.10). Heures may be 0: nobody came.
type Certificat struct {
	ID        string  `json:"id"`
	Nom       string  `json:"nom"`
	Prenom    string  `json:"prenom"`
	NeLe      Date    `json:"ne_le,omitempty"`
	Intitule  string  `json:"intitule"`
	Nature    Nature  `json:"nature"`
	Du        Date    `json:"du"`
	Au        Date    `json:"au"`
	Heures    Minutes `json:"heures"`
	Emetteur  SIRET   `json:"emetteur"`
	SigneLe   Date    `json:"signe_le"`
	Signe     bool    `json:"signe"`
	Empreinte string  `json:"empreinte,omitempty"`
	PieceID   string  `json:"piece_id,omitempty"`
}

// Resultat is the outcome of one named check.
type Resultat string

// The outcomes of a check: conforme, attention, bloquant, attendu (not yet
// decidable), sans objet.
const (
	ResultatOK        Resultat = "OK"
	ResultatWarn      Resultat = "WARN"
	ResultatBlock     Resultat = "BLOCK"
	ResultatAttendu   Resultat = "ATTENDU"
	ResultatSansObjet Resultat = "SANS_OBJET"
)

// Controle is one check with its result, the evidence it rests on and the
// sentence that a person reads.
type Controle struct {
	Code     string   `json:"code"` // SF4, C12…
	Nom      string   `json:"nom"`  // short French name
	Resultat Resultat `json:"resultat"`
	Preuve   string   `json:"preuve"` // what was compared, with figures
	Phrase   string   `json:"phrase"`
	Motif    Motif    `json:"motif,omitempty"`
	Sujet    string   `json:"sujet,omitempty"` // stagiaire id, invoice number
	// Condition is what an accord must require because of this check.
	Condition string `json:"condition,omitempty"`
}
