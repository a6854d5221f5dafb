package opco_test

import (
	"encoding/json"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"guichet/opco"
)

// hasard draws a number in 0 … n-1, each as likely as the others, which rapid's own
// ranges do not do: they love small numbers, and no dossier would ever be paid.
func hasard(t *rapid.T, nom string, n int) int {
	k := 0
	for range 8 {
		k <<= 1
		if rapid.Bool().Draw(t, nom) {
			k++
		}
	}
	return k * n / 256
}

func (m *monde) de(nom string, n int) int { return hasard(m.t, nom, n) }

// tirer draws one of xs.
func tirer[T any](m *monde, nom string, xs ...T) T { return xs[m.de(nom, len(xs))] }

// agir draws something that happens: time, a new demande, an acte of people, the
// bank, or anything at all.
func (m *monde) agir() {
	m.le = m.le.Add(time.Minute)
	m.avancer(m.le)
	quoi := tirer(m, "quoi", "suite", "suite", "suite", "suite", "suite", "suite", "acte", "acte", "acte", "temps", "banque", "banque", "indu", "indu", "hasard", "neuf")
	if len(m.suivis) == 0 || quoi == "neuf" && len(m.suivis) < 3 {
		m.ouvrir()
		return
	}
	s := m.suivis[m.de("dossier", len(m.suivis))]
	switch quoi {
	case "suite":
		m.poursuivre(s)
	case "temps":
		m.passerLeTemps(s)
	case "banque":
		m.banque(s)
	case "indu":
		m.recouvrer()
	case "hasard":
		m.hasard(s)
	default:
		m.acteUtile(s)
	}
}

func (m *monde) passerLeTemps(s *suivi) {
	jusque := m.le.Add(tirer(m, "duree", time.Hour, 24*time.Hour, 72*time.Hour, 40*24*time.Hour, 200*24*time.Hour))
	if len(s.d.Echeances) > 0 && rapid.Bool().Draw(m.t, "echeance") {
		jusque = s.d.Echeances[0].Le
	}
	m.avancer(jusque)
}

// ouvrir creates a brouillon, and mostly brings it to the gestionnaire.
func (m *monde) ouvrir() {
	d := &opco.Dossier{ID: fmt.Sprint("d", len(m.suivis)), Demande: m.demande()}
	s := &suivi{d: d}
	_, s.neuf = copier(d)
	m.suivis = append(m.suivis, s)
	if !m.faire(s, opco.ActeCreer, actEnt, nil) {
		m.t.Fatal("a brouillon was refused")
	}
	m.faire(s, opco.ActeDeposer, actEnt, opco.ChargeDeposer{Certifie: m.de("certifie", 10) > 0,
		AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}})
}

func (m *monde) demande() opco.Demande {
	debut := opco.JourDe(m.le).Jours(tirer(m, "debut", 0, 1, 2, 20, 35))
	d := opco.Demande{Etablissement: siretE1, Intitule: fmt.Sprint("Formation ", len(m.suivis)), Nature: opco.NatureFormation,
		Subrogation: rapid.Bool().Draw(m.t, "subrogation"), Echelonnement: rapid.Bool().Draw(m.t, "echelonnement"),
		Organisme: opco.OrganismeDemande{SIRET: siretOF1, Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais",
			CodePostal: "75001", Ville: "Paris", Contact: "Omar Formalia", Telephone: "0102030405", Email: "contact@formalia.example"},
		Debut: debut, Fin: debut.Jours(tirer(m, "jours", 0, 2, 30)), Duree: 14 * heure}
	noms := []string{"Ruiz", "Petit", "Adam"}
	for i := range 1 + m.de("stagiaires", 3) {
		d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: fmt.Sprint("s", i), Nom: noms[i], Prenom: "Ana", Heures: 14 * heure})
	}
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: opco.Montant(tirer(m, "demande", 1, 33_333, 120_001, 900_000, 1_700_000))}}
	return d
}

// faire performs an acte with a charge, and reports whether it was accepted.
func (m *monde) faire(s *suivi, t opco.TypeActe, par opco.Acteur, charge any) bool {
	b, err := json.Marshal(charge)
	if err != nil {
		m.t.Fatal(err)
	}
	return m.jouer(s, opco.Acte{ID: fmt.Sprint("a", m.actes), Type: t, Par: par, Le: m.le, Charge: b}, nil)
}

