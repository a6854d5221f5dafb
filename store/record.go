package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ErrTrou says that a procedure asked for a rang that does not follow the
// journal: an incident, never an overwrite.
var ErrTrou = errors.New("the journal has no line before the one asked for")

// Record performs one step of a dossier in one transaction: it applies the acte
// or the échéance with the rules of opco, under the locks of the rows that
// dossiers share, and writes the journal line, the projection, the ledger, the
// outbox and the verdict. Asking again for a rang already written answers the
// same and changes nothing, so an activity may retry it for ever.
func (s *Store) Record(ctx context.Context, dem opco.Demarche) (opco.Issue, error) {
	var issue opco.Issue
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		issue, err = s.record(ctx, tx, dem)
		return err
	})
	if err != nil {
		return opco.Issue{}, fmt.Errorf("recording %s rang %d: %w", dem.Objet, dem.Rang, err)
	}
	return issue, nil
}

func (s *Store) record(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (opco.Issue, error) {
	if strings.HasPrefix(dem.Objet, "lot/") {
		l, err := verrouillerLot(ctx, tx, dem.Objet)
		if err != nil {
			return opco.Issue{}, err
		}
		return suivre(ctx, tx, dem, l.Rang, l.Resume(), func(a opco.Acte) (opco.Passage, error) {
			p, refus, err := s.appliquerLot(ctx, tx, l, a, dem.Echeance)
			if err == nil && refus != nil {
				err = noterRefus(ctx, tx, a.ID, refus)
			}
			return p, err
		})
	}
	if strings.HasPrefix(dem.Objet, "compte/") {
		return s.recordCompte(ctx, tx, dem)
	}
	if strings.HasPrefix(dem.Objet, "indu/") {
		return s.recordIndu(ctx, tx, dem)
	}
	d, err := verrouillerDossier(ctx, tx, dem.Objet)
	if err != nil {
		return opco.Issue{}, err
	}
	return suivre(ctx, tx, dem, d.Rang, d.Resume(), func(a opco.Acte) (opco.Passage, error) {
		return s.appliquer(ctx, tx, d, a, dem.Echeance)
	})
}

// suivre does the step dem of a locked object that stands at rang, unless it was
// done already, does not follow, or must let an acte received before it go first.
func suivre(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche, rang int64, resume opco.Resume,
	appliquer func(opco.Acte) (opco.Passage, error)) (opco.Issue, error) {
	dec, err := decalage(ctx, tx)
	if err != nil {
		return opco.Issue{}, err
	}
	if rang >= dem.Rang {
		return dejaInscrit(ctx, tx, dem, dec)
	}
	if rang != dem.Rang-1 {
		return opco.Issue{}, ErrTrou
	}
	if attend, err := acteAvant(ctx, tx, dem); err != nil || attend {
		return opco.Issue{Rang: rang, Verdict: opco.VerdictRecu, Resume: resume, Decalage: dec}, err
	}
	a, err := acteDe(ctx, tx, dem)
	if err != nil {
		return opco.Issue{}, err
	}
	p, err := appliquer(a)
	if err != nil {
		return opco.Issue{}, err
	}
	return opco.Issue{Rang: p.Rang, Verdict: p.Verdict, Resume: p.Resume, Decalage: dec}, nil
}

// AppliquerDirect performs an acte that no procedure carries (a brouillon
// created or thrown away), in one transaction with its journal line. Once a
// procedure may follow the dossier, the acte is only received: its Recu says
// VerdictRecu and the caller tells the procedure.
func (s *Store) AppliquerDirect(ctx context.Context, a opco.Acte, creation *opco.Dossier) (Recu, error) {
	var r Recu
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		r, err = s.appliquerDirect(ctx, tx, a, creation)
		return err
	})
	return r, err
}

