package opco_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/opco"
)

// monde drives dossiers of one company through Appliquer as the store does, with
// a clock, a ledger and a bank of its own, and nothing that can be slow.
type monde struct {
	t        *rapid.T
	le       time.Time
	dotation map[string]opco.Montant
	soldes   map[string]opco.Montant // "enveloppe compte dossier"
	suivis   []*suivi
	enLot    map[string]opco.Montant // règlements that a batch holds, and what it transfers
	indus    []*opco.Indu
	boite    []opco.SuiteIndu // what debts have been told and have not heard yet
	actes    int
	juste    bool           // nobody makes a mistake for now
	endette  bool           // all is paid to one organisme, and more dossiers are opened
	vus      map[string]int // what happened, to see that it was tried
}

// suivi is one dossier and every step it went through.
type suivi struct {
	d    *opco.Dossier
	neuf []byte // the dossier before its first step
	pas  []etapeJouee
}

type etapeJouee struct {
	a   opco.Acte
	ech *opco.Echeance
	f   opco.Faits
}

var (
	actEnt  = opco.Acteur{Personne: "p-ent", Nom: "Rose", Role: opco.RoleEntreprise}
	actOF   = opco.Acteur{Personne: "p-of", Nom: "Omar", Role: opco.RoleOrganisme}
	actGes  = opco.Acteur{Personne: "p-ges", Nom: "Gaëlle", Role: opco.RoleGestionnaire}
	actRes  = opco.Acteur{Personne: "p-res", Nom: "Rémi", Role: opco.RoleResponsable}
	actRes2 = opco.Acteur{Personne: "p-res2", Nom: "Ines", Role: opco.RoleResponsable}
	actCpt  = opco.Acteur{Personne: "p-cpt", Nom: "Céline", Role: opco.RoleComptable}
)

// Whatever people, délais and the bank do, in whatever order: no forbidden edge,
// no cent lost or made, at most one living règlement per invoice, nothing engaged
// in a dossier that is over, and the journal folds to the state.
//
// Mutants killed here: constater releases without DEGAGEMENT; constater keeps what it releases
// engaged; approuver posts no SERVICE_FAIT; approuver keeps what it accepts engaged; approuver
// accepts nothing; approuver pays before the awaited avoir; mettreEnPaiement reuses the rank;
// representer pays an invoice that has a living règlement. It hardly ever draws a
// compensation: TestCompenserTientSesPromesses does.
func TestAppliquerTientSesPromesses(t *testing.T) {
	suites, actes, debut := 0, 0, time.Now()
	rapid.Check(t, func(t *rapid.T) {
		m := ouvrirMonde(t, 0, 120_000, 600_000, 2_500_000)
		m.derouler(1+hasard(t, "longueur", 120), "suite", "suite", "suite", "suite", "suite", "suite", "acte", "acte", "acte",
			"temps", "banque", "banque", "indu", "indu", "hasard", "neuf")
		suites++
		actes += m.actes
	})
	ecoule := time.Since(debut).Seconds()
	t.Logf("%d sequences, %.0f a second; %.0f steps a second", suites, float64(suites)/ecoule, float64(actes)/ecoule)
}

// derouler has n things happen, drawn among choix, then sees that nothing waits and that
// every journal folds to its dossier.
func (m *monde) derouler(n int, choix ...string) {
	for range n {
		m.agir(choix...)
	}
	m.livrer(len(m.boite))
	m.verifierRetenues()
	for _, s := range m.suivis {
		m.rejouer(s)
	}
}

// ouvrirMonde has no dossier yet, and one of dotations to spend.
func ouvrirMonde(t *rapid.T, dotations ...opco.Montant) *monde {
	m := &monde{t: t, le: opco.Date("2026-03-02").Heure(10, 0), enLot: map[string]opco.Montant{}, soldes: map[string]opco.Montant{},
		dotation: map[string]opco.Montant{
			"mutualise": dotations[hasard(t, "mutualise", len(dotations))],
			"vv":        []opco.Montant{0, 100_000}[hasard(t, "vv", 2)]}}
	for e, d := range m.dotation {
		m.soldes[e+" SOURCE "], m.soldes[e+" ENVELOPPE "] = -d, d
	}
	return m
}

func (m *monde) faits(le time.Time) opco.Faits {
	b, _ := opco.ChoisirBareme(opco.BaremeTest2026(), "2691", 9, "2026-05-01")
	f := lesFaits()
	f.Le, f.Calendrier, f.Bareme, f.NouveauNumero = le, semaine{}, b, fmt.Sprintf("AF26-%06d", len(m.suivis))
	f.Entreprise = opco.Entreprise{SIREN: siretE1.SIREN(), Nom: "École Les Tilleuls", IDCC: "2691", Effectif: 9, Adherente: true, AJour: true, IBAN: ibanE1}
	f.Organisme.NDA, f.Organisme.SubrogationAutorisee = "11756099975", true
	f.Fonds = []opco.Fonds{{Enveloppe: "mutualise", Code: "MUTUALISE", Disponible: m.soldes["mutualise ENVELOPPE "]},
		{Enveloppe: "vv", Code: "VV", Disponible: m.soldes["vv ENVELOPPE "]}}
	for id := range m.enLot {
		f.EnLot = append(f.EnLot, id)
	}
	slices.Sort(f.EnLot)
	for _, i := range m.indus {
		pris, rendu := m.enCours(i.ID)
		f.Indus = append(f.Indus, opco.InduDisponible{Indu: *i, Disponible: i.Reste() - pris + rendu})
	}
	return f
}

