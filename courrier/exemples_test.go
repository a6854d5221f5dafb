package courrier_test

import (
	"fmt"
	"time"

	"guichet/courrier"
	"guichet/opco"
)

var maison = courrier.Maison{
	Nom: "OPCO Démo", Equipe: "Équipe Sud", Adresse: []string{"14 rue des Amidonniers", "31000 Toulouse"}, Ville: "Toulouse",
	Telephone: "01 99 00 02 14", Site: "opco-demo.example", SIRET: "99900171200010", Donnees: "donnees@opco-demo.example",
	URL: "https://guichet.example/", Recours: courrier.RecoursDefaut, Paiement: 30,
}

var (
	tilleuls = courrier.Destinataire{
		Role: opco.RoleEntreprise, Nom: "École Les Tilleuls", Personne: "Mme Hélène Roussillon-Beaupré", Civilite: "Madame",
		Adresse: []string{"3 allée des Soupirs", "31000 Toulouse"}, Courriel: "helene@tilleuls.example", Reference: "RH-2026-07",
	}
	formalia = courrier.Destinataire{
		Role: opco.RoleOrganisme, Nom: "Formalia Synthèse", Adresse: []string{"9 quai de l’Œuvre", "69002 Lyon"},
		Courriel: "facturation@formalia.example",
	}
	vasseur = courrier.Signataire{Nom: "Camille Vasseur", Fonction: "Gestionnaire, par délégation du directeur général", Telephone: "01 99 00 02 14"}
	// The seed's own dossier, S02: reimbursement of one stagiaire.
	eleves = courrier.Dossier{
		ID: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", Numero: "26.A.21056.1", Entreprise: "École Les Tilleuls", Organisme: "Pédagogie Nouvelle",
		Formation: "Repérer et accompagner les élèves à besoins particuliers", Debut: "2026-06-08", Fin: "2026-06-10", Duree: 21 * 60,
		Stagiaires: []string{"Mme Zoé-Maëlle Lefèvre-N’Guyên"},
	}
	// S04: hourly ceiling under subrogation.
	garonne = courrier.Dossier{
		ID: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c", Numero: "26.A.31001.1", Entreprise: "Conseil & Méthodes Garonne",
		Organisme: "Formalia Synthèse", Formation: "Conduire un projet de données", Debut: "2026-09-14", Fin: "2026-09-16", Duree: 21 * 60,
		Stagiaires: []string{"Aïcha Ünal", "Noël Œuvrard", "D’Haultepenne Loïc"},
	}
)

func envoi(id string, le opco.Date, a courrier.Destinataire, d courrier.Dossier) courrier.Envoi {
	return courrier.Envoi{ID: id, Le: le, A: a, Signataire: vasseur, Dossier: d}
}

func accordTilleuls() courrier.Accord {
	return courrier.Accord{
		Envoi:     envoi("26.A.21056.1-accord-1-entreprise", "2026-05-20", tilleuls, eleves),
		DemandeLe: "2026-05-04", EnvoyerAvant: "2026-12-10", Contester: "2026-07-20",
		Decision: opco.Decision{
			Demande: 290953, Accorde: 141240, ResteACharge: 149713,
			Lignes: []opco.LigneDecidee{
				{Ligne: opco.LignePeda, Demande: 202000, Eligible: 84000, Accorde: 84000, Motif: opco.MotifPlafondHoraire},
				{Ligne: opco.LigneRemuneration, Demande: 55713, Eligible: 27300, Accorde: 27300, Motif: opco.MotifPlafondRemuneration},
				{Ligne: opco.LigneHebergement, Demande: 19000, Eligible: 16000, Accorde: 16000, Motif: opco.MotifPlafondHebergement},
				{Ligne: opco.LigneRepas, Demande: 5400, Eligible: 5100, Accorde: 5100, Motif: opco.MotifPlafondRepas, Regle: "Plafond de 17,00 € par jour."},
				{Ligne: opco.LigneTransport, Demande: 8840, Eligible: 8840, Accorde: 8840},
			},
			Fonds: []opco.PartFonds{{Code: "Plan de moins de 50 salariés", Montant: 141240}},
		},
		Precisions: map[opco.Motif]opco.Precisions{
			opco.MotifPlafondHoraire:      {"plafond": "40,00 €", "prix": "96,19 €", "bareme": "IDCC 2691, moins de 11 salariés, barème 2026"},
			opco.MotifPlafondRemuneration: {"plafond": "13,00 €", "prix": "26,53 €"},
			opco.MotifPlafondHebergement:  {"plafond": "80,00 €", "prix": "95,00 €"},
			opco.MotifPlafondRepas:        {"plafond": "17,00 €", "prix": "18,00 €"},
		},
	}
}

