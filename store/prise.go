package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// PriseVue is who holds a dossier, as their colleagues see it. Mienne says that it is
// the reader, Vive that the lease has not ended.
type PriseVue struct {
	Personne string    `db:"personne" json:"-"`
	Nom      string    `db:"nom" json:"nom"`
	Role     opco.Role `db:"role" json:"-"`
	Pour     string    `db:"pour" json:"-"`
	File     File      `db:"file" json:"file,omitempty"`
	Pourquoi string    `db:"pourquoi" json:"pourquoi,omitempty"`
	Depuis   time.Time `db:"depuis" json:"depuis"`
	ExpireLe time.Time `db:"expire_le" json:"expire_le"`
	Mienne   bool      `db:"-" json:"mienne"`
	Vive     bool      `db:"-" json:"-"`
	Dit      string    `db:"-" json:"phrase"` // « Claire Morin l’étudie depuis 10 h 12. »
}

const colonnesPrise = `personne, nom, role, pour, file, pourquoi, depuis, expire_le`

// prise is the lease that v shows.
func (v PriseVue) prise() opco.Prise {
	return opco.Prise{Par: opco.Acteur{Personne: v.Personne, Pour: v.Pour, Nom: v.Nom, Role: v.Role}, Depuis: v.Depuis, Expire: v.ExpireLe}
}

// vue says of v what its reader needs, at le.
func (v *PriseVue) vue(lecteur opco.Acteur, le time.Time) {
	p := v.prise()
	v.Mienne, v.Vive, v.Dit = lecteur.Croise(p.Par), p.Vive(le), p.Dit(le)
}

