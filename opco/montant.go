package opco

import (
	"math/big"
	"strconv"
	"strings"
)

// Montant is a sum in euro cents. It is never a float: every amount of the
// house, in memory, on the wire and in the database, is a whole number of cents.
type Montant int64

// MontantMax is the largest amount a SEPA transfer may carry: 999 999 999,99 €.
const MontantMax Montant = 99_999_999_999

const (
	espaceFine      = "\u202f" // groups thousands
	espaceInsecable = "\u00a0" // before €
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
			b.WriteString(espaceFine)
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
// « 1234.56 ». Spaces of any kind group thousands; three decimals, a sign, an
// exponent or a mix of comma and point are refused rather than guessed.
func ParseMontant(s string) (Montant, error) {
	brut := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "").Replace(strings.TrimSpace(s))
	refus := func() (Montant, error) {
		return 0, Errorf(Invalid, "« %s » n’est pas un montant : écrivez-le en euros avec deux décimales au plus, par exemple 1 234,56.", s)
	}
	if strings.Count(brut, ",")+strings.Count(brut, ".") > 1 {
		return refus()
	}
	entier, decimales, _ := strings.Cut(strings.Replace(brut, ",", ".", 1), ".")
	if entier == "" || len(decimales) > 2 || !chiffres(entier) || !chiffres(decimales) || len(entier) > 12 {
		return refus()
	}
	for len(decimales) < 2 {
		decimales += "0"
	}
	n, err := strconv.ParseInt(entier+decimales, 10, 64)
	if err != nil {
		return refus()
	}
	if Montant(n) > MontantMax {
		return 0, Errorf(Invalid, "Le montant %s dépasse 999 999 999,99 €.", s)
	}
	return Montant(n), nil
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

// Fraction returns m × num ÷ den rounded half-up to the cent, exactly: the
// product is computed without overflow and rounded once. den must be positive.
func (m Montant) Fraction(num, den int64) Montant {
	if den <= 0 {
		return 0
	}
	p := new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(num))
	neg := p.Sign() < 0
	p.Abs(p)
	p.Lsh(p, 1).Add(p, big.NewInt(den)) // (2p + den) / 2den = round half-up
	p.Quo(p, new(big.Int).Lsh(big.NewInt(den), 1))
	if neg {
		p.Neg(p)
	}
	return Montant(p.Int64())
}

// Repartir splits m in shares proportional to poids; the shares sum to m to the
// cent. Cents lost by rounding down go to the largest remainders, first come
// first served. Null or absent poids give equal shares.
func (m Montant) Repartir(poids []int64) []Montant {
	parts := make([]Montant, len(poids))
	if len(poids) == 0 {
		return parts
	}
	var total int64
	for _, p := range poids {
		total += p
	}
	if total <= 0 {
		egaux := make([]int64, len(poids))
		for i := range egaux {
			egaux[i] = 1
		}
		return m.Repartir(egaux)
	}
	restes := make([]*big.Int, len(poids))
	reste := m
	for i, p := range poids {
		prod := new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(p))
		q, r := new(big.Int).QuoRem(prod, big.NewInt(total), new(big.Int))
		parts[i], restes[i] = Montant(q.Int64()), r
		reste -= parts[i]
	}
	for ; reste > 0; reste-- {
		best := 0
		for i := range restes {
			if restes[i].Cmp(restes[best]) > 0 {
				best = i
			}
		}
		parts[best]++
		restes[best].SetInt64(-1)
	}
	return parts
}

// Min returns the smallest of m and the others.
func (m Montant) Min(autres ...Montant) Montant {
	for _, a := range autres {
		m = min(m, a)
	}
	return m
}
