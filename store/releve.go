package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Jauge is one figure that the house gives to those who watch it.
type Jauge struct {
	Nom       string // as the tool that watches knows it
	Etiquette string // what tells its values apart, "" when it has one value
	Aide      string
	requete   string // gives (etiquette, valeur); reads an index, and never more than ten thousand rows of what grows
}

// Releve is one value of a Jauge.
type Releve struct {
	Mesure    string  `db:"-"`
	Etiquette string  `db:"etiquette"`
	Valeur    float64 `db:"valeur"`
}

// Jauges lists the figures of the trade. Each has few labels, fixed by the rules: états,
// queues, codes of refusal; never a dossier, never an organisation.
var Jauges = []Jauge{
	{"guichet_actes_en_attente", "file", "Actes reçus sans verdict, par file de procédures (10 000 au plus).", `
		SELECT q.file AS etiquette, count(a.objet) AS valeur FROM unnest(ARRAY ['dossier', 'compte', 'banque']) q (file)
		LEFT JOIN (` + actesRecus + `) a ON a.file = q.file GROUP BY 1`},
	{"guichet_acte_en_attente_age_seconds", "file", "Âge du plus ancien acte reçu sans verdict, par file de procédures ; 0 s’il n’y en a pas.", `
		SELECT q.file AS etiquette, COALESCE(extract(epoch FROM clock_timestamp() - min(a.cree_le)), 0)::float8 AS valeur
		FROM unnest(ARRAY ['dossier', 'compte', 'banque']) q (file) LEFT JOIN (` + actesRecus + `) a ON a.file = q.file GROUP BY 1`},
	{"guichet_actes_refuses_heure", "motif", "Actes refusés depuis une heure, par motif ; les vingt plus fréquents, le reste sous « autres ».", `
		WITH m AS (SELECT code, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, code) AS rang FROM (
		        SELECT code FROM acte WHERE etat = 'refuse' AND verdict_le > clock_timestamp() - interval '1 hour' LIMIT 10000) r GROUP BY code)
		SELECT CASE WHEN rang > 20 THEN 'autres' WHEN code = '' THEN 'sans code' ELSE code END AS etiquette, sum(n) AS valeur FROM m GROUP BY 1`},
	{"guichet_dossiers", "etat", "Dossiers par état.", `
		SELECT code AS etiquette, sum(n) AS valeur FROM dossier_compte WHERE portee = '*' AND code NOT LIKE 'file:%' GROUP BY 1`},
	{"guichet_dossiers_en_file", "file", "Dossiers par file d’argent : factures à traiter, règlements à payer, rejets.", `
		SELECT substr(code, 6) AS etiquette, sum(n) AS valeur FROM dossier_compte WHERE portee = '*' AND code LIKE 'file:%' GROUP BY 1`},
	{"guichet_dossier_age_seconds", "etat", "Âge du plus ancien dossier qui attend le guichet, par état, depuis sa création ; 0 s’il n’y en a pas.", `
		SELECT q.etat AS etiquette, COALESCE(extract(epoch FROM clock_timestamp() + make_interval(secs => h.decalage_ns / 1e9)
		    - (SELECT min(d.cree_le) FROM dossier d WHERE d.etat = q.etat)), 0)::float8 AS valeur
		FROM unnest(ARRAY ['TRANSMISE', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE']) q (etat), horloge h`},
	{"guichet_echeances_en_retard", "", "Objets dont une échéance est passée depuis plus de deux minutes sans que leur procédure ait bougé (1 000 au plus).", `
		SELECT '' AS etiquette, count(*) AS valeur FROM (` + objetsEnRetard + ` LIMIT 1000) r`},
	{"guichet_lots", "etat", "Lots de virements par état.", `SELECT etat AS etiquette, count(*) AS valeur FROM lot GROUP BY 1`},
	{"guichet_reglements_rejetes_jour", "", "Règlements que la banque a rejetés ou retournés depuis vingt-quatre heures (10 000 au plus).", `
		SELECT '' AS etiquette, count(*) AS valeur FROM (SELECT 1 FROM reglement WHERE etat IN ('REJETE_BANQUE', 'RETOURNE')
		    AND modifie_le > (SELECT clock_timestamp() + make_interval(secs => decalage_ns / 1e9) FROM horloge) - interval '1 day' LIMIT 10000) r`},
	{"guichet_incidents_ouverts", "cause", "Cas bloqués, par nature de la cause.", `
		SELECT CASE nature WHEN '' THEN 'autre' ELSE nature END AS etiquette, count(*) AS valeur
		FROM (SELECT nature FROM incident WHERE clos_le IS NULL LIMIT 10000) i GROUP BY 1`},
	{"guichet_executants", "file", "Exécutants présents depuis moins de trente secondes, par travail ; 0 : personne ne le fait.", `
		SELECT q.file AS etiquette, count(e.identite) AS valeur FROM unnest(ARRAY ['` + strings.Join(opco.Travaux(), `', '`) + `']) q (file)
		LEFT JOIN executant e ON e.vu_le >= clock_timestamp() - interval '30 seconds' AND (e.files = '{}' OR q.file = ANY (e.files)) GROUP BY 1`},
	{"guichet_courriers_a_envoyer", "", "Courriers qui attendent de partir (10 000 au plus).", `
		SELECT '' AS etiquette, count(*) AS valeur FROM (SELECT 1 FROM courrier WHERE etat = 'A_ENVOYER' LIMIT 10000) c`},
	{"guichet_courrier_essais_max", "", "Plus grand nombre d’essais d’un courrier qui attend de partir.", `
		SELECT '' AS etiquette, COALESCE(max(essais), 0) AS valeur FROM (SELECT essais FROM courrier WHERE etat = 'A_ENVOYER' LIMIT 10000) c`},
	{"guichet_courriers_refuses_jour", "", "Courriers refusés pour de bon depuis vingt-quatre heures (10 000 au plus).", `
		SELECT '' AS etiquette, count(*) AS valeur FROM (SELECT 1 FROM courrier WHERE etat = 'REFUSE'
		    AND le > (SELECT clock_timestamp() + make_interval(secs => decalage_ns / 1e9) FROM horloge) - interval '1 day' LIMIT 10000) c`},
}

