package opco_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guichet/opco"
)

// Every cause is said whole: what, why, who waits, what is safe to do.
func TestEachCauseIsSaid(t *testing.T) {
	vus := map[string]opco.Cause{}
	for _, c := range opco.Causes() {
		if autre, deja := vus[c.Code()]; deja {
			t.Fatalf("%+v and %+v share a code", c, autre)
		}
		vus[c.Code()] = c
		d := c.Dire()
		if d.Titre == "" || strings.HasSuffix(d.Titre, ".") || utf8.RuneCountInString(d.Titre) > 80 {
			t.Errorf("%+v is entitled %q", c, d.Titre)
		}
		for _, p := range []string{d.Pourquoi, d.Effet, d.Conseil} {
			if !strings.HasSuffix(p, ".") || utf8.RuneCountInString(p) > 260 {
				t.Errorf("%+v says %q", c, p)
			}
			for _, mot := range []string{"euillez", "rreur", " !", "'"} {
				if strings.Contains(p, mot) {
					t.Errorf("%+v says %q: never %q", c, p, mot)
				}
			}
		}
		switch d.Gravite {
		case opco.GraviteArret, opco.GraviteRetard, opco.GraviteAttention:
		default:
			t.Errorf("%+v has the degree %q", c, d.Gravite)
		}
	}
	if len(vus) < 200 {
		t.Errorf("only %d causes were looked at", len(vus))
	}
	natures := map[opco.NatureIncident]bool{}
	for _, c := range vus {
		natures[c.Nature] = true
	}
	for _, n := range opco.NaturesIncident() {
		if !natures[n] {
			t.Errorf("no deed is of nature %q", n)
		}
	}
}

// The advice never sends a bank file again blindly, and never decides in place of others.
func TestTheAdviceIsSafe(t *testing.T) {
	for _, c := range opco.Causes() {
		d := c.Dire()
		if c.Nature == opco.IncidentBanque && (!strings.Contains(d.Conseil, "Ne renvoyez jamais") || strings.Contains(d.Conseil, "éessay")) {
			t.Errorf("a mute bank is answered by %q", d.Conseil)
		}
		if c.Nature == opco.IncidentControle && c.Activite == "suspension" && !strings.Contains(d.Conseil, "contrôleur") {
			t.Errorf("a suspension is answered by %q", d.Conseil)
		}
	}
}

func TestAnAnswerHasItsClass(t *testing.T) {
	for _, tt := range []struct {
		dit  string
		want opco.Classe
	}{
		{"", opco.ClasseTue},
		{"  ", opco.ClasseTue},
		{"sending mail m1: dial tcp 127.0.0.1:25: connect: connection refused", opco.ClasseInjoignable},
		{"421 4.7.0 too many connections from your host", opco.ClasseLimite},
		{"550 5.1.1 <inconnu@exemple.fr>: Recipient address rejected: User unknown", opco.ClasseRefus},
		{"535 5.7.8 authentication failed", opco.ClasseAcces},
		{"write /var/banque/L26.xml: no space left on device", opco.ClasseDisque},
		{`pq: new row for relation "solde" violates check constraint "solde_positif"`, opco.ClasseContrainte},
		{"[TMPRL1100] nondeterministic workflow: extra replay command", opco.ClasseProgramme},
		{"panic: runtime error: index out of range [3] with length 3", opco.ClasseProgramme},
		{"unable to decode argument: json: cannot unmarshal string into Go value", opco.ClasseDonnee},
		{"Ce courrier ne peut pas être relu : il n’est pas parti.", opco.ClasseDonnee},
		{"context deadline exceeded", opco.ClasseInjoignable},
		{"quelque chose de jamais vu", opco.ClasseAutre},
	} {
		if got := opco.ClasserErreur(tt.dit); got != tt.want {
			t.Errorf("ClasserErreur(%q) = %q, want %q", tt.dit, got, tt.want)
		}
	}
}

