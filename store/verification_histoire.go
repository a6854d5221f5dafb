package store

// requetesHistoires judge I29: what the engine will forget of a dossier that was closed is
// kept, and is what was kept. A dossier that has just closed is given the time to be copied,
// a day when the engine is away; the ones that were closed before copies were made have none.
var requetesHistoires = []requeteInvariant{
	{"I29", `SELECT count(*) FROM histoire h WHERE $1::text[] IS NULL OR h.objet = ANY ($1)`, `
		SELECT h.objet, 'l’histoire de l’exécution ' || h.run || ' n’est plus celle qui a été gardée'
		FROM histoire h
		WHERE h.empreinte <> encode(sha256(h.octets), 'hex') AND ($1::text[] IS NULL OR h.objet = ANY ($1))`},
	{"I29", "", `
		SELECT p.objet, d.numero || ' : ' || CASE s.etat
		           WHEN 'ABSENTE' THEN 'le moteur n’avait plus l’histoire de sa procédure quand elle a été cherchée'
		           WHEN 'TROP_GRANDE' THEN 'l’histoire de sa procédure est trop grande pour être gardée'
		           WHEN 'GARDEE' THEN 'l’histoire de sa procédure, notée comme gardée, n’y est plus'
		           ELSE 'clos, et l’histoire de sa procédure n’est pas gardée' END
		FROM dossier d
		JOIN LATERAL (SELECT objet, inscrit_le FROM passage WHERE objet = 'dossier/' || d.id ORDER BY rang DESC LIMIT 1) p ON true
		JOIN histoire_borne b ON p.inscrit_le > b.depuis
		LEFT JOIN histoire_suivi s ON s.objet = p.objet
		WHERE d.etat IN ('REFUSEE', 'SANS_SUITE', 'ANNULEE', 'CLOTUREE') AND ($1::text[] IS NULL OR p.objet = ANY ($1))
		  AND p.inscrit_le < clock_timestamp() - CASE WHEN s.etat = 'ATTEND' THEN interval '1 day' ELSE interval '15 minutes' END
		  AND CASE s.etat WHEN 'SEMEE' THEN false
		                  WHEN 'GARDEE' THEN NOT EXISTS (SELECT 1 FROM histoire h WHERE h.objet = p.objet AND NOT h.ouverte)
		                  ELSE true END`},
}
