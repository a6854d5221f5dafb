package telemetry

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Tracer writes where the time went, from the click to the journal and to the mail. The
// trace of an acte is kept in its row of the inbox, so that it survives the engine, the
// relay and a restart.
type Tracer struct {
	trace.Tracer
	// On says that traces are collected: what costs a read of the base is done only then.
	On   bool
	stop func(context.Context) error
}

// NewTracer sends the traces of service to url, the share of them that rate says; nowhere
// and for nothing when url is "".
func NewTracer(ctx context.Context, url, service, version string, rate float64) (*Tracer, error) {
	if url == "" {
		return &Tracer{Tracer: noop.NewTracerProvider().Tracer(""), stop: func(context.Context) error { return nil }}, nil
	}
	out, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(url), otlptracehttp.WithTimeout(5*time.Second))
	if err != nil {
		return nil, fmt.Errorf("preparing the traces: %w", err)
	}
	return tracerTo(sdk.NewBatchSpanProcessor(out), service, version, rate), nil
}

func tracerTo(p sdk.SpanProcessor, service, version string, rate float64) *Tracer {
	who := resource.NewSchemaless(attribute.String("service.name", service), attribute.String("service.version", version))
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(p), sdk.WithResource(who), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(rate))))
	return &Tracer{Tracer: provider.Tracer("guichet"), On: true, stop: provider.Shutdown}
}

// Close sends what waits.
func (t *Tracer) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = t.stop(ctx)
}

// Follow puts ctx in the trace that parent names (the header of W3C trace context, as a
// row of the inbox keeps it); "" or what cannot be read begins another one.
func Follow(ctx context.Context, parent string) context.Context {
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
}
