package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
)

// Personnaliser answers POST /api/premiere-connexion (C17, AT-03).
func (s *Server) Personnaliser(ctx context.Context, r PersonnaliserRequestObject) (PersonnaliserResponseObject, error) {
	c, err := s.Store.CompteLu(ctx, qui(ctx).Compte)
	if err != nil {
		return nil, err
	}
	if _, err := opco.ParseIdentifiant(r.Body.Identifiant); err != nil {
		return nil, err
	}
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	meme, err := s.comparer(ctx, r.Body.MotDePasse, qui(ctx).MotDePasse)
	if err != nil {
		return nil, err
	}
	if meme && c.Etat == opco.CompteProvisoire {
		return nil, opco.Champf("mot_de_passe", "Choisissez un mot de passe différent de celui que nous vous avons envoyé.")
	}
	hache, err := s.choisirMotDePasse(ctx, "mot_de_passe", p.Politique(c.Politique), r.Body.MotDePasse, contexteDe(c)...)
	if err != nil {
		return nil, err
	}
	return s.agirEtRenouveler(ctx, geste{compte: c.ID, acteID: r.Body.ActeId, genre: opco.ActePersonnaliser,
		charge: opco.ChargePersonnaliser{Identifiant: r.Body.Identifiant}, hache: hache, mot: r.Body.MotDePasse})
}

// ConfirmerIdentifiant answers POST /api/premiere-connexion/confirmation (C18, AT-04,
// AT-05): the link of the second mail, and the password just chosen typed again.
func (s *Server) ConfirmerIdentifiant(ctx context.Context, r ConfirmerIdentifiantRequestObject) (ConfirmerIdentifiantResponseObject, error) {
	debut := time.Now()
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.mesurer(ctx, "confirmation", r.Body.Compte+" "+adresseReseau(ctx), redemandesMax, p.Comptes); err != nil {
		return nil, err
	}
	c, err := s.compteDuCode(ctx, r.Body.Compte, "")
	if err != nil {
		return nil, err
	}
	charge := opco.ChargeCode{Empreinte: opco.EmpreinteCode(string(r.Body.Jeton))}
	refus := opco.Champf("jeton", "Ce lien ne sert plus. Connectez-vous avec l’identifiant reçu et recommencez : un nouveau lien partira.")
	if c.Provisoire == nil || !connait(c.Provisoire.Lien, charge.Empreinte) {
		egaliser(ctx, debut)
		return nil, refus // not counted: nobody guesses 130 bits, and a count would let anybody kill the link
	}
	u, err := s.Store.UtilisateurDeCompte(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	juste, err := s.comparer(ctx, r.Body.MotDePasse, u.MotDePasse)
	if err != nil {
		return nil, err
	}
	if !juste {
		return nil, opco.Champf("mot_de_passe", "Ce n’est pas le mot de passe que vous venez de choisir. Retapez-le.")
	}
	rep, err := s.agirCompte(ctx, geste{compte: c.ID, acteID: uuid.NewString(), genre: opco.ActeConfirmerIdentifiant, charge: charge, par: demandeur()})
	if err != nil {
		return nil, err
	}
	return ConfirmerIdentifiant200JSONResponse(confirmeDe(rep, c.Provisoire.Nouveau, "Votre nouvel identifiant est confirmé : connectez-vous avec lui.")), nil
}

// AccepterConfidentialite answers POST /api/premiere-connexion/confidentialite (AT-06).
func (s *Server) AccepterConfidentialite(ctx context.Context, r AccepterConfidentialiteRequestObject) (AccepterConfidentialiteResponseObject, error) {
	return s.agirEtRenouveler(ctx, geste{compte: qui(ctx).Compte, acteID: r.Body.ActeId, genre: opco.ActeAccepterConfidentialite,
		charge: opco.ChargeVersion{Version: r.Body.Version}})
}
