package opco_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// S20 to the second: mail with a code of 72 h, limited access, evidence, the ENT task
// at the activation, the OF task at the first click, one right refused.
func TestS20Compte(t *testing.T) {
	v := naitreCompte(t, "2026-06-01 10:00").fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1(), blocOF1()))
	v.attendre(opco.CompteDemandeSaisie).jusque("2026-06-01 10:00").attendre(opco.CompteEmailAConfirmer)
	m := v.dernier(opco.CourrierCode)
	if m.Expire != aParis(t, "2026-06-04 10:00:00") || m.A != "paul-aurelien.kerbrat@sorbier.example" || len(m.Secret) != 14 {
		t.Errorf("mail: %+v", m)
	}
	v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(strings.ToLower(strings.ReplaceAll(m.Secret, "-", " "))))
	if !v.effets.PoserMotDePasse {
		t.Error("the password is not put in place")
	}
	v.jusque("2026-06-01 10:05").attendre(opco.CompteActifLimite)
	want := "DOSSIERS_FORMATION …010 A_VALIDER, CONTRIBUTIONS …010 A_VALIDER, DOSSIERS_FORMATION …028 A_VALIDER, CONTRIBUTIONS …028 A_VALIDER, PAIEMENTS_OF …017 DEMANDEE"
	if got := v.droits(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	preuves(t, v, "1", "MASSE_SALARIALE true | Masse salariale 2025 exacte | Donnée : 312 480 € · connue de l’OPCO : 312 480 €",
		"SIRET_CODE true | Les deux SIRET appartiennent au code adhérent A100001 | 999 001 019 00010 · 999 001 019 00028",
		"RESPONSABLE false | Responsable légal différent de celui que connaît l’OPCO | Donné : Anne-Laure Sorbier-Dumas · connu : Jean Sorbier")

	v.fait("2026-06-01 11:00", opco.ActeOuvrirEspace, titulaire, nil).jusque("2026-06-01 11:00")
	preuves(t, v, "2", "NDA_SIRET true | Le numéro de déclaration d’activité est celui du SIRET | Donné : 11 75 60999 75 · 999 001 365 00017 · connu de l’OPCO : 11 75 60999 75",
		"FACTURE_HT true | Une facture récente a ce montant hors taxes | Donnée : 1 200 € · trouvée : 1 200 €")
	refuse(t, v.acte("2026-06-01 11:01", opco.ActeOuvrirEspace, titulaire, nil), opco.Conflict, "déjà partie")

	decision := accords(dossiers1, dossiers2, contributions1, paiements1)
	decision.Reponses = append(decision.Reponses, opco.ReponseDroit{Habilitation: contributions2, Motif: string(opco.MotifServiceInadapte), Precision: "l’annexe ne déclare pas."})
	v.fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, decision).attendre(opco.CompteActif)
	want = "DOSSIERS_FORMATION …010 ACCORDEE, CONTRIBUTIONS …010 ACCORDEE, DOSSIERS_FORMATION …028 ACCORDEE, CONTRIBUTIONS …028 REFUSEE, PAIEMENTS_OF …017 ACCORDEE"
	if got := v.droits(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r := v.dernier(opco.CourrierDroitsRefuses).Habilitations; len(r) != 1 || r[0].Phrase !=
		"Cet établissement n’utilise pas ce service : l’annexe ne déclare pas. Nous ouvrons un service là où il sert. Rien n’est à faire : vos autres droits ne changent pas." {
		t.Errorf("refusal: %+v", r)
	}
	if got := v.envois(); !slices.Equal(got, []string{"CODE_ACTIVATION 2026-06-01 10:00", "COMPTE_ACTIF_LIMITE 2026-06-01 10:05",
		"DROITS_ACCORDES 2026-06-02 09:00", "DROITS_REFUSES 2026-06-02 09:00"}) {
		t.Errorf("mails: %v", got)
	}
	if len(v.c.Echeances) != 1 || v.c.Echeances[0].Type != opco.ActeRevoirDroits {
		t.Errorf("échéances left: %+v, want the annual review only", v.c.Echeances)
	}
}

