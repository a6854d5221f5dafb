package opco_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// C02: an address that already opens an account gets the same screen and a mail that
// reminds of it; nothing is activated with it, whatever is asked again.
func TestCompteDejaInscrit(t *testing.T) {
	v := naitreCompte(t, "2026-06-01 10:00")
	v.poser = func(f *opco.FaitsCompte) { f.EmailPris = true }
	v.fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1())).jusque("2026-06-01 10:00").attendre(opco.CompteExpire)
	v.fait("2026-06-01 10:10", opco.ActeRenvoyerCode, demandeur, nil).attendre(opco.CompteExpire)
	if got := v.envois(); !slices.Equal(got, []string{"DEJA_INSCRIT 2026-06-01 10:00", "DEJA_INSCRIT 2026-06-01 10:10"}) || v.effets.Motif != "DEJA_INSCRIT" {
		t.Errorf("mails %v, motif %s", got, v.effets.Motif)
	}
	v.jusque("2026-07-02 00:00").attendre(opco.CompteClos)
}

// Two sign-ups with one address: the first that confirms has the account.
func TestCompteEmailPrisEntreTemps(t *testing.T) {
	v := naitreCompte(t, "2026-06-01 10:00").fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1())).jusque("2026-06-01 10:00")
	v.poser = func(f *opco.FaitsCompte) { f.EmailPris = true }
	refuse(t, v.acte("2026-06-01 10:10", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)), opco.Conflict, "connectez-vous")
	v.attendre(opco.CompteEmailAConfirmer)
}

// C06: what the advisor reads, and that nothing of it decides.
func TestPreuves(t *testing.T) {
	tests := []struct {
		nom    string
		bloc   func(*opco.BlocDemande)
		faits  func(*opco.FaitsCompte)
		masse  string
		sirets string
	}{
		{"one euro more (S20)", func(b *opco.BlocDemande) { b.MasseSalariale = 31_248_100 }, nil,
			"false Masse salariale 2025 différente de celle que connaît l’OPCO", "true Les deux SIRET appartiennent au code adhérent A100001"},
		{"one euro more, within the tolerance", func(b *opco.BlocDemande) { b.MasseSalariale = 31_248_100 },
			func(f *opco.FaitsCompte) { f.Parametres.Comptes.MasseTolerance = 100 },
			"true Masse salariale 2025 exacte à 1 € près", "true Les deux SIRET appartiennent au code adhérent A100001"},
		{"one euro less, over the tolerance", func(b *opco.BlocDemande) { b.MasseSalariale = 31_247_900 },
			func(f *opco.FaitsCompte) { f.Parametres.Comptes.MasseTolerance = 99 },
			"false Masse salariale 2025 différente de celle que connaît l’OPCO", "true Les deux SIRET appartiennent au code adhérent A100001"},
		{"unknown company", nil, func(f *opco.FaitsCompte) { f.Entreprises = nil },
			"false Masse salariale 2025 inconnue de l’OPCO", "false Entreprise inconnue de l’OPCO"},
		{"wrong code", func(b *opco.BlocDemande) { b.CodeAdherent = "A100002" }, nil,
			"true Masse salariale 2025 exacte", "false Le code adhérent A100002 n’est pas celui de cette entreprise"},
		{"code typed with a space", func(b *opco.BlocDemande) { b.CodeAdherent = "a100 001" }, nil,
			"true Masse salariale 2025 exacte", "true Les deux SIRET appartiennent au code adhérent A100001"},
		{"somebody else's site", func(b *opco.BlocDemande) { b.Etablissements[1].SIRET = siretOF1 }, nil,
			"true Masse salariale 2025 exacte", "false Le SIRET 999 001 365 00017 n’appartient pas au code adhérent A100001"},
		{"one site", func(b *opco.BlocDemande) { b.Etablissements = b.Etablissements[:1] }, nil,
			"true Masse salariale 2025 exacte", "true Le SIRET appartient au code adhérent A100001"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			b := blocE1()
			if tt.bloc != nil {
				tt.bloc(&b)
			}
			v := naitreCompte(t, "2026-06-01 10:00")
			v.poser = tt.faits
			v.fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(b)).jusque("2026-06-01 10:00")
			v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)).jusque("2026-06-01 10:05")
			for i, want := range []string{tt.masse, tt.sirets} {
				p := v.c.Preuves[i]
				got := "false "
				if p.Concorde {
					got = "true "
				}
				if got += strings.ReplaceAll(p.Phrase, "\u00a0", " "); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
			v.attendre(opco.CompteActifLimite)
			if v.c.Habilitations[0].Etat != opco.HabAValider {
				t.Errorf("the evidence decided: %s", v.droits())
			}
		})
	}
}

