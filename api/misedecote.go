package api

import (
	"context"
	"mime/multipart"

	"guichet/opco"
	"guichet/store"
)

// MettreDeCote keeps the file of a form that its author has not sent yet: examined
// as a pièce is, filed with the acte that cites it, thrown away some days later
// otherwise. corps is the body of POST /api/dossiers/{id}/pieces. Beside no dossier, "",
// it is the file of bank details.
func (s *Server) MettreDeCote(ctx context.Context, dossier string, corps *multipart.Reader) (store.MiseDeCote, error) {
	par, err := s.auteurDeCote(ctx, dossier)
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
	m := deCote(dossier, par, opco.TypePiece(f.champs["type"]), f.champs["acte_id"], f.nom, f.fichier)
	m.Format = format
	return m, s.Store.MettreDeCote(ctx, m, f.fichier.Garder)
}

// auteurDeCote returns who the author of the request acts as on a dossier, or, beside
// none, on the bank details of its organisation.
func (s *Server) auteurDeCote(ctx context.Context, dossier string) (opco.Acteur, error) {
	if dossier == "" {
		siret, err := etablissementDuRIB(ctx, "")
		return qui(ctx).Acteur(string(siret)), err
	}
	_, par, err := s.deSonCote(ctx, dossier)
	return par, err
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

func deCote(dossier string, par opco.Acteur, t opco.TypePiece, id, nom string, f *store.Depose) store.MiseDeCote {
	return store.MiseDeCote{ID: id, Dossier: dossier, Type: t, Nom: nom, Empreinte: f.Empreinte, Taille: f.Taille, Personne: par.Personne, DeposeNom: par.Nom, DeposeRole: par.Role}
}

// MisesDeCote lists the files that their reader put aside beside a dossier, or none.
func (s *Server) MisesDeCote(ctx context.Context, dossier string) ([]store.MiseDeCote, error) {
	return s.Store.MisesDeCote(ctx, qui(ctx).Portee(), dossier)
}

// MiseDeCote returns a file that its reader put aside beside a dossier, or none.
func (s *Server) MiseDeCote(ctx context.Context, dossier, id string) (store.MiseDeCote, error) {
	return s.Store.MiseDeCote(ctx, qui(ctx).Portee(), dossier, id)
}

// RetirerDeCote takes a file off the form of its author.
func (s *Server) RetirerDeCote(ctx context.Context, dossier, id string) error {
	par, err := s.auteurDeCote(ctx, dossier)
	if err != nil {
		return err
	}
	return s.Store.RetirerDeCote(ctx, par.Personne, dossier, id)
}
