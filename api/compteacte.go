package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// geste is an acte on an account as its route asks for it. Hache is the hash of the
// password chosen with it, "" for none; Retrait takes rights away at once.
type geste struct {
	compte  string // id
	acteID  string
	genre   opco.TypeActe
	charge  any
	par     opco.Acteur // the zero Acteur: who is connected
	hache   string
	mot     string // the password of hache, for an acte that its author names: sent again, it must be the same
	retrait bool
}

// espaceComptes is the name space of the ids of accounts that are made from the id
// of their first acte: the same acte sent again makes no second account.
var espaceComptes = uuid.MustParse("5f2c6c1e-0d0b-4d9f-9a57-2f4c1f6f0b11")

// compteNe is the id of the account that the acte makes.
func compteNe(acteID string) string { return uuid.NewSHA1(espaceComptes, []byte(acteID)).String() }

// acteurDe is who is connected, as an author: somebody without an espace acts as
// an applicant, for whom only their own account exists.
func acteurDe(u store.Utilisateur) opco.Acteur {
	a := u.Acteur("")
	if a.Role == "" {
		a.Role = opco.RoleDemandeur
	}
	return a
}

// demandeur is who acts without being connected.
func demandeur() opco.Acteur {
	return opco.Acteur{Nom: "Le demandeur", Role: opco.RoleDemandeur}
}

// acte makes the acte of g, done by who is connected unless it says otherwise.
func (g geste) acte(ctx context.Context) (opco.Acte, error) {
	brut, err := json.Marshal(g.charge)
	if err != nil {
		return opco.Acte{}, fmt.Errorf("encoding acte %s: %w", g.acteID, err)
	}
	a := opco.Acte{ID: g.acteID, Objet: opco.ObjetCompte(g.compte), Type: g.genre, Par: g.par, Charge: brut}
	if u := qui(ctx); g.par == (opco.Acteur{}) {
		a.Par, a.Compte, a.Session = acteurDe(u), u.Compte, store.TraceDe(ctx).ID
	}
	return a, nil
}

// agirCompte performs an acte on an account: what the état or the role refuses is
// refused at once, the rest goes to the inbox, and the verdict is waited for.
func (s *Server) agirCompte(ctx context.Context, g geste) (reponseActe, error) {
	r, err := s.recevoirGeste(ctx, g)
	if err != nil {
		return reponseActe{}, err
	}
	return s.suivreActe(ctx, r)
}

// recevoirGeste puts the acte in the inbox. The same acte sent again is not judged
// again by what the account has become.
func (s *Server) recevoirGeste(ctx context.Context, g geste) (store.Recu, error) {
	a, err := g.acte(ctx)
	if err != nil {
		return store.Recu{}, err
	}
	if _, err = s.Store.Acte(ctx, g.acteID); errors.Is(err, opco.NotFound) {
		err = s.admettreGeste(ctx, a)
	} else if err == nil && g.mot != "" {
		err = s.memeMot(ctx, g)
	}
	switch {
	case err != nil:
		return store.Recu{}, err
	case g.retrait:
		return s.Store.RecevoirRetrait(ctx, a)
	case g.hache != "":
		return s.Store.RecevoirAvecSecret(ctx, a, g.hache)
	}
	return s.Store.Recevoir(ctx, a)
}

// agirEtRenouveler is agirCompte for an acte after which the id that the session had
// must serve no more: a new password, a step of the first login (reliability.md 3.4).
func (s *Server) agirEtRenouveler(ctx context.Context, g geste) (reponseActe, error) {
	r, err := s.agirCompte(ctx, g)
	if err != nil || presenceDe(ctx).ParCle {
		return r, err
	}
	return r, s.Renouveler(ctx)
}

// memeMot refuses an acte sent again with another password than the first time: its
// author would believe that the second one is in place.
func (s *Server) memeMot(ctx context.Context, g geste) error {
	hache, err := s.Store.HacheDeLActe(ctx, g.acteID)
	if err != nil || hache == "" {
		return err
	}
	meme, err := s.comparer(ctx, g.mot, hache)
	if err == nil && !meme {
		return opco.Errorf(opco.Conflict, "Cet identifiant d’acte a déjà servi avec un autre mot de passe : le premier envoi est conservé, "+
			"celui-ci est refusé. Utilisez un nouvel identifiant.").AvecCode("ACTE_REUTILISE")
	}
	return err
}

// admettreGeste refuses at once what the lifecycle refuses to the role. The
// procedure checks again: only it knows the état for certain.
func (s *Server) admettreGeste(ctx context.Context, a opco.Acte) error {
	c, err := s.Store.CompteLu(ctx, strings.TrimPrefix(a.Objet, opco.ObjetCompte("")))
	if errors.Is(err, opco.NotFound) {
		return opco.AdmetCompte(opco.EtatNouveau, a.Type, a.Par.Role)
	}
	if err != nil {
		return err
	}
	return opco.AdmetCompte(c.Etat, a.Type, a.Par.Role)
}

// regles returns the dated figures of the present business day, and that day.
func (s *Server) regles(ctx context.Context) (opco.Parametres, opco.Date, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.Parametres{}, "", err
	}
	jour := opco.JourDe(le)
	p, err := s.Store.Parametres(ctx, jour)
	return p, jour, err
}

// verifierEpreuve checks and burns the answer to the anti-robot question of a form.
func (s *Server) verifierEpreuve(ctx context.Context, objet string, e EpreuveSaisie) error {
	return s.passerEpreuve(ctx, objet, e.Jeton, e.Reponse, e.Piege)
}

// tous gathers the refusals of one form, nil when there are none.
func tous(refus []*opco.Error) error {
	if len(refus) == 0 {
		return nil
	}
	return champs(refus)
}