func accordFormalia() courrier.Accord {
	return courrier.Accord{
		Envoi:     envoi("26.A.31001.1-accord-1-organisme", "2026-08-07", formalia, garonne),
		DemandeLe: "2026-08-03", EnvoyerAvant: "2027-03-16", Contester: "2026-10-07", Subrogation: true,
		Decision: opco.Decision{
			Demande: 378000, Accorde: 283500, ResteACharge: 94500, Motifs: []opco.Motif{opco.MotifPlafondHoraire},
			Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 378000, Eligible: 283500, Accorde: 283500,
				Motif: opco.MotifPlafondHoraire, Regle: "Plafond de 45,00 € par heure et par stagiaire."}},
			Fonds:      []opco.PartFonds{{Code: "Conventionnel", Montant: 200000}, {Code: "Mutualisé", Montant: 83500}},
			Conditions: []string{"la certification Qualiopi est renouvelée avant le 14 septembre 2026."},
		},
	}
}

func accordEntier() courrier.Accord {
	d := garonne
	d.Organisme, d.Numero = "Formalia Synthèse", "26.A.11001.1"
	return courrier.Accord{
		Envoi: envoi("26.A.11001.1-accord-1-entreprise", "2026-03-09", tilleuls, d), DemandeLe: "2026-03-02", EnvoyerAvant: "2026-10-14",
		Subrogation: true,
		Decision: opco.Decision{Demande: 120000, Accorde: 120000, Lignes: []opco.LigneDecidee{
			{Ligne: opco.LignePeda, Demande: 120000, Eligible: 120000, Accorde: 120000}}},
	}
}

// avenant is S12's variant: one stagiaire of three withdrawn.
func avenant() courrier.Accord {
	a := accordFormalia()
	a.ID, a.Decision.Version, a.Decision.Conditions, a.Decision.Fonds = "26.A.31001.1-accord-2-organisme", 2, nil, nil
	a.Dossier.Stagiaires = a.Dossier.Stagiaires[:2]
	a.Decision.Demande, a.Decision.Accorde, a.Decision.ResteACharge = 252000, 189000, 63000
	a.Decision.Lignes[0].Demande, a.Decision.Lignes[0].Eligible, a.Decision.Lignes[0].Accorde = 252000, 189000, 189000
	return a
}

// stagiaires makes n names, to fill pages.
func stagiaires(n int) []courrier.StagiairePaye {
	l := make([]courrier.StagiairePaye, n)
	for i := range l {
		l[i] = courrier.StagiairePaye{Nom: fmt.Sprintf("Élève n° %03d de l’Hôpital-Œuvre", i+1), Heures: 14 * 60, Du: "2026-04-13", Au: "2026-04-14"}
	}
	return l
}

func virement(lignes ...courrier.LigneVirement) courrier.Virement {
	return courrier.Virement{
		Envoi:  envoi("R26-000042-virement", "2026-05-12", formalia, courrier.Dossier{ID: garonne.ID, Numero: lignes[0].Dossier}),
		Numero: "R26-000042", Execute: "2026-05-12", Compte: "FR76 •••• 5594", Remise: "R26-000042 26.A.11001.1 F-2026-118", Lignes: lignes,
	}
}

var ligneS01 = courrier.LigneVirement{
	Dossier: "26.A.11001.1", Facture: "F-2026-118", Formation: "Conduire un projet de données", Montant: 120000,
	Stagiaires: []courrier.StagiairePaye{
		{Nom: "Aïcha Ünal", Heures: 14 * 60, Du: "2026-04-13", Au: "2026-04-14"},
		{Nom: "Noël Œuvrard", Heures: 14 * 60, Du: "2026-04-13", Au: "2026-04-14"},
	},
}

