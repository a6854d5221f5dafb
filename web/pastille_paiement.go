package web

import "guichet/opco"

// marquesLot are the états of a payment batch (domain.md 2.7 bis).
var marquesLot = map[opco.EtatLot]marque{
	opco.LotEnConstruction: {"En construction", "hourglass", Bleu},
	opco.LotPropose:        {"À valider", "eye", Prune},
	opco.LotValide:         {"Validé, départ en cours", "send", Bleu},
	opco.LotEmis:           {"Envoi en cours", "send", Bleu},
	opco.LotTransmis:       {"Remis à la banque", "hourglass", Bleu},
	opco.LotInconnu:        {"Issue inconnue", "triangle-alert", Ambre},
	opco.LotSolde:          {"Soldé", "badge-check", Vert},
	opco.LotAnnule:         {"Annulé", "ban", Gris},
	opco.LotExpire:         {"Expiré", "archive-x", Gris},
}

// marquesReglement are the états of a règlement (domain.md 2.7, R01 to R07).
var marquesReglement = map[opco.EtatReglement]marque{
	opco.ReglementAPayer:   {"À payer", "circle-dashed", Gris},
	opco.ReglementPropose:  {"Dans un lot à valider", "eye", Prune},
	opco.ReglementValide:   {"Validé", "check", Bleu},
	opco.ReglementEmis:     {"Envoyé, réponse attendue", "hourglass", Bleu},
	opco.ReglementAccepte:  {"Accepté par la banque", "hourglass", Bleu},
	opco.ReglementExecute:  {"Exécuté", "circle-check", Vert},
	opco.ReglementRejete:   {"Rejeté par la banque", "octagon-x", Rouge},
	opco.ReglementRetourne: {"Revenu de la banque", "undo-2", Rouge},
	opco.ReglementAnnule:   {"Annulé", "ban", Gris},
}

// marquesEntree say what became of an entry of the bank.
var marquesEntree = map[opco.EtatEntree]marque{
	opco.EntreeTransmise:   {"Appliquée", "circle-check", Vert},
	opco.EntreeAffectee:    {"Affectée", "coins", Vert},
	opco.EntreeSansEffet:   {"Sans effet", "info", Gris},
	opco.EntreeQuarantaine: {"En quarantaine", "triangle-alert", Ambre},
}

// statutsBanque name what the bank says.
var statutsBanque = map[opco.StatutBancaire]string{
	opco.BanqueInformation: "Information", opco.BanqueCredit: "Virement reçu", opco.BanqueAccepte: "Acceptation", opco.BanqueRejete: "Rejet",
	opco.BanqueExecute: "Exécution", opco.BanqueRetourne: "Retour des fonds", opco.BanqueInconnu: "Message inconnu",
}

func statutBanque(s string) string {
	if l := statutsBanque[opco.StatutBancaire(s)]; l != "" {
		return l
	}
	return "Message inconnu"
}

// mentionEcheance says how long is left to pay, in calendar days (domain.md 2.7:
// thirty days from a conforming invoice).
func mentionEcheance(echeance, jour opco.Date) marque {
	switch n := echeance.Depuis(jour); {
	case n < 0:
		return marque{"en retard de " + jours(-n), "alarm-clock", Rouge}
	case n == 0:
		return marque{"aujourd’hui", "clock", Ambre}
	case n <= 3:
		return marque{"dans " + jours(n), "clock", Ambre}
	default:
		return marque{"dans " + jours(n), "calendar", Gris}
	}
}

func jours(n int) string { return combien(n, "jour") }
