package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LignePortefeuille is a line of the portefeuille of somebody.
type LignePortefeuille struct {
	ID          string     `db:"id" json:"id"`
	Personne    string     `db:"personne" json:"personne"`
	Nom         string     `db:"nom" json:"nom"`
	IDCC        string     `db:"idcc" json:"idcc,omitempty"`
	Departement string     `db:"departement" json:"departement,omitempty"`
	SIREN       opco.SIREN `db:"siren" json:"siren,omitempty"`
	Entreprise  string     `db:"entreprise" json:"entreprise,omitempty"`
}

// Instructeur is a member of the staff to whom dossiers may be entrusted.
type Instructeur struct {
	Personne string    `db:"personne" json:"personne"`
	Nom      string    `db:"nom" json:"nom"`
	Role     opco.Role `db:"role" json:"role"`
}

// Instructeurs lists the gestionnaires and responsables whose account is open, by name.
func (s *Store) Instructeurs(ctx context.Context) ([]Instructeur, error) {
	is := []Instructeur{}
	err := s.DB.SelectContext(ctx, &is, `
		SELECT r.personne, min(c.prenom || ' ' || c.nom) AS nom, max(r.role) AS role
		FROM role_agent r JOIN compte c ON c.id = r.compte
		WHERE r.role IN ('gestionnaire', 'responsable') AND NOT r.attend AND NOT r.coupee AND c.etat = 'ACTIF'
		GROUP BY r.personne ORDER BY min(c.nom), r.personne LIMIT 1000`)
	if err != nil {
		return nil, fmt.Errorf("listing who instructs: %w", err)
	}
	return is, nil
}

// portefeuillesMax bounds the lines of all portefeuilles: a house has a few hundreds.
const portefeuillesMax = 5000

// Portefeuilles lists who follows what, by name.
func (s *Store) Portefeuilles(ctx context.Context) ([]LignePortefeuille, error) {
	ls := []LignePortefeuille{}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT f.id, f.personne, p.prenom || ' ' || p.nom AS nom, f.idcc, f.departement, f.siren,
		       COALESCE((SELECT e.nom FROM entreprise e WHERE e.siren = f.siren), '') AS entreprise
		FROM portefeuille f JOIN personne p ON p.id = f.personne
		ORDER BY p.nom, p.prenom, f.personne, f.idcc, f.departement, f.siren LIMIT $1`, portefeuillesMax)
	if err != nil {
		return nil, fmt.Errorf("listing portefeuilles: %w", err)
	}
	return ls, nil
}

// Suivre adds a line to the portefeuille of personne. Adding it again changes nothing.
func (s *Store) Suivre(ctx context.Context, par opco.Acteur, personne string, l opco.Portefeuille) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := nomInstructeur(ctx, tx, personne); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO portefeuille (id, personne, idcc, departement, siren)
			SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM portefeuille) < $6
			ON CONFLICT ON CONSTRAINT portefeuille_unique DO NOTHING`, uuid.NewString(), personne, l.IDCC, l.Departement, l.SIREN, portefeuillesMax)
		if err != nil {
			return fmt.Errorf("adding to a portefeuille: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return noterGeste(ctx, tx, "portefeuille/"+personne, GesteSuivre, par, le, ligneDite(l))
	})
}

// Delaisser removes a line of a portefeuille; NotFound when there is none.
func (s *Store) Delaisser(ctx context.Context, par opco.Acteur, id string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if !uuidTexte(id) {
		return opco.Errorf(opco.NotFound, "Cette ligne de portefeuille n’existe pas, ou elle est déjà retirée.")
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var l LignePortefeuille
		err := tx.GetContext(ctx, &l, `DELETE FROM portefeuille WHERE id = $1 RETURNING id, personne, idcc, departement, siren`, id)
		if err != nil {
			return introuvable(err, "Cette ligne de portefeuille n’existe pas, ou elle est déjà retirée.")
		}
		return noterGeste(ctx, tx, "portefeuille/"+l.Personne, GesteDelaisser, par, le, ligneDite(opco.Portefeuille{IDCC: l.IDCC, Departement: l.Departement, SIREN: l.SIREN}))
	})
}

