package opco_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet/opco"

	"pgregory.net/rapid"
)

func TestSecondLook(t *testing.T) {
	grand := func(prix opco.Montant) casInstruction {
		return instruire62("E4", "OF2", 1, 100, prix, opco.Date("2026-03-02").Heure(10, 0), "2026-06-01", "2026-11-30",
			opco.Fonds{Enveloppe: "env-vv", Code: opco.FondsVV, Disponible: 12_000_00})
	}
	tardif := cas01()
	tardif.d.DeposeLe = opco.Date("2026-04-13").Minuit()
	suspect := cas01()
	suspect.f.IBANPartages = []string{"École Les Tilleuls"}
	refus := func(m ...opco.Motif) opco.ChargeDecider { return opco.ChargeDecider{Refus: true, Motifs: m} }
	tests := []struct {
		name   string
		c      casInstruction
		charge opco.ChargeDecider
		want   bool
	}{
		{"a grant below the threshold", grand(99_99), opco.ChargeDecider{}, false},
		{"a grant at the threshold", grand(100_00), opco.ChargeDecider{}, true},
		{"the grant counts, not what was asked", cas05(4_800_00), opco.ChargeDecider{}, false},
		{"a grant above the threshold", grand(110_00), opco.ChargeDecider{}, true},
		{"a refusal", cas07(), refus(opco.MotifOFNonQualiopi), true},
		{"a refusal by the envelope", cas05(0), opco.ChargeDecider{}, true},
		{"a late dépôt is a fact", tardif, refus(opco.MotifDepotTardif), false},
		{"a late dépôt and a judgement", tardif, refus(opco.MotifDepotTardif, opco.MotifProgrammeInsuffisant), true},
		{"a dérogation", cas01(), opco.ChargeDecider{Derogation: "Accord du conseil."}, true},
		{"a risk flag", cas01(), opco.ChargeDecider{Risque: "Prix inhabituel."}, true},
		{"a risk score", suspect, opco.ChargeDecider{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := tt.c.decide(t, tt.charge); d.SecondRegard != tt.want {
				t.Errorf("got %v, want %v (%s %s %v)", d.SecondRegard, tt.want, d.Sens, d.Accorde, d.Motifs)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		charge opco.ChargeDecider
		want   []opco.Motif
		champ  string
	}{
		{"with a motif", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifOFNonQualiopi}}, []opco.Motif{opco.MotifOFNonQualiopi}, ""},
		{"a motif twice counts once", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifProgrammeInsuffisant, opco.MotifOFNonQualiopi, opco.MotifProgrammeInsuffisant}},
			[]opco.Motif{opco.MotifProgrammeInsuffisant, opco.MotifOFNonQualiopi}, ""},
		{"without a motif", opco.ChargeDecider{}, nil, "motifs"},
		{"with a motif of an invoice", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifQteErr}}, nil, "motifs"},
		{"with a motif of one line", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifPlafondHoraire}}, nil, "motifs"},
		{"with a motif that does not exist", opco.ChargeDecider{Motifs: []opco.Motif{"HUMEUR"}}, nil, "motifs"},
		{"late, while it was in time", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifDepotTardif}}, nil, "motifs"},
		{"with amounts", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifOFNonQualiopi}, Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda}}}, nil, "lignes"},
		{"with a dérogation", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifOFNonQualiopi}, Derogation: "?"}, nil, "derogation"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cas07()
			tt.charge.Refus = true
			d, err := opco.Decider(c.d, tt.charge, c.f)
			if tt.champ != "" {
				verifierChamp(t, err, tt.champ)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Sens != opco.SensRefus || d.Accorde != 0 || d.ResteACharge != 560_00 || len(d.Fonds) > 0 || !slices.Equal(d.Motifs, tt.want) {
				t.Errorf("got %s %s, reste %s, %v", d.Sens, d.Accorde, d.ResteACharge, d.Motifs)
			}
			if err := sommesExactes(d); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBlockedAccords(t *testing.T) {
	tests := []struct {
		name    string
		changer func(*casInstruction)
		code    opco.Motif
		leve    bool // a dérogation lifts it
	}{
		{"S07: no Qualiopi", func(c *casInstruction) { c.f.Organisme.Qualiopi = nil }, opco.MotifOFNonQualiopi, true},
		{"double financing", func(c *casInstruction) {
			c.f.Chevauchements = []opco.Chevauchement{{Dossier: "26.A.00007.1", Du: "2026-04-13", Au: "2026-04-14"}}
		}, opco.MotifDoubleFinancement, true},
		{"no pièce", func(c *casInstruction) { c.d.Pieces = nil }, opco.MotifPiecesManquantes, true},
		{"late", func(c *casInstruction) { c.d.DeposeLe = opco.Date("2026-04-13").Minuit() }, opco.MotifDepotTardif, false},
		{"no barème", func(c *casInstruction) { c.f.Bareme = nil }, opco.MotifActionNonEligible, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cas01()
			tt.changer(&c)
			_, err := opco.Decider(c.d, opco.ChargeDecider{}, c.f)
			verifierConflit(t, err, tt.code)
			d, err := opco.Decider(c.d, opco.ChargeDecider{Derogation: "Décision du conseil."}, c.f)
			switch {
			case !tt.leve:
				verifierConflit(t, err, tt.code)
			case err != nil || d.Accorde != 1_200_00 || d.Derogation == "" || !d.SecondRegard:
				t.Errorf("by dérogation: got %s %v, %v", d.Accorde, d.SecondRegard, err)
			}
		})
	}
}

