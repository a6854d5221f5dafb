package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"guichet/opco"
	"guichet/store"
)

// corpsPiece is the answer to a deposited pièce.
type corpsPiece struct {
	Piece   store.LignePiece    `json:"piece"`
	Acte    *ActeSuivi          `json:"acte,omitempty"`
	Dossier *store.LigneDossier `json:"dossier,omitempty"`
}

// formatsAdmis are the MIME types that a dossier takes, by content.
var formatsAdmis = []string{"application/pdf", "image/png", "image/jpeg", "application/xml"}

// LirePieces answers GET /api/dossiers/{id}/pieces.
func (s *Server) LirePieces(ctx context.Context, r LirePiecesRequestObject) (LirePiecesResponseObject, error) {
	p := qui(ctx).Portee()
	if _, err := s.Store.Ligne(ctx, p, r.Id); err != nil {
		return nil, err
	}
	ps, err := s.Store.Pieces(ctx, p, r.Id)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(ps))
	return LirePieces200JSONResponse{Pieces: ps}, nil
}

// DeposerPiece answers POST /api/dossiers/{id}/pieces. The file is examined before
// anything is kept. When the dossier waits for pièces, the acte that says so
// follows.
func (s *Server) DeposerPiece(ctx context.Context, r DeposerPieceRequestObject) (DeposerPieceResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	par, err := acteurPour(u, d)
	if err != nil {
		return nil, err
	}
	if err := s.impartial(ctx, par, "ce dossier", d.Tiers()...); err != nil {
		return nil, err
	}
	f, err := s.lireFormulaire(r.Body)
	if err != nil {
		return nil, err
	}
	defer f.fichier.Jeter()
	format, err := s.examiner(ctx, f.fichier)
	if err != nil {
		return nil, err
	}
	p, err := s.Store.AjouterPiece(ctx, store.LignePiece{ID: f.champs["acte_id"], Dossier: d.ID, Type: opco.TypePiece(f.champs["type"]),
		Titre: f.titre(), Commentaire: f.champs["commentaire"], Nom: f.nom, Empreinte: f.fichier.Empreinte, Taille: f.fichier.Taille, Format: format,
		DeposePar: par.Personne, DeposeNom: par.Nom, DeposeRole: par.Role}, f.fichier.Garder)
	if err != nil {
		return nil, err
	}
	return s.joindre(ctx, d, p, f.champs["facture"])
}

// joindre sends the acte that a waiting dossier needs, and answers.
func (s *Server) joindre(ctx context.Context, d *opco.Dossier, p store.LignePiece, facture string) (DeposerPieceResponseObject, error) {
	rep := corpsPiece{Piece: p}
	_, err := s.Store.Acte(ctx, p.ID)
	if err != nil && !errors.Is(err, opco.NotFound) {
		return nil, err
	}
	if err != nil && d.Admet(opco.ActeJoindre, qui(ctx).Role) != nil {
		return DeposerPiece200JSONResponse(rep), nil // nothing waits for it, and nothing was said of it before
	}
	r, err := s.agir(ctx, d.ID, p.ID, opco.ActeJoindre, opco.ChargeJoindre{Pieces: []opco.Piece{p.Opco()}, Facture: facture})
	if errors.Is(err, opco.Conflict) {
		return DeposerPiece200JSONResponse(rep), nil // the pièce is kept; nothing waited for it any more
	}
	if err != nil {
		return nil, err
	}
	if r.corps.Acte.Verdict == opco.VerdictRecu {
		return r, nil
	}
	rep.Acte, rep.Dossier = &r.corps.Acte, r.corps.Dossier
	return DeposerPiece200JSONResponse(rep), nil
}

// examiner tells the type of a file by its content and has it examined elsewhere.
func (s *Server) examiner(ctx context.Context, f *store.Depose) (string, error) {
	format := strings.SplitN(mimetype.Detect(f.Debut).String(), ";", 2)[0]
	if format == "text/xml" {
		format = "application/xml"
	}
	if !slices.Contains(formatsAdmis, format) {
		return "", &erreurStatut{statut: http.StatusUnsupportedMediaType, champ: "fichier",
			detail: "Ce fichier n’est ni un PDF, ni une image PNG ou JPEG, ni un XML : convertissez-le en PDF."}
	}
	o, err := f.Octets()
	if err != nil {
		return "", fmt.Errorf("reading a quarantined file: %w", err)
	}
	defer o.Close()
	return format, s.Examiner(ctx, o, format)
}

// formulaire is a multipart deposit, read part by part.
type formulaire struct {
	connus  map[string]champFormulaire
	champs  map[string]string
	nom     string
	fichier *store.Depose
}

// champFormulaire is how a text part is read: its format, and its characters at most.
type champFormulaire struct {
	format string
	max    int
}

// champsFormulaire are the text parts of the deposit of a pièce.
var champsFormulaire = map[string]champFormulaire{"acte_id": {"uuid", 36}, "type": {"code", 40}, "titre": {"ligne", 120}, "commentaire": {"texte", 500}, "facture": {"reference", 60}}

func (s *Server) lireFormulaire(r *multipart.Reader) (*formulaire, error) {
	return s.lireFormulaireDe(r, champsFormulaire, (*formulaire).complet)
}

