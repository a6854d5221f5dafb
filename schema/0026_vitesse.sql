-- +goose Up
-- What a million dossiers asked for beside their lists: what blocks a dossier is read beside it, not in its whole
-- contents, and the figures of the menus are kept, not counted one by one behind the wall.

-- 1. What opco.Dossier.Blocage reads of a dossier on which somebody works, and nothing else: a queue reads fifty of
-- these on a page. PostgreSQL keeps it with each change of contenu; it is NULL in the other états, which say it all.
-- Arrays are read by their objects, so that what is null, or not there, is an empty one.
-- +goose StatementBegin
CREATE FUNCTION dossier_travail(contenu jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'etat', contenu -> 'etat',
        'demande', jsonb_build_object('interne', contenu #> '{demande,interne}', 'subrogation', contenu #> '{demande,subrogation}'),
        'pieces', (SELECT jsonb_agg(jsonb_build_object('type', x -> 'type', 'etat', x -> 'etat'))
                   FROM jsonb_path_query(contenu, '$.pieces[*] ? (@.type() == "object")') x),
        'complement', CASE jsonb_typeof(contenu -> 'complement') WHEN 'object' THEN jsonb_build_object(
            'pieces', (SELECT jsonb_agg(jsonb_build_object('type', x -> 'type', 'recue', x -> 'recue'))
                       FROM jsonb_path_query(contenu, '$.complement.pieces[*] ? (@.type() == "object")') x)) END,
        'a_venir', contenu -> 'a_venir',
        'proposition', CASE jsonb_typeof(contenu -> 'proposition') WHEN 'object' THEN jsonb_build_object(
            'sens', contenu #> '{proposition,sens}', 'accorde', contenu #> '{proposition,accorde}',
            'propose_par', jsonb_build_object('nom', contenu #> '{proposition,propose_par,nom}')) END,
        'certificats', (SELECT jsonb_agg(jsonb_build_object('id', x -> 'id')) FROM jsonb_path_query(contenu, '$.certificats[*] ? (@.type() == "object")') x),
        'factures', (SELECT jsonb_agg(jsonb_build_object('etat', x -> 'etat')) FROM jsonb_path_query(contenu, '$.factures[*] ? (@.type() == "object")') x),
        'forclos', contenu -> 'forclos')) $$;
-- +goose StatementEnd
-- attendu: its organisme, paid by the OPCO, is the one who acts.
DROP INDEX dossier_attendu_organisme;
ALTER TABLE dossier
    ADD COLUMN travail jsonb GENERATED ALWAYS AS (CASE WHEN etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION',
        'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME') THEN dossier_travail(contenu) END) STORED,
    ADD COLUMN attendu boolean NOT NULL GENERATED ALWAYS AS (etat IN ('ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')
        AND COALESCE((contenu #>> '{demande,subrogation}')::boolean, false)) STORED;
CREATE INDEX dossier_attendu_organisme ON dossier (organisme, fin, id) WHERE attendu;
CREATE INDEX document_non_conforme ON document (organisme) WHERE etat = 'NON_CONFORME';

-- 2. A règlement says which organisme it pays as such ('' when it pays the company), whether its payee has found it and
-- whether another was made in its place, so that its counters depend on its own row: who changes it has it locked.
ALTER TABLE reglement ADD COLUMN organisme text NOT NULL DEFAULT '', ADD COLUMN pointe boolean NOT NULL DEFAULT false,
    ADD COLUMN remplace boolean NOT NULL DEFAULT false;
ALTER TABLE reglement_repris ADD COLUMN pointe boolean NOT NULL DEFAULT false;
UPDATE reglement r SET organisme = d.organisme FROM dossier d WHERE d.id = r.dossier AND d.organisme = r.beneficiaire;
UPDATE reglement r SET pointe = true FROM pointage p WHERE p.reglement = r.id AND p.pointe;
UPDATE reglement r SET remplace = true FROM reglement x WHERE x.precedent = r.id;
UPDATE reglement_repris r SET pointe = true FROM pointage p WHERE p.reglement = r.id AND p.pointe;

-- +goose StatementBegin
CREATE FUNCTION reglement_nommer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT CASE WHEN d.organisme = NEW.beneficiaire THEN d.organisme ELSE '' END INTO NEW.organisme
    FROM dossier d WHERE d.id = NEW.dossier FOR SHARE; -- who changes the organisme meanwhile would not see this row
    RETURN NEW;
END $$;
CREATE FUNCTION reglement_remplacer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reglement SET remplace = true WHERE id = NEW.precedent;
    RETURN NULL;
END $$;
CREATE FUNCTION dossier_nommer_reglements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reglement SET organisme = CASE WHEN beneficiaire = NEW.organisme THEN NEW.organisme ELSE '' END WHERE dossier = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION pointage_dire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reglement SET pointe = NEW.pointe WHERE id = NEW.reglement AND pointe <> NEW.pointe;
    UPDATE reglement_repris SET pointe = NEW.pointe WHERE id = NEW.reglement AND pointe <> NEW.pointe;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER reglement_nomme BEFORE INSERT ON reglement FOR EACH ROW EXECUTE FUNCTION reglement_nommer();
CREATE TRIGGER reglement_remplacant AFTER INSERT ON reglement FOR EACH ROW WHEN (NEW.precedent IS NOT NULL) EXECUTE FUNCTION reglement_remplacer();
CREATE TRIGGER dossier_reglements AFTER UPDATE ON dossier FOR EACH ROW WHEN (OLD.organisme <> NEW.organisme)
    EXECUTE FUNCTION dossier_nommer_reglements();
CREATE TRIGGER pointage_dit AFTER INSERT OR UPDATE ON pointage FOR EACH ROW EXECUTE FUNCTION pointage_dire();

-- 3. The counters of the menus, among the others (schema/0014_listes.sql): of an établissement the invoices, règlements
-- and documents of its dossiers; of an organisme the dossiers that wait for it, the règlements to find in its accounts
-- and those on their way; of the comptable (caisse) those to pay, by due day, and those that the bank refused and that
-- nothing replaced. Beside a figure of règlements, their sum in cents.
CREATE FUNCTION piece_suivie(type text, depose_role text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT type NOT IN ('RIB', 'RELEVE_DEPENSES') OR depose_role = 'entreprise' $$;
CREATE FUNCTION lettre_suivie(pour text, lettre_pdf text, objet text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pour = 'entreprise' AND lettre_pdf IS NOT NULL AND objet LIKE 'dossier/%' $$;
CREATE FUNCTION reglement_comptes(organisme text, etat text, pointe boolean, remplace boolean, echeance date, montant bigint)
RETURNS TABLE (portee text, code text, n bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT x.portee COLLATE "C", x.code || y.suite, y.n
    FROM (VALUES ('O:' || organisme, 'suivi:a_pointer', '', etat = 'EXECUTE' AND NOT pointe AND organisme <> ''),
                 ('O:' || organisme, 'suivi:a_venir', '', etat IN ('A_PAYER', 'PROPOSE', 'VALIDE', 'EMIS', 'ACCEPTE_BANQUE') AND organisme <> ''),
                 ('caisse', 'a_payer', to_char(echeance, ':YYYY-MM-DD'), etat = 'A_PAYER'),
                 ('caisse', 'rejets', '', reglement_rejete(etat) AND NOT remplace)) AS x(portee, code, jour, compte)
    CROSS JOIN LATERAL (VALUES (x.jour, 1::bigint), ('_centimes' || x.jour, montant)) AS y(suite, n)
    WHERE x.compte $$;

-- +goose StatementBegin
-- Counts what came to dossiers, or left them. Who changes the établissement of one meanwhile would not see it: it waits.
CREATE FUNCTION suivis_compter(dossiers uuid[], quoi text, signe integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM dossier WHERE id = ANY (dossiers) ORDER BY id FOR SHARE;
    INSERT INTO dossier_compte (portee, code, n)
    SELECT 'E:' || d.etablissement, 'suivi:' || quoi, signe * count(*) FROM unnest(dossiers) x JOIN dossier d ON d.id = x
    WHERE d.etat <> 'SUPPRIME' GROUP BY 1;
END $$;
CREATE FUNCTION facture_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM neufs), 'factures', 1);
    ELSE
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM anciens), 'factures', -1);
    END IF;
    RETURN NULL;
END $$;
-- A pièce never changes its kind, nor who sent it.
CREATE FUNCTION piece_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM neufs WHERE piece_suivie(type, depose_role)), 'documents', 1);
    ELSE
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM anciens WHERE piece_suivie(type, depose_role)), 'documents', -1);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION courrier_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND lettre_suivie(OLD.pour, OLD.lettre_pdf, OLD.objet) THEN
        PERFORM suivis_compter(ARRAY [dossier_de(OLD.objet)], 'documents', -1);
    END IF;
    IF TG_OP <> 'DELETE' AND lettre_suivie(NEW.pour, NEW.lettre_pdf, NEW.objet) THEN
        PERFORM suivis_compter(ARRAY [dossier_de(NEW.objet)], 'documents', 1);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION reglement_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM neufs), 'reglements', 1);
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, sum(y.n)
        FROM neufs x CROSS JOIN LATERAL reglement_comptes(x.organisme, x.etat, x.pointe, x.remplace, x.echeance, x.montant) y
        GROUP BY 1, 2 HAVING sum(y.n) <> 0;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM suivis_compter(ARRAY (SELECT dossier FROM anciens), 'reglements', -1);
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, -sum(y.n)
        FROM anciens x CROSS JOIN LATERAL reglement_comptes(x.organisme, x.etat, x.pointe, x.remplace, x.echeance, x.montant) y
        GROUP BY 1, 2 HAVING sum(y.n) <> 0;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, sum(x.signe * y.n) FROM (
            SELECT 1 AS signe, organisme, etat, pointe, remplace, echeance, montant FROM neufs
            UNION ALL SELECT -1, organisme, etat, pointe, remplace, echeance, montant FROM anciens) x
        CROSS JOIN LATERAL reglement_comptes(x.organisme, x.etat, x.pointe, x.remplace, x.echeance, x.montant) y
        GROUP BY 1, 2 HAVING sum(x.signe * y.n) <> 0;
    END IF;
    RETURN NULL;
