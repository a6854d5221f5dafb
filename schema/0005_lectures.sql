-- +goose Up
-- Who of the OPCO read whose personal data (reliability.md 3.19): one line per read, written before the answer leaves.
-- le is the business instant; pour is the absent person in whose name the reader acted; dossier is the one that the
-- object belongs to, so that its parties see the reads of its pièces and letters too.
CREATE TABLE lecture (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    le          timestamptz NOT NULL,
    personne    text NOT NULL,
    identifiant text NOT NULL,
    nom         text NOT NULL,
    role        text NOT NULL,
    pour        text NOT NULL DEFAULT '',
    objet       text NOT NULL,
    dossier     uuid,
    classes     text[] NOT NULL,
    route       text NOT NULL,
    nombre      integer NOT NULL,
    motif       text NOT NULL DEFAULT '',
    CONSTRAINT lecture_personne CHECK (personne <> ''),
    CONSTRAINT lecture_interne CHECK (role NOT IN ('entreprise', 'organisme', 'demandeur', '')),
    CONSTRAINT lecture_classes CHECK (cardinality(classes) > 0),
    CONSTRAINT lecture_nombre CHECK (nombre >= 0)
);
CREATE INDEX lecture_objet ON lecture (objet, id DESC);
CREATE INDEX lecture_dossier ON lecture (dossier, id DESC) WHERE dossier IS NOT NULL;
CREATE INDEX lecture_personne ON lecture (personne, id DESC);
CREATE INDEX lecture_le ON lecture (le);

-- A line is never changed. It is deleted only once it is twelve months old on the business clock: paramètres may keep
-- it longer, never less.
-- +goose StatementBegin
CREATE FUNCTION lecture_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.le < clock_timestamp() + make_interval(secs => (SELECT decalage_ns FROM horloge) / 1e9) - interval '12 months' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the log of reads is append-only' USING CONSTRAINT = 'lecture_immuable', ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER lecture_immuable BEFORE UPDATE OR DELETE ON lecture FOR EACH ROW EXECUTE FUNCTION lecture_immuable();
CREATE TRIGGER lecture_entiere BEFORE TRUNCATE ON lecture FOR EACH STATEMENT EXECUTE FUNCTION lecture_immuable();

-- The parties of a dossier see who read it, when and which data: not from which account nor why.
ALTER TABLE lecture ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON lecture FOR SELECT TO guichet_organisation
    USING (EXISTS (SELECT 1 FROM dossier d WHERE d.id = lecture.dossier));
GRANT SELECT (id, le, nom, role, objet, dossier, classes, nombre) ON lecture TO guichet_organisation;
