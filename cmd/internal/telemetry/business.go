package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guichet/store"
)

// Business gives the measures of the trade, read from the database when Prometheus asks,
// and kept for a while: however often it asks, the base is asked four times a minute.
type Business struct {
	// Read is what the base says now.
	Read func(context.Context) ([]store.Releve, error)

	mu   sync.Mutex
	read []store.Releve
	at   time.Time
	ok   bool
}

// cache is how long what was read is given again.
const cache = 15 * time.Second

// delay is how long reading may take before the measures are given as absent.
const delay = 5 * time.Second

var descBase = prometheus.NewDesc("guichet_base_lisible", "1 si les mesures du métier ont pu être lues dans la base, 0 sinon.", nil, nil)

// Measures lists every measure of the trade: its name, its label ("" for none), its words.
func Measures() []store.Jauge { return store.Jauges }

func descOf(m store.Jauge) *prometheus.Desc {
	if m.Etiquette == "" {
		return prometheus.NewDesc(m.Nom, m.Aide, nil, nil)
	}
	return prometheus.NewDesc(m.Nom, m.Aide, []string{m.Etiquette}, nil)
}

// Describe announces the measures of the trade.
func (b *Business) Describe(out chan<- *prometheus.Desc) {
	out <- descBase
	for _, m := range Measures() {
		out <- descOf(m)
	}
}

// Collect reads them, or gives what was read a moment ago. A base that does not answer
// gives none, and says so: a measure that is old would lie.
func (b *Business) Collect(out chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.at) > cache {
		ctx, cancel := context.WithTimeout(context.Background(), delay)
		defer cancel()
		var err error
		b.read, err = b.Read(ctx)
		b.at, b.ok = time.Now(), err == nil
	}
	out <- prometheus.MustNewConstMetric(descBase, prometheus.GaugeValue, truth(b.ok))
	if !b.ok {
		return
	}
	descs := map[string]store.Jauge{}
	for _, m := range Measures() {
		descs[m.Nom] = m
	}
	for _, r := range b.read {
		m, known := descs[r.Mesure]
		if !known {
			continue
		}
		if m.Etiquette == "" {
			out <- prometheus.MustNewConstMetric(descOf(m), prometheus.GaugeValue, r.Valeur)
			continue
		}
		out <- prometheus.MustNewConstMetric(descOf(m), prometheus.GaugeValue, r.Valeur, r.Etiquette)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
