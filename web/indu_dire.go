package web

import (
	"guichet/opco"
	"guichet/store"
)

// motIndu says an acte on its button, what it does, the label of its reason when it
// asks one, and what is said once done.
type motIndu struct{ Bouton, Suite, Raison, Manque, Fait string }

var motsIndu = map[opco.TypeActe]motIndu{
	opco.ActeNotifierIndu:     {"Notifier au débiteur", "Une lettre part : elle dit la somme, pourquoi, et le délai pour contester.", "", "", "indu-notifie"},
	opco.ActeAccepterIndu:     {"Accepter la retenue", "La somme sera retenue sur votre prochain paiement. Vous n’avez rien à virer.", "", "", "indu-accepte"},
	opco.ActeContesterIndu:    {"Contester", "Un responsable vous répond par écrit. D’ici là, rien n’est retenu ni réclamé.", "Pourquoi vous contestez", "Dites pourquoi vous contestez cette somme : un responsable vous répond.", "indu-conteste"},
	opco.ActeMaintenirIndu:    {"Rejeter la contestation", "La somme reste due et les relances reprennent. Le débiteur lit votre réponse telle quelle.", "Réponse au débiteur", "Écrivez la réponse : le débiteur la lira telle quelle.", "indu-maintenu"},
	opco.ActeAnnulerIndu:      {"Annuler l’indu", "Rien n’est plus dû, et le débiteur lit votre raison.", "Pourquoi cette somme n’est pas due", "Écrivez pourquoi cette somme n’est pas due : le débiteur le lira.", "indu-annule"},
	opco.ActeRembourserIndu:   {"Enregistrer un remboursement", "Choisissez le virement reçu, ou recopiez l’écriture du relevé : chacun de ses centimes ne compte qu’une fois.", "", "", "indu-rembourse"},
	opco.ActeCompenser:        {"Retenir sur un règlement", "Le virement est réduit d’autant ; une somme plus grande que le règlement se retient en plusieurs fois.", "", "", "indu-compense"},
	opco.ActeContentieuxIndu:  {"Porter au contentieux", "Les relances s’arrêtent. La somme peut encore être retenue ou remboursée.", "Pourquoi", "Dites pourquoi cet indu part au contentieux.", "indu-contentieux"},
	opco.ActeProposerAbandon:  {"Proposer l’abandon", "Un comptable doit confirmer. Le débiteur n’est pas prévenu.", "Pourquoi abandonner cette somme", "Dites pourquoi il faut abandonner cette somme : le comptable le lira.", "indu-abandon-propose"},
	opco.ActeConfirmerAbandon: {"Confirmer l’abandon", "Ce qui reste n’est plus réclamé. C’est définitif.", "", "", "indu-abandonne"},
	opco.ActeRefuserAbandon:   {"Refuser l’abandon", "La somme est de nouveau réclamée.", "Pourquoi", "Dites pourquoi l’abandon est refusé.", "indu-abandon-refuse"},
}

func init() {
	for nom, phrase := range map[string]string{
		"indu-constate":        "L’indu est constaté. Un comptable le notifie au débiteur.",
		"indu-notifie":         "L’indu est notifié. Le débiteur a reçu la lettre et peut répondre.",
		"indu-accepte":         "Merci. La somme sera retenue sur votre prochain paiement.",
		"indu-conteste":        "Votre contestation est reçue. Un responsable vous répond par écrit.",
		"indu-maintenu":        "Votre réponse est envoyée au débiteur. Les relances reprennent.",
		"indu-annule":          "L’indu est annulé.",
		"indu-rembourse":       "Le remboursement est enregistré.",
		"indu-compense":        "La somme est retenue sur le règlement.",
		"indu-contentieux":     "L’indu est au contentieux.",
		"indu-abandon-propose": "L’abandon est proposé. Un comptable doit le confirmer.",
		"indu-abandonne":       "L’abandon est confirmé. Plus rien n’est réclamé.",
		"indu-abandon-refuse":  "L’abandon est refusé. La somme est de nouveau réclamée.",
	} {
		annonces[nom] = phrase
	}
}