END $$;
-- A payment taken over from the software before was made.
CREATE FUNCTION repris_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, sum(y.n)
        FROM neufs x CROSS JOIN LATERAL reglement_comptes(x.organisme, 'EXECUTE', x.pointe, false, x.execute_le, x.montant) y GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, -sum(y.n)
        FROM anciens x CROSS JOIN LATERAL reglement_comptes(x.organisme, 'EXECUTE', x.pointe, false, x.execute_le, x.montant) y GROUP BY 1, 2;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT y.portee, y.code, sum(x.signe * y.n) FROM (
            SELECT 1 AS signe, organisme, pointe, execute_le, montant FROM neufs
            UNION ALL SELECT -1, organisme, pointe, execute_le, montant FROM anciens) x
        CROSS JOIN LATERAL reglement_comptes(x.organisme, 'EXECUTE', x.pointe, false, x.execute_le, x.montant) y
        GROUP BY 1, 2 HAVING sum(x.signe * y.n) <> 0;
    END IF;
    RETURN NULL;
END $$;
-- A dossier that changes hands, or is thrown away, takes along what is counted of it.
CREATE FUNCTION dossier_deplacer_suivis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossier_compte (portee, code, n)
    SELECT y.portee, 'suivi:' || x.quoi, y.signe * x.n
    FROM (VALUES ('factures', (SELECT count(*) FROM facture f WHERE f.dossier = NEW.id)),
                 ('reglements', (SELECT count(*) FROM reglement r WHERE r.dossier = NEW.id)),
                 ('documents', (SELECT count(*) FROM piece p WHERE p.dossier = NEW.id AND piece_suivie(p.type, p.depose_role))
                     + (SELECT count(*) FROM courrier c WHERE c.objet = 'dossier/' || NEW.id AND lettre_suivie(c.pour, c.lettre_pdf, c.objet)))) AS x(quoi, n)
    CROSS JOIN (VALUES (-1, 'E:' || OLD.etablissement, OLD.etat), (1, 'E:' || NEW.etablissement, NEW.etat)) AS y(signe, portee, etat)
    WHERE x.n <> 0 AND y.etat <> 'SUPPRIME';
    RETURN NULL;
