package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ErrAutresOctets says that another payment file was already archived for a lot:
// an incident, never an overwrite.
var ErrAutresOctets = errors.New("another payment file is already archived for this lot")

// ErrLotChange says that a lot is no longer the one that a payment file was made of.
var ErrLotChange = errors.New("the lot has changed since its payment file was made")

// morceau is how much of a file is in memory at a time, in bytes.
const morceau = 4 << 20

func sha256Hex(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// empreinteFlux is the SHA-256 of what r holds, from its beginning.
func empreinteFlux(r io.ReadSeeker) (string, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// garderMorceaux reads r from its beginning and gives its pieces in order, one at
// least, until garder says that the file is already there.
func garderMorceaux(r io.ReadSeeker, garder func(rang int, octets []byte) (bool, error)) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	b := make([]byte, morceau)
	for rang := 0; ; rang++ {
		n, err := io.ReadFull(r, b)
		fin := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !fin || rang > 0 && n == 0 {
			if fin {
				return nil
			}
			return err
		}
		if encore, err := garder(rang, b[:n]); err != nil || !encore || fin {
			return err
		}
	}
}

// ArchiverFichier stores the exact bytes of the payment file of the lot sealed under
// sceau. The first write wins: the same bytes again change nothing. A lot that was
// opened again meanwhile has another seal, and keeps no file of the old one.
func (s *Store) ArchiverFichier(ctx context.Context, lot, sceau string, contenu io.ReadSeeker) error {
	empreinte, err := empreinteFlux(contenu)
	if err != nil {
		return fmt.Errorf("reading the payment file of %s: %w", lot, err)
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		var actuel string
		if err := tx.GetContext(ctx, &actuel, `SELECT COALESCE(contenu ->> 'sceau', '') FROM lot WHERE id = $1 FOR SHARE`, lot); err != nil {
			return introuvable(err, "Ce lot n’existe pas.")
		}
		if actuel != sceau {
			return fmt.Errorf("lot %s: %w", lot, ErrLotChange)
		}
		err = garderMorceaux(contenu, func(rang int, octets []byte) (bool, error) {
			if rang > 0 {
				_, err := tx.ExecContext(ctx, `INSERT INTO fichier_bancaire_suite (lot, rang, octets) VALUES ($1, $2, $3)`, lot, rang, octets)
				return err == nil, err
			}
			return inserer(tx.ExecContext(ctx, `
				INSERT INTO fichier_bancaire (lot, empreinte, octets, produit_le) VALUES ($1, $2, $3, $4)
				ON CONFLICT (lot) DO NOTHING`, lot, empreinte, octets, time.Now().UTC().Add(dec)))
		})
		if err != nil {
			return fmt.Errorf("archiving the payment file of %s: %w", lot, err)
		}
		var archive string
		if err := tx.GetContext(ctx, &archive, `SELECT empreinte FROM fichier_bancaire WHERE lot = $1`, lot); err != nil {
			return fmt.Errorf("reading the payment file of %s: %w", lot, err)
		}
		if archive != empreinte {
			return fmt.Errorf("lot %s: %w", lot, ErrAutresOctets)
		}
		return nil
	})
}

// FichierLot opens the archived payment file of a lot, which is read piece by
// piece. It returns its length in bytes and its SHA-256 too.
func (s *Store) FichierLot(ctx context.Context, lot string) (contenu io.Reader, taille int64, empreinte string, err error) {
	return fichierLot(ctx, s.DB, lot)
}

// fichierLot does it by q: who holds a lot reads its file on the connection that holds it.
func fichierLot(ctx context.Context, q sqlx.QueryerContext, lot string) (contenu io.Reader, taille int64, empreinte string, err error) {
	var l struct {
		Empreinte string `db:"empreinte"`
		Octets    []byte `db:"octets"`
		Suite     int64  `db:"suite"`
	}
	err = sqlx.GetContext(ctx, q, &l, `
		SELECT empreinte, octets, (SELECT COALESCE(sum(octet_length(x.octets)), 0) FROM fichier_bancaire_suite x WHERE x.lot = f.lot)::bigint AS suite
		FROM fichier_bancaire f WHERE lot = $1`, lot)
	if err != nil {
		return nil, 0, "", introuvable(err, "Ce lot n’a pas encore de fichier : il en a un dès qu’il est validé.")
	}
	taille = int64(len(l.Octets)) + l.Suite
	return morceaux(ctx, q, l.Octets, taille, `SELECT octets FROM fichier_bancaire_suite WHERE lot = $1 AND rang = $2`, lot), taille, l.Empreinte, nil
}

