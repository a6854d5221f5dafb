package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EtatActionLot is how far an action on many dossiers has gone.
type EtatActionLot string

// The états of an action on many dossiers.
const (
	LotEssai      EtatActionLot = "ESSAI"
	LotPret       EtatActionLot = "PRETE"
	LotLance      EtatActionLot = "LANCEE"
	LotArrete     EtatActionLot = "ARRETEE"
	LotTermine    EtatActionLot = "TERMINEE"
	LotAbandonne  EtatActionLot = "ABANDONNEE"
	elementAttend               = "ATTEND"
	elementBon                  = "APPLICABLE"
)

// etatsElement are what becomes of a dossier of an action.
var etatsElement = []string{elementAttend, elementBon, "ECARTE", "APPLIQUE", "REFUSE"}

// ActionLotVue is an action on many dossiers as its author follows it.
type ActionLotVue struct {
	ID         string         `db:"id" json:"id"`
	Etat       EtatActionLot  `db:"etat" json:"etat"`
	Action     opco.ActionLot `db:"-" json:"action"`
	Personne   string         `db:"personne" json:"-"`
	Pour       string         `db:"pour" json:"-"`
	Compte     string         `db:"compte" json:"-"`
	Session    string         `db:"session" json:"-"`
	Espace     string         `db:"espace" json:"-"`
	Nom        string         `db:"nom" json:"nom"`
	Role       opco.Role      `db:"role" json:"role"`
	Raison     string         `db:"raison" json:"raison,omitempty"`
	CreeLe     time.Time      `db:"cree_le" json:"cree_le"`
	LanceeLe   *time.Time     `db:"lancee_le" json:"lancee_le,omitempty"`
	TermineeLe *time.Time     `db:"terminee_le" json:"terminee_le,omitempty"`
	Nombres    NombresLot     `db:"nombres" json:"nombres"`
}

// Par is the author, in whose name the worker acts.
func (v ActionLotVue) Par() opco.Acteur {
	return opco.Acteur{Personne: v.Personne, Pour: v.Pour, Nom: v.Nom, Role: v.Role}
}

// NombresLot counts the dossiers of an action by what became of them, as its row keeps
// them (schema/0031_actions.sql).
type NombresLot struct {
	Total      int64 `db:"total" json:"total"`
	Attend     int64 `db:"attend" json:"attend"`
	Applicable int64 `db:"applicable" json:"applicable"`
	Ecarte     int64 `db:"ecarte" json:"ecarte"`
	Applique   int64 `db:"applique" json:"applique"`
	Refuse     int64 `db:"refuse" json:"refuse"`
}

// ElementLot is one dossier of an action, and what became of it.
type ElementLot struct {
	N          int             `db:"n" json:"n"`
	Dossier    string          `db:"dossier" json:"dossier"`
	Numero     string          `db:"numero" json:"numero"`
	Entreprise string          `db:"entreprise_nom" json:"entreprise"`
	Etat       string          `db:"etat" json:"etat"`
	Phrase     string          `db:"phrase" json:"phrase"`
	FaitLe     *time.Time      `db:"fait_le" json:"fait_le,omitempty"`
	Charge     json.RawMessage `db:"charge" json:"-"`
}

const colonnesActionLot = `id, etat, personne, pour, compte, session, espace, nom, role, raison, cree_le, lancee_le, terminee_le, action,
	attend + applicable + ecarte + applique + refuse AS "nombres.total", attend AS "nombres.attend", applicable AS "nombres.applicable",
	ecarte AS "nombres.ecarte", applique AS "nombres.applique", refuse AS "nombres.refuse"`

// ligneActionLot is a row of table action_lot.
type ligneActionLot struct {
	ActionLotVue
	Brut json.RawMessage `db:"action"`
}

func (l ligneActionLot) vue() (ActionLotVue, error) {
	if err := json.Unmarshal(l.Brut, &l.Action); err != nil {
		return ActionLotVue{}, fmt.Errorf("reading action %s: %w", l.ID, err)
	}
	return l.ActionLotVue, nil
}

// lotsLisibles keeps the actions that p may follow: their own, and all of them for a
// responsable.
func (c *clause) lotsLisibles(p opco.Portee) {
	switch {
	case !p.Interne:
		c.et(`false`)
	case p.Role != opco.RoleResponsable:
		c.et(`personne = %s`, p.Personne)
	default:
		c.et(`true`)
	}
}

