package courrier

import (
	"net/url"
	"strconv"
	"strings"

	"guichet/opco"
)

// Maison is the OPCO that writes: what stands at the head and at the foot of
// every letter and mail. It is configuration, not part of an event.
type Maison struct {
	Nom       string
	Equipe    string
	Adresse   []string // postal lines
	Ville     string   // « Toulouse, le … »
	Telephone string
	Site      string
	SIRET     opco.SIRET
	Donnees   string // address for personal data requests
	URL       string // base address of the portal, no final slash
	// Recours ends the sentence « Vous pouvez contester cette décision … »: the
	// délai and the ways, as the OPCO practises them (domain.md 2.5).
	Recours string
	// Paiement is the number of days in which a conforming invoice is paid.
	Paiement int
}

// RecoursDefaut is the wording of domain.md 2.5 with its defaults.
const RecoursDefaut = "sous 2 mois, par lettre ou depuis votre espace"

// Lien returns the full address of the dossier id on the portal.
func (m Maison) Lien(id string) string {
	base := strings.TrimRight(m.URL, "/")
	if id == "" {
		return base + "/"
	}
	return base + "/dossiers/" + url.PathEscape(id)
}

func (m Maison) recours() string {
	if m.Recours == "" {
		return RecoursDefaut
	}
	return m.Recours
}

// delaiPaiement writes « sous 30 jours ».
func (m Maison) delaiPaiement() string {
	if m.Paiement <= 0 {
		return "sous 30 jours"
	}
	return "sous " + strconv.Itoa(m.Paiement) + " jours"
}

// Destinataire is the organisation written to, and the person within it.
type Destinataire struct {
	// Role tells the point of view: RoleEntreprise or RoleOrganisme.
	Role      opco.Role
	Nom       string     // of the organisation
	Personne  string     // « Mme Hélène Roussillon-Beaupré »
	Civilite  string     // « Madame », « Monsieur » or ""
	Adresse   []string   // postal lines
	Courriel  opco.Email // "": no mail can be sent
	Reference string     // their own reference for the dossier
}

func (d Destinataire) organisme() bool { return d.Role == opco.RoleOrganisme }

// pourOrganisme turns what the catalogue says to the company into what the
// organisme reads.
var pourOrganisme = strings.NewReplacer("Votre branche", "La branche de l’entreprise", "votre branche", "la branche de l’entreprise",
	"Votre enveloppe", "L’enveloppe de l’entreprise", "Votre demande", "La demande", "nous avons noté pour vous", "nous avons noté pour elle",
	"Demandez à l’organisme un", "Déposez un", " et déposez-le dans le dossier", " dans le dossier",
	"L’organisme dépose son certificat renouvelé", "Déposez votre certificat renouvelé")

// vu writes a sentence of the catalogue from the point of view of d.
func (d Destinataire) vu(phrase string) string {
	if d.organisme() {
		return pourOrganisme.Replace(phrase)
	}
	return phrase
}

// lignes returns the block of the envelope's window.
func (d Destinataire) lignes() []string {
	l := []string{d.Nom}
	if d.Personne != "" {
		l = append(l, "À l’attention de "+d.Personne)
	}
	for _, ligne := range d.Adresse {
		if ligne = strings.TrimSpace(ligne); ligne != "" { // a file may hold the town and not the street
			l = append(l, ligne)
		}
	}
	return l
}

func (d Destinataire) appel() string {
	if d.Civilite == "" {
		return "Madame, Monsieur,"
	}
	return d.Civilite + ","
}

// Signataire is the person who signs and answers the phone.
type Signataire struct {
	Nom       string
	Fonction  string // « Gestionnaire, par délégation du directeur général »
	Telephone string
}

// Dossier is what letters and mails say of a dossier.
type Dossier struct {
	ID         string // of the link, never printed
	Numero     string // printed and never parsed
	Entreprise string
	Organisme  string // "" for a formation interne
	Formation  string
	Debut      opco.Date
	Fin        opco.Date
	Duree      opco.Minutes // per stagiaire
	Stagiaires []string
}

// formation writes « Titre », assurée par X du 8 au 10 juin 2026 (21 h) pour Y.
func (d Dossier) formation() string {
	s := "la formation « " + d.Formation + " »"
	if d.Organisme != "" {
		s += ", assurée par " + d.Organisme
	}
	s += " " + periode(d.Debut, d.Fin)
	if d.Duree > 0 {
		s += " (" + d.Duree.String() + ")"
	}
	if len(d.Stagiaires) > 0 {
		s += " pour " + enumerer(d.Stagiaires, 6)
	}
	return s
}

// courte names the training only.
func (d Dossier) courte() string { return "la formation « " + d.Formation + " »" }
