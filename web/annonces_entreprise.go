package web

import "maps"

// What the rooms of a company announce once.
func init() {
	maps.Copy(annonces, map[string]string{
		"pieces-recues":    "Vos fichiers sont arrivés. Ils sont dans le dossier.",
		"dossier-annule":   "La demande est annulée. L’organisme est prévenu.",
		"stagiaire-retire": "Ce stagiaire est retiré. Le nouveau montant est dans le dossier.",
		"annonce-ecrite":   "C’est enregistré : les entreprises le lisent dès maintenant.",
		"annonce-retiree":  "C’est retiré.",
	})
}
