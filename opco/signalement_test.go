package opco

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// Who may do what to a signalement, from where, and what becomes of its suspension.
func TestAgirSignalement(t *testing.T) {
	ctl := Acteur{Personne: "ctl", Nom: "Sarah", Role: RoleControleur}
	res := Acteur{Personne: "res", Nom: "Nadia", Role: RoleResponsable}
	le := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		de     EtatSignalement
		g      GesteSignalement
		par    Acteur
		raison string
		avec   func(f *FaitsSignalement)
		vers   EtatSignalement // "": refused
		code   string
		kind   Kind
	}{
		{"held", SignalementOuvert, GesteRetenir, ctl, "Compte partagé.", nil, SignalementRetenu, "", ""},
		{"held by who instructed it", SignalementOuvert, GesteRetenir, res, "Doute.", func(f *FaitsSignalement) { f.Juges = []string{"res"} }, SignalementRetenu, "", ""},
		{"held again", SignalementLeve, GesteRetenir, ctl, "Autre chose.", nil, SignalementRetenu, "", ""},
		{"reviewed", SignalementRetenu, GesteProlonger, ctl, "Pièces attendues.", nil, SignalementRetenu, "", ""},
		{"released", SignalementRetenu, GesteLever, ctl, "Tout est là.", nil, SignalementLeve, "", ""},
		{"filed", SignalementOuvert, GesteClasser, res, "Même groupe.", nil, SignalementClasse, "", ""},
		{"opened by hand, by who instructed it", SignalementEteint, GesteOuvrir, res, "Appel reçu.", func(f *FaitsSignalement) { f.Juges = []string{"res"} }, SignalementOuvert, "", ""},
		{"opened while held", SignalementRetenu, GesteOuvrir, ctl, "x", nil, "", "ETAPE_INATTENDUE", Conflict},
		{"opened by who has a link", SignalementClasse, GesteOuvrir, ctl, "x", func(f *FaitsSignalement) { f.Liens = []SIREN{"999001365"} }, "", "LIEN_INTERET", Forbidden},
		{"by a gestionnaire", SignalementOuvert, GesteRetenir, Acteur{Personne: "g", Role: RoleGestionnaire}, "x", nil, "", "", Forbidden},
		{"by a comptable", SignalementRetenu, GesteLever, Acteur{Personne: "c", Role: RoleComptable}, "x", nil, "", "", Forbidden},
		{"released by who instructed it", SignalementRetenu, GesteLever, res, "x", func(f *FaitsSignalement) { f.Juges = []string{"res"} }, "", "QUATRE_YEUX", Forbidden},
		{"released in the name of who instructed it", SignalementRetenu, GesteLever, Acteur{Personne: "r2", Pour: "res", Role: RoleResponsable}, "x",
			func(f *FaitsSignalement) { f.Juges = []string{"res"} }, "", "QUATRE_YEUX", Forbidden},
		{"prolonged by who pays it", SignalementRetenu, GesteProlonger, res, "x", func(f *FaitsSignalement) { f.Payeurs = []string{"res"} }, "", "QUATRE_YEUX", Forbidden},
		{"held by who has a link", SignalementOuvert, GesteRetenir, ctl, "x", func(f *FaitsSignalement) { f.Liens = []SIREN{"999001365"} }, "", "LIEN_INTERET", Forbidden},
		{"without a word", SignalementOuvert, GesteRetenir, ctl, " ", nil, "", "", Invalid},
		{"released twice", SignalementLeve, GesteLever, ctl, "x", nil, "", "ETAPE_INATTENDUE", Conflict},
		{"filed while held", SignalementRetenu, GesteClasser, ctl, "x", nil, "", "ETAPE_INATTENDUE", Conflict},
		{"unknown", SignalementOuvert, "oublier", ctl, "x", nil, "", "", Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Signalement{Dossier: "d", DossierNumero: "26-000001", Etat: tt.de, Signaux: []Signal{{Code: SignalIBANPartage, Points: 60}}}
			if tt.de == SignalementRetenu {
				s.Suspension = &Suspension{Depuis: le.Add(-48 * time.Hour), RevoirLe: "2026-05-10"}
			}
			f := FaitsSignalement{Le: le, Parametres: ParametresDefaut(), Tiers: []SIREN{"999001019", "999001365"}}
			if tt.avec != nil {
				tt.avec(&f)
			}
			err := s.Agir(tt.g, tt.par, tt.raison, f)
			if tt.vers == "" {
				var refus *Error
				if !errors.As(err, &refus) || refus.Kind != tt.kind || refus.Code != tt.code || s.Etat != tt.de {
					t.Fatalf("got %v, état %s; want a refusal %s %q", err, s.Etat, tt.kind, tt.code)
				}
				return
			}
			if s.Initiative != (tt.g == GesteOuvrir) {
				t.Errorf("of their own accord: %v", s.Initiative)
			}
			if err != nil || s.Etat != tt.vers || !slices.Equal(s.Vus, []string{SignalIBANPartage}) {
				t.Fatalf("got %v, état %s, seen %v; want %s", err, s.Etat, s.Vus, tt.vers)
			}
			if (s.Suspension != nil) != (tt.vers == SignalementRetenu) {
				t.Fatalf("suspension %v in état %s", s.Suspension, s.Etat)
			}
			if x := s.Suspension; x != nil && x.RevoirLe != "2026-05-19" {
				t.Errorf("got a review on %s, want 15 days later", x.RevoirLe)
			}
			if tt.g == GesteProlonger && !s.Suspension.Depuis.Equal(le.Add(-48*time.Hour)) {
				t.Errorf("a review forgot since when: %s", s.Suspension.Depuis)
			}
		})
	}
}