// morceaux reads a stored file: its first piece, then the following ones, which
// suite finds by q.
func morceaux(ctx context.Context, q sqlx.QueryerContext, premier []byte, taille int64, suite, cle string) io.Reader {
	return &fichierEnMorceaux{present: bytes.NewReader(premier), reste: taille - int64(len(premier)), suivant: func(rang int) ([]byte, error) {
		var b []byte
		if err := sqlx.GetContext(ctx, q, &b, suite, cle, rang); err != nil {
			return nil, fmt.Errorf("reading piece %d of %s: %w", rang, cle, err)
		}
		return b, nil
	}}
}

// fichierEnMorceaux is a file whose pieces are read when they are reached.
type fichierEnMorceaux struct {
	present *bytes.Reader
	rang    int
	reste   int64 // bytes of the following pieces
	suivant func(rang int) ([]byte, error)
}

// Read reads the piece at hand, then the next one.
func (f *fichierEnMorceaux) Read(p []byte) (int, error) {
	for f.present.Len() == 0 && f.reste > 0 {
		f.rang++
		b, err := f.suivant(f.rang)
		if err != nil {
			return 0, err
		}
		f.present.Reset(b)
		f.reste -= int64(len(b))
	}
	return f.present.Read(p)
}

// LaisserPartir calls partir with the payment file of a lot that is about to leave.
// Its lines are read again just before. Until partir returns, nobody changes or freezes
// an account that the lot pays, and nobody else sends it. None leaves while payments are
// suspended.
func (s *Store) LaisserPartir(ctx context.Context, lot string, partir func(contenu io.Reader, e opco.EnvoiLot) error) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if err := paiementsOuverts(ctx, tx); err != nil {
			return err
		}
		l, err := verrouillerLot(ctx, tx, opco.ObjetLot(lot))
		if err != nil {
			return err
		}
		e := opco.EnvoiLot{Empreinte: l.Fichier, Marquer: func() error { return s.marquerDepart(ctx, lot, l.Fichier) }}
		if l.Etat == opco.LotEmis { // beyond, what left has left
			if err := chargerLignes(ctx, tx, l, `true`); err != nil {
				return err
			}
			r, err := relireReglements(ctx, tx, l)
			if err != nil {
				return err
			}
			e.Change = r.Changee()
		}
		contenu, _, empreinte, err := fichierLot(ctx, tx, lot)
		if err != nil {
			return err
		}
		if empreinte != l.Fichier {
			return fmt.Errorf("lot %s: %w", lot, ErrAutresOctets)
		}
		if err := tx.GetContext(ctx, &e.Marque, `SELECT EXISTS (SELECT 1 FROM depart_lot WHERE lot = $1)`, lot); err != nil {
			return fmt.Errorf("reading whether lot %s was about to leave: %w", lot, err)
		}
		return partir(contenu, e)
	})
}

// marquerDepart commits that the file of a lot is about to appear in the folder of the
// bank, whatever becomes of the transaction that holds the lot.
func (s *Store) marquerDepart(ctx context.Context, lot, empreinte string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO depart_lot (lot, empreinte, le) VALUES ($1, $2, $3)`, lot, empreinte, time.Now().UTC().Add(dec))
		if err != nil {
			return fmt.Errorf("marking the departure of lot %s: %w", lot, err)
		}
		return nil
	})
}

// OrdresPartis reports whether an order has ever been about to leave.
func (s *Store) OrdresPartis(ctx context.Context) (bool, error) {
	var oui bool
	if err := s.DB.GetContext(ctx, &oui, `SELECT EXISTS (SELECT 1 FROM depart_lot)`); err != nil {
		return false, fmt.Errorf("reading whether an order has left: %w", err)
	}
	return oui, nil
}
