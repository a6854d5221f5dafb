package workflows

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"guichet/opco"
)

// Moteur is what a round asks of the engine. Guet is one.
type Moteur interface {
	// Problemes are the procedures whose steps fail, tout false when there are more.
	Problemes(ctx context.Context) (is []opco.Incident, tout bool, err error)
	// Arrets are the objects whose procedure was stopped after depuis and until vu, jusqua at
	// most, and of which none runs.
	Arrets(ctx context.Context, depuis, jusqua time.Time) (objets []string, vu time.Time, err error)
	// Tourne reports whether a procedure of the object runs.
	Tourne(ctx context.Context, objet string) (bool, error)
	// EnFaute reads again the deed of an incident; false when it fails no more.
	EnFaute(ctx context.Context, i opco.Incident) (opco.Incident, bool, error)
	// SansOuvrier are the queues that no worker has asked for work lately.
	SansOuvrier(ctx context.Context) ([]string, error)
	// Repond reports, by nil, that the engine is there, now.
	Repond(ctx context.Context) error
}

// Blocages is the memory of what is stuck. store.Store is one.
type Blocages interface {
	Ronder(ctx context.Context, pause time.Duration, f func(context.Context, *opco.Ronde) error) (bool, error)
	Maintenant(ctx context.Context) (time.Time, error)
	Parametres(ctx context.Context, jour opco.Date) (opco.Parametres, error)
	Executants(ctx context.Context, p opco.ParametresExploitation) ([]opco.Executant, error)
	Constater(ctx context.Context, is ...opco.Incident) error
	Clore(ctx context.Context, objet, activite string) error
	CloreSauf(ctx context.Context, activite string, objets []string) error
	IncidentsDActivite(ctx context.Context, limite int) ([]opco.Incident, error)
	ProceduresEnFaute(ctx context.Context, activite string, limite int) ([]opco.Incident, error)
	AttendentEcheance(ctx context.Context, objets []string) ([]string, error)
	ClasserIncidents(ctx context.Context) error
	RevoirIncidents(ctx context.Context, is []opco.Incident) error
	RondeActes(ctx context.Context, p opco.ParametresExploitation, classes map[string]opco.Classe) error
	RondeEcheances(ctx context.Context, p opco.ParametresExploitation, avant []string, classes map[string]opco.Classe) ([]string, error)
	RondeCourriers(ctx context.Context, p opco.ParametresExploitation) error
	RondeInscriptions(ctx context.Context) error
	RondeConcordance(ctx context.Context, apres string) (string, error)
}

// Ronde looks for what is stuck, opens its incidents and closes those that are over. It may
// run in several processes at once: one makes each round.
type Ronde struct {
	Moteur   Moteur
	Blocages Blocages
	Log      *slog.Logger

	absences []time.Time // of the engine, seen by this process
}

// What a round asks of the engine at most, and how long it waits for it.
const (
	releveMax   = 50
	patienceMax = 10 * time.Second
	// arretsAvant is how far back the first round looks for procedures that were stopped.
	arretsAvant = 24 * time.Hour
	// arretsMarge is looked at twice: what the engine lists comes a little late.
	arretsMarge = 2 * time.Minute
)

// Tourner makes rounds until ctx ends.
func (r *Ronde) Tourner(ctx context.Context) {
	for ctx.Err() == nil {
		pause := time.Second // the pause itself is in the base: this is how soon another process takes over
		if err := r.Passer(ctx); err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "round not made", "error", err)
			pause = 5 * time.Second
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// Passer makes one round, unless another process has just made one.
func (r *Ronde) Passer(ctx context.Context) error {
	le, err := r.Blocages.Maintenant(ctx)
	if err != nil {
		return err
	}
	par, err := r.Blocages.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return err
	}
	p := par.Exploitation
	r.sonder(ctx, p.Ronde())
	_, err = r.Blocages.Ronder(ctx, p.Ronde(), func(ctx context.Context, x *opco.Ronde) error { return r.regarder(ctx, p, x) })
	return err
}

