package api

import (
	"context"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// ListerMotifs answers GET /api/motifs.
func (s *Server) ListerMotifs(_ context.Context, r ListerMotifsRequestObject) (ListerMotifsResponseObject, error) {
	ms := opco.Motifs()
	if r.Params.Usage != "" {
		ms = opco.MotifsPour(opco.UsageMotif(r.Params.Usage))
	}
	rep := ListerMotifs200JSONResponse{Motifs: make([]MotifLu, len(ms))}
	for i, m := range ms {
		e := m.Expliquer(nil)
		rep.Motifs[i] = MotifLu{Code: string(m), Libelle: m.Libelle(), Famille: string(m.Famille()), Usages: usagesDe(m),
			Quoi: e.Quoi, Pourquoi: e.Pourquoi, Qui: e.Qui.Libelle(), Comment: e.Comment, Cdar: m.CDAR()}
	}
	return rep, nil
}

func usagesDe(m opco.Motif) []string {
	us := []string{}
	for _, u := range opco.Usages() {
		if m.Pour(u) {
			us = append(us, string(u))
		}
	}
	return us
}

// ListerEtats answers GET /api/etats.
func (s *Server) ListerEtats(context.Context, ListerEtatsRequestObject) (ListerEtatsResponseObject, error) {
	var v ListerEtats200JSONResponse
	for _, e := range opco.Etats() {
		l := e.Libelles()
		v.Dossiers = append(v.Dossiers, EtatLu{Code: e, Libelles: Libelles{Guichet: e.String(), Atlas: l.Atlas, Akto: l.Akto}, Final: e.Final()})
	}
	for _, e := range opco.EtatsFacture() {
		v.Factures = append(v.Factures, CodeLibelle{Code: string(e), Libelle: e.String(), Statut: int32(e.Code())})
	}
	for _, l := range opco.Lignes() {
		v.Lignes = append(v.Lignes, CodeLibelle{Code: string(l), Libelle: l.Libelle()})
	}
	for _, t := range opco.TypesPiece() {
		l := t.Libelle()
		v.Pieces = append(v.Pieces, CodeLibelle{Code: string(t), Libelle: strings.ToUpper(l[:1]) + l[1:]})
	}
	for _, f := range store.FilesOrdonnees() {
		v.Files = append(v.Files, CodeLibelle{Code: string(f), Libelle: store.Files()[f]})
	}
	return v, nil
}

// LireBareme answers GET /api/bareme.
func (s *Server) LireBareme(ctx context.Context, r LireBaremeRequestObject) (LireBaremeResponseObject, error) {
	bs, err := s.Store.Baremes(ctx, r.Params.Idcc)
	if err != nil {
		return nil, err
	}
	return LireBareme200JSONResponse{Baremes: append([]opco.Bareme{}, bs...)}, nil
}

// ListerEnveloppes answers GET /api/enveloppes.
func (s *Server) ListerEnveloppes(ctx context.Context, r ListerEnveloppesRequestObject) (ListerEnveloppesResponseObject, error) {
	es, err := s.Store.Enveloppes(ctx, qui(ctx).Portee(), store.FiltreEnveloppes{SIREN: r.Params.Siren, Annee: int(r.Params.Annee), Apres: r.Params.Apres, Limite: limite(r.Params.Limite)})
	if err != nil {
		return nil, err
	}
	return ListerEnveloppes200JSONResponse{Enveloppes: es.Enveloppes, Suivant: es.Suivant}, nil
}
