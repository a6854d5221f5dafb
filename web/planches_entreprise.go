package web

import (
	"fmt"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() {
	planches = append(planches, planchesMonEntreprise, planchesDossierEntreprise, planchesAnnonces)
}

const (
	dossierDemo   = "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a11"
	intituleLong  = "Repérer, accueillir et accompagner dans la durée les élèves à besoins éducatifs particuliers, module d’approfondissement et de mise en pratique"
	organismeLong = "Association interdépartementale pour la pédagogie nouvelle et l’accompagnement pluridisciplinaire des équipes enseignantes"
)

// jourPlanche is the business day of the storybook.
const jourPlanche = opco.Date("2026-06-11")

// ligneDemo is a dossier in a list of the storybook.
func ligneDemo(rang int, e opco.Etat, intitule, organisme string) store.LigneDossier {
	return store.LigneDossier{ID: fmt.Sprintf("0190f3c2-7a4e-7c11-9a55-%012d", rang), Numero: fmt.Sprintf("26.A.21%03d.1", rang), Etat: e, Etablissement: string(siegeDemo),
		Entreprise: "Atelier Numérique Sorbier", OrganismeNom: organisme, Organisme: "99900150600016", Intitule: intitule, Debut: "2026-06-08", Fin: "2026-06-10",
		Demande: 290_953, Accorde: 141_240, CreeLe: midi, ModifieLe: midi}
}

// compteursSuivisDemo are the figures of a company in the storybook.
func compteursSuivisDemo() store.Compteurs {
	n := store.Compteurs{}
	for e, k := range map[opco.Etat]int64{opco.EtatBrouillon: 2, opco.EtatTransmise: 1, opco.EtatACompleter: 1, opco.EtatEnInstruction: 2, opco.EtatAccordee: 3, opco.EtatAttenteServiceFait: 2, opco.EtatReglee: 1, opco.EtatCloturee: 4} {
		n.Etats = append(n.Etats, store.Compteur{Code: string(e), Nombre: k})
	}
	return n
}

// dossierPlanche is a dossier of the storybook in an état.
func dossierPlanche(e opco.Etat) opco.Dossier {
	stagiaire := opco.Stagiaire{ID: "s1", Nom: "Lefèvre-Nguyen", Prenom: "Maëlle", NeLe: "1991-04-02", Heures: 21 * 60}
	d := opco.Dossier{ID: dossierDemo, Numero: "26.A.21056.1", Etat: e, CreeLe: midi.Add(-40 * 24 * time.Hour), DeposeLe: midi.Add(-38 * 24 * time.Hour),
		InstruitPar: opco.Acteur{Nom: "Claire Morin", Role: opco.RoleGestionnaire},
		Demande: opco.Demande{Etablissement: siegeDemo, Intitule: "Repérer et accompagner les élèves à besoins particuliers", Nature: opco.NatureFormation, Duree: 21 * 60,
			Debut: "2026-06-08", Fin: "2026-06-10", ReferenceClient: "RH-2026-07", Stagiaires: []opco.Stagiaire{stagiaire},
			Organisme: opco.OrganismeDemande{SIRET: "99900150600016", Nom: "Pédagogie Nouvelle", NDA: "93131234513", Adresse: "12 rue des Essais", CodePostal: "31000", Ville: "Toulouse", Email: "of3@exemple.test"},
			Lignes:    []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 202_000}, {Ligne: opco.LigneRemuneration, Montant: 55_713}, {Ligne: opco.LigneHebergement, Montant: 19_000}, {Ligne: opco.LigneTransport, Montant: 8_840}}},
		Pieces: []opco.Piece{{ID: "p1", Type: opco.PieceProgramme, Etat: opco.PieceConforme}},
	}
	if !e.AvantDecision() && e != opco.EtatSansSuite {
		d.Decision = &opco.Decision{Version: 1, Sens: opco.SensPartiel, Demande: 285_553, Accorde: 141_240, Le: midi.Add(-22 * 24 * time.Hour), Motifs: []opco.Motif{opco.MotifPlafondHoraire},
			Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 202_000, Eligible: 84_000, Accorde: 84_000, Regle: "Plafond : 40,00 € × 21 h = 840,00 €.", Motif: opco.MotifPlafondHoraire},
				{Ligne: opco.LigneRemuneration, Demande: 55_713, Eligible: 27_300, Accorde: 27_300, Regle: "Plafond : 13,00 € de l’heure.", Motif: opco.MotifPlafondHoraire},
				{Ligne: opco.LigneHebergement, Demande: 19_000, Eligible: 16_000, Accorde: 16_000, Regle: "80,00 € par nuit."}, {Ligne: opco.LigneTransport, Demande: 8_840, Eligible: 8_840, Accorde: 8_840, Regle: "Frais réels."}},
			Stagiaires: []opco.PartStagiaire{{Stagiaire: "s1", Heures: 21 * 60, Peda: 84_000, Remuneration: 27_300}}}
	}
	if e == opco.EtatACompleter || e == opco.EtatSFNonConforme {
		d.Complement = &opco.Complement{LeJour: "2026-06-02", Pieces: []opco.PieceDemandee{{Type: opco.PieceConvention, Motif: opco.MotifManquante}, {Type: opco.PieceProgramme, Motif: opco.MotifIllisible, Piece: "p1"}}}
		d.Echeances = []opco.Echeance{{Type: opco.ActeClasserSansSuite, Effet: "2026-07-02"}}
	}
	if e == opco.EtatAttenteServiceFait {
		d.Echeances = []opco.Echeance{{Type: opco.ActeForclore, Effet: "2026-12-10"}}
	}
	if e == opco.EtatEnReglement || e == opco.EtatReglee {
		d.Factures = []opco.Facture{{ID: "f1", Numero: "F-2026-277", Date: "2026-06-10", RecueLe: "2026-06-11", TotalHT: 141_240, Etat: opco.FactureApprouvee, Approuve: 141_240, ConformeLe: "2026-06-11", EcheanceLe: "2026-07-11"},
			{ID: "f0", Numero: "F-2026-270", Date: "2026-06-10", RecueLe: "2026-06-10", TotalHT: 200_000, Etat: opco.FactureRefusee, Motif: opco.MotifQteErr, Phrase: "M. d’Haultepenne a suivi 21 h, vous en facturez 35."}}
		d.Reglements = []opco.Reglement{{ID: "f1-1", Numero: "R26-000042", Facture: "f1", Rang: 1, Montant: 141_240, Echeance: "2026-07-11", Etat: opco.ReglementEmis}}
	}
	return d
}

