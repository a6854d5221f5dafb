-- +goose Up
-- 1. What the ops staff does to what is stuck. The row is written before anything is called: who, when, why, on what, what
-- the trial showed. ESSAI: being tried, nothing done. PROPOSEE: tried, waits for its author to launch it or, when money is
-- concerned, for a second person. APPROUVEE: a second person agreed. EN_COURS: asked, or being asked. Then VERIFIEE: the
-- state was read again and is the one wanted; PARTIELLE: for some only; SANS_EFFET: for none; REFUSEE: never done.
CREATE TABLE intervention (
    id              uuid PRIMARY KEY, -- of the form that asked: sent twice, it is one intervention
    verbe           text NOT NULL,
    demande         jsonb NOT NULL,
    empreinte       text NOT NULL, -- of what was asked: the same id is refused another demand
    argent          boolean NOT NULL,
    motif           text NOT NULL CHECK (length(btrim(motif)) >= 10),
    etat            text NOT NULL DEFAULT 'ESSAI',
    personne        text NOT NULL,
    nom             text NOT NULL,
    role            text NOT NULL,
    compte          uuid,
    cree_le         timestamptz NOT NULL,
    second_personne text NOT NULL DEFAULT '',
    second_nom      text NOT NULL DEFAULT '',
    second_le       timestamptz,
    conclusion      text NOT NULL DEFAULT '',
    lancee_le       timestamptz,
    terminee_le     timestamptz,
    attend          bigint NOT NULL DEFAULT 0,
    applicable      bigint NOT NULL DEFAULT 0,
    ecarte          bigint NOT NULL DEFAULT 0,
    demande_n       bigint NOT NULL DEFAULT 0,
    verifie         bigint NOT NULL DEFAULT 0,
    sans_effet      bigint NOT NULL DEFAULT 0,
    refuse          bigint NOT NULL DEFAULT 0,
    CONSTRAINT intervention_etat CHECK (etat IN ('ESSAI', 'PROPOSEE', 'APPROUVEE', 'EN_COURS', 'VERIFIEE', 'PARTIELLE', 'SANS_EFFET', 'REFUSEE')),
    -- Nobody agrees to what they asked themselves, and nothing that may move money is done by one person alone.
    CONSTRAINT intervention_second CHECK (second_personne <> personne),
    CONSTRAINT intervention_argent CHECK (NOT argent OR second_personne <> '' OR etat IN ('ESSAI', 'PROPOSEE', 'REFUSEE'))
);
CREATE INDEX intervention_liste ON intervention (cree_le DESC, id);
CREATE INDEX intervention_a_faire ON intervention (cree_le) WHERE etat IN ('ESSAI', 'APPROUVEE', 'EN_COURS');

-- +goose StatementBegin
CREATE FUNCTION intervention_figer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.verbe, NEW.demande, NEW.empreinte, NEW.argent, NEW.motif, NEW.personne, NEW.nom, NEW.role, NEW.cree_le)
        IS DISTINCT FROM (OLD.id, OLD.verbe, OLD.demande, OLD.empreinte, OLD.argent, OLD.motif, OLD.personne, OLD.nom, OLD.role, OLD.cree_le)
        OR OLD.second_personne <> '' AND NEW.second_personne <> OLD.second_personne THEN
        RAISE EXCEPTION 'an intervention is never rewritten' USING CONSTRAINT = 'intervention_figee', ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER intervention_figee BEFORE UPDATE OR DELETE ON intervention FOR EACH ROW EXECUTE FUNCTION intervention_figer();

-- 2. Each thing that an intervention bears on: a procedure (objet), or one mail (cle) of it. avant is what was read when it
-- was tried, apres what was read afterwards. vif: it is being done, and nobody else does anything to it meanwhile.
CREATE TABLE intervention_element (
    intervention uuid NOT NULL REFERENCES intervention,
    n            integer NOT NULL,
    objet        text NOT NULL,
    cle          text NOT NULL DEFAULT '',
    etat         text NOT NULL DEFAULT 'ATTEND',
    phrase       text NOT NULL DEFAULT '',
    effets       jsonb NOT NULL DEFAULT '[]', -- what would run again, with its key
    avant        jsonb,
    apres        jsonb,
    vif          boolean NOT NULL DEFAULT false,
    bail_le      timestamptz, -- real time: until then another worker has it
    demande_le   timestamptz, -- real time, written before the call
    constate_le  timestamptz,
    PRIMARY KEY (intervention, n),
    CONSTRAINT intervention_element_etat CHECK (etat IN ('ATTEND', 'APPLICABLE', 'ECARTE', 'DEMANDE', 'VERIFIE', 'SANS_EFFET', 'REFUSE')),
    CONSTRAINT intervention_element_une UNIQUE (intervention, objet, cle)
);
CREATE UNIQUE INDEX intervention_element_vif ON intervention_element (objet, cle) WHERE vif;
CREATE INDEX intervention_element_tour ON intervention_element (intervention, etat, bail_le NULLS FIRST, n);
CREATE INDEX intervention_element_objet ON intervention_element (objet);

-- 3. The kill switches. Closed, no bank file leaves, or no mail. intervention is the one that last moved it.
CREATE TABLE interrupteur (
    nom          text PRIMARY KEY CHECK (nom IN ('paiements', 'courriels')),
    ferme        boolean NOT NULL DEFAULT false,
    le           timestamptz,
    intervention uuid REFERENCES intervention
);
INSERT INTO interrupteur (nom) VALUES ('paiements'), ('courriels');

-- 4. A mail that the ops staff decided not to send.
ALTER TABLE courrier DROP CONSTRAINT courrier_etat,
    ADD CONSTRAINT courrier_etat CHECK (etat IN ('A_ENVOYER', 'ENVOYE', 'REFUSE', 'SANS_ADRESSE', 'ECARTE'));
