package workflows

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/failure/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"guichet/opco"
)

// Copies remembers the histories of runs. store.Store is one.
type Copies interface {
	// GarderHistoire keeps a copy; one that says less than the copy already there
	// changes nothing.
	GarderHistoire(ctx context.Context, h opco.Histoire) error
	// Histoires lists the copies of an object, without their bytes, the oldest first.
	Histoires(ctx context.Context, objet string) ([]opco.Histoire, error)
	// Histoire reads one copy with its bytes.
	Histoire(ctx context.Context, objet, run string) (opco.Histoire, error)
}

// Archiviste copies the histories of runs out of the engine before it forgets them, and
// reads a chain of runs from wherever it still is.
type Archiviste struct {
	Temporal  client.Client
	Namespace string
	Copies    Copies
	Build     string // of this process
}

// runsMax bounds the runs of one object: one étape is one run.
const runsMax = 500

// Runs lists the runs of one object that the engine still knows, the oldest first: one
// look at its own index by the id of the object, never a scan.
func (a *Archiviste) Runs(ctx context.Context, objet string) ([]opco.Histoire, error) {
	req := &workflowservice.ListWorkflowExecutionsRequest{Namespace: a.Namespace, PageSize: 100,
		Query: "WorkflowId = '" + strings.ReplaceAll(objet, "'", "''") + "'"}
	var hs []opco.Histoire
	for len(hs) < runsMax {
		rep, err := a.Temporal.ListWorkflow(ctx, req)
		if err != nil {
			return nil, fmt.Errorf("listing the runs of %s: %w", objet, err)
		}
		for _, x := range rep.Executions {
			hs = append(hs, executee(x))
		}
		if req.NextPageToken = rep.NextPageToken; len(rep.NextPageToken) == 0 {
			break
		}
	}
	return a.avecDernier(ctx, objet, hs)
}

// avecDernier adds the last run when the index, which is late by some milliseconds, does
// not have it as it is.
func (a *Archiviste) avecDernier(ctx context.Context, objet string, hs []opco.Histoire) ([]opco.Histoire, error) {
	d, err := decrire(ctx, a.Temporal, objet)
	if err != nil {
		return nil, err
	}
	if d != nil {
		dernier := executee(d.WorkflowExecutionInfo)
		hs = slices.DeleteFunc(hs, func(h opco.Histoire) bool { return h.Run == dernier.Run })
		hs = append(hs, dernier)
	}
	slices.SortStableFunc(hs, func(x, y opco.Histoire) int { return cmp.Compare(x.Debut.UnixNano(), y.Debut.UnixNano()) })
	return hs, nil
}

func executee(x *workflow.WorkflowExecutionInfo) opco.Histoire {
	h := opco.Histoire{Objet: x.GetExecution().GetWorkflowId(), Run: x.GetExecution().GetRunId(), Statut: x.GetStatus().String(),
		Ouverte: x.GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING, Debut: x.GetStartTime().AsTime(), Evenements: int(x.GetHistoryLength())}
	if x.GetCloseTime().IsValid() {
		fin := x.GetCloseTime().AsTime()
		h.Fin = &fin
	}
	return h
}

