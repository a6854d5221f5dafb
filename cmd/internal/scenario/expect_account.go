package scenario

// CheckAccount is what must be true of an account. What is absent is not looked at.
type CheckAccount struct {
	Compte       string            `yaml:"compte"` // whose account
	VuPar        string            `yaml:"vu_par"` // conseiller unless told; its holder sees less
	Navigateur   string            `yaml:"navigateur"`
	Etat         string            `yaml:"etat"`
	Origine      string            `yaml:"origine"`
	Identifiant  string            `yaml:"identifiant"`
	Nom          *string           `yaml:"nom"` // first name and name
	Politique    string            `yaml:"politique"`
	Conditions   string            `yaml:"conditions"`      // version accepted
	Confidence   string            `yaml:"confidentialite"` // version accepted
	Droits       map[string]string `yaml:"droits"`          // right → état; absent: there is no such right
	Ouverts      *Texts            `yaml:"ouverts"`         // all the rights that serve today
	Motifs       map[string]string `yaml:"motifs"`
	Phrases      map[string]Texts  `yaml:"phrases"` // what the person reads of a right
	Reponses     map[string]Texts  `yaml:"reponses"`
	Limites      map[string]Day    `yaml:"limites"`       // day promised for the answer
	DecidesPar   map[string]string `yaml:"decides_par"`   // right → account, or systeme
	Preuves      map[string]YesNo  `yaml:"preuves"`       // question → what was given agrees
	PreuvesDites map[string]Texts  `yaml:"preuves_dites"` // question → given, known and said
	Entites      *Texts            `yaml:"entites"`       // each « NOM (SIRET) » holds one of these
	Tuiles       map[string]string `yaml:"tuiles"`
	Collegues    *Texts            `yaml:"collegues"` // the other people of its organisations
	Roles        map[string]string `yaml:"roles"`     // staff: en_vigueur, attend, aucun
	Journal      []CheckPassage    `yaml:"journal"`
	Introuvable  YesNo             `yaml:"introuvable"`
}

// CheckAccess is what the guichet answers to somebody who asks for a page of the API.
type CheckAccess struct {
	Acces      string `yaml:"acces"` // path
	Qui        string `yaml:"qui"`
	Navigateur string `yaml:"navigateur"`
	Statut     int    `yaml:"statut"`
	Code       string `yaml:"code"`
	Phrase     Texts  `yaml:"phrase"`
	Contient   Texts  `yaml:"contient"`
	Absent     Texts  `yaml:"ne_contient_pas"`
}

// CheckList is what somebody finds in their list of dossiers, among those of the
// scenario; Compteur is the number that the counters say.
type CheckList struct {
	Liste      string `yaml:"liste"` // who reads
	Navigateur string `yaml:"navigateur"`
	Trouve     Texts  `yaml:"trouve"`
	Compteur   *int   `yaml:"compteur"`
}

// CheckQueue is what waits for the advisers, among the people of the scenario.
type CheckQueue struct {
	File     string         `yaml:"file"`   // who reads it
	Attend   map[string]int `yaml:"attend"` // person → rights to decide
	Retard   Texts          `yaml:"en_retard"`
	Concorde *Texts         `yaml:"concorde"` // those whose evidence agrees
}

// CheckNoMail expects that no mail at all holds a text.
type CheckNoMail struct {
	Absent string `yaml:"aucun_courriel"`
}

// CheckLogin is where the login of somebody stands.
type CheckLogin struct {
	Session     string `yaml:"session"` // who
	Navigateur  string `yaml:"navigateur"`
	Etape       string `yaml:"etape"`
	AccesLimite *YesNo `yaml:"acces_limite"`
	Espaces     *Texts `yaml:"espaces"`   // organisations and roles where one may enter
	Ouvertes    *int   `yaml:"ouvertes"`  // sessions of the account
	Perimetre   string `yaml:"perimetre"` // where one is
}
