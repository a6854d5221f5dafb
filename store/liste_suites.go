package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// LigneCourrier is a mail of the outbox, as a reader of the dossier sees it.
type LigneCourrier struct {
	ID         string     `db:"id" json:"id"`
	Objet      string     `db:"objet" json:"-"`
	Evenement  string     `db:"evenement" json:"evenement"`
	Pour       string     `db:"pour" json:"pour"`
	Detail     string     `db:"detail" json:"detail,omitempty"`
	Adresse    string     `db:"adresse" json:"adresse,omitempty"`
	Sujet      string     `db:"sujet" json:"sujet"`
	Etat       string     `db:"etat" json:"etat"`
	Erreur     string     `db:"erreur" json:"erreur,omitempty"`
	MessageID  string     `db:"message_id" json:"message_id,omitempty"`
	Le         time.Time  `db:"le" json:"le"`
	EnvoyeLe   *time.Time `db:"envoye_le" json:"envoye_le,omitempty"`
	Lettre     bool       `db:"lettre" json:"lettre"`
	LettrePDF  string     `db:"lettre_pdf" json:"-"`
	LettreHTML string     `db:"lettre_html" json:"-"`
}

// requeteCourrier reads the mails of the dossiers d. An organisation reads only
// what was written to it.
const requeteCourrier = `
	SELECT c.id, c.objet, c.evenement, c.pour, c.detail, c.adresse, c.sujet, c.etat, c.erreur, c.message_id, c.le, c.envoye_le,
	       c.lettre_pdf IS NOT NULL AS lettre, COALESCE(c.lettre_pdf, '') AS lettre_pdf, COALESCE(c.lettre_html, '') AS lettre_html
	FROM courrier c JOIN dossier d ON d.id = CASE WHEN c.objet LIKE 'dossier/%' THEN substr(c.objet, 9)::uuid END
	WHERE `

func courriersLisibles(p opco.Portee) clause {
	var c clause
	c.dansPortee(p)
	if !p.Interne {
		c.et(`c.pour = %s`, p.Role)
	}
	return c
}

// avisDuDossier are the avis de virement that pay a dossier, as an array: an index
// serves the comparison.
const avisDuDossier = `ANY (ARRAY(SELECT l.courrier FROM courrier_dossier l WHERE l.dossier = %s::uuid))`

// Courriers lists the mails of one dossier within reach of p, oldest first: those
// written about it, and the avis of the transfers that pay it with others.
func (s *Store) Courriers(ctx context.Context, p opco.Portee, dossier string) ([]LigneCourrier, error) {
	c := courriersLisibles(p)
	if !uuidTexte(dossier) {
		return []LigneCourrier{}, nil
	}
	c.et(`c.objet = %s OR c.id = `+avisDuDossier, opco.ObjetDossier(dossier), dossier)
	ls := []LigneCourrier{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, requeteCourrier+c.where()+` ORDER BY c.le, c.rang, c.id`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing mails of %s: %w", dossier, err)
	}
	return ls, nil
}

// Courrier returns one mail within reach of p, NotFound otherwise.
func (s *Store) Courrier(ctx context.Context, p opco.Portee, id string) (LigneCourrier, error) {
	c := courriersLisibles(p)
	c.et(`c.id = %s`, id)
	var l LigneCourrier
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, requeteCourrier+c.where(), c.args...)
	})
	if err != nil {
		return l, introuvable(err, "Ce courrier n’existe pas, ou vous n’y avez pas accès.")
	}
	return l, nil
}

// LigneEcriture is one line of the ledger of a dossier, in cents.
type LigneEcriture struct {
	Mouvement string       `db:"mouvement" json:"mouvement"`
	Type      string       `db:"type" json:"type"`
	Compte    string       `db:"compte" json:"compte"`
	Enveloppe string       `db:"enveloppe" json:"enveloppe"`
	Reglement string       `db:"reglement" json:"reglement,omitempty"`
	Montant   opco.Montant `db:"montant" json:"montant"`
	Rang      int64        `db:"rang" json:"rang"`
	Le        time.Time    `db:"le" json:"le"`
}

// LigneSolde is the balance of one account of a dossier, in cents.
type LigneSolde struct {
	Enveloppe string       `db:"enveloppe" json:"enveloppe"`
	Compte    string       `db:"compte" json:"compte"`
	Montant   opco.Montant `db:"montant" json:"montant"`
}

// Ecritures returns the ledger of a dossier and the balances that it makes. It is
// for the staff of the OPCO: nothing for anybody else.
func (s *Store) Ecritures(ctx context.Context, p opco.Portee, dossier string) ([]LigneEcriture, []LigneSolde, error) {
	es, ss := []LigneEcriture{}, []LigneSolde{}
	if !p.Interne {
		return es, ss, nil
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		err := sqlx.SelectContext(ctx, q, &es, `
			SELECT mouvement, type, compte, enveloppe, reglement, montant, rang, le
			FROM ecriture WHERE dossier = $1 ORDER BY id`, dossier)
		if err != nil {
			return fmt.Errorf("reading the ledger of %s: %w", dossier, err)
		}
		return sqlx.SelectContext(ctx, q, &ss, `
			SELECT enveloppe, compte, montant FROM solde WHERE dossier = $1 ORDER BY enveloppe, compte`, dossier)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading the balances of %s: %w", dossier, err)
	}
	return es, ss, nil
}

// Baremes lists the barèmes of a branch, of all when idcc is "".
func (s *Store) Baremes(ctx context.Context, idcc string) ([]opco.Bareme, error) {
	if idcc != "" {
		return baremes(ctx, s.DB, idcc)
	}
	var idccs []string
	if err := s.DB.SelectContext(ctx, &idccs, `SELECT DISTINCT idcc FROM bareme ORDER BY idcc`); err != nil {
		return nil, fmt.Errorf("listing branches: %w", err)
	}
	tous := []opco.Bareme{}
	for _, x := range idccs {
		bs, err := baremes(ctx, s.DB, x)
		if err != nil {
			return nil, err
		}
		tous = append(tous, bs...)
	}
	return tous, nil
}

// Repos counts what the house still has to do by itself: actes without verdict,
// délais that have ended, mails to send now, and dossiers whose signs to compute. All zero means quiet.
type Repos struct {
	Actes     int64 `db:"actes"`
	Echeances int64 `db:"echeances"`
	Courriers int64 `db:"courriers"`
	Signaux   int64 `db:"signaux"`
}

// Repos reads the three counts at the present business instant.
func (s *Store) Repos(ctx context.Context) (Repos, error) {
	var r Repos
	le, err := s.Maintenant(ctx)
	if err != nil {
		return r, err
	}
	err = s.DB.GetContext(ctx, &r, `
		SELECT (SELECT count(*) FROM acte WHERE etat = 'recu') AS actes,
		       (SELECT count(*) FROM dossier WHERE prochaine_echeance <= $1)
		         + (SELECT count(*) FROM compte WHERE prochaine_echeance <= $1)
		         + (SELECT count(*) FROM lot WHERE prochaine_echeance <= $1 OR etat IN ('VALIDE', 'EMIS'))
		         + (SELECT count(*) FROM rib WHERE etat = 'VALIDE' AND actif_le <= $1) AS echeances,
		       (SELECT count(*) FROM courrier WHERE etat = 'A_ENVOYER') AS courriers,
		       (SELECT count(*) FROM signal_attente) AS signaux`, le)
	if err != nil {
		return r, fmt.Errorf("counting what is left to do: %w", err)
	}
	return r, nil
}