END $$;
-- The dossiers that wait for an organisme.
CREATE FUNCTION dossier_compter_attendus() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT 'O:' || organisme, 'suivi:attendus', count(*) FROM neufs WHERE attendu AND organisme <> '' GROUP BY 1;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO dossier_compte (portee, code, n)
        SELECT 'O:' || organisme, 'suivi:attendus', -count(*) FROM anciens WHERE attendu AND organisme <> '' GROUP BY 1;
    ELSE
        INSERT INTO dossier_compte (portee, code, n)
        SELECT 'O:' || organisme, 'suivi:attendus', sum(signe) FROM (
            SELECT 1 AS signe, organisme FROM neufs WHERE attendu AND organisme <> ''
            UNION ALL SELECT -1, organisme FROM anciens WHERE attendu AND organisme <> '') x
        GROUP BY 1 HAVING sum(signe) <> 0;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER facture_compte_plus AFTER INSERT ON facture REFERENCING NEW TABLE AS neufs FOR EACH STATEMENT EXECUTE FUNCTION facture_compter();
CREATE TRIGGER facture_compte_moins AFTER DELETE ON facture REFERENCING OLD TABLE AS anciens FOR EACH STATEMENT EXECUTE FUNCTION facture_compter();
CREATE TRIGGER piece_compte_plus AFTER INSERT ON piece REFERENCING NEW TABLE AS neufs FOR EACH STATEMENT EXECUTE FUNCTION piece_compter();
CREATE TRIGGER piece_compte_moins AFTER DELETE ON piece REFERENCING OLD TABLE AS anciens FOR EACH STATEMENT EXECUTE FUNCTION piece_compter();
CREATE TRIGGER courrier_compte AFTER INSERT OR DELETE ON courrier FOR EACH ROW EXECUTE FUNCTION courrier_compter();
CREATE TRIGGER courrier_compte_change AFTER UPDATE ON courrier FOR EACH ROW
    WHEN ((OLD.pour, OLD.lettre_pdf IS NULL, OLD.objet) IS DISTINCT FROM (NEW.pour, NEW.lettre_pdf IS NULL, NEW.objet))
    EXECUTE FUNCTION courrier_compter();
