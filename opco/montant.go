package opco

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// Montant is a sum in euro cents. It is never a float: every amount of the
// house, in memory, on the wire and in the database, is a whole number of cents.
type Montant int64

// MontantMax is the largest amount a SEPA transfer may carry: 999 999 999,99 €.
const MontantMax Montant = 99_999_999_999

const (
	espaceInsecable = "\u00a0" // groups thousands and stands before €; U+202F is too thin on the pages
	virgule         = ","
)

// String writes the amount as a French reader expects it: « 1 412,40 € ».
func (m Montant) String() string {
	return m.Nombre() + espaceInsecable + "€"
}

// Nombre writes the amount without its currency: « 1 412,40 ».
func (m Montant) Nombre() string {
	signe := ""
	u := uint64(m)
	if m < 0 {
		signe, u = "-", uint64(-m)
	}
	entier := strconv.FormatUint(u/100, 10)
	var b strings.Builder
	for i, c := range entier {
		if i > 0 && (len(entier)-i)%3 == 0 {
			b.WriteString(espaceInsecable)
		}
		b.WriteRune(c)
	}
	cents := strconv.FormatUint(u%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return signe + b.String() + virgule + cents
}

// Decimal writes the amount with a point and two digits, as XML and CSV want it.
func (m Montant) Decimal() string {
	signe := ""
	u := uint64(m)
	if m < 0 {
		signe, u = "-", uint64(-m)
	}
	cents := strconv.FormatUint(u%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return signe + strconv.FormatUint(u/100, 10) + "." + cents
}

// ParseMontant reads an amount typed by a person: « 1 234,56 », « 1234,5 »,
// « 1234.56 », « 12 € ». Spaces of any kind group thousands, and only thousands;
// three decimals, a sign, an exponent or a mix of comma and point are refused
// rather than guessed. Errors are Invalid.
func ParseMontant(s string) (Montant, error) {
	brut := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "€"))
	entier, decimales, separe := strings.Cut(strings.Replace(brut, virgule, ".", 1), ".")
	entier, ok := sansMilliers(entier)
	if !ok || !chiffres(decimales) || len(decimales) > 2 || separe && decimales == "" {
		return 0, Errorf(Invalid, "« %s » n’est pas un montant : écrivez-le en euros avec deux décimales au plus, par exemple 1 234,56.", citer(s))
	}
	for len(decimales) < 2 {
		decimales += "0"
	}
	entier = strings.TrimLeft(entier, "0")
	n, err := strconv.ParseInt(entier+decimales, 10, 64)
	if err != nil || Montant(n) > MontantMax {
		return 0, Errorf(Invalid, "Le montant %s dépasse 999 999 999,99 €.", citer(s))
	}
	return Montant(n), nil
}

// sansMilliers removes the spaces of a whole number whose every group but the
// first has three digits: « 12 34 » may be a lost comma. ok is false otherwise.
func sansMilliers(s string) (n string, ok bool) {
	groupes := strings.FieldsFunc(s, unicode.IsSpace)
	for i, g := range groupes {
		if !chiffres(g) || i > 0 && len(g) != 3 || i == 0 && len(groupes) > 1 && len(g) > 3 {
			return "", false
		}
	}
	return strings.Join(groupes, ""), len(groupes) > 0
}

// chiffres reports whether s holds ASCII digits only. The empty string does.
func chiffres(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Fraction returns m × num ÷ den rounded half-up to the cent (half away from
// zero below zero), exactly: the product is computed without overflow and rounded
// once. A den that is not positive gives 0; a result beyond int64 is its bound.
func (m Montant) Fraction(num, den int64) Montant {
	if den <= 0 {
		return 0
	}
	p := new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(num))
	neg := p.Sign() < 0
	p.Abs(p)
	p.Lsh(p, 1).Add(p, big.NewInt(den)) // (2p + den) / 2den = round half-up
	p.Quo(p, new(big.Int).Lsh(big.NewInt(den), 1))
	if !p.IsInt64() {
		p.SetInt64(math.MaxInt64)
	}
	if neg {
		p.Neg(p)
	}
	return Montant(p.Int64())
}

// Repartir splits m in shares proportional to poids; the shares sum to m to the
// cent. Cents lost by rounding down go to the largest remainders, first come
// first served. A weight below zero counts for zero; when none is above it the
// shares are equal. The shares of -m are those of m with the other sign.
func (m Montant) Repartir(poids []int64) []Montant {
	parts, restes := make([]Montant, len(poids)), make([]*big.Int, len(poids))
	if len(poids) == 0 {
		return parts
	}
	total, poids := normaliserPoids(poids)
	manque := new(big.Int).Abs(big.NewInt(int64(m)))
	for i, p := range poids {
		prod := new(big.Int).Mul(new(big.Int).Abs(big.NewInt(int64(m))), big.NewInt(p))
		q, r := new(big.Int).QuoRem(prod, total, new(big.Int))
		parts[i], restes[i] = Montant(q.Int64()), r
		manque.Sub(manque, q)
	}
	for range manque.Int64() { // fewer than len(poids)
		best := 0
		for i := range restes {
			if restes[i].Cmp(restes[best]) > 0 {
				best = i
			}
		}
		parts[best]++
		restes[best].SetInt64(-1)
	}
	if m < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}

// normaliserPoids returns weights of which none is below zero and one at least is
// above, and their exact sum.
func normaliserPoids(poids []int64) (*big.Int, []int64) {
	total, nets := new(big.Int), make([]int64, len(poids))
	for i, p := range poids {
		nets[i] = max(p, 0)
		total.Add(total, big.NewInt(nets[i]))
	}
	if total.Sign() > 0 {
		return total, nets
	}
	for i := range nets {
		nets[i] = 1
	}
	return total.SetInt64(int64(len(nets))), nets
}

// Min returns the smallest of m and the others.
func (m Montant) Min(autres ...Montant) Montant {
	for _, a := range autres {
		m = min(m, a)
	}
	return m
}
