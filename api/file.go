package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// ListerFile answers GET /api/file.
func (s *Server) ListerFile(ctx context.Context, r ListerFileRequestObject) (ListerFileResponseObject, error) {
	q := r.Params
	f := FiltreLot{File: q.File, Etat: q.Etat, Texte: q.Texte, Etablissement: q.Etablissement, Organisme: q.Organisme, Instructeur: q.Instructeur,
		DebutDu: opco.Date(q.DebutDu), DebutAu: opco.Date(q.DebutAu), MontantMin: opco.Montant(q.MontantMin), MontantMax: opco.Montant(q.MontantMax),
		Perimetre: q.Perimetre, Attente: q.Attente, Branche: q.Branche, Etiquette: q.Etiquette, Prise: q.Prise, Retard: q.Retard,
		LimiteAu: opco.Date(q.LimiteAu)}.file()
	f.Apres, f.Limite = q.Apres, int(q.Limite)
	page, err := s.FileDeTravail(ctx, *f)
	if err != nil {
		return nil, err
	}
	rep := ListerFile200JSONResponse{Dossiers: make([]DossierDeFile, len(page.Dossiers)), Nombre: page.Nombre, Plus: page.Plus, Suivant: page.Suivant}
	for i, l := range page.Dossiers {
		rep.Dossiers[i] = dossierDeFile(l)
	}
	return rep, nil
}

func dossierDeFile(l store.LigneFile) DossierDeFile {
	d := DossierDeFile{Dossier: l.LigneDossier, Blocage: l.Blocage, Prise: l.Prise, Attente: l.Attente, AttribueA: l.AttribueA,
		Etiquettes: l.Etiquettes, PayerAvant: l.PayerAvant}
	if l.JoursOuvres != nil {
		n := int32(*l.JoursOuvres) //nolint:gosec // some days
		d.JoursOuvres = &n
	}
	return d
}

// FileDeTravail reads a page of a queue for who asks, « moi » being them.
func (s *Server) FileDeTravail(ctx context.Context, f store.FiltreFile) (store.PageFile, error) {
	u := qui(ctx)
	if f.Instructeur == "moi" {
		f.Instructeur = u.Personne
	}
	page, err := s.Store.FileDeTravail(ctx, u.Portee(), f)
	if err == nil {
		montrer(ctx, len(page.Dossiers))
	}
	return page, err
}

// filesDe are the queues from which a role takes, the first one first, when it names
// none.
var filesDe = map[opco.Role][]store.File{
	opco.RoleGestionnaire: {store.FileInstruction, store.FileCompletude, store.FileServiceFait, store.FileFactures},
	opco.RoleResponsable:  {store.FileValidation, store.FileInstruction, store.FileCompletude, store.FileServiceFait, store.FileFactures},
}

// PrendreSuivant answers POST /api/file/suivant.
func (s *Server) PrendreSuivant(ctx context.Context, r PrendreSuivantRequestObject) (PrendreSuivantResponseObject, error) {
	x, err := s.Suivant(ctx, r.Body.ActeId, r.Body.File, r.Body.Equipe)
	if err != nil || x.Dossier == "" {
		return PrendreSuivant200JSONResponse{}, err
	}
	return PrendreSuivant200JSONResponse{Dossier: x.Dossier, File: x.File, Pourquoi: x.Pourquoi, ExpireLe: &x.ExpireLe}, nil
}

// Suivant takes the next dossier of a queue for who asks, or of the first of their
// queues that is not empty when it names none.
func (s *Server) Suivant(ctx context.Context, acte string, file store.File, equipe bool) (store.Suivant, error) {
	u := qui(ctx)
	files := []store.File{file}
	if file == "" {
		files = filesDe[u.Role]
	}
	for _, f := range files {
		x, err := s.Store.PrendreSuivant(ctx, u.Acteur(""), acte, f, equipe)
		if err != nil || x.Dossier != "" {
			return x, err
		}
	}
	return store.Suivant{}, nil
}

// ConfierDossiers answers POST /api/file/attribution.
func (s *Server) ConfierDossiers(ctx context.Context, r ConfierDossiersRequestObject) (ConfierDossiersResponseObject, error) {
	return ConfierDossiers204Response{}, s.Store.Reattribuer(ctx, qui(ctx).Acteur(""), r.Body.Dossiers, r.Body.A, r.Body.Raison)
}

// visible refuses the gesture on a dossier that who asks does not reach.
func (s *Server) visible(ctx context.Context, id string) error {
	_, err := s.Store.Ligne(ctx, qui(ctx).Portee(), id)
	return err
}

// PrendreDossier answers PUT /api/dossiers/{id}/prise.
func (s *Server) PrendreDossier(ctx context.Context, r PrendreDossierRequestObject) (PrendreDossierResponseObject, error) {
	v, err := s.Store.Prendre(ctx, qui(ctx).Acteur(""), r.Id)
	return PrendreDossier200JSONResponse(v), err
}

