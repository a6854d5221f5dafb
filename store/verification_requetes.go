package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"guichet/opco"
)

// requeteInvariant is an invariant that one query can judge: compte counts what
// it looks at, ecarts returns each offender (objet) with a French phrase. Both
// take the objects to look at as $1, NULL for all.
type requeteInvariant struct{ code, compte, ecarts string }

// requetes runs the queries that need the whole base at once.
func (t *tournee) requetes(ctx context.Context) error {
	toutes := slices.Concat(requetesInvariants, requetesComptes, requetesSeparation, requetesListes, requetesCourriers, requetesControle, requetesHistoires)
	t.avance.Total = int64(len(toutes))
	for _, r := range toutes {
		if r.compte != "" {
			var n int
			if err := t.tx.GetContext(ctx, &n, r.compte, t.perimetre()); err != nil {
				return fmt.Errorf("counting for %s: %w", r.code, err)
			}
			t.examiner(r.code, n)
		}
		if err := t.ecartsDe(ctx, r.code, r.ecarts, t.perimetre()); err != nil {
			return err
		}
		if err := t.avancer(1); err != nil {
			return err
		}
	}
	return t.comptesDesMouvements(ctx)
}

func (t *tournee) ecartsDe(ctx context.Context, code, requete string, args ...any) error {
	lignes, err := t.tx.QueryxContext(ctx, requete, args...)
	if err != nil {
		return fmt.Errorf("verifying %s: %w", code, err)
	}
	defer lignes.Close()
	for lignes.Next() {
		var objet, phrase string
		if err := lignes.Scan(&objet, &phrase); err != nil {
			return fmt.Errorf("verifying %s: %w", code, err)
		}
		t.rompre(code, objet, "%s", phrase)
	}
	return lignes.Err()
}

// comptesDesMouvements checks that each mouvement takes from the account of its
// type and gives to the other one.
func (t *tournee) comptesDesMouvements(ctx context.Context) error {
	var types, de, vers []string
	for _, x := range opco.TypesMouvement() {
		a, b := x.Comptes()
		types, de, vers = append(types, string(x)), append(de, string(a)), append(vers, string(b))
	}
	return t.ecartsDe(ctx, "I2", `
		SELECT e.objet, 'le mouvement ' || e.mouvement || ' (' || e.type || ') touche le compte ' || e.compte
		FROM ecriture e
		LEFT JOIN unnest($2::text[], $3::text[], $4::text[]) AS m(type, de, vers) ON m.type = e.type
		WHERE ($1::text[] IS NULL OR 'dossier/' || e.dossier = ANY ($1))
		  AND e.compte IS DISTINCT FROM CASE WHEN e.montant < 0 THEN m.de ELSE m.vers END`,
		t.perimetre(), pq.Array(types), pq.Array(de), pq.Array(vers))
}

const euros = `to_char(%s / 100.0, 'FM999999999990.00') || ' €'`

// enEuros writes a SQL expression of cents for a reader.
func enEuros(expression string) string { return fmt.Sprintf(euros, expression) }

