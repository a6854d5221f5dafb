-- +goose Up
-- A lot too long for one step is built by handfuls (docs/adr/0011-large-lots.md): nobody may validate it meanwhile.
ALTER TABLE lot DROP CONSTRAINT lot_etat,
    ADD CONSTRAINT lot_etat CHECK (etat IN ('EN_CONSTRUCTION', 'PROPOSE', 'VALIDE', 'EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE', 'ANNULE', 'EXPIRE'));

-- What a lot under construction examines, listed when it was asked for, in the order in which it does; forgotten with the
-- last one.
CREATE TABLE lot_chantier (
    lot       text NOT NULL REFERENCES lot,
    n         integer NOT NULL CHECK (n > 0),
    reglement text NOT NULL,
    PRIMARY KEY (lot, n)
);
