-- +goose Up
-- The people whom a company employs, as it lists them to have them trained (domain.md 5.5). cle is the normalised name:
-- one person once a company; tri puts the family name first. A salarié who left is marked and kept out of the lists. version counts the writings.
CREATE TABLE salarie (
    id            uuid PRIMARY KEY,
    siren         text NOT NULL,
    etablissement text NOT NULL,
    nom           text NOT NULL,
    prenom        text NOT NULL,
    cle           text NOT NULL,
    tri           text NOT NULL,
    ne_le         date NOT NULL,
    csp           text NOT NULL DEFAULT '',
    contrat       text NOT NULL DEFAULT '',
    version       bigint NOT NULL DEFAULT 1,
    retire        boolean NOT NULL DEFAULT false,
    cree_le       timestamptz NOT NULL,
    cree_par      text NOT NULL,
    modifie_le    timestamptz NOT NULL,
    modifie_par   text NOT NULL,
    CONSTRAINT salarie_siren CHECK (siren = left(etablissement, 9))
);
CREATE UNIQUE INDEX salarie_unique ON salarie (siren, cle, ne_le) WHERE NOT retire;
CREATE INDEX salarie_liste ON salarie (siren, tri, id) WHERE NOT retire;

-- Who wrote what of a salarié: one line a writing, never changed. It says which fields, not what they held.
CREATE TABLE salarie_journal (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    salarie  uuid NOT NULL REFERENCES salarie,
    le       timestamptz NOT NULL,
    personne text NOT NULL,
    nom      text NOT NULL,
    geste    text NOT NULL CHECK (geste IN ('ajout', 'modification', 'retrait')),
    champs   text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX salarie_journal_salarie ON salarie_journal (salarie, id);

ALTER TABLE salarie ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON salarie FOR SELECT TO guichet_organisation
    USING (current_setting('guichet.role', true) = 'entreprise'
        AND etablissement = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[]));
GRANT SELECT ON salarie TO guichet_organisation;
ALTER TABLE salarie_journal ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON salarie_journal FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM salarie s WHERE s.id = salarie_journal.salarie));
GRANT SELECT (salarie, le, nom, geste, champs) ON salarie_journal TO guichet_organisation;

-- A company reads which of its dossiers a person is a stagiaire of: the history of trainings. Not an organisme.
ALTER TABLE stagiaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON stagiaire FOR SELECT TO guichet_organisation
    USING (current_setting('guichet.role', true) = 'entreprise'
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = stagiaire.dossier));
GRANT SELECT (dossier, id, cle, ne_le, du, au) ON stagiaire TO guichet_organisation;

-- What a brouillon was when it was last saved by a person, while their entry is kept by itself: « Annulez la saisie »
-- gives it back (AK-36, T02). There is none when nothing was kept since.
CREATE TABLE saisie (
    dossier uuid PRIMARY KEY REFERENCES dossier,
    demande jsonb NOT NULL,
    le      timestamptz NOT NULL
);

-- A file of demandes and the brouillons that it made, all together or none. id is that of the sending: the same file
-- sent twice is one.
CREATE TABLE importation (
    id        uuid PRIMARY KEY,
    empreinte text NOT NULL,
    fichier   text NOT NULL,
    lignes    integer NOT NULL CHECK (lignes > 0),
    personne  text NOT NULL,
    nom       text NOT NULL,
    le        timestamptz NOT NULL
);
CREATE INDEX importation_personne ON importation (personne, le DESC);
CREATE TABLE importation_demande (
    importation uuid NOT NULL REFERENCES importation,
    ligne       integer NOT NULL CHECK (ligne > 1),
    dossier     uuid NOT NULL UNIQUE REFERENCES dossier,
    PRIMARY KEY (importation, ligne)
);
ALTER TABLE importation_demande ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON importation_demande FOR SELECT TO guichet_organisation
    USING (current_setting('guichet.role', true) = 'entreprise'
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = importation_demande.dossier));
GRANT SELECT ON importation_demande TO guichet_organisation;
ALTER TABLE importation ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON importation FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM importation_demande i WHERE i.importation = importation.id));
GRANT SELECT (id, fichier, lignes, nom, le) ON importation TO guichet_organisation;

-- A demande that is sent or thrown away has no entry under way any more.
-- +goose StatementBegin
CREATE FUNCTION saisie_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM saisie WHERE dossier = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER saisie_close AFTER UPDATE OF etat ON dossier FOR EACH ROW
    WHEN (OLD.etat = 'BROUILLON' AND NEW.etat <> 'BROUILLON') EXECUTE FUNCTION saisie_close();
