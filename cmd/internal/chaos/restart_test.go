package chaos

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guichet/opco"
)

// restarts is how often the engine is killed at least.
const restarts = 10

// engineLoop is an engine that is killed as soon as it is back, under traffic.
func engineLoop() fault {
	var f *traffic
	over, ended := make(chan struct{}), make(chan error, 1)
	return fault{name: fmt.Sprintf("Temporal tué %d fois de suite au moins, sous trafic", restarts),
		inject: func(k *stack) {
			f = k.flow(3)
			k.Cleanup(func() { _ = post(context.Background(), k.control+"/relancer/temporal", nil) })
			go func() { ended <- k.loop("temporal", 3*time.Second, 5*time.Second, over) }()
		},
		nature: opco.IncidentMoteur, titre: "s’arrête et repart sans cesse", conseil: "Lisez le journal de Temporal", objets: 1,
		also: func(g group) bool { return g.Nature == opco.IncidentMoteur || g.Nature == opco.IncidentActe },
		heal: func(k *stack, _ group) string {
			close(over)
			if err := <-ended; err != nil {
				k.Error(err)
			}
			f.halt()
			return "Temporal laissé debout"
		},
		after: func(*stack) { f.check() }}
}

// An engine that stops again and again delays people and loses nothing; the console tells it
// from one that is away.
func TestMoteurEnBoucle(t *testing.T) { openStack(t, true).contract(engineLoop()) }

// loop kills a part again and again, each time down for a while then up for a while, until over
// is closed and it was killed often enough.
func (k *stack) loop(part string, down, up time.Duration, over chan struct{}) error {
	for n := 0; ; n++ {
		select {
		case <-over:
			if n >= restarts {
				k.Logf("%s was killed %d times", part, n)
				return nil
			}
		default:
		}
		if err := post(k.Context(), fmt.Sprintf("%s/tuer/%s?relancer=1&apres=%s", k.control, part, down), nil); err != nil {
			return err
		}
		time.Sleep(up)
	}
}
