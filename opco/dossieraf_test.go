package opco_test

import (
	"time"

	"guichet/opco"
)

// The organisations of domain.md 6.2 that these tests need.
const (
	siretOPCO opco.SIRET = "99900171200010"
	siretE1   opco.SIRET = "99900101900010"
	siretE1b  opco.SIRET = "99900101900028"
	siretOF1  opco.SIRET = "99900136500017"
	siretOF1b opco.SIRET = "99900136500025"
	siretOF2  opco.SIRET = "99900143100017"
	ibanOF1   opco.IBAN  = "FR7699999000150010020035594"
	ibanOF2   opco.IBAN  = "FR7699999000160010020036646"
	ibanE1    opco.IBAN  = "FR7699999000100010020030043"
)

const heure = opco.Minutes(60)

// eleve is one stagiaire of a test dossier: hours granted and certified (-1: no
// certificat yet), and what he is granted on the two lines paid by the hour.
type eleve struct {
	prenom, nom      string
	prevu, certifie  opco.Minutes
	peda, remunerate opco.Montant
}

// accord is a test dossier in SF_EN_CONTROLE, trained from 13 to 14 April 2026 by
// OF1 under subrogation.
func accord(eleves []eleve, autres ...opco.LigneDecidee) *opco.Dossier {
	d := &opco.Dossier{ID: "d1", Numero: "AF26-000118", Etat: opco.EtatSFEnControle}
	d.Demande = opco.Demande{Etablissement: siretE1, Subrogation: true, Intitule: "Sécurité des applications", Nature: opco.NatureFormation,
		Debut: "2026-04-13", Fin: "2026-04-14", Organisme: opco.OrganismeDemande{SIRET: siretOF1, Nom: "Formalia Synthèse"}}
	dec := &opco.Decision{Version: 1, Sens: opco.SensAccord}
	var peda, remuneration opco.Montant
	for i, e := range eleves {
		id := string(rune('a' + i))
		d.Demande.Stagiaires = append(d.Demande.Stagiaires, opco.Stagiaire{ID: id, Nom: e.nom, Prenom: e.prenom, Heures: e.prevu})
		dec.Stagiaires = append(dec.Stagiaires, opco.PartStagiaire{Stagiaire: id, Heures: e.prevu, Peda: e.peda, Remuneration: e.remunerate})
		peda += e.peda
		remuneration += e.remunerate
		if e.certifie >= 0 {
			d.Certificats = append(d.Certificats, certificat(e.prenom, e.nom, e.certifie))
		}
	}
	dec.Lignes = append(dec.Lignes, opco.LigneDecidee{Ligne: opco.LignePeda, Accorde: peda})
	if remuneration > 0 {
		dec.Lignes = append(dec.Lignes, opco.LigneDecidee{Ligne: opco.LigneRemuneration, Accorde: remuneration})
	}
	dec.Lignes = append(dec.Lignes, autres...)
	for _, l := range dec.Lignes {
		dec.Accorde += l.Accorde
	}
	dec.Fonds = []opco.PartFonds{{Enveloppe: "e1", Code: "MUTUALISE", Montant: dec.Accorde}}
	d.Decision, d.Engagements = dec, dec.Fonds
	return d
}

func certificat(prenom, nom string, heures opco.Minutes) opco.Certificat {
	return opco.Certificat{ID: "c-" + nom, Nom: nom, Prenom: prenom, Intitule: "Sécurité des applications", Nature: opco.NatureFormation,
		Du: "2026-04-13", Au: "2026-04-14", Heures: heures, Emetteur: siretOF1, SigneLe: "2026-04-15", Signe: true}
}

// facture is an invoice of OF1 to the OPCO on the accord, without TVA.
func facture(numero string, lignes ...opco.LigneFacture) opco.Facture {
	f := opco.Facture{ID: numero, Numero: numero, Emetteur: siretOF1, Destinataire: siretOPCO, Date: "2026-04-20",
		ReferenceDossier: "AF26-000118", Lignes: lignes, Etat: opco.FacturePriseEnCharge, RecueLe: "2026-04-20", ConformeLe: "2026-04-20"}
	for _, l := range lignes {
		f.TotalHT += l.Montant
	}
	f.TotalTTC = f.TotalHT
	return f
}

func peda(m opco.Montant) opco.LigneFacture {
	return opco.LigneFacture{Ligne: opco.LignePeda, Montant: m}
}

func pedaDe(nom string, h opco.Minutes, m opco.Montant) opco.LigneFacture {
	return opco.LigneFacture{Ligne: opco.LignePeda, Stagiaire: nom, Heures: h, Montant: m}
}

// lesFaits are those of 20 April 2026 at noon: OF1 known, exempt and certified.
func lesFaits() opco.Faits {
	return opco.Faits{Le: time.Date(2026, 4, 20, 10, 0, 0, 0, time.UTC), Parametres: opco.ParametresDefaut(), OPCO: siretOPCO,
		Entreprise: opco.Entreprise{Nom: "Atelier Numérique Sorbier", IBAN: ibanE1},
		Organisme: &opco.Organisme{SIREN: siretOF1.SIREN(), Nom: "Formalia Synthèse", NDAActive: true, IBAN: ibanOF1,
			Qualiopi: []opco.Qualiopi{{Nature: opco.NatureFormation, Du: "2024-01-01", Au: "2027-12-31"}}}}
}

// accepter does to d what a constat says, as the procedure does.
func accepter(d *opco.Dossier, k opco.Constat) {
	for _, x := range k.Factures {
		for i := range d.Factures {
			if f := &d.Factures[i]; f.ID == x.Facture {
				f.Etat, f.Approuve, f.NonApprouve, f.AttendAvoir = opco.FactureApprouvee, x.Approuve, x.NonApprouve, x.AttendAvoir
				f.Motif, f.Parts, f.Constatees = x.Motif, x.Parts, x.Lignes
				if x.NonApprouve > 0 {
					f.Etat = opco.FactureApprouveePartiel
				}
				if x.Approuve == 0 {
					f.Etat = opco.FactureRefusee
				}
			}
		}
		d.Acceptes = ajouter(d.Acceptes, x.Parts, 1)
		d.Engagements = ajouter(d.Engagements, x.Parts, -1)
	}
	d.Engagements = ajouter(d.Engagements, k.Liberes, -1)
}

func ajouter(a, b []opco.PartFonds, signe opco.Montant) []opco.PartFonds {
	somme := append([]opco.PartFonds(nil), a...)
suivant:
	for _, x := range b {
		for i := range somme {
			if somme[i].Enveloppe == x.Enveloppe {
				somme[i].Montant += signe * x.Montant
				continue suivant
			}
		}
		somme = append(somme, opco.PartFonds{Enveloppe: x.Enveloppe, Code: x.Code, Montant: signe * x.Montant})
	}
	return somme
}
