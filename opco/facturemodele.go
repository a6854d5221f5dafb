package opco

import (
	"fmt"
	"unicode/utf8"
)

// PartieFacture is one of the two parties of an invoice, as the model writes it (AK-47).
type PartieFacture struct {
	Nom            string   `json:"nom"`
	FormeJuridique string   `json:"forme_juridique,omitempty"`
	Adresse        []string `json:"adresse"`
	SIRET          SIRET    `json:"siret"`
	TVA            TVA      `json:"tva,omitempty"`
	Adherent       string   `json:"adherent,omitempty"` // client number and établissement, « 12927.001 » (AK-15)
}

// MentionsFacture are what a company writes on its invoice that no dossier knows
// (AK-47). TVA is "" for a company that has no number.
type MentionsFacture struct {
	FormeJuridique string `json:"forme_juridique"`
	TVA            TVA    `json:"tva,omitempty"`
	Signataire     string `json:"signataire"`
	Fonction       string `json:"fonction"`
	Lieu           string `json:"lieu"`
}

// mentionMax bounds each mention: it stands on one line of the paper.
const mentionMax = 80

// Fautes lists what the mentions lack for an invoice of that issuer, each on its field,
// in the order of the form.
func (m MentionsFacture) Fautes(f Facture) []*Error {
	var es []*Error
	exiger := func(champ, valeur, phrase string) {
		switch {
		case valeur == "":
			es = append(es, Champf(champ, "%s", phrase))
		case utf8.RuneCountInString(valeur) > mentionMax:
			es = append(es, Champf(champ, "C’est trop long : %d caractères au plus.", mentionMax))
		}
	}
	exiger("forme_juridique", m.FormeJuridique, "Écrivez la forme juridique de votre entreprise : SARL, SAS, association…")
	switch {
	case m.TVA == "" && f.TauxTVA > 0:
		es = append(es, Champf("tva", "Une facture avec TVA porte votre numéro de TVA : écrivez-le, ou choisissez « Sans TVA »."))
	case m.TVA != "" && m.TVA.SIREN() != f.Emetteur.SIREN():
		es = append(es, Champf("tva", "Ce numéro de TVA est celui d’une autre entreprise : le vôtre finit par %s.", f.Emetteur.SIREN()))
	}
	exiger("signataire", m.Signataire, "Écrivez le nom de la personne qui signe la facture.")
	exiger("fonction", m.Fonction, "Écrivez la fonction de la personne qui signe.")
	exiger("lieu", m.Lieu, "Écrivez la ville où la facture est signée.")
	return es
}

// FactureModele is the invoice of a company to its OPCO in the model that OPCOs
// publish (AK-47), filled from the accord: the paper is this and nothing else.
type FactureModele struct {
	Facture      Facture         `json:"facture"`
	Emetteur     PartieFacture   `json:"emetteur"`
	Destinataire PartieFacture   `json:"destinataire"`
	Dossier      string          `json:"dossier"` // our number
	Intitule     string          `json:"intitule"`
	Organisme    string          `json:"organisme,omitempty"` // who trained; "": the company itself
	Debut        Date            `json:"debut"`
	Fin          Date            `json:"fin"`
	Stagiaires   []string        `json:"stagiaires"`
	Assistant    string          `json:"assistant,omitempty"`
	LigneDirecte string          `json:"ligne_directe,omitempty"`
	Mentions     MentionsFacture `json:"mentions"`
	Sincerite    string          `json:"sincerite"` // what who signs declares (AK-52)
}

// ConservationJustificatifs is how long a company keeps the proofs of what it invoices,
// in years at least (AK-52).
const ConservationJustificatifs = 10

// ModeleDeFacture writes fac, an invoice of the company of d, in the model. emetteur and
// destinataire are the parties as the OPCO knows them.
func ModeleDeFacture(d *Dossier, fac Facture, emetteur, destinataire PartieFacture, m MentionsFacture) FactureModele {
	emetteur.FormeJuridique, emetteur.TVA = m.FormeJuridique, m.TVA
	x := FactureModele{Facture: fac, Emetteur: emetteur, Destinataire: destinataire, Dossier: d.Numero, Intitule: d.Demande.Intitule,
		Debut: d.Demande.Debut, Fin: d.Demande.Fin, Mentions: m,
		Sincerite: fmt.Sprintf("Je certifie sincères et véritables les dépenses de cette facture. Les justificatifs sont conservés %d ans au moins, "+
			"à la disposition de l’OPCO et du contrôle de l’État.", ConservationJustificatifs)}
	if !d.Demande.Interne {
		x.Organisme = d.Demande.Organisme.Nom
	}
	for _, s := range d.Demande.Presents() {
		x.Stagiaires = append(x.Stagiaires, s.nomComplet())
	}
	return x
}

// Base says of what kind the amounts of a cost line are on an invoice: wages with
// their charges, lodging and travel with their TVA, meals and the other costs without
// what of it the company recovers, the rest HT (AK-48 to AK-51).
func (l Ligne) Base() string {
	switch l {
	case LigneRemuneration:
		return "salaire chargé"
	case LigneHebergement, LigneTransport:
		return "TTC"
	case LigneRepas, LigneDivers:
		return "net de la TVA récupérée"
	}
	return baseHT
}

// TVADe returns the VAT number that a French company of that SIREN has when it has
// one: key = (12 + 3 × (SIREN mod 97)) mod 97 (domain.md 3.8).
func TVADe(s SIREN) TVA {
	if _, err := ParseSIREN(string(s)); err != nil {
		return ""
	}
	return TVA(fmt.Sprintf("FR%02d%s", (12+3*reste97(string(s)))%97, s))
}
