package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// signalementInconnu is told of a signalement that is not there, and of one beyond reach.
const signalementInconnu = "Ce signalement n’existe pas, ou vous n’y avez pas accès."

// LigneSignalement is one line of the queue of the contrôleur; amounts are in cents.
type LigneSignalement struct {
	Dossier       string               `db:"dossier"`
	DossierNumero string               `db:"dossier_numero"`
	DossierEtat   opco.Etat            `db:"dossier_etat"`
	Entreprise    string               `db:"entreprise_nom"`
	Organisme     string               `db:"organisme_nom"`
	SIREN         opco.SIREN           `db:"siren"`
	OrganismeSIRE opco.SIRET           `db:"organisme"`
	Intitule      string               `db:"intitule"`
	Etat          opco.EtatSignalement `db:"etat"`
	Points        int                  `db:"points"`
	Enjeu         opco.Montant         `db:"enjeu"`
	Codes         pq.StringArray       `db:"codes"`
	Vus           pq.StringArray       `db:"vus"`
	OuvertLe      time.Time            `db:"ouvert_le"`
	ModifieLe     time.Time            `db:"modifie_le"`
	Depuis        *time.Time           `db:"depuis"`
	RevoirLe      *opco.Date           `db:"revoir_le"`
}

// SignalementVu is a signalement as who checks it reads it.
type SignalementVu struct {
	LigneSignalement
	Signaux    []SignalVu
	Journal    []PassageSignalement
	Reglements []ReglementRetenu
}

// SignalVu is a sign and when it was first seen.
type SignalVu struct {
	opco.Signal
	VuLe time.Time `json:"vu_le"`
}

// PassageSignalement is one line of the journal of a signalement.
type PassageSignalement struct {
	Fait   opco.GesteSignalement `db:"fait" json:"fait"`
	Raison string                `db:"raison" json:"raison"`
	Nom    string                `db:"nom" json:"nom"`
	Role   opco.Role             `db:"role" json:"role"`
	Le     time.Time             `db:"le" json:"le"`
}

// ReglementRetenu is a règlement of the dossier of a signalement that is not paid.
type ReglementRetenu struct {
	ID       string             `db:"id" json:"id"`
	Numero   string             `db:"numero" json:"numero"`
	Facture  string             `db:"facture" json:"facture"` // its number
	Nom      string             `db:"nom" json:"nom"`         // of the payee
	Montant  opco.Montant       `db:"montant" json:"montant"`
	Etat     opco.EtatReglement `db:"etat" json:"etat"`
	Echeance opco.Date          `db:"echeance" json:"echeance"`
}

// FiltreSignalements says which signalements are looked for; a zero field does not
// filter. Apres is the Suivant of the page before.
type FiltreSignalements struct {
	Etat    opco.EtatSignalement
	Code    string // a sign that they have
	ARevoir bool   // suspended, and past or on the day of their review
	Texte   string // number of the dossier, or words of it
	Apres   string
	Limite  int
}

const colonnesSignalement = `s.dossier, d.numero AS dossier_numero, d.etat AS dossier_etat, d.entreprise_nom, d.organisme_nom, d.siren, d.organisme, d.intitule,
	s.etat, s.points, s.enjeu, s.codes, s.vus, s.ouvert_le, s.modifie_le, x.depuis, x.revoir_le`

const tablesSignalement = `signalement s JOIN dossier d ON d.id = s.dossier LEFT JOIN dossier_suspendu x ON x.dossier = s.dossier`