// lireFormulaireDe reads a deposit whose text parts are connus, and holds it to
// complet.
func (s *Server) lireFormulaireDe(r *multipart.Reader, connus map[string]champFormulaire, complet func(*formulaire) error) (*formulaire, error) {
	f := &formulaire{connus: connus, champs: map[string]string{}}
	err := s.lireParties(r, f)
	if err == nil {
		err = complet(f)
	}
	if err != nil && f.fichier != nil {
		f.fichier.Jeter()
	}
	return f, err
}

func (s *Server) lireParties(r *multipart.Reader, f *formulaire) error {
	for n := 0; ; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return EnvoiCoupe(err, opco.PieceTropGrosse())
		}
		if n > 10 {
			return malforme("Ce formulaire a trop de champs.")
		}
		if err := s.lirePartie(p, f); err != nil {
			return err
		}
	}
}

func (s *Server) lirePartie(p *multipart.Part, f *formulaire) error {
	nom := p.FormName()
	if nom == "fichier" {
		if f.fichier != nil {
			return malforme("Envoyez un seul fichier à la fois.")
		}
		f.nom = etiquette(p.FileName())
		var err error
		if f.fichier, err = s.Fichiers.Recevoir(p); err != nil {
			return EnvoiCoupe(err, opco.PieceTropGrosse())
		}
		return nil
	}
	c, ok := f.connus[nom]
	if _, deja := f.champs[nom]; !ok || deja || p.FileName() != "" {
		return malforme("Ce formulaire porte un champ inconnu ou répété.")
	}
	brut, err := io.ReadAll(io.LimitReader(p, 4096))
	if err != nil {
		return EnvoiCoupe(err, opco.PieceTropGrosse())
	}
	t := string(brut)
	if t != "" {
		if t, err = formats[c.format](nom, t, c.max); err != nil {
			return err
		}
	}
	f.champs[nom] = t
	return nil
}

func (f *formulaire) complet() error {
	switch {
	case f.champs["acte_id"] == "":
		return opco.Champf("acte_id", "Ce champ est obligatoire.")
	case !slices.Contains(opco.TypesPiece(), opco.TypePiece(f.champs["type"])):
		return opco.Champf("type", "Dites de quelle pièce il s’agit : choisissez dans la liste.")
	case f.fichier == nil:
		return opco.Champf("fichier", "Choisissez le fichier à envoyer.")
	}
	return nil
}

func (f *formulaire) titre() string {
	if f.champs["titre"] != "" {
		return f.champs["titre"]
	}
	return opco.TypePiece(f.champs["type"]).Libelle()
}

// etiquette keeps of a file name what may be shown: its last element, without
// control or direction characters, 120 characters at most. It is never a path.
func etiquette(nom string) string {
	nom = nom[strings.LastIndexAny(nom, `/\`)+1:]
	nom = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, nom)
	if r := []rune(nom); len(r) > 120 {
		nom = string(r[:120])
	}
	if strings.Trim(nom, ". ") == "" {
		return "fichier"
	}
	return nom
}

// JoindrePieces answers POST /api/dossiers/{id}/jonction.
func (s *Server) JoindrePieces(ctx context.Context, r JoindrePiecesRequestObject) (JoindrePiecesResponseObject, error) {
	c := opco.ChargeJoindre{Facture: r.Body.Facture, Justificatifs: r.Body.Justificatifs}
	for i, id := range r.Body.Pieces {
		p, err := s.pieceCitee(ctx, r.Id, id, fmt.Sprintf("pieces[%d]", i))
		if err != nil {
			return nil, err
		}
		c.Pieces = append(c.Pieces, p)
	}
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeJoindre, c)
}

// fichierServi is a file that a browser must save, never show.
type fichierServi struct {
	corps  io.ReadCloser
	taille int64
	nom    string
	format string
}

// VisitTelechargerPieceResponse writes the file of a pièce.
func (f fichierServi) VisitTelechargerPieceResponse(w http.ResponseWriter) error { return f.ecrire(w) }

// VisitLireLettrePdfResponse writes a letter.
func (f fichierServi) VisitLireLettrePdfResponse(w http.ResponseWriter) error { return f.ecrire(w) }

func (f fichierServi) ecrire(w http.ResponseWriter) error {
	defer f.corps.Close()
	h := w.Header()
	h.Set("Content-Type", f.format)
	h.Set("Content-Length", fmt.Sprint(f.taille))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.nom}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	w.WriteHeader(http.StatusOK)
	_, err := io.Copy(w, f.corps)
	if err != nil {
		return fmt.Errorf("sending a file: %w", err)
	}
	return nil
}

// TelechargerPiece answers GET /api/pieces/{id}/fichier.
func (s *Server) TelechargerPiece(ctx context.Context, r TelechargerPieceRequestObject) (TelechargerPieceResponseObject, error) {
	p, err := s.Store.Piece(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	corps, taille, err := s.Fichiers.Ouvrir(p.Empreinte)
	if err != nil {
		return nil, err
	}
	montrerDe(ctx, p.Dossier, classesDe(p.Type)...)
	return fichierServi{corps: corps, taille: taille, nom: p.Nom, format: p.Format}, nil
}
