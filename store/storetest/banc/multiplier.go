package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// copiesMax is how many times a set of real lives may be copied: the numbers of the
// copies stay apart.
const copiesMax = 99

// dependances are the tables that are copied, with what a copy k of a row x of
// theirs is. A copy has its own ids, numbers, SIRETs, names and instants, and the
// lives of the row that it was copied from: the volume is true, the people are not.
// Journals, actes, letters and ledger are not copied: no list reads them. The demo
// organisations, whose SIREN begins with 999, are themselves in every copy.
var dependances = []string{
	`INSERT INTO entreprise (siren, nom, idcc, effectif, code_adherent, masse_salariale, adherente, a_jour, alsace_moselle, iban, email)
	 SELECT t.neuf, nom || ' ' || initcap(t.mot), idcc, effectif, code_adherent, masse_salariale, adherente, a_jour, alsace_moselle, iban, email
	 FROM entreprise x JOIN copie_tiers t ON t.ancien = x.siren`,
	`INSERT INTO organisme (siren, nom, nda, nda_active, tva, suspendu, subrogation_autorisee, iban, email)
	 SELECT t.neuf, nom || ' ' || initcap(t.mot), nda, nda_active, tva, suspendu, subrogation_autorisee, iban, email
	 FROM organisme x JOIN copie_tiers t ON t.ancien = x.siren`,
	`INSERT INTO etablissement (siret, siren, nom, adresse, code_postal, ville, rang)
	 SELECT t.neuf, left(t.neuf, 9), nom || ' ' || initcap(t.mot), adresse, code_postal, ville, rang
	 FROM etablissement x JOIN copie_tiers t ON t.ancien = x.siret`,
	`INSERT INTO dossier (id, numero, etat, rang, version, etablissement, siren, organisme, entreprise_nom, organisme_nom, idcc, intitule, debut, fin,
	        depose_le, demande, accorde, engage, accepte, paye, instructeur, instructeur_nom, limite, prochaine_echeance, resume, contenu, recherche,
	        cree_le, modifie_le, attend_de, attend_avant, paye_a)
	 SELECT copie_id(x.id::text, g.k), n.numero, etat, rang, version, COALESCE(e.neuf, etablissement), left(COALESCE(e.neuf, etablissement), 9),
	        COALESCE(o.neuf, organisme), concat_ws(' ', entreprise_nom, initcap(e.mot)), concat_ws(' ', organisme_nom, initcap(o.mot)),
	        idcc, intitule, debut, fin, depose_le - g.k * interval '11 minutes', demande, accorde, engage, accepte, paye,
	        CASE instructeur WHEN '' THEN '' ELSE instructeur || '-' || g.k % 50 END, instructeur_nom, limite, prochaine_echeance, resume, contenu,
	        concat_ws(' ', replace(replace(replace(recherche, lower(replace(x.numero, '-', ' ')), lower(replace(n.numero, '-', ' '))), etablissement,
	            COALESCE(e.neuf, etablissement)), organisme, COALESCE(o.neuf, organisme)), e.mot, o.mot),
	        cree_le - g.k * interval '11 minutes', modifie_le, attend_de, attend_avant, paye_a
	 FROM dossier x CROSS JOIN generate_series($1::int, $2::int) g(k) CROSS JOIN LATERAL (SELECT copie_numero(x.numero, g.k) AS numero) n
	 LEFT JOIN copie_tiers e ON e.ancien = x.etablissement AND e.k = g.k LEFT JOIN copie_tiers o ON o.ancien = x.organisme AND o.k = g.k`,
	`INSERT INTO stagiaire (dossier, id, nom, prenom, ne_le, cle, du, au)
	 SELECT copie_id(x.dossier::text, g.k), x.id, x.nom, x.prenom, x.ne_le, x.cle, x.du, x.au
	 FROM stagiaire x CROSS JOIN generate_series($1::int, $2::int) g(k)`,
	`INSERT INTO facture (id, dossier, numero, emetteur, etat, motif, phrase, total_ht, approuve, non_approuve, recue_le, echeance_le)
	 SELECT copie_id(x.id, g.k)::text, copie_id(x.dossier::text, g.k), x.numero, COALESCE(t.neuf, x.emetteur), x.etat, x.motif, x.phrase, x.total_ht, x.approuve,
	        x.non_approuve, x.recue_le, x.echeance_le
	 FROM facture x CROSS JOIN generate_series($1::int, $2::int) g(k) LEFT JOIN copie_tiers t ON t.ancien = x.emetteur AND t.k = g.k`,
	`INSERT INTO reglement (id, numero, dossier, facture, tentative, precedent, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, lot,
	        end_to_end_id, motif, execute_le, instruit_par, modifie_le, organisme, pointe, remplace)
	 SELECT copie_id(x.id, g.k)::text, x.numero || '-' || g.k, copie_id(x.dossier::text, g.k), copie_id(x.facture, g.k)::text, x.tentative,
	        CASE WHEN x.precedent IS NOT NULL THEN copie_id(x.precedent, g.k)::text END, x.montant, x.parts, COALESCE(t.neuf, x.beneficiaire),
	        x.beneficiaire_nom, x.iban, x.echeance, x.etat, x.lot, x.numero || '-' || g.k, x.motif, x.execute_le, x.instruit_par, x.modifie_le,
	        CASE x.organisme WHEN '' THEN '' ELSE COALESCE(t.neuf, x.organisme) END, x.pointe, x.remplace
	 FROM reglement x CROSS JOIN generate_series($1::int, $2::int) g(k) LEFT JOIN copie_tiers t ON t.ancien = x.beneficiaire AND t.k = g.k`,
}

