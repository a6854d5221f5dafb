package workflows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
	"guichet/opco"
	"guichet/workflows"
)

// memoire is a database of one dossier: it applies the rules as the store does,
// without its tables.
type memoire struct {
	mu     sync.Mutex
	d      opco.Dossier
	actes  map[string]opco.Acte
	lignes []opco.Passage
	pannes int // the next calls that fail
}

// Record applies a step once, and answers the same the second time.
func (m *memoire) Record(_ context.Context, dem opco.Demarche) (opco.Issue, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pannes > 0 {
		m.pannes--
		return opco.Issue{}, errors.New("the database is away")
	}
	if dem.Rang <= m.d.Rang {
		return opco.Issue{Rang: dem.Rang, Verdict: opco.VerdictApplique, Resume: m.d.Resume()}, nil
	}
	a := m.actes[dem.ActeID]
	if dem.Echeance != nil {
		a = opco.Acte{Type: dem.Echeance.Type, Par: opco.ActeurSysteme(), Le: dem.Echeance.Le}
	}
	avant, err := json.Marshal(m.d)
	if err != nil {
		return opco.Issue{}, err
	}
	p := opco.Passage{Rang: dem.Rang, Type: a.Type, De: m.d.Etat, Verdict: opco.VerdictApplique, Le: a.Le}
	_, err = m.d.Appliquer(a, dem.Echeance, faits(a.Le))
	var refus *opco.Error
	if errors.As(err, &refus) {
		m.d = opco.Dossier{}
		if err := json.Unmarshal(avant, &m.d); err != nil {
			return opco.Issue{}, err
		}
		p.Verdict, p.Phrase = opco.VerdictRefuse, refus.Message
	} else if err != nil {
		return opco.Issue{}, err
	}
	m.d.Rang, p.Vers = dem.Rang, m.d.Etat
	m.lignes = append(m.lignes, p)
	return opco.Issue{Rang: dem.Rang, Verdict: p.Verdict, Resume: m.d.Resume()}, nil
}

type semaine struct{}

func (semaine) Ouvre(d opco.Date) bool {
	j := d.Minuit().In(opco.Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

func faits(le time.Time) opco.Faits {
	bs := opco.BaremeTest2026()
	b, _ := opco.ChoisirBareme(bs, "1486", 7, "2026-07-20")
	return opco.Faits{Le: le, Parametres: opco.ParametresDefaut(), Calendrier: semaine{}, OPCO: "99900171200010", NouveauNumero: "AF26-000001",
		Entreprise: opco.Entreprise{SIREN: "999001019", IDCC: "1486", Effectif: 7, Adherente: true, AJour: true},
		Organisme: &opco.Organisme{SIREN: "999001365", Nom: "Formalia Synthèse", NDA: "11756099975", NDAActive: true, SubrogationAutorisee: true,
			Qualiopi: []opco.Qualiopi{{Nature: opco.NatureFormation, Du: "2024-01-01"}}},
		Bareme: b, Fonds: []opco.Fonds{{Enveloppe: "e", Code: "MUTUALISE", Disponible: 600000}}}
}

var (
	ent = opco.Acteur{Personne: "e1", Role: opco.RoleEntreprise}
	of  = opco.Acteur{Personne: "of1", Role: opco.RoleOrganisme}
	ges = opco.Acteur{Personne: "g1", Role: opco.RoleGestionnaire}
)

func demande() opco.Demande {
	return opco.Demande{Etablissement: "99900101900010", Subrogation: true, Intitule: "Sécurité", Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse", NDA: "11756099975"},
		Duree:     14 * 60, Debut: "2026-07-20", Fin: "2026-07-21", Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 120000}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Lefèvre", Prenom: "Zoé", Heures: 14 * 60}, {ID: "s2", Nom: "Martin", Prenom: "Ana", Heures: 14 * 60}}}
}

// essai runs the procedure in virtual time. Actes are sent at their instants, in
// the order of the slice; each run that continues as new is followed by the
// next, as the engine does.
type essai struct {
	t *testing.T
	m *memoire
}

type envoi struct {
	le     string // Paris
	type_  opco.TypeActe
	par    opco.Acteur
	charge any
	retard time.Duration // how late the engine hears of it
}

func commencer(t *testing.T) *essai {
	t.Helper()
	m := &memoire{d: opco.Dossier{ID: "d1", Etat: opco.EtatBrouillon, Rang: 1, Demande: demande()}, actes: map[string]opco.Acte{}}
	return &essai{t, m}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	le, err := time.ParseInLocation("2006-01-02 15:04:05", s, opco.Paris)
	if err != nil {
		t.Fatal(err)
	}
	return le.UTC()
}

// jouer sends the actes and follows the runs until the dossier ends or the
// virtual clock reaches fin.
func (e *essai) jouer(envois []envoi, fin string) opco.Etat {
	e.t.Helper()
	debut := instant(e.t, envois[0].le)
	var messages []workflows.Message
	for i, x := range envois {
		b, err := json.Marshal(x.charge)
		if err != nil {
			e.t.Fatal(err)
		}
		id := fmt.Sprintf("a%d", i+1)
		le := instant(e.t, x.le)
		e.m.actes[id] = opco.Acte{ID: id, Seq: int64(i + 1), Type: x.type_, Par: x.par, Le: le, Charge: b}
		messages = append(messages, workflows.Message{Seq: int64(i + 1), ID: id, Type: x.type_, Le: le})
	}
	s := workflows.Suite{Depart: opco.Depart{Objet: "dossier/d1", Rang: 1, Prochain: 1, Resume: e.m.d.Resume()}}
	maintenant, limite := debut, instant(e.t, fin)
	for range 40 {
		env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
		env.SetTestTimeout(20 * time.Second)
		env.SetStartTime(maintenant)
		env.RegisterWorkflow(workflows.Dossier)
		env.RegisterActivity(&activities.Journal{Memoire: e.m})
		for i, m := range messages {
			if m.Seq < s.Depart.Prochain {
				continue
			}
			apres := max(m.Le.Add(envois[i].retard).Sub(maintenant), 0)
			env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.SignalActe, m) }, apres)
		}
		env.RegisterDelayedCallback(env.CancelWorkflow, max(limite.Sub(maintenant), time.Second))
		env.ExecuteWorkflow(workflows.Dossier, s)
		var can *workflow.ContinueAsNewError
		err := env.GetWorkflowError()
		if !errors.As(err, &can) {
			var annule *temporal.CanceledError
			if err != nil && !errors.As(err, &annule) {
				e.t.Fatalf("the procedure failed: %v", err)
			}
			return e.m.d.Etat
		}
		maintenant = env.Now()
		suivante := workflows.Suite{}
		if err := json.Unmarshal(can.Input.GetPayloads()[0].GetData(), &suivante); err != nil {
			e.t.Fatal(err)
		}
		s = suivante
	}
	e.t.Fatal("the procedure continues as new for ever")
	return ""
}

