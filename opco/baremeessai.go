package opco

// BaremeTest2026 returns BAR-TEST-2026, the reference barème of domain.md 6.1:
// five branches and sizes, for actions that start from 1 January 2026, with no
// end. The IDCC 1486 line under 11 employees has published figures; the others
// are invented. It seeds the reference data; running code reads the loaded rows.
func BaremeTest2026() []Bareme {
	ligne := func(idcc string, min, max int, annuel, peda Montant) Bareme {
		return Bareme{Code: "BAR-TEST-2026", IDCC: idcc, EffectifMin: min, EffectifMax: max, Du: "2026-01-01",
			Mutualise: true, Annuel: Plafond{Montant: annuel}, Peda: Plafond{Montant: peda}}
	}
	ecoles := ligne("2691", 0, 10, 3_000_00, 40_00)
	ecoles.Remuneration, ecoles.Repas = Plafond{Montant: 13_00}, Plafond{Montant: 17_00}
	ecoles.Hebergement, ecoles.Transport = Plafond{Montant: 80_00}, Plafond{Montant: 150_00}
	libre := Plafond{Libre: true}
	banques := Bareme{Code: "BAR-TEST-2026", IDCC: "2120", EffectifMin: 50, Du: "2026-01-01", Annuel: libre,
		Peda: libre, Remuneration: libre, Repas: libre, Hebergement: libre, Transport: libre}
	return []Bareme{
		ligne("1486", 0, 10, 6_000_00, 55_00),
		ligne("1486", 11, 49, 8_000_00, 45_00),
		ecoles,
		ligne("3043", 11, 49, 10_000_00, 50_00),
		banques,
	}
}

// ChoisirBareme returns the barème of the branch idcc for a company of effectif
// employees and an action that starts on debut; the latest one when several are
// in force that day. It reports false when there is none: nothing is financed.
func ChoisirBareme(bs []Bareme, idcc string, effectif int, debut Date) (*Bareme, bool) {
	var choisi *Bareme
	for _, b := range bs {
		taille := b.EffectifMin <= effectif && (b.EffectifMax == 0 || effectif <= b.EffectifMax)
		enVigueur := debut != "" && b.Du <= debut && (b.Au == "" || debut <= b.Au)
		if b.IDCC == idcc && taille && enVigueur && (choisi == nil || b.Du > choisi.Du) {
			choisi = &b
		}
	}
	return choisi, choisi != nil
}
