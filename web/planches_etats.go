package web

import (
	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() {
	planches = append(planches, planchesFautesSeuil, planchesEtatsEspaces, planchesEtatsOPCO)
}

// planchesFautesSeuil are the forms of before login, with what is wrong.
func planchesFautesSeuil(m Maison) []Planche {
	page := func(titre string, fautes ...Faute) Page {
		return Page{Titre: titre, Maison: m, Formulaire: formulaire(nil, fautes...)}
	}
	exigence := Exigence{15, "15 caractères au moins. Une phrase que vous retenez convient très bien."}
	return []Planche{
		{"activation-code-fautes", PageRenvoiCode(RenvoiCode{Page: page("Recevoir un nouveau code", Faute{"email", "Indiquez votre adresse e-mail."})})},
		{"reinitialisation-fautes", PageReinitialisation(Reinitialisation{Page: page("Nouveau mot de passe", Faute{"mot_de_passe", "Ce mot de passe est trop court : il lui manque 4 caractères."},
			Faute{"mot_de_passe2", "Les deux mots de passe sont différents."}), Exigence: exigence, Epreuve: epreuveDePlanche})},
		{"premiere-confirmation-fautes", PagePremiereConfirmation(PremiereConfirmation{Page: page("Confirmez votre identifiant", Faute{"mot_de_passe", "Ce n’est pas votre mot de passe."})})},
	}
}

// planchesEtatsEspaces are the rooms of an organisation, with nothing to show or with
// what is wrong.
func planchesEtatsEspaces(m Maison) []Planche {
	e1 := entrepriseDemo(store.Espace{Cle: "organisme:999001365", Role: opco.RoleOrganisme, SIREN: "999001365", Nom: nomEntLong})
	piece := func(titre, ici string, fautes ...Faute) Piece {
		p := pieceDe(m, titre, ici, e1, formulaire(nil, fautes...))
		p.Feuilles = append(p.Feuilles, "demande.css")
		return p
	}
	message := Faute{"texte", "Écrivez votre message : il est vide."}
	fil := filDemo(formulaire(nil, message))
	fil.Interne = false
	entreprise := DossierEntreprise{Piece: piece("Dossier", "/entreprise/dossiers", message), DossierLu: dossierLuPlanche(opco.EtatEnInstruction), Site: "12927.001, " + nomEntLong}
	entreprise.disposer(ongletEchanges, nil, MotsDepot{})
	entreprise.Echange = &fil
	sobre := DossierEntreprise{Piece: piece("Dossier", "/entreprise/dossiers"), DossierLu: dossierLuPlanche(opco.EtatTransmise)}
	sobre.disposer(ongletCouts, nil, MotsDepot{})
	sobre.Vues, sobre.Lettres, sobre.Faits = nil, nil, nil
	organisme := DossierOF{Piece: piece("Dossier", adresseDossiersOF, message), DossierLu: dossierOFDemo(nomLong)}
	organisme.disposer(ongletEchanges, nil, MotsDepot{})
	organisme.Echange = &fil
	neuf := dossierOFDemo("Lefèvre-N’Guyên")
	neuf.Dossier.Certificats, neuf.Dossier.Factures = nil, nil
	rien := DossierOF{Piece: piece("Dossier", adresseDossiersOF), DossierLu: neuf}
	rien.disposer(ongletFactures, nil, MotsDepot{})
	importees := ImportLu{Importation: store.Importation{ID: compteDemo, Fichier: "plan-2026.csv", Lignes: 1, Nom: nomLong, Le: midi},
		Demandes: []store.DemandeDeFichier{{Rang: 2, LigneDossier: ligneDemo(1, opco.EtatBrouillon, intituleLong, organismeLong)}}}
	return []Planche{
		{"perimetre-fautes", PagePerimetre(Perimetre{Piece: piece("Choisir un périmètre", "", Faute{"espace", "Choisissez un périmètre."}), Choix: choixEspaces(e1, ""), Vers: "/"})},
		{"entreprise-dossier-echanges-fautes", PageDossierEntreprise(entreprise)},
		{"entreprise-impression-vide", PageImpression(sobre)},
		{"import-fait-fautes", PageImportFait(ImportFait{Piece: piece("Demandes importées", "/entreprise/brouillons", Faute{"certifie", "Cochez cette case : vous vous engagez sur ces demandes."}), ImportLu: importees, Encore: 1})},
		{"organisme-dossier-echanges-fautes", PageDossierOF(organisme)},
		{"organisme-dossier-factures-vide", PageDossierOF(rien)},
		{"organisme-avoir-vide", PageSaisieAvoir(SaisieAvoir{Piece: piece("Envoyer un avoir", adresseDossiersOF), Dossier: neuf.Dossier, Numero: "AF26-000079", Base: baseOrganisme(idDossierOF)})},
	}
}

// planchesEtatsOPCO are pages of the staff, with nothing to show or with what is wrong.
func planchesEtatsOPCO(m Maison) []Planche {
	ines, claire := personneDemo(opco.RoleConseiller, "Inès", "Benkirane"), personneDemo(opco.RoleGestionnaire, "Claire", "Morin")
	agent := compteDemoDe(opco.CompteActif)
	ligne := etudeDemo(true).Ligne
	ligne.Etablissement = string(siegeDemo)
	fiche := ficheEntreprise(pieceDe(m, nomEntLong, "/instruction", claire, formulaire(valeurs("stagiaires", "0"), Faute{"stagiaires", "Donnez un nombre de stagiaires, de 1 à 100."})),
		api.FicheEntreprise{SIREN: "999001019", Nom: nomEntLong, Dossiers: []store.LigneDossier{ligne}})
	return []Planche{
		{"compte-agent-vide", PageCompte(compteMien(pieceDe(m, "Mon compte", "/compte", ines, Formulaire{}), agent, true))},
		{"compte-totp-fautes", PagePoseTOTP(PoseTOTP{Piece: pieceDe(m, "Ajouter une application de codes", "/compte", ines, formulaire(nil, Faute{"code", "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone."})),
			Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", Jeton: "j", QR: DessinQR{29, "M4 4h7v7h-7zM18 4h7v7h-7zM4 18h7v7h-7z"}})},
		{"habilitations-precision-vide", PagePrecision(PrecisionVoulue{Piece: pieceDe(m, "Demander une précision", "/habilitations", ines, Formulaire{}), Compte: agent, Jours: 15})},
		{"instruction-entreprise-fautes", PageFicheEntreprise(fiche)},
	}
}
