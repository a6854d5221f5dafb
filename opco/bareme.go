package opco

// Bareme is what one branch finances, for one size bracket, from a date
// (domain.md 3.6 and 6.1). It is reference data, loaded from schema, chosen by
// the start of the action; its brackets count employees at year start.
type Bareme struct {
	Code         string  `json:"code"` // BAR-TEST-2026
	IDCC         string  `json:"idcc"`
	EffectifMin  int     `json:"effectif_min"`
	EffectifMax  int     `json:"effectif_max"` // 0: no upper bound
	Du           Date    `json:"du"`
	Au           Date    `json:"au"`           // "": no end
	Mutualise    bool    `json:"mutualise"`    // false: only the company's own funds (VV)
	Annuel       Plafond `json:"annuel"`       // per SIREN and civil year of the start
	Peda         Plafond `json:"peda"`         // per hour and stagiaire
	Remuneration Plafond `json:"remuneration"` // per hour and stagiaire
	Repas        Plafond `json:"repas"`        // per day and stagiaire
	Hebergement  Plafond `json:"hebergement"`  // per night and stagiaire
	Transport    Plafond `json:"transport"`    // per stagiaire, actual cost up to it
	// ThemesExclus are words of an intitulé that the branch does not finance,
	// such as an obligation of the employer (domain.md 3.5, check 6).
	ThemesExclus []string `json:"themes_exclus,omitempty"`
}

// Plafond is a cap in cents. Libre means « — » in the barème: no cap. The zero
// Plafond finances nothing.
type Plafond struct {
	Libre   bool    `json:"libre"`
	Montant Montant `json:"montant"`
}

// Fonds is one source of money for a dossier, with what is still available on
// it. The order of a slice of Fonds is the order in which they are used
// (domain.md 2.4, co-funding).
type Fonds struct {
	Enveloppe  string  `json:"enveloppe"` // id of the envelope
	Code       string  `json:"code"`      // CONVENTIONNEL, MUTUALISE, VV, REGION, CPF
	Disponible Montant `json:"disponible"`
}