// Signalements lists signalements, the most money at risk first: of one état, OUVERT
// when the filter says none. They are for the staff.
func (s *Store) Signalements(ctx context.Context, p opco.Portee, f FiltreSignalements) (ls []LigneSignalement, suivant string, err error) {
	ls = []LigneSignalement{}
	if !p.Interne {
		return ls, "", nil
	}
	c, err := s.filtrerSignalements(ctx, f)
	if err != nil {
		return nil, "", err
	}
	if f.Limite < 1 || f.Limite > 100 {
		f.Limite = 50
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY s.enjeu DESC, s.dossier DESC LIMIT %d`,
			colonnesSignalement, tablesSignalement, c.where(), f.Limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing signalements: %w", err)
	}
	if len(ls) > f.Limite {
		ls = ls[:f.Limite]
		d := ls[f.Limite-1]
		suivant = curseur(strconv.FormatInt(int64(d.Enjeu), 10), d.Dossier)
	}
	return ls, suivant, nil
}

func (s *Store) filtrerSignalements(ctx context.Context, f FiltreSignalements) (clause, error) {
	var c clause
	if f.ARevoir {
		f.Etat = opco.SignalementRetenu
		le, err := s.Maintenant(ctx)
		if err != nil {
			return c, err
		}
		c.et(`x.revoir_le <= %s`, opco.JourDe(le))
	}
	if f.Etat == "" {
		f.Etat = opco.SignalementOuvert
	}
	c.et(`s.etat = %s`, f.Etat)
	if f.Code != "" {
		c.et(`%s = ANY (s.codes)`, f.Code)
	}
	c.chercher(f.Texte)
	if f.Apres == "" {
		return c, nil
	}
	cle, id, err := lireCurseur(f.Apres)
	if err != nil {
		return c, err
	}
	enjeu, err := strconv.ParseInt(cle, 10, 64)
	if err != nil || !uuidTexte(id) {
		return c, pageInconnue()
	}
	c.et(`(s.enjeu, s.dossier) < (%s, %s::uuid)`, enjeu, id)
	return c, nil
}

// Signalement returns the signalement of a dossier, for the staff.
func (s *Store) Signalement(ctx context.Context, p opco.Portee, dossier string) (SignalementVu, error) {
	var v SignalementVu
	if !p.Interne || !uuidTexte(dossier) {
		return v, opco.Errorf(opco.NotFound, signalementInconnu)
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		err := sqlx.GetContext(ctx, q, &v.LigneSignalement, `SELECT `+colonnesSignalement+` FROM `+tablesSignalement+` WHERE s.dossier = $1`, dossier)
		if err != nil {
			return introuvable(err, signalementInconnu)
		}
		return v.avecSuites(ctx, q)
	})
	return v, err
}

// Signale reports whether a dossier has a contrôle, for the staff.
func (s *Store) Signale(ctx context.Context, p opco.Portee, dossier string) (oui bool, err error) {
	if !p.Interne || !uuidTexte(dossier) {
		return false, nil
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &oui, `SELECT EXISTS (SELECT 1 FROM signalement WHERE dossier = $1)`, dossier)
	})
	if err != nil {
		return false, fmt.Errorf("looking for the contrôle of dossier %s: %w", dossier, err)
	}
	return oui, nil
}

// avecSuites reads the signs, the journal and the money of v.
func (v *SignalementVu) avecSuites(ctx context.Context, q sqlx.QueryerContext) error {
	var ls []struct {
		ligneSignal
		VuLe time.Time `db:"vu_le"`
	}
	err := sqlx.SelectContext(ctx, q, &ls, `SELECT code, points, texte, vu_le FROM signal WHERE dossier = $1 ORDER BY points DESC, rang`, v.Dossier)
	if err != nil {
		return fmt.Errorf("reading the signs of %s: %w", v.Dossier, err)
	}
	for _, l := range ls {
		v.Signaux = append(v.Signaux, SignalVu{l.signal(), l.VuLe})
	}
	err = sqlx.SelectContext(ctx, q, &v.Journal, `SELECT fait, raison, nom, role, le FROM signalement_passage WHERE dossier = $1 ORDER BY rang`, v.Dossier)
	if err != nil {
		return fmt.Errorf("reading the journal of the signalement of %s: %w", v.Dossier, err)
	}
	err = sqlx.SelectContext(ctx, q, &v.Reglements, `
		SELECT r.id, r.numero, f.numero AS facture, r.beneficiaire_nom AS nom, r.montant, r.etat, r.echeance FROM reglement r JOIN facture f ON f.id = r.facture
		WHERE r.dossier = $1 AND r.etat IN ('A_PAYER', 'PROPOSE', 'VALIDE', 'EMIS') ORDER BY r.echeance, r.id LIMIT 50`, v.Dossier)
	if err != nil {
		return fmt.Errorf("reading the règlements of %s: %w", v.Dossier, err)
	}
	return nil
}

type ligneSignal struct {
	Code   string `db:"code"`
	Points int    `db:"points"`
	Texte  string `db:"texte"`
}

func (l ligneSignal) signal() opco.Signal {
	return opco.Signal{Code: l.Code, Points: l.Points, Texte: l.Texte}
}

// CompteursSignalements are the figures of the menu of the contrôleur.
type CompteursSignalements struct {
	Ouverts  int64 `db:"ouverts" json:"ouverts"`
	Retenus  int64 `db:"retenus" json:"retenus"`
	ARevoir  int64 `db:"a_revoir" json:"a_revoir"` // of Retenus: their review is due
	EnRetard int64 `db:"en_retard" json:"en_retard"`
	Demain   int64 `db:"demain" json:"demain"` // of Retenus: their review is tomorrow
}

// CompterSignalements counts the signalements that wait for a person.
func (s *Store) CompterSignalements(ctx context.Context) (CompteursSignalements, error) {
	var n CompteursSignalements
	le, err := s.Maintenant(ctx)
	if err != nil {
		return n, err
	}
	err = s.DB.GetContext(ctx, &n, `
		SELECT (SELECT count(*) FROM signalement WHERE etat = 'OUVERT') AS ouverts, count(*) AS retenus,
		       count(*) FILTER (WHERE revoir_le <= $1) AS a_revoir, count(*) FILTER (WHERE revoir_le < $1) AS en_retard,
		       count(*) FILTER (WHERE revoir_le = $2) AS demain
		FROM dossier_suspendu`, opco.JourDe(le), opco.JourDe(le).Jours(1))
	if err != nil {
		return n, fmt.Errorf("counting signalements: %w", err)
	}
	return n, nil
}

// SuspensionDe says whether a dossier within reach of p is being checked, nil when it
// is not.
func (s *Store) SuspensionDe(ctx context.Context, p opco.Portee, dossier string) (*opco.Suspension, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, dossier)
	var xs []opco.Suspension
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &xs, `SELECT x.depuis, x.revoir_le FROM dossier_suspendu x JOIN dossier d ON d.id = x.dossier WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the suspension of %s: %w", dossier, err)
	}
	return premiereSuspension(xs), nil
}

// suspensionDe is SuspensionDe in the transaction of a step.
func suspensionDe(ctx context.Context, tx *sqlx.Tx, dossier string) (*opco.Suspension, error) {
	var xs []opco.Suspension
	if err := tx.SelectContext(ctx, &xs, `SELECT depuis, revoir_le FROM dossier_suspendu WHERE dossier = $1`, dossier); err != nil {
		return nil, fmt.Errorf("reading the suspension of %s: %w", dossier, err)
	}
	return premiereSuspension(xs), nil
}

func premiereSuspension(xs []opco.Suspension) *opco.Suspension {
	if len(xs) == 0 {
		return nil
	}
	return &xs[0]
}
