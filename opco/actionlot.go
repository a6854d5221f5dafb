package opco

// GenreLot is what is done at once to many dossiers. A refusal is never one of them: it
// has its motif, dossier by dossier.
type GenreLot string

// What may be done at once.
const (
	LotInstruire    GenreLot = "INSTRUIRE"
	LotComplement   GenreLot = "COMPLEMENT"
	LotAccorder     GenreLot = "ACCORDER" // the computed proposal, where one person is enough
	LotEtiqueter    GenreLot = "ETIQUETER"
	LotDesetiqueter GenreLot = "DESETIQUETER"
	LotReattribuer  GenreLot = "REATTRIBUER"
	LotAttendre     GenreLot = "ATTENDRE"
)

// Libelle says what a genre does, on a button.
func (g GenreLot) Libelle() string {
	return map[GenreLot]string{LotInstruire: "Prendre en instruction", LotComplement: "Demander un complément", LotAccorder: "Accorder la proposition",
		LotEtiqueter: "Mettre une étiquette", LotDesetiqueter: "Retirer une étiquette", LotReattribuer: "Confier à quelqu’un", LotAttendre: "Mettre en attente"}[g]
}

// GenresLot are those that a role may use.
func GenresLot(r Role) []GenreLot {
	gs := []GenreLot{LotInstruire, LotComplement, LotAccorder, LotEtiqueter, LotDesetiqueter, LotAttendre}
	switch r {
	case RoleResponsable:
		return append(gs, LotReattribuer)
	case RoleGestionnaire:
		return gs
	}
	return nil
}

// ActionLot is an action on many dossiers, with what its genre needs.
type ActionLot struct {
	Genre     GenreLot        `json:"genre"`
	Pieces    []PieceDemandee `json:"pieces,omitempty"`    // of a complément
	Etiquette string          `json:"etiquette,omitempty"` // id of the label
	A         string          `json:"a,omitempty"`         // personne to whom dossiers are entrusted
	JusquAu   Date            `json:"jusqu_au,omitempty"`  // of a wait
	Raison    string          `json:"raison,omitempty"`    // of a wait, of an attribution
}

// Valider refuses an action that its author's role may not do, or that lacks what it
// needs.
func (a ActionLot) Valider(r Role) error {
	permis := false
	for _, g := range GenresLot(r) {
		permis = permis || g == a.Genre
	}
	switch {
	case a.Genre.Libelle() == "":
		return Champf("genre", "Choisissez ce qu’il faut faire de ces dossiers.")
	case !permis:
		return Errorf(Forbidden, "Votre rôle ne permet pas cette action sur plusieurs dossiers.")
	case a.Genre == LotComplement && len(a.Pieces) == 0:
		return Champf("pieces", "Cochez au moins une pièce à demander.")
	case (a.Genre == LotEtiqueter || a.Genre == LotDesetiqueter) && a.Etiquette == "":
		return Champf("etiquette", "Choisissez l’étiquette.")
	case a.Genre == LotReattribuer && a.A == "":
		return Champf("a", "Choisissez à qui confier ces dossiers.")
	case a.Genre == LotAttendre && a.JusquAu == "":
		return Champf("jusqu_au", "Donnez le jour où ces dossiers doivent revenir dans la file.")
	case (a.Genre == LotAttendre || a.Genre == LotReattribuer) && a.Raison == "":
		return Champf("raison", "Dites pourquoi : vos collègues le liront.")
	}
	return nil
}

// Acte is the acte that the action makes of each dossier; false when it moves no
// procedure.
func (a ActionLot) Acte(lue *PropositionLue) (t TypeActe, charge any, oui bool) {
	switch a.Genre {
	case LotInstruire:
		return ActeInstruire, struct{}{}, true
	case LotComplement:
		return ActeDemanderComplement, ChargeDemanderComplement{Pieces: a.Pieces}, true
	case LotAccorder:
		return ActeDecider, ChargeDecider{Lue: lue}, true
	}
	return "", nil, false
}

// Accordable refuses to grant in a lot what asks for more than one look: what the
// décision of d became when it was tried.
func Accordable(d *Dossier) (*PropositionLue, error) {
	switch {
	case d.Etat == EtatEnValidation:
		return nil, Errorf(Conflict, "Cette décision demande un second regard : proposez-la depuis le dossier.")
	case d.Decision == nil || d.Decision.Sens == SensRefus:
		return nil, Errorf(Conflict, "La proposition est un refus : il se décide depuis le dossier, avec son motif.")
	}
	return &PropositionLue{Sens: d.Decision.Sens, Accorde: d.Decision.Accorde}, nil
}