// What is computed again opens, puts out, or brings back before a person; it neither
// suspends nor releases.
func TestRecalculerSignalement(t *testing.T) {
	un, deux, petit := Signal{Code: "A", Points: 30}, Signal{Code: "B", Points: 30}, Signal{Code: "C", Points: 29}
	tests := []struct {
		name string
		de   EtatSignalement
		vus  []string
		ss   []Signal
		vers EtatSignalement
		tenu bool
	}{
		{"first", "", nil, []Signal{un}, SignalementOuvert, true},
		{"too little", "", nil, []Signal{petit}, "", false},
		{"nothing", "", nil, nil, "", false},
		{"gone before anybody looked", SignalementOuvert, nil, []Signal{petit}, SignalementEteint, true},
		{"come back", SignalementEteint, nil, []Signal{un}, SignalementOuvert, true},
		{"held whatever comes", SignalementRetenu, []string{"A"}, []Signal{un, deux}, SignalementRetenu, true},
		{"held though nothing is left", SignalementRetenu, []string{"A"}, nil, SignalementRetenu, true},
		{"filed, the same", SignalementClasse, []string{"A"}, []Signal{un}, SignalementClasse, true},
		{"filed, and something new", SignalementClasse, []string{"A"}, []Signal{un, deux}, SignalementOuvert, true},
		{"released, less", SignalementLeve, []string{"A", "B"}, []Signal{deux}, SignalementLeve, true},
		{"released, something new but small", SignalementLeve, []string{"A"}, []Signal{petit}, SignalementLeve, true},
	}
	for _, tt := range tests {
		s := Signalement{Etat: tt.de, Vus: tt.vus}
		if tenu := s.Recalculer(tt.ss, ParametresDefaut().Signaux); tenu != tt.tenu || s.Etat != tt.vers {
			t.Errorf("%s: got %q kept %v, want %q %v", tt.name, s.Etat, tenu, tt.vers, tt.tenu)
		}
	}
	s := Signalement{Etat: SignalementOuvert, Initiative: true}
	if s.Recalculer(nil, ParametresDefaut().Signaux); s.Etat != SignalementOuvert {
		t.Errorf("got %q: what a person opened waits for a person", s.Etat)
	}
}

// A suspension stops an accord, a service fait and a payment; not a refusal. Outside, it
// accuses nobody and says until when.
func TestSuspension(t *testing.T) {
	x := &Suspension{Depuis: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), RevoirLe: "2026-05-19"}
	r := ReglementActuel{LigneLot: LigneLot{Numero: "R26-1", DossierNumero: "26-000001", Etat: ReglementAPayer}, Payable: true, Suspension: x}
	if refus := r.obstacle(Acteur{Personne: "c", Role: RoleComptable}, nil); refus == nil || refus.Code != "DOSSIER_SUSPENDU" {
		t.Errorf("got %v, want the règlement left out", refus)
	}
	if raison, etat := r.LigneLot.changement(r, true); raison == "" || etat != ReglementAPayer {
		t.Errorf("got %q %s, want the line taken out, to pay later", raison, etat)
	}
	if (*Suspension)(nil).refus("l’accord") != nil || x.refus("l’accord") == nil {
		t.Error("a suspension refuses, and nothing else does")
	}
	d := &Dossier{Etat: EtatEnReglement, Demande: Demande{Organisme: OrganismeDemande{SIRET: "99900136500017"}, Subrogation: true},
		Reglements: []Reglement{{ID: "r", Montant: 100, Etat: ReglementAPayer, Echeance: "2026-05-20"}}}
	for role, acteur := range map[Role]string{RoleOrganisme: "Nous", RoleEntreprise: "Nous", RoleComptable: "Un contrôleur"} {
		s := d.Suivi(role, FaitsSuivi{Jour: "2026-05-05", Parametres: ParametresDefaut(), Suspension: x})
		if !s.Bloque || s.QuiAgit != acteur || s.AvantLe != "2026-05-19" {
			t.Errorf("to %s: got %+v, want it blocked, %s to act before 19 May", role, s, acteur)
		}
	}
	attend := &Dossier{Etat: EtatAttenteServiceFait, Demande: d.Demande}
	if s := attend.Suivi(RoleOrganisme, FaitsSuivi{Jour: "2026-05-05", Parametres: ParametresDefaut(), Suspension: x}); s.Qui != RoleOrganisme {
		t.Errorf("got %+v: who must send something is still told so", s)
	}
}
