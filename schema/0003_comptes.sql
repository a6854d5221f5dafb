-- +goose Up
-- Accounts: who people are, how they come in, and what each may do.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- On whose behalf a delegate acted.
ALTER TABLE acte ADD COLUMN pour text NOT NULL DEFAULT '';
ALTER TABLE passage ADD COLUMN pour text NOT NULL DEFAULT '';
-- The kind of a refusal, so that its answer says what to do (invalide, interdit, introuvable, conflit).
ALTER TABLE acte ADD COLUMN genre text NOT NULL DEFAULT '';
ALTER TABLE acte ADD COLUMN champ text NOT NULL DEFAULT '';
-- The account through which an acte was done, and the session (its public id), which a change of password spares.
ALTER TABLE acte ADD COLUMN compte uuid;
ALTER TABLE acte ADD COLUMN session text NOT NULL DEFAULT '';
-- A withdrawal that the rule admitted when it was received: what it names opens nothing while it waits for its verdict.
ALTER TABLE acte ADD COLUMN coupe boolean NOT NULL DEFAULT false;

-- What proves that an applicant knows the organisation.
ALTER TABLE entreprise ADD COLUMN responsable text NOT NULL DEFAULT '';
ALTER TABLE entreprise ADD COLUMN masse_annee integer NOT NULL DEFAULT 0;
-- The OPCO's own short name of an organisme: provisional identifiers begin with it.
ALTER TABLE organisme ADD COLUMN code text NOT NULL DEFAULT '';

-- The projection of an account: columns for lists, contenu for the page. Moves forward only. It is born with its first
-- acte, at rang 0 and without an état, until that acte has its verdict.
CREATE TABLE compte (
    id          uuid PRIMARY KEY,
    etat        text NOT NULL,
    rang        bigint NOT NULL,
    origine     text NOT NULL,
    identifiant text NOT NULL,
    email       text NOT NULL,
    personne    text NOT NULL,
    nom         text NOT NULL,
    prenom      text NOT NULL,
    contenu     jsonb NOT NULL,
    resume      jsonb NOT NULL,
    prochaine_echeance timestamptz,
    recherche   text NOT NULL DEFAULT '',
    cree_le     timestamptz NOT NULL,
    modifie_le  timestamptz NOT NULL,
    CONSTRAINT compte_etat CHECK (etat IN ('', 'DEMANDE_SAISIE', 'EMAIL_A_CONFIRMER', 'COMPTE_EXPIRE', 'ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE',
        'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME', 'CLOS')),
    CONSTRAINT compte_origine CHECK (origine IN ('INSCRIPTION', 'INVITATION', 'OPCO', 'INTERNE', 'REPRISE'))
);
-- One identifier opens one account, however many confirm at once.
CREATE UNIQUE INDEX compte_identifiant ON compte (lower(identifiant))
    WHERE etat IN ('ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME');
CREATE INDEX compte_email ON compte (email);
CREATE INDEX compte_personne ON compte (personne);
CREATE INDEX compte_echeance ON compte (prochaine_echeance) WHERE prochaine_echeance IS NOT NULL;
CREATE INDEX compte_recherche ON compte USING gin (recherche gin_trgm_ops);

-- The login of an account: the only place that holds secrets, all hashed or sealed.
ALTER TABLE utilisateur ADD COLUMN compte uuid UNIQUE REFERENCES compte;
ALTER TABLE utilisateur ADD COLUMN mot_de_passe_le timestamptz;
ALTER TABLE utilisateur ADD COLUMN poignee bytea UNIQUE;  -- random name under which passkeys know the account
ALTER TABLE utilisateur ADD COLUMN totp bytea;             -- sealed
ALTER TABLE utilisateur ADD COLUMN totp_pas bigint NOT NULL DEFAULT 0; -- last step used: a code serves once
ALTER TABLE utilisateur ADD COLUMN secours text[] NOT NULL DEFAULT '{}'; -- SHA-256 of the recovery codes left
-- Rights and roles now live with the account: those of before wait here until each account is taken over with its journal.
ALTER TABLE utilisateur DROP CONSTRAINT utilisateur_organisation;
CREATE TABLE reprise_compte AS SELECT identifiant, personne, role, sirets, actif FROM utilisateur;
ALTER TABLE reprise_compte ADD PRIMARY KEY (identifiant);
ALTER TABLE utilisateur DROP COLUMN role;
ALTER TABLE utilisateur DROP COLUMN sirets;
-- What its owner recognises a key by, beside the sessions.
ALTER TABLE cle_api ADD COLUMN cree_le timestamptz NOT NULL DEFAULT clock_timestamp();
ALTER TABLE cle_api ADD COLUMN vue_le timestamptz NOT NULL DEFAULT clock_timestamp();
ALTER TABLE cle_api DROP CONSTRAINT cle_api_identifiant_fkey;
ALTER TABLE cle_api ADD CONSTRAINT cle_api_identifiant_fkey FOREIGN KEY (identifiant) REFERENCES utilisateur ON UPDATE CASCADE ON DELETE CASCADE;

