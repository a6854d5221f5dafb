package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// verifyCmd recomputes the invariants of reliability.md 2.1 and ends with 0 when
// all are held, 1 when one is broken, 2 when something could not be verified.
type verifyCmd struct {
	Repos   bool   `help:"Plus rien ne bouge : un écart est un écart (par défaut)." xor:"mode"`
	EnLigne bool   `help:"Le service tourne : ce qui a bougé depuis moins de 60 secondes est regardé de nouveau, trois fois au plus." xor:"mode"`
	Dossier string `help:"Ne vérifier que ce dossier : son numéro ou son identifiant." placeholder:"AF26-000123"`
	Banque  string `help:"Comparer le dossier de la banque, ou sa copie, à la base : ce qui est parti et que la base ignore (après une restauration)." placeholder:"DOSSIER" xor:"mode"`
}

// Run prints the report, invariant by invariant.
func (v verifyCmd) Run(ctx context.Context) error {
	if v.Banque != "" {
		return v.comparerBanque(ctx)
	}
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	f, err := store.OuvrirFichiers(cfg.Fichiers)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := ouvrirTemporal(cfg)
	if err != nil {
		return err
	}
	defer t.Close()
	dire := jauge()
	r, err := (&store.Verificateur{Store: s, Fichiers: f, Ordre: banque.Rediger, Dossier: v.Dossier, EnLigne: v.EnLigne,
		Pause: 2 * time.Second, Procedure: procedureDe(t),
		Progres: func(x store.AvancementVerification) error {
			dire("Vérification, "+x.Etape, x.Fait, x.Total)
			return nil
		}}).Verifier(ctx)
	if err != nil {
		return err
	}
	ecrireRapport(os.Stdout, r)
	return sortieVerification(r.Tenue())
}

func sortieVerification(t store.Tenue) error {
	switch t {
	case store.Rompu:
		return code(1)
	case store.NonVerifiable:
		return code(2)
	}
	return nil
}

// patienceMoteur is how long one procedure may take to say where it stands.
const patienceMoteur = 10 * time.Second

// procedureDe asks the engine where an object stands: false when no procedure of
// it runs. A closed one does not count. An engine that has just started has seen no worker
// yet: it is asked again.
func procedureDe(t client.Client) func(context.Context, string) (opco.Issue, bool, error) {
	return func(ctx context.Context, objet string) (opco.Issue, bool, error) {
		ctx, fin := context.WithTimeout(ctx, patienceMoteur)
		defer fin()
		for {
			i, tourne, err := workflows.Interroger(ctx, t, objet, "")
			var personne *serviceerror.FailedPrecondition
			if !errors.As(err, &personne) {
				return i, tourne, err
			}
			if dormir(ctx, time.Second); ctx.Err() != nil {
				return i, tourne, err
			}
		}
	}
}

// ecrireRapport writes a report for a person: one line an invariant, then its
// first offenders by name.
func ecrireRapport(w io.Writer, r store.RapportVerification) {
	compte := map[store.Tenue]int{}
	fmt.Fprintf(w, "Vérification au %s, %s.\n\n", opco.JourDe(r.Le).Longue(), r.Le.In(opco.Paris).Format("15 h 04"))
	for _, x := range r.Resultats {
		compte[x.Tenue]++
		fmt.Fprintf(w, "%-4s %s %7d examinés  %s\n", x.Code, colonne(strings.ToUpper(string(x.Tenue)), 14), x.Examines, x.Nom)
		if x.Ecarts > 0 {
			fmt.Fprintf(w, "     %s%s\n", nombre(x.Ecarts, "écart"), premiers(x))
		}
		for _, e := range x.Exemples {
			fmt.Fprintf(w, "     · %s  [%s]\n", e.Phrase, e.Objet)
		}
		if x.Raison != "" {
			fmt.Fprintf(w, "     Non vérifié : %s.\n", x.Raison)
		}
		if x.Note != "" {
			fmt.Fprintf(w, "     %s.\n", x.Note)
		}
	}
	fmt.Fprintf(w, "\n%s, %s, %s.\n", nombre(compte[store.Tenu], "tenu"), nombre(compte[store.Rompu], "rompu"),
		nombre(compte[store.NonVerifiable], "non vérifiable"))
}

// nombre counts in French: « 1 écart », « 2 écarts ».
func nombre(n int, mot string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, mot)
	}
	return fmt.Sprintf("%d %ss", n, mot)
}

func premiers(x store.ResultatInvariant) string {
	if x.Ecarts > len(x.Exemples) {
		return fmt.Sprintf(", dont voici %d", len(x.Exemples))
	}
	return ""
}

// colonne pads s to n characters, accents counted as one.
func colonne(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len([]rune(s)))) }
