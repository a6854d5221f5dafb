-- +goose Up
-- Guichet: what people read, and what must never be lost.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- Business time = real time + decalage. The offset is only ever moved by the test clock.
CREATE TABLE horloge (
    unique_ligne boolean PRIMARY KEY DEFAULT true CHECK (unique_ligne),
    decalage_ns  bigint NOT NULL DEFAULT 0
);
INSERT INTO horloge DEFAULT VALUES;

-- Counters without gaps: dossier numbers of a year, actes of an object.
CREATE TABLE compteur (
    code    text PRIMARY KEY,
    dernier bigint NOT NULL CHECK (dernier >= 0)
);

-- Dated figures of the rules (délais, thresholds). The newest row whose period holds the day wins.
CREATE TABLE parametre (
    code      text NOT NULL,
    du        date NOT NULL,
    au        date,
    valeur    jsonb NOT NULL,
    source    text NOT NULL,
    approuve_par text NOT NULL,
    PRIMARY KEY (code, du),
    CONSTRAINT parametre_periode CHECK (au IS NULL OR au >= du)
);

-- What a branch finances, by size, from a date.
CREATE TABLE bareme (
    code         text NOT NULL,
    idcc         text NOT NULL,
    effectif_min integer NOT NULL,
    effectif_max integer NOT NULL,
    du           date NOT NULL,
    au           date,
    regle        jsonb NOT NULL,
    PRIMARY KEY (code, idcc, effectif_min, du)
);

-- The OPCO itself: payer of lots, addressee of invoices.
CREATE TABLE opco (
    unique_ligne boolean PRIMARY KEY DEFAULT true CHECK (unique_ligne),
    nom   text NOT NULL,
    siret text NOT NULL,
    iban  text NOT NULL,
    bic   text NOT NULL
);

CREATE TABLE entreprise (
    siren          text PRIMARY KEY,
    nom            text NOT NULL,
    idcc           text NOT NULL,
    effectif       integer NOT NULL CHECK (effectif >= 0),
    code_adherent  text NOT NULL DEFAULT '',
    masse_salariale bigint NOT NULL DEFAULT 0,
    adherente      boolean NOT NULL DEFAULT true,
    a_jour         boolean NOT NULL DEFAULT true,
    alsace_moselle boolean NOT NULL DEFAULT false,
    iban           text NOT NULL DEFAULT '',
    email          text NOT NULL DEFAULT ''
);

CREATE TABLE organisme (
    siren      text PRIMARY KEY,
    nom        text NOT NULL,
    nda        text NOT NULL DEFAULT '',
    nda_active boolean NOT NULL DEFAULT true,
    tva        boolean NOT NULL DEFAULT false,
    suspendu   boolean NOT NULL DEFAULT false,
    subrogation_autorisee boolean NOT NULL DEFAULT true,
    iban       text NOT NULL DEFAULT '',
    email      text NOT NULL DEFAULT ''
);

CREATE TABLE qualiopi (
    siren  text NOT NULL REFERENCES organisme,
    nature text NOT NULL,
    du     date NOT NULL,
    au     date,
    PRIMARY KEY (siren, nature, du)
);

-- Sites of companies and of training providers.
CREATE TABLE etablissement (
    siret       text PRIMARY KEY,
    siren       text NOT NULL,
    nom         text NOT NULL,
    adresse     text NOT NULL DEFAULT '',
    code_postal text NOT NULL DEFAULT '',
    ville       text NOT NULL DEFAULT ''
);
CREATE INDEX etablissement_siren ON etablissement (siren);

