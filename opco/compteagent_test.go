package opco_test

import (
	"slices"
	"testing"

	"guichet/opco"
)

func agent(role opco.Role) opco.ChargeAgent {
	return opco.ChargeAgent{Identifiant: "ines.benkirane", Role: role,
		Identite: opco.Identite{Civilite: "Mme", Nom: "Benkirane", Prenom: "Inès", Email: "ines.benkirane@opco.example"}}
}

// agente is the open account of a staff member with the role; a sensitive one is
// confirmed.
func agente(t *testing.T, role opco.Role) *vieCompte {
	t.Helper()
	v := naitreCompte(t, "2026-06-01 09:00").fait("2026-06-01 09:00", opco.ActeCreerAgent, adele, agent(role)).attendre(opco.CompteEmailAConfirmer)
	if v.c.Roles[0].Attend {
		v.fait("2026-06-01 09:10", opco.ActeConfirmerRole, amin, opco.ChargeRole{Role: role})
	}
	return v.fait("2026-06-01 10:00", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierInvitation).Secret)).attendre(opco.CompteActif)
}

// Roles are granted by an administrator, never to oneself; sensitive ones need two.
func TestRoles(t *testing.T) {
	soi := opco.Acteur{Personne: "c1", Nom: "Inès", Role: opco.RoleAdmin}
	role := func(r opco.Role) opco.ChargeRole { return opco.ChargeRole{Role: r, Raison: "Mobilité"} }
	t.Run("an ordinary role", func(t *testing.T) {
		v := agente(t, opco.RoleConseiller)
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeAccorderRole, remi, role(opco.RoleGestionnaire)), opco.Forbidden, "rôle")
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeAccorderRole, soi, role(opco.RoleGestionnaire)), opco.Forbidden, "le vôtre")
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeAccorderRole, adele, role(opco.RoleConseiller)), opco.Conflict, "déjà le rôle")
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeAccorderRole, adele, role(opco.RoleEntreprise)), opco.Invalid, "n’existe pas")
		v.fait("2026-06-02 09:00", opco.ActeAccorderRole, adele, role(opco.RoleGestionnaire))
		if m := v.dernier(opco.CourrierRoleAccorde); m.Role != opco.RoleGestionnaire {
			t.Errorf("mail: %+v", m)
		}
	})
	t.Run("a sensitive role", func(t *testing.T) {
		v := agente(t, opco.RoleConseiller).fait("2026-06-02 09:00", opco.ActeAccorderRole, adele, role(opco.RoleResponsable))
		if r := v.c.Roles[1]; !r.Attend || r.EnVigueur() {
			t.Fatalf("got %+v", r)
		}
		refuse(t, v.acte("2026-06-02 09:10", opco.ActeConfirmerRole, adele, role(opco.RoleResponsable)), opco.Forbidden, "un autre administrateur")
		refuse(t, v.acte("2026-06-02 09:10", opco.ActeConfirmerRole, opco.Acteur{Personne: "p-x", Pour: "p-adele", Role: opco.RoleAdmin}, role(opco.RoleResponsable)), opco.Forbidden, "un autre")
		refuse(t, v.acte("2026-06-02 09:10", opco.ActeConfirmerRole, soi, role(opco.RoleResponsable)), opco.Forbidden, "le vôtre")
		v.fait("2026-06-02 09:10", opco.ActeConfirmerRole, amin, role(opco.RoleResponsable))
		refuse(t, v.acte("2026-06-02 09:11", opco.ActeConfirmerRole, amin, role(opco.RoleResponsable)), opco.Conflict, "n’attend pas")
		if r := v.c.Roles[1]; !r.EnVigueur() || r.ConfirmePar.Personne != "p-amin" {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("an agent whose only role waits sees nothing", func(t *testing.T) {
		v := naitreCompte(t, "2026-06-01 09:00").fait("2026-06-01 09:00", opco.ActeCreerAgent, adele, agent(opco.RoleComptable))
		v.fait("2026-06-01 10:00", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierInvitation).Secret)).attendre(opco.CompteActifLimite)
		v.fait("2026-06-01 11:00", opco.ActeConfirmerRole, amin, role(opco.RoleComptable)).attendre(opco.CompteActif)
	})
	t.Run("withdrawn at once", func(t *testing.T) {
		v := agente(t, opco.RoleConseiller)
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeRetirerRole, adele, opco.ChargeRole{Role: opco.RoleConseiller}), opco.Invalid, "pourquoi")
		v.fait("2026-06-02 09:00", opco.ActeRetirerRole, adele, role(opco.RoleConseiller)).attendre(opco.CompteActifLimite)
		if m := v.dernier(opco.CourrierRoleRetire); m.Phrase != "Mobilité" || !v.effets.CouperSessions {
			t.Errorf("mail %+v; %+v", m, v.effets)
		}
		v.fait("2026-06-03 09:00", opco.ActeAccorderRole, adele, role(opco.RoleConseiller)).attendre(opco.CompteActif)
	})
	t.Run("the last administrator stays", func(t *testing.T) {
		v := agente(t, opco.RoleAdmin)
		v.poser = func(f *opco.FaitsCompte) { f.AutresAdmins = 0 }
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeRetirerRole, adele, role(opco.RoleAdmin)), opco.Conflict, "dernier administrateur")
		refuse(t, v.acte("2026-06-02 09:00", opco.ActeCloreCompte, adele, opco.ChargeRaisonCompte{Raison: "Départ"}), opco.Conflict, "dernier administrateur")
	})
	t.Run("an address that opens an account", func(t *testing.T) {
		v := naitreCompte(t, "2026-06-01 09:00")
		v.poser = func(f *opco.FaitsCompte) { f.EmailPris = true }
		refuse(t, v.acte("2026-06-01 09:00", opco.ActeCreerAgent, adele, agent(opco.RoleAuditeur)), opco.Invalid, "ouvre déjà un compte")
	})
	t.Run("one more account of a person", func(t *testing.T) {
		ines := &opco.Compte{ID: "c-ines", Personne: "p-ines", Etat: opco.CompteActif, Origine: opco.OrigineInterne, Identite: opco.Identite{Nom: "Benkirane", Prenom: "Inès", Email: "ines@opco.example"}}
		privee := &opco.Compte{ID: "c-ines2", Personne: "p-ines", Etat: opco.CompteActif, Origine: opco.OrigineInscription, Identite: opco.Identite{Nom: "Benkirane", Prenom: "Inès", Email: "ines@prive.example"}}
		avec := func(nom, prenom string, jumeaux ...*opco.Compte) (*vieCompte, error) {
			v := naitreCompte(t, "2026-06-01 09:00")
			v.poser = func(f *opco.FaitsCompte) { f.Jumeaux = jumeaux }
			ch := agent(opco.RoleConseiller)
			ch.Personne, ch.Identite.Nom, ch.Identite.Prenom = "p-ines", nom, prenom
			return v, v.acte("2026-06-01 09:00", opco.ActeCreerAgent, adele, ch)
		}
		_, err := avec("Benkirane", "Inès")
		refuse(t, err, opco.Invalid, "pas un agent")
		_, err = avec("Benkirane", "Inès", privee)
		refuse(t, err, opco.Invalid, "pas un agent")
		_, err = avec("Blanc", "Inès", ines)
		refuse(t, err, opco.Invalid, "même nom")
		_, err = avec("Benkirane", "Zoé", ines)
		refuse(t, err, opco.Invalid, "même prénom")
		v, err := avec("Benkirane", "Inès", privee, ines)
		if err != nil || !v.c.Roles[0].Attend || v.c.Personne != "p-ines" {
			t.Fatalf("got %v, %+v", err, v.c.Roles)
		}
		var a []opco.Email
		for _, m := range v.courrier {
			if m.Evenement == opco.CourrierAutreCompte {
				a = append(a, m.A)
			}
		}
		if !slices.Equal(a, []opco.Email{"ines@prive.example", "ines@opco.example"}) {
			t.Errorf("told: %v", a)
		}
	})
	t.Run("an identifier shaped like an address", func(t *testing.T) {
		ch := agent(opco.RoleConseiller)
		ch.Identifiant = "camille.vasseur@opco.example"
		refuse(t, naitreCompte(t, "2026-06-01 09:00").acte("2026-06-01 09:00", opco.ActeCreerAgent, adele, ch), opco.Invalid, "sans « @ »")
		ch.Identifiant = "Ines.Benkirane@opco.example"
		naitreCompte(t, "2026-06-01 09:00").fait("2026-06-01 09:00", opco.ActeCreerAgent, adele, ch).attendre(opco.CompteEmailAConfirmer)
	})
	t.Run("one's own account", func(t *testing.T) {
		v := naitreCompte(t, "2026-06-01 09:00")
		ch := agent(opco.RoleAuditeur)
		ch.Personne = "p-adele"
		refuse(t, v.acte("2026-06-01 09:00", opco.ActeCreerAgent, adele, ch), opco.Forbidden, "un autre administrateur")
	})
}

