package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"guichet/opco"
	"guichet/store"
)

// LettreApercue is what a party would receive: the subject of the mail, its text,
// and the letter as a page, nil when the event has none.
type LettreApercue struct {
	Pour  opco.Role
	A     string // name of the party
	Objet string
	Texte string
	HTML  []byte
}

// Apercu is what an acte would do, had it been done now.
type Apercu struct {
	Dossier opco.Dossier
	Phrase  string // of the history
	Lettres []LettreApercue
}

// Apercevoir says what an acte by the reader would do to a dossier: the very rules,
// letters and words of the acte, and nothing is kept. A refusal is the acte's own.
func (s *Server) Apercevoir(ctx context.Context, id string, t opco.TypeActe, charge any) (Apercu, error) {
	x, err := s.essayer(ctx, id, t, charge)
	if err != nil {
		return Apercu{}, err
	}
	a := Apercu{Dossier: voir(&x.Dossier, qui(ctx).Role), Phrase: x.Effets.Phrase}
	if s.Config.Lettre == nil {
		return a, nil
	}
	for _, e := range x.Envois {
		l, err := s.Config.Lettre(e)
		if err != nil {
			return Apercu{}, fmt.Errorf("writing the preview of %s: %w", e.Courrier.Evenement, err)
		}
		l.Pour, l.A = e.Courrier.Pour, e.Destinataire
		a.Lettres = append(a.Lettres, l)
	}
	return a, nil
}

func (s *Server) essayer(ctx context.Context, id string, t opco.TypeActe, charge any) (store.Apercu, error) {
	u := qui(ctx)
	brut, err := json.Marshal(charge)
	if err != nil {
		return store.Apercu{}, fmt.Errorf("encoding a preview: %w", err)
	}
	return s.Store.Apercevoir(ctx, u.Portee(), id, opco.Acte{Type: t, Par: u.Acteur(""), Charge: brut})
}

// Proposition is a décision as it would be now, and what each fund holds before it.
type Proposition struct {
	opco.Decision
	Disponibles []opco.Fonds
}

// Proposer computes the décision that the reader would propose: the engine of the
// décision, on the facts of this instant. Nothing is kept. Disponibles is told even
// when the décision is refused.
func (s *Server) Proposer(ctx context.Context, id string, c opco.ChargeDecider) (Proposition, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return Proposition{}, err
	}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return Proposition{}, err
	}
	dec, err := opco.Decider(d, c, f)
	return Proposition{dec, f.Fonds}, err
}

// Fichier is a file to show in the page: its bytes, size, type and name.
type Fichier struct {
	Corps       io.ReadCloser
	Taille      int64
	Format, Nom string
}

// OuvrirPiece opens a pièce within reach of the reader, to be shown beside the
// demande. The caller closes it.
func (s *Server) OuvrirPiece(ctx context.Context, id string) (Fichier, error) {
	p, err := s.Store.Piece(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return Fichier{}, err
	}
	corps, taille, err := s.Fichiers.Ouvrir(p.Empreinte)
	if err != nil {
		return Fichier{}, err
	}
	montrerDe(ctx, p.Dossier, classesDe(p.Type)...)
	return Fichier{Corps: corps, Taille: taille, Format: p.Format, Nom: p.Nom}, nil
}

// OuvrirLettre opens the page of a letter that was sent, within reach of the reader.
func (s *Server) OuvrirLettre(ctx context.Context, id string) (Fichier, error) {
	c, err := s.Store.Courrier(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return Fichier{}, err
	}
	corps, taille, err := s.lettre(c.LettreHTML)
	if err != nil {
		return Fichier{}, err
	}
	dossier, _ := dossierDe(c.Objet)
	montrerDe(ctx, dossier)
	return Fichier{Corps: corps, Taille: taille, Format: "text/html; charset=utf-8", Nom: "lettre.html"}, nil
}

// JugerPiece answers PUT /api/pieces/{id}/avis.
func (s *Server) JugerPiece(ctx context.Context, r JugerPieceRequestObject) (JugerPieceResponseObject, error) {
	u := qui(ctx)
	p, err := s.Store.Piece(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	d, err := s.Store.Dossier(ctx, u.Portee(), p.Dossier)
	if err != nil {
		return nil, err
	}
	if err := s.impartial(ctx, u.Acteur(""), "ce dossier", d.Tiers()...); err != nil {
		return nil, err
	}
	if err := s.Store.JugerPiece(ctx, u.Acteur(""), p.Dossier, p.ID, *r.Body); err != nil {
		return nil, err
	}
	p, err = s.Store.Piece(ctx, u.Portee(), r.Id)
	return JugerPiece200JSONResponse(p), err
}
