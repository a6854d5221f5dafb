package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guichet/cmd/internal/backstage"
	"guichet/cmd/internal/scenario"
)

// pile says where the stack is that scenarios and the demonstration speak to.
type pile struct {
	URL        string `env:"GUICHET_URL" default:"http://127.0.0.1:8080" help:"Adresse du guichet."`
	Courriels  string `env:"GUICHET_COURRIEL_PAGE" help:"Adresse de la boîte aux lettres d’essai."`
	Controle   string `env:"GUICHET_CONTROLE" help:"Adresse de la commande de la pile, pour tuer ses parties."`
	Banque     string `env:"GUICHET_BANQUE" help:"Dossier de la banque d’essai. Sans lui, ses réponses sont importées par l’API."`
	Compte     string `default:"admin" help:"Compte qui peut préparer des essais."`
	MotDePasse string `name:"mot-de-passe" env:"GUICHET_ESSAI_MOT_DE_PASSE" default:"Guichet-Demo-2026" help:"Son mot de passe."`
	Temporal   string `env:"GUICHET_TEMPORAL" help:"Adresse du moteur, pour lire ses histoires (scénario des marqueurs)."`
	Espace     string `env:"GUICHET_TEMPORAL_NAMESPACE" default:"guichet" help:"Son espace de noms."`
	Donnees    string `env:"GUICHET_DATA" help:"Répertoire des données de la pile, pour lire ses journaux (scénario des marqueurs)."`
	DB         string `env:"GUICHET_DB" help:"Base où charger d’abord les comptes de démonstration ; sans elle, ils doivent y être."`
}

func (p pile) config() scenario.Config {
	return scenario.Config{URL: p.URL, Mail: p.Courriels, Control: p.Controle, BankDir: p.Banque, Admin: p.Compte,
		Password: p.MotDePasse, Out: os.Stdout,
		Backstage: backstage.Stack{DB: p.DB, Temporal: p.Temporal, Namespace: p.Espace, Data: p.Donnees}}
}

// scenarioCmd plays acceptance scenarios against a running stack.
type scenarioCmd struct {
	pile     `embed:""`
	Fichiers []string `arg:"" name:"fichier" help:"Scénarios (YAML) à jouer, dans l’ordre."`
	Courses  int      `help:"Nombre de répétitions des étapes « repeter », à la place de celui du fichier."`
	Verbeux  bool     `short:"v" help:"Montrer chaque étape et sa durée."`
	Garder   bool     `help:"Laisser l’horloge d’essai où le dernier scénario l’a mise."`
}

// Run reads every file, then plays them in order. It ends with 0 when all held,
// 1 when one failed, 2 when a file is not a scenario: then nothing is played.
func (c scenarioCmd) Run(ctx context.Context) error {
	scripts, err := lireScenarios(c.Fichiers)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return code(2)
	}
	if err := chargerDemo(ctx, c.DB); err != nil {
		return err
	}
	cfg := c.config()
	cfg.Races, cfg.Verbose, cfg.KeepClock = c.Courses, c.Verbeux, c.Garder
	r := scenario.New(cfg)
	total := scenario.Total{}
	for _, s := range scripts {
		total.Add(r.Play(ctx, s))
		if ctx.Err() != nil {
			break
		}
	}
	err = r.Close(context.WithoutCancel(ctx))
	fmt.Println(total)
	switch {
	case ctx.Err() != nil:
		return code(130)
	case total.Failed > 0:
		return errors.Join(code(1), err)
	}
	return err
}

// lireScenarios reads the files; it says every mistake at once.
func lireScenarios(names []string) ([]*scenario.Script, error) {
	var scripts []*scenario.Script
	var faults []error
	for _, n := range names {
		files, name, err := placer(n)
		if err != nil {
			return nil, err
		}
		s, err := scenario.Read(files, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		scripts = append(scripts, s)
	}
	return scripts, errors.Join(faults...)
}

// placer returns the tree a file is read from, and its name there: the present
// directory when the file is under it, the whole disk otherwise.
func placer(name string) (files fs.FS, inside string, err error) {
	if name = filepath.Clean(name); filepath.IsLocal(name) {
		return os.DirFS("."), filepath.ToSlash(name), nil
	}
	whole, err := filepath.Abs(name)
	return os.DirFS("/"), strings.TrimPrefix(filepath.ToSlash(whole), "/"), err
}