-- People of an organisation or of the OPCO. Separation of duties is on personne, not on the account.
CREATE TABLE personne (
    id     text PRIMARY KEY,
    nom    text NOT NULL,
    prenom text NOT NULL
);
CREATE TABLE utilisateur (
    identifiant  text PRIMARY KEY,
    personne     text NOT NULL REFERENCES personne,
    role         text NOT NULL,
    mot_de_passe text NOT NULL,
    sirets       text[] NOT NULL DEFAULT '{}',
    actif        boolean NOT NULL DEFAULT true,
    CONSTRAINT utilisateur_organisation CHECK (role NOT IN ('entreprise', 'organisme') OR cardinality(sirets) > 0)
);
CREATE TABLE cle_api (
    empreinte   text PRIMARY KEY,
    identifiant text NOT NULL REFERENCES utilisateur,
    libelle     text NOT NULL,
    expire_le   timestamptz
);
-- Failed logins in a row, by the SHA-256 of what was typed, so that unknown accounts count alike.
CREATE TABLE echec_connexion (
    empreinte text PRIMARY KEY,
    echecs    integer NOT NULL,
    dernier   timestamptz NOT NULL
);
CREATE TABLE session (
    token  text PRIMARY KEY,
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX session_expiry ON session (expiry);

-- The inbox: every acte, numbered per object without gap, acknowledged once committed.
CREATE TABLE acte (
    id         uuid PRIMARY KEY,
    objet      text NOT NULL,
    seq        bigint NOT NULL,
    type       text NOT NULL,
    personne   text NOT NULL DEFAULT '',
    nom        text NOT NULL DEFAULT '',
    role       text NOT NULL,
    siret      text NOT NULL DEFAULT '',
    charge     jsonb NOT NULL DEFAULT '{}',
    empreinte  text NOT NULL,
    etat       text NOT NULL DEFAULT 'recu',
    code       text NOT NULL DEFAULT '',
    phrase     text NOT NULL DEFAULT '',
    recu_le    timestamptz NOT NULL,
    cree_le    timestamptz NOT NULL DEFAULT clock_timestamp(),
    verdict_le timestamptz,
    CONSTRAINT acte_ordre UNIQUE (objet, seq),
    CONSTRAINT acte_etat CHECK (etat IN ('recu', 'applique', 'refuse'))
);
CREATE INDEX acte_en_attente ON acte (cree_le) WHERE etat = 'recu';

-- The projection of a dossier: columns for lists, contenu for the page. Moves forward only.
CREATE TABLE dossier (
    id            uuid PRIMARY KEY,
    numero        text NOT NULL DEFAULT '',
    etat          text NOT NULL,
    rang          bigint NOT NULL,
    version       bigint NOT NULL DEFAULT 1, -- saves of the brouillon, which no journal line tells
    etablissement text NOT NULL,
    siren         text NOT NULL,
    organisme     text NOT NULL DEFAULT '',
    entreprise_nom text NOT NULL DEFAULT '',
    organisme_nom text NOT NULL DEFAULT '',
    idcc          text NOT NULL DEFAULT '',
    intitule      text NOT NULL DEFAULT '',
    debut         date,
    fin           date,
    depose_le     timestamptz,
    demande       bigint NOT NULL DEFAULT 0,
    accorde       bigint NOT NULL DEFAULT 0,
    engage        bigint NOT NULL DEFAULT 0,
    accepte       bigint NOT NULL DEFAULT 0,
    paye          bigint NOT NULL DEFAULT 0,
    instructeur   text NOT NULL DEFAULT '',
    instructeur_nom text NOT NULL DEFAULT '',
    limite        date,
    prochaine_echeance timestamptz,
    resume        jsonb NOT NULL,
    contenu       jsonb NOT NULL,
    recherche     text NOT NULL DEFAULT '',
    cree_le       timestamptz NOT NULL,
    modifie_le    timestamptz NOT NULL,
    CONSTRAINT dossier_etat CHECK (etat IN ('BROUILLON', 'SUPPRIME', 'TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION',
        'ACCORDEE', 'ACCORDEE_PARTIELLE', 'REFUSEE', 'SANS_SUITE', 'ANNULEE', 'EN_REALISATION', 'ATTENTE_SERVICE_FAIT',
        'SF_EN_CONTROLE', 'SF_NON_CONFORME', 'EN_REGLEMENT', 'REGLEE_PARTIELLEMENT', 'REGLEE', 'CLOTUREE')),
    CONSTRAINT dossier_montants CHECK (demande >= 0 AND accorde >= 0 AND engage >= 0 AND accepte >= 0 AND paye >= 0),
    CONSTRAINT dossier_paye_dans_accepte CHECK (paye <= accepte),
    CONSTRAINT dossier_accepte_dans_accorde CHECK (accepte + engage <= accorde),
    CONSTRAINT dossier_accorde_dans_demande CHECK (accorde <= demande)
);
CREATE UNIQUE INDEX dossier_numero ON dossier (numero) WHERE numero <> '';
CREATE INDEX dossier_file ON dossier (etat, limite, id);
CREATE INDEX dossier_recent ON dossier (cree_le DESC, id DESC);
CREATE INDEX dossier_siren ON dossier (siren, etat);
CREATE INDEX dossier_etablissement ON dossier (etablissement, etat);
CREATE INDEX dossier_organisme ON dossier (organisme, etat);
CREATE INDEX dossier_echeance ON dossier (prochaine_echeance) WHERE prochaine_echeance IS NOT NULL;
CREATE INDEX dossier_recherche ON dossier USING gin (recherche gin_trgm_ops);

-- The stagiaires of a dossier, for double financing and search. cle is the normalised name.
CREATE TABLE stagiaire (
    dossier uuid NOT NULL REFERENCES dossier,
    id      text NOT NULL,
    nom     text NOT NULL,
    prenom  text NOT NULL,
    ne_le   date,
    cle     text NOT NULL,
    du      date,
    au      date,
    PRIMARY KEY (dossier, id)
);
CREATE INDEX stagiaire_cle ON stagiaire (cle, du);

-- The journal of every object: append only, numbered, hash-chained.
CREATE TABLE passage (
    objet     text NOT NULL,
    rang      bigint NOT NULL,
    acte_id   uuid,
    type      text NOT NULL,
    code      text NOT NULL DEFAULT '',
    echeance  text NOT NULL DEFAULT '',
    de        text NOT NULL,
    vers      text NOT NULL,
    verdict   text NOT NULL,
    motif     text NOT NULL DEFAULT '',
    phrase    text NOT NULL DEFAULT '',
    personne  text NOT NULL DEFAULT '',
    nom       text NOT NULL DEFAULT '',
    role      text NOT NULL,
    le        timestamptz NOT NULL,
    effet     date NOT NULL,
    resume    jsonb NOT NULL,
    inscrit_le timestamptz NOT NULL DEFAULT clock_timestamp(),
    precedente text NOT NULL,
    empreinte text NOT NULL,
    PRIMARY KEY (objet, rang),
    CONSTRAINT passage_acte UNIQUE (acte_id),
    CONSTRAINT passage_rang CHECK (rang >= 1),
    CONSTRAINT passage_verdict CHECK (verdict IN ('applique', 'refuse'))
);
-- +goose StatementBegin
CREATE FUNCTION journal_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING CONSTRAINT = 'passage_immuable', ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER passage_immuable BEFORE UPDATE OR DELETE ON passage FOR EACH ROW EXECUTE FUNCTION journal_immuable();

-- Envelopes of money: one per company, civil year and fund. Their balance lives in the ledger.
CREATE TABLE enveloppe (
    id     text PRIMARY KEY,
    siren  text NOT NULL,
    annee  integer NOT NULL,
    fonds  text NOT NULL,
    ordre  integer NOT NULL,
    libelle text NOT NULL,
    CONSTRAINT enveloppe_cle UNIQUE (siren, annee, fonds)
);

-- Double entry: the lines of one mouvement sum to zero (checked at commit).
CREATE TABLE ecriture (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mouvement  text NOT NULL,
    type       text NOT NULL,
    compte     text NOT NULL,
    enveloppe  text NOT NULL REFERENCES enveloppe,
    dossier    uuid REFERENCES dossier,
    reglement  text NOT NULL DEFAULT '',
    montant    bigint NOT NULL CHECK (montant <> 0),
    objet      text NOT NULL,
    rang       bigint NOT NULL,
    le         timestamptz NOT NULL,
    CONSTRAINT ecriture_compte CHECK (compte IN ('SOURCE', 'ENVELOPPE', 'ENGAGE', 'SERVICE_FAIT', 'ORDONNANCE', 'PAYE')),
    CONSTRAINT ecriture_unique UNIQUE (mouvement, compte)
);
CREATE INDEX ecriture_dossier ON ecriture (dossier, compte);
CREATE INDEX ecriture_enveloppe ON ecriture (enveloppe, compte);

-- Running balances. No account but the source may go below zero: that is how no envelope is ever over-engaged.
CREATE TABLE solde (
    enveloppe text NOT NULL REFERENCES enveloppe,
    compte    text NOT NULL,
    dossier   text NOT NULL,
    montant   bigint NOT NULL,
    PRIMARY KEY (enveloppe, compte, dossier),
    CONSTRAINT solde_positif CHECK (compte = 'SOURCE' OR montant >= 0)
);
-- +goose StatementBegin
CREATE FUNCTION ecriture_tenir() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d text := CASE WHEN NEW.compte IN ('SOURCE', 'ENVELOPPE') THEN '' ELSE COALESCE(NEW.dossier::text, '') END;
BEGIN
    -- Two statements: an INSERT … ON CONFLICT would check solde_positif on the proposed row first.
    UPDATE solde SET montant = montant + NEW.montant WHERE enveloppe = NEW.enveloppe AND compte = NEW.compte AND dossier = d;
    IF NOT FOUND THEN
        INSERT INTO solde (enveloppe, compte, dossier, montant) VALUES (NEW.enveloppe, NEW.compte, d, NEW.montant);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION ecriture_equilibre() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(montant) FROM ecriture WHERE mouvement = NEW.mouvement) <> 0 THEN
        RAISE EXCEPTION 'mouvement % is not balanced', NEW.mouvement
            USING CONSTRAINT = 'ecriture_equilibre', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ecriture_tenir AFTER INSERT ON ecriture FOR EACH ROW EXECUTE FUNCTION ecriture_tenir();
