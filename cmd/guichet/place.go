package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"guichet/opco"
	"guichet/store"
)

// pausePlace is between two looks at the room that is left.
const pausePlace = 10 * time.Second

// What the incidents of a full disk are about: that of the files, that of the base.
const (
	objetFichiers = "disque/fichiers"
	objetBase     = "disque/base"
)

// veillerPlace says as long as it lasts that the disk of the files, or that of the base, has no
// room. The counter looks: it is where all comes in.
func veillerPlace(ctx context.Context, s *store.Store, dossier string, log *slog.Logger) {
	for ctx.Err() == nil {
		if err := errors.Join(noterPlace(ctx, s, dossier), noterBase(ctx, s)); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "room for files not known", "error", err)
		}
		dormir(ctx, pausePlace)
	}
}

// noterPlace opens the incident when the largest file that a dossier takes would not fit, and
// closes it when it would.
func noterPlace(ctx context.Context, s *store.Store, dossier string) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dossier, &fs); err != nil {
		return fmt.Errorf("reading the room left for files: %w", err)
	}
	if int64(fs.Bavail)*int64(fs.Bsize) >= store.FichierMax {
		return s.Clore(ctx, objetFichiers, opco.ActivitePlace)
	}
	return s.Constater(ctx, opco.Incident{Objet: objetFichiers, Activite: opco.ActivitePlace, Essais: 1, Classe: opco.ClasseDisque})
}

// noterBase opens the incident of a base that has just refused to write for want of room, and
// closes it when it writes. That incident may not fit either: the probe says it then.
func noterBase(ctx context.Context, s *store.Store) error {
	if baseEcrit(s)(ctx) == nil {
		return s.Clore(ctx, objetBase, opco.ActiviteInscription)
	}
	return s.Constater(ctx, opco.Incident{Objet: objetBase, Activite: opco.ActiviteInscription, Essais: 1, Classe: opco.ClasseDisque})
}

// baseEcrit reports, by nil, that the base has room, as far as this process knows.
func baseEcrit(s *store.Store) func(context.Context) error {
	return func(context.Context) error {
		if s.Pleine() {
			return errors.New("the base had no room for what was to be written")
		}
		return nil
	}
}
