package main

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"guichet/activities"
	"guichet/cmd/internal/telemetry"
	"guichet/opco"
)

// journal is what writes the steps of the procedures, each in the trace of its acte when
// traces are collected.
func (a *atelier) journal() *activities.Journal {
	if !a.traceur.On {
		return &activities.Journal{Memoire: a.store}
	}
	return &activities.Journal{Memoire: memoireSuivie{a}}
}

// memoireSuivie is the memory, seen from the traces.
type memoireSuivie struct{ a *atelier }

// Record writes a step, and how long it took.
func (m memoireSuivie) Record(ctx context.Context, d opco.Demarche) (opco.Issue, error) {
	parent := ""
	if d.ActeID != "" {
		parent = m.a.lireTrace(ctx, m.a.store.TraceActe, d.ActeID)
	}
	genre, _, _ := strings.Cut(d.Objet, "/")
	ctx, span := m.a.traceur.Start(telemetry.Follow(ctx, parent), "journal "+genre, trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("guichet.objet", d.Objet), attribute.Int64("guichet.rang", d.Rang), attribute.String("guichet.acte", d.ActeID)))
	issue, err := m.a.store.Record(ctx, d)
	span.SetAttributes(attribute.String("guichet.verdict", string(issue.Verdict)))
	clore(span, err)
	return issue, err
}

// suivreCourrier follows the lines of the outbox in the traces of the actes that they
// tell about; nil when no trace is collected.
func (a *atelier) suivreCourrier() func(context.Context, string) (context.Context, func(error)) {
	if !a.traceur.On {
		return nil
	}
	return func(ctx context.Context, id string) (context.Context, func(error)) {
		ctx, span := a.traceur.Start(telemetry.Follow(ctx, a.lireTrace(ctx, a.store.TraceCourrier, id)), "courrier",
			trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attribute.String("guichet.courrier", id)))
		return ctx, func(err error) { clore(span, err) }
	}
}

// lireTrace reads the trace to follow. One that cannot be read begins another: what is
// traced matters more than its trace.
func (a *atelier) lireTrace(ctx context.Context, lire func(context.Context, string) (string, error), id string) string {
	parent, err := lire(ctx, id)
	if err != nil {
		a.log.DebugContext(ctx, "trace not read", "id", id, "error", err)
	}
	return parent
}

// clore ends a span; of a failure it keeps that there was one: its words may name people.
func clore(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