// appliquerDirect is AppliquerDirect in the transaction of its caller.
func (s *Store) appliquerDirect(ctx context.Context, tx *sqlx.Tx, a opco.Acte, creation *opco.Dossier) (Recu, error) {
	r, err := recevoir(ctx, tx, a)
	if err != nil || r.Deja {
		return r, err
	}
	d := creation
	if d == nil {
		if d, err = verrouillerDossier(ctx, tx, a.Objet); err != nil {
			return r, err
		}
		if procedure, err := aUneProcedure(ctx, tx, a.Objet); err != nil || procedure {
			return r, err // left in the inbox: the procedure gives the verdict
		}
	}
	p, err := s.appliquer(ctx, tx, d, r.Acte, nil)
	if err == nil && p.Verdict == opco.VerdictRefuse {
		return r, refusDirect(ctx, tx, p) // nothing is kept of a refused direct acte
	}
	r.Verdict, r.Phrase = p.Verdict, p.Phrase
	return r, err
}

// refusDirect is the refusal of an acte that is about to be forgotten.
func refusDirect(ctx context.Context, tx *sqlx.Tx, p opco.Passage) error {
	var l ligneActe
	if err := tx.GetContext(ctx, &l, `SELECT `+colonnesActe+` FROM acte WHERE id = $1`, p.ActeID); err != nil {
		return fmt.Errorf("reading the refusal of acte %s: %w", p.ActeID, err)
	}
	return l.recu(false).Refus()
}

// aUneProcedure reports whether a procedure may already follow the object: its
// dépôt was received once, whatever became of it.
func aUneProcedure(ctx context.Context, tx *sqlx.Tx, objet string) (bool, error) {
	var oui bool
	err := tx.GetContext(ctx, &oui, `SELECT EXISTS (SELECT 1 FROM acte WHERE objet = $1 AND type = 'deposer')`, objet)
	if err != nil {
		return false, fmt.Errorf("looking for the dépôt of %s: %w", objet, err)
	}
	return oui, nil
}

// acteAvant reports whether an acte received before the échéance still waits for
// its verdict: someone who answered in time must not lose to a timer because
// the engine was away.
func acteAvant(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (bool, error) {
	if dem.Echeance == nil {
		return false, nil
	}
	var attend bool
	err := tx.GetContext(ctx, &attend, `
		SELECT EXISTS (SELECT 1 FROM acte WHERE objet = $1 AND etat = 'recu' AND recu_le < $2)`, dem.Objet, dem.Echeance.Le)
	if err != nil {
		return false, fmt.Errorf("looking for actes of %s: %w", dem.Objet, err)
	}
	return attend, nil
}

// acteDe returns the acte that dem asks for: from the inbox, or the system's at
// the instant of its échéance.
func acteDe(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (opco.Acte, error) {
	if e := dem.Echeance; e != nil {
		return opco.Acte{Objet: dem.Objet, Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, nil
	}
	var l ligneActe
	err := tx.GetContext(ctx, &l, `SELECT `+colonnesActe+` FROM acte WHERE id = $1 AND objet = $2`, dem.ActeID, dem.Objet)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.Acte{}, fmt.Errorf("acte %s is not in the inbox of %s: a message that nobody can read", dem.ActeID, dem.Objet)
	}
	if err != nil {
		return opco.Acte{}, fmt.Errorf("reading acte %s: %w", dem.ActeID, err)
	}
	return l.acte(), nil
}

// appliquer decides with opco and writes everything that follows. A refusal is
// recorded like an application: a journal line that does not move the état.
func (s *Store) appliquer(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte, ech *opco.Echeance) (opco.Passage, error) {
	avant, err := json.Marshal(d)
	if err != nil {
		return opco.Passage{}, fmt.Errorf("copying a dossier: %w", err)
	}
	f, err := s.faits(ctx, tx, d, a)
	if err != nil {
		return opco.Passage{}, err
	}
	p := opco.Passage{Dossier: d.ID, Rang: d.Rang + 1, ActeID: a.ID, Type: a.Type, De: d.Etat, Par: a.Par, Le: a.Le,
		Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}
	echCode := ""
	if ech != nil {
		p.Effet, echCode = ech.Effet, ech.Code
	}
	effets, err := d.Appliquer(a, ech, f)
	if err == nil {
		err = s.essayer(ctx, tx, d, a, &p, effets, echCode)
	}
	var refus *opco.Error
	if !errors.As(err, &refus) {
		return p, err
	}
	if p.De == opco.EtatNouveau {
		return p, refus // nothing to keep the refusal on
	}
	if d, err = annulerPas(avant, ech); err != nil {
		return p, err
	}
	if err := nommerGagnant(ctx, tx, d, a, refus); err != nil {
		return p, err
	}
	p.Verdict = opco.VerdictRefuse
	if err := s.inscrire(ctx, tx, d, &p, opco.Effets{Motif: refus.Code, Phrase: refus.Message}, echCode); err != nil {
		return p, err
	}
	return p, noterRefus(ctx, tx, p.ActeID, refus)
}

// essayer writes an applied step, with the files that its acte brings; what the memory itself refuses (a payee that
// nobody knows) undoes it, so that the acte gets a refusal instead of being
// tried for ever.
func (s *Store) essayer(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte, p *opco.Passage, e opco.Effets, ech string) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT pas`); err != nil {
		return fmt.Errorf("setting a savepoint: %w", err)
	}
	err := classer(ctx, tx, d, a)
	if err == nil {
		err = s.inscrire(ctx, tx, d, p, e, ech)
	}
	var refus *opco.Error
	if !errors.As(err, &refus) {
		return err
	}
	if _, annule := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT pas`); annule != nil {
		return fmt.Errorf("undoing a step: %w", annule)
	}
	return refus
}