// One outage is one cause, whichever object met it; two defects are two.
func TestTheCauseOfAnIncident(t *testing.T) {
	mail := func(id, dit string) opco.Incident {
		return opco.Incident{Objet: "dossier/" + id, Activite: "courrier/" + id, Erreur: dit}
	}
	for _, tt := range []struct {
		nom  string
		a, b opco.Incident
		meme bool
	}{
		{"two mails refused by one server that is down", mail("a", "dial tcp 127.0.0.1:25: connection refused"), mail("b", "dial tcp 127.0.0.1:25: connect: connection refused (try 4)"), true},
		{"a mail refused for good, and one by an outage", mail("a", "550 user unknown"), mail("b", "connection refused"), false},
		{"the same deed, an unknown answer with other figures", opco.Incident{Activite: "Record", Erreur: "le pas 12 de 6ba7b810-9dad-11d1-80b4-00c04fd430c8 est étrange"},
			opco.Incident{Activite: "Record", Erreur: "le pas 7 de 6ba7b811-9dad-11d1-80b4-00c04fd430c8 est étrange"}, true},
		{"the same deed, two unknown answers", opco.Incident{Activite: "Record", Erreur: "une chose"}, opco.Incident{Activite: "Record", Erreur: "une autre"}, false},
		{"two lots whose bank is mute, each in its words", opco.Incident{Activite: "banque", Erreur: "6 275,00 € attendent"}, opco.Incident{Activite: "banque", Erreur: "Deux virements attendent"}, true},
		{"a class that is told wins over the words", opco.Incident{Activite: "acte", Classe: opco.ClassePersonne}, opco.Incident{Activite: "acte"}, false},
	} {
		if got := tt.a.Cause().Code() == tt.b.Cause().Code(); got != tt.meme {
			t.Errorf("%s: one cause: %v, want %v (%+v, %+v)", tt.nom, got, tt.meme, tt.a.Cause(), tt.b.Cause())
		}
	}
	if c := (opco.Incident{Activite: "courrier/12", Erreur: "connection refused"}).Cause(); c.Nature != opco.IncidentCourriel || c.Activite != "courrier" || c.Detail != "" {
		t.Errorf("got %+v", c)
	}
	if got := (opco.Incident{Activite: "Inconnue"}).Cause().Nature; got != opco.IncidentActivite {
		t.Errorf("a deed of no table is %q", got)
	}
}

// Nothing personal is kept of an answer.
func TestAnAnswerIsKeptWithoutWhatIsPersonal(t *testing.T) {
	got := opco.Epurer("550 <rose.aubertin@sorbier.example>: IBAN FR76 3000 6000 0112 3456 7890 189 de 2 84 05 75 116 005 21 inconnu")
	for _, perso := range []string{"rose", "sorbier", "3000", "0189", "116"} {
		if strings.Contains(got, perso) {
			t.Errorf("%q still says %q", got, perso)
		}
	}
	if !strings.Contains(got, "550") || !strings.Contains(got, "inconnu") {
		t.Errorf("got %q: the answer itself is lost", got)
	}
	if n := utf8.RuneCountInString(opco.Epurer(strings.Repeat("é", 2000))); n != 401 {
		t.Errorf("got %d characters", n)
	}
}

// What a case waits for is the first answer of the tree.
func TestWhatACaseWaitsFor(t *testing.T) {
	tout := opco.ReleveCas{Clos: true, MoteurMuet: true, SansOuvrier: true, ActesRecus: 1, Procedure: true, Divergence: true, Nature: opco.IncidentActivite}
	for _, tt := range []struct {
		want   opco.AttenteCas
		change func(*opco.ReleveCas)
	}{
		{opco.AttendRien, func(*opco.ReleveCas) {}},
		{opco.AttendMoteur, func(r *opco.ReleveCas) { r.Clos = false }},
		{opco.AttendProgramme, func(r *opco.ReleveCas) { r.MoteurMuet = false }},
		{opco.AttendExecutant, func(r *opco.ReleveCas) { r.Procedure = false }},
		{opco.AttendVerite, func(r *opco.ReleveCas) { r.SansOuvrier = false }},
		{opco.AttendDehors, func(r *opco.ReleveCas) { r.Divergence = false }},
		{opco.AttendReveil, func(r *opco.ReleveCas) { r.Nature = opco.IncidentActe }},
		{opco.AttendPersonne, func(r *opco.ReleveCas) { r.Nature, r.ActesRecus = opco.IncidentControle, 0 }},
	} {
		tt.change(&tout)
		if got := tout.Attend(); got != tt.want || !strings.HasSuffix(got.Phrase(), ".") {
			t.Errorf("%+v waits for %q (%q), want %q", tout, got, got.Phrase(), tt.want)
		}
	}
	if got := (opco.ReleveCas{MoteurMuet: true, Nature: opco.IncidentCourriel}).Attend(); got != opco.AttendDehors {
		t.Errorf("a mail waits for %q while the engine is away", got)
	}
}
