package web

import (
	"fmt"
	"net/url"
	"time"

	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesFile) }

// lignesFileDemo are a few dossiers of a queue, at every pressure and in every hand.
func lignesFileDemo() []store.LigneFile {
	ligne := func(i int, nom, intitule, organisme string, jours int, etat opco.Etat, montant opco.Montant, b opco.Blocage) store.LigneFile {
		l := store.LigneFile{LigneDossier: store.LigneDossier{ID: fmt.Sprintf("3f2504e0-4f89-41d3-9a0c-0305e82c33%02d", i), Numero: fmt.Sprintf("26.A.215%02d.1", i), Etat: etat,
			Entreprise: nom, Intitule: intitule, OrganismeNom: organisme, Demande: montant, Debut: opco.Date("2026-06-12").Jours(i), Limite: opco.Date("2026-06-11").Jours(jours)},
			JoursOuvres: &jours, Blocage: b, Pression: opco.ParametresDefaut().File.PressionDe(jours)}
		return l
	}
	pret := opco.Blocage{Quoi: "Rien : les pièces sont là, à décider", Qui: opco.RoleGestionnaire}
	ls := []store.LigneFile{
		ligne(1, "Atelier Numérique Sorbier", "Sécurité des développements web", "Formalia Synthèse", -1, opco.EtatEnInstruction, 1_440_000, pret),
		ligne(2, "Conseil & Méthodes Garonne", "Animer une réunion à distance", "Pédagogie Nouvelle", 2, opco.EtatEnInstruction, 320_250, pret),
		ligne(3, "Propreté Azur", "Encadrer une équipe d’agents", "Compétences Plus Démo", 5, opco.EtatEnInstruction, 283_500, opco.Blocage{Quoi: "Manque : programme, devis, et 2 de plus", Qui: opco.RoleGestionnaire}),
		ligne(4, "École Les Tilleuls", "Repérer et accompagner les élèves à besoins particuliers", "Pédagogie Nouvelle", 8, opco.EtatACompleter, 290_953, opco.Blocage{Quoi: "Manque : convention", Qui: opco.RoleOrganisme}),
		ligne(5, "Banque Littorale", "Validation des acquis, licence Banque", "Formalia Synthèse", 18, opco.EtatEnValidation, 1_240_000, opco.Blocage{Quoi: "Accord de 12 400,00 € proposé par Hugo Bastide", Qui: opco.RoleResponsable}),
		ligne(6, nomEntLong, nomEntLong, nomEntLong, 24, opco.EtatEnInstruction, 99_999_999_99, pret),
	}
	ls[1].Prise = &store.PriseVue{Nom: "Karim Aït-Said", Dit: "Karim Aït-Said l’étudie depuis 10 h 12.", ExpireLe: midi, Depuis: midi}
	ls[2].Prise = &store.PriseVue{Nom: "Claire Morin", Dit: "Claire Morin l’étudie depuis 10 h 40.", Mienne: true, ExpireLe: midi, Depuis: midi}
	ls[3].Attente = &store.AttenteVue{JusquAu: "2026-06-19", Raison: "Le conseiller rappelle l’entreprise", Nom: "Claire Morin", Le: midi}
	ls[4].Lien = "Vous avez déclaré un lien avec cette entreprise."
	ls[0].Etiquettes = []store.EtiquettePosee{{ID: "a", Nom: "À rappeler", Ton: Ambre}, {ID: "b", Nom: "Groupe Sorbier", Ton: Bleu}}
	ls[5].Etiquettes = []store.EtiquettePosee{{ID: "c", Nom: "Une étiquette de quarante caractères, oui", Ton: Prune}}
	ls[0].Pourquoi = "Le délai légal est dépassé depuis le 10 juin 2026 : répondez maintenant."
	return ls
}