-- A right: account × établissement × service, each with its own état.
CREATE TABLE habilitation (
    compte      uuid NOT NULL REFERENCES compte,
    id          text NOT NULL,
    profil      text NOT NULL,
    siret       text NOT NULL,
    siren       text GENERATED ALWAYS AS (left(siret, 9)) STORED,
    service     text NOT NULL,
    etat        text NOT NULL,
    du          date,
    au          date,
    mandat      boolean NOT NULL DEFAULT false,
    motif       text NOT NULL DEFAULT '',
    demandee_le timestamptz,
    ouverte_le  timestamptz,
    limite      date,
    decidee_le  timestamptz,
    decidee_par text NOT NULL DEFAULT '', -- personne
    auto        text NOT NULL DEFAULT '',
    utilisee_le timestamptz,               -- last use, written by reads, not by the journal
    coupee      boolean NOT NULL DEFAULT false, -- its withdrawal was received: it opens nothing, whatever the procedure does
    PRIMARY KEY (compte, id),
    CONSTRAINT habilitation_cle UNIQUE (compte, profil, siret, service),
    CONSTRAINT habilitation_etat CHECK (etat IN ('DEMANDEE', 'A_VALIDER', 'PRECISION_DEMANDEE', 'ACCORDEE', 'REFUSEE', 'RETIREE', 'SUSPENDUE', 'EXPIREE')),
    CONSTRAINT habilitation_profil CHECK (profil IN ('entreprise', 'organisme')),
    CONSTRAINT habilitation_service CHECK (service IN ('DOSSIERS_FORMATION', 'CONTRIBUTIONS', 'PAIEMENTS_OF', 'CERTIF_SALARIES', 'UTILISATEURS', 'LECTURE_SEULE')),
    CONSTRAINT habilitation_periode CHECK (au IS NULL OR du IS NULL OR au >= du),
    CONSTRAINT habilitation_mandat CHECK (NOT mandat OR (du IS NOT NULL AND au IS NOT NULL))
);
CREATE INDEX habilitation_siren ON habilitation (siren, etat);
CREATE INDEX habilitation_file ON habilitation (ouverte_le, compte) WHERE etat IN ('A_VALIDER', 'PRECISION_DEMANDEE');

-- Roles of the staff, in force or waiting for a second administrator. Who examines does not pay; who administers or
-- operates the system does no business: on persons, whatever their accounts.
CREATE TABLE role_agent (
    compte   uuid NOT NULL REFERENCES compte,
    personne text NOT NULL,
    role     text NOT NULL,
    attend   boolean NOT NULL DEFAULT false,
    coupee   boolean NOT NULL DEFAULT false, -- its withdrawal was received: it opens nothing, whatever the procedure does
    PRIMARY KEY (compte, role),
    CONSTRAINT role_agent_role CHECK (role IN ('gestionnaire', 'conseiller', 'responsable', 'comptable', 'ops', 'admin', 'auditeur')),
    CONSTRAINT role_agent_instruit_ou_paie EXCLUDE USING gist (personne WITH =, (CASE role WHEN 'comptable' THEN 1 ELSE 2 END) WITH <>)
        WHERE (role IN ('gestionnaire', 'conseiller', 'comptable')),
    CONSTRAINT role_agent_metier_ou_technique EXCLUDE USING gist (personne WITH =,
        (CASE WHEN role = 'admin' THEN 1 WHEN role = 'ops' THEN 2 ELSE 3 END) WITH <>)
        WHERE (role IN ('gestionnaire', 'conseiller', 'responsable', 'comptable', 'ops', 'admin'))
);

