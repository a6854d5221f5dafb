package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// copiesMax is how many times a set of real lives may be copied: the numbers of the
// copies stay apart.
const copiesMax = 99

// dependances are the tables that are copied, with what a copy k of a row x of
// theirs is. A copy has its own ids, numbers, SIRETs, names and instants, and the
// lives of the row that it was copied from: the volume is true, the people are not.
// Journals, actes, letters and ledger are not copied: no list reads them.
var dependances = []string{
	`INSERT INTO entreprise (siren, nom, idcc, effectif, code_adherent, masse_salariale, adherente, a_jour, alsace_moselle, iban, email)
	 SELECT copie_siren(siren, k), nom || ' ' || initcap(copie_mot(siren, k)), idcc, effectif, code_adherent, masse_salariale, adherente, a_jour,
	        alsace_moselle, iban, email
	 FROM entreprise CROSS JOIN generate_series($1::int, $2::int) k WHERE siren LIKE '998%'`,
	`INSERT INTO organisme (siren, nom, nda, nda_active, tva, suspendu, subrogation_autorisee, iban, email)
	 SELECT copie_siren(siren, k), nom || ' ' || initcap(copie_mot(siren, k)), nda, nda_active, tva, suspendu, subrogation_autorisee, iban, email
	 FROM organisme CROSS JOIN generate_series($1::int, $2::int) k WHERE siren LIKE '998%'`,
	`INSERT INTO etablissement (siret, siren, nom, adresse, code_postal, ville, rang)
	 SELECT copie_siren(siret, k), copie_siren(siren, k), nom || ' ' || initcap(copie_mot(siren, k)), adresse, code_postal, ville, rang
	 FROM etablissement CROSS JOIN generate_series($1::int, $2::int) k WHERE siren LIKE '998%'`,
	`INSERT INTO dossier (id, numero, etat, rang, version, etablissement, siren, organisme, entreprise_nom, organisme_nom, idcc, intitule, debut, fin,
	        depose_le, demande, accorde, engage, accepte, paye, instructeur, instructeur_nom, limite, prochaine_echeance, resume, contenu, recherche,
	        cree_le, modifie_le)
	 SELECT copie_id(id::text, k), copie_numero(numero, k), etat, rang, version, copie_siren(etablissement, k), copie_siren(siren, k),
	        copie_siren(organisme, k), entreprise_nom || ' ' || initcap(copie_mot(siren, k)), organisme_nom || ' ' || initcap(copie_mot(left(organisme, 9), k)),
	        idcc, intitule, debut, fin, depose_le - k * interval '11 minutes', demande, accorde, engage, accepte, paye,
	        CASE instructeur WHEN '' THEN '' ELSE instructeur || '-' || k % 50 END, instructeur_nom, limite, prochaine_echeance, resume, contenu,
	        replace(replace(replace(recherche, lower(replace(numero, '-', ' ')), lower(replace(copie_numero(numero, k), '-', ' '))), etablissement,
	            copie_siren(etablissement, k)), organisme, copie_siren(organisme, k)) || ' ' || copie_mot(siren, k) || ' ' || copie_mot(left(organisme, 9), k),
	        cree_le - k * interval '11 minutes', modifie_le
	 FROM dossier CROSS JOIN generate_series($1::int, $2::int) k WHERE etablissement LIKE '998%'`,
	`INSERT INTO stagiaire (dossier, id, nom, prenom, ne_le, cle, du, au)
	 SELECT copie_id(x.dossier::text, k), x.id, x.nom, x.prenom, x.ne_le, x.cle, x.du, x.au
	 FROM stagiaire x JOIN dossier d ON d.id = x.dossier CROSS JOIN generate_series($1::int, $2::int) k WHERE d.etablissement LIKE '998%'`,
	`INSERT INTO facture (id, dossier, numero, emetteur, etat, motif, phrase, total_ht, approuve, non_approuve, recue_le, echeance_le)
	 SELECT copie_id(f.id, k)::text, copie_id(f.dossier::text, k), f.numero, copie_siren(f.emetteur, k), f.etat, f.motif, f.phrase, f.total_ht, f.approuve,
	        f.non_approuve, f.recue_le, f.echeance_le
	 FROM facture f JOIN dossier d ON d.id = f.dossier CROSS JOIN generate_series($1::int, $2::int) k WHERE d.etablissement LIKE '998%'`,
	`INSERT INTO reglement (id, numero, dossier, facture, tentative, precedent, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, lot,
	        end_to_end_id, motif, execute_le, instruit_par, modifie_le)
	 SELECT copie_id(r.id, k)::text, r.numero || '-' || k, copie_id(r.dossier::text, k), copie_id(r.facture, k)::text, r.tentative,
	        CASE WHEN r.precedent IS NOT NULL THEN copie_id(r.precedent, k)::text END, r.montant, r.parts, copie_siren(r.beneficiaire, k),
	        r.beneficiaire_nom, r.iban, r.echeance, r.etat, r.lot, r.numero || '-' || k, r.motif, r.execute_le, r.instruit_par, r.modifie_le
	 FROM reglement r JOIN dossier d ON d.id = r.dossier CROSS JOIN generate_series($1::int, $2::int) k WHERE d.etablissement LIKE '998%'`,
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
DECLARE siren text;
BEGIN
    IF s NOT LIKE '998%' THEN
        RETURN s;
    END IF;
    siren := copie_cle('8' || lpad(k::text, 2, '0') || substr(s, 4, 5));
    RETURN CASE length(s) WHEN 9 THEN siren ELSE copie_cle(siren || substr(s, 10, 4)) END;
END $$;
CREATE OR REPLACE FUNCTION copie_numero(n text, k int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE n WHEN '' THEN '' ELSE left(n, 5) || lpad((substr(n, 6)::int * 100 + k + 20000)::text, 6, '0') END $$;
CREATE OR REPLACE FUNCTION copie_mot(s text, k int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg((ARRAY ['ba','ce','di','fo','gu','la','me','ni','po','ru','sa','te','vi','xo','zu','bri','cha','dre','flo','gra'])
        [1 + get_byte(decode(md5(s || '/' || k), 'hex'), i) % 20], '' ORDER BY i) FROM generate_series(0, 2) i $$;`

// derives are the tables that the triggers keep: filled at once, as the migration
// that made them does (schema/0014_listes.sql).
var derives = []string{
	`TRUNCATE dossier_mot, dossier_file, dossier_compte`,
	`INSERT INTO dossier_mot (dossier, mot, cree_le, etablissement, organisme, envoye)
	 SELECT d.id, m, d.cree_le, d.etablissement, d.organisme, d.etat <> 'BROUILLON'
	 FROM dossier d CROSS JOIN unnest(mots_de(d.recherche)) m WHERE d.etat <> 'SUPPRIME'`,
	`INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur)
	 SELECT d.id, x.file, x.n, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur
	 FROM dossier d CROSS JOIN LATERAL (VALUES
	     ('factures', (SELECT count(*) FROM facture f WHERE f.dossier = d.id AND facture_a_traiter(f.etat))),
	     ('paiement', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')),
	     ('rejets', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND reglement_rejete(r.etat)
	         AND NOT EXISTS (SELECT 1 FROM reglement s WHERE s.precedent = r.id)))) AS x(file, n)
	 WHERE EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id)`,
	`INSERT INTO dossier_compte (portee, code, n, tasse)
	 SELECT p, d.etat, count(*), true
	 FROM dossier d CROSS JOIN unnest(portees_de(d.etat, d.etablissement, d.organisme, d.instructeur)) p GROUP BY 1, 2`,
	`INSERT INTO dossier_compte (portee, code, n, tasse)
	 SELECT p, 'file:' || q.file, count(*), true
	 FROM dossier_file q CROSS JOIN unnest(portees_de('', q.etablissement, q.organisme, q.instructeur)) p WHERE q.n > 0 GROUP BY 1, 2`,
}

// tablesCopiees lose their indexes while they are filled.
var tablesCopiees = `'entreprise', 'organisme', 'etablissement', 'dossier', 'stagiaire', 'facture', 'reglement', 'dossier_mot', 'dossier_file', 'dossier_compte'`

// multiplier copies the set of real lives n times. One dossier in twenty goes to one
// great organisme before that, so that the largest reader grows as the base does.
func multiplier(ctx context.Context, db *sql.DB, n int, log *slog.Logger) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	faire := func(q string, args ...any) error {
		if _, err := c.ExecContext(ctx, q, args...); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
		return nil
	}
	for _, q := range []string{`SET session_replication_role = replica`, `SET maintenance_work_mem = '1GB'`, `SET work_mem = '256MB'`, `SET jit = off`, fonctions,
		`UPDATE dossier SET recherche = replace(recherche, organisme, '` + grandOrganisme + `'), organisme = '` + grandOrganisme + `'
		 WHERE get_byte(uuid_send(id), 3) % 20 = 0 AND organisme LIKE '998%'`} {
		if err := faire(q); err != nil {
			return err
		}
	}
	var index []string
	rs, err := c.QueryContext(ctx, `
		SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = 'public' AND tablename IN (`+tablesCopiees+`)
		  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)`)
	if err != nil {
		return err
	}
	var noms []string
	for rs.Next() {
		var nom, def string
		if err := rs.Scan(&nom, &def); err != nil {
			return err
		}
		noms, index = append(noms, nom), append(index, def)
	}
	if err := rs.Close(); err != nil {
		return err
	}
	for _, nom := range noms {
		if err := faire(`DROP INDEX ` + nom); err != nil {
			return err
		}
	}
	debut := time.Now()
	if n > 0 {
		for _, q := range dependances {
			if err := faire(q, 1, n); err != nil {
				return err
			}
			log.InfoContext(ctx, "copied", "what", fmt.Sprintf("%.40s", q), "since", time.Since(debut).Round(time.Second))
		}
	}
	suites := slices.Concat(derives[:2], index, derives[2:]) // the queues are read through the indexes
	for _, q := range suites {
		if err := faire(q); err != nil {
			return err
		}
		log.InfoContext(ctx, "derived", "what", fmt.Sprintf("%.60s", q), "since", time.Since(debut).Round(time.Second))
	}
	return faire(`VACUUM (ANALYZE)`)
}

// grandOrganisme is the organisme that one dossier in twenty names.
const grandOrganisme = "79999999900018"