CREATE CONSTRAINT TRIGGER ecriture_equilibre AFTER INSERT ON ecriture DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ecriture_equilibre();
CREATE TRIGGER ecriture_immuable BEFORE UPDATE OR DELETE ON ecriture FOR EACH ROW EXECUTE FUNCTION journal_immuable();

-- Invoices, projected from their dossier (its workflow is their one writer).
CREATE TABLE facture (
    id         text PRIMARY KEY,
    dossier    uuid NOT NULL REFERENCES dossier,
    numero     text NOT NULL,
    emetteur   text NOT NULL,
    etat       text NOT NULL,
    motif      text NOT NULL DEFAULT '',
    phrase     text NOT NULL DEFAULT '',
    total_ht   bigint NOT NULL,
    approuve   bigint NOT NULL DEFAULT 0 CHECK (approuve >= 0),
    non_approuve bigint NOT NULL DEFAULT 0 CHECK (non_approuve >= 0),
    recue_le   date NOT NULL,
    echeance_le date,
    CONSTRAINT facture_etat CHECK (etat IN ('DEPOSEE', 'PRISE_EN_CHARGE', 'SUSPENDUE', 'COMPLETEE', 'EN_LITIGE', 'APPROUVEE',
        'APPROUVEE_PARTIELLEMENT', 'REFUSEE', 'REJETEE_TECHNIQUE', 'PAIEMENT_TRANSMIS', 'ANNULEE_PAR_AVOIR', 'IMPUTEE'))
);
CREATE INDEX facture_dossier ON facture (dossier);
CREATE INDEX facture_numero ON facture (left(emetteur, 9), upper(replace(numero, ' ', '')));

