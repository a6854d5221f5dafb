// Command guichet is the whole product: its counter (api), its hands (worker),
// its schema (migrate), and the tools of those who run and check it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Europe/Paris, wherever the binary runs

	"github.com/alecthomas/kong"

	"guichet/opco"
)

// commandes are the sub-commands, each in the file of its name.
type commandes struct {
	Api         apiCmd         `cmd:"" help:"Servir l’API et les pages."`
	Worker      workerCmd      `cmd:"" help:"Faire avancer les dossiers : procédures, relais, courriels, fichiers de banque."`
	BanqueEssai banqueEssaiCmd `cmd:"" name:"banque-essai" help:"Jouer la banque sur le dossier GUICHET_BANQUE (développement seulement)."`
	Agent       agentCmd       `cmd:"" help:"Créer les deux premiers administrateurs."`
	Cle         cleCmd         `cmd:"" help:"Créer, lister ou fermer les clés d’API des programmes."`
	Migrate     migrateCmd     `cmd:"" help:"Mettre la base à la dernière version du schéma."`
	Demo        demoCmd        `cmd:"" help:"Jouer la démonstration par l’API, puis montrer ses dossiers."`
	Scenario    scenarioCmd    `cmd:"" help:"Jouer des scénarios d’acceptation sur une pile qui tourne."`
	Ops         opsCmd         `cmd:"" help:"Exploitation : ce qui est bloqué, ce qui se rejoue, ce qui se relance."`
	Verify      verifyCmd      `cmd:"" help:"Recalculer les invariants depuis la base et les procédures."`
	Seed        seedCmd        `cmd:"" help:"Semer un jeu de volume : des milliers de dossiers à l’histoire honnête."`

	ExaminerFichier examinerCmd    `cmd:"" hidden:"" help:"Examiner un fichier reçu, dans un processus limité."`
	LireFacture     lireFactureCmd `cmd:"" hidden:"" help:"Lire une facture électronique, dans un processus limité."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run parses the arguments and runs one command. It says what is wrong in one
// sentence: 0 done, 1 failed, 2 misused.
func run(args []string) int {
	var c commandes
	p, err := kong.New(&c, kong.Name("guichet"), kong.UsageOnError(),
		kong.Description("Guichet : le service de gestion ouvert d’un OPCO, du dépôt d’une demande à son règlement."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "guichet :", err)
		return 2
	}
	k, err := p.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "guichet :", usage(err))
		fmt.Fprintln(os.Stderr, "Essayez « guichet --help ».")
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	return sortie(k.Run())
}

// code is an error that asks for an exit code of its own.
type code int

// Error names the code; sortie never prints it.
func (c code) Error() string { return fmt.Sprintf("exit %d", int(c)) }

func sortie(err error) int {
	var c code
	var o *opco.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.As(err, &c):
		return int(c)
	case errors.As(err, &o):
		fmt.Fprintln(os.Stderr, "guichet :", o.Message)
	default:
		fmt.Fprintln(os.Stderr, "guichet :", err)
	}
	return 1
}
