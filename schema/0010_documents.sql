-- +goose Up
-- The rooms of an organisme de formation: the documents that it exchanges with the OPCO (AT-16 to AT-33), and its
-- payments with their pointage (AT-11 to AT-15).

-- What a document may be, from a day to a day: its label, what is said to whoever deposits it, and what is asked beside the
-- file (AT-18, AT-30). A category of the OPCO is never deposited by an organisme.
CREATE TABLE categorie_document (
    code         text NOT NULL,
    du           date NOT NULL,
    au           date,
    libelle      text NOT NULL,
    consignes    text NOT NULL DEFAULT '',
    dossier      text NOT NULL,
    avec_libelle boolean NOT NULL DEFAULT false,
    avec_periode boolean NOT NULL DEFAULT false,
    deposant     text NOT NULL,
    ordre        integer NOT NULL,
    PRIMARY KEY (code, du),
    CONSTRAINT categorie_document_periode CHECK (au IS NULL OR au >= du),
    CONSTRAINT categorie_document_dossier CHECK (dossier IN ('SANS', 'AVEC')),
    CONSTRAINT categorie_document_deposant CHECK (deposant IN ('organisme', 'opco'))
);
INSERT INTO categorie_document (code, du, libelle, consignes, dossier, avec_libelle, avec_periode, deposant, ordre) VALUES
    ('ORG_SANS_DOSSIER', '2019-01-01', 'Doc ORG sans dossier',
     'Un document qui concerne votre organisme et aucun dossier en particulier. Donnez-lui un libellé que vous reconnaîtrez.', 'SANS', true, false, 'organisme', 10),
    ('ORG_AVEC_DOSSIER', '2019-01-01', 'DOC organisme avec dossier',
     'Un document qui concerne un dossier. La facture et le certificat de réalisation se déposent dans le dossier lui-même, pas ici.', 'AVEC', true, true, 'organisme', 20),
    ('PROGRAMME_PEDAGOGIQUE', '2019-01-01', 'Programme pédagogique',
     'Le programme complet : objectifs, contenu, durée, moyens et évaluation. Les pages doivent être lisibles et dans l’ordre.', 'AVEC', false, false, 'organisme', 30),
    ('REFERENTIEL_CERTIFICATION', '2019-01-01', 'Référentiel de certification',
     'Le référentiel de la certification visée, avec son numéro RNCP ou RS.', 'AVEC', false, false, 'organisme', 40),
    ('RELEVE_CARRIERE', '2019-01-01', 'Relevé de carrière',
     'Le relevé entier, toutes les pages, daté de moins de trois mois.', 'AVEC', false, true, 'organisme', 50),
    ('CERTIFICATION_QUALIOPI', '2019-01-01', 'Certification Qualiopi',
     'Le certificat délivré par votre organisme certificateur, avec ses dates et les catégories d’actions.', 'SANS', false, true, 'organisme', 60),
    ('INFORMATION_OPCO', '2019-01-01', 'Information de l’OPCO', '', 'SANS', true, false, 'opco', 70),
    ('COURRIER_OPCO', '2019-01-01', 'Courrier de l’OPCO', '', 'AVEC', true, false, 'opco', 80),
    ('AVIS_VIREMENT', '2019-01-01', 'Avis de virement', '', 'SANS', true, false, 'opco', 90);

-- A document of an organisme, of a dossier or of none. Its file may be replaced, and it may be deleted by whoever
-- deposited it; the row and its journal stay.
CREATE TABLE document (
    id          uuid PRIMARY KEY,
    organisme   text NOT NULL, -- SIRET
    dossier     uuid REFERENCES dossier,
    categorie   text NOT NULL,
    libelle     text NOT NULL,
    du          date, -- the period that it is about
    au          date,
    nom         text NOT NULL,
    empreinte   text REFERENCES fichier,
    courrier    text UNIQUE REFERENCES courrier, -- instead of a file of its own: a letter that the OPCO wrote
    etat        text NOT NULL DEFAULT 'RECU',
    motif       text NOT NULL DEFAULT '',
    explication text NOT NULL DEFAULT '', -- what the OPCO adds to the motif
    version     integer NOT NULL DEFAULT 1,
    depose_par  text NOT NULL,
    depose_nom  text NOT NULL,
    depose_role text NOT NULL,
    depose_le   timestamptz NOT NULL, -- of its present file
    recherche   text NOT NULL,
    CONSTRAINT document_etat CHECK (etat IN ('RECU', 'CONFORME', 'NON_CONFORME', 'SUPPRIME')),
    CONSTRAINT document_fichier CHECK ((empreinte IS NULL) <> (courrier IS NULL)),
    CONSTRAINT document_motif CHECK ((etat = 'NON_CONFORME') = (motif <> '')),
    CONSTRAINT document_periode CHECK (du IS NULL OR au IS NULL OR au >= du)
);
CREATE INDEX document_organisme ON document (organisme, depose_le DESC, id DESC) WHERE etat <> 'SUPPRIME';
CREATE INDEX document_dossier ON document (dossier) WHERE etat <> 'SUPPRIME';
CREATE INDEX document_recent ON document (depose_le DESC, id DESC) WHERE etat <> 'SUPPRIME';
CREATE INDEX document_empreinte ON document (empreinte);

