package web

import (
	"fmt"
	"net/url"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() {
	planches = append(planches, planchesAssistant, planchesBrouillons, planchesSalaries, planchesImport)
}

// demandeDemo is the demande of the guide: 21 h, 2 909,53 €.
func demandeDemo() opco.Demande {
	return dossierPlanche(opco.EtatBrouillon).Demande
}

// estimeDemo is what the branch would finance of it.
func estimeDemo() Estime {
	d := demandeDemo()
	return estimeDe(api.EstimationSaisie{
		Decision: opco.Decision{Demande: d.Total(), Accorde: 141_240, ResteACharge: d.Total() - 141_240,
			Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 202_000, Accorde: 84_000, Regle: "Plafond : 40,00 € × 21 h = 840,00 €."},
				{Ligne: opco.LigneRemuneration, Demande: 55_713, Accorde: 27_300, Regle: "Plafond : 13,00 € de l’heure."}},
			Conditions: []string{"Estimation pour un seul stagiaire.", "Cette estimation n’engage pas l’OPCO : seule la décision le fait."}},
		Moment: opco.MomentDepot{Jours: 12, Juste: true, Limite: "2026-06-07"},
		Controles: []opco.Controle{{Code: opco.ControleQualiopi, Nom: "Organisme déclaré et certifié", Resultat: opco.ResultatOK, Phrase: "Pédagogie Nouvelle est certifiée jusqu’au 14 mars 2028."},
			{Code: "C12", Nom: "Plafond horaire", Resultat: opco.ResultatWarn, Phrase: "Le prix horaire dépasse le barème : 96,19 € demandés, 40,00 € financés."}},
	}, d)
}

// assistantDemo is a step of the storybook.
func assistantDemo(m Maison, e opco.EtapeDemande, d opco.Demande, f Formulaire) Assistant {
	p := Assistant{Piece: pieceDe(m, e.Libelle()+" · "+titreDemande, "/entreprise/demandes/nouvelle", entrepriseDemo(), f), ID: dossierDemo, Etape: e, Demande: d, Version: 3,
		Enregistre: "Brouillon enregistré à 10 h 42", Estimation: estimeDemo(),
		Sites: []Option{{string(siegeDemo), nomEntLong + " (999 001 019 00010)"}, {string(annexeDemo), "Atelier Numérique Sorbier, Pau (999 001 019 00028)"}}}
	if f.Valeurs == nil {
		p.Valeurs = valeursAffichees(e, d)
	}
	p.Feuilles = append(p.Feuilles, "demande.css")
	p.Page = p.avecModule("demande.js")
	return p
}

// envoiDemo is step 4 of the storybook: what is ready and what lacks.
func envoiDemo(p Assistant, d *opco.Dossier, tard bool) Assistant {
	e := &EnvoiPret{Etapes: etapesRelues(d.ID, d.Demande), Pieces: piecesAttendues(d), Tard: tard, Depot: Depots{Action: "/entreprise/demandes/" + d.ID + "/pieces", Acte: p.Acte, Types: optionsPieces(manquants(d))}}
	e.Moment = momentDit(opco.MomentDepot{Tard: tard, Juste: !tard, Jours: 12, Limite: "2026-06-07"}, d.Demande)
	p.Envoi = e
	p.Page = p.avecModule("depot.js")
	return p
}

