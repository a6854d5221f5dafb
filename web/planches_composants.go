package web

import "guichet/opco"

func planchesComposants(m Maison) []Planche {
	p := Page{Titre: "Composants", Maison: m, Densite: "serre", Annonce: "Accord envoyé à École Les Tilleuls.", Feuilles: []string{"equipe.css"},
		Qui: &Qui{Nom: "Inès Benkirane", Fonction: "Conseillère, équipe Sud"},
		Menu: []Rubrique{{Titre: "Mes files", Entrees: []Entree{{"Habilitations", "#", "key-round", 6, "", true}, {"Second regard", "#", "eye", 3, Prune, false}, {"Factures", "#", "receipt-text", 1200, "", false}}},
			{Titre: "Chercher", Pliee: true, Entrees: []Entree{{"Entreprises", "#", "building-2", 0, "", false}}}}}
	p.Defaire = &Defaire{Action: "#"}
	long := p
	long.Annonce, long.Densite = "", "confort"
	long.Qui = &Qui{Nom: nomLong, Fonction: "Responsable administrative et financière", Perimetre: "Établissement supérieur de la formation façonnée & Cie", PerimetreURL: "#"}
	return []Planche{{"composants", pageComposants(p)}, {"composants-longs", pageComposants(long)}}
}

func lignesEtats() [][]Cellule {
	var l [][]Cellule
	for _, e := range opco.Etats() {
		l = append(l, []Cellule{{Corps: Pastille(string(e), Guichet)}, {Corps: Pastille(string(e), Atlas)}, {Corps: Pastille(string(e), Akto)}})
	}
	return l
}

func lignesDroits() [][]Cellule {
	var l [][]Cellule
	for _, e := range opco.EtatsHabilitation() {
		l = append(l, []Cellule{{Corps: PastilleHabilitation(e)}, {Corps: Pastille(string(e), Titulaire)}})
	}
	return l
}

func lignesComptes() [][]Cellule {
	var l [][]Cellule
	for _, e := range opco.EtatsCompte() {
		l = append(l, []Cellule{{Corps: PastilleCompte(e)}})
	}
	return l
}
