package api

import (
	"context"
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// EssayerCertificats tells whoever fills the form of certificats what would become of
// them. Nothing is kept.
func (s *Server) EssayerCertificats(ctx context.Context, dossier, acte string, cs []opco.Certificat) (opco.EssaiCertificats, error) {
	for i := range cs {
		cs[i].ID = fmt.Sprintf("%s-%d", acte, i+1)
	}
	d, a, f, err := s.essai(ctx, dossier, acte, opco.ActeCertifier, opco.ChargeCertifier{Certificats: cs})
	if err != nil {
		return opco.EssaiCertificats{}, err
	}
	return opco.EssayerCertificats(d, a, f)
}

// EssayerAvoir tells whoever fills the form of a credit note what it would do. Nothing is
// kept.
func (s *Server) EssayerAvoir(ctx context.Context, dossier, acte string, x opco.Avoir) (opco.EssaiAvoir, error) {
	x.ID = acte
	d, a, f, err := s.essai(ctx, dossier, acte, opco.ActeDeposerAvoir, opco.ChargeAvoir{Avoir: x})
	if err != nil {
		return opco.EssaiAvoir{}, err
	}
	return opco.EssayerAvoir(d, a, f)
}

// essai reads a dossier that whoever makes the request may act on, the acte of that
// kind, and what the rules need to try it.
func (s *Server) essai(ctx context.Context, dossier, acte string, genre opco.TypeActe, charge any) (*opco.Dossier, opco.Acte, opco.Faits, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), dossier)
	if err != nil {
		return nil, opco.Acte{}, opco.Faits{}, err
	}
	par, err := acteurPour(u, d)
	if err != nil {
		return nil, opco.Acte{}, opco.Faits{}, err
	}
	if err := admettre(d, genre, u.Role); err != nil {
		return nil, opco.Acte{}, opco.Faits{}, err
	}
	c, err := json.Marshal(charge)
	if err != nil {
		return nil, opco.Acte{}, opco.Faits{}, fmt.Errorf("encoding what is tried: %w", err)
	}
	a := opco.Acte{ID: acte, Objet: opco.ObjetDossier(d.ID), Type: genre, Par: par, Charge: c}
	f, err := s.Store.FaitsFacture(ctx, d, a)
	a.Le = f.Le
	return d, a, f, err
}
