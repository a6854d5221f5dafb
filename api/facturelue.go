package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"guichet/opco"
	"guichet/store"
)

// LecteurFacture reads an electronic invoice of a MIME type, away from this process.
// It returns an Invalid error that says why the file is not one.
type LecteurFacture func(ctx context.Context, r io.Reader, format string) (opco.FactureLue, error)

// lectureAbsente is the reader of a counter that has none.
func lectureAbsente(context.Context, io.Reader, string) (opco.FactureLue, error) {
	return opco.FactureLue{}, opco.Champf("fichier", "Ce guichet ne lit pas les factures électroniques : envoyez votre facture en PDF, à côté du formulaire.").AvecCode(opco.CodeFactureSansLecteur)
}

// factureAEnvoyer is an invoice as its issuer sends it: what was read in its file,
// ready to be sent back as it is.
type factureAEnvoyer struct {
	Numero           string              `json:"numero"`
	Emetteur         opco.SIRET          `json:"emetteur"`
	Destinataire     opco.SIRET          `json:"destinataire"`
	Date             opco.Date           `json:"date"`
	ReferenceDossier string              `json:"reference_dossier"`
	Intitule         string              `json:"intitule,omitempty"`
	Lignes           []opco.LigneFacture `json:"lignes"`
	TotalHT          opco.Montant        `json:"total_ht"`
	TauxTVA          int                 `json:"taux_tva"`
	TVA              opco.Montant        `json:"tva"`
	TotalTTC         opco.Montant        `json:"total_ttc"`
	IBAN             opco.IBAN           `json:"iban,omitempty"`
	Remplace         string              `json:"remplace,omitempty"`
	PieceID          string              `json:"piece_id,omitempty"`
	Du               opco.Date           `json:"du,omitempty"`
	Au               opco.Date           `json:"au,omitempty"`
}

func aEnvoyer(f opco.Facture) factureAEnvoyer {
	return factureAEnvoyer{Numero: f.Numero, Emetteur: f.Emetteur, Destinataire: f.Destinataire, Date: f.Date, ReferenceDossier: f.ReferenceDossier,
		Intitule: f.Intitule, Lignes: f.Lignes, TotalHT: f.TotalHT, TauxTVA: f.TauxTVA, TVA: f.TVA, TotalTTC: f.TotalTTC, IBAN: f.IBAN, Remplace: f.Remplace,
		PieceID: f.PieceID, Du: f.Du, Au: f.Au}
}

// corpsLecture is what was read in an electronic invoice, how it agrees with the
// dossier, and what would become of it.
type corpsLecture struct {
	Profil    string            `json:"profil"`
	Facture   factureAEnvoyer   `json:"facture"`
	Controles []opco.Controle   `json:"controles"`
	Essai     opco.EssaiFacture `json:"essai"`
}

// champsLecture are the text parts of the deposit of an electronic invoice.
var champsLecture = map[string]champFormulaire{"acte_id": {"uuid", 36}}

func (f *formulaire) completLecture() error {
	switch {
	case f.champs["acte_id"] == "":
		return opco.Champf("acte_id", "Ce champ est obligatoire.")
	case f.fichier == nil:
		return opco.Champf("fichier", "Choisissez le fichier à envoyer.")
	}
	return nil
}

// LireFactureElectronique answers POST /api/dossiers/{id}/factures/lecture: the file
// is examined, read away from this process, kept as a pièce, and told in the words of
// an invoice. Nothing is invoiced yet.
func (s *Server) LireFactureElectronique(ctx context.Context, r LireFactureElectroniqueRequestObject) (LireFactureElectroniqueResponseObject, error) {
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
	f, err := s.lireFormulaireDe(r.Body, champsLecture, (*formulaire).completLecture)
	if err != nil {
		return nil, err
	}
	defer f.fichier.Jeter()
	lue, format, err := s.lireDepose(ctx, f.fichier)
	if err != nil {
		return nil, err
	}
	p, err := s.Store.AjouterPiece(ctx, store.LignePiece{ID: f.champs["acte_id"], Dossier: d.ID, Type: opco.PieceFacture, Titre: "Facture " + etiquette(lue.Numero),
		Nom: f.nom, Empreinte: f.fichier.Empreinte, Taille: f.fichier.Taille, Format: format, DeposePar: par.Personne, DeposeNom: par.Nom, DeposeRole: par.Role},
		f.fichier.Garder)
	if err != nil {
		return nil, err
	}
	c, err := s.direLecture(ctx, d, par, p.ID, lue)
	if err != nil {
		return nil, err
	}
	return LireFactureElectronique200JSONResponse(c), nil
}

// lireDepose examines a quarantined file, then reads it as an invoice.
func (s *Server) lireDepose(ctx context.Context, f *store.Depose) (opco.FactureLue, string, error) {
	format, err := s.examiner(ctx, f)
	if err != nil {
		return opco.FactureLue{}, "", err
	}
	o, err := f.Octets()
	if err != nil {
		return opco.FactureLue{}, "", fmt.Errorf("reading a quarantined file: %w", err)
	}
	defer o.Close()
	lue, err := s.LireFacture(ctx, o, format)
	return lue, format, err
}

