package web

import (
	"strconv"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// ListeDossiers is a list of dossiers for one room: Base is the address that the
// id of a dossier completes, Vocabulaire the words of its états, Organisme says
// that the other party shown is the training provider, else the company.
type ListeDossiers struct {
	Legende     string
	Base        string
	Vocabulaire Vocabulaire
	Organisme   bool
	Sites       bool // names the établissement: the reader has several
	Lignes      []store.LigneDossier
}

// autre is the party that the reader does not already know to be theirs.
func (l ListeDossiers) autre(x store.LigneDossier) string {
	if !l.Organisme {
		return x.Entreprise
	}
	if x.OrganismeNom == "" && x.Organisme == "" {
		return "Formation interne"
	}
	if x.OrganismeNom == "" {
		return opco.SIRET(x.Organisme).Affiche()
	}
	return x.OrganismeNom
}

func (l ListeDossiers) titreAutre() string {
	if l.Organisme {
		return "Organisme"
	}
	return "Entreprise"
}

// nomDossier is what a dossier is called in a list: its title.
func nomDossier(x store.LigneDossier) string {
	if x.Intitule == "" {
		return "Demande sans titre"
	}
	return x.Intitule
}

// numeroDossier is its number, or what it is before it has one.
func numeroDossier(x store.LigneDossier) string {
	if x.Numero == "" {
		return "brouillon"
	}
	return x.Numero
}

// joursFormation says the days of a training: « du 8 au 10 juin 2026 ».
func joursFormation(du, au opco.Date) string {
	switch {
	case du == "" && au == "":
		return "dates à préciser"
	case au == "" || du == au:
		return "le " + du.Longue()
	case du == "":
		return "jusqu’au " + au.Longue()
	}
	return "du " + debutCourt(du, au) + " au " + au.Longue()
}

// debutCourt writes the first day without what the last one says again: « 8 », « 28
// mai ».
func debutCourt(du, au opco.Date) string {
	jour, mois, ok := strings.Cut(du.Longue(), " ")
	_, autre, _ := strings.Cut(au.Longue(), " ")
	switch {
	case !ok || du.Annee() != au.Annee():
		return du.Longue()
	case mois == autre:
		return jour
	}
	return strings.TrimSuffix(du.Longue(), " "+strconv.Itoa(du.Annee()))
}

// Onglet is one part of a page, at its own address. Compte is written after its
// name, unless it is negative.
type Onglet struct {
	Nom, URL string
	Compte   int
	Courant  bool
}

// Page of a keyset list: where the previous and the next pages are, "" for none,
// and what this one holds.
type PageListe struct {
	Debut, Suivant string // addresses: back to the first page, and the next one
	Dit            string
	Export         string // address of the whole list (exportDe), "" for none
}

// montantAccorde writes what is granted, a dash before the decision.
func montantAccorde(x store.LigneDossier) string {
	if x.Etat.AvantDecision() || x.Accorde == 0 {
		return "—"
	}
	return x.Accorde.String()
}
