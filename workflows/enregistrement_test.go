package workflows_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"guichet/activities"
	"guichet/opco"
	"guichet/workflows"
)

// dechiffrer returns a history with its payloads decoded.
func dechiffrer(t *testing.T, b []byte) string {
	t.Helper()
	return regexp.MustCompile(`"data":\s*"([^"]*)"`).ReplaceAllStringFunc(string(b), func(s string) string {
		brut, err := base64.StdEncoding.DecodeString(regexp.MustCompile(`"([^"]*)"$`).FindStringSubmatch(s)[1])
		if err != nil {
			t.Fatal(err)
		}
		return string(brut)
	})
}

// registre is the memory of the object being recorded, with its business time.
type registre struct {
	mu       sync.Mutex
	record   func(context.Context, opco.Demarche) (opco.Issue, error)
	decalage time.Duration
	derniere opco.Issue
}

func (r *registre) Record(ctx context.Context, dem opco.Demarche) (opco.Issue, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, err := r.record(ctx, dem)
	i.Decalage = r.decalage
	if err == nil {
		r.derniere = i
	}
	return i, err
}

func (r *registre) etat() (opco.Issue, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.derniere, r.decalage
}

// lotEcrit is a lot reduced to what the engine sees of it: the états it goes
// through, whatever it pays.
type lotEcrit struct{ r opco.Resume }

func (l *lotEcrit) record(_ context.Context, dem opco.Demarche) (opco.Issue, error) {
	vers := map[opco.TypeActe]opco.EtatLot{opco.ActeEmettreLot: opco.LotEmis, opco.ActeTransmettreLot: opco.LotTransmis, opco.ActeExpirerLot: opco.LotExpire}
	suite := map[opco.EtatLot]opco.EtatLot{opco.LotPropose: opco.LotValide, opco.LotTransmis: opco.LotSolde}
	if dem.Echeance != nil {
		l.r.Etat = opco.Etat(vers[dem.Echeance.Type])
	} else {
		l.r.Etat = opco.Etat(suite[opco.EtatLot(l.r.Etat)])
	}
	l.r.Echeances = nil
	return opco.Issue{Rang: dem.Rang, Verdict: opco.VerdictApplique, Resume: l.r}, nil
}

// magnetophone plays an object on a real server and keeps its histories.
type magnetophone struct {
	t  *testing.T
	c  client.Client
	r  *registre
	id string
	w  worker.Worker
}

const (
	queueEnregistrement = "enregistrement"
	// repos is longer than a quiet dossier waits before its run starts afresh.
	repos = 6 * time.Second
)

// enregistre reports whether the branch is to be recorded; its former histories
// are then forgotten.
func (m *magnetophone) enregistre(nom string) bool {
	m.t.Helper()
	if *enregistrer != "tout" && !strings.HasPrefix(nom, *enregistrer) {
		return false
	}
	anciens, err := filepath.Glob("testdata/" + nom + "-*.json")
	if err != nil {
		m.t.Fatal(err)
	}
	for _, f := range anciens {
		if err := os.Remove(f); err != nil {
			m.t.Fatal(err)
		}
	}
	return true
}

func (m *magnetophone) ouvrir(procedure any, depart opco.Depart, record func(context.Context, opco.Demarche) (opco.Issue, error)) string {
	m.t.Helper()
	id := depart.Objet
	queue := queueEnregistrement + "-" + id
	m.id, m.r = id, &registre{record: record, derniere: opco.Issue{Rang: depart.Rang, Resume: depart.Resume}}
	m.w = worker.New(m.c, queue, worker.Options{})
	m.w.RegisterWorkflow(workflows.Dossier)
	m.w.RegisterWorkflow(workflows.Lot)
	m.w.RegisterWorkflow(workflows.Compte)
	m.w.RegisterWorkflow(workflows.Indu)
	m.w.RegisterActivity(&activities.Journal{Memoire: m.r})
	for _, nom := range []string{"Produire", "Envoyer"} {
		m.w.RegisterActivityWithOptions(func(context.Context, string) error { return nil }, activity.RegisterOptions{Name: nom})
	}
	if err := m.w.Start(); err != nil {
		m.t.Fatal(err)
	}
	run, err := m.c.ExecuteWorkflow(m.t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: queue, WorkflowTaskTimeout: 10 * time.Second,
		StaticSummary: id}, procedure, workflows.Suite{Depart: depart})
	if err != nil {
		m.t.Fatal(err)
	}
	return run.GetRunID()
}

