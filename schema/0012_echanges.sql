-- +goose Up
-- What people say to each other about a dossier, and what they think of its pièces: none of it moves the procedure
-- (architecture.md 3), each line says who and when.

-- A message between the OPCO and one party of a dossier. fil is the thread: the company has its own, the organisme its
-- own, and neither reads the other's. de is the side that wrote. lu_le is when somebody of the other side read it first.
CREATE TABLE echange (
    id       uuid PRIMARY KEY, -- of the form that made it: sent twice, it is one message
    dossier  uuid NOT NULL REFERENCES dossier,
    fil      text NOT NULL,
    seq      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    de       text NOT NULL,
    personne text NOT NULL,
    nom      text NOT NULL,
    role     text NOT NULL,
    texte    text NOT NULL,
    pieces   uuid[] NOT NULL DEFAULT '{}',
    le       timestamptz NOT NULL,
    lu_le    timestamptz,
    lu_par   text NOT NULL DEFAULT '',
    CONSTRAINT echange_fil CHECK (fil IN ('entreprise', 'organisme')),
    CONSTRAINT echange_de CHECK (de = 'opco' OR de = fil),
    CONSTRAINT echange_personne CHECK (personne <> ''),
    CONSTRAINT echange_texte CHECK (char_length(texte) BETWEEN 1 AND 4000),
    CONSTRAINT echange_lu CHECK ((lu_le IS NULL) = (lu_par = ''))
);
CREATE INDEX echange_dossier ON echange (dossier, fil, seq DESC);
CREATE INDEX echange_attend ON echange (seq) WHERE lu_le IS NULL AND de <> 'opco';
CREATE INDEX echange_non_lu ON echange (dossier, fil) WHERE lu_le IS NULL;

-- A message says for ever what it said: only the mark of its first reading is added.
-- +goose StatementBegin
CREATE FUNCTION echange_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lu_le IS NULL AND NEW.lu_le IS NOT NULL
        AND (OLD.id, OLD.dossier, OLD.fil, OLD.seq, OLD.de, OLD.personne, OLD.nom, OLD.role, OLD.texte, OLD.pieces, OLD.le)
          = (NEW.id, NEW.dossier, NEW.fil, NEW.seq, NEW.de, NEW.personne, NEW.nom, NEW.role, NEW.texte, NEW.pieces, NEW.le) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a message is not changed' USING CONSTRAINT = 'echange_immuable', ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER echange_immuable BEFORE UPDATE OR DELETE ON echange FOR EACH ROW EXECUTE FUNCTION echange_immuable();

-- A party reads its own thread of the dossiers that it reads: not the ids of the staff, nor who of them read it.
ALTER TABLE echange ENABLE ROW LEVEL SECURITY;
CREATE POLICY cloison ON echange FOR SELECT TO guichet_organisation
    USING (fil = current_setting('guichet.role', true)
        AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = echange.dossier));
GRANT SELECT (id, dossier, fil, seq, de, nom, role, texte, pieces, le, lu_le) ON echange TO guichet_organisation;

-- A note between colleagues. Its versions are all kept: the last one is what is read.
CREATE TABLE note (
    id       uuid PRIMARY KEY,
    dossier  uuid NOT NULL REFERENCES dossier,
    seq      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    personne text NOT NULL,
    nom      text NOT NULL,
    role     text NOT NULL,
    le       timestamptz NOT NULL,
    CONSTRAINT note_personne CHECK (personne <> '')
);
CREATE INDEX note_dossier ON note (dossier, seq DESC);
CREATE TABLE note_version (
    note    uuid NOT NULL REFERENCES note,
    version integer NOT NULL,
    texte   text NOT NULL,
    le      timestamptz NOT NULL,
    PRIMARY KEY (note, version),
    CONSTRAINT note_version_texte CHECK (char_length(texte) BETWEEN 1 AND 4000),
    CONSTRAINT note_version_rang CHECK (version >= 1)
);

-- A colleague whom a note names, until they have read it.
CREATE TABLE mention (
    note     uuid NOT NULL REFERENCES note,
    personne text NOT NULL,
    nom      text NOT NULL,
    le       timestamptz NOT NULL,
    lue_le   timestamptz,
    PRIMARY KEY (note, personne)
);
CREATE INDEX mention_attend ON mention (personne, le DESC) WHERE lue_le IS NULL;

-- Who judged a pièce, and in which words. The row follows what the dossier says of its pièces.
ALTER TABLE piece ADD COLUMN precision text NOT NULL DEFAULT '', ADD COLUMN jugee_par text NOT NULL DEFAULT '', ADD COLUMN jugee_le timestamptz;
UPDATE piece p SET etat = x.j ->> 'etat', motif = COALESCE(x.j ->> 'motif', '')
FROM dossier d CROSS JOIN LATERAL jsonb_array_elements(COALESCE(NULLIF(d.contenu -> 'pieces', 'null'), '[]')) AS x(j)
WHERE p.dossier = d.id AND p.id::text = x.j ->> 'id' AND (p.etat, p.motif) IS DISTINCT FROM (x.j ->> 'etat', COALESCE(x.j ->> 'motif', ''));
