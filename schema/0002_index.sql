-- +goose Up
-- A certificat is looked for among the files of the other dossiers (SF11), under the lock of its own.
CREATE INDEX piece_empreinte ON piece (empreinte);
