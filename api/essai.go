package api

import (
	"context"
	"strings"
	"time"

	"guichet/opco"
	"guichet/store"
)

// LireHorloge answers GET /api/essai/horloge.
func (s *Server) LireHorloge(ctx context.Context, _ LireHorlogeRequestObject) (LireHorlogeResponseObject, error) {
	h, err := s.heure(ctx)
	return LireHorloge200JSONResponse(h), err
}

func (s *Server) heure(ctx context.Context) (Horloge, error) {
	le, err := s.Store.Maintenant(ctx)
	return Horloge{Le: le, Reel: time.Now().UTC()}, err
}

// AvancerHorloge answers POST /api/essai/horloge.
func (s *Server) AvancerHorloge(ctx context.Context, r AvancerHorlogeRequestObject) (AvancerHorlogeResponseObject, error) {
	le, err := opco.ParseInstant(r.Body.Le)
	if err != nil {
		return nil, surChamp("le", err)
	}
	if err := s.Store.RegleHorloge(ctx, le, r.Body.Recul); err != nil {
		return nil, err
	}
	h, err := s.heure(ctx)
	return AvancerHorloge200JSONResponse(h), err
}

// LireCalme answers GET /api/essai/calme.
func (s *Server) LireCalme(ctx context.Context, _ LireCalmeRequestObject) (LireCalmeResponseObject, error) {
	r, err := s.Store.Repos(ctx)
	if err != nil {
		return nil, err
	}
	return LireCalme200JSONResponse{Calme: r == store.Repos{}, Actes: r.Actes, Echeances: r.Echeances, Courriers: r.Courriers}, nil
}

// EssaiOrganisation answers POST /api/essai/organisations.
func (s *Server) EssaiOrganisation(ctx context.Context, r EssaiOrganisationRequestObject) (EssaiOrganisationResponseObject, error) {
	b := r.Body
	if b.Sorte == Organisme {
		return EssaiOrganisation204Response{}, s.Store.EcrireOrganisme(ctx, store.FicheOrganisme{
			Organisme: opco.Organisme{SIREN: b.Siren, Nom: b.Nom, NDA: opco.NDA(b.Nda), NDAActive: b.NdaActive, Qualiopi: b.Qualiopi,
				TVA: b.Tva, IBAN: opco.IBAN(b.Iban), Suspendu: b.Suspendu, SubrogationAutorisee: b.SubrogationAutorisee},
			Email: b.Email, Code: b.Code, Sites: b.Sirets})
	}
	return EssaiOrganisation204Response{}, s.Store.EcrireEntreprise(ctx, store.FicheEntreprise{
		Entreprise: opco.Entreprise{SIREN: b.Siren, Nom: b.Nom, IDCC: b.Idcc, Effectif: int(b.Effectif), Adherente: b.Adherente,
			AJour: b.AJour, IBAN: opco.IBAN(b.Iban), AlsaceMoselle: b.AlsaceMoselle},
		Email: b.Email, CodeAdherent: b.CodeAdherent, MasseSalariale: b.MasseSalariale, MasseAnnee: int(b.MasseAnnee),
		Responsable: b.Responsable, Sites: b.Sirets})
}

// EssaiUtilisateur answers POST /api/essai/utilisateurs.
func (s *Server) EssaiUtilisateur(ctx context.Context, r EssaiUtilisateurRequestObject) (EssaiUtilisateurResponseObject, error) {
	b := r.Body
	hache, err := store.HacherMotDePasse(b.MotDePasse)
	if err != nil {
		return nil, err
	}
	u := store.Utilisateur{Identifiant: strings.ToLower(b.Identifiant), Personne: b.Personne, Nom: b.Nom, Prenom: b.Prenom, Role: b.Role,
		MotDePasse: hache, SIRETs: []string{}, Actif: true, Email: b.Email}
	if u.Personne == "" {
		u.Personne = "personne-" + u.Identifiant
	}
	for _, x := range b.Sirets {
		u.SIRETs = append(u.SIRETs, string(x))
	}
	if err := s.Store.EcrireUtilisateur(ctx, u, b.CleApi); err != nil || b.Totp == "" {
		return EssaiUtilisateur204Response{}, err
	}
	if u, err = s.Store.Utilisateur(ctx, u.Identifiant); err != nil {
		return nil, err
	}
	return EssaiUtilisateur204Response{}, s.Store.EcrireTotp(ctx, u.Compte, s.coffre.Sceller(b.Totp, u.Compte), 0)
}

// EssaiEnveloppe answers POST /api/essai/enveloppes.
func (s *Server) EssaiEnveloppe(ctx context.Context, r EssaiEnveloppeRequestObject) (EssaiEnveloppeResponseObject, error) {
	b := r.Body
	return EssaiEnveloppe204Response{}, s.Store.OuvrirEnveloppe(ctx, store.Enveloppe{SIREN: string(b.Siren), Annee: int(b.Annee),
		Fonds: string(b.Fonds), Ordre: int(b.Ordre), Libelle: b.Libelle}, b.Dotation)
}

// EssaiParametre answers POST /api/essai/parametres.
func (s *Server) EssaiParametre(ctx context.Context, r EssaiParametreRequestObject) (EssaiParametreResponseObject, error) {
	return EssaiParametre204Response{}, s.Store.EcrireParametres(ctx, r.Body.Du, r.Body.Au, r.Body.Valeur, qui(ctx).Personne)
}

// EssaiBareme answers POST /api/essai/baremes.
func (s *Server) EssaiBareme(ctx context.Context, r EssaiBaremeRequestObject) (EssaiBaremeResponseObject, error) {
	return EssaiBareme204Response{}, s.Store.EcrireBareme(ctx, *r.Body)
}
