package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/api/deployment/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.yaml.in/yaml/v3"

	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/workflows"
)

// sauf are all the works of the house but one.
func sauf(travail string) []string {
	return slices.DeleteFunc(opco.Travaux(), func(t string) bool { return t == travail })
}

// present says that a worker is there, as the worker itself does, and does these works.
func (b bancRonde) present(identite string, files []string) {
	b.Helper()
	if err := b.s.Presenter(b.Context(), identite, "v1", files); err != nil {
		b.Fatal(err)
	}
}

// A work that no worker does is found by the second round, in its own words, though the engine
// says nothing of it and even when the engine is away.
func TestAWorkThatNobodyDoesIsFound(t *testing.T) {
	for _, travail := range opco.Travaux() {
		t.Run(travail, func(t *testing.T) {
			b := ouvrirRonde(t)
			b.present("1@ici", sauf(travail))
			b.attendre("the others may be starting", "")
			b.attendre("nobody does it", "file/personne 1")
			cs, err := b.s.Causes(t.Context(), auGuet, "")
			if err != nil || len(cs) != 1 {
				t.Fatalf("got %+v, %v", cs, err)
			}
			seul, tous := cs[0].Cause().Dire(), opco.Incident{Objet: "file/" + opco.ToutesFiles, Activite: opco.ActiviteFile, Classe: opco.ClassePersonne}.Cause().Dire()
			if seul.Titre == tous.Titre || seul.Effet == tous.Effet || !regexp.MustCompile("« "+travail+" »").MatchString(seul.Conseil) {
				t.Errorf("it is said as %+v", seul)
			}
			b.m.panne = errors.New("connection refused")
			if got := b.ronde(); !regexp.MustCompile("file/personne 1").MatchString(got) {
				t.Errorf("without the engine: got %q", got)
			}
			b.m.panne = nil
			b.present("2@ici", []string{travail})
			b.attendre("somebody does", "")
			b.faire(`UPDATE executant SET vu_le = now() - interval '20 seconds' WHERE identite = '2@ici'`)
			b.attendre("silent, perhaps slow", "")
			b.attendre("silent still", "file/personne 1")
			b.faire(`UPDATE executant SET files = '{}' WHERE identite = '1@ici'`)
			b.attendre("a worker of before does not say what it does", "")
		})
	}
}

// What is received waits for a worker only where none serves its queue.
func TestAnActeWaitsForTheWorkerOfItsQueue(t *testing.T) {
	b := ouvrirRonde(t)
	b.faire(`INSERT INTO acte (id, objet, seq, type, role, empreinte, recu_le, cree_le) VALUES
		(gen_random_uuid(), 'lot/L1', 1, 'valider_lot', 'comptable', '', now(), now() - interval '1 minute'),
		(gen_random_uuid(), $1, 1, 'deposer', 'entreprise', '', now(), now() - interval '1 minute')`, dossierBloque)
	b.present("1@ici", sauf("banque"))
	if got := b.ronde(); !strings.Contains(got, "acte/personne 1") || !strings.Contains(got, "acte/tue 1") {
		t.Errorf("the lot has no worker; the dossier has one, and does not move: got %q", got)
	}
}

