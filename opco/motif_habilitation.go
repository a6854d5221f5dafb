package opco

import "strings"

// Motifs of a right that is refused (C09, C10).
const (
	MotifMasseInexacte      Motif = "MASSE_INEXACTE"
	MotifCodeAdherentFaux   Motif = "CODE_ADHERENT_FAUX"
	MotifSIRETEtranger      Motif = "SIRET_ETRANGER"
	MotifNDADifferente      Motif = "NDA_DIFFERENTE"
	MotifFactureInconnue    Motif = "FACTURE_INCONNUE"
	MotifResponsableInconnu Motif = "RESPONSABLE_INCONNU"
	MotifNonMandate         Motif = "NON_MANDATE"
	MotifServiceInadapte    Motif = "SERVICE_INADAPTE"
	MotifJustificatifAbsent Motif = "JUSTIFICATIF_ABSENT"
	MotifDroitDoublon       Motif = "DROIT_DOUBLON"
	MotifSansReponse        Motif = "SANS_REPONSE"
	MotifDroitAutre         Motif = "DROIT_AUTRE"
)

// Sentences that several rows share.
const (
	prouverLeLien = "Nous ouvrons un droit à qui montre qu’il connaît l’organisation."
)

var surUnDroit = []UsageMotif{UsageDroit}

var motifsDroit = []rangMotif{
	{MotifMasseInexacte, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Masse salariale inexacte",
		quoi:     "La masse salariale donnée n’est pas celle que nous connaissons[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Votre expert-comptable la connaît. Ajoutez de nouveau l’entité depuis « Mon compte » avec le bon montant.",
	}},
	{MotifCodeAdherentFaux, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Code adhérent inexact",
		quoi:     "Le code adhérent donné n’est pas celui de cette entreprise[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Il figure en haut à droite de nos courriers. Ajoutez de nouveau l’entité depuis « Mon compte » avec le bon code.",
	}},
	{MotifSIRETEtranger, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Établissement d’une autre organisation",
		quoi:     "Cet établissement n’appartient pas à l’organisation que vous avez désignée[ : {detail}].",
		pourquoi: "Un droit porte sur un établissement de votre organisation.",
		comment:  "Vérifiez le SIRET, puis ajoutez l’entité depuis « Mon compte ».",
	}},
	{MotifNDADifferente, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Déclaration d’activité différente",
		quoi:     "Le numéro de déclaration d’activité n’est pas celui de cet organisme[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Vérifiez le numéro, puis ajoutez de nouveau l’entité depuis « Mon compte ».",
	}},
	{MotifFactureInconnue, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Facture inconnue",
		quoi:     "Nous n’avons pas trouvé de facture de ce montant pour cet organisme[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Donnez le montant hors taxes d’une facture récente que vous nous avez envoyée, en ajoutant de nouveau l’entité.",
	}},
	{MotifResponsableInconnu, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Responsable légal différent",
		quoi:     "Le responsable légal nommé n’est pas celui que nous connaissons[ : {detail}].",
		pourquoi: "Le responsable légal répond des personnes qui agissent pour l’organisation.",
		comment:  "S’il a changé, envoyez-nous un extrait Kbis récent, puis demandez de nouveau ce droit.",
	}},
	{MotifNonMandate, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Pas de mandat de l’organisation",
		quoi:     "L’organisation ne nous a pas dit que vous agissez pour elle[ : {detail}].",
		pourquoi: "Seules les personnes désignées par une organisation accèdent à ses dossiers.",
		comment:  "Demandez à l’administrateur de ses comptes de vous inviter ou de vous donner un mandat.",
	}},
	{MotifServiceInadapte, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Service sans objet pour cet établissement",
		quoi:     "Cet établissement n’utilise pas ce service[ : {detail}].",
		pourquoi: "Nous ouvrons un service là où il sert.",
		comment:  "Rien n’est à faire : vos autres droits ne changent pas.",
	}},
	{MotifJustificatifAbsent, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Justificatif absent",
		quoi:     "Nous n’avons pas reçu le justificatif demandé[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Envoyez-le-nous, puis demandez de nouveau ce droit depuis « Mon compte ».",
	}},
	{MotifDroitDoublon, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Vous avez déjà ce droit avec un autre compte",
		quoi:     "Vous avez déjà ce droit avec un autre compte[ : {detail}].",
		pourquoi: "Une personne agit pour un établissement avec un seul compte.",
		comment:  "Connectez-vous avec cet autre compte.",
	}},
	{MotifSansReponse, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Sans réponse à notre demande de précision",
		quoi:     "Nous n’avons pas reçu votre réponse à notre demande de précision[ : « {detail} »].",
		pourquoi: "Sans elle, nous ne pouvons pas ouvrir ce droit.",
		comment:  "Demandez de nouveau ce droit depuis « Mon compte » : nous reprendrons l’examen.",
	}},
	{MotifDroitAutre, ligneMotif{
		famille: FamilleDroit, qui: IntervenantDemandeur, usages: surUnDroit,
		libelle:  "Autre motif",
		quoi:     "Nous ne pouvons pas ouvrir ce droit[ : {detail}].",
		pourquoi: prouverLeLien,
		comment:  "Pour en parler, appelez votre conseiller.",
	}},
}

// MotifsHabilitation returns the reasons for which an advisor may refuse a right,
// in the order in which a list offers them.
func MotifsHabilitation() []Motif { return MotifsPour(UsageDroit) }

// PhraseRefusDroit writes the reason of a refusal for the applicant: the catalogue's
// words with the advisor's precision, which DROIT_AUTRE needs.
func PhraseRefusDroit(m Motif, precision string) string {
	return m.Phrase(Precisions{"detail": strings.TrimRight(precision, ". ")})
}