// dossierLuPlanche is the same as its page shows it.
func dossierLuPlanche(e opco.Etat) DossierLu {
	d := dossierPlanche(e)
	l := ligneDemo(56, e, d.Demande.Intitule, "Pédagogie Nouvelle")
	l.ID, l.Numero = d.ID, d.Numero
	if e == opco.EtatEnReglement {
		l.Accepte = 141_240
	}
	f := opco.FaitsSuivi{Jour: jourPlanche, Depuis: midi.Add(-9 * 24 * time.Hour), Parametres: opco.ParametresDefaut(), Executions: map[string]opco.Date{"f1-1": "2026-06-18"}}
	return DossierLu{Dossier: d, Ligne: l, Actes: []string{string(opco.ActeAnnuler), string(opco.ActeRetirerStagiaire)},
		Suivi: api.SuiviLu{Suivi: d.Suivi(opco.RoleEntreprise, f), Etat: e, Jour: jourPlanche},
		Pieces: []store.LignePiece{
			{ID: "p1", Type: opco.PieceProgramme, Titre: "programme détaillé", Nom: "programme.pdf", Etat: opco.PieceNonConforme, Motif: string(opco.MotifIllisible), Taille: 212_000, DeposeNom: "Rose Aubertin", DeposeLe: midi.Add(-38 * 24 * time.Hour)},
			{ID: "p2", Type: opco.PieceDevis, Titre: "devis signé", Nom: "devis.pdf", Etat: opco.PieceConforme, Taille: 96_400, DeposeNom: "Rose Aubertin", DeposeLe: midi.Add(-38 * 24 * time.Hour)}},
		Courriers: []store.LigneCourrier{{ID: "c1", Sujet: "Accord de prise en charge 26.A.21056.1", Lettre: true, Le: midi.Add(-22 * 24 * time.Hour)}},
		Journal: []opco.Passage{{Type: opco.ActeDeposer, De: opco.EtatBrouillon, Vers: opco.EtatTransmise, Phrase: "Demande envoyée sous le numéro 26.A.21056.1.", Par: opco.Acteur{Nom: "Rose Aubertin"}, Le: midi.Add(-38 * 24 * time.Hour), Resume: opco.Resume{Demande: 285_553}},
			{Type: opco.ActeRelancer, De: opco.EtatACompleter, Vers: opco.EtatACompleter, Phrase: "Relance n° 1 envoyée : programme détaillé.", Par: opco.ActeurSysteme(), Le: midi.Add(-30 * 24 * time.Hour), Resume: opco.Resume{Demande: 285_553}},
			{Type: opco.ActeDecider, De: opco.EtatEnInstruction, Vers: opco.EtatAccordeePartielle, Phrase: "Décision : accord de 1 412,40 € sur 2 855,53 €.", Motif: string(opco.MotifPlafondHoraire), Par: opco.Acteur{Nom: "Claire Morin"}, Le: midi.Add(-22 * 24 * time.Hour), Resume: opco.Resume{Demande: 285_553, Accorde: 141_240}}}}
}