// regarder looks at everything, once: what cannot be looked at does not hide the rest.
func (r *Ronde) regarder(ctx context.Context, p opco.ParametresExploitation, x *opco.Ronde) error {
	b := r.Blocages
	classes, err := r.releverMoteur(ctx, p, x)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range []func(context.Context) error{
		b.ClasserIncidents, b.RondeInscriptions,
		func(ctx context.Context) error { return b.RondeCourriers(ctx, p) },
		func(ctx context.Context) error { return b.RondeActes(ctx, p, classes) },
	} {
		errs = append(errs, f(ctx))
	}
	retards, err := b.RondeEcheances(ctx, p, x.Retards, classes)
	if errs = append(errs, err); err == nil {
		x.Retards = retards
	}
	x.Dossier, err = b.RondeConcordance(ctx, x.Dossier)
	return errors.Join(append(errs, err)...)
}

// objetMoteur is what the incidents of the engine itself are about.
const objetMoteur = "moteur"

// releverMoteur reads what the engine says, and returns why an object of each kind would
// wait: nothing to say when the engine and the workers are there.
func (r *Ronde) releverMoteur(ctx context.Context, p opco.ParametresExploitation, x *opco.Ronde) (map[string]opco.Classe, error) {
	es, err := r.Blocages.Executants(ctx, p)
	if err != nil {
		return nil, err
	}
	demande, fin := context.WithTimeout(ctx, patienceMax)
	defer fin()
	vides := opco.TravauxSansExecutant(es)
	panne := r.demander(demande, ctx, x, vides, es)
	x.Moteur = ""
	if panne != nil {
		x.Moteur = panne.Error()
		i := opco.Incident{Objet: objetMoteur, Activite: opco.ActiviteMoteur, Essais: 1, Erreur: x.Moteur, Classe: opco.ClasseInjoignable}
		return classer(opco.ClasseInjoignable, opco.Travaux()), r.Blocages.Constater(ctx, i)
	}
	if err := r.Blocages.Clore(ctx, objetMoteur, opco.ActiviteMoteur); err != nil {
		return nil, err
	}
	r.noterCoupures(ctx, p.Ronde())
	if slices.Contains(vides, opco.ToutesFiles) {
		vides = opco.Travaux()
	}
	return classer(opco.ClassePersonne, vides), nil
}

// classer gives a class to the kinds of objects whose procedures are of these queues.
func classer(c opco.Classe, files []string) map[string]opco.Classe {
	classes := map[string]opco.Classe{}
	for _, genre := range []string{"dossier", "lot", "compte", "indu"} {
		if _, file := procedureDe(genre + "/"); slices.Contains(files, file) {
			classes[genre] = c
		}
	}
	return classes
}

// demander asks the engine what fails. What the base answers is not a fault of the engine:
// it is logged, and asked again by the next round. vides are the works that no worker says it
// does; the engine adds the queues that none asks, though one says so.
func (r *Ronde) demander(demande, ctx context.Context, x *opco.Ronde, vides []string, es []opco.Executant) error {
	files, panne := r.Moteur.SansOuvrier(demande)
	for _, f := range files {
		if !slices.Contains(vides, f) && !slices.Contains(vides, opco.ToutesFiles) {
			vides = append(vides, f)
		}
	}
	r.files(ctx, opco.ReunirSansPart(vides, es), x) // who is there is known without the engine
	if panne != nil {
		return panne
	}
	if err := r.problemes(demande, ctx, es); err != nil {
		return err
	}
	if err := r.arrets(demande, ctx, x); err != nil {
		return err
	}
	return r.activites(demande, ctx)
}

