package web

import (
	"strconv"
	"strings"

	"guichet/opco"
)

// VerdictDit is what we would do of what is typed, in words.
type VerdictDit struct{ Ton, Titre, Phrase, Suite string }

// verdictCertificats says what certificats would do.
func verdictCertificats(e opco.EssaiCertificats) *VerdictDit {
	v := &VerdictDit{Ton: Vert, Titre: "Ces certificats seraient reçus.", Phrase: "Ils concordent avec l’accord.", Suite: suiteCertificats(e)}
	var phrases []string
	for _, c := range e.Controles {
		if c.Resultat == opco.ResultatBlock {
			v.Ton, v.Titre = Ambre, "Ces certificats seraient reçus, mais le paiement attendrait."
		}
		if p := finPhrase(c.Phrase); !strings.Contains(strings.Join(phrases, " "), p) {
			phrases = append(phrases, p)
		}
	}
	if len(phrases) > 0 {
		v.Phrase = strings.Join(phrases, " ")
	}
	if v.Ton == Vert && len(phrases) > 0 {
		v.Ton, v.Titre = Bleu, "Ces certificats seraient reçus, avec une remarque."
	}
	return v
}

// suiteCertificats says what comes after them.
func suiteCertificats(e opco.EssaiCertificats) string {
	switch {
	case e.Manquent > 0:
		return "Il manquera encore " + combien(e.Manquent, "certificat") + "."
	case e.Payable > 0:
		return "Avec la facture reçue, nous paierons " + e.Payable.String() + "."
	}
	return "Il ne manquera plus que la facture, si elle n’est pas déjà là."
}

// lignesEssai shows the hours of each person, as the certificats would leave them.
func (p SaisieCertificats) lignesEssai() [][]Cellule {
	var ls [][]Cellule
	for i, h := range p.Essai.Heures {
		nom := "Stagiaire " + strconv.Itoa(i+1)
		for _, s := range p.Stagiaires {
			if s.ID == h.Stagiaire {
				nom = strings.TrimSpace(s.Prenom + " " + s.Nom)
			}
		}
		ls = append(ls, []Cellule{{Texte: nom}, {Texte: h.Prevues.Heures() + "\u00a0h"}, {Texte: h.Certifiees.Heures() + "\u00a0h"}})
	}
	return ls
}

// verdictAvoir says what an avoir would do.
func verdictAvoir(e opco.EssaiAvoir) *VerdictDit {
	v := &VerdictDit{Ton: Bleu, Titre: "Cet avoir serait reçu.", Phrase: "Il laisserait " + e.Reste.String() + " sur la facture " + e.Facture + ".", Suite: "Nous paierons au plus ce montant."}
	switch {
	case e.Annulee:
		v.Ton, v.Titre, v.Phrase, v.Suite = Ambre, "Cet avoir annulerait toute la facture "+e.Facture+".", "Rien n’en serait payé.", "Vous pourrez envoyer une nouvelle facture, sous un autre numéro."
	case e.Libere:
		v.Ton, v.Titre, v.Suite = Vert, "C’est l’avoir que nous attendons : nous paierons "+e.Payable.String()+".", "Paiement au plus tard le "+e.EcheanceLe.Longue()+"."
	case e.Attend > 0:
		v.Ton, v.Titre, v.Suite = Ambre, "Cet avoir ne suffirait pas.", "Il manquerait encore un avoir de "+e.Attend.String()+" : le paiement l’attendrait."
	case e.Payable > 0:
		v.Suite = "Nous paierons " + e.Payable.String() + "."
	}
	return v
}