-- The letters written before this table are documents too.
INSERT INTO document (id, organisme, dossier, categorie, libelle, nom, courrier, depose_par, depose_nom, depose_role, depose_le, recherche)
SELECT gen_random_uuid(), d.organisme, CASE WHEN c.evenement <> 'AVIS_VIREMENT' THEN d.id END,
       CASE WHEN c.evenement = 'AVIS_VIREMENT' THEN 'AVIS_VIREMENT' ELSE 'COURRIER_OPCO' END, c.sujet, 'lettre.pdf', c.id, '', 'Guichet', 'systeme', c.le,
       lower(unaccent(c.sujet)) || ' ' || lower(d.numero) || ' ' || regexp_replace(lower(d.numero), '[^a-z0-9]', '', 'g')
FROM courrier c JOIN dossier d ON c.objet = 'dossier/' || d.id
WHERE c.pour = 'organisme' AND c.lettre_pdf IS NOT NULL AND c.sujet <> '' AND d.organisme <> '';

-- Who did what to a document, and when. empreinte is the file that the line leaves behind.
CREATE TABLE document_passage (
    document  uuid NOT NULL REFERENCES document,
    rang      integer NOT NULL,
    acte_id   uuid NOT NULL UNIQUE,
    fait      text NOT NULL,
    detail    text NOT NULL DEFAULT '',
    empreinte text NOT NULL,
    personne  text NOT NULL,
    nom       text NOT NULL,
    role      text NOT NULL,
    le        timestamptz NOT NULL,
    PRIMARY KEY (document, rang),
    CONSTRAINT document_passage_fait CHECK (fait IN ('depose', 'modifie', 'remplace', 'conforme', 'non_conforme', 'supprime'))
);
CREATE TRIGGER document_passage_immuable BEFORE UPDATE OR DELETE ON document_passage FOR EACH ROW EXECUTE FUNCTION journal_immuable();

-- Payments made by the software that came before, taken over as they were told to the organisme. A number of dossier is
-- opaque (AT-32).
CREATE TABLE reglement_repris (
    id        text PRIMARY KEY,
    organisme text NOT NULL, -- SIRET
    numero    text NOT NULL,
    dossier   text NOT NULL, -- its number
    nom       text NOT NULL,
    prenom    text NOT NULL,
    formation text NOT NULL,
    facture   text NOT NULL DEFAULT '',
    minutes   bigint NOT NULL CHECK (minutes >= 0),
    du        date NOT NULL,
    au        date NOT NULL,
    montant   bigint NOT NULL CHECK (montant > 0),
    execute_le date NOT NULL,
    recherche text NOT NULL, -- the two numbers, without anything but letters and figures
    CONSTRAINT reglement_repris_numero UNIQUE (organisme, numero),
    CONSTRAINT reglement_repris_periode CHECK (au >= du)
);
CREATE INDEX reglement_repris_recent ON reglement_repris (organisme, execute_le DESC, numero DESC, id DESC);

-- The pointage of a payment by its payee (AT-14): the last gesture, by whom and when.
CREATE TABLE pointage (
    reglement  text PRIMARY KEY, -- of reglement or reglement_repris
    organisme  text NOT NULL,
    pointe     boolean NOT NULL,
    personne   text NOT NULL,
    nom        text NOT NULL,
    le         timestamptz NOT NULL
);
CREATE INDEX pointage_organisme ON pointage (organisme) WHERE pointe;

-- The payments of a payee are read by day, newest first.
CREATE INDEX reglement_execute ON reglement (beneficiaire, execute_le DESC, numero DESC, id DESC) WHERE etat = 'EXECUTE';

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON document FOR SELECT TO guichet_organisation USING (
    current_setting('guichet.role', true) = 'organisme' AND etat <> 'SUPPRIME'
    AND organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[]));
GRANT SELECT (id, organisme, dossier, categorie, libelle, du, au, nom, empreinte, courrier, etat, motif, explication, version, depose_nom, depose_role, depose_le, recherche)
    ON document TO guichet_organisation;

-- The file of a document is read by who reads the document.
CREATE POLICY cloison_document ON fichier FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM document x WHERE x.empreinte = fichier.empreinte));

ALTER TABLE reglement_repris ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON reglement_repris FOR SELECT TO guichet_organisation USING (
    current_setting('guichet.role', true) = 'organisme'
    AND organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[]));
GRANT SELECT ON reglement_repris TO guichet_organisation;

ALTER TABLE pointage ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON pointage FOR SELECT TO guichet_organisation USING (
    current_setting('guichet.role', true) = 'organisme'
    AND organisme = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[]));
GRANT SELECT (reglement, organisme, pointe, nom, le) ON pointage TO guichet_organisation;

-- Under a remboursement the company is paid for its own costs, wages among them: the organisme that the dossier names reads
-- neither that invoice nor that payment.
ALTER POLICY cloison ON facture USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = facture.dossier)
    AND (current_setting('guichet.role', true) <> 'organisme'
        OR emetteur = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])));
ALTER POLICY cloison ON reglement USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = reglement.dossier)
    AND (current_setting('guichet.role', true) <> 'organisme'
        OR beneficiaire = ANY (NULLIF(current_setting('guichet.sirets', true), '')::text[])));
GRANT SELECT (numero, facture, tentative, montant, beneficiaire, echeance, lot, end_to_end_id) ON reglement TO guichet_organisation;

-- The day on which a lot pays is read by who is paid in it, and by the company whose dossier it pays.
ALTER TABLE lot ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON lot FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM reglement r WHERE r.lot = lot.id));
GRANT SELECT (id, etat, execution) ON lot TO guichet_organisation;