// reliability.md 3.1, rule 3, pair by pair.
func TestRolesIncompatibles(t *testing.T) {
	interdits := []string{"gestionnaire comptable", "conseiller comptable", "gestionnaire controleur", "conseiller controleur", "comptable controleur"}
	for _, m := range []string{"gestionnaire", "conseiller", "responsable", "comptable", "controleur"} {
		interdits = append(interdits, m+" admin", m+" ops")
	}
	interdits = append(interdits, "ops admin")
	for i, a := range opco.RolesInternes() {
		for _, b := range opco.RolesInternes()[i:] {
			want := slices.Contains(interdits, string(a)+" "+string(b))
			if (opco.RolesIncompatibles(a, b) != "") != want || (opco.RolesIncompatibles(b, a) != "") != want {
				t.Errorf("%s with %s: got %q, want a refusal: %t", a, b, opco.RolesIncompatibles(a, b), want)
			}
			if a == b {
				continue
			}
			v := naitreCompte(t, "2026-06-01 09:00").fait("2026-06-01 09:00", opco.ActeCreerAgent, adele, agent(a))
			if v.c.Etat = opco.CompteActif; v.c.Roles[0].Attend {
				v.c.Etat = opco.CompteActifLimite
			}
			err := v.acte("2026-06-01 10:00", opco.ActeAccorderRole, amin, opco.ChargeRole{Role: b})
			if (err != nil) != want {
				t.Errorf("%s given %s: got %v", a, b, err)
			}
		}
	}
}

