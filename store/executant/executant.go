// Package executant does the actions on many dossiers that the pages and the API ask for,
// dossier by dossier, in the name of their authors.
package executant

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// Executant does actions on many dossiers in the name of their authors: it tries each
// dossier, then applies the action through the inbox, as its author would one by one.
// Several may work at once; one that dies loses nothing and doubles nothing.
type Executant struct {
	Store      *store.Store
	Procedures interface {
		Transmettre(ctx context.Context, a opco.Acte) error
	}
	Log *slog.Logger
	// Pause is what it leaves to people between two handfuls, Patience the longest wait
	// for the verdicts of one, all together.
	Pause, Patience time.Duration
}

// Poignee is how many dossiers are taken at once, for an acte.
const Poignee = 10

const (
	poigneeEt = 500              // for a label: one statement does them all
	poigneeGe = 50               // for another gesture, which holds its dossiers while it is made
	bailLot   = 30 * time.Second // after which those of a dead worker are taken again
	signalEn  = 2 * time.Second  // longest wait for a procedure to hear of its acte
	presse    = 10               // actes waiting above which people go first
	presseEn  = 10 * time.Second // of those that came since
	presseMax = 20               // pauses spent at most for them
)

// Tournee does a handful of each action that waits, and returns how many dossiers it
// did.
func (x *Executant) Tournee(ctx context.Context) (int, error) {
	vs, err := x.Store.ActionsEnCours(ctx)
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

func (x *Executant) poignee(ctx context.Context, v store.ActionLotVue) (int, error) {
	if non, err := x.nonPermis(ctx, v); err != nil || non != "" {
		if err == nil {
			err = x.Store.SuspendreActionLot(ctx, v.ID, non)
		}
		return 0, err
	}
	if v.Etat == store.LotLance {
		x.laisserPasser(ctx)
	}
	es, err := x.Store.PrendreElements(ctx, v, bailLot, taille(v.Action))
	if err != nil {
		return 0, err
	}
	if err := x.faire(ctx, v, es); err != nil {
		return 0, err
	}
	return len(es), x.Store.AvancerActionLot(ctx, v)
}

func taille(a opco.ActionLot) int {
	switch {
	case !a.Geste():
		return Poignee
	case a.Genre == opco.LotEtiqueter, a.Genre == opco.LotDesetiqueter:
		return poigneeEt
	}
	return poigneeGe
}

// nonPermis says why the author may no longer do what they asked, "" when they may.
func (x *Executant) nonPermis(ctx context.Context, v store.ActionLotVue) (string, error) {
	u, err := x.Store.UtilisateurDeCompte(ctx, v.Compte)
	if err != nil && !errors.Is(err, opco.NotFound) {
		return "", err
	}
	u, entre := u.Entrer(v.Espace)
	if err != nil || !entre || u.Role != v.Role || !slices.Contains(opco.GenresLot(u.Role), v.Action.Genre) {
		return "L’action est arrêtée : " + v.Nom + " n’a plus le rôle qui la permettait.", nil
	}
	return "", nil
}

// laisserPasser waits while people’s own actes wait, but not for ever.
func (x *Executant) laisserPasser(ctx context.Context) {
	for range presseMax {
		n, err := x.Store.ActesQuiAttendent(ctx, presseEn, presse+1)
		select {
		case <-ctx.Done():
			return
		case <-time.After(x.Pause):
		}
		if err != nil || n <= presse {
			return
		}
	}
}

// faire tries dossiers, or applies the action to them.
func (x *Executant) faire(ctx context.Context, v store.ActionLotVue, es []store.ElementLot) error {
	switch {
	case len(es) == 0:
		return nil
	case v.Etat == store.LotEssai:
		return x.Store.EssayerElements(ctx, v, es)
	case v.Action.Geste():
		return x.Store.FaireGestes(ctx, v, es)
	}
	x.appliquer(ctx, v, es)
	return nil
}

// appliquer sends the actes of a handful, then waits for their verdicts together: one
// whose procedure is stuck costs the others nothing. A dossier whose acte has no verdict
// is left for later, after those that nobody had: the same acte is asked after again.
func (x *Executant) appliquer(ctx context.Context, v store.ActionLotVue, es []store.ElementLot) {
	joint := true // the procedures hear
	partis := map[string]store.ElementLot{}
	for _, e := range es {
		r, err := x.envoyer(ctx, v, e)
		if err != nil || r.Verdict != opco.VerdictRecu {
			x.conclure(ctx, v, e, r, err)
			continue
		}
		if partis[r.Acte.ID] = e; joint {
			joint = x.transmettre(ctx, r.Acte)
		}
	}
	fin := time.Now().Add(x.Patience)
	for id, e := range partis {
		r, err := x.Store.AttendreVerdict(ctx, id, time.Until(fin))
		x.conclure(ctx, v, e, r, err)
	}
}

// envoyer puts the acte of a dossier in the inbox, in the name of the author.
func (x *Executant) envoyer(ctx context.Context, v store.ActionLotVue, e store.ElementLot) (store.Recu, error) {
	var lue *opco.PropositionLue
	if len(e.Charge) > 0 {
		if err := json.Unmarshal(e.Charge, &lue); err != nil {
			return store.Recu{}, err
		}
	}
	t, charge, _ := v.Action.Acte(lue)
	brut, err := json.Marshal(charge)
	if err != nil {
		return store.Recu{}, err
	}
	return x.Store.Recevoir(ctx, opco.Acte{ID: store.ActeDeLot(v.ID, e.Dossier), Objet: opco.ObjetDossier(e.Dossier), Type: t, Par: v.Par(),
		Charge: brut, Compte: v.Compte, Session: v.Session})
}

// transmettre tells a procedure of its acte, and reports whether it heard: when one does
// not, the others of the handful are left to the relay too.
func (x *Executant) transmettre(ctx context.Context, a opco.Acte) bool {
	borne, fin := context.WithTimeout(ctx, signalEn)
	defer fin()
	err := x.Procedures.Transmettre(borne, a)
	if err != nil {
		x.Log.InfoContext(ctx, "acte left to the relay", "acte", a.ID, "error", err)
	}
	return err == nil
}

// conclure writes what became of a dossier: applied, or why not. err is of what was asked.
func (x *Executant) conclure(ctx context.Context, v store.ActionLotVue, e store.ElementLot, r store.Recu, err error) {
	var refus *opco.Error
	if err == nil {
		refus = r.Refus()
	}
	switch {
	case err != nil && !errors.As(err, &refus):
	case err == nil && r.Verdict == opco.VerdictRecu:
		err = errSansVerdict
	default:
		err = x.Store.NoterElement(ctx, v, e, refus)
	}
	if err != nil {
		x.Log.WarnContext(ctx, "dossier of an action left for later", "action", v.ID, "dossier", e.Dossier, "error", err)
	}
}

// errSansVerdict says that the procedure has not answered yet.
var errSansVerdict = errors.New("no verdict yet")
