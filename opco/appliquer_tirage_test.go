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

// agir draws something that happens, among choix: time, a new demande, an acte of
// people, the bank, or anything at all.
func (m *monde) agir(choix ...string) {
	m.le = m.le.Add(time.Minute)
	m.avancer(m.le)
	places := 3
	if m.endette {
		places = 6
	}
	m.juste = m.endette && m.de("juste", 3) > 0
	quoi := tirer(m, "quoi", choix...)
	if len(m.suivis) == 0 || quoi == "neuf" && len(m.suivis) < places {
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
	case "acte", "neuf": // there are dossiers enough
		m.acteUtile(s)
	default:
		m.agirSurDettes(quoi, s)
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
	m.faire(s, opco.ActeDeposer, actEnt, opco.ChargeDeposer{Certifie: m.juste || m.de("certifie", 10) > 0,
		AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}})
}

func (m *monde) demande() opco.Demande {
	prix, jours := tirer(m, "demande", 1, 33_333, 120_001, 900_000, 1_700_000), tirer(m, "debut", 0, 1, 2, 20, 35)
	if m.juste {
		prix, jours = max(prix, 33_333), max(jours, 2)
	}
	debut := opco.JourDe(m.le).Jours(jours)
	d := opco.Demande{Etablissement: siretE1, Intitule: fmt.Sprint("Formation ", len(m.suivis)), Nature: opco.NatureFormation,
		Subrogation: m.endette || rapid.Bool().Draw(m.t, "subrogation"), Echelonnement: rapid.Bool().Draw(m.t, "echelonnement"),
		Organisme: opco.OrganismeDemande{SIRET: siretOF1, Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais",
			CodePostal: "75001", Ville: "Paris", Contact: "Omar Formalia", Telephone: "0102030405", Email: "contact@formalia.example"},
		Debut: debut, Fin: debut.Jours(tirer(m, "jours", 0, 2, 30)), Duree: 14 * heure}
	noms := []string{"Ruiz", "Petit", "Adam"}
	for i := range 1 + m.de("stagiaires", 3) {
		d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: fmt.Sprint("s", i), Nom: noms[i], Prenom: "Ana", Heures: 14 * heure})
	}
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: opco.Montant(prix)}}
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
		if d.Demande.Echelonnement && len(d.Factures) == 0 && (m.juste || m.de("avance", 2) == 0) {
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
		if m.endette {
			m.representer(s)
		}
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