// ou says where the debt stands, who acts and by when.
func (p UnIndu) ou() string {
	vous := "Le débiteur peut contester"
	if !p.Interne {
		vous = "Vous pouvez contester"
	}
	switch p.Etat {
	case opco.InduConstate:
		return "Un comptable, qui n’a pas constaté cet indu, le notifie."
	case opco.InduNotifie:
		switch {
		case p.Accepte:
			return "La retenue est acceptée : la somme sera prise sur le prochain paiement."
		case p.Jour > p.ReponseAvant || p.Reponse != "":
			return "La somme est due. Elle se rembourse par virement, ou se retient sur un prochain paiement."
		}
		return vous + " jusqu’au " + p.ReponseAvant.Longue() + ". Sans réponse, la somme se retient ensuite sur un prochain paiement."
	case opco.InduConteste:
		return "Un responsable répond par écrit avant le " + p.RepondreAvant.Longue() + ". D’ici là, rien n’est réclamé."
	case opco.InduContentieux:
		return "La somme est réclamée en justice. Elle peut encore être remboursée ou retenue."
	case opco.InduAbandonPropose:
		return p.AbandonPar.Nom + " propose d’abandonner ce qui reste. Un comptable confirme ou refuse."
	case opco.InduCompense:
		return "Tout a été retenu sur des paiements. Plus rien n’est dû."
	case opco.InduRembourse:
		return "Tout est revenu. Plus rien n’est dû."
	case opco.InduAnnule:
		return "Cette somme n’était pas due. Plus rien n’est réclamé."
	case opco.InduAbandonne:
		return "Ce qui restait n’est plus réclamé."
	}
	return "L’ouverture de cet indu est en cours."
}

// champ is a field of an acte: what was typed comes back to the form that sent
// it, and only there.
func (p UnIndu) champ(a opco.TypeActe, s Saisie) Saisie {
	if opco.TypeActe(p.Valeur("fait")) != a {
		return s
	}
	return p.Saisie(s)
}

// ouverte reports whether the form of an acte comes back with what is wrong.
func (p UnIndu) ouverte(a opco.TypeActe) bool { return opco.TypeActe(p.Valeur("fait")) == a }

// recouvrements lists what came back.
func (p UnIndu) recouvrements() [][]Cellule {
	var ls [][]Cellule
	for _, r := range p.Recouvrements {
		comment := "Virement reçu"
		if r.Type == opco.RecouvrementCompensation {
			comment = "Retenu sur un règlement"
		}
		if r.Montant < 0 {
			comment = "Retenue annulée, le règlement n’a pas été payé"
		}
		ls = append(ls, []Cellule{{Texte: r.Date.Longue()}, {Texte: comment, Note: r.Reference}, {Texte: r.Montant.String()}})
	}
	return ls
}

// fonds lists the funds that the money goes back to.
func (p UnIndu) fonds() [][]Cellule {
	var ls [][]Cellule
	reste := map[string]opco.Montant{}
	for _, x := range p.ResteParts() {
		reste[x.Enveloppe] = x.Montant
	}
	for _, x := range p.Parts {
		ls = append(ls, []Cellule{{Texte: opco.LibelleFonds(x.Code)}, {Texte: x.Montant.String()}, {Texte: reste[x.Enveloppe].String()}})
	}
	return ls
}

// lignesIndus are the debts found in a dossier, for a reader whose list is at base.
func lignesIndus(is []store.LigneIndu, base string) [][]Cellule {
	var ls [][]Cellule
	for _, x := range is {
		m := marqueIndu(x.Etat)
		ls = append(ls, []Cellule{{Texte: x.Numero, URL: base + "/" + x.ID, Note: x.Cause.Libelle()}, {Texte: x.Montant.String()}, {Texte: x.Reste.String()}, {Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}})
	}
	return ls
}