func accueilDemo() api.AccueilEntreprise {
	return api.AccueilEntreprise{Jour: jourPlanche,
		Etablissements: []store.Etablissement{{SIRET: siegeDemo, Nom: "Atelier Numérique Sorbier", Adresse: "6 impasse du Sorbier", CodePostal: "44000", Ville: "Nantes", Telephone: "02 99 00 10 10", Email: "e1@exemple.test", Client: "12927.001", Dossiers: 14},
			{SIRET: annexeDemo, Nom: "Atelier Numérique Sorbier", Adresse: "21 rue des Corderies", CodePostal: "64000", Ville: "Pau", Client: "12927.002"}},
		Unite: &opco.Unite{Nom: "Équipe Nord et Ouest", Adresse: "2 quai du Vieux-Lavoir, 44000 Nantes", Interlocuteurs: []opco.Interlocuteur{
			{Fonction: opco.ConseillerPlan, Nom: "Inès Benkirane", Email: "ines.benkirane@opco-demo.test", Telephone: "01 99 00 02 10"}, {Fonction: opco.AssistantPlan, Nom: "Claire Morin", Email: "claire.morin@opco-demo.test"},
			{Fonction: opco.ConseillerProf, Nom: "Jean-Loup Etcheverry", Email: "jean-loup.etcheverry@opco-demo.test"}, {Fonction: opco.AssistantProf, Nom: "Awa Diabaté", Email: "awa.diabate@opco-demo.test"}}},
		Informations: []opco.Information{{Titre: "Qualiopi est obligatoire", Texte: "Nous ne finançons que les organismes certifiés.", Ton: Bleu}, {Titre: "Envoyez vos demandes la veille du début au plus tard", Texte: "Une demande qui arrive le jour du début ne peut pas être financée.", Ton: Ambre}}}
}

