package api

import (
	"context"
	"mime/multipart"

	"guichet/opco"
	"guichet/store"
)

// MettreDeCote keeps the file of a form that its author has not sent yet: examined
// as a pièce is, filed with the acte that cites it, thrown away some days later
// otherwise. corps is the body of POST /api/dossiers/{id}/pieces.
func (s *Server) MettreDeCote(ctx context.Context, dossier string, corps *multipart.Reader) (store.MiseDeCote, error) {
	d, par, err := s.deSonCote(ctx, dossier)
	if err != nil {
		return store.MiseDeCote{}, err
	}
	f, err := s.lireFormulaire(corps)
	if err != nil {
		return store.MiseDeCote{}, err
	}
	defer f.fichier.Jeter()
	format, err := s.examiner(ctx, f.fichier)
	if err != nil {
		return store.MiseDeCote{}, err
	}
	m := deCote(d, par, opco.TypePiece(f.champs["type"]), f.champs["acte_id"], f.nom, f.fichier)
	m.Format = format
	return m, s.Store.MettreDeCote(ctx, m, f.fichier.Garder)
}

// deSonCote returns a dossier and who the author of the request acts as on it.
func (s *Server) deSonCote(ctx context.Context, dossier string) (*opco.Dossier, opco.Acteur, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), dossier)
	if err != nil {
		return nil, opco.Acteur{}, err
	}
	par, err := acteurPour(qui(ctx), d)
	return d, par, err
}

func deCote(d *opco.Dossier, par opco.Acteur, t opco.TypePiece, id, nom string, f *store.Depose) store.MiseDeCote {
	return store.MiseDeCote{ID: id, Dossier: d.ID, Type: t, Nom: nom, Empreinte: f.Empreinte, Taille: f.Taille, Personne: par.Personne, DeposeNom: par.Nom, DeposeRole: par.Role}
}

// MiseDeCote returns a file that its reader put aside on a dossier.
func (s *Server) MiseDeCote(ctx context.Context, dossier, id string) (store.MiseDeCote, error) {
	return s.Store.MiseDeCote(ctx, qui(ctx).Portee(), dossier, id)
}

// RetirerDeCote takes a file off the form of its author.
func (s *Server) RetirerDeCote(ctx context.Context, dossier, id string) error {
	_, par, err := s.deSonCote(ctx, dossier)
	if err != nil {
		return err
	}
	return s.Store.RetirerDeCote(ctx, par.Personne, dossier, id)
}
