package opco

import (
	"slices"
	"unicode/utf8"
)

// AvisPiece is what a member of the staff thinks of one pièce: conforme, or not
// with its reason. It moves no état: what is asked for because of it is an acte.
type AvisPiece struct {
	Conforme  bool   `json:"conforme"`
	Motif     Motif  `json:"motif,omitempty"`
	Precision string `json:"precision,omitempty"`
}

// precisionMax bounds the free words about a pièce, in characters.
const precisionMax = 500

// jugeables are the états in which the OPCO looks at the pièces of a dossier.
var jugeables = []Etat{EtatTransmise, EtatACompleter, EtatEnInstruction, EtatEnRealisation, EtatAttenteServiceFait,
	EtatSFEnControle, EtatSFNonConforme, EtatEnReglement, EtatRegleePartielle}

// PiecesAJuger reports whether the OPCO looks at the pièces of d now.
func (d *Dossier) PiecesAJuger() bool { return slices.Contains(jugeables, d.Etat) }

// JugerPiece writes an opinion on a pièce of d. It returns NotFound when d has no
// such pièce, Conflict when the dossier is not being looked at or the file is not
// examined yet, Invalid when the opinion lacks its reason.
func (d *Dossier) JugerPiece(id string, a AvisPiece) error {
	i := slices.IndexFunc(d.Pieces, func(p Piece) bool { return p.ID == id })
	switch {
	case i < 0:
		return Errorf(NotFound, "Cette pièce n’existe pas, ou vous n’y avez pas accès.")
	case !d.PiecesAJuger():
		return (&Error{Kind: Conflict, Message: "Ce dossier est « " + d.Etat.String() + " » : ses pièces ne sont plus à juger."}).AvecCode("ETAPE_INATTENDUE")
	case d.Pieces[i].Etat == PieceEnQuarantaine:
		return Errorf(Conflict, "Ce fichier vient d’arriver : attendez la fin de son examen pour le juger.")
	case a.Conforme:
		d.Pieces[i].Etat, d.Pieces[i].Motif = PieceConforme, ""
		return nil
	case a.Motif == "":
		return Champf("motif", "Dites pourquoi cette pièce n’est pas conforme : l’entreprise le lira.")
	case !a.Motif.Pour(UsagePiece):
		return Champf("motif", "« %s » ne se dit pas d’une pièce : choisissez dans la liste.", citer(a.Motif.Libelle()))
	case a.Motif == MotifManquante || a.Motif == MotifAVenir:
		return Champf("motif", "Cette pièce est là : choisissez ce qui ne va pas dedans.")
	case utf8.RuneCountInString(a.Precision) > precisionMax:
		return Champf("precision", "C’est trop long : %d caractères au plus.", precisionMax)
	}
	d.Pieces[i].Etat, d.Pieces[i].Motif = PieceNonConforme, a.Motif
	return nil
}

// PrecisionPiece returns what the open complément says of a pièce found non
// conforme, "" when it says nothing.
func (d *Dossier) PrecisionPiece(id string) string {
	if d.Complement == nil {
		return ""
	}
	for _, x := range d.Complement.Pieces {
		if x.Piece == id {
			return x.Precision
		}
	}
	return ""
}
