package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"guichet/opco"
	"guichet/store"
)

// corpsReponse is the answer to an acte.
type corpsReponse struct {
	Acte    ActeSuivi           `json:"acte"`
	Dossier *store.LigneDossier `json:"dossier,omitempty"`
	Lot     *store.LigneLot     `json:"lot,omitempty"`
}

// reponseActe answers an acte that was not refused: 200 when it is applied, 202
// with an address to follow when its verdict is not known yet. It serves every
// operation that ends in an acte (visites.go).
type reponseActe struct{ corps corpsReponse }

func (r reponseActe) ecrire(w http.ResponseWriter) error {
	statut := http.StatusOK
	if r.corps.Acte.Verdict == opco.VerdictRecu {
		statut = http.StatusAccepted
		w.Header().Set("Location", "/api/actes/"+r.corps.Acte.Id)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statut)
	return json.NewEncoder(w).Encode(r.corps)
}

// agir performs an acte on a dossier: it refuses at once what the état or the role
// refuses, puts the rest in the inbox, tells the procedures and waits a little for
// the verdict. Sending the same acte again answers the same, whatever the dossier
// has become.
func (s *Server) agir(ctx context.Context, id, acteID string, t opco.TypeActe, charge any) (reponseActe, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return reponseActe{}, err
	}
	r, err := s.recevoirActe(ctx, d, acteID, t, charge)
	if err != nil {
		return reponseActe{}, err
	}
	return s.suivreActe(ctx, r)
}

// recevoirActe puts an acte on d in the inbox, or refuses it at once.
func (s *Server) recevoirActe(ctx context.Context, d *opco.Dossier, acteID string, t opco.TypeActe, charge any) (store.Recu, error) {
	u := qui(ctx)
	par, err := acteurPour(u, d)
	if err != nil {
		return store.Recu{}, err
	}
	brut, err := json.Marshal(charge)
	if err != nil {
		return store.Recu{}, fmt.Errorf("encoding acte %s: %w", acteID, err)
	}
	a := opco.Acte{ID: acteID, Objet: opco.ObjetDossier(d.ID), Type: t, Par: par, Charge: brut, Compte: u.Compte, Session: IDSession(ctx)}
	_, err = s.Store.Acte(ctx, acteID)
	if errors.Is(err, opco.NotFound) {
		err = admettre(d, t, u.Role)
	}
	if err != nil {
		return store.Recu{}, err
	}
	return s.Store.Recevoir(ctx, a)
}

// suivreActe tells the procedures about a received acte and answers its verdict.
// Once received, an acte is never answered by an error of ours: its outcome is
// unknown at worst.
func (s *Server) suivreActe(ctx context.Context, r store.Recu) (reponseActe, error) {
	if r.Verdict == opco.VerdictRecu {
		s.transmettre(ctx, r.Acte)
		deja := r.Deja
		suivi, err := s.Store.AttendreVerdict(ctx, r.Acte.ID, s.Attente)
		if err != nil {
			s.Log.WarnContext(ctx, "verdict not read", "acte", r.Acte.ID, "error", err)
			suivi = r
		}
		r, r.Deja = suivi, deja
	}
	return s.repondre(ctx, r)
}

// transmettre tells the procedures about an acte, without making its author wait
// for an engine that is away: the relay sends it again.
func (s *Server) transmettre(ctx context.Context, a opco.Acte) {
	ctx, fin := context.WithTimeout(ctx, time.Second)
	defer fin()
	if err := s.Procedures.Transmettre(ctx, a); err != nil {
		s.Log.WarnContext(ctx, "acte left to the relay", "acte", a.ID, "error", err)
	}
}

// repondre answers what became of an acte: an error when it was refused.
func (s *Server) repondre(ctx context.Context, r store.Recu) (reponseActe, error) {
	if r.Verdict == opco.VerdictRefuse {
		return reponseActe{}, s.expliquerRefus(ctx, r)
	}
	rep := reponseActe{corpsReponse{Acte: suiviDe(r)}}
	if id, ok := dossierDe(r.Acte.Objet); ok {
		l, err := s.Store.Ligne(ctx, qui(ctx).Portee(), id)
		if err == nil {
			rep.corps.Dossier = &l
		} else if !errors.Is(err, opco.NotFound) {
			return rep, err
		}
	}
	if id, ok := strings.CutPrefix(r.Acte.Objet, "lot/"); ok {
		l, err := s.Store.LigneDeLot(ctx, id)
		if err != nil {
			return rep, err
		}
		rep.corps.Lot = &l
	}
	return rep, nil
}

func suiviDe(r store.Recu) ActeSuivi {
	a := ActeSuivi{Id: r.Acte.ID, Objet: r.Acte.Objet, Type: string(r.Acte.Type), Verdict: r.Verdict, Code: r.Code,
		Phrase: r.Phrase, RecuLe: r.Acte.Le, Deja: r.Deja}
	if refus := r.Refus(); refus != nil {
		a.Genre, a.Champ = refus.Kind, refus.Champ
	}
	return taireInvite(a, r.Acte)
}