func verifierConflit(t *testing.T, err error, code opco.Motif) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) || e.Kind != opco.Conflict || e.Code != string(code) || !strings.HasSuffix(e.Message, ".") {
		t.Errorf("got %v, want a conflict %s", err, code)
	}
}

func TestAccordsThatDoNotHold(t *testing.T) {
	tests := []struct {
		name   string
		charge opco.ChargeDecider
		champ  string
	}{
		{"more than the barème, without a reason", opco.ChargeDecider{Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: 3_000_00}}}, "derogation"},
		{"motifs of refusal on an accord", opco.ChargeDecider{Motifs: []opco.Motif{opco.MotifOFNonQualiopi}}, "motifs"},
		{"nothing granted, for a motif of reduction", opco.ChargeDecider{Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Motif: opco.MotifPlafondHoraire}}}, "lignes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cas04()
			_, err := opco.Decider(c.d, tt.charge, c.f)
			verifierChamp(t, err, tt.champ)
		})
	}
	d := cas04().decide(t, opco.ChargeDecider{Derogation: "Formateur unique.", Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: 3_780_00}}})
	if d.Sens != opco.SensAccord || d.Accorde != 3_780_00 || len(d.Motifs) > 0 {
		t.Errorf("with a reason: got %s %s %v", d.Sens, d.Accorde, d.Motifs)
	}
}

func TestS07QualiopiThatEndsBeforeTheTraining(t *testing.T) {
	c := instruire62("E1", "OF1", 2, 7, 40_00, opco.Date("2026-03-15").Heure(10, 0), "2026-05-11", "2026-05-11", mutualise(6_000_00))
	c.f.Organisme.Qualiopi[0].Au = "2026-04-30"
	d := c.decide(t, opco.ChargeDecider{})
	if d.Accorde != 560_00 || len(d.Conditions) != 1 || !strings.Contains(d.Conditions[0], "11 mai 2026") || !strings.Contains(d.Conditions[0], "Qualiopi") {
		t.Errorf("got %s, conditions %q", d.Accorde, d.Conditions)
	}
}

func TestNothingEligibleIsARefusal(t *testing.T) {
	c := cas01()
	c.d.Demande.Lignes[0].Ligne = opco.LigneTuteur
	d := c.decide(t, opco.ChargeDecider{})
	if d.Sens != opco.SensRefus || !slices.Equal(d.Motifs, []opco.Motif{opco.MotifCoutNonEligible}) || !d.SecondRegard {
		t.Errorf("got %s %v", d.Sens, d.Motifs)
	}
}

func TestDecisionsAreNumbered(t *testing.T) {
	c := cas01()
	premiere := c.decide(t, opco.ChargeDecider{})
	c.d.Decision = &premiere
	if seconde := c.decide(t, opco.ChargeDecider{}); premiere.Version != 1 || seconde.Version != 2 {
		t.Errorf("got %d then %d, want 1 then 2", premiere.Version, seconde.Version)
	}
}

