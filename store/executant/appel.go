package executant

import (
	"context"
	"fmt"

	"guichet/opco"
	"guichet/store"
)

// redemander asks once more for a procedure that is still the run that was read when it was tried:
// the worker died before its call. Otherwise the call was made, and what is left of it is finished.
func (x *Intervenant) redemander(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	m, err := x.Moteur.Relever(ctx, e.Objet)
	if err != nil {
		return err
	}
	if m.Run == e.Avant.Moteur.Run {
		return x.appeler(ctx, v, e)
	}
	depuis := int64(0)
	if v.Demande.Verbe == opco.VerbeRevenir {
		p, err := x.point(ctx, v, *e)
		if err != nil {
			return err
		}
		depuis = max(p.Seq, 1)
	}
	return x.rappeler(ctx, e.Objet, depuis)
}

// appeler asks the engine. What concerns a mail was done with the writing that says so.
func (x *Intervenant) appeler(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	d, m := v.Demande, e.Avant.Moteur
	switch d.Verbe {
	case opco.VerbeRelancer:
		return x.rappeler(ctx, e.Objet, 0)
	case opco.VerbeReessayer:
		return x.Moteur.Reessayer(ctx, e.Objet, m)
	case opco.VerbeAllonger:
		return x.Moteur.Allonger(ctx, e.Objet, m, d.Delai)
	case opco.VerbeSuspendre:
		return x.Moteur.Suspendre(ctx, e.Objet, m, raison(v))
	case opco.VerbeReprendre:
		return x.Moteur.Reprendre(ctx, e.Objet, m)
	case opco.VerbeRearmer:
		return x.rearmer(ctx, v, e)
	case opco.VerbeRevenir:
		return x.revenir(ctx, v, e)
	case opco.VerbeReconstruire:
		return x.Store.Reconstruire(ctx, e.Objet)
	case opco.VerbeRehydrater:
		return x.rehydrater(ctx, v, e)
	}
	return nil
}

// rappeler tells the procedure of an object what waits in its inbox, from the number depuis on when it
// is not zero, and what time it is.
func (x *Intervenant) rappeler(ctx context.Context, objet string, depuis int64) error {
	as, err := x.Store.ActesDe(ctx, objet, depuis)
	if err != nil {
		return err
	}
	for _, a := range as {
		if err := x.Moteur.Transmettre(ctx, a); err != nil {
			return err
		}
	}
	d, err := x.Store.Decalage(ctx)
	if err != nil {
		return err
	}
	return x.Moteur.Reveiller(ctx, objet, d)
}

// rearmer sets the timer to the échéance of the journal. A procedure that has another one in mind
// starts again from the journal: it is the only place where the date is written. Only the run that was
// tried is ever stopped for it, its history kept.
func (x *Intervenant) rearmer(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	if err := x.Store.Rearmer(ctx, e.Objet); err != nil {
		return err
	}
	r, err := x.relever(ctx, v, *e)
	if err != nil {
		return err
	}
	m := r.Moteur
	if m.Ouverte && m.Repond && m.Run == e.Avant.Moteur.Run && m.Rang == r.Base.Rang && !m.Echeance.Equal(r.Base.Due) {
		if err := x.arreter(ctx, v, e, r); err != nil {
			return err
		}
	}
	return x.rappeler(ctx, e.Objet, 0)
}

// arreter stops the run of a procedure, and starts the next from the journal, unless what was just read
// no longer asks for it. Its history is kept first.
func (x *Intervenant) arreter(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention, r opco.Releve) error {
	if _, err := v.Demande.Essayer(r); err != nil {
		return err
	}
	if r.Moteur.Ouverte {
		if err := x.conserver(ctx, e.Objet); err != nil {
			return err
		}
		if err := x.Moteur.Terminer(ctx, e.Objet, r.Moteur.Run, raison(v)); err != nil {
			return err
		}
	}
	return x.Moteur.Demarrer(ctx, e.Objet)
}

// revenir brings a procedure back, its history kept first, then tells it again all that its run had
// been told: what is in the journal is read there, never done again.
func (x *Intervenant) revenir(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	p, err := x.point(ctx, v, *e)
	if err != nil {
		return err
	}
	if err := x.conserver(ctx, e.Objet); err != nil {
		return err
	}
	if err := x.Moteur.Revenir(ctx, e.Objet, e.Avant.Moteur.Run, p, raison(v)); err != nil {
		return err
	}
	return x.rappeler(ctx, e.Objet, max(p.Seq, 1))
}

// rehydrater starts a procedure from the journal; one that runs and does not follow is stopped first.
func (x *Intervenant) rehydrater(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	r, err := x.relever(ctx, v, *e)
	if err != nil {
		return err
	}
	if r.Moteur.Run != e.Avant.Moteur.Run {
		return opco.DepuisEssai("La procédure a changé depuis l’essai : rien n’a été fait. Essayez de nouveau.")
	}
	if err := x.arreter(ctx, v, e, r); err != nil {
		return err
	}
	return x.rappeler(ctx, e.Objet, 0)
}

func (x *Intervenant) conserver(ctx context.Context, objet string) error {
	if x.Conserver == nil {
		return nil
	}
	if err := x.Conserver(ctx, objet); err != nil {
		return fmt.Errorf("keeping the history of %s: %w", objet, err)
	}
	return nil
}

// raison is what the engine keeps of why: the intervention says the rest.
func raison(v store.InterventionVue) string { return "intervention " + v.ID }
