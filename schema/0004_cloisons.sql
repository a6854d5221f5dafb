-- +goose Up
-- The walls between organisations, held by PostgreSQL (reliability.md 3.2): the second line behind the conditions that
-- the store writes itself. What a company or an organisme reads is read under the role guichet_organisation, which sees
-- through the policies below and nothing else; a query that forgets its condition still shows nothing of anybody else.
--
-- Four settings of the transaction say who reads: guichet.role, guichet.personne, guichet.sirets, guichet.sirens. Unset,
-- nothing is seen. The role writes nothing at all: what an organisation does is an acte, which the store writes.
--
-- FORCE ROW LEVEL SECURITY is not used: it binds the owner of a table, and the owner here is the staff's side of the
-- house and the procedures, which cross organisations by trade. Organisations never read as the owner: the store takes
-- the role before their first query. A user of the database who is neither the owner nor this role sees no row of these
-- tables: no policy is made for it.
--
-- A role belongs to the whole server, so that two databases of one server may create it at the same moment. Whoever
-- migrates may be superuser, have CREATEROLE, or find the role made and granted by an administrator. A dump of one
-- database does not hold the role: it is created before a restore.
-- +goose StatementBegin
DO $$
DECLARE
    droit text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    FOR essai IN 1..20 LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'guichet_organisation') THEN
                CREATE ROLE guichet_organisation NOLOGIN NOINHERIT NOCREATEDB NOCREATEROLE;
            END IF;
            IF NOT pg_has_role(current_user, 'guichet_organisation', droit) THEN
                EXECUTE format('GRANT guichet_organisation TO %I', current_user);
            END IF;
            EXIT;
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN -- another database of this server migrates too
            IF essai = 20 THEN
                RAISE;
            END IF;
            PERFORM pg_sleep(0.02 * essai);
        END;
    END LOOP;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'guichet_organisation' AND (rolsuper OR rolbypassrls OR rolcanlogin)) THEN
        RAISE EXCEPTION 'role guichet_organisation must be neither superuser nor BYPASSRLS nor LOGIN';
    END IF;
END $$;
-- +goose StatementEnd

-- The dossier that an object is, NULL for any other object.
CREATE FUNCTION dossier_de(objet text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN objet LIKE 'dossier/%' THEN substr(objet, 9)::uuid END $$;

-- A company reads the dossiers of its établissements; an organisme those that were sent and name it. The same SIRET may
-- be both: the role says as which one reads.
ALTER TABLE dossier ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON dossier FOR SELECT TO guichet_organisation USING (
    CASE current_setting('guichet.role', true)
        WHEN 'entreprise' THEN etat <> 'SUPPRIME'
            AND etablissement = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        WHEN 'organisme' THEN etat NOT IN ('BROUILLON', 'SUPPRIME')
            AND organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])
        ELSE false
    END);
GRANT SELECT ON dossier TO guichet_organisation;

-- What belongs to a dossier is read by who reads the dossier: the policy above holds inside these ones too. Columns that
-- an organisation never reads are not granted, among them the bank account of the other party.
ALTER TABLE facture ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON facture FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = facture.dossier));
GRANT SELECT (id, dossier, numero, etat) ON facture TO guichet_organisation;

ALTER TABLE reglement ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON reglement FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = reglement.dossier));
GRANT SELECT (id, dossier, etat, precedent, motif, execute_le) ON reglement TO guichet_organisation;

ALTER TABLE passage ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON passage FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier_de(passage.objet)));
GRANT SELECT ON passage TO guichet_organisation;

-- Its author follows an acte, and who reads its dossier: its verdict, not what it carries.
ALTER TABLE acte ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON acte FOR SELECT TO guichet_organisation
    USING (personne = NULLIF(current_setting('guichet.personne', true), '')
        OR EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier_de(acte.objet)));
GRANT SELECT (id, objet, seq, type, personne, nom, role, siret, etat, code, phrase, recu_le) ON acte TO guichet_organisation;

-- Neither the bank account nor the wages that the other party proves.
ALTER TABLE piece ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON piece FOR SELECT TO guichet_organisation
    USING ((type NOT IN ('RIB', 'RELEVE_DEPENSES') OR depose_role = current_setting('guichet.role', true))
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = piece.dossier));
GRANT SELECT ON piece TO guichet_organisation;

ALTER TABLE fichier ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON fichier FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM piece p WHERE p.empreinte = fichier.empreinte));
GRANT SELECT ON fichier TO guichet_organisation;

-- Only what was written to the reader; the data of the letter are not granted, the letter itself is a file.
ALTER TABLE courrier ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON courrier FOR SELECT TO guichet_organisation
    USING (pour = current_setting('guichet.role', true)
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier_de(courrier.objet)));
GRANT SELECT (id, objet, rang, evenement, pour, detail, adresse, etat, erreur, sujet, message_id, lettre_pdf, lettre_html, le, envoye_le)
    ON courrier TO guichet_organisation;

-- A company reads its own envelopes and their balances.
ALTER TABLE enveloppe ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON enveloppe FOR SELECT TO guichet_organisation
    USING (current_setting('guichet.role', true) = 'entreprise'
        AND siren = ANY (NULLIF(current_setting('guichet.sirens', true), '')::text[]));
GRANT SELECT ON enveloppe TO guichet_organisation;

ALTER TABLE solde ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON solde FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM enveloppe e WHERE e.id = solde.enveloppe));
GRANT SELECT ON solde TO guichet_organisation;