// fonctions name the copies. A SIREN of the set begins with 998; that of a copy
// with 8 and its number. A number is multiplied, so that those of two copies never
// meet. Words are drawn among 8,000, as the names of companies are many.
const fonctions = `
CREATE OR REPLACE FUNCTION copie_id(id text, k int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(id || '/' || k)::uuid $$;
CREATE OR REPLACE FUNCTION copie_cle(n text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT n || (10 - sum(c / 10 + c % 10) % 10) % 10
    FROM (SELECT substr(n, i, 1)::int * (1 + (length(n) - i + 1) % 2) AS c FROM generate_series(1, length(n)) i) x $$;
CREATE OR REPLACE FUNCTION copie_siren(s text, k int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE siren text := copie_cle('8' || lpad(k::text, 2, '0') || substr(s, 4, 5));
BEGIN
    RETURN CASE length(s) WHEN 9 THEN siren ELSE copie_cle(siren || substr(s, 10, 4)) END;
END $$;
CREATE OR REPLACE FUNCTION copie_numero(n text, k int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE n WHEN '' THEN '' ELSE left(n, 5) || lpad((substr(n, 6)::int * 100 + k + 20000)::text, 6, '0') END $$;
CREATE OR REPLACE FUNCTION copie_mot(s text, k int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg((ARRAY ['ba','ce','di','fo','gu','la','me','ni','po','ru','sa','te','vi','xo','zu','bri','cha','dre','flo','gra'])
        [1 + get_byte(decode(md5(s || '/' || k), 'hex'), i) % 20], '' ORDER BY i) FROM generate_series(0, 2) i $$;`

// tiers names the companies and the organismes of the copies, once each: a dossier
// finds theirs there.
const tiers = `
	CREATE TEMP TABLE copie_tiers AS
	SELECT x.ancien, k, copie_siren(x.ancien, k) AS neuf, copie_mot(left(x.ancien, 9), k) AS mot
	FROM (SELECT siren FROM entreprise UNION SELECT siren FROM organisme UNION SELECT siret FROM etablissement) x(ancien)
	CROSS JOIN generate_series($1::int, $2::int) k WHERE x.ancien LIKE '998%'`

// derives are the tables that the triggers keep: filled at once, as the migration
// that made them does (schema/0014_listes.sql, 0026_vitesse.sql, 0039_vitesse.sql).
var derives = []string{
	`TRUNCATE dossier_mot, dossier_file, dossier_file_mot, dossier_compte`,
	`INSERT INTO dossier_mot (dossier, mot, cree_le, etablissement, organisme, envoye)
	 SELECT d.id, m, d.cree_le, d.etablissement, d.organisme, d.etat <> 'BROUILLON'
	 FROM dossier d CROSS JOIN unnest(mots_de(d.recherche)) m WHERE d.etat <> 'SUPPRIME'`,
	`INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur, idcc)
	 SELECT d.id, x.file, x.n, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur, d.idcc
	 FROM dossier d CROSS JOIN LATERAL (VALUES
	     ('factures', (SELECT count(*) FROM facture f WHERE f.dossier = d.id AND facture_a_traiter(f.etat))),
	     ('paiement', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')),
	     ('rejets', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND reglement_rejete(r.etat)
	         AND NOT EXISTS (SELECT 1 FROM reglement s WHERE s.precedent = r.id)))) AS x(file, n)
	 WHERE EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id)`,
	`INSERT INTO dossier_file_mot SELECT * FROM dossier_file_mot_reel`,
	`INSERT INTO dossier_compte (portee, code, n, tasse) SELECT portee, code, n, true FROM dossier_compte_reel`,
}