// C07: 2026-06-01 is a Monday. Answer promised on Wednesday, reminder that day at
// 08:00, escalation on Saturday 6, whatever the day (5 bis); both go when nothing of the wave waits any more.
func TestRappelsConseiller(t *testing.T) {
	rappels := func(v *vieCompte) []string {
		var l []string
		for _, m := range v.courrier {
			if m.Evenement == opco.CourrierTacheConseiller {
				l = append(l, string(m.Role)+" "+m.le.In(opco.Paris).Format("01-02 15:04")+" "+string(rune('0'+len(m.Habilitations))))
			}
		}
		return l
	}
	tests := []struct {
		nom  string
		jeu  func(*vieCompte)
		want []string
	}{
		{"nobody answers", func(*vieCompte) {}, []string{"conseiller 06-03 08:00 4", "responsable 06-06 08:00 4"}},
		{"all decided in time", func(v *vieCompte) {
			v.fait("2026-06-03 07:59", opco.ActeDeciderDroits, ines, accords(dossiers1, dossiers2, contributions1, contributions2))
		}, nil},
		{"half decided", func(v *vieCompte) {
			v.fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1, dossiers2))
		}, []string{"conseiller 06-03 08:00 2", "responsable 06-06 08:00 2"}},
		{"decided after the first reminder", func(v *vieCompte) {
			v.fait("2026-06-03 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1, dossiers2, contributions1, contributions2))
		}, []string{"conseiller 06-03 08:00 4"}},
		{"a second wave has its own", func(v *vieCompte) {
			v.fait("2026-06-02 09:00", opco.ActeDemanderPrecision, ines, opco.ChargePrecision{Habilitations: []string{dossiers1}, Question: "Qui êtes-vous ?"})
			v.fait("2026-06-04 09:00", opco.ActeRepondrePrecision, titulaire, opco.ChargeReponse{Habilitations: []string{dossiers1}, Reponse: "Le directeur."})
		}, []string{"conseiller 06-03 08:00 3", "conseiller 06-06 08:00 1", "responsable 06-06 08:00 3", "responsable 06-09 08:00 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := enFile(t)
			if h := v.c.Habilitations[0]; h.Limite != "2026-06-03" || !h.OuverteLe.Equal(aParis(t, "2026-06-01 10:05")) {
				t.Errorf("task: %+v", h)
			}
			tt.jeu(v)
			v.jusque("2026-07-01")
			got := rappels(v)
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// C08, C09: who may decide, and what a refusal needs.
func TestDeciderDroits(t *testing.T) {
	lien := func(f *opco.FaitsCompte) {
		f.Auteur = &opco.Compte{ID: "ci", Liens: []opco.LienDInteret{{SIREN: "999001019", Raison: "conjoint"}}}
	}
	refuser := func(motif opco.Motif, precision string) opco.ChargeDecision {
		return opco.ChargeDecision{Reponses: []opco.ReponseDroit{{Habilitation: dossiers1, Motif: string(motif), Precision: precision}}}
	}
	tests := []struct {
		nom    string
		par    opco.Acteur
		poser  func(*opco.FaitsCompte)
		charge opco.ChargeDecision
		kind   opco.Kind
		phrase string
	}{
		{"a conseiller", ines, nil, accords(dossiers1), "", ""},
		{"a responsable", remi, nil, accords(dossiers1), "", ""},
		{"a gestionnaire, evidence that disagrees", gael, nil, accords(dossiers1), opco.Forbidden, "ne concorde pas"},
		{"a gestionnaire, evidence that agrees", gael, func(f *opco.FaitsCompte) {
			e := f.Entreprises["999001019"]
			e.Responsable = "Anne-Laure SORBIER-DUMAS"
			f.Entreprises["999001019"] = e
		}, accords(dossiers1), "", ""},
		{"a comptable", actCpt, nil, accords(dossiers1), opco.Forbidden, "rôle"},
		{"one's own account", opco.Acteur{Personne: "c1", Role: opco.RoleConseiller}, nil, accords(dossiers1), opco.Forbidden, "le vôtre"},
		{"for the absent person, one's own account", opco.Acteur{Personne: "p-x", Pour: "c1", Role: opco.RoleConseiller}, nil, accords(dossiers1), opco.Forbidden, "le vôtre"},
		{"a declared link", ines, lien, accords(dossiers1), opco.Forbidden, "déclaré un lien"},
		{"a link of who is replaced", ines, func(f *opco.FaitsCompte) { f.Liens = []opco.SIREN{"999001019"} }, accords(dossiers1), opco.Forbidden, "déclaré un lien"},
		{"a link that has ended", ines, func(f *opco.FaitsCompte) { lien(f); f.Auteur.Liens[0].FinLe = f.Le }, accords(dossiers1), "", ""},
		{"nothing chosen", ines, nil, accords(), opco.Invalid, "au moins un"},
		{"twice the same", ines, nil, accords(dossiers1, dossiers1), opco.Invalid, "deux fois"},
		{"an unknown right", ines, nil, accords("entreprise:1:X"), opco.NotFound, "n’existe pas"},
		{"no reason", ines, nil, refuser("", ""), opco.Invalid, "motif"},
		{"a reason of invoices", ines, nil, refuser(opco.MotifQteErr, ""), opco.Invalid, "ne convient pas"},
		{"another reason, not said", ines, nil, refuser(opco.MotifDroitAutre, " "), opco.Invalid, "Précisez"},
		{"another reason", ines, nil, refuser(opco.MotifDroitAutre, "votre entreprise a fermé"), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := naitreCompte(t, "2026-06-01 10:00")
			v.poser = tt.poser
			v.fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1())).jusque("2026-06-01 10:00")
			v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)).jusque("2026-06-01 10:05")
			err := v.acte("2026-06-02 09:00", opco.ActeDeciderDroits, tt.par, tt.charge)
			if tt.kind == "" {
				if err != nil || v.c.Habilitations[1].Etat != opco.HabAValider {
					t.Errorf("got %v; others %s", err, v.droits())
				}
				return
			}
			refuse(t, err, tt.kind, tt.phrase)
			if v.c.Etat != opco.CompteActifLimite || v.c.Habilitations[0].Etat != opco.HabAValider {
				t.Errorf("a refused decision moved %s", v.droits())
			}
		})
	}
}

