package opco_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/opco"
)

func TestParseMontant(t *testing.T) {
	const illisible, grand = "n’est pas un montant", "dépasse 999 999 999,99"
	tests := []struct {
		saisie string
		want   opco.Montant
		refus  string
	}{
		{"1 234,56", 123456, ""},
		{"1\u00a0234,56", 123456, ""},
		{"1\u202f234,56\u00a0€", 123456, ""},
		{"1234,5", 123450, ""},
		{"1234.56", 123456, ""},
		{" 12 € ", 1200, ""},
		{"0", 0, ""},
		{"0,01", 1, ""},
		{"007", 700, ""},
		{"999 999 999,99", opco.MontantMax, ""},
		{"00000000000000000012", 1200, ""},
		{"1000000000", 0, grand},
		{"92233720368547758,08", 0, grand},
		{strings.Repeat("9", 1000), 0, grand},
		{"1.234,56", 0, illisible},
		{"1,234.56", 0, illisible},
		{"12,345", 0, illisible},
		{"1.234", 0, illisible},
		{"12 34", 0, illisible},
		{"1 234 5", 0, illisible},
		{"1234 567", 0, illisible},
		{"12,3 4", 0, illisible},
		{"-0,01", 0, illisible},
		{"+1", 0, illisible},
		{"1e3", 0, illisible},
		{"0x10", 0, illisible},
		{"1_000", 0, illisible},
		{"NaN", 0, illisible},
		{"Infinity", 0, illisible},
		{",5", 0, illisible},
		{"5,", 0, illisible},
		{"1€2", 0, illisible},
		{"€ 5", 0, illisible},
		{"１２", 0, illisible},
		{"1\u200b2", 0, illisible},
		{"", 0, illisible},
		{"€", 0, illisible},
		{"1\x002", 0, illisible},
	}
	for _, tt := range tests {
		t.Run(tt.saisie, func(t *testing.T) {
			got, err := opco.ParseMontant(tt.saisie)
			if tt.refus != "" {
				verifierRefus(t, "", err, tt.refus)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %d, %v; want %d", got, err, tt.want)
			}
		})
	}
}

func TestMontantTexte(t *testing.T) {
	tests := []struct {
		m              opco.Montant
		texte, decimal string
	}{
		{141240, "1 412,40 €", "1412.40"},
		{0, "0,00 €", "0.00"},
		{5, "0,05 €", "0.05"},
		{-5, "-0,05 €", "-0.05"},
		{-123456789, "-1 234 567,89 €", "-1234567.89"},
		{100000, "1 000,00 €", "1000.00"},
		{99999, "999,99 €", "999.99"},
		{math.MinInt64, "-92 233 720 368 547 758,08 €", "-92233720368547758.08"},
	}
	for _, tt := range tests {
		if got, want := tt.m.String(), strings.ReplaceAll(tt.texte, " ", "\u00a0"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := tt.m.Decimal(); got != tt.decimal {
			t.Errorf("got %q, want %q", got, tt.decimal)
		}
	}
}

func TestFraction(t *testing.T) {
	tests := []struct {
		nom      string
		m        opco.Montant
		num, den int64
		want     opco.Montant
	}{
		{"half goes up", 1, 1, 2, 1},
		{"below half goes down", 100, 1, 3, 33},
		{"above half goes up", 200, 1, 3, 67},
		{"half of a debt goes away from zero", -1, 1, 2, -1},
		{"hours certified over hours granted", 120000, 14 * 60, 21 * 60, 80000},
		{"VAT", 283500, 20, 100, 56700},
		{"no overflow on the way", opco.MontantMax, math.MaxInt64, math.MaxInt64, opco.MontantMax},
		{"beyond int64", math.MaxInt64, 2, 1, math.MaxInt64},
		{"beyond int64, below zero", math.MaxInt64, -2, 1, -math.MaxInt64},
		{"no denominator", 100, 1, 0, 0},
	}
	for _, tt := range tests {
		if got := tt.m.Fraction(tt.num, tt.den); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.nom, got, tt.want)
		}
	}
}

