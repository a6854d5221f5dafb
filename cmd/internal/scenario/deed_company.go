package scenario

import (
	"context"
)

// invite gives rights to a person, whom the company invites when their address opens
// no account.
func (w *world) invite(_ context.Context, d *Deed, _ *account) (request, error) {
	guest, err := w.user(d.Avec.Personne)
	if err != nil {
		return request{}, err
	}
	rights, err := w.given(d, false)
	return onAccount("/api/utilisateurs", fields{"identite": guest.identite(), "droits": rights}), err
}

// give gives rights to the account of De: by its company, or by the OPCO.
func (w *world) give(ctx context.Context, d *Deed, who *account) (request, error) {
	id, err := w.idOf(ctx, d.De)
	if err != nil {
		return request{}, err
	}
	rights, err := w.given(d, who.role.Interne())
	if who.role.Interne() {
		return onAccount("/api/comptes/"+id+"/attribution", fields{"droits": rights}), err
	}
	return onAccount("/api/utilisateurs/"+id+"/droits", fields{"droits": rights}), err
}

// withdraw takes rights away from De: by an administrator of the company, or by the
// OPCO.
func (w *world) withdraw(ctx context.Context, d *Deed, who *account) (request, error) {
	id, err := w.idOf(ctx, d.De)
	if err != nil {
		return request{}, err
	}
	ids, err := w.rightIDs(d.Avec.Droits)
	path := "/api/utilisateurs/"
	if who.role.Interne() {
		path = "/api/comptes/"
	}
	return onAccount(path+id+"/retrait", fields{"habilitations": ids, "raison": d.Avec.Raison}), err
}
