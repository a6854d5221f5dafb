package api

import "guichet/opco"

// The bodies of the actes: the acte's id, beside its charge.
type (
	corpsDepot struct {
		ActeID string `json:"acte_id"`
		opco.ChargeDeposer
	}
	corpsComplement struct {
		ActeID string `json:"acte_id"`
		opco.ChargeDemanderComplement
	}
	corpsJonction struct {
		ActeID        string              `json:"acte_id"`
		Pieces        []string            `json:"pieces"`
		Facture       string              `json:"facture"`
		Justificatifs []opco.Justificatif `json:"justificatifs"`
	}
	corpsDecision struct {
		ActeID string `json:"acte_id"`
		opco.ChargeDecider
	}
	corpsRaison struct {
		ActeID string `json:"acte_id"`
		opco.ChargeRaison
	}
	corpsRetrait struct {
		ActeID string `json:"acte_id"`
		opco.ChargeRetirer
	}
	corpsCertificats struct {
		ActeID string `json:"acte_id"`
		opco.ChargeCertifier
	}
	corpsFacture struct {
		ActeID string `json:"acte_id"`
		opco.ChargeFacturer
	}
	corpsAvoir struct {
		ActeID string `json:"acte_id"`
		opco.ChargeAvoir
	}
	corpsNonConforme struct {
		ActeID string `json:"acte_id"`
		opco.ChargeNonConforme
	}
	corpsConstat struct {
		ActeID string `json:"acte_id"`
		opco.ChargeConstater
	}
	corpsReglement struct {
		ActeID    string `json:"acte_id"`
		Reglement string `json:"reglement"`
	}
)