// ActionLot returns an action within reach of p, with what became of its dossiers.
func (s *Store) ActionLot(ctx context.Context, p opco.Portee, id string) (ActionLotVue, error) {
	var c clause
	c.lotsLisibles(p)
	c.identifie(`id`, id)
	var l ligneActionLot
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, `SELECT `+colonnesActionLot+` FROM action_lot WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return ActionLotVue{}, introuvable(err, "Cette action n’existe pas, ou elle n’est pas la vôtre.")
	}
	return l.vue()
}

// ActionsLot returns the actions within reach of p, the newest first, at most limite,
// before the instant avant when there is one.
func (s *Store) ActionsLot(ctx context.Context, p opco.Portee, avant time.Time, limite int) ([]ActionLotVue, error) {
	var c clause
	c.lotsLisibles(p)
	if !avant.IsZero() {
		c.et(`cree_le < %s`, avant)
	}
	var ls []ligneActionLot
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesActionLot+` FROM action_lot WHERE `+c.where()+
			fmt.Sprintf(` ORDER BY cree_le DESC, id LIMIT %d`, min(max(limite, 1), 100)), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing actions: %w", err)
	}
	vs := make([]ActionLotVue, len(ls))
	for i, l := range ls {
		if vs[i], err = l.vue(); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// ElementsLot returns dossiers of an action within reach of p, in their order, after
// the number apres; etats keeps those of these états, all when empty.
func (s *Store) ElementsLot(ctx context.Context, p opco.Portee, id string, etats []string, apres, limite int) ([]ElementLot, error) {
	if _, err := s.ActionLot(ctx, p, id); err != nil {
		return nil, err
	}
	if len(etats) == 0 {
		etats = etatsElement
	}
	limite = min(max(limite, 1), 1000)
	es := []ElementLot{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		// One walk for each état: those that were refused are not looked for among fifty thousand.
		return sqlx.SelectContext(ctx, q, &es, `
			SELECT e.n, e.dossier, e.etat, e.phrase, e.fait_le, d.numero, d.entreprise_nom
			FROM (SELECT v.* FROM unnest($1::text[]) x (etat) CROSS JOIN LATERAL (SELECT n, dossier, etat, phrase, fait_le FROM action_lot_element
			      WHERE lot = $2::uuid AND etat = x.etat AND n > $3 ORDER BY n LIMIT $4) v ORDER BY v.n LIMIT $4) e
			JOIN dossier d ON d.id = e.dossier ORDER BY e.n`, pq.Array(sansDoubles(etats)), id, apres, limite)
	})
	if err != nil {
		return nil, fmt.Errorf("listing the dossiers of an action: %w", err)
	}
	return es, nil
}

// gestesLot are what may be done to an action: from which états, and what it becomes.
var gestesLot = map[string]struct {
	de     []EtatActionLot
	vers   EtatActionLot
	phrase string
}{
	"lancer":     {[]EtatActionLot{LotPret}, LotLance, "Cette action ne peut plus être lancée : elle est déjà partie, ou l’essai n’est pas fini."},
	"arreter":    {[]EtatActionLot{LotLance}, LotArrete, "Cette action n’est pas en cours : il n’y a rien à arrêter."},
	"reprendre":  {[]EtatActionLot{LotArrete}, LotLance, "Cette action n’est pas arrêtée."},
	"abandonner": {[]EtatActionLot{LotEssai, LotPret, LotArrete}, LotAbandonne, "Cette action ne peut plus être abandonnée : arrêtez-la d’abord."},
}

// ChangerActionLot launches, stops, resumes or gives up an action within reach of p.
// Doing it again changes nothing.
func (s *Store) ChangerActionLot(ctx context.Context, p opco.Portee, par opco.Acteur, id, geste string) error {
	g, connu := gestesLot[geste]
	if !connu {
		return opco.Errorf(opco.NotFound, "Ce geste n’existe pas.")
	}
	v, err := s.ActionLot(ctx, p, id)
	if err != nil {
		return err
	}
	if geste != "abandonner" && geste != "arreter" && v.Personne != par.Personne {
		return opco.Errorf(opco.Forbidden, "Cette action agit au nom de %s : %s seul peut la lancer.", v.Nom, v.Nom)
	}
	if geste == "reprendre" && v.LanceeLe == nil {
		g.vers = LotEssai // it was stopped while it was tried: nobody launched it
	}
	if v.Etat == g.vers {
		return nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE action_lot SET etat = $2, raison = '', lancee_le = CASE WHEN $2 = 'LANCEE' THEN COALESCE(lancee_le, $4) ELSE lancee_le END,
			    terminee_le = CASE WHEN $2 = 'ABANDONNEE' THEN $4 ELSE terminee_le END
			WHERE id = $1 AND etat = ANY ($3)`, id, g.vers, pq.Array(g.de), le)
		if err != nil {
			return fmt.Errorf("changing action %s: %w", id, err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return opco.Errorf(opco.Conflict, "%s", g.phrase)
		}
		if err := noterGeste(ctx, tx, "action-lot/"+id, strings.ToLower(geste), par, le, ""); err != nil {
			return err
		}
		return notifier(ctx, tx, "action", id)
	})
}