-- Payment batches: the projection of workflow Lot.
CREATE TABLE lot (
    id         text PRIMARY KEY,
    etat       text NOT NULL,
    rang       bigint NOT NULL,
    execution  date NOT NULL,
    groupe     boolean NOT NULL,
    nombre     integer NOT NULL,
    somme      bigint NOT NULL CHECK (somme >= 0),
    contenu    jsonb NOT NULL,
    resume     jsonb NOT NULL,
    prochaine_echeance timestamptz,
    cree_par   text NOT NULL,
    valide_par text NOT NULL DEFAULT '',
    msg_id     text NOT NULL DEFAULT '',
    empreinte  text NOT NULL DEFAULT '',
    cree_le    timestamptz NOT NULL,
    emis_le    timestamptz,
    CONSTRAINT lot_etat CHECK (etat IN ('PROPOSE', 'VALIDE', 'EMIS', 'TRANSMIS', 'SOLDE', 'ANNULE', 'EXPIRE')),
    CONSTRAINT lot_quatre_yeux CHECK (valide_par = '' OR valide_par <> cree_par)
);

-- The exact bytes of each payment file, stored before it is sent.
CREATE TABLE fichier_bancaire (
    lot       text PRIMARY KEY REFERENCES lot,
    empreinte text NOT NULL,
    octets    bytea NOT NULL,
    produit_le timestamptz NOT NULL
);

