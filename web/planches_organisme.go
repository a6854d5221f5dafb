package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesOrganisme) }

const (
	idDossierOF = "5d3b1c1e-0000-4000-8000-000000000001"
	siretOF     = opco.SIRET("99900150600016")
)

// organismeDemo is who works for an organisme with one établissement.
func organismeDemo() Occupant {
	e := store.Espace{Cle: "organisme:999001506", Role: opco.RoleOrganisme, SIREN: "999001506", Nom: "Pédagogie Nouvelle", SIRETs: []string{string(siretOF)},
		Ecrit: []string{string(siretOF)}, Services: []opco.Service{opco.ServicePaiements}}
	return Occupant{Utilisateur: store.Utilisateur{Prenom: "Anne-Sophie", Nom: "Le Gall", Role: e.Role, Compte: compteDemo, Etat: opco.CompteActif,
		SIRETs: e.SIRETs, Ecrit: e.Ecrit, Espace: e.Cle, Espaces: []store.Espace{e}}}
}

// recuDemo is a payment of S25.
func recuDemo(id, jour, dossier, prenom, nom string, montant opco.Montant, heures opco.Minutes, pointe bool) store.LigneRecue {
	l := store.LigneRecue{ID: "r" + id, Numero: "RG-26-00" + id, ExecuteLe: opco.Date(jour), DossierNumero: dossier, Facture: "F-2026-" + id[1:],
		Formation: "Conduire un projet numérique", Stagiaires: []store.HeurePayee{{Nom: nom, Prenom: prenom, Heures: heures}}, Heures: heures,
		Du: opco.Date(jour).Jours(-16), Au: opco.Date(jour).Jours(-12), Montant: montant, Pointe: pointe, Avis: "c" + id}
	if pointe {
		le := midi
		l.PointeNom, l.PointeLe = "Anne-Sophie Le Gall", &le
	}
	return l
}

// recusDemo is the page of S25: September, August, March.
func recusDemo() store.PageRecus {
	ls := []store.LigneRecue{recuDemo("4417", "2026-05-20", "26.A.18340.1", "Maëlys", "Le Bozec-Guégan", 356720, 35*60, false),
		recuDemo("4418", "2026-05-20", "26.A.18362.1", "Jean-Baptiste", "d’Haultepenne", 280280, 27*60+30, false),
		recuDemo("3906", "2026-05-03", "20X000703", "Aïssatou", "Ndiaye-Kœnig", 413334, 140*60, true),
		recuDemo("3511", "2026-04-23", "18RCDI3114", "Özgür", "Yıldırım", 542493, 182*60, true),
		recuDemo("2208", "2026-03-12", "16/0/5756", "Teva", "Faʻatoʻa", 206666, 24*60, true)}
	ls[0].Dossier = idDossierOF
	return store.PageRecus{Reglements: ls, Nombre: 5, Montant: 1799493, Mois: []store.TotalMois{{Mois: "2026-05", Nombre: 3, Montant: 1050334},
		{Mois: "2026-04", Nombre: 1, Montant: 542493}, {Mois: "2026-03", Nombre: 1, Montant: 206666}}}
}

var compteursOF = store.CompteursOrganisme{Dossiers: 38, Attendus: 3, NonConformes: 1, APointer: 2, MontantPoint: 637000, AVenir: 1, MontantVenir: 176400}

