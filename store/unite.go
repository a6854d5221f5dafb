package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// unitesMax bounds the units of an OPCO, informationsMax what it tells: the pages
// that edit them show them all.
const (
	unitesMax       = 300
	informationsMax = 200
)

// LigneUnite is a unit with who changed it last.
type LigneUnite struct {
	opco.Unite
	ModifieNom string
	ModifieLe  time.Time
}

// LigneInformation is an information with who changed it last.
type LigneInformation struct {
	opco.Information
	ModifieNom string
	ModifieLe  time.Time
}

// Unites lists the units of the OPCO, by name, at most 300.
func (s *Store) Unites(ctx context.Context) ([]LigneUnite, error) {
	var ls []struct {
		ID             string          `db:"id"`
		Nom            string          `db:"nom"`
		Adresse        string          `db:"adresse"`
		SIREN          opco.SIREN      `db:"siren"`
		IDCC           string          `db:"idcc"`
		Departement    string          `db:"departement"`
		Interlocuteurs json.RawMessage `db:"interlocuteurs"`
		Version        int             `db:"version"`
		ModifieNom     string          `db:"modifie_nom"`
		ModifieLe      time.Time       `db:"modifie_le"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT id, nom, adresse, siren, idcc, departement, interlocuteurs, version, modifie_nom, modifie_le
		FROM unite ORDER BY nom, siren, idcc, departement LIMIT $1`, unitesMax)
	if err != nil {
		return nil, fmt.Errorf("listing the units: %w", err)
	}
	us := make([]LigneUnite, len(ls))
	for i, l := range ls {
		us[i] = LigneUnite{Unite: opco.Unite{ID: l.ID, Nom: l.Nom, Adresse: l.Adresse, SIREN: l.SIREN, IDCC: l.IDCC, Departement: l.Departement, Version: l.Version},
			ModifieNom: l.ModifieNom, ModifieLe: l.ModifieLe}
		if err := json.Unmarshal(l.Interlocuteurs, &us[i].Interlocuteurs); err != nil {
			return nil, fmt.Errorf("reading unit %s: %w", l.ID, err)
		}
	}
	return us, nil
}

// EcrireUnite writes a unit, new when its version is 0. One that somebody changed
// since it was read, or whose companies another unit has already, is a Conflict.
func (s *Store) EcrireUnite(ctx context.Context, u opco.Unite, par opco.Acteur) error {
	interlocuteurs, err := json.Marshal(u.Interlocuteurs)
	if err != nil {
		return err
	}
	err = s.annoncer(ctx, "unite/"+u.ID, "ecrire", u, par, func(tx *sqlx.Tx, le time.Time) (int64, error) {
		return lignesTouchees(tx.ExecContext(ctx, `
			INSERT INTO unite (id, nom, adresse, siren, idcc, departement, interlocuteurs, version, modifie_par, modifie_nom, modifie_le)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1, $9, $10, $11)
			ON CONFLICT (id) DO UPDATE SET nom = EXCLUDED.nom, adresse = EXCLUDED.adresse, siren = EXCLUDED.siren, idcc = EXCLUDED.idcc,
			    departement = EXCLUDED.departement, interlocuteurs = EXCLUDED.interlocuteurs, version = EXCLUDED.version,
			    modifie_par = EXCLUDED.modifie_par, modifie_nom = EXCLUDED.modifie_nom, modifie_le = EXCLUDED.modifie_le
			WHERE unite.version = $8`,
			u.ID, u.Nom, u.Adresse, u.SIREN, u.IDCC, u.Departement, interlocuteurs, u.Version, par.Personne, par.Nom, le))
	})
	if contrainte(err) == "unite_portefeuille" {
		return opco.Champf("departement", "Une autre unité suit déjà ces entreprises : changez son portefeuille, ou celui-ci.")
	}
	return err
}

// SupprimerUnite takes a unit away.
func (s *Store) SupprimerUnite(ctx context.Context, id string, version int, par opco.Acteur) error {
	return s.supprimerAnnonce(ctx, "unite", id, version, par)
}

// Informations lists what the OPCO tells on a day to a public: « entreprise » or
// « organisme ».
func (s *Store) Informations(ctx context.Context, public string, jour opco.Date) ([]opco.Information, error) {
	ls, err := s.informations(ctx, `du <= $1 AND (au IS NULL OR au >= $1) AND public IN ('tous', $2)`, jour, public)
	is := make([]opco.Information, len(ls))
	for i, l := range ls {
		is[i] = l.Information
	}
	return is, err
}

