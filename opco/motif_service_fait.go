package opco

// Motifs of the service fait: one for each line of the comparison of domain.md
// 2.6 that may fail, and for the proofs of AK-46 that may be missing.
const (
	MotifSFFactureNonAcquittee  Motif = "SF_FACTURE_NON_ACQUITTEE"
	MotifSFFactureAbsente       Motif = "SF_FACTURE_ABSENTE"
	MotifSFJustificatifsAbsents Motif = "SF_JUSTIFICATIFS_ABSENTS"
	MotifSFCertificatAbsent     Motif = "SF_CERTIFICAT_ABSENT"
	MotifSFCertificatIncomplet  Motif = "SF_CERTIFICAT_INCOMPLET"
	MotifSFCertificatNonSigne   Motif = "SF_CERTIFICAT_NON_SIGNE"
	MotifSFCertificatAnticipe   Motif = "SF_CERTIFICAT_ANTICIPE"
	MotifSFCertificatEmetteur   Motif = "SF_CERTIFICAT_EMETTEUR"
	MotifSFIdentite             Motif = "SF_IDENTITE"
	MotifSFIntitule             Motif = "SF_INTITULE"
	MotifSFDates                Motif = "SF_DATES"
	MotifSFHeures               Motif = "SF_HEURES"
	MotifSFTarif                Motif = "SF_TARIF"
	MotifSFParticipants         Motif = "SF_PARTICIPANTS"
	MotifSFNature               Motif = "SF_NATURE"
	MotifSFEmargementAbsent     Motif = "SF_EMARGEMENT_ABSENT"
	MotifSFTotal                Motif = "SF_TOTAL"
	MotifSFChevauchement        Motif = "SF_CHEVAUCHEMENT"
	MotifSFQualiopi             Motif = "SF_QUALIOPI"
	MotifSFAucunePresence       Motif = "SF_AUCUNE_PRESENCE"
)

// Sentences that several rows share.
const (
	corrigerLeCertificat = "Demandez à l’organisme un certificat corrigé et déposez-le dans le dossier."
	regleServiceFait     = "Nous payons sur la preuve que la formation a eu lieu (Code du travail, article R6332-26)."
)

var (
	auServiceFait       = []UsageMotif{UsageServiceFait}
	auServiceFaitEtPlus = []UsageMotif{UsageServiceFait, UsagePiece}
)

