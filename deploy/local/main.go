// Command guichet-local runs the whole of Guichet on one machine, with nothing
// else running: a private PostgreSQL, Temporal and its Web UI, a mail catcher,
// then the api and the worker of the guichet binary. It is for development,
// demonstration and tests; it listens on 127.0.0.1 only. `guichet-local aide`
// lists its commands.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

const usage = `Usage : guichet-local COMMANDE

  run [--une-fois] [--sans-demo] [--produit CHEMIN]
        démarre la pile, joue la démonstration, puis sert jusqu'à Ctrl-C ;
        --une-fois s'arrête après la démonstration, --sans-demo ne la joue pas
  exec [--produit CHEMIN] [--sauvegardable] -- COMMANDE…
        démarre la pile sur des ports libres, lance COMMANDE avec les variables
        GUICHET_… qui la décrivent, arrête tout et rend le code de COMMANDE ;
        sans GUICHET_DATA, sur un répertoire provisoire ; --sauvegardable permet
        de sauvegarder PostgreSQL en marche, pour l'exercice de restauration
  effacer [--oui]
        efface le répertoire des données après confirmation
  aide  affiche ce texte

Variables : GUICHET_DATA (répertoire des données), GUICHET_PORT_API (8080),
GUICHET_PORT_TEMPORAL (7233), GUICHET_PORT_TEMPORAL_UI (8233),
GUICHET_PORT_COURRIEL (8025), GUICHET_PORT_SMTP (1025),
GUICHET_PORT_POSTGRES (5433), GUICHET_PORT_CONTROLE (libre) ; 0 : un port libre.
`

func main() {
	commands := map[string]func(args []string) error{
		"run": run, "exec": execute, "effacer": erase, "temporal": serveTemporal, "aide": help,
	}
	command := help
	if len(os.Args) > 1 {
		command = commands[os.Args[1]]
	}
	if command == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	os.Exit(report(command(os.Args[min(2, len(os.Args)):])))
}

// report turns the end of a command into an exit code, after one sentence.
func report(err error) int {
	var end commandEnd
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 2
	case errors.Is(err, errInterrupted):
		return 130
	case errors.As(err, &end):
		return int(end)
	}
	fmt.Fprintf(os.Stderr, "guichet-local : %v.\n", err)
	return 1
}

func help([]string) error {
	fmt.Print(usage)
	return nil
}

// options returns an empty set of options that shows the usage on a mistake.
func options(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// parse reads the options; a mistake is a French sentence.
func parse(set *flag.FlagSet, args []string) error {
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return err
	}
	if err != nil {
		return fmt.Errorf("ces options ne sont pas comprises : « %s » ; lancez guichet-local aide", strings.Join(args, " "))
	}
	return nil
}
