-- +goose Up
-- That the payment file of a lot is about to appear in the folder of the bank, written and committed before it does
-- (domain.md 2.7 bis, « inconnu »; reliability.md I5). From then on a file that is not there any more is never one that
-- never left: it may have been fetched, moved away, or be on a mount that fell. A mark is never taken back.
-- It names its lot without a foreign key: it is written while the sending itself holds the row of the lot.
CREATE TABLE depart_lot (
    lot       text PRIMARY KEY CHECK (lot <> ''),
    empreinte text NOT NULL CHECK (empreinte ~ '^[0-9a-f]{64}$'),
    le        timestamptz NOT NULL
);
CREATE TRIGGER depart_lot_immuable BEFORE UPDATE OR DELETE ON depart_lot FOR EACH ROW EXECUTE FUNCTION journal_immuable();

-- What was on its way before marks were kept may have left.
INSERT INTO depart_lot (lot, empreinte, le)
SELECT id, empreinte, emis_le FROM lot WHERE etat IN ('EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE') AND emis_le IS NOT NULL AND empreinte ~ '^[0-9a-f]{64}$';

-- Two persons who act for the same absent one are one pair of eyes: neither vouches for the other (reliability.md 3.1).
ALTER TABLE rib
    ADD CONSTRAINT rib_levee_personnes_distinctes CHECK (rendu_pour = '' OR rendu_pour <> leve_pour),
    ADD CONSTRAINT rib_personnes_distinctes CHECK (
        (vu_pour = '' OR vu_pour NOT IN (propose_par, propose_pour))
        AND (valide_pour = '' OR valide_pour NOT IN (propose_par, propose_pour, vu_par, vu_pour)));

-- The règlements that are decided and not made yet, said once: for the list of an organisme and for what its page counts.
CREATE FUNCTION reglement_a_venir(etat text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT etat IN ('A_PAYER', 'PROPOSE', 'VALIDE', 'EMIS', 'ACCEPTE_BANQUE') $$;
CREATE OR REPLACE FUNCTION reglement_comptes(organisme text, etat text, pointe boolean, remplace boolean, echeance date, montant bigint)
RETURNS TABLE (portee text, code text, n bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT x.portee COLLATE "C", x.code || y.suite, y.n
    FROM (VALUES ('O:' || organisme, 'suivi:a_pointer', '', etat = 'EXECUTE' AND NOT pointe AND organisme <> ''),
                 ('O:' || organisme, 'suivi:a_venir', '', reglement_a_venir(etat) AND organisme <> ''),
                 ('caisse', 'a_payer', to_char(echeance, ':YYYY-MM-DD'), etat = 'A_PAYER'),
                 ('caisse', 'rejets', '', reglement_rejete(etat) AND NOT remplace)) AS x(portee, code, jour, compte)
    CROSS JOIN LATERAL (VALUES (x.jour, 1::bigint), ('_centimes' || x.jour, montant)) AS y(suite, n)
    WHERE x.compte $$;