func planchesAssistant(m Maison) []Planche {
	plein, long := demandeDemo(), demandeDemo()
	long.Intitule, long.Organisme.Nom, long.Modules = intituleLong, organismeLong, []opco.Module{{Intitule: intituleLong, Duree: 450, Montant: 120_000}, {Intitule: "Mise en pratique", Duree: 420}}
	long.Organisme.Adresse, long.Organisme.Ville = "27 bis, boulevard du Général-de-Castelnau, bâtiment des Grands-Ateliers, escalier C", "Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson"
	for i := range 24 {
		long.Stagiaires = append(long.Stagiaires, opco.Stagiaire{ID: fmt.Sprint("s", i+2), Nom: "de La Fontanelle-Ô’Brien d’Estienne d’Orves", Prenom: fmt.Sprint("Marie-Christine ", i), NeLe: "1988-05-02", Heures: 21 * 60, SalaireHoraire: 2_653, Repas: 3})
	}
	vide := opco.Demande{Etablissement: siegeDemo}
	sans := assistantDemo(m, opco.EtapeFormation, vide, Formulaire{})
	sans.Estimation = Estime{Ton: Gris, Attend: "Indiquez au moins un coût à financer."}
	trouve := assistantDemo(m, opco.EtapeFormation, plein, Formulaire{})
	trouve.Cherche, trouve.Organismes = true, []store.OrganismeConnu{{SIRET: "99900150600016", Nom: organismeLong, NDA: "93131234513", CodePostal: "13006", Ville: "Marseille"}, {SIRET: "99900136500017", Nom: "Formalia"}}
	conflit := assistantDemo(m, opco.EtapeFormation, plein, Formulaire{})
	conflit.Conflit = true
	faux := valeursAffichees(opco.EtapeFormation, plein)
	faux.Set("organisme.siret", "999 001 084 00015")
	faux.Set("duree", "vingt")
	fautes := assistantDemo(m, opco.EtapeFormation, plein, formulaire(faux, Faute{"organisme.siret", "Ce SIRET n’existe pas : un chiffre est faux. Vérifiez surtout les cinq derniers."},
		Faute{"duree", "« vingt » n’est pas une durée : écrivez-la en heures, par exemple 21, 21,50 ou 7 h 30."}, Faute{"lignes.DIVERS.detail", "Dites ce que sont ces frais divers, par exemple une location de salle."}))
	choix := assistantDemo(m, opco.EtapeSalaries, plein, Formulaire{})
	choix.Salaries, choix.Encore = salariesDemo(), true
	ecart := assistantDemo(m, opco.EtapeSalaries, long, Formulaire{})
	ecart.Erreurs = []Faute{{"stagiaires.1.heures", "Indiquez les heures que suivra ce stagiaire."}, {"lignes.REMUNERATION", "La rémunération doit être le salaire horaire multiplié par les heures : 13 928,25 €, et non 557,13 €."}}
	pret, manque := dossierPlanche(opco.EtatBrouillon), dossierPlanche(opco.EtatBrouillon)
	manque.Demande, manque.Pieces = vide, nil
	envoiFautes := envoiDemo(assistantDemo(m, opco.EtapeEnvoi, vide, formulaire(url.Values{}, Faute{"", "Il manque 9 informations : la liste « Avant l’envoi » y mène."}, Faute{"certifie", "Certifiez que votre demande est exacte."})), &manque, false)
	envoiFautes.Estimation = sans.Estimation
	tard := envoiDemo(assistantDemo(m, opco.EtapeEnvoi, plein, Formulaire{}), &pret, true)
	tard.Envoi.Depot.Faits = []Envoi{{Nom: "programme.pdf", Phrase: "Reçu : programme détaillé"}, {Nom: "un nom de fichier vraiment très long qui ne dit pas de quelle pièce il s’agit 2026.pdf", Refuse: true, Phrase: "Refusé : ce fichier dépasse 10 Mo."}}
	return []Planche{
		{"demande-1", PageAssistant(assistantDemo(m, opco.EtapeFormation, plein, Formulaire{}))},
		{"demande-1-vide", PageAssistant(sans)},
		{"demande-1-annuaire", PageAssistant(trouve)},
		{"demande-1-conflit", PageAssistant(conflit)},
		{"demande-1-fautes", PageAssistant(fautes)},
		{"demande-1-long", PageAssistant(assistantDemo(m, opco.EtapeFormation, long, Formulaire{}))},
		{"demande-2", PageAssistant(assistantDemo(m, opco.EtapeModules, long, Formulaire{}))},
		{"demande-3", PageAssistant(choix)},
		{"demande-3-vide", PageAssistant(assistantDemo(m, opco.EtapeSalaries, vide, Formulaire{}))},
		{"demande-3-long", PageAssistant(ecart)},
		{"demande-4", PageAssistant(envoiDemo(assistantDemo(m, opco.EtapeEnvoi, plein, Formulaire{}), &pret, false))},
		{"demande-4-fautes", PageAssistant(envoiFautes)},
		{"demande-4-tard", PageAssistant(tard)},
	}
}

