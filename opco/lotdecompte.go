package opco

import "slices"

// SousTotal counts règlements and their money, in cents.
type SousTotal struct {
	Nombre int     `json:"nombre"`
	Somme  Montant `json:"somme"`
}

// Decompte counts the règlements of a lot by état.
type Decompte map[EtatReglement]SousTotal

func (d Decompte) ajouter(e EtatReglement, n int, m Montant) {
	t := d[e]
	t.Nombre, t.Somme = t.Nombre+n, t.Somme+m
	if t == (SousTotal{}) {
		delete(d, e)
		return
	}
	d[e] = t
}

// EnTete returns the lot without its lines, which it counts: what a step that
// moves few of them, or a page, needs of a lot of any length.
func (l *Lot) EnTete() Lot {
	t := *l
	t.Lignes, t.Reste = nil, Decompte{}
	for e, x := range l.Reste {
		t.Reste.ajouter(e, x.Nombre, x.Somme)
	}
	for _, x := range l.Lignes {
		t.Reste.ajouter(x.Etat, 1, x.Montant)
	}
	return t
}

// Prendre takes lines that the lot only counted into Lignes.
func (l *Lot) Prendre(ls []LigneLot) {
	l.Lignes = append(l.Lignes, ls...)
	reste := Decompte{}
	for e, x := range l.Reste {
		reste.ajouter(e, x.Nombre, x.Somme)
	}
	for _, x := range ls {
		reste.ajouter(x.Etat, -1, -x.Montant)
	}
	l.Reste = reste
}

// Nombre is how many règlements the lot holds.
func (l *Lot) Nombre() int {
	n := len(l.Lignes)
	for _, x := range l.Reste {
		n += x.Nombre
	}
	return n
}

// Somme returns the control sum of the lot, exact.
func (l *Lot) Somme() Montant { return l.totalEtat() }

// totalEtat is the money of the règlements in one of the états es, of all of them
// when none is named.
func (l *Lot) totalEtat(es ...EtatReglement) Montant {
	var t Montant
	for _, x := range l.Lignes {
		if len(es) == 0 || slices.Contains(es, x.Etat) {
			t += x.Montant
		}
	}
	for e, x := range l.Reste {
		if len(es) == 0 || slices.Contains(es, e) {
			t += x.Somme
		}
	}
	return t
}

// EnSuspens is the money whose outcome the bank has not told.
func (l *Lot) EnSuspens() Montant { return l.totalEtat(ReglementEmis, ReglementAccepte) }
