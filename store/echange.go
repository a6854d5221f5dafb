package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// CoteOPCO is the side of the staff in a thread; the others are RoleEntreprise and
// RoleOrganisme.
const CoteOPCO = "opco"

// Echange is one message of a thread. Fil is whose thread it is, De the side that
// wrote. LuLe is when the other side read it first, nil before.
type Echange struct {
	ID      string         `db:"id" json:"id"`
	Dossier string         `db:"dossier" json:"-"`
	Fil     opco.Role      `db:"fil" json:"fil"`
	Seq     int64          `db:"seq" json:"-"`
	De      string         `db:"de" json:"de"`
	Nom     string         `db:"nom" json:"nom"`
	Role    opco.Role      `db:"role" json:"role"`
	Texte   string         `db:"texte" json:"texte"`
	Pieces  pq.StringArray `db:"pieces" json:"pieces"`
	Le      time.Time      `db:"le" json:"le"`
	LuLe    *time.Time     `db:"lu_le" json:"lu_le,omitempty"`
}

// PageEchanges is a page of a thread, newest first. NonLus counts the messages of
// the other side that nobody of the reader's has read.
type PageEchanges struct {
	Echanges []Echange `json:"echanges"`
	NonLus   int       `json:"non_lus"`
	Suivant  string    `json:"suivant,omitempty"`
}

// coteDe is the side of a reader or a writer.
func coteDe(r opco.Role) string {
	if r.Interne() {
		return CoteOPCO
	}
	return string(r)
}

const echangesPage = 30

// Echanges returns a page of the thread fil of a dossier within reach of p: an
// organisation reads its own only. A cursor that we did not make is Invalid.
func (s *Store) Echanges(ctx context.Context, p opco.Portee, dossier string, fil opco.Role, apres string) (PageEchanges, error) {
	var c clause
	c.filEnPortee(p, dossier, fil)
	n := clause{ou: slices.Clone(c.ou), args: slices.Clone(c.args)}
	n.et(`x.lu_le IS NULL AND x.de <> %s`, coteDe(p.Role))
	if err := c.apresSeq(`x.seq`, "echange", apres); err != nil {
		return PageEchanges{}, err
	}
	page := PageEchanges{Echanges: []Echange{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &page.NonLus, `SELECT count(*) FROM echange x JOIN dossier d ON d.id = x.dossier WHERE `+n.where(), n.args...); err != nil {
			return err
		}
		return sqlx.SelectContext(ctx, q, &page.Echanges, `
			SELECT x.id, x.dossier, x.fil, x.seq, x.de, x.nom, x.role, x.texte, x.pieces, x.le, x.lu_le
			FROM echange x JOIN dossier d ON d.id = x.dossier WHERE `+c.where()+fmt.Sprintf(` ORDER BY x.seq DESC LIMIT %d`, echangesPage+1), c.args...)
	})
	if err != nil {
		return PageEchanges{}, fmt.Errorf("reading the thread %s of %s: %w", fil, dossier, err)
	}
	if len(page.Echanges) > echangesPage {
		page.Echanges = page.Echanges[:echangesPage]
		page.Suivant = curseur("echange", strconv.FormatInt(page.Echanges[echangesPage-1].Seq, 10))
	}
	return page, nil
}

// filEnPortee keeps the messages of one thread that p may read.
func (c *clause) filEnPortee(p opco.Portee, dossier string, fil opco.Role) {
	c.dansPortee(p)
	c.identifie(`x.dossier`, dossier)
	c.et(`x.fil = %s`, fil)
	if !p.Interne {
		c.et(`x.fil = %s`, p.Role)
	}
}

// apresSeq starts the page before the row of a cursor of that kind.
func (c *clause) apresSeq(colonne, genre, apres string) error {
	if apres == "" {
		return nil
	}
	cle, id, err := lireCurseur(apres)
	n, errID := strconv.ParseInt(id, 10, 64)
	if err != nil || errID != nil || cle != genre {
		return pageInconnue()
	}
	c.et(colonne+` < %s`, n)
	return nil
}

// EchangesNonLus counts, by thread, the messages of a dossier that wait for the
// side of the reader.
func (s *Store) EchangesNonLus(ctx context.Context, p opco.Portee, dossier string) (map[opco.Role]int, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`x.dossier`, dossier)
	c.et(`x.lu_le IS NULL AND x.de <> %s`, coteDe(p.Role))
	if !p.Interne {
		c.et(`x.fil = %s`, p.Role)
	}
	var ls []struct {
		Fil opco.Role `db:"fil"`
		N   int       `db:"n"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT x.fil, count(*) AS n FROM echange x JOIN dossier d ON d.id = x.dossier WHERE `+c.where()+` GROUP BY x.fil`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("counting the messages of %s: %w", dossier, err)
	}
	parFil := map[opco.Role]int{}
	for _, l := range ls {
		parFil[l.Fil] = l.N
	}
	return parFil, nil
}

