package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Note is what a member of the staff wrote for colleagues about a dossier, as its
// last version says. Nommes are the names of those whom it calls.
type Note struct {
	ID         string         `db:"id" json:"id"`
	Dossier    string         `db:"dossier" json:"-"`
	Seq        int64          `db:"seq" json:"-"`
	Personne   string         `db:"personne" json:"-"`
	Nom        string         `db:"nom" json:"nom"`
	Role       opco.Role      `db:"role" json:"role"`
	Texte      string         `db:"texte" json:"texte"`
	Version    int            `db:"version" json:"version"`
	Le         time.Time      `db:"le" json:"le"`
	ModifieeLe time.Time      `db:"modifiee_le" json:"modifiee_le"`
	Nommes     pq.StringArray `db:"nommes" json:"nommes"`
}

// VersionNote is what a note said before, or says now.
type VersionNote struct {
	Version int       `db:"version" json:"version"`
	Texte   string    `db:"texte" json:"texte"`
	Le      time.Time `db:"le" json:"le"`
}

// PageNotes is a page of the notes of a dossier, newest first.
type PageNotes struct {
	Notes   []Note `json:"notes"`
	Suivant string `json:"suivant,omitempty"`
}

const requeteNotes = `
	SELECT n.id, n.dossier, n.seq, n.personne, n.nom, n.role, n.le, v.texte, v.version, v.le AS modifiee_le,
	       ARRAY(SELECT m.nom FROM mention m WHERE m.note = n.id ORDER BY m.nom) AS nommes
	FROM note n JOIN LATERAL (SELECT texte, version, le FROM note_version WHERE note = n.id ORDER BY version DESC LIMIT 1) v ON true `

// Notes returns a page of the notes of a dossier. They are the staff's own: no
// organisation has a door to them.
func (s *Store) Notes(ctx context.Context, dossier, apres string) (PageNotes, error) {
	var c clause
	c.identifie(`n.dossier`, dossier)
	if err := c.apresSeq(`n.seq`, "note", apres); err != nil {
		return PageNotes{}, err
	}
	page := PageNotes{Notes: []Note{}}
	err := s.DB.SelectContext(ctx, &page.Notes, requeteNotes+`WHERE `+c.where()+fmt.Sprintf(` ORDER BY n.seq DESC LIMIT %d`, echangesPage+1), c.args...)
	if err != nil {
		return PageNotes{}, fmt.Errorf("reading the notes of %s: %w", dossier, err)
	}
	if len(page.Notes) > echangesPage {
		page.Notes = page.Notes[:echangesPage]
		page.Suivant = curseur("note", strconv.FormatInt(page.Notes[echangesPage-1].Seq, 10))
	}
	return page, nil
}

// VersionsNote returns what a note of a dossier said, newest first; NotFound when
// the dossier has no such note.
func (s *Store) VersionsNote(ctx context.Context, dossier, note string) ([]VersionNote, error) {
	var c clause
	c.identifie(`n.dossier`, dossier)
	c.identifie(`n.id`, note)
	var vs []VersionNote
	err := s.DB.SelectContext(ctx, &vs, `SELECT v.version, v.texte, v.le FROM note_version v JOIN note n ON n.id = v.note WHERE `+c.where()+` ORDER BY v.version DESC LIMIT 200`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("reading the versions of note %s: %w", note, err)
	}
	if len(vs) == 0 {
		return nil, noteIntrouvable()
	}
	return vs, nil
}

func noteIntrouvable() error {
	return opco.Errorf(opco.NotFound, "Cette note n’existe pas, ou vous n’y avez pas accès.")
}

// EcrireNote adds a note to a dossier and calls the colleagues nommes. The same id
// with the same text is the same note; with another, Conflict.
func (s *Store) EcrireNote(ctx context.Context, par opco.Acteur, n Note, nommes []opco.Nomme) (Note, error) {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		deja, err := noteDe(ctx, tx, n.ID)
		if err == nil {
			if deja.Dossier != n.Dossier || deja.Personne != par.Personne {
				return opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour une autre note : utilisez-en un nouveau.").AvecCode("ACTE_REUTILISE")
			}
			n = deja
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		le, err := instant(ctx, tx)
		if err != nil {
			return err
		}
		if err := ajouterNote(ctx, tx, par, n, nommes, le); err != nil {
			return err
		}
		n, err = noteDe(ctx, tx, n.ID)
		return err
	})
	return n, err
}