-- Absences: the delegate acts in a role of the absent person, for a time.
CREATE TABLE delegation (
    id       text PRIMARY KEY,
    compte   uuid NOT NULL REFERENCES compte, -- the absent person's
    personne text NOT NULL,
    delegue  uuid NOT NULL REFERENCES compte,
    role     text NOT NULL,
    du       date NOT NULL,
    au       date NOT NULL,
    finie    boolean NOT NULL DEFAULT false,
    CONSTRAINT delegation_autrui CHECK (delegue <> compte),
    CONSTRAINT delegation_periode CHECK (au >= du)
);
CREATE INDEX delegation_delegue ON delegation (delegue) WHERE NOT finie;

-- Declared links: a staff member handles nothing of that company.
CREATE TABLE lien_interet (
    personne text NOT NULL,
    siren    text NOT NULL,
    PRIMARY KEY (personne, siren)
);

-- The hash of a password chosen with an acte, until the acte has its verdict.
CREATE TABLE secret_acte (
    acte   uuid PRIMARY KEY,
    hache  text NOT NULL,
    cree_le timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE passkey (
    id         bytea PRIMARY KEY,
    compte     uuid NOT NULL REFERENCES compte,
    libelle    text NOT NULL,
    donnees    jsonb NOT NULL,
    cree_le    timestamptz NOT NULL,
    utilise_le timestamptz
);
CREATE INDEX passkey_compte ON passkey (compte);

-- An identity that another provider vouches for (OIDC).
CREATE TABLE identite_externe (
    emetteur text NOT NULL,
    sujet    text NOT NULL,
    compte   uuid NOT NULL REFERENCES compte,
    cree_le  timestamptz NOT NULL,
    PRIMARY KEY (emetteur, sujet)
);

-- Anti-robot questions already answered: each serves once.
CREATE TABLE epreuve (
    id        text PRIMARY KEY,
    expire_le timestamptz NOT NULL
);

-- What a person needs to recognise one of their sessions.
ALTER TABLE session ADD COLUMN id text UNIQUE;
ALTER TABLE session ADD COLUMN compte uuid;
ALTER TABLE session ADD COLUMN ouverte_le timestamptz;
ALTER TABLE session ADD COLUMN vue_le timestamptz;
ALTER TABLE session ADD COLUMN agent text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN adresse text NOT NULL DEFAULT '';
CREATE INDEX session_compte ON session (compte);
-- Failures are counted by account, by known device, by network address and in all; the last two within a window.
ALTER TABLE echec_connexion ADD COLUMN depuis timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX echec_connexion_dernier ON echec_connexion (dernier);

-- Rules that grant a right by themselves, each switched on after a dry run.
CREATE TABLE regle_auto (
    id         text PRIMARY KEY,
    profil     text NOT NULL,
    service    text NOT NULL,
    questions  text[] NOT NULL,
    essai      jsonb NOT NULL, -- what the dry run said
    activee_par text NOT NULL,
    activee_nom text NOT NULL,
    activee_le timestamptz NOT NULL,
    arretee_par text NOT NULL DEFAULT '',
    arretee_nom text NOT NULL DEFAULT '',
    arretee_le timestamptz,
    CONSTRAINT regle_auto_questions CHECK (cardinality(questions) > 0)
);
CREATE UNIQUE INDEX regle_auto_active ON regle_auto (profil, service) WHERE arretee_le IS NULL;

-- The dry runs of such rules: one is switched on with a dry run made less than an hour before.
CREATE TABLE essai_auto (
    id        text PRIMARY KEY,
    profil    text NOT NULL,
    service   text NOT NULL,
    questions text[] NOT NULL,
    resultat  jsonb NOT NULL,
    personne  text NOT NULL,
    le        timestamptz NOT NULL
);

-- What was asked for lately without logging in, by the SHA-256 of the mailbox or of the address: nobody floods one.
CREATE TABLE sollicitation (
    cle text NOT NULL,
    le  timestamptz NOT NULL
);
CREATE INDEX sollicitation_cle ON sollicitation (cle, le);

-- What a line of the outbox is about: a dossier, or an account, whose secret is erased once sent.
ALTER TABLE courrier ADD COLUMN sorte text NOT NULL DEFAULT 'dossier';

-- The account that the house opened for an organisme, at the first accord that named it: one SIREN, one account (C16).
CREATE TABLE organisme_ouvert (
    siren  text PRIMARY KEY,
    compte uuid NOT NULL
);
