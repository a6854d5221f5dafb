package scenario

import (
	"context"
	"encoding/json"

	"go.yaml.in/yaml/v3"

	"guichet/opco"
)

// parametersFrom is the day from which the parameters of a scenario hold: right
// after the reference data, whose day they must not share.
const parametersFrom = "2026-01-02"

// changeParameters sets the figures of the rules that a scenario changes; tidy
// gives them their ordinary value back.
func (w *world) changeParameters(ctx context.Context, changes map[string]yaml.Node) error {
	if len(changes) == 0 {
		return nil
	}
	values, err := parameterValues(changes)
	if err != nil {
		return err
	}
	w.changed = append(w.changed, words(values)...)
	return w.sendParameters(ctx, values)
}

func (w *world) sendParameters(ctx context.Context, values any) error {
	return w.r.client.send(ctx, w.r.admin, "/api/essai/parametres", map[string]any{"du": parametersFrom, "valeur": values})
}

// parameterValues reads amounts and numbers of days.
func parameterValues(changes map[string]yaml.Node) (map[string]any, error) {
	values := map[string]any{}
	for _, k := range words(changes) {
		x := changes[k]
		n := &x
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
		case "politique_inscription", "politique_provisoire", "document_opco", "tva_entreprise_du":
			values[k] = n.Value
		case "comptes":
			var figures map[string]any
			if err := n.Decode(&figures); err != nil {
				return nil, fault(n, "« comptes » nomme des chiffres, par exemple {demandes_adresse: 1000}.")
			}
			values[k] = figures
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
	if len(w.changed) == 0 {
		return nil
	}
	ordinary, err := ordinaryParameters(w.changed)
	if err != nil {
		return err
	}
	w.changed = nil
	return w.sendParameters(context.WithoutCancel(ctx), ordinary)
}

// ordinaryParameters gives their value of every day to the parameters named. Those
// of accounts have it when nothing is said of them.
func ordinaryParameters(names []string) (map[string]any, error) {
	b, err := json.Marshal(opco.ParametresDefaut())
	if err != nil {
		return nil, err
	}
	var all, values = map[string]any{}, map[string]any{}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for _, n := range names {
		values[n] = all[n]
		if n == "comptes" {
			values[n] = map[string]any{}
		}
	}
	return values, nil
}