// ajouterNote writes a note of par and its first version.
func ajouterNote(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, n Note, nommes []opco.Nomme, le time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO note (id, dossier, personne, nom, role, le) VALUES ($1, $2, $3, $4, $5, $6)`,
		n.ID, n.Dossier, par.Personne, par.Nom, par.Role, le)
	if err != nil {
		return fmt.Errorf("writing a note: %w", err)
	}
	return versionnerNote(ctx, tx, par, n, 1, le, nommes)
}

func noteDe(ctx context.Context, tx *sqlx.Tx, id string) (Note, error) {
	var n Note
	err := tx.GetContext(ctx, &n, requeteNotes+`WHERE n.id = $1`, id)
	return n, err
}

func versionnerNote(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, n Note, version int, le time.Time, nommes []opco.Nomme) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO note_version (note, version, texte, le) VALUES ($1, $2, $3, $4)`, n.ID, version, n.Texte, le); err != nil {
		return fmt.Errorf("writing version %d of a note: %w", version, err)
	}
	for _, x := range nommes {
		if par.Engage(x.Personne) {
			continue // one does not call oneself
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO mention (note, personne, nom, le) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, n.ID, x.Personne, x.Nom, le); err != nil {
			return fmt.Errorf("calling a colleague: %w", err)
		}
	}
	return notifier(ctx, tx, "dossier", n.Dossier)
}

// ModifierNote writes a new version of one's own note, from the version that one
// has read. It returns NotFound when the dossier has no such note, Forbidden when
// it is somebody else's, and Conflict when it changed since.
func (s *Store) ModifierNote(ctx context.Context, par opco.Acteur, n Note, nommes []opco.Nomme) (Note, error) {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		if !uuidTexte(n.ID) {
			return noteIntrouvable()
		}
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM note WHERE id = $1 FOR UPDATE`, n.ID); err != nil {
			return fmt.Errorf("locking a note: %w", err)
		}
		lue, err := noteDe(ctx, tx, n.ID)
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && lue.Dossier != n.Dossier:
			return noteIntrouvable()
		case err != nil:
			return err
		case !par.Engage(lue.Personne):
			return opco.Errorf(opco.Forbidden, "Cette note est de %s : répondez-lui par une autre note.", lue.Nom)
		case lue.Texte == n.Texte:
			n = lue
			return nil
		case lue.Version != n.Version:
			return opco.Errorf(opco.Conflict, "Cette note a changé depuis que vous l’avez lue. Relisez-la, puis recommencez : votre texte est gardé ci-dessous.").AvecCode("NOTE_CHANGEE")
		}
		le, err := instant(ctx, tx)
		if err != nil {
			return err
		}
		if err := versionnerNote(ctx, tx, par, n, lue.Version+1, le, nommes); err != nil {
			return err
		}
		n, err = noteDe(ctx, tx, n.ID)
		return err
	})
	return n, err
}

// MentionAttendue is a note that names somebody who has not read it yet.
type MentionAttendue struct {
	Note
	Numero     string `db:"numero" json:"numero"`
	Intitule   string `db:"intitule" json:"intitule"`
	Entreprise string `db:"entreprise_nom" json:"entreprise"`
}

// PageMentions is a page of them, newest first.
type PageMentions struct {
	Mentions []MentionAttendue `json:"mentions"`
	Suivant  string            `json:"suivant,omitempty"`
}

// Mentions lists the notes that name a person of the staff and that they have not
// read.
func (s *Store) Mentions(ctx context.Context, p opco.Portee, apres string) (PageMentions, error) {
	var c clause
	c.dansPortee(p)
	c.et(`m.personne = %s AND m.lue_le IS NULL`, p.Personne)
	if err := c.apresSeq(`n.seq`, "mention", apres); err != nil {
		return PageMentions{}, err
	}
	page := PageMentions{Mentions: []MentionAttendue{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &page.Mentions, `
			SELECT n.id, n.dossier, n.seq, n.personne, n.nom, n.role, n.le, v.texte, v.version, v.le AS modifiee_le,
			       '{}'::text[] AS nommes, d.numero, d.intitule, d.entreprise_nom
			FROM mention m JOIN note n ON n.id = m.note JOIN dossier d ON d.id = n.dossier
			JOIN LATERAL (SELECT texte, version, le FROM note_version WHERE note = n.id ORDER BY version DESC LIMIT 1) v ON true
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY n.seq DESC LIMIT %d`, echangesPage+1), c.args...)
	})
	if err != nil {
		return PageMentions{}, fmt.Errorf("listing the notes that name somebody: %w", err)
	}
	if len(page.Mentions) > echangesPage {
		page.Mentions = page.Mentions[:echangesPage]
		page.Suivant = curseur("mention", strconv.FormatInt(page.Mentions[echangesPage-1].Seq, 10))
	}
	return page, nil
}

// CompterMentions counts the notes that name a person and that they have not read.
func (s *Store) CompterMentions(ctx context.Context, personne string) (int, error) {
	var n int
	if err := s.DB.GetContext(ctx, &n, `SELECT count(*) FROM mention WHERE personne = $1 AND lue_le IS NULL`, personne); err != nil {
		return 0, fmt.Errorf("counting the notes that name somebody: %w", err)
	}
	return n, nil
}

// NoterMentionsLues marks as read the notes of a dossier that name a person.
func (s *Store) NoterMentionsLues(ctx context.Context, personne, dossier string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE mention m SET lue_le = greatest($3, m.le) FROM note n WHERE n.id = m.note AND n.dossier = $2 AND m.personne = $1 AND m.lue_le IS NULL`,
		personne, dossier, le)
	if err != nil {
		return fmt.Errorf("marking notes as read: %w", err)
	}
	return nil
}