// direLecture keeps the reading of a pièce and says what it makes.
func (s *Server) direLecture(ctx context.Context, d *opco.Dossier, par opco.Acteur, piece string, lue opco.FactureLue) (corpsLecture, error) {
	f, err := s.Store.FaitsFacture(ctx, d, opco.Acte{ID: piece, Objet: opco.ObjetDossier(d.ID), Par: par})
	if err != nil {
		return corpsLecture{}, err
	}
	p := opco.PreparerElectronique(d, lue, f)
	if err := s.Store.GarderLecture(ctx, store.FactureLue{Piece: piece, Dossier: d.ID, Lue: lue, Electronique: *p.Facture.Electronique}); err != nil {
		return corpsLecture{}, err
	}
	p.Facture.ID, p.Facture.PieceID = piece, piece
	c := corpsLecture{Profil: lue.Profil, Facture: aEnvoyer(p.Facture), Controles: p.Controles}
	charge, err := json.Marshal(opco.ChargeFacturer{Facture: p.Facture})
	if err != nil {
		return c, fmt.Errorf("encoding an invoice to try: %w", err)
	}
	c.Essai, err = s.tenterFacture(ctx, d, opco.Acte{ID: piece, Objet: opco.ObjetDossier(d.ID), Type: opco.ActeFacturer, Par: par, Charge: charge})
	return c, err
}

// electronique returns what was read in the pièce of an invoice, nil when it is an
// ordinary one. A file that nobody had read is read now: an electronic invoice is held
// to its data whatever the way by which it came, and one whose data are forbidden or
// take too long to read is refused.
func (s *Server) electronique(ctx context.Context, d *opco.Dossier, piece string) (*opco.Electronique, error) {
	if piece == "" {
		return nil, nil
	}
	l, err := s.Store.LectureDe(ctx, qui(ctx).Portee(), d.ID, piece)
	if err != nil || l != nil {
		return electroniqueDe(l), err
	}
	lue, classee, err := s.lirePiece(ctx, d, piece)
	if opco.FactureOrdinaire(err) {
		return nil, nil // people read it
	}
	if err != nil {
		return nil, surLaPiece(err)
	}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return nil, err
	}
	e := opco.PreparerElectronique(d, lue, f).Facture.Electronique
	if !classee {
		return e, nil // put aside: there is no pièce yet to keep a reading of
	}
	if err := s.Store.GarderLecture(ctx, store.FactureLue{Piece: piece, Dossier: d.ID, Lue: lue, Electronique: *e}); err != nil {
		return nil, err
	}
	l, err = s.Store.LectureDe(ctx, qui(ctx).Portee(), d.ID, piece) // the first reading stands
	return electroniqueDe(l), err
}

// surLaPiece puts a refusal of the reading of a file on the field that names it.
func surLaPiece(err error) error {
	var refus *opco.Error
	if !errors.As(err, &refus) || refus.Kind != opco.Invalid {
		return err
	}
	r := *refus
	r.Champ = "facture.piece_id"
	return &r
}

func electroniqueDe(l *store.FactureLue) *opco.Electronique {
	if l == nil {
		return nil
	}
	return &l.Electronique
}

// lirePiece reads the file of a pièce within reach as an invoice, or one that its
// author put aside: classee says that it is a pièce already.
func (s *Server) lirePiece(ctx context.Context, d *opco.Dossier, piece string) (lue opco.FactureLue, classee bool, err error) {
	p, err := s.Store.Piece(ctx, qui(ctx).Portee(), piece)
	if classee = err == nil; errors.Is(err, opco.NotFound) {
		var m store.MiseDeCote
		m, err = s.Store.MiseDeCote(ctx, qui(ctx).Portee(), d.ID, piece)
		p.Empreinte, p.Format = m.Empreinte, m.Format
	}
	if err != nil {
		return opco.FactureLue{}, false, err
	}
	o, _, err := s.Fichiers.Ouvrir(p.Empreinte)
	if err != nil {
		return opco.FactureLue{}, false, err
	}
	defer o.Close()
	lue, err = s.LireFacture(ctx, o, p.Format)
	return lue, classee, err
}

// FactureRelue is what was read in a pièce, said again: the invoice that it makes, ready
// to be completed, and its checks of today.
type FactureRelue struct {
	Profil    string
	Facture   opco.Facture
	Controles []opco.Controle
}

// RelireFacture says again what was read in a pièce of a dossier, to who invoices it.
func (s *Server) RelireFacture(ctx context.Context, dossier, piece string) (FactureRelue, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), dossier)
	if err != nil {
		return FactureRelue{}, err
	}
	par, err := acteurPour(qui(ctx), d)
	if err != nil {
		return FactureRelue{}, err
	}
	l, err := s.Store.LectureDe(ctx, qui(ctx).Portee(), dossier, piece)
	if err != nil {
		return FactureRelue{}, err
	}
	if l == nil {
		return FactureRelue{}, opco.Errorf(opco.NotFound, "Cette facture n’a pas été lue : déposez de nouveau son fichier.")
	}
	f, err := s.Store.FaitsFacture(ctx, d, opco.Acte{ID: piece, Objet: opco.ObjetDossier(d.ID), Par: par})
	if err != nil {
		return FactureRelue{}, err
	}
	p := opco.PreparerElectronique(d, l.Lue, f)
	p.Facture.PieceID = piece
	return FactureRelue{Profil: l.Lue.Profil, Facture: p.Facture, Controles: p.Controles}, nil
}
