package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// histoiresParTournee is how many objects are looked at before the worker looks up.
const histoiresParTournee = 20

// archiviste copies histories out of the engine.
func (a *atelier) archiviste() *workflows.Archiviste {
	return &workflows.Archiviste{Temporal: a.temporal, Namespace: a.cfg.Namespace, Copies: a.store, Build: build()}
}

// archiver keeps the histories of the runs that ended, before the engine forgets them.
// Several workers may do it at once: each takes other objects.
func (a *atelier) archiver(ctx context.Context) {
	arch := a.archiviste()
	a.tourner(ctx, "histories not kept", func(ctx context.Context) (time.Duration, error) {
		n, err := a.archiverUnPeu(ctx, arch)
		return apres(n == histoiresParTournee && err == nil, 5*time.Second), err
	})
}

func (a *atelier) archiverUnPeu(ctx context.Context, arch *workflows.Archiviste) (int, error) {
	if err := a.store.SuivreHistoires(ctx); err != nil {
		return 0, err
	}
	xs, err := a.store.PrendreHistoires(ctx, histoiresParTournee)
	if err != nil {
		return 0, err
	}
	for _, x := range xs {
		e, dans, err := garderUne(ctx, arch, x)
		if err != nil {
			return 0, err // the engine or the base is away: those taken come back
		}
		if err := a.store.NoterHistoire(ctx, x, e, dans); err != nil {
			return 0, err
		}
	}
	return len(xs), nil
}

// essaisHistoire is how often the runs of an object that rests in its étape are looked at:
// its run goes on until the étape ends, which a new step will tell.
const essaisHistoire = 6

// garderUne copies the runs of an object that have ended, and says whether to look again,
// and when.
func garderUne(ctx context.Context, arch *workflows.Archiviste, x store.SuiviHistoire) (opco.EtatHistoire, time.Duration, error) {
	ctx, fin := context.WithTimeout(ctx, patienceMoteur)
	defer fin()
	runs, err := arch.Garder(ctx, x.Objet, false)
	var refus *opco.Error
	switch {
	case errors.As(err, &refus) && refus.Kind == opco.Invalid:
		return opco.HistoireTropGrande, 0, nil
	case err != nil:
		return "", 0, err
	case len(runs) == 0:
		return opco.HistoireAbsente, 0, nil
	}
	ouverte := slices.ContainsFunc(runs, func(r opco.Histoire) bool { return r.Ouverte })
	if !ouverte {
		return opco.HistoireGardee, 0, nil
	}
	depart, lu := arch.Rang(ctx, runs[len(runs)-1])
	switch {
	case x.Fini:
		return opco.HistoireAttend, min(time.Duration(x.Essais)*10*time.Second, time.Hour), nil // it is ending
	case lu && depart == x.Rang || x.Essais >= essaisHistoire:
		return opco.HistoireGardee, 0, nil // the last run begins where the object is: the others are kept
	}
	return opco.HistoireAttend, time.Duration(x.Essais*x.Essais) * 30 * time.Second, nil
}
