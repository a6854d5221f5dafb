package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"guichet/opco"
	"guichet/workflows"
)

// memory is what parts hold when that many dossiers are open.
type memory struct {
	Open    int
	RSS     map[string]int64 // of each part, kB
	Seeding time.Duration
}

// measureMemory opens procedures up to each of the numbers, at rest, and reads what the
// parts hold once they have had time to settle.
func (s *stack) measureMemory(ctx context.Context, numbers []int) ([]memory, error) {
	var all []memory
	open := 0
	for _, n := range numbers {
		start := time.Now()
		if err := s.open(ctx, open, n); err != nil {
			return all, err
		}
		open = n
		took := time.Since(start)
		select {
		case <-time.After(settle):
		case <-ctx.Done():
			return all, ctx.Err()
		}
		ps, err := s.parts(ctx)
		if err != nil {
			return all, err
		}
		m := memory{Open: n, RSS: map[string]int64{}, Seeding: took}
		for _, p := range ps {
			m.RSS[p.Name] = p.RSS
		}
		slog.Info("memory", "open", n, "rss", m.RSS, "seeding", took)
		all = append(all, m)
	}
	return all, nil
}

const settle = 15 * time.Second

// open starts the procedures from to n, of dossiers that wait for a gestionnaire with one
// délai before them. The engine and the workers hold them as they hold any other; the base
// does not know them, and is not asked for them while nothing comes.
func (s *stack) open(ctx context.Context, from, n int) error {
	return each(n-from, atOnce, func(i int) error {
		objet := opco.ObjetDossier(uuid.NewString())
		depart := opco.Depart{Objet: objet, Rang: 2, Prochain: 3, Resume: opco.Resume{Etat: opco.EtatTransmise,
			Echeances: []opco.Echeance{{Type: opco.ActeRelancer, Le: time.Now().AddDate(0, 0, 10)}}}}
		_, err := s.engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: objet, TaskQueue: workflows.QueueDossier},
			workflows.Dossier, workflows.Suite{Depart: depart})
		return err
	})
}
