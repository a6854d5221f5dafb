-- +goose Up
-- What somebody chose for themselves, whatever the browser. touches is false when the
-- keys of one letter are off (WCAG 2.1.4).
CREATE TABLE preference (
    compte     uuid PRIMARY KEY REFERENCES compte (id),
    touches    boolean NOT NULL DEFAULT true,
    modifie_le timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One action on many dossiers: what is asked, by whom, and how far it has gone. The author is frozen with it: the worker
-- acts in their name, for as long as they keep the role. etat: ESSAI (each dossier is tried), PRETE, LANCEE, ARRETEE,
-- TERMINEE, ABANDONNEE.
CREATE TABLE action_lot (
    id          uuid PRIMARY KEY,
    genre       text NOT NULL,
    action      jsonb NOT NULL,
    etat        text NOT NULL CHECK (etat IN ('CREATION', 'ESSAI', 'PRETE', 'LANCEE', 'ARRETEE', 'TERMINEE', 'ABANDONNEE')),
    compte      uuid NOT NULL REFERENCES compte (id),
    session     text NOT NULL DEFAULT '',
    personne    text NOT NULL,
    pour        text NOT NULL DEFAULT '',
    nom         text NOT NULL,
    role        text NOT NULL,
    espace      text NOT NULL,
    raison      text NOT NULL DEFAULT '', -- why it stopped by itself
    cree_le     timestamptz NOT NULL,
    lancee_le   timestamptz,
    terminee_le timestamptz
);
CREATE INDEX action_lot_recent ON action_lot (cree_le DESC, id);
CREATE INDEX action_lot_travail ON action_lot (cree_le) WHERE etat IN ('ESSAI', 'LANCEE');

-- Its dossiers, frozen at its creation, and what became of each. etat: ATTEND (not tried), APPLICABLE, ECARTE (the trial
-- refuses it), APPLIQUE, REFUSE. charge is what its acte carries beyond the action: the proposal that the trial read.
CREATE TABLE action_lot_element (
    lot     uuid NOT NULL REFERENCES action_lot (id) ON DELETE CASCADE,
    n       integer NOT NULL,
    dossier uuid NOT NULL REFERENCES dossier (id),
    etat    text NOT NULL DEFAULT 'ATTEND' CHECK (etat IN ('ATTEND', 'APPLICABLE', 'ECARTE', 'APPLIQUE', 'REFUSE')),
    phrase  text NOT NULL DEFAULT '',
    charge  jsonb,
    bail_le timestamptz, -- until when a worker has it
    fait_le timestamptz,
    PRIMARY KEY (lot, n),
    UNIQUE (lot, dossier)
);
CREATE INDEX action_lot_element_etat ON action_lot_element (lot, etat, n);
