package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// peser says how many rows each of several words has along v, as PostgreSQL estimates it
// from what it knows of the words of the house: to find the rarest, counting them would
// take longer than the search.
func (v voie) peser(ctx context.Context, q sqlx.QueryerContext, ts []terme) error {
	if len(ts) < 2 {
		return nil
	}
	c := clause{args: []any{pq.Array(v.axes)}}
	condition := strings.ReplaceAll(v.condition, `= s.axe`, `= ANY ($1)`) + ` AND $1::text[] IS NOT NULL`
	var branches []string
	for _, t := range ts {
		c.args = append(c.args, pq.Array(t.mots[:min(len(t.mots), motsVoisins)]))
		branches = append(branches, fmt.Sprintf(`SELECT FROM %s m WHERE %s AND m.mot = ANY ($%d)`, v.table, condition, len(c.args)))
	}
	ns, err := estimer(ctx, q, branches, c.args)
	for i := range ns { // none for a plan of another form: the first word leads
		ts[i].n = ns[i]
	}
	return err
}

// estimer says how many rows PostgreSQL expects of each of several queries, nil when the
// plan that it makes of them does not say.
func estimer(ctx context.Context, q sqlx.QueryerContext, branches []string, args []any) ([]int64, error) {
	var plan string
	if err := sqlx.GetContext(ctx, q, &plan, `EXPLAIN (FORMAT JSON) `+strings.Join(branches, ` UNION ALL `), args...); err != nil {
		return nil, fmt.Errorf("weighing the words of a search: %w", err)
	}
	var lu []struct{ Plan noeud }
	if err := json.Unmarshal([]byte(plan), &lu); err != nil {
		return nil, fmt.Errorf("reading the weight of the words of a search: %w", err)
	}
	if len(lu) != 1 || len(lu[0].Plan.Plans) != len(branches) {
		return nil, nil
	}
	ns := make([]int64, len(branches))
	for i, n := range lu[0].Plan.Plans {
		ns[i] = n.Lignes
	}
	return ns, nil
}

// noeud is a step of a plan of PostgreSQL.
type noeud struct {
	Lignes int64   `json:"Plan Rows"`
	Plans  []noeud `json:"Plans"`
}