CREATE TRIGGER reglement_compte_plus AFTER INSERT ON reglement REFERENCING NEW TABLE AS neufs FOR EACH STATEMENT EXECUTE FUNCTION reglement_compter();
CREATE TRIGGER reglement_compte_change AFTER UPDATE ON reglement REFERENCING OLD TABLE AS anciens NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION reglement_compter();
CREATE TRIGGER reglement_compte_moins AFTER DELETE ON reglement REFERENCING OLD TABLE AS anciens FOR EACH STATEMENT EXECUTE FUNCTION reglement_compter();
CREATE TRIGGER repris_compte_plus AFTER INSERT ON reglement_repris REFERENCING NEW TABLE AS neufs FOR EACH STATEMENT EXECUTE FUNCTION repris_compter();
CREATE TRIGGER repris_compte_change AFTER UPDATE ON reglement_repris REFERENCING OLD TABLE AS anciens NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION repris_compter();
CREATE TRIGGER repris_compte_moins AFTER DELETE ON reglement_repris REFERENCING OLD TABLE AS anciens FOR EACH STATEMENT EXECUTE FUNCTION repris_compter();
CREATE TRIGGER dossier_suivis AFTER UPDATE ON dossier FOR EACH ROW
    WHEN ((OLD.etablissement, OLD.etat = 'SUPPRIME') IS DISTINCT FROM (NEW.etablissement, NEW.etat = 'SUPPRIME'))
    EXECUTE FUNCTION dossier_deplacer_suivis();
CREATE TRIGGER dossier_attendus_plus AFTER INSERT ON dossier REFERENCING NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter_attendus();
CREATE TRIGGER dossier_attendus_change AFTER UPDATE ON dossier REFERENCING OLD TABLE AS anciens NEW TABLE AS neufs
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter_attendus();
CREATE TRIGGER dossier_attendus_moins AFTER DELETE ON dossier REFERENCING OLD TABLE AS anciens
    FOR EACH STATEMENT EXECUTE FUNCTION dossier_compter_attendus();

-- 4. Every counter, counted one by one: what « guichet verify » compares with those that are kept (I37), and what they
-- are made of when there are none.
CREATE VIEW dossier_compte_reel AS
    SELECT p COLLATE "C" AS portee, d.etat AS code, count(*)::numeric AS n
    FROM dossier d CROSS JOIN unnest(portees_de(d.etat, d.etablissement, d.organisme, d.instructeur, d.idcc)) p GROUP BY 1, 2
    UNION ALL
    SELECT p COLLATE "C", 'file:' || q.file, count(*)
    FROM dossier_file q CROSS JOIN unnest(portees_de('', q.etablissement, q.organisme, q.instructeur, q.idcc)) p WHERE q.n > 0 GROUP BY 1, 2
    UNION ALL
    SELECT 'E:' || d.etablissement, 'suivi:' || x.quoi, count(*)
    FROM (SELECT dossier, 'factures' AS quoi FROM facture
          UNION ALL SELECT dossier, 'reglements' FROM reglement
          UNION ALL SELECT dossier, 'documents' FROM piece WHERE piece_suivie(type, depose_role)
          UNION ALL SELECT dossier_de(objet), 'documents' FROM courrier WHERE lettre_suivie(pour, lettre_pdf, objet)) x
    JOIN dossier d ON d.id = x.dossier WHERE d.etat <> 'SUPPRIME' GROUP BY 1, 2
    UNION ALL
    SELECT 'O:' || d.organisme, 'suivi:attendus', count(*) FROM dossier d WHERE d.attendu AND d.organisme <> '' GROUP BY 1
    UNION ALL
    SELECT y.portee, y.code, sum(y.n)
    FROM (SELECT r.organisme, r.etat, r.pointe, r.remplace, r.echeance, r.montant FROM reglement r
          UNION ALL SELECT h.organisme, 'EXECUTE', h.pointe, false, h.execute_le, h.montant FROM reglement_repris h) x
    CROSS JOIN LATERAL reglement_comptes(x.organisme, x.etat, x.pointe, x.remplace, x.echeance, x.montant) y GROUP BY 1, 2 HAVING sum(y.n) <> 0;
INSERT INTO dossier_compte (portee, code, n, tasse)
SELECT portee, code, n, true FROM dossier_compte_reel WHERE code LIKE 'suivi:%' OR portee = 'caisse';