func planchesOrganisme(m Maison) []Planche {
	moi := organismeDemo()
	recus := func(page store.PageRecus, f Formulaire, n store.CompteursOrganisme) ReglementsRecus {
		p := ReglementsRecus{Piece: pieceDe(m, "Règlements", adresseReglements, moi, f), Compteurs: n, Ecrit: true}
		p.remplir(page, "")
		return p
	}
	longs := recusDemo()
	for i := range longs.Reglements {
		l := &longs.Reglements[i]
		l.Formation, l.Facture = nomEntLong+" : "+nomEntLong, "FACT-2026-ORGANISME-DE-FORMATION-000000"+strconv.Itoa(i)
		l.Stagiaires = []store.HeurePayee{{Nom: nomLong, Prenom: "Marie-Christine"}, {Nom: nomLong, Prenom: "Zoé"}, {Nom: "Y", Prenom: "Ỳ"}, {Nom: "Ba", Prenom: "Ô"}}
	}
	longs.Suivant = "x"
	faux := recus(store.PageRecus{}, formulaire(valeurs("du", "2026-06-30", "au", "2026-06-01", "pointage", "a_pointer"), Faute{"au", "La période finit avant de commencer : vérifiez les deux dates."}), compteursOF)
	ps := []Planche{
		{"organisme-reglements", PageReglementsRecus(recus(recusDemo(), Formulaire{Valeurs: url.Values{}}, compteursOF))},
		{"organisme-reglements-vide", PageReglementsRecus(recus(store.PageRecus{}, Formulaire{Valeurs: url.Values{}}, store.CompteursOrganisme{}))},
		{"organisme-reglements-long", PageReglementsRecus(recus(longs, Formulaire{Valeurs: url.Values{}}, compteursOF))},
		{"organisme-reglements-fautes", PageReglementsRecus(faux)},
	}
	ps = append(ps, planchesDocuments(m, moi)...)
	return append(ps, planchesDossierOF(m, moi)...)
}

func documentDemo(id, categorie, rubrique, libelle string, etat opco.EtatDocument, dossier, numero, noms string) api.Document {
	d := api.Document{Modifiable: true}
	d.ID, d.Categorie, d.Rubrique, d.Libelle, d.Nom, d.Etat, d.Version = "5d3b1c1e-0000-4000-8000-0000000001"+id, categorie, rubrique, libelle, "scan-"+id+".pdf", etat, 1
	d.Dossier, d.DossierNumero, d.Beneficiaires = dossier, numero, noms
	d.DeposeNom, d.DeposeRole, d.DeposeLe, d.Organisme = "Anne-Sophie Le Gall", opco.RoleOrganisme, midi.Add(-50*time.Hour), siretOF
	if etat == opco.DocumentNonConforme {
		d.Motif, d.Explication = opco.MotifIllisible, "La page 2 est coupée."
		d.Phrase = opco.NonConformiteDite(d.Motif, d.Explication)
	}
	return d
}

// categoriesDemo are those of AT-30.
var categoriesDemo = []opco.CategorieDocument{{Code: "ORG_SANS_DOSSIER", Libelle: "Doc ORG sans dossier", AvecLibelle: true},
	{Code: "ORG_AVEC_DOSSIER", Libelle: "DOC organisme avec dossier", AvecDossier: true, AvecLibelle: true, AvecPeriode: true,
		Consignes: "Un document qui concerne un dossier. La facture et le certificat de réalisation se déposent dans le dossier lui-même."},
	{Code: "PROGRAMME_PEDAGOGIQUE", Libelle: "Programme pédagogique", AvecDossier: true}, {Code: "AVIS_VIREMENT", Libelle: "Avis de virement", DeLOPCO: true}}