// ToutesInformations lists what the OPCO tells, told or will tell, the latest first,
// at most 200.
func (s *Store) ToutesInformations(ctx context.Context) ([]LigneInformation, error) {
	return s.informations(ctx, `true`)
}

func (s *Store) informations(ctx context.Context, condition string, args ...any) ([]LigneInformation, error) {
	var ls []struct {
		ID         string    `db:"id"`
		Titre      string    `db:"titre"`
		Texte      string    `db:"texte"`
		Ton        string    `db:"ton"`
		Public     string    `db:"public"`
		Du         opco.Date `db:"du"`
		Au         opco.Date `db:"au"`
		Version    int       `db:"version"`
		ModifieNom string    `db:"modifie_nom"`
		ModifieLe  time.Time `db:"modifie_le"`
	}
	err := s.DB.SelectContext(ctx, &ls, `SELECT id, titre, texte, ton, public, du, au, version, modifie_nom, modifie_le FROM information WHERE `+
		condition+fmt.Sprintf(` ORDER BY du DESC, id LIMIT %d`, informationsMax), args...)
	if err != nil {
		return nil, fmt.Errorf("listing the informations: %w", err)
	}
	is := make([]LigneInformation, len(ls))
	for i, l := range ls {
		is[i] = LigneInformation{opco.Information{ID: l.ID, Titre: l.Titre, Texte: l.Texte, Ton: l.Ton, Public: l.Public, Du: l.Du, Au: l.Au, Version: l.Version},
			l.ModifieNom, l.ModifieLe}
	}
	return is, nil
}

// EcrireInformation writes an information, new when its version is 0. One that
// somebody changed since it was read is a Conflict.
func (s *Store) EcrireInformation(ctx context.Context, i opco.Information, par opco.Acteur) error {
	return s.annoncer(ctx, "information/"+i.ID, "ecrire", i, par, func(tx *sqlx.Tx, le time.Time) (int64, error) {
		return lignesTouchees(tx.ExecContext(ctx, `
			INSERT INTO information (id, titre, texte, ton, public, du, au, version, modifie_par, modifie_nom, modifie_le)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1, $9, $10, $11)
			ON CONFLICT (id) DO UPDATE SET titre = EXCLUDED.titre, texte = EXCLUDED.texte, ton = EXCLUDED.ton, public = EXCLUDED.public,
			    du = EXCLUDED.du, au = EXCLUDED.au, version = EXCLUDED.version, modifie_par = EXCLUDED.modifie_par,
			    modifie_nom = EXCLUDED.modifie_nom, modifie_le = EXCLUDED.modifie_le
			WHERE information.version = $8`,
			i.ID, i.Titre, i.Texte, i.Ton, i.Public, i.Du, i.Au, i.Version, par.Personne, par.Nom, le))
	})
}

// SupprimerInformation takes an information away.
func (s *Store) SupprimerInformation(ctx context.Context, id string, version int, par opco.Acteur) error {
	return s.supprimerAnnonce(ctx, "information", id, version, par)
}

func (s *Store) supprimerAnnonce(ctx context.Context, table, id string, version int, par opco.Acteur) error {
	return s.annoncer(ctx, table+"/"+id, "supprimer", struct{}{}, par, func(tx *sqlx.Tx, _ time.Time) (int64, error) {
		return lignesTouchees(tx.ExecContext(ctx, `DELETE FROM `+pq.QuoteIdentifier(table)+` WHERE id = $1 AND version = $2`, id, version))
	})
}

// annoncer writes what the OPCO shows to companies and the line of its journal, in
// one transaction. No row touched means that somebody was there before.
func (s *Store) annoncer(ctx context.Context, objet, geste string, contenu any, par opco.Acteur, ecrire func(tx *sqlx.Tx, le time.Time) (int64, error)) error {
	brut, err := json.Marshal(contenu)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		le := time.Now().UTC().Add(dec).Truncate(time.Microsecond)
		n, err := ecrire(tx, le)
		if err != nil {
			return fmt.Errorf("writing %s: %w", objet, err)
		}
		if n == 0 {
			return opco.Errorf(opco.Conflict, "Quelqu’un l’a changé ou supprimé entre-temps. Rechargez la page, puis recommencez.")
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO annonce_journal (objet, geste, contenu, personne, nom, le) VALUES ($1, $2, $3, $4, $5, $6)`,
			objet, geste, brut, par.Personne, par.Nom, le)
		if err != nil {
			return fmt.Errorf("writing the journal of %s: %w", objet, err)
		}
		return nil
	})
}

func lignesTouchees(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
