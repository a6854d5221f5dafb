-- +goose Up
-- 1. What the engine remembers of each run of a procedure, copied before its retention ends or a reset: the audit and the
-- replay outlive it. Ids, codes, dates and amounts, as in the engine; octets is JSON compressed with gzip.
CREATE TABLE histoire (
    objet      text NOT NULL,
    run        text NOT NULL,
    statut     text NOT NULL,
    ouverte    boolean NOT NULL, -- the run went on after this copy: a longer one replaces it
    debut      timestamptz NOT NULL,
    fin        timestamptz,
    evenements integer NOT NULL CHECK (evenements > 0),
    octets     bytea NOT NULL,
    empreinte  text NOT NULL, -- sha256 of octets
    build      text NOT NULL,
    gardee_le  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (objet, run),
    CONSTRAINT histoire_bornee CHECK (octet_length(octets) <= 8388608),
    CONSTRAINT histoire_finie CHECK (ouverte OR fin IS NOT NULL)
);
ALTER TABLE histoire ALTER COLUMN octets SET STORAGE EXTERNAL; -- compressed already

-- 2. How far the histories of each object that moved have been kept, and when to look again.
CREATE TABLE histoire_suivi (
    objet    text PRIMARY KEY,
    etat     text NOT NULL DEFAULT 'ATTEND',
    rang     bigint NOT NULL, -- of its last passage, when it was noted
    essais   integer NOT NULL DEFAULT 0,
    prochain timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT histoire_suivi_etat CHECK (etat IN ('ATTEND', 'GARDEE', 'ABSENTE', 'TROP_GRANDE', 'SEMEE'))
);
CREATE INDEX histoire_suivi_tour ON histoire_suivi (prochain) WHERE etat = 'ATTEND';

-- 3. Until when the journal was looked through for objects that moved (by passage_inscrit). depuis: what ended before has no
-- history, and needs none.
CREATE TABLE histoire_borne (
    seule  boolean PRIMARY KEY DEFAULT true CHECK (seule),
    depuis timestamptz NOT NULL DEFAULT clock_timestamp(),
    vu_le  timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO histoire_borne DEFAULT VALUES;

-- 4. Replays asked from the console: of one object, or of a class before a deploy. The worker does them; battement says that
-- one is at it.
CREATE TABLE rejeu (
    id          uuid PRIMARY KEY, -- of the form that asked: sent twice, it is one replay
    objet       text NOT NULL DEFAULT '', -- '' for a class
    etapes      text[] NOT NULL DEFAULT '{}', -- états of the class, none for every open dossier
    echantillon integer NOT NULL DEFAULT 0 CHECK (echantillon >= 0), -- dossiers of each état, 0 for all
    etat        text NOT NULL DEFAULT 'DEMANDE',
    personne    text NOT NULL,
    nom         text NOT NULL,
    demande_le  timestamptz NOT NULL,
    battement   timestamptz,
    fini_le     timestamptz,
    build       text NOT NULL DEFAULT '',
    raison      text NOT NULL DEFAULT '',
    bilan       jsonb NOT NULL DEFAULT '{}',
    runs        jsonb NOT NULL DEFAULT '[]', -- verdicts of the runs of one object
    CONSTRAINT rejeu_etat CHECK (etat IN ('DEMANDE', 'EN_COURS', 'FINI', 'ECHOUE'))
);
CREATE INDEX rejeu_liste ON rejeu (demande_le DESC, id);
CREATE INDEX rejeu_a_faire ON rejeu (demande_le) WHERE etat IN ('DEMANDE', 'EN_COURS');