// tenir writes the lease of v, unless somebody else's still holds; its end is then set.
func tenir(ctx context.Context, tx *sqlx.Tx, dossier, acte string, v *PriseVue) (bool, error) {
	r, err := parametres(ctx, tx, opco.JourDe(v.Depuis))
	if err != nil {
		return false, err
	}
	v.ExpireLe = v.Depuis.Add(time.Duration(r.File.PriseMinutes) * time.Minute)
	res, err := tx.ExecContext(ctx, `
		INSERT INTO prise (dossier, personne, pour, nom, role, file, acte, pourquoi, depuis, expire_le)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, '')::uuid, $8, $9, $10)
		ON CONFLICT (dossier) DO UPDATE SET personne = EXCLUDED.personne, pour = EXCLUDED.pour, nom = EXCLUDED.nom, role = EXCLUDED.role,
		    file = EXCLUDED.file, acte = EXCLUDED.acte, pourquoi = EXCLUDED.pourquoi, depuis = EXCLUDED.depuis, expire_le = EXCLUDED.expire_le
		WHERE prise.expire_le <= EXCLUDED.depuis`,
		dossier, v.Personne, v.Pour, v.Nom, v.Role, v.File, acte, v.Pourquoi, v.Depuis, v.ExpireLe)
	if err != nil {
		return false, fmt.Errorf("taking dossier %s: %w", dossier, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// dossierTravail is a dossier under its lock, with who holds it.
type dossierTravail struct {
	ID        string    `db:"id"`
	Etat      opco.Etat `db:"etat"`
	Limite    opco.Date `db:"limite"`
	SIREN     string    `db:"siren"`
	Organisme string    `db:"organisme"`
	tenu      *PriseVue
}

// tenuPar refuses who may not take the dossier from the one who holds it.
func (d dossierTravail) tenuPar(par opco.Acteur, le time.Time) error {
	if d.tenu == nil {
		return nil
	}
	return d.tenu.prise().Reprendre(par, le)
}

// verrouillerTravail locks a dossier that par may treat. A brouillon is not found; a
// finished one is a conflict; a declared link is refused.
func verrouillerTravail(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, id string) (dossierTravail, error) {
	var d dossierTravail
	if !uuidTexte(id) {
		return d, dossierInconnu()
	}
	err := tx.GetContext(ctx, &d, `
		SELECT id, etat, limite, siren, organisme FROM dossier
		WHERE id = $1 AND etat NOT IN ('BROUILLON', 'SUPPRIME') FOR NO KEY UPDATE`, id)
	if err != nil {
		return d, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	if d.Etat.Final() {
		return d, opco.Errorf(opco.Conflict, "Ce dossier est terminé : il n’est plus dans aucune file.").AvecCode("DOSSIER_TERMINE")
	}
	liens, err := liensDe(ctx, tx, par)
	if err != nil {
		return d, err
	}
	if err := opco.LienAvec(par, liens, []opco.SIREN{opco.SIREN(d.SIREN), opco.SIRET(d.Organisme).SIREN()}, "ce dossier"); err != nil {
		return d, err
	}
	d.tenu, err = priseDe(ctx, tx, id)
	return d, err
}

// priseDe reads the lease on a dossier, ended or not; nil when there is none.
func priseDe(ctx context.Context, q sqlx.QueryerContext, id string) (*PriseVue, error) {
	var v PriseVue
	err := sqlx.GetContext(ctx, q, &v, `SELECT `+colonnesPrise+` FROM prise WHERE dossier = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading who holds dossier %s: %w", id, err)
	}
	return &v, nil
}

// Prendre gives par that very dossier, or renews the lease of who holds it. Somebody
// else's is refused while it lasts, except to a responsable. What was set aside comes
// back. It returns the lease as par sees it.
func (s *Store) Prendre(ctx context.Context, par opco.Acteur, dossier string) (PriseVue, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return PriseVue{}, err
	}
	var v PriseVue
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := verrouillerTravail(ctx, tx, par, dossier)
		if err != nil {
			return err
		}
		if err := d.tenuPar(par, le); err != nil {
			return err
		}
		geste := GestePrendre
		v = PriseVue{Personne: par.Personne, Nom: par.Nom, Role: par.Role, Pour: par.Pour, Depuis: le}
		if d.tenu != nil && d.tenu.Personne == par.Personne && d.tenu.prise().Vive(le) {
			geste, v.Depuis, v.File, v.Pourquoi = "", d.tenu.Depuis, d.tenu.File, d.tenu.Pourquoi
		} else if d.tenu != nil && d.tenu.prise().Vive(le) {
			geste = GesteReprendre
		}
		return mettreEnMain(ctx, tx, par, dossier, geste, &v, le)
	})
	v.vue(par, le)
	return v, err
}

// mettreEnMain writes the lease v in place of any other; geste is "" for a renewal.
func mettreEnMain(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossier, geste string, v *PriseVue, le time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM prise WHERE dossier = $1`, dossier); err != nil {
		return fmt.Errorf("taking dossier %s over: %w", dossier, err)
	}
	depuis := v.Depuis
	v.Depuis = le
	if _, err := tenir(ctx, tx, dossier, "", v); err != nil {
		return err
	}
	v.Depuis = depuis
	if _, err := tx.ExecContext(ctx, `UPDATE prise SET depuis = $2 WHERE dossier = $1`, dossier, depuis); err != nil {
		return fmt.Errorf("keeping since when dossier %s is held: %w", dossier, err)
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM attente WHERE dossier = $1`, dossier)
	if err != nil {
		return fmt.Errorf("bringing dossier %s back: %w", dossier, err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		if err == nil {
			err = noterGeste(ctx, tx, opco.ObjetDossier(dossier), GesteReveiller, par, le, "pris en main")
		}
		if err != nil {
			return err
		}
	}
	if geste == "" {
		return nil
	}
	return noterGeste(ctx, tx, opco.ObjetDossier(dossier), geste, par, le, "")
}

// Rendre gives a dossier back to its queue: its holder does, or a responsable. One
// that nobody holds changes nothing.
func (s *Store) Rendre(ctx context.Context, par opco.Acteur, dossier string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if !uuidTexte(dossier) {
		return dossierInconnu()
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var v PriseVue
		err := tx.GetContext(ctx, &v, `SELECT `+colonnesPrise+` FROM prise WHERE dossier = $1 FOR UPDATE`, dossier)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading who holds dossier %s: %w", dossier, err)
		}
		if err := v.prise().Reprendre(par, le); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM prise WHERE dossier = $1`, dossier); err != nil {
			return fmt.Errorf("giving dossier %s back: %w", dossier, err)
		}
		return noterGeste(ctx, tx, opco.ObjetDossier(dossier), GesteRendre, par, le, "")
	})
}

// Vivre notes a sign of life of par on a dossier: their lease on it, ended or not but
// taken by nobody, starts again from now. It returns the lease that holds, nil when
// nobody's does.
func (s *Store) Vivre(ctx context.Context, par opco.Acteur, dossier string) (*PriseVue, error) {
	le, err := s.Maintenant(ctx)
	if err != nil || !uuidTexte(dossier) {
		return nil, err
	}
	r, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return nil, err
	}
	_, err = s.DB.ExecContext(ctx, `UPDATE prise SET expire_le = $3 WHERE dossier = $1 AND personne = $2 AND expire_le < $3`,
		dossier, par.Personne, le.Add(time.Duration(r.File.PriseMinutes)*time.Minute))
	if err != nil {
		return nil, fmt.Errorf("renewing the lease on dossier %s: %w", dossier, err)
	}
	v, err := priseDe(ctx, s.DB, dossier)
	if err != nil || v == nil {
		return nil, err
	}
	if v.vue(par, le); !v.Vive {
		return nil, nil
	}
	return v, nil
}

// suivreTravail keeps the queues true to a step of a dossier: news wake what was set
// aside, a change of état gives the dossier back, an acte of its holder renews the lease.
func suivreTravail(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p opco.Passage) error {
	bouge := !opco.GardePrise(p.De, p.Vers)
	if p.Verdict != opco.VerdictApplique || p.ActeID == "" && !bouge || slices.Contains([]opco.Etat{opco.EtatNouveau, opco.EtatBrouillon}, p.De) {
		return nil
	}
	r, err := parametres(ctx, tx, opco.JourDe(p.Le))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		WITH a AS (DELETE FROM attente WHERE dossier = $1::uuid RETURNING 1),
		     l AS (DELETE FROM prise WHERE dossier = $1::uuid AND $2 RETURNING 1),
		     v AS (UPDATE prise SET expire_le = greatest(expire_le, $3) WHERE dossier = $1::uuid AND NOT $2 AND personne = $4)
		INSERT INTO geste (objet, type, personne, pour, nom, role, le, detail)
		SELECT 'dossier/' || $1, x.type, $4, $5, $6, $7, $8, x.detail
		FROM (SELECT 'reveiller' AS type, 'nouvelle reçue' AS detail FROM a UNION ALL SELECT 'liberer', $9 FROM l) x`,
		d.ID, bouge, p.Le.Add(time.Duration(r.File.PriseMinutes)*time.Minute), p.Par.Personne, p.Par.Pour, p.Par.Nom, p.Par.Role, p.Le, p.Vers.String())
	if err != nil {
		return fmt.Errorf("keeping the queues of dossier %s: %w", d.ID, err)
	}
	return nil
}
