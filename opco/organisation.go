package opco

// Entreprise is an adhérent company as the OPCO knows it.
type Entreprise struct {
	SIREN         SIREN  `json:"siren"`
	Nom           string `json:"nom"`
	IDCC          string `json:"idcc"`
	Effectif      int    `json:"effectif"` // yearly average at year start
	Adherente     bool   `json:"adherente"`
	AJour         bool   `json:"a_jour"` // contribution conventionnelle paid
	IBAN          IBAN   `json:"iban,omitempty"`
	AlsaceMoselle bool   `json:"alsace_moselle"`
}

// Organisme is a training provider as the OPCO knows it.
type Organisme struct {
	SIREN                SIREN      `json:"siren"`
	Nom                  string     `json:"nom"`
	NDA                  NDA        `json:"nda"`
	NDAActive            bool       `json:"nda_active"`
	Qualiopi             []Qualiopi `json:"qualiopi"`
	TVA                  bool       `json:"tva"` // charges 20 %; false: exempt (CGI 261-4-4°-a)
	IBAN                 IBAN       `json:"iban,omitempty"`
	Suspendu             bool       `json:"suspendu"`
	SubrogationAutorisee bool       `json:"subrogation_autorisee"`
}

// Qualiopi is one certificate: a category of action, valid from Du to Au.
type Qualiopi struct {
	Nature Nature `json:"nature"`
	Du     Date   `json:"du"`
	Au     Date   `json:"au"`
}

// Qualifie reports whether o holds Qualiopi for nature n on day d.
func (o Organisme) Qualifie(n Nature, d Date) bool {
	if n == NatureAFEST {
		n = NatureFormation
	}
	for _, q := range o.Qualiopi {
		if q.Nature == n && q.Du <= d && (q.Au == "" || d <= q.Au) {
			return true
		}
	}
	return false
}
