package store

// requetesCourriers judge I23: what a step tells is in the outbox, was accepted by
// the mail server or visibly failed, and nothing is told of a step that never was.
var requetesCourriers = []requeteInvariant{
	{"I23", `SELECT count(*) FROM courrier c WHERE $1::text[] IS NULL OR c.objet = ANY ($1)`, `
		SELECT c.objet, 'le courrier « ' || c.evenement || ' » du rang ' || c.rang || ' annonce un passage qui n’existe pas'
		FROM courrier c LEFT JOIN passage p ON p.objet = c.objet AND p.rang = c.rang AND p.verdict = 'applique'
		WHERE c.objet LIKE 'dossier/%' AND c.rang > 0 AND p.objet IS NULL AND c.evenement <> 'MESSAGE_RECU' AND c.evenement NOT LIKE 'INDU_%'
		  AND ($1::text[] IS NULL OR c.objet = ANY ($1))`},
	{"I23", "", `
		SELECT c.objet, 'le courrier « ' || c.evenement || ' » du rang ' || c.rang || ' est « ' || c.etat || ' » sans ' ||
		       CASE c.etat WHEN 'ENVOYE' THEN 'référence ni date d’envoi' ELSE 'raison visible' END
		FROM courrier c
		WHERE (c.etat = 'ENVOYE' AND (c.message_id = '' OR c.envoye_le IS NULL) OR c.etat = 'REFUSE' AND btrim(c.erreur) = '')
		  AND c.donnees <> '{}' AND ($1::text[] IS NULL OR c.objet = ANY ($1))`},
	{"I23", "", `
		SELECT min(c.objet), 'le courriel ' || c.message_id || ' a servi à ' || count(*) || ' courriers'
		FROM courrier c
		WHERE c.message_id <> '' AND ($1::text[] IS NULL OR c.objet = ANY ($1))
		GROUP BY c.message_id HAVING count(*) > 1`},
	{"I23", "", `
		WITH attendus(type, vers, evenement) AS (VALUES
		    ('decider', 'ACCORDEE', 'ACCORD'), ('valider', 'ACCORDEE', 'ACCORD'), ('decider', 'ACCORDEE_PARTIELLE', 'ACCORD_PARTIEL'),
		    ('valider', 'ACCORDEE_PARTIELLE', 'ACCORD_PARTIEL'), ('decider', 'REFUSEE', 'REFUS'), ('valider', 'REFUSEE', 'REFUS'),
		    ('classer_sans_suite', 'SANS_SUITE', 'SANS_SUITE'), ('annuler', 'ANNULEE', 'ANNULATION'), ('cloturer', 'CLOTUREE', 'CLOTURE'),
		    ('confirmer_forclusion', 'CLOTUREE', 'FORCLUSION'))
		SELECT p.objet, 'le passage ' || p.rang || ' (« ' || p.type || ' ») n’a pas écrit à l’entreprise'
		FROM passage p JOIN attendus a ON a.type = p.type AND a.vers = p.vers
		LEFT JOIN courrier c ON c.objet = p.objet AND c.rang = p.rang AND c.evenement = a.evenement AND c.pour = 'entreprise'
		WHERE p.verdict = 'applique' AND p.de <> p.vers AND p.objet LIKE 'dossier/%' AND c.id IS NULL
		  AND ($1::text[] IS NULL OR p.objet = ANY ($1))`},
}
