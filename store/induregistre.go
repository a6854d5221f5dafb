package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ecrireIndu writes the projection of a debt; it moves forward only.
func ecrireIndu(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, le time.Time) error {
	contenu, err := json.Marshal(i)
	if err != nil {
		return err
	}
	resume, err := json.Marshal(i.Resume())
	if err != nil {
		return err
	}
	var prochaine *time.Time
	if len(i.Echeances) > 0 {
		prochaine = &i.Echeances[0].Le
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO indu (id, numero, dossier, facture, debiteur, role, cause, etat, rang, montant, recouvre, reste, contenu, resume,
		                  constate_le, prochaine_echeance, modifie_le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (id) DO UPDATE SET etat = EXCLUDED.etat, rang = EXCLUDED.rang, recouvre = EXCLUDED.recouvre, reste = EXCLUDED.reste,
		    contenu = EXCLUDED.contenu, resume = EXCLUDED.resume, prochaine_echeance = EXCLUDED.prochaine_echeance,
		    modifie_le = EXCLUDED.modifie_le
		WHERE indu.rang = EXCLUDED.rang - 1`,
		i.ID, i.Numero, i.Dossier, i.Facture, i.Debiteur, i.RoleDebiteur, i.Cause, i.Etat, i.Rang, i.Montant, i.Recouvre(), i.Reste(),
		contenu, resume, i.ConstateLe, prochaine, le)
	if err != nil {
		return fmt.Errorf("projecting indu %s: %w", i.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrTrou
	}
	return nil
}

// verrouillerIndu reads a debt under its row lock.
func verrouillerIndu(ctx context.Context, tx *sqlx.Tx, objet string) (*opco.Indu, error) {
	var brut []byte
	if err := tx.GetContext(ctx, &brut, `SELECT contenu FROM indu WHERE id = $1 FOR UPDATE`, strings.TrimPrefix(objet, "indu/")); err != nil {
		return nil, introuvable(err, "Cet indu n’existe pas.")
	}
	return lireIndu(brut)
}

func lireIndu(brut []byte) (*opco.Indu, error) {
	var i opco.Indu
	if err := json.Unmarshal(brut, &i); err != nil {
		return nil, fmt.Errorf("reading an indu: %w", err)
	}
	return &i, nil
}

// recordIndu performs one step of a debt (Record).
func (s *Store) recordIndu(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (opco.Issue, error) {
	i, err := verrouillerIndu(ctx, tx, dem.Objet)
	if err != nil {
		return opco.Issue{}, err
	}
	return suivre(ctx, tx, dem, i.Rang, i.Resume(), func(a opco.Acte) (opco.Passage, error) {
		return s.appliquerIndu(ctx, tx, i, a, dem.Echeance)
	})
}

// appliquerIndu decides with opco and writes everything that follows. A refusal is
// recorded too, as a journal line that moves nothing.
func (s *Store) appliquerIndu(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, a opco.Acte, ech *opco.Echeance) (opco.Passage, error) {
	avant, err := json.Marshal(i)
	if err != nil {
		return opco.Passage{}, fmt.Errorf("copying an indu: %w", err)
	}
	f, err := faitsIndu(ctx, tx, i, a)
	if err != nil {
		return opco.Passage{}, err
	}
	p := opco.Passage{Dossier: i.ID, Rang: i.Rang + 1, ActeID: a.ID, Type: a.Type, De: opco.Etat(i.Etat), Par: a.Par, Le: a.Le,
		Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}
	code := ""
	if ech != nil {
		p.Effet, code = ech.Effet, ech.Code
	}
	e, err := i.Appliquer(a, ech, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if i, err = lireIndu(avant); err != nil {
			return p, err
		}
		i.Echeances = sansEcheance(i.Echeances, ech)
		p.Verdict, e = opco.VerdictRefuse, opco.EffetsIndu{Motif: refus.Code, Phrase: refus.Message}
	}
	if err != nil {
		return p, err
	}
	i.Rang = p.Rang
	p.Vers, p.Code, p.Motif, p.Phrase, p.Resume = opco.Etat(i.Etat), e.Code, e.Motif, e.Phrase, i.Resume()
	if err := s.inscrireIndu(ctx, tx, i, a, p, e, code); err != nil || refus == nil {
		return p, err
	}
	if err := rendreEcriture(ctx, tx, a, refus); err != nil {
		return p, err
	}
	return p, noterRefus(ctx, tx, a.ID, refus)
}

// inscrireIndu writes a step of a debt: journal, projection, ledger, letters and
// verdict.
func (s *Store) inscrireIndu(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, a opco.Acte, p opco.Passage, e opco.EffetsIndu, ech string) error {
	objet := opco.ObjetIndu(i.ID)
	if err := ecrireIndu(ctx, tx, i, p.Le); err != nil {
		return err
	}
	if err := insererPassage(ctx, tx, objet, ech, p); err != nil {
		return err
	}
	if p.Verdict == opco.VerdictApplique {
		if err := ecrireMouvements(ctx, tx, objet, i.Dossier, p.Rang, p.Le, e.Mouvements); err != nil {
			return err
		}
		if err := suivreRecouvrement(ctx, tx, i, a); err != nil {
			return err
		}
		if err := posterIndu(ctx, tx, i, p, e); err != nil {
			return err
		}
	}
	if p.ActeID != "" {
		if err := rendre(ctx, tx, p.ActeID, p.Verdict, p.Motif, p.Phrase); err != nil {
			return err
		}
	}
	return notifier(ctx, tx, "indu", i.ID)
}
