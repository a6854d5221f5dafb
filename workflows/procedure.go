// Package workflows holds the procedures of the house: Dossier, Compte, Lot, and the
// order of their inbox. A procedure decides when and in what order; opco says
// what is allowed; activities do it. Client is the only door to Temporal. No
// I/O, no clock and no chance here: workflowcheck proves it.
package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
	"guichet/opco"
)

// Signals and queries that a procedure understands. One signal name carries
// every acte, because order between two names would be lost.
const (
	SignalActe    = "acte"
	SignalHorloge = "horloge"
	QueryEtat     = "etat"
)

// Suite is what a run of a procedure starts from, the first as well as each
// continue-as-new: where the object stands, and the messages that came early.
type Suite struct {
	Depart   opco.Depart `json:"depart"`
	EnAvance []Message   `json:"en_avance,omitempty"`
}

// patience is how long a procedure lets an acte that was received in time, but
// has not reached it yet, hold back an échéance before it asks again.
const patience = 2 * time.Second

// panne is the pace of new tries while the database stays down.
const panne = 10 * time.Second

// procedure is the running state that every object shares. Rules are not here.
type procedure struct {
	objet    string
	rang     int64
	resume   opco.Resume
	decalage time.Duration
	inbox    Inbox
	actes    workflow.ReceiveChannel
	horloge  workflow.ReceiveChannel
	log      log.Logger
}

// ouvrir sets the procedure up from where its object stands, and registers its
// handlers before anything can wait.
func ouvrir(ctx workflow.Context, s Suite) (*procedure, error) {
	p := &procedure{
		objet: s.Depart.Objet, rang: s.Depart.Rang, resume: s.Depart.Resume, decalage: s.Depart.Decalage,
		inbox:   Inbox{Prochain: s.Depart.Prochain, EnAvance: s.EnAvance},
		actes:   workflow.GetSignalChannel(ctx, SignalActe),
		horloge: workflow.GetSignalChannel(ctx, SignalHorloge),
		log:     workflow.GetLogger(ctx),
	}
	err := workflow.SetQueryHandler(ctx, QueryEtat, func() (opco.Issue, error) {
		return opco.Issue{Rang: p.rang, Resume: p.resume, Decalage: p.decalage}, nil
	})
	return p, err
}

// suite is what the next run starts from.
func (p *procedure) suite() Suite {
	return Suite{
		Depart:   opco.Depart{Objet: p.objet, Rang: p.rang, Prochain: p.inbox.Prochain, Resume: p.resume, Decalage: p.decalage},
		EnAvance: p.inbox.EnAvance,
	}
}

// maintenant is business time: the engine's clock plus the test offset.
func (p *procedure) maintenant(ctx workflow.Context) time.Time {
	return workflow.Now(ctx).Add(p.decalage)
}

// vider takes in every signal that is already here.
func (p *procedure) vider() {
	var m Message
	for p.actes.ReceiveAsync(&m) {
		p.inbox.Offrir(m)
		m = Message{}
	}
	var d time.Duration
	for p.horloge.ReceiveAsync(&d) {
		p.decalage = d
	}
}

// calme reports whether nothing waits to be applied.
func (p *procedure) calme() bool {
	_, message := p.inbox.Voir()
	return !message && p.actes.Len() == 0 && p.horloge.Len() == 0
}

// repos is how long an object must be left alone before its procedure continues
// as new: a signal that lands while it does would fail the task and slow down
// the person who sent it.
const repos = 5 * time.Second

// seRepose waits until the object has been left alone for a while. It answers
// false when something came, or when an échéance is too near.
func (p *procedure) seRepose(ctx workflow.Context) (bool, error) {
	if p.vider(); !p.calme() {
		return false, nil
	}
	if es := p.resume.Echeances; len(es) > 0 && es[0].Le.Sub(p.maintenant(ctx)) <= repos {
		return false, nil
	}
	reveille, err := workflow.AwaitWithTimeout(ctx, repos, p.nouveau)
	return !reveille && p.calme(), err
}

// nouveau reports whether a signal waits to be taken in.
func (p *procedure) nouveau() bool { return p.actes.Len() > 0 || p.horloge.Len() > 0 }

