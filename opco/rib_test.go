package opco

import (
	"errors"
	"slices"
	"testing"
	"time"
)

var (
	premiere = Acteur{Personne: "r1", Nom: "Rémi", Role: RoleResponsable}
	seconde  = Acteur{Personne: "c1", Nom: "Camille", Role: RoleComptable}
	payee    = Acteur{Personne: "o1", Nom: "Odile", Role: RoleOrganisme}
)

// A RIB goes by two persons who neither proposed nor pay it, one after the other.
func TestAgirRIB(t *testing.T) {
	f := FaitsRIB{Le: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), Parametres: ParametresDefaut(), Signataires: []string{"c9"}, Liens: nil}
	tests := []struct {
		name   string
		de     EtatRIB
		g      GesteRIB
		par    Acteur
		raison string
		vers   EtatRIB // "": refused
		code   string
		kind   Kind
	}{
		{"looked at", RIBPropose, GesteVoir, premiere, "", RIBVu, "", ""},
		{"validated", RIBVu, GesteValider, seconde, "", RIBValide, "", ""},
		{"refused", RIBValide, GesteRefuser, seconde, "Faux.", RIBRefuse, "", ""},
		{"frozen", RIBActif, GesteGeler, seconde, "Doute.", RIBGele, "", ""},
		{"cleared", RIBGele, GesteDegeler, premiere, "Banque appelée.", RIBActif, "", ""},
		{"validated before it was looked at", RIBPropose, GesteValider, seconde, "", "", "ETAPE_INATTENDUE", Conflict},
		{"validated by a responsable", RIBVu, GesteValider, Acteur{Personne: "r2", Role: RoleResponsable}, "", "", "", Forbidden},
		{"looked at by a comptable", RIBPropose, GesteVoir, seconde, "", "", "", Forbidden},
		{"one person twice", RIBVu, GesteValider, Acteur{Personne: "r1", Role: RoleComptable}, "", "", "MEME_PERSONNE", Forbidden},
		{"in the name of the first", RIBVu, GesteValider, Acteur{Personne: "c2", Pour: "r1", Role: RoleComptable}, "", "", "MEME_PERSONNE", Forbidden},
		{"by who proposed it", RIBPropose, GesteVoir, Acteur{Personne: "o1", Role: RoleResponsable}, "", "", "MEME_PERSONNE", Forbidden},
		{"by who pays it", RIBVu, GesteValider, Acteur{Personne: "c9", Role: RoleComptable}, "", "", "QUATRE_YEUX", Forbidden},
		{"cleared by who pays it", RIBGele, GesteDegeler, Acteur{Personne: "c9", Role: RoleResponsable}, "Bon.", "", "QUATRE_YEUX", Forbidden},
		{"refused without a word", RIBPropose, GesteRefuser, premiere, " ", "", "", Invalid},
		{"unknown", RIBPropose, "perdre", premiere, "", "", "", Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := RIB{SIREN: "999001431", Nom: "OF2", Etat: tt.de, ProposePar: payee}
			if tt.de != RIBPropose {
				r.VuPar = premiere
			}
			if tt.de == RIBGele {
				r.VuPar = Acteur{}
			}
			err := r.Agir(tt.g, tt.par, tt.raison, f)
			var refus *Error
			if tt.vers != "" && (err != nil || r.Etat != tt.vers) {
				t.Fatalf("got %s, %v; want %s", string(r.Etat), err, string(tt.vers))
			}
			if tt.vers == "" && (!errors.As(err, &refus) || refus.Code != tt.code || refus.Kind != tt.kind || r.Etat != tt.de) {
				t.Fatalf("got %s, %v; want %s %s and nothing changed", string(r.Etat), err, tt.kind, tt.code)
			}
			if tt.vers == RIBValide && !r.ActifLe.Equal(f.Le.Add(48*time.Hour)) {
				t.Errorf("the hold ends %s, want 48 h later", r.ActifLe)
			}
		})
	}
}

