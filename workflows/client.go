package workflows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"guichet/opco"
)

// Task queues, one per failure domain.
const (
	QueueDossier = "dossier"
	QueueBanque  = "banque"
	QueueCompte  = "compte"
)

// tache is how long the engine waits for a worker that holds a step before it
// gives the step to another: a worker that dies delays its dossiers by no more.
const tache = 3 * time.Second

// Departs gives what a procedure starts from. store.Store is one.
type Departs interface {
	Depart(ctx context.Context, objet string) (opco.Depart, error)
}

// Client is the only door to Temporal. Its calls wake a procedure up; the record
// of what was asked is in the inbox, so each may fail, or be made twice.
type Client struct {
	Temporal  client.Client
	Departs   Departs
	Namespace string // for what the ops staff asks of it
}

// Transmettre tells the procedure of a.Objet that the acte is in its inbox. The
// first acte of an object starts its procedure; an acte on an object whose
// procedure has ended starts it again from where the database has it.
func (c *Client) Transmettre(ctx context.Context, a opco.Acte) error {
	m := Message{Seq: a.Seq, ID: a.ID, Type: a.Type, Le: a.Le}
	err := c.Temporal.SignalWorkflow(ctx, a.Objet, "", SignalActe, m)
	if err == nil {
		return nil
	}
	if !estAbsent(err) {
		return fmt.Errorf("signalling %s: %w", a.Objet, err)
	}
	if err := c.demarrer(ctx, a.Objet, m); err != nil {
		return err
	}
	if err := c.Temporal.SignalWorkflow(ctx, a.Objet, "", SignalActe, m); err != nil && !estAbsent(err) {
		return fmt.Errorf("signalling %s: %w", a.Objet, err)
	}
	return nil
}

// Demarrer starts the procedure of an object from the database, unless one runs.
// Several starters at once make one run.
func (c *Client) Demarrer(ctx context.Context, objet string) error { return c.demarrer(ctx, objet) }

// demarrer starts the procedure with what it is started for: one whose object
// has ended would otherwise be over before the signal comes.
func (c *Client) demarrer(ctx context.Context, objet string, ms ...Message) error {
	d, err := c.Departs.Depart(ctx, objet)
	if err != nil {
		return fmt.Errorf("starting %s: %w", objet, err)
	}
	ms = slices.DeleteFunc(ms, func(m Message) bool { return m.Seq < d.Prochain })
	procedure, queue := procedureDe(objet)
	_, err = c.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: objet, TaskQueue: queue, WorkflowTaskTimeout: tache,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            objet,
	}, procedure, Suite{Depart: d, EnAvance: ms})
	if err != nil {
		return fmt.Errorf("starting %s: %w", objet, err)
	}
	return nil
}

// procedureDe is the procedure of an object, and the queue that its worker serves.
func procedureDe(objet string) (procedure any, queue string) {
	switch {
	case strings.HasPrefix(objet, "lot/"):
		return Lot, QueueBanque
	case strings.HasPrefix(objet, "compte/"):
		return Compte, QueueCompte
	case strings.HasPrefix(objet, "indu/"):
		return Indu, QueueDossier
	}
	return Dossier, QueueDossier
}

// Reveiller tells a procedure that business time has moved.
func (c *Client) Reveiller(ctx context.Context, objet string, decalage time.Duration) error {
	err := c.Temporal.SignalWorkflow(ctx, objet, "", SignalHorloge, decalage)
	if estAbsent(err) {
		return c.Demarrer(ctx, objet)
	}
	if err != nil {
		return fmt.Errorf("waking %s: %w", objet, err)
	}
	return nil
}
