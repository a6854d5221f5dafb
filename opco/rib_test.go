package opco

import (
	"errors"
	"slices"
	"strings"
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
		{"asked to be cleared, of the bank", RIBGele, GesteDegeler, premiere, "Banque appelée.", RIBGele, "", ""},
		{"confirmed before anybody asked", RIBGele, GesteConfirmer, seconde, "", "", "ETAPE_INATTENDUE", Conflict},
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
			if strings.HasSuffix(tt.name, "of the bank") {
				r.Motif = "AC04"
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

// What the bank froze stays frozen until a second person confirms; what a person froze,
// one lifts.
func TestLeveeDuGel(t *testing.T) {
	f := FaitsRIB{Le: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), Parametres: ParametresDefaut(), Signataires: []string{"c9"}}
	r := RIB{SIREN: "999001431", Nom: "OF2", Etat: RIBGele, Motif: "AC04", Raison: "Le compte est clos."}
	if err := r.Agir(GesteDegeler, premiere, "Banque appelée.", f); err != nil || r.Etat != RIBGele || r.Motif != "AC04" || r.Raison != "Le compte est clos." {
		t.Fatalf("got %+v (%v), want it frozen still, and to say why", r, err)
	}
	if got := r.GestesDe(RoleComptable); !slices.Equal(got, []GesteRIB{GesteConfirmer}) {
		t.Errorf("a comptable may %v, want to confirm", got)
	}
	for _, tt := range []struct {
		par  Acteur
		code string
	}{{premiere, "MEME_PERSONNE"}, {Acteur{Personne: "r3", Pour: "r1", Role: RoleResponsable}, "MEME_PERSONNE"}, {Acteur{Personne: "c9", Role: RoleComptable}, "QUATRE_YEUX"},
		{Acteur{Personne: "g1", Role: RoleGestionnaire}, ""}} {
		var refus *Error
		if err := r.Agir(GesteConfirmer, tt.par, "", f); !errors.As(err, &refus) || refus.Code != tt.code || r.Etat != RIBGele {
			t.Errorf("confirmed by %s: got %v, want %s", tt.par.Personne, err, tt.code)
		}
	}
	if err := r.Agir(GesteConfirmer, seconde, "", f); err != nil || r.Etat != RIBActif || r.Motif != "" || r.LevePar.Personne != "r1" || r.RenduPar.Personne != "c1" {
		t.Errorf("got %+v (%v), want it in service, and both persons", r, err)
	}
	if err := r.Agir(GesteGeler, seconde, "Doute.", f); err != nil || r.LevePar.Personne != "" || r.RenduPar.Personne != "" {
		t.Errorf("got %+v (%v), want a new freeze to forget who lifted the old", r, err)
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