// semaine knows week-ends and no holiday.
type semaine struct{}

func (semaine) Ouvre(d opco.Date) bool {
	j := d.Minuit().In(opco.Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

func copier(d *opco.Dossier) (*opco.Dossier, []byte) {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	var c opco.Dossier
	if err := json.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return &c, b
}

// jouer applies a step, and reports whether it was accepted.
func (m *monde) jouer(s *suivi, a opco.Acte, ech *opco.Echeance) bool {
	f := m.faits(a.Le)
	f.InduOuvert = slices.ContainsFunc(f.Indus, func(i opco.InduDisponible) bool { return i.Dossier == s.d.ID && !i.Etat.Final() })
	apres, avant := copier(s.d)
	e, err := apres.Appliquer(a, ech, f)
	m.actes++
	defer func() {
		if m.t.Failed() {
			m.t.Logf("dossier %s: %s", s.d.ID, s.histoire())
		}
	}()
	var refus *opco.Error
	if errors.As(err, &refus) {
		m.refuse(s, a, ech, refus, avant)
		return false
	}
	if err != nil {
		m.t.Fatalf("%s in %s would be tried for ever: %v", a.Type, string(s.d.Etat), err)
	}
	code, ok := opco.Passe(s.d.Etat, a.Type, apres.Etat)
	if !ok || code != e.Code || e.Phrase == "" {
		m.t.Fatalf("%s: %s → %s, code %q, phrase %q", a.Type, string(s.d.Etat), string(apres.Etat), e.Code, e.Phrase)
	}
	for _, x := range e.Mouvements {
		m.mouvoir(apres.ID, x)
	}
	if m.vus != nil {
		m.compter(s.d, apres, a, e)
	}
	s.d = apres
	m.suivreIndus(e)
	s.pas = append(s.pas, etapeJouee{a, ech, f})
	m.verifier(s, a)
	return true
}

// refuse checks a refusal: a French sentence for its author, nothing changed. A
// délai and a bank fact are never refused: nobody would read the sentence.
func (m *monde) refuse(s *suivi, a opco.Acte, ech *opco.Echeance, refus *opco.Error, avant []byte) {
	if refus.Message == "" || opco.KindOf(refus) == "" {
		m.t.Fatalf("%s refused without a sentence: %+v", a.Type, refus)
	}
	if ech != nil || a.Par.Role == opco.RoleBanque {
		m.t.Fatalf("%s %+v in %s refused: %s", a.Type, ech, string(s.d.Etat), refus.Message)
	}
	if _, b := copier(s.d); !bytes.Equal(avant, b) {
		m.t.Fatalf("%s was refused and changed the dossier", a.Type)
	}
}

func (m *monde) mouvoir(dossier string, x opco.Mouvement) {
	de, vers := x.Type.Comptes()
	cle := func(c opco.CompteLivre) string {
		if c == opco.LivreSource || c == opco.LivreEnveloppe {
			return x.Enveloppe + " " + string(c) + " "
		}
		return x.Enveloppe + " " + string(c) + " " + dossier
	}
	if x.Montant <= 0 {
		m.t.Fatalf("mouvement %+v", x)
	}
	m.soldes[cle(de)] -= x.Montant
	m.soldes[cle(vers)] += x.Montant
	if de != opco.LivreSource && de != opco.LivreTropPercu && m.soldes[cle(de)] < 0 {
		m.t.Fatalf("%s goes down to %s", cle(de), m.soldes[cle(de)])
	}
}

// histoire writes what a dossier went through, to read a failure.
func (s *suivi) histoire() string {
	var b bytes.Buffer
	for _, p := range s.pas {
		fmt.Fprintf(&b, "\n%s %s by %s %s", p.a.Le.In(opco.Paris).Format("2006-01-02 15:04"), p.a.Type, p.a.Par.Role, p.a.Charge)
	}
	return b.String()
}

// rejouer applies every step again from the beginning: the journal folds to the
// same state.
func (m *monde) rejouer(s *suivi) {
	var d opco.Dossier
	if err := json.Unmarshal(s.neuf, &d); err != nil {
		m.t.Fatal(err)
	}
	for _, p := range s.pas {
		if _, err := d.Appliquer(p.a, p.ech, p.f); err != nil {
			m.t.Fatalf("replaying %s: %v", p.a.Type, err)
		}
		lu, _ := copier(&d)
		d = *lu
	}
	_, got := copier(&d)
	if _, want := copier(s.d); !bytes.Equal(got, want) {
		m.t.Fatalf("the journal folds to\n%s\nthe state is\n%s", got, want)
	}
}

// avancer lets time pass; the échéances that come on the way are applied in
// order, each at its instant.
func (m *monde) avancer(jusque time.Time) {
	for range 200 {
		var s *suivi
		for _, x := range m.suivis {
			if len(x.d.Echeances) > 0 && !x.d.Echeances[0].Le.After(jusque) && (s == nil || x.d.Echeances[0].Le.Before(s.d.Echeances[0].Le)) {
				s = x
			}
		}
		if s == nil {
			m.le = jusque
			return
		}
		e := s.d.Echeances[0]
		m.jouer(s, opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, &e)
	}
	m.t.Fatalf("échéances come for ever until %s", jusque)
}
