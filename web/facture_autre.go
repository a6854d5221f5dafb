package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// FactureAutre says to one party that the other one invoices the dossier.
type FactureAutre struct {
	Piece
	DossierLu
	Base   string
	Ariane []Lien
}

// qui names who invoices.
func (p FactureAutre) qui() string {
	if _, r := p.Dossier.Beneficiaire(); r == opco.RoleEntreprise {
		return "l’entreprise " + p.Ligne.Entreprise
	}
	if nom := nomOrganisme(p.Dossier.Demande); nom != "" {
		return "l’organisme " + nom
	}
	return "l’organisme de formation"
}

// pourquoi says why.
func (p FactureAutre) pourquoi() string {
	if p.Dossier.Demande.Subrogation {
		return "La demande prévoit le paiement direct : l’OPCO paie l’organisme, qui nous envoie sa facture."
	}
	return "La demande prévoit un remboursement : l’entreprise paie l’organisme, puis nous envoie sa facture."
}

// autreFacture answers who would invoice a dossier that the other party invoices, and
// reports whether it did.
func (w *Web) autreFacture(c *gin.Context, d DossierLu, base, ici string) bool {
	if _, r := d.Dossier.Beneficiaire(); r == w.Interieur.Occupant(c).Role {
		return false
	}
	p := FactureAutre{Piece: w.piece(c, "Qui facture ce dossier", ici), DossierLu: d, Base: base, Ariane: []Lien{{"Dossiers", ici}, {numeroDossier(d.Ligne), base + "/factures"}}}
	w.rendre(c, http.StatusForbidden, PageFactureAutre(p))
	return true
}
