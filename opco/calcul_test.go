package opco_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet/opco"

	"pgregory.net/rapid"
)

func TestScenariosAccordes(t *testing.T) {
	tests := []struct {
		name    string
		c       casInstruction
		sens    opco.Sens
		accorde opco.Montant
		reste   opco.Montant
		motifs  []opco.Motif
		fonds   []opco.Montant
	}{
		{"S01: two trainees below the hourly cap", cas01(), opco.SensAccord, 1_200_00, 0, nil, []opco.Montant{1_200_00}},
		{"S02: every line has its cap", cas02(), opco.SensPartiel, 1_412_40, 1_497_13,
			[]opco.Motif{opco.MotifPlafondHoraire, opco.MotifPlafondRemuneration, opco.MotifPlafondRepas, opco.MotifPlafondHebergement},
			[]opco.Montant{1_412_40}},
		{"S04: the hourly cap is pooled", cas04(), opco.SensPartiel, 2_835_00, 945_00, []opco.Motif{opco.MotifPlafondHoraire}, []opco.Montant{2_835_00}},
		{"S05: the envelope holds less than the barème gives", cas05(4_800_00), opco.SensPartiel, 4_800_00, 200_00,
			[]opco.Motif{opco.MotifPlafondAnnuel}, []opco.Montant{4_800_00}},
		{"S05: nothing is left", cas05(0), opco.SensRefus, 0, 5_000_00, []opco.Motif{opco.MotifEnveloppeEpuisee}, nil},
		{"S08: voluntary money alone, no cap", cas08(), opco.SensAccord, 9_000_00, 0, nil, []opco.Montant{9_000_00}},
		{"S09: below the cap", cas09(), opco.SensAccord, 2_800_00, 0, nil, []opco.Montant{2_800_00}},
		{"S24: three funds in their order", cas24(), opco.SensAccord, 4_000_00, 0, nil, []opco.Montant{2_500_00, 1_000_00, 500_00}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.c.decide(t, opco.ChargeDecider{})
			var fonds []opco.Montant
			for _, f := range d.Fonds {
				fonds = append(fonds, f.Montant)
			}
			if d.Sens != tt.sens || d.Accorde != tt.accorde || d.ResteACharge != tt.reste || !slices.Equal(d.Motifs, tt.motifs) || !slices.Equal(fonds, tt.fonds) {
				t.Errorf("got %s %s, reste %s, %v, funds %v; want %s %s, reste %s, %v, funds %v",
					d.Sens, d.Accorde, d.ResteACharge, d.Motifs, fonds, tt.sens, tt.accorde, tt.reste, tt.motifs, tt.fonds)
			}
			if err := sommesExactes(d); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestS02EachLineTellsItsRule(t *testing.T) {
	tests := []struct {
		ligne   opco.Ligne
		accorde opco.Montant
		motif   opco.Motif
		regle   string
	}{
		{opco.LignePeda, 840_00, opco.MotifPlafondHoraire, "Plafond du barème BAR-TEST-2026 : 40,00 € × 21 h = 840,00 €."},
		{opco.LigneRemuneration, 273_00, opco.MotifPlafondRemuneration, "Plafond du barème BAR-TEST-2026 : 13,00 € × 21 h = 273,00 €."},
		{opco.LigneHebergement, 160_00, opco.MotifPlafondHebergement, "Plafond du barème BAR-TEST-2026 : 80,00 € × 2 nuits = 160,00 €."},
		{opco.LigneRepas, 51_00, opco.MotifPlafondRepas, "Plafond du barème BAR-TEST-2026 : 17,00 € × 3 repas = 51,00 €."},
		{opco.LigneTransport, 88_40, "", "Dans le plafond du barème BAR-TEST-2026 : 150,00 € par stagiaire au plus, soit 88,40 € pour 1 stagiaire."},
	}
	d := cas02().decide(t, opco.ChargeDecider{})
	for i, tt := range tests {
		l := d.Lignes[i]
		regle := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(l.Regle)
		if l.Ligne != tt.ligne || l.Accorde != tt.accorde || l.Motif != tt.motif || regle != tt.regle {
			t.Errorf("got %s %s %q « %s », want %s %s %q « %s »", l.Ligne, l.Accorde, l.Motif, regle, tt.ligne, tt.accorde, tt.motif, tt.regle)
		}
	}
}

func TestPlafonds(t *testing.T) {
	ecoles, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2691", 9, "2026-05-04")
	numerique, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "1486", 7, "2026-05-04")
	stagiaire := func(id string, h opco.Minutes, repas, nuits int, transport opco.Montant) opco.Stagiaire {
		return opco.Stagiaire{ID: id, Heures: h, Repas: repas, Nuits: nuits, Transport: transport}
	}
	deux := []opco.Stagiaire{stagiaire("a", 7*60, 1, 1, 0), stagiaire("b", 7*60, 1, 1, 0)}
	tests := []struct {
		name       string
		b          *opco.Bareme
		ligne      opco.Ligne
		demande    opco.Montant
		stagiaires []opco.Stagiaire
		accorde    opco.Montant
		motif      opco.Motif
	}{
		{"exactly at the cap", ecoles, opco.LignePeda, 560_00, deux, 560_00, ""},
		{"one cent above", ecoles, opco.LignePeda, 560_01, deux, 560_00, opco.MotifPlafondHoraire},
		{"minutes count, rounded half-up", ecoles, opco.LignePeda, 100_00, []opco.Stagiaire{stagiaire("a", 61, 0, 0, 0)}, 40_67, opco.MotifPlafondHoraire},
		{"hours are pooled", ecoles, opco.LignePeda, 400_00, []opco.Stagiaire{stagiaire("a", 60, 0, 0, 0), stagiaire("b", 600, 0, 0, 0)}, 400_00, ""},
		{"wages", ecoles, opco.LigneRemuneration, 200_00, deux, 182_00, opco.MotifPlafondRemuneration},
		{"meals", ecoles, opco.LigneRepas, 36_00, deux, 34_00, opco.MotifPlafondRepas},
		{"one meal a day", ecoles, opco.LigneRepas, 90_00, []opco.Stagiaire{stagiaire("a", 420, 9, 0, 0)}, 17_00 * 2, opco.MotifPlafondRepas},
		{"nights", ecoles, opco.LigneHebergement, 200_00, deux, 160_00, opco.MotifPlafondHebergement},
		{"transport is per trainee, not pooled", ecoles, opco.LigneTransport, 300_00,
			[]opco.Stagiaire{stagiaire("a", 60, 0, 0, 200_00), stagiaire("b", 60, 0, 0, 100_00)}, 250_00, opco.MotifPlafondTransport},
		{"transport without shares is shared", ecoles, opco.LigneTransport, 310_00, deux, 300_00, opco.MotifPlafondTransport},
		{"a line shown as 0", numerique, opco.LigneRepas, 10_00, deux, 0, opco.MotifCoutNonEligible},
		{"tuteur is not in the barème", ecoles, opco.LigneTuteur, 10_00, deux, 0, opco.MotifCoutNonEligible},
		{"allocation neither", ecoles, opco.LigneAllocation, 10_00, deux, 0, opco.MotifCoutNonEligible},
		{"divers neither", ecoles, opco.LigneDivers, 10_00, deux, 0, opco.MotifCoutNonEligible},
		{"ingénierie neither", ecoles, opco.LigneIngenierie, 10_00, deux, 0, opco.MotifCoutNonEligible},
		{"a withdrawn trainee gives no hours", ecoles, opco.LignePeda, 500_00,
			[]opco.Stagiaire{stagiaire("a", 300, 0, 0, 0), {ID: "b", Heures: 300, Retire: true}}, 200_00, opco.MotifPlafondHoraire},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := opco.Demande{Debut: "2026-05-04", Fin: "2026-05-05", Stagiaires: tt.stagiaires,
				Lignes: []opco.LigneDemandee{{Ligne: tt.ligne, Montant: tt.demande}}}
			got, err := opco.Calculer(d, *tt.b, nil, []opco.Fonds{mutualise(3_000_00)})
			if err != nil {
				t.Fatal(err)
			}
			if l := got.Lignes[0]; l.Accorde != tt.accorde || l.Eligible != tt.accorde || l.Motif != tt.motif {
				t.Errorf("got %s (eligible %s) %q, want %s %q", l.Accorde, l.Eligible, l.Motif, tt.accorde, tt.motif)
			}
			if err := sommesExactes(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFundsTooShort(t *testing.T) {
	ecoles, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2691", 9, "2026-05-04")
	banque, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2120", 60, "2026-05-04")
	d := opco.Demande{Debut: "2026-05-04", Fin: "2026-05-05",
		Stagiaires: []opco.Stagiaire{{ID: "a", Heures: 600, Repas: 2, Transport: 100_00}},
		Lignes: []opco.LigneDemandee{{Ligne: opco.LigneTransport, Montant: 100_00}, {Ligne: opco.LigneRepas, Montant: 34_00},
			{Ligne: opco.LignePeda, Montant: 500_00}}}
	tests := []struct {
		name   string
		b      *opco.Bareme
		fonds  []opco.Fonds
		lignes []opco.Montant // péda, repas, transport
		motifs []opco.Motif
	}{
		{"the last line of AK-33 gives first", ecoles, []opco.Fonds{mutualise(500_00)}, []opco.Montant{400_00, 34_00, 66_00},
			[]opco.Motif{opco.MotifPlafondHoraire, opco.MotifPlafondAnnuel}},
		{"then the line before", ecoles, []opco.Fonds{mutualise(410_00)}, []opco.Montant{400_00, 10_00, 0},
			[]opco.Motif{opco.MotifPlafondHoraire, opco.MotifPlafondAnnuel}},
		{"nothing left in any fund", ecoles, []opco.Fonds{mutualise(0)}, []opco.Montant{0, 0, 0},
			[]opco.Motif{opco.MotifPlafondHoraire, opco.MotifEnveloppeEpuisee}},
		{"a fund overdrawn counts for nothing", ecoles, []opco.Fonds{mutualise(-5_00), {Code: opco.FondsVV, Disponible: 530_00}},
			[]opco.Montant{400_00, 34_00, 96_00}, []opco.Motif{opco.MotifPlafondHoraire, opco.MotifPlafondAnnuel}},
		{"mutualised money never passes the annual ceiling", ecoles, []opco.Fonds{mutualise(9_000_00)}, []opco.Montant{400_00, 34_00, 100_00},
			[]opco.Motif{opco.MotifPlafondHoraire}},
		{"50 employees: mutualised money is closed", banque, []opco.Fonds{mutualise(9_000_00), {Code: opco.FondsVV, Disponible: 534_00}},
			[]opco.Montant{500_00, 34_00, 0}, []opco.Motif{opco.MotifPlafondAnnuel}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := opco.Calculer(d, *tt.b, nil, tt.fonds)
			if err != nil {
				t.Fatal(err)
			}
			lignes := []opco.Montant{accordee(got, opco.LignePeda), accordee(got, opco.LigneRepas), accordee(got, opco.LigneTransport)}
			if !slices.Equal(lignes, tt.lignes) || !slices.Equal(got.Motifs, tt.motifs) {
				t.Errorf("got %v %v, want %v %v", lignes, got.Motifs, tt.lignes, tt.motifs)
			}
			if err := sommesExactes(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnnualCeilingHoldsOverFunds(t *testing.T) {
	c := instruire62("E2", "OF3", 1, 100, 40_00, opco.Date("2026-03-02").Heure(10, 0), "2026-05-18", "2026-06-20",
		mutualise(9_000_00), opco.Fonds{Enveloppe: "env-conv", Code: opco.FondsConventionnel, Disponible: 9_000_00})
	if d := c.decide(t, opco.ChargeDecider{}); d.Accorde != 3_000_00 {
		t.Errorf("got %s, want the ceiling of 3 000,00 €", d.Accorde)
	}
}

func TestImposedLines(t *testing.T) {
	peda := func(m opco.Montant, motif opco.Motif) []opco.LigneImposee {
		return []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: m, Motif: motif}}
	}
	tests := []struct {
		name     string
		imposees []opco.LigneImposee
		accorde  opco.Montant
		motif    opco.Motif
		champ    string // of the refusal
	}{
		{"lower, with a motif", peda(100_00, opco.MotifDoubleFinancement), 100_00, opco.MotifDoubleFinancement, ""},
		{"nothing, with a motif", peda(0, opco.MotifCoutNonEligible), 0, opco.MotifCoutNonEligible, ""},
		{"lower, without a motif", peda(100_00, ""), 0, "", "lignes[0].motif"},
		{"lower, with a motif that only refuses whole demandes", peda(100_00, opco.MotifDepotTardif), 0, "", "lignes[0].motif"},
		{"as the barème says", peda(840_00, ""), 840_00, opco.MotifPlafondHoraire, ""},
		{"higher, still below what was asked", peda(1_000_00, ""), 1_000_00, opco.MotifPlafondHoraire, ""},
		{"all that was asked", peda(2_020_00, ""), 2_020_00, "", ""},
		{"more than was asked", peda(2_020_01, ""), 0, "", "lignes[0].accorde"},
		{"negative", peda(-1, opco.MotifCoutNonEligible), 0, "", "lignes[0].accorde"},
		{"a line not asked", []opco.LigneImposee{{Ligne: opco.LigneTuteur, Accorde: 1}}, 0, "", "lignes[0].ligne"},
		{"a line twice", append(peda(840_00, ""), peda(840_00, "")...), 0, "", "lignes[1].ligne"},
	}
	c := cas02()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := opco.Calculer(c.d.Demande, *c.f.Bareme, tt.imposees, c.f.Fonds)
			if tt.champ != "" {
				verifierChamp(t, err, tt.champ)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if l := d.Lignes[0]; l.Accorde != tt.accorde || l.Motif != tt.motif || l.Eligible != 840_00 {
				t.Errorf("got %s %q eligible %s, want %s %q", l.Accorde, l.Motif, l.Eligible, tt.accorde, tt.motif)
			}
			if err := sommesExactes(d); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCalculerRefusesWhatCannotBeCounted(t *testing.T) {
	ligne := func(l opco.Ligne, m opco.Montant) opco.LigneDemandee { return opco.LigneDemandee{Ligne: l, Montant: m} }
	tests := []struct {
		name   string
		lignes []opco.LigneDemandee
		champ  string
	}{
		{"nothing", nil, "lignes"},
		{"zero", []opco.LigneDemandee{ligne(opco.LignePeda, 0)}, "lignes"},
		{"negative", []opco.LigneDemandee{ligne(opco.LignePeda, -1)}, "lignes[0].montant"},
		{"too much", []opco.LigneDemandee{ligne(opco.LignePeda, opco.MontantMax+1)}, "lignes[0].montant"},
		{"unknown line", []opco.LigneDemandee{ligne("CADEAUX", 1)}, "lignes[0].ligne"},
		{"a line twice", []opco.LigneDemandee{ligne(opco.LignePeda, 1), ligne(opco.LignePeda, 1)}, "lignes[1].ligne"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := opco.Calculer(opco.Demande{Lignes: tt.lignes}, opco.BaremeTest2026()[0], nil, nil)
			verifierChamp(t, err, tt.champ)
		})
	}
}

func TestSharesFollowWhatWasAsked(t *testing.T) {
	c := instruire62("E3", "OF1", 3, 21, 60_00, opco.Date("2026-08-03").Heure(10, 0), "2026-09-14", "2026-09-16", mutualise(1_000_00))
	d := c.decide(t, opco.ChargeDecider{})
	if got := []opco.Montant{d.Stagiaires[0].Peda, d.Stagiaires[1].Peda, d.Stagiaires[2].Peda}; !slices.Equal(got, []opco.Montant{333_34, 333_33, 333_33}) {
		t.Errorf("got %v, want 1 000,00 € in three with the cent to the first", got)
	}
	slices.Reverse(c.d.Demande.Stagiaires)
	if p := c.decide(t, opco.ChargeDecider{}).Stagiaires; p[2].Stagiaire != "s1" || p[2].Peda != 333_34 {
		t.Errorf("in another order: got %v, want the cent to s1 still", p)
	}
	slices.Reverse(c.d.Demande.Stagiaires)
	for i, h := range []opco.Minutes{60, 120, 180} {
		s := &c.d.Demande.Stagiaires[i]
		s.Peda, s.Heures = 0, h
	}
	d = c.decide(t, opco.ChargeDecider{})
	if got := []opco.Montant{d.Stagiaires[0].Peda, d.Stagiaires[1].Peda, d.Stagiaires[2].Peda}; !slices.Equal(got, []opco.Montant{45_00, 90_00, 135_00}) {
		t.Errorf("without shares: got %v, want them by the hour", got)
	}
}

func TestEstimer(t *testing.T) {
	ecoles, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2691", 9, "2026-05-04")
	banque, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2120", 60, "2026-05-04")
	d := opco.Demande{Duree: 21 * 60, Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 2_020_00}, {Ligne: opco.LigneRepas, Montant: 60_00},
		{Ligne: opco.LigneHebergement, Montant: 190_00}}}
	tests := []struct {
		name    string
		b       *opco.Bareme
		fonds   []opco.Fonds
		accorde opco.Montant
		dit     string
	}{
		{"one trainee, three days, whole envelope", ecoles, nil, 840_00 + 51_00 + 160_00, "un seul stagiaire"},
		{"known funds", ecoles, []opco.Fonds{mutualise(100_00)}, 100_00, "n’engage pas l’OPCO"},
		{"known to be empty", ecoles, []opco.Fonds{}, 0, "n’engage pas l’OPCO"},
		{"voluntary money", banque, nil, 2_270_00, "versements volontaires"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := opco.Estimer(d, tt.b, tt.fonds)
			if err != nil {
				t.Fatal(err)
			}
			if got.Accorde != tt.accorde || !strings.Contains(strings.Join(got.Conditions, " "), tt.dit) {
				t.Errorf("got %s %q, want %s and « %s »", got.Accorde, got.Conditions, tt.accorde, tt.dit)
			}
		})
	}
	d.Stagiaires = []opco.Stagiaire{{ID: "a"}}
	if got, err := opco.Estimer(d, ecoles, nil); err != nil || got.Stagiaires[0].Heures != 21*60 || d.Stagiaires[0].Heures != 0 {
		t.Errorf("got %v, %v; the demande of the caller now says %v", got.Stagiaires, err, d.Stagiaires)
	}
	if _, err := opco.Estimer(d, nil, nil); opco.KindOf(err) != opco.NotFound {
		t.Errorf("without a barème: got %v, want NotFound", err)
	}
}

func TestChoisirBareme(t *testing.T) {
	ancien := opco.Bareme{Code: "ANCIEN", IDCC: "1486", EffectifMax: 10, Du: "2025-01-01"}
	clos := opco.Bareme{Code: "CLOS", IDCC: "1486", EffectifMax: 10, Du: "2026-06-01", Au: "2026-06-30"}
	tous := append(opco.BaremeTest2026(), ancien, clos)
	tests := []struct {
		idcc     string
		effectif int
		debut    opco.Date
		want     string
	}{
		{"1486", 0, "2026-01-01", "6 000,00 €"},
		{"1486", 10, "2026-01-01", "6 000,00 €"},
		{"1486", 11, "2026-01-01", "8 000,00 €"},
		{"1486", 49, "2026-01-01", "8 000,00 €"},
		{"1486", 50, "2026-01-01", ""},
		{"1486", 10, "2025-12-31", "ANCIEN"},
		{"1486", 10, "2024-12-31", ""},
		{"1486", 10, "2026-06-01", "CLOS"},
		{"1486", 10, "2026-06-30", "CLOS"},
		{"1486", 10, "2026-07-01", "6 000,00 €"},
		{"2691", 9, "2030-01-01", "3 000,00 €"},
		{"2691", 11, "2026-01-01", ""},
		{"3043", 24, "2026-01-01", "10 000,00 €"},
		{"3043", 10, "2026-01-01", ""},
		{"2120", 50, "2026-01-01", "VV"},
		{"2120", 5000, "2026-01-01", "VV"},
		{"2120", 49, "2026-01-01", ""},
		{"9998", 9, "2026-01-01", ""},
		{"1486", 9, "", ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.idcc, tt.effectif, tt.debut), func(t *testing.T) {
			b, ok := opco.ChoisirBareme(tous, tt.idcc, tt.effectif, tt.debut)
			got := ""
			if ok {
				got = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.Annuel.Montant.String())
				switch {
				case !b.Mutualise && b.Annuel.Libre:
					got = "VV"
				case b.Code != "BAR-TEST-2026":
					got = b.Code
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// unCalcul draws a demande, its barème, imposed lines and funds.
func unCalcul(t *rapid.T) (opco.Demande, opco.Bareme, []opco.LigneImposee, []opco.Fonds) {
	montant := rapid.Int64Range(0, 500_000)
	b := rapid.SampledFrom(opco.BaremeTest2026()).Draw(t, "bareme")
	d := opco.Demande{Debut: "2026-05-04", Fin: opco.Date("2026-05-04").Jours(rapid.IntRange(0, 9).Draw(t, "jours"))}
	for i := range rapid.IntRange(1, 6).Draw(t, "stagiaires") {
		d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: fmt.Sprintf("s%d", i), Heures: opco.Minutes(rapid.Int64Range(0, 6000).Draw(t, "heures")),
			SalaireHoraire: opco.Montant(rapid.Int64Range(0, 6000).Draw(t, "salaire")), Repas: rapid.IntRange(0, 12).Draw(t, "repas"),
			Nuits: rapid.IntRange(0, 12).Draw(t, "nuits"), Peda: opco.Montant(montant.Draw(t, "peda")),
			Transport: opco.Montant(rapid.Int64Range(0, 30_000).Draw(t, "transport")), Retire: i > 0 && rapid.Bool().Draw(t, "retire")})
	}
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 1}}
	for _, l := range opco.Lignes()[1:] {
		if rapid.Bool().Draw(t, "demandée") {
			d.Lignes = append(d.Lignes, opco.LigneDemandee{Ligne: l, Montant: opco.Montant(montant.Draw(t, string(l)))})
		}
	}
	d.Lignes[0].Montant += opco.Montant(montant.Draw(t, "PEDA"))
	var imposees []opco.LigneImposee
	for _, l := range d.Lignes {
		if l.Montant > 0 && rapid.IntRange(0, 4).Draw(t, "imposée") == 0 {
			imposees = append(imposees, opco.LigneImposee{Ligne: l.Ligne, Motif: opco.MotifCoutNonEligible,
				Accorde: opco.Montant(rapid.Int64Range(0, int64(l.Montant)).Draw(t, "accordé"))})
		}
	}
	var fonds []opco.Fonds
	codes := []string{opco.FondsConventionnel, opco.FondsMutualise, opco.FondsVV, opco.FondsRegion, opco.FondsCPF}
	for i := range rapid.IntRange(0, 4).Draw(t, "fonds") {
		fonds = append(fonds, opco.Fonds{Enveloppe: fmt.Sprintf("e%d", i), Code: rapid.SampledFrom(codes).Draw(t, "code"),
			Disponible: opco.Montant(rapid.Int64Range(-100, 800_000).Draw(t, "disponible"))})
	}
	return d, b, imposees, fonds
}

func TestPropertiesOfCalculer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, b, imposees, fonds := unCalcul(t)
		dec, err := opco.Calculer(d, b, imposees, fonds)
		if err != nil {
			t.Fatal(err)
		}
		if err := sommesExactes(dec); err != nil {
			t.Fatal(err)
		}
		for _, p := range dec.Fonds {
			i := slices.IndexFunc(fonds, func(f opco.Fonds) bool { return f.Enveloppe == p.Enveloppe })
			if p.Montant <= 0 || p.Montant > fonds[i].Disponible {
				t.Fatalf("fund %s gives %s of %s", p.Enveloppe, p.Montant, fonds[i].Disponible)
			}
			if p.Code == opco.FondsMutualise && !b.Mutualise {
				t.Fatal("mutualised money for 50 employees or more")
			}
		}
	})
}

func TestOrderOfTraineesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, b, imposees, fonds := unCalcul(t)
		un, err := opco.Calculer(d, b, imposees, fonds)
		if err != nil {
			t.Fatal(err)
		}
		d.Stagiaires = rapid.Permutation(d.Stagiaires).Draw(t, "ordre")
		deux, err := opco.Calculer(d, b, imposees, fonds)
		if err != nil {
			t.Fatal(err)
		}
		if un.Accorde != deux.Accorde {
			t.Fatalf("granted %s then %s", un.Accorde, deux.Accorde)
		}
		for _, p := range un.Stagiaires {
			i := slices.IndexFunc(deux.Stagiaires, func(q opco.PartStagiaire) bool { return q.Stagiaire == p.Stagiaire })
			if deux.Stagiaires[i] != p {
				t.Fatalf("%s carries %v then %v", p.Stagiaire, p, deux.Stagiaires[i])
			}
		}
	})
}
