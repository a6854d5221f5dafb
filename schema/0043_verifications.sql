-- +goose Up
-- The verifications of the whole base: each night, or asked from the console. What each found is kept; battement says that a
-- worker is at it. One at a time: two would read the same base twice and say the same.
CREATE TABLE verification (
    id             uuid PRIMARY KEY, -- of the form that asked, or of the night
    origine        text NOT NULL,
    personne       text NOT NULL DEFAULT '',
    nom            text NOT NULL DEFAULT '',
    etat           text NOT NULL DEFAULT 'DEMANDEE',
    demandee_le    timestamptz NOT NULL,
    commencee_le   timestamptz,
    battement      timestamptz,
    finie_le       timestamptz,
    etape          text NOT NULL DEFAULT '',
    fait           bigint NOT NULL DEFAULT 0,
    total          bigint NOT NULL DEFAULT 0,
    examines       bigint NOT NULL DEFAULT 0,
    tenus          integer NOT NULL DEFAULT 0,
    rompus         integer NOT NULL DEFAULT 0,
    non_verifiables integer NOT NULL DEFAULT 0,
    resultats      jsonb NOT NULL DEFAULT '[]',
    raison         text NOT NULL DEFAULT '',
    CONSTRAINT verification_origine CHECK (origine IN ('NUIT', 'AGENT')),
    CONSTRAINT verification_etat CHECK (etat IN ('DEMANDEE', 'EN_COURS', 'FINIE', 'ECHOUEE'))
);
CREATE INDEX verification_liste ON verification (demandee_le DESC, id);
CREATE UNIQUE INDEX verification_seule ON verification ((true)) WHERE etat IN ('DEMANDEE', 'EN_COURS');
