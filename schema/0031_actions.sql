-- +goose Up
-- 1. What became of the dossiers of an action is kept on its row: whoever follows it reads one row, however many they are.
-- attend: not tried yet; applicable: tried, to do; ecarte: set aside by the trial; applique; refuse.
ALTER TABLE action_lot
    ADD COLUMN attend     bigint NOT NULL DEFAULT 0 CHECK (attend >= 0),
    ADD COLUMN applicable bigint NOT NULL DEFAULT 0 CHECK (applicable >= 0),
    ADD COLUMN ecarte     bigint NOT NULL DEFAULT 0 CHECK (ecarte >= 0),
    ADD COLUMN applique   bigint NOT NULL DEFAULT 0 CHECK (applique >= 0),
    ADD COLUMN refuse     bigint NOT NULL DEFAULT 0 CHECK (refuse >= 0);
UPDATE action_lot l SET attend = n.attend, applicable = n.applicable, ecarte = n.ecarte, applique = n.applique, refuse = n.refuse
FROM (SELECT lot, count(*) FILTER (WHERE etat = 'ATTEND') AS attend, count(*) FILTER (WHERE etat = 'APPLICABLE') AS applicable,
             count(*) FILTER (WHERE etat = 'ECARTE') AS ecarte, count(*) FILTER (WHERE etat = 'APPLIQUE') AS applique,
             count(*) FILTER (WHERE etat = 'REFUSE') AS refuse
      FROM action_lot_element GROUP BY lot) n
WHERE n.lot = l.id;

-- Its dossiers are taken in turn: those that nobody tried first, then those whose procedure had not answered, the oldest
-- first, so that a stuck one never comes before one that is not.
CREATE INDEX action_lot_element_tour ON action_lot_element (lot, etat, bail_le NULLS FIRST, n);

-- 2. Who outside the OPCO must act on a dossier ('entreprise', 'organisme', '' for nobody), until when, and who is paid:
-- what their home page asks of them is found without reading their other dossiers. NULL: not told yet, for a dossier of
-- before (the migration command tells it).
ALTER TABLE dossier ADD COLUMN attend_de text, ADD COLUMN attend_avant date, ADD COLUMN paye_a text;
CREATE INDEX dossier_attend_entreprise ON dossier (etablissement, (coalesce(attend_avant, 'infinity')), id) WHERE attend_de = 'entreprise';
CREATE INDEX dossier_attend_organisme ON dossier (organisme, (coalesce(attend_avant, 'infinity')), id) WHERE attend_de = 'organisme';
CREATE INDEX dossier_attend_inconnu ON dossier (id) WHERE attend_de IS NULL
    AND etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME', 'EN_REGLEMENT', 'REGLEE_PARTIELLEMENT');
