package web

import (
	"strings"

	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesActionLot) }

// planchesActionLot are the pages of the actions on many dossiers.
func planchesActionLot(m Maison) []Planche {
	o := personneDemo(opco.RoleResponsable, "Nadia", "Ferrand")
	choix := ChoixFile{Etiquettes: []store.EtiquetteLue{{ID: compteDemo, Nom: "À rappeler", Ton: Ambre}}, Instructeurs: []store.Instructeur{{Personne: "claire", Nom: "Claire Morin"}, {Personne: "long", Nom: nomLong}}}
	choisir := func(f Formulaire, ids ...string) ChoixAction {
		p := ChoixAction{Piece: pieceDe(m, "Agir sur plusieurs dossiers", adresseActions, o, f), Dossiers: ids, Genres: opco.GenresLot(o.Role), Choix: choix}
		p.Formulaire = f
		return p
	}
	action := func(etat store.EtatActionLot, n store.NombresLot, es ...store.ElementLot) ActionDeLot {
		v := store.ActionLotVue{ID: compteDemo, Etat: etat, Action: opco.ActionLot{Genre: opco.LotComplement}, Nom: "Nadia Ferrand", CreeLe: midi, Nombres: n}
		return ActionDeLot{Piece: pieceDe(m, "Demander un complément", adresseActions, o, Formulaire{}), ActionLotVue: v, Mienne: true, Elements: es}
	}
	element := func(etat, phrase string) store.ElementLot {
		return store.ElementLot{N: 1, Dossier: compteDemo, Numero: "26.A.21056.1", Entreprise: "École Les Tilleuls", Etat: etat, Phrase: phrase}
	}
	long := element("ECARTE", strings.Repeat("Ce dossier a changé depuis l’essai : relisez-le avant d’agir. ", 3))
	long.Entreprise = nomEntLong
	liste := ActionsDeLot{Piece: pieceDe(m, "Actions sur plusieurs dossiers", adresseActions, o, Formulaire{})}
	pleine := liste
	for _, e := range []store.EtatActionLot{store.LotEssai, store.LotPret, store.LotLance, store.LotArrete, store.LotTermine, store.LotAbandonne} {
		x := action(e, store.NombresLot{Total: 50_000, Applique: 49_120, Refuse: 880}).ActionLotVue
		x.Nom = nomLong
		pleine.Actions = append(pleine.Actions, x)
	}
	return []Planche{
		{"lot-actions-choix", PageChoixAction(choisir(Formulaire{}, "a", "b"))},
		{"lot-actions-choix-refus", PageChoixAction(choisir(formulaire(valeurs("genre", "COMPLEMENT"), Faute{"piece", "Cochez au moins une pièce à demander."}), "a"))},
		{"lot-actions-vide", PageActions(liste)},
		{"lot-actions", PageActions(pleine)},
		{"lot-action-essai", PageAction(action(store.LotEssai, store.NombresLot{Total: 320, Attend: 200, Applicable: 110, Ecarte: 10}, element("ATTEND", "")))},
		{"lot-action-prete", PageAction(action(store.LotPret, store.NombresLot{Total: 2, Applicable: 1, Ecarte: 1}, element("APPLICABLE", ""), long))},
		{"lot-action-vide", PageAction(action(store.LotArrete, store.NombresLot{Total: 3, Applicable: 3}))},
		{"lot-action-faite", PageAction(action(store.LotTermine, store.NombresLot{Total: 3, Applique: 1, Ecarte: 1, Refuse: 1}, element("APPLIQUE", ""), long, element("REFUSE", "Ce dossier a été annulé.")))},
	}
}
