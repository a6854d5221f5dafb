-- +goose Up
-- The bank details of payees and how they change: proposed by the payee, seen by two other persons, held for a while,
-- put in service; frozen when the bank says so (domain.md 2.7 « Four eyes » and 5 bis; reliability.md 3.1, rule 5).
-- entreprise.iban and organisme.iban stay the account that is paid: the RIB in service, once there is one.
CREATE TABLE rib (
    id        uuid PRIMARY KEY, -- of the acte that proposed it
    siren     text NOT NULL,
    sorte     text NOT NULL,
    nom       text NOT NULL,
    iban      text NOT NULL,
    bic       text NOT NULL DEFAULT '',
    titulaire text NOT NULL DEFAULT '',
    preuve    text REFERENCES fichier, -- the RIB itself; NULL for an account known before this procedure
    preuve_nom text NOT NULL DEFAULT '',
    ancien    text NOT NULL DEFAULT '', -- account in service when it was proposed
    contact   text NOT NULL DEFAULT '', -- who was told then
    etat      text NOT NULL,
    motif     text NOT NULL DEFAULT '',
    raison    text NOT NULL DEFAULT '',
    propose_par text NOT NULL DEFAULT '', -- '' when the account was known before
    propose_pour text NOT NULL DEFAULT '',
    propose_nom text NOT NULL DEFAULT '',
    propose_le timestamptz NOT NULL,
    vu_par    text NOT NULL DEFAULT '',
    vu_pour   text NOT NULL DEFAULT '',
    vu_nom    text NOT NULL DEFAULT '',
    vu_le     timestamptz,
    valide_par text NOT NULL DEFAULT '',
    valide_pour text NOT NULL DEFAULT '',
    valide_nom text NOT NULL DEFAULT '',
    valide_le timestamptz,
    actif_le  timestamptz, -- end of the hold, then since when it is in service
    modifie_le timestamptz NOT NULL,
    CONSTRAINT rib_etat CHECK (etat IN ('PROPOSE', 'VU', 'VALIDE', 'ACTIF', 'REFUSE', 'GELE', 'REMPLACE')),
    CONSTRAINT rib_sorte CHECK (sorte IN ('entreprise', 'organisme')),
    CONSTRAINT rib_deux_personnes CHECK (
        (vu_par = '' OR vu_par NOT IN (propose_par, propose_pour))
        AND (valide_par = '' OR vu_par <> '' AND valide_par NOT IN (propose_par, propose_pour, vu_par, vu_pour))),
    CONSTRAINT rib_vu CHECK (propose_par = '' OR etat IN ('PROPOSE', 'REFUSE') OR vu_par <> ''),
    CONSTRAINT rib_valide CHECK (propose_par = '' OR etat IN ('PROPOSE', 'VU', 'REFUSE') OR valide_par <> '' AND actif_le IS NOT NULL),
    CONSTRAINT rib_preuve CHECK (propose_par = '' OR preuve IS NOT NULL)
);
CREATE UNIQUE INDEX rib_en_service ON rib (siren, sorte) WHERE etat IN ('ACTIF', 'GELE');
CREATE UNIQUE INDEX rib_en_cours ON rib (siren, sorte) WHERE etat IN ('PROPOSE', 'VU', 'VALIDE');
CREATE INDEX rib_attente ON rib (actif_le) WHERE etat = 'VALIDE';
CREATE INDEX rib_iban ON rib (iban);
CREATE INDEX rib_liste ON rib (etat, modifie_le DESC, id DESC);
CREATE INDEX rib_titulaire ON rib (siren, sorte, modifie_le DESC);

-- A payee reads its own; the account itself is shown masked, and who looked at it is the business of the OPCO.
ALTER TABLE rib ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON rib FOR SELECT TO guichet_organisation
    USING (sorte = current_setting('guichet.role', true)
        AND siren IN (SELECT left(x, 9) FROM unnest(NULLIF(current_setting('guichet.sirets', true), '')::text[]) x));
GRANT SELECT (id, siren, sorte, nom, iban, bic, titulaire, etat, raison, propose_nom, propose_le, actif_le, modifie_le) ON rib TO guichet_organisation;

-- Everything that was done to a RIB. The same acte comes once.
CREATE TABLE rib_passage (
    rib      uuid NOT NULL REFERENCES rib,
    rang     integer NOT NULL,
    acte     uuid UNIQUE,
    fait     text NOT NULL,
    detail   text NOT NULL DEFAULT '',
    personne text NOT NULL,
    nom      text NOT NULL,
    role     text NOT NULL,
    le       timestamptz NOT NULL,
    PRIMARY KEY (rib, rang)
);

-- +goose StatementBegin
-- Once a payee has a RIB in service, nothing but the procedure changes the account that is paid.
CREATE FUNCTION iban_par_rib() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.iban <> OLD.iban AND EXISTS (SELECT 1 FROM rib WHERE siren = NEW.siren AND sorte = TG_TABLE_NAME
            AND etat IN ('ACTIF', 'GELE') AND iban <> NEW.iban) THEN
        RAISE EXCEPTION 'the account of % changes without its procedure', NEW.siren USING CONSTRAINT = 'iban_par_rib', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- Nothing leaves to an account that changes or is frozen, and who looked at the account does not pay on it.
CREATE FUNCTION reglement_rib() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF EXISTS (SELECT 1 FROM rib b JOIN lot_signature g ON g.lot = r.lot AND g.personne IN (b.vu_par, b.vu_pour, b.valide_par, b.valide_pour)
               WHERE b.siren = left(r.beneficiaire, 9) AND b.sorte = s AND b.etat = 'ACTIF') THEN
        RAISE EXCEPTION 'who looked at the account of règlement % signs its lot', r.numero USING CONSTRAINT = 'reglement_rib_personnes', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER iban_par_rib BEFORE UPDATE OF iban ON entreprise FOR EACH ROW EXECUTE FUNCTION iban_par_rib();
CREATE TRIGGER iban_par_rib BEFORE UPDATE OF iban ON organisme FOR EACH ROW EXECUTE FUNCTION iban_par_rib();
CREATE CONSTRAINT TRIGGER reglement_rib AFTER UPDATE OF etat, lot ON reglement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.lot IS NOT NULL AND NEW.etat IN ('PROPOSE', 'VALIDE', 'EMIS')) EXECUTE FUNCTION reglement_rib();
