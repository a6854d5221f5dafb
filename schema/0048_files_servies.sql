-- +goose Up
-- The works that each worker does, as it says itself; {} is a worker of before, which says nothing and may do them all.
ALTER TABLE executant ADD COLUMN IF NOT EXISTS files text[] NOT NULL DEFAULT '{}';

-- The transfers that the folder of the bank shows to have left and that the base does not know: it was brought back to an
-- instant before them (reliability.md, section 5). cles are the invoices that their remittance names, as depart_cle writes
-- them. tenu_le is when two persons held them for gone; until then payments are not opened again.
CREATE TABLE depart_inconnu (
    empreinte    text NOT NULL CHECK (empreinte ~ '^[0-9a-f]{64}$'), -- of the file
    virement     text NOT NULL CHECK (virement <> ''),
    lot          text NOT NULL,
    remise       text NOT NULL,
    cles         text[] NOT NULL,
    montant      bigint NOT NULL CHECK (montant > 0), -- cents
    constate_le  timestamptz NOT NULL DEFAULT clock_timestamp(),
    tenu_le      timestamptz,
    intervention uuid REFERENCES intervention,
    PRIMARY KEY (empreinte, virement),
    CHECK ((tenu_le IS NULL) = (intervention IS NULL))
);
-- An invoice of a dossier as a bank may have written it back: letters and digits alone, in capitals.
CREATE FUNCTION depart_cle(dossier text, facture text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT upper(regexp_replace(dossier || facture, '[^A-Za-z0-9]', '', 'g')) $$;
-- Whether a transfer that the base does not know paid an invoice. One whose file it knows again, from its own sending, did not.
CREATE FUNCTION facture_partie(dossier text, facture text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM depart_inconnu i WHERE depart_cle(dossier, facture) = ANY (i.cles)
        AND NOT EXISTS (SELECT 1 FROM depart_lot p WHERE p.empreinte = i.empreinte)) $$;
