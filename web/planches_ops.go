package web

import (
	"strings"
	"time"

	"guichet/api"
	"guichet/opco"
)

func init() { planches = append(planches, planchesOps) }

// causeDemo is a cause with n cases behind it.
func causeDemo(activite string, classe opco.Classe, n int64, erreur string, enjeu opco.Montant) api.CauseOuverte {
	k := opco.Incident{Activite: activite, Classe: classe, Erreur: erreur}.Cause()
	d, prochain, limite := k.Dire(), midi.Add(11*time.Minute), jourPlanche.Jours(9)
	return api.CauseOuverte{Code: k.Code(), Nature: k.Nature, Activite: k.Activite, Classe: k.Classe, Titre: d.Titre, Pourquoi: d.Pourquoi, Effet: d.Effet, Conseil: d.Conseil,
		Gravite: d.Gravite, Cas: n, Objets: n, Enjeu: enjeu, Depuis: midi.Add(-3*time.Hour - 27*time.Minute), Essais: 6, Prochain: &prochain, Limite: &limite, Erreur: erreur,
		Heures: []int64{0, 0, 0, 0, 0, 0, 0, 0, n / 8, n / 4, n / 3, n - n/8 - n/4 - n/3}}
}

// casDemo is a case behind a cause.
func casDemo(numero int64, nom, entreprise string, c api.CauseOuverte) api.Cas {
	return api.Cas{Numero: numero, Cause: c.Code, Titre: c.Titre, Objet: "dossier/6ba7b810-9dad-11d1-80b4-00c04fd430c8", Dossier: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", Nom: nom,
		Entreprise: entreprise, Organisme: "Compétences Plus Démo", Etat: opco.EtatAccordee, Etape: opco.EtatAccordee.String(), Quoi: "ACCORD", Pour: opco.RoleEntreprise,
		Enjeu: 285_553, Limite: c.Limite, Depuis: c.Depuis, VuLe: midi, Essais: 6, Erreur: c.Erreur, Prochain: c.Prochain, Executant: "4211@guichet-1", Version: "f66841d00000"}
}

