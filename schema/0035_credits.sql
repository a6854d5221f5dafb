-- +goose Up
-- A transfer received, under the one way of writing its reference (opco.CleReference, as remboursement.cle holds those copied
-- from a statement), so that the same money is never counted under two; and whether anybody may affect it: not one in another
-- currency, or on an account that is not the OPCO's.
ALTER TABLE entree_bancaire ADD COLUMN ref_cle text NOT NULL DEFAULT '', ADD COLUMN affectable boolean NOT NULL DEFAULT false;
UPDATE entree_bancaire SET affectable = true, ref_cle = upper(regexp_replace(COALESCE(NULLIF(ref_banque, ''), end_to_end_id), '[^[:alnum:]]', '', 'g'))
WHERE statut = 'CREDIT';
CREATE INDEX entree_ref_cle ON entree_bancaire (ref_cle) WHERE ref_cle <> '';

-- Whose account an IBAN is: asked for each transfer that names no debt, and each time signs are computed.
CREATE INDEX entreprise_iban ON entreprise (iban) WHERE iban <> '';
CREATE INDEX organisme_iban ON organisme (iban) WHERE iban <> '';
