package api

import (
	"context"
	"fmt"

	"guichet/opco"
)

// LireOrganisme answers GET /api/organismes/{siren}.
func (s *Server) LireOrganisme(ctx context.Context, r LireOrganismeRequestObject) (LireOrganismeResponseObject, error) {
	o, err := s.organisme(ctx, r.Siren)
	return LireOrganisme200JSONResponse(o), err
}

// EnregistrerQualiopi answers PUT /api/organismes/{siren}/qualiopi: a gestionnaire
// has the proof in hand. It is what lets a service fait go on that SF12 holds.
func (s *Server) EnregistrerQualiopi(ctx context.Context, r EnregistrerQualiopiRequestObject) (EnregistrerQualiopiResponseObject, error) {
	siren, err := opco.ParseSIREN(string(r.Siren))
	if err != nil {
		return nil, err
	}
	if err := s.impartial(ctx, qui(ctx).Acteur(""), "cet organisme", siren); err != nil {
		return nil, err
	}
	for i, q := range r.Body.Certificats {
		if q.Au != "" && q.Au < q.Du {
			return nil, opco.Champf(fmt.Sprintf("certificats[%d].au", i), "La fin du certificat précède son début.")
		}
	}
	if err := s.Store.EcrireQualiopi(ctx, siren, r.Body.Certificats); err != nil {
		return nil, err
	}
	o, err := s.organisme(ctx, siren)
	return EnregistrerQualiopi200JSONResponse(o), err
}

// impartial refuses a staff member who declared a link with one of these companies,
// for what no acte carries (reliability.md 3.1, rule 7): Record refuses the actes.
func (s *Server) impartial(ctx context.Context, par opco.Acteur, quoi string, tiers ...opco.SIREN) error {
	liens, err := s.Store.LiensDe(ctx, par)
	if err != nil {
		return err
	}
	return opco.LienAvec(par, liens, tiers, quoi)
}

func (s *Server) organisme(ctx context.Context, brut opco.SIREN) (OrganismeLu, error) {
	siren, err := opco.ParseSIREN(string(brut))
	if err != nil {
		return OrganismeLu{}, err
	}
	o, err := s.Store.Organisme(ctx, siren)
	if err != nil {
		return OrganismeLu{}, err
	}
	if o.Qualiopi == nil {
		o.Qualiopi = []opco.Qualiopi{}
	}
	return OrganismeLu{Siren: o.SIREN, Nom: o.Nom, Nda: string(o.NDA), NdaActive: o.NDAActive, Suspendu: o.Suspendu, Tva: o.TVA,
		SubrogationAutorisee: o.SubrogationAutorisee, Qualiopi: o.Qualiopi}, nil
}
