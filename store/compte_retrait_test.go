package store_test

import (
	"testing"

	"guichet/opco"
)

// A withdrawal that the rule refuses cuts nothing while it waits; one that it admits
// cuts at once, and the refused one beside it takes nothing more.
func TestRetraitRefuseNeCoupeRien(t *testing.T) {
	c := ouvrirComptes(t)
	id := c.actif("eloise@sorbier.test")
	var personne string
	if err := c.s.DB.Get(&personne, `SELECT personne FROM utilisateur WHERE identifiant = 'conseiller'`); err != nil {
		t.Fatal(err)
	}
	c.s.DB.MustExec(`INSERT INTO lien_interet (personne, siren) VALUES ($1, '999001019')`, personne)
	lie := opco.Acteur{Personne: personne, Nom: "Camille Conseil", Role: opco.RoleConseiller}
	c.s.DB.MustExec(`INSERT INTO session (token, data, expiry, id, compte, ouverte_le, vue_le) VALUES ('s1', '', clock_timestamp() + interval '1 day', 'S1', $1, clock_timestamp(), clock_timestamp())`, id)
	retirer := func(par opco.Acteur) {
		t.Helper()
		c.poserActe(envoi{compte: id, t: opco.ActeCloreCompte, par: par, retrait: true, charge: opco.ChargeRaisonCompte{Raison: "Fin."}})
	}
	retirer(lie)
	c.compter(1, `SELECT count(*) FROM utilisateur WHERE compte = $1 AND actif`, id)
	c.compter(1, `SELECT count(*) FROM session WHERE compte = $1`, id)
	retirer(opco.Acteur{Personne: "personne-conseiller2", Nom: "Noé Conseil", Role: opco.RoleConseiller})
	c.compter(0, `SELECT count(*) FROM utilisateur WHERE compte = $1 AND actif`, id)
	c.compter(0, `SELECT count(*) FROM session WHERE compte = $1`, id)
}