// jours is the journal as « acte état jour ».
func (e *essai) journal() []string {
	var ls []string
	for _, p := range e.m.lignes {
		ls = append(ls, fmt.Sprintf("%s %s %s", p.Type, string(p.Vers), p.Le.In(opco.Paris).Format("2006-01-02 15:04")))
	}
	return ls
}

func (e *essai) verifier(want ...string) {
	e.t.Helper()
	got := e.journal()
	if len(got) != len(want) {
		e.t.Fatalf("got %d lines:\n%v\nwant %d:\n%v", len(got), got, len(want), want)
	}
	for i := range want {
		if got[i] != want[i] {
			e.t.Errorf("line %d: got %q, want %q", i+1, got[i], want[i])
		}
	}
}

var (
	depot      = opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}}
	complement = opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{
		{Type: opco.PieceProgramme, Motif: opco.MotifManquante}, {Type: opco.PieceConvention, Motif: opco.MotifManquante}}}
	jointes = opco.ChargeJoindre{Pieces: []opco.Piece{{ID: "p1", Type: opco.PieceProgramme, Etat: opco.PieceRecue},
		{ID: "p2", Type: opco.PieceConvention, Etat: opco.PieceRecue}}}
)

// S06 on the engine's clock: relances at 08:00, the end at 24:00 of J+30.
func TestComplementDelays(t *testing.T) {
	e := commencer(t)
	e.jouer([]envoi{
		{le: "2026-06-01 09:00:00", type_: opco.ActeDeposer, par: ent, charge: depot},
		{le: "2026-06-02 10:00:00", type_: opco.ActeDemanderComplement, par: ges, charge: complement},
	}, "2026-08-01 00:00:00")
	e.verifier(
		"deposer TRANSMISE 2026-06-01 09:00",
		"demander_complement A_COMPLETER 2026-06-02 10:00",
		"relancer A_COMPLETER 2026-06-12 08:00",
		"alerter A_COMPLETER 2026-06-15 08:00",
		"relancer A_COMPLETER 2026-06-22 08:00",
		"classer_sans_suite SANS_SUITE 2026-07-03 00:00",
	)
}

