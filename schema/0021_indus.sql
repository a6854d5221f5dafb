-- +goose Up
-- Money that was paid too much and must come back (domain.md 2.7, I01 to I04), and what advances and debts take off a
-- payment.

-- What left stays in PAYE; TROP_PERCU corrects it, and INDU is what debtors still owe.
ALTER TABLE ecriture DROP CONSTRAINT ecriture_compte, ADD CONSTRAINT ecriture_compte
    CHECK (compte IN ('SOURCE', 'ENVELOPPE', 'ENGAGE', 'SERVICE_FAIT', 'ORDONNANCE', 'PAYE', 'TROP_PERCU', 'INDU'));
ALTER TABLE solde DROP CONSTRAINT solde_positif, ADD CONSTRAINT solde_positif
    CHECK (montant >= 0 OR compte IN ('SOURCE', 'TROP_PERCU')),
    ADD CONSTRAINT solde_trop_percu CHECK (compte <> 'TROP_PERCU' OR montant <= 0);

-- Of what is approved, what an advance has paid already (S08).
ALTER TABLE facture ADD COLUMN impute bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT facture_impute CHECK (impute BETWEEN 0 AND approuve);

-- A payment may be reduced by what its payee owes, down to nothing: it is then settled without the bank.
ALTER TABLE reglement ADD COLUMN compense bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT reglement_montant_check,
    ADD CONSTRAINT reglement_montant_check CHECK (montant > 0 OR montant = 0 AND compense > 0 AND etat = 'EXECUTE' AND lot IS NULL),
    ADD CONSTRAINT reglement_compense CHECK (compense >= 0);

CREATE TABLE indu (
    id         text PRIMARY KEY, -- of its invoice, and a rank
    numero     text NOT NULL UNIQUE,
    dossier    uuid NOT NULL REFERENCES dossier,
    facture    text NOT NULL REFERENCES facture,
    debiteur   text NOT NULL, -- SIRET
    role       text NOT NULL,
    cause      text NOT NULL,
    etat       text NOT NULL,
    rang       bigint NOT NULL,
    montant    bigint NOT NULL,
    recouvre   bigint NOT NULL DEFAULT 0,
    reste      bigint NOT NULL,
    contenu    jsonb NOT NULL,
    resume     jsonb NOT NULL,
    constate_le date NOT NULL,
    prochaine_echeance timestamptz,
    modifie_le timestamptz NOT NULL,
    CONSTRAINT indu_etat CHECK (etat IN ('', 'CONSTATE', 'NOTIFIE', 'CONTESTE', 'CONTENTIEUX', 'ABANDON_PROPOSE', 'COMPENSE',
        'REMBOURSE', 'ANNULE', 'ABANDONNE')),
    CONSTRAINT indu_montants CHECK (montant > 0 AND recouvre BETWEEN 0 AND montant AND reste BETWEEN 0 AND montant - recouvre)
);
CREATE INDEX indu_liste ON indu (constate_le DESC, id DESC);
CREATE INDEX indu_debiteur ON indu (left(debiteur, 9));
CREATE INDEX indu_dossier ON indu (dossier);
CREATE INDEX indu_echeance ON indu (prochaine_echeance) WHERE prochaine_echeance IS NOT NULL;

-- Who owes the money reads the debt once it is notified.
ALTER TABLE indu ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON indu FOR SELECT TO guichet_organisation
    USING (role = current_setting('guichet.role', true) AND (etat NOT IN ('', 'CONSTATE', 'ANNULE') OR contenu ? 'notifie_le')
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = indu.dossier));
GRANT SELECT ON indu TO guichet_organisation;

-- What a payment took on a debt: settled at once on both sides, under the lock of the debt. APPLIQUEE once the journal of
-- the debt has it.
CREATE TABLE compensation (
    acte      uuid PRIMARY KEY, -- that tells the debt
    indu      text NOT NULL REFERENCES indu,
    reglement text NOT NULL REFERENCES reglement,
    montant   bigint NOT NULL,
    appliquee boolean NOT NULL DEFAULT false,
    le        timestamptz NOT NULL,
    CONSTRAINT compensation_montant CHECK (montant > 0),
    CONSTRAINT compensation_unique UNIQUE (reglement, indu)
);
CREATE INDEX compensation_en_cours ON compensation (indu) WHERE NOT appliquee;

-- An entry of the bank statement that reimbursed a debt: it counts once.
CREATE TABLE remboursement (
    reference text PRIMARY KEY,
    indu      text NOT NULL REFERENCES indu,
    montant   bigint NOT NULL CHECK (montant > 0),
    jour      date NOT NULL
);
