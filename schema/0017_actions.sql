-- +goose Up
-- The dossiers of an action are frozen in the transaction that writes its row: half an action is never seen, and one whose
-- making was cut short left nothing. choix is the digest of what was chosen, so that the same id is refused another choice.
ALTER TABLE action_lot ADD COLUMN choix text NOT NULL DEFAULT '';
DELETE FROM action_lot WHERE etat = 'CREATION';
ALTER TABLE action_lot DROP CONSTRAINT action_lot_etat_check,
    ADD CONSTRAINT action_lot_etat_check CHECK (etat IN ('ESSAI', 'PRETE', 'LANCEE', 'ARRETEE', 'TERMINEE', 'ABANDONNEE'));
