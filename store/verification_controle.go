package store

// requetesControle hold the suspensions of the contrôle: each is the work of a person, is
// told, holds every règlement of its dossier, and is never forgotten in silence
// (domain.md 2.3 T30). A day is left to the worker for the incident of a review.
var requetesControle = []requeteInvariant{
	{"I38", `SELECT count(*) FROM signalement s WHERE ($1::text[] IS NULL OR 'dossier/' || s.dossier = ANY ($1))`, `
		SELECT 'dossier/' || COALESCE(s.dossier, x.dossier), CASE WHEN x.dossier IS NULL THEN 'le signalement dit le paiement suspendu, et rien ne le suspend'
		       ELSE 'le paiement est suspendu, et son signalement est ' || COALESCE(s.etat, 'absent') END
		FROM signalement s FULL JOIN dossier_suspendu x USING (dossier)
		WHERE (COALESCE(s.etat, '') = 'RETENU') <> (x.dossier IS NOT NULL)
		  AND ($1::text[] IS NULL OR 'dossier/' || COALESCE(s.dossier, x.dossier) = ANY ($1))`},
	{"I38", "", `
		SELECT 'dossier/' || x.dossier, 'le paiement est suspendu, et personne ne l’a décidé'
		FROM dossier_suspendu x
		WHERE NOT EXISTS (SELECT 1 FROM signalement_passage p WHERE p.dossier = x.dossier AND p.fait = 'retenir' AND p.le = x.depuis AND p.personne <> '')
		  AND ($1::text[] IS NULL OR 'dossier/' || x.dossier = ANY ($1))`},
	{"I38", "", `
		SELECT 'dossier/' || x.dossier, 'suspendu depuis le ' || (x.depuis AT TIME ZONE 'Europe/Paris')::date || ', à revoir le ' || x.revoir_le || ' : ni revu, ni incident'
		FROM dossier_suspendu x
		WHERE x.revoir_le + 1 < ((clock_timestamp() + make_interval(secs => (SELECT decalage_ns FROM horloge) / 1e9)) AT TIME ZONE 'Europe/Paris')::date
		  AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.objet = 'dossier/' || x.dossier AND i.activite = 'suspension' AND i.clos_le IS NULL)
		  AND ($1::text[] IS NULL OR 'dossier/' || x.dossier = ANY ($1))`},
	{"I38", "", `
		SELECT 'dossier/' || r.dossier, 'le règlement ' || r.numero || ' est parti dans le lot ' || l.id || ' alors que le dossier était suspendu'
		FROM dossier_suspendu x JOIN reglement r ON r.dossier = x.dossier JOIN lot l ON l.id = r.lot
		WHERE l.emis_le > x.depuis AND r.etat IN ('EMIS', 'ACCEPTE_BANQUE', 'EXECUTE') AND ($1::text[] IS NULL OR 'dossier/' || r.dossier = ANY ($1))`},
}
