package opco_test

import (
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

func TestPrioriteComparer(t *testing.T) {
	depot := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	base := opco.Priorite{Limite: "2026-05-21", Debut: "2026-06-01", Enjeu: 100, Depuis: depot}
	avec := func(f func(p *opco.Priorite)) opco.Priorite { p := base; f(&p); return p }
	for _, tt := range []struct {
		nom   string
		avant opco.Priorite
		apres opco.Priorite
	}{
		{"the nearest deadline first, whatever the start", base, avec(func(p *opco.Priorite) { p.Limite, p.Debut, p.Enjeu = "2026-05-22", "2026-05-01", 9 })},
		{"no deadline comes last", base, avec(func(p *opco.Priorite) { p.Limite, p.Debut = "", "2026-01-01" })},
		{"then the nearest start, whatever the amount", base, avec(func(p *opco.Priorite) { p.Debut, p.Enjeu = "2026-06-02", 9_000_000 })},
		{"no start comes last", base, avec(func(p *opco.Priorite) { p.Debut = "" })},
		{"then the largest amount, whatever the age", avec(func(p *opco.Priorite) { p.Enjeu = 101; p.Depuis = depot.Add(time.Hour) }), base},
		{"then the oldest", base, avec(func(p *opco.Priorite) { p.Depuis = depot.Add(time.Second) })},
	} {
		if got := tt.avant.Comparer(tt.apres); got != -1 {
			t.Errorf("%s: got %d, want -1", tt.nom, got)
		}
		if got := tt.apres.Comparer(tt.avant); got != 1 {
			t.Errorf("%s, the other way: got %d, want 1", tt.nom, got)
		}
	}
	if got := base.Comparer(base); got != 0 {
		t.Errorf("a dossier and itself: got %d, want 0", got)
	}
}

func TestPourquoiCeluiCi(t *testing.T) {
	depot := time.Date(2026, 3, 21, 9, 0, 0, 0, time.UTC)
	base := opco.Priorite{Limite: "2026-05-21", Debut: "2026-06-01", Enjeu: 1_440_000, Depuis: depot}
	avec := func(f func(p *opco.Priorite)) *opco.Priorite { p := base; f(&p); return &p }
	for _, tt := range []struct {
		nom     string
		p       opco.Priorite
		suivant *opco.Priorite
		jour    opco.Date
		veut    string
	}{
		{"a deadline", base, avec(func(p *opco.Priorite) { p.Limite = "2026-05-28" }), "2026-05-18", "Réponse due le 21 mai 2026, dans 3 jours ouvrés, le délai légal le plus proche de la file."},
		{"tomorrow", base, avec(func(p *opco.Priorite) { p.Limite = "2026-05-28" }), "2026-05-20", "Réponse due le 21 mai 2026 au plus tard, le délai légal le plus proche de la file."},
		{"tonight", base, avec(func(p *opco.Priorite) { p.Limite = "" }), "2026-05-21", "Réponse due ce soir, le délai légal le plus proche de la file."},
		{"passed", base, avec(func(p *opco.Priorite) { p.Limite = "" }), "2026-05-22", "Le délai légal est dépassé depuis le 21 mai 2026 : répondez maintenant."},
		{"alone", base, nil, "2026-05-18", "Réponse due le 21 mai 2026, dans 3 jours ouvrés, son délai légal. C’est le seul à prendre."},
		{"alone without a deadline", opco.Priorite{}, nil, "2026-05-18", "C’est le seul à prendre."},
		{"the start", base, avec(func(p *opco.Priorite) { p.Debut = "2026-06-08" }), "2026-05-18", "D’autres ont le même délai légal, le 21 mai 2026 : la formation commence le 1er juin 2026, avant celle du suivant."},
		{"the amount", base, avec(func(p *opco.Priorite) { p.Enjeu = 100 }), "2026-05-18", "D’autres ont le même délai légal, le 21 mai 2026 : c’est le plus gros montant en jeu, 14 400,00 €."},
		{"the age", base, avec(func(p *opco.Priorite) { p.Depuis = depot.Add(time.Hour) }), "2026-05-18", "D’autres ont le même délai légal, le 21 mai 2026 : c’est le plus ancien, il attend depuis le 21 mars 2026."},
		{"the age without a deadline", opco.Priorite{Depuis: depot}, &opco.Priorite{Depuis: depot.Add(time.Hour)}, "2026-05-18", "Aucun délai légal ne court : c’est le plus ancien, il attend depuis le 21 mars 2026."},
	} {
		if got := strings.ReplaceAll(tt.p.Pourquoi(tt.suivant, tt.jour, sansWeekend{}), "\u00a0", " "); got != tt.veut {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.nom, got, tt.veut)
		}
	}
}

func TestJoursOuvresEntre(t *testing.T) {
	for _, tt := range []struct {
		du, au opco.Date
		veut   int
	}{
		{"2026-05-18", "2026-05-18", 0}, {"2026-05-18", "2026-05-21", 3}, {"2026-05-22", "2026-05-25", 1}, {"2026-05-25", "2026-05-22", -1},
		{"2026-05-24", "2026-05-23", -1}, // passed on a Sunday is passed all the same
	} {
		if got := opco.JoursOuvresEntre(tt.du, tt.au, sansWeekend{}); got != tt.veut {
			t.Errorf("%s to %s: got %d, want %d", tt.du, tt.au, got, tt.veut)
		}
	}
	p := opco.ParametresDefaut().File
	for n, veut := range map[int]opco.Pression{-2: opco.PressionHaute, 3: opco.PressionHaute, 4: opco.PressionMoyenne, 10: opco.PressionMoyenne, 11: opco.PressionBasse} {
		if got := p.PressionDe(n); got != veut {
			t.Errorf("%d days: got %s, want %s", n, got, veut)
		}
	}
}

