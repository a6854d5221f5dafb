package scenario

import (
	"context"
	"net/url"
	"strings"

	"guichet/opco"
)

// office is a deed of the OPCO on the account of De that carries nothing.
func office(path string) func(*world, context.Context, *Deed, *account) (request, error) {
	return func(w *world, ctx context.Context, d *Deed, _ *account) (request, error) {
		id, err := w.idOf(ctx, d.De)
		return onAccount("/api/comptes/"+id+"/"+path, fields{}), err
	}
}

// decideRights grants and refuses rights of De in one answer.
func (w *world) decideRights(ctx context.Context, d *Deed, _ *account) (request, error) {
	id, err := w.idOf(ctx, d.De)
	if err != nil {
		return request{}, err
	}
	granted, err := w.rightIDs(d.Avec.Accorde)
	if err != nil {
		return request{}, err
	}
	var answers []fields
	for _, r := range granted {
		answers = append(answers, fields{"habilitation": r, "accorder": true})
	}
	for _, r := range d.Avec.Refuse {
		ids, err := w.rightIDs([]string{r.Droit})
		if err != nil {
			return request{}, err
		}
		a := fields{"habilitation": ids[0], "accorder": false, "motif": r.Motif}
		if r.Precision != "" {
			a["precision"] = r.Precision
		}
		answers = append(answers, a)
	}
	return onAccount("/api/comptes/"+id+"/droits", fields{"reponses": answers}), nil
}

// question asks De to be more precise about rights.
func (w *world) question(ctx context.Context, d *Deed, _ *account) (request, error) {
	id, err := w.idOf(ctx, d.De)
	if err != nil {
		return request{}, err
	}
	ids, err := w.rightIDs(d.Avec.Droits)
	return onAccount("/api/comptes/"+id+"/precision", fields{"habilitations": ids, "question": d.Avec.Question}), err
}

// openAccount opens the account of somebody with provisional credentials.
func (w *world) openAccount(_ context.Context, d *Deed, _ *account) (request, error) {
	guest, err := w.user(d.De)
	if err != nil {
		return request{}, err
	}
	rights, err := w.given(d, true)
	return onAccount("/api/comptes", fields{"identite": guest.identite(), "droits": rights}), err
}

// of is whose account the deed is about: that of De, or one's own.
func (d *Deed) of() string { return or(d.De, d.Qui) }

// agent is a path under the account of a staff member.
func (w *world) agent(ctx context.Context, d *Deed, path string, body fields) (request, error) {
	id, err := w.idOf(ctx, d.of())
	return onAccount("/api/agents/"+id+"/"+path, body), err
}

// createAgent opens the account of somebody who comes to work for the OPCO.
func (w *world) createAgent(_ context.Context, d *Deed, _ *account) (request, error) {
	guest, err := w.user(d.De)
	if err != nil {
		return request{}, err
	}
	body := fields{"identite": guest.identite(), "identifiant": strings.SplitN(guest.email, "@", 2)[0], "role": d.Avec.Role}
	if d.Avec.Compte != "" {
		same, err := w.user(d.Avec.Compte)
		if err != nil {
			return request{}, err
		}
		body["personne"] = same.personne
	}
	return onAccount("/api/agents", body), nil
}

func (w *world) noteAgent(d *Deed, _ *account) {
	guest := w.users[d.De]
	guest.role, guest.identifiant = opco.Role(d.Avec.Role), strings.SplitN(guest.email, "@", 2)[0]
}

func (w *world) grantRole(ctx context.Context, d *Deed, _ *account) (request, error) {
	return w.agent(ctx, d, "roles", fields{"role": d.Avec.Role})
}

func (w *world) confirmRole(ctx context.Context, d *Deed, _ *account) (request, error) {
	return w.agent(ctx, d, "roles/"+url.PathEscape(d.Avec.Role)+"/confirmation", fields{})
}

func (w *world) withdrawRole(ctx context.Context, d *Deed, _ *account) (request, error) {
	return w.agent(ctx, d, "roles/"+url.PathEscape(d.Avec.Role)+"/retrait", fields{"raison": d.Avec.Raison})
}

// delegate lets Personne stand in for De, or for the one who does it.
func (w *world) delegate(ctx context.Context, d *Deed, _ *account) (request, error) {
	other, err := w.idOf(ctx, d.Avec.Personne)
	if err != nil {
		return request{}, err
	}
	return w.agent(ctx, d, "delegations", fields{"delegue": other, "role": d.Avec.Role, "du": opco.Date(d.Avec.Du),
		"au": opco.Date(d.Avec.Au), "raison": d.Avec.Raison})
}

// endDelegation ends before its day the delegation that De gave and that has not
// ended.
func (w *world) endDelegation(ctx context.Context, d *Deed, _ *account) (request, error) {
	id, err := w.idOf(ctx, d.of())
	if err != nil {
		return request{}, err
	}
	var x struct {
		Delegations []struct {
			ID     string `json:"id"`
			Compte string `json:"compte"`
		} `json:"delegations"`
	}
	if err := w.r.client.get(ctx, w.r.admin, "/api/delegations", &x); err != nil {
		return request{}, err
	}
	delegation := "aucune"
	for _, y := range x.Delegations {
		if y.Compte == id {
			delegation = y.ID
		}
	}
	return w.agent(ctx, d, "delegations/"+url.PathEscape(delegation)+"/fin", fields{})
}

func (w *world) declareLink(ctx context.Context, d *Deed, _ *account) (request, error) {
	o, err := w.org(d.Avec.Organisme)
	if err != nil {
		return request{}, err
	}
	return w.agent(ctx, d, "liens", fields{"siren": o.SIREN, "raison": d.Avec.Raison})
}
