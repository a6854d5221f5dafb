package opco

// Motifs of a decision: the closed list of domain.md 2.4.
const (
	MotifDepotTardif            Motif = "DEPOT_TARDIF"
	MotifEntrepriseNonRattachee Motif = "ENTREPRISE_NON_RATTACHEE"
	MotifOFNonDeclare           Motif = "OF_NON_DECLARE"
	MotifOFNonQualiopi          Motif = "OF_NON_QUALIOPI"
	MotifOFSuspendu             Motif = "OF_SUSPENDU"
	MotifProgrammeInsuffisant   Motif = "PROGRAMME_INSUFFISANT"
	MotifActionNonEligible      Motif = "ACTION_NON_ELIGIBLE"
	MotifPublicNonEligible      Motif = "PUBLIC_NON_ELIGIBLE"
	MotifFormatNonEligible      Motif = "FORMAT_NON_ELIGIBLE"
	MotifPlafondHoraire         Motif = "PLAFOND_HORAIRE"
	MotifPlafondRemuneration    Motif = "PLAFOND_REMUNERATION"
	MotifPlafondRepas           Motif = "PLAFOND_REPAS"
	MotifPlafondHebergement     Motif = "PLAFOND_HEBERGEMENT"
	MotifPlafondTransport       Motif = "PLAFOND_TRANSPORT"
	MotifPlafondAnnuel          Motif = "PLAFOND_ANNUEL"
	MotifEnveloppeEpuisee       Motif = "ENVELOPPE_EPUISEE"
	MotifCoutNonEligible        Motif = "COUT_NON_ELIGIBLE"
	MotifDoubleFinancement      Motif = "DOUBLE_FINANCEMENT"
	MotifPiecesManquantes       Motif = "PIECES_MANQUANTES"
	MotifDossierDoublon         Motif = "DOSSIER_DOUBLON"
	MotifContratNonConforme     Motif = "CONTRAT_NON_CONFORME"
	MotifControleDefavorable    Motif = "CONTROLE_DEFAVORABLE"
)

var (
	refusSeul      = []UsageMotif{UsageRefus}
	refusOuLigne   = []UsageMotif{UsageRefus, UsageReduction}
	reductionLigne = []UsageMotif{UsageReduction}
)

const plafondsComment = "Le reste est à votre charge. Vous pouvez aussi demander un cofinancement, ou revoir le devis avec l’organisme avant le début."