// a sets business time and waits until every échéance that has come is applied.
func (m *magnetophone) a(le time.Time) {
	m.t.Helper()
	m.r.mu.Lock()
	m.r.decalage = time.Until(le)
	d := m.r.decalage
	m.r.mu.Unlock()
	m.signaler(workflows.SignalHorloge, d)
	m.attendre("the échéances until "+le.String(), func(i opco.Issue) bool {
		return len(i.Resume.Echeances) == 0 || i.Resume.Echeances[0].Le.After(le)
	})
}

func (m *magnetophone) signaler(nom string, x any) {
	m.t.Helper()
	if err := m.c.SignalWorkflow(m.t.Context(), m.id, "", nom, x); err != nil {
		m.t.Logf("%s: %v", nom, err) // the object has ended
	}
}

// acte sends message n and waits for its step.
func (m *magnetophone) acte(n int64, t opco.TypeActe, id string, le time.Time) {
	m.t.Helper()
	avant, _ := m.r.etat()
	m.signaler(workflows.SignalActe, workflows.Message{Seq: n, ID: id, Type: t, Le: le})
	m.attendre(string(t), func(i opco.Issue) bool { return i.Rang > avant.Rang })
}

func (m *magnetophone) attendre(quoi string, vrai func(opco.Issue) bool) {
	m.t.Helper()
	for fin := time.Now().Add(20 * time.Second); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		if i, _ := m.r.etat(); vrai(i) {
			return
		}
	}
	i, _ := m.r.etat()
	m.t.Fatalf("%s: %s did not come; %+v", m.id, quoi, i)
}

// garder waits for the end and writes the history of each run of the chain.
func (m *magnetophone) garder(nom, run string) {
	m.t.Helper()
	ctx, fin := context.WithTimeout(m.t.Context(), 20*time.Second)
	defer fin()
	var etat opco.Etat
	if err := m.c.GetWorkflow(ctx, m.id, "").Get(ctx, &etat); err != nil {
		m.t.Fatalf("%s: %v", nom, err)
	}
	m.w.Stop()
	n := 0
	for ; run != ""; n++ {
		h := &history.History{}
		suivant := ""
		it := m.c.GetWorkflowHistory(ctx, m.id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for it.HasNext() {
			e, err := it.Next()
			if err != nil {
				m.t.Fatal(err)
			}
			suivant = e.GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
			anonyme(e)
			h.Events = append(h.Events, e)
		}
		b, err := protojson.MarshalOptions{Indent: " "}.Marshal(h)
		if err != nil {
			m.t.Fatal(err)
		}
		if err := os.WriteFile(fmt.Sprintf("testdata/%s-%02d.json", nom, n+1), b, 0o644); err != nil {
			m.t.Fatal(err)
		}
		run = suivant
	}
	m.t.Logf("%s: %s in %d runs", nom, string(etat), n)
}

// anonyme removes the name of the machine that recorded.
func anonyme(e *history.HistoryEvent) {
	const qui = "guichet"
	if a := e.GetWorkflowExecutionStartedEventAttributes(); a != nil {
		a.Identity = qui
	}
	if a := e.GetWorkflowExecutionSignaledEventAttributes(); a != nil {
		a.Identity = qui
	}
	if a := e.GetWorkflowTaskStartedEventAttributes(); a != nil {
		a.Identity = qui
	}
	if a := e.GetWorkflowTaskCompletedEventAttributes(); a != nil {
		a.Identity = qui
	}
	if a := e.GetActivityTaskStartedEventAttributes(); a != nil {
		a.Identity = qui
	}
	if a := e.GetActivityTaskCompletedEventAttributes(); a != nil {
		a.Identity = qui
	}
	if q := e.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); q != nil {
		q.Name = queueEnregistrement
	}
	if q := e.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); q != nil && q.NormalName != "" {
		q.NormalName = queueEnregistrement
	}
}

