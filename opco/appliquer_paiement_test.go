package opco_test

import (
	"fmt"

	"pgregory.net/rapid"

	"guichet/opco"
)

// piecesDeFin draws an acte of the end of a training, or of its payment.
func (m *monde) piecesDeFin(s *suivi, par opco.Acteur) {
	d := s.d
	facture := ""
	if n := len(d.Factures); n > 0 {
		facture = d.Factures[m.de("facture", n)].ID
	}
	raison := opco.ChargeRaison{Raison: "À voir.", Motif: opco.MotifQteErr, Facture: facture}
	switch tirer(m, "fin", "certifier", "certifier", "facturer", "facturer", "constater", "constater", "constater", "avoir", "non conforme",
		"litige", "refuser", "joindre", "forclusion", "annuler", "representer", "avance", "indu") {
	case "certifier":
		m.certifierTous(s)
	case "facturer":
		m.facturer(s)
	case "constater":
		m.faire(s, opco.ActeConstater, par, opco.ChargeConstater{Solde: rapid.Bool().Draw(m.t, "solde")})
	case "avoir":
		m.avoir(s)
	case "non conforme":
		m.faire(s, opco.ActeDeclarerNonConforme, par, opco.ChargeNonConforme{Defauts: []opco.PieceDemandee{{Type: opco.PieceCertificat, Motif: opco.MotifIllisible}}})
	case "litige":
		m.faire(s, opco.ActeMettreEnLitige, par, raison)
	case "refuser":
		m.faire(s, opco.ActeRefuserFacture, par, raison)
	case "joindre":
		c := m.piecesJointes()
		c.Facture = facture
		c.Justificatifs = []opco.Justificatif{{Type: opco.PieceFactureOF, Numero: "OF-1", Montant: d.Demande.Total(), Acquittee: true, Ligne: opco.LignePeda}}
		m.faire(s, opco.ActeJoindre, tirer(m, "deposant", actEnt, actOF), c)
	case "forclusion":
		m.faire(s, opco.ActeConfirmerForclusion, par, nil)
	case "annuler":
		m.faire(s, opco.ActeAnnuler, tirer(m, "qui", actEnt, actGes), opco.ChargeRaison{Raison: "Session annulée."})
	case "avance":
		m.facturerAvance(s)
	case "indu":
		m.faire(s, opco.ActeConstaterIndu, par, opco.ChargeConstaterIndu{Facture: facture, Montant: opco.Montant(tirer(m, "indu", 1, 5_000, 40_000)),
			Cause: opco.CauseControle, Raison: "Heures non suivies."})
	case "representer":
		if n := len(d.Reglements); n > 0 {
			m.faire(s, opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: d.Reglements[m.de("reglement", n)].ID})
		}
	}
}

// certifierTous has the certificat of everybody come, for all their hours or not.
func (m *monde) certifierTous(s *suivi) {
	var c opco.ChargeCertifier
	personne := !m.juste && m.de("personne", 7) == 0
	for _, x := range s.d.Demande.Presents() {
		h := opco.Minutes(tirer(m, "heures", 14*60, 14*60, 7*60, 200))
		switch {
		case personne:
			h = 0
		case m.juste:
			h = x.Heures
		}
		c.Certificats = append(c.Certificats, opco.Certificat{ID: fmt.Sprint("c", m.actes, x.ID), Nom: x.Nom, Prenom: x.Prenom, Intitule: s.d.Demande.Intitule,
			Nature: opco.NatureFormation, Du: s.d.Demande.Debut, Au: min(s.d.Demande.Fin, max(s.d.Demande.Debut, opco.JourDe(m.le))), Heures: h, Emetteur: siretOF1, SigneLe: max(opco.JourDe(m.le), s.d.Demande.Debut), Signe: true})
	}
	m.faire(s, opco.ActeCertifier, tirer(m, "deposant", actEnt, actOF), c)
}

// facturerAvance draws an advance: mostly within the limit of 30 %.
func (m *monde) facturerAvance(s *suivi) {
	prix := s.d.Demande.Total()
	f := facture(fmt.Sprint("A-", m.de("numero", 12)), peda(max(1, tirer(m, "avance", prix*30/100, prix*30/100, prix*3/10+1, prix/10))))
	f.ID, f.Avance, f.Date, f.ReferenceDossier = fmt.Sprint("f", m.actes), true, opco.JourDe(m.le), s.d.Numero
	m.faire(s, opco.ActeFacturer, actOF, opco.ChargeFacturer{Facture: f})
}

