package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"guichet/opco"
	"guichet/store"
)

func rangEtape(e opco.EtapeDemande) int { return slices.Index(opco.EtapesDemande(), e) }

// invalide are the attributs of a field outside Champ: told wrong, and by what.
func invalide(f Formulaire, champ string) templ.Attributes {
	if f.Faute(champ) == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": ID(champ) + "-faute"}
}

// baseLigne says how a cost line is counted (domain.md 3.7 bis).
func baseLigne(l opco.Ligne) string {
	return map[opco.Ligne]string{
		opco.LignePeda: "HT", opco.LigneRemuneration: "salaire chargé × heures", opco.LigneHebergement: "TTC", opco.LigneRepas: "HT",
		opco.LigneTransport: "TTC", opco.LigneTuteur: "HT", opco.LigneAllocation: "ancien dispositif", opco.LigneDivers: "HT, à préciser", opco.LigneIngenierie: "HT",
	}[l]
}

func optionsNature() []Option {
	os := []Option{{"", "Choisir"}}
	for _, n := range opco.Natures() {
		os = append(os, Option{string(n), n.Libelle()})
	}
	return os
}

func optionsTypeOrganisme() []Option {
	os := []Option{{"", "Non précisé"}}
	for _, t := range opco.TypesOrganisme() {
		os = append(os, Option{string(t), t.Libelle()})
	}
	return os
}

// piecesAPreparer names the pièces that the demande must hold (AK-45).
func piecesAPreparer(d opco.Demande) []string {
	var ps []string
	for _, groupe := range d.PiecesRequises() {
		ps = append(ps, majuscule(groupeDit(groupe)))
	}
	return ps
}

// groupeDit names pièces of which one is enough: « convention de formation ou devis signé ».
func groupeDit(groupe []opco.TypePiece) string {
	var noms []string
	for _, t := range groupe {
		noms = append(noms, t.Libelle())
	}
	return strings.Join(noms, " ou ")
}

// lieuOrganisme says where an organisme of the register is, and its numbers.
func lieuOrganisme(o store.OrganismeConnu) string {
	parties := []string{"SIRET " + o.SIRET.Affiche()}
	if o.NDA != "" {
		parties = append(parties, "NDA "+o.NDA.Affiche())
	}
	if lieu := strings.TrimSpace(o.CodePostal + " " + o.Ville); lieu != "" {
		parties = append(parties, lieu)
	}
	return strings.Join(parties, " · ")
}

// contactOuvert reports whether the fields of the contact say something, or are wrong.
func (p Assistant) contactOuvert() bool {
	return slices.ContainsFunc([]string{"organisme.contact", "organisme.telephone", "organisme.email"}, func(c string) bool { return p.Valeur(c) != "" || p.Faute(c) != "" })
}

// salariesVidesDit says why there is nobody to pick.
func salariesVidesDit(p Assistant) string {
	switch {
	case p.Valeur("q_salarie") != "":
		return "Personne à ajouter sous ce nom."
	case !p.Sans:
		return "Tous vos salariés sont déjà dans cette demande."
	}
	return "Votre liste de salariés est vide : saisissez les personnes ci-dessous."
}

// naissanceDite says a date of birth, when there is one.
func naissanceDite(d opco.Date) string {
	if d == "" {
		return ""
	}
	return "né(e) le " + d.Longue()
}

func adresseSaisie(o opco.OrganismeDemande) string {
	ville := strings.TrimSpace(o.CodePostal + " " + o.Ville)
	if o.Adresse == "" || ville == "" {
		return o.Adresse + ville
	}
	return o.Adresse + ", " + ville
}

func quiPaieDit(d opco.Demande) string {
	if d.Subrogation {
		return "L’OPCO paie l’organisme directement"
	}
	return "Vous payez l’organisme, l’OPCO vous rembourse"
}

// dureeDite says the length of the action, and what its modules add.
func dureeDite(d opco.Demande) string {
	if d.Duree == 0 {
		return ""
	}
	if len(d.Modules) == 0 {
		return d.Duree.String()
	}
	return d.Duree.String() + ", " + d.DureeTotale().String() + " avec " + combien(len(d.Modules), "module")
}

// entiteCourte names the établissement of a demande in a list.
func entiteCourte(l store.LigneDossier) string {
	if l.Entreprise == "" {
		return opco.SIRET(l.Etablissement).Affiche()
	}
	return l.Entreprise + " " + site(opco.SIRET(l.Etablissement))
}

func intituleOuSans(s string) string {
	if s == "" {
		return "Demande sans titre"
	}
	return s
}
