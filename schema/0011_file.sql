-- +goose Up
-- The work queues of the OPCO (domain.md 5.2): in what order a dossier is taken, who holds it, what was set aside, how
-- it is labelled, whose it is. Nothing here moves a dossier: plain rows, each gesture with its line in geste.

-- The order of the queues, as opco.Priorite says it: legal deadline, start, amount at risk, age. One column each, all
-- ascending, so that one index gives the order and a page starts after the last row of the one before.
ALTER TABLE dossier
    ADD COLUMN ordre_limite date GENERATED ALWAYS AS (COALESCE(limite, DATE '9999-12-31')) STORED NOT NULL,
    ADD COLUMN ordre_debut date GENERATED ALWAYS AS (COALESCE(debut, DATE '9999-12-31')) STORED NOT NULL,
    ADD COLUMN ordre_enjeu bigint GENERATED ALWAYS AS (CASE
        WHEN etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION') THEN -demande
        ELSE paye - engage - accepte END) STORED NOT NULL,
    ADD COLUMN ordre_depot timestamptz GENERATED ALWAYS AS (COALESCE(depose_le, cree_le)) STORED NOT NULL;
CREATE INDEX dossier_travail ON dossier (etat, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    WHERE etat IN ('TRANSMISE', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE');
CREATE INDEX dossier_attendu ON dossier (ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    WHERE etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME');

-- The département of a postal code, as opco.DepartementDe says it.
CREATE FUNCTION departement_de(code_postal text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN code_postal !~ '^[0-9]{5}$' THEN ''
        WHEN code_postal >= '20200' AND code_postal < '21000' THEN '2B'
        WHEN code_postal LIKE '20%' THEN '2A'
        WHEN code_postal >= '97000' AND code_postal < '99000' THEN left(code_postal, 3)
        ELSE left(code_postal, 2) END $$;

-- Who holds which dossier: one person at most, until expire_le on the business clock. file is the queue it was taken
-- from; acte the id of the form that took it: sent twice, it takes once.
CREATE TABLE prise (
    dossier   uuid PRIMARY KEY REFERENCES dossier,
    personne  text NOT NULL CHECK (personne <> ''),
    pour      text NOT NULL DEFAULT '',
    nom       text NOT NULL,
    role      text NOT NULL,
    file      text NOT NULL DEFAULT '',
    acte      uuid,
    pourquoi  text NOT NULL DEFAULT '',
    depuis    timestamptz NOT NULL,
    expire_le timestamptz NOT NULL,
    CONSTRAINT prise_duree CHECK (expire_le > depuis)
);
CREATE INDEX prise_personne ON prise (personne);

-- What was set aside, until when and why. It comes back by itself at reveil_le; any news of the dossier deletes the row.
CREATE TABLE attente (
    dossier   uuid PRIMARY KEY REFERENCES dossier,
    jusqu_au  date NOT NULL,
    reveil_le timestamptz NOT NULL,
    raison    text NOT NULL CHECK (raison <> ''),
    personne  text NOT NULL,
    nom       text NOT NULL,
    le        timestamptz NOT NULL
);

-- To whom a responsable entrusted a dossier: it leaves the portefeuilles of the others.
CREATE TABLE attribution (
    dossier  uuid PRIMARY KEY REFERENCES dossier,
    personne text NOT NULL REFERENCES personne,
    nom      text NOT NULL,
    raison   text NOT NULL CHECK (raison <> ''),
    par      text NOT NULL,
    par_nom  text NOT NULL,
    le       timestamptz NOT NULL
);
CREATE INDEX attribution_personne ON attribution (personne);

-- What each member of the staff follows. In a line, '' narrows nothing; a dossier that no line names is everybody's.
CREATE TABLE portefeuille (
    id          uuid PRIMARY KEY,
    personne    text NOT NULL REFERENCES personne,
    idcc        text NOT NULL DEFAULT '',
    departement text NOT NULL DEFAULT '',
    siren       text NOT NULL DEFAULT '',
    CONSTRAINT portefeuille_restreint CHECK (idcc <> '' OR departement <> '' OR siren <> ''),
    CONSTRAINT portefeuille_unique UNIQUE (personne, idcc, departement, siren)
);

-- Labels of the house, and where they are put.
CREATE TABLE etiquette (
    id  uuid PRIMARY KEY,
    nom text NOT NULL CHECK (nom <> ''),
    ton text NOT NULL,
    CONSTRAINT etiquette_ton CHECK (ton IN ('gris', 'bleu', 'ambre', 'vert', 'rouge', 'prune'))
);
CREATE UNIQUE INDEX etiquette_nom ON etiquette (lower(nom));
CREATE TABLE etiquette_dossier (
    dossier   uuid NOT NULL REFERENCES dossier,
    etiquette uuid NOT NULL REFERENCES etiquette ON DELETE CASCADE,
    par       text NOT NULL,
    le        timestamptz NOT NULL,
    PRIMARY KEY (dossier, etiquette)
);
CREATE INDEX etiquette_dossier_etiquette ON etiquette_dossier (etiquette);

-- A filter that somebody keeps under a name, for themselves or for everybody. filtre is the query of its address.
CREATE TABLE vue_enregistree (
    id       uuid PRIMARY KEY,
    nom      text NOT NULL CHECK (nom <> ''),
    filtre   text NOT NULL,
    personne text NOT NULL,
    auteur   text NOT NULL,
    partagee boolean NOT NULL DEFAULT false,
    cree_le  timestamptz NOT NULL
);
CREATE UNIQUE INDEX vue_enregistree_nom ON vue_enregistree (personne, lower(nom));
CREATE INDEX vue_enregistree_partagee ON vue_enregistree (lower(nom)) WHERE partagee;
-- The view that somebody opens first.
CREATE TABLE vue_defaut (
    personne text PRIMARY KEY,
    vue      uuid NOT NULL REFERENCES vue_enregistree ON DELETE CASCADE
);

-- Every gesture above: who, when, on what. Append only.
CREATE TABLE geste (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    objet    text NOT NULL,
    type     text NOT NULL,
    personne text NOT NULL,
    pour     text NOT NULL DEFAULT '',
    nom      text NOT NULL,
    role     text NOT NULL,
    le       timestamptz NOT NULL,
    detail   text NOT NULL DEFAULT ''
);
CREATE INDEX geste_objet ON geste (objet, id DESC);
CREATE TRIGGER geste_immuable BEFORE UPDATE OR DELETE ON geste FOR EACH ROW EXECUTE FUNCTION journal_immuable();
