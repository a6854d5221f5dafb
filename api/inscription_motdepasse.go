package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"guichet/opco"
	"guichet/store"
)

// MesurerMotDePasse answers POST /api/mot-de-passe/force. The password is neither
// kept nor written anywhere.
func (s *Server) MesurerMotDePasse(ctx context.Context, r MesurerMotDePasseRequestObject) (MesurerMotDePasseResponseObject, error) {
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	code := r.Body.Politique
	if code == "" {
		code = p.PolitiqueInscription
	}
	if !slices.Contains(opco.CodesPolitique(), code) {
		return nil, opco.Champf("politique", "Cette règle n’existe pas : GUICHET, MYATLAS, ATNET ou INTERNE.")
	}
	regle := p.Politique(code)
	rendre, err := s.calculer(ctx)
	if err != nil {
		return nil, err
	}
	defer rendre()
	niveau, phrase := opco.Force(r.Body.MotDePasse, r.Body.Contexte...)
	rep := MesurerMotDePasse200JSONResponse{Niveau: int32(niveau), Phrase: phrase, Admis: true, Regle: regle.Regle()} //nolint:gosec // 0 to 4
	if err := regle.Verifier(r.Body.MotDePasse, r.Body.Contexte...); err != nil {
		rep.Admis, rep.Refus = false, Answer(err).Detail
	}
	return rep, nil
}

// DemanderReinitialisation answers POST /api/mot-de-passe/oubli: the same, in the
// same time, for an account that does not exist (C20).
func (s *Server) DemanderReinitialisation(ctx context.Context, r DemanderReinitialisationRequestObject) (DemanderReinitialisationResponseObject, error) {
	debut := time.Now()
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	nom := strings.ToLower(r.Body.Identifiant)
	boite := nom
	if strings.Contains(nom, "@") {
		boite = store.Boite(opco.Email(nom))
	}
	if err := s.mesurerEssais(ctx, "oubli", boite, p.Comptes.DemandesBoite, p.Comptes); err != nil {
		return nil, err
	}
	// Past what one mailbox receives, its last link lives on: asking from elsewhere neither floods nor replaces it.
	ecrire, err := s.Store.Solliciter(ctx, "oubli "+boite, p.Comptes.DemandesBoite)
	if err != nil {
		return nil, err
	}
	id, err := s.Store.CompteOuvertDe(ctx, nom)
	if err == nil && id != "" && ecrire {
		err = s.deposer(ctx, id, opco.ActeDemanderReinit, struct{}{})
	}
	egaliser(ctx, debut)
	if err != nil {
		return nil, err
	}
	return DemanderReinitialisation202JSONResponse{Phrase: "Si ce compte existe, un lien vient de partir à son adresse. Il sert une fois."}, nil
}

// lienFaux is the one answer to a link that does not fit.
const lienFaux = "Ce lien ne sert plus, ou l’identifiant n’est pas celui du compte. Vérifiez l’identifiant, ou demandez un nouveau lien."

// Reinitialiser answers POST /api/mot-de-passe/reinitialisation (C20, AT-10). Only who
// holds the link and knows the identifier learns anything.
func (s *Server) Reinitialiser(ctx context.Context, r ReinitialiserRequestObject) (ReinitialiserResponseObject, error) {
	debut := time.Now()
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.verifierEpreuve(ctx, objetReinitialisation, r.Body.Epreuve); err != nil {
		return nil, err
	}
	c, err := s.compteDuCode(ctx, r.Body.Compte, "")
	if err != nil {
		return nil, err
	}
	charge := opco.ChargeCode{Empreinte: opco.EmpreinteCode(string(r.Body.Jeton))}
	if !connait(c.Reinitialise, charge.Empreinte) || !nomme(c, r.Body.Identifiant) {
		// Not counted on the link: nobody guesses 130 bits, and a count would let anybody kill it.
		if err := s.mesurerEssais(ctx, "reinitialisation", r.Body.Compte, redemandesMax, p.Comptes); err != nil {
			return nil, err
		}
		egaliser(ctx, debut)
		return nil, opco.Champf("jeton", lienFaux)
	}
	rep, err := s.choisirAvecCode(ctx, c, p.Politique(c.Politique), r.Body.MotDePasse, opco.ActeReinitialiser, charge)
	if err != nil {
		return nil, err
	}
	if rep.Applique {
		rep.Phrase = "Votre mot de passe est changé et toutes les sessions sont fermées : connectez-vous avec le nouveau."
	}
	return Reinitialiser200JSONResponse(rep), nil
}

// nomme reports whether identifiant names the account, by its identifier or by its
// address.
func nomme(c store.CompteLu, identifiant string) bool {
	return strings.EqualFold(identifiant, c.Identifiant) || strings.EqualFold(identifiant, string(c.Email))
}