// Garder copies every run of an object that is not kept whole yet, the one that is still
// open too when ouverte says so: before a reset, which ends it. It returns the runs that
// the engine knows.
func (a *Archiviste) Garder(ctx context.Context, objet string, ouverte bool) ([]opco.Histoire, error) {
	runs, err := a.Runs(ctx, objet)
	if err != nil {
		return nil, err
	}
	copies, err := a.Copies.Histoires(ctx, objet)
	if err != nil {
		return nil, err
	}
	for i, r := range runs {
		if r.Ouverte && !ouverte || slices.ContainsFunc(copies, func(c opco.Histoire) bool { return c.Run == r.Run && !c.Ouverte }) {
			continue
		}
		evs, err := a.evenements(ctx, r)
		if estAbsent(err) {
			continue // retention took it since it was listed
		}
		if err != nil {
			return nil, err
		}
		if runs[i], err = a.copier(r, evs); err != nil {
			return nil, err
		}
		if err := a.Copies.GarderHistoire(ctx, runs[i]); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// evenements reads a whole run.
func (a *Archiviste) evenements(ctx context.Context, r opco.Histoire) ([]*history.HistoryEvent, error) {
	var evs []*history.HistoryEvent
	err := lireRun(ctx, a.Temporal, r.Objet, r.Run, func(e *history.HistoryEvent) error { evs = append(evs, e); return nil })
	return evs, err
}

// copier writes the copy of a run.
func (a *Archiviste) copier(r opco.Histoire, evs []*history.HistoryEvent) (opco.Histoire, error) {
	for _, e := range evs {
		Depersonnaliser(e.ProtoReflect())
	}
	b, err := protojson.Marshal(&history.History{Events: evs})
	if err != nil {
		return r, fmt.Errorf("writing the history of %s: %w", r.Objet, err)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(b); err != nil {
		return r, fmt.Errorf("compressing the history of %s: %w", r.Objet, err)
	}
	if err := w.Close(); err != nil {
		return r, fmt.Errorf("compressing the history of %s: %w", r.Objet, err)
	}
	r.Octets, r.Evenements, r.Build = z.Bytes(), len(evs), a.Build
	return r, nil
}

// Depersonnaliser takes out of an event what a replay does not need and a machine or an
// outage may have written there: who worked, and the words of failures.
func Depersonnaliser(m protoreflect.Message) {
	if f, ok := m.Interface().(*failure.Failure); ok {
		f.Message, f.StackTrace, f.EncodedAttributes = opco.Epurer(f.Message), "", nil
	}
	m.Range(func(d protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case d.Name() == "identity" && d.Kind() == protoreflect.StringKind && !d.IsList():
			m.Set(d, protoreflect.ValueOfString("guichet"))
		case d.IsMap() && d.MapValue().Message() != nil:
			v.Map().Range(func(_ protoreflect.MapKey, x protoreflect.Value) bool { Depersonnaliser(x.Message()); return true })
		case d.IsList() && d.Message() != nil:
			for i := range v.List().Len() {
				Depersonnaliser(v.List().Get(i).Message())
			}
		case !d.IsMap() && !d.IsList() && d.Message() != nil:
			Depersonnaliser(v.Message())
		}
		return true
	})
}

// Parcourir gives f each run of an object, the oldest first: as the engine has it, else
// as it was kept. copie says which. When the engine is away, the copies alone are read
// and muet holds why.
func (a *Archiviste) Parcourir(ctx context.Context, objet string, f func(h opco.Histoire, copie bool) error) (muet, err error) {
	runs, muet := a.Runs(ctx, objet)
	copies, err := a.Copies.Histoires(ctx, objet)
	if err != nil {
		return muet, err
	}
	for _, c := range copies {
		if slices.ContainsFunc(runs, func(r opco.Histoire) bool { return r.Run == c.Run }) {
			continue
		}
		h, err := a.Copies.Histoire(ctx, objet, c.Run)
		if err != nil {
			return muet, err
		}
		if err := f(h, true); err != nil {
			return muet, err
		}
	}
	for _, r := range runs {
		evs, err := a.evenements(ctx, r)
		if err != nil {
			return muet, err
		}
		h, err := a.copier(r, evs)
		if err != nil {
			return muet, err
		}
		if err := f(h, false); err != nil {
			return muet, err
		}
	}
	return muet, nil
}

// Dernier reads the last run of an object, from the engine, else from the copies. ok is
// false when nobody has one.
func (a *Archiviste) Dernier(ctx context.Context, objet string) (h opco.Histoire, copie, ok bool, err error) {
	evs, err := a.evenements(ctx, opco.Histoire{Objet: objet})
	switch {
	case err == nil && len(evs) > 0:
		h, err = a.copier(opco.Histoire{Objet: objet, Run: evs[0].GetWorkflowExecutionStartedEventAttributes().GetOriginalExecutionRunId()}, evs)
		return h, false, true, err
	case err != nil && !estAbsent(err):
		return h, false, false, err
	}
	copies, err := a.Copies.Histoires(ctx, objet)
	if err != nil || len(copies) == 0 {
		return h, false, false, err
	}
	h, err = a.Copies.Histoire(ctx, objet, copies[len(copies)-1].Run)
	return h, true, err == nil, err
}

// Rang is where the object stood when its run started, false when the run cannot be read.
func (a *Archiviste) Rang(ctx context.Context, r opco.Histoire) (int64, bool) {
	it := a.Temporal.GetWorkflowHistory(ctx, r.Objet, r.Run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	if !it.HasNext() {
		return 0, false
	}
	e, err := it.Next()
	if err != nil {
		return 0, false
	}
	var s Suite
	err = converter.GetDefaultDataConverter().FromPayloads(entree(e), &s)
	return s.Depart.Rang, err == nil
}

func entree(e *history.HistoryEvent) *common.Payloads {
	return e.GetWorkflowExecutionStartedEventAttributes().GetInput()
}

// lireHistoire reads the events of a copy.
func lireHistoire(octets []byte) (*history.History, error) {
	r, err := gzip.NewReader(bytes.NewReader(octets))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, deplieMax))
	if err != nil {
		return nil, err
	}
	return client.HistoryFromJSON(bytes.NewReader(b), client.HistoryJSONOptions{})
}

// deplieMax bounds what a copy may unfold to: the engine refuses longer runs.
const deplieMax = 256 << 20
