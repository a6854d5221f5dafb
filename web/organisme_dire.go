package web

import "maps"

// What the rooms of an organisme announce once.
func init() {
	maps.Copy(annonces, map[string]string{
		"pointe":                "Règlement pointé.",
		"depointe":              "Pointage retiré.",
		"document-recu":         "Votre document est bien arrivé. Nous le vérifions ; vous en lirez le résultat ici.",
		"document-modifie":      "Le document est modifié.",
		"document-remplace":     "Le nouveau fichier est bien arrivé. Sa vérification reprend.",
		"document-supprime":     "Le document est supprimé.",
		"document-conforme":     "Le document est conforme. L’organisme le lit dans son espace.",
		"document-non-conforme": "Le motif est écrit sous le document. L’organisme le lit dans son espace.",
		"facture-envoyee":       "Votre facture est envoyée. Ce qu’elle devient est écrit ci-dessous.",
		"certificats-envoyes":   "Vos certificats sont envoyés. Vous pouvez maintenant envoyer la facture.",
		"avoir-envoye":          "Votre avoir est envoyé.",
	})
}
