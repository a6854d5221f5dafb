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

// CauseOuverte is a cause, and what is stuck behind it now.
type CauseOuverte struct {
	Code     string              `db:"cause"`
	Nature   opco.NatureIncident `db:"nature"`
	Activite string              `db:"activite"`
	Classe   opco.Classe         `db:"classe"`
	Detail   string              `db:"detail"`
	Cas      int64               `db:"cas"`
	Objets   int64               `db:"objets"` // dossiers, lots, accounts…
	Enjeu    opco.Montant        `db:"enjeu"`  // money of these dossiers, lots and indus that is not paid yet
	Depuis   time.Time           `db:"depuis"`
	Essais   int                 `db:"essais"`
	Prochain *time.Time          `db:"prochain"` // the next try that will be made by itself
	Limite   *opco.Date          `db:"limite"`   // the nearest legal day of these dossiers
	Erreur   string              `db:"erreur"`   // the last answer
	Heures   pq.Int64Array       `db:"heures"`   // cases opened in each of the last HeuresCause hours, the last one last
}

// HeuresCause is how many hours the trace of a cause shows.
const HeuresCause = 12

// Cause is the cause that opco.Cause.Dire says in words.
func (c CauseOuverte) Cause() opco.Cause {
	return opco.Cause{Nature: c.Nature, Activite: c.Activite, Classe: c.Classe, Detail: c.Detail}
}

// tablesIncident join an incident i with what it is about: its dossier d, its lot l, its
// indu u, its mail c.
const tablesIncident = `incident i LEFT JOIN dossier d ON d.id = i.dossier
	LEFT JOIN lot l ON l.id = CASE WHEN i.objet LIKE 'lot/%' THEN substr(i.objet, 5) END
	LEFT JOIN indu u ON u.id = CASE WHEN i.objet LIKE 'indu/%' THEN substr(i.objet, 6) END
	LEFT JOIN courrier c ON c.id = CASE WHEN i.activite LIKE 'courrier/%' THEN substr(i.activite, 10) END`

// enjeuIncident is the money of what an incident is about that is not paid yet.
const enjeuIncident = `COALESCE(CASE WHEN d.etat IN ('REFUSEE', 'ANNULEE', 'SANS_SUITE', 'SUPPRIME', 'CLOTUREE') THEN 0 WHEN d.accorde > 0 THEN d.accorde - d.paye ELSE d.demande END, l.somme, u.reste, 0)`

// Causes lists what is stuck now by cause, the one that stops most first; of one cause only
// when its code is given. It is for the staff.
func (s *Store) Causes(ctx context.Context, p opco.Portee, code string) ([]CauseOuverte, error) {
	cs := []CauseOuverte{}
	if !p.Interne {
		return cs, nil
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &cs, `
			WITH cas AS (
			    SELECT i.cause, i.nature, split_part(i.activite, '/', 1) AS activite, i.classe, i.detail, i.objet, i.ouvert_le, i.vu_le, i.essais, i.prochain_le, i.erreur, d.limite,
			        CASE WHEN row_number() OVER (PARTITION BY i.cause, i.objet ORDER BY i.numero) = 1 THEN `+enjeuIncident+` ELSE 0 END AS enjeu
			    FROM `+tablesIncident+` WHERE i.clos_le IS NULL AND i.cause <> '' AND ($1 = '' OR i.cause = $1)),
			groupes AS (
			    SELECT cause, min(nature) AS nature, min(activite) AS activite, min(classe) AS classe, min(detail) AS detail, count(*) AS cas, count(DISTINCT objet) AS objets,
			        sum(enjeu)::bigint AS enjeu, min(ouvert_le) AS depuis, max(essais) AS essais, min(prochain_le) AS prochain, min(limite) AS limite,
			        (array_agg(erreur ORDER BY vu_le DESC))[1] AS erreur
			    FROM cas GROUP BY cause)
			SELECT g.*, ARRAY(SELECT count(i.numero) FROM generate_series($2 - 1, 0, -1) h
			        LEFT JOIN incident i ON i.cause = g.cause AND i.ouvert_le > clock_timestamp() - make_interval(hours => h + 1) AND i.ouvert_le <= clock_timestamp() - make_interval(hours => h)
			        GROUP BY h ORDER BY h DESC) AS heures
			FROM groupes g ORDER BY g.objets DESC, g.depuis, g.cause LIMIT 200`, code, HeuresCause)
	})
	if err != nil {
		return nil, fmt.Errorf("listing causes: %w", err)
	}
	return cs, nil
}

