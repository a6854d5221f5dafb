package web

import (
	"strings"
	"time"

	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesRejeu) }

// planchesRejeu are the pages of the replays and of the verifications of the base.
func planchesRejeu(m Maison) []Planche {
	o := personneDemo(opco.RoleOps, "Yann", "Le Goff")
	piece := func(titre, ici string, f Formulaire) Piece { return pieceDe(m, titre, ici, o, f) }
	fini := midi.Add(4 * time.Minute)
	objet := opco.ObjetDossier(compteDemo)
	juste := opco.Rejeu{Objet: objet, Run: compteDemo, Build: "4588a76b2c01", Evenements: 73, Issue: opco.RejeuDeterministe}
	faux := opco.Rejeu{Objet: objet, Run: compteDemo, Build: "4588a76b2c01", Evenements: 29, Copie: true, Issue: opco.RejeuDivergent, Classe: opco.ClasseCommande,
		Evenement: 27, Attendu: "TimerStarted", Trouve: "UpsertWorkflowSearchAttributes"}
	rejeu := func(etat store.EtatRejeu, objet string, rs ...opco.Rejeu) store.RejeuVue {
		v := store.RejeuVue{ID: compteDemo, Objet: objet, Etat: etat, Nom: "Yann Le Goff", DemandeLe: midi, FiniLe: &fini, Build: "4588a76b2c01", Runs: rs}
		for _, r := range rs {
			v.Bilan.Ajouter(r)
		}
		v.Bilan.Total = v.Bilan.Faits
		return v
	}
	un := rejeu(store.RejeuFini, objet, juste, faux)
	un.Numero = "AF26-000123"
	classe := rejeu(store.RejeuFini, "", faux, faux, juste)
	classe.Etapes, classe.Echantillon = []string{string(opco.EtatEnInstruction)}, 500
	enCours := rejeu(store.RejeuEnCours, "", juste)
	enCours.Bilan.Total = 20_585
	echoue := rejeu(store.RejeuEchoue, "", juste)
	echoue.Raison, echoue.Nom = strings.Repeat("le moteur n’a pas répondu ; ", 6), nomLong
	liste := ListeRejeux{Piece: piece("Rejeux", adresseRejeux, Formulaire{}), Peut: true}
	pleine := liste
	pleine.Rejeux = []store.RejeuVue{un, classe, enCours, echoue, rejeu(store.RejeuDemande, ""), rejeu(store.RejeuFini, "", juste), rejeu(store.RejeuFini, "")}
	refus := liste
	refus.Formulaire = formulaire(valeurs("quoi", "objet", "objet", "AF99-1"), Faute{"objet", "Aucun dossier et aucun lot ne porte ce numéro."})
	lu := func(v store.RejeuVue) RejeuLu {
		return RejeuLu{Piece: piece("Rejeu", adresseRejeux, Formulaire{}), RejeuVue: v}
	}
	entier := lu(un)
	entier.Etapes = opco.Chronologie(journalRejoue())
	return append(planchesVerification(m, piece), []Planche{
		{"ops-rejeux-vide", PageRejeux(liste)}, {"ops-rejeux", PageRejeux(pleine)}, {"ops-rejeux-refus", PageRejeux(refus)},
		{"ops-rejeu-dossier", PageRejeu(entier)}, {"ops-rejeu-sans-journal", PageRejeu(lu(rejeu(store.RejeuFini, objet)))},
		{"ops-rejeu-classe", PageRejeu(lu(classe))}, {"ops-rejeu-en-cours", PageRejeu(lu(enCours))}, {"ops-rejeu-interrompu", PageRejeu(lu(echoue))},
	}...)
}

// journalRejoue is a short journal.
func journalRejoue() []opco.Passage {
	e := opco.Echeance{Type: opco.ActeRelancer, Code: "completude", Le: midi.AddDate(0, 0, 7)}
	return []opco.Passage{
		{Rang: 1, Type: opco.ActeCreer, Vers: opco.EtatBrouillon, Le: midi, Par: opco.Acteur{Role: opco.RoleEntreprise}, Verdict: opco.VerdictApplique},
		{Rang: 2, Type: opco.ActeDeposer, De: opco.EtatBrouillon, Vers: opco.EtatTransmise, Le: midi, Par: opco.Acteur{Role: opco.RoleEntreprise}, Verdict: opco.VerdictApplique,
			Resume: opco.Resume{Demande: 120000, Echeances: []opco.Echeance{e}}},
		{Rang: 3, Type: opco.ActeDecider, De: opco.EtatTransmise, Vers: opco.EtatTransmise, Le: midi, Par: opco.Acteur{Role: opco.RoleGestionnaire}, Verdict: opco.VerdictRefuse},
		{Rang: 4, Type: opco.ActeDecider, De: opco.EtatTransmise, Vers: opco.EtatAccordee, Le: midi, Par: opco.Acteur{Role: opco.RoleGestionnaire}, Verdict: opco.VerdictApplique,
			Resume: opco.Resume{Demande: 120000, Accorde: 100000, Engage: 100000}},
	}
}

