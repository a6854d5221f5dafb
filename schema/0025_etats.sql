-- +goose Up
-- The accounting journal by fund (domain.md section 4, I23): each movement of the ledger has a number, without a gap in
-- its fund and year, given once when it is first exported; it never changes, whichever period is exported later.
CREATE TABLE ecriture_numero (
    fonds     text NOT NULL,
    exercice  integer NOT NULL, -- year of jour
    numero    bigint NOT NULL,
    mouvement text NOT NULL UNIQUE,
    jour      date NOT NULL, -- of the movement, in Paris
    valide_le timestamptz NOT NULL, -- when it was numbered
    PRIMARY KEY (fonds, exercice, numero),
    CONSTRAINT ecriture_numero_positif CHECK (numero >= 1)
);
CREATE TRIGGER ecriture_numero_immuable BEFORE UPDATE OR DELETE ON ecriture_numero FOR EACH ROW EXECUTE FUNCTION journal_immuable();

-- The movements of a period.
CREATE INDEX ecriture_le ON ecriture (le);

-- A company reads who was trained, by name, in its own dossiers (AK-55): the policy cloison of stagiaire keeps it there.
GRANT SELECT (nom, prenom) ON stagiaire TO guichet_organisation;
