package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// RIBVu is a RIB as a reader sees it. The staff reads its signs of fraud, its proof
// and its journal; its holder does not read who looked at it.
type RIBVu struct {
	opco.RIB
	Preuve     string // SHA-256 of the file, "" for an account known before
	PreuveNom  string
	PreuveType string    // its MIME type
	Ancien     opco.IBAN // in service when it was proposed
	Contact    string    // who was told
	ModifieLe  time.Time
	Signaux    []opco.Signal
	Journal    []PassageRIB
}

// PassageRIB is one line of the journal of a RIB.
type PassageRIB struct {
	Fait   string    `db:"fait" json:"fait"`
	Detail string    `db:"detail" json:"detail,omitempty"`
	Nom    string    `db:"nom" json:"nom"`
	Role   opco.Role `db:"role" json:"role"`
	Le     time.Time `db:"le" json:"le"`
}

// FiltreRIBs says which RIBs are looked for; a zero field does not filter. Apres is
// the Suivant of the page before.
type FiltreRIBs struct {
	Etats  []opco.EtatRIB
	SIREN  opco.SIREN
	Apres  string
	Limite int
}

func (l ligneRIB) vu() RIBVu {
	return RIBVu{RIB: l.rib(), Preuve: l.Preuve, PreuveNom: l.PreuveNom, PreuveType: l.PreuveType, Ancien: l.Ancien, Contact: l.Contact, ModifieLe: l.ModifieLe}
}

// colonnesPour are what a reader of p may read of a RIB.
func colonnesPour(p opco.Portee) string {
	if p.Interne {
		return colonnesRIB
	}
	return colonnesRIBTitulaire
}

// ribsLisibles keeps the RIBs that p may see: an organisation its own.
func ribsLisibles(p opco.Portee) clause {
	var c clause
	if p.Interne {
		c.et(`true`)
		return c
	}
	c.et(`b.sorte = %s`, string(p.Role))
	sirens := make([]string, len(p.SIRETs))
	for i, x := range p.SIRETs {
		sirens[i] = string(opco.SIRET(x).SIREN())
	}
	c.et(`b.siren = ANY (%s)`, tableau(sirens))
	return c
}

// RIBs lists RIBs, the last moved first; suivant is "" on the last page.
func (s *Store) RIBs(ctx context.Context, p opco.Portee, f FiltreRIBs) (vus []RIBVu, suivant string, err error) {
	c := ribsLisibles(p)
	if len(f.Etats) > 0 {
		etats := make([]string, len(f.Etats))
		for i, e := range f.Etats {
			etats[i] = string(e)
		}
		c.et(`b.etat = ANY (%s)`, tableau(etats))
	}
	if f.SIREN != "" {
		c.et(`b.siren = %s`, string(f.SIREN))
	}
	if f.Apres != "" {
		le, id, err := lireCurseurTemps(f.Apres)
		if err != nil || !uuidTexte(id) {
			return nil, "", pageInconnue()
		}
		c.et(`(b.modifie_le, b.id) < (%s, %s::uuid)`, le, id)
	}
	if f.Limite < 1 || f.Limite > 100 {
		f.Limite = 50
	}
	var ls []ligneRIB
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`SELECT %s FROM rib b WHERE %s ORDER BY b.modifie_le DESC, b.id DESC LIMIT %d`,
			colonnesPour(p), c.where(), f.Limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing RIBs: %w", err)
	}
	if len(ls) > f.Limite {
		ls = ls[:f.Limite]
		d := ls[f.Limite-1]
		suivant = curseur(d.ModifieLe.UTC().Format(time.RFC3339Nano), d.ID)
	}
	vus = make([]RIBVu, len(ls))
	for i, l := range ls {
		vus[i] = l.vu()
		if p.Interne {
			if vus[i].Signaux, err = s.signauxRIB(ctx, l); err != nil {
				return nil, "", err
			}
		}
	}
	return vus, suivant, nil
}

