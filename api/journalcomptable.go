package api

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// JournalComptable prepares the accounting journal of a fund over a period: what is
// numbered is read at one instant and written, balanced entry by entry, or refused.
func (s *Server) JournalComptable(ctx context.Context, p store.PeriodeComptable) (Export, error) {
	nom := strings.ToLower(fmt.Sprintf("journal-%s-%s-%s", p.Fonds, p.Du, p.Au))
	return s.preparer(ctx, nom, "txt", "text/plain; charset=utf-8", func(ctx context.Context, f *os.File) (n int, err error) {
		b := bufio.NewWriterSize(f, 1<<16)
		ecrire := func(champs []string) error {
			_, err := b.WriteString(strings.Join(champs, "\t") + "\r\n")
			return err
		}
		if err := ecrire(opco.ColonnesJournal()); err != nil {
			return 0, fmt.Errorf("writing a journal: %w", err)
		}
		err = s.Store.ParcourirJournal(ctx, p, func(e opco.EcritureComptable) error {
			n++
			lignes, err := e.Journal()
			if err != nil {
				return err
			}
			for _, l := range lignes {
				if err := ecrire(l); err != nil {
					return fmt.Errorf("writing a journal: %w", err)
				}
			}
			return nil
		})
		return n, errors.Join(err, b.Flush())
	})
}

// ExporterJournalComptable answers GET /api/journal-comptable.
func (s *Server) ExporterJournalComptable(ctx context.Context, r ExporterJournalComptableRequestObject) (ExporterJournalComptableResponseObject, error) {
	p, err := s.periodeComptable(ctx, r.Params.Fonds, opco.Date(r.Params.Du), opco.Date(r.Params.Au))
	if err != nil {
		return nil, err
	}
	return s.JournalComptable(ctx, p)
}

// corpsNumerotation is what a comptable asks to number.
type corpsNumerotation struct {
	ActeID string    `json:"acte_id"`
	Fonds  string    `json:"fonds"`
	Du     opco.Date `json:"du"`
	Au     opco.Date `json:"au"`
}

// NumeroterEcritures answers POST /api/journal-comptable/numerotation.
func (s *Server) NumeroterEcritures(ctx context.Context, r NumeroterEcrituresRequestObject) (NumeroterEcrituresResponseObject, error) {
	p := store.PeriodeComptable{Fonds: r.Body.Fonds, Du: r.Body.Du, Au: r.Body.Au}
	n, err := s.Store.NumeroterEcritures(ctx, store.Numerotation{Acte: r.Body.ActeID, PeriodeComptable: p, Par: qui(ctx).Acteur("")})
	if err != nil {
		return nil, err
	}
	return NumeroterEcritures200JSONResponse{Fonds: p.Fonds, Du: p.Du, Au: p.Au, Nombre: n}, nil
}

// VisitExporterJournalComptableResponse sends the file.
func (x Export) VisitExporterJournalComptableResponse(w http.ResponseWriter) error {
	return x.Envoyer(w)
}

// LireBalanceComptable answers GET /api/journal-comptable/balance.
func (s *Server) LireBalanceComptable(ctx context.Context, r LireBalanceComptableRequestObject) (LireBalanceComptableResponseObject, error) {
	p, err := s.periodeComptable(ctx, r.Params.Fonds, opco.Date(r.Params.Du), opco.Date(r.Params.Au))
	if err != nil {
		return nil, err
	}
	ss, err := s.Store.BalanceComptable(ctx, p)
	if err != nil {
		return nil, err
	}
	n, err := s.Store.EcrituresSansNumero(ctx, p)
	if err != nil {
		return nil, err
	}
	return LireBalanceComptable200JSONResponse{Fonds: p.Fonds, Du: p.Du, Au: p.Au, Comptes: ss, SansNumero: n}, nil
}

// periodeComptable is a fund, the mutualised one by default, over a period; without
// dates, the year to this day.
func (s *Server) periodeComptable(ctx context.Context, fonds string, du, au opco.Date) (store.PeriodeComptable, error) {
	p := store.PeriodeComptable{Fonds: cmp.Or(fonds, store.FondsMutualise), Du: du, Au: au}
	if du != "" || au != "" {
		return p, nil
	}
	le, err := s.Store.Maintenant(ctx)
	p.Au = opco.JourDe(le)
	p.Du = p.Au[:4] + "-01-01"
	return p, err
}

// LireSynthese answers GET /api/synthese: the money of a year, for a company its own.
func (s *Server) LireSynthese(ctx context.Context, r LireSyntheseRequestObject) (LireSyntheseResponseObject, error) {
	annee := -1
	if r.Params.Annee != nil {
		annee = int(*r.Params.Annee)
	}
	x, err := s.Synthese(ctx, annee)
	if err != nil {
		return nil, err
	}
	return LireSynthese200JSONResponse(x), nil
}

// SyntheseLue is the money of a year, and for a company by établissement.
type SyntheseLue struct {
	store.Synthese
	Sites []store.LigneSite `json:"etablissements"`
}

// Synthese reads the money of a year within reach of the reader; annee is -1 for the
// last one that began.
func (s *Server) Synthese(ctx context.Context, annee int) (x SyntheseLue, err error) {
	p := qui(ctx).Portee()
	if x.Synthese, err = s.Store.SyntheseFinanciere(ctx, p, annee); err != nil {
		return x, err
	}
	x.Sites, err = s.Store.EmploiParSite(ctx, p, x.Annee)
	return x, err
}
