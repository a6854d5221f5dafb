-- +goose Up
-- What is given without being asked for (reliability.md 3.1, rules 5 and 6; domain.md 2.9 C14).

-- Who declared an absence. A sensitive role is delegated by the absent person alone: one administrator would else give
-- by a delegation what takes two. The list is that of the paramètres at their strictest.
ALTER TABLE delegation ADD COLUMN par text NOT NULL DEFAULT '';
UPDATE delegation d SET par = COALESCE(x.d #>> '{par,personne}', '')
FROM compte c CROSS JOIN LATERAL jsonb_array_elements(COALESCE(c.contenu -> 'delegations', '[]')) AS x(d)
WHERE c.id = d.compte AND x.d ->> 'id' = d.id;
-- +goose StatementBegin
CREATE FUNCTION delegation_sensible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.finie AND NEW.role IN ('responsable', 'comptable', 'admin', 'ops', 'auditeur') AND NEW.par <> NEW.personne THEN
        RAISE EXCEPTION 'a sensitive role is delegated by its holder' USING CONSTRAINT = 'delegation_sensible', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER delegation_sensible AFTER INSERT ON delegation FOR EACH ROW EXECUTE FUNCTION delegation_sensible();

-- A right that an organisation gave to somebody who had none there and did not ask: it opens an espace of its own,
-- which is never entered by itself.
ALTER TABLE habilitation ADD COLUMN recue boolean NOT NULL DEFAULT false;