-- Payments. An invoice has at most one living one; ids that reach the bank are unique for ever.
CREATE TABLE reglement (
    id         text PRIMARY KEY,
    numero     text NOT NULL UNIQUE,
    dossier    uuid NOT NULL REFERENCES dossier,
    facture    text NOT NULL REFERENCES facture,
    tentative  integer NOT NULL,
    precedent  text REFERENCES reglement,
    montant    bigint NOT NULL CHECK (montant > 0),
    parts      jsonb NOT NULL,
    beneficiaire text NOT NULL,
    beneficiaire_nom text NOT NULL,
    iban       text NOT NULL,
    echeance   date NOT NULL,
    etat       text NOT NULL,
    lot        text REFERENCES lot,
    end_to_end_id text,
    motif      text NOT NULL DEFAULT '',
    execute_le date,
    instruit_par text[] NOT NULL DEFAULT '{}',
    modifie_le timestamptz NOT NULL,
    CONSTRAINT reglement_tentative UNIQUE (facture, tentative),
    CONSTRAINT reglement_etat CHECK (etat IN ('A_PAYER', 'PROPOSE', 'VALIDE', 'EMIS', 'ACCEPTE_BANQUE', 'REJETE_BANQUE', 'EXECUTE', 'RETOURNE', 'ANNULE'))
);
CREATE UNIQUE INDEX reglement_vivant ON reglement (facture) WHERE etat NOT IN ('REJETE_BANQUE', 'RETOURNE', 'ANNULE');
CREATE INDEX reglement_a_payer ON reglement (echeance, id) WHERE etat = 'A_PAYER';
CREATE INDEX reglement_lot ON reglement (lot);
CREATE INDEX reglement_beneficiaire ON reglement (beneficiaire, execute_le DESC);
CREATE INDEX reglement_dossier ON reglement (dossier);
CREATE INDEX reglement_e2e ON reglement (end_to_end_id);

