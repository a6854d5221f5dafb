// Command banc measures the lists, searches and counters of dossiers on a small base
// and on a large one, in one run: each through the store, the same SQL bare, and
// through HTTP; then the delay from an acte to the open pages, and exports. It prints a
// report in Markdown and ends with 1 when a ratio that issue 4 sets is broken. It needs a
// PostgreSQL server in GUICHET_TEST_DB, makes its own databases there and drops them. The large base is the small one copied by SQL:
// what is measured is volume, and no product command does that.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Targets of issue 4: p95 through the store over p95 of the same SQL bare, and p95 on
// the large base over p95 on the small one.
const (
	ratioNu      = 2.0
	ratioVolume  = 1.5
	petitDefaut  = 10_000
	grandDefaut  = 1_000_000
	toursDefaut  = 200
	prefixeBases = "guichet_banc"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "banc :", err)
		os.Exit(1)
	}
}

func run() error {
	petit := flag.Int("petit", petitDefaut, "dossiers of the small base, made by real lives")
	grand := flag.Int("grand", grandDefaut, "dossiers of the large base: at most 100 times the small one")
	tours := flag.Int("tours", toursDefaut, "measures of each case")
	bases := flag.String("bases", "", "two databases already made, « small,large »: they are measured and kept")
	garder := flag.Bool("garder", false, "keep the databases that are made, for -bases")
	refaire := flag.Bool("copier", false, "with -bases, make the large one from the small one again")
	seul := flag.String("cas", "", "only the cases whose name holds this")
	plans := flag.Bool("plans", false, "write the plan of the worst value of each case on the standard error")
	avecHTTP := flag.Bool("http", true, "measure through HTTP too")
	lignes := flag.Int("lot", lotDefaut, "lines of the lot that is measured after the cases; 0 for none")
	seule := flag.Int("lot-seul", 0, "measure a lot of that many lines, and nothing else")
	repond := flag.String("repondre", "", "be the bank: write this answer to the order named next, in the folder named after")
	exporte := flag.String("export-seul", "", "export the list of the large base in that format, and nothing else")
	avecSuites := flag.Bool("suites", true, "measure the exports and the live pages after the cases")
	flag.Parse()
	if *repond != "" {
		return repondreSeul(*repond, flag.Arg(0), flag.Arg(1))
	}
	serveur := os.Getenv("GUICHET_TEST_DB")
	if serveur == "" {
		return fmt.Errorf("GUICHET_TEST_DB is not set: run « make bench »")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	if *seule > 0 {
		return lotSeul(ctx, serveur, *seule, log)
	}
	noms := []string{fmt.Sprintf("%s_%d_petit", prefixeBases, os.Getpid()), fmt.Sprintf("%s_%d_grand", prefixeBases, os.Getpid())}
	if *bases != "" {
		noms = strings.SplitN(*bases, ",", 2)
		if *refaire {
			if err := detruire(serveur, noms[1]); err != nil {
				return err
			}
			if err := copier(ctx, serveur, noms[0], noms[1], *grand / *petit - 1, log); err != nil {
				return err
			}
		}
	} else {
		copies := *grand / *petit - 1
		if copies < 0 || copies > copiesMax {
			return fmt.Errorf("the large base is 1 to %d times the small one", copiesMax+1)
		}
		defer func() {
			if *garder {
				log.Info("kept", "bases", strings.Join(noms, ","))
				return
			}
			if err := detruire(serveur, noms...); err != nil {
				log.Error("dropping the databases", "error", err)
			}
		}()
		if err := construire(ctx, serveur, noms[0], noms[1], *petit, copies, log); err != nil {
			return err
		}
	}
	if *exporte != "" {
		return exportSeul(ctx, serveur, noms[1], *exporte)
	}
	k := banc{tours: *tours}
	if *plans {
		k.plans = os.Stderr
	}
	r, err := mesurerTout(ctx, serveur, noms[0], noms[1], k, *seul, *avecHTTP, log)
	if len(r.resultats) > 0 { // what was measured before it was stopped is told
		r.ecrire(os.Stdout)
	}
	if err != nil {
		return err
	}
	var rompus error
	if n := r.rompus(); n > 0 {
		rompus = fmt.Errorf("%d cases break a ratio", n)
	}
	if *seul == "" && *avecSuites {
		rompus = errors.Join(rompus, mesurerDirect(ctx, serveur, os.Stdout, log), mesurerExports(ctx, noms[1], os.Stdout))
	}
	if *lignes == 0 || *seul != "" {
		return rompus
	}
	return errors.Join(rompus, mesurerLot(ctx, *lignes))
}
