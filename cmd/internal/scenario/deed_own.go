package scenario

import (
	"context"
	"net/http"

	"github.com/google/uuid"
)

// onAccount is an acte on an account: its path, and a body with a new acte id.
func onAccount(path string, body fields) request {
	body["acte_id"] = uuid.NewString()
	return request{method: http.MethodPost, path: path, body: body}
}

// own is a deed on one's own account that carries nothing.
func own(path string) func(*world, context.Context, *Deed, *account) (request, error) {
	return func(*world, context.Context, *Deed, *account) (request, error) {
		return onAccount("/api/compte/"+path, fields{}), nil
	}
}

func (w *world) personalise(_ context.Context, d *Deed, who *account) (request, error) {
	return onAccount("/api/premiere-connexion", fields{"identifiant": w.substitute(d.Avec.Identifiant), "mot_de_passe": or(d.Avec.MotDePasse, who.password)}), nil
}

func (w *world) noteNext(d *Deed, who *account) {
	who.next = w.substitute(d.Avec.Identifiant)
	w.notePassword(d, who)
}

// confirmIdentifier clicks on the link of the second mail and types the password
// again.
func (w *world) confirmIdentifier(ctx context.Context, d *Deed, who *account) (request, error) {
	id, token, err := w.link(ctx, who, confirmationLink, d.Avec.Courriel)
	if err != nil {
		return request{}, err
	}
	return request{method: http.MethodPost, path: "/api/premiere-connexion/confirmation",
		body: fields{"compte": id, "jeton": d.Avec.typed(token), "mot_de_passe": or(d.Avec.MotDePasse, who.password)}}, nil
}

func (w *world) noteIdentifier(_ *Deed, who *account) {
	who.identifiant = or(who.next, who.identifiant)
}

func (w *world) acceptPolicy(_ context.Context, d *Deed, _ *account) (request, error) {
	return onAccount("/api/premiere-connexion/confidentialite", fields{"version": or(d.Avec.Version, "v1")}), nil
}

func (w *world) changePassword(_ context.Context, d *Deed, who *account) (request, error) {
	return onAccount("/api/compte/mot-de-passe", fields{"actuel": or(d.Avec.MotDePasse, who.password), "nouveau": d.Avec.Nouveau}), nil
}

func (w *world) noteNew(d *Deed, who *account) { who.password = d.Avec.Nouveau }

func (w *world) addEntity(ctx context.Context, d *Deed, who *account) (request, error) {
	blocks, err := w.blocks(d.Avec.Profils)
	if err != nil {
		return request{}, err
	}
	return w.form(ctx, "entite", "/api/compte/entites", fields{"acte_id": uuid.NewString(), "blocs": blocks,
		"mot_de_passe": or(d.Avec.MotDePasse, who.password)})
}

func (w *world) answer(_ context.Context, d *Deed, _ *account) (request, error) {
	ids, err := w.rightIDs(d.Avec.Droits)
	return onAccount("/api/compte/precisions", fields{"habilitations": ids, "reponse": d.Avec.Reponse}), err
}

func (w *world) askAgain(_ context.Context, d *Deed, _ *account) (request, error) {
	ids, err := w.rightIDs(d.Avec.Droits)
	body := fields{"habilitations": ids}
	if d.Avec.Raison != "" {
		body["raison"] = d.Avec.Raison
	}
	return onAccount("/api/compte/reprises", body), err
}

// closeAccount closes one's own account, or that of De.
func (w *world) closeAccount(ctx context.Context, d *Deed, who *account) (request, error) {
	if d.De == "" {
		return onAccount("/api/compte/cloture", fields{"mot_de_passe": or(d.Avec.MotDePasse, who.password), "raison": d.Avec.Raison}), nil
	}
	id, err := w.idOf(ctx, d.De)
	path := "/api/comptes/"
	if w.isAgent(d.De) {
		path = "/api/agents/"
	}
	return onAccount(path+id+"/cloture", fields{"raison": d.Avec.Raison}), err
}

// isAgent reports whether somebody works for the OPCO.
func (w *world) isAgent(key string) bool {
	who, err := w.user(key)
	return err == nil && who.role.Interne()
}
