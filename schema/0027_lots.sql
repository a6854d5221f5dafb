-- +goose Up
-- A lot of 120,000 lines (domain.md 2.7; reliability.md 4.3): its lines are rows, of which a step reads and writes those
-- that it moves; lot.contenu keeps what is said of the whole, and counts its lines by état.
CREATE TABLE lot_ligne (
    lot           text NOT NULL REFERENCES lot,
    reglement     text NOT NULL,
    numero        text NOT NULL COLLATE "C",
    virement      integer NOT NULL CHECK (virement > 0), -- rank of its transfer in the file
    end_to_end_id text NOT NULL,
    etat          text NOT NULL,
    montant       bigint NOT NULL CHECK (montant > 0),
    contenu       jsonb NOT NULL, -- the line as it was taken in, and what became of it
    PRIMARY KEY (lot, reglement)
);
CREATE INDEX lot_ligne_ordre ON lot_ligne (lot, virement, numero);
CREATE INDEX lot_ligne_virement ON lot_ligne (lot, end_to_end_id);

INSERT INTO lot_ligne (lot, reglement, numero, virement, end_to_end_id, etat, montant, contenu)
SELECT lot, reglement, numero, dense_rank() OVER (PARTITION BY lot ORDER BY premier), e2e, etat, montant, x
FROM (SELECT lot, reglement, numero, min(numero) OVER (PARTITION BY lot, e2e) AS premier, e2e, etat, montant, x
      FROM (SELECT l.id AS lot, x ->> 'reglement' AS reglement, (x ->> 'numero') COLLATE "C" AS numero,
                   COALESCE(NULLIF(x ->> 'end_to_end_id', ''), x ->> 'numero') AS e2e, x ->> 'etat' AS etat, (x ->> 'montant')::bigint AS montant, x
            FROM lot l CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(l.contenu -> 'lignes') WHEN 'array' THEN l.contenu -> 'lignes' ELSE '[]' END) x) a) b;
UPDATE lot_ligne SET contenu = contenu || jsonb_build_object('virement', virement, 'end_to_end_id', end_to_end_id);
UPDATE lot l SET contenu = (l.contenu - 'lignes') || jsonb_build_object(
    'reste', (SELECT COALESCE(jsonb_object_agg(e.etat, jsonb_build_object('nombre', e.n, 'somme', e.m)), '{}')
              FROM (SELECT etat, count(*) AS n, sum(montant)::bigint AS m FROM lot_ligne g WHERE g.lot = l.id GROUP BY etat) e),
    'transferts', (SELECT count(DISTINCT virement) FROM lot_ligne g WHERE g.lot = l.id),
    'plus_gros', (SELECT COALESCE(max(v.m), 0) FROM (SELECT sum(montant)::bigint AS m FROM lot_ligne g WHERE g.lot = l.id GROUP BY virement) v));

-- Beyond the délai the silence of the bank has an état of its own (R04, R05).
ALTER TABLE lot DROP CONSTRAINT lot_etat,
    ADD CONSTRAINT lot_etat CHECK (etat IN ('PROPOSE', 'VALIDE', 'EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE', 'ANNULE', 'EXPIRE'));

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION lot_valide_par() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE l lot%ROWTYPE; validations integer; responsable boolean;
BEGIN
    SELECT * INTO l FROM lot WHERE id = NEW.id;
    IF l.etat NOT IN ('VALIDE', 'EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE') THEN
        RETURN NULL;
    END IF;
    SELECT count(DISTINCT numero), COALESCE(bool_or(role = 'responsable'), false) INTO validations, responsable
    FROM lot_signature WHERE lot = l.id AND sens = 'VALIDE';
    IF validations < (CASE WHEN l.troisieme THEN 2 ELSE 1 END) OR l.troisieme AND NOT responsable THEN
        RAISE EXCEPTION 'lot % lacks a validation', l.id USING CONSTRAINT = 'lot_validations', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Files too long for one value: octets holds their first piece, these the following ones, in order.
CREATE TABLE fichier_bancaire_suite (
    lot    text NOT NULL REFERENCES fichier_bancaire ON DELETE CASCADE,
    rang   integer NOT NULL CHECK (rang > 0),
    octets bytea NOT NULL,
    PRIMARY KEY (lot, rang)
);
CREATE TABLE retour_bancaire_suite (
    retour text NOT NULL REFERENCES retour_bancaire,
    rang   integer NOT NULL CHECK (rang > 0),
    octets bytea NOT NULL,
    PRIMARY KEY (retour, rang)
);

-- A file of the bank is read by pieces; until fini one of its entries may not have been filed yet, and tranche says from
-- which piece to go on.
ALTER TABLE retour_bancaire ADD COLUMN fini boolean NOT NULL DEFAULT true, ADD COLUMN tranche integer NOT NULL DEFAULT 0,
    ADD COLUMN quarantaine integer NOT NULL DEFAULT 0;
CREATE INDEX retour_inacheve ON retour_bancaire (recu_le) WHERE NOT fini;

-- What an executed règlement measures, as before (schema/0013_comptabilite.sql), planned once a session: a day of payments
-- asks it 120,000 times.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION mesurer_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mesure WHERE genre = 'PAIEMENT' AND cle = NEW.id
        AND NOT EXISTS (SELECT 1 FROM reglement r WHERE r.id = NEW.id AND r.etat = 'EXECUTE');
    INSERT INTO mesure (genre, cle, jour, jours, premier, idcc, instructeur, instructeur_nom)
    SELECT 'PAIEMENT', r.id, r.execute_le, greatest(0, r.execute_le - f.recue_le), true, d.idcc, d.instructeur, d.instructeur_nom
    FROM reglement r JOIN facture f ON f.id = r.facture JOIN dossier d ON d.id = r.dossier
    WHERE r.id = NEW.id AND r.etat = 'EXECUTE' AND r.execute_le IS NOT NULL
    ON CONFLICT (genre, cle) DO UPDATE SET jour = EXCLUDED.jour, jours = EXCLUDED.jours;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION mesurer_reglement(text);