// reliability.md 3.1, rule 6: an absence, its days, its two persons.
func TestDelegation(t *testing.T) {
	remplacante := func(roles ...opco.Role) *opco.Compte {
		c := &opco.Compte{ID: "c-zoe", Personne: "p-zoe", Etat: opco.CompteActif, Origine: opco.OrigineInterne, Identite: opco.Identite{Nom: "Blanc", Prenom: "Zoé", Email: "zoe@opco.example"}}
		for _, r := range roles {
			c.Roles = append(c.Roles, opco.RoleAccorde{Role: r})
		}
		return c
	}
	soi := opco.Acteur{Personne: "c1", Nom: "Inès Benkirane", Role: opco.RoleConseiller}
	absence := func(du, au opco.Date) opco.ChargeDelegation {
		return opco.ChargeDelegation{ID: "d1", Delegue: "c-zoe", Role: opco.RoleConseiller, Du: du, Au: au, Raison: "Congés"}
	}
	tests := []struct {
		nom     string
		par     opco.Acteur
		delegue *opco.Compte
		charge  opco.ChargeDelegation
		kind    opco.Kind
		phrase  string
	}{
		{"by the absent person", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-06-20"), "", ""},
		{"by a responsable", remi, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-06-20"), "", ""},
		{"by a colleague", gael, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-06-20"), opco.Forbidden, "titulaire"},
		{"60 days", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-08-08"), "", ""},
		{"61 days", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-08-09"), opco.Invalid, "8 août 2026"},
		{"from yesterday", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-01", "2026-06-20"), opco.Invalid, "déjà passé"},
		{"backwards", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-20", "2026-06-10"), opco.Invalid, "avant le premier"},
		{"no day", soi, remplacante(opco.RoleGestionnaire), absence("2026-06-20", ""), opco.Invalid, "dernier jour"},
		{"to a comptable", soi, remplacante(opco.RoleComptable), absence("2026-06-10", "2026-06-20"), opco.Conflict, "ne paie pas"},
		{"to nobody", soi, nil, absence("2026-06-10", "2026-06-20"), opco.Invalid, "agent de l’OPCO"},
		{"to an account that is limited", soi, func() *opco.Compte { c := remplacante(); c.Etat = opco.CompteActifLimite; return c }(), absence("2026-06-10", "2026-06-20"), opco.Invalid, "actif"},
		{"to another account of the same person", soi, func() *opco.Compte { c := remplacante(); c.Personne = "c1"; return c }(), absence("2026-06-10", "2026-06-20"), opco.Invalid, "autre personne"},
		{"to oneself, by a responsable", opco.Acteur{Personne: "p-zoe", Role: opco.RoleResponsable}, remplacante(opco.RoleResponsable), absence("2026-06-10", "2026-06-20"), opco.Forbidden, "vous donner"},
		{"a role not held", soi, remplacante(opco.RoleGestionnaire), func() opco.ChargeDelegation {
			c := absence("2026-06-10", "2026-06-20")
			c.Role = opco.RoleResponsable
			return c
		}(), opco.Invalid, "en vigueur"},
		{"by who stands in for a responsable", opco.Acteur{Personne: "p-x", Pour: "p-remi", Role: opco.RoleResponsable}, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-06-20"), opco.Forbidden, "ne se délègue pas"},
		{"by who stands in for the absent person", opco.Acteur{Personne: "p-x", Pour: "c1", Role: opco.RoleConseiller}, remplacante(opco.RoleGestionnaire), absence("2026-06-10", "2026-06-20"), opco.Forbidden, "ne se délègue pas"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := agente(t, opco.RoleConseiller)
			v.poser = func(f *opco.FaitsCompte) { f.Delegue = tt.delegue }
			err := v.acte("2026-06-02 09:00", opco.ActeDeleguer, tt.par, tt.charge)
			if tt.kind != "" {
				refuse(t, err, tt.kind, tt.phrase)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var a []opco.Email
			for _, m := range v.courrier {
				if m.Evenement == opco.CourrierDelegation && m.Delegation.ID == "d1" {
					a = append(a, m.A)
					if (m.Phrase == "") != (tt.par.Personne == "c1") {
						t.Errorf("declared by: %q", m.Phrase)
					}
				}
			}
			if !slices.Equal(a, []opco.Email{"ines.benkirane@opco.example", "zoe@opco.example"}) {
				t.Errorf("told: %v", a)
			}
			autre := tt.charge
			autre.ID = "d2"
			refuse(t, v.acte("2026-06-02 09:01", opco.ActeDeleguer, tt.par, autre), opco.Conflict, "couvre déjà")
			v.jusque(string(tt.charge.Au) + " 23:59:59")
			if !v.c.Delegations[0].FinLe.IsZero() {
				t.Error("ended before the end of its last day")
			}
			if v.vers(tt.charge.Au.FinDuJour()); v.c.Delegations[0].FinLe.IsZero() {
				t.Error("did not end with its last day")
			}
		})
	}
	// A sensitive role goes to nobody without its holder: one administrator would else
	// make an administrator, a responsable or an auditor alone.
	for _, r := range []opco.Role{opco.RoleResponsable, opco.RoleComptable, opco.RoleAdmin, opco.RoleOps, opco.RoleAuditeur} {
		t.Run("the sensitive role "+string(r), func(t *testing.T) {
			v := agente(t, r)
			v.poser = func(f *opco.FaitsCompte) { f.Delegue = remplacante() }
			ch := absence("2026-06-10", "2026-06-20")
			ch.Role = r
			refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeleguer, remi, ch), opco.Forbidden, "seule la personne absente")
			refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeleguer, adele, ch), opco.Forbidden, "seule la personne absente")
			v.fait("2026-06-02 09:00", opco.ActeDeleguer, opco.Acteur{Personne: "c1", Nom: "Inès", Role: r}, ch)
			if m := v.dernier(opco.CourrierDelegation); m.Phrase != "" {
				t.Errorf("declared by %q, want nobody else", m.Phrase)
			}
		})
	}
	t.Run("ended early", func(t *testing.T) {
		v := agente(t, opco.RoleConseiller)
		v.poser = func(f *opco.FaitsCompte) { f.Delegue = remplacante(opco.RoleGestionnaire) }
		v.fait("2026-06-02 09:00", opco.ActeDeleguer, soi, absence("2026-06-10", "2026-06-20"))
		refuse(t, v.acte("2026-06-12 09:00", opco.ActeFinirDelegation, gael, opco.ChargeFin{ID: "d1"}), opco.Forbidden, "titulaire")
		refuse(t, v.acte("2026-06-12 09:00", opco.ActeFinirDelegation, soi, opco.ChargeFin{ID: "d9"}), opco.NotFound, "n’existe pas")
		v.via = "c-zoe"
		v.fait("2026-06-12 09:00", opco.ActeFinirDelegation, opco.Acteur{Personne: "p-zoe", Nom: "Zoé Blanc", Role: opco.RoleGestionnaire}, opco.ChargeFin{ID: "d1"})
		v.via = ""
		if len(v.c.Echeances) != 0 {
			t.Errorf("échéances left: %+v", v.c.Echeances)
		}
		v.poser = func(f *opco.FaitsCompte) { f.Delegue = remplacante(opco.RoleGestionnaire) }
		v.fait("2026-06-13 09:00", opco.ActeDeleguer, soi, func() opco.ChargeDelegation { c := absence("2026-06-13", "2026-06-20"); c.ID = "d2"; return c }())
		v.fait("2026-06-14 09:00", opco.ActeRetirerRole, adele, opco.ChargeRole{Role: opco.RoleConseiller, Raison: "Mobilité"})
		if v.c.Delegations[1].FinLe.IsZero() {
			t.Error("the delegation of a withdrawn role goes on")
		}
	})
}

// reliability.md 3.1, rule 7: a link is declared by the person, ended by another.
func TestLiens(t *testing.T) {
	soi := opco.Acteur{Personne: "c1", Nom: "Inès", Role: opco.RoleConseiller}
	lien := opco.ChargeLien{SIREN: "999001019", Raison: "Conjoint salarié"}
	v := agente(t, opco.RoleConseiller)
	refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeclarerLien, soi, opco.ChargeLien{SIREN: "999001018", Raison: "Conjoint"}), opco.Invalid, "SIREN")
	refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeclarerLien, soi, opco.ChargeLien{SIREN: "999001019"}), opco.Invalid, "quel est ce lien")
	refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeclarerLien, gael, lien), opco.Forbidden, "titulaire")
	v.fait("2026-06-02 09:00", opco.ActeDeclarerLien, soi, lien)
	refuse(t, v.acte("2026-06-02 09:01", opco.ActeDeclarerLien, adele, lien), opco.Conflict, "déjà déclaré")
	refuse(t, v.acte("2026-06-02 09:02", opco.ActeFinirLien, opco.Acteur{Personne: "c1", Role: opco.RoleResponsable}, opco.ChargeFin{ID: "999001019"}), opco.Forbidden, "le vôtre")
	v.fait("2026-06-02 09:03", opco.ActeFinirLien, remi, opco.ChargeFin{ID: "999001019"})
	refuse(t, v.acte("2026-06-02 09:04", opco.ActeFinirLien, remi, opco.ChargeFin{ID: "999001019"}), opco.NotFound, "déjà fini")
	if v.c.Liens[0].FinLe.IsZero() {
		t.Errorf("got %+v", v.c.Liens)
	}
}

