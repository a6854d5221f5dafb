-- +goose Up
-- 1. What is stuck, grouped by cause: a cause is a nature, a deed and a class of answers (opco.Cause), so that one outage is
-- one group however many dossiers are behind it. cause is '' until the round gives it, for a row that an older build wrote.
-- vu_le is when it was last seen failing; prochain_le when it is tried again by itself.
ALTER TABLE incident
    ADD COLUMN numero      bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN nature      text NOT NULL DEFAULT '',
    ADD COLUMN classe      text NOT NULL DEFAULT '',
    ADD COLUMN detail      text NOT NULL DEFAULT '',
    ADD COLUMN cause       text NOT NULL DEFAULT '',
    ADD COLUMN prochain_le timestamptz,
    ADD COLUMN executant   text NOT NULL DEFAULT '',
    ADD COLUMN version     text NOT NULL DEFAULT '',
    ADD COLUMN run         text NOT NULL DEFAULT '',
    ADD COLUMN vu_le       timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN dossier     uuid GENERATED ALWAYS AS (
        CASE WHEN objet ~ '^dossier/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN substr(objet, 9)::uuid END) STORED;
CREATE UNIQUE INDEX incident_numero ON incident (numero);
CREATE INDEX incident_ouvert ON incident (cause, ouvert_le, numero) WHERE clos_le IS NULL;
CREATE INDEX incident_activite ON incident (activite, id) WHERE clos_le IS NULL;
CREATE INDEX incident_objet ON incident (objet, ouvert_le DESC);
CREATE INDEX incident_recent ON incident (ouvert_le);

-- 2. The last round of what is stuck, one row: when it passed, what it knows of the engine, what it will look at again.
CREATE TABLE ronde (
    unique_ligne boolean PRIMARY KEY DEFAULT true CHECK (unique_ligne),
    passee_le    timestamptz,
    moteur       text NOT NULL DEFAULT '',   -- '' it answers, else what it said
    retards      text[] NOT NULL DEFAULT '{}', -- objects whose échéance had passed: late twice, they are stuck
    vides        text[] NOT NULL DEFAULT '{}', -- queues that no worker asked: a worker that starts asks before the next round
    arrets_le    timestamptz,                -- until when the procedures that ended were looked at
    dossier      uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000' -- the last whose journal was compared
);
INSERT INTO ronde DEFAULT VALUES;

-- The worker processes, each telling every few seconds that it is there: no sign, no worker.
CREATE TABLE executant (
    identite text PRIMARY KEY, -- process and machine
    version  text NOT NULL,    -- its build
    depuis   timestamptz NOT NULL DEFAULT clock_timestamp(),
    vu_le    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- 3. The mails that fail, few among all those that left.
CREATE INDEX courrier_echoue ON courrier (id) WHERE etat = 'A_ENVOYER' AND essais > 1;
CREATE INDEX courrier_refuse ON courrier (id) WHERE etat = 'REFUSE';

-- 4. The steps of a day, counted on the console: the journal only grows, so that a summary of its blocks is enough.
CREATE INDEX passage_inscrit ON passage USING brin (inscrit_le);