var motifsDecision = []rangMotif{
	{MotifDepotTardif, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusSeul,
		libelle:  "Demande déposée trop tard",
		bref:     "Déposée trop tard",
		quoi:     "Votre demande est arrivée[ le {depose_le}] alors que la formation commence[ le {debut}| le même jour ou a déjà commencé].",
		pourquoi: "Nous finançons une formation seulement si la demande est déposée la veille du premier jour au plus tard, avant minuit, heure de Paris.",
		comment:  "Si une autre session est prévue, déposez une nouvelle demande avant son premier jour.",
	}},
	{MotifEntrepriseNonRattachee, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusSeul,
		libelle:  "Établissement non rattaché à notre OPCO",
		quoi:     "L’établissement[ {siret}] ne relève pas de notre OPCO.",
		pourquoi: "C’est la convention collective qui désigne l’OPCO[ ; nous avons noté pour vous l’IDCC {idcc}].",
		comment:  "Déposez la demande auprès de l’OPCO de votre convention collective. Si l’IDCC que nous avons noté est faux, envoyez-nous un bulletin de paie récent.",
	}},
	{MotifOFNonDeclare, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Organisme de formation non déclaré",
		quoi:     "[{organisme}|L’organisme de formation] n’a pas de numéro de déclaration d’activité valide[ : {nda}].",
		pourquoi: "Nous ne pouvons payer qu’un organisme déclaré auprès de l’État (Code du travail, article L6351-1).",
		comment:  "Demandez-lui son récépissé de déclaration, ou choisissez un organisme déclaré, puis déposez une nouvelle demande avant le début.",
	}},
	{MotifOFNonQualiopi, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Organisme sans certification Qualiopi",
		quoi:     "[{organisme}|L’organisme de formation] n’est pas certifié Qualiopi pour ce type d’action[ aux dates de la formation : {date}].",
		pourquoi: "Les fonds de la formation ne peuvent payer que des organismes certifiés (Code du travail, article L6316-1).",
		comment:  "Demandez son certificat à l’organisme, ou choisissez un organisme certifié, puis déposez une nouvelle demande avant le début.",
	}},
	{MotifOFSuspendu, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Organisme de formation suspendu",
		quoi:     "Nous ne finançons plus d’action de [{organisme}|cet organisme de formation][ depuis le {date}].",
		pourquoi: "Sa déclaration d’activité ou sa certification est suspendue.",
		comment:  "Choisissez un autre organisme et déposez une nouvelle demande avant le début. L’organisme peut nous écrire pour connaître sa situation.",
	}},
	{MotifProgrammeInsuffisant, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Programme insuffisant",
		quoi:     "Le programme ne permet pas de juger la formation[ : {detail}].",
		pourquoi: "Il doit dire les objectifs, les prérequis, le contenu, la durée, les moyens et l’évaluation.",
		comment:  "Demandez à l’organisme un programme complet, puis déposez une nouvelle demande avant le début.",
	}},
	{MotifActionNonEligible, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusSeul,
		libelle:  "Action non finançable",
		quoi:     "Cette action n’entre pas dans ce que nous pouvons financer[ : {detail}].",
		pourquoi: "Nous finançons les actions de formation, les bilans de compétences et la VAE (Code du travail, article L6313-1), sauf les thèmes que votre branche exclut.",
		comment:  "Votre conseiller peut vous orienter vers une autre action ou un autre financeur.",
	}},
	{MotifPublicNonEligible, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusOuLigne,
		libelle:  "Personne non concernée par ce dispositif",
		quoi:     "[{nom} n’entre|Une personne au moins n’entre] pas dans le public de ce dispositif[ : {detail}].",
		pourquoi: "Chaque dispositif vise des publics définis par la loi ou par votre branche.",
		comment:  "Votre conseiller peut vous indiquer le dispositif qui convient.",
	}},
	{MotifFormatNonEligible, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Format de formation non finançable",
		quoi:     "Le format de la formation n’est pas financé[ : {detail}].",
		pourquoi: "Votre branche fixe les formats qu’elle finance : durée, effectif, présence ou distance.",
		comment:  "Voyez avec l’organisme une session dans un format admis, puis déposez une nouvelle demande avant le début.",
	}},
	{MotifPlafondHoraire, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond horaire",
		bref:     "[Plafond de {plafond} par heure|Plafond horaire]",
		quoi:     "Le coût pédagogique dépasse le plafond horaire[ : le devis est à {prix} de l’heure].",
		pourquoi: "[Votre branche finance jusqu’à {plafond} par heure et par salarié|Votre branche fixe un plafond par heure et par salarié][ ({bareme})].",
		comment:  plafondsComment,
	}},
	{MotifPlafondRemuneration, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond de rémunération",
		bref:     "[Plafond de {plafond} par heure|Plafond de rémunération]",
		quoi:     "La rémunération demandée dépasse le plafond[ : {prix} de l’heure].",
		pourquoi: "[Votre branche finance jusqu’à {plafond} par heure de salaire|Votre branche fixe un plafond par heure de salaire][ ({bareme})].",
		comment:  plafondsComment,
	}},
	{MotifPlafondRepas, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond des repas",
		bref:     "[{plafond} par jour|Plafond des repas]",
		quoi:     "Les repas dépassent le plafond[ : {prix} par repas].",
		pourquoi: "[Nous remboursons jusqu’à {plafond} par jour|Nous remboursons un repas par jour, dans la limite du barème][ ({bareme})].",
		comment:  plafondsComment,
	}},
	{MotifPlafondHebergement, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond de l’hébergement",
		bref:     "[{plafond} par nuit|Plafond de l’hébergement]",
		quoi:     "L’hébergement dépasse le plafond[ : {prix} par nuit].",
		pourquoi: "[Nous remboursons jusqu’à {plafond} par nuit|Nous remboursons chaque nuit dans la limite du barème][ ({bareme})].",
		comment:  plafondsComment,
	}},
	{MotifPlafondTransport, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond du transport",
		bref:     "[{plafond} par stagiaire|Plafond du transport]",
		quoi:     "Le transport dépasse le plafond[ : {prix} demandés].",
		pourquoi: "[Nous remboursons jusqu’à {plafond} par stagiaire|Nous remboursons le transport dans la limite du barème][ ({bareme})].",
		comment:  plafondsComment,
	}},
	{MotifPlafondAnnuel, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: reductionLigne,
		libelle:  "Plafond annuel",
		bref:     "[Il restait {disponible} pour {annee}|Plafond annuel]",
		quoi:     "Votre enveloppe[ {annee}] ne couvre pas toute la demande[ : il restait {disponible}].",
		pourquoi: "[Votre branche finance jusqu’à {plafond} hors taxes par entreprise et par année|Votre branche fixe un montant par entreprise et par année].",
		comment:  plafondsComment,
	}},
	{MotifEnveloppeEpuisee, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusOuLigne,
		libelle:  "Enveloppe épuisée",
		quoi:     "Votre enveloppe[ {annee}] est entièrement utilisée[ : {plafond} sont déjà engagés].",
		pourquoi: "Nous ne pouvons pas accorder plus que l’enveloppe de l’année où la formation commence.",
		comment:  "Si un dossier accordé est annulé, la somme revient et vous pouvez redéposer. Sinon, voyez avec votre conseiller un versement volontaire ou une date l’année suivante.",
	}},
	{MotifCoutNonEligible, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusOuLigne,
		libelle:  "Coût non pris en charge",
		bref:     "Non pris en charge",
		quoi:     "[{poste} : ce coût n’est pas pris en charge|Ce coût n’est pas pris en charge].",
		pourquoi: "Le barème de votre branche ne finance pas ce poste[ ({bareme})].",
		comment:  "Ce coût reste à votre charge.",
	}},
	{MotifDoubleFinancement, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusOuLigne,
		libelle:  "Formation déjà financée",
		quoi:     "[La formation de {nom} est déjà financée|Une personne au moins est déjà financée] pour des dates qui se recouvrent[, dossier {dossier}].",
		pourquoi: "Une même heure de formation ne peut pas être financée deux fois.",
		comment:  "Si les dates sont fausses, dites-le-nous dans le dossier avec la convocation ou la convention.",
	}},
	{MotifPiecesManquantes, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusSeul,
		libelle:  "Pièces manquantes",
		quoi:     "Il manque des pièces que nous avions demandées[ : {pieces}].",
		pourquoi: "Sans elles, nous ne pouvons pas vérifier que la formation est finançable.",
		comment:  "Réunissez les pièces, puis déposez une nouvelle demande si la formation n’a pas commencé.",
	}},
	{MotifDossierDoublon, ligneMotif{
		famille: FamilleDecision, qui: IntervenantPersonne, usages: refusSeul,
		libelle:  "Demande déjà déposée",
		quoi:     "Cette demande reprend une demande déjà déposée[, le dossier {dossier}].",
		pourquoi: "Nous traitons une seule demande par formation et par groupe de salariés.",
		comment:  "Suivez le premier dossier : il continue normalement.",
	}},
	{MotifContratNonConforme, ligneMotif{
		famille: FamilleDecision, qui: IntervenantEntreprise, usages: refusSeul,
		libelle:  "Contrat non conforme",
		quoi:     "Le contrat n’est pas conforme[ : {detail}].",
		pourquoi: "La loi fixe les mentions, la durée et la rémunération du contrat en alternance.",
		comment:  "Corrigez le contrat avec le salarié, puis envoyez-le de nouveau.",
	}},
	{MotifControleDefavorable, ligneMotif{
		famille: FamilleDecision, qui: IntervenantOrganisme, usages: refusSeul,
		libelle:  "Contrôle défavorable",
		quoi:     "Un contrôle de [{organisme}|l’organisme de formation] s’est conclu par un avis défavorable[ le {date}].",
		pourquoi: "Le résultat d’un contrôle pèse sur les demandes suivantes.",
		comment:  "Choisissez un autre organisme, ou attendez que celui-ci ait corrigé ce qui lui a été demandé.",
	}},
}
