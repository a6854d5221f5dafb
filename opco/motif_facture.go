package opco

// Motifs of an invoice. The codes are the reasons of the French e-invoicing
// life cycle (domain.md 2.7), except AVANCE_SUP_30, which is ours.
const (
	MotifJustifAbs       Motif = "JUSTIF_ABS"
	MotifQteErr          Motif = "QTE_ERR"
	MotifPUErr           Motif = "PU_ERR"
	MotifCalculErr       Motif = "CALCUL_ERR"
	MotifMontantTotalErr Motif = "MONTANTTOTAL_ERR"
	MotifTxTVAErr        Motif = "TX_TVA_ERR"
	MotifSIRETErr        Motif = "SIRET_ERR"
	MotifDestErr         Motif = "DEST_ERR"
	MotifRefErr          Motif = "REF_ERR"
	MotifRefCtAbsent     Motif = "REF_CT_ABSENT"
	MotifDoublon         Motif = "DOUBLON"
	MotifDoubleFact      Motif = "DOUBLE_FACT"
	MotifCoordBancErr    Motif = "COORD_BANC_ERR"
	MotifContratTerm     Motif = "CONTRAT_TERM"
	MotifLivrIncomp      Motif = "LIVR_INCOMP"
	MotifNonConforme     Motif = "NON_CONFORME"
	MotifAvanceSup30     Motif = "AVANCE_SUP_30"
	MotifAutre           Motif = "AUTRE"
)

// Motifs of an invoice that a machine cannot read, status 213.
const (
	MotifRejSeman     Motif = "REJ_SEMAN"
	MotifRejUni       Motif = "REJ_UNI"
	MotifRejCoh       Motif = "REJ_COH"
	MotifIrrSyntax    Motif = "IRR_SYNTAX"
	MotifIrrAntivirus Motif = "IRR_ANTIVIRUS"
)

// Sentences that several rows share.
const (
	renvoyerLaFacture   = "Corrigez la facture et déposez-la de nouveau, avec un nouveau numéro."
	renvoyerLeFichier   = "Demandez un nouveau fichier à votre logiciel de facturation, puis déposez-le de nouveau."
	factureNonRetenue   = "Votre dossier n’est pas touché : la somme accordée reste réservée."
	pasDePaiementDouble = "Nous ne payons une facture qu’une fois."
)

var (
	litigeOuRefus  = []UsageMotif{Usage207, Usage210}
	refusDeFacture = []UsageMotif{Usage210}
	rejetMachine   = []UsageMotif{Usage213}
)

