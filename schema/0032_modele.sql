-- +goose Up
-- The file of a form that is not sent yet: chosen, examined, kept aside under the id of the pièce that it becomes with the
-- acte that cites it, or never. Nobody but its depositor reads it; the worker throws it away after some days.
CREATE TABLE mise_de_cote (
    id          uuid PRIMARY KEY,
    dossier     uuid NOT NULL REFERENCES dossier,
    type        text NOT NULL,
    nom         text NOT NULL,
    empreinte   text NOT NULL REFERENCES fichier,
    taille      bigint NOT NULL,
    format      text NOT NULL,
    personne    text NOT NULL,
    depose_nom  text NOT NULL,
    depose_role text NOT NULL,
    le          timestamptz NOT NULL,
    retire_le   timestamptz -- its depositor took it off the form
);
CREATE INDEX mise_de_cote_dossier ON mise_de_cote (dossier, personne);
CREATE INDEX mise_de_cote_empreinte ON mise_de_cote (empreinte);
CREATE INDEX mise_de_cote_le ON mise_de_cote (le);
ALTER TABLE mise_de_cote ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON mise_de_cote FOR SELECT TO guichet_organisation
    USING (personne = NULLIF(current_setting('guichet.personne', true), '')
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = mise_de_cote.dossier));
GRANT SELECT ON mise_de_cote TO guichet_organisation;

-- What a company writes on its own invoices besides what the dossier knows (AK-47), as it wrote it last.
CREATE TABLE mention_facture (
    siren           text PRIMARY KEY,
    forme_juridique text NOT NULL,
    tva             text NOT NULL DEFAULT '',
    signataire      text NOT NULL,
    fonction        text NOT NULL,
    lieu            text NOT NULL,
    personne        text NOT NULL,
    nom             text NOT NULL,
    le              timestamptz NOT NULL
);
ALTER TABLE mention_facture ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON mention_facture FOR SELECT TO guichet_organisation
    USING (current_setting('guichet.role', true) = 'entreprise'
        AND siren IN (SELECT left(x, 9) FROM unnest(NULLIF(current_setting('guichet.sirets', true), '')::text[]) x));
GRANT SELECT (siren, forme_juridique, tva, signataire, fonction, lieu) ON mention_facture TO guichet_organisation;
