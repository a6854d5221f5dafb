package web

import (
	"net/url"
	"slices"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() {
	planches = append(planches, planchesCompte, planchesEntreprise, planchesConseil, planchesAgents)
}

// midi is when the pages of the storybook are read.
var midi = time.Date(2026, 6, 11, 10, 0, 0, 0, time.UTC)

const (
	compteDemo  = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	siegeDemo   = opco.SIRET("99900101900010")
	annexeDemo  = opco.SIRET("99900101900028")
	nomEntLong  = "Établissement supérieur de la formation façonnée & Cie du Languedoc-Roussillon"
	questionDem = "Votre annexe de Pau déclare-t-elle ses contributions elle-même, ou par le siège ? Envoyez-nous la dernière déclaration."
)

// compteursDemo are the figures of the menu in the storybook.
var compteursDemo = CompteursMenu{Demandes: store.CompteursDemandes{Comptes: 6, Droits: 11, Retard: 1}}

// pieceDe is what a page of the storybook carries.
func pieceDe(m Maison, titre, ici string, o Occupant, f Formulaire) Piece {
	p := Piece{Page: Page{Titre: titre, Maison: m, Formulaire: f}, Acte: "7d444840-9dc0-11d1-b245-5ffdce74fad2", Lit: o.Role}
	p.Qui, p.Feuilles = o.qui(), []string{"compte.css"}
	p.Menu, p.Cherche = menu(o, compteursDemo, ici), slices.Contains(chercheurs, o.Role)
	if o.Role.Interne() {
		p.Densite = "serre"
	}
	return p
}

func personneDemo(role opco.Role, prenom, nom string) Occupant {
	e := store.Espace{Cle: string(role), Role: role, Nom: string(role)}
	return Occupant{Utilisateur: store.Utilisateur{Prenom: prenom, Nom: nom, Role: role, Compte: compteDemo, Interne: true, Espace: e.Cle, Espaces: []store.Espace{e}}}
}

// entrepriseDemo is the administrator of a company with two sites; avecOF adds a
// second espace.
func entrepriseDemo(autres ...store.Espace) Occupant {
	e := store.Espace{Cle: "entreprise:999001019", Role: opco.RoleEntreprise, SIREN: "999001019", Nom: "Atelier Numérique Sorbier",
		SIRETs: []string{string(siegeDemo), string(annexeDemo)}, Services: []opco.Service{opco.ServiceDossiers, opco.ServiceUtilisateurs},
		Droits: []store.DroitEffectif{{SIRET: siegeDemo, Service: opco.ServiceDossiers}, {SIRET: annexeDemo, Service: opco.ServiceDossiers}}}
	return Occupant{Utilisateur: store.Utilisateur{Prenom: "Paul-Aurélien", Nom: "Kerbrat", Role: e.Role, Compte: compteDemo, Etat: opco.CompteActif,
		SIRETs: e.SIRETs, Espace: e.Cle, Espaces: append([]store.Espace{e}, autres...)}}
}

// limite is somebody whose rights are not granted yet.
func limiteDemo() Occupant {
	return Occupant{Utilisateur: store.Utilisateur{Prenom: "Sophie", Nom: "Ben Hamou", Compte: compteDemo, Etat: opco.CompteActifLimite}}
}

func droitDemo(profil opco.Role, siret opco.SIRET, s opco.Service, e opco.EtatHabilitation) api.DroitLu {
	le := midi.Add(-30 * time.Hour)
	h := opco.Habilitation{Profil: profil, SIRET: siret, Service: s, Etat: e, Limite: "2026-06-15"}
	d := api.DroitLu{Id: opco.CleHabilitation(profil, siret, s), Profil: profil, Siret: siret, Entite: "Atelier Numérique Sorbier", Service: s, Libelle: s.Libelle(),
		Etat: e, EtatLibelle: e.Libelle(), Ensuite: h.Ensuite("2026-06-11"), Ouvert: e == opco.HabAccordee, Bloc: "1", DemandeeLe: &le, Limite: "2026-06-15"}
	switch e {
	case opco.HabRefusee:
		d.Phrase = opco.PhraseRefusDroit(opco.MotifServiceInadapte, "les contributions se déclarent au siège")
	case opco.HabPrecision:
		d.Phrase = questionDem
	}
	return d
}

// compteDemoDe is an account with these rights.
func compteDemoDe(etat opco.Etat, droits ...api.DroitLu) MonCompte {
	m := MonCompte{Jour: "2026-06-11", MonCompte: api.MonCompte{Id: compteDemo, Etat: etat, Libelle: opco.LibelleCompte(etat), Origine: opco.OrigineInscription,
		Identifiant: "paul-aurelien.kerbrat@sorbier.example", Droits: droits, CreeLe: midi.Add(-72 * time.Hour),
		Identite: api.IdentiteLue{Civilite: "M.", Prenom: "Paul-Aurélien", Nom: "Kerbrat", Email: "paul-aurelien.kerbrat@sorbier.example", Telephone: "05 99 00 12 34"}}}
	c := opco.Compte{Etat: etat}
	for _, d := range droits {
		c.Habilitations = append(c.Habilitations, opco.Habilitation{ID: d.Id, Profil: d.Profil, SIRET: d.Siret, Service: d.Service, Etat: d.Etat, Limite: d.Limite, Bloc: d.Bloc})
	}
	m.Tuiles = c.Tuiles(m.Jour)
	return m
}

var (
	droitsAttendus = []api.DroitLu{
		droitDemo(opco.RoleEntreprise, siegeDemo, opco.ServiceDossiers, opco.HabAValider), droitDemo(opco.RoleEntreprise, annexeDemo, opco.ServiceDossiers, opco.HabAValider),
		droitDemo(opco.RoleEntreprise, siegeDemo, opco.ServiceContributions, opco.HabAValider), droitDemo(opco.RoleEntreprise, annexeDemo, opco.ServiceContributions, opco.HabAValider),
	}
	droitsMeles = []api.DroitLu{
		droitDemo(opco.RoleEntreprise, siegeDemo, opco.ServiceDossiers, opco.HabAccordee), droitDemo(opco.RoleEntreprise, annexeDemo, opco.ServiceDossiers, opco.HabPrecision),
		droitDemo(opco.RoleEntreprise, siegeDemo, opco.ServiceContributions, opco.HabAccordee), droitDemo(opco.RoleEntreprise, annexeDemo, opco.ServiceContributions, opco.HabRefusee),
		droitDemo(opco.RoleEntreprise, siegeDemo, opco.ServiceUtilisateurs, opco.HabAccordee), droitDemo(opco.RoleOrganisme, "99900136500017", opco.ServicePaiements, opco.HabDemandee),
	}
)

func journalDemo() []api.LigneJournalCompte {
	return []api.LigneJournalCompte{
		{Rang: 1, Type: string(opco.ActeInscrire), Phrase: "Compte demandé : entreprise, 2 établissements.", Par: "Le demandeur", Le: midi.Add(-72 * time.Hour), Verdict: opco.VerdictApplique},
		{Rang: 2, Type: string(opco.ActeConfirmerEmail), Phrase: "Adresse e-mail confirmée.", Par: "Le demandeur", Le: midi.Add(-48 * time.Hour), Verdict: opco.VerdictApplique},
		{Rang: 3, Type: string(opco.ActeVerifierDroits), Phrase: "Vérification faite ; à valider par un conseiller : Dossiers de formation, Contributions.", Par: "Guichet", Le: midi.Add(-47 * time.Hour), Verdict: opco.VerdictApplique},
		{Rang: 4, Type: string(opco.ActeDeciderDroits), Phrase: "Refusé par Inès Benkirane : Contributions, 999 001 019 00028.", Par: "Inès Benkirane", Motif: string(opco.MotifServiceInadapte),
			Le: midi.Add(-2 * time.Hour), Verdict: opco.VerdictApplique},
	}
}

func planchesCompte(m Maison) []Planche {
	moi, limite, longue := entrepriseDemo(), limiteDemo(), entrepriseDemo(store.Espace{Cle: "organisme:999001365", Role: opco.RoleOrganisme, SIREN: "999001365", Nom: nomEntLong})
	longue.Nom, longue.Prenom = nomLong, ""
	portail := func(o Occupant, c MonCompte) PortailConnecte {
		p := PortailConnecte{Piece: pieceDe(m, "Accueil", "/accueil", o, Formulaire{}), Prenom: o.Prenom, Email: c.Identite.Email, Phrase: majuscule(jourDit(c.Jour))}
		p.remplir(c, o)
		return p
	}
	actif, neuf, rien := compteDemoDe(opco.CompteActif, droitsMeles...), compteDemoDe(opco.CompteActifLimite, droitsAttendus...), compteDemoDe(opco.CompteActifLimite)
	long := compteDemoDe(opco.CompteActif, slices.Clone(droitsMeles)...)
	long.Identite.Nom, long.Identite.Email = nomLong, emailLong
	for i := range long.Droits {
		long.Droits[i].Entite = nomEntLong
	}
	compte := func(o Occupant, c MonCompte, f Formulaire) CompteMien {
		p := compteMien(pieceDe(m, "Mon compte", "/compte", o, f), c, o.Interne)
		return p
	}
	conseillere := personneDemo(opco.RoleConseiller, "Inès", "Benkirane")
	agent := compteDemoDe(opco.CompteActif)
	agent.Roles = []api.RoleLu{{Role: opco.RoleConseiller, Libelle: "Conseiller", AccordePar: "Sophie Arnaud", Le: midi}, {Role: opco.RoleResponsable, Libelle: "Responsable", AccordePar: "Sophie Arnaud", Attend: true, Le: midi}}
	agent.Liens = []api.LienLu{{Siren: "999001019", Raison: "Conjoint salarié de l’entreprise", Le: midi}}
	equipe := compte(conseillere, agent, Formulaire{})
	equipe.Delegues = absencesDemo()
	ops := personneDemo(opco.RoleOps, "Yann", "Le Goff")
	ps := []Planche{
		{"accueil-connecte", PagePortail(portail(moi, actif))},
		{"accueil-limite", PagePortail(portail(limite, neuf))},
		{"accueil-organisme", PagePortail(portail(limite, compteDemoDe(opco.CompteActifLimite, droitsMeles[5])))},
		{"accueil-vide", PagePortail(portail(limite, rien))},
		{"accueil-long", PagePortail(portail(longue, long))},
		{"accueil-conseillere", PagePortail(PortailConnecte{Piece: pieceDe(m, "Accueil", "/accueil", conseillere, Formulaire{}), Prenom: "Inès", Phrase: "Jeudi 11 juin 2026", Email: "conseiller@opco-demo.test",
			Equipe: &PortailEquipe{Role: "Conseiller", Salle: &Lien{"Répondre aux demandes de droits", "/habilitations"}, Conseille: true, File: &store.CompteursDemandes{Comptes: 6, Droits: 11, Retard: 1, Aujourdhui: 2, Precisions: 1}, Absences: absencesDemo()}})},
		{"accueil-gestionnaire", PagePortail(PortailConnecte{Piece: pieceDe(m, "Accueil", "/accueil", personneDemo(opco.RoleGestionnaire, "Claire", "Morin"), Formulaire{}), Prenom: "Claire", Phrase: "Jeudi 11 juin 2026", Email: emailLong,
			Equipe: &PortailEquipe{Role: "Gestionnaire", Salle: &Lien{"Ouvrir l’instruction", "/instruction"}, Prend: true, Acte: compteDemo, Titre: "Dossiers", Travail: []Chiffre{{"Mes dossiers", "briefcase", "999+", "dans votre portefeuille", "/x"},
				{"À échéance", "alarm-clock", "12", "aujourd’hui, ou en retard", "/x"}, {"Que je tiens", "user", "0", "pris, pas encore rendus", "/x"}, {"Messages", "message-square", "3", "attendent une réponse", "/x"}}}})},
		{"accueil-exploitation", PagePortail(PortailConnecte{Piece: pieceDe(m, "Accueil", "/accueil", ops, Formulaire{}), Prenom: "Yann", Phrase: "Jeudi 11 juin 2026", Email: "ops@opco-demo.test",
			Equipe: &PortailEquipe{Role: "Exploitation", SansPage: true, Documents: "/api/doc"}})},
		{"perimetre", PagePerimetre(Perimetre{Piece: pieceDe(m, "Choisir un périmètre", "", longue, Formulaire{}), Choix: choixEspaces(longue, ""), Vers: "/"})},
		{"perimetre-vide", PagePerimetre(Perimetre{Piece: pieceDe(m, "Choisir un périmètre", "", limite, Formulaire{}), Vers: "/"})},
		{"compte", PageCompte(compte(moi, actif, Formulaire{}))},
		{"compte-vide", PageCompte(compte(limite, rien, Formulaire{}))},
		{"compte-long", PageCompte(compte(longue, long, formulaire(url.Values{}, Faute{"reponse", "Écrivez votre réponse au conseiller."})))},
		{"compte-agent", PageCompte(equipe)},
		{"compte-modifier", PageModifier(CompteModifie{Piece: pieceDe(m, "Modifier mon compte", "/compte", moi, formulaire(valeurs("civilite", "M.", "nom", "Kerbrat"), Faute{"prenom", "Donnez votre prénom."})),
			Identifiant: emailLong, Email: emailLong, Epreuve: epreuveDePlanche})},
		{"compte-historique", PageHistorique(HistoriqueMien{Piece: pieceDe(m, "Historique de mon compte", "/compte", moi, Formulaire{}), Faits: faits(journalDemo())})},
		{"compte-historique-vide", PageHistorique(HistoriqueMien{Piece: pieceDe(m, "Historique de mon compte", "/compte", moi, Formulaire{})})},
		{"compte-cloture", PageCloture(Cloture{Piece: pieceDe(m, "Fermer mon compte", "/compte", moi, formulaire(nil, Faute{"mot_de_passe", "Tapez votre mot de passe : il confirme que c’est bien vous."}, Faute{"certain", "Cochez cette case pour fermer votre compte."})), Ouverts: 3})},
	}
	return append(append(ps, planchesSecurite(m, moi)...), planchesLectures(m, moi)...)
}

func planchesSecurite(m Maison, moi Occupant) []Planche {
	agent := personneDemo(opco.RoleConseiller, "Inès", "Benkirane")
	exigence := Exigence{15, "15 caractères au moins. Une phrase que vous retenez convient très bien."}
	sessions := []SessionOuverte{{ID: "a", Appareil: "Firefox sur Windows", Reseau: "203.0.113.0/24", OuverteLe: midi.Add(-time.Hour), VueLe: midi, Courante: true},
		{ID: "b", Appareil: "Safari sur iPhone", Reseau: "2001:db8:85a3::/64", OuverteLe: midi.Add(-50 * time.Hour), VueLe: midi.Add(-20 * time.Hour)}}
	facteurs := FacteursPoses{TOTP: true, Secours: 7, Obligatoire: true, Passkeys: []PasskeyPosee{{ID: "k", Libelle: "Téléphone de " + nomLong, CreeLe: midi, UtiliseeLe: midi}}}
	fautes := formulaire(url.Values{"passkey": {"k"}}, Faute{"actuel", "Ce n’est pas votre mot de passe."}, Faute{"mot_de_passe_retrait", "Tapez votre mot de passe : il confirme que c’est bien vous."})
	refuse := formulaire(nil, Faute{"mot_de_passe_fournisseur", "Ce n’est pas votre mot de passe."})
	codes := []string{"K7QD-2M4X-90PT", "1F8A-QZ3N-7RWC", "M4ME-0XKD-55TG", "Z9HB-31PC-VV2E", "8J2N-D6YR-QK0S", "TT7W-4GXM-AB1E", "P0VD-NN83-6ZQC", "3KRS-YW5F-H1JA"}
	return []Planche{
		{"compte-securite", PageSecurite(Securite{Piece: pieceDe(m, "Sécurité de mon compte", "/compte", moi, Formulaire{}), Exigence: exigence, Sessions: sessions[:1]})},
		{"compte-securite-pleine", PageSecurite(Securite{Piece: pieceDe(m, "Sécurité de mon compte", "/compte", agent, fautes), Exigence: exigence, Sessions: sessions, Facteurs: facteurs, Fournisseur: Fournisseur{true, []string{"https://connexion.opco.example/royaume"}}})},
		{"compte-securite-fournisseur", PageSecurite(Securite{Piece: pieceDe(m, "Sécurité de mon compte", "/compte", agent, refuse), Exigence: exigence, Sessions: sessions[:1], Facteurs: facteurs, Fournisseur: Fournisseur{Ouvert: true}})},
		{"compte-fournisseur", PageDepartFournisseur(DepartFournisseur{pieceDe(m, "Relier mon compte professionnel", "/compte", agent, Formulaire{}), "https://connexion.opco.example/royaume?state=essai"})},
		{"compte-enroler", PageSecurite(Securite{Piece: pieceDe(m, "Protégez votre compte", "/compte", agent, Formulaire{}), Facteurs: FacteursPoses{Obligatoire: true}, Enroler: true})},
		{"compte-totp", PagePoseTOTP(PoseTOTP{Piece: pieceDe(m, "Ajouter une application de codes", "/compte", agent, Formulaire{}), Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", Jeton: "j", QR: DessinQR{29, "M4 4h7v7h-7zM18 4h7v7h-7zM4 18h7v7h-7z"}})},
		{"compte-secours", PageSecours(Secours{Piece: pieceDe(m, "Codes de secours", "/compte", agent, Formulaire{}), Codes: codes})},
	}
}

func planchesLectures(m Maison, moi Occupant) []Planche {
	lues := []store.Lecture{{Le: midi, Nom: "Claire Morin", Role: opco.RoleGestionnaire, Objet: "dossier/" + compteDemo, Classes: []string{"identite", "salaire"}, Nombre: 1},
		{Le: midi.Add(-time.Hour), Nom: nomLong + ", pour le compte de Hugo Bastide", Role: opco.RoleResponsable, Objet: "liste", Classes: []string{"identite"}, Nombre: 42},
		{Le: midi.Add(-3 * time.Hour), Nom: "Inès Benkirane", Role: opco.RoleConseiller, Objet: "compte/" + compteDemo, Classes: []string{"identite"}, Nombre: 1}}
	audit := personneDemo(opco.RoleAuditeur, "Marc", "Vasseur")
	return []Planche{
		{"compte-lectures", PageLectures(PageDesLectures{Piece: pieceDe(m, "Qui a lu mes dossiers", "/compte", moi, Formulaire{}), Lectures: lues, Suivant: "/compte/lectures?apres=x"})},
		{"compte-lectures-vide", PageLectures(PageDesLectures{Piece: pieceDe(m, "Qui a lu mes dossiers", "/compte", moi, Formulaire{})})},
		{"journal-lectures", PageLectures(PageDesLectures{Piece: pieceDe(m, "Journal des lectures", "/journal-lectures", audit, formulaire(url.Values{"du": {"2026-05-01"}}, Faute{"du", "Écrivez la date AAAA-MM-JJ, par exemple 2026-04-13."})), Lectures: lues, Audit: true})},
	}
}

func absencesDemo() []store.LigneDelegation {
	return []store.LigneDelegation{{ID: "d1", Compte: compteDemo, Nom: "Hugo Bastide", Delegue: "x", DelegueNom: "Claire Morin", Role: opco.RoleGestionnaire, Du: "2026-06-08", Au: "2026-06-19", EnCours: true},
		{ID: "d2", Compte: "y", Nom: nomLong, Delegue: compteDemo, DelegueNom: "Inès Benkirane", Role: opco.RoleConseiller, Du: "2026-07-01", Au: "2026-07-24"}}
}
