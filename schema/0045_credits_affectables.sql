-- +goose Up
-- 0035 let anybody affect every transfer received before it. Those of which the quarantine says that they are in another
-- currency, without an amount, told two ways, or on an account that is not the OPCO's, are for nobody to affect.
UPDATE entree_bancaire e SET affectable = false
WHERE e.statut = 'CREDIT' AND e.etat = 'QUARANTAINE' AND e.affectable AND NOT EXISTS (SELECT 1 FROM remboursement r WHERE r.entree = e.cle)
  AND (e.montant <= 0 OR e.phrase = 'La banque ne donne pas le montant.' OR e.phrase LIKE 'L’écriture est en « %' OR e.phrase LIKE 'Le détail est %'
    OR e.phrase LIKE 'Le détail de l’écriture %' OR e.phrase LIKE 'L’écriture n’a ni date %'
    OR e.phrase = 'Ce mouvement n’est pas sur le compte de l’OPCO.' AND e.compte NOT IN (SELECT iban FROM opco));

-- A transfer that came before its account was known to be the OPCO's is to affect once it is.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION opco_compte_connu() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE entree_bancaire SET affectable = true,
        phrase = 'De l’argent est arrivé sur le compte de l’OPCO sans être le retour d’un virement. La comptabilité en cherche l’origine.'
    WHERE statut = 'CREDIT' AND etat = 'QUARANTAINE' AND compte = NEW.iban AND montant > 0
      AND phrase = 'Ce mouvement n’est pas sur le compte de l’OPCO.';
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE OR REPLACE TRIGGER opco_compte_connu AFTER INSERT OR UPDATE OF iban ON opco FOR EACH ROW WHEN (NEW.iban <> '') EXECUTE FUNCTION opco_compte_connu();
UPDATE opco SET iban = iban;
