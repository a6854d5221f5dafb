-- +goose Up
-- Money put in an envelope by the comptable: a versement volontaire, the part of a Région, a conventional contribution
-- (domain.md 2.4, 3.2). The ledger has the movement, this row says who decided it, why, and on what proof.
CREATE TABLE dotation (
    id        uuid PRIMARY KEY,
    enveloppe text NOT NULL REFERENCES enveloppe,
    montant   bigint NOT NULL,
    reference text NOT NULL, -- of the payment received, or of the decision of the fund
    personne  text NOT NULL,
    nom       text NOT NULL,
    empreinte text NOT NULL, -- of what was asked: the same id with another body is refused
    le        timestamptz NOT NULL,
    CONSTRAINT dotation_montant CHECK (montant > 0),
    CONSTRAINT dotation_reference UNIQUE (enveloppe, reference),
    CONSTRAINT dotation_personne CHECK (personne <> '' AND reference <> '')
);
CREATE INDEX dotation_enveloppe ON dotation (enveloppe, le DESC);

-- A year that the comptable has closed: what comes back for it goes to the fund, not to its envelopes (domain.md 5 bis).
CREATE TABLE exercice (
    annee    integer PRIMARY KEY,
    clos_le  timestamptz NOT NULL,
    personne text NOT NULL,
    nom      text NOT NULL,
    CONSTRAINT exercice_annee CHECK (annee BETWEEN 2000 AND 2100),
    CONSTRAINT exercice_personne CHECK (personne <> '')
);
