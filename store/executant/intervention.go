package executant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// Moteur is the engine as the ops staff acts on it. workflows.Client is one.
type Moteur interface {
	Transmettre(ctx context.Context, a opco.Acte) error
	Reveiller(ctx context.Context, objet string, decalage time.Duration) error
	Demarrer(ctx context.Context, objet string) error
	Relever(ctx context.Context, objet string) (opco.ReleveMoteur, error)
	Reessayer(ctx context.Context, objet string, r opco.ReleveMoteur) error
	Allonger(ctx context.Context, objet string, r opco.ReleveMoteur, delai time.Duration) error
	Suspendre(ctx context.Context, objet string, r opco.ReleveMoteur, raison string) error
	Reprendre(ctx context.Context, objet string, r opco.ReleveMoteur) error
	Terminer(ctx context.Context, objet, run, raison string) error
	Etapes(ctx context.Context, objet string) ([]opco.PointReprise, error)
	Revenir(ctx context.Context, objet, attendu string, p opco.PointReprise, raison string) error
}

// Intervenant does what the ops staff asked: it tries each thing, writes that it asks, asks, then reads
// again. Several may work at once; one that dies loses nothing, and what it had asked is read again
// before anything is asked a second time.
type Intervenant struct {
	Store  *store.Store
	Moteur Moteur
	Log    *slog.Logger
	// Conserver keeps the history of a procedure before it is brought back or stopped.
	Conserver func(ctx context.Context, objet string) error
	// Relire is how long a handful is read again before what is not seen is left for later, Patience
	// how long after the call it is given up.
	Relire, Patience time.Duration
}

const (
	poigneeIn = 20               // of things, at once
	bailIn    = 60 * time.Second // after which those of a dead worker are taken again
	appelEn   = 15 * time.Second // longest call
	relireEn  = 300 * time.Millisecond
)

// Tournee does a handful of each intervention that waits, and returns how many things it moved.
func (x *Intervenant) Tournee(ctx context.Context) (int, error) {
	vs, err := x.Store.InterventionsEnCours(ctx, 20)
	if err != nil {
		return 0, err
	}
	faits := 0
	for _, v := range vs {
		n, e := x.poignee(ctx, v)
		faits, err = faits+n, errors.Join(err, e) // one that fails does not hold the others
	}
	return faits, err
}

func (x *Intervenant) poignee(ctx context.Context, v store.InterventionVue) (int, error) {
	es, err := x.Store.PrendreCibles(ctx, v, bailIn, poigneeIn)
	if err != nil {
		return 0, err
	}
	n := 0
	if v.Etat == store.InterventionEssai {
		for _, e := range es {
			if err := x.essayer(ctx, v, e); err != nil {
				x.Log.WarnContext(ctx, "trial left for later", "intervention", v.ID, "object", e.Objet, "error", err)
				continue
			}
			n++
		}
		return n, x.Store.AvancerIntervention(ctx, v)
	}
	demandes, err := x.demanderTous(ctx, v, es)
	n, e2 := x.constater(ctx, v, demandes)
	return n + len(es) - len(demandes), errors.Join(err, e2, x.Store.AvancerIntervention(ctx, v))
}

// demanderTous asks for things, and returns those that were not refused: what the engine did not
// answer may have been done, and is read again.
func (x *Intervenant) demanderTous(ctx context.Context, v store.InterventionVue, es []store.ElementIntervention) (demandes []store.ElementIntervention, err error) {
	for _, e := range es {
		var refus *opco.Error
		e2 := x.demander(ctx, v, &e)
		if errors.As(e2, &refus) {
			e.Phrase = refus.Message
			err = errors.Join(err, x.Store.NoterConstat(ctx, v, e, store.ElementRefuse))
			continue
		}
		if e2 != nil {
			x.Log.WarnContext(ctx, "asked, not answered", "intervention", v.ID, "object", e.Objet, "error", e2)
		}
		demandes = append(demandes, e)
	}
	return demandes, err
}

// relever reads where a thing stands, in the base and at the engine.
func (x *Intervenant) relever(ctx context.Context, v store.InterventionVue, e store.ElementIntervention) (opco.Releve, error) {
	r := opco.Releve{Le: time.Now().UTC().Truncate(time.Microsecond)}
	var err error
	if r.Base, r.Pli, err = x.Store.ReleverBase(ctx, store.Cible{Objet: e.Objet, Cle: e.Cle}); err != nil {
		return r, err
	}
	if v.Demande.Verbe.Cible() != opco.CibleCourriel {
		r.Moteur, err = x.Moteur.Relever(ctx, e.Objet)
	}
	return r, err
}

