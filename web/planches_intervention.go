package web

import (
	"strings"

	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesIntervention) }

// planchesIntervention are the pages of the safe actions of the ops staff.
func planchesIntervention(m Maison) []Planche {
	o := personneDemo(opco.RoleOps, "Yann", "Kervadec")
	long := strings.Repeat("Coupure du réseau de 14 h à 15 h, rétablie par le prestataire. ", 6)
	vue := func(v opco.Verbe, etat store.EtatIntervention, n store.NombresIntervention) store.InterventionVue {
		return store.InterventionVue{ID: compteDemo, Demande: opco.Intervention{Verbe: v, Motif: "Coupure du réseau, 14 h", Etape: "instruction"}, Etat: etat, Nom: "Yann Kervadec", CreeLe: midi, Nombres: n,
			Argent: v.Argent("lot/L-1") && v != opco.VerbeRenvoyer}
	}
	page := func(v store.InterventionVue, es ...store.ElementIntervention) UneIntervention {
		return UneIntervention{Piece: pieceDe(m, v.Demande.Dit(), adresseInterventions, o, Formulaire{}), InterventionVue: v, Mienne: true, Elements: es}
	}
	element := func(etat, phrase string) store.ElementIntervention {
		return store.ElementIntervention{N: 1, Objet: "dossier/" + compteDemo, Numero: "26.A.21056.1", Etat: etat, Phrase: phrase}
	}
	reprise := element(store.ElementApplicable, "La procédure revivra depuis « instruction ». Le journal, rang 7, n’est pas touché.")
	reprise.Effets = []opco.Effet{{Quoi: "Au journal : la décision, vers « Accordée »", Cle: "rang 7", Sort: "déjà au journal : relu, pas refait"},
		{Quoi: "Courriel « accord », pour : entreprise", Cle: compteDemo + "-7-ACCORD-entreprise", Sort: "déjà parti : pas renvoyé"}}
	seconde := page(vue(opco.VerbeRouvrirPaiements, store.InterventionProposee, store.NombresIntervention{}))
	seconde.Mienne, seconde.Seconde, seconde.Nom, seconde.Demande.Motif = false, true, nomLong, long
	seconde.Formulaire = formulaire(valeurs(), Faute{"raison", "Dites pourquoi : Yann Kervadec le lira."})
	ouverts := []store.Interrupteur{{Nom: "paiements"}, {Nom: "courriels"}}
	fermes := []store.Interrupteur{{Nom: "paiements", Ferme: true, Le: &midi, Par: nomLong, Motif: long, Retenu: 12}, {Nom: "courriels", Ferme: true, Le: &midi, Par: "Yann Kervadec", Motif: "Restauration", Retenu: 2_408}}
	liste := JournalInterventions{Piece: pieceDe(m, "Interventions", adresseInterventions, o, Formulaire{}), Interrupteurs: ouverts, Peut: true}
	pleine := liste
	pleine.Interrupteurs = fermes
	for _, e := range []store.EtatIntervention{store.InterventionEssai, store.InterventionProposee, store.InterventionApprouvee, store.InterventionEnCours,
		store.InterventionVerifiee, store.InterventionPartielle, store.InterventionSansEffet, store.InterventionRefusee} {
		v := vue(opco.VerbeRenvoyer, e, store.NombresIntervention{Total: 2_000, Verifie: 1_988, Refuse: 12})
		v.Nom, v.SecondNom, v.Demande.Motif, v.Conclusion = nomLong, nomLong, long, "Constaté sur 1 988, sans effet ou refusé sur 12."
		pleine.Interventions = append(pleine.Interventions, v)
	}
	filtree := liste
	filtree.Objet, filtree.Interventions = "26.A.21056.1", pleine.Interventions[:1]
	nouvelle := func(f Formulaire, cause string) NouvelleIntervention {
		p := NouvelleIntervention{Piece: pieceDe(m, "Intervenir", adresseInterventions, o, f), Cause: cause, Verbes: opco.Verbes()}
		p.Formulaire, p.Etapes = f, etapesToutes()
		return p
	}
	revenir := nouvelle(formulaire(valeurs("verbe", "REVENIR", "objet", "26.A.21056.1"), Faute{"etape", "Choisissez l’étape à laquelle revenir."}), "")
	revenir.Etapes, revenir.Sienne = []Option{{"", "Choisir une étape"}, {"règlement", "Règlement (la dernière)"}, {"pièces de fin", "Pièces de fin"}, {"instruction", "Instruction"}}, true
	deLaPanne := nouvelle(formulaire(valeurs("verbe", "RENVOYER"), Faute{"motif", "Dites pourquoi, en 10 caractères au moins : la raison reste au journal."}), "a1b2")
	deLaPanne.TitreCause = "Le serveur de courriels ne répond pas"
	return []Planche{
		{"interventions-vide", PageInterventions(liste)},
		{"interventions", PageInterventions(pleine)}, {"interventions-objet", PageInterventions(filtree)},
		{"intervention-nouvelle", PageNouvelleIntervention(nouvelle(formulaire(valeurs("verbe", "RELANCER", "objet", "26.A.21056.1")), ""))},
		{"intervention-nouvelle-refus", PageNouvelleIntervention(deLaPanne)},
		{"intervention-nouvelle-etape", PageNouvelleIntervention(revenir)},
		{"intervention-proposee", PageIntervention(page(vue(opco.VerbeRevenir, store.InterventionProposee, store.NombresIntervention{Total: 2, Applicable: 1, Ecarte: 1}), reprise, element(store.ElementEcarte, long)))},
		{"intervention-accord", PageIntervention(seconde)},
		{"intervention-en-cours", PageIntervention(page(vue(opco.VerbeRelancer, store.InterventionEnCours, store.NombresIntervention{Total: 2, Verifie: 1, Demande: 1}), element(store.ElementDemande, "Demandé, pas encore constaté."), element(string(opco.ConstateVerifie), "Plus rien n’attend ; le journal est au rang 9.")))},
	}
}