// demeurer applies what comes, in order, for as long as the object stays in one
// of the états.
func (p *procedure) demeurer(ctx workflow.Context, etats ...opco.Etat) error {
	for slices.Contains(etats, p.resume.Etat) {
		if err := p.avancer(ctx); err != nil {
			return err
		}
	}
	return nil
}

// avancer does one thing: the échéance that is due, or the next acte, or wait
// for either. An échéance goes before the actes received after it.
func (p *procedure) avancer(ctx workflow.Context) error {
	p.vider()
	m, message := p.inbox.Voir()
	if e, due := p.prochaine(ctx, m, message); due {
		fait, err := p.echoir(ctx, e)
		if err != nil || fait {
			return err
		}
		if !message {
			return p.attendre(ctx, p.maintenant(ctx).Add(patience))
		}
	}
	if message {
		return p.appliquer(ctx, m)
	}
	if len(p.resume.Echeances) == 0 {
		return p.attendre(ctx, time.Time{})
	}
	return p.attendre(ctx, p.resume.Echeances[0].Le)
}

// prochaine returns the first échéance when it has come, or when the next
// message was received after it.
func (p *procedure) prochaine(ctx workflow.Context, m Message, message bool) (opco.Echeance, bool) {
	if len(p.resume.Echeances) == 0 {
		return opco.Echeance{}, false
	}
	e := p.resume.Echeances[0]
	if message {
		return e, !e.Le.After(m.Le)
	}
	return e, !e.Le.After(p.maintenant(ctx))
}

// attendre waits for a signal, or for business time to reach echeance. A zero
// echeance waits for a signal only. Its error is a cancellation.
func (p *procedure) attendre(ctx workflow.Context, echeance time.Time) error {
	if echeance.IsZero() {
		return workflow.Await(ctx, p.nouveau)
	}
	_, err := workflow.AwaitWithTimeout(ctx, max(echeance.Sub(p.maintenant(ctx)), time.Millisecond), p.nouveau)
	return err
}

// echoir records an échéance. It answers false when an acte received before it
// has not been applied yet: that acte goes first, wherever it is.
func (p *procedure) echoir(ctx workflow.Context, e opco.Echeance) (bool, error) {
	issue, err := p.record(ctx, opco.Demarche{Objet: p.objet, Rang: p.rang + 1, Echeance: &e})
	if err != nil || issue.Verdict == opco.VerdictRecu {
		return false, err
	}
	p.adopter(issue)
	return true, nil
}

// appliquer records the next acte: applied or refused, it has its verdict.
func (p *procedure) appliquer(ctx workflow.Context, m Message) error {
	issue, err := p.record(ctx, opco.Demarche{Objet: p.objet, Rang: p.rang + 1, ActeID: m.ID})
	if err != nil {
		return err
	}
	p.inbox.Prendre()
	p.adopter(issue)
	return nil
}

func (p *procedure) adopter(i opco.Issue) {
	p.rang, p.resume = i.Rang, i.Resume
	p.decalage = i.Decalage
}

// record runs the deed in the same workflow task, again at once while the
// database hiccups, then at a slower pace for as long as it takes: an object
// must outlive a database that is down. Its error is a cancellation.
func (p *procedure) record(ctx workflow.Context, dem opco.Demarche) (opco.Issue, error) {
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: duree(p.resume.Nombre, 15*time.Second), ScheduleToCloseTimeout: duree(p.resume.Nombre, 30*time.Second),
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 2,
			MaximumInterval: 2 * time.Second},
	})
	var a *activities.Journal
	for {
		var issue opco.Issue
		err := workflow.ExecuteLocalActivity(local, a.Record, dem).Get(ctx, &issue)
		if err == nil || ctx.Err() != nil {
			return issue, err
		}
		p.log.Warn("step not recorded yet", "rang", dem.Rang, "error", err)
		if err := workflow.Sleep(ctx, panne); err != nil {
			return issue, err
		}
	}
}

// cleEtat is the search attribute that lets ops select objects by état.
var cleEtat = temporal.NewSearchAttributeKeyKeyword("GuichetEtat")

// annoncer tells the engine's own console where the object stands.
func (p *procedure) annoncer(ctx workflow.Context, etape string) {
	if err := workflow.UpsertTypedSearchAttributes(ctx, cleEtat.ValueSet(string(p.resume.Etat))); err != nil {
		p.log.Warn("search attribute not set", "error", err)
	}
	workflow.SetCurrentDetails(ctx, etape)
}
