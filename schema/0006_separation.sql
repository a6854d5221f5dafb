-- +goose Up
-- Separation of duties, held by constraints and not by care alone (reliability.md 3.1). The rules of the house refuse
-- first, with a sentence; what is below holds whatever writes.

-- Who prepared and who validated a payment batch. One row a person engaged: who signed, and the absent person in whose
-- name. The primary key is the rule: nobody signs a lot in two capacities, nor twice (rules 1, 4 and 6).
CREATE TABLE lot_signature (
    lot      text NOT NULL REFERENCES lot,
    personne text NOT NULL,
    sens     text NOT NULL,
    role     text NOT NULL,
    numero   integer NOT NULL, -- of the signature within its sens: a delegate and the absent person share one
    PRIMARY KEY (lot, personne),
    CONSTRAINT lot_signature_sens CHECK (sens IN ('PREPARE', 'VALIDE')),
    CONSTRAINT lot_signature_personne CHECK (personne <> '')
);
-- A lot above the thresholds of its day takes two validations, one from a responsable (rule 4).
ALTER TABLE lot ADD COLUMN troisieme boolean NOT NULL DEFAULT false;

-- The lots of before this table: those who edited them, and who validated them.
INSERT INTO lot_signature (lot, personne, sens, role, numero)
SELECT DISTINCT ON (l.id, c.a ->> 'personne') l.id, c.a ->> 'personne', 'PREPARE', c.a ->> 'role', c.n
FROM lot l CROSS JOIN LATERAL jsonb_array_elements(COALESCE(l.contenu -> 'createurs', '[]')) WITH ORDINALITY AS c(a, n)
WHERE c.a ->> 'personne' <> '' ORDER BY l.id, c.a ->> 'personne', c.n;
INSERT INTO lot_signature (lot, personne, sens, role, numero)
SELECT l.id, l.valide_par, 'VALIDE', COALESCE(l.contenu #>> '{valide_par,role}', ''), 1 FROM lot l WHERE l.valide_par <> '';
UPDATE lot SET contenu = jsonb_set(contenu, '{validations}', jsonb_build_array(contenu -> 'valide_par')) WHERE valide_par <> '';

-- +goose StatementBegin
CREATE FUNCTION lot_valide_par() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE l lot%ROWTYPE; validations integer; responsable boolean;
BEGIN
    SELECT * INTO l FROM lot WHERE id = NEW.id;
    IF l.etat NOT IN ('VALIDE', 'EMIS', 'TRANSMIS', 'SOLDE') THEN
        RETURN NULL;
    END IF;
    SELECT count(DISTINCT numero), COALESCE(bool_or(role = 'responsable'), false) INTO validations, responsable
    FROM lot_signature WHERE lot = l.id AND sens = 'VALIDE';
    IF validations < (CASE WHEN l.troisieme THEN 2 ELSE 1 END) OR l.troisieme AND NOT responsable THEN
        RAISE EXCEPTION 'lot % lacks a validation', l.id USING CONSTRAINT = 'lot_validations', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Whoever judged a line neither prepares nor validates its payment (rule 2).
CREATE FUNCTION lot_memoire() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE trahi boolean;
BEGIN
    IF TG_TABLE_NAME = 'reglement' THEN
        trahi := EXISTS (SELECT 1 FROM lot_signature s WHERE s.lot = NEW.lot AND s.personne = ANY (NEW.instruit_par));
    ELSE
        trahi := EXISTS (SELECT 1 FROM reglement r WHERE r.lot = NEW.lot AND NEW.personne = ANY (r.instruit_par));
    END IF;
    IF trahi THEN
        RAISE EXCEPTION 'who judged a line of lot % signs it', NEW.lot USING CONSTRAINT = 'lot_memoire', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Roles that exclude each other, whatever their order (rule 3).
CREATE FUNCTION roles_incompatibles(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT a <> b AND a <> 'auditeur' AND b <> 'auditeur' AND (
        a IN ('admin', 'ops') OR b IN ('admin', 'ops')
        OR a = 'comptable' AND b IN ('gestionnaire', 'conseiller') OR b = 'comptable' AND a IN ('gestionnaire', 'conseiller')) $$;

-- A delegation gives no role that those of the delegate exclude: those held through any account, or received from others
-- for the same days (rules 3 and 6).
CREATE FUNCTION delegation_compatible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'role_agent' THEN
        IF EXISTS (SELECT 1 FROM delegation d JOIN compte c ON c.id = d.delegue
                   WHERE c.personne = NEW.personne AND NOT d.finie AND roles_incompatibles(d.role, NEW.role)) THEN
            RAISE EXCEPTION 'a delegation excludes this role' USING CONSTRAINT = 'role_agent_delegation', ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.finie THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM compte c JOIN compte m ON m.personne = c.personne JOIN role_agent r ON r.compte = m.id
               WHERE c.id = NEW.delegue AND roles_incompatibles(r.role, NEW.role))
       OR EXISTS (SELECT 1 FROM compte c JOIN compte m ON m.personne = c.personne JOIN delegation d ON d.delegue = m.id
                  WHERE c.id = NEW.delegue AND d.id <> NEW.id AND NOT d.finie AND d.du <= NEW.au AND NEW.du <= d.au
                    AND roles_incompatibles(d.role, NEW.role)) THEN
        RAISE EXCEPTION 'the delegate holds a role that excludes this one' USING CONSTRAINT = 'delegation_incompatible', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- At the end of the transaction: a lot, its lines and its signatures are written together.
CREATE CONSTRAINT TRIGGER lot_validations AFTER INSERT OR UPDATE OF etat, troisieme ON lot DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lot_valide_par();
CREATE CONSTRAINT TRIGGER lot_memoire AFTER INSERT OR UPDATE OF lot, instruit_par ON reglement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.lot IS NOT NULL) EXECUTE FUNCTION lot_memoire();
CREATE CONSTRAINT TRIGGER lot_memoire AFTER INSERT ON lot_signature DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lot_memoire();
CREATE TRIGGER delegation_incompatible AFTER INSERT OR UPDATE ON delegation FOR EACH ROW EXECUTE FUNCTION delegation_compatible();
CREATE TRIGGER role_agent_delegation AFTER INSERT OR UPDATE ON role_agent FOR EACH ROW EXECUTE FUNCTION delegation_compatible();
