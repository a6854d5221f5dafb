package web

import (
	"strconv"

	"guichet/opco"
	"guichet/store"
)

// phraseFile sums the queue up; reponse is the jours ouvrés promised.
func phraseFile(n store.CompteursDemandes, reponse int) string {
	s := combien(int(n.Comptes), "demande") + " · réponse sous " + combien(reponse, "jour ouvré")
	if n.Retard > 0 {
		s += " · " + strconv.FormatInt(n.Retard, 10) + " en retard"
	}
	return majuscule(s)
}

// vuesFile are the views of the queue, with what each one counts.
func vuesFile(p FileDroits) []Entree {
	retard, precision := p.Filtre.Get("retard") != "", p.Filtre.Get("etat") == string(opco.HabPrecision)
	return []Entree{
		{Nom: "À valider", URL: "/habilitations", Compte: int(p.Compteurs.Comptes), Courante: !retard && !precision},
		{Nom: "En retard", URL: "/habilitations?retard=oui", Compte: int(p.Compteurs.Retard), Courante: retard},
		{Nom: "Attend le demandeur", URL: "/habilitations?etat=" + string(opco.HabPrecision), Compte: int(p.Compteurs.Precisions), Courante: precision},
	}
}

// vueFile says which of the two panes a telephone shows.
func vueFile(p FileDroits) string {
	if p.Detail != nil {
		return "detail"
	}
	return "liste"
}

func titreFileVide(p FileDroits) string {
	if p.Filtre.Get("q") != "" {
		return "Aucune demande ne correspond"
	}
	return "Cette file est vide"
}

func phraseFileVide(p FileDroits) string {
	switch {
	case p.Filtre.Get("q") != "":
		return "Cherchez un nom, une adresse e-mail ou un SIRET."
	case p.Filtre.Get("etat") != "":
		return "Aucun demandeur n’a de question sans réponse."
	}
	return "Tout est traité. Les prochaines demandes arrivent ici."
}

// resumeDemande says what a line of the queue asks for.
func resumeDemande(d store.LigneDemande) string {
	n := int(d.AValider)
	if n == 0 {
		n = int(d.Precisions)
	}
	s := combien(n, "droit")
	if d.Sites > 1 {
		s = combien(int(d.Sites), "établissement") + ", " + s
	}
	return s
}
