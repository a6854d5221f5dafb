-- +goose Up
-- The desk of the comptable and the figures of the house (domain.md 2.7, 5.3).

-- Rejections to treat, and what follows a règlement.
CREATE INDEX reglement_rejete ON reglement (modifie_le DESC, id DESC) WHERE etat IN ('REJETE_BANQUE', 'RETOURNE');
CREATE INDEX reglement_precedent ON reglement (precedent) WHERE precedent IS NOT NULL;
-- What the bank said of a lot, of a transfer.
CREATE INDEX entree_lot ON entree_bancaire (lot, cle) WHERE lot IS NOT NULL;
CREATE INDEX entree_e2e ON entree_bancaire (end_to_end_id);
CREATE INDEX retour_recent ON retour_bancaire (recu_le DESC, empreinte DESC);
CREATE INDEX lot_recent ON lot (cree_le DESC, id DESC);
-- Envelopes page by page, and the dossiers of one.
CREATE INDEX enveloppe_liste ON enveloppe (siren, annee, ordre, id);
CREATE INDEX solde_dossiers ON solde (enveloppe, dossier);
-- The load of each person and the deadlines to come: the dossiers that wait for the OPCO.
CREATE INDEX dossier_charge ON dossier (instructeur, limite)
    WHERE etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE');

-- One row for each thing that the house promises to measure (domain.md 5.3), written in the transaction of what it
-- measures: COMPLETUDE, whether a demande was complete when it was sent; DECISION, the calendar days from the complete
-- demande to its décision; PAIEMENT, those from an invoice to the execution of its règlement. Derived: mesurer_tout
-- makes the same rows again from the journal and the règlements.
CREATE TABLE mesure (
    genre       text NOT NULL,
    cle         text NOT NULL, -- id of the dossier or of the règlement
    jour        date NOT NULL, -- in Paris: of the judgement, of the décision, of the execution
    jours       integer NOT NULL,
    premier     boolean NOT NULL, -- complete at the first send
    idcc        text NOT NULL,
    instructeur text NOT NULL,
    instructeur_nom text NOT NULL,
    PRIMARY KEY (genre, cle),
    CONSTRAINT mesure_genre CHECK (genre IN ('COMPLETUDE', 'DECISION', 'PAIEMENT')),
    CONSTRAINT mesure_jours CHECK (jours >= 0)
);
CREATE INDEX mesure_jour ON mesure (genre, jour);

