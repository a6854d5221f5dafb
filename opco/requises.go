package opco

import (
	"slices"
	"strings"
)

// PiecesRequises returns the pièces that a demande must hold before a decision:
// one of each group (AK-45, OA-09). A formation interne has no convention and no
// devis, for nobody sells it.
func (d Demande) PiecesRequises() [][]TypePiece {
	if d.Interne {
		return [][]TypePiece{{PieceProgramme}}
	}
	return [][]TypePiece{{PieceProgramme}, {PieceConvention, PieceDevis}}
}

// PiecesManquantes returns one PieceDemandee per required group that no usable
// pièce of d answers, with its motif: absent, announced « à venir », or found non
// conforme. A file still in quarantine counts as received.
func PiecesManquantes(d *Dossier) []PieceDemandee {
	var manquantes []PieceDemandee
	for _, groupe := range d.Demande.PiecesRequises() {
		if _, ok := d.meilleurePiece(groupe); !ok {
			manquantes = append(manquantes, d.demander(groupe))
		}
	}
	return manquantes
}

// meilleurePiece returns the best usable pièce of a group: conforme, else
// received, else in quarantine.
func (d *Dossier) meilleurePiece(groupe []TypePiece) (Piece, bool) {
	for _, etat := range []EtatPiece{PieceConforme, PieceRecue, PieceEnQuarantaine} {
		for _, p := range d.Pieces {
			if p.Etat == etat && slices.Contains(groupe, p.Type) {
				return p, true
			}
		}
	}
	return Piece{}, false
}

// demander asks for a pièce of the group: the one announced, else the one found
// wrong, else the first.
func (d *Dossier) demander(groupe []TypePiece) PieceDemandee {
	x := PieceDemandee{Type: groupe[0], Motif: MotifManquante}
	for _, p := range d.Pieces {
		if p.Etat == PieceNonConforme && slices.Contains(groupe, p.Type) {
			x.Type, x.Motif, x.Piece = p.Type, p.Motif, p.ID
		}
	}
	for _, t := range groupe {
		if x.Piece == "" && slices.Contains(d.AVenir, t) {
			x.Type, x.Motif = t, MotifAVenir
		}
	}
	var libelles []string
	for _, t := range groupe {
		if t != x.Type {
			x.Ou = append(x.Ou, t)
			libelles = append(libelles, t.Libelle())
		}
	}
	if len(libelles) > 0 {
		x.Precision = "Vous pouvez envoyer à la place : " + strings.Join(libelles, ", ") + "."
	}
	return x
}