var motifsFacture = []rangMotif{
	{MotifJustifAbs, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage207, Usage208, Usage210},
		libelle:  "Justificatif absent",
		quoi:     "Il manque une pièce pour examiner votre facture[ {facture}][ : {piece}].",
		pourquoi: "Nous payons sur la preuve que la formation a eu lieu (Code du travail, article R6332-26).",
		comment:  "Déposez la pièce dans le dossier. L’examen reprend aussitôt, sans nouvelle facture.",
	}},
	{MotifQteErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage206, Usage207, Usage210},
		libelle:  "Heures facturées différentes des heures suivies",
		bref:     "[{certifie} suivies, {facture_h} facturées|Heures facturées en trop]",
		quoi:     "[{certifie} de formation ont été suivies, vous en facturez {facture_h}|Vous facturez plus d’heures que les certificats n’en montrent].",
		pourquoi: "Nous payons les heures certifiées, dans la limite des heures accordées.",
		comment:  "Envoyez un avoir[ de {avoir}], ou une facture qui annule et remplace celle-ci.",
	}},
	{MotifPUErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage206, Usage207, Usage210},
		libelle:  "Prix supérieur à l’accord",
		bref:     "[Accord à {plafond} par heure|Prix supérieur à l’accord]",
		quoi:     "Le prix facturé dépasse celui de notre accord[ : {prix} de l’heure au lieu de {plafond}].",
		pourquoi: "Nous payons au plus le montant accordé[, {accorde}].",
		comment:  "[Facturez {reste} à l’entreprise|Facturez la différence à l’entreprise] : cette part reste à sa charge.",
	}},
	{MotifCalculErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Total faux",
		quoi:     "Le total de la facture[ {facture}] ne correspond pas à ses lignes[ : {recu} au lieu de {attendu}].",
		pourquoi: "La somme des lignes doit donner le total, et le hors taxes plus la TVA doit donner le toutes taxes comprises. " + factureNonRetenue,
		comment:  renvoyerLaFacture,
	}},
	{MotifMontantTotalErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage206, Usage207, Usage210},
		libelle:  "Montant supérieur à l’accord",
		bref:     "[Il restait {disponible}|Montant supérieur à l’accord]",
		quoi:     "La facture[ {facture}] dépasse ce qui reste à payer sur l’accord[ : {recu} facturés, {disponible} restants].",
		pourquoi: "Le total payé ne peut pas dépasser le montant accordé.",
		comment:  "Facturez à l’entreprise la part qui dépasse.",
	}},
	{MotifTxTVAErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "TVA non conforme",
		quoi:     "La TVA de la facture[ {facture}] ne correspond pas à votre régime[ : {recu} au lieu de {attendu}].",
		pourquoi: "Un organisme exonéré facture sans TVA (Code général des impôts, article 261-4-4° a) ; les autres facturent à 20 %. " + factureNonRetenue,
		comment:  renvoyerLaFacture,
	}},
	{MotifSIRETErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Émetteur différent de l’accord",
		quoi:     "La facture[ {facture}] n’est pas émise par l’organisme de l’accord[ : SIRET {recu} au lieu de {attendu}].",
		pourquoi: "Nous payons l’organisme nommé dans l’accord, et lui seul. " + factureNonRetenue,
		comment:  "Faites émettre la facture par l’organisme de l’accord. S’il a changé d’établissement, demandez d’abord un avenant.",
	}},
	{MotifDestErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Destinataire faux",
		quoi:     "La facture[ {facture}] n’est pas adressée au bon destinataire[ : {recu} au lieu de {attendu}].",
		pourquoi: "Quand nous payons l’organisme directement, il facture l’OPCO ; quand nous remboursons l’entreprise, il facture l’entreprise.",
		comment:  renvoyerLaFacture,
	}},
	{MotifRefErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Numéro de dossier faux",
		quoi:     "Le numéro de dossier écrit sur la facture[ {facture}] ne correspond pas[ : {recu} au lieu de {attendu}].",
		pourquoi: "Ce numéro nous dit quel accord payer.",
		comment:  renvoyerLaFacture,
	}},
	{MotifRefCtAbsent, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Numéro de dossier absent",
		quoi:     "La facture[ {facture}] ne porte pas de numéro de dossier[ ; le vôtre est le {attendu}].",
		pourquoi: "Ce numéro nous dit quel accord payer.",
		comment:  renvoyerLaFacture,
	}},
	{MotifDoublon, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: refusDeFacture,
		libelle:  "Facture déjà reçue",
		quoi:     "Nous avons déjà reçu une facture[ {facture}] de vous sous ce numéro[, le {recue_le}].",
		pourquoi: "Un numéro de facture ne sert qu’une fois. " + pasDePaiementDouble,
		comment:  "Si c’est la même facture, vous n’avez rien à faire : suivez la première. Si c’en est une autre, donnez-lui un nouveau numéro.",
	}},
	{MotifDoubleFact, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Prestation déjà facturée",
		quoi:     "La facture[ {facture}] reprend des heures déjà facturées[ par la facture {autre}].",
		pourquoi: pasDePaiementDouble,
		comment:  "Retirez ces heures, ou envoyez un avoir sur la première facture.",
	}},
	{MotifCoordBancErr, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage207, Usage208, Usage210},
		libelle:  "RIB différent du RIB connu",
		quoi:     "Le RIB de la facture[ {facture}] n’est pas celui que nous connaissons[ : il finit par {recu} au lieu de {attendu}].",
		pourquoi: "Un changement de RIB est vérifié par plusieurs personnes avant tout paiement, pour vous protéger de la fraude.",
		comment:  "Si votre banque a changé, déposez le nouveau RIB dans votre espace. Sinon, prévenez-nous tout de suite.",
	}},
	{MotifContratTerm, ligneMotif{
		famille: FamilleFacture, qui: IntervenantPersonne, usages: refusDeFacture,
		libelle:  "Accord annulé ou terminé",
		quoi:     "L’accord du dossier[ {dossier}] n’existe plus[ depuis le {date}].",
		pourquoi: "Une fois l’accord annulé ou le dossier clôturé, aucune somme n’est réservée.",
		comment:  "Voyez avec l’entreprise qui doit payer cette facture.",
	}},
	{MotifLivrIncomp, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: []UsageMotif{Usage207, Usage208, Usage210},
		libelle:  "Formation non terminée",
		quoi:     "La facture[ {facture}] est datée avant la fin de la période facturée[, le {fin}].",
		pourquoi: "Nous payons après la formation, sauf l’avance prévue dans l’accord.",
		comment:  "Attendez la fin de la période, puis envoyez la facture avec le certificat de réalisation.",
	}},
	{MotifNonConforme, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Facture différente de l’accord",
		quoi:     "La facture[ {facture}] ne correspond pas à l’accord[ : {detail}].",
		pourquoi: "L’intitulé, les dates et les participants doivent être ceux de l’accord. " + factureNonRetenue,
		comment:  renvoyerLaFacture,
	}},
	{MotifAvanceSup30, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: refusDeFacture, cdar: "MONTANTTOTAL_ERR",
		libelle:  "Avance supérieure à 30 %",
		quoi:     "L’avance demandée[, {recu},] dépasse la limite[ de {plafond}].",
		pourquoi: "Une avance ne peut pas dépasser 30 % du prix convenu (Code du travail, article R6332-25).",
		comment:  "Envoyez une facture d’avance[ de {plafond} au plus| dans cette limite].",
	}},
	{MotifAutre, ligneMotif{
		famille: FamilleFacture, qui: IntervenantDeposant, usages: litigeOuRefus,
		libelle:  "Autre motif",
		quoi:     "La facture[ {facture}] ne peut pas être payée en l’état[ : {detail}].",
		pourquoi: "Ce point doit être éclairci avant tout paiement.",
		comment:  "Répondez-nous dans le dossier : votre gestionnaire lit votre message.",
	}},
}

