-- +goose Up
-- A document is found by any part of its label, of its category or of the name of its file, among all those of the house.
CREATE INDEX document_recherche ON document USING gin (recherche gin_trgm_ops) WHERE etat <> 'SUPPRIME';