func ligneDite(l opco.Portefeuille) string {
	var mots []string
	for _, x := range [][2]string{{"branche ", l.IDCC}, {"département ", l.Departement}, {"entreprise ", string(l.SIREN)}} {
		if x[1] != "" {
			mots = append(mots, x[0]+x[1])
		}
	}
	return strings.Join(mots, ", ")
}

// nomInstructeur returns the name of somebody to whom dossiers may be entrusted.
func nomInstructeur(ctx context.Context, q sqlx.QueryerContext, personne string) (string, error) {
	var nom string
	err := sqlx.GetContext(ctx, q, &nom, `
		SELECT c.prenom || ' ' || c.nom FROM role_agent r JOIN compte c ON c.id = r.compte
		WHERE r.personne = $1 AND r.role IN ('gestionnaire', 'responsable') AND NOT r.attend AND NOT r.coupee AND c.etat = 'ACTIF' LIMIT 1`, personne)
	if err != nil {
		err = introuvable(err, "Cette personne n’instruit pas de dossiers, ou son compte est fermé.")
		if refus, ok := err.(*opco.Error); ok { //nolint:errorlint // made by introuvable
			return "", opco.Champf("a", "%s", refus.Message)
		}
	}
	return nom, err
}

// Reattribuer entrusts dossiers to somebody: they leave the portefeuilles of the
// others, and whoever held them no longer does. A dossier with whose parties a has a
// declared link is refused, and then none is entrusted. Entrusted to nobody (a is ""),
// they go back to the portefeuilles.
func (s *Store) Reattribuer(ctx context.Context, par opco.Acteur, dossiers []string, a, raison string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	r, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return err
	}
	if raison, err = lireAttribution(dossiers, raison, r.File.LotMax); err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if a == "" {
			return rendreAuxPortefeuilles(ctx, tx, par, dossiers, raison, le)
		}
		return reattribuer(ctx, tx, par, dossiers, a, raison, le)
	})
}

// lireAttribution refuses to entrust nothing, too much at once, or without a reason that
// reads, which it returns.
func lireAttribution(dossiers []string, raison string, max int) (string, error) {
	switch {
	case len(dossiers) == 0:
		return "", opco.Champf("dossiers", "Choisissez au moins un dossier.")
	case len(dossiers) > max:
		return "", opco.Champf("dossiers", "Choisissez %d dossiers au plus à la fois.", max)
	case raison == "":
		return "", opco.Champf("raison", "Dites pourquoi : la personne et ses collègues le liront.")
	case slices.ContainsFunc(dossiers, func(id string) bool { return !uuidTexte(id) }):
		return "", dossierInconnu()
	}
	return opco.ParseTexte("raison", raison, 500)
}

// rendreAuxPortefeuilles takes away what was entrusted: the dossiers are again of those
// whose portefeuille covers them.
func rendreAuxPortefeuilles(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossiers []string, raison string, le time.Time) error {
	_, err := tx.ExecContext(ctx, `
		WITH t AS (DELETE FROM attribution WHERE dossier = ANY ($1::uuid[]) RETURNING dossier)
		INSERT INTO geste (objet, type, personne, pour, nom, role, le, detail)
		SELECT 'dossier/' || t.dossier, 'reattribuer', $2, $6, $3, $7, $4, 'aux portefeuilles : ' || $5 FROM t`,
		pq.Array(dossiers), par.Personne, par.Nom, le, raison, par.Pour, par.Role)
	if err != nil {
		return fmt.Errorf("giving dossiers back to the portefeuilles: %w", err)
	}
	return nil
}

