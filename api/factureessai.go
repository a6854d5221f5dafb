package api

import (
	"context"
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// EssayerFacture answers POST /api/dossiers/{id}/factures/essai: what would become of
// an invoice if it were sent now. Nothing of it is kept.
func (s *Server) EssayerFacture(ctx context.Context, r EssayerFactureRequestObject) (EssayerFactureResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	par, err := acteurPour(u, d)
	if err != nil {
		return nil, err
	}
	if err := admettre(d, opco.ActeFacturer, u.Role); err != nil {
		return nil, err
	}
	c := r.Body.ChargeFacturer
	c.Facture.ID = r.Body.ActeID
	l, err := s.Store.LectureDe(ctx, u.Portee(), d.ID, c.Facture.PieceID)
	if err != nil {
		return nil, err
	}
	c.Facture.Electronique = electroniqueDe(l)
	charge, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encoding an invoice to try: %w", err)
	}
	e, err := s.tenterFacture(ctx, d, opco.Acte{ID: r.Body.ActeID, Objet: opco.ObjetDossier(d.ID), Type: opco.ActeFacturer, Par: par, Charge: charge})
	if err != nil {
		return nil, err
	}
	return EssayerFacture200JSONResponse(e), nil
}

// tenterFacture tries an invoice on a dossier, now.
func (s *Server) tenterFacture(ctx context.Context, d *opco.Dossier, a opco.Acte) (opco.EssaiFacture, error) {
	f, err := s.Store.FaitsFacture(ctx, d, a)
	if err != nil {
		return opco.EssaiFacture{}, err
	}
	a.Le = f.Le
	return opco.EssayerFacture(d, a, f)
}

// FacturePreparee is what the form of an invoice starts from: the invoice that would
// be right today, the account on file, masked, and whom it is addressed to.
type FacturePreparee struct {
	Facture opco.Facture
	Compte  string // "" when none is on file
	OPCO    string // name of the addressee
	// Rembourse says that the company invoices what it paid, which it must prove.
	Rembourse bool
	// Avance is the most that may still be asked for in advance, AvancePourcent of the
	// agreed price at most; 0 when the accord allows no advance.
	Avance         opco.Montant
	AvancePourcent int
	// Mentions are what the company writes on its own invoice (AK-47).
	Mentions opco.MentionsFacture
	// Impute is what advances already paid cover of the next invoices (S08).
	Impute opco.Montant
}

// PreparerFacture prepares the invoice of a dossier for who makes the request, who
// must be the one that invoices it.
func (s *Server) PreparerFacture(ctx context.Context, dossier string) (FacturePreparee, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), dossier)
	if err != nil {
		return FacturePreparee{}, err
	}
	if _, err := acteurPour(u, d); err != nil {
		return FacturePreparee{}, err
	}
	if _, paye := d.Beneficiaire(); paye != u.Role {
		return FacturePreparee{}, opco.Errorf(opco.Forbidden, "Ce dossier est facturé par l’autre partie : vous n’avez rien à envoyer.")
	}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return FacturePreparee{}, err
	}
	p := FacturePreparee{Facture: opco.FactureProposee(d, f), Rembourse: u.Role == opco.RoleEntreprise}
	p.Avance, p.AvancePourcent = d.AvancePossible(f.Parametres), f.Parametres.AvancePourcent
	if i := d.CompteConnu(f); i != "" {
		p.Compte = i.Masque()
	}
	p.Impute = d.AvanceAImputer()
	if p.Rembourse {
		if p.Mentions, err = s.mentions(ctx, d); err != nil {
			return FacturePreparee{}, err
		}
	}
	p.OPCO, err = s.Store.NomOPCO(ctx)
	return p, err
}
