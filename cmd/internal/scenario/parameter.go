package scenario

import (
	"context"

	"go.yaml.in/yaml/v3"

	"guichet/opco"
)

// parametersFrom is the day from which the parameters of a scenario hold: right
// after the reference data, whose day they must not share.
const parametersFrom = "2026-01-02"

// changeParameters sets the figures of the rules that a scenario changes; tidy
// gives them their ordinary value back.
func (w *world) changeParameters(ctx context.Context, changes map[string]*yaml.Node) error {
	if len(changes) == 0 {
		return nil
	}
	values, err := parameterValues(changes)
	if err != nil {
		return err
	}
	w.parametersChanged = true
	return w.sendParameters(ctx, values)
}

func (w *world) sendParameters(ctx context.Context, values any) error {
	return w.r.client.send(ctx, w.r.admin, "/api/essai/parametres", map[string]any{"du": parametersFrom, "valeur": values})
}

// parameterValues reads amounts and numbers of days.
func parameterValues(changes map[string]*yaml.Node) (map[string]any, error) {
	values := map[string]any{}
	for _, k := range words(changes) {
		n := changes[k]
		switch k {
		case "second_regard":
			var a Amount
			if err := n.Decode(&a); err != nil {
				return nil, err
			}
			values[k] = opco.Montant(a)
		case "relance_complement", "rappel_pieces", "relance_facture":
			var days []int
			if err := n.Decode(&days); err != nil {
				return nil, fault(n, "« %s » est une liste de jours, par exemple [10, 20].", k)
			}
			values[k] = days
		default:
			var days int
			if err := n.Decode(&days); err != nil {
				return nil, fault(n, "« %s » est un nombre entier.", k)
			}
			values[k] = days
		}
	}
	return values, nil
}

// tidy undoes what would change the next scenario.
func (w *world) tidy(ctx context.Context) error {
	if w.outage {
		w.outage = false
		if err := w.sendOutage(context.WithoutCancel(ctx), "aucune", ""); err != nil {
			return err
		}
	}
	if !w.parametersChanged {
		return nil
	}
	w.parametersChanged = false
	return w.sendParameters(context.WithoutCancel(ctx), opco.ParametresDefaut())
}