func planchesMonEntreprise(m Maison) []Planche {
	o := entrepriseDemo()
	o.Ecrit = o.SIRETs
	page := func(titre, ici string) Piece { return pieceDe(m, titre, ici, o, Formulaire{}) }
	accueil := func(a api.AccueilEntreprise, n store.Compteurs, attend ...api.AFaire) AccueilEntreprise {
		p := AccueilEntreprise{Piece: page("Mon entreprise", "/entreprise"), AccueilEntreprise: a, AFaire: attend}
		p.remplir(o, n)
		return p
	}
	afaire := func(e opco.Etat, intitule string) api.AFaire {
		x := dossierLuPlanche(e)
		x.Ligne.Intitule = intitule
		return api.AFaire{LigneDossier: x.Ligne, Suivi: x.Suivi}
	}
	long := accueilDemo()
	long.Etablissements[0].Nom, long.Unite.Nom = nomEntLong, nomEntLong
	long.Unite.Interlocuteurs[0].Nom, long.Unite.Interlocuteurs[0].Email = nomLong, emailLong
	long.Informations[0].Titre, long.Informations[0].Texte = intituleLong, intituleLong+" "+intituleLong
	liste := func(groupe string, f Formulaire, ls ...store.LigneDossier) DossiersEntreprise {
		p := DossiersEntreprise{Piece: page("Dossiers formation", "/entreprise/dossiers"), Ecrit: true}
		p.Formulaire = f
		p.remplir(groupe, "", store.PageDossiers{Dossiers: ls}, compteursSuivisDemo(), accueilDemo().Etablissements)
		return p
	}
	var toutes []store.LigneDossier
	for i, e := range groupeDe("").etats() {
		toutes = append(toutes, ligneDemo(i, e, intituleLong, organismeLong))
	}
	suivie := func(titre, ici, vide string, cs []Colonne, ls [][]Cellule) ListeSuivie {
		p := ListeSuivie{Piece: page(titre, ici), Phrase: "Celles de vos dossiers.", Ici: ici, Legende: "De la plus récente à la plus ancienne", Colonnes: cs, Lignes: ls, Vide: vide, Sites: optionsSites(accueilDemo().Etablissements)}
		if len(ls) > 0 {
			p.Curseur = PageListe{Suivant: ici + "?apres=x"}
		}
		return p
	}
	facture := store.LigneFactureSuivie{Numero: "F-2026-277", Etat: opco.FactureSuspendue, TotalHT: 141_240, RecueLe: "2026-06-11", EcheanceLe: "2026-07-11", Dossier: dossierDemo, DossierNum: "26.A.21056.1", Intitule: intituleLong, Organisme: organismeLong}
	reglement := store.LigneReglementSuivi{Numero: "R26-000042", Etat: opco.ReglementEmis, Montant: 141_240, Beneficiaire: siegeDemo, Echeance: "2026-07-11", Execution: "2026-06-18", Dossier: dossierDemo, DossierNum: "26.A.21056.1", Intitule: intituleLong, Facture: "F-2026-277"}
	document := store.LigneDocumentSuivi{ID: "p1", Genre: "piece", Titre: "programme détaillé", Nom: "programme-" + emailLong + ".pdf", Etat: opco.PieceNonConforme, Motif: string(opco.MotifIllisible), Par: nomLong, Le: midi, Dossier: dossierDemo, DossierNum: "26.A.21056.1", Intitule: intituleLong}
	lettre := store.LigneDocumentSuivi{ID: "c1", Genre: "lettre", Titre: "Accord de prise en charge", Par: "Guichet", Le: midi, Dossier: dossierDemo, DossierNum: "26.A.21056.1", Intitule: intituleLong}
	return []Planche{
		{"entreprise-accueil", PageEntreprise(accueil(accueilDemo(), compteursSuivisDemo(), afaire(opco.EtatACompleter, "Excel et analyse de données"), afaire(opco.EtatAttenteServiceFait, "Repérer et accompagner les élèves")))},
		{"entreprise-accueil-vide", PageEntreprise(accueil(api.AccueilEntreprise{Jour: jourPlanche}, store.Compteurs{}))},
		{"entreprise-accueil-long", PageEntreprise(accueil(long, compteursSuivisDemo(), afaire(opco.EtatACompleter, intituleLong)))},
		{"entreprise-etablissements", PageEtablissements(AccueilEntreprise{Piece: page("Établissements", "/entreprise/etablissements"), AccueilEntreprise: long})},
		{"entreprise-etablissements-vide", PageEtablissements(AccueilEntreprise{Piece: page("Établissements", "/entreprise/etablissements")})},
		{"entreprise-dossiers", PageDossiersEntreprise(liste("en-cours", Formulaire{}, ligneDemo(1, opco.EtatACompleter, "Excel", "Formalia Synthèse"), ligneDemo(2, opco.EtatTransmise, "", "")))},
		{"entreprise-dossiers-vide", PageDossiersEntreprise(liste("", Formulaire{}))},
		{"entreprise-dossiers-long", PageDossiersEntreprise(liste("", Formulaire{}, toutes...))},
		{"entreprise-dossiers-faute", PageDossiersEntreprise(liste("", formulaire(valeurs("texte", "anglais", "du", "13/04"), Faute{"du", "Écrivez la date AAAA-MM-JJ, par exemple 2026-04-13."})))},
		{"entreprise-factures", PageListeSuivie(suivie("Factures", "/entreprise/factures", "", colonnesFactures, lignesFactures([]store.LigneFactureSuivie{facture})))},
		{"entreprise-factures-vide", PageListeSuivie(suivie("Factures", "/entreprise/factures", "Les factures de vos dossiers apparaîtront ici.", colonnesFactures, nil))},
		{"entreprise-reglements", PageListeSuivie(suivie("Règlements", "/entreprise/reglements", "", colonnesReglements, lignesReglements([]store.LigneReglementSuivi{reglement}, []string{string(siegeDemo)})))},
		{"entreprise-documents", PageListeSuivie(suivie("Documents", "/entreprise/documents", "", colonnesDocuments, lignesDocuments([]store.LigneDocumentSuivi{document, lettre})))},
	}
}

