package web

import (
	"time"

	"guichet/opco"
)

// luePlanche is the form of an invoice filled from a file, with a check that blocks.
func luePlanche(p SaisieFacture) SaisieFacture {
	p.Lecture = &LectureVue{Piece: "8f3b1c1e-0000-4000-8000-000000000021", Profil: "EN 16931", Controles: []Controle{
		{Ton: Vert, Quoi: "Total toutes taxes comprises", Preuve: "Conforme à la norme EN 16931.", Verdict: "Conforme"},
		{Ton: Rouge, Quoi: "Total de la page", Preuve: "1 200,00 €. La page montre un total de 2 800,00 €, les données disent 1 200,00 €.", Verdict: "Bloquant"},
		{Ton: Gris, Quoi: "Participants", Preuve: nomLong, Verdict: "À lire"}}}
	return p
}

// statutsPlanche are the steps of two invoices.
func statutsPlanche(p Piece) StatutsFactures {
	le := time.Date(2026, 6, 8, 8, 0, 0, 0, time.UTC)
	pas := func(rang, code int, e opco.EtatFacture, phrase string) opco.StatutFacture {
		return opco.StatutFacture{Facture: "f", Rang: rang, Code: code, Etat: e, Phrase: phrase, Approuve: 224_000, NonApprouve: 56_000, Paye: 224_000, Le: le.AddDate(0, 0, rang)}
	}
	return StatutsFactures{Piece: p, Ariane: []Lien{{"Dossiers", adresseDossiersOF}}, Factures: []FactureDite{
		{Numero: "F-11", Statuts: []opco.StatutFacture{pas(4, 211, opco.FacturePaiementTransmis, ""), pas(3, 206, opco.FactureApprouveePartiel, "56 h ont été suivies, vous en facturez 70."), pas(2, 204, opco.FacturePriseEnCharge, ""), pas(1, 200, opco.FactureDeposee, "")}},
		{Numero: "F-" + nomLong, Statuts: []opco.StatutFacture{pas(1, 213, opco.FactureRejetee, "La page montre un total de 2 800,00 €, les données disent 2 240,00 €.")}}}}
}