// taireInvite says the same of rights given by an organisation whether the address
// opens an account already or not: who invites learns nothing of whom they invite.
func taireInvite(a ActeSuivi, x opco.Acte) ActeSuivi {
	if x.Par.Role.Interne() || x.Type != opco.ActeInviter && x.Type != opco.ActeDonnerDroits {
		return a
	}
	a.Objet, a.Type = opco.ObjetCompte(compteNe(x.ID)), string(opco.ActeInviter)
	if a.Verdict == opco.VerdictApplique {
		a.Code, a.Phrase = "C14", "Droits donnés : la personne est prévenue par courriel."
	}
	return a
}

func dossierDe(objet string) (string, bool) {
	const prefixe = "dossier/"
	if len(objet) > len(prefixe) && objet[:len(prefixe)] == prefixe {
		return objet[len(prefixe):], true
	}
	return "", false
}

// expliquerRefus says why an acte was refused, as the procedure refused it: 422, 403,
// 404 or 409; who lost a race to decide hears who won it.
func (s *Server) expliquerRefus(ctx context.Context, r store.Recu) error {
	if id, ok := dossierDe(r.Acte.Objet); ok && r.Code == "ETAPE_INATTENDUE" {
		d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), id)
		if err == nil {
			if e := dejaDecide(d, r.Acte.Type); e != nil {
				return e
			}
		}
	}
	return r.Refus()
}

// admettre refuses at once what the état of the read model or the role refuses.
// The procedure checks again: only it knows the état for certain.
func admettre(d *opco.Dossier, t opco.TypeActe, r opco.Role) error {
	err := d.Admet(t, r)
	if errors.Is(err, opco.Conflict) {
		if e := dejaDecide(d, t); e != nil {
			return e
		}
	}
	return err
}

// dejaDecide names who decided d and when, for someone who comes too late to
// decide it; nil when that is not why acte t is refused.
func dejaDecide(d *opco.Dossier, t opco.TypeActe) *opco.Error {
	if !slices.Contains([]opco.TypeActe{opco.ActeDecider, opco.ActeValider, opco.ActeRenvoyer}, t) {
		return nil
	}
	dec, verbe := d.Decision, "décidé"
	if dec == nil && d.Etat == opco.EtatEnValidation {
		dec, verbe = d.Proposition, "proposé une décision pour"
	}
	if dec == nil {
		return nil
	}
	par := dec.DecidePar.Nom
	if dec == d.Proposition || par == "" {
		par = dec.ProposePar.Nom
	}
	le := dec.Le.In(opco.Paris)
	return opco.Errorf(opco.Conflict, "%s a déjà %s ce dossier le %s à %s : il est « %s ». Votre décision n’est pas enregistrée.",
		par, verbe, opco.JourDe(le).Longue(), le.Format("15 h 04"), d.Etat).AvecCode("DEJA_DECIDE")
}

// acteurPour returns who u acts as on d: the staff as themselves, an organisation
// on behalf of the établissement through which d is its own.
func acteurPour(u store.Utilisateur, d *opco.Dossier) (opco.Acteur, error) {
	if u.Role.Interne() {
		return u.Acteur(""), nil
	}
	siret := string(d.Demande.Etablissement)
	if u.Role == opco.RoleOrganisme {
		siret = string(d.Demande.Organisme.SIRET)
	}
	if !slices.Contains(u.Ecrit, siret) {
		return opco.Acteur{}, opco.Errorf(opco.Forbidden, "Vous lisez ce dossier, mais c’est à l’autre partie d’agir.")
	}
	return u.Acteur(siret), nil
}

// LireActe answers GET /api/actes/{id}: its author and who reads its dossier may
// follow it. The staff who read no dossier follow the actes on accounts, and their
// own.
func (s *Server) LireActe(ctx context.Context, r LireActeRequestObject) (LireActeResponseObject, error) {
	u := qui(ctx)
	recu, err := s.Store.ActeEnPortee(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	surCompte := strings.HasPrefix(recu.Acte.Objet, opco.ObjetCompte(""))
	if u.Role.Interne() && !surCompte && !slices.Contains(lecteurs.Roles, u.Role) && recu.Acte.Par.Personne != u.Personne {
		return nil, opco.Errorf(opco.NotFound, "Cet acte n’existe pas, ou vous n’y avez pas accès.")
	}
	rep := corpsReponse{Acte: suiviDe(recu)}
	if id, ok := dossierDe(recu.Acte.Objet); ok {
		l, err := s.Store.Ligne(ctx, u.Portee(), id)
		if err == nil {
			rep.Dossier = &l
		} else if !errors.Is(err, opco.NotFound) {
			return nil, err
		}
	}
	if rep.Dossier != nil {
		montrerDe(ctx, rep.Dossier.ID)
	}
	return LireActe200JSONResponse(rep), nil
}
