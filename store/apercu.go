package store

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Apercu is what an acte would do to a dossier, had it been done now: the dossier
// as it would become, the sentence of its journal and the letters that would leave.
type Apercu struct {
	Dossier opco.Dossier
	Effets  opco.Effets
	Envois  []opco.Envoi
}

// Apercevoir applies a to the dossier id within reach of p, and undoes it: nothing
// is written, sent or told. A refusal is the one that the acte would get. The
// letters of a proposal are those that would leave once it is validated.
func (s *Store) Apercevoir(ctx context.Context, p opco.Portee, id string, a opco.Acte) (Apercu, error) {
	d, err := s.Dossier(ctx, p, id)
	if err != nil {
		return Apercu{}, err
	}
	if a.Le, err = s.Maintenant(ctx); err != nil {
		return Apercu{}, err
	}
	a.Objet = opco.ObjetDossier(d.ID)
	var x Apercu
	err = s.tenter(ctx, func(tx *sqlx.Tx) error {
		if x, err = s.apercevoir(ctx, tx, d, a); err != nil {
			return err
		}
		return errApercu
	})
	if errors.Is(err, errApercu) {
		err = nil
	}
	return x, err
}

// secondRegard stands for whoever will validate a proposal: its letter is shown as
// it would leave then.
var secondRegard = opco.Acteur{Personne: "second-regard", Nom: "Le responsable qui valide", Role: opco.RoleResponsable}

func (s *Store) apercevoir(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte) (Apercu, error) {
	f, err := s.faits(ctx, tx, d, a)
	if err != nil {
		return Apercu{}, err
	}
	e, err := d.Appliquer(a, nil, f)
	if err != nil {
		return Apercu{}, err
	}
	x := Apercu{Dossier: *d, Effets: e}
	if d.Etat == opco.EtatEnValidation && a.Type == opco.ActeDecider {
		valide := opco.Acte{Objet: a.Objet, Type: opco.ActeValider, Par: secondRegard, Le: a.Le}
		if e, err = d.Appliquer(valide, nil, f); err != nil {
			return Apercu{}, err
		}
	}
	p := opco.Passage{Dossier: d.ID, Rang: d.Rang + 1, Type: a.Type, Par: a.Par, Le: a.Le, Effet: opco.JourDe(a.Le)}
	modele, err := modeleEnvoi(ctx, tx, d, p, e)
	if err != nil {
		return Apercu{}, err
	}
	for _, c := range e.Courriers {
		env := modele
		if err := adresser(ctx, tx, &env, c, p.Rang); err != nil {
			return Apercu{}, err
		}
		x.Envois = append(x.Envois, env)
	}
	return x, nil
}