func planchesDocuments(m Maison, moi Occupant) []Planche {
	libres := []api.Document{documentDemo("01", "ORG_SANS_DOSSIER", "Doc ORG sans dossier", "RIB Pédagogie Nouvelle", opco.DocumentRecu, "", "", ""),
		documentDemo("02", "CERTIFICATION_QUALIOPI", "Certification Qualiopi", "Certificat Qualiopi 2025-2028", opco.DocumentConforme, "", "", ""),
		documentDemo("03", "AVIS_VIREMENT", "Avis de virement", "Avis de virement n° R26-000113 du 20/05/2026. Dossier(s) : 18RCDI3114 ; 18RCDI3114", opco.DocumentRecu, "", "", "")}
	libres[2].DeposeRole, libres[2].InscritPar, libres[2].Modifiable = opco.RoleSysteme, "Inscrit par votre OPCO", false
	rattaches := []api.Document{documentDemo("04", "PROGRAMME_PEDAGOGIQUE", "Programme pédagogique", "Programme pédagogique", opco.DocumentNonConforme, idDossierOF, "26.A.20744.1", "Aïssatou Ndiaye-Kœnig"),
		documentDemo("05", "ORG_AVEC_DOSSIER", "DOC organisme avec dossier", nomEntLong+" "+nomEntLong, opco.DocumentRecu, "5d3b1c1e-0000-4000-8000-000000000002", "18RCDI3114", nomLong+", "+nomLong)}
	docs := func(ds []api.Document, o Occupant, equipe bool, f Formulaire) PageDocs {
		p := PageDocs{Piece: pieceDe(m, "Documents", adresseDocuments, o, f), Ici: adresseDocuments, Ecrit: !equipe, Bloquants: len(ds) % 2, Equipe: equipe, Juge: equipe}
		if equipe {
			p.Titre, p.Ici, p.Motifs, p.Bloquants = "Documents des organismes", adresseDocumentsEquipe, optionsMotifsDocument(), 0
		}
		p.Recherche = len(ds) == 2
		p.ranger(ds, categoriesDemo)
		return p
	}
	depot := func(v url.Values, d *api.Document, fautes ...Faute) DepotDoc {
		p := DepotDoc{Piece: pieceDe(m, "Ajouter un fichier", adresseDocuments, moi, formulaire(v, fautes...)), Document: d,
			Dossiers: []Option{{"", "Choisir un dossier"}, {idDossierOF, "26.A.20744.1 · " + nomEntLong}}, Trop: d != nil}
		p.choisir(categoriesDemo)
		return p
	}
	ges := personneDemo(opco.RoleGestionnaire, "Claire", "Morin")
	juge := formulaire(valeurs("document", rattaches[1].ID), Faute{champDoc("motif", rattaches[1].ID), "Choisissez un motif : l’organisme le lira sous le document."})
	return []Planche{
		{"organisme-documents", PageDocuments(docs(libres, moi, false, Formulaire{}))},
		{"organisme-documents-vide", PageDocuments(docs(nil, moi, false, Formulaire{}))},
		{"organisme-documents-recherche", PageDocuments(docs(rattaches, moi, false, formulaire(valeurs("texte", "ndiaye"))))},
		{"organisme-documents-equipe", PageDocuments(docs(append(libres, rattaches...), ges, true, juge))},
		{"organisme-document-depot", PageDepotDoc(depot(valeurs(), nil))},
		{"organisme-document-fautes", PageDepotDoc(depot(valeurs("categorie", "ORG_AVEC_DOSSIER", "chercher", "x"), nil, Faute{"dossier", "Choisissez le dossier que ce document concerne."},
			Faute{"fichier", "Choisissez le fichier à envoyer."}))},
		{"organisme-document-modifie", PageDepotDoc(depot(valeurs("categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", idDossierOF), &rattaches[0], Faute{"certain", "Cochez cette case pour supprimer le document."}))},
	}
}

// dossierOFDemo is an accord whose training is over; nom makes its people long or not.
func dossierOFDemo(nom string) DossierLu {
	d := opco.Dossier{ID: idDossierOF, Numero: "AF26-000079", Etat: opco.EtatAttenteServiceFait, Engagements: []opco.PartFonds{{Montant: 120000}},
		Demande: opco.Demande{Etablissement: siegeDemo, Subrogation: true, Intitule: "Conduire un projet numérique", Nature: opco.NatureFormation, Duree: 14 * 60, Debut: "2026-06-01", Fin: "2026-06-02",
			Organisme: opco.OrganismeDemande{SIRET: siretOF, Nom: "Pédagogie Nouvelle", NDA: "93131234513"}, Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 120000}},
			Stagiaires: []opco.Stagiaire{{ID: "s1", Prenom: "Zoé", Nom: nom, Heures: 14 * 60}, {ID: "s2", Prenom: "Éric", Nom: "d’Haultepenne", Heures: 14 * 60}}},
		Decision:    &opco.Decision{Sens: opco.SensAccord, Demande: 120000, Accorde: 120000, Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 120000, Eligible: 120000, Accorde: 120000, Regle: "55,00 € de l’heure"}}},
		Certificats: []opco.Certificat{{ID: "k", Prenom: "Zoé", Nom: nom, Du: "2026-06-01", Au: "2026-06-02", Heures: 14 * 60, Signe: true, SigneLe: "2026-06-03"}},
		Factures:    []opco.Facture{{ID: "f", Numero: "F-2026-118", Emetteur: siretOF, Date: "2026-06-05", TotalHT: 120000, Etat: opco.FactureSuspendue, Motif: opco.MotifJustifAbs, Phrase: "Il manque une pièce pour examiner votre facture : le certificat de réalisation d’Éric d’Haultepenne.", RecueLe: "2026-06-05"}}}
	l := store.LigneDossier{ID: d.ID, Numero: d.Numero, Etat: d.Etat, Entreprise: "Atelier Numérique Sorbier", Intitule: d.Demande.Intitule, Debut: d.Demande.Debut, Fin: d.Demande.Fin, Demande: 120000, Accorde: 120000}
	s := d.Suivi(opco.RoleOrganisme, opco.FaitsSuivi{Jour: "2026-06-11", Depuis: midi.Add(-200 * time.Hour), Parametres: opco.ParametresDefaut()})
	return DossierLu{Dossier: d, Ligne: l, Actes: []string{string(opco.ActeFacturer), string(opco.ActeCertifier), string(opco.ActeDeposerAvoir), string(opco.ActeJoindre)},
		Suivi: api.SuiviLu{Suivi: s, Etat: d.Etat, Jour: "2026-06-11"}}
}

