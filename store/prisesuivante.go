package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Suivant is what « prendre le suivant » gives. Dossier is "" when nothing is left in
// the queue for who asks.
type Suivant struct {
	Dossier  string
	File     File
	Pourquoi string
	ExpireLe time.Time
}

// Prenable says which roles take dossiers from a queue: a second look is for
// responsables (T12), the bank's rejections for comptables.
func (f File) Prenable(r opco.Role) bool {
	switch f {
	case FileCompletude, FileInstruction, FileServiceFait, FileFactures:
		return r == opco.RoleGestionnaire || r == opco.RoleResponsable
	case FileValidation:
		return r == opco.RoleResponsable
	}
	return false
}

// essaisPrise bounds how many takers of the same instant one may lose to.
const essaisPrise = 200

// PrendreSuivant gives par the next dossier of a queue, alone: in the order of
// opco.Priorite, neither held nor set aside nor entrusted to somebody else, nor one
// that par may not treat (declared link; one's own proposal). acte is the id of the
// form: sent twice, it takes once. Equipe takes beyond one's own portefeuille.
func (s *Store) PrendreSuivant(ctx context.Context, par opco.Acteur, acte string, file File, equipe bool) (Suivant, error) {
	if !file.Prenable(par.Role) {
		return Suivant{}, opco.Errorf(opco.Forbidden, "Cette file n’est pas la vôtre : choisissez-en une autre.").AvecCode("FILE_AUTRE")
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return Suivant{}, err
	}
	f := FiltreFile{Filtre: Filtre{File: file}, Perimetre: PerimetreMien}
	if equipe {
		f.Perimetre = PerimetreEquipe
	}
	for range essaisPrise {
		var pris Suivant
		perdu := false
		err = s.transact(ctx, func(tx *sqlx.Tx) error {
			pris, perdu, err = s.prendreSuivant(ctx, tx, par, acte, f, le)
			return err
		})
		if err != nil || !perdu {
			return pris, err
		}
	}
	return Suivant{}, opco.Errorf(opco.Conflict, "Trop de collègues prennent un dossier au même instant : réessayez.").AvecCode("FILE_DISPUTEE")
}

// prendreSuivant is one try: perdu says that somebody took the dossier between the
// reading and the writing.
func (s *Store) prendreSuivant(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, acte string, f FiltreFile, le time.Time) (Suivant, bool, error) {
	// One form sent twice at the same instant takes once.
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('prise'), hashtext($1))`, par.Personne); err != nil {
		return Suivant{}, false, fmt.Errorf("taking one dossier at a time: %w", err)
	}
	if deja, err := dejaPris(ctx, tx, par, acte); err != nil || deja.Dossier != "" {
		return deja, false, err
	}
	libre, err := libreA(ctx, tx, par, f, le)
	if err != nil {
		return Suivant{}, false, err
	}
	var choisi ordreLu
	err = tx.GetContext(ctx, &choisi, `SELECT d.id, `+colonnesOrdre+` FROM `+f.File.source()+` WHERE `+libre.where()+
		` ORDER BY `+f.File.tri().ordre(false)+` LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED`, libre.args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Suivant{}, false, nil
	}
	if err != nil {
		return Suivant{}, false, fmt.Errorf("looking for the next dossier: %w", err)
	}
	pourquoi, err := s.pourquoi(ctx, tx, f.File, libre, choisi, le)
	if err != nil {
		return Suivant{}, false, err
	}
	v := PriseVue{Personne: par.Personne, Nom: par.Nom, Role: par.Role, Pour: par.Pour, File: f.File, Pourquoi: pourquoi, Depuis: le}
	pris, err := tenir(ctx, tx, choisi.ID, acte, &v)
	if err != nil || !pris {
		return Suivant{}, true, err
	}
	return Suivant{Dossier: choisi.ID, File: f.File, Pourquoi: pourquoi, ExpireLe: v.ExpireLe},
		false, noterGeste(ctx, tx, opco.ObjetDossier(choisi.ID), GestePrendre, par, le, pourquoi)
}

// dejaPris is what the same form took before.
func dejaPris(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, acte string) (Suivant, error) {
	var l struct {
		Dossier string `db:"dossier"`
		PriseVue
	}
	err := tx.GetContext(ctx, &l, `SELECT dossier, `+colonnesPrise+` FROM prise WHERE personne = $1 AND acte = $2`, par.Personne, acte)
	if errors.Is(err, sql.ErrNoRows) {
		return Suivant{}, nil
	}
	if err != nil {
		return Suivant{}, fmt.Errorf("looking for what was taken: %w", err)
	}
	return Suivant{Dossier: l.Dossier, File: l.File, Pourquoi: l.Pourquoi, ExpireLe: l.ExpireLe}, nil
}

// libreA is the condition of a dossier of the queue that par may take at le.
func libreA(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, f FiltreFile, le time.Time) (clause, error) {
	var c clause
	moi := opco.Portee{Interne: true, Role: par.Role, Personne: par.Personne, Pour: par.Pour}
	c.dansPortee(moi)
	if err := c.travail(ctx, tx, moi, f, le); err != nil {
		return c, err
	}
	c.et(`NOT EXISTS (SELECT 1 FROM prise x WHERE x.dossier = d.id AND x.expire_le > %s)`, le)
	c.et(`NOT EXISTS (SELECT 1 FROM attribution x WHERE x.dossier = d.id AND x.personne <> %s AND x.personne <> %s)`, par.Personne, par.Pour)
	liens, err := liensDe(ctx, tx, par)
	if err != nil {
		return c, err
	}
	for _, l := range liens {
		c.et(`d.siren <> %s AND left(d.organisme, 9) <> %s`, string(l), string(l))
	}
	if f.File == FileValidation {
		qui := pq.Array(par.Personnes())
		c.et(`COALESCE(d.contenu #>> '{proposition,propose_par,personne}', '') <> ALL (%s)`, qui)
		c.et(`COALESCE(d.contenu #>> '{proposition,propose_par,pour}', '') <> ALL (%s)`, qui)
	}
	return c, nil
}

// ordreLu is a dossier with what orders it.
type ordreLu struct {
	ID     string       `db:"id"`
	Limite opco.Date    `db:"limite"`
	Debut  opco.Date    `db:"debut"`
	Enjeu  opco.Montant `db:"enjeu"`
	Depuis time.Time    `db:"depuis"`
}

const colonnesOrdre = `d.limite, d.debut, -d.ordre_enjeu AS enjeu, d.ordre_depot AS depuis`

func (o ordreLu) priorite() opco.Priorite {
	return opco.Priorite{Limite: o.Limite, Debut: o.Debut, Enjeu: o.Enjeu, Depuis: o.Depuis}
}

// pourquoi says what put choisi before the next of those that libre finds.
func (s *Store) pourquoi(ctx context.Context, tx *sqlx.Tx, file File, libre clause, choisi ordreLu, le time.Time) (string, error) {
	libre.et(`d.id <> %s::uuid`, choisi.ID)
	var suivant *opco.Priorite
	var o ordreLu
	err := tx.GetContext(ctx, &o, `SELECT d.id, `+colonnesOrdre+` FROM `+file.source()+` WHERE `+libre.where()+
		` ORDER BY `+file.tri().ordre(false)+` LIMIT 1`, libre.args...)
	switch {
	case err == nil:
		p := o.priorite()
		suivant = &p
	case !errors.Is(err, sql.ErrNoRows):
		return "", fmt.Errorf("looking for the dossier after: %w", err)
	}
	return choisi.priorite().Pourquoi(suivant, opco.JourDe(le), s.Calendrier(false)), nil
}