func planchesDossierEntreprise(m Maison) []Planche {
	o := entrepriseDemo()
	page := func(e opco.Etat, onglet string, envois ...Envoi) DossierEntreprise {
		p := DossierEntreprise{Piece: pieceDe(m, "Dossier", "/entreprise/dossiers", o, Formulaire{}), DossierLu: dossierLuPlanche(e)}
		p.Site = "12927.001, " + nomEntLong
		p.disposer(onglet, envois, MotsDepot{})
		return p
	}
	long := page(opco.EtatAttenteServiceFait, ongletStagiaires)
	long.Ligne.Intitule, long.Dossier.Demande.Organisme.Nom, long.Dossier.Demande.ReferenceClient = intituleLong, organismeLong, emailLong
	long.Dossier.Demande.Stagiaires = append(long.Dossier.Demande.Stagiaires, opco.Stagiaire{ID: "s2", Prenom: "", Nom: nomLong, Heures: 21 * 60}, opco.Stagiaire{ID: "s3", Prenom: "Zoé", Nom: "Petit", Heures: 60, Retire: true})
	longue := page(opco.EtatACompleter, ongletCouts)
	longue.Ligne.Intitule, longue.Dossier.Demande.Organisme.Nom = intituleLong, organismeLong
	vide := page(opco.EtatTransmise, ongletDocuments)
	vide.Vues, vide.Lettres, vide.Faits = nil, nil, nil
	ps := []Planche{
		{"entreprise-dossier", PageDossierEntreprise(page(opco.EtatAttenteServiceFait, ongletCouts))},
		{"entreprise-dossier-long", PageDossierEntreprise(longue)},
		{"entreprise-dossier-stagiaires", PageDossierEntreprise(long)},
		{"entreprise-dossier-documents", PageDossierEntreprise(page(opco.EtatACompleter, ongletDocuments, Envoi{Nom: "programme.pdf", Phrase: "Reçu : programme détaillé"}, Envoi{Nom: "emargement_scan_trop_grand.tiff", Refuse: true, Phrase: "Refusé : ce fichier n’est ni un PDF, ni une image PNG ou JPEG, ni un XML : convertissez-le en PDF."}))},
		{"entreprise-dossier-documents-vide", PageDossierEntreprise(vide)},
		{"entreprise-dossier-factures", PageDossierEntreprise(page(opco.EtatEnReglement, ongletFactures))},
		{"entreprise-dossier-factures-vide", PageDossierEntreprise(page(opco.EtatAccordee, ongletFactures))},
		{"entreprise-dossier-historique", PageDossierEntreprise(page(opco.EtatReglee, ongletHistorique))},
		{"entreprise-impression", PageImpression(page(opco.EtatEnReglement, ongletCouts))},
	}
	annuler := Renoncement{Piece: pieceDe(m, "Annuler la demande", "/entreprise/dossiers", o, Formulaire{}), DossierLu: dossierLuPlanche(opco.EtatAccordee), Base: baseEntreprise(dossierDemo)}
	retirer := annuler
	retirer.Formulaire = formulaire(valeurs("raison", ""), Faute{"raison", "Dites pourquoi, en quelques mots."}, Faute{"certain", "Cochez cette case : ce geste ne se défait pas."})
	retirer.Stagiaire = &opco.Stagiaire{ID: "s2", Nom: nomLong}
	return append(ps, Planche{"entreprise-annulation", PageRenoncement(annuler)}, Planche{"entreprise-retrait-fautes", PageRenoncement(retirer)})
}

