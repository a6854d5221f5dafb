package web

import (
	"fmt"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesIndus, planchesFonds) }

func indusDemo() []store.LigneIndu {
	l := func(n int, e opco.EtatIndu, cause opco.CauseIndu, nom string, m, revenu opco.Montant, avant opco.Date) store.LigneIndu {
		return store.LigneIndu{ID: fmt.Sprintf("f%d-i1", n), Numero: fmt.Sprintf("I26-%06d", n), Etat: e, Cause: cause, Dossier: dossierPaye, DossierNumero: fmt.Sprintf("AF26-%06d", 117+n),
			Debiteur: "99900136500017", DebiteurNom: nom, Montant: m, Recouvre: revenu, Reste: m - revenu, ConstateLe: "2026-06-01", Avant: avant}
	}
	return []store.LigneIndu{l(6, opco.InduConstate, opco.CauseControle, nomEntLong, 112000, 0, ""), l(5, opco.InduNotifie, opco.CauseAvoir, "Formalia Synthèse", 24000, 0, "2026-07-11"),
		l(4, opco.InduConteste, opco.CauseDoublePaiement, "Compétences Plus Démo", 120000, 20000, "2026-07-01"), l(3, opco.InduAbandonPropose, opco.CauseRupture, "CFA Démo", 990, 0, "2026-05-11"),
		l(2, opco.InduContentieux, opco.CauseAvance, "", 4_812_640, 2_000_000, "2026-04-11"), l(1, opco.InduCompense, opco.CauseAnnulation, "Pédagogie Nouvelle", 36000, 36000, "2026-03-11")}
}

// induDemo is a debt as its reader sees it.
func induDemo(e opco.EtatIndu, nom string, actes ...opco.TypeActe) api.InduLu {
	i := opco.Indu{ID: "f1-i1", Numero: "I26-000001", Etat: e, Dossier: dossierPaye, DossierNumero: "AF26-000118", Facture: "f1", FactureNumero: "F-2026-117", Cause: opco.CauseControle,
		Raison: "90 heures suivies sur 365, lues dans le relevé de connexions.", Debiteur: "99900136500017", RoleDebiteur: opco.RoleOrganisme, Montant: 112000, ConstateLe: "2026-06-01",
		NotifieLe: "2026-06-02", ReponseAvant: "2026-07-02"}
	if e == opco.InduConstate {
		i.NotifieLe, i.ReponseAvant = "", ""
	}
	return api.InduLu{Indu: i, EtatLibelle: e.String(), CauseLibelle: i.Cause.Libelle(), DebiteurNom: nom, Reste: i.Reste(), Actes: actes}
}

