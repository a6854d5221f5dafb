package store_test

import (
	"testing"

	"guichet/opco"
)

// A company keeps one person who manages its users: the last one cannot withdraw
// that right from herself, and two who withdraw each other at once do not both go.
func TestCompteDernierAdministrateur(t *testing.T) {
	c := ouvrirComptes(t)
	u, err := c.s.Utilisateur(c.ctx, "e1")
	if err != nil {
		t.Fatal(err)
	}
	rose, paul := c.unCompte(u.Compte), c.unCompte(c.actif("paul@sorbier.test"))
	gere := opco.CleHabilitation(opco.RoleEntreprise, "99900101900010", opco.ServiceUtilisateurs)
	par := func(x *opco.Compte, sur *opco.Compte) envoi {
		return envoi{compte: sur.ID, t: opco.ActeRetirerDroits, par: opco.Acteur{Personne: x.Personne, Nom: x.NomComplet(), Role: opco.RoleEntreprise}, via: x.ID,
			retrait: true, charge: opco.ChargeDroits{Habilitations: []string{gere}, Raison: "Changement de poste."}}
	}
	donner := func() {
		e := par(rose, paul)
		e.t, e.retrait = opco.ActeDonnerDroits, false
		e.charge = opco.ChargeInviter{Droits: []opco.DroitDonne{{Profil: opco.RoleEntreprise, SIRET: "99900101900010", Service: opco.ServiceUtilisateurs}}}
		c.appliquer(e)
	}
	c.refuser(par(rose, rose), opco.Conflict, "DERNIER_ADMINISTRATEUR")
	donner()
	un, deux := c.poserActe(par(rose, paul)), c.poserActe(par(paul, rose))
	enParallele(2, func(i int) {
		if i == 0 {
			c.inscrireActe(paul.ID, un)
		} else {
			c.inscrireActe(rose.ID, deux)
		}
	})
	var restent int
	if err := c.s.DB.Get(&restent, `SELECT count(*) FROM habilitation WHERE siret = '99900101900010' AND service = 'UTILISATEURS' AND etat = 'ACCORDEE' AND NOT coupee`); err != nil || restent == 0 {
		t.Errorf("%d administrators are left (%v), want one at least", restent, err)
	}
	if x := c.unCompte(rose.ID); x.Etat == opco.CompteActif {
		if h, _ := c.unCompte(paul.ID).Habilitation(gere); h.Etat != opco.HabAccordee {
			donner()
		}
		c.appliquer(par(rose, rose))
	}
}
