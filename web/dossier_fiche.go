package web

import (
	"slices"
	"strings"

	"guichet/opco"
)

// LigneFiche is one line of a card: a name and its value.
type LigneFiche struct{ Nom, Valeur string }

// fiche keeps the lines that have a value.
func fiche(paires ...string) []LigneFiche {
	var ls []LigneFiche
	for i := 0; i+1 < len(paires); i += 2 {
		if strings.TrimSpace(paires[i+1]) != "" {
			ls = append(ls, LigneFiche{paires[i], paires[i+1]})
		}
	}
	return ls
}

// ficheAction is the card of the training itself; site is the client and the name of
// the établissement, where the reader is the company.
func ficheAction(d opco.Dossier, site string) []LigneFiche {
	x := d.Demande
	var modules []string
	for _, m := range x.Modules {
		modules = append(modules, m.Intitule+" ("+m.Duree.Heures()+" h)")
	}
	return fiche("Nature", x.Nature.Libelle(), "Dates", joursFormation(x.Debut, x.Fin), "Durée", x.Duree.Heures()+" h", "Code CPF", x.CodeCPF,
		"Modules", strings.Join(modules, ", "), "Paiement", paiementDit(x), "Client", site, "Établissement", x.Etablissement.Affiche(), "Créée le", quand(d.CreeLe), "Envoyée le", quand(d.DeposeLe), "Commentaire", x.Commentaire)
}

// paiementDit says who is paid, and in how many times.
func paiementDit(x opco.Demande) string {
	s := "Remboursement à l’entreprise"
	if x.Subrogation && !x.Interne {
		s = "Directement à l’organisme"
	}
	if x.Echelonnement {
		s += ", en plusieurs périodes"
	}
	return s
}

func titreOrganisme(d opco.Dossier) string {
	if d.Demande.Interne {
		return "Formation interne"
	}
	return "L’organisme de formation"
}

// ficheOrganisme is the card of who gives the training.
func ficheOrganisme(d opco.Dossier) []LigneFiche {
	if d.Demande.Interne {
		return fiche("Dispensée par", "votre entreprise, avec ses propres formateurs")
	}
	o := d.Demande.Organisme
	return fiche("Nom", o.Nom, "SIRET", o.SIRET.Affiche(), "Déclaration d’activité", string(o.NDA), "Adresse", strings.Trim(o.Adresse+", "+o.CodePostal+" "+o.Ville, ", "),
		"Contact", o.Contact, "Téléphone", o.Telephone, "E-mail", string(o.Email))
}

func titreMontants(decidee bool) string {
	if decidee {
		return "Ce que nous finançons, poste par poste"
	}
	return "Ce que vous demandez, poste par poste"
}

// heuresCertifiees sums the hours that the certificates give a stagiaire.
func heuresCertifiees(d opco.Dossier, s opco.Stagiaire) string {
	var t opco.Minutes
	vu := false
	for _, c := range d.Certificats {
		if opco.NomsConcordent(c.Prenom+" "+c.Nom, s.Prenom+" "+s.Nom) != opco.ConcordanceDifferente {
			t, vu = t+c.Heures, true
		}
	}
	if !vu {
		return "—"
	}
	return t.Heures() + " h"
}

// partAccordee is what a stagiaire carries of the lines paid by the hour.
func partAccordee(d opco.Dossier, s opco.Stagiaire) string {
	i := slices.IndexFunc(d.Decision.Stagiaires, func(p opco.PartStagiaire) bool { return p.Stagiaire == s.ID })
	if i < 0 || s.Retire {
		return "—"
	}
	p := d.Decision.Stagiaires[i]
	return montantOuTiret(p.Peda + p.Remuneration)
}

// attenteFacture says when the invoice comes, and from whom.
func attenteFacture(d opco.Dossier) string {
	if _, r := d.Beneficiaire(); r == opco.RoleOrganisme {
		return "L’organisme nous envoie sa facture après la formation ; vous la verrez ici."
	}
	return "Après la formation, envoyez-nous votre facture pour être remboursés."
}

// detailFacture says when it came and by when it is paid.
func detailFacture(f opco.Facture) string {
	parties := []string{"Reçue le " + f.RecueLe.Longue()}
	if f.Avance {
		parties = append([]string{"Avance, avant les heures"}, parties...)
	}
	if f.Approuve > 0 {
		parties = append(parties, f.Approuve.String()+" approuvés")
	}
	if f.Impute > 0 {
		parties = append(parties, f.Impute.String()+" déjà payés par l’avance", f.APayer().String()+" à payer")
	}
	if f.NonApprouve > 0 {
		parties = append(parties, f.NonApprouve.String()+" non approuvés")
	}
	if f.EcheanceLe != "" && f.Etat.Approuve() && f.Etat != opco.FacturePaiementTransmis {
		parties = append(parties, "payée au plus tard le "+f.EcheanceLe.Longue())
	}
	if m := f.TotalAvoirs(); m > 0 {
		parties = append(parties, "avoirs : "+m.String())
	}
	return strings.Join(parties, " · ")
}

// lignesReglementsDossier are the payments of a dossier, oldest first.
func lignesReglementsDossier(d DossierLu) [][]Cellule {
	var ls [][]Cellule
	for _, r := range d.Dossier.Reglements {
		numero := r.Facture
		for _, f := range d.Dossier.Factures {
			if f.ID == r.Facture {
				numero = f.Numero
			}
		}
		jour := "au plus tard le " + r.Echeance.Longue()
		if r.ExecuteLe != "" {
			jour = "le " + r.ExecuteLe.Longue()
		} else if !r.Etat.Vivant() {
			jour = "—"
		}
		m, note := marquesVersement[r.Etat], r.Cause
		for _, x := range r.Compensations {
			note = strings.TrimSpace(note + " " + x.Montant.String() + " retenus pour l’indu " + x.Numero + ".")
		}
		ls = append(ls, []Cellule{{Texte: r.Numero, Note: note}, {Texte: numero}, {Texte: r.Montant.String()}, {Texte: jour}, {Corps: Mention(m.Libelle, m.Icone, m.Ton, false)}})
	}
	return ls
}

// premiers keeps the first n of a history.
func premiers(fs []Fait, n int) []Fait { return fs[:min(n, len(fs))] }

// surPapier is the talon without what is clicked.
func (t Talon) surPapier() Talon {
	t.Action, t.Flux = nil, ""
	return t
}