// A gestionnaire never decides who manages users.
func TestGestionnaireEtUtilisateurs(t *testing.T) {
	b := blocE1()
	b.Responsable, b.Services = "Jean Sorbier", []opco.Service{opco.ServiceUtilisateurs}
	v := naitreCompte(t, "2026-06-01 10:00").fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(b)).jusque("2026-06-01 10:00")
	v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)).jusque("2026-06-01 10:05")
	id := cle(opco.RoleEntreprise, siretE1, opco.ServiceUtilisateurs)
	refuse(t, v.acte("2026-06-02 09:00", opco.ActeDeciderDroits, gael, accords(id)), opco.Forbidden, "conseiller ou un responsable")
	v.fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(id)).attendre(opco.CompteActif)
	refuse(t, v.acte("2026-06-02 09:10", opco.ActeDeciderDroits, ines, accords(id)), opco.Conflict, "réponse d’Inès Benkirane, le 2 juin 2026 à 09:00")
}

// C10: fifteen days to answer, to the last second; then a refusal without motive of
// the advisor. The other rights do not wait.
func TestPrecision(t *testing.T) {
	question := opco.ChargePrecision{Habilitations: []string{dossiers1, contributions1}, Question: "Pouvez-vous envoyer un Kbis ?"}
	v := enFile(t).fait("2026-06-02 09:00", opco.ActeDemanderPrecision, ines, question)
	m := v.dernier(opco.CourrierPrecision)
	if m.Phrase != question.Question || m.Expire != aParis(t, "2026-06-18 00:00") || len(m.Habilitations) != 2 {
		t.Errorf("mail: %+v", m)
	}
	refuse(t, v.acte("2026-06-03 09:00", opco.ActeRepondrePrecision, titulaire, opco.ChargeReponse{Habilitations: []string{dossiers2}, Reponse: "Oui"}), opco.Conflict, "Aucune précision")
	refuse(t, v.acte("2026-06-03 09:00", opco.ActeRepondrePrecision, titulaire, opco.ChargeReponse{Habilitations: []string{dossiers1}}), opco.Invalid, "Écrivez votre réponse")
	refuse(t, v.acte("2026-06-03 09:00", opco.ActeRepondrePrecision, actOF, opco.ChargeReponse{Habilitations: []string{dossiers1}, Reponse: "Oui"}), opco.Forbidden, "titulaire")
	v.fait("2026-06-17 23:59:59", opco.ActeRepondrePrecision, titulaire, opco.ChargeReponse{Habilitations: []string{dossiers1}, Reponse: "Le voici."})
	v.jusque("2026-06-18 00:00")
	want := "DOSSIERS_FORMATION …010 A_VALIDER, CONTRIBUTIONS …010 REFUSEE, DOSSIERS_FORMATION …028 A_VALIDER, CONTRIBUTIONS …028 A_VALIDER"
	if v.droits() != want {
		t.Errorf("got  %s\nwant %s", v.droits(), want)
	}
	h, _ := v.c.Habilitation(contributions1)
	if h.Motif != "SANS_REPONSE" || h.DecideePar.Role != opco.RoleSysteme || !strings.Contains(h.Phrase, "« Pouvez-vous envoyer un Kbis ? »") {
		t.Errorf("got %+v", h)
	}
	if h, _ := v.c.Habilitation(dossiers1); h.Reponse != "Le voici." || h.Limite != "2026-06-19" {
		t.Errorf("answered: %+v", h)
	}
	v.fait("2026-06-18 09:00", opco.ActeRedemanderDroit, titulaire, opco.ChargeDroits{Habilitations: []string{contributions1}}).jusque("2026-06-18 09:00")
	if h, _ := v.c.Habilitation(contributions1); h.Etat != opco.HabAValider || h.Motif != "" || h.Limite != "2026-06-22" {
		t.Errorf("asked again: %+v", h)
	}
	refuse(t, v.acte("2026-06-18 09:01", opco.ActeRedemanderDroit, titulaire, opco.ChargeDroits{Habilitations: []string{dossiers1}}), opco.Conflict, "en attente")
}