func planchesDossierOF(m Maison, moi Occupant) []Planche {
	page := func(onglet, nom string) DossierOF {
		d := dossierOFDemo(nom)
		p := DossierOF{Piece: pieceDe(m, d.Ligne.Intitule, adresseDossiersOF, moi, Formulaire{}), DossierLu: d}
		p.disposer(onglet, nil, MotsDepot{})
		return p
	}
	saisie := func(v *VerdictFacture, fautes ...Faute) SaisieFacture {
		d := dossierOFDemo("Lefèvre-N’Guyên")
		f := opco.Facture{Emetteur: siretOF, Destinataire: "99900171200010", Date: "2026-06-11", Lignes: []opco.LigneFacture{{Ligne: opco.LignePeda, Stagiaire: "Zoé Lefèvre-N’Guyên", Heures: 840, Montant: 60000},
			{Ligne: opco.LignePeda, Stagiaire: nomLong, Heures: 840, Montant: 60000}}}
		p := SaisieFacture{Piece: pieceDe(m, "Envoyer une facture", adresseDossiersOF, moi, formulaire(valeursFacture(f), fautes...)), Dossier: d.Dossier, Numero: d.Dossier.Numero,
			Base: baseOrganisme(idDossierOF), Ariane: []Lien{{"Dossiers", adresseDossiersOF}}, Preparee: api.FacturePreparee{Facture: f, Compte: "FR76 •••• 7795", OPCO: m.Nom}, Verdict: v}
		p.lignes()
		return p
	}
	rembourse := saisie(nil)
	rembourse.Dossier.Demande.Subrogation = false
	rembourse.Lignes = append(rembourse.Lignes, LigneSaisie{Rang: 3, Ligne: opco.LigneRepas, Montant: "120,00"}, LigneSaisie{Rang: 4, Ligne: opco.LigneHebergement, Montant: "240,00"})
	rembourse.Formulaire = formulaire(rembourse.Valeurs, Faute{"forme_juridique", "Écrivez la forme juridique de votre entreprise : SARL, SAS, association…"}, Faute{"tva", "Ce numéro de TVA est celui d’une autre entreprise."})
	gardee := saisie(nil, Faute{"numero", "Écrivez le numéro de votre facture."})
	gardee.Gardes.Choisi = &FichierGarde{ID: idDossierOF, Nom: nomEntLong + ".pdf", Taille: "1,4 Mo"}
	pleine := saisie(nil, Faute{"fichier", "Vous avez déjà choisi 20 fichiers ici sans les envoyer : retirez ceux qui ne servent plus, puis choisissez de nouveau."})
	for n := range 20 {
		pleine.Gardes.Autres = append(pleine.Gardes.Autres, FichierGarde{ID: idDossierOF, Nom: "facture " + strconv.Itoa(n+1) + " " + strings.Repeat("à corriger ", n%4*2) + ".pdf", Taille: "1,4 Mo"})
	}
	gardee.Preparee.Impute = 270_000
	avance := saisie(nil)
	avance.Preparee.Avance, avance.Preparee.AvancePourcent, avance.Lignes = 36000, 30, []LigneSaisie{{Rang: 1, Ligne: opco.LignePeda}}
	certificats := func(fautes ...Faute) SaisieCertificats {
		d := dossierOFDemo(nomLong)
		p := SaisieCertificats{Piece: pieceDe(m, "Envoyer les certificats", adresseDossiersOF, moi, Formulaire{}), Dossier: d.Dossier, Numero: d.Dossier.Numero, Base: baseOrganisme(idDossierOF), Ici: adresseDossiersOF, Stagiaires: d.Dossier.Demande.Stagiaires}
		p.Formulaire = formulaire(p.prevu("2026-06-11"), fautes...)
		return p
	}
	avoir := SaisieAvoir{Piece: pieceDe(m, "Envoyer un avoir", adresseDossiersOF, moi, formulaire(valeurs(), Faute{"montant", "Écrivez le montant de l’avoir, hors taxes."})), Dossier: dossierOFDemo("x").Dossier,
		Numero: "AF26-000079", Base: baseOrganisme(idDossierOF), Factures: dossierOFDemo("x").Dossier.Factures}
	essaye := certificats()
	essaye.Essai = opco.EssaiCertificats{Manquent: 1, Controles: []opco.Controle{{Code: "SF4", Resultat: opco.ResultatBlock, Phrase: "Le certificat compte 18 h, l’accord 14 h."}}}
	for _, s := range essaye.Stagiaires {
		essaye.Essai.Heures = append(essaye.Essai.Heures, opco.HeuresCertifiees{Stagiaire: s.ID, Prevues: s.Heures, Certifiees: s.Heures})
	}
	essaye.Verdict = verdictCertificats(essaye.Essai)
	avoirJuste, sansFacture := avoir, avoir
	avoirJuste.Formulaire, sansFacture.Formulaire, sansFacture.Factures = formulaire(valeurs("numero", "AV-2026-7", "montant", "560,00")), Formulaire{}, nil
	avoirJuste.Verdict = verdictAvoir(opco.EssaiAvoir{Facture: "F-2026-0025", Reste: 224_000, Payable: 224_000, Libere: true, EcheanceLe: "2026-07-11"})
	liste := DossiersOF{Piece: pieceDe(m, "Dossiers", adresseDossiersOF, moi, Formulaire{})}
	long := dossierOFDemo("x").Ligne
	long.Intitule, long.Entreprise = nomEntLong+" "+nomEntLong, nomEntLong
	liste.remplir("attendus", "", store.PageDossiers{Dossiers: []store.LigneDossier{dossierOFDemo("x").Ligne, long}, Suivant: "x"}, store.Compteurs{})
	vide := DossiersOF{Piece: pieceDe(m, "Dossiers", adresseDossiersOF, moi, Formulaire{})}
	vide.remplir("", "", store.PageDossiers{}, store.Compteurs{})
	lignes := []opco.LigneConstatee{{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 840, Certifie: 840, Accorde: 60000, Facture: 60000, Payable: 60000}}
	accueil := AccueilOF{Piece: pieceDe(m, "Mon espace", "/organisme", moi, Formulaire{}), Nom: nomEntLong, AccueilOrganisme: api.AccueilOrganisme{Compteurs: compteursOF, Jour: "2026-06-11",
		Attendus:     []store.Attendu{{LigneDossier: dossierOFDemo("x").Ligne, Manquent: []opco.TypePiece{opco.PieceCertificat, opco.PieceFacture}, Jusquau: "2026-12-02"}, {LigneDossier: long}},
		Versements:   []store.VersementAttendu{{Numero: "R26-000121", Dossier: idDossierOF, DossierNumero: "AF26-000110", Facture: "F-2026-0025", Montant: 54600, Etat: opco.ReglementValide, Echeance: "2026-07-11", Execution: "2026-06-16"}},
		NonConformes: []api.Document{documentDemo("04", "PROGRAMME_PEDAGOGIQUE", "Programme pédagogique", "Programme pédagogique", opco.DocumentNonConforme, idDossierOF, "26.A.20744.1", "Aïssatou Ndiaye-Kœnig")}}}
	autre := FactureAutre{Piece: pieceDe(m, "Qui facture ce dossier", adresseDossiersOF, moi, Formulaire{}), DossierLu: DossierLu{Dossier: rembourse.Dossier, Ligne: long}, Base: baseOrganisme(idDossierOF), Ariane: []Lien{{"Dossiers", adresseDossiersOF}}}
	return []Planche{
		{"organisme-facture-autre", PageFactureAutre(autre)},
		{"organisme-accueil", PageAccueilOF(accueil)},
		{"organisme-accueil-vide", PageAccueilOF(AccueilOF{Piece: pieceDe(m, "Mon espace", "/organisme", moi, Formulaire{}), Nom: "Pédagogie Nouvelle"})},
		{"organisme-dossiers", PageDossiersOF(liste)},
		{"organisme-dossiers-vide", PageDossiersOF(vide)},
		{"organisme-dossier", PageDossierOF(page("", "Lefèvre-N’Guyên"))},
		{"organisme-dossier-factures", PageDossierOF(page(ongletFactures, nomLong))},
		{"organisme-dossier-stagiaires", PageDossierOF(page(ongletStagiaires, nomLong))},
		{"organisme-dossier-documents", PageDossierOF(page(ongletDocuments, nomLong))},
		{"organisme-facture", PageSaisieFacture(saisie(&VerdictFacture{Ton: Vert, Titre: "Nous paierons 1 200,00 €.", Phrase: "Tout concorde avec l’accord et les certificats.", Suite: "Paiement au plus tard le 11 juillet 2026, après notre contrôle.", Lignes: lignes}))},
		{"organisme-facture-fautes", PageSaisieFacture(saisie(nil, Faute{"numero", "Écrivez le numéro de votre facture."}, Faute{"montant_1", "« douze » n’est pas un montant."}))},
		{"organisme-facture-gardee", PageSaisieFacture(gardee)},
		{"organisme-facture-trop-de-fichiers", PageSaisieFacture(pleine)},
		{"organisme-facture-avance", PageSaisieFacture(avance)},
		{"organisme-facture-rembourse", PageSaisieFacture(rembourse)},
		{"organisme-facture-lue", PageSaisieFacture(luePlanche(saisie(nil)))},
		{"organisme-facture-lecture", PageDepotElectronique(DepotElectronique{Piece: pieceDe(m, "Facture électronique", adresseDossiersOF, moi, Formulaire{}), Base: baseOrganisme(idDossierOF), Ariane: []Lien{{"Dossiers", adresseDossiersOF}}})},
		{"organisme-facture-lecture-fautes", PageDepotElectronique(DepotElectronique{Piece: pieceDe(m, "Facture électronique", adresseDossiersOF, moi,
			formulaire(valeurs(), Faute{"fichier", "La facture se dit écrite en « UTF-7 » : nous lisons UTF-8, UTF-16 et ISO-8859-1. Exportez-la en UTF-8."})), Base: baseOrganisme(idDossierOF), Ariane: []Lien{{"Dossiers", adresseDossiersOF}}})},
		{"organisme-factures-statuts", PageStatutsFactures(statutsPlanche(pieceDe(m, "Suivi des factures", adresseDossiersOF, moi, Formulaire{})))},
		{"organisme-factures-statuts-vide", PageStatutsFactures(StatutsFactures{Piece: pieceDe(m, "Suivi des factures", adresseDossiersOF, moi, Formulaire{})})},
		{"organisme-certificats", PageSaisieCertificats(certificats())},
		{"organisme-certificats-fautes", PageSaisieCertificats(certificats(Faute{"heures_1", "Écrivez les heures suivies."}, Faute{"signe", "Un certificat s’envoie signé : cochez cette case quand ils le sont."}, Faute{"fichier", "Joignez les certificats signés : un seul fichier suffit pour tous."}))},
		{"organisme-certificats-verdict", PageSaisieCertificats(essaye)},
		{"organisme-avoir", PageSaisieAvoir(avoir)},
		{"organisme-avoir-verdict", PageSaisieAvoir(avoirJuste)},
		{"organisme-avoir-vide", PageSaisieAvoir(sansFacture)},
	}
}