var motifsRejet = []rangMotif{
	{MotifRejSeman, ligneMotif{
		famille: FamilleRejet, qui: IntervenantDeposant, usages: rejetMachine,
		libelle:  "Contenu électronique incohérent",
		quoi:     "Les données électroniques de la facture[ {facture}] se contredisent[ : {detail}].",
		pourquoi: "Nous lisons les données du fichier, et elles doivent suivre la norme EN 16931.",
		comment:  renvoyerLeFichier,
	}},
	{MotifRejUni, ligneMotif{
		famille: FamilleRejet, qui: IntervenantDeposant, usages: rejetMachine,
		libelle:  "Fichier déjà reçu",
		quoi:     "Ce fichier de facture[ {facture}] nous est déjà parvenu[ le {recue_le}].",
		pourquoi: pasDePaiementDouble,
		comment:  "Vous n’avez rien à faire : suivez la première facture.",
	}},
	{MotifRejCoh, ligneMotif{
		famille: FamilleRejet, qui: IntervenantDeposant, usages: rejetMachine,
		libelle:  "Image et données différentes",
		quoi:     "La page de la facture[ {facture}] et ses données électroniques ne disent pas la même chose[ : {detail}].",
		pourquoi: "Les deux doivent porter les mêmes numéro, date et montants, sinon nous ne savons pas laquelle croire.",
		comment:  renvoyerLeFichier,
	}},
	{MotifIrrSyntax, ligneMotif{
		famille: FamilleRejet, qui: IntervenantDeposant, usages: rejetMachine,
		libelle:  "Fichier illisible",
		quoi:     "Nous n’arrivons pas à lire le fichier de facture[ : {detail}].",
		pourquoi: "Il doit être un PDF ou un fichier Factur-X complet, sans mot de passe.",
		comment:  renvoyerLeFichier,
	}},
	{MotifIrrAntivirus, ligneMotif{
		famille: FamilleRejet, qui: IntervenantDeposant, usages: rejetMachine,
		libelle:  "Fichier dangereux",
		quoi:     "Le fichier contient un programme dangereux : nous l’avons écarté sans l’ouvrir.",
		pourquoi: "Chaque fichier est examiné avant d’entrer.",
		comment:  "Vérifiez votre ordinateur, puis déposez un fichier sain.",
	}},
}