// Two questions asked on two days have each their own fifteen days.
func TestPrecisionsDeDeuxJours(t *testing.T) {
	v := enFile(t).fait("2026-06-02 09:00", opco.ActeDemanderPrecision, ines, opco.ChargePrecision{Habilitations: []string{dossiers1}, Question: "Un ?"})
	v.fait("2026-06-04 09:00", opco.ActeDemanderPrecision, ines, opco.ChargePrecision{Habilitations: []string{dossiers2}, Question: "Deux ?"})
	v.jusque("2026-06-18 00:00")
	if h, _ := v.c.Habilitation(dossiers1); h.Etat != opco.HabRefusee {
		t.Errorf("the first question: got %s", h.Etat)
	}
	if h, _ := v.c.Habilitation(dossiers2); h.Etat != opco.HabPrecision {
		t.Errorf("the second question ended with the first: got %s", h.Etat)
	}
	if v.jusque("2026-06-20 00:00"); v.c.Habilitations[2].Etat != opco.HabRefusee {
		t.Errorf("the second question: got %s", v.droits())
	}
}

// C06: a rule in force grants what its questions prove, and nothing else.
func TestReglesAuto(t *testing.T) {
	v := naitreCompte(t, "2026-06-01 10:00")
	v.poser = func(f *opco.FaitsCompte) {
		f.Auto = []opco.RegleAuto{
			{ID: "r1", Profil: opco.RoleEntreprise, Service: opco.ServiceDossiers, Questions: []string{opco.QuestionMasse, opco.QuestionSiretCode}},
			{ID: "r2", Profil: opco.RoleEntreprise, Service: opco.ServiceContributions, Questions: []string{opco.QuestionMasse, opco.QuestionResponsable}}}
	}
	v.fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1())).jusque("2026-06-01 10:00")
	v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)).jusque("2026-06-01 10:05").attendre(opco.CompteActif)
	want := "DOSSIERS_FORMATION …010 ACCORDEE, CONTRIBUTIONS …010 A_VALIDER, DOSSIERS_FORMATION …028 ACCORDEE, CONTRIBUTIONS …028 A_VALIDER"
	if v.droits() != want || v.c.Habilitations[0].Auto != "r1" {
		t.Errorf("got  %s\nwant %s", v.droits(), want)
	}
	if m := v.dernier(opco.CourrierDroitsAccordes); len(m.Habilitations) != 2 {
		t.Errorf("mail: %+v", m)
	}
}

