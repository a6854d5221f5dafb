package main

import (
	"context"
	"log/slog"
	"os"

	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/opco"
)

// banqueEssaiCmd plays the bank on the folder that the worker shares with it. It
// is for development only: it refuses to run beside a real bank.
type banqueEssaiCmd struct{}

// Run answers payment files until it is told to stop. Its answers carry business
// time, so that they follow the test clock.
func (banqueEssaiCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	if cfg.BanqueReelle {
		return opco.Errorf(opco.Conflict, "GUICHET_BANQUE_REELLE est posé : la banque d’essai ne répond pas à la place d’une vraie banque.")
	}
	s, err := ouvrirStore(ctx, cfg, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	log.InfoContext(ctx, "simulated bank ready", "dossier", cfg.Banque)
	return banque.Surveiller(ctx, cfg.Banque, func() banque.Regles {
		r, err := banque.LireRegles(cfg.Banque)
		if err == nil && r.Quand.IsZero() {
			r.Quand, err = s.Maintenant(ctx)
		}
		if err != nil {
			log.WarnContext(ctx, "simulated bank is mute", "error", err)
			return banque.Regles{Muet: true}
		}
		return r
	})
}