// The délais of the whole life of a dossier that nobody sends papers for: start,
// end, three rappels, forclusion at six months, confirmed by a gestionnaire.
func TestRealisationAndForclusion(t *testing.T) {
	e := commencer(t)
	e.m.pannes = 60
	e.jouer([]envoi{
		{le: "2026-06-01 09:00:00", type_: opco.ActeDeposer, par: ent, charge: depot},
		{le: "2026-06-02 10:00:00", type_: opco.ActeDemanderComplement, par: ges, charge: complement},
		{le: "2026-06-03 10:00:00", type_: opco.ActeJoindre, par: ent, charge: jointes},
		{le: "2026-06-04 10:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{}},
		{le: "2027-01-25 10:00:00", type_: opco.ActeConfirmerForclusion, par: ges, charge: opco.ChargeRaison{}},
	}, "2027-06-01 00:00:00")
	e.verifier(
		"deposer TRANSMISE 2026-06-01 09:00",
		"demander_complement A_COMPLETER 2026-06-02 10:00",
		"joindre EN_INSTRUCTION 2026-06-03 10:00",
		"decider ACCORDEE 2026-06-04 10:00",
		"demarrer EN_REALISATION 2026-07-20 00:00",
		"terminer ATTENTE_SERVICE_FAIT 2026-07-22 00:00",
		"relancer ATTENTE_SERVICE_FAIT 2026-08-05 08:00",
		"relancer ATTENTE_SERVICE_FAIT 2026-09-04 08:00",
		"relancer ATTENTE_SERVICE_FAIT 2026-10-04 08:00",
		"forclore ATTENTE_SERVICE_FAIT 2027-01-22 00:00",
		"confirmer_forclusion CLOTUREE 2027-01-25 10:00",
	)
	if got := opco.Somme(e.m.d.Engagements); got != 0 {
		t.Errorf("%s still engaged after the forclusion", got)
	}
}

// Messages that come out of order are applied in their order; two that decide at
// the same instant leave one decision and one visible refusal.
func TestOrderAndConflict(t *testing.T) {
	e := commencer(t)
	e.jouer([]envoi{
		{le: "2026-06-01 09:00:00", type_: opco.ActeDeposer, par: ent, charge: depot, retard: 3 * time.Hour},
		{le: "2026-06-01 10:00:00", type_: opco.ActeDemanderComplement, par: ges, charge: complement},
		{le: "2026-06-01 10:30:00", type_: opco.ActeJoindre, par: ent, charge: jointes},
		{le: "2026-06-01 11:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{}, retard: time.Minute},
		{le: "2026-06-01 11:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{}},
	}, "2026-06-02 00:00:00")
	e.verifier(
		"deposer TRANSMISE 2026-06-01 09:00",
		"demander_complement A_COMPLETER 2026-06-01 10:00",
		"joindre EN_INSTRUCTION 2026-06-01 10:30",
		"decider ACCORDEE 2026-06-01 11:00",
		"decider ACCORDEE 2026-06-01 11:00",
	)
	if v := e.m.lignes[4].Verdict; v != opco.VerdictRefuse {
		t.Errorf("got %s for the second decision, want refuse", v)
	}
}

// From the service fait to the clôture: thirty quiet days after the payment.
func TestPaymentAndCloture(t *testing.T) {
	e := commencer(t)
	certs := opco.ChargeCertifier{}
	for _, s := range demande().Stagiaires {
		certs.Certificats = append(certs.Certificats, opco.Certificat{ID: s.ID, Nom: s.Nom, Prenom: s.Prenom, Intitule: "Sécurité",
			Nature: opco.NatureFormation, Du: "2026-07-20", Au: "2026-07-21", Heures: 14 * 60, Emetteur: "99900136500017", Signe: true, SigneLe: "2026-07-22"})
	}
	f := opco.Facture{ID: "f1", Numero: "F-1", Emetteur: "99900136500017", Destinataire: "99900171200010", Date: "2026-07-22",
		ReferenceDossier: "AF26-000001", Lignes: []opco.LigneFacture{{Ligne: opco.LignePeda, Montant: 120000}}, TotalHT: 120000, TotalTTC: 120000}
	got := e.jouer([]envoi{
		{le: "2026-06-01 09:00:00", type_: opco.ActeDeposer, par: ent, charge: depot},
		{le: "2026-06-02 10:00:00", type_: opco.ActeDemanderComplement, par: ges, charge: complement},
		{le: "2026-06-03 10:00:00", type_: opco.ActeJoindre, par: ent, charge: jointes},
		{le: "2026-06-04 10:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{}},
		{le: "2026-07-27 10:00:00", type_: opco.ActeCertifier, par: of, charge: certs},
		{le: "2026-07-27 11:00:00", type_: opco.ActeFacturer, par: of, charge: opco.ChargeFacturer{Facture: f}},
		{le: "2026-07-28 09:00:00", type_: opco.ActeConstater, par: ges, charge: opco.ChargeConstater{}},
		{le: "2026-08-10 09:00:00", type_: opco.ActeRegler, par: opco.ActeurBanque(), charge: opco.ChargeReglement{Reglement: "f1-1", Montant: 120000, Date: "2026-08-10"}},
	}, "2026-12-01 00:00:00")
	if got != opco.EtatCloturee {
		t.Fatalf("got %s, want CLOTUREE; journal %v", string(got), e.journal())
	}
	if last := e.journal()[len(e.journal())-1]; last != "cloturer CLOTUREE 2026-09-10 00:00" {
		t.Errorf("got %q, want the clôture at the end of 2026-09-09", last)
	}
}
