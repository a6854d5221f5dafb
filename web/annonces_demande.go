package web

import "maps"

// What the pages of demandes announce once.
func init() {
	maps.Copy(annonces, map[string]string{
		"brouillon-enregistre": "Votre brouillon est enregistré. Il n’est pas envoyé : reprenez-le quand vous voulez.",
		"brouillon-supprime":   "Le brouillon est supprimé.",
		"saisie-annulee":       "Votre dernière saisie est annulée : la demande est telle qu’au dernier enregistrement.",
		"montants-alignes":     "Les montants demandés sont maintenant ceux de vos stagiaires.",
		"demande-copiee":       "Votre demande est recopiée dans un brouillon. Donnez ses dates.",
		"demande-envoyee":      "Votre demande est envoyée. Un accusé de réception part par e-mail.",
		"demandes-importees":   "Toutes les demandes du fichier sont créées en brouillon. Relisez-les, puis envoyez-les.",
		"salarie-ajoute":       "La personne est dans votre liste de salariés.",
		"salarie-modifie":      "C’est enregistré.",
		"salarie-retire":       "La personne est retirée de votre liste. Ses dossiers ne changent pas.",
	})
}
