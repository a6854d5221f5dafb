package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EssaiAuto is a dry run of an auto-accept rule over the requests since Depuis:
// of Examines rights of its service that were verified, Accordes would have been
// granted by it, of which advisers had refused Refuses and granted Confirmes; the
// rest waits. Contredits lists those that an adviser had refused.
type EssaiAuto struct {
	ID         string       `json:"id"`
	Regle      RegleEssayee `json:"regle"`
	Depuis     opco.Date    `json:"depuis"`
	Examines   int32        `json:"examines"`
	Accordes   int32        `json:"accordes"`
	Confirmes  int32        `json:"confirmes"`
	Refuses    int32        `json:"refuses"`
	Contredits []Contredit  `json:"contredits"`
	Le         time.Time    `json:"le"`
}

// RegleEssayee is what a rule says, without its id.
type RegleEssayee struct {
	Profil    opco.Role    `json:"profil"`
	Service   opco.Service `json:"service"`
	Questions []string     `json:"questions"`
}

// Contredit is a right that the rule would have granted and that an adviser had
// refused.
type Contredit struct {
	Compte string     `json:"compte"`
	Nom    string     `json:"nom"`
	SIRET  opco.SIRET `json:"siret"`
	Motif  string     `json:"motif"`
	Le     time.Time  `json:"le"`
}

// RegleAutoLue is a rule, in force or stopped, with the dry run it was switched on
// with. Accordes counts the rights that it has granted.
type RegleAutoLue struct {
	ID         string         `db:"id" json:"id"`
	Profil     opco.Role      `db:"profil" json:"profil"`
	Service    opco.Service   `db:"service" json:"service"`
	Questions  pq.StringArray `db:"questions" json:"questions"`
	EssaiLu    []byte         `db:"essai" json:"-"`
	Essai      EssaiAuto      `db:"-" json:"essai"`
	ActiveePar string         `db:"activee_nom" json:"activee_par"`
	ActiveeLe  time.Time      `db:"activee_le" json:"activee_le"`
	ArreteePar string         `db:"arretee_nom" json:"arretee_par,omitempty"`
	ArreteeLe  *time.Time     `db:"arretee_le" json:"arretee_le,omitempty"`
	Accordes   int64          `db:"accordes" json:"accordes"`
}

// EssayerRegleAuto plays a rule over the requests of the last EssaiAutoJours days,
// changes nothing, and keeps what it found: personne may switch that rule on
// within EssaiAutoMinutes.
func (s *Store) EssayerRegleAuto(ctx context.Context, r opco.RegleAuto, personne string) (EssaiAuto, error) {
	e := EssaiAuto{ID: uuid.NewString(), Regle: RegleEssayee{Profil: r.Profil, Service: r.Service, Questions: r.Questions}, Contredits: []Contredit{}}
	if err := r.Valider(); err != nil {
		return e, err
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return e, err
	}
	p, err := parametres(ctx, s.DB, opco.JourDe(le))
	if err != nil {
		return e, err
	}
	e.Le, e.Depuis = le, opco.JourDe(le).Jours(-p.Comptes.EssaiAutoJours)
	if err := s.jouerRegle(ctx, r, &e); err != nil {
		return e, err
	}
	brut, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO essai_auto (id, profil, service, questions, resultat, personne, le) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, r.Profil, r.Service, pq.Array(r.Questions), brut, personne, le)
	if err != nil {
		return e, fmt.Errorf("keeping a dry run: %w", err)
	}
	return e, nil
}

