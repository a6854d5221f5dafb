-- +goose Up
-- Electronic invoices (domain.md 2.7, section 4 I5 and I6).

-- What was read in the file of an electronic invoice: opco.FactureLue as the file says it, and opco.Electronique, what the
-- checks of the invoice compare. A file is read once: the same pièce always gives the same.
CREATE TABLE facture_lue (
    piece        uuid PRIMARY KEY REFERENCES piece,
    dossier      uuid NOT NULL REFERENCES dossier,
    contenu      jsonb NOT NULL,
    electronique jsonb NOT NULL,
    lue_le       timestamptz NOT NULL
);
CREATE INDEX facture_lue_dossier ON facture_lue (dossier);

-- Each step of an invoice in the e-invoicing life cycle, written in the transaction that makes it, never changed: one CDAR
-- message each. paye is what our bank had sent, on 211. In cents, HT.
CREATE TABLE facture_statut (
    facture      text NOT NULL REFERENCES facture,
    rang         integer NOT NULL,
    code         smallint NOT NULL,
    etat         text NOT NULL,
    motif        text NOT NULL DEFAULT '',
    phrase       text NOT NULL DEFAULT '',
    approuve     bigint NOT NULL DEFAULT 0 CHECK (approuve >= 0),
    non_approuve bigint NOT NULL DEFAULT 0 CHECK (non_approuve >= 0),
    paye         bigint NOT NULL DEFAULT 0 CHECK (paye >= 0),
    le           timestamptz NOT NULL,
    PRIMARY KEY (facture, rang),
    CONSTRAINT facture_statut_code CHECK (code BETWEEN 200 AND 213)
);

-- Of the invoices received before this day only the last status is known: the journal does not tell the others apart.
INSERT INTO facture_statut (facture, rang, code, etat, motif, phrase, approuve, non_approuve, paye, le)
SELECT f.id, 1, c.code, f.etat, f.motif, f.phrase, CASE WHEN c.code IN (205, 206) THEN f.approuve ELSE 0 END,
       CASE WHEN c.code IN (205, 206) THEN f.non_approuve ELSE 0 END,
       CASE WHEN c.code = 211 THEN COALESCE((SELECT sum(r.montant) FROM reglement r WHERE r.facture = f.id AND r.etat = 'EXECUTE'), 0) ELSE 0 END,
       d.modifie_le
FROM facture f JOIN dossier d ON d.id = f.dossier
JOIN (VALUES ('DEPOSEE', 200), ('PRISE_EN_CHARGE', 204), ('APPROUVEE', 205), ('IMPUTEE', 205), ('APPROUVEE_PARTIELLEMENT', 206), ('EN_LITIGE', 207),
             ('SUSPENDUE', 208), ('COMPLETEE', 209), ('REFUSEE', 210), ('PAIEMENT_TRANSMIS', 211), ('REJETEE_TECHNIQUE', 213)) AS c (etat, code)
    ON c.etat = f.etat;

-- What belongs to an invoice is read by who reads the invoice; the policies of facture and of piece hold inside these.
ALTER TABLE facture_statut ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON facture_statut FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM facture f WHERE f.id = facture_statut.facture));
GRANT SELECT ON facture_statut TO guichet_organisation;

-- A file read is read again by who may read its pièce, in the dossier that it was read for.
ALTER TABLE facture_lue ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON facture_lue FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM piece p WHERE p.id = facture_lue.piece AND p.dossier = facture_lue.dossier));
GRANT SELECT ON facture_lue TO guichet_organisation;