-- Files received from the bank, as evidence, and their entries, each applied once.
CREATE TABLE retour_bancaire (
    empreinte text PRIMARY KEY,
    nom       text NOT NULL,
    format    text NOT NULL,
    octets    bytea NOT NULL,
    entrees   integer NOT NULL,
    nouvelles integer NOT NULL,
    recu_le   timestamptz NOT NULL,
    par       text NOT NULL
);
CREATE TABLE entree_bancaire (
    cle        text PRIMARY KEY,
    retour     text NOT NULL REFERENCES retour_bancaire,
    end_to_end_id text NOT NULL,
    msg_id     text NOT NULL DEFAULT '',
    statut     text NOT NULL,
    motif      text NOT NULL DEFAULT '',
    montant    bigint NOT NULL,
    jour       date,
    compte     text NOT NULL DEFAULT '',
    cause      text NOT NULL DEFAULT '', -- sentence of the reason
    etat       text NOT NULL,
    phrase     text NOT NULL DEFAULT '',
    lot        text,
    CONSTRAINT entree_etat CHECK (etat IN ('TRANSMISE', 'QUARANTAINE', 'SANS_EFFET'))
);
CREATE INDEX entree_quarantaine ON entree_bancaire (cle) WHERE etat = 'QUARANTAINE';
CREATE INDEX entree_retour ON entree_bancaire (retour);

-- Stored files, addressed by their SHA-256, and the documents of dossiers.
CREATE TABLE fichier (
    empreinte text PRIMARY KEY,
    taille    bigint NOT NULL CHECK (taille > 0),
    type      text NOT NULL,
    examen    text NOT NULL DEFAULT 'EN_ATTENTE',
    cree_le   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT fichier_examen CHECK (examen IN ('EN_ATTENTE', 'SAIN', 'REFUSE'))
);
CREATE TABLE piece (
    id        uuid PRIMARY KEY,
    dossier   uuid NOT NULL REFERENCES dossier,
    type      text NOT NULL,
    titre     text NOT NULL,
    nom       text NOT NULL,
    empreinte text NOT NULL REFERENCES fichier,
    etat      text NOT NULL,
    motif     text NOT NULL DEFAULT '',
    depose_par text NOT NULL,
    depose_nom text NOT NULL,
    depose_role text NOT NULL,
    depose_le timestamptz NOT NULL,
    CONSTRAINT piece_etat CHECK (etat IN ('EN_QUARANTAINE', 'RECUE', 'CONFORME', 'NON_CONFORME'))
);
CREATE INDEX piece_dossier ON piece (dossier, depose_le);

-- The outbox: one line per event and party. Mail never blocks a procedure.
CREATE TABLE courrier (
    id         text PRIMARY KEY,
    objet      text NOT NULL,
    rang       bigint NOT NULL,
    evenement  text NOT NULL,
    pour       text NOT NULL,
    detail     text NOT NULL DEFAULT '', -- invoice or règlement the event is about
    adresse    text NOT NULL,
    donnees    jsonb NOT NULL,
    etat       text NOT NULL DEFAULT 'A_ENVOYER',
    essais     integer NOT NULL DEFAULT 0,
    prochain   timestamptz NOT NULL DEFAULT clock_timestamp(),
    erreur     text NOT NULL DEFAULT '',
    sujet      text NOT NULL DEFAULT '',
    message_id text NOT NULL DEFAULT '',
    lettre_pdf text,
    lettre_html text,
    le         timestamptz NOT NULL,
    envoye_le  timestamptz,
    CONSTRAINT courrier_etat CHECK (etat IN ('A_ENVOYER', 'ENVOYE', 'REFUSE', 'SANS_ADRESSE')),
    CONSTRAINT courrier_evenement UNIQUE (objet, rang, evenement, pour, detail)
);
CREATE INDEX courrier_a_envoyer ON courrier (prochain) WHERE etat = 'A_ENVOYER';
CREATE INDEX courrier_objet ON courrier (objet, rang);

-- What fails again and again, in business words, for the ops console.
CREATE TABLE incident (
    id       text PRIMARY KEY,
    objet    text NOT NULL,
    activite text NOT NULL,
    essais   integer NOT NULL,
    erreur   text NOT NULL,
    ouvert_le timestamptz NOT NULL,
    clos_le  timestamptz
);