// IncidentVu is an incident with what it is about, read when it is shown. Nom is the number
// of the dossier, lot or indu; Quoi is what waits: the type of an acte, the event of a mail.
type IncidentVu struct {
	Incident
	Dossier      string       `db:"dossier"` // id, "" when it is about something else
	Nom          string       `db:"nom"`
	Entreprise   string       `db:"entreprise"`
	Organisme    string       `db:"organisme"`
	EtatDossier  opco.Etat    `db:"etat_dossier"`
	EtatLot      opco.EtatLot `db:"etat_lot"`
	Enjeu        opco.Montant `db:"enjeu"`
	Limite       *opco.Date   `db:"limite"`   // legal day of the dossier
	Echeance     *time.Time   `db:"echeance"` // next one of the object
	Evenement    string       `db:"evenement"`
	Pour         opco.Role    `db:"pour"` // addressee of the mail
	TypeActe     string       `db:"type_acte"`
	ActesEnCours int64        `db:"actes_en_cours"` // without verdict
}

const colonnesIncidentVu = colonnesIncident + `, COALESCE(i.dossier::text, u.dossier::text, '') AS dossier, COALESCE(NULLIF(d.numero, ''), l.id, u.numero, '') AS nom,
	COALESCE(d.entreprise_nom, '') AS entreprise, COALESCE(d.organisme_nom, '') AS organisme, COALESCE(d.etat, '') AS etat_dossier, COALESCE(l.etat, '') AS etat_lot,
	` + enjeuIncident + ` AS enjeu, d.limite, COALESCE(d.prochaine_echeance, l.prochaine_echeance, u.prochaine_echeance) AS echeance,
	COALESCE(c.evenement, '') AS evenement, COALESCE(c.pour, '') AS pour,
	COALESCE((SELECT a.type FROM acte a WHERE a.objet = i.objet AND a.etat = 'recu' ORDER BY a.seq LIMIT 1), '') AS type_acte,
	(SELECT count(*) FROM (SELECT 1 FROM acte a WHERE a.objet = i.objet AND a.etat = 'recu' LIMIT 1000) x) AS actes_en_cours`

// FiltreIncidents says which open incidents are looked for; a zero field does not filter.
// Apres is the Suivant of the page before.
type FiltreIncidents struct {
	Cause  string
	Etat   opco.Etat // étape of the dossier
	Objet  string    // « dossier/<id> », or the number of a dossier, lot or indu
	Apres  string
	Limite int
}

