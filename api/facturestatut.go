package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"guichet/opco"
	"guichet/store"
)

// statutDit is one status of an invoice, with the words and the code that its message
// holds.
type statutDit struct {
	opco.StatutFacture
	Libelle string `json:"libelle"`
	Raison  string `json:"raison,omitempty"` // reason code of the message
}

// statutsDits are the statuses of one invoice.
type statutsDits struct {
	Facture string      `json:"facture"`
	Numero  string      `json:"numero"`
	Dossier string      `json:"dossier"`
	Statuts []statutDit `json:"statuts"`
}

// LireStatutsFacture answers GET /api/factures/{id}/statuts.
func (s *Server) LireStatutsFacture(ctx context.Context, r LireStatutsFactureRequestObject) (LireStatutsFactureResponseObject, error) {
	f, err := s.statutsDe(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	c := statutsDits{Facture: r.Id, Numero: f.Facture.Numero, Dossier: f.Dossier, Statuts: []statutDit{}}
	for _, x := range f.Statuts {
		c.Statuts = append(c.Statuts, statutDit{StatutFacture: x, Libelle: x.Libelle(), Raison: x.CDAR()})
	}
	return LireStatutsFacture200JSONResponse(c), nil
}

func (s *Server) statutsDe(ctx context.Context, id string) (store.FactureDite, error) {
	f, err := s.Store.StatutsFacture(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return f, err
	}
	montrerDe(ctx, f.Dossier)
	return f, nil
}

// LireMessageFacture answers GET /api/factures/{id}/cdar: the life-cycle message of one
// status, the last when none is asked for.
func (s *Server) LireMessageFacture(ctx context.Context, r LireMessageFactureRequestObject) (LireMessageFactureResponseObject, error) {
	f, err := s.statutsDe(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	x, err := statutDemande(f.Statuts, int(r.Params.Rang))
	if err != nil {
		return nil, err
	}
	m := opco.MessageStatut{Statut: x, Facture: f.Facture}
	if m.NomOPCO, m.SIRENOPCO, err = s.Store.IdentiteOPCO(ctx); err != nil {
		return nil, err
	}
	if s.EcrireStatut == nil {
		return nil, opco.Errorf(opco.NotFound, "Ce guichet n’écrit pas de messages de cycle de vie.")
	}
	b, err := s.EcrireStatut(m)
	if err != nil {
		return nil, err
	}
	return fichierServi{corps: io.NopCloser(bytes.NewReader(b)), taille: int64(len(b)), nom: fmt.Sprintf("CDV-%d-%s-%d.xml", x.Code, etiquette(m.Facture.Numero), x.Rang),
		format: "application/xml"}, nil
}

// VisitLireMessageFactureResponse writes a life-cycle message.
func (f fichierServi) VisitLireMessageFactureResponse(w http.ResponseWriter) error {
	return f.ecrire(w)
}

// statutDemande returns the status of that rank, the last for 0.
func statutDemande(ss []opco.StatutFacture, rang int) (opco.StatutFacture, error) {
	if rang == 0 {
		rang = len(ss)
	}
	for _, x := range ss {
		if x.Rang == rang {
			return x, nil
		}
	}
	return opco.StatutFacture{}, opco.Errorf(opco.NotFound, "Cette facture n’a pas encore ce statut.")
}