func planchesBrouillons(m Maison) []Planche {
	o := entrepriseDemo()
	piece := func(titre, ici string, f Formulaire) Piece {
		p := pieceDe(m, titre, ici, o, f)
		p.Feuilles = append(p.Feuilles, "demande.css")
		return p
	}
	b := BrouillonLu{Dossier: dossierPlanche(opco.EtatBrouillon), Version: 3, Le: midi, Jour: jourPlanche}
	ls := []store.LigneDossier{ligneDemo(1, opco.EtatBrouillon, "Repérer et accompagner", "Pédagogie Nouvelle"), ligneDemo(2, opco.EtatBrouillon, intituleLong, organismeLong), {ID: dossierDemo, Etat: opco.EtatBrouillon, Etablissement: string(siegeDemo), ModifieLe: midi}}
	sites := []Option{{string(siegeDemo), nomEntLong + " (999 001 019 00010)"}, {string(annexeDemo), "Atelier Numérique Sorbier, Pau (999 001 019 00028)"}}
	return []Planche{
		{"nouvelle-demande", PageNouvelleDemande(NouvelleDemande{Piece: piece("Nouvelle demande", "/entreprise/demandes/nouvelle", Formulaire{}), Sites: sites, Brouillons: ls,
			Anciennes: []store.LigneDossier{ligneDemo(3, opco.EtatAccordee, intituleLong, organismeLong), ligneDemo(4, opco.EtatCloturee, "Sécurité", "Formalia")}})},
		{"nouvelle-demande-seule", PageNouvelleDemande(NouvelleDemande{Piece: piece("Nouvelle demande", "/entreprise/demandes/nouvelle", Formulaire{}), Sites: sites[:1]})},
		{"nouvelle-demande-lecture", PageNouvelleDemande(NouvelleDemande{Piece: piece("Nouvelle demande", "/entreprise/demandes/nouvelle", Formulaire{})})},
		{"nouvelle-demande-fautes", PageNouvelleDemande(NouvelleDemande{Piece: piece("Nouvelle demande", "/entreprise/demandes/nouvelle", formulaire(url.Values{}, Faute{"etablissement", "Choisissez l’établissement pour lequel vous faites cette demande."})), Sites: sites})},
		{"brouillons", PageBrouillons(ListeBrouillons{Piece: piece("Brouillons", "/entreprise/brouillons", Formulaire{}), Lignes: ls, Pages: PageListe{Debut: "/entreprise/brouillons", Suivant: "/entreprise/brouillons?apres=x"}})},
		{"brouillons-vide", PageBrouillons(ListeBrouillons{Piece: piece("Brouillons", "/entreprise/brouillons", Formulaire{})})},
		{"brouillons-cherche", PageBrouillons(ListeBrouillons{Piece: piece("Brouillons", "/entreprise/brouillons", Formulaire{}), Cherche: "anglais"})},
		{"brouillon-suppression", PageSuppression(Suppression{Piece: piece("Supprimer un brouillon", "/entreprise/brouillons", Formulaire{}), Ligne: b})},
	}
}

// salariesDemo are the people of the storybook.
func salariesDemo() []store.LigneSalarie {
	ligne := func(id, nom, prenom string) store.LigneSalarie {
		return store.LigneSalarie{Salarie: opco.Salarie{ID: id, Nom: nom, Prenom: prenom, NeLe: "1988-05-02", CSP: opco.CSPTechnicien, Contrat: opco.ContratProfessionnali, Etablissement: siegeDemo},
			EtablissementNom: nomEntLong, Version: 2, ModifieLe: midi}
	}
	return []store.LigneSalarie{ligne("a1", "Delacroix", "Anaïs"), ligne("a2", "de La Fontanelle-Ô’Brien d’Estienne d’Orves", "Marie-Christine Apolline"), ligne("a3", "Nguyễn Thị", "Minh-Anh")}
}

