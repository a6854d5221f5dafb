package facturx

import (
	"regexp"
	"slices"
	"strings"

	"guichet/opco"
)

// comparer says whether the page shows the total of the data. Only totals that the
// page names as such, of which none is that of the data, are another total. A page
// on which no total is named and the amount is nowhere, or that names two totals,
// was not verified.
func comparer(lignes []string, l opco.FactureLue) opco.PageLue {
	bons := []opco.Montant{l.Totaux.TTC, l.Totaux.Du}
	nommes, tous := totaux(lignes, bons)
	justes := 0
	for i, n := range nommes {
		nommes[i] = n.absolu(l.EstAvoir())
		if nommes[i].juste(l.Totaux) {
			justes++
		}
	}
	switch {
	case len(nommes) == 0 && slices.Contains(tous, l.Totaux.TTC), len(nommes) > 0 && justes == len(nommes):
		return opco.PageLue{Etat: opco.PageConcorde}
	case len(nommes) > 0 && justes == 0:
		return opco.PageLue{Etat: opco.PageDiffere, Vu: nommes[len(nommes)-1].montant}
	}
	return opco.PageLue{Etat: opco.PageNonLue} // nothing told, or two totals: a person looks
}

// totalNomme is an amount that the page names: the whole with taxes, or what is
// left to pay.
type totalNomme struct {
	montant opco.Montant
	ttc     bool
}

// absolu is the amount as the data write it: a credit note is printed below zero.
func (t totalNomme) absolu(avoir bool) totalNomme {
	if avoir && t.montant < 0 {
		t.montant = -t.montant
	}
	return t
}

// juste reports whether the total is the one of the data.
func (t totalNomme) juste(x opco.TotauxLus) bool {
	return t.montant == x.TTC || !t.ttc && t.montant == x.Du
}

// Words by which a page names the total with taxes, and what is left to pay.
var (
	motTTC   = regexp.MustCompile(`(?i)(total\s*t\.?\s?t\.?\s?c|montant\s+t\.?t\.?c|total\s+(de\s+la\s+)?facture|total\s+toutes\s+taxes|total\s+g[ée]n[ée]ral|grand\s+total)`)
	motAPaye = regexp.MustCompile(`(?i)(net\s+[àa]\s+payer|total\s+[àa]\s+payer|montant\s+[àa]\s+payer|reste\s+[àa]\s+payer|solde\s+[àa]\s+payer|montant\s+d[ûu]|due\s+payable|amount\s+due)`)
	// An amount has two decimals; spaces, points or commas group its thousands.
	motMontant = regexp.MustCompile(`[-−–]?\s?\d{1,3}(?:[ \x{00a0}\x{202f}.,'’]\d{3})+[.,]\d{2}(?:\D|$)|[-−–]?\s?\d+[.,]\d{2}(?:\D|$)`)
)

// totaux finds the amounts that the lines name as a total, and all the amounts of
// the page. A line that names one and holds none is the head of a table: what is
// under it counts only when it is right, for it may be the amount of a line.
func totaux(lignes []string, bons []opco.Montant) (nommes []totalNomme, tous []opco.Montant) {
	for i, l := range lignes {
		ms := montants(l)
		tous = append(tous, ms...)
		ttc, paye := motTTC.FindStringIndex(l), motAPaye.FindStringIndex(l)
		if ttc == nil && paye == nil {
			continue
		}
		estTTC := fin(ttc) >= fin(paye)
		if apres := montants(l[max(fin(ttc), fin(paye)):]); len(apres) > 0 {
			nommes = append(nommes, totalNomme{apres[len(apres)-1], estTTC})
		} else if len(ms) == 0 && i+1 < len(lignes) {
			for _, m := range montants(lignes[i+1]) {
				if slices.Contains(bons, m) {
					nommes = append(nommes, totalNomme{m, false})
				}
			}
		}
	}
	return nommes, tous
}

func fin(x []int) int {
	if x == nil {
		return 0
	}
	return x[1]
}

// montants reads the amounts of a line, in cents.
func montants(l string) []opco.Montant {
	var ms []opco.Montant
	for _, x := range motMontant.FindAllString(l, 1000) {
		negatif := strings.ContainsAny(x, "-−–")
		var b strings.Builder
		for _, r := range x {
			if r >= '0' && r <= '9' {
				b.WriteRune(r)
			}
		}
		n := b.String()
		if len(n) < 3 || len(n) > 13 {
			continue
		}
		m, err := opco.ParseMontant(n[:len(n)-2] + "," + n[len(n)-2:])
		if err != nil {
			continue
		}
		if negatif {
			m = -m
		}
		ms = append(ms, m)
	}
	return ms
}