// actesRecus are the actes without verdict, the oldest first, and the queue whose
// procedures they wait for.
const actesRecus = `SELECT objet, cree_le, CASE split_part(objet, '/', 1) WHEN 'compte' THEN 'compte' WHEN 'lot' THEN 'banque' ELSE 'dossier' END AS file
	FROM acte WHERE etat = 'recu' ORDER BY cree_le LIMIT 10000`

// objetsEnRetard are the objects whose échéance should have been heard two minutes ago.
const objetsEnRetard = `SELECT 1 FROM (SELECT clock_timestamp() + make_interval(secs => decalage_ns / 1e9) - interval '2 minutes' AS le FROM horloge) h,
	LATERAL (SELECT 1 FROM dossier WHERE prochaine_echeance <= h.le UNION ALL SELECT 1 FROM lot WHERE prochaine_echeance <= h.le
	    UNION ALL SELECT 1 FROM compte WHERE prochaine_echeance <= h.le UNION ALL SELECT 1 FROM indu WHERE prochaine_echeance <= h.le) o`

// Relever reads every Jauge at one instant. A base that is slow gives an error rather
// than old figures, and is not kept busy.
func (s *Store) Relever(ctx context.Context) ([]Releve, error) {
	var rs []Releve
	tx, err := s.DB.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return nil, fmt.Errorf("beginning to measure: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = '3s'`); err != nil {
		return nil, fmt.Errorf("bounding the measures: %w", err)
	}
	for _, m := range Jauges {
		vs, err := m.relever(ctx, tx)
		if err != nil {
			return nil, err
		}
		rs = append(rs, vs...)
	}
	return rs, nil
}

func (m Jauge) relever(ctx context.Context, tx *sqlx.Tx) ([]Releve, error) {
	var rs []Releve
	if err := tx.SelectContext(ctx, &rs, m.requete); err != nil {
		return nil, fmt.Errorf("measuring %s: %w", m.Nom, err)
	}
	for i := range rs {
		rs[i].Mesure = m.Nom
	}
	return rs, nil
}