// C12: an entity is asked for once; the company's rights are examined at once.
func TestAjouterEntite(t *testing.T) {
	v := enFile(t).fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1))
	b := blocE1()
	refuse(t, v.acte("2026-06-03 10:00", opco.ActeAjouterEntite, titulaire, opco.ChargeBlocs{Blocs: []opco.BlocDemande{b}}), opco.Conflict, "Vous avez déjà le droit « Dossiers de formation, 999")
	b.Services = []opco.Service{opco.ServiceContributions}
	refuse(t, v.acte("2026-06-03 10:00", opco.ActeAjouterEntite, titulaire, opco.ChargeBlocs{Blocs: []opco.BlocDemande{b}}), opco.Conflict, "attendez la réponse")
	refuse(t, v.acte("2026-06-03 10:00", opco.ActeAjouterEntite, ines, opco.ChargeBlocs{Blocs: []opco.BlocDemande{b}}), opco.Forbidden, "titulaire")
	b.Certifie = false
	refuse(t, v.acte("2026-06-03 10:00", opco.ActeAjouterEntite, titulaire, opco.ChargeBlocs{Blocs: []opco.BlocDemande{b}}), opco.Invalid, "Certifiez")
	b = blocE1()
	b.Services = []opco.Service{opco.ServiceCertif}
	v.fait("2026-06-03 10:00:00", opco.ActeAjouterEntite, titulaire, opco.ChargeBlocs{Blocs: []opco.BlocDemande{b, blocOF1()}}).jusque("2026-06-03 10:00:00")
	id := cle(opco.RoleEntreprise, siretE1, opco.ServiceCertif)
	if h, ok := v.c.Habilitation(id); !ok || h.Etat != opco.HabAValider || h.Bloc != "2" || h.OuverteLe != aParis(t, "2026-06-03 10:00:00") {
		t.Errorf("got %+v", h)
	}
	if h, _ := v.c.Habilitation(paiements1); h.Etat != opco.HabDemandee {
		t.Errorf("the OF right waits for the click: got %s", h.Etat)
	}
	if m := v.dernier(opco.CourrierEntiteAjoutee); len(m.Habilitations) != 3 {
		t.Errorf("mail: %+v", m)
	}
	v.fait("2026-06-03 10:02", opco.ActeOuvrirEspace, titulaire, nil).jusque("2026-06-03 10:02")
	if h, _ := v.c.Habilitation(paiements1); h.Etat != opco.HabAValider {
		t.Errorf("after the click: got %s", h.Etat)
	}
}