// RendreDossier answers DELETE /api/dossiers/{id}/prise.
func (s *Server) RendreDossier(ctx context.Context, r RendreDossierRequestObject) (RendreDossierResponseObject, error) {
	if err := s.visible(ctx, r.Id); err != nil {
		return nil, err
	}
	return RendreDossier204Response{}, s.Store.Rendre(ctx, qui(ctx).Acteur(""), r.Id)
}

// MettreEnAttente answers PUT /api/dossiers/{id}/attente.
func (s *Server) MettreEnAttente(ctx context.Context, r MettreEnAttenteRequestObject) (MettreEnAttenteResponseObject, error) {
	return MettreEnAttente204Response{}, s.Store.Attendre(ctx, qui(ctx).Acteur(""), r.Id, opco.Attente{JusquAu: opco.Date(r.Body.JusquAu), Raison: r.Body.Raison})
}

// ReveillerDossier answers DELETE /api/dossiers/{id}/attente.
func (s *Server) ReveillerDossier(ctx context.Context, r ReveillerDossierRequestObject) (ReveillerDossierResponseObject, error) {
	return ReveillerDossier204Response{}, s.Store.Reveiller(ctx, qui(ctx).Acteur(""), r.Id)
}

// PoserEtiquette answers PUT /api/dossiers/{id}/etiquettes/{etiquette}.
func (s *Server) PoserEtiquette(ctx context.Context, r PoserEtiquetteRequestObject) (PoserEtiquetteResponseObject, error) {
	return PoserEtiquette204Response{}, s.Store.Etiqueter(ctx, qui(ctx).Acteur(""), r.Id, store.Etiquetage{Poser: []string{r.Etiquette}})
}

// OterEtiquette answers DELETE /api/dossiers/{id}/etiquettes/{etiquette}.
func (s *Server) OterEtiquette(ctx context.Context, r OterEtiquetteRequestObject) (OterEtiquetteResponseObject, error) {
	return OterEtiquette204Response{}, s.Store.Etiqueter(ctx, qui(ctx).Acteur(""), r.Id, store.Etiquetage{Oter: []string{r.Etiquette}})
}

// ListerEtiquettes answers GET /api/etiquettes.
func (s *Server) ListerEtiquettes(ctx context.Context, _ ListerEtiquettesRequestObject) (ListerEtiquettesResponseObject, error) {
	es, err := s.Store.Etiquettes(ctx)
	return ListerEtiquettes200JSONResponse{Etiquettes: es}, err
}

// CreerEtiquette answers POST /api/etiquettes.
func (s *Server) CreerEtiquette(ctx context.Context, r CreerEtiquetteRequestObject) (CreerEtiquetteResponseObject, error) {
	return CreerEtiquette204Response{}, s.Store.CreerEtiquette(ctx, qui(ctx).Acteur(""), r.Body.Id, opco.Etiquette{Nom: r.Body.Nom, Ton: r.Body.Ton})
}

// ModifierEtiquette answers PUT /api/etiquettes/{id}.
func (s *Server) ModifierEtiquette(ctx context.Context, r ModifierEtiquetteRequestObject) (ModifierEtiquetteResponseObject, error) {
	return ModifierEtiquette204Response{}, s.Store.ModifierEtiquette(ctx, qui(ctx).Acteur(""), r.Id, opco.Etiquette{Nom: r.Body.Nom, Ton: r.Body.Ton})
}

// SupprimerEtiquette answers DELETE /api/etiquettes/{id}.
func (s *Server) SupprimerEtiquette(ctx context.Context, r SupprimerEtiquetteRequestObject) (SupprimerEtiquetteResponseObject, error) {
	return SupprimerEtiquette204Response{}, s.Store.SupprimerEtiquette(ctx, qui(ctx).Acteur(""), r.Id)
}

// ListerVues answers GET /api/vues.
func (s *Server) ListerVues(ctx context.Context, _ ListerVuesRequestObject) (ListerVuesResponseObject, error) {
	vs, err := s.Store.Vues(ctx, qui(ctx).Personne)
	return ListerVues200JSONResponse{Vues: vs}, err
}

// EnregistrerVue answers POST /api/vues.
func (s *Server) EnregistrerVue(ctx context.Context, r EnregistrerVueRequestObject) (EnregistrerVueResponseObject, error) {
	b := r.Body
	return EnregistrerVue204Response{}, s.Store.EnregistrerVue(ctx, qui(ctx).Acteur(""),
		store.VueEnregistree{ID: b.Id, Nom: b.Nom, Filtre: b.Filtre, Partagee: b.Partagee, Defaut: b.Defaut})
}

// SupprimerVue answers DELETE /api/vues/{id}.
func (s *Server) SupprimerVue(ctx context.Context, r SupprimerVueRequestObject) (SupprimerVueResponseObject, error) {
	return SupprimerVue204Response{}, s.Store.SupprimerVue(ctx, qui(ctx).Acteur(""), r.Id)
}