func choixFileDemo() ChoixFile {
	return ChoixFile{Branches: []opco.IDCC{"1486", "2691"}, Instructeurs: []store.Instructeur{{Personne: "p1", Nom: "Claire Morin", Role: opco.RoleGestionnaire}, {Personne: "p2", Nom: nomLong, Role: opco.RoleResponsable}},
		Etiquettes: []store.EtiquetteLue{{ID: "a", Nom: "À rappeler", Ton: Ambre, Nombre: 12}, {ID: "b", Nom: "Groupe Sorbier", Ton: Bleu, Nombre: 1}, {ID: "c", Nom: "Une étiquette de quarante caractères, oui", Ton: Prune}}}
}

func vuesDemo() []store.VueEnregistree {
	return []store.VueEnregistree{{ID: "v1", Nom: "Échéance cette semaine", Filtre: "file=instruction&limite_au=2026-06-19", Mienne: true, Defaut: true, Auteur: "Claire Morin"},
		{ID: "v2", Nom: "Enseignement privé", Filtre: "branche=2691", Mienne: true, Partagee: true, Auteur: "Claire Morin"}, {ID: "v3", Nom: nomLong, Filtre: "perimetre=equipe", Partagee: true, Auteur: nomLong}}
}

func planchesFile(m Maison) []Planche {
	claire, chef := personneDemo(opco.RoleGestionnaire, "Claire", "Morin"), personneDemo(opco.RoleResponsable, "Nadia", "Ferrand")
	f := func(o Occupant, file store.File, q url.Values, ls []store.LigneFile, form Formulaire) FileTravail {
		p := FileTravail{Piece: pieceDe(m, nomFile(store.FiltreFile{Filtre: store.Filtre{File: file}}), adresseFile(file), o, form), File: file, Filtre: q, Lignes: ls, Nombre: int64(len(ls)),
			Choix: choixFileDemo(), Jour: "2026-06-11", Reglages: opco.ParametresDefaut().File, Prend: true, Dirige: o.Role == opco.RoleResponsable,
			Onglets: []Onglet{{"Mon portefeuille", "/instruction", 47, true}, {"Toute l’équipe", "/instruction?perimetre=equipe", 132, false}, {"En attente", "/instruction?attente=oui", 3, false}}}
		p.Page = p.avec("equipe.css").avecModule("travail.js")
		p.Liste.Dit, p.Prochain = p.compteDit(), p.prochain()
		return p
	}
	pleine := f(claire, store.FileInstruction, url.Values{}, lignesFileDemo(), Formulaire{})
	pleine.Nombre, pleine.Liste = 1312, PageListe{Suivant: "/instruction?apres=x", Dit: "6 dossiers sur 1 312"}
	pleine.Vues = []Onglet{{"Échéance cette semaine", "/instruction?limite_au=2026-06-19", 5, false}, {"Enseignement privé", "/instruction?branche=2691", 18, false}}
	filtre := url.Values{"q": {"sorbier"}, "etat": {"EN_INSTRUCTION"}, "montant_min": {"dix mille"}, "retard": {"oui"}, "etiquette": {"a"}}
	fautive := f(claire, store.FileInstruction, filtre, lignesFileDemo()[:1], formulaire(filtre, Faute{"montant_min", "« dix mille » n’est pas un montant : écrivez par exemple 1 234,56."}))
	vide := f(claire, store.FileCompletude, url.Values{"file": {"completude"}}, nil, Formulaire{})
	vide.Onglets[0].Compte = 0
	classe := func(o Occupant, l store.LigneFile, gs []store.Geste, form Formulaire) Classement {
		p := Classement{Piece: pieceDe(m, "Classer "+l.Numero, "", o, form), Ligne: l, Gestes: gs, Choix: choixFileDemo(), Reglages: opco.ParametresDefaut().File, Jour: "2026-06-11", Ecrit: true,
			Dirige: o.Role == opco.RoleResponsable, Prise: EtatPrise{Dossier: l.ID, Acte: "7d444840-9dc0-11d1-b245-5ffdce74fad2", Prise: l.Prise, Libre: l.Prise == nil, Reprend: o.Role == opco.RoleResponsable}}
		p.Page = p.avec("equipe.css")
		return p
	}
	gestes := []store.Geste{{Type: store.GesteReattribuer, Nom: "Nadia Ferrand", Le: midi, Detail: "à Claire Morin : congés de Hugo Bastide"}, {Type: store.GesteAttendre, Nom: nomLong, Le: midi.Add(-time.Hour), Detail: "jusqu’au 19 juin 2026 : le conseiller rappelle l’entreprise"},
		{Type: store.GesteLiberer, Le: midi.Add(-2 * time.Hour), Detail: "En instruction"}, {Type: store.GestePrendre, Nom: "Claire Morin", Le: midi.Add(-3 * time.Hour), Detail: lignesFileDemo()[0].Pourquoi}}
	piece := func(o Occupant, titre, ici string, form Formulaire) Piece {
		p := pieceDe(m, titre, ici, o, form)
		p.Page = p.avec("equipe.css")
		return p
	}
	refus := formulaire(url.Values{"jusqu_au": {"2026-08-30"}}, Faute{"jusqu_au", "Ce dossier ne peut pas attendre au-delà du 19 juin 2026 : il faut y répondre ce jour-là au plus tard."}, Faute{"raison", "Dites pourquoi ce dossier attend : vos collègues le liront."})
	lignes := []store.LignePortefeuille{{ID: "l1", Nom: "Claire Morin", IDCC: "1486", Departement: "31"}, {ID: "l2", Nom: nomLong, SIREN: "999001019", Entreprise: nomEntLong}}
	return []Planche{
		{"file", PageTravail(pleine)},
		{"file-vide", PageTravail(vide)},
		{"file-filtree", PageTravail(fautive)},
		{"file-vues", PageVues(VuesGardees{Piece: piece(claire, "Mes vues", adresseFile(store.FileInstruction), formulaire(valeurs("id", "x", "filtre", "branche=2691&perimetre=equipe&retard=oui"), Faute{"nom", "Donnez un nom à cette vue."})), Vues: vuesDemo(), Choix: choixFileDemo()})},
		{"file-vues-vide", PageVues(VuesGardees{Piece: piece(claire, "Mes vues", "", formulaire(valeurs("id", "x"))), Choix: choixFileDemo()})},
		{"file-etiquettes", PageEtiquettes(EtiquettesMaison{Piece: piece(chef, "Étiquettes", "/instruction/etiquettes", formulaire(valeurs("id", "x"), Faute{"nom", "Donnez un nom à cette étiquette."})), Etiquettes: choixFileDemo().Etiquettes, Ecrit: true, Dirige: true})},
		{"file-etiquettes-vide", PageEtiquettes(EtiquettesMaison{Piece: piece(claire, "Étiquettes", "/instruction/etiquettes", Formulaire{}), Ecrit: true})},
		{"file-classement", PageClassement(classe(claire, lignesFileDemo()[2], nil, Formulaire{}))},
		{"file-classement-refus", PageClassement(classe(chef, lignesFileDemo()[1], gestes, refus))},
		{"file-classement-long", PageClassement(classe(chef, lignesFileDemo()[5], gestes, Formulaire{}))},
		{"file-portefeuilles", PagePortefeuilles(PortefeuillesEquipe{Piece: piece(chef, "Portefeuilles", "/equipe/portefeuilles", formulaire(url.Values{"departement": {"20"}}, Faute{"departement", "Ce département n’existe pas : écrivez par exemple 31, 2A ou 974."})), Lignes: lignes, Choix: choixFileDemo()})},
		{"file-portefeuilles-vide", PagePortefeuilles(PortefeuillesEquipe{Piece: piece(chef, "Portefeuilles", "/equipe/portefeuilles", Formulaire{}), Choix: choixFileDemo()})},
	}
}
