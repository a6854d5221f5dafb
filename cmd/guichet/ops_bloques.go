package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// opsBloquesCmd lists what is stuck: by cause, then case by case. It ends with 0 when
// nothing is, 1 when something is.
type opsBloquesCmd struct {
	Cause string `help:"Ne montrer que cette cause, par son code, cas par cas." placeholder:"CODE"`
	Etape string `help:"Ne montrer que les dossiers de cette étape, par son code : EN_INSTRUCTION…" placeholder:"ETAT"`
	Max   int    `help:"Cas montrés au plus." default:"100"`
}

// auGuet is as whom the command line reads: the staff who run the house.
var auGuet = opco.Portee{Interne: true, Role: opco.RoleOps}

// Run prints the table.
func (c opsBloquesCmd) Run(ctx context.Context) error {
	return avecLaBase(ctx, func(s *store.Store) error { return c.dire(ctx, s, os.Stdout) })
}

// avecLaBase opens the base of the configuration for f.
func avecLaBase(ctx context.Context, f func(*store.Store) error) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	return f(s)
}

func (c opsBloquesCmd) dire(ctx context.Context, s *store.Store, w io.Writer) error {
	if c.Etape != "" && opco.Etat(c.Etape).Libelles().Guichet == "" {
		return opco.Champf("etape", "Aucune étape ne porte le code « %s ».", c.Etape)
	}
	x, err := s.Exploiter(ctx, auGuet)
	if err != nil {
		return err
	}
	cs, err := s.Causes(ctx, auGuet, c.Cause)
	if err != nil {
		return err
	}
	direGuet(w, x)
	if len(cs) == 0 {
		fmt.Fprintln(w, "Rien n’est bloqué.")
		if x.Muette {
			return code(1)
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CODE\tCAS\tDEPUIS\tESSAIS\tENJEU\tCAUSE")
	for _, k := range cs {
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\t%s\n", k.Code, k.Cas, opco.Ecoule(time.Since(k.Depuis)), k.Essais, k.Enjeu, k.Cause().Dire().Titre)
	}
	t.Flush()
	if c.Cause != "" {
		d := cs[0].Cause().Dire()
		fmt.Fprintf(w, "\n%s\n%s\n→ %s\n", d.Pourquoi, d.Effet, d.Conseil)
		if cs[0].Erreur != "" {
			fmt.Fprintf(w, "Dernière réponse : %s\n", cs[0].Erreur)
		}
	}
	if c.Cause != "" || c.Etape != "" {
		if err := c.direCas(ctx, s, w); err != nil {
			return err
		}
	}
	return code(1)
}

// direGuet warns that nobody looks, or that no worker is there.
func direGuet(w io.Writer, x store.Exploitation) {
	switch {
	case x.Muette:
		fmt.Fprintln(w, "Attention : plus aucune ronde n’est faite. Ce tableau n’est pas à jour ; démarrez un exécutant ou l’API.")
	case len(x.Presents) == 0:
		fmt.Fprintln(w, "Attention : aucun exécutant n’est présent.")
	}
}

func (c opsBloquesCmd) direCas(ctx context.Context, s *store.Store, w io.Writer) error {
	f, vus := store.FiltreIncidents{Cause: c.Cause, Etat: opco.Etat(c.Etape), Limite: 100}, 0
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nCAS\tOBJET\tORGANISATION\tÉTAPE\tDEPUIS\tESSAIS\tENJEU\tÉCHÉANCE LÉGALE")
	for {
		ls, suivant, err := s.ListerIncidents(ctx, auGuet, f)
		if err != nil {
			return err
		}
		for _, l := range ls {
			if vus++; vus > c.Max {
				break
			}
			limite := "—"
			if l.Limite != nil {
				limite = l.Limite.Courte()
			}
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", l.Numero, nomDuCas(l), tiret(l.Entreprise), tiret(etapeDuCas(l)), opco.Ecoule(time.Since(l.OuvertLe)), l.Essais, l.Enjeu, limite)
		}
		if f.Apres = suivant; suivant == "" || vus >= c.Max {
			break
		}
	}
	t.Flush()
	if vus == 0 {
		fmt.Fprintln(w, "Aucun cas à cette étape.")
	}
	if vus > c.Max {
		fmt.Fprintf(w, "… et d’autres : --max en montre plus.\n")
	}
	return nil
}

// nomDuCas names the object of a case: its number, else its id.
func nomDuCas(l store.IncidentVu) string {
	if l.Nom != "" {
		return l.Nom
	}
	return l.Objet
}

func etapeDuCas(l store.IncidentVu) string {
	if l.EtatLot != "" {
		return l.EtatLot.String()
	}
	return l.EtatDossier.String()
}

func tiret(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// opsCasCmd says all that is known of a case: of its number, or of a dossier, lot or indu
// that is stuck. It ends with 0 when nothing is stuck there, 1 when something is.
type opsCasCmd struct {
	Numero string `arg:"" help:"Le numéro du cas, ou celui du dossier, du lot ou de l’indu."`
}

// Run prints the cases.
func (c opsCasCmd) Run(ctx context.Context) error {
	return avecLaBase(ctx, func(s *store.Store) error { return c.dire(ctx, s, os.Stdout) })
}

func (c opsCasCmd) dire(ctx context.Context, s *store.Store, w io.Writer) error {
	ids, err := c.cas(ctx, s)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		fmt.Fprintf(w, "Rien n’est bloqué pour « %s ».\n", c.Numero)
		return nil
	}
	x, err := s.Exploiter(ctx, auGuet)
	if err != nil {
		return err
	}
	ouvert := false
	for _, id := range ids {
		k, err := s.LireCas(ctx, auGuet, id)
		if err != nil {
			return err
		}
		direCas(w, k, x)
		ouvert = ouvert || k.ClosLe == nil
	}
	if ouvert {
		return code(1)
	}
	return nil
}

func (c opsCasCmd) cas(ctx context.Context, s *store.Store) ([]int64, error) {
	if n, err := strconv.ParseInt(c.Numero, 10, 64); err == nil {
		return []int64{n}, nil
	}
	ls, _, err := s.ListerIncidents(ctx, auGuet, store.FiltreIncidents{Objet: strings.TrimSpace(c.Numero), Limite: 20})
	var ids []int64
	for _, l := range ls {
		ids = append(ids, l.Numero)
	}
	return ids, err
}

func direCas(w io.Writer, k store.Cas, x store.Exploitation) {
	d := k.Cause().Dire()
	fmt.Fprintf(w, "Cas %d — %s\n%s\n\n", k.Numero, nomDuCas(k.IncidentVu), d.Titre)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fin := "ouvert depuis " + opco.Ecoule(time.Since(k.OuvertLe))
	if k.ClosLe != nil {
		fin = "clos il y a " + opco.Ecoule(time.Since(*k.ClosLe))
	}
	for _, l := range [][2]string{{"État", fin}, {"Diagnostic", k.Releve(x).Attend().Phrase()}, {"Pourquoi", d.Pourquoi}, {"Effet", d.Effet}, {"Conseil", d.Conseil},
		{"Réponse reçue", k.Erreur}, {"Essais", strconv.Itoa(k.Essais)}, {"Organisation", k.Entreprise}, {"Étape", etapeDuCas(k.IncidentVu)}, {"Enjeu", k.Enjeu.String()},
		{"Exécutant", strings.TrimSpace(k.Executant + " " + k.Version)}, {"Cause", k.Code}} {
		if l[1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", l[0], l[1])
		}
	}
	t.Flush()
	if len(k.Pas) > 0 {
		fmt.Fprintln(w, "\nDerniers pas :")
		for _, p := range k.Pas[:min(len(k.Pas), 5)] {
			fmt.Fprintf(w, "  %s  %s  %s → %s\n", p.Le.In(opco.Paris).Format("02/01/2006 15:04"), p.Type, p.De, p.Vers)
		}
	}
	fmt.Fprintln(w)
}
