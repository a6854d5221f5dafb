package workflows

import (
	"errors"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"

	"go.temporal.io/api/history/v1"
	tlog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// Rejoueur replays histories against the procedures of this build, and does nothing else:
// no deed is done, nothing is written.
type Rejoueur struct {
	rejoueur worker.WorkflowReplayer
	build    string
}

// NewRejoueur returns a Rejoueur that knows every procedure of the house. build names
// this build in its verdicts.
func NewRejoueur(build string) *Rejoueur {
	r := worker.NewWorkflowReplayer()
	for _, p := range []any{Dossier, Compte, Lot, Indu} {
		r.RegisterWorkflow(p)
	}
	return &Rejoueur{rejoueur: r, build: build}
}

// sansTravail is how many events a run has before its procedure did anything.
const sansTravail = 3

// Rejouer replays one run. Several goroutines may call it.
func (r *Rejoueur) Rejouer(h opco.Histoire) opco.Rejeu {
	v := opco.Rejeu{Objet: h.Objet, Run: h.Run, Build: r.build, Evenements: h.Evenements, Issue: opco.RejeuDeterministe}
	lue, err := lireHistoire(h.Octets)
	if err != nil || len(lue.GetEvents()) == 0 {
		v.Issue, v.Detail = opco.RejeuIllisible, "elle est vide ou abîmée"
		return v
	}
	v.Evenements = len(lue.Events)
	if len(lue.Events) < sansTravail {
		return v
	}
	muet := tlog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	err = r.rejoueur.ReplayWorkflowHistoryWithOptions(muet, lue, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: h.Objet, RunID: h.Run}})
	if err != nil {
		expliquer(&v, err, lue.Events)
	}
	return v
}

var (
	ecartCommande = regexp.MustCompile(`history event is (\w+): (.*?), replay command is (\w+):`)
	ecartManque   = regexp.MustCompile(`missing replay command for (\w+): (.*)`)
	ecartDeTrop   = regexp.MustCompile(`extra replay command for (\w+):`)
	ecartPosition = regexp.MustCompile(`a matching (\w+) command was expected in history event position (\w+)`)
	ecartActivite = regexp.MustCompile(`code executed local activity (\S+), but history event found (\S+),`)
	ecartVersion  = regexp.MustCompile(`Workflow code (?:removed support|is too old)|change ID is not supported`)
	ecartFin      = regexp.MustCompile(`doesn't return the same result as the last event`)
	ecartType     = regexp.MustCompile(`unable to find workflow type: (\w+)`)
	numeroDit     = regexp.MustCompile(`[( ]EventId:(\d+)`)
	minuterieDite = regexp.MustCompile(`TimerId:(\w+)`)
)

// expliquer reads where and how a replay diverged in the words of the SDK.
func expliquer(v *opco.Rejeu, err error, evs []*history.HistoryEvent) {
	v.Issue, v.Classe = opco.RejeuDivergent, opco.ClasseRejeuInconnu
	var dit error = err
	for e := errors.Unwrap(err); e != nil; e = errors.Unwrap(e) {
		dit = e
	}
	m := dit.Error()
	if !strings.Contains(m, "[TMPRL1100]") {
		m = err.Error()
	}
	v.Detail = opco.Epurer(m)
	switch {
	case trouver(ecartCommande, m, func(x []string) { v.Attendu, v.Trouve = x[1], x[3]; v.Evenement = situer(evs, x[1], x[2]) }):
		v.Classe = opco.ClasseCommande
	case trouver(ecartManque, m, func(x []string) { v.Attendu = x[1]; v.Evenement = situer(evs, x[1], x[2]) }):
		v.Classe = opco.ClasseManque
	case trouver(ecartDeTrop, m, func(x []string) { v.Trouve = x[1] }):
		v.Classe = opco.ClasseDeTrop
	case trouver(ecartPosition, m, func(x []string) { v.Attendu, v.Evenement = x[1], situerID(evs, x[2]) }):
		v.Classe = opco.ClasseManque
	case trouver(ecartActivite, m, func(x []string) { v.Trouve, v.Attendu = x[1], x[2] }):
		v.Classe = opco.ClasseActivite
	case trouver(ecartVersion, m, nil):
		v.Classe = opco.ClasseVersion
	case trouver(ecartType, m, func(x []string) { v.Attendu = x[1] }):
		v.Classe = opco.ClasseProcedure
	case trouver(ecartFin, m, nil):
		v.Classe, v.Attendu, v.Evenement = opco.ClasseFin, evs[len(evs)-1].GetEventType().String(), int64(len(evs))
	case strings.Contains(strings.ToLower(m), "panic"):
		v.Classe = opco.ClassePanique
	}
}

func trouver(re *regexp.Regexp, s string, lire func([]string)) bool {
	x := re.FindStringSubmatch(s)
	if x != nil && lire != nil {
		lire(x)
	}
	return x != nil
}

// situerID finds the event that began the timer or the deed of that id.
func situerID(evs []*history.HistoryEvent, id string) int64 {
	for _, e := range evs {
		if e.GetTimerStartedEventAttributes().GetTimerId() == id || e.GetActivityTaskScheduledEventAttributes().GetActivityId() == id {
			return e.GetEventId()
		}
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// situer finds the event that the SDK describes: by its number when it says it, else the
// first of that type with the same timer, else the first of that type.
func situer(evs []*history.HistoryEvent, nom, dit string) int64 {
	if x := numeroDit.FindStringSubmatch(dit); x != nil {
		n, _ := strconv.ParseInt(x[1], 10, 64)
		return n
	}
	minuterie := minuterieDite.FindStringSubmatch(dit)
	premier := int64(0)
	for _, e := range evs {
		if e.GetEventType().String() != nom {
			continue
		}
		id := e.GetTimerStartedEventAttributes().GetTimerId() + e.GetTimerCanceledEventAttributes().GetTimerId()
		if minuterie != nil && id == minuterie[1] {
			return e.GetEventId()
		}
		if premier == 0 {
			premier = e.GetEventId()
		}
	}
	return premier
}
