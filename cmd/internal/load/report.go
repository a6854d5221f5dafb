package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is all that a run measured; a part that was not asked for is nil.
type report struct {
	Begun    time.Time
	Loads    []string // average load of the machine, before and after
	Flow     *flowResult
	Pressure *pressure
	Recovery []recovery
	Memory   []memory
}

// loadAverage is that of the machine over the last minute, "" where nothing says it.
func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first
}

func (r report) write(w io.Writer) {
	fmt.Fprintf(w, "# Banc du flux\n\n%s, %s. %d processeurs (%s), Go %s. Toute la pile et ce qui la sollicite sont sur cette machine. Charge : %s.\n",
		r.Begun.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.Begun).Round(time.Minute), runtime.NumCPU(), runtime.GOARCH,
		strings.TrimPrefix(runtime.Version(), "go"), strings.Join(r.Loads, " au début, ")+" à la fin")
	if r.Flow != nil {
		r.Flow.write(w)
	}
	if r.Pressure != nil {
		r.Pressure.write(w)
	}
	if len(r.Recovery) > 0 {
		writeRecovery(w, r.Recovery)
	}
	if len(r.Memory) > 0 {
		writeMemory(w, r.Memory)
	}
}

// broken lists the bounds of issue 6 that do not hold.
func (r report) broken() (list []string) {
	say := func(broken bool, format string, args ...any) {
		if broken {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	if f := r.Flow; f != nil {
		say(f.ratio() < floorRatio, "dossiers par seconde / plancher : %.2f < %.1f", f.ratio(), floorRatio)
		say(f.Shape.MaxEvents >= eventsMax, "événements d’un dossier : %d ≥ %d", f.Shape.MaxEvents, eventsMax)
	}
	if p := r.Pressure; p != nil {
		say(p.share() < goodputShare, "débit utile en surcharge / pic : %.2f < %.1f", p.share(), goodputShare)
		say(p.Overload.Mute > 0, "%d refus ne disent pas quand revenir", p.Overload.Mute)
		say(len(p.Overload.Other) > 0, "réponses autres qu’un refus poli : %v", p.Overload.Other)
		say(p.Lost > 0, "%d actes acquittés sont perdus", p.Lost)
		say(p.Normal == 0 || p.Normal > normalWithin, "retour à la normale : %s", p.Normal)
	}
	return list
}

func (r flowResult) ratio() float64 { return r.perSecond() / r.floorPerSecond() }

func (r flowResult) write(w io.Writer) {
	fmt.Fprintf(w, "\n## Vies entières\n\n| | dossiers | par seconde | processeur par dossier, ms |\n|---|---:|---:|---:|\n")
	fmt.Fprintf(w, "| Guichet, de la demande au paiement | %d | %.2f | %.0f |\n", r.Dossiers, r.perSecond(), perDossier(r.Cost.product(), r.Dossiers))
	n := r.FloorDossiers * len(r.Floors)
	fmt.Fprintf(w, "| plancher, avant et après | %d | %.2f (%s) | %.0f |\n", n, r.floorPerSecond(), r.floorsSaid(), perDossier(r.FloorCost.product()+r.FloorCost["banc"], n))
	fmt.Fprintf(w, "\n**%.2f × le plancher** (borne : %.1f). Un dossier tient en %.0f événements (%d au plus ; borne : %d) et %.1f Ko, en %.1f passages :\n"+
		"%.1f signaux, %.1f activités locales, %.1f minuteurs échus et %.1f annulés. Le plancher a %d, %d, %d et %d.\n",
		r.ratio(), floorRatio, r.Shape.Events, r.Shape.MaxEvents, eventsMax, r.Shape.Bytes/1024, r.Shape.Runs, r.Shape.Signals, r.Shape.Locals,
		r.Shape.TimersFired, r.Shape.TimersCanceled, r.Load.Signals, r.Load.Locals, r.Load.Fired, r.Load.Canceled)
	fmt.Fprintf(w, "\n| Processeur par dossier, ms | Guichet | plancher |\n|---|---:|---:|\n")
	for _, k := range slices.Sorted(maps.Keys(r.Cost)) {
		fmt.Fprintf(w, "| %s | %.0f | %.0f |\n", k, perDossier(r.Cost[k], r.Dossiers), perDossier(r.FloorCost[k], n))
	}
	fmt.Fprintf(w, "\n« banc » est ce qui demande ; du plancher, son exécutant aussi.\n\n| Étape, %d dossiers à la fois | secondes |\n|---|---:|\n", atOnce)
	for _, s := range r.Stages {
		fmt.Fprintf(w, "| %s | %.1f |\n", s.Name, s.Elapsed.Seconds())
	}
}

func (r flowResult) floorsSaid() string {
	var said []string
	for _, d := range r.Floors {
		said = append(said, fmt.Sprintf("%.2f", float64(r.FloorDossiers)/d.Seconds()))
	}
	return strings.Join(said, " puis ")
}

func perDossier(d time.Duration, n int) float64 { return float64(d.Milliseconds()) / float64(n) }

// share is the useful rate of the overload over the peak.
func (p pressure) share() float64 { return p.Overload.good() / p.Peak }

func (p pressure) write(w io.Writer) {
	fmt.Fprintf(w, "\n## Acquittement d’un acte, à charge croissante\n\n"+
		"| offert, actes/s | acquittés/s | p50, ms | p95 | p99 | faits (200) | reçus (202) | refusés (429, 503) | autres | non offerts |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, x := range p.Steps {
		x.write(w)
	}
	fmt.Fprintf(w, "\nPic : %.1f actes acquittés par seconde.\n\n## Surcharge : %d × le pic, %s\n\n"+
		"| offert, actes/s | acquittés/s | p50, ms | p95 | p99 | faits (200) | reçus (202) | refusés (429, 503) | autres | non offerts |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
		p.Peak, overloadFactor, p.Overload.Elapsed.Round(time.Second))
	p.Overload.write(w)
	for _, x := range p.After {
		x.write(w)
	}
	fmt.Fprintf(w, "\n**Débit utile : %.0f %% du pic** (borne : %.0f %%). Refus sans Retry-After : %d. Actes acquittés : %d, dont perdus : %d.\nRetour à la normale : %s (borne : %s).\n",
		100*p.share(), 100*goodputShare, p.Overload.Mute, p.Acked, p.Lost, p.Normal.Round(time.Second), normalWithin)
}

func (x window) write(w io.Writer) {
	fmt.Fprintf(w, "| %.1f | %.1f | %s | %s | %s | %d | %d | %d | %s | %d |\n", x.Rate, x.good(), ms(x.Acks.quantile(.5)), ms(x.Acks.quantile(.95)), ms(x.Acks.quantile(.99)),
		x.Applied, x.Later, x.Refused, others(x.Other), x.Missed)
}

func others(m map[string]int) string {
	var said []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		said = append(said, fmt.Sprintf("%s : %d", k, m[k]))
	}
	return strings.Join(said, ", ")
}

func ms(d time.Duration) string { return fmt.Sprintf("%.0f", float64(d.Microseconds())/1000) }

func writeRecovery(w io.Writer, rs []recovery) {
	fmt.Fprintf(w, "\n## Reprise après une mort\n\nSIGKILL, redémarrage immédiat ; un acte est envoyé aussitôt, et renvoyé dix fois par seconde jusqu’à ce qu’il soit reçu.\n\n"+
		"| Tué | partie revenue, s | acte appliqué, s |\n|---|---|---|\n")
	for _, r := range rs {
		fmt.Fprintf(w, "| %s | %s | %s |\n", r.Part, seconds(r.Ready), seconds(r.Applied))
	}
}

func seconds(ds []time.Duration) string {
	var said []string
	for _, d := range ds {
		said = append(said, strings.Replace(fmt.Sprintf("%.1f", d.Seconds()), ".", ",", 1))
	}
	return strings.Join(said, " ; ")
}

func writeMemory(w io.Writer, ms []memory) {
	fmt.Fprintf(w, "\n## Mémoire résidente, dossiers ouverts\n\n| dossiers ouverts | worker, Mo | Temporal, Mo | PostgreSQL, Mo | API, Mo | les ouvrir, s |\n|---:|---:|---:|---:|---:|---:|\n")
	for _, m := range ms {
		fmt.Fprintf(w, "| %d | %d | %d | %d | %d | %.0f |\n", m.Open, m.RSS["worker"]>>10, m.RSS["temporal"]>>10, m.RSS["postgres"]>>10, m.RSS["api"]>>10, m.Seeding.Seconds())
	}
}
