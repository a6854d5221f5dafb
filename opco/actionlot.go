package opco

import (
	"fmt"
	"slices"
)

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

// Accepter refuses an action that its author's role may not do, that lacks what its
// genre needs, or that no dossier could be given on the day jour: everything that is
// the same for all its dossiers is told once, on its field. It returns the action with
// what its genre uses, and nothing else.
func (a ActionLot) Accepter(r Role, jour Date, p ParametresFile) (ActionLot, error) {
	if a.Genre.Libelle() == "" {
		return a, Champf("genre", "Choisissez ce qu’il faut faire de ces dossiers.")
	}
	if !slices.Contains(GenresLot(r), a.Genre) {
		return a, Errorf(Forbidden, "Votre rôle ne permet pas cette action sur plusieurs dossiers.")
	}
	x := ActionLot{Genre: a.Genre}
	switch a.Genre {
	case LotComplement:
		x.Pieces = a.Pieces
		return x, a.accepterPieces()
	case LotEtiqueter, LotDesetiqueter:
		if x.Etiquette = a.Etiquette; a.Etiquette == "" {
			return x, Champf("etiquette", "Choisissez l’étiquette.")
		}
	case LotReattribuer:
		if x.A = a.A; a.A == "" {
			return x, Champf("a", "Choisissez à qui confier ces dossiers.")
		}
		return x.raisonnee(a.Raison)
	case LotAttendre:
		x.JusquAu = a.JusquAu
		x, err := x.raisonnee(a.Raison)
		if err == nil {
			err = Attente{JusquAu: x.JusquAu, Raison: x.Raison}.Valider(jour, "", p)
		}
		return x, err
	}
	return x, nil
}

// accepterPieces refuses a complément that names no pièce, or one of a single dossier.
func (a ActionLot) accepterPieces() error {
	if len(a.Pieces) == 0 {
		return Champf("pieces", "Cochez au moins une pièce à demander.")
	}
	for i, x := range a.Pieces {
		if x.Piece != "" || x.Recue != "" {
			return Champf(fmt.Sprintf("pieces[%d].piece", i), "Une pièce jugée mauvaise se redemande depuis son dossier, pas à plusieurs dossiers à la fois.")
		}
		if _, err := ParseTexte(fmt.Sprintf("pieces[%d].precision", i), x.Precision, raisonLotMax); err != nil {
			return err
		}
	}
	return validerPieces("pieces", a.Pieces, UsagePiece)
}

// raisonLotMax bounds the reason of an action, and the words beside a pièce that it asks
// for, in characters.
const raisonLotMax = 500

// raisonnee gives the action its reason, which colleagues read.
func (a ActionLot) raisonnee(raison string) (ActionLot, error) {
	var err error
	if a.Raison, err = ParseTexte("raison", raison, raisonLotMax); err == nil && a.Raison == "" {
		err = Champf("raison", "Dites pourquoi : vos collègues le liront.")
	}
	return a, err
}

// Geste reports whether the action moves no procedure: it labels, entrusts or sets
// aside.
func (a ActionLot) Geste() bool {
	_, _, acte := a.Acte(nil)
	return !acte
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