func TestPriseReprendre(t *testing.T) {
	debut := time.Date(2026, 5, 20, 8, 12, 0, 0, time.UTC)
	p := opco.Prise{Par: opco.Acteur{Personne: "claire", Nom: "Claire Morin", Role: opco.RoleGestionnaire}, Depuis: debut, Expire: debut.Add(30 * time.Minute)}
	ges := func(personne, pour string) opco.Acteur {
		return opco.Acteur{Personne: personne, Pour: pour, Role: opco.RoleGestionnaire}
	}
	for _, tt := range []struct {
		nom   string
		par   opco.Acteur
		apres time.Duration
		refus bool
	}{
		{"somebody else", ges("hugo", ""), time.Minute, true},
		{"its holder", ges("claire", ""), time.Minute, false},
		{"who stands in for its holder", ges("hugo", "claire"), time.Minute, false},
		{"a responsable", opco.Acteur{Personne: "res", Role: opco.RoleResponsable}, time.Minute, false},
		{"somebody else at the last second", ges("hugo", ""), 30*time.Minute - time.Second, true},
		{"somebody else once it has ended", ges("hugo", ""), 30 * time.Minute, false},
	} {
		err := p.Reprendre(tt.par, debut.Add(tt.apres))
		if (err != nil) != tt.refus {
			t.Errorf("%s: got %v, want a refusal: %t", tt.nom, err, tt.refus)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "Claire Morin étudie ce dossier depuis 10 h 12.") {
			t.Errorf("%s: got %q", tt.nom, err)
		}
	}
	if got := p.Dit(debut.Add(48 * time.Hour)); got != "Claire Morin l’étudie depuis le 20 mai 2026 à 10 h 12." {
		t.Errorf("got %q", got)
	}
}

func TestAttenteValider(t *testing.T) {
	p := opco.ParametresDefaut().File
	for _, tt := range []struct {
		nom    string
		a      opco.Attente
		limite opco.Date
		champ  string
	}{
		{"a day and its reason", opco.Attente{JusquAu: "2026-05-25", Raison: "Devis attendu"}, "2026-06-10", ""},
		{"until the last day", opco.Attente{JusquAu: "2026-06-10", Raison: "x"}, "2026-06-10", ""},
		{"beyond the deadline", opco.Attente{JusquAu: "2026-06-11", Raison: "x"}, "2026-06-10", "jusqu_au"},
		{"a deadline that has passed", opco.Attente{JusquAu: "2026-05-21", Raison: "x"}, "2026-05-19", "jusqu_au"},
		{"no deadline", opco.Attente{JusquAu: "2026-08-18", Raison: "x"}, "", ""},
		{"too long", opco.Attente{JusquAu: "2026-08-19", Raison: "x"}, "", "jusqu_au"},
		{"today", opco.Attente{JusquAu: "2026-05-20", Raison: "x"}, "", "jusqu_au"},
		{"no day", opco.Attente{Raison: "x"}, "", "jusqu_au"},
		{"no reason", opco.Attente{JusquAu: "2026-05-25"}, "", "raison"},
		{"too long a reason", opco.Attente{JusquAu: "2026-05-25", Raison: strings.Repeat("a", 501)}, "", "raison"},
	} {
		err := tt.a.Valider("2026-05-20", tt.limite, p)
		champ := ""
		if e, ok := err.(*opco.Error); ok { //nolint:errorlint // made by the rule itself
			champ = e.Champ
		}
		if champ != tt.champ {
			t.Errorf("%s: got %v, want a fault on %q", tt.nom, err, tt.champ)
		}
	}
	if got := (opco.Attente{JusquAu: "2026-05-25"}).Reveil(p); !got.Equal(time.Date(2026, 5, 25, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("it comes back at %s, want 08:00 in Paris", got)
	}
}

func TestParsePortefeuille(t *testing.T) {
	for _, tt := range []struct {
		idcc, dep, siren string
		veut             opco.Portefeuille
		champ            string
	}{
		{"1486", "", "", opco.Portefeuille{IDCC: "1486"}, ""},
		{"438", "2a", "", opco.Portefeuille{IDCC: "0438", Departement: "2A"}, ""},
		{"", " 974 ", "999 001 019", opco.Portefeuille{Departement: "974", SIREN: "999001019"}, ""},
		{"", "", "", opco.Portefeuille{}, "idcc"}, {"12345", "", "", opco.Portefeuille{}, "idcc"}, {"", "20", "", opco.Portefeuille{}, "departement"},
		{"", "96", "", opco.Portefeuille{}, "departement"}, {"", "", "123", opco.Portefeuille{}, "siren"},
	} {
		got, err := opco.ParsePortefeuille(tt.idcc, tt.dep, tt.siren)
		champ := ""
		if e, ok := err.(*opco.Error); ok { //nolint:errorlint // made by the rule itself
			champ = e.Champ
		}
		if champ != tt.champ || err == nil && got != tt.veut {
			t.Errorf("%q %q %q: got %+v and %v", tt.idcc, tt.dep, tt.siren, got, err)
		}
	}
	for cp, veut := range map[string]string{"31000": "31", "20000": "2A", "20200": "2B", "97400": "974", "01000": "01", "3100": "", "": ""} {
		if got := opco.DepartementDe(cp); got != veut {
			t.Errorf("%s: got %q, want %q", cp, got, veut)
		}
	}
}