// A worker that is killed is missed within a minute: its silence, then two rounds.
func TestAKilledWorkerIsMissedWithinAMinute(t *testing.T) {
	b := ouvrirRonde(t)
	par, err := b.s.Parametres(t.Context(), opco.JourDe(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	silence := time.Duration(par.Exploitation.ExecutantSecondes) * time.Second
	if pire := silence + 2*par.Exploitation.Ronde(); pire >= time.Minute || silence < 3*pausePresence {
		t.Errorf("missed after %s at worst; a worker tells every %s and is believed %s", pire, pausePresence, silence)
	}
}

// TestTheAlarmOfAQueueWithoutWorkerRings reads the alarm as it is deployed against what a process
// measures: it rings for the work that nobody does, and for no other.
func TestTheAlarmOfAQueueWithoutWorkerRings(t *testing.T) {
	s := storetest.Ouvrir(t)
	for _, tt := range []struct {
		nom     string
		faire   string
		sonnent []string
	}{
		{"nobody is there", `SELECT 1`, opco.Travaux()},
		{"a worker does all but the mail", `INSERT INTO executant (identite, version, files) VALUES ('1@a', 'v1', '{` + strings.Join(sauf("courrier"), ",") + `}')`, []string{"courrier"}},
		{"another does the mail", `INSERT INTO executant (identite, version, files) VALUES ('2@a', 'v1', '{courrier}')`, nil},
		{"it is silent for a minute", `UPDATE executant SET vu_le = now() - interval '1 minute' WHERE identite = '2@a'`, []string{"courrier"}},
	} {
		s.DB.MustExec(tt.faire)
		if got := sonnent(t, s, "GuichetFileSansOuvrier"); !slices.Equal(got, trier(tt.sonnent)) {
			t.Errorf("%s: it rings for %v, want %v", tt.nom, got, tt.sonnent)
		}
	}
}

func trier(s []string) []string { return slices.Sorted(slices.Values(s)) }

// sonnent evaluates an alarm of the form « max by (label) (measure) == 0 » on what a process of
// base s gives, and lists the labels for which it holds.
func sonnent(t *testing.T, s *store.Store, alarme string) []string {
	t.Helper()
	var regles struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	b, err := os.ReadFile("../../deploy/alertes/guichet.yaml")
	if err == nil {
		err = yaml.Unmarshal(b, &regles)
	}
	if err != nil {
		t.Fatal(err)
	}
	var expr []string
	for _, r := range regles.Groups[0].Rules {
		if r.Alert == alarme {
			expr = regexp.MustCompile(`^max by \((\w+)\) \((\w+)\) == 0$`).FindStringSubmatch(r.Expr)
		}
	}
	if expr == nil {
		t.Fatalf("alarm %s is not of the form that this test reads", alarme)
	}
	mesures := prometheus.NewRegistry()
	mesures.MustRegister(&telemetry.Business{Read: s.Relever})
	familles, err := mesures.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sommets := map[string]float64{}
	for _, f := range familles {
		for _, m := range f.GetMetric() {
			if f.GetName() == expr[2] && m.GetLabel()[0].GetName() == expr[1] {
				e := m.GetLabel()[0].GetValue()
				sommets[e] = max(sommets[e], m.GetGauge().GetValue())
			}
		}
	}
	var muets []string
	for e, v := range sommets {
		if v == 0 {
			muets = append(muets, e)
		}
	}
	return trier(muets)
}

// The folder of the bank is made by the workers of the bank: no other has it.
func TestOnlyAWorkerOfTheBankMakesItsFolder(t *testing.T) {
	s := storetest.Ouvrir(t)
	for _, tt := range []struct {
		files []string
		fait  bool
	}{{[]string{"courrier", "ops"}, false}, {[]string{"courrier", "banque"}, true}, {nil, true}} {
		dossier := filepath.Join(t.TempDir(), "banque")
		a := &atelier{cfg: env.Config{Files: tt.files, Banque: dossier}, store: s, log: slog.New(slog.DiscardHandler)}
		a.preparerBanque(t.Context())
		if _, err := os.Stat(dossier); (err == nil) != tt.fait {
			t.Errorf("a worker of %v: got %v, made: want %v", tt.files, err, tt.fait)
		}
	}
}

// engineOfVersions is an engine that entrusts its procedures to a version, of which part in
// hundredths go to another.
type engineOfVersions struct {
	client.Client
	current, ramping *deployment.WorkerDeploymentVersion
	part             float32
	away             error
}

func (m *engineOfVersions) DescribeTaskQueue(context.Context, string, enums.TaskQueueType) (*workflowservice.DescribeTaskQueueResponse, error) {
	return &workflowservice.DescribeTaskQueueResponse{VersioningInfo: &taskqueue.TaskQueueVersioningInfo{
		CurrentDeploymentVersion: m.current, RampingDeploymentVersion: m.ramping, RampingVersionPercentage: m.part}}, m.away
}

// A worker of a version that nobody entrusted the procedures to is not taken for one that serves
// them, and what is said names the command that entrusts them.
func TestAVersionThatServesNothingIsSaid(t *testing.T) {
	mine, other := &deployment.WorkerDeploymentVersion{DeploymentName: "g", BuildId: build()}, &deployment.WorkerDeploymentVersion{DeploymentName: "g", BuildId: "autre"}
	m := &engineOfVersions{}
	for _, tt := range []struct {
		name   string
		engine engineOfVersions
		named  string
		serves bool
	}{
		{"no version yet, a worker of none", engineOfVersions{}, "", true},
		{"no version yet, a worker of one", engineOfVersions{}, "g", false},
		{"its version", engineOfVersions{current: mine}, "g", true},
		{"while the engine is away, as before", engineOfVersions{current: mine, away: errors.New("away")}, "g", false},
		{"another version", engineOfVersions{current: other}, "g", false},
		{"the same build of another deployment", engineOfVersions{current: mine}, "h", false},
		{"another version, a worker of none", engineOfVersions{current: other}, "", false},
		{"a part", engineOfVersions{current: other, ramping: mine, part: 10}, "g", true},
		{"a part of nothing", engineOfVersions{current: other, ramping: mine}, "g", false},
		{"what is left", engineOfVersions{current: mine, ramping: other, part: 10}, "g", true},
		{"all goes to the other", engineOfVersions{current: mine, ramping: other, part: 100}, "g", false},
	} {
		*m = tt.engine
		r := &routage{moteur: m, deploiement: tt.named, ecartees: map[string]bool{}}
		if tt.engine.away != nil {
			r.ecartees["dossier"] = !tt.serves
		}
		got, want := r.dire(t.Context(), []string{"dossier", "courrier"}), []string{"dossier", "courrier"}
		if !tt.serves {
			want[0] = opco.SansPart("dossier")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: it says %q, want %q", tt.name, got, want)
		}
	}
	b := ouvrirRonde(t)
	*m = engineOfVersions{current: other}
	dits := (&routage{moteur: m, deploiement: "g", ecartees: map[string]bool{}}).dire(t.Context(), opco.Travaux())
	b.present("1@ici", dits)
	b.attendre("the others may be starting", "")
	b.attendre("nobody serves, one line", "file/personne 1")
	cs, err := b.s.Causes(t.Context(), auGuet, "")
	if err != nil || len(cs) != 1 || !strings.Contains(cs[0].Cause().Dire().Conseil, "guichet ops version NOM") {
		t.Fatalf("got %+v, %v", cs, err)
	}
	if got := sonnent(t, b.s, "GuichetFileSansOuvrier"); !slices.Equal(got, trier(workflows.Queues())) {
		t.Errorf("the alarm rings for %v", got)
	}
	b.present("2@ici", []string{"dossier", "compte", "banque", "ops"})
	b.attendre("a worker of the version that serves is there", "")
}