-- +goose StatementBegin
CREATE FUNCTION jour_paris(le timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (le AT TIME ZONE 'Europe/Paris')::date $$;

-- What the journal of one dossier measures. A demande is complete on the day of its last missing pièce, or of its dépôt
-- when nothing was asked for. The first décision counts.
CREATE FUNCTION mesurer_dossier(x uuid) RETURNS void LANGUAGE sql AS $$
    WITH d AS (SELECT id, 'dossier/' || id AS objet, depose_le, idcc, instructeur, instructeur_nom FROM dossier WHERE id = x),
    p AS (SELECT p.* FROM passage p JOIN d ON p.objet = d.objet WHERE p.verdict = 'applique' AND p.de <> p.vers),
    decision AS (SELECT rang, le FROM p WHERE type IN ('decider', 'valider') AND vers IN ('ACCORDEE', 'ACCORDEE_PARTIELLE', 'REFUSEE')
                 ORDER BY rang LIMIT 1),
    jugement AS (SELECT rang, le FROM p WHERE vers IN ('EN_INSTRUCTION', 'A_COMPLETER') ORDER BY rang LIMIT 1),
    complet AS (SELECT max(le) AS le FROM p WHERE de = 'A_COMPLETER' AND vers = 'EN_INSTRUCTION'
                AND rang < COALESCE((SELECT rang FROM decision), 9223372036854775807))
    INSERT INTO mesure (genre, cle, jour, jours, premier, idcc, instructeur, instructeur_nom)
    SELECT 'COMPLETUDE', d.id::text, jour_paris(j.le), 0, NOT EXISTS (SELECT 1 FROM p WHERE vers = 'A_COMPLETER'
               AND rang < COALESCE((SELECT rang FROM decision), 9223372036854775807)),
           d.idcc, d.instructeur, d.instructeur_nom
    FROM d, jugement j
    UNION ALL
    SELECT 'DECISION', d.id::text, jour_paris(n.le), greatest(0, jour_paris(n.le) - jour_paris(COALESCE(c.le, d.depose_le, n.le))),
           c.le IS NULL, d.idcc, d.instructeur, d.instructeur_nom
    FROM d, decision n, complet c
    ON CONFLICT (genre, cle) DO UPDATE SET jour = EXCLUDED.jour, jours = EXCLUDED.jours, premier = EXCLUDED.premier,
        idcc = EXCLUDED.idcc, instructeur = EXCLUDED.instructeur, instructeur_nom = EXCLUDED.instructeur_nom
$$;

-- What one règlement measures: nothing unless the bank has executed it and kept it so.
CREATE FUNCTION mesurer_reglement(x text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM mesure WHERE genre = 'PAIEMENT' AND cle = x
        AND NOT EXISTS (SELECT 1 FROM reglement r WHERE r.id = x AND r.etat = 'EXECUTE');
    INSERT INTO mesure (genre, cle, jour, jours, premier, idcc, instructeur, instructeur_nom)
    SELECT 'PAIEMENT', r.id, r.execute_le, greatest(0, r.execute_le - f.recue_le), true, d.idcc, d.instructeur, d.instructeur_nom
    FROM reglement r JOIN facture f ON f.id = r.facture JOIN dossier d ON d.id = r.dossier
    WHERE r.id = x AND r.etat = 'EXECUTE' AND r.execute_le IS NOT NULL
    ON CONFLICT (genre, cle) DO UPDATE SET jour = EXCLUDED.jour, jours = EXCLUDED.jours
$$;

-- Every measure again, for a base that had none and for the sets that are written by COPY.
CREATE FUNCTION mesurer_tout() RETURNS void LANGUAGE sql AS $$
    TRUNCATE mesure;
    WITH p AS (SELECT dossier_de(objet) AS id, rang, le, type, de, vers FROM passage
               WHERE objet LIKE 'dossier/%' AND verdict = 'applique' AND de <> vers
                 AND vers IN ('EN_INSTRUCTION', 'A_COMPLETER', 'ACCORDEE', 'ACCORDEE_PARTIELLE', 'REFUSEE')),
    n AS (SELECT DISTINCT ON (id) id, rang, le FROM p WHERE type IN ('decider', 'valider')
            AND vers IN ('ACCORDEE', 'ACCORDEE_PARTIELLE', 'REFUSEE') ORDER BY id, rang),
    j AS (SELECT p.id, min(p.le) FILTER (WHERE p.vers IN ('EN_INSTRUCTION', 'A_COMPLETER')) AS le,
                 COALESCE(bool_or(p.vers = 'A_COMPLETER'), false) AS incomplet,
                 max(p.le) FILTER (WHERE p.de = 'A_COMPLETER' AND p.vers = 'EN_INSTRUCTION') AS complet
          FROM p LEFT JOIN n ON n.id = p.id WHERE p.rang < COALESCE(n.rang, 9223372036854775807) GROUP BY p.id)
    INSERT INTO mesure (genre, cle, jour, jours, premier, idcc, instructeur, instructeur_nom)
    SELECT 'COMPLETUDE', d.id::text, jour_paris(j.le), 0, NOT j.incomplet, d.idcc, d.instructeur, d.instructeur_nom
    FROM j JOIN dossier d ON d.id = j.id WHERE j.le IS NOT NULL
    UNION ALL
    SELECT 'DECISION', d.id::text, jour_paris(n.le), greatest(0, jour_paris(n.le) - jour_paris(COALESCE(j.complet, d.depose_le, n.le))),
           j.complet IS NULL, d.idcc, d.instructeur, d.instructeur_nom
    FROM n JOIN dossier d ON d.id = n.id LEFT JOIN j ON j.id = n.id
    UNION ALL
    SELECT 'PAIEMENT', r.id, r.execute_le, greatest(0, r.execute_le - f.recue_le), true, d.idcc, d.instructeur, d.instructeur_nom
    FROM reglement r JOIN facture f ON f.id = r.facture JOIN dossier d ON d.id = r.dossier
    WHERE r.etat = 'EXECUTE' AND r.execute_le IS NOT NULL
$$;

CREATE FUNCTION mesurer_passage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mesurer_dossier(dossier_de(NEW.objet));
    RETURN NULL;
END $$;
CREATE FUNCTION mesurer_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mesurer_reglement(NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- At the end of the transaction, when the dossier says all that the step changed. A set that is written by COPY measures
-- itself once, at its end.
CREATE CONSTRAINT TRIGGER mesurer AFTER INSERT ON passage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.verdict = 'applique' AND NEW.de <> NEW.vers AND NEW.objet LIKE 'dossier/%'
      AND NEW.vers IN ('EN_INSTRUCTION', 'A_COMPLETER', 'ACCORDEE', 'ACCORDEE_PARTIELLE', 'REFUSEE')
      AND current_setting('guichet.semis', true) IS DISTINCT FROM 'oui')
    EXECUTE FUNCTION mesurer_passage();
CREATE CONSTRAINT TRIGGER mesurer AFTER INSERT OR UPDATE OF etat ON reglement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.etat IN ('EXECUTE', 'RETOURNE') AND current_setting('guichet.semis', true) IS DISTINCT FROM 'oui')
    EXECUTE FUNCTION mesurer_execution();

SELECT mesurer_tout();