// jouerRegle counts what the rule would have done to each account that asked for
// its service in the window, against what advisers did.
func (s *Store) jouerRegle(ctx context.Context, r opco.RegleAuto, e *EssaiAuto) error {
	refus, err := s.refusHumains(ctx, e.Depuis)
	if err != nil {
		return err
	}
	rows, err := s.DB.QueryxContext(ctx, `
		SELECT d.contenu FROM compte d WHERE d.etat IN ('ACTIF', 'ACTIF_LIMITE', 'CLOS') AND EXISTS (
		    SELECT 1 FROM habilitation h WHERE h.compte = d.id AND h.profil = $1 AND h.service = $2 AND h.demandee_le >= $3)
		ORDER BY d.cree_le, d.id`, r.Profil, r.Service, e.Depuis.Minuit())
	if err != nil {
		return fmt.Errorf("reading the requests of a dry run: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var brut []byte
		if err := rows.Scan(&brut); err != nil {
			return fmt.Errorf("reading the requests of a dry run: %w", err)
		}
		var c opco.Compte
		if err := json.Unmarshal(brut, &c); err != nil {
			return fmt.Errorf("reading an account of a dry run: %w", err)
		}
		e.compter(r, &c, refus)
	}
	return rows.Err()
}

func (e *EssaiAuto) compter(r opco.RegleAuto, c *opco.Compte, refus map[string]Contredit) {
	for _, h := range c.Habilitations {
		if h.Profil != r.Profil || h.Service != r.Service || h.Bloc == "" || h.DemandeeLe.Before(e.Depuis.Minuit()) {
			continue
		}
		e.Examines++
		if !r.Accorde(c, h) {
			continue
		}
		e.Accordes++
		x, refuse := refus[c.ID+" "+h.ID]
		switch {
		case refuse:
			e.Refuses++
			x.Compte, x.Nom, x.SIRET = c.ID, c.NomComplet(), h.SIRET
			e.Contredits = append(e.Contredits, x)
		case h.Etat == opco.HabAccordee && h.Auto == "":
			e.Confirmes++
		}
	}
}

// refusHumains lists the rights that somebody refused since a day, by account and
// right: the latest refusal of each. What the system refused, unanswered, is no
// judgement and is left out.
func (s *Store) refusHumains(ctx context.Context, depuis opco.Date) (map[string]Contredit, error) {
	var ls []struct {
		Objet  string    `db:"objet"`
		Droit  string    `db:"droit"`
		Motif  string    `db:"motif"`
		RecuLe time.Time `db:"recu_le"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT a.objet, r->>'habilitation' AS droit, COALESCE(r->>'motif', '') AS motif, a.recu_le
		FROM acte a, jsonb_array_elements(a.charge->'reponses') r
		WHERE a.type = 'decider_droits' AND a.etat = 'applique' AND a.role <> 'systeme' AND a.recu_le >= $1
		  AND jsonb_typeof(a.charge->'reponses') = 'array' AND NOT COALESCE((r->>'accorder')::boolean, false)
		ORDER BY a.recu_le`, depuis.Minuit())
	if err != nil {
		return nil, fmt.Errorf("reading the refusals of advisers: %w", err)
	}
	m := map[string]Contredit{}
	for _, l := range ls {
		m[l.Objet[len(opco.ObjetCompte("")):]+" "+l.Droit] = Contredit{Motif: l.Motif, Le: l.RecuLe.UTC()}
	}
	return m, nil
}

// ActiverRegleAuto switches on the rule that a dry run of the same person tried
// within the last EssaiAutoMinutes. A rule in force for the same service, or a dry run that is
// not one's own or too old, is a Conflict.
func (s *Store) ActiverRegleAuto(ctx context.Context, essai string, par opco.Acteur) (string, error) {
	id := uuid.NewString()
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		le := time.Now().UTC().Add(d).Truncate(time.Microsecond)
		regles, err := parametres(ctx, tx, opco.JourDe(le))
		if err != nil {
			return err
		}
		minutes := regles.Comptes.EssaiAutoMinutes
		res, err := tx.ExecContext(ctx, `
			INSERT INTO regle_auto (id, profil, service, questions, essai, activee_par, activee_nom, activee_le)
			SELECT $1, profil, service, questions, resultat, $3, $4, $5 FROM essai_auto
			WHERE id = $2 AND personne = $3 AND le > $6 AND le <= $5`, id, essai, par.Personne, par.Nom, le, le.Add(-time.Duration(minutes)*time.Minute))
		if contrainte(err) == "regle_auto_active" {
			return opco.Errorf(opco.Conflict, "Une règle accorde déjà ce service : arrêtez-la d’abord.").AvecCode("REGLE_ACTIVE")
		}
		if err != nil {
			return fmt.Errorf("switching a rule on: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, opco.Errorf(opco.Conflict, "Essayez d’abord cette règle : un essai de moins de %d minutes, fait par vous, est nécessaire pour l’activer.", minutes).AvecCode("ESSAI_REQUIS"))
		}
		return nil
	})
	return id, err
}

// ArreterRegleAuto switches a rule off: what it granted stays granted. A rule that
// is not in force is a Conflict, one that does not exist NotFound.
func (s *Store) ArreterRegleAuto(ctx context.Context, id string, par opco.Acteur) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	res, err := s.DB.ExecContext(ctx, `
		UPDATE regle_auto SET arretee_par = $2, arretee_nom = $3, arretee_le = $4 WHERE id = $1 AND arretee_le IS NULL`, id, par.Personne, par.Nom, le)
	if err != nil {
		return fmt.Errorf("switching a rule off: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	var connue bool
	if err := s.DB.GetContext(ctx, &connue, `SELECT EXISTS (SELECT 1 FROM regle_auto WHERE id = $1)`, id); err != nil {
		return fmt.Errorf("looking for a rule: %w", err)
	}
	if !connue {
		return opco.Errorf(opco.NotFound, "Cette règle n’existe pas.")
	}
	return opco.Errorf(opco.Conflict, "Cette règle est déjà arrêtée.").AvecCode("REGLE_ARRETEE")
}

// ReglesAuto lists the rules, those in force first, then the latest stopped.
func (s *Store) ReglesAuto(ctx context.Context) ([]RegleAutoLue, error) {
	rs := []RegleAutoLue{}
	err := s.DB.SelectContext(ctx, &rs, `
		SELECT r.id, r.profil, r.service, r.questions, r.essai, r.activee_nom, r.activee_le, r.arretee_nom, r.arretee_le,
		       (SELECT count(*) FROM habilitation h WHERE h.auto = r.id) AS accordes
		FROM regle_auto r ORDER BY r.arretee_le IS NOT NULL, COALESCE(r.arretee_le, r.activee_le) DESC, r.id LIMIT 500`)
	if err != nil {
		return nil, fmt.Errorf("listing auto-accept rules: %w", err)
	}
	for i := range rs {
		if err := json.Unmarshal(rs[i].EssaiLu, &rs[i].Essai); err != nil {
			return nil, fmt.Errorf("reading the dry run of a rule: %w", err)
		}
	}
	return rs, nil
}
