package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// opsRejouerCmd replays histories offline, by this build or by another: of one object,
// with its timeline, or of a class of open dossiers before a deploy. It ends with 0 when
// every history replays, 1 when one does not, 2 when there was nothing to replay.
type opsRejouerCmd struct {
	Numero      string   `arg:"" optional:"" help:"Le dossier ou le lot : son numéro, ou « dossier/… », « lot/… », « compte/… », « indu/… »."`
	Ouverts     bool     `help:"Rejouer la dernière histoire de chaque dossier ouvert."`
	Echantillon int      `help:"De chaque étape, ce nombre de dossiers seulement (0 : tous)." placeholder:"N"`
	Etape       []string `help:"Ces étapes seulement, par leur code : EN_INSTRUCTION, ACCORDEE…" placeholder:"ETAT"`
	Binaire     string   `help:"Rejouer par ce programme guichet plutôt que par celui-ci." type:"existingfile" placeholder:"CHEMIN"`
	Histoire    string   `help:"Rejouer les histoires données sur l’entrée (« - »), une réponse par ligne." hidden:""`
}

// Run replays what was asked and says the verdict.
func (c opsRejouerCmd) Run(ctx context.Context) error {
	if c.Histoire != "" {
		return rejouerFlux(os.Stdin, os.Stdout)
	}
	if (c.Numero == "") == !c.Ouverts {
		return opco.Champf("numero", "Donnez le numéro d’un dossier, ou --ouverts pour tous ceux qui sont ouverts.")
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
	t, err := ouvrirTemporal(cfg)
	if err != nil {
		return err
	}
	defer t.Close()
	arch := &workflows.Archiviste{Temporal: t, Namespace: cfg.Namespace, Copies: s, Build: build()}
	rejouer, fermer, err := c.rejoueur(ctx)
	if err != nil {
		return err
	}
	defer fermer()
	if c.Ouverts {
		return c.classe(ctx, s, arch, rejouer)
	}
	return c.un(ctx, s, arch, rejouer)
}

// rejoueur replays by this build, or by another one that is started for it.
func (c opsRejouerCmd) rejoueur(ctx context.Context) (func(context.Context, opco.Histoire) (opco.Rejeu, error), func(), error) {
	if c.Binaire != "" {
		return autreBuild(ctx, c.Binaire)
	}
	r := workflows.NewRejoueur(build())
	return func(_ context.Context, h opco.Histoire) (opco.Rejeu, error) { return r.Rejouer(h), nil }, func() {}, nil
}

func (c opsRejouerCmd) un(ctx context.Context, s *store.Store, arch *workflows.Archiviste, rejouer func(context.Context, opco.Histoire) (opco.Rejeu, error)) error {
	objet, err := s.ObjetDit(ctx, c.Numero)
	if err != nil {
		return err
	}
	var b opco.BilanRejeux
	fmt.Printf("%s : rejeu à blanc, rien n’est fait ni écrit.\n\n", c.Numero)
	muet, err := arch.Parcourir(ctx, objet, func(h opco.Histoire, copie bool) error {
		r, err := rejouer(ctx, h)
		r.Copie = copie
		b.Ajouter(r)
		ecrireRejeu(os.Stdout, h, r)
		return err
	})
	if err != nil {
		return err
	}
	if muet != nil {
		fmt.Println("Le moteur n’a pas répondu : seules les copies gardées ont été rejouées.")
	}
	ps, err := s.Journal(ctx, opco.Portee{Interne: true}, objet)
	if err != nil {
		return err
	}
	ecrireChronologie(os.Stdout, objet, opco.Chronologie(ps))
	return ecrireVerdict(os.Stdout, b)
}

func (c opsRejouerCmd) classe(ctx context.Context, s *store.Store, arch *workflows.Archiviste, rejouer func(context.Context, opco.Histoire) (opco.Rejeu, error)) error {
	dire := jauge()
	b, err := menerClasse(ctx, s, arch, store.ClasseOuverte{Etapes: c.Etape, Echantillon: c.Echantillon}, rejouer,
		func(_ context.Context, b opco.BilanRejeux) error {
			dire("Rejeu", b.Faits, b.Total)
			return nil
		})
	if err != nil {
		return fmt.Errorf("après %d dossiers sur %d : %w", b.Faits, b.Total, err)
	}
	return ecrireVerdict(os.Stdout, b)
}

// ecrireRejeu says what became of one run.
func ecrireRejeu(w io.Writer, h opco.Histoire, r opco.Rejeu) {
	source := "moteur"
	if r.Copie {
		source = "copie gardée"
	}
	fmt.Fprintf(w, "  %s  %s  (%s, version %s)\n    %s\n", opco.JourDe(h.Debut).Courte(), h.Run, source, r.Build, r.Phrase())
	if r.Issue == opco.RejeuDivergent {
		fmt.Fprintf(w, "    %s\n", r.Detail)
	}
}

// ecrireChronologie tells a journal étape by étape.
func ecrireChronologie(w io.Writer, objet string, es []opco.EtapeVecue) {
	for _, e := range es {
		if len(e.Pas) == 0 {
			fmt.Fprintf(w, "\n%s, depuis le %s\n", opco.NomEtat(objet, e.Etat), opco.JourDe(e.Depuis).Courte())
			continue
		}
		fmt.Fprintf(w, "\n%s\n", opco.NomEtat(objet, e.Etat))
		for _, p := range e.Pas {
			fin := ""
			if p.Vers != p.De {
				fin = " → " + opco.NomEtat(objet, p.Vers)
			}
			if p.Refuse {
				fin = " (refusé)"
			}
			fmt.Fprintf(w, "  %3d  %s  %s, par %s%s\n", p.Rang, p.Le.In(opco.Paris).Format("02/01/2006 15:04"), p.Acte, p.Role.Libelle(), fin)
			for _, x := range p.Changements {
				fmt.Fprintf(w, "       · %s\n", x)
			}
		}
	}
}

// ecrireVerdict says the verdict, and asks for the exit code that goes with it.
func ecrireVerdict(w io.Writer, b opco.BilanRejeux) error {
	fmt.Fprintf(w, "\n%s\n", b.Phrase())
	fmt.Fprintf(w, "  %s, %s, %s sans histoire, %s.\n", nombre(int(b.Deterministes), "déterministe"), nombre(int(b.Divergents), "divergent"),
		nombre(int(b.Absents), "dossier"), nombre(int(b.Illisibles), "illisible"))
	for _, k := range slices.Sorted(maps.Keys(b.Classes)) {
		fmt.Fprintf(w, "  %6d  %s\n", b.Classes[k], k.Libelle())
	}
	for _, r := range b.Premiers {
		fmt.Fprintf(w, "  · %s : %s\n", strings.TrimPrefix(r.Objet, "dossier/"), r.Phrase())
	}
	switch {
	case !b.Tient():
		return code(1)
	case b.Deterministes == 0:
		return code(2)
	}
	return nil
}

// rejouerFlux answers one verdict for each history that comes: what another build calls.
func rejouerFlux(r io.Reader, w io.Writer) error {
	x := workflows.NewRejoueur(build())
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	for {
		var h opco.Histoire
		err := in.Decode(&h)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lecture d’une histoire : %w", err)
		}
		if err := out.Encode(x.Rejouer(h)); err != nil {
			return fmt.Errorf("écriture d’un verdict : %w", err)
		}
	}
}
