package opco

import "slices"

// ventiler says what each fund pays of m, the next payment of d after those of
// deja (domain.md 5 bis): each fund's cumulated share of the cumulated payable,
// rounded half-up, less what it already accepted; the last one takes the
// residue, and none passes what it still engages. The parts sum to m as long as
// the engagements do.
func (d *Dossier) ventiler(m Montant, deja, engages []PartFonds) []PartFonds {
	fonds := d.Decision.Fonds
	cumul := Somme(deja) + m
	parts := make([]PartFonds, len(fonds))
	reste := m
	for i, p := range fonds {
		parts[i] = PartFonds{Enveloppe: p.Enveloppe, Code: p.Code}
		du := cumul.Fraction(int64(p.Montant), int64(max(d.Decision.Accorde, 1))) - surFonds(deja, p.Enveloppe)
		parts[i].Montant = max(0, min(du, surFonds(engages, p.Enveloppe)))
		reste -= parts[i].Montant
	}
	for i := len(parts) - 1; i >= 0 && reste != 0; i-- {
		place := surFonds(engages, parts[i].Enveloppe) - parts[i].Montant
		ajout := max(-parts[i].Montant, min(reste, place))
		parts[i].Montant += ajout
		reste -= ajout
	}
	return sansNuls(parts)
}

// surFonds returns the part of one envelope, 0 when it has none.
func surFonds(parts []PartFonds, enveloppe string) Montant {
	for _, p := range parts {
		if p.Enveloppe == enveloppe {
			return p.Montant
		}
	}
	return 0
}

func sansNuls(parts []PartFonds) []PartFonds {
	return slices.DeleteFunc(parts, func(p PartFonds) bool { return p.Montant == 0 })
}
