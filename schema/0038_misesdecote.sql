-- +goose Up
-- What names a file is found by its name: the purge of the files of forms asks whether anything else does, while those who
-- deposit wait for it.
CREATE INDEX courrier_lettre_pdf ON courrier (lettre_pdf) WHERE lettre_pdf IS NOT NULL;
CREATE INDEX courrier_lettre_html ON courrier (lettre_html) WHERE lettre_html IS NOT NULL;
CREATE INDEX rib_preuve_fichier ON rib (preuve) WHERE preuve IS NOT NULL;
CREATE INDEX document_passage_empreinte ON document_passage (empreinte);
CREATE INDEX mise_de_cote_retire ON mise_de_cote (retire_le) WHERE retire_le IS NOT NULL;
CREATE INDEX mise_de_cote_personne ON mise_de_cote (personne);

-- The bytes that nothing names any more, until the disk has given them up: their rows go first, so that nothing ever names
-- bytes that are not there.
CREATE TABLE fichier_a_jeter (
    empreinte text PRIMARY KEY,
    le        timestamptz NOT NULL
);

-- A form may keep its file before there is a dossier: that of the bank details of an organisation. Its depositor alone
-- reads it.
ALTER TABLE mise_de_cote ALTER COLUMN dossier DROP NOT NULL;
ALTER POLICY cloison ON mise_de_cote
    USING (personne = NULLIF(current_setting('guichet.personne', true), '')
        AND (dossier IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id = mise_de_cote.dossier)));