// RIB returns one RIB within reach of p; its signs and its journal are for the staff.
func (s *Store) RIB(ctx context.Context, p opco.Portee, id string) (RIBVu, error) {
	c := ribsLisibles(p)
	c.identifie(`b.id`, id)
	var l ligneRIB
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return introuvable(sqlx.GetContext(ctx, q, &l, `SELECT `+colonnesPour(p)+` FROM rib b WHERE `+c.where(), c.args...), ribInconnu)
	})
	if err != nil {
		return RIBVu{}, err
	}
	v := l.vu()
	if !p.Interne {
		return v, nil
	}
	if v.Signaux, err = s.signauxRIB(ctx, l); err != nil {
		return v, err
	}
	v.Journal, err = s.journalRIB(ctx, id)
	return v, err
}

// journalRIB reads what was done to a RIB, for the staff.
func (s *Store) journalRIB(ctx context.Context, id string) (ps []PassageRIB, err error) {
	err = s.DB.SelectContext(ctx, &ps, `SELECT fait, detail, nom, role, le FROM rib_passage WHERE rib = $1 ORDER BY rang`, id)
	if err != nil {
		return nil, fmt.Errorf("reading the journal of RIB %s: %w", id, err)
	}
	return ps, nil
}

// signauxRIB reads what the signs of fraud are computed from (domain.md 3.11).
func (s *Store) signauxRIB(ctx context.Context, l ligneRIB) ([]opco.Signal, error) {
	var f opco.FaitsSignaux
	f.Le = opco.JourDe(l.ProposeLe)
	var err error
	if f.Parametres, err = s.Parametres(ctx, f.Le); err != nil {
		return nil, err
	}
	err = s.DB.SelectContext(ctx, &f.Partages, `
		SELECT DISTINCT nom FROM (
			SELECT nom FROM entreprise WHERE iban = $1 AND siren <> $2
			UNION ALL SELECT nom FROM organisme WHERE iban = $1 AND siren <> $2
			UNION ALL SELECT nom FROM rib WHERE iban = $1 AND siren <> $2 AND etat NOT IN ('REFUSE', 'REMPLACE')) x
		ORDER BY nom LIMIT 10`, l.IBAN, l.SIREN)
	if err != nil {
		return nil, fmt.Errorf("looking for who shares an account: %w", err)
	}
	err = s.DB.GetContext(ctx, &f.DernierLe, `
		SELECT COALESCE(max((actif_le AT TIME ZONE 'Europe/Paris')::date)::text, '') FROM rib
		WHERE siren = $1 AND sorte = $2 AND id <> $3 AND propose_par <> '' AND etat IN ('ACTIF', 'GELE', 'REMPLACE') AND actif_le <= $4`,
		l.SIREN, l.Sorte, l.ID, l.ProposeLe)
	if err != nil {
		return nil, fmt.Errorf("reading the last change of %s: %w", l.SIREN, err)
	}
	r := l.rib()
	return r.Signaux(f), nil
}

// CompterRIBs counts the RIBs that wait for a person of the OPCO: to look at, to
// validate, frozen.
func (s *Store) CompterRIBs(ctx context.Context) (voir, valider, geles int64, err error) {
	var n struct {
		Voir    int64 `db:"voir"`
		Valider int64 `db:"valider"`
		Geles   int64 `db:"geles"`
	}
	err = s.DB.GetContext(ctx, &n, `
		SELECT count(*) FILTER (WHERE etat = 'PROPOSE') AS voir, count(*) FILTER (WHERE etat = 'VU') AS valider,
		       count(*) FILTER (WHERE etat = 'GELE') AS geles
		FROM rib WHERE etat IN ('PROPOSE', 'VU', 'GELE')`)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("counting RIBs: %w", err)
	}
	return n.Voir, n.Valider, n.Geles, nil
}