func TestSaisieRIB(t *testing.T) {
	const iban, bic = "FR7699999000770070070077737", "AAAAFRPP"
	for _, tt := range []struct {
		s     SaisieRIB
		champ string
	}{
		{SaisieRIB{iban, bic, "Formalia"}, ""},
		{SaisieRIB{"FR7630006000011234567890188", bic, "Formalia"}, "iban"},
		{SaisieRIB{"FR7699999000160010020036646", bic, "Formalia"}, "iban"}, // in service already
		{SaisieRIB{iban, "AAAADEFF", "Formalia"}, "bic"},
		{SaisieRIB{iban, "", "Formalia"}, "bic"},
		{SaisieRIB{iban, bic, ""}, "titulaire"},
		{SaisieRIB{iban, bic, "株式会社"}, "titulaire"},
	} {
		_, err := tt.s.Lire("FR7699999000160010020036646")
		var e *Error
		if tt.champ == "" && err != nil || tt.champ != "" && (!errors.As(err, &e) || e.Champ != tt.champ) {
			t.Errorf("%+v: got %v, want a refusal on %q", tt.s, err, tt.champ)
		}
	}
}

func TestSignauxDuRIB(t *testing.T) {
	f := FaitsSignaux{Le: "2026-05-04", Parametres: ParametresDefaut()}
	for _, tt := range []struct {
		name  string
		r     RIB
		f     func(*FaitsSignaux)
		codes []string
	}{
		{"nothing", RIB{IBAN: "FR76", Titulaire: "FORMALIA SYNTHESE SAS", Nom: "Formalia Synthèse"}, func(*FaitsSignaux) {}, nil},
		{"shared", RIB{IBAN: "FR76"}, func(f *FaitsSignaux) { f.Partages = []string{"E2"} }, []string{"IBAN_PARTAGE"}},
		{"29 days after", RIB{IBAN: "FR76"}, func(f *FaitsSignaux) { f.DernierLe = "2026-04-05" }, []string{"IBAN_RECENT"}},
		{"30 days after", RIB{IBAN: "FR76"}, func(f *FaitsSignaux) { f.DernierLe = "2026-04-04" }, nil},
		{"abroad, another holder", RIB{IBAN: "LT12", Titulaire: "M. Untel", Nom: "Formalia"}, func(*FaitsSignaux) {}, []string{"IBAN_ETRANGER", "TITULAIRE_AUTRE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := f
			tt.f(&f)
			var got []string
			for _, s := range tt.r.Signaux(f) {
				got = append(got, s.Code)
			}
			if !slices.Equal(got, tt.codes) {
				t.Errorf("got %v, want %v", got, tt.codes)
			}
		})
	}
}

// A lot whose payee changes RIB does not leave, even if nothing else told it.
func TestLotRelu(t *testing.T) {
	for _, acte := range []TypeActe{ActeRelireLot, ActeEmettreLot} {
		for _, o := range []ObstacleRIB{RIBQuiChange, RIBQuiGele} {
			l, _ := lotA(t, LotValide, false, s11())
			f := faitsLotEssai(jourLot)
			for _, x := range l.Lignes {
				f.Reglements = append(f.Reglements, ReglementActuel{LigneLot: x, Lot: l.ID, Payable: true})
			}
			f.Reglements[2].RIB, f.Fichier = o, "abc"
			e, err := l.Appliquer(acteLot(acte, ActeurSysteme(), struct{}{}), nil, f)
			if err != nil {
				t.Fatal(err)
			}
			var rendu Montant
			for _, m := range e.Mouvements {
				if m.Type != MouvementRejet {
					t.Errorf("%s: a movement %s", acte, m.Type)
				}
				rendu += m.Montant
			}
			if l.Etat != LotPropose || len(l.Lignes) != 2 || l.Sceau != "" || !e.Caduc || rendu != 627500 || e.Motif == "" || len(l.Echeances) != 1 {
				t.Errorf("%s, %s: got %s, %d lines, %s given back, %+v", acte, o, string(l.Etat), len(l.Lignes), rendu, l.Echeances)
			}
		}
	}
}

// Whoever looked at a RIB neither prepares nor validates what is paid on it.
func TestRIBHorsDuLot(t *testing.T) {
	f := faitsLotEssai(jourLot)
	f.Reglements = s11()
	f.Reglements[1].RIBPar = []string{"c1"}
	l := &Lot{ID: "L26-0001"}
	_, err := l.Appliquer(acteLot(ActeConstruireLot, comptableLot, ChargeConstruireLot{Reglements: []string{"f1-1", "f2-1", "f3-1"}, Execution: "2026-05-04"}), nil, f)
	var refus *Error
	if !errors.As(err, &refus) || refus.Code != "QUATRE_YEUX" {
		t.Errorf("got %v, want QUATRE_YEUX", err)
	}
}
