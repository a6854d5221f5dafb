-- +goose Up
-- Searches that grew with the base: inside a queue, and by the number of an invoice.

-- 1. What is written in one piece with signs and digits (F-2026-0040, CMD-93365) is a word too, beside its parts, which
-- half of the house holds. Whoever writes a dossier writes these words from now on; here they join those that are there.
-- The other columns do not change: no trigger has anything to say but that of the words, which is done at once below.
CREATE TEMP TABLE colle ON COMMIT DROP AS
SELECT d.id AS dossier, array_agg(DISTINCT lower(translate(x[1], '-./_', '')) COLLATE "C") AS mots
FROM dossier d CROSS JOIN regexp_matches(concat_ws(' ', d.entreprise_nom, d.organisme_nom, d.intitule, d.contenu #>> '{demande,reference_client}',
        (SELECT string_agg(f.numero, ' ') FROM facture f WHERE f.dossier = d.id)),
    '(?<!\S)([A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)+)(?!\S)', 'g') x
WHERE d.etat <> 'SUPPRIME' AND x[1] ~ '[0-9]' GROUP BY 1;
ALTER TABLE dossier DISABLE TRIGGER USER;
UPDATE dossier d SET recherche = concat_ws(' ', d.recherche, array_to_string(c.mots, ' ')) FROM colle c WHERE c.dossier = d.id;
ALTER TABLE dossier ENABLE TRIGGER USER;
INSERT INTO dossier_mot (dossier, mot, cree_le, etablissement, organisme, envoye)
SELECT d.id, m, d.cree_le, d.etablissement, d.organisme, d.etat <> 'BROUILLON'
FROM colle c JOIN dossier d ON d.id = c.dossier CROSS JOIN unnest(mots_de(array_to_string(c.mots, ' '))) m
ON CONFLICT (dossier, mot) DO NOTHING;

-- 2. The words of the dossiers of a queue, in the order of the queue: a search in it is one walk along the index, for its
-- page as for its count, however many dossiers hold the word elsewhere. A dossier leaves it with its queue.
CREATE TABLE dossier_file_mot (
    dossier      uuid NOT NULL, -- without a foreign key, which would lock the dossier while a lot changes a queue
    file         text COLLATE "C" NOT NULL,
    mot          text COLLATE "C" NOT NULL,
    ordre_limite date NOT NULL,
    ordre_debut  date NOT NULL,
    ordre_enjeu  bigint NOT NULL,
    ordre_depot  timestamptz NOT NULL,
    PRIMARY KEY (dossier, file, mot)
);
ALTER TABLE dossier_file_mot ALTER mot SET STATISTICS 1000;

-- file_de is the queue of an état (domain.md 5.2); those of money are in dossier_file.
CREATE FUNCTION file_de(etat text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE etat WHEN 'TRANSMISE' THEN 'completude' WHEN 'EN_INSTRUCTION' THEN 'instruction' WHEN 'EN_VALIDATION' THEN 'validation'
        WHEN 'SF_EN_CONTROLE' THEN 'service_fait' WHEN 'A_COMPLETER' THEN 'a_completer' WHEN 'ATTENTE_SERVICE_FAIT' THEN 'a_completer'
        WHEN 'SF_NON_CONFORME' THEN 'a_completer' END $$;
-- What dossier_file_mot must be.
CREATE VIEW dossier_file_mot_reel AS
SELECT d.id AS dossier, x.file COLLATE "C" AS file, m COLLATE "C" AS mot, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot
FROM dossier d CROSS JOIN LATERAL (
    SELECT file_de(d.etat) WHERE file_de(d.etat) IS NOT NULL
    UNION ALL SELECT q.file FROM dossier_file q WHERE q.dossier = d.id AND q.n > 0) AS x(file)
CROSS JOIN LATERAL unnest(mots_de(d.recherche)) m
WHERE d.etat NOT IN ('BROUILLON', 'SUPPRIME');

-- +goose StatementBegin
-- A dossier changes: its rows of dossier_file are held first, so that a queue of money that changes meanwhile either is
-- seen here, or sees this.
CREATE FUNCTION dossier_tenir_files_mots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM dossier_file_mot WHERE dossier = OLD.id;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM FROM dossier_file WHERE dossier = NEW.id ORDER BY file FOR UPDATE;
        DELETE FROM dossier_file_mot m WHERE m.dossier = NEW.id AND NOT EXISTS (
            SELECT FROM dossier_file_mot_reel r WHERE r.dossier = NEW.id AND (r.file, r.mot, r.ordre_limite, r.ordre_debut, r.ordre_enjeu, r.ordre_depot)
                = (m.file, m.mot, m.ordre_limite, m.ordre_debut, m.ordre_enjeu, m.ordre_depot));
    END IF;
    INSERT INTO dossier_file_mot SELECT * FROM dossier_file_mot_reel WHERE dossier = NEW.id ON CONFLICT (dossier, file, mot) DO NOTHING;
    RETURN NULL;
END $$;
-- A dossier comes to a queue of money, or leaves it.
CREATE FUNCTION dossier_file_tenir_mots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n > 0 THEN
        INSERT INTO dossier_file_mot SELECT * FROM dossier_file_mot_reel WHERE dossier = NEW.dossier AND file = NEW.file
        ON CONFLICT (dossier, file, mot) DO NOTHING;
    ELSE
        DELETE FROM dossier_file_mot WHERE dossier = NEW.dossier AND file = NEW.file;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER dossier_files_mots_nouveau AFTER INSERT ON dossier FOR EACH ROW WHEN (file_de(NEW.etat) IS NOT NULL)
    EXECUTE FUNCTION dossier_tenir_files_mots();
CREATE TRIGGER dossier_files_mots AFTER UPDATE ON dossier FOR EACH ROW
    WHEN ((file_de(OLD.etat), OLD.etat IN ('BROUILLON', 'SUPPRIME'), OLD.recherche, OLD.ordre_limite, OLD.ordre_debut, OLD.ordre_enjeu, OLD.ordre_depot)
        IS DISTINCT FROM
        (file_de(NEW.etat), NEW.etat IN ('BROUILLON', 'SUPPRIME'), NEW.recherche, NEW.ordre_limite, NEW.ordre_debut, NEW.ordre_enjeu, NEW.ordre_depot))
    EXECUTE FUNCTION dossier_tenir_files_mots();
CREATE TRIGGER dossier_files_mots_fin AFTER DELETE ON dossier FOR EACH ROW EXECUTE FUNCTION dossier_tenir_files_mots();
CREATE TRIGGER dossier_file_mots_nouveau AFTER INSERT ON dossier_file FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION dossier_file_tenir_mots();
CREATE TRIGGER dossier_file_mots AFTER UPDATE ON dossier_file FOR EACH ROW WHEN ((OLD.n > 0) <> (NEW.n > 0)) EXECUTE FUNCTION dossier_file_tenir_mots();

INSERT INTO dossier_file_mot SELECT * FROM dossier_file_mot_reel;
CREATE INDEX dossier_file_mot_ordre ON dossier_file_mot (file, mot, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, dossier);

-- 3. What is late, of one organisation: the house counts it along its own index.
CREATE INDEX dossier_limite_etablissement ON dossier (etablissement, limite, etat) WHERE limite IS NOT NULL;
CREATE INDEX dossier_limite_organisme ON dossier (organisme, limite, etat) WHERE limite IS NOT NULL;