func TestS05EveryCentFound(t *testing.T) {
	reste := opco.Montant(4_800_00)
	for i, want := range []opco.Montant{3_000_00, 1_800_00, 0} {
		c := cas05(reste)
		c = avecPrix(c, 750_00)
		d := c.decide(t, opco.ChargeDecider{})
		if reste -= d.Accorde; d.Accorde != want {
			t.Errorf("demande %d of 3 000,00 €: got %s, want %s", i+1, d.Accorde, want)
		}
	}
}

func TestS12OneTraineeWithdrawn(t *testing.T) {
	c := cas04()
	d := c.decide(t, opco.ChargeDecider{})
	c.d.Decision = &d
	apres, err := opco.RetirerStagiaire(c.d, "s2", c.f)
	if err != nil {
		t.Fatal(err)
	}
	if apres.Accorde != 1_890_00 || d.Accorde-apres.Accorde != 945_00 || apres.Demande != 2_520_00 || apres.ResteACharge != 630_00 || apres.Version != 2 {
		t.Errorf("got %s of %s, reste %s, version %d", apres.Accorde, apres.Demande, apres.ResteACharge, apres.Version)
	}
	if len(apres.Stagiaires) != 2 || apres.Stagiaires[0].Stagiaire != "s1" || apres.Stagiaires[1].Stagiaire != "s3" || apres.Stagiaires[1].Peda != 945_00 {
		t.Errorf("got %v", apres.Stagiaires)
	}
	if err := sommesExactes(apres); err != nil {
		t.Error(err)
	}
	c.d.Decision, c.d.Demande.Stagiaires[1].Retire = &apres, true
	encore, err := opco.RetirerStagiaire(c.d, "s1", c.f)
	if err != nil || encore.Accorde != 945_00 || encore.Demande != 1_260_00 || encore.Version != 3 {
		t.Errorf("a second one: got %s of %s, %v", encore.Accorde, encore.Demande, err)
	}
}

func TestWithdrawalKeepsTheCapOfTheOthers(t *testing.T) {
	c := cas04()
	d := &c.d.Demande
	d.Stagiaires = d.Stagiaires[:2]
	d.Stagiaires[1].Peda = 630_00 // 30,00 € an hour makes room for the 60,00 € of the other
	d.Lignes[0].Montant = 1_890_00
	dec := c.decide(t, opco.ChargeDecider{})
	c.d.Decision = &dec
	apres, err := opco.RetirerStagiaire(c.d, "s2", c.f)
	if err != nil {
		t.Fatal(err)
	}
	if dec.Accorde != 1_890_00 || apres.Accorde != 945_00 || !slices.Equal(apres.Motifs, []opco.Motif{opco.MotifPlafondHoraire}) {
		t.Errorf("got %s then %s %v, want 1 890,00 € then 945,00 €", dec.Accorde, apres.Accorde, apres.Motifs)
	}
}

func TestWithdrawnTransportIsHisOwn(t *testing.T) {
	c := cas02()
	d := &c.d.Demande
	d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: "s2", Nom: "Autre", Prenom: "Un", Heures: 60, Transport: 100_00})
	d.Stagiaires[0].Transport = 200_00
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LigneTransport, Montant: 300_00}}
	dec := c.decide(t, opco.ChargeDecider{})
	c.d.Decision = &dec
	for parti, want := range map[string]opco.Montant{"s1": 100_00, "s2": 150_00} {
		if apres, err := opco.RetirerStagiaire(c.d, parti, c.f); err != nil || apres.Accorde != want {
			t.Errorf("without %s: got %s, %v; want %s", parti, apres.Accorde, err, want)
		}
	}
}

