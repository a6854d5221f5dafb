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
	enLot    map[string]bool // règlements that a batch holds
	indus    []*opco.Indu
	boite    []opco.SuiteIndu // what debts have been told and have not heard yet
	actes    int
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
// compensation: what compenser and solderSansBanque do is not tried here.
func TestAppliquerTientSesPromesses(t *testing.T) {
	suites, actes, debut := 0, 0, time.Now()
	rapid.Check(t, func(t *rapid.T) {
		m := ouvrirMonde(t)
		for range 1 + hasard(t, "longueur", 120) {
			m.agir()
		}
		m.livrer(len(m.boite))
		m.verifierRetenues()
		for _, s := range m.suivis {
			m.rejouer(s)
		}
		suites++
		actes += m.actes
	})
	ecoule := time.Since(debut).Seconds()
	t.Logf("%d sequences, %.0f a second; %.0f steps a second", suites, float64(suites)/ecoule, float64(actes)/ecoule)
}

func ouvrirMonde(t *rapid.T) *monde {
	m := &monde{t: t, le: opco.Date("2026-03-02").Heure(10, 0), enLot: map[string]bool{}, soldes: map[string]opco.Montant{},
		dotation: map[string]opco.Montant{
			"mutualise": []opco.Montant{0, 120_000, 600_000, 2_500_000}[hasard(t, "mutualise", 4)],
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

// verifier checks what must be true after each step.
func (m *monde) verifier(s *suivi, a opco.Acte) {
	d := s.d
	lu, un := copier(d)
	if _, deux := copier(lu); !bytes.Equal(un, deux) {
		m.t.Fatalf("JSON is not an identity:\n%s\n%s", un, deux)
	}
	for e, dotation := range m.dotation {
		total := m.soldes[e+" ENVELOPPE "]
		for _, x := range m.suivis {
			total += m.compte(x.d.ID, e, opco.LivreEngage) + m.servi(x.d.ID, e) + m.compte(x.d.ID, e, opco.LivreTropPercu) +
				m.compte(x.d.ID, e, opco.LivreIndu)
		}
		total += m.soldes[e+" SOURCE "] + dotation // what came back after the end of its year
		if total != dotation {
			m.t.Fatalf("envelope %s holds %s of %s after %s", e, total, dotation, a.Type)
		}
		if got, want := fondsDe(d.Engagements, e), m.compte(d.ID, e, opco.LivreEngage); got != want {
			m.t.Fatalf("%s engaged on %s, the ledger has %s after %s", got, e, want, a.Type)
		}
		if got, want := fondsDe(d.Acceptes, e), m.servi(d.ID, e); got != want {
			m.t.Fatalf("%s accepted on %s, the ledger has %s after %s", got, e, want, a.Type)
		}
		var paye opco.Montant
		for _, r := range d.Reglements {
			if r.Etat == opco.ReglementExecute {
				paye += fondsDe(r.Parts, e)
			}
		}
		if got := m.compte(d.ID, e, opco.LivrePaye); got != paye {
			m.t.Fatalf("%s paid on %s, the ledger has %s after %s", paye, e, got, a.Type)
		}
	}
	m.verifierMontants(d)
	m.verifierSuites(d, a)
}

// histoire writes what a dossier went through, to read a failure.
func (s *suivi) histoire() string {
	var b bytes.Buffer
	for _, p := range s.pas {
		fmt.Fprintf(&b, "\n%s %s by %s %s", p.a.Le.In(opco.Paris).Format("2006-01-02 15:04"), p.a.Type, p.a.Par.Role, p.a.Charge)
	}
	return b.String()
}

func (m *monde) compte(dossier, e string, c opco.CompteLivre) opco.Montant {
	return m.soldes[e+" "+string(c)+" "+dossier]
}

// servi is the money of a dossier past the service fait.
func (m *monde) servi(dossier, e string) opco.Montant {
	return m.compte(dossier, e, opco.LivreServiceFait) + m.compte(dossier, e, opco.LivreOrdonnance) + m.compte(dossier, e, opco.LivrePaye)
}

func (m *monde) verifierMontants(d *opco.Dossier) {
	r := d.Resume()
	if r.Accorde > r.Demande || r.Engage+r.Accepte > r.Accorde || r.Paye > r.Accepte || r.Engage < 0 || r.Accepte < 0 {
		m.t.Fatalf("asked %s, granted %s, engaged %s, accepted %s, paid %s", r.Demande, r.Accorde, r.Engage, r.Accepte, r.Paye)
	}
	if x := d.Decision; x != nil {
		var lignes opco.Montant
		for _, l := range x.Lignes {
			lignes += l.Accorde
		}
		if opco.Somme(x.Fonds) != x.Accorde || lignes != x.Accorde || x.Demande-x.Accorde != x.ResteACharge {
			m.t.Fatalf("decision of %s: lines %s, funds %s, reste à charge %s", x.Accorde, lignes, opco.Somme(x.Fonds), x.ResteACharge)
		}
	}
	var approuve, vivants opco.Montant
	parFacture := map[string]int{}
	for _, x := range d.Reglements {
		if x.Etat.Vivant() {
			parFacture[x.Facture]++
			vivants += x.Montant + x.Compense()
		}
		if x.Montant < 0 || x.Montant == 0 && x.Etat != opco.ReglementExecute || opco.Somme(x.Parts) != x.Montant+x.Compense() || parFacture[x.Facture] > 1 {
			m.t.Fatalf("règlement %+v, %d living for its invoice", x, parFacture[x.Facture])
		}
	}
	for _, f := range d.Factures {
		if f.Etat.Approuve() {
			approuve += f.APayer()
		}
		if opco.Somme(f.Parts) != f.APayer() || f.Impute < 0 || f.Impute > f.Approuve || f.Approuve+f.TotalAvoirs() > f.TotalHT && f.Etat != opco.FactureAnnuleeParAvoir {
			m.t.Fatalf("invoice of %s approved for %s with avoirs of %s, parts %v", f.TotalHT, f.Approuve, f.TotalAvoirs(), f.Parts)
		}
	}
	for _, i := range d.Indus {
		if !i.Annule {
			approuve += i.Montant // it left, and is to come back
		}
	}
	if approuve != r.Accepte || vivants > r.Accepte {
		m.t.Fatalf("invoices approved for %s, accepted %s, règlements of %s", approuve, r.Accepte, vivants)
	}
}

// verifierSuites checks that nothing is left behind: money, invoices, délais.
func (m *monde) verifierSuites(d *opco.Dossier, a opco.Acte) {
	vus := map[string]bool{}
	for _, e := range d.Echeances {
		cle := string(e.Type) + e.Code
		if e.Le.Before(a.Le) || e.Effet == "" || vus[cle] {
			m.t.Fatalf("échéance %+v after %s at %s", e, a.Type, a.Le)
		}
		vus[cle] = true
	}
	if !slices.IsSortedFunc(d.Echeances, func(x, y opco.Echeance) int { return x.Le.Compare(y.Le) }) {
		m.t.Fatalf("échéances out of order: %+v", d.Echeances)
	}
	if d.Etat.Final() && (len(d.Engagements) > 0 || len(d.Echeances) > 0) {
		m.t.Fatalf("%s keeps %s engaged and %d échéances", string(d.Etat), opco.Somme(d.Engagements), len(d.Echeances))
	}
	for _, f := range d.Factures {
		switch {
		case f.Etat == opco.FactureSuspendue && !slices.ContainsFunc(d.Echeances, func(e opco.Echeance) bool {
			return e.Code == "facture_"+f.ID
		}):
			m.t.Fatalf("invoice %s is suspended for ever in %s", f.Numero, string(d.Etat))
		case d.Etat.Final() && f.Etat.Ouverte():
			m.t.Fatalf("invoice %s is « %s » in a dossier %s", f.Numero, f.Etat, string(d.Etat))
		case (f.Etat == opco.FactureApprouvee || f.Etat == opco.FactureApprouveePartiel) && d.Etat != opco.EtatEnReglement:
			m.t.Fatalf("invoice %s is to be paid in a dossier %s, where no bank answer is taken", f.Numero, string(d.Etat))
		}
	}
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