// tablesCopiees lose their indexes while they are filled.
var tablesCopiees = `'entreprise', 'organisme', 'etablissement', 'dossier', 'stagiaire', 'facture', 'reglement', 'dossier_mot', 'dossier_file', 'dossier_compte'`

// grandes makes two great readers before the set is copied, so that the largest
// grow as the base does: one dossier in twenty goes to one organisme, one in a
// hundred to one company. Both have a demo account: their pages are measured too.
var grandes = []string{
	`UPDATE dossier SET recherche = replace(recherche, organisme, '` + grandOrganisme + `'), organisme = '` + grandOrganisme + `'
	 WHERE get_byte(uuid_send(id), 3) % 20 = 0 AND organisme LIKE '998%'`,
	`UPDATE dossier SET recherche = replace(recherche, etablissement, '` + grandeEntreprise + `') || ' atelier numerique sorbier',
	        etablissement = '` + grandeEntreprise + `', siren = left('` + grandeEntreprise + `', 9), entreprise_nom = 'Atelier Numérique Sorbier'
	 WHERE get_byte(uuid_send(id), 2) % 100 = 0 AND etablissement LIKE '998%'`,
	`UPDATE reglement r SET beneficiaire = d.organisme, organisme = d.organisme
	 FROM dossier d WHERE d.id = r.dossier AND d.organisme = '` + grandOrganisme + `' AND r.organisme NOT IN ('', d.organisme)`,
}

// multiplier copies the set of real lives n times. The tables are filled without
// their indexes, which are made afterwards.
func multiplier(ctx context.Context, db *sql.DB, n int, log *slog.Logger) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	debut := time.Now()
	faire := func(q string, args ...any) error {
		if _, err := c.ExecContext(ctx, q, args...); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
		log.InfoContext(ctx, "filling", "what", strings.Join(strings.Fields(fmt.Sprintf("%.60s", q)), " "), "since", time.Since(debut).Round(time.Second))
		return nil
	}
	tout := func(qs []string, args ...any) error {
		for _, q := range qs {
			if err := faire(q, args...); err != nil {
				return err
			}
		}
		return nil
	}
	reglages := []string{`SET session_replication_role = replica`, `SET maintenance_work_mem = '1GB'`, `SET work_mem = '256MB'`, `SET jit = off`, fonctions}
	if err := tout(append(reglages, grandes...)); err != nil {
		return err
	}
	oter, remettre, err := indexDe(ctx, c)
	if err != nil {
		return err
	}
	if err := tout(append(oter, derives[0])); err != nil {
		return err
	}
	if n > 0 {
		if err := faire(tiers, 1, n); err != nil {
			return err
		}
		for _, q := range dependances {
			args := []any{1, n}
			if !strings.Contains(q, "$1") {
				args = nil
			}
			if err := faire(q, args...); err != nil {
				return err
			}
		}
	}
	suites := slices.Concat(derives[1:2], remettre, derives[2:]) // the queues are read through the indexes
	return tout(append(suites, `VACUUM (ANALYZE)`))
}

// indexDe lists what takes away the indexes of the tables that are filled, and what
// makes them again. The keys that others refer to stay.
func indexDe(ctx context.Context, c *sql.Conn) (oter, remettre []string, err error) {
	rs, err := c.QueryContext(ctx, `
		SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes i WHERE schemaname = 'public' AND tablename IN (`+tablesCopiees+`)
		  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)
		UNION ALL
		SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
		       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE contype = 'p' AND conrelid IN ('dossier_mot'::regclass, 'dossier_file'::regclass)`)
	if err != nil {
		return nil, nil, err
	}
	defer rs.Close()
	for rs.Next() {
		var o, r string
		if err := rs.Scan(&o, &r); err != nil {
			return nil, nil, err
		}
		oter, remettre = append(oter, o), append(remettre, r)
	}
	return oter, remettre, rs.Err()
}

// The great readers: an établissement of the organisme OF1 and one of the company E1,
// of the demo set.
const (
	grandOrganisme   = "99900136500017"
	grandeEntreprise = "99900101900010"
)