func TestWithdrawalSharesTheFunds(t *testing.T) {
	c := instruire62("E5", "OF2", 4, 20, 50_00, opco.Date("2026-03-02").Heure(10, 0), "2026-06-01", "2026-06-30", mutualise(2_500_00),
		opco.Fonds{Enveloppe: "env-vv", Code: opco.FondsVV, Disponible: 1_000_00},
		opco.Fonds{Enveloppe: "env-region", Code: opco.FondsRegion, Disponible: 500_00})
	d := c.decide(t, opco.ChargeDecider{})
	c.d.Decision = &d
	apres, err := opco.RetirerStagiaire(c.d, "s4", c.f)
	if err != nil {
		t.Fatal(err)
	}
	if got := []opco.Montant{apres.Fonds[0].Montant, apres.Fonds[1].Montant, apres.Fonds[2].Montant}; !slices.Equal(got, []opco.Montant{1_875_00, 750_00, 375_00}) {
		t.Errorf("got %v, want 1 875,00 €, 750,00 € and 375,00 €", got)
	}
}

func TestWithdrawalsThatDoNotHold(t *testing.T) {
	tests := []struct {
		name      string
		stagiaire string
		changer   func(*casInstruction)
		want      opco.Kind
	}{
		{"nobody of that id", "s9", func(*casInstruction) {}, opco.NotFound},
		{"already withdrawn", "s2", func(c *casInstruction) { c.d.Demande.Stagiaires[1].Retire = true }, opco.Conflict},
		{"the last one", "s1", func(c *casInstruction) {
			c.d.Demande.Stagiaires[1].Retire, c.d.Demande.Stagiaires[2].Retire = true, true
		}, opco.Conflict},
		{"the only one granted anything", "s1", func(c *casInstruction) {
			for i := range c.d.Decision.Stagiaires {
				c.d.Decision.Stagiaires[i].Peda = 0
			}
			c.d.Decision.Stagiaires[0].Peda = c.d.Decision.Accorde
		}, opco.Conflict},
		{"no décision", "s1", func(c *casInstruction) { c.d.Decision = nil }, opco.Conflict},
		{"a refusal", "s1", func(c *casInstruction) { c.d.Decision.Sens = opco.SensRefus }, opco.Conflict},
		{"the training has begun", "s1", func(c *casInstruction) { c.f.Le = opco.Date("2026-09-14").Minuit() }, opco.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cas04()
			d := c.decide(t, opco.ChargeDecider{})
			c.d.Decision = &d
			tt.changer(&c)
			if _, err := opco.RetirerStagiaire(c.d, tt.stagiaire, c.f); opco.KindOf(err) != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestWithdrawalNeverRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		demande, b, imposees, fonds := unCalcul(t)
		avant, err := opco.Calculer(demande, b, imposees, fonds)
		if err != nil {
			t.Fatal(err)
		}
		presents := demande.Presents()
		if avant.Sens == opco.SensRefus || len(presents) < 2 {
			t.Skip("nobody to withdraw")
		}
		parti := rapid.SampledFrom(presents).Draw(t, "parti")
		d := &opco.Dossier{Demande: demande, Decision: &avant}
		apres, err := opco.RetirerStagiaire(d, parti.ID, opco.Faits{Le: opco.Date("2026-05-01").Minuit(), Bareme: &b})
		if opco.KindOf(err) == opco.Conflict {
			t.Skip("nothing would be left")
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := sommesExactes(apres); err != nil {
			t.Fatal(err)
		}
		for i, l := range apres.Lignes {
			if l.Accorde > avant.Lignes[i].Accorde || l.Demande > avant.Lignes[i].Demande {
				t.Fatalf("%s rises from %s to %s", l.Ligne, avant.Lignes[i].Accorde, l.Accorde)
			}
		}
		for _, p := range apres.Fonds {
			i := slices.IndexFunc(avant.Fonds, func(f opco.PartFonds) bool { return f.Enveloppe == p.Enveloppe })
			if p.Montant <= 0 || p.Montant > avant.Fonds[i].Montant {
				t.Fatalf("fund %s rises from %s to %s", p.Enveloppe, avant.Fonds[i].Montant, p.Montant)
			}
		}
		for _, p := range apres.Stagiaires {
			i := slices.IndexFunc(avant.Stagiaires, func(q opco.PartStagiaire) bool { return q.Stagiaire == p.Stagiaire })
			if p.Stagiaire == parti.ID || p.Peda > avant.Stagiaires[i].Peda || p.Remuneration > avant.Stagiaires[i].Remuneration {
				t.Fatalf("%s carries %v, before %v", p.Stagiaire, p, avant.Stagiaires[i])
			}
		}
	})
}