func planchesAnnonces(m Maison) []Planche {
	responsable := personneDemo(opco.RoleResponsable, "Sophie", "Arnaud")
	page := func(titre, ici string, f Formulaire) Piece { return pieceDe(m, titre, ici, responsable, f) }
	u := *accueilDemo().Unite
	u.ID, u.IDCC, u.Departement, u.Version = dossierDemo, "2691", "31", 2
	longue := u
	longue.Nom, longue.Adresse, longue.IDCC, longue.Departement, longue.SIREN = nomEntLong, emailLong, "", "", "999001019"
	i := store.LigneInformation{Information: opco.Information{ID: dossierDemo, Titre: "Qualiopi est obligatoire", Texte: intituleLong, Ton: Bleu, Public: "tous", Du: "2022-01-01", Version: 1}, ModifieNom: nomLong, ModifieLe: midi}
	finie := i
	finie.Du, finie.Au, finie.Public = "2025-01-01", "2025-12-31", "organisme"
	return []Planche{
		{"equipe-interlocuteurs", PageUnites(UnitesOPCO{Piece: page("Interlocuteurs", "/equipe/interlocuteurs", Formulaire{}), Unites: []store.LigneUnite{{Unite: u, ModifieNom: "Sophie Arnaud", ModifieLe: midi}, {Unite: longue, ModifieNom: nomLong, ModifieLe: midi}}})},
		{"equipe-interlocuteurs-vide", PageUnites(UnitesOPCO{Piece: page("Interlocuteurs", "/equipe/interlocuteurs", Formulaire{})})},
		{"equipe-interlocuteur", PageUnite(UniteEditee{Piece: page("Unité et interlocuteurs", "/equipe/interlocuteurs", Formulaire{Valeurs: valeursUnite(u)})})},
		{"equipe-interlocuteur-fautes", PageUnite(UniteEditee{Piece: page("Unité et interlocuteurs", "/equipe/interlocuteurs", formulaire(valeursUnite(longue), Faute{"nom", "Donnez le nom de l’unité : l’entreprise le lit sur son accueil."},
			Faute{champInterlocuteur(opco.ConseillerPlan, "email"), "Donnez une adresse e-mail valide : l’entreprise y écrit."})), Neuve: true})},
		{"equipe-informations", PageInformations(InformationsOPCO{Piece: page("Informations", "/equipe/informations", Formulaire{}), Informations: []store.LigneInformation{i, finie}, Jour: jourPlanche})},
		{"equipe-informations-vide", PageInformations(InformationsOPCO{Piece: page("Informations", "/equipe/informations", Formulaire{}), Jour: jourPlanche})},
		{"equipe-information", PageInformation(InformationEditee{Piece: page("Information", "/equipe/informations", formulaire(valeursInformation(i.Information), Faute{"au", "Le dernier jour ne peut pas précéder le premier."}))})},
	}
}
