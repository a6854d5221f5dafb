package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

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
