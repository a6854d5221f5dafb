package telemetry

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Requests measures and traces the requests of the counter.
type Requests struct {
	durations *prometheus.HistogramVec
	streams   prometheus.Gauge
	tracer    trace.Tracer
}

// NewRequests registers the measures of requests.
func NewRequests(r prometheus.Registerer, t trace.Tracer) *Requests {
	q := &Requests{
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "guichet_http_requete_seconds",
			Help:    "Durée des requêtes, par route (jamais le chemin) et classe de réponse ; sans les flux d’événements.",
			Buckets: []float64{.005, .02, .05, .1, .3, 1, 3, 10}}, []string{"methode", "route", "statut"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "guichet_http_requetes_en_cours", Help: "Requêtes et flux d’événements ouverts."}),
		tracer:  t,
	}
	r.MustRegister(q.durations, q.streams)
	return q
}

// Begin is called when a request is known by its route; done when it is answered, with
// its status and whether it was a stream of events, which lasts as long as its reader.
func (q *Requests) Begin(r *http.Request, route string) (ctx context.Context, done func(status int, stream bool)) {
	start := time.Now()
	q.streams.Inc()
	ctx = propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := q.tracer.Start(ctx, r.Method+" "+route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", r.Method), attribute.String("http.route", route)))
	return ctx, func(status int, stream bool) {
		q.streams.Dec()
		if !stream {
			q.durations.WithLabelValues(r.Method, route, strconv.Itoa(status/100)+"xx").Observe(time.Since(start).Seconds())
		}
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}