// planchesOps are the pages of who runs the house.
func planchesOps(m Maison) []Planche {
	ops := personneDemo(opco.RoleOps, "Yann", "Le Goff")
	piece := func(titre string) Piece {
		p := pieceDe(m, titre, adresseOps, ops, Formulaire{})
		p.avecFeuille()
		return p
	}
	ancien, ronde := midi.Add(-2*time.Second), midi.Add(-4*time.Second)
	deux := []opco.Executant{{Identite: "4211@guichet-1", Version: "a", Depuis: midi}, {Identite: "88@guichet-2", Version: "b", Depuis: midi}}
	console := func(cs ...api.CauseOuverte) BloquesVus {
		x := api.Exploitation{Actes: 3412, Refuses: 12, Recus: 3, Ancien: &ancien, RondeLe: &ronde, Executants: deux[:1]}
		for _, c := range cs {
			x.Cas += c.Cas
		}
		return BloquesVus{Piece: piece("Cas bloqués"), Bloques: api.Bloques{Exploitation: x, Causes: cs}, Maintenant: midi}
	}
	smtp := causeDemo("courrier", opco.ClasseInjoignable, 2000, "dial tcp : connect: connection refused", 571_106_000)
	banque := causeDemo(opco.ActiviteBanque, opco.ClasseAutre, 1, "La banque n’a pas répondu pour 6 règlements, 275,00 €.", 27_500)
	echeance := causeDemo(opco.ActiviteEcheance, opco.ClasseTue, 2, "", 120_000)
	adresse := causeDemo("courrier", opco.ClasseRefus, 1, "550 5.1.1 [adresse]: User unknown", 0)
	inconnue := causeDemo("Record", opco.ClasseAutre, 3, strings.Repeat("réponse inattendue d’un service que personne n’a jamais vue ", 5), 900_000)
	inconnue.Prochain = nil
	muette, seule, coupee := console(smtp), console(), console()
	rompue, manquee, echouee, revue := console(), console(), console(), console()
	rompue.Verifie, manquee.Verifie, echouee.Verifie, revue.Verifie = verificationsDemo()
	muette.Exploitation.Muette, muette.Exploitation.RondeLe = true, nil
	seule.Exploitation.Executants = nil
	coupee.Exploitation.Moteur, coupee.Exploitation.Executants = "connection refused", deux

	cause := func(c api.CauseOuverte, etape opco.Etat, cas ...api.Cas) CauseVue {
		return CauseVue{Piece: piece(c.Titre), CauseEntiere: api.CauseEntiere{Cause: c, Cas: cas}, Etape: etape, Maintenant: midi}
	}
	longue := cause(smtp, "", casDemo(1, "26.A.21056.1", nomEntLong, smtp), casDemo(2, "26.A.21802.1", "École Les Tilleuls", smtp), casDemo(3, "", "", smtp))
	longue.Suite = adresseCause(smtp.Code) + "?apres=x"

	cas := func(c api.CauseOuverte, attend opco.AttenteCas) CasVu {
		p := CasVu{Piece: piece("Cas 1"), Maintenant: midi}
		k := casDemo(1, "26.A.21056.1", nomEntLong, c)
		p.Numero, p.Cause, p.CasEntier.Titre, p.Objet, p.Nom, p.Entreprise, p.Organisme, p.Etape, p.Quoi, p.Pour = k.Numero, k.Cause, k.Titre, k.Objet, k.Nom, k.Entreprise, k.Organisme, k.Etape, k.Quoi, k.Pour
		p.Classee = opco.Cause{Nature: c.Nature, Activite: c.Activite, Classe: c.Classe}
		p.Enjeu, p.Limite, p.Depuis, p.Essais, p.Erreur, p.Prochain, p.Executant, p.Version = k.Enjeu, k.Limite, k.Depuis, k.Essais, k.Erreur, k.Prochain, k.Executant, k.Version
		p.Pourquoi, p.Effet, p.Conseil, p.Gravite, p.Attend, p.Attente = c.Pourquoi, c.Effet, c.Conseil, c.Gravite, attend, attend.Phrase()
		p.Pas = []api.PasDeCas{{Rang: 3, Type: opco.ActeDecider, De: opco.EtatEnInstruction, Vers: opco.EtatAccordee, Verdict: "applique", Le: midi.Add(-4 * time.Hour)},
			{Rang: 2, Type: opco.ActeInstruire, De: opco.EtatTransmise, Vers: opco.EtatEnInstruction, Verdict: "applique", Le: midi.Add(-28 * time.Hour)},
			{Rang: 1, Type: opco.ActeDeposer, De: opco.EtatBrouillon, Vers: opco.EtatTransmise, Verdict: "refuse", Le: midi.Add(-52 * time.Hour)}}
		return p
	}
	double := cas(inconnue, opco.AttendDehors)
	double.Recus, double.Autres = 2, []api.Cas{casDemo(7, "26.A.21056.1", nomEntLong, smtp)}
	double.Avant = []api.CasAvant{{Numero: 5, Titre: echeance.Titre, Depuis: midi.Add(-80 * time.Hour), ClosLe: midi.Add(-79 * time.Hour)}}
	regle := cas(smtp, opco.AttendRien)
	clos := midi.Add(-time.Minute)
	regle.ClosLe, regle.Erreur = &clos, ""
	return []Planche{
		{"ops", PageBloques(console(smtp, banque, inconnue, echeance, adresse))},
		{"ops-vide", PageBloques(console())},
		{"ops-muette", PageBloques(muette)},
		{"ops-sans-executant", PageBloques(seule)},
		{"ops-sans-moteur", PageBloques(coupee)},
		{"ops-verification-rompue", PageBloques(rompue)},
		{"ops-verification-manquee", PageBloques(manquee)},
		{"ops-verification-echouee", PageBloques(echouee)},
		{"ops-verification-tenue", PageBloques(revue)},
		{"ops-cause", PageCause(longue)},
		{"ops-cause-inconnue", PageCause(cause(inconnue, "", casDemo(9, "", "", inconnue)))},
		{"ops-cause-etape-vide", PageCause(cause(smtp, opco.EtatReglee))},
		{"ops-cas", PageCas(cas(smtp, opco.AttendDehors))},
		{"ops-cas-double", PageCas(double)},
		{"ops-cas-regle", PageCas(regle)},
	}
}