// planchesVerification are the pages of the verifications.
func planchesVerification(_ Maison, piece func(titre, ici string, f Formulaire) Piece) []Planche {
	v, resultats := verificationDemo()
	juste := v
	juste.Tenus, juste.Rompus, juste.NonVerifiables = 23, 0, 0
	enCours := store.VerificationVue{ID: compteDemo, Origine: store.OrigineAgent, Nom: nomLong, Etat: store.VerificationEnCours, DemandeeLe: midi, CommenceeLe: &midi,
		Etape: "dossiers", Fait: 40_200, Total: 100_000}
	vide := ListeVerifications{Piece: piece("Vérification", adresseVerification, Formulaire{}), Peut: true}
	pleine, occupee, refus := vide, vide, vide
	rompue := v
	rompue.Resultats = resultats
	pleine.Derniere, pleine.Passees = &rompue, []store.VerificationVue{v, juste, enCours}
	occupee.Derniere, occupee.Passees = &enCours, []store.VerificationVue{enCours}
	refus.Formulaire = formulaire(nil, Faute{"", "Une vérification est déjà en cours : attendez son résultat, il vaut pour toute la base."})
	return []Planche{
		{"ops-verification-vide", PageVerifications(vide)}, {"ops-verification", PageVerifications(pleine)}, {"ops-verification-en-cours", PageVerifications(occupee)},
		{"ops-verification-refus", PageVerifications(refus)},
		{"ops-verification-une", PageVerification(VerificationLue{Piece: piece("Vérification", adresseVerification, Formulaire{}), VerificationVue: rompue})},
	}
}

// verificationDemo is a verification of the night that found one invariant broken, without its report, and
// that report.
func verificationDemo() (v store.VerificationVue, resultats []store.ResultatInvariant) {
	fini := midi.Add(4 * time.Minute)
	phrase := strings.Repeat("le compte ENGAGE de l’enveloppe VV-2026 : solde 1 200,00 €, somme des écritures 1 199,99 € ; ", 3)
	resultats = []store.ResultatInvariant{
		{Code: "I1", Nom: "Payé et en cours ≤ approuvé ≤ accordé ≤ demandé, au centime", Tenue: store.Tenu, Examines: 100_000},
		{Code: "I2", Nom: "Écritures équilibrées ; solde = somme des écritures", Tenue: store.Rompu, Examines: 309_300, Ecarts: 12,
			Exemples: []store.Ecart{{Code: "I2", Objet: opco.ObjetDossier(compteDemo), Phrase: phrase}, {Code: "I2", Objet: "enveloppe/VV", Phrase: "écart de 0,01 €"}}},
		{Code: "I15", Nom: "Tableau = dernier passage = dossier relu = procédure en cours", Tenue: store.NonVerifiable, Examines: 100_000,
			Raison: "le moteur n’a pas répondu pour 20 585 dossiers ouverts"},
	}
	v = store.VerificationVue{ID: compteDemo, Origine: store.OrigineNuit, Etat: store.VerificationFinie, DemandeeLe: midi, CommenceeLe: &midi, FinieLe: &fini,
		Examines: 4_731_020, Tenus: 21, Rompus: 1, NonVerifiables: 1}
	return v, resultats
}

// verificationsDemo are what the console may have to say of the verifications: something is broken, a night
// was missed, the last one did not take place, all holds while another goes on.
func verificationsDemo() (rompue, manquee, echouee, tenue VerificationDuJour) {
	v, resultats := verificationDemo()
	juste, faux := v, v
	v.Resultats = resultats
	juste.Rompus, juste.NonVerifiables = 0, 0
	faux.Etat, faux.Rompus, faux.Raison = store.VerificationEchouee, 0, strings.Repeat("le moteur n’a pas répondu ; ", 6)
	return VerificationDuJour{Derniere: &v, Age: 8 * time.Hour}, VerificationDuJour{Derniere: &juste, Age: 51 * time.Hour},
		VerificationDuJour{Derniere: &faux, Age: time.Hour}, VerificationDuJour{Derniere: &juste, Age: time.Hour, EnCours: true}
}