var motifsServiceFait = []rangMotif{
	{MotifSFFactureNonAcquittee, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantEntreprise, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Facture non acquittée",
		quoi:     "La facture de [{organisme}|l’organisme de formation][, n° {facture},] ne porte pas la mention « acquittée ».",
		pourquoi: "Nous remboursons ce que vous avez déjà payé : cette mention en est la preuve.",
		comment:  "Demandez à l’organisme sa facture marquée « acquittée », avec la date et le moyen de paiement, et déposez-la dans le dossier.",
	}},
	{MotifSFFactureAbsente, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantDeposant, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Facture absente",
		quoi:     "Nous n’avons pas reçu de facture[ de {emetteur}].",
		pourquoi: "Sans facture, nous ne pouvons rien payer.",
		comment:  "Déposez la facture dans le dossier, avec notre numéro de dossier.",
	}},
	{MotifSFJustificatifsAbsents, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantEntreprise, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Justificatifs de frais absents",
		quoi:     "Il manque les justificatifs de [{poste}|certains frais].",
		pourquoi: "Nous remboursons les frais prouvés, au plus à hauteur de l’accord.",
		comment:  "Déposez les factures et reçus, ou l’état des salaires, dans le dossier. Sans eux, ces frais restent à votre charge.",
	}},
	{MotifSFCertificatAbsent, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantDeposant, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Certificat de réalisation absent",
		quoi:     "Nous n’avons pas reçu le certificat de réalisation[ de {nom}].",
		pourquoi: regleServiceFait,
		comment:  "Déposez le certificat signé par l’organisme, un par stagiaire.",
	}},
	{MotifSFCertificatIncomplet, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Certificat de réalisation incomplet",
		quoi:     "Le certificat de réalisation[ de {nom}] est incomplet[ : {detail}].",
		pourquoi: "Il doit dire le stagiaire, l’intitulé, la nature de l’action, les dates et les heures suivies.",
		comment:  corrigerLeCertificat,
	}},
	{MotifSFCertificatNonSigne, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Certificat de réalisation non signé",
		quoi:     "Le certificat de réalisation[ de {nom}] n’est pas signé ou pas daté.",
		pourquoi: "La signature de l’organisme l’engage sur les heures suivies.",
		comment:  corrigerLeCertificat,
	}},
	{MotifSFCertificatAnticipe, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "LIVR_INCOMP",
		libelle:  "Certificat signé avant la fin",
		quoi:     "Le certificat de réalisation[ de {nom}] est signé[ le {date},] avant la fin de la formation[, le {fin}].",
		pourquoi: "Personne ne peut certifier des heures qui n’ont pas encore eu lieu.",
		comment:  corrigerLeCertificat,
	}},
	{MotifSFCertificatEmetteur, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "SIRET_ERR",
		libelle:  "Certificat d’un autre organisme",
		quoi:     "Le certificat de réalisation[ de {nom}] vient d’un autre organisme que celui de l’accord[ : SIRET {recu} au lieu de {attendu}].",
		pourquoi: "Seul l’organisme de l’accord, ou un sous-traitant déclaré, peut certifier.",
		comment:  corrigerLeCertificat,
	}},
	{MotifSFIdentite, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFait, cdar: "NON_CONFORME",
		libelle:  "Stagiaire non reconnu",
		quoi:     "[Le certificat nomme {recu} : cette personne|Une personne nommée sur un certificat] n’est pas dans l’accord.",
		pourquoi: "Nous payons la formation des personnes nommées dans l’accord.",
		comment:  "S’il s’agit d’une faute de frappe, déposez un certificat corrigé. Si la personne a été remplacée, demandez un avenant.",
	}},
	{MotifSFIntitule, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFait, cdar: "NON_CONFORME",
		libelle:  "Intitulé différent",
		quoi:     "L’intitulé n’est pas celui de l’accord[ : « {recu} » au lieu de « {attendu} »].",
		pourquoi: "L’accord, le certificat et la facture doivent parler de la même formation.",
		comment:  "Déposez des documents qui portent l’intitulé de l’accord, ou expliquez-nous la différence dans le dossier.",
	}},
	{MotifSFDates, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFait, cdar: "NON_CONFORME",
		libelle:  "Dates hors de l’accord",
		quoi:     "[Les dates certifiées, {recu}, sortent|Les dates certifiées sortent] de celles de l’accord[, {attendu}].",
		pourquoi: "Un changement de dates se demande avant le premier jour déplacé.",
		comment:  "Si le certificat est faux, déposez-en un corrigé. Sinon, écrivez-nous dans le dossier.",
	}},
	{MotifSFHeures, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantPersonne, usages: auServiceFait, cdar: "QTE_ERR",
		libelle:  "Moins d’heures suivies que prévu",
		bref:     "[{certifie} suivies sur {prevu}|Moins d’heures suivies]",
		quoi:     "[{nom} a suivi {certifie} sur {prevu} prévues|Des stagiaires ont suivi moins d’heures que prévu].",
		pourquoi: "Nous payons les heures suivies, au tarif accordé.",
		comment:  "Vous n’avez rien à faire si le certificat est exact. Sinon, déposez un certificat corrigé.",
	}},
	{MotifSFTarif, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantPersonne, usages: auServiceFait, cdar: "PU_ERR",
		libelle:  "Tarif supérieur à l’accord",
		quoi:     "Le tarif facturé dépasse celui de l’accord[ : {prix} de l’heure au lieu de {plafond}].",
		pourquoi: "Nous payons au plus le tarif accordé.",
		comment:  "La différence se règle entre l’entreprise et l’organisme.",
	}},
	{MotifSFParticipants, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFait, cdar: "NON_CONFORME",
		libelle:  "Participants différents de l’accord",
		quoi:     "Les participants facturés ne sont pas ceux de l’accord[ : {detail}].",
		pourquoi: "Nous payons la formation des personnes nommées dans l’accord.",
		comment:  "Déposez une facture qui nomme les participants de l’accord.",
	}},
	{MotifSFNature, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFait, cdar: "NON_CONFORME",
		libelle:  "Nature d’action différente",
		quoi:     "Le certificat parle d’une autre nature d’action[ : {recu} au lieu de {attendu}].",
		pourquoi: "L’accord vaut pour une seule nature d’action.",
		comment:  corrigerLeCertificat,
	}},
	{MotifSFEmargementAbsent, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Preuves de présence demandées",
		quoi:     "Il manque les feuilles d’émargement ou les traces de connexion[ de {nom}].",
		pourquoi: "Nous pouvons demander tout document qui prouve la formation (Code du travail, article R6332-26).",
		comment:  "Déposez une feuille par demi-journée, ou le relevé de la plateforme.",
	}},
	{MotifSFTotal, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantDeposant, usages: auServiceFait, cdar: "CALCUL_ERR",
		libelle:  "Total faux",
		quoi:     "Le total ne correspond pas aux lignes[ : {recu} au lieu de {attendu}].",
		pourquoi: "La somme des lignes doit donner le total, et le hors taxes plus la TVA doit donner le toutes taxes comprises.",
		comment:  "Déposez une facture corrigée.",
	}},
	{MotifSFChevauchement, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOPCO, usages: auServiceFait, cdar: "DOUBLE_FACT",
		libelle:  "Vérification en cours",
		quoi:     "Nous vérifions [les heures de {nom}|des heures], déclarées aussi dans un autre dossier[, {dossier}].",
		pourquoi: "Une même heure de formation ne peut pas être payée deux fois.",
		comment:  "Vous n’avez rien à faire pour l’instant : nous vous écrivons si une précision manque.",
	}},
	{MotifSFQualiopi, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantOrganisme, usages: auServiceFaitEtPlus, cdar: "JUSTIF_ABS",
		libelle:  "Qualiopi à prouver aux dates de la formation",
		quoi:     "La certification Qualiopi de [{organisme}|l’organisme de formation] ne couvre pas toutes les dates de la formation[ : elle finit le {fin}].",
		pourquoi: "L’organisme doit être certifié pendant toute la formation (Code du travail, article L6316-1).",
		comment:  "L’organisme dépose son certificat renouvelé. Nous payons dès qu’il est vérifié.",
	}},
	{MotifSFAucunePresence, ligneMotif{
		famille: FamilleServiceFait, qui: IntervenantPersonne, usages: auServiceFait, cdar: "QTE_ERR",
		libelle:  "Personne n’est venu",
		quoi:     "Les certificats montrent 0 h de présence pour tous les stagiaires.",
		pourquoi: "Nous payons les heures suivies : il n’y a rien à payer.",
		comment:  "Si un certificat est faux, envoyez-nous le bon dans le dossier.",
	}},
}
