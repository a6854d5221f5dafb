package telemetry

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"guichet/store"
)

// get asks h, and returns its status and its body.
func get(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// TestProbe: what a process cannot do without makes it not ready, what it notes does not,
// and neither says why to whoever asks; one that leaves lives but is not ready.
func TestProbe(t *testing.T) {
	down := errors.New("password authentication failed for user \"guichet\" at 10.1.2.3")
	ok := func(context.Context) error { return nil }
	no := func(context.Context) error { return down }
	tests := []struct {
		name         string
		checks, note func(context.Context) error
		leave        bool
		status       int
		says         []string
	}{
		{"all is there", ok, ok, false, 200, []string{`"pret":true`, `"base":"oui"`, `"moteur":"oui"`}},
		{"the engine is away", ok, no, false, 200, []string{`"pret":true`, `"moteur":"non"`}},
		{"the base is away", no, ok, false, 503, []string{`"pret":false`, `"base":"non"`}},
		{"it leaves", ok, ok, true, 503, []string{`"pret":false`, `"retrait":true`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &Probe{Checks: map[string]func(context.Context) error{"base": tt.checks}, Notes: map[string]func(context.Context) error{"moteur": tt.note}}
			if tt.leave {
				p.Leave()
			}
			h := p.Handler(prometheus.NewRegistry())
			status, body := get(h, "/pret")
			if status != tt.status || strings.Contains(body, "10.1.2.3") {
				t.Errorf("got %d %s, want %d and no address", status, body, tt.status)
			}
			for _, s := range tt.says {
				if !strings.Contains(body, s) {
					t.Errorf("got %s, want it to say %s", body, s)
				}
			}
			if status, _ := get(h, "/sante"); status != 200 {
				t.Errorf("/sante: got %d, want 200", status)
			}
		})
	}
}

// TestEngineGivesWhatTheSDKMeasures: one name with tags that differ is one family that
// Prometheus can read, times are in seconds and cumulated.
func TestEngineGivesWhatTheSDKMeasures(t *testing.T) {
	e := NewEngine()
	h := e.Handler().WithTags(map[string]string{"namespace": "guichet"})
	h.Counter("temporal_request").Inc(2)
	h.WithTags(map[string]string{"operation": "Poll"}).Counter("temporal_request").Inc(3)
	h.Gauge("temporal_num_pollers").Update(4)
	h.Timer("temporal_request_latency").Record(30 * time.Millisecond)
	h.Timer("temporal_request_latency").Record(2 * time.Second)
	r := prometheus.NewRegistry()
	r.MustRegister(e)
	_, body := get((&Probe{}).Handler(r), "/metrics")
	for _, want := range []string{
		`temporal_request_total{namespace="guichet",operation=""} 2`,
		`temporal_request_total{namespace="guichet",operation="Poll"} 3`,
		`temporal_num_pollers{namespace="guichet"} 4`,
		`temporal_request_latency_seconds_bucket{namespace="guichet",le="0.05"} 1`,
		`temporal_request_latency_seconds_bucket{namespace="guichet",le="3"} 2`,
		`temporal_request_latency_seconds_count{namespace="guichet"} 2`,
		`temporal_request_latency_seconds_sum{namespace="guichet"} 2.03`,
	} {
		if !strings.Contains(body, want+"\n") {
			t.Errorf("want %s in\n%s", want, body)
		}
	}
}

// TestBusinessIsReadOnceForMany: Prometheus may ask as often as it likes, and a base that
// does not answer gives no old figure.
func TestBusinessIsReadOnceForMany(t *testing.T) {
	reads, down := 0, false
	b := &Business{Read: func(context.Context) ([]store.Releve, error) {
		if reads++; down {
			return nil, errors.New("down")
		}
		return []store.Releve{{Mesure: "guichet_lots", Etiquette: "EN_REGLEMENT", Valeur: 3}, {Mesure: "guichet_inconnue", Valeur: 1}}, nil
	}}
	r := prometheus.NewRegistry()
	r.MustRegister(b)
	h := (&Probe{}).Handler(r)
	for range 3 {
		if _, body := get(h, "/metrics"); !strings.Contains(body, `guichet_lots{etat="EN_REGLEMENT"} 3`) || !strings.Contains(body, "guichet_base_lisible 1") {
			t.Fatalf("got\n%s", body)
		}
	}
	if reads != 1 {
		t.Errorf("the base was read %d times for three questions, want once", reads)
	}
	down, b.at = true, time.Time{}
	if _, body := get(h, "/metrics"); strings.Contains(body, "guichet_lots") || !strings.Contains(body, "guichet_base_lisible 0") {
		t.Errorf("with the base away, got\n%s", body)
	}
}

// TestRequestsByRoute: a route, never a path; a stream of events is no slow request; a
// span of the trace that the request came with, and its log line says which.
func TestRequestsByRoute(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	tracer := tracerTo(spans, "guichet-api", "v1", 1)
	r := prometheus.NewRegistry()
	q := NewRequests(r, tracer)
	req := httptest.NewRequest(http.MethodGet, "/api/dossiers/0197", nil)
	req.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	ctx, done := q.Begin(req, "/api/dossiers/:id")
	var line bytes.Buffer
	NewLogger(&line, "json").InfoContext(ctx, "request")
	done(503, false)
	_, stream := q.Begin(httptest.NewRequest(http.MethodGet, "/direct", nil), "/direct")
	stream(200, true)

	_, body := get((&Probe{}).Handler(r), "/metrics")
	if !strings.Contains(body, `guichet_http_requete_seconds_count{methode="GET",route="/api/dossiers/:id",statut="5xx"} 1`) || strings.Contains(body, "0197") {
		t.Errorf("got\n%s", body)
	}
	if strings.Contains(body, `route="/direct"`) {
		t.Error("the length of a stream is measured as that of a request")
	}
	ended := spans.Ended()
	if len(ended) != 2 || ended[0].Name() != "GET /api/dossiers/:id" || ended[0].Parent().SpanID().String() != "b7ad6b7169203331" {
		t.Fatalf("got spans %v", ended)
	}
	if !strings.Contains(line.String(), `"trace_id":"0af7651916cd43dd8448eb211c80319c"`) {
		t.Errorf("the log line is %s, want its trace", line.String())
	}
}

// TestNoTraceCostsNothing: without a collector no span is recorded, and no trace is kept.
func TestNoTraceCostsNothing(t *testing.T) {
	tr, err := NewTracer(t.Context(), "", "guichet-api", "v1", 1)
	if err != nil || tr.On {
		t.Fatalf("got %+v, %v", tr, err)
	}
	if _, span := tr.Start(t.Context(), "x"); span.IsRecording() {
		t.Error("a span is recorded for nobody")
	}
	tr.Close()
}
