package web

import (
	"slices"
	"strconv"

	"guichet/opco"
	"guichet/store"
)

// PieceADemander is one pièce that may be asked for, with its number in the form.
type PieceADemander struct {
	N                    int
	Type, Libelle, Piece string
	Etat                 marque
	Ou                   []opco.TypePiece
	Motif                opco.Motif
	Cochee               bool
}

// champ names a field of the line.
func (x PieceADemander) champ(nom string) string { return nom + "_" + strconv.Itoa(x.N) }

// demandables lists what may be asked for: what lacks first, then the pièces that
// are here, then the other kinds. fin keeps to the pièces of the end.
func demandables(d *opco.Dossier, ps []store.LignePiece, fin bool) []PieceADemander {
	var xs []PieceADemander
	vus := map[opco.TypePiece]bool{}
	if !fin {
		for _, m := range opco.PiecesManquantes(d) {
			xs = append(xs, PieceADemander{Type: string(m.Type), Libelle: majuscule(m.Type.Libelle()), Piece: m.Piece, Ou: m.Ou, Motif: m.Motif, Cochee: true,
				Etat: marque{m.Motif.Libelle(), "triangle-alert", Ambre}})
			vus[m.Type] = true
		}
	}
	deFin := []opco.TypePiece{opco.PieceCertificat, opco.PieceFacture, opco.PieceFactureOF, opco.PieceReleveDepenses, opco.PieceEmargement}
	for _, p := range ps {
		if fin && !slices.Contains(deFin, p.Type) || slices.ContainsFunc(xs, func(x PieceADemander) bool { return x.Piece == p.ID }) {
			continue
		}
		x := PieceADemander{Type: string(p.Type), Libelle: majuscule(p.Titre), Piece: p.ID, Motif: opco.Motif(p.Motif), Etat: etatsPiece[p.Etat], Cochee: p.Etat == opco.PieceNonConforme}
		xs, vus[p.Type] = append(xs, x), true
	}
	for _, t := range opco.TypesPiece() {
		if !vus[t] && slices.Contains(deFin, t) == fin {
			xs = append(xs, PieceADemander{Type: string(t), Libelle: majuscule(t.Libelle()), Motif: opco.MotifManquante, Etat: marque{"Pas dans le dossier", "circle-dashed", Gris}})
		}
	}
	for i := range xs {
		xs[i].N = i + 1
	}
	return xs
}

// demandesMax bounds the lines of a form of pièces.
const demandesMax = 40