var requetesInvariants = []requeteInvariant{
	// I2: each mouvement sums to zero on one envelope and at most one dossier,
	// hence so does each dossier, each envelope and the whole ledger.
	{"I2", `SELECT count(DISTINCT mouvement) FROM ecriture e WHERE ($1::text[] IS NULL OR 'dossier/' || e.dossier = ANY ($1))`, `
		SELECT min(e.objet), 'le mouvement ' || e.mouvement || ' n’est pas équilibré : ' || count(*) || ' lignes, écart de ' || ` + enEuros("sum(e.montant)") + `
		FROM ecriture e
		WHERE ($1::text[] IS NULL OR 'dossier/' || e.dossier = ANY ($1))
		GROUP BY e.mouvement
		HAVING sum(e.montant) <> 0 OR count(*) <> 2 OR count(DISTINCT e.enveloppe) <> 1 OR count(DISTINCT e.dossier) > 1
		    OR count(e.dossier) NOT IN (0, count(*)) OR count(DISTINCT e.type) <> 1`},
	{"I2", "", `
		SELECT CASE WHEN dossier = '' THEN 'enveloppe/' || enveloppe ELSE 'dossier/' || dossier END,
		       'compte ' || compte || ' de l’enveloppe ' || enveloppe || ' : solde ' || COALESCE(` + enEuros("s.montant") + `, 'absent') ||
		       ', somme des écritures ' || COALESCE(` + enEuros("e.montant") + `, 'absente')
		FROM (SELECT enveloppe, compte, CASE WHEN compte IN ('SOURCE', 'ENVELOPPE') THEN '' ELSE COALESCE(dossier::text, '') END AS dossier,
		             sum(montant) AS montant
		      FROM ecriture GROUP BY 1, 2, 3) e
		FULL JOIN solde s USING (enveloppe, compte, dossier)
		WHERE s.montant IS DISTINCT FROM e.montant AND ($1::text[] IS NULL OR 'dossier/' || dossier = ANY ($1))`},
	{"I2", "", `
		SELECT e.objet, 'le mouvement ' || e.mouvement || ' ne vient d’aucun passage appliqué du journal'
		FROM ecriture e LEFT JOIN passage p ON p.objet = e.objet AND p.rang = e.rang AND p.verdict = 'applique'
		WHERE e.objet NOT LIKE 'enveloppe/%' AND p.objet IS NULL AND e.montant > 0
		  AND ($1::text[] IS NULL OR 'dossier/' || e.dossier = ANY ($1))`},

	// I3
	{"I3", `SELECT count(*) FROM reglement r WHERE ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))`, `
		SELECT 'dossier/' || min(r.dossier::text), 'la facture ' || r.facture || ' a ' || count(*) || ' règlements vivants : ' || string_agg(r.numero, ', ')
		FROM reglement r
		WHERE r.etat NOT IN ('REJETE_BANQUE', 'RETOURNE', 'ANNULE') AND ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))
		GROUP BY r.facture HAVING count(*) > 1`},
	{"I3", "", `
		SELECT 'lot/' || min(l.id), 'le règlement ' || x.numero || ' est dans ' || count(*) || ' lots : ' || string_agg(l.id, ', ')
		FROM lot l JOIN lot_ligne x ON x.lot = l.id
		WHERE l.etat NOT IN ('ANNULE', 'EXPIRE') AND ($1::text[] IS NULL OR 'lot/' || l.id = ANY ($1))
		GROUP BY x.reglement, x.numero HAVING count(*) > 1`},
	{"I3", "", `
		SELECT 'lot/' || x.lot, 'la ligne ' || x.numero || ' du lot ' || x.lot || ' n’est pas dans le tableau ce que dit son contenu'
		FROM lot_ligne x
		WHERE (x.etat, x.montant, x.end_to_end_id, x.numero) IS DISTINCT FROM
		      (x.contenu ->> 'etat', (x.contenu ->> 'montant')::bigint, x.contenu ->> 'end_to_end_id', x.contenu ->> 'numero')
		  AND ($1::text[] IS NULL OR 'lot/' || x.lot = ANY ($1))`},
	{"I3", "", `
		SELECT 'lot/' || min(l.id), 'la référence bancaire ' || r.end_to_end_id || ' sert à plusieurs virements : ' || string_agg(r.numero, ', ')
		FROM reglement r JOIN lot l ON l.id = r.lot
		WHERE l.etat NOT IN ('ANNULE', 'EXPIRE') AND ($1::text[] IS NULL OR 'lot/' || l.id = ANY ($1))
		GROUP BY r.end_to_end_id HAVING count(DISTINCT l.id) > 1 OR (count(*) > 1 AND NOT bool_and(l.groupe))`},
	{"I3", "", `
		SELECT 'dossier/' || r.dossier, 'le règlement ' || r.numero || ' est ' || r.etat || ' mais dans aucun lot'
		FROM reglement r LEFT JOIN lot l ON l.id = r.lot AND l.etat NOT IN ('ANNULE', 'EXPIRE')
		WHERE l.id IS NULL AND r.etat NOT IN ('A_PAYER', 'ANNULE') AND r.montant > 0 AND ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))`},

	// I6
	{"I6", `SELECT count(*) FROM entree_bancaire e WHERE ($1::text[] IS NULL OR 'lot/' || e.lot = ANY ($1))`, `
		SELECT 'lot/' || COALESCE(e.lot, ''), 'l’entrée ' || e.cle || ' est ' || e.etat || ' sans explication'
		FROM entree_bancaire e
		WHERE e.etat = 'QUARANTAINE' AND btrim(e.phrase) = '' AND ($1::text[] IS NULL OR 'lot/' || e.lot = ANY ($1))`},
	{"I6", "", `
		WITH cites AS (
		    SELECT a.objet, c.cle FROM acte a CROSS JOIN LATERAL jsonb_array_elements_text(a.charge -> 'entrees') AS c(cle)
		    WHERE a.type = 'appliquer_retour' AND a.etat <> 'refuse')
		SELECT 'lot/' || COALESCE(e.lot, ''), 'l’entrée ' || e.cle || ' est transmise ' || count(c.cle) || ' fois à son lot'
		FROM entree_bancaire e LEFT JOIN cites c ON c.cle = e.cle AND c.objet = 'lot/' || e.lot
		WHERE e.etat = 'TRANSMISE' AND ($1::text[] IS NULL OR 'lot/' || e.lot = ANY ($1))
		GROUP BY e.lot, e.cle HAVING count(c.cle) <> 1`},
	{"I6", "", `
		WITH cites AS MATERIALIZED (
		    SELECT DISTINCT a.objet, c.cle FROM acte a CROSS JOIN LATERAL jsonb_array_elements_text(a.charge -> 'entrees') AS c(cle)
		    WHERE a.type = 'appliquer_retour' AND a.etat = 'applique'),
		en_attente AS MATERIALIZED (
		    SELECT w ->> 'cle' AS cle FROM lot l
		    CROSS JOIN LATERAL jsonb_array_elements(COALESCE(l.contenu -> 'en_attente', '[]')) w WHERE l.contenu ? 'en_attente')
		SELECT 'lot/' || e.lot, 'l’entrée ' || e.cle || ' (' || e.statut || ', ' || ` + enEuros("e.montant") + ` || ') n’a pas son effet : règlement ' ||
		       COALESCE(string_agg(r.numero || ' ' || r.etat, ', '), 'introuvable')
		FROM entree_bancaire e
		JOIN cites c ON c.cle = e.cle AND c.objet = 'lot/' || e.lot
		LEFT JOIN reglement r ON r.lot = e.lot AND r.end_to_end_id = e.end_to_end_id
		WHERE e.etat = 'TRANSMISE' AND e.end_to_end_id <> '' AND e.statut IN ('EXECUTE', 'REJETE', 'RETOURNE')
		  AND NOT EXISTS (SELECT 1 FROM en_attente w WHERE w.cle = e.cle)
		  AND ($1::text[] IS NULL OR 'lot/' || e.lot = ANY ($1))
		GROUP BY e.lot, e.cle, e.statut, e.montant
		HAVING NOT bool_and(CASE e.statut WHEN 'EXECUTE' THEN r.etat IN ('EXECUTE', 'RETOURNE') WHEN 'REJETE' THEN r.etat = 'REJETE_BANQUE'
		                    ELSE r.etat = 'RETOURNE' END IS TRUE)
		    OR (e.statut = 'EXECUTE' AND sum(r.montant) IS DISTINCT FROM e.montant)`},
	{"I6", "", `
		SELECT 'dossier/' || r.dossier, 'le règlement ' || r.numero || ' est ' || r.etat || ' sans fait de la banque'
		FROM (SELECT *, CASE etat WHEN 'REJETE_BANQUE' THEN 'REJETE' ELSE etat END AS statut FROM reglement
		      WHERE etat IN ('EXECUTE', 'REJETE_BANQUE', 'RETOURNE') AND montant > 0) r
		WHERE ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))
		  AND NOT EXISTS (SELECT 1 FROM entree_bancaire e
		                  WHERE e.lot = r.lot AND e.statut = r.statut AND e.end_to_end_id = r.end_to_end_id AND e.etat = 'TRANSMISE')
		  AND NOT EXISTS (SELECT 1 FROM entree_bancaire e
		                  WHERE e.lot = r.lot AND e.statut = r.statut AND e.end_to_end_id = '' AND e.etat = 'TRANSMISE')`},
	{"I6", "", `
		WITH attendus(etat, type) AS (VALUES ('EXECUTE', 'regler'), ('REJETE_BANQUE', 'rejeter_reglement'), ('RETOURNE', 'regler'),
		                              ('RETOURNE', 'retourner_reglement')),
		dits AS (SELECT a.objet, a.type, a.charge ->> 'reglement' AS reglement, count(*) AS n
		         FROM acte a WHERE a.type IN ('regler', 'rejeter_reglement', 'retourner_reglement') AND a.etat <> 'refuse' GROUP BY 1, 2, 3)
		SELECT 'dossier/' || r.dossier, 'le règlement ' || r.numero || ' est ' || r.etat || ', et son dossier a reçu ' || COALESCE(d.n, 0) || ' fois « ' || t.type || ' »'
		FROM reglement r JOIN attendus t ON t.etat = r.etat
		LEFT JOIN dits d ON d.objet = 'dossier/' || r.dossier AND d.type = t.type AND d.reglement = r.id
		WHERE COALESCE(d.n, 0) <> 1 AND r.montant > 0 AND ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))`},

	{"I6", "", `
		SELECT 'indu/' || min(r.indu), 'l’écriture ' || min(r.reference) || ', de ' || ` + enEuros("min(r.total)") + ` || ', rembourse ' || ` + enEuros("sum(r.montant)") + `
		FROM remboursement r
		WHERE $1::text[] IS NULL OR 'indu/' || r.indu = ANY ($1) OR EXISTS (SELECT 1 FROM indu i WHERE i.id = r.indu AND 'dossier/' || i.dossier = ANY ($1))
		GROUP BY r.cle HAVING sum(r.montant) > min(r.total) OR min(r.total) <> max(r.total)`},
	{"I6", "", `
		SELECT 'entree/' || e.cle, 'le virement reçu ' || e.cle || ', de ' || ` + enEuros("e.montant") + ` || ', est ' || e.etat || ' et rembourse ' || ` + enEuros("x.affecte") + `
		FROM entree_bancaire e CROSS JOIN LATERAL (
		    SELECT (SELECT COALESCE(sum(r.montant), 0) FROM remboursement r WHERE r.entree = e.cle) +
		           (SELECT COALESCE(sum((a.charge ->> 'montant')::bigint), 0) FROM acte a
		            WHERE a.type = 'rembourser_indu' AND a.etat = 'recu' AND a.charge ->> 'entree' = e.cle) AS affecte) x
		WHERE e.statut = 'CREDIT' AND $1::text[] IS NULL AND (e.etat = 'AFFECTEE') <> (x.affecte = e.montant)`},

	// I8: what an envelope lets go of was put in it, by a dotation or by what came back.
	{"I8", `SELECT count(*) FROM enveloppe WHERE $1::text[] IS NULL`, `
		SELECT 'enveloppe/' || e.enveloppe, 'enveloppe ' || e.enveloppe || ' : ' || ` + enEuros("e.emploi") + ` || ' engagés, dépensés ou à recouvrer, pour ' || ` + enEuros("e.mis") + ` || ' mis'
		FROM (SELECT enveloppe, -COALESCE(sum(montant) FILTER (WHERE compte = 'SOURCE'), 0) AS mis,
		             COALESCE(sum(montant) FILTER (WHERE compte NOT IN ('SOURCE', 'ENVELOPPE')), 0) AS emploi
		      FROM ecriture GROUP BY 1) e
		WHERE e.emploi > e.mis AND $1::text[] IS NULL`},
	{"I8", "", `
		SELECT 'enveloppe/' || d.enveloppe, 'enveloppe ' || d.enveloppe || ' : le crédit « ' || d.reference || ' » de ' || ` + enEuros("d.montant") + ` || ' n’est pas dans les écritures'
		FROM dotation d
		WHERE $1::text[] IS NULL AND NOT EXISTS (
		    SELECT 1 FROM ecriture e WHERE e.mouvement = 'dotation/' || d.id AND e.type = 'DOTATION' AND e.compte = 'ENVELOPPE'
		      AND e.enveloppe = d.enveloppe AND e.montant = d.montant)`},

	// I7
	{"I7", `SELECT count(*) FROM lot l WHERE l.etat IN ('EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE') AND ($1::text[] IS NULL OR 'lot/' || l.id = ANY ($1))`, `
		SELECT 'lot/' || l.id, 'le lot ' || l.id || ' a émis ' || l.nombre || ' règlements pour ' || ` + enEuros("l.somme") + ` || ', on en retrouve ' ||
		       count(r.id) || ' pour ' || ` + enEuros("COALESCE(sum(r.montant), 0)") + `
		FROM lot l LEFT JOIN reglement r ON r.lot = l.id AND r.etat IN ('EMIS', 'ACCEPTE_BANQUE', 'REJETE_BANQUE', 'EXECUTE', 'RETOURNE')
		WHERE l.etat IN ('EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE') AND ($1::text[] IS NULL OR 'lot/' || l.id = ANY ($1))
		GROUP BY l.id HAVING count(r.id) <> l.nombre OR COALESCE(sum(r.montant), 0) <> l.somme`},

	// I9
	{"I9", `SELECT count(*) FROM acte a WHERE ($1::text[] IS NULL OR a.objet = ANY ($1))`, `
		SELECT a.objet, 'l’acte ' || a.id || ' (' || a.type || ') est sans verdict depuis plus de 15 minutes'
		FROM acte a
		WHERE a.etat = 'recu' AND a.cree_le < clock_timestamp() - interval '15 minutes' AND ($1::text[] IS NULL OR a.objet = ANY ($1))`},
	{"I9", "", `
		SELECT a.objet, 'l’acte ' || a.id || ' (' || a.type || ') est « ' || a.etat || ' » mais son passage est ' || COALESCE('« ' || p.verdict || ' »', 'absent')
		FROM acte a LEFT JOIN passage p ON p.acte_id = a.id AND p.objet = a.objet
		WHERE a.etat <> 'recu' AND a.etat IS DISTINCT FROM p.verdict AND ($1::text[] IS NULL OR a.objet = ANY ($1))`},
	{"I9", "", `
		SELECT a.objet, 'l’acte ' || a.id || ' (' || a.type || ') a ' || count(*) || ' passages'
		FROM acte a JOIN passage p ON p.acte_id = a.id
		WHERE ($1::text[] IS NULL OR a.objet = ANY ($1))
		GROUP BY a.objet, a.id, a.type HAVING count(*) > 1`},
	{"I9", "", `
		SELECT a.objet, 'l’acte ' || a.id || ' (' || a.type || ') est refusé sans phrase pour son auteur'
		FROM acte a WHERE a.etat = 'refuse' AND btrim(a.phrase) = '' AND ($1::text[] IS NULL OR a.objet = ANY ($1))`},
	{"I9", "", `
		SELECT p.objet, 'le passage ' || p.rang || ' dit appliquer un acte qui n’a pas été reçu, ou qui attend encore'
		FROM passage p LEFT JOIN acte a ON a.id = p.acte_id AND a.etat <> 'recu'
		WHERE p.acte_id IS NOT NULL AND a.id IS NULL AND ($1::text[] IS NULL OR p.objet = ANY ($1))`},

	// I14: a journal whose object is gone is seen by no page.
	{"I14", "", `
		SELECT p.objet, 'le journal de ' || p.objet || ' n’a plus d’objet'
		FROM passage p
		LEFT JOIN dossier d ON 'dossier/' || d.id = p.objet
		LEFT JOIN lot l ON 'lot/' || l.id = p.objet
		LEFT JOIN compte c ON 'compte/' || c.id = p.objet
		LEFT JOIN indu i ON 'indu/' || i.id = p.objet
		WHERE p.rang = 1 AND d.id IS NULL AND l.id IS NULL AND c.id IS NULL AND i.id IS NULL AND ($1::text[] IS NULL OR p.objet = ANY ($1))`},

	// I24
	{"I24", "", `
		SELECT 'dossier/' || p.dossier, 'la pièce ' || p.titre || ' (' || p.id || ') n’a pas de fichier'
		FROM piece p LEFT JOIN fichier f ON f.empreinte = p.empreinte
		WHERE f.empreinte IS NULL AND ($1::text[] IS NULL OR 'dossier/' || p.dossier = ANY ($1))`},
}
