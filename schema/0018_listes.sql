-- +goose Up
-- Lists at a million dossiers, as the measures asked: what a queue is narrowed to leads an index, and the counters know
-- the branches.

-- 1. The branch, in the queues of money as it is in the others.
ALTER TABLE dossier_file ADD COLUMN idcc text NOT NULL DEFAULT '';
UPDATE dossier_file q SET idcc = d.idcc FROM dossier d WHERE d.id = q.dossier AND d.idcc <> '';
ALTER TABLE dossier_file ALTER idcc DROP DEFAULT;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION dossier_tenir_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dossier_file SET ordre_limite = NEW.ordre_limite, ordre_debut = NEW.ordre_debut, ordre_enjeu = NEW.ordre_enjeu,
        ordre_depot = NEW.ordre_depot, etablissement = NEW.etablissement, organisme = NEW.organisme, instructeur = NEW.instructeur,
        idcc = NEW.idcc
    WHERE dossier = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facture_tenir_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE delta integer := facture_a_traiter(NEW.etat)::integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        delta := delta - facture_a_traiter(OLD.etat)::integer;
    ELSE
        INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur, idcc)
        SELECT d.id, f, 0, d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.etablissement, d.organisme, d.instructeur, d.idcc
        FROM dossier d CROSS JOIN unnest(ARRAY ['factures', 'paiement', 'rejets']) f WHERE d.id = NEW.dossier
        FOR SHARE OF d -- who changes the dossier meanwhile would not see these rows, and leave them behind
        ON CONFLICT (dossier, file) DO NOTHING;
    END IF;
    IF delta <> 0 THEN
        UPDATE dossier_file SET n = n + delta WHERE dossier = NEW.dossier AND file = 'factures';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER dossier_files ON dossier;
CREATE TRIGGER dossier_files AFTER UPDATE ON dossier FOR EACH ROW
    WHEN ((OLD.ordre_limite, OLD.ordre_debut, OLD.ordre_enjeu, OLD.ordre_depot, OLD.etablissement, OLD.organisme, OLD.instructeur, OLD.idcc)
        IS DISTINCT FROM
        (NEW.ordre_limite, NEW.ordre_debut, NEW.ordre_enjeu, NEW.ordre_depot, NEW.etablissement, NEW.organisme, NEW.instructeur, NEW.idcc))
    EXECUTE FUNCTION dossier_tenir_files();

-- 2. The counters of a branch: 'B:' before its IDCC.
CREATE FUNCTION portees_de(etat text, etablissement text, organisme text, instructeur text, idcc text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE etat WHEN 'SUPPRIME' THEN '{}' WHEN 'BROUILLON' THEN ARRAY ['E:' || etablissement]
        ELSE ARRAY ['*', 'E:' || etablissement] || CASE organisme WHEN '' THEN '{}' ELSE ARRAY ['O:' || organisme] END
            || CASE instructeur WHEN '' THEN '{}' ELSE ARRAY ['I:' || instructeur] END
            || CASE idcc WHEN '' THEN '{}' ELSE ARRAY ['B:' || idcc] END END $$;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION dossier_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, x.etat, count(*) FROM neufs x CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, x.etat, -count(*) FROM anciens x CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        GROUP BY 1, 2;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, etat, sum(n) FROM (
            SELECT 1 AS n, etat, etablissement, organisme, instructeur, idcc FROM neufs
            UNION ALL SELECT -1, etat, etablissement, organisme, instructeur, idcc FROM anciens) x
        CROSS JOIN unnest(portees_de(x.etat, x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        GROUP BY 1, 2 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION dossier_file_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || x.file, count(*) FROM neufs x CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        WHERE x.n > 0 GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || x.file, -count(*) FROM anciens x CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        WHERE x.n > 0 GROUP BY 1, 2;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT p, 'file:' || file, sum(signe) FROM (
            SELECT 1 AS signe, file, etablissement, organisme, instructeur, idcc FROM neufs WHERE n > 0
            UNION ALL SELECT -1, file, etablissement, organisme, instructeur, idcc FROM anciens WHERE n > 0) x
        CROSS JOIN unnest(portees_de('', x.etablissement, x.organisme, x.instructeur, x.idcc)) p
        GROUP BY 1, 2 HAVING sum(signe) <> 0;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION portees_de(text, text, text, text);
INSERT INTO dossier_compte (portee, code, n, tasse)
SELECT 'B:' || idcc, etat, count(*), true FROM dossier WHERE etat NOT IN ('BROUILLON', 'SUPPRIME') AND idcc <> '' GROUP BY 1, 2;
INSERT INTO dossier_compte (portee, code, n, tasse)
SELECT 'B:' || idcc, 'file:' || file, count(*), true FROM dossier_file WHERE n > 0 AND idcc <> '' GROUP BY 1, 2;

-- 3. The queues of a branch, each in its order.
CREATE INDEX dossier_travail_branche ON dossier (idcc, etat, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    WHERE etat IN ('TRANSMISE', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE');
CREATE INDEX dossier_oeuvre_branche ON dossier (idcc, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, id)
    WHERE etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME');
CREATE INDEX dossier_file_branche ON dossier_file (idcc, file, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, dossier) WHERE n > 0;

-- 4. What waits for an organisme that the OPCO pays: the pièces of the end. Its menu counts them on each page.
CREATE INDEX dossier_attendu_organisme ON dossier (organisme, fin, id)
    WHERE etat IN ('ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME') AND COALESCE((contenu #>> '{demande,subrogation}')::boolean, false);

-- 5. The figures of the desk of the comptable: added up in the index.
DROP INDEX reglement_a_payer;
CREATE INDEX reglement_a_payer ON reglement (echeance, id) INCLUDE (montant) WHERE etat = 'A_PAYER';
DROP INDEX reglement_rejete;
CREATE INDEX reglement_rejete ON reglement (modifie_le DESC, id DESC) INCLUDE (montant) WHERE etat IN ('REJETE_BANQUE', 'RETOURNE');