// ListerIncidents lists open incidents, the oldest first. It is for the staff.
func (s *Store) ListerIncidents(ctx context.Context, p opco.Portee, f FiltreIncidents) (ls []IncidentVu, suivant string, err error) {
	ls = []IncidentVu{}
	if !p.Interne {
		return ls, "", nil
	}
	c, err := f.clause()
	if err != nil {
		return nil, "", err
	}
	if f.Limite < 1 || f.Limite > 100 {
		f.Limite = 50
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY i.ouvert_le, i.numero LIMIT %d`,
			colonnesIncidentVu, tablesIncident, c.where(), f.Limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing incidents: %w", err)
	}
	if len(ls) > f.Limite {
		ls = ls[:f.Limite]
		d := ls[f.Limite-1]
		suivant = curseur(d.OuvertLe.UTC().Format(time.RFC3339Nano), strconv.FormatInt(d.Numero, 10))
	}
	return ls, suivant, nil
}

func (f FiltreIncidents) clause() (clause, error) {
	var c clause
	c.et(`i.clos_le IS NULL AND i.cause <> ''`)
	if f.Cause != "" {
		c.et(`i.cause = %s`, f.Cause)
	}
	if f.Etat != "" {
		c.et(`d.etat = %s`, f.Etat)
	}
	if f.Objet != "" {
		c.et(`%s IN (i.objet, d.numero, l.id, u.numero)`, f.Objet)
	}
	if f.Apres == "" {
		return c, nil
	}
	le, id, err := lireCurseurTemps(f.Apres)
	if err != nil {
		return c, err
	}
	numero, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return c, pageInconnue()
	}
	c.et(`(i.ouvert_le, i.numero) > (%s, %s)`, le, numero)
	return c, nil
}

// Cas is an incident with all that is known of it: what else is stuck with the same object,
// and its last steps.
type Cas struct {
	IncidentVu
	Rang   int64 // of the object, 0 when nothing is written of it
	Autres []IncidentVu
	Pas    []PasDeCas
	Avant  []Incident // of the same object, closed
}

// PasDeCas is a step of the journal of an object, without who made it.
type PasDeCas struct {
	Rang     int64     `db:"rang"`
	Type     string    `db:"type"`
	De       opco.Etat `db:"de"`
	Vers     opco.Etat `db:"vers"`
	Verdict  string    `db:"verdict"`
	Echeance string    `db:"echeance"`
	Le       time.Time `db:"le"`
}

// LireCas reads an incident, open or closed, by its number. It is for the staff.
func (s *Store) LireCas(ctx context.Context, p opco.Portee, numero int64) (Cas, error) {
	var k Cas
	if !p.Interne {
		return k, opco.Errorf(opco.NotFound, casInconnu)
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &k.IncidentVu, `SELECT `+colonnesIncidentVu+` FROM `+tablesIncident+` WHERE i.numero = $1`, numero); err != nil {
			return introuvable(err, casInconnu)
		}
		if err := sqlx.SelectContext(ctx, q, &k.Autres, `SELECT `+colonnesIncidentVu+` FROM `+tablesIncident+`
			WHERE i.objet = $1 AND i.clos_le IS NULL AND i.numero <> $2 ORDER BY i.ouvert_le, i.numero LIMIT 20`, k.Objet, numero); err != nil {
			return err
		}
		if err := sqlx.SelectContext(ctx, q, &k.Avant, `SELECT `+colonnesIncident+` FROM incident i WHERE i.objet = $1 AND i.clos_le IS NOT NULL AND i.numero <> $2
			ORDER BY i.ouvert_le DESC LIMIT 10`, k.Objet, numero); err != nil {
			return err
		}
		return sqlx.SelectContext(ctx, q, &k.Pas, `SELECT rang, type, de, vers, verdict, echeance, le FROM passage WHERE objet = $1 ORDER BY rang DESC LIMIT 20`, k.Objet)
	})
	if err == nil && len(k.Pas) > 0 {
		k.Rang = k.Pas[0].Rang
	}
	return k, err
}

const casInconnu = "Ce cas n’existe pas, ou vous n’y avez pas accès."

// Releve is what is known of k when the house runs as x.
func (k Cas) Releve(x Exploitation) opco.ReleveCas {
	r := opco.ReleveCas{Clos: k.ClosLe != nil, MoteurMuet: x.Moteur != "", SansOuvrier: len(x.Presents) == 0 || k.Activite == opco.ActiviteFile, ActesRecus: k.ActesEnCours, Nature: k.Nature}
	for _, i := range append([]IncidentVu{k.IncidentVu}, k.Autres...) {
		r.Procedure = r.Procedure || i.Nature == opco.IncidentProcedure
		r.Divergence = r.Divergence || i.Nature == opco.IncidentDivergence
	}
	return r
}