// Accounts loaded with the data of the OPCO are active at once, with what they had.
func TestReprendreCompte(t *testing.T) {
	of := opco.ChargeReprise{Identifiant: "of1", Personne: "p-of1", Politique: opco.PolitiqueGuichet, Identite: opco.Identite{Nom: "Formalia"},
		Droits: []opco.DroitDonne{{Profil: opco.RoleOrganisme, SIRET: siretOF1, Service: opco.ServicePaiements}}}
	v := naitreCompte(t, "2026-06-01").fait("2026-06-01", opco.ActeReprendreCompte, opco.ActeurSysteme(), of).attendre(opco.CompteActif)
	if v.droits() != "PAIEMENTS_OF …017 ACCORDEE" || v.c.Personne != "p-of1" || !v.effets.PoserMotDePasse {
		t.Errorf("got %s, %+v", v.droits(), v.effets)
	}
	v = naitreCompte(t, "2026-06-01").fait("2026-06-01", opco.ActeReprendreCompte, opco.ActeurSysteme(), opco.ChargeReprise{Identifiant: "responsable", Role: opco.RoleResponsable}).attendre(opco.CompteActif)
	if !v.c.Roles[0].EnVigueur() {
		t.Errorf("got %+v", v.c.Roles)
	}
	of.Inactif = true
	naitreCompte(t, "2026-06-01").fait("2026-06-01", opco.ActeReprendreCompte, opco.ActeurSysteme(), of).attendre(opco.CompteClos)
}