// facturer draws an invoice: mostly right, sometimes too much, a replacement, a
// duplicate, or without what proves it.
func (m *monde) facturer(s *suivi) {
	d := s.d
	f := facture(fmt.Sprint("F-", m.de("numero", 12)), peda(opco.Montant(tirer(m, "montant", 1, 10_000, 40_000, 120_000, 800_000))))
	if d.Decision != nil && (m.juste || rapid.Bool().Draw(m.t, "juste")) {
		f = facture(f.Numero, peda(max(1, d.Decision.Accorde)))
	}
	f.ID, f.Date, f.ReferenceDossier = fmt.Sprint("f", m.actes), max(d.Demande.Debut, opco.JourDe(m.le)), d.Numero
	f.Approuve, f.Constatees = 1, []opco.LigneConstatee{{Ligne: opco.LignePeda, Payable: 1}} // never taken from the envoi
	if _, role := d.Beneficiaire(); role == opco.RoleEntreprise {
		f.Emetteur = siretE1
		f.Justificatifs = []opco.Justificatif{{Type: opco.PieceFactureOF, Numero: "OF-1", Montant: f.TotalHT,
			Acquittee: m.de("acquittee", 4) > 0, Ligne: opco.LignePeda}}
	}
	if n := len(d.Factures); n > 0 && !m.juste && m.de("remplace", 4) == 0 {
		f.Remplace = d.Factures[m.de("remplacee", n)].Numero
	}
	m.faire(s, opco.ActeFacturer, tirer(m, "deposant", actEnt, actOF), opco.ChargeFacturer{Facture: f})
}

func (m *monde) avoir(s *suivi) {
	d := s.d
	if len(d.Factures) == 0 {
		return
	}
	f := d.Factures[m.de("credite", len(d.Factures))]
	m.crediter(s, f, tirer(m, "avoir", f.TotalHT-f.TotalAvoirs(), f.NonApprouve, f.TotalHT/2, 1))
}

func (m *monde) crediter(s *suivi, f opco.Facture, montant opco.Montant) {
	m.faire(s, opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: opco.Avoir{ID: fmt.Sprint("v", m.actes), Numero: fmt.Sprint("AV-", m.actes),
		Facture: f.Numero, Montant: montant, Date: max(f.Date, opco.JourDe(m.le))}})
}

// banque puts a règlement in a batch, or tells its outcome as a lot does: the
// money moves, then the dossier hears of it.
func (m *monde) banque(s *suivi) {
	for _, r := range s.d.Reglements {
		c := opco.ChargeReglement{Reglement: r.ID, Montant: r.Montant, Date: opco.JourDe(m.le)}
		switch {
		case r.Etat == opco.ReglementAPayer && !m.tient(r):
			m.argent(s, opco.MouvementOrdonnance, r)
			m.enLot[r.ID] = r.Montant
		case r.Etat == opco.ReglementAPayer && m.de("rejet", 3) == 0:
			m.argent(s, opco.MouvementRejet, r)
			c.Motif = "AC04"
			m.faire(s, opco.ActeRejeterReglement, opco.ActeurBanque(), c)
		case r.Etat == opco.ReglementAPayer:
			m.argent(s, opco.MouvementPaiement, r)
			m.faire(s, opco.ActeRegler, opco.ActeurBanque(), c)
		case r.Etat == opco.ReglementExecute && r.Montant > 0 && m.de("retour", 4) == 0:
			m.argent(s, opco.MouvementRetour, r)
			c.Motif = "AC01"
			m.faire(s, opco.ActeRetournerReglement, opco.ActeurBanque(), c)
		default:
			continue
		}
		return
	}
}

// tient reports whether a batch holds r.
func (m *monde) tient(r opco.Reglement) bool {
	_, ok := m.enLot[r.ID]
	return ok
}

func (m *monde) argent(s *suivi, t opco.TypeMouvement, r opco.Reglement) {
	for _, p := range r.Parts {
		m.mouvoir(s.d.ID, opco.Mouvement{Type: t, Enveloppe: p.Enveloppe, Montant: p.Montant, Reglement: r.ID})
	}
}
