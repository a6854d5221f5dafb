package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"

	"guichet/cmd/internal/scenario"
)

// demoCmd plays the demonstration on a running stack, then shows it.
type demoCmd struct {
	pile `embed:""`
}

// Run loads the demo accounts, plays the demonstration unless it is already
// there, and prints its table. It fails with one sentence when the stack does
// not answer.
func (c demoCmd) Run(ctx context.Context) error {
	if err := chargerDemo(ctx, c.DB); err != nil {
		return err
	}
	d, err := scenario.New(c.config()).Demonstrate(ctx, avancement())
	if err != nil {
		return err
	}
	if err := chargerDemandes(ctx, c.DB); err != nil {
		return err
	}
	c.montrer(d)
	return nil
}

// avancement draws a progress bar on a terminal, and says two sentences elsewhere.
func avancement() func(done, total int) {
	if i, err := os.Stdout.Stat(); err != nil || i.Mode()&os.ModeCharDevice == 0 {
		return func(done, total int) {
			switch done {
			case 0:
				fmt.Printf("La démonstration se joue par l’API : %d étapes…\n", total)
			case total:
				fmt.Println("La démonstration est jouée.")
			}
		}
	}
	bar := progressbar.NewOptions(1, progressbar.OptionSetDescription("Démonstration"), progressbar.OptionSetWidth(40),
		progressbar.OptionSetWriter(os.Stdout), progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetPredictTime(false), progressbar.OptionOnCompletion(func() { fmt.Println() }))
	return func(done, total int) {
		bar.ChangeMax(total)
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
	}
}

// chargerDemo loads the demo organisations and accounts; loading them again
// changes nothing. Without a database it trusts that they are there.
func chargerDemo(ctx context.Context, dsn string) error {
	if dsn == "" {
		return nil
	}
	s, err := ouvrirBase(ctx, dsn, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.ChargerDemo(ctx)
}

// chargerDemandes adds the requests that wait for an advisor, at the business time
// at which the demonstration ends.
func chargerDemandes(ctx context.Context, dsn string) error {
	if dsn == "" {
		return nil
	}
	s, err := ouvrirBase(ctx, dsn, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.ChargerDemandesDemo(ctx)
}

// montrer prints the table and where to look next.
func (c demoCmd) montrer(d *scenario.Demo) {
	fmt.Println()
	switch {
	case !d.Whole:
		fmt.Printf("Une démonstration précédente s’est arrêtée en route : %d dossier(s) seulement. « make clean-data » permet de repartir de zéro.\n\n", len(d.Rows))
	case !d.Played:
		fmt.Print("La démonstration est déjà là ; elle n’est pas rejouée.\n\n")
	}
	tableau(d.Rows)
	fmt.Println()
	for _, l := range d.Lots {
		fmt.Printf("  Fichier SEPA         %s\n", c.fichierSEPA(l))
	}
	lettres, exemple := 0, ""
	for _, r := range d.Rows {
		lettres += len(r.Lettres)
		if len(r.Lettres) > 0 && exemple == "" {
			exemple = r.Lettres[len(r.Lettres)-1]
		}
	}
	fmt.Printf("  Lettres              %d en PDF, dans les courriels et par l’API : %s\n", lettres, exemple)
	if c.Courriels != "" {
		fmt.Printf("  Courriels            %s\n", c.Courriels)
	}
	fmt.Printf("  API                  %s/api/doc\n", c.URL)
	fmt.Printf("  Comptes              %s\n", strings.Join(scenario.DemoAccounts, ", "))
	fmt.Printf("  Mot de passe         %s (le même pour tous)\n", c.MotDePasse)
}

// fichierSEPA is where the file of a lot is: in the folder of the bank when it
// is on this machine, else at its address.
func (c demoCmd) fichierSEPA(lot string) string {
	path := filepath.Join(c.Banque, "emis", lot+".xml")
	if _, err := os.Stat(path); c.Banque == "" || err != nil {
		return c.URL + "/api/lots/" + lot + "/fichier"
	}
	return path
}

// tableau prints one line a dossier.
func tableau(rows []scenario.DemoRow) {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  Dossier\tEntreprise\tOrganisme\tDemandé\tAccordé\tPayé\tÉtat\tJours")
	for _, r := range rows {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Numero, r.Entreprise, r.Organisme,
			droite(r.Demande.String()), droite(r.Accorde.String()), droite(r.Paye.String()), r.Libelle, fmt.Sprintf("%5d", r.Jours))
	}
	_ = t.Flush() // standard output is gone if it fails
}

// droite pads an amount so that the cents stand under each other.
func droite(s string) string {
	return strings.Repeat(" ", max(0, 12-utf8.RuneCountInString(s))) + s
}