func reattribuer(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossiers []string, a, raison string, le time.Time) error {
	nom, err := nomInstructeur(ctx, tx, a)
	if err != nil {
		return err
	}
	var vus []struct {
		ID   string `db:"id"`
		Lien bool   `db:"lien"`
		Fini bool   `db:"fini"`
		No   string `db:"numero"`
	}
	err = tx.SelectContext(ctx, &vus, `
		SELECT d.id, d.numero, d.etat IN ('REFUSEE', 'SANS_SUITE', 'ANNULEE', 'CLOTUREE') AS fini,
		       EXISTS (SELECT 1 FROM lien_interet l WHERE l.personne = $2 AND l.siren IN (d.siren, left(d.organisme, 9))) AS lien
		FROM dossier d WHERE d.id = ANY ($1::uuid[]) AND d.etat NOT IN ('BROUILLON', 'SUPPRIME') ORDER BY d.id FOR NO KEY UPDATE OF d`, pq.Array(dossiers), a)
	if err != nil {
		return fmt.Errorf("reading the dossiers to entrust: %w", err)
	}
	if len(vus) < len(uniques(dossiers)) {
		return dossierInconnu()
	}
	for _, v := range vus {
		switch {
		case v.Lien:
			return opco.Errorf(opco.Forbidden, "%s a déclaré un lien avec l’une des organisations du dossier %s : confiez-le à quelqu’un d’autre.", nom, v.No).AvecCode("LIEN_INTERET")
		case v.Fini:
			return opco.Errorf(opco.Conflict, "Le dossier %s est terminé : il n’est plus à confier.", v.No)
		}
	}
	_, err = tx.ExecContext(ctx, `
		WITH t AS (INSERT INTO attribution (dossier, personne, nom, raison, par, par_nom, le)
		      SELECT x, $2, $3, $4, $5, $6, $7 FROM unnest($1::uuid[]) x GROUP BY x
		      ON CONFLICT (dossier) DO UPDATE SET personne = EXCLUDED.personne, nom = EXCLUDED.nom, raison = EXCLUDED.raison,
		          par = EXCLUDED.par, par_nom = EXCLUDED.par_nom, le = EXCLUDED.le RETURNING dossier),
		     l AS (DELETE FROM prise p USING t WHERE p.dossier = t.dossier AND p.personne <> $2)
		INSERT INTO geste (objet, type, personne, pour, nom, role, le, detail)
		SELECT 'dossier/' || t.dossier, 'reattribuer', $5, $8, $6, $9, $7, 'à ' || $3 || ' : ' || $4 FROM t`,
		pq.Array(dossiers), a, nom, raison, par.Personne, par.Nom, le, par.Pour, par.Role)
	if err != nil {
		return fmt.Errorf("entrusting dossiers: %w", err)
	}
	return nil
}

func dossierInconnu() error {
	return opco.Errorf(opco.NotFound, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
}

func uniques(ss []string) map[string]bool {
	m := make(map[string]bool, len(ss))
	for _, x := range ss {
		m[x] = true
	}
	return m
}

// departementDuDossier is the département of the site of the dossier d.
const departementDuDossier = `COALESCE((SELECT departement_de(e.code_postal) FROM etablissement e WHERE e.siret = d.etablissement), '')`

// couvert is the condition, with its arguments, that one of the lines names the
// dossier d. The lines that narrow the same things are compared at once.
func couvert(ls []LignePortefeuille) (string, []any) {
	cles := map[string][]string{}
	var expressions []string
	for _, l := range ls {
		var noms, valeurs []string
		for _, x := range [][2]string{{`d.idcc`, l.IDCC}, {departementDuDossier, l.Departement}, {`d.siren`, string(l.SIREN)}} {
			if x[1] != "" {
				noms, valeurs = append(noms, x[0]), append(valeurs, x[1])
			}
		}
		e := strings.Join(noms, ` || '/' || `)
		if cles[e] == nil {
			expressions = append(expressions, e)
		}
		cles[e] = append(cles[e], strings.Join(valeurs, "/"))
	}
	if len(expressions) == 0 {
		return "false", nil
	}
	var ou []string
	var args []any
	for _, e := range expressions {
		ou, args = append(ou, `(`+e+`) = ANY (%s)`), append(args, pq.Array(cles[e]))
	}
	return `(` + strings.Join(ou, ` OR `) + `)`, args
}
