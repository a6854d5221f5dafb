package executant

import (
	"context"
	"errors"
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

// demanderTous asks for things, and returns those that were asked for: what the engine did not
// answer may have been done, and is read again. One that could not be asked for is left for later.
func (x *Intervenant) demanderTous(ctx context.Context, v store.InterventionVue, es []store.ElementIntervention) (demandes []store.ElementIntervention, err error) {
	for _, e := range es {
		var refus *opco.Error
		demande, e2 := x.demander(ctx, v, &e)
		switch {
		case errors.As(e2, &refus):
			e.Phrase = refus.Message
			err = errors.Join(err, x.Store.NoterConstat(ctx, v, e, etatDuRefus(refus)))
			continue
		case e2 != nil:
			x.Log.WarnContext(ctx, "not answered", "intervention", v.ID, "object", e.Objet, "asked", demande, "error", e2)
		}
		if demande {
			demandes = append(demandes, e)
		}
	}
	return demandes, err
}

// etatDuRefus tells what was refused from what had moved by itself since its trial.
func etatDuRefus(r *opco.Error) string {
	if r.Code == opco.CodeDepuisEssai {
		return string(opco.ConstateSansEffet)
	}
	return store.ElementRefuse
}

// relever reads where a thing stands, in the base and at the engine.
func (x *Intervenant) relever(ctx context.Context, v store.InterventionVue, e store.ElementIntervention) (opco.Releve, error) {
	r := opco.Releve{Le: time.Now().UTC().Truncate(time.Microsecond)}
	var err error
	if r.Base, r.Pli, err = x.Store.ReleverBase(ctx, store.Cible{Objet: e.Objet, Cle: e.Cle}); err != nil {
		return r, err
	}
	if v.Demande.Verbe.Cible() != opco.CibleCourriel && v.Demande.Verbe != opco.VerbeReconstruire {
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

// demander writes that a thing is asked for, then asks; false when it is not asked for yet. What was
// asked before is only read again, but now and then: a worker may have died before its call.
func (x *Intervenant) demander(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention) (bool, error) {
	ctx, fin := context.WithTimeout(ctx, appelEn)
	defer fin()
	if e.Etat == store.ElementApplicable {
		if faite, err := x.Store.DemanderCible(ctx, v, *e); err != nil || !faite {
			return false, err
		}
		e.Etat = store.ElementDemande
		return true, x.appeler(ctx, v, e)
	}
	if v.Demande.Verbe.Cible() == opco.CibleCourriel {
		return true, nil // it was done with the writing that says so
	}
	if encore, err := x.Store.NoterAppel(ctx, v, *e, bailIn); err != nil || !encore {
		return true, err
	}
	if v.Demande.Verbe.Rejouable() {
		return true, x.appeler(ctx, v, e)
	}
	return true, x.redemander(ctx, v, e)
}
