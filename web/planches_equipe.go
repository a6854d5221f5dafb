package web

import (
	"net/url"
	"strconv"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func colleguesDemo() []store.Collegue {
	droit := func(s opco.Service, e opco.EtatHabilitation) store.DroitCollegue {
		return store.DroitCollegue{ID: opco.CleHabilitation(opco.RoleEntreprise, siegeDemo, s), Profil: opco.RoleEntreprise, SIRET: siegeDemo, Service: s, Libelle: s.Libelle(), Etat: e}
	}
	mandat := droit(opco.ServiceDossiers, opco.HabAccordee)
	mandat.Mandat, mandat.Du, mandat.Au = true, "2026-01-01", "2026-12-31"
	return []store.Collegue{
		{Compte: compteDemo, Prenom: "Paul-Aurélien", Nom: "Kerbrat", Email: "paul-aurelien.kerbrat@sorbier.example", Etat: opco.CompteActif, Droits: []store.DroitCollegue{droit(opco.ServiceDossiers, opco.HabAccordee), droit(opco.ServiceUtilisateurs, opco.HabAccordee)}},
		{Compte: "c2", Prenom: "", Nom: nomLong, Email: emailLong, Etat: opco.CompteEmailAConfirmer, Droits: []store.DroitCollegue{droit(opco.ServiceContributions, opco.HabDemandee)}},
		{Compte: "c3", Prenom: "Éloïse", Nom: "Œuvrard", Email: "eloise@cabinet-oeuvrard.example", Etat: opco.CompteActif, Droits: []store.DroitCollegue{mandat, droit(opco.ServiceLecture, opco.HabSuspendue)}},
	}
}

func planchesEntreprise(m Maison) []Planche {
	moi := entrepriseDemo()
	gens := colleguesDemo()
	choix := ChoixDroits{Profil: opco.RoleEntreprise, Sites: []opco.SIRET{siegeDemo, annexeDemo}, Services: []opco.Service{opco.ServiceDossiers, opco.ServiceUtilisateurs, opco.ServiceLecture}}
	fautes := formulaire(url.Values{"nom": {nomLong}, "email": {emailLong}, "site": {string(siegeDemo)}}, Faute{"service", "Choisissez au moins un service."}, Faute{"prenom", "Donnez le prénom."})
	mandat := store.Mandat{Compte: "c3", Prenom: gens[2].Prenom, Nom: gens[2].Nom, Email: gens[2].Email, Entite: "Atelier Numérique Sorbier", Droit: gens[2].Droits[0]}
	recu := mandat
	recu.Recu, recu.Entite = true, nomEntLong
	entite := func(profil opco.Role, f Formulaire) EntiteNouvelle {
		p := EntiteNouvelle{Profil: profil, Acte: "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
		p.Inscription = Inscription{Page: pieceDe(m, "Ajouter une entité", "/compte", moi, f).Page, Masse: 2025, Reponse: 2, Factures: 24, Epreuve: epreuveDePlanche,
			Branches: []Option{{"", "Choisir une branche"}, {"2691", "Enseignement privé indépendant (IDCC 2691)"}}}
		return p
	}
	return []Planche{
		{"utilisateurs", PageCollegues(Collegues{Piece: pieceDe(m, "Utilisateurs", "/utilisateurs", moi, Formulaire{}), Entreprise: "Atelier Numérique Sorbier", Gens: gens, Moi: compteDemo, Mandats: []store.Mandat{mandat, recu}})},
		{"utilisateurs-seul", PageCollegues(Collegues{Piece: pieceDe(m, "Utilisateurs", "/utilisateurs", moi, Formulaire{}), Entreprise: nomEntLong, Gens: gens[:1], Moi: compteDemo})},
		{"utilisateurs-inviter", PageInvitation(Invitation{Piece: pieceDe(m, "Inviter un collègue", "/utilisateurs", moi, fautes), Entreprise: "Atelier Numérique Sorbier", Choix: choix})},
		{"utilisateurs-mandat", PageInvitation(Invitation{Piece: pieceDe(m, "Donner un mandat", "/utilisateurs", moi, formulaire(valeurs("mandat", "oui"))), Entreprise: nomEntLong, Choix: choix, Mandat: true, MandatMois: 24})},
		{"utilisateurs-droits", PageInvitation(Invitation{Piece: pieceDe(m, "Droits de "+nomLong, "/utilisateurs", moi, formulaire(nil, Faute{"droit", "Choisissez les droits à retirer."})), Entreprise: "Atelier Numérique Sorbier", Choix: choix, Collegue: &gens[1]})},
		{"entite-nouvelle", PageEntite(entite(opco.RoleEntreprise, formulaire(inscriptionPleine(), Faute{"siret_2", "Ce SIRET n’existe pas : un chiffre est faux."}, Faute{"mot_de_passe", "Ce n’est pas votre mot de passe."})))},
		{"entite-organisme", PageEntite(entite(opco.RoleOrganisme, Formulaire{Valeurs: inscriptionNeuve()}))},
	}
}

func demandesDemo() []store.LigneDemande {
	jours := func(n int32) *int32 { return &n }
	ligne := func(id, entite, prenom, nom string, droits, sites int32, j int32, concorde bool) store.LigneDemande {
		return store.LigneDemande{Compte: id, Nom: nom, Prenom: prenom, Entites: []store.Entite{{Profil: opco.RoleEntreprise, SIREN: "999001019", Nom: entite}}, Droits: droits, AValider: droits,
			Sites: sites, JoursOuvres: jours(j), Retard: j < 0, Concorde: concorde}
	}
	ls := []store.LigneDemande{ligne("z", "Propreté Azur", "Xavier", "d’Estienne d’Orves", 1, 1, -1, false), ligne(compteDemo, "Atelier Numérique Sorbier", "Paul-Aurélien", "Kerbrat", 4, 2, 1, true),
		ligne("o", nomEntLong, "", nomLong, 6, 3, 2, false), ligne("n", "", "Nguyễn Thị", "Minh-Anh", 2, 1, 0, false)}
	ls[2].Lien = true
	return ls
}

func compteVuDemo(droits ...api.DroitLu) CompteVu {
	v := CompteVu{MonCompte: compteDemoDe(opco.CompteActifLimite, droits...), Collegues: colleguesDemo()[1:], Journal: journalDemo()}
	v.Blocs = []api.BlocLu{{Id: "1", Profil: opco.RoleEntreprise, Etablissements: []opco.EtablissementVoulu{{SIRET: siegeDemo, Fonction: "directeur administratif"}}, Preuves: []opco.Preuve{
		{Question: opco.QuestionMasse, Concorde: true, Phrase: "Masse salariale 2025 exacte", Donne: "312 480 €", Connu: "312 480 €"},
		{Question: opco.QuestionSiretCode, Concorde: true, Phrase: "Les deux SIRET appartiennent au code adhérent A100001", Donne: "999 001 019 00010 · 999 001 019 00028"},
		{Question: opco.QuestionResponsable, Phrase: "Responsable légal différent de celui que connaît l’OPCO", Donne: "Anne-Laure Sorbier-Dumas", Connu: "Jean Sorbier"}}}}
	return v
}

func planchesConseil(m Maison) []Planche {
	ines, nadia, marc := personneDemo(opco.RoleConseiller, "Inès", "Benkirane"), personneDemo(opco.RoleResponsable, "Nadia", "Ferrand"), personneDemo(opco.RoleAuditeur, "Marc", "Vasseur")
	ines.Compte, nadia.Compte, marc.Compte = "i", "n", "m"
	compteurs := store.CompteursDemandes{Comptes: 6, Droits: 11, Retard: 1, Aujourdhui: 1, Precisions: 2}
	file := func(o Occupant, detail *CompteVu, f Formulaire) FileDroits {
		p := FileDroits{Piece: pieceDe(m, "Habilitations à valider", "/habilitations", o, f), Demandes: demandesDemo(), Compteurs: compteurs, Reponse: 2, Filtre: url.Values{}, Passer: "/habilitations/suivante", Suivant: "/habilitations?apres=x"}
		if detail != nil {
			p.Detail = detailler(*detail, o, f)
		}
		return p
	}
	attend, finie, long := compteVuDemo(droitsAttendus...), compteVuDemo(droitsMeles[0], droitsMeles[3]), compteVuDemo()
	for i := range 14 {
		d := droitDemo(opco.RoleEntreprise, opco.SIRET("9990010190"+strconv.Itoa(1000+i)), opco.ServiceDossiers, opco.HabAValider)
		d.Entite, d.Bloc = nomEntLong, "2"
		long.Droits = append(long.Droits, d)
	}
	long.Droits[0].Reponse, long.Droits[0].Phrase, long.Identite.Nom, long.Identite.Email = "Par le siège, depuis 2019.", questionDem, nomLong, emailLong
	vide := file(ines, nil, Formulaire{})
	vide.Demandes, vide.Suivant = nil, ""
	refus := formulaire(valeurs("droit_1", droitsAttendus[0].Id, "choix_1", "refuser", "droit_2", droitsAttendus[1].Id, "choix_2", "refuser", "motif_2", "DROIT_AUTRE"),
		Faute{"motif_1", "Choisissez le motif du refus : le demandeur le lira."}, Faute{"precision_2", "Précisez le motif : le demandeur le lira."})
	conflit := formulaire(nil, Faute{"", "Thomas Delmas a déjà accordé « Dossiers de formation, …00010 » le 11 juin 2026, 11 h 58. Votre réponse n’est pas enregistrée."})
	precision := PrecisionVoulue{Piece: pieceDe(m, "Demander une précision", "/habilitations", ines, formulaire(nil, Faute{"question", "Écrivez ce que vous demandez au demandeur."})), Compte: attend.MonCompte, Jours: 15,
		Droits: []Option{{"a", "Contributions, Atelier Numérique Sorbier (999 001 019 00028)"}}}
	ps := []Planche{
		{"habilitations", PageDroits(file(ines, nil, Formulaire{}))}, {"habilitations-vide", PageDroits(vide)}, {"habilitations-demande", PageDroits(file(ines, &attend, Formulaire{}))},
		{"habilitations-refus", PageDroits(file(ines, &attend, refus))}, {"habilitations-conflit", PageDroits(file(ines, &finie, conflit))},
		{"habilitations-longue", PageDroits(file(nadia, &long, Formulaire{}))}, {"habilitations-audit", PageDroits(file(marc, &attend, Formulaire{}))},
		{"habilitations-precision", PagePrecision(precision)},
	}
	return append(append(ps, planchesRegles(m, nadia)...), planchesComptes(m, ines, attend, finie)...)
}

func planchesRegles(m Maison, nadia Occupant) []Planche {
	fin := midi.Add(-time.Hour)
	regles := []store.RegleAutoLue{{ID: "r1", Profil: opco.RoleEntreprise, Service: opco.ServiceDossiers, Questions: []string{opco.QuestionMasse, opco.QuestionSiretCode}, ActiveePar: "Nadia Ferrand", ActiveeLe: midi, Accordes: 37},
		{ID: "r2", Profil: opco.RoleOrganisme, Service: opco.ServicePaiements, Questions: []string{opco.QuestionNDA}, ActiveePar: nomLong, ActiveeLe: midi.Add(-200 * time.Hour), ArreteePar: "Nadia Ferrand", ArreteeLe: &fin, Accordes: 1}}
	essai := store.EssaiAuto{ID: "e", Regle: store.RegleEssayee{Profil: opco.RoleEntreprise, Service: opco.ServiceDossiers, Questions: []string{opco.QuestionMasse}}, Depuis: "2026-03-13", Examines: 48, Accordes: 41, Confirmes: 39, Refuses: 2,
		Contredits: []store.Contredit{{Compte: compteDemo, Nom: nomLong, SIRET: siegeDemo, Motif: string(opco.MotifNonMandate), Le: midi}}}
	page := func(rs []store.RegleAutoLue, e *store.EssaiAuto, f Formulaire) ReglesAuto {
		return ReglesAuto{Piece: pieceDe(m, "Acceptation automatique", "/habilitations/regles", nadia, f), Regles: rs, Essai: e, Modifie: true, Fenetre: 90, Profil: opco.RoleEntreprise, Services: servicesAuto(opco.RoleEntreprise)}
	}
	return []Planche{
		{"regles", PageRegles(page(regles, nil, Formulaire{}))}, {"regles-vide", PageRegles(page(nil, nil, formulaire(nil, Faute{"question", "Choisissez au moins une preuve : sans preuve, un droit s’accorde par un conseiller."})))},
		{"regles-essai", PageRegles(page(regles[:1], &essai, formulaire(valeurs("service", string(opco.ServiceDossiers), "question", opco.QuestionMasse))))},
	}
}

func planchesComptes(m Maison, ines Occupant, attend, finie CompteVu) []Planche {
	ligne := func(prenom, nom string, etat opco.Etat) store.LigneCompte {
		return store.LigneCompte{ID: compteDemo, Etat: etat, Prenom: prenom, Nom: nom, Email: "contact@exemple.test", Entites: []store.Entite{{Nom: nomEntLong}}, AValider: 1, Accordes: 2, CreeLe: midi}
	}
	lignes := []store.LigneCompte{ligne("Paul-Aurélien", "Kerbrat", opco.CompteActif), ligne("", nomLong, opco.CompteProvisoire), ligne("", "", opco.CompteClos)}
	page := func(ls []store.LigneCompte) Comptes {
		f := formulaire(url.Values{"q": {"sorbier"}})
		return Comptes{Piece: pieceDe(m, "Comptes", "/comptes", ines, f), Comptes: ls, Filtre: f.Valeurs, Ouvre: true, Suivant: "/comptes?apres=x"}
	}
	provisoire := finie
	provisoire.Etat, provisoire.Origine = opco.CompteProvisoire, opco.OrigineOPCO
	return []Planche{
		{"comptes", PageComptes(page(lignes))}, {"comptes-vide", PageComptes(page(nil))},
		{"comptes-un", PageCompteAgent(compteAgent(pieceDe(m, "Compte de Paul-Aurélien Kerbrat", "/comptes", ines, Formulaire{}), attend, ines))},
		{"comptes-provisoire", PageCompteAgent(compteAgent(pieceDe(m, "Compte", "/comptes", ines, formulaire(nil, Faute{"raison", "Dites pourquoi : la personne le lira."}, Faute{"droit", "Choisissez les droits à retirer."})), provisoire, ines))},
		{"comptes-nouveau", PageCompteNouveau(CompteNouveau{Piece: pieceDe(m, "Ouvrir un compte", "/comptes", ines, formulaire(valeurs("siret", "123"), Faute{"siret", "Ce SIRET n’existe pas."}, Faute{"service", "Choisissez au moins un service de ce profil."})), Jours: 15})},
	}
}

func planchesAgents(m Maison) []Planche {
	sophie := personneDemo(opco.RoleAdmin, "Sophie", "Arnaud")
	role := func(r opco.Role, attend bool) api.RoleLu {
		return api.RoleLu{Role: r, Libelle: r.Libelle(), AccordePar: "Karim Belhadj", Attend: attend, Le: midi}
	}
	agents := []api.AgentLu{
		{Id: compteDemo, Prenom: "Sophie", Nom: "Arnaud", Email: "admin@opco-demo.test", Identifiant: "admin", Etat: opco.CompteActif, Roles: []api.RoleLu{role(opco.RoleAdmin, false)}, Facteurs: api.FacteursResume{Totp: true, Passkeys: 2}},
		{Id: "b", Prenom: "Nadia", Nom: "Ferrand", Email: "responsable@opco-demo.test", Identifiant: "responsable", Etat: opco.CompteActif, Roles: []api.RoleLu{role(opco.RoleConseiller, false), role(opco.RoleResponsable, true)},
			Facteurs: api.FacteursResume{Passkeys: 1}, Liens: []api.LienLu{{Siren: "999001019", Raison: "Ancien employeur", Le: midi}}},
		{Id: "c", Nom: nomLong, Email: emailLong, Etat: opco.CompteEmailAConfirmer, Roles: []api.RoleLu{role(opco.RoleComptable, true)}},
		{Id: "d", Prenom: "Yann", Nom: "Le Goff", Email: "ops@opco-demo.test", Etat: opco.CompteClos},
	}
	agent := func(i int, f Formulaire) AgentVu {
		a := agents[i]
		return AgentVu{Piece: pieceDe(m, nomAgent(a), "/agents", sophie, f), AgentLu: a, Modifie: true, Dirige: true, Moi: a.Id == compteDemo, Roles: rolesOfferts(a), Absences: absencesDemo()[:1]}
	}
	absences := Absences{Piece: pieceDe(m, "Absences", "/absences", sophie, formulaire(nil, Faute{"au", "Une délégation dure 60 jours au plus : elle doit finir le 9 août 2026 au plus tard."}, Faute{"raison", "Dites pourquoi, par exemple « Congés »."})),
		Absences: absencesDemo(), Moi: compteDemo, Dirige: true, Jours: 60}
	absences.remplir(agents, opco.ParametresDefaut().Comptes.RolesSensibles)
	vides := Absences{Piece: pieceDe(m, "Absences", "/absences", sophie, Formulaire{}), Moi: "x", Jours: 60}
	return []Planche{
		{"agents", PageAgents(Agents{Piece: pieceDe(m, "Agents", "/agents", sophie, Formulaire{}), Agents: agents, Attend: 2, Modifie: true, Absences: absencesDemo()})},
		{"agents-vide", PageAgents(Agents{Piece: pieceDe(m, "Agents", "/agents", sophie, Formulaire{}), Modifie: true})},
		{"agents-un", PageAgent(agent(1, formulaire(nil, Faute{"raison_role", "Dites pourquoi ce rôle est retiré : la personne le lira."})))}, {"agents-moi", PageAgent(agent(0, Formulaire{}))}, {"agents-long", PageAgent(agent(2, Formulaire{}))},
		{"agents-nouveau", PageAgentNouveau(AgentNouveau{Piece: pieceDe(m, "Ajouter un agent", "/agents", sophie, formulaire(nil, Faute{"role", "Choisissez son rôle."})), Sensibles: []string{"« Responsable »", "« Comptable »", "« Administration »"}})},
		{"absences", PageAbsences(absences)}, {"absences-vides", PageAbsences(vides)},
	}
}
