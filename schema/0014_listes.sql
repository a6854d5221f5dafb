-- +goose Up
-- Lists, queues, search and counters of dossiers, at a million of them. Every table below is derived from dossier,
-- facture and reglement, by triggers, in the transaction that writes these: whoever writes, they agree when it commits.
-- « guichet verify » recomputes them (I37). They are shaped for their readers: a page of a list is one walk along one
-- index, whatever the page; a counter adds up a handful of rows.

-- 1. Indexes of the lists: each begins with what the list is limited to, then has its order.
DROP INDEX dossier_recherche; -- dossier_mot serves the search
DROP INDEX dossier_file;      -- its name goes to the table of the queues; dossier_travail orders the others
DROP INDEX dossier_etablissement;
DROP INDEX dossier_organisme;
CREATE INDEX dossier_etat ON dossier (etat, cree_le DESC, id DESC);
CREATE INDEX dossier_etablissement ON dossier (etablissement, cree_le DESC, id DESC);
CREATE INDEX dossier_etablissement_etat ON dossier (etablissement, etat, cree_le DESC, id DESC);
CREATE INDEX dossier_organisme ON dossier (organisme, cree_le DESC, id DESC);
CREATE INDEX dossier_organisme_etat ON dossier (organisme, etat, cree_le DESC, id DESC);
CREATE INDEX dossier_instructeur ON dossier (instructeur, etat, cree_le DESC, id DESC) WHERE instructeur <> '';
CREATE INDEX dossier_debut ON dossier (debut DESC, id DESC) WHERE debut IS NOT NULL;
CREATE INDEX dossier_limite ON dossier (limite, etat) WHERE limite IS NOT NULL;
-- The queues, with what their filters look at: a whole queue is counted without reading a dossier.
DROP INDEX dossier_travail;
DROP INDEX dossier_attendu;
CREATE INDEX dossier_travail ON dossier (etat, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    INCLUDE (idcc, siren, etablissement, organisme, instructeur, limite)
    WHERE etat IN ('TRANSMISE', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE');
CREATE INDEX dossier_attendu ON dossier (ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    INCLUDE (etat, idcc, siren, etablissement, organisme, instructeur, limite)
    WHERE etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME');
-- All the work at once.
CREATE INDEX dossier_oeuvre ON dossier (ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    INCLUDE (etat, idcc, siren, etablissement, organisme, instructeur, limite)
    WHERE etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME');

-- 2. The words under which a dossier is found: those of its column recherche, each with what a search is limited to and
-- ordered by. A reader of an organisation finds words of its own dossiers only, by plain columns: LIKE is not leakproof,
-- so behind a wall no index of trigrams would serve it.
CREATE TABLE dossier_mot (
    dossier       uuid NOT NULL REFERENCES dossier ON DELETE CASCADE,
    mot           text COLLATE "C" NOT NULL,
    cree_le       timestamptz NOT NULL,
    etablissement text NOT NULL,
    organisme     text NOT NULL,
    envoye        boolean NOT NULL, -- not a brouillon: seen by the OPCO and by the organisme
    PRIMARY KEY (dossier, mot)
);
ALTER TABLE dossier_mot ALTER mot SET STATISTICS 1000; -- names are far from even
CREATE INDEX dossier_mot_envoye ON dossier_mot (mot, cree_le DESC, dossier DESC) WHERE envoye;
CREATE INDEX dossier_mot_etablissement ON dossier_mot (etablissement, mot, cree_le DESC, dossier DESC);
CREATE INDEX dossier_mot_organisme ON dossier_mot (organisme, mot, cree_le DESC, dossier DESC) WHERE envoye;

-- mots_de cuts a column recherche into its words, each once, cut at 64 letters.
CREATE FUNCTION mots_de(recherche text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT left(m, 64)), '{}') FROM unnest(string_to_array(recherche, ' ')) m WHERE m <> '' $$;

-- +goose StatementBegin
CREATE FUNCTION dossier_tenir_mots() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mots text[] := CASE WHEN NEW.etat = 'SUPPRIME' THEN '{}' ELSE mots_de(NEW.recherche) END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM dossier_mot WHERE dossier = NEW.id AND NOT mot = ANY (mots);
    END IF;
    INSERT INTO dossier_mot AS m (dossier, mot, cree_le, etablissement, organisme, envoye)
    SELECT NEW.id, x, NEW.cree_le, NEW.etablissement, NEW.organisme, NEW.etat <> 'BROUILLON' FROM unnest(mots) x
    ON CONFLICT (dossier, mot) DO UPDATE SET cree_le = EXCLUDED.cree_le, etablissement = EXCLUDED.etablissement,
        organisme = EXCLUDED.organisme, envoye = EXCLUDED.envoye
    WHERE (m.cree_le, m.etablissement, m.organisme, m.envoye)
        IS DISTINCT FROM (EXCLUDED.cree_le, EXCLUDED.etablissement, EXCLUDED.organisme, EXCLUDED.envoye);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER dossier_mots_nouveau AFTER INSERT ON dossier FOR EACH ROW EXECUTE FUNCTION dossier_tenir_mots();
CREATE TRIGGER dossier_mots AFTER UPDATE ON dossier FOR EACH ROW
    WHEN ((OLD.recherche, OLD.cree_le, OLD.etablissement, OLD.organisme, OLD.etat = 'BROUILLON', OLD.etat = 'SUPPRIME')
        IS DISTINCT FROM (NEW.recherche, NEW.cree_le, NEW.etablissement, NEW.organisme, NEW.etat = 'BROUILLON', NEW.etat = 'SUPPRIME'))
    EXECUTE FUNCTION dossier_tenir_mots();

-- 3. The queues of money (domain.md 5.2): invoices to treat, règlements to pay, rejections of the bank. The other queues
-- are états of dossier. n counts what puts the dossier there, 0 once nothing does. ordre_* copy the columns of dossier
-- that order the queues. The rows are made with the first invoice, by the one writer of the dossier, so that a lot only
-- ever adds to a row that is there, and never locks a dossier.
CREATE TABLE dossier_file (
    dossier       uuid NOT NULL REFERENCES dossier ON DELETE CASCADE,
    file          text NOT NULL,
    n             integer NOT NULL,
    ordre_limite  date NOT NULL,
    ordre_debut   date NOT NULL,
    ordre_enjeu   bigint NOT NULL,
    ordre_depot   timestamptz NOT NULL,
    etablissement text NOT NULL,
    organisme     text NOT NULL,
    instructeur   text NOT NULL,
    PRIMARY KEY (dossier, file),
    CONSTRAINT dossier_file_n CHECK (n >= 0),
    CONSTRAINT dossier_file_code CHECK (file IN ('factures', 'paiement', 'rejets'))
);
CREATE INDEX dossier_file_ordre ON dossier_file (file, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, dossier) WHERE n > 0;
CREATE INDEX dossier_file_instructeur ON dossier_file (instructeur, file, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, dossier)
    WHERE n > 0;

CREATE FUNCTION facture_a_traiter(etat text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT etat IN ('DEPOSEE', 'PRISE_EN_CHARGE', 'SUSPENDUE', 'COMPLETEE', 'EN_LITIGE') $$;
CREATE FUNCTION reglement_rejete(etat text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT etat IN ('REJETE_BANQUE', 'RETOURNE') $$;

-- +goose StatementBegin
CREATE FUNCTION dossier_tenir_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dossier_file SET ordre_limite = NEW.ordre_limite, ordre_debut = NEW.ordre_debut, ordre_enjeu = NEW.ordre_enjeu,
        ordre_depot = NEW.ordre_depot, etablissement = NEW.etablissement, organisme = NEW.organisme, instructeur = NEW.instructeur
    WHERE dossier = NEW.id;
    RETURN NULL;
END $$;

-- An invoice: the first one makes the rows of the three queues.
CREATE FUNCTION facture_tenir_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE delta integer := facture_a_traiter(NEW.etat)::integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        delta := delta - facture_a_traiter(OLD.etat)::integer;
    ELSE
        INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur)
        SELECT d.id, f, 0, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur
        FROM dossier d CROSS JOIN unnest(ARRAY ['factures', 'paiement', 'rejets']) f WHERE d.id = NEW.dossier
        FOR SHARE OF d -- who changes the dossier meanwhile would not see these rows, and leave them behind
        ON CONFLICT (dossier, file) DO NOTHING;
    END IF;
    IF delta <> 0 THEN
        UPDATE dossier_file SET n = n + delta WHERE dossier = NEW.dossier AND file = 'factures';
    END IF;
    RETURN NULL;
END $$;

-- A règlement: to pay, or rejected and not presented again by another. Each row counts for itself, whatever the order in
-- which they come: a rejected one for 1, and the one that presents it again for -1.
CREATE FUNCTION reglement_tenir_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a_payer integer := (NEW.etat = 'A_PAYER')::integer;
    rejets  integer := reglement_rejete(NEW.etat)::integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        a_payer := a_payer - (OLD.etat = 'A_PAYER')::integer;
        rejets := rejets - reglement_rejete(OLD.etat)::integer;
        IF rejets <> 0 THEN
            rejets := rejets * (1 - (SELECT count(*) FROM reglement x WHERE x.precedent = NEW.id));
        END IF;
    ELSIF NEW.precedent IS NOT NULL THEN
        PERFORM 1 FROM reglement p WHERE p.id = NEW.precedent FOR SHARE; -- its état is settled before it is counted
        rejets := rejets - (SELECT count(*) FROM reglement p WHERE p.id = NEW.precedent AND reglement_rejete(p.etat));
    END IF;
    IF a_payer <> 0 THEN
        UPDATE dossier_file SET n = n + a_payer WHERE dossier = NEW.dossier AND file = 'paiement';
    END IF;
    IF rejets <> 0 THEN
        UPDATE dossier_file SET n = n + rejets WHERE dossier = NEW.dossier AND file = 'rejets';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER dossier_files AFTER UPDATE ON dossier FOR EACH ROW
    WHEN ((OLD.ordre_limite, OLD.ordre_debut, OLD.ordre_enjeu, OLD.ordre_depot, OLD.etablissement, OLD.organisme, OLD.instructeur)
        IS DISTINCT FROM
        (NEW.ordre_limite, NEW.ordre_debut, NEW.ordre_enjeu, NEW.ordre_depot, NEW.etablissement, NEW.organisme, NEW.instructeur))
    EXECUTE FUNCTION dossier_tenir_files();
CREATE TRIGGER facture_files_nouveau AFTER INSERT ON facture FOR EACH ROW EXECUTE FUNCTION facture_tenir_files();
CREATE TRIGGER facture_files AFTER UPDATE ON facture FOR EACH ROW WHEN (OLD.etat <> NEW.etat) EXECUTE FUNCTION facture_tenir_files();
CREATE TRIGGER reglement_files_nouveau AFTER INSERT ON reglement FOR EACH ROW EXECUTE FUNCTION reglement_tenir_files();
CREATE TRIGGER reglement_files AFTER UPDATE ON reglement FOR EACH ROW WHEN (OLD.etat <> NEW.etat) EXECUTE FUNCTION reglement_tenir_files();

-- 4. The counters: of whom (portee: '*' all that was sent, 'E:' an établissement, 'O:' an organisme, 'I:' an instructeur,
-- each followed by its SIRET or its personne), of what (an état, or a queue of money after 'file:'), and by how much. A change
-- adds rows and waits for nobody: there is no row that every step of the house must lock. The sum is the count, at any
-- moment; rows are added up from time to time (tasse), by whoever tidies, which changes no sum.
CREATE TABLE dossier_compte (
    portee text COLLATE "C" NOT NULL,
    code   text NOT NULL,
    n      bigint NOT NULL,
    tasse  boolean NOT NULL DEFAULT false
);
CREATE INDEX dossier_compte_portee ON dossier_compte (portee, code) INCLUDE (n);
CREATE INDEX dossier_compte_neuf ON dossier_compte (portee, code) WHERE NOT tasse;

-- portees_de lists the counters that a dossier is in.
CREATE FUNCTION portees_de(etat text, etablissement text, organisme text, instructeur text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE etat WHEN 'SUPPRIME' THEN '{}' WHEN 'BROUILLON' THEN ARRAY ['E:' || etablissement]
        ELSE ARRAY ['*', 'E:' || etablissement] || CASE organisme WHEN '' THEN '{}' ELSE ARRAY ['O:' || organisme] END
            || CASE instructeur WHEN '' THEN '{}' ELSE ARRAY ['I:' || instructeur] END END $$;

-- +goose StatementBegin
CREATE FUNCTION dossier_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, x.etat, count(*) FROM neufs x CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur)) p
        GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, x.etat, -count(*) FROM anciens x CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur)) p
        GROUP BY 1, 2;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, etat, sum(n) FROM (
            SELECT 1 AS n, etat, etablissement, organisme, instructeur FROM neufs
            UNION ALL SELECT -1, etat, etablissement, organisme, instructeur FROM anciens) x
        CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur)) p
        GROUP BY 1, 2 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION dossier_file_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || x.file, count(*) FROM neufs x CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur)) p
        WHERE x.n > 0 GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || x.file, -count(*) FROM anciens x CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur)) p
        WHERE x.n > 0 GROUP BY 1, 2;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || file, sum(signe) FROM (
            SELECT 1 AS signe, file, etablissement, organisme, instructeur FROM neufs WHERE n > 0
            UNION ALL SELECT -1, file, etablissement, organisme, instructeur FROM anciens WHERE n > 0) x
        CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur)) p
        GROUP BY 1, 2 HAVING sum(signe) <> 0;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER dossier_compte_plus AFTER INSERT ON dossier REFERENCING NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter();
