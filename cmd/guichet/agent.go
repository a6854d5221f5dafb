package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// agentCmd creates the first administrators of an OPCO, whom nobody can invite. Every
// other staff member is created by one of them.
type agentCmd struct {
	Identifiant string `arg:"" optional:"" help:"Identifiant de connexion : 4 à 64 lettres sans accent, chiffres, ou . _ @ -."`
	Prenom      string `help:"Prénom de la personne." placeholder:"PRÉNOM"`
	Nom         string `help:"Nom de la personne." placeholder:"NOM"`
	Courriel    string `help:"Adresse e-mail professionnelle." placeholder:"ADRESSE"`
	Role        string `help:"Rôle : seul « admin » se crée ainsi." default:"admin" placeholder:"RÔLE"`
}

// Help says why there are two, and how the password is given.
func (agentCmd) Help() string {
	return `Crée un administrateur tant que l’OPCO en a moins de deux : il en faut deux, car un rôle sensible donné par l’un est
confirmé par l’autre. Ensuite, les agents se créent dans Guichet, par un administrateur. Le mot de passe est demandé au
clavier sans s’afficher, ou lu sur l’entrée standard ; il ne se donne jamais en argument.`
}

// Run checks what was typed, asks for the password and creates the account.
func (c agentCmd) Run(ctx context.Context) error {
	if opco.Role(c.Role) != opco.RoleAdmin {
		return opco.Champf("role", "Cette commande ne crée que des administrateurs : l’un d’eux crée les autres agents dans Guichet.")
	}
	u := store.Utilisateur{Identifiant: c.Identifiant, Prenom: c.Prenom, Nom: c.Nom, Email: opco.Email(c.Courriel)}
	if err := store.ValiderAdministrateur(&u); err != nil {
		return err
	}
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	mot, err := motDePasseSaisi(os.Stdin)
	if err != nil {
		return err
	}
	reste, err := s.CreerAdministrateur(ctx, u, mot)
	if err != nil {
		return err
	}
	fmt.Printf("Le compte « %s » est créé, avec le rôle « %s ».\n", u.Identifiant, opco.RoleAdmin.Libelle())
	fmt.Printf("À faire : se connecter à %s/connexion ; un second facteur sera demandé aussitôt.\n", cfg.URL)
	if reste > 0 {
		fmt.Println("À faire ensuite : créer un second administrateur avec cette commande. Sans lui, aucun rôle sensible ne peut être confirmé.")
	}
	return nil
}

// motDePasseSaisi asks for a password on a terminal, twice and unseen, or reads the
// first line of f.
func motDePasseSaisi(f *os.File) (string, error) {
	if !term.IsTerminal(int(f.Fd())) { //nolint:gosec // a descriptor is small
		l, err := bufio.NewReader(f).ReadString('\n')
		if err != nil && err != io.EOF {
			return "", fmt.Errorf("lecture du mot de passe : %w", err)
		}
		return strings.TrimRight(l, "\r\n"), nil
	}
	var mots [2]string
	for i, invite := range []string{"Mot de passe : ", "Le même, encore une fois : "} {
		fmt.Fprint(os.Stderr, invite)
		b, err := term.ReadPassword(int(f.Fd())) //nolint:gosec // a descriptor is small
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", fmt.Errorf("lecture du mot de passe : %w", err)
		}
		mots[i] = string(b)
	}
	if mots[0] != mots[1] {
		return "", opco.Champf("mot_de_passe", "Les deux mots de passe diffèrent : recommencez.")
	}
	return mots[0], nil
}
