package workflows_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/failure/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"guichet/opco"
	"guichet/workflows"
)

// lue is a recorded history.
func lue(t *testing.T, fichier string) *history.History {
	t.Helper()
	b, err := os.ReadFile(fichier)
	if err != nil {
		t.Fatal(err)
	}
	var h history.History
	if err := protojson.Unmarshal(b, &h); err != nil {
		t.Fatal(err)
	}
	return &h
}

// comprimee is the copy of a history, as it is kept.
func comprimee(t *testing.T, h *history.History) []byte {
	t.Helper()
	b, err := protojson.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return z.Bytes()
}

func TestRejouerTheWholeCorpus(t *testing.T) {
	fichiers, err := filepath.Glob("testdata/*.json")
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("got %v, %v; want histories", fichiers, err)
	}
	r := workflows.NewRejoueur("essai")
	for _, f := range fichiers {
		h := lue(t, f)
		v := r.Rejouer(opco.Histoire{Objet: "dossier/x", Run: "r", Octets: comprimee(t, h)})
		if v.Issue != opco.RejeuDeterministe || v.Evenements != len(h.Events) || v.Build != "essai" {
			t.Errorf("%s: got %+v; want it deterministic", f, v)
		}
	}
}

// Each way in which a build may leave a history is told with its event and its class.
func TestRejouerSaysWhereItDiverges(t *testing.T) {
	minuterie := func(h *history.History) int {
		return slices.IndexFunc(h.Events, func(e *history.HistoryEvent) bool { return e.EventType == enums.EVENT_TYPE_TIMER_STARTED })
	}
	tests := []struct {
		name   string
		casser func(h *history.History) (evenement int64)
		classe opco.ClasseRejeu
		issue  opco.IssueRejeu
	}{
		{"a timer that is not the one of the build", func(h *history.History) int64 {
			i := minuterie(h)
			h.Events[i].GetTimerStartedEventAttributes().TimerId = "999"
			return h.Events[i].EventId
		}, opco.ClasseManque, opco.RejeuDivergent},
		{"an end that is not the one of the build", func(h *history.History) int64 {
			e := h.Events[len(h.Events)-1]
			e.EventType = enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
			e.Attributes = &history.HistoryEvent_WorkflowExecutionCompletedEventAttributes{WorkflowExecutionCompletedEventAttributes: &history.WorkflowExecutionCompletedEventAttributes{}}
			return e.EventId
		}, opco.ClasseFin, opco.RejeuDivergent},
		{"a step that the history does not have", func(h *history.History) int64 {
			i := slices.IndexFunc(h.Events, func(e *history.HistoryEvent) bool {
				return e.EventType == enums.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
			})
			e := h.Events[i]
			e.EventType = enums.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED
			e.Attributes = &history.HistoryEvent_WorkflowExecutionCanceledEventAttributes{WorkflowExecutionCanceledEventAttributes: &history.WorkflowExecutionCanceledEventAttributes{}}
			return h.Events[minuterie(h)].EventId // the next step that the history has
		}, opco.ClasseCommande, opco.RejeuDivergent},
		{"a procedure that the build does not have", func(h *history.History) int64 {
			h.Events[0].GetWorkflowExecutionStartedEventAttributes().WorkflowType.Name = "Apprentissage"
			return 0
		}, opco.ClasseProcedure, opco.RejeuDivergent},
		{"nothing in the copy", func(h *history.History) int64 {
			h.Events = nil
			return 0
		}, "", opco.RejeuIllisible},
		{"nothing done yet", func(h *history.History) int64 {
			h.Events = h.Events[:2]
			return 0
		}, "", opco.RejeuDeterministe},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := lue(t, "testdata/accord-02.json")
			n := tt.casser(h)
			v := workflows.NewRejoueur("essai").Rejouer(opco.Histoire{Objet: "dossier/x", Run: "r", Octets: comprimee(t, h)})
			if v.Issue != tt.issue || v.Classe != tt.classe || v.Evenement != n {
				t.Errorf("got %+v; want %s, %s at event %d", v, tt.issue, tt.classe, n)
			}
			if v.Classe == opco.ClasseCommande && (v.Attendu != "TimerStarted" || v.Trouve != "UpsertWorkflowSearchAttributes") {
				t.Errorf("got expected %q, found %q; want the event and the command", v.Attendu, v.Trouve)
			}
		})
	}
	if v := workflows.NewRejoueur("essai").Rejouer(opco.Histoire{Octets: []byte("abîmée")}); v.Issue != opco.RejeuIllisible {
		t.Errorf("got %+v; want a copy that does not read told as such", v)
	}
}

// What a machine or an outage wrote in a history is not kept: names of machines, the words
// of a failure that quote a person (I22).
func TestTheCopyOfAHistoryNamesNobody(t *testing.T) {
	f := &failure.Failure{Message: "550 user rose.sorbier@example.test unknown, FR7630006000011234567890189", StackTrace: "panic at /home/rose",
		Cause: &failure.Failure{Message: "1840775123456 unknown"}}
	es := []*history.HistoryEvent{
		{Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{Identity: "42@poste-de-rose"}}},
		{Attributes: &history.HistoryEvent_WorkflowTaskFailedEventAttributes{WorkflowTaskFailedEventAttributes: &history.WorkflowTaskFailedEventAttributes{Failure: f}}},
		{Attributes: &history.HistoryEvent_MarkerRecordedEventAttributes{MarkerRecordedEventAttributes: &history.MarkerRecordedEventAttributes{MarkerName: "LocalActivity", Failure: f}}},
	}
	for _, e := range es {
		workflows.Depersonnaliser(e.ProtoReflect())
		b, err := protojson.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, mot := range []string{"rose", "FR76", "1840775123456"} {
			if strings.Contains(string(b), mot) {
				t.Errorf("« %s » is left in %s", mot, b)
			}
		}
	}
}