func pieceProgramme() []opco.PieceDemandee {
	return []opco.PieceDemandee{
		{Type: opco.PieceProgramme, Motif: opco.MotifProgrammeSansObjectifs},
		{Type: opco.PieceConvention, Motif: opco.MotifIllisible, Precision: "La page 2 est coupée."},
		{Type: opco.PieceRIB, Motif: opco.MotifManquante},
	}
}

// exemples has one event of each kind, and more where the text differs.
func exemples() map[string]courrier.Evenement {
	e := func(id string, le opco.Date) courrier.Envoi { return envoi(id, le, tilleuls, eleves) }
	of := func(id string, le opco.Date) courrier.Envoi { return envoi(id, le, formalia, garonne) }
	f := courrier.Facture{Numero: "F-2026-118", Date: "2026-04-17", Montant: 280000}
	autre := ligneS01
	autre.Dossier, autre.Facture = "26.A.11002.1", "F-2026-119"
	autre.Frais = []courrier.FraisRembourse{{Ligne: opco.LigneRepas, Montant: 5100}, {Ligne: opco.LigneTransport, Montant: 8840}}
	return map[string]courrier.Evenement{
		"depot": courrier.Depot{Envoi: e("depot", "2026-05-04"), DeposeLe: time.Date(2026, 5, 4, 8, 5, 0, 0, time.UTC), Demande: 290953,
			AVenir: []opco.TypePiece{opco.PieceConvention}, ReponseAvant: "2026-07-04"},
		"depot-organisme": courrier.Depot{Envoi: of("depot-of", "2026-08-03"), DeposeLe: time.Date(2026, 8, 3, 8, 5, 0, 0, time.UTC), Demande: 378000},
		"complement":      courrier.Complement{Envoi: e("complement", "2026-06-02"), DemandeLe: "2026-06-02", AvantLe: "2026-07-02", Pieces: pieceProgramme()},
		"relance-2": courrier.Complement{Envoi: e("relance", "2026-06-22"), DemandeLe: "2026-06-02", AvantLe: "2026-07-02", Relance: 2,
			Pieces: pieceProgramme()[:1]},
		"sans-suite":       courrier.SansSuite{Envoi: e("sans-suite", "2026-07-03"), DemandeLe: "2026-06-02", Effet: "2026-07-02", Pieces: pieceProgramme()},
		"accord-partiel":   accordTilleuls(),
		"accord-organisme": accordFormalia(),
		"accord":           accordEntier(),
		"refus": courrier.Refus{Envoi: e("refus", "2026-03-09"), DemandeLe: "2026-03-02", Demande: 56000, Contester: "2026-05-09",
			Motifs:     []opco.Motif{opco.MotifOFNonQualiopi, opco.MotifDepotTardif},
			Precisions: map[opco.Motif]opco.Precisions{opco.MotifOFNonQualiopi: {"organisme": "Sans Label SARL"}}},
		"refus-organisme": courrier.Refus{Envoi: of("refus-of", "2026-08-07"), DemandeLe: "2026-08-03", Demande: 378000,
			Motifs: []opco.Motif{opco.MotifEnveloppeEpuisee, opco.MotifActionNonEligible}},
		"annulation":           courrier.Annulation{Envoi: e("annulation", "2026-08-10"), AnnuleLe: "2026-08-10", Libere: 283500},
		"annulation-organisme": courrier.Annulation{Envoi: of("annulation-of", "2026-08-10"), AnnuleLe: "2026-08-10", Par: "Conseil & Méthodes Garonne", Libere: 283500},
		"rappel-fin": courrier.RappelFin{Envoi: e("rappel", "2026-06-25"), Accorde: 141240, AvantLe: "2026-12-10", Rang: 1,
			Pieces: []opco.TypePiece{opco.PieceCertificat, opco.PieceFactureOF, opco.PieceFacture}},
		"service-fait": courrier.ServiceFaitNonConforme{Envoi: e("sf", "2026-06-25"), AvantLe: "2026-07-25", Constats: []courrier.Constat{
			{Objet: "Facture 2026-77", Motif: opco.MotifSFFactureNonAcquittee, Precisions: opco.Precisions{"organisme": "Pédagogie Nouvelle"}}}},
		"service-fait-organisme": courrier.ServiceFaitNonConforme{Envoi: of("sf-of", "2026-09-25"), AvantLe: "2026-10-25", Constats: []courrier.Constat{
			{Objet: "Certificat de réalisation", Motif: opco.MotifSFCertificatNonSigne, Precisions: opco.Precisions{"nom": "Aïcha Ünal"}}}},
		"forclusion":   courrier.Forclusion{Envoi: e("forclusion", "2026-12-11"), Accorde: 141240, Libere: 141240, Echeance: "2026-12-10", Contester: "2027-02-11"},
		"cloture":      courrier.Cloture{Envoi: e("cloture", "2026-07-11"), Paye: 141240},
		"cloture-vide": courrier.Cloture{Envoi: e("cloture-0", "2026-07-11"), Libere: 280000, Contester: "2026-09-11"},
		"virement":     virement(ligneS01, autre),
		"facture-recue": courrier.FactureRecue{Envoi: of("facture", "2026-04-20"), Facture: f,
			RecueLe: "2026-04-20"},
		"facture-suspendue": courrier.FactureNonConforme{Envoi: of("facture-208", "2026-04-20"), Facture: f, Etat: opco.FactureSuspendue, AvantLe: "2026-05-20",
			Constats: []courrier.Constat{{Motif: opco.MotifJustifAbs, Precisions: opco.Precisions{"piece": "le certificat de réalisation d’Aïcha Ünal"}}}},
		"facture-litige": courrier.FactureNonConforme{Envoi: of("facture-207", "2026-04-20"), Facture: f, Etat: opco.FactureEnLitige,
			Constats: []courrier.Constat{{Motif: opco.MotifSIRETErr}}},
		"facture-refusee": courrier.FactureNonConforme{Envoi: of("facture-210", "2026-04-20"), Facture: f, Etat: opco.FactureRefusee,
			Constats: []courrier.Constat{{Motif: opco.MotifContratTerm, Precisions: opco.Precisions{"date": "10 août 2026"}}}},
		"accord-modifie":  avenant(),
		"complement-recu": courrier.ComplementRecu{Envoi: e("complement-recu", "2026-06-25"), RecuLe: "2026-06-25", ReponseAvant: "2026-08-01"},
		"facture-illisible": courrier.FactureNonConforme{Envoi: of("facture-213-bis", "2026-04-20"), Etat: opco.FactureRejetee,
			Constats: []courrier.Constat{{Motif: opco.MotifIrrSyntax, Phrase: "Nous n’arrivons pas à lire ce fichier : il est chiffré."}}},
		"facture-rejetee": courrier.FactureNonConforme{Envoi: of("facture-213", "2026-04-20"), Facture: f, Etat: opco.FactureRejetee,
			Constats: []courrier.Constat{{Motif: opco.MotifIrrSyntax}}},
		"facture-206": courrier.FactureApprouvee{Envoi: of("facture-206", "2026-04-20"), Facture: f, Approuve: 224000, NonApprouve: 56000,
			Avoir: 56000, Echeance: "2026-05-20", Constats: []courrier.Constat{{Motif: opco.MotifQteErr,
				Precisions: opco.Precisions{"certifie": "56 h", "facture_h": "70 h", "avoir": "560,00 €"}}}},
		"facture-205": courrier.FactureApprouvee{Envoi: of("facture-205", "2026-04-20"), Facture: f, Approuve: 280000, Echeance: "2026-05-20"},
		"rejet-bancaire": courrier.RejetBancaire{Envoi: of("rejet", "2026-05-14"), Numero: "R26-000043", Montant: 224000, Compte: "FR76 •••• 6646",
			Factures: []string{"F-2026-119"}, Cause: "Ce compte est fermé.", RejeteLe: "2026-05-13", Attente: 48},
	}
}