func TestFractionIsMonotoneAndExact(t *testing.T) {
	montant := rapid.Int64Range(0, int64(opco.MontantMax))
	rapid.Check(t, func(t *rapid.T) {
		m := opco.Montant(montant.Draw(t, "m"))
		den := rapid.Int64Range(1, math.MaxInt64).Draw(t, "den")
		num := rapid.Int64Range(0, den).Draw(t, "num")
		autre := rapid.Int64Range(0, num).Draw(t, "autre")
		f := m.Fraction(num, den)
		if f < 0 || f > m || m.Fraction(autre, den) > f {
			t.Fatalf("%d × %d/%d = %d; × %d = %d", m, num, den, f, autre, m.Fraction(autre, den))
		}
		// |f·den − m·num| ≤ den/2: at most half a cent away.
		ecart := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(int64(f)), big.NewInt(den)),
			new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(num)))
		if new(big.Int).Lsh(ecart.Abs(ecart), 1).Cmp(big.NewInt(den)) > 0 {
			t.Fatalf("%d × %d/%d = %d is not the nearest cent", m, num, den, f)
		}
	})
}

func TestRepartir(t *testing.T) {
	tests := []struct {
		nom   string
		m     opco.Montant
		poids []int64
		want  []opco.Montant
	}{
		{"thirds", 100, []int64{1, 1, 1}, []opco.Montant{34, 33, 33}},
		{"the largest remainder first", 100, []int64{1, 2}, []opco.Montant{33, 67}},
		{"a null weight gets nothing", 101, []int64{0, 1, 1}, []opco.Montant{0, 51, 50}},
		{"null weights share equally", 5, []int64{0, 0}, []opco.Montant{3, 2}},
		{"a weight below zero counts for zero", 100, []int64{-5, 1}, []opco.Montant{0, 100}},
		{"a debt", -100, []int64{1, 1, 1}, []opco.Montant{-34, -33, -33}},
		{"weights whose sum passes int64", 9, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}, []opco.Montant{3, 3, 3}},
		{"nobody", 100, nil, []opco.Montant{}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			got := tt.m.Repartir(tt.poids)
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestRepartirSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := opco.Montant(rapid.Int64Range(-int64(opco.MontantMax), int64(opco.MontantMax)).Draw(t, "m"))
		poids := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-3, 10), rapid.Int64()), 1, 30).Draw(t, "poids")
		var somme opco.Montant
		for _, p := range m.Repartir(poids) {
			if p != 0 && (p < 0) != (m < 0) {
				t.Fatalf("a share of %d has the other sign: %d", m, p)
			}
			somme += p
		}
		if somme != m {
			t.Fatalf("the shares of %d sum to %d", m, somme)
		}
	})
}

func TestMontantMin(t *testing.T) {
	if got := opco.Montant(5).Min(7, 3, 4); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
	if got := opco.Montant(5).Min(); got != 5 {
		t.Errorf("alone: got %d, want 5", got)
	}
}

func FuzzParseMontant(f *testing.F) {
	for _, s := range []string{"1 234,56", "12 €", "-1", "1e3", "\xff", "٣", "999999999,99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := opco.ParseMontant(s)
		if err != nil {
			if opco.KindOf(err) != opco.Invalid {
				t.Fatalf("got %v, want an Invalid error", err)
			}
			return
		}
		if m < 0 || m > opco.MontantMax {
			t.Fatalf("%q is read as %d", s, m)
		}
		for _, texte := range []string{m.String(), m.Nombre(), m.Decimal()} {
			if encore, err := opco.ParseMontant(texte); err != nil || encore != m {
				t.Fatalf("%q: read again as %d, %v; want %d", texte, encore, err, m)
			}
		}
	})
}
