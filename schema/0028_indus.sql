-- +goose Up
-- Debts whatever the bank does: what a payment kept of one may go back to it, what the bank gives back is claimed no
-- more, and an entry of the bank that reimburses is matched (domain.md I02, I03, R06).

-- What an invoice pays besides: its payee gave it back on a debt, before the bank gave the payment itself back.
ALTER TABLE facture ADD COLUMN rendu bigint NOT NULL DEFAULT 0, ADD CONSTRAINT facture_rendu CHECK (rendu >= 0);

-- Below zero, it went back to the debt: the payment was not made, and less is left to pay. The same debt may then be
-- taken again on the same payment.
ALTER TABLE compensation DROP CONSTRAINT compensation_unique, DROP CONSTRAINT compensation_montant,
    ADD CONSTRAINT compensation_montant CHECK (montant <> 0);
CREATE INDEX compensation_reglement ON compensation (reglement);

-- What is claimed no more of a debt, because the payment it was found on came back from the bank. APPLIQUEE as above.
CREATE TABLE reprise (
    acte      uuid PRIMARY KEY, -- that tells the debt
    indu      text NOT NULL REFERENCES indu,
    montant   bigint NOT NULL CHECK (montant > 0),
    appliquee boolean NOT NULL DEFAULT false,
    le        timestamptz NOT NULL
);
CREATE INDEX reprise_en_cours ON reprise (indu) WHERE NOT appliquee;

-- Who pays in, with what words, under which number of the bank. AFFECTEE: all of it reimburses debts.
ALTER TABLE entree_bancaire ADD COLUMN libelle text NOT NULL DEFAULT '', ADD COLUMN donneur text NOT NULL DEFAULT '',
    ADD COLUMN donneur_iban text NOT NULL DEFAULT '', ADD COLUMN ref_banque text NOT NULL DEFAULT '',
    DROP CONSTRAINT entree_etat, ADD CONSTRAINT entree_etat CHECK (etat IN ('TRANSMISE', 'QUARANTAINE', 'SANS_EFFET', 'AFFECTEE'));
CREATE INDEX entree_credit ON entree_bancaire (cle) WHERE statut = 'CREDIT' AND etat = 'QUARANTAINE';

-- One entry of the bank may reimburse several debts: CLE is its reference in capitals, letters and digits only, TOTAL
-- the whole of it. Two old writings of one reference on one debt keep apart.
ALTER TABLE remboursement DROP CONSTRAINT remboursement_pkey, ADD COLUMN cle text, ADD COLUMN total bigint,
    ADD COLUMN entree text REFERENCES entree_bancaire;
UPDATE remboursement r SET total = r.montant, cle = x.cle
FROM (SELECT reference, n || CASE WHEN rang > 1 THEN '#' || rang ELSE '' END AS cle
      FROM (SELECT reference, n, row_number() OVER (PARTITION BY n, indu ORDER BY reference) AS rang
            FROM (SELECT reference, indu, COALESCE(NULLIF(upper(regexp_replace(reference, '[^[:alnum:]]', '', 'g')), ''), reference) AS n
                  FROM remboursement) a) b) x
WHERE x.reference = r.reference;
ALTER TABLE remboursement ALTER COLUMN cle SET NOT NULL, ALTER COLUMN total SET NOT NULL, ADD PRIMARY KEY (cle, indu),
    ADD CONSTRAINT remboursement_total CHECK (total >= montant);
CREATE INDEX remboursement_entree ON remboursement (entree) WHERE entree IS NOT NULL;
CREATE INDEX remboursement_indu ON remboursement (indu);

-- The debtor reads its debt, and nobody else of the same role: a dossier names two organisations.
DROP POLICY cloison ON indu;
CREATE POLICY cloison ON indu FOR SELECT TO guichet_organisation
    USING (role = current_setting('guichet.role', true)
        AND debiteur = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        AND (etat NOT IN ('', 'CONSTATE', 'ANNULE') OR contenu ? 'notifie_le')
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = indu.dossier));
REVOKE SELECT ON indu FROM guichet_organisation;
GRANT SELECT (id, numero, dossier, debiteur, role, cause, etat, montant, recouvre, reste, contenu, constate_le) ON indu TO guichet_organisation;
