package opco

import "strings"

// IDCC identifies a collective agreement, hence a branch: 4 digits, « 0438 ».
type IDCC string

// ParseIDCC reads an IDCC typed by a person. Leading zeros may be left out, as
// the State's own lists do. 9999 means « no agreement » in payroll files and is
// refused. Whether the branch is one of ours is for the reference data to say.
// It returns an Invalid error on the field « idcc ».
func ParseIDCC(s string) (IDCC, error) {
	n := sansEspaces(s)
	switch {
	case n == "":
		return "", Champf("idcc", "Indiquez l’IDCC de votre convention collective : 4 chiffres, inscrits sur vos bulletins de paie.")
	case !chiffres(n) || len(n) > 4:
		return "", Champf("idcc", "Un IDCC a 4 chiffres : « %s » ne convient pas. Il est inscrit sur vos bulletins de paie.", citer(s))
	case strings.Trim(n, "0") == "" || n == "9999":
		return "", Champf("idcc", "L’IDCC %s ne désigne aucune convention collective. Vérifiez-le sur vos bulletins de paie.", n)
	}
	return IDCC(strings.Repeat("0", 4-len(n)) + n), nil
}

// Libelle is the name of the branch with its number, as people know it: « Propreté
// (IDCC 3043) »; the number alone when the catalogue does not name it.
func (i IDCC) Libelle() string {
	if nom := nomsIDCC[i]; nom != "" {
		return nom + " (IDCC " + string(i) + ")"
	}
	return "IDCC " + string(i)
}

// nomsIDCC are the usual names of the collective agreements that the OPCO meets, by
// the numbers of the ministère du Travail.
var nomsIDCC = map[IDCC]string{
	"0016": "Transports routiers",
	"0018": "Industrie textile",
	"0029": "Hospitalisation privée à but non lucratif, FEHAP",
	"0044": "Industries chimiques",
	"0045": "Industrie du caoutchouc",
	"0176": "Industrie pharmaceutique",
	"0292": "Plasturgie",
	"0413": "Établissements pour personnes inadaptées et handicapées",
	"0573": "Commerces de gros",
	"0675": "Maisons à succursales de vente au détail d’habillement",
	"0787": "Cabinets d’experts-comptables et de commissaires aux comptes",
	"0843": "Boulangerie-pâtisserie artisanale",
	"1043": "Gardiens, concierges et employés d’immeubles",
	"1090": "Services de l’automobile",
	"1147": "Cabinets médicaux",
	"1266": "Restauration de collectivités",
	"1285": "Entreprises artistiques et culturelles",
	"1351": "Prévention et sécurité",
	"1486": "Bureaux d’études techniques, cabinets d’ingénieurs-conseils et sociétés de conseils",
	"1501": "Restauration rapide",
	"1516": "Organismes de formation",
	"1518": "Métiers de l’éducation, de la culture, des loisirs et de l’animation",
	"1527": "Immobilier",
	"1596": "Bâtiment, ouvriers, entreprises de dix salariés au plus",
	"1597": "Bâtiment, ouvriers, entreprises de plus de dix salariés",
	"1672": "Sociétés d’assurances",
	"1979": "Hôtels, cafés, restaurants",
	"1996": "Pharmacie d’officine",
	"2098": "Prestataires de services du secteur tertiaire",
	"2120": "Banque",
	"2148": "Télécommunications",
	"2216": "Commerce de détail et de gros à prédominance alimentaire",
	"2264": "Hospitalisation privée",
	"2511": "Sport",
	"2596": "Coiffure",
	"2609": "Bâtiment, employés, techniciens et agents de maîtrise",
	"2691": "Enseignement privé indépendant",
	"3043": "Propreté",
	"3127": "Entreprises de services à la personne",
	"3248": "Métallurgie",
}