CREATE TRIGGER dossier_compte_change AFTER UPDATE ON dossier REFERENCING OLD TABLE AS anciens NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter();
CREATE TRIGGER dossier_compte_moins AFTER DELETE ON dossier REFERENCING OLD TABLE AS anciens
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter();
CREATE TRIGGER dossier_file_plus AFTER INSERT ON dossier_file REFERENCING NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_file_compter();
CREATE TRIGGER dossier_file_change AFTER UPDATE ON dossier_file REFERENCING OLD TABLE AS anciens NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_file_compter();
CREATE TRIGGER dossier_file_moins AFTER DELETE ON dossier_file REFERENCING OLD TABLE AS anciens
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_file_compter();

-- 5. What was there before.
INSERT INTO dossier_mot (dossier, mot, cree_le, etablissement, organisme, envoye)
SELECT d.id, m, d.cree_le, d.etablissement, d.organisme, d.etat <> 'BROUILLON'
FROM dossier d CROSS JOIN unnest(mots_de(d.recherche)) m WHERE d.etat <> 'SUPPRIME';
INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur)
SELECT d.id, x.file, x.n, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur
FROM dossier d CROSS JOIN LATERAL (VALUES
    ('factures', (SELECT count(*) FROM facture f WHERE f.dossier = d.id AND facture_a_traiter(f.etat))),
    ('paiement', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')),
    ('rejets', (SELECT count(*) FROM reglement r WHERE r.dossier = d.id AND reglement_rejete(r.etat)
        AND NOT EXISTS (SELECT 1 FROM reglement s WHERE s.precedent = r.id)))) AS x(file, n)
WHERE EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id);
INSERT INTO dossier_compte (portee, code, n, tasse)
SELECT p, d.etat, count(*), true
FROM dossier d CROSS JOIN unnest(portees_de(d.etat, d.etablissement, d.organisme, d.instructeur)) p GROUP BY 1, 2;
-- The counters of the queues of money were made by the trigger of dossier_file.

-- 6. The walls: by plain columns, so that an organisation's page is one walk along one index too.
ALTER TABLE dossier_mot ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON dossier_mot FOR SELECT TO guichet_organisation USING (
    CASE current_setting('guichet.role', true)
        WHEN 'entreprise' THEN etablissement = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        WHEN 'organisme' THEN envoye AND organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        ELSE false
    END);
GRANT SELECT ON dossier_mot TO guichet_organisation;

ALTER TABLE dossier_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON dossier_file FOR SELECT TO guichet_organisation USING (
    CASE current_setting('guichet.role', true)
        WHEN 'entreprise' THEN etablissement = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        WHEN 'organisme' THEN organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        ELSE false
    END);
GRANT SELECT ON dossier_file TO guichet_organisation;

ALTER TABLE dossier_compte ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON dossier_compte FOR SELECT TO guichet_organisation USING (
    substr(portee, 3) = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
    AND left(portee, 2) = CASE current_setting('guichet.role', true) WHEN 'entreprise' THEN 'E:' WHEN 'organisme' THEN 'O:' END);
GRANT SELECT ON dossier_compte TO guichet_organisation;
