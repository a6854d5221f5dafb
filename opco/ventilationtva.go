package opco

// PartTVA is what an invoice asks for at one rate of TVA.
type PartTVA struct {
	Taux    int // hundredths of a percent; 0: no TVA is added
	Montant Montant
	TVA     Montant
}

// TTC is what the part comes to.
func (p PartTVA) TTC() Montant { return p.Montant + p.TVA }

// taxee reports whether the issuer adds TVA to a cost line. A company adds it to
// what it invoices HT only: its wages bear none, and what it gives TVA included, or
// net of what it recovers, bears it already (AK-48 to AK-51).
func (l Ligne) taxee(entreprise bool) bool { return !entreprise || l.Base() == baseHT }

// baseHT is the base of the cost lines that are without TVA.
const baseHT = "HT"

// VentilerTVA shares the lines of f by rate, the taxed part first; entreprise says that
// the company of the dossier issues it, for its remboursement. The TVA is counted once on
// the whole base of its rate, rounded half-up to the cent; nothing else is rounded.
func (f Facture) VentilerTVA(entreprise bool) []PartTVA {
	taxe, reste := PartTVA{Taux: f.TauxTVA}, PartTVA{}
	for _, l := range f.Lignes {
		if f.TauxTVA > 0 && l.Ligne.taxee(entreprise) {
			taxe.Montant += l.Montant
		} else {
			reste.Montant += l.Montant
		}
	}
	taxe.TVA = taxe.Montant.Fraction(int64(taxe.Taux), 10_000)
	var ps []PartTVA
	for _, p := range []PartTVA{taxe, reste} {
		if p.Montant != 0 {
			ps = append(ps, p)
		}
	}
	return ps
}

// AvecTVA returns f with the TVA that its lines and its rate make, and its TTC.
func (f Facture) AvecTVA(entreprise bool) Facture {
	f.TVA = 0
	for _, p := range f.VentilerTVA(entreprise) {
		f.TVA += p.TVA
	}
	f.TotalTTC = f.TotalHT + f.TVA
	return f
}
