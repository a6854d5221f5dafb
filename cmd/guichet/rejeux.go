package main

import (
	"context"
	"errors"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// rejouer does the replays that the console asks for, one at a time.
func (a *atelier) rejouer(ctx context.Context) {
	a.tourner(ctx, "replay not done", func(ctx context.Context) (time.Duration, error) {
		fait, err := a.rejouerUn(ctx)
		return apres(fait && err == nil, 10*time.Second), err
	}, "rejeu")
}

// rejouerUn does the replay that waits, and reports whether there was one.
func (a *atelier) rejouerUn(ctx context.Context) (bool, error) {
	v, ok, err := a.store.PrendreRejeu(ctx, build())
	if err != nil || !ok {
		return false, err
	}
	v.Etat, v.Bilan, v.Runs = store.RejeuEnCours, opco.BilanRejeux{}, nil
	r := workflows.NewRejoueur(build())
	if v.Objet != "" {
		err = rejouerObjet(ctx, a.archiviste(), r, &v)
	} else {
		err = a.rejouerClasse(ctx, r, &v)
	}
	if ctx.Err() != nil {
		return true, ctx.Err() // this worker stops: another takes it
	}
	v.Etat = store.RejeuFini
	if err != nil {
		v.Etat, v.Raison = store.RejeuEchoue, err.Error()
	}
	return true, errors.Join(err, a.store.AvancerRejeu(ctx, v))
}

// rejouerObjet replays every run of one object.
func rejouerObjet(ctx context.Context, arch *workflows.Archiviste, r *workflows.Rejoueur, v *store.RejeuVue) error {
	muet, err := arch.Parcourir(ctx, v.Objet, func(h opco.Histoire, copie bool) error {
		x := r.Rejouer(h)
		x.Copie = copie
		v.Runs = append(v.Runs, x)
		v.Bilan.Ajouter(x)
		return nil
	})
	if err != nil {
		return err
	}
	if len(v.Runs) == 0 {
		v.Bilan.Ajouter(opco.Rejeu{Objet: v.Objet, Issue: opco.RejeuAbsent})
	}
	if muet != nil {
		v.Raison = "Le moteur n’a pas répondu : seules les copies gardées ont été rejouées."
	}
	v.Bilan.Total = v.Bilan.Faits
	return nil
}

func (a *atelier) rejouerClasse(ctx context.Context, r *workflows.Rejoueur, v *store.RejeuVue) error {
	b, err := menerClasse(ctx, a.store, a.archiviste(), store.ClasseOuverte{Etapes: v.Etapes, Echantillon: v.Echantillon},
		func(_ context.Context, h opco.Histoire) (opco.Rejeu, error) { return r.Rejouer(h), nil },
		func(ctx context.Context, b opco.BilanRejeux) error {
			v.Bilan = b
			return a.store.AvancerRejeu(ctx, *v)
		})
	v.Bilan = b
	return err
}

// menerClasse replays a class of open dossiers.
func menerClasse(ctx context.Context, s *store.Store, arch *workflows.Archiviste, k store.ClasseOuverte,
	rejouer func(context.Context, opco.Histoire) (opco.Rejeu, error), progres func(context.Context, opco.BilanRejeux) error) (opco.BilanRejeux, error) {
	total, err := s.CompterClasse(ctx, k)
	if err != nil {
		return opco.BilanRejeux{}, err
	}
	c := &workflows.Campagne{Archives: arch, Rejouer: rejouer, Progres: progres, Total: total,
		Objets: func(ctx context.Context, apres string) ([]string, error) { return s.ObjetsDeClasse(ctx, k, apres) }}
	return c.Mener(ctx)
}
