package telemetry

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

// Engine keeps the measures of Temporal's SDK for Prometheus. It is a collector that
// announces nothing beforehand: the SDK names its measures as it goes, with tags that
// differ from one place to another; a tag that a series has not is empty there.
type Engine struct {
	mu     sync.Mutex
	series map[string]*serie
	names  map[string]map[string]bool // tags seen under each name
}

// serie is one measure with its tags. A histogram has bounds.
type serie struct {
	name   string
	tags   map[string]string
	kind   prometheus.ValueType // 0: a histogram
	value  float64
	counts []uint64 // of each bound, not cumulated
	count  uint64
}

// bounds are in seconds: a step of a dossier takes milliseconds, one that waits for a
// worker takes as long as the outage.
var bounds = []float64{.005, .02, .05, .1, .3, 1, 3, 10, 60, 600}

// seriesMax bounds what the SDK can make of tags that nobody foresaw.
const seriesMax = 5000

// NewEngine returns an Engine with nothing measured yet.
func NewEngine() *Engine {
	return &Engine{series: map[string]*serie{}, names: map[string]map[string]bool{}}
}

// Handler is what the options of a client of Temporal take.
func (e *Engine) Handler() client.MetricsHandler { return engineTags{engine: e} }

// update changes one series under the lock, and makes it first when it is new.
func (e *Engine) update(name string, tags map[string]string, kind prometheus.ValueType, change func(*serie)) {
	var key strings.Builder
	key.WriteString(name)
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		key.WriteString("\x00" + k + "\x00" + tags[k])
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.series[key.String()]
	if s == nil {
		if len(e.series) >= seriesMax {
			return
		}
		s = &serie{name: name, tags: tags, kind: kind, counts: make([]uint64, len(bounds))}
		e.series[key.String()] = s
		if e.names[name] == nil {
			e.names[name] = map[string]bool{}
		}
		for k := range tags {
			e.names[name][k] = true
		}
	}
	change(s)
}

func (s *serie) observe(v float64) {
	s.value += v
	s.count++
	if i, _ := slices.BinarySearch(bounds, v); i < len(bounds) {
		s.counts[i]++
	}
}

// Describe announces nothing.
func (e *Engine) Describe(chan<- *prometheus.Desc) {}

// Collect gives every series as it stands.
func (e *Engine) Collect(out chan<- prometheus.Metric) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.series {
		labels := slices.Sorted(maps.Keys(e.names[s.name]))
		values := make([]string, len(labels))
		for i, l := range labels {
			values[i] = s.tags[l]
		}
		name := s.name
		switch s.kind {
		case prometheus.CounterValue:
			name += "_total"
		case 0:
			name += "_seconds"
		}
		desc := prometheus.NewDesc(name, "Mesure du SDK de Temporal.", labels, nil)
		if s.kind != 0 {
			out <- prometheus.MustNewConstMetric(desc, s.kind, s.value, values...)
			continue
		}
		buckets, total := map[float64]uint64{}, uint64(0)
		for i, b := range bounds {
			total += s.counts[i]
			buckets[b] = total
		}
		out <- prometheus.MustNewConstHistogram(desc, s.count, s.value, buckets, values...)
	}
}

// engineTags is the handler of the SDK under some tags.
type engineTags struct {
	engine *Engine
	tags   map[string]string
}

// WithTags adds tags to those that are there.
func (h engineTags) WithTags(tags map[string]string) client.MetricsHandler {
	all := maps.Clone(h.tags)
	if all == nil {
		all = map[string]string{}
	}
	for k, v := range tags {
		all[strings.NewReplacer("-", "_", ".", "_").Replace(k)] = v
	}
	return engineTags{h.engine, all}
}

// Counter returns what counts name.
func (h engineTags) Counter(name string) client.MetricsCounter {
	return counter(func(n int64) {
		h.engine.update(name, h.tags, prometheus.CounterValue, func(s *serie) { s.value += float64(n) })
	})
}

// Gauge returns what holds name.
func (h engineTags) Gauge(name string) client.MetricsGauge {
	return gauge(func(v float64) { h.engine.update(name, h.tags, prometheus.GaugeValue, func(s *serie) { s.value = v }) })
}

// Timer returns what times name.
func (h engineTags) Timer(name string) client.MetricsTimer {
	return timer(func(d time.Duration) { h.engine.update(name, h.tags, 0, func(s *serie) { s.observe(d.Seconds()) }) })
}

type (
	counter func(int64)
	gauge   func(float64)
	timer   func(time.Duration)
)

// Inc adds.
func (c counter) Inc(n int64) { c(n) }

// Update sets.
func (g gauge) Update(v float64) { g(v) }

// Record observes.
func (t timer) Record(d time.Duration) { t(d) }
