package opco

import (
	"cmp"
	"slices"
)

// parts returns the share of each present stagiaire in what line l asks, in the
// order of Presents: what the demande says of him, else a share by hours (péda,
// rémunération), by nights, by meals, or an equal one. They sum to the line, even
// before Valider has made sure that those the demande gives do.
func (d Demande) parts(l Ligne) []Montant {
	presents := d.Presents()
	dites := make([]Montant, len(presents))
	poids := make([]int64, len(presents))
	var total Montant
	for i, s := range presents {
		switch l {
		case LignePeda:
			dites[i], poids[i] = s.Peda, int64(s.Heures)
		case LigneRemuneration:
			dites[i], poids[i] = s.remuneration(), int64(s.Heures)
		case LigneTransport:
			dites[i] = s.Transport
		case LigneHebergement:
			poids[i] = int64(s.Nuits)
		case LigneRepas:
			poids[i] = int64(d.repasPayes(s))
		}
		total += dites[i]
	}
	switch {
	case total > 0 && total == d.Montant(l):
		return dites
	case total > 0:
		return repartir(d.Montant(l), presents, enPoids(dites))
	}
	return repartir(d.Montant(l), presents, poids)
}

// remuneration returns the loaded hourly wage × the hours, rounded half-up once
// for the stagiaire (AK-48).
func (s Stagiaire) remuneration() Montant {
	return s.SalaireHoraire.Fraction(int64(s.Heures), 60)
}

// repartir splits m over the stagiaires by weight. The cents left by rounding
// go by the stagiaires' ids, so that nobody's share depends on the order in
// which they were entered.
func repartir(m Montant, stagiaires []Stagiaire, poids []int64) []Montant {
	rangs := make([]int, len(stagiaires))
	for i := range rangs {
		rangs[i] = i
	}
	slices.SortStableFunc(rangs, func(i, j int) int { return cmp.Compare(stagiaires[i].ID, stagiaires[j].ID) })
	tries := make([]int64, len(rangs))
	for k, i := range rangs {
		tries[k] = poids[i]
	}
	parts := make([]Montant, len(rangs))
	for k, p := range m.Repartir(tries) {
		parts[rangs[k]] = p
	}
	return parts
}

// partager says how much of the grant each present stagiaire carries on the two
// lines paid by the hour, in proportion to what was asked for him.
func (d Demande) partager(lignes []LigneDecidee) []PartStagiaire {
	presents := d.Presents()
	peda := repartir(accordeSur(lignes, LignePeda), presents, enPoids(d.parts(LignePeda)))
	remuneration := repartir(accordeSur(lignes, LigneRemuneration), presents, enPoids(d.parts(LigneRemuneration)))
	parts := make([]PartStagiaire, len(presents))
	for i, s := range presents {
		parts[i] = PartStagiaire{Stagiaire: s.ID, Heures: s.Heures, Peda: peda[i], Remuneration: remuneration[i]}
	}
	return parts
}

func enPoids(montants []Montant) []int64 {
	p := make([]int64, len(montants))
	for i, m := range montants {
		p[i] = int64(m)
	}
	return p
}

func accordeSur(lignes []LigneDecidee, l Ligne) Montant {
	for _, x := range lignes {
		if x.Ligne == l {
			return x.Accorde
		}
	}
	return 0
}

// parts adds and takes away shares, envelope by envelope; null shares vanish.
func plus(a, b []PartFonds) []PartFonds  { return combiner(a, b, 1) }
func moins(a, b []PartFonds) []PartFonds { return combiner(a, b, -1) }

func combiner(a, b []PartFonds, signe Montant) []PartFonds {
	somme := slices.Clone(a)
	for _, x := range b {
		i := slices.IndexFunc(somme, func(y PartFonds) bool { return y.Enveloppe == x.Enveloppe })
		if i < 0 {
			somme = append(somme, PartFonds{Enveloppe: x.Enveloppe, Code: x.Code})
			i = len(somme) - 1
		}
		somme[i].Montant += signe * x.Montant
	}
	return slices.DeleteFunc(somme, func(y PartFonds) bool { return y.Montant == 0 })
}