func planchesSalaries(m Maison) []Planche {
	o := entrepriseDemo()
	piece := func(titre string, f Formulaire) Piece {
		p := pieceDe(m, titre, "/entreprise/salaries", o, f)
		p.Feuilles = append(p.Feuilles, "demande.css")
		return p
	}
	sites := []Option{{string(siegeDemo), nomEntLong + " (999 001 019 00010)"}, {string(annexeDemo), "Atelier Numérique Sorbier, Pau"}}
	vu := SalarieVu{LigneSalarie: salariesDemo()[1], Formations: []store.FormationSuivie{{Dossier: dossierDemo, Numero: "26.A.21056.1", Etat: opco.EtatAccordee, Intitule: intituleLong, Debut: "2026-06-08", Fin: "2026-06-10"},
		{Dossier: dossierDemo, Etat: opco.EtatBrouillon, Sure: true}}, Journal: []store.GesteSalarie{{Le: midi, Nom: "Rose Aubertin", Geste: "modification", Champs: []string{"nom", "etablissement"}}, {Le: midi, Nom: "Rose Aubertin", Geste: "ajout"}}}
	pleine := valeurs("nom", vu.Nom, "prenom", vu.Prenom, "ne_le", string(vu.NeLe), "csp", string(vu.CSP), "contrat", string(vu.Contrat), "etablissement", string(vu.Etablissement), "version", "2")
	return []Planche{
		{"salaries", PageSalaries(ListeSalaries{Piece: piece("Salariés", Formulaire{}), Lignes: salariesDemo(), Ecrit: true, Pages: PageListe{Suivant: "/entreprise/salaries?apres=x"}})},
		{"salaries-vide", PageSalaries(ListeSalaries{Piece: piece("Salariés", Formulaire{}), Ecrit: true})},
		{"salaries-cherche", PageSalaries(ListeSalaries{Piece: piece("Salariés", Formulaire{}), Cherche: "durand"})},
		{"salarie", PageSalarie(FicheSalarie{Piece: piece(vu.Prenom+" "+vu.Nom, formulaire(pleine)), Vu: &vu, Sites: sites, Ecrit: true})},
		{"salarie-lecture", PageSalarie(FicheSalarie{Piece: piece("Anaïs Delacroix", formulaire(pleine)), Vu: &SalarieVu{LigneSalarie: salariesDemo()[0]}})},
		{"salarie-nouveau", PageSalarie(FicheSalarie{Piece: piece("Ajouter un salarié", formulaire(url.Values{})), Sites: sites, Ecrit: true})},
		{"salarie-fautes", PageSalarie(FicheSalarie{Piece: piece("Ajouter un salarié", formulaire(valeurs("nom", "Delacroix"), Faute{"nom", "Anaïs Delacroix, né(e) le 2 mai 1988, est déjà dans vos salariés."},
			Faute{"ne_le", "Indiquez la date de naissance : elle distingue deux personnes de même nom."})), Sites: sites, Ecrit: true})},
	}
}

func planchesImport(m Maison) []Planche {
	o := entrepriseDemo()
	piece := func(titre string, f Formulaire) Piece {
		p := pieceDe(m, titre, "/entreprise/brouillons", o, f)
		p.Feuilles = append(p.Feuilles, "demande.css")
		return p
	}
	fautes := []opco.FauteImport{{Ligne: 2, Colonne: "debut", Phrase: "« demain » n’est pas une date : écrivez-la JJ/MM/AAAA, par exemple 13/04/2026."}, {Ligne: 14, Colonne: "stagiaire_nom", Phrase: nomLong + " est déjà à la ligne 3."}, {Phrase: "Ce fichier a plus de 500 lignes : partagez-le en plusieurs."}}
	im := ImportLu{Importation: store.Importation{ID: compteDemo, Fichier: "plan-2026 (version définitive relue par la direction des ressources humaines).csv", Lignes: 3, Nom: "Rose Aubertin", Le: midi},
		Demandes: []store.DemandeDeFichier{{Rang: 2, LigneDossier: ligneDemo(1, opco.EtatBrouillon, "Sécurité", "Formalia")}, {Rang: 4, EnCours: true, LigneDossier: ligneDemo(2, opco.EtatBrouillon, intituleLong, organismeLong)}, {Rang: 9, LigneDossier: ligneDemo(3, opco.EtatTransmise, "Anglais", "Formalia")}}}
	return []Planche{
		{"import", PageImport(ImportDemandes{Piece: piece("Importer des demandes", Formulaire{}), Max: 500, Colonnes: opco.ColonnesImport()})},
		{"import-vide", PageImport(ImportDemandes{Piece: piece("Importer des demandes", formulaire(nil, Faute{"fichier", "Choisissez votre fichier CSV."})), Max: 500, Colonnes: opco.ColonnesImport()})},
		{"import-refuse", PageImport(ImportDemandes{Piece: piece("Importer des demandes", Formulaire{}), Max: 500, Colonnes: opco.ColonnesImport(), Fichier: im.Fichier, Fautes: fautes})},
		{"import-fait", PageImportFait(ImportFait{Piece: piece("Demandes importées", Formulaire{}), ImportLu: im, Encore: 1})},
		{"import-envoye", PageImportFait(ImportFait{Piece: piece("Demandes importées", Formulaire{}), ImportLu: im, Encore: 1, Bilan: "2 demandes sont parties. 1 demande reste en brouillon : la raison est sur sa ligne.", Retenus: map[string]string{im.Demandes[0].ID: "Trop tard : il fallait l’envoyer le 7 juin 2026 au plus tard. Changez les dates, ou gardez-la en brouillon."}})},
	}
}