// C15: a right unused for twelve months is warned of thirty days before, at 08:00,
// then suspended at the end of its last day; a use in between cancels.
func TestRevueAnnuelle(t *testing.T) {
	actif := func(usages map[string]string) *vieCompte {
		v := enFile(t)
		v.poser = func(f *opco.FaitsCompte) {
			f.Usages = map[string]time.Time{}
			for id, le := range usages {
				if u := aParis(t, le); !u.After(f.Le) {
					f.Usages[id] = u
				}
			}
		}
		refusees := opco.ChargeDecision{Reponses: []opco.ReponseDroit{{Habilitation: dossiers1, Accorder: true}, {Habilitation: contributions1, Accorder: true},
			{Habilitation: dossiers2, Motif: "NON_MANDATE"}, {Habilitation: contributions2, Motif: "NON_MANDATE"}}}
		v.fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, refusees)
		v.courrier = nil
		return v
	}
	tests := []struct {
		nom    string
		usages map[string]string
		jusque string
		want   []string
		droits string
	}{
		{"never used", nil, "2027-06-03 00:00", []string{"REVUE_ANNUELLE 2027-05-03 08:00", "DROITS_SUSPENDUS 2027-06-03 00:00"}, "SUSPENDUE SUSPENDUE"},
		{"the second before", nil, "2027-06-02 23:59:59", []string{"REVUE_ANNUELLE 2027-05-03 08:00"}, "ACCORDEE ACCORDEE"},
		{"one used after the warning", map[string]string{dossiers1: "2027-05-20 10:00"}, "2027-06-03 00:00",
			[]string{"REVUE_ANNUELLE 2027-05-03 08:00", "DROITS_SUSPENDUS 2027-06-03 00:00"}, "ACCORDEE SUSPENDUE"},
		{"both used just before the warning", map[string]string{dossiers1: "2027-05-03 07:59", contributions1: "2027-05-02 12:00"}, "2028-04-01",
			nil, "ACCORDEE ACCORDEE"},
		{"used, then unused for a year", map[string]string{dossiers1: "2027-05-20 10:00", contributions1: "2027-05-20 10:00"}, "2028-05-21",
			[]string{"REVUE_ANNUELLE 2027-05-03 08:00", "REVUE_ANNUELLE 2028-04-20 08:00", "DROITS_SUSPENDUS 2028-05-21 00:00"}, "SUSPENDUE SUSPENDUE"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := actif(tt.usages).jusque(tt.jusque)
			if got := v.envois(); !slices.Equal(got, tt.want) {
				t.Errorf("mails: got %v, want %v", got, tt.want)
			}
			a, _ := v.c.Habilitation(dossiers1)
			b, _ := v.c.Habilitation(contributions1)
			if got := string(a.Etat) + " " + string(b.Etat); got != tt.droits {
				t.Errorf("got %s, want %s", got, tt.droits)
			}
		})
	}
	v := actif(nil).jusque("2027-06-03 00:00").attendre(opco.CompteActifLimite)
	if !v.effets.CouperSessions {
		t.Error("the sessions of a suspended right are not cut")
	}
	v.fait("2027-06-04 09:00", opco.ActeRedemanderDroit, titulaire, opco.ChargeDroits{Habilitations: []string{dossiers1}}).jusque("2027-06-04 09:00")
	v.fait("2027-06-04 10:00", opco.ActeDeciderDroits, ines, accords(dossiers1)).attendre(opco.CompteActif)
}
