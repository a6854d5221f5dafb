package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ChoixLot says on which dossiers an action bears: those named, or all of a filter as
// they are when it is made.
type ChoixLot struct {
	Dossiers []string
	Filtre   *FiltreFile
}

// pageActionLot is how many dossiers are frozen at once.
const pageActionLot = 1000

// CreerActionLot freezes the dossiers of an action and has each of them tried. p is the
// reach of its author. Its id is the caller's: made again, even at the same instant, it
// is the same. All is one transaction, so that an action is never seen half frozen.
func (s *Store) CreerActionLot(ctx context.Context, p opco.Portee, v ActionLotVue, choix ChoixLot) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	r, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return err
	}
	if v.Action, err = v.Action.Accepter(v.Role, opco.JourDe(le), r.File); err != nil {
		return err
	}
	if err := choix.controler(r.File.ActionLotMax); err != nil {
		return err
	}
	if !uuidTexte(v.ID) {
		return opco.Champf("acte_id", "Cet identifiant n’est pas un UUID : rechargez la page.")
	}
	v.CreeLe = le
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		// One picture of the queue: a dossier that moves along its order meanwhile is
		// neither missed nor frozen twice.
		if _, err := tx.ExecContext(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`); err != nil {
			return fmt.Errorf("taking a picture of the queue: %w", err)
		}
		deja, err := inscrireActionLot(ctx, tx, v, choix)
		if deja || err != nil {
			return err
		}
		if err := ciblesConnues(ctx, tx, v.Action); err != nil {
			return err
		}
		if err := choix.figer(ctx, tx, p, v.ID, le, r.File.ActionLotMax); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE action_lot SET attend = (SELECT count(*) FROM action_lot_element WHERE lot = $1) WHERE id = $1`, v.ID); err != nil {
			return fmt.Errorf("counting action %s: %w", v.ID, err)
		}
		if err := noterGeste(ctx, tx, "action-lot/"+v.ID, GesteCreer, v.Par(), le, v.Action.Genre.Libelle()); err != nil {
			return err
		}
		return notifier(ctx, tx, "action", v.ID)
	})
}

// inscrireActionLot writes the row of an action, unless the same was made before. Who
// comes at the same instant waits here until the other is done, and is tried again with
// a picture that shows it. The row found is not touched: each write of it would send back
// all the others who wait.
func inscrireActionLot(ctx context.Context, tx *sqlx.Tx, v ActionLotVue, choix ChoixLot) (deja bool, err error) {
	brut, err := json.Marshal(v.Action)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO action_lot (id, genre, action, etat, compte, session, personne, pour, nom, role, espace, cree_le, choix)
		VALUES ($1, $2, $3, 'ESSAI', $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		v.ID, v.Action.Genre, brut, v.Compte, v.Session, v.Personne, v.Pour, v.Nom, v.Role, v.Espace, v.CreeLe, choix.empreinte())
	if err != nil {
		return false, fmt.Errorf("writing action %s: %w", v.ID, err)
	}
	if n, err := res.RowsAffected(); n == 1 || err != nil {
		return false, err
	}
	var memes bool
	err = tx.GetContext(ctx, &memes, `SELECT personne = $2 AND action = $3 AND choix IN ('', $4) FROM action_lot WHERE id = $1`,
		v.ID, v.Personne, brut, choix.empreinte())
	if err == nil && !memes {
		err = opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour une autre action : recommencez depuis la file.").AvecCode("ACTE_REUTILISE")
	}
	return err == nil, err
}

// ciblesConnues refuses an action that names a label or a person that is not there: every
// dossier would be refused for the same reason.
func ciblesConnues(ctx context.Context, tx *sqlx.Tx, a opco.ActionLot) (err error) {
	switch a.Genre {
	case opco.LotEtiqueter, opco.LotDesetiqueter:
		if _, err = nomEtiquette(ctx, tx, a.Etiquette); err != nil {
			if refus, ok := err.(*opco.Error); ok { //nolint:errorlint // made by nomEtiquette
				err = opco.Champf("etiquette", "%s", refus.Message)
			}
		}
	case opco.LotReattribuer:
		_, err = nomInstructeur(ctx, tx, a.A)
	}
	return err
}

// empreinte is the digest of what was chosen.
func (x ChoixLot) empreinte() string {
	b, _ := json.Marshal(x) // strings, numbers and dates always encode
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// controler refuses a choice of nothing, or of too much.
func (x ChoixLot) controler(max int) error {
	switch {
	case x.Filtre != nil && len(x.Dossiers) > 0:
		return opco.Champf("dossiers", "Nommez des dossiers, ou donnez un filtre : pas les deux.")
	case x.Filtre != nil:
		return x.Filtre.controler()
	case len(x.Dossiers) == 0:
		return opco.Champf("dossiers", "Choisissez au moins un dossier.")
	case len(x.Dossiers) > max:
		return tropPourUneAction(max)
	case slices.ContainsFunc(x.Dossiers, func(d string) bool { return !uuidTexte(d) }):
		return dossierChoisiInconnu()
	}
	return nil
}

func tropPourUneAction(max int) error {
	return opco.Champf("dossiers", "Choisissez %d dossiers au plus à la fois : resserrez le filtre.", max)
}

func dossierChoisiInconnu() error {
	return opco.Champf("dossiers", "Un des dossiers choisis n’existe pas : reprenez votre choix dans la file.")
}

// controler refuses a filter whose words mean nothing: what is not understood must not
// be taken for « everything ».
func (f FiltreFile) controler() error {
	_, connue := Files()[f.File]
	switch {
	case f.File != "" && !connue:
		return opco.Champf("filtre", "Cette file n’existe pas : choisissez-en une dans le menu.")
	case f.Perimetre != "" && f.Perimetre != PerimetreMien && f.Perimetre != PerimetreEquipe:
		return opco.Champf("filtre", "Ce périmètre n’existe pas : choisissez le vôtre, ou celui de l’équipe.")
	case f.Prise != "" && f.Prise != PriseLibre && f.Prise != PriseMienne && f.Prise != PriseTenue:
		return opco.Champf("filtre", "Ce filtre n’existe pas : un dossier est libre, à vous, ou étudié par quelqu’un.")
	}
	return nil
}

// figer writes the dossiers of an action, a page at a time, so that memory does not
// grow with their number.
func (x ChoixLot) figer(ctx context.Context, tx *sqlx.Tx, p opco.Portee, id string, le time.Time, max int) error {
	total, apres := 0, ""
	for {
		ids, suivant := x.Dossiers, ""
		if x.Filtre != nil {
			f := *x.Filtre
			f.Apres = apres
			var err error
			if ids, suivant, err = idsFile(ctx, tx, p, f, le, pageActionLot); err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO action_lot_element (lot, n, dossier)
			SELECT $1, $2 + x.i, d.id FROM unnest($3::uuid[]) WITH ORDINALITY x (id, i)
			JOIN dossier d ON d.id = x.id AND d.etat NOT IN ('BROUILLON', 'SUPPRIME') ON CONFLICT DO NOTHING`, id, total, pq.Array(ids))
		if err != nil {
			return fmt.Errorf("freezing action %s: %w", id, err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return fmt.Errorf("freezing action %s: %w", id, err)
		}
		if x.Filtre == nil && int(n) < len(uniques(ids)) {
			return dossierChoisiInconnu()
		}
		switch total += len(ids); {
		case total > max:
			return tropPourUneAction(max)
		case suivant == "" && total == 0:
			return opco.Champf("dossiers", "Aucun dossier ne répond à ce filtre : élargissez-le.")
		case suivant == "":
			return nil
		}
		apres = suivant
	}
}
