package opco

import "fmt"

// assiette is what a cap applies to: so much per unit, for num ÷ den units.
type assiette struct {
	plafond  Plafond
	num, den int64
	quantite string // the units, for a reader: « 21 h »
	motif    Motif
}

// assiette returns the base of line l. Caps are pooled over the stagiaires; one
// meal a day counts (domain.md 5 bis). A line that the barème does not know
// finances nothing.
func (b Bareme) assiette(d Demande, l Ligne) assiette {
	var heures Minutes
	var repas, nuits int64
	presents := d.Presents()
	for _, s := range presents {
		heures += s.Heures
		repas += int64(d.repasPayes(s))
		nuits += int64(s.Nuits)
	}
	switch l {
	case LignePeda:
		return assiette{b.Peda, int64(heures), 60, heures.String(), MotifPlafondHoraire}
	case LigneRemuneration:
		return assiette{b.Remuneration, int64(heures), 60, heures.String(), MotifPlafondRemuneration}
	case LigneRepas:
		return assiette{b.Repas, repas, 1, fmt.Sprintf("%d repas", repas), MotifPlafondRepas}
	case LigneHebergement:
		return assiette{b.Hebergement, nuits, 1, pluriel(int(nuits), "nuit"), MotifPlafondHebergement}
	case LigneTransport:
		n := len(presents)
		return assiette{b.Transport, int64(n), 1, pluriel(n, "stagiaire"), MotifPlafondTransport}
	}
	return assiette{}
}

// repasPayes returns the meals of s that may be paid: one a day of the action.
func (d Demande) repasPayes(s Stagiaire) int {
	if j := d.jours(); j > 0 {
		return min(s.Repas, j)
	}
	return s.Repas
}

// jours returns the number of days of the action, both ends included, 0 when a
// date is missing or wrong.
func (d Demande) jours() int {
	if _, _, err := ParsePeriode(string(d.Debut), string(d.Fin)); err != nil {
		return 0
	}
	return d.Fin.Depuis(d.Debut) + 1
}

// plafonner applies the cap of line l to what d asks on it, and says the rule
// with its figures.
func (b Bareme) plafonner(d Demande, l Ligne, demande Montant) LigneDecidee {
	a := b.assiette(d, l)
	r := LigneDecidee{Ligne: l, Demande: demande}
	switch {
	case a.plafond.Libre:
		r.Eligible, r.Accorde = demande, demande
		r.Regle = fmt.Sprintf("Le barème %s ne plafonne pas ce poste.", b.Code)
	case a.plafond.Montant <= 0:
		r.Motif = MotifCoutNonEligible
		r.Regle = fmt.Sprintf("Le barème %s ne finance pas ce poste.", b.Code)
	case a.num <= 0:
		r.Motif = MotifCoutNonEligible
		r.Regle = fmt.Sprintf("Le barème %s finance %s par unité, et la demande n’en compte aucune.", b.Code, a.plafond.Montant)
	default:
		b.borner(&r, d, a)
	}
	return r
}

// borner keeps of line r what the cap a leaves.
func (b Bareme) borner(r *LigneDecidee, d Demande, a assiette) {
	plafond := a.plafond.Montant.Fraction(a.num, a.den)
	texte := fmt.Sprintf("%s × %s = %s", a.plafond.Montant, a.quantite, plafond)
	if r.Ligne == LigneTransport {
		plafond = d.transportPaye(a.plafond.Montant)
		texte = fmt.Sprintf("%s par stagiaire au plus, soit %s pour %s", a.plafond.Montant, plafond, a.quantite)
	}
	r.Eligible = r.Demande.Min(plafond)
	r.Accorde = r.Eligible
	if r.Eligible < r.Demande {
		r.Motif = a.motif
		r.Regle = fmt.Sprintf("Plafond du barème %s : %s.", b.Code, texte)
		return
	}
	r.Regle = fmt.Sprintf("Dans le plafond du barème %s : %s.", b.Code, texte)
}

// transportPaye returns the transport of each stagiaire, each up to plafond.
func (d Demande) transportPaye(plafond Montant) Montant {
	var t Montant
	for _, m := range d.transports(plafond) {
		t += m
	}
	return t
}

// transports returns what each present stagiaire may be paid for his transport.
func (d Demande) transports(plafond Montant) []Montant {
	parts := d.parts(LigneTransport)
	for i := range parts {
		parts[i] = parts[i].Min(plafond)
	}
	return parts
}
