package opco_test

import (
	"testing"

	"guichet/opco"
)

// AK-01, C16: an account that the OPCO opens gets no right that its author could not
// give to an account that exists.
func TestOuvrirCompteParLOPCO(t *testing.T) {
	const siret opco.SIRET = "99900150600016"
	of := func(s opco.Service) opco.DroitDonne {
		return opco.DroitDonne{Profil: opco.RoleOrganisme, SIRET: siret, Service: s}
	}
	mandate := func(s opco.Service, du, au opco.Date) opco.DroitDonne {
		d := of(s)
		d.Mandat, d.Du, d.Au = true, du, au
		return d
	}
	lie := func(f *opco.FaitsCompte) { f.Liens = []opco.SIREN{siret.SIREN()} }
	tests := []struct {
		nom    string
		poser  func(*opco.FaitsCompte)
		par    opco.Acteur
		droit  opco.DroitDonne
		kind   opco.Kind
		phrase string
	}{
		{"a gestionnaire, payments", nil, gael, of(opco.ServicePaiements), "", ""},
		{"a gestionnaire, users", nil, gael, of(opco.ServiceUtilisateurs), opco.Forbidden, "conseiller ou un responsable"},
		{"an adviser, users", nil, ines, of(opco.ServiceUtilisateurs), "", ""},
		{"a declared link", lie, ines, of(opco.ServicePaiements), opco.Forbidden, "lien"},
		{"users by mandate", nil, ines, mandate(opco.ServiceUtilisateurs, "2026-09-01", "2026-12-31"), opco.Invalid, "mandat"},
		{"a mandate without end", nil, ines, mandate(opco.ServicePaiements, "2026-09-01", ""), opco.Invalid, "dernier jour"},
		{"a mandate that is over", nil, ines, mandate(opco.ServicePaiements, "2026-01-01", "2026-08-31"), opco.Invalid, "déjà passé"},
		{"an e-mail that opens an account", func(f *opco.FaitsCompte) { f.EmailPris = true }, ines, of(opco.ServicePaiements), opco.Conflict, "déjà un compte"},
		{"idem, at an accord", func(f *opco.FaitsCompte) { f.EmailPris = true }, opco.ActeurSysteme(), of(opco.ServicePaiements), opco.Conflict, "déjà un compte"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := naitreCompte(t, "2026-09-01 14:00")
			v.poser = tt.poser
			err := v.acte("2026-09-01 14:00", opco.ActeOuvrirCompte, tt.par, opco.ChargeOuvrirCompte{
				Identite: opco.Identite{Nom: "Pédagogie Nouvelle", Email: "contact@of3.example"}, Identifiant: "OF3-0001", Droits: []opco.DroitDonne{tt.droit}})
			if tt.kind != "" {
				refuse(t, err, tt.kind, tt.phrase)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v.attendre(opco.CompteProvisoire).poser = lie
			refuse(t, v.acte("2026-09-02 09:00", opco.ActeReemettre, remi, nil), opco.Forbidden, "lien")
		})
	}
}

// C20: who lost the password between the second mail and the policy of privacy is not
// shut out; the last step is still asked of them.
func TestMotDePassePerduAvantLaPolitique(t *testing.T) {
	v := naitreCompte(t, "2026-09-01 14:00").fait("2026-09-01 14:00", opco.ActeOuvrirCompte, opco.ActeurSysteme(), opco.ChargeOuvrirCompte{
		Identite: opco.Identite{Nom: "Pédagogie Nouvelle", Email: "contact@of3.example"}, Identifiant: "OF3-0001",
		Droits: []opco.DroitDonne{{Profil: opco.RoleOrganisme, SIRET: "99900150600016", Service: opco.ServicePaiements}}})
	v.c.Personne = titulaire.Personne
	v.fait("2026-09-03 09:00", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "pedagogie.nouvelle"})
	refuse(t, v.acte("2026-09-03 09:01", opco.ActeDemanderReinit, demandeur, nil), opco.Conflict, "pas possible")
	v.fait("2026-09-03 09:02", opco.ActeConfirmerIdentifiant, demandeur, code(v.dernier(opco.CourrierIdentifiantModifie).Secret))
	v.fait("2026-09-10 09:00", opco.ActeDemanderReinit, demandeur, nil).attendre(opco.CompteMotDePasseConfirme)
	v.fait("2026-09-10 09:30", opco.ActeReinitialiser, demandeur, code(v.dernier(opco.CourrierReinitialisation).Secret)).attendre(opco.CompteMotDePasseConfirme)
	if !v.effets.PoserMotDePasse || !v.effets.CouperSessions {
		t.Errorf("got %+v, want the password in place and the sessions cut", v.effets)
	}
	v.fait("2026-09-10 09:35", opco.ActeAccepterConfidentialite, titulaire, opco.ChargeVersion{Version: "v1"}).attendre(opco.CompteActif)
}
