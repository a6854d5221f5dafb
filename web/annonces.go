package web

import "maps"

// What the pages of connected people announce once.
func init() {
	maps.Copy(annonces, map[string]string{
		"recu":                 "Votre demande est enregistrée. Elle est traitée dans un instant : rechargez la page pour en voir la suite.",
		"espace-demande":       "Votre demande est partie. Un conseiller vérifie vos droits et vous répond par e-mail.",
		"reponse-envoyee":      "Votre réponse est envoyée au conseiller.",
		"droit-redemande":      "Votre demande est repartie : un conseiller la vérifie.",
		"entite-ajoutee":       "L’entité est ajoutée. Son service apparaît ci-dessous, avec un accès limité, jusqu’à la réponse d’un conseiller.",
		"compte-clos":          "Votre compte est fermé. Merci d’avoir travaillé avec nous.",
		"mot-de-passe-change":  "Votre mot de passe est changé. Vos autres sessions sont fermées.",
		"session-fermee":       "C’est fermé : il faudra s’y reconnecter.",
		"facteur-ajoute":       "Votre seconde preuve est active.",
		"facteur-retire":       "Cette seconde preuve est retirée.",
		"fournisseur-delie":    "Votre compte professionnel n’ouvre plus ce compte.",
		"lien-declare":         "Votre lien est déclaré : quelqu’un d’autre traite cette entreprise.",
		"invitation":           "L’invitation est partie par e-mail. Le compte s’ouvre quand la personne l’accepte.",
		"droits-donnes":        "Les droits sont donnés. La personne est prévenue par e-mail.",
		"droits-retires":       "Les droits sont retirés à l’instant. La personne est prévenue par e-mail.",
		"decision":             "Votre réponse est enregistrée et envoyée au demandeur.",
		"precision":            "Votre question est partie. La demande revient dans la file avec la réponse.",
		"file-vide":            "Tout est traité : aucune demande ne vous attend.",
		"regle-active":         "La règle est active : elle s’applique aux prochaines demandes.",
		"regle-arretee":        "La règle est arrêtée. Ce qu’elle a accordé reste accordé.",
		"identifiants-envoyes": "De nouveaux identifiants provisoires sont partis par e-mail.",
		"compte-ouvert":        "Le compte est ouvert. Les identifiants provisoires sont partis par e-mail.",
		"compte-ferme":         "Le compte est fermé. La personne est prévenue par e-mail.",
		"agent-cree":           "Le compte est créé. La personne reçoit un code par e-mail pour l’activer.",
		"role-donne":           "Le rôle est donné.",
		"role-attend":          "Le rôle est donné. Un second administrateur doit le confirmer.",
		"role-confirme":        "Le rôle est confirmé : il est en vigueur.",
		"role-retire":          "Le rôle est retiré à l’instant, ses sessions sont coupées.",
		"facteurs-retires":     "Les secondes preuves sont retirées : la personne en choisit une à sa prochaine connexion.",
		"absence":              "L’absence est enregistrée. Les deux personnes sont prévenues par e-mail.",
		"absence-finie":        "L’absence est terminée à l’instant.",
		"lien-fini":            "Le lien est levé.",
	})
}