// CompterEchanges counts the dossiers within reach where a message waits for the
// side of the reader; those in the charge of instructeur only, when it is given.
func (s *Store) CompterEchanges(ctx context.Context, p opco.Portee, instructeur string) (int, error) {
	var c clause
	c.messagesAttendus(p, instructeur)
	var n int
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &n, `SELECT count(DISTINCT x.dossier) FROM echange x JOIN dossier d ON d.id = x.dossier WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return 0, fmt.Errorf("counting the messages: %w", err)
	}
	return n, nil
}

// messagesAttendus keeps the messages that wait for the side of p.
func (c *clause) messagesAttendus(p opco.Portee, instructeur string) {
	c.dansPortee(p)
	c.et(`x.lu_le IS NULL`)
	if p.Interne {
		c.et(`x.de <> 'opco'`)
	} else {
		c.et(`x.de = 'opco' AND x.fil = %s`, p.Role)
	}
	if instructeur != "" {
		c.et(`d.instructeur = %s OR d.instructeur = ''`, instructeur)
	}
}

// MessageAttendu is a message that nobody of the reader's side has read, with its
// dossier.
type MessageAttendu struct {
	Echange
	Numero     string `db:"numero" json:"numero"`
	Intitule   string `db:"intitule" json:"intitule"`
	Entreprise string `db:"entreprise_nom" json:"entreprise"`
}

// PageMessages is a page of them, newest first.
type PageMessages struct {
	Messages []MessageAttendu `json:"messages"`
	Suivant  string           `json:"suivant,omitempty"`
}

// MessagesAttendus lists the messages that wait for the side of the reader; of the
// dossiers in the charge of instructeur, or of nobody, when it is given.
func (s *Store) MessagesAttendus(ctx context.Context, p opco.Portee, instructeur, apres string) (PageMessages, error) {
	var c clause
	c.messagesAttendus(p, instructeur)
	if err := c.apresSeq(`x.seq`, "message", apres); err != nil {
		return PageMessages{}, err
	}
	page := PageMessages{Messages: []MessageAttendu{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &page.Messages, `
			SELECT x.id, x.dossier, x.fil, x.seq, x.de, x.nom, x.role, x.texte, x.pieces, x.le, x.lu_le, d.numero, d.intitule, d.entreprise_nom
			FROM echange x JOIN dossier d ON d.id = x.dossier WHERE `+c.where()+fmt.Sprintf(` ORDER BY x.seq DESC LIMIT %d`, echangesPage+1), c.args...)
	})
	if err != nil {
		return PageMessages{}, fmt.Errorf("listing the messages: %w", err)
	}
	if len(page.Messages) > echangesPage {
		page.Messages = page.Messages[:echangesPage]
		page.Suivant = curseur("message", strconv.FormatInt(page.Messages[echangesPage-1].Seq, 10))
	}
	return page, nil
}

// EcrireEchange adds a message to a thread, as par, and tells the party by mail
// when the OPCO wrote and nothing already waits for it there: one mail, not one
// per message. The same id with the same text is the same message; with another,
// Conflict. The caller has read the dossier within the author's reach. Pièces must
// be of the dossier, and readable by whoever reads the thread.
func (s *Store) EcrireEchange(ctx context.Context, par opco.Acteur, e Echange) (Echange, error) {
	e.De, e.Nom, e.Role = coteDe(par.Role), par.Nom, par.Role
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		deja, err := echangeDeja(ctx, tx, par, e)
		if !errors.Is(err, sql.ErrNoRows) {
			e = deja
			return err
		}
		d, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(e.Dossier))
		if err != nil {
			return err
		}
		if err := piecesJointes(ctx, tx, e); err != nil {
			return err
		}
		if err := insererEchange(ctx, tx, par, &e); err != nil {
			return err
		}
		if err := prevenirDuMessage(ctx, tx, d, par, e); err != nil {
			return err
		}
		return notifier(ctx, tx, "dossier", e.Dossier)
	})
	return e, err
}

func echangeDeja(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, e Echange) (Echange, error) {
	var x struct {
		Echange
		Personne string `db:"personne"`
	}
	err := tx.GetContext(ctx, &x, `SELECT id, dossier, fil, seq, de, personne, nom, role, texte, pieces, le, lu_le FROM echange WHERE id = $1`, e.ID)
	if err != nil {
		return x.Echange, err
	}
	if x.Dossier != e.Dossier || x.Fil != e.Fil || x.Texte != e.Texte || x.Personne != par.Personne {
		return Echange{}, opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour un autre message : utilisez-en un nouveau.").AvecCode("ACTE_REUTILISE")
	}
	return x.Echange, nil
}

// piecesJointes checks what a message carries.
func piecesJointes(ctx context.Context, tx *sqlx.Tx, e Echange) error {
	if len(e.Pieces) == 0 {
		return nil
	}
	var n int
	err := tx.GetContext(ctx, &n, `
		SELECT count(*) FROM piece WHERE dossier = $1 AND id::text = ANY ($2)
		AND (type NOT IN ('RIB', 'RELEVE_DEPENSES') OR depose_role = $3)`, e.Dossier, e.Pieces, e.Fil)
	if err != nil {
		return fmt.Errorf("reading the pièces of a message: %w", err)
	}
	if n != len(slices.Compact(slices.Sorted(slices.Values(e.Pieces)))) {
		return opco.Champf("pieces", "Une de ces pièces n’est pas de ce dossier, ou son destinataire ne peut pas la lire : retirez-la du message.")
	}
	return nil
}

func insererEchange(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, e *Echange) error {
	le, err := instant(ctx, tx)
	if err != nil {
		return err
	}
	if e.Pieces == nil {
		e.Pieces = pq.StringArray{}
	}
	e.Le = le
	err = tx.GetContext(ctx, &e.Seq, `
		INSERT INTO echange (id, dossier, fil, de, personne, nom, role, texte, pieces, le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::uuid[], $10) RETURNING seq`,
		e.ID, e.Dossier, e.Fil, e.De, par.Personne, e.Nom, e.Role, e.Texte, e.Pieces, e.Le)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	return reveillerParNouvelle(ctx, tx, e.Dossier, par, le, "message reçu")
}

// instant is the present business instant, in the transaction.
func instant(ctx context.Context, tx *sqlx.Tx) (time.Time, error) {
	dec, err := decalage(ctx, tx)
	return time.Now().UTC().Add(dec).Truncate(time.Microsecond), err
}

// prevenirDuMessage posts the mail that says that a message waits, without its text.
func prevenirDuMessage(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, par opco.Acteur, e Echange) error {
	if e.De != CoteOPCO {
		return nil
	}
	var attend bool
	err := tx.GetContext(ctx, &attend, `SELECT EXISTS (SELECT 1 FROM echange WHERE dossier = $1 AND fil = $2 AND de = 'opco' AND lu_le IS NULL AND id <> $3)`,
		e.Dossier, e.Fil, e.ID)
	if err != nil || attend {
		return err
	}
	regles, err := parametres(ctx, tx, opco.JourDe(e.Le))
	if err != nil {
		return err
	}
	ent, err := partie(ctx, tx, d, opco.RoleEntreprise)
	if err != nil {
		return err
	}
	a, err := partie(ctx, tx, d, e.Fil)
	if err != nil {
		return err
	}
	env := opco.Envoi{ID: d.ID + "-" + e.ID + "-" + string(e.Fil), Dossier: *d, Par: par, Le: e.Le, Effet: opco.JourDe(e.Le), Parametres: regles,
		Courrier: opco.Courrier{Evenement: opco.CourrierMessage, Pour: e.Fil}, Entreprise: ent.Nom,
		Destinataire: a.Nom, Adresse: a.adresse(), Courriel: opco.Email(a.Email)}
	if err := poster(ctx, tx, opco.ObjetDossier(d.ID), d.Rang, e.ID, env); err != nil {
		return err
	}
	return notifier(ctx, tx, "courrier", d.ID)
}

// NoterEchangesLus marks as read by par what the other side wrote in a thread. The
// caller has read the thread within the reader's reach.
func (s *Store) NoterEchangesLus(ctx context.Context, par opco.Acteur, dossier string, fil opco.Role) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE echange SET lu_le = greatest($4, le), lu_par = $5 WHERE dossier = $1 AND fil = $2 AND de <> $3 AND lu_le IS NULL`,
		dossier, fil, coteDe(par.Role), le, par.Personne)
	if err != nil {
		return fmt.Errorf("marking a thread as read: %w", err)
	}
	return nil
}