// preuves compares the evidence of a box.
func preuves(t *testing.T, v *vieCompte, bloc string, want ...string) {
	t.Helper()
	var got []string
	for _, p := range v.c.Preuves {
		if p.Bloc == bloc {
			juste := "false"
			if p.Concorde {
				juste = "true"
			}
			got = append(got, strings.ReplaceAll(strings.ReplaceAll(p.Question+" "+juste+" | "+p.Phrase+" | "+p.Detail(), "\u00a0", " "), "\u202f", " "))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("evidence of box %s:\ngot  %s\nwant %s", bloc, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// S20, the variants of the code: five wrong tries kill it and not the account; at 73 h
// it has expired; a resend works and the former code stays dead.
func TestS20Code(t *testing.T) {
	debut := func() (*vieCompte, string) {
		v := naitreCompte(t, "2026-06-01 10:00").fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1())).jusque("2026-06-01 10:00")
		return v, v.dernier(opco.CourrierCode).Secret
	}
	confirmer := func(v *vieCompte, le, secret string) error {
		return v.acte(le, opco.ActeConfirmerEmail, demandeur, code(secret))
	}
	t.Run("five wrong tries", func(t *testing.T) {
		v, bon := debut()
		for i, phrase := range []string{"4 essais", "3 essais", "2 essais", "un essai", "dernier essai"} {
			refuse(t, confirmer(v, "2026-06-01 10:01", "AAAA-AAAA-AAAA"), opco.Invalid, phrase)
			if v.c.Code.Essais != i+1 {
				t.Fatalf("tries: got %d, want %d", v.c.Code.Essais, i+1)
			}
		}
		refuse(t, confirmer(v, "2026-06-01 10:02", bon), opco.Conflict, "ne sert plus")
		v.fait("2026-06-01 10:03", opco.ActeRenvoyerCode, demandeur, nil)
		refuse(t, confirmer(v, "2026-06-01 10:04", bon), opco.Invalid, "4 essais")
		if err := confirmer(v, "2026-06-01 10:05", v.dernier(opco.CourrierCode).Secret); err != nil {
			t.Fatal(err)
		}
		v.attendre(opco.CompteActifLimite)
	})
	t.Run("the last second", func(t *testing.T) {
		v, bon := debut()
		if err := confirmer(v, "2026-06-04 09:59:59", bon); err != nil {
			t.Fatal(err)
		}
		refuse(t, confirmer(v, "2026-06-04 10:00:00", bon), opco.Conflict, "déjà confirmée")
	})
	t.Run("73 hours", func(t *testing.T) {
		v, bon := debut()
		refuse(t, confirmer(v, "2026-06-04 11:00", bon), opco.Conflict, "expiré")
		v.attendre(opco.CompteExpire).fait("2026-06-04 11:01", opco.ActeRenvoyerCode, demandeur, nil).attendre(opco.CompteEmailAConfirmer)
		refuse(t, confirmer(v, "2026-06-04 11:02", bon), opco.Invalid, "pas le bon")
		if err := confirmer(v, "2026-06-07 11:00:59", v.dernier(opco.CourrierCode).Secret); err != nil {
			t.Fatal(err)
		}
		if got := v.envois(); !slices.Equal(got, []string{"CODE_ACTIVATION 2026-06-01 10:00", "RELANCE_ACTIVATION 2026-06-02 10:00",
			"CODE_ACTIVATION 2026-06-04 11:01", "RELANCE_ACTIVATION 2026-06-05 11:01", "COMPTE_ACTIF_LIMITE 2026-06-07 11:00"}) {
			t.Errorf("mails: %v", got)
		}
	})
	t.Run("three resends an hour", func(t *testing.T) {
		v, _ := debut()
		for _, le := range []string{"10:10", "10:20", "10:30"} {
			v.fait("2026-06-01 "+le, opco.ActeRenvoyerCode, demandeur, nil)
		}
		refuse(t, v.acte("2026-06-01 11:09:59", opco.ActeRenvoyerCode, demandeur, nil), opco.Conflict, "après 11:10")
		v.fait("2026-06-01 11:10", opco.ActeRenvoyerCode, demandeur, nil)
		refuse(t, v.acte("2026-06-01 11:11", opco.ActeRenvoyerCode, demandeur, nil), opco.Conflict, "après 11:20")
	})
	t.Run("the data are erased after 30 days", func(t *testing.T) {
		v, bon := debut()
		v.jusque("2026-07-04 23:59:59").attendre(opco.CompteExpire)
		v.fait("2026-07-04 23:59:59", opco.ActeRenvoyerCode, demandeur, nil)
		v.jusque("2026-08-06 23:59:59").attendre(opco.CompteExpire).jusque("2026-08-07 00:00:00").attendre(opco.CompteClos)
		b, err := json.Marshal(v.c)
		if err != nil || !v.effets.Purger {
			t.Fatal(err, v.effets)
		}
		for _, mot := range []string{"Kerbrat", "sorbier", "Sorbier-Dumas", "A100001", bon} {
			if strings.Contains(string(b), mot) {
				t.Errorf("« %s » is left after the purge: %s", mot, b)
			}
		}
		refuse(t, v.acte("2026-08-08", opco.ActeRenvoyerCode, demandeur, nil), opco.Conflict, "Clos")
	})
}

// S13 to the day: opened by the OPCO on 2026-09-01, first login on 2026-09-03.
func TestS13Compte(t *testing.T) {
	const siret opco.SIRET = "99900150600016"
	ouvert := func(t *testing.T) *vieCompte {
		return naitreCompte(t, "2026-09-01 14:00").fait("2026-09-01 14:00", opco.ActeOuvrirCompte, opco.ActeurSysteme(), opco.ChargeOuvrirCompte{
			Identite: opco.Identite{Nom: "Pédagogie Nouvelle", Email: "contact@of3.example"}, Identifiant: "OF3-0001", Politique: opco.PolitiqueAtnet, Dossier: "AF26-000118",
			Droits: []opco.DroitDonne{{Profil: opco.RoleOrganisme, SIRET: siret, Service: opco.ServicePaiements}}}).attendre(opco.CompteProvisoire)
	}
	t.Run("first login", func(t *testing.T) {
		v := ouvert(t)
		m := v.dernier(opco.CourrierProvisoire)
		if m.Identifiant != "OF3-0001" || m.Secret == "" || m.Secret != v.effets.Provisoire || m.Dossier != "AF26-000118" || m.Expire != aParis(t, "2026-09-17 00:00") {
			t.Errorf("mail 1: %+v", m)
		}
		v.c.Personne = titulaire.Personne
		refuse(t, v.acte("2026-09-03 09:00", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "of3-0001"}), opco.Invalid, "différent")
		refuse(t, v.acte("2026-09-03 09:00", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "pédagogie"}), opco.Invalid, "sans accent")
		refuse(t, v.acte("2026-09-03 09:00", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "victime@entreprise.example"}), opco.Invalid, "sans « @ »")
		refuse(t, v.acte("2026-09-03 09:00", opco.ActePersonnaliser, ines, opco.ChargePersonnaliser{Identifiant: "pedagogie"}), opco.Forbidden, "titulaire")
		v.fait("2026-09-03 09:01", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "Pedagogie.Nouvelle"}).attendre(opco.CompteIdentifiantModifie)
		if v.c.Identifiant != "OF3-0001" || !v.effets.PoserMotDePasse {
			t.Errorf("before the click: identifiant %s, %+v", v.c.Identifiant, v.effets)
		}
		m = v.dernier(opco.CourrierIdentifiantModifie)
		if m.Ancien != "OF3-0001" || m.Identifiant != "pedagogie.nouvelle" || m.Expire != aParis(t, "2026-09-06 09:01") || len(m.Secret) != 26 {
			t.Errorf("mail 2: %+v", m)
		}
		v.fait("2026-09-06 09:00:59", opco.ActeConfirmerIdentifiant, demandeur, code(m.Secret)).attendre(opco.CompteMotDePasseConfirme)
		if v.c.Identifiant != "pedagogie.nouvelle" || v.c.Provisoire != nil {
			t.Errorf("after the click: %s, %+v", v.c.Identifiant, v.c.Provisoire)
		}
		refuse(t, v.acte("2026-09-06 10:00", opco.ActeConfirmerIdentifiant, demandeur, code(m.Secret)), opco.Conflict, "déjà confirmé")
		refuse(t, v.acte("2026-09-06 10:00", opco.ActeAccepterConfidentialite, titulaire, opco.ChargeVersion{Version: "v0"}), opco.Invalid, "changé")
		v.fait("2026-09-06 10:00", opco.ActeAccepterConfidentialite, titulaire, opco.ChargeVersion{Version: "v1"}).attendre(opco.CompteActif)
		if v.c.Confidentialite == nil || v.c.Confidentialite.Version != "v1" || v.droits() != "PAIEMENTS_OF …016 ACCORDEE" {
			t.Errorf("got %+v, %s", v.c.Confidentialite, v.droits())
		}
		v.jusque("2026-10-01").attendre(opco.CompteActif)
	})
	t.Run("the link ends after 72 h and can be asked again", func(t *testing.T) {
		v := ouvert(t)
		v.c.Personne = titulaire.Personne
		v.fait("2026-09-03 09:00", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "pedagogie.nouvelle"})
		ancien := v.dernier(opco.CourrierIdentifiantModifie).Secret
		refuse(t, v.acte("2026-09-06 09:00", opco.ActeConfirmerIdentifiant, demandeur, code(ancien)), opco.Conflict, "expiré")
		v.fait("2026-09-06 09:05", opco.ActePersonnaliser, titulaire, opco.ChargePersonnaliser{Identifiant: "pedagogie.nouvelle"})
		refuse(t, v.acte("2026-09-06 09:06", opco.ActeConfirmerIdentifiant, demandeur, code(ancien)), opco.Invalid, "pas le bon")
		v.fait("2026-09-06 09:07", opco.ActeConfirmerIdentifiant, demandeur, code(v.dernier(opco.CourrierIdentifiantModifie).Secret)).attendre(opco.CompteMotDePasseConfirme)
	})
	t.Run("not used by 2026-09-16", func(t *testing.T) {
		v := ouvert(t)
		v.jusque("2026-09-16 23:59:59").attendre(opco.CompteProvisoire).jusque("2026-09-17 00:00:00").attendre(opco.CompteExpire)
		if !v.effets.OterMotDePasse || v.journal[len(v.journal)-1].code != "C19" {
			t.Errorf("the expiry leaves %+v", v.effets)
		}
		v.fait("2026-10-20 09:00", opco.ActeReemettre, gael, nil).attendre(opco.CompteProvisoire)
		if m := v.dernier(opco.CourrierProvisoire); m.Expire != aParis(t, "2026-11-05 00:00") || v.c.Provisoire.Emissions != 2 || m.Secret != v.effets.Provisoire {
			t.Errorf("issued again: %+v", m)
		}
	})
}