// poursuivre does what brings a dossier one step nearer to its payment.
func (m *monde) poursuivre(s *suivi) {
	switch d := s.d; d.Etat {
	case opco.EtatTransmise:
		if len(opco.PiecesManquantes(d)) == 0 {
			m.faire(s, opco.ActeInstruire, actGes, nil)
			return
		}
		m.faire(s, opco.ActeDemanderComplement, actGes, opco.ChargeDemanderComplement{Pieces: opco.PiecesManquantes(d)})
	case opco.EtatACompleter:
		m.faire(s, opco.ActeJoindre, actEnt, opco.ChargeJoindre{Pieces: []opco.Piece{
			{ID: fmt.Sprint("p", m.actes), Type: opco.PieceProgramme, Etat: opco.PieceRecue},
			{ID: fmt.Sprint("q", m.actes), Type: opco.PieceConvention, Etat: opco.PieceRecue}}})
	case opco.EtatEnInstruction:
		m.faire(s, opco.ActeDecider, actGes, opco.ChargeDecider{})
	case opco.EtatEnValidation:
		m.faire(s, opco.ActeValider, tirer(m, "qui", actRes, actRes2), nil)
	case opco.EtatAccordee, opco.EtatAccordeePartielle:
		if d.Demande.Echelonnement && len(d.Factures) == 0 && m.de("avance", 2) == 0 {
			m.facturerAvance(s)
			return
		}
		m.avancer(d.Demande.Debut.Minuit().Add(time.Hour))
	case opco.EtatEnRealisation:
		if d.Demande.Echelonnement && m.de("periode", 3) > 0 {
			m.servir(s)
			return
		}
		m.avancer(d.Demande.Fin.FinDuJour().Add(time.Hour))
	case opco.EtatAttenteServiceFait, opco.EtatSFEnControle, opco.EtatSFNonConforme:
		m.servir(s)
	case opco.EtatEnReglement:
		m.banque(s)
		m.banque(s)
	}
}

// servir brings what the service fait still lacks, then has it accepted.
func (m *monde) servir(s *suivi) {
	ouverte := false
	for _, f := range s.d.Factures {
		ouverte = ouverte || f.Etat.Ouverte()
	}
	switch {
	case len(s.d.Factures) == 1 && s.d.Factures[0].Avance && ouverte:
		m.faire(s, opco.ActeConstater, tirer(m, "qui", actGes, actRes), opco.ChargeConstater{})
	case len(s.d.Certificats) == 0 || s.d.Etat == opco.EtatSFNonConforme:
		m.certifierTous(s)
	case !ouverte:
		m.facturer(s)
	default:
		m.faire(s, opco.ActeConstater, tirer(m, "qui", actGes, actRes, actRes2), opco.ChargeConstater{Solde: m.de("solde", 4) > 0})
	}
}

// acteUtile draws an acte that the état may admit, as its usual author does it.
func (m *monde) acteUtile(s *suivi) {
	d := s.d
	par := tirer(m, "par", actGes, actGes, actRes, actRes2)
	switch d.Etat {
	case opco.EtatBrouillon:
		m.faire(s, tirer(m, "brouillon", opco.ActeDeposer, opco.ActeDeposer, opco.ActeSupprimer), actEnt,
			opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}})
	case opco.EtatTransmise, opco.EtatEnInstruction:
		m.instruction(s, par)
	case opco.EtatACompleter:
		m.faire(s, opco.ActeJoindre, tirer(m, "deposant", actEnt, actOF), m.piecesJointes())
	case opco.EtatEnValidation:
		m.faire(s, tirer(m, "regard", opco.ActeValider, opco.ActeValider, opco.ActeRenvoyer), par, opco.ChargeRaison{Raison: "À revoir."})
	case opco.EtatAccordee, opco.EtatAccordeePartielle, opco.EtatEnRealisation:
		m.avantLaFin(s, par)
	default:
		m.piecesDeFin(s, par)
	}
}

func (m *monde) piecesJointes() opco.ChargeJoindre {
	var c opco.ChargeJoindre
	for _, t := range []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention, opco.PieceCertificat, opco.PieceFactureOF} {
		if m.de("piece", 4) > 0 {
			c.Pieces = append(c.Pieces, opco.Piece{ID: fmt.Sprint("p", m.actes, t), Type: t, Titre: string(t), Etat: opco.PieceRecue})
		}
	}
	return c
}

func (m *monde) instruction(s *suivi, par opco.Acteur) {
	switch tirer(m, "instruction", "complement", "instruire", "decider", "decider", "decider", "annuler") {
	case "complement":
		m.faire(s, opco.ActeDemanderComplement, par, opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{
			{Type: opco.PieceProgramme, Motif: opco.MotifManquante}, {Type: opco.PieceConvention, Motif: opco.MotifManquante}}})
	case "instruire":
		m.faire(s, opco.ActeInstruire, par, nil)
	case "annuler":
		m.faire(s, opco.ActeAnnuler, actEnt, opco.ChargeRaison{})
	default:
		m.faire(s, opco.ActeDecider, par, m.decision(s))
	}
}

func (m *monde) decision(s *suivi) opco.ChargeDecider {
	switch tirer(m, "sens", "accord", "accord", "accord", "moins", "derogation", "refus", "risque") {
	case "moins":
		return opco.ChargeDecider{Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: s.d.Demande.Total() / 3, Motif: opco.MotifPlafondHoraire}}}
	case "derogation":
		return opco.ChargeDecider{Derogation: "Métier en tension.", Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: s.d.Demande.Total()}}}
	case "refus":
		return opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifActionNonEligible}}
	case "risque":
		return opco.ChargeDecider{Risque: "Organisme à suivre."}
	}
	return opco.ChargeDecider{}
}

