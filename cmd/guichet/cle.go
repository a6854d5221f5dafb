package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// cleCmd makes, lists and closes the API keys that programs use.
type cleCmd struct {
	Identifiant string `arg:"" optional:"" help:"Compte au nom duquel le programme agira. Sans lui, la liste des clés."`
	Libelle     string `help:"Nom du programme qui se servira de la clé." placeholder:"NOM"`
	Expire      string `help:"Dernier jour de validité, AAAA-MM-JJ. Sans lui, la clé n’expire pas." placeholder:"JOUR"`
	Retirer     bool   `help:"Fermer tout de suite les clés de ce compte qui portent ce nom."`
}

// Run does one of the three.
func (c cleCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	switch {
	case c.Identifiant == "":
		return listerCles(ctx, s)
	case c.Retirer:
		n, err := s.RetirerCles(ctx, c.Identifiant, c.Libelle)
		if err == nil && n == 0 {
			err = opco.Errorf(opco.NotFound, "Le compte « %s » n’a pas de clé nommée « %s ».", c.Identifiant, c.Libelle)
		}
		if err == nil {
			fmt.Printf("Clé « %s » de %s fermée.\n", c.Libelle, c.Identifiant)
		}
		return err
	}
	return c.creer(ctx, s, cfg.HorlogeEssai)
}

// creer makes a key for an organisation; for the staff, whose login needs a second
// factor, only where the clock is one of trial.
func (c cleCmd) creer(ctx context.Context, s *store.Store, essai bool) error {
	u, err := s.Utilisateur(ctx, c.Identifiant)
	if err == nil && u.Interne && !essai {
		err = opco.Errorf(opco.Forbidden, "Le compte « %s » est celui d’un agent : il n’ouvre qu’avec un second facteur, et une clé s’en passerait.", c.Identifiant)
	}
	if err != nil && !errors.Is(err, opco.NotFound) {
		return err
	}
	k := store.CleAPI{Identifiant: c.Identifiant, Libelle: c.Libelle}
	if c.Expire != "" {
		j, err := opco.ParseDate(c.Expire)
		if err != nil {
			return err
		}
		fin := j.FinDuJour()
		if fin.Before(time.Now()) {
			return opco.Champf("expire", "Le %s est passé : la clé n’ouvrirait jamais.", j.Longue())
		}
		k.ExpireLe = &fin
	}
	cle, err := s.CreerCle(ctx, k)
	if err != nil {
		return err
	}
	fmt.Printf("%s\nElle n’est montrée qu’une fois. Le programme l’envoie ainsi : Authorization: Bearer %s\n", cle, cle)
	return nil
}

func listerCles(ctx context.Context, s *store.Store) error {
	ks, err := s.Cles(ctx)
	if err != nil {
		return err
	}
	if len(ks) == 0 {
		fmt.Println("Aucune clé d’API n’est en service.")
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "Compte\tNom\tJusqu’au")
	for _, k := range ks {
		fin := "sans fin"
		if k.ExpireLe != nil {
			fin = opco.JourDe(k.ExpireLe.Add(-time.Second)).Longue()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", k.Identifiant, k.Libelle, fin)
	}
	return w.Flush()
}