func planchesIndus(m Maison) []Planche {
	of, cpt, chef := organismeDemo(), comptableDemo(), personneDemo(opco.RoleResponsable, "Nadia", "Ferrand")
	liste := func(o Occupant, base string, ls []store.LigneIndu, f Formulaire) Indus {
		titre := titreIndusDus
		if o.Role.Interne() {
			titre = titreIndusMaison
		}
		p := Indus{Piece: pieceDe(m, titre, base, o, f), Base: base, Interne: o.Role.Interne(), Lignes: ls, Jour: "2026-06-11", Compte: map[opco.EtatIndu]int{}}
		for _, l := range ls {
			p.Compte[l.Etat]++
		}
		p.avecFeuille()
		return p
	}
	un := func(o Occupant, base string, i api.InduLu, f Formulaire) UnIndu {
		p := UnIndu{Piece: pieceDe(m, "Indu "+i.Numero, base, o, f), InduLu: i, Base: base, Interne: o.Role.Interne(), Jour: "2026-06-11"}
		p.avecFeuille()
		p.situer()
		if p.Interne {
			p.ConstatePar = opco.Acteur{Nom: nomLong, Role: opco.RoleGestionnaire}
			p.Parts = []opco.PartFonds{{Enveloppe: "e1", Code: opco.FondsMutualise, Montant: 70000}, {Enveloppe: "e2", Code: opco.FondsVV, Montant: 42000}}
			p.Faits = faitsIndu([]opco.Passage{{Type: opco.ActeOuvrirIndu, Vers: opco.Etat(opco.InduConstate), Le: midi, Par: opco.ActeurSysteme(), Phrase: "Indu de 1 120,00 € constaté sur la facture F-2026-117 : contrôle du service fait."},
				{Type: opco.ActeNotifierIndu, Verdict: opco.VerdictRefuse, Le: midi, Par: p.ConstatePar, Phrase: "Vous avez constaté cet indu : une autre personne le notifie."}})
		}
		return p
	}
	longue := liste(cpt, adresseIndus, indusDemo(), Formulaire{})
	longue.Suite = "#"
	conteste := induDemo(opco.InduConteste, nomEntLong, opco.ActeMaintenirIndu, opco.ActeAnnulerIndu)
	conteste.Contestation, conteste.RepondreAvant = "Les 275 heures ont été suivies à distance : voici le relevé signé de chaque stagiaire.", "2026-07-11"
	reste := induDemo(opco.InduNotifie, "Formalia Synthèse", opco.ActeRembourserIndu)
	reste.Accepte, reste.Recouvrements = true, []opco.Recouvrement{{Type: opco.RecouvrementCompensation, Montant: 50000, Date: "2026-06-10", Reference: "R26-000004"}, {Type: opco.RecouvrementRemboursement, Montant: 20000, Date: "2026-06-11", Reference: "CAMT-1"}}
	reste.Reste = reste.Indu.Reste()
	compense := un(cpt, adresseIndus, reste, Formulaire{})
	compense.Payables = []Option{{"d r", "R26-000009, dossier AF26-000131 : 3 000,00 €"}}
	quatre := un(cpt, adresseIndus, induDemo(opco.InduConstate, nomEntLong), Formulaire{})
	quatre.Quatre = "Vous avez constaté cet indu : une autre personne le notifie."
	muet := formulaire(valeurs("fait", string(opco.ActeContesterIndu), "raison", ""), Faute{"raison", "Dites pourquoi vous contestez cette somme : un responsable vous répond."})
	trop := formulaire(valeurs("fait", string(opco.ActeRembourserIndu), "montant", "9 000", "date", "2026-06-11", "reference", "CAMT-2"), Faute{"montant", "Il ne reste que 420,00 € à recouvrer : rendez le surplus, ou affectez-le à un autre indu."})
	return []Planche{
		{"indus", PageIndus(longue)},
		{"indus-vide", PageIndus(liste(cpt, adresseIndus, nil, Formulaire{}))},
		{"indus-introuvable", PageIndus(liste(cpt, adresseIndus, nil, formulaire(valeurs("q", "Zzz"))))},
		{"organisme-indus", PageIndus(liste(of, indusOrganisme, indusDemo()[1:2], Formulaire{}))},
		{"organisme-indus-vide", PageIndus(liste(of, indusOrganisme, nil, Formulaire{}))},
		{"indu", PageIndu(un(cpt, adresseIndus, induDemo(opco.InduConstate, nomEntLong, opco.ActeNotifierIndu), Formulaire{}))},
		{"indu-quatre-yeux", PageIndu(quatre)},
		{"indu-conteste", PageIndu(un(chef, adresseIndus, conteste, Formulaire{}))},
		{"indu-compense", PageIndu(compense)},
		{"indu-fautes", PageIndu(un(cpt, adresseIndus, reste, trop))},
		{"organisme-indu", PageIndu(un(of, indusOrganisme, induDemo(opco.InduNotifie, nomEntLong, opco.ActeContesterIndu, opco.ActeAccepterIndu), Formulaire{}))},
		{"organisme-indu-fautes", PageIndu(un(of, indusOrganisme, induDemo(opco.InduNotifie, nomEntLong, opco.ActeContesterIndu, opco.ActeAccepterIndu), muet))},
	}
}

func planchesFonds(m Maison) []Planche {
	page := func(f Formulaire, clos ...store.Exercice) GestionFonds {
		p := GestionFonds{Piece: pieceDe(m, "Créditer, clore", "/comptabilite/enveloppes", comptableDemo(), f), Clos: clos}
		p.avecFeuille()
		p.ouvrables(2026)
		return p
	}
	faux := formulaire(valeurs("siren", "12", "fonds", opco.FondsVV, "annee", "2026", "montant", "douze"), Faute{"siren", "Un SIREN a neuf chiffres, un SIRET quatorze."},
		Faute{"annee", "Un versement volontaire n’a pas d’année : laissez-la vide."}, Faute{"montant", "« douze » n’est pas un montant."}, Faute{"certain", "Cochez la case : une clôture ne se défait pas."})
	return []Planche{
		{"fonds", PageFonds(page(Formulaire{}, store.Exercice{Annee: 2025, ClosLe: midi, Nom: nomLong}, store.Exercice{Annee: 2024, ClosLe: midi, Nom: "Marie-Noëlle Saint-Cricq"}))},
		{"fonds-vide", PageFonds(page(Formulaire{}))},
		{"fonds-fautes", PageFonds(page(faux))},
	}
}
