package web

import (
	"guichet/opco"
	"guichet/store"
)

// CadreDossier is the frame of a dossier in the room of an organisation: where it stands, its tabs, and
// beside them what happened last and the letters.
type CadreDossier struct {
	DossierLu
	Liste     Lien   // the list that it comes from
	Reference string // of the company
	Resume    string
	Base      string // its address
	Imprime   bool   // it has a page to print
	Retire    bool   // the reader may take a stagiaire away
	Onglet    string
	Onglets   []Onglet
	Talon     Talon
	Faits     []Fait
	Lettres   []store.LigneCourrier
	Echange   *FilEchanges
	Erreurs   []Faute
}

// cadre is the frame of the dossier.
func (p DossierEntreprise) cadre() CadreDossier {
	return CadreDossier{DossierLu: p.DossierLu, Liste: Lien{"Dossiers formation", "/entreprise/dossiers"}, Reference: p.Dossier.Demande.ReferenceClient,
		Resume: resumeDossier(p.Dossier), Base: baseEntreprise(p.Dossier.ID), Imprime: true, Retire: p.permet(opco.ActeRetirerStagiaire),
		Onglet: p.Onglet, Onglets: p.Onglets, Talon: p.Talon, Faits: p.Faits, Lettres: p.Lettres, Echange: p.Echange, Erreurs: p.Erreurs}
}

// cadre is the frame of the dossier.
func (p DossierOF) cadre() CadreDossier {
	return CadreDossier{DossierLu: p.DossierLu, Liste: Lien{"Dossiers", adresseDossiersOF}, Resume: resumeOF(p), Base: baseOrganisme(p.Dossier.ID),
		Onglet: p.Onglet, Onglets: p.Onglets, Talon: p.Talon, Faits: p.Faits, Lettres: p.Lettres, Echange: p.Echange, Erreurs: p.Erreurs}
}