// TestEnregistrer records the corpus, one object per branch, on the server of
// GUICHET_TEMPORAL, with the rules of opco and a memory of its own.
func TestEnregistrer(t *testing.T) {
	if *enregistrer == "" {
		t.Skip("-enregistrer is not set: the corpus is replayed, not recorded")
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := client.Dial(client.Options{HostPort: os.Getenv("GUICHET_TEMPORAL"), Namespace: os.Getenv("GUICHET_TEMPORAL_NAMESPACE")})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	m := &magnetophone{t: t, c: c}
	m.dossiers()
	m.lot("lot", true)
	m.lot("lot_expire", false)
	m.comptes()
	m.indu()
}

// detteEcrite is the memory of one debt: the rules of opco, and no base.
type detteEcrite struct {
	i      opco.Indu
	actes  map[string]opco.Acte
	issues map[int64]opco.Issue
}

// Record applies the next step of the debt.
func (l *detteEcrite) record(_ context.Context, dem opco.Demarche) (opco.Issue, error) {
	if deja, ok := l.issues[dem.Rang]; ok {
		return deja, nil
	}
	a, ok := l.actes[dem.ActeID]
	if e := dem.Echeance; e != nil {
		a, ok = opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, true
	}
	if !ok {
		return opco.Issue{}, fmt.Errorf("no acte %q", dem.ActeID)
	}
	if _, err := l.i.Appliquer(a, dem.Echeance, opco.FaitsIndu{Le: a.Le, Parametres: opco.ParametresDefaut()}); err != nil {
		return opco.Issue{}, err
	}
	l.i.Rang = dem.Rang
	l.issues[dem.Rang] = opco.Issue{Rang: dem.Rang, Verdict: opco.VerdictApplique, Resume: l.i.Resume()}
	return l.issues[dem.Rang], nil
}

// indu records a debt notified, reminded three times, contested in vain by nobody, and
// given up by two persons.
func (m *magnetophone) indu() {
	m.t.Helper()
	if !m.enregistre("indu") {
		return
	}
	id := uuid.NewString() + "-i1"
	l := &detteEcrite{actes: map[string]opco.Acte{}, issues: map[int64]opco.Issue{}, i: opco.Indu{ID: id, Montant: 112000, FactureNumero: "F-1",
		Cause: opco.CauseControle, Parts: []opco.PartFonds{{Enveloppe: "e", Code: "VV", Montant: 112000}}, RoleDebiteur: opco.RoleOrganisme}}
	res, cpt := opco.Acteur{Personne: "r1", Role: opco.RoleResponsable}, opco.Acteur{Personne: "c1", Role: opco.RoleComptable}
	run := m.ouvrir(workflows.Indu, opco.Depart{Objet: opco.ObjetIndu(id), Prochain: 1, Resume: l.i.Resume()}, l.record)
	for n, x := range []envoi{{le: "2026-07-20 10:00:00", type_: opco.ActeOuvrirIndu, par: opco.ActeurSysteme()},
		{le: "2026-07-21 10:00:00", type_: opco.ActeNotifierIndu, par: cpt},
		{le: "2026-11-02 10:00:00", type_: opco.ActeProposerAbandon, par: res, charge: opco.ChargeRaisonIndu{Raison: "Liquidation."}},
		{le: "2026-11-03 10:00:00", type_: opco.ActeConfirmerAbandon, par: cpt}} {
		le, err := time.ParseInLocation("2006-01-02 15:04:05", x.le, opco.Paris)
		if err != nil {
			m.t.Fatal(err)
		}
		charge, err := json.Marshal(x.charge)
		if err != nil {
			m.t.Fatal(err)
		}
		a := opco.Acte{ID: uuid.NewString(), Type: x.type_, Par: x.par, Le: le, Charge: charge}
		l.actes[a.ID] = a
		m.a(le)
		m.acte(int64(n+1), a.Type, a.ID, le)
		if x.type_ == opco.ActeNotifierIndu {
			time.Sleep(repos) // its run starts afresh
		}
	}
	m.garder("indu", run)
}

// dossiers records the ways through a dossier.
func (m *magnetophone) dossiers() {
	m.t.Helper()
	debut := []envoi{{le: "2026-06-01 09:00:00", type_: opco.ActeDeposer, par: ent, charge: depot},
		{le: "2026-06-02 10:00:00", type_: opco.ActeDemanderComplement, par: ges, charge: complement}}
	instruit := append(debut[:2:2], envoi{le: "2026-06-03 10:00:00", type_: opco.ActeJoindre, par: ent, charge: jointes})
	accorde := append(instruit[:3:3], envoi{le: "2026-06-04 10:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{}})
	m.dossier("accord", append(accorde[:4:4],
		envoi{le: "2026-07-27 10:00:00", type_: opco.ActeCertifier, par: of, charge: certificats()},
		envoi{le: "2026-07-27 11:00:00", type_: opco.ActeFacturer, par: of, charge: factureUne()},
		envoi{le: "2026-07-28 09:00:00", type_: opco.ActeConstater, par: ges, charge: opco.ChargeConstater{}},
		envoi{le: "2026-08-10 09:00:00", type_: opco.ActeRegler, par: opco.ActeurBanque(), charge: opco.ChargeReglement{Reglement: "f1-1", Montant: 120000, Date: "2026-08-10"}}),
		"2026-12-01 00:00:00")
	m.dossier("sans_suite", debut, "2026-08-01 00:00:00")
	m.dossier("refus", append(instruit[:3:3],
		envoi{le: "2026-06-04 10:00:00", type_: opco.ActeDecider, par: ges, charge: opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifActionNonEligible}}},
		envoi{le: "2026-06-05 10:00:00", type_: opco.ActeValider, par: opco.Acteur{Personne: "r1", Role: opco.RoleResponsable}}), "2026-06-06 00:00:00")
	m.dossier("annulation", append(accorde[:4:4], envoi{le: "2026-06-05 10:00:00", type_: opco.ActeAnnuler, par: ent, charge: opco.ChargeRaison{}}), "2026-06-06 00:00:00")
}

// comptes records the ways through an account, each to the day of its erasure.
func (m *magnetophone) comptes() {
	m.t.Helper()
	debut := []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, inscrire, 0}}
	m.compte("compte_inscription", append(debut[:1:1], gesteCompte{"2026-06-01 10:04:00", opco.ActeConfirmerEmail, applicant, codeFaux, 0},
		gesteCompte{"2026-06-01 10:05:00", opco.ActeConfirmerEmail, applicant, codeRecu, 0},
		gesteCompte{"2026-06-12 09:00:00", opco.ActeDeciderDroits, adviser, accorder, 0},
		gesteCompte{"2027-07-01 09:00:00", opco.ActeCloreCompte, holder, nil, 0}), "2027-09-01 00:00:00")
	m.compte("compte_provisoire", []gesteCompte{{"2026-09-01 14:00:00", opco.ActeOuvrirCompte, opco.ActeurSysteme(), ouvrir, 0},
		{"2026-10-20 09:00:00", opco.ActeReemettre, adviser, nil, 0},
		{"2026-10-21 09:00:00", opco.ActePersonnaliser, holder, fixe(opco.ChargePersonnaliser{Identifiant: "pedagogie.nouvelle"}), 0},
		{"2026-10-21 09:10:00", opco.ActeConfirmerIdentifiant, applicant, codeRecu, 0},
		{"2026-10-21 09:11:00", opco.ActeAccepterConfidentialite, holder, fixe(opco.ChargeVersion{Version: "v1"}), 0},
		{"2026-11-01 09:00:00", opco.ActeCloreCompte, holder, nil, 0}}, "2027-01-01 00:00:00")
	m.compte("compte_expire", debut, "2026-09-01 00:00:00")
	m.compte("compte_refus", []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, fixe(opco.ChargeInscrire{}), 0}}, "2026-06-02 00:00:00")
}