// essayer says what would be done to a thing, and writes it.
func (x *Intervenant) essayer(ctx context.Context, v store.InterventionVue, e store.ElementIntervention) error {
	ctx, fin := context.WithTimeout(ctx, appelEn)
	defer fin()
	var err error
	if e.Avant, err = x.relever(ctx, v, e); err != nil {
		return err
	}
	e.Phrase, err = v.Demande.Essayer(e.Avant)
	if err == nil && v.Demande.Verbe == opco.VerbeRevenir {
		var p opco.PointReprise
		if p, err = x.point(ctx, v, e); err == nil {
			e.Effets, err = x.Store.EffetsDepuis(ctx, e.Objet, p.Rang)
		}
	}
	var refus *opco.Error
	if err != nil && !errors.As(err, &refus) {
		return err
	}
	return x.Store.NoterEssaiCible(ctx, v, e, refus)
}

// point finds where the procedure last entered the étape asked for.
func (x *Intervenant) point(ctx context.Context, v store.InterventionVue, e store.ElementIntervention) (opco.PointReprise, error) {
	ps, err := x.Moteur.Etapes(ctx, e.Objet)
	if err != nil {
		return opco.PointReprise{}, err
	}
	i := slices.IndexFunc(ps, func(p opco.PointReprise) bool { return p.Etape == v.Demande.Etape })
	if i < 0 {
		return opco.PointReprise{}, opco.SansEtape(v.Demande.Etape, ps)
	}
	return ps[i], nil
}

// demander writes that a thing is asked for, then asks. One that was asked before by a worker that died
// is asked again only when asking twice does no more than once, or when nothing has come of it.
func (x *Intervenant) demander(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	ctx, fin := context.WithTimeout(ctx, appelEn)
	defer fin()
	if e.Etat == store.ElementDemande && !v.Demande.Verbe.Rejouable() {
		return x.redemander(ctx, v, e)
	}
	if e.Etat == store.ElementApplicable {
		if faite, err := x.Store.DemanderCible(ctx, v, *e); err != nil || !faite {
			return err
		}
		e.Etat = store.ElementDemande
	}
	return x.appeler(ctx, v, e)
}

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
	return x.rappeler(ctx, e.Objet, 1)
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
		return x.Moteur.Suspendre(ctx, e.Objet, m, d.Motif)
	case opco.VerbeReprendre:
		return x.Moteur.Reprendre(ctx, e.Objet, m)
	case opco.VerbeRearmer:
		return x.rearmer(ctx, v, e)
	case opco.VerbeRevenir:
		return x.revenir(ctx, v, e)
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
// starts again from the journal: it is the only place where the date is written.
func (x *Intervenant) rearmer(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) error {
	if err := x.Store.Rearmer(ctx, e.Objet); err != nil {
		return err
	}
	m, err := x.Moteur.Relever(ctx, e.Objet)
	if err != nil {
		return err
	}
	if m.Ouverte && m.Repond && m.Rang == e.Avant.Base.Rang && !m.Echeance.Equal(e.Avant.Base.Due) {
		if err := x.Moteur.Terminer(ctx, e.Objet, m.Run, raison(v)); err != nil {
			return err
		}
		return errors.Join(x.Moteur.Demarrer(ctx, e.Objet), x.rappeler(ctx, e.Objet, 0))
	}
	return x.rappeler(ctx, e.Objet, 0)
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
	m, err := x.Moteur.Relever(ctx, e.Objet)
	if err != nil {
		return err
	}
	if m.Run != e.Avant.Moteur.Run {
		return opco.Errorf(opco.Conflict, "La procédure a changé depuis l’essai : rien n’a été fait. Essayez de nouveau.")
	}
	if m.Ouverte {
		if err := x.conserver(ctx, e.Objet); err != nil {
			return err
		}
		if err := x.Moteur.Terminer(ctx, e.Objet, m.Run, raison(v)); err != nil {
			return err
		}
	}
	if err := x.Moteur.Demarrer(ctx, e.Objet); err != nil {
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
