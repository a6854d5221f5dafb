package main

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// errAuGuichet refuses here what needs a second person: nobody proves who they are on a command line, and
// one person could ask under the name of another, then agree under their own.
var errAuGuichet = opco.Errorf(opco.Forbidden, "De l’argent est en jeu : cela ne se demande pas en ligne de commande. Une personne connectée le demande au guichet, "+
	"page « Interventions » (/ops/interventions), et une autre y donne son accord. Rien n’est fait.")

// auNomDe is who asks on a command line: a name that somebody gives, and does not prove. The journal
// says so.
func auNomDe(u store.Utilisateur) opco.Acteur {
	a := u.Acteur("")
	a.Nom = "la ligne de commande, au nom de " + a.Nom
	return a
}

// proposer writes what is asked, unless it needs a second person.
func (c ciblesOps) proposer(ctx context.Context, s *store.Store, u store.Utilisateur, i opco.Intervention) (store.InterventionVue, error) {
	cibles, err := c.cibles(ctx, s, i)
	if err != nil {
		return store.InterventionVue{}, err
	}
	objets := make([]string, len(cibles))
	for k, x := range cibles {
		objets[k] = x.Objet
	}
	if i.Verbe.Argent(objets...) {
		return store.InterventionVue{}, errAuGuichet
	}
	v, err := s.ProposerIntervention(ctx, auNomDe(u), u.Compte, uuid.NewString(), i, cibles)
	if err == nil && v.Argent { // some of the cases of its cause
		err = errors.Join(errAuGuichet, s.RefuserIntervention(ctx, auNomDe(u), v.ID, ""))
	}
	return v, err
}

// cibles finds what was named.
func (c ciblesOps) cibles(ctx context.Context, s *store.Store, i opco.Intervention) ([]store.Cible, error) {
	if c.Cause != "" && len(c.Numero) > 0 {
		return nil, opco.Champf("cause", "Nommez des cas, ou une cause : pas les deux.")
	}
	var cs []store.Cible
	for _, n := range c.Numero {
		if i.Verbe.Cible() == opco.CibleCourriel {
			x, err := s.CourrielsDits(ctx, n)
			if err != nil {
				return nil, err
			}
			cs = append(cs, x...)
			continue
		}
		o, err := s.ObjetDit(ctx, n)
		if err != nil {
			return nil, err
		}
		cs = append(cs, store.Cible{Objet: o})
	}
	return cs, nil
}