func (m *magnetophone) compte(nom string, gestes []gesteCompte, fin string) {
	m.t.Helper()
	if !m.enregistre(nom) {
		return
	}
	b := &bureau{}
	messages := b.preparer(m.t, gestes)
	run := m.ouvrir(workflows.Compte, opco.Depart{Objet: "compte/" + uuid.NewString(), Prochain: 1}, b.Record)
	for _, x := range messages {
		m.a(x.Le)
		m.acte(x.Seq, x.Type, x.ID, x.Le)
		if x.Type == opco.ActeDeciderDroits || x.Type == opco.ActePersonnaliser {
			time.Sleep(repos) // long enough for the run to continue as new
		}
	}
	m.a(instant(m.t, fin))
	m.garder(nom, run)
}

func (m *magnetophone) dossier(nom string, envois []envoi, fin string) {
	m.t.Helper()
	if !m.enregistre(nom) {
		return
	}
	mem := commencer(m.t).m
	run := m.ouvrir(workflows.Dossier, opco.Depart{Objet: "dossier/" + uuid.NewString(), Rang: 1, Prochain: 1, Resume: mem.d.Resume()}, mem.Record)
	for i, x := range envois {
		le := instant(m.t, x.le)
		b, err := json.Marshal(x.charge)
		if err != nil {
			m.t.Fatal(err)
		}
		id := uuid.NewString()
		mem.mu.Lock()
		mem.actes[id] = opco.Acte{ID: id, Type: x.type_, Par: x.par, Le: le, Charge: b}
		mem.mu.Unlock()
		m.a(le)
		m.acte(int64(i+1), x.type_, id, le)
		if nom == "accord" {
			time.Sleep(repos) // long enough for the run to continue as new
		}
	}
	m.a(instant(m.t, fin))
	m.garder(nom, run)
}