func (m *monde) avantLaFin(s *suivi, par opco.Acteur) {
	switch tirer(m, "avant", "retirer", "annuler", "certifier", "facturer", "facturer", "attendre", "attendre") {
	case "retirer":
		m.faire(s, opco.ActeRetirerStagiaire, tirer(m, "qui", actEnt, actGes), opco.ChargeRetirer{Stagiaire: tirer(m, "stagiaire", "s0", "s1", "s2")})
	case "annuler":
		if m.de("vraiment", 5) == 0 {
			m.faire(s, opco.ActeAnnuler, actEnt, opco.ChargeRaison{})
		}
	case "certifier":
		m.certifierTous(s)
	case "facturer":
		m.facturer(s)
	default:
		m.avancer(s.d.Demande.Fin.FinDuJour().Add(time.Hour))
	}
}

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

func (m *monde) certifierTous(s *suivi) {
	var c opco.ChargeCertifier
	personne := m.de("personne", 7) == 0
	for _, x := range s.d.Demande.Presents() {
		h := opco.Minutes(tirer(m, "heures", 14*60, 14*60, 7*60, 200))
		if personne {
			h = 0
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
	if d.Decision != nil && rapid.Bool().Draw(m.t, "juste") {
		f = facture(f.Numero, peda(max(1, d.Decision.Accorde)))
	}
	f.ID, f.Date, f.ReferenceDossier = fmt.Sprint("f", m.actes), max(d.Demande.Debut, opco.JourDe(m.le)), d.Numero
	f.Approuve, f.Constatees = 1, []opco.LigneConstatee{{Ligne: opco.LignePeda, Payable: 1}} // never taken from the envoi
	if _, role := d.Beneficiaire(); role == opco.RoleEntreprise {
		f.Emetteur = siretE1
		f.Justificatifs = []opco.Justificatif{{Type: opco.PieceFactureOF, Numero: "OF-1", Montant: f.TotalHT,
			Acquittee: m.de("acquittee", 4) > 0, Ligne: opco.LignePeda}}
	}
	if n := len(d.Factures); n > 0 && m.de("remplace", 4) == 0 {
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
	montant := tirer(m, "avoir", f.TotalHT-f.TotalAvoirs(), f.NonApprouve, f.TotalHT/2, 1)
	m.faire(s, opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: opco.Avoir{ID: fmt.Sprint("v", m.actes), Numero: fmt.Sprint("AV-", m.actes),
		Facture: f.Numero, Montant: montant, Date: max(f.Date, opco.JourDe(m.le))}})
}

// banque puts a règlement in a batch, or tells its outcome as a lot does: the
// money moves, then the dossier hears of it.
func (m *monde) banque(s *suivi) {
	for _, r := range s.d.Reglements {
		c := opco.ChargeReglement{Reglement: r.ID, Montant: r.Montant, Date: opco.JourDe(m.le)}
		switch {
		case r.Etat == opco.ReglementAPayer && !m.enLot[r.ID]:
			m.argent(s, opco.MouvementOrdonnance, r)
			m.enLot[r.ID] = true
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

func (m *monde) argent(s *suivi, t opco.TypeMouvement, r opco.Reglement) {
	for _, p := range r.Parts {
		m.mouvoir(s.d.ID, opco.Mouvement{Type: t, Enveloppe: p.Enveloppe, Montant: p.Montant, Reglement: r.ID})
	}
}

// hasard sends any acte, by anyone, with any charge.
func (m *monde) hasard(s *suivi) {
	edges := opco.Parcours()
	t := edges[m.de("type", len(edges))].Acte
	par := opco.Acteur{Personne: tirer(m, "personne", "p-ent", "p-ges", "p-res", "p-x"), Role: tirer(m, "role", opco.Roles()...)}
	charge := tirer(m, "charge", ``, `{}`, `[]`, `{"raison":"x"}`, `{"certifie":true}`, `{"pieces":[{"type":"PROGRAMME","motif":"MANQUANTE"}]}`,
		`{"pieces":[{"id":"x","type":"PROGRAMME"}]}`, `{"facture":"f1"}`, `{"reglement":"f1-1"}`, `{"lignes":[{"ligne":"PEDA","accorde":-1}]}`,
		`{"lignes":[{"ligne":"PEDA","accorde":9000000000}],"derogation":"x"}`, `{"certificats":[{"nom":"Ruiz","prenom":"Ana","heures":60,"du":"2026-01-01","au":"2026-12-31"}]}`,
		`{"avoir":{"montant":-5}}`, `{"facture":{"total_ht":-1}}`, `{"facture":{"id":"z","numero":"Z","lignes":[]}}`, `{"stagiaire":"s0"}`, `{"solde":true}`, `{"defauts":[{"type":"CERTIFICAT_REALISATION","motif":"ILLISIBLE"}]}`)
	if t == opco.ActeCreer && s.d.Etat == opco.EtatNouveau {
		return
	}
	m.jouer(s, opco.Acte{ID: fmt.Sprint("a", m.actes), Type: t, Par: par, Le: m.le, Charge: []byte(charge)}, nil)
}
