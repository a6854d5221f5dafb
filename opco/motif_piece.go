package opco

// Motifs of a pièce that is asked for or sent back (T06, T22, AT-27).
const (
	MotifManquante              Motif = "MANQUANTE"
	MotifAVenir                 Motif = "A_VENIR"
	MotifIllisible              Motif = "ILLISIBLE"
	MotifIncomplete             Motif = "INCOMPLETE"
	MotifNonSignee              Motif = "NON_SIGNEE"
	MotifPerimee                Motif = "PERIMEE"
	MotifAutreDossier           Motif = "AUTRE_DOSSIER"
	MotifMauvaisDocument        Motif = "MAUVAIS_DOCUMENT"
	MotifProgrammeSansObjectifs Motif = "PROGRAMME_SANS_OBJECTIFS"
	MotifProgrammeIncomplet     Motif = "PROGRAMME_INCOMPLET"
	MotifDevisNonNominatif      Motif = "DEVIS_NON_NOMINATIF"
	MotifDatesDifferentes       Motif = "DATES_DIFFERENTES"
	MotifMontantDifferent       Motif = "MONTANT_DIFFERENT"
	MotifRIBAutreTitulaire      Motif = "RIB_AUTRE_TITULAIRE"
	MotifPieceAutre             Motif = "PIECE_AUTRE"
)

var surUnePiece = []UsageMotif{UsagePiece}

var motifsPiece = []rangMotif{
	{MotifManquante, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Manquante",
		quoi:     "Nous n’avons pas reçu cette pièce[ : {detail}].",
		pourquoi: "Nous en avons besoin pour étudier le dossier.",
		comment:  "Déposez-la dans le dossier.",
	}},
	{MotifAVenir, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Annoncée, pas encore reçue",
		quoi:     "Vous aviez annoncé cette pièce « à venir » : nous ne l’avons pas encore reçue[ ({detail})].",
		pourquoi: "Nous en avons besoin pour étudier le dossier.",
		comment:  "Déposez-la dans le dossier.",
	}},
	{MotifIllisible, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Illisible",
		quoi:     "Cette pièce est illisible[ : {detail}].",
		pourquoi: "Nous devons pouvoir lire chaque page, avec la date et la signature.",
		comment:  "Scannez-la en entier, puis déposez-la.",
	}},
	{MotifIncomplete, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Incomplète",
		quoi:     "Il manque une partie de cette pièce[ : {detail}].",
		pourquoi: "Nous devons voir le document en entier.",
		comment:  "Déposez le document complet.",
	}},
	{MotifNonSignee, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Non signée",
		quoi:     "Cette pièce n’est pas signée[ : {detail}].",
		pourquoi: "Un document non signé n’engage personne.",
		comment:  "Faites-la signer, puis déposez-la de nouveau.",
	}},
	{MotifPerimee, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Périmée",
		quoi:     "Cette pièce n’est plus valable[ : {detail}].",
		pourquoi: "Elle doit être valable aux dates de la formation.",
		comment:  "Déposez une version à jour.",
	}},
	{MotifAutreDossier, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "D’un autre dossier",
		quoi:     "Cette pièce concerne une autre formation ou une autre personne[ : {detail}].",
		pourquoi: "Chaque dossier doit contenir ses propres pièces.",
		comment:  "Déposez la pièce de ce dossier.",
	}},
	{MotifMauvaisDocument, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Autre document",
		quoi:     "Le fichier reçu n’est pas le document demandé[ : {detail}].",
		pourquoi: "Nous ne pouvons pas étudier le dossier sans le bon document.",
		comment:  "Déposez le document demandé.",
	}},
	{MotifProgrammeSansObjectifs, ligneMotif{
		famille: FamillePiece, qui: IntervenantOrganisme, usages: surUnePiece,
		libelle:  "Programme sans objectifs",
		quoi:     "Le programme ne dit pas les objectifs de la formation[ : {detail}].",
		pourquoi: "Il doit dire ce que chaque stagiaire saura faire à la fin.",
		comment:  "Demandez à l’organisme un programme avec des objectifs que l’on peut vérifier.",
	}},
	{MotifProgrammeIncomplet, ligneMotif{
		famille: FamillePiece, qui: IntervenantOrganisme, usages: surUnePiece,
		libelle:  "Programme incomplet",
		quoi:     "Le programme est incomplet[ : {detail}].",
		pourquoi: "Il doit dire les objectifs, les prérequis, le contenu, la durée, les moyens et l’évaluation.",
		comment:  "Demandez à l’organisme un programme complet.",
	}},
	{MotifDevisNonNominatif, ligneMotif{
		famille: FamillePiece, qui: IntervenantOrganisme, usages: surUnePiece,
		libelle:  "Devis sans les noms",
		quoi:     "Le devis ne nomme pas les stagiaires[ : {detail}].",
		pourquoi: "Nous finançons des personnes : leurs noms doivent y être.",
		comment:  "Demandez à l’organisme un devis ou une convention qui nomme chaque stagiaire.",
	}},
	{MotifDatesDifferentes, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Dates différentes de la demande",
		quoi:     "Les dates ou les heures de cette pièce ne sont pas celles de la demande[ : {detail}].",
		pourquoi: "La demande, le programme et la convention doivent dire la même chose.",
		comment:  "Déposez une pièce corrigée, ou dites-nous dans le dossier quelles dates sont justes.",
	}},
	{MotifMontantDifferent, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Montant différent de la demande",
		quoi:     "Le montant de cette pièce n’est pas celui de la demande[ : {detail}].",
		pourquoi: "Nous accordons au plus le prix convenu avec l’organisme.",
		comment:  "Déposez une pièce corrigée, ou dites-nous dans le dossier quel montant est juste.",
	}},
	{MotifRIBAutreTitulaire, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "RIB d’un autre titulaire",
		quoi:     "Le RIB n’est pas au nom de l’organisation à payer[ : {detail}].",
		pourquoi: "Nous payons seulement un compte au nom du bénéficiaire.",
		comment:  "Déposez un RIB au bon nom.",
	}},
	{MotifPieceAutre, ligneMotif{
		famille: FamillePiece, qui: IntervenantDeposant, usages: surUnePiece,
		libelle:  "Non conforme",
		quoi:     "Cette pièce n’est pas conforme[ : {detail}].",
		pourquoi: "Nous ne pouvons pas nous en servir pour étudier le dossier.",
		comment:  "Déposez une pièce corrigée.",
	}},
}