func (m *magnetophone) lot(nom string, valide bool) {
	m.t.Helper()
	if !m.enregistre(nom) {
		return
	}
	le := instant(m.t, "2026-05-11 09:00:00")
	l := &lotEcrit{r: opco.Resume{Etat: opco.Etat(opco.LotPropose), Demande: 627_500, Nombre: 3,
		Echeances: []opco.Echeance{{Type: opco.ActeExpirerLot, Code: "expiration", Le: opco.Date("2026-05-16").FinDuJour(), Effet: "2026-05-16"}}}}
	run := m.ouvrir(workflows.Lot, opco.Depart{Objet: "lot/" + nom + "-" + uuid.NewString()[:8], Rang: 1, Prochain: 1, Resume: l.r}, l.record)
	m.a(le)
	if !valide {
		m.a(instant(m.t, "2026-05-18 09:00:00"))
		m.garder(nom, run)
		return
	}
	m.acte(1, opco.ActeValiderLot, uuid.NewString(), le)
	m.attendre("the bank's turn", func(i opco.Issue) bool { return i.Resume.Etat == opco.Etat(opco.LotTransmis) })
	m.acte(2, opco.ActeAppliquerRetour, uuid.NewString(), le.Add(time.Hour))
	m.garder(nom, run)
}

func certificats() opco.ChargeCertifier {
	c := opco.ChargeCertifier{}
	for _, s := range demande().Stagiaires {
		c.Certificats = append(c.Certificats, opco.Certificat{ID: s.ID, Nom: s.Nom, Prenom: s.Prenom, Intitule: "Sécurité",
			Nature: opco.NatureFormation, Du: "2026-07-20", Au: "2026-07-21", Heures: 14 * 60, Emetteur: "99900136500017", Signe: true, SigneLe: "2026-07-22"})
	}
	return c
}

func factureUne() opco.ChargeFacturer {
	return opco.ChargeFacturer{Facture: opco.Facture{ID: "f1", Numero: "F-1", Emetteur: "99900136500017", Destinataire: "99900171200010", Date: "2026-07-22",
		ReferenceDossier: "AF26-000001", Lignes: []opco.LigneFacture{{Ligne: opco.LignePeda, Montant: 120000}}, TotalHT: 120000, TotalTTC: 120000}}
}
