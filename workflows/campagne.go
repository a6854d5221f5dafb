package workflows

import (
	"context"
	"sync"

	"guichet/opco"
)

// Campagne replays a whole class of objects before a deploy: the last run of each, the
// one that a new build would go on with.
type Campagne struct {
	Archives *Archiviste
	// Objets gives the next ids after one, "" for the first, and none at the end: ids of
	// our own base.
	Objets func(ctx context.Context, apres string) ([]string, error)
	// Rejouer replays one run: by this build, or by another.
	Rejouer func(ctx context.Context, h opco.Histoire) (opco.Rejeu, error)
	// Progres is told the bilan from time to time; its error stops the campaign.
	Progres func(ctx context.Context, b opco.BilanRejeux) error
	Total   int64
}

// enParallele is how many histories are replayed at once: memory holds no more.
const enParallele = 2

// Mener replays the class and returns what came of it. Its error means that the engine or
// the base stopped answering: the bilan then tells what had been replayed.
func (c *Campagne) Mener(ctx context.Context) (opco.BilanRejeux, error) {
	b := opco.BilanRejeux{Total: c.Total}
	apres := ""
	for {
		objets, err := c.Objets(ctx, apres)
		if err != nil || len(objets) == 0 {
			return b, err
		}
		if err := c.tranche(ctx, objets, &b); err != nil {
			return b, err
		}
		apres = objets[len(objets)-1]
		if err := c.Progres(ctx, b); err != nil {
			return b, err
		}
	}
}

func (c *Campagne) tranche(ctx context.Context, objets []string, b *opco.BilanRejeux) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	file := make(chan string)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range enParallele {
		wg.Go(func() {
			for objet := range file {
				r, err := c.un(ctx, objet)
				if err != nil {
					stop(err)
					return
				}
				mu.Lock()
				b.Ajouter(r)
				mu.Unlock()
			}
		})
	}
	for _, objet := range objets {
		select {
		case file <- objet:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(file)
	wg.Wait()
	return context.Cause(ctx)
}

func (c *Campagne) un(ctx context.Context, objet string) (opco.Rejeu, error) {
	h, copie, ok, err := c.Archives.Dernier(ctx, objet)
	if err != nil {
		return opco.Rejeu{}, err
	}
	if !ok {
		return opco.Rejeu{Objet: objet, Issue: opco.RejeuAbsent}, nil
	}
	r, err := c.Rejouer(ctx, h)
	r.Copie = copie
	return r, err
}