// annulerPas gives the dossier back as it was before a refused step. An
// échéance that could not be applied is dropped: it must not come for ever.
func annulerPas(avant []byte, ech *opco.Echeance) (*opco.Dossier, error) {
	var d opco.Dossier
	if err := json.Unmarshal(avant, &d); err != nil {
		return nil, fmt.Errorf("restoring a dossier: %w", err)
	}
	if ech != nil {
		gardees := d.Echeances[:0]
		for _, e := range d.Echeances {
			if e.Type != ech.Type || e.Code != ech.Code {
				gardees = append(gardees, e)
			}
		}
		d.Echeances = gardees
	}
	return &d, nil
}

// Depart returns what the procedure of an object starts from, as the database
// has it now.
func (s *Store) Depart(ctx context.Context, objet string) (opco.Depart, error) {
	var l struct {
		Rang     int64           `db:"rang"`
		Resume   json.RawMessage `db:"resume"`
		Prochain int64           `db:"prochain"`
	}
	table, id := tableDe(objet)
	if table != "lot" && table != "indu" && !uuidTexte(id) {
		return opco.Depart{}, opco.Errorf(opco.NotFound, "L’objet %s n’existe pas.", objet)
	}
	err := s.DB.GetContext(ctx, &l, `
		SELECT o.rang, o.resume, COALESCE(
		         (SELECT min(seq) FROM acte WHERE objet = $1 AND etat = 'recu'),
		         (SELECT dernier + 1 FROM compteur WHERE code = 'acte:' || $1), 1) AS prochain
		FROM `+table+` o WHERE o.id = $2`, objet, id)
	if err != nil {
		return opco.Depart{}, introuvable(err, "L’objet %s n’existe pas.", objet)
	}
	d := opco.Depart{Objet: objet, Rang: l.Rang, Prochain: l.Prochain}
	if d.Decalage, err = s.Decalage(ctx); err != nil {
		return d, err
	}
	return d, json.Unmarshal(l.Resume, &d.Resume)
}

func tableDe(objet string) (table, id string) {
	for _, table := range []string{"lot", "compte", "indu"} {
		if id, ok := strings.CutPrefix(objet, table+"/"); ok {
			return table, id
		}
	}
	return "dossier", objet[len("dossier/"):]
}