// files opens the incidents of works that no worker does, this round and the one before:
// workers that start again are not a fault.
func (r *Ronde) files(ctx context.Context, vides []string, x *opco.Ronde) {
	var is []opco.Incident
	objets := make([]string, len(vides))
	for i, f := range vides {
		objets[i] = "file/" + f
		if slices.Contains(x.Vides, f) {
			is = append(is, opco.Incident{Objet: objets[i], Activite: opco.ActiviteFile, Essais: 1, Classe: opco.ClassePersonne})
		}
	}
	x.Vides = vides
	r.noter(ctx, r.Blocages.Constater(ctx, is...), r.Blocages.CloreSauf(ctx, opco.ActiviteFile, objets))
}

func (r *Ronde) noter(ctx context.Context, errs ...error) {
	for _, err := range errs {
		if err != nil {
			r.Log.WarnContext(ctx, "what is stuck was not written", "error", err)
		}
	}
}

// problemes opens the incidents of procedures whose steps fail, and closes those of the
// others when the engine has listed them all. es are the workers that are there.
func (r *Ronde) problemes(demande, ctx context.Context, es []opco.Executant) error {
	is, tout, err := r.Moteur.Problemes(demande)
	if err != nil {
		return err
	}
	nommer(is, es)
	r.noter(ctx, r.Blocages.Constater(ctx, is...))
	if tout {
		objets := make([]string, len(is))
		for n, i := range is {
			objets[n] = i.Objet
		}
		r.noter(ctx, r.Blocages.CloreSauf(ctx, opco.ActiviteTache, objets))
	}
	return nil
}

// arrets opens the incidents of procedures that were stopped while their object waits for a
// day, and closes those of procedures that run again or that nothing waits for.
func (r *Ronde) arrets(demande, ctx context.Context, x *opco.Ronde) error {
	depuis, maintenant := time.Now().Add(-arretsAvant), time.Now()
	if x.ArretsLe != nil {
		depuis = *x.ArretsLe
	}
	objets, vu, err := r.Moteur.Arrets(demande, depuis, maintenant)
	if err != nil {
		return err
	}
	ouverts, err := r.Blocages.ProceduresEnFaute(ctx, opco.ActiviteArret, releveMax)
	r.noter(ctx, err)
	var encore []string
	for _, i := range ouverts {
		tourne, err := r.Moteur.Tourne(demande, i.Objet)
		if err != nil {
			return err
		}
		if !tourne {
			encore = append(encore, i.Objet)
		}
	}
	attendent, err := r.Blocages.AttendentEcheance(ctx, slices.Concat(objets, encore))
	if err != nil {
		r.noter(ctx, err)
		return nil
	}
	var is []opco.Incident
	for _, o := range attendent {
		is = append(is, opco.Incident{Objet: o, Activite: opco.ActiviteArret, Essais: 1, Classe: opco.ClasseArretee})
	}
	r.noter(ctx, r.Blocages.Constater(ctx, is...), r.Blocages.RevoirIncidents(ctx, ouverts))
	for _, i := range ouverts {
		if !slices.Contains(attendent, i.Objet) {
			r.noter(ctx, r.Blocages.Clore(ctx, i.Objet, i.Activite))
		}
	}
	if marge := maintenant.Add(-arretsMarge); vu.After(marge) {
		vu = marge
	}
	x.ArretsLe = &vu
	return nil
}

// activites reads again the deeds of the world that fail: their tries, their next one, what
// they were answered. One of which the engine says nothing may be between two series of
// tries: the base says when it is over (RondeInscriptions).
func (r *Ronde) activites(demande, ctx context.Context) error {
	is, err := r.Blocages.IncidentsDActivite(ctx, releveMax)
	if err != nil {
		r.noter(ctx, err)
		return nil
	}
	for _, i := range is {
		relu, faute, err := r.Moteur.EnFaute(demande, i)
		if err != nil {
			return err
		}
		if faute {
			r.noter(ctx, r.Blocages.Constater(ctx, relu))
		}
	}
	r.noter(ctx, r.Blocages.RevoirIncidents(ctx, is))
	return nil
}
