-- +goose Up
-- What the bank froze is cleared by two persons, as a new account is put in service by two (domain.md 2.7, « Four eyes »;
-- R07). The first asks (leve), the second confirms (rendu); neither pays on the account afterwards.
ALTER TABLE rib
    ADD COLUMN leve_par text NOT NULL DEFAULT '', ADD COLUMN leve_pour text NOT NULL DEFAULT '', ADD COLUMN leve_nom text NOT NULL DEFAULT '', ADD COLUMN leve_le timestamptz,
    ADD COLUMN rendu_par text NOT NULL DEFAULT '', ADD COLUMN rendu_pour text NOT NULL DEFAULT '', ADD COLUMN rendu_nom text NOT NULL DEFAULT '', ADD COLUMN rendu_le timestamptz,
    ADD CONSTRAINT rib_levee_deux_personnes CHECK (rendu_par = '' OR leve_par <> '' AND rendu_par NOT IN (leve_par, leve_pour) AND leve_par <> rendu_pour);

-- What an acte on a RIB said: the same id with anything else in it is another acte, and is refused.
ALTER TABLE rib_passage ADD COLUMN empreinte text NOT NULL DEFAULT '';

-- Who was there when an account was looked at, or cleared: none of them signs a lot that pays on it.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION reglement_rib() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r reglement%ROWTYPE; s text;
BEGIN
    SELECT * INTO r FROM reglement WHERE id = NEW.id;
    IF r.lot IS NULL OR r.etat NOT IN ('PROPOSE', 'VALIDE', 'EMIS') THEN
        RETURN NULL;
    END IF;
    SELECT CASE WHEN r.beneficiaire = d.organisme AND r.beneficiaire <> d.etablissement THEN 'organisme' ELSE 'entreprise' END
    INTO s FROM dossier d WHERE d.id = r.dossier;
    IF r.etat IN ('VALIDE', 'EMIS') AND EXISTS (SELECT 1 FROM rib b WHERE b.siren = left(r.beneficiaire, 9) AND b.sorte = s
            AND b.etat IN ('PROPOSE', 'VU', 'VALIDE', 'GELE')) THEN
        RAISE EXCEPTION 'the account of règlement % changes or is frozen', r.numero USING CONSTRAINT = 'reglement_rib', ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM rib b JOIN lot_signature g ON g.lot = r.lot
                   AND g.personne IN (b.vu_par, b.vu_pour, b.valide_par, b.valide_pour, b.leve_par, b.leve_pour, b.rendu_par, b.rendu_pour)
               WHERE b.siren = left(r.beneficiaire, 9) AND b.sorte = s AND b.etat = 'ACTIF') THEN
        RAISE EXCEPTION 'who looked at the account of règlement % signs its lot', r.numero USING CONSTRAINT = 'reglement_rib_personnes', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- An avis de virement that pays several dossiers is one letter, found under each of them (AT-16). One dossier only is a
-- row too: the avis of a dossier are read here.
CREATE TABLE courrier_dossier (
    dossier  uuid NOT NULL REFERENCES dossier,
    courrier text NOT NULL REFERENCES courrier,
    PRIMARY KEY (dossier, courrier)
);
CREATE INDEX courrier_dossier_courrier ON courrier_dossier (courrier);
INSERT INTO courrier_dossier (dossier, courrier)
SELECT DISTINCT r.dossier, c.id
FROM courrier c JOIN reglement v ON v.id = c.detail JOIN reglement r ON r.id = v.id OR r.end_to_end_id = v.end_to_end_id
WHERE c.evenement = 'AVIS_VIREMENT';
ALTER TABLE courrier_dossier ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON courrier_dossier FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = courrier_dossier.dossier)
        AND EXISTS (SELECT 1 FROM courrier c WHERE c.id = courrier_dossier.courrier));
GRANT SELECT ON courrier_dossier TO guichet_organisation;

-- The entries of a fund are numbered when a comptable says so, up to a day: reading the journal numbers nothing
-- (domain.md section 4, I23).
CREATE TABLE numerotation (
    acte     uuid PRIMARY KEY,
    fonds    text NOT NULL,
    du       date NOT NULL,
    au       date NOT NULL,
    nombre   bigint NOT NULL CHECK (nombre >= 0),
    personne text NOT NULL,
    nom      text NOT NULL,
    role     text NOT NULL,
    le       timestamptz NOT NULL,
    CONSTRAINT numerotation_periode CHECK (au >= du)
);
CREATE INDEX numerotation_fonds ON numerotation (fonds, le DESC);
CREATE TRIGGER numerotation_immuable BEFORE UPDATE OR DELETE ON numerotation FOR EACH ROW EXECUTE FUNCTION journal_immuable();
