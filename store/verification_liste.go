package store

// filesReelles are the queues of money of each dossier that has an invoice, counted one by one.
const filesReelles = `
	SELECT d.id AS dossier, x.file, x.n, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur, d.idcc
	FROM dossier d CROSS JOIN LATERAL (VALUES
	    ('factures', (SELECT count(*) FROM facture f WHERE f.dossier = d.id AND facture_a_traiter(f.etat))),
	    ('paiement', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')),
	    ('rejets', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND reglement_rejete(r.etat)
	        AND NOT EXISTS (SELECT 1 FROM reglement s WHERE s.precedent = r.id)))) AS x(file, n)
	WHERE EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id)`

// reglementsReels are the règlements with what is written beside each for the counters, and what it is: whose
// it is, whether it was found in the accounts of its payee, whether another replaced it.
const reglementsReels = `
	SELECT r.id, r.dossier, r.numero, r.organisme, r.pointe, r.remplace, CASE WHEN d.organisme = r.beneficiaire THEN d.organisme ELSE '' END AS sien,
	       COALESCE(p.pointe, false) AS trouve, EXISTS (SELECT 1 FROM reglement x WHERE x.precedent = r.id) AS suivi
	FROM reglement r JOIN dossier d ON d.id = r.dossier LEFT JOIN pointage p ON p.reglement = r.id`

// requetesListes judge what triggers derive from dossiers, invoices and règlements
// for the lists and the menus (schema/0014_listes.sql, 0018_listes.sql, 0026_vitesse.sql,
// 0039_vitesse.sql): made again from these, it must be the same.
var requetesListes = []requeteInvariant{
	{"I37", `SELECT count(*) FROM dossier d WHERE ($1::text[] IS NULL OR 'dossier/' || d.id = ANY ($1))`, `
		SELECT 'dossier/' || dossier, 'la recherche ne connaît pas ce dossier sous ses mots : ' || string_agg(mot, ', ' ORDER BY mot)
		FROM (SELECT d.id AS dossier, x COLLATE "C" AS mot, d.cree_le, d.etablissement, d.organisme, d.etat <> 'BROUILLON' AS envoye
		      FROM dossier d CROSS JOIN unnest(mots_de(d.recherche)) x
		      WHERE d.etat <> 'SUPPRIME' AND ($1::text[] IS NULL OR 'dossier/' || d.id = ANY ($1))) a
		FULL JOIN (SELECT * FROM dossier_mot m WHERE $1::text[] IS NULL OR 'dossier/' || m.dossier = ANY ($1)) m USING (dossier, mot)
		WHERE (a.cree_le, a.etablissement, a.organisme, a.envoye) IS DISTINCT FROM (m.cree_le, m.etablissement, m.organisme, m.envoye)
		GROUP BY dossier`},
	{"I37", "", `
		SELECT 'dossier/' || dossier, 'la file « ' || file || ' » compte ' || COALESCE(q.n::text, 'aucune ligne') || ' au lieu de ' || COALESCE(a.n::text, 'aucune ligne') ||
		       CASE WHEN q.n = a.n THEN ', ou le range mal' ELSE '' END
		FROM (` + filesReelles + ` AND ($1::text[] IS NULL OR 'dossier/' || d.id = ANY ($1))) a
		FULL JOIN (SELECT * FROM dossier_file q WHERE $1::text[] IS NULL OR 'dossier/' || q.dossier = ANY ($1)) q USING (dossier, file)
		WHERE (a.n, a.ordre_limite, a.ordre_debut, a.ordre_enjeu, a.ordre_depot, a.etablissement, a.organisme, a.instructeur, a.idcc)
		    IS DISTINCT FROM (q.n, q.ordre_limite, q.ordre_debut, q.ordre_enjeu, q.ordre_depot, q.etablissement, q.organisme, q.instructeur, q.idcc)`},
	{"I37", "", `
		SELECT 'dossier/' || dossier, 'la recherche dans la file « ' || file || ' » ne le connaît pas, ou le range mal, sous : ' || string_agg(mot, ', ' ORDER BY mot)
		FROM (SELECT * FROM dossier_file_mot_reel r WHERE $1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1)) a
		FULL JOIN (SELECT * FROM dossier_file_mot m WHERE $1::text[] IS NULL OR 'dossier/' || m.dossier = ANY ($1)) m USING (dossier, file, mot)
		WHERE (a.ordre_limite, a.ordre_debut, a.ordre_enjeu, a.ordre_depot) IS DISTINCT FROM (m.ordre_limite, m.ordre_debut, m.ordre_enjeu, m.ordre_depot)
		GROUP BY dossier, file`},
	{"I37", "", `
		SELECT 'compteur/' || portee || '/' || code, 'le compteur dit ' || COALESCE(c.n, 0) || ', on en compte ' || COALESCE(a.n, 0)
		FROM dossier_compte_reel a
		FULL JOIN (SELECT portee, code, sum(n) AS n FROM dossier_compte GROUP BY 1, 2) c USING (portee, code)
		WHERE COALESCE(a.n, 0) <> COALESCE(c.n, 0) AND $1::text[] IS NULL`},
	{"I37", "", `
		SELECT 'dossier/' || dossier, 'le règlement ' || numero || ' est compté ' ||
		       CASE WHEN pointe <> trouve THEN 'comme si son pointage était autre' WHEN remplace <> suivi THEN 'comme si sa suite était autre'
		            ELSE 'chez « ' || organisme || ' »' END
		FROM (` + reglementsReels + ` WHERE $1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1)) x
		WHERE organisme <> sien OR pointe <> trouve OR remplace <> suivi`},
}
