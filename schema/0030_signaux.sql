-- +goose Up
-- The contrôle of dossiers: signs of fraud that explain themselves, the contrôleur who looks at them, and the suspension
-- that a person puts and lifts (domain.md 3.11, 2.3 T24 and T30). A sign alone stops nothing.

-- The contrôleur neither instructs nor pays, and is named by two administrators (domain.md 2.6; reliability.md 3.1).
ALTER TABLE role_agent DROP CONSTRAINT role_agent_role, ADD CONSTRAINT role_agent_role
    CHECK (role IN ('gestionnaire', 'conseiller', 'responsable', 'comptable', 'controleur', 'ops', 'admin', 'auditeur'));
ALTER TABLE role_agent DROP CONSTRAINT role_agent_metier_ou_technique, ADD CONSTRAINT role_agent_metier_ou_technique EXCLUDE USING gist
    (personne WITH =, (CASE WHEN role = 'admin' THEN 1 WHEN role = 'ops' THEN 2 ELSE 3 END) WITH <>)
    WHERE (role IN ('gestionnaire', 'conseiller', 'responsable', 'comptable', 'controleur', 'ops', 'admin'));
ALTER TABLE role_agent ADD CONSTRAINT role_agent_controle EXCLUDE USING gist
    (personne WITH =, (CASE role WHEN 'controleur' THEN 1 ELSE 2 END) WITH <>)
    WHERE (role IN ('gestionnaire', 'conseiller', 'comptable', 'controleur'));
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roles_incompatibles(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT a <> b AND a <> 'auditeur' AND b <> 'auditeur' AND (
        a IN ('admin', 'ops') OR b IN ('admin', 'ops')
        OR a = 'comptable' AND b IN ('gestionnaire', 'conseiller') OR b = 'comptable' AND a IN ('gestionnaire', 'conseiller')
        OR a = 'controleur' AND b IN ('gestionnaire', 'conseiller', 'comptable') OR b = 'controleur' AND a IN ('gestionnaire', 'conseiller', 'comptable')) $$;
CREATE OR REPLACE FUNCTION delegation_sensible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.finie AND NEW.role IN ('responsable', 'comptable', 'controleur', 'admin', 'ops', 'auditeur') AND NEW.par <> NEW.personne THEN
        RAISE EXCEPTION 'a sensitive role is delegated by its holder' USING CONSTRAINT = 'delegation_sensible', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
UPDATE parametre SET valeur = jsonb_set(valeur, '{comptes,roles_sensibles}', (valeur #> '{comptes,roles_sensibles}') || '"controleur"')
WHERE jsonb_typeof(valeur #> '{comptes,roles_sensibles}') = 'array' AND NOT (valeur #> '{comptes,roles_sensibles}') ? 'controleur';

-- One contrôle a dossier. enjeu is what may still be paid on it, in cents: the order of the queue.
CREATE TABLE signalement (
    dossier    uuid PRIMARY KEY REFERENCES dossier,
    etat       text NOT NULL,
    points     integer NOT NULL,
    enjeu      bigint NOT NULL CHECK (enjeu >= 0),
    codes      text[] NOT NULL,
    vus        text[] NOT NULL DEFAULT '{}', -- codes that the last person who acted had before them
    ouvert_le  timestamptz NOT NULL,
    modifie_le timestamptz NOT NULL,
    CONSTRAINT signalement_etat CHECK (etat IN ('OUVERT', 'RETENU', 'LEVE', 'CLASSE', 'ETEINT'))
);
CREATE INDEX signalement_enjeu ON signalement (etat, enjeu DESC, dossier DESC);

CREATE TABLE signal (
    dossier uuid NOT NULL REFERENCES signalement,
    code    text NOT NULL,
    rang    integer NOT NULL,
    points  integer NOT NULL,
    texte   text NOT NULL,
    vu_le   timestamptz NOT NULL, -- when it was first computed
    PRIMARY KEY (dossier, code)
);

-- Everything that a person did to a signalement. The same acte comes once.
CREATE TABLE signalement_passage (
    dossier  uuid NOT NULL REFERENCES signalement,
    rang     integer NOT NULL,
    acte     uuid NOT NULL UNIQUE,
    fait     text NOT NULL,
    raison   text NOT NULL,
    personne text NOT NULL,
    pour     text NOT NULL DEFAULT '',
    nom      text NOT NULL,
    role     text NOT NULL,
    le       timestamptz NOT NULL,
    PRIMARY KEY (dossier, rang),
    CONSTRAINT signalement_passage_raison CHECK (raison <> '')
);

-- What is suspended now: one row, until a person lifts it. A suspension past its review stays, and is an incident.
CREATE TABLE dossier_suspendu (
    dossier   uuid PRIMARY KEY REFERENCES signalement,
    depuis    timestamptz NOT NULL,
    revoir_le date NOT NULL
);
CREATE INDEX dossier_suspendu_revue ON dossier_suspendu (revoir_le);

-- Dossiers whose signs are to be computed again, each once.
CREATE TABLE signal_attente (
    dossier uuid PRIMARY KEY REFERENCES dossier,
    le      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX signal_attente_le ON signal_attente (le);

-- The price of an hour of a stagiaire in each dossier that was looked at: the median of a branch is read here.
CREATE TABLE prix_horaire (
    dossier uuid PRIMARY KEY REFERENCES dossier,
    idcc    text NOT NULL,
    prix    bigint NOT NULL CHECK (prix > 0),
    le      timestamptz NOT NULL
);
CREATE INDEX prix_horaire_branche ON prix_horaire (idcc, le DESC);

-- An organisation reads that its dossier is being checked and until when, and nothing else of the contrôle.
ALTER TABLE dossier_suspendu ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON dossier_suspendu FOR SELECT TO guichet_organisation USING (dossier IN (SELECT id FROM dossier));
GRANT SELECT (dossier, depuis, revoir_le) ON dossier_suspendu TO guichet_organisation;

-- +goose StatementBegin
-- Nothing of a suspended dossier is validated nor leaves, and what is suspended is the work of a person.
CREATE FUNCTION reglement_suspendu() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reglement r JOIN dossier_suspendu s ON s.dossier = r.dossier WHERE r.id = NEW.id AND r.etat IN ('VALIDE', 'EMIS')) THEN
        RAISE EXCEPTION 'the payment of règlement % is suspended', NEW.numero USING CONSTRAINT = 'reglement_suspendu', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION suspension_tenue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d uuid; retenu boolean; suspendu boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN d := OLD.dossier; ELSE d := NEW.dossier; END IF;
    retenu := EXISTS (SELECT 1 FROM signalement WHERE dossier = d AND etat = 'RETENU');
    suspendu := EXISTS (SELECT 1 FROM dossier_suspendu WHERE dossier = d);
    IF retenu <> suspendu OR retenu AND NOT EXISTS (SELECT 1 FROM signalement_passage WHERE dossier = d AND fait = 'retenir') THEN
        RAISE EXCEPTION 'the suspension of dossier % is not that of its signalement', d USING CONSTRAINT = 'suspension_tenue', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER reglement_suspendu AFTER UPDATE OF etat ON reglement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.etat IN ('VALIDE', 'EMIS') AND NEW.etat <> OLD.etat) EXECUTE FUNCTION reglement_suspendu();
CREATE CONSTRAINT TRIGGER suspension_tenue AFTER INSERT OR UPDATE OR DELETE ON dossier_suspendu DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION suspension_tenue();
CREATE CONSTRAINT TRIGGER suspension_tenue AFTER INSERT OR UPDATE OF etat ON signalement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION suspension_tenue();
