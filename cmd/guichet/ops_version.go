package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"go.temporal.io/sdk/client"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/workflows"
)

// opsVersionCmd shows the versions of the workers that entered the deployment of
// GUICHET_VERSION_WORKERS, and says which one serves the procedures.
type opsVersionCmd struct {
	Confier string  `arg:"" optional:"" help:"La version à qui confier les procédures, comme « guichet worker » la dit à son démarrage ; sans elle, la liste des versions."`
	Part    float32 `help:"Ne lui en confier d’abord qu’une part, de 1 à 99, en centièmes." default:"100"`
	Aucune  bool    `help:"Confier les procédures aux workers sans version (GUICHET_VERSION_WORKERS vide)."`
}

// Run entrusts the procedures when it is asked to, then shows the state read again.
func (c opsVersionCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	if cfg.VersionWorkers == "" {
		return errors.New("GUICHET_VERSION_WORKERS est vide : ici tout worker sert les procédures, quelle que soit sa version")
	}
	if c.Part < 1 || c.Part > 100 || c.Aucune && c.Confier != "" {
		return opco.Champf("part", "Donnez une version et une part de 1 à 100, ou --aucune.")
	}
	t, err := ouvrirTemporal(cfg)
	if err != nil {
		return err
	}
	defer t.Close()
	d := workflows.Deploiement{Temporal: t, Nom: cfg.VersionWorkers}
	if c.Confier != "" || c.Aucune {
		if err := d.Confier(ctx, c.Confier, c.Part); err != nil {
			return err
		}
	}
	vs, _, err := d.Versions(ctx)
	if err != nil {
		return err
	}
	return ecrireVersions(os.Stdout, vs)
}

// vidages says whether the workers of a version that serves no more may be stopped.
var vidages = map[client.WorkerDeploymentVersionDrainageStatus]string{
	client.WorkerDeploymentVersionDrainageStatusDraining: "ne sert plus, se vide : gardez ses workers",
	client.WorkerDeploymentVersionDrainageStatusDrained:  "ne sert plus : ses workers peuvent s’arrêter",
}

// ecrireVersions writes one line a version.
func ecrireVersions(w io.Writer, vs []workflows.VersionWorkers) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERSION\tCONNUE DEPUIS\tSERT")
	for _, v := range vs {
		nom, depuis := v.Build, v.Vue.In(opco.Paris).Format("02/01/2006 15:04")
		if v.Build == "" {
			nom, depuis = "sans version", ""
		}
		sert := vidages[v.Vidage]
		switch {
		case v.Part == 100:
			sert = "toutes les procédures"
		case v.Part > 0:
			sert = fmt.Sprintf("%g procédures sur 100", v.Part)
		case sert == "":
			sert = "rien encore"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", nom, depuis, sert)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("writing the versions: %w", err)
	}
	return nil
}
