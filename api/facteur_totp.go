package api

import (
	"context"
	"encoding/base64"
	"time"

	"guichet/identite"
	"guichet/opco"
	"guichet/store"
)

// nomDuSite is what an application and a browser show beside a factor.
const nomDuSite = "Guichet"

// ProposerTotp answers POST /api/facteurs/totp/depart: a secret, kept by nobody but
// the sealed token until its first code proves that the telephone has it.
func (s *Server) ProposerTotp(ctx context.Context, r ProposerTotpRequestObject) (ProposerTotpResponseObject, error) {
	p, err := s.enroler(ctx, r.Body.MotDePasse)
	if err != nil {
		return nil, err
	}
	secret := identite.NouveauSecret()
	adresse := identite.AdresseTOTP(nomDuSite, p.Identifiant, secret)
	image, err := identite.QR(adresse)
	if err != nil {
		return nil, err
	}
	jeton, err := s.sceller("totp:"+p.Compte, secret)
	if err != nil {
		return nil, err
	}
	return ProposerTotp200JSONResponse{Secret: secret, Adresse: adresse, Qr: base64.StdEncoding.EncodeToString(image), Jeton: jeton}, nil
}

// ConfirmerTotp answers POST /api/facteurs/totp. A wrong first code spends the
// token: another secret is proposed.
func (s *Server) ConfirmerTotp(ctx context.Context, r ConfirmerTotpRequestObject) (ConfirmerTotpResponseObject, error) {
	p := presenceDe(ctx)
	var secret string
	if err := s.desceller(ctx, "totp:"+p.Compte, r.Body.Jeton, &secret); err != nil {
		return nil, err
	}
	pas, ok := identite.VerifierTOTP(secret, r.Body.Code, time.Now(), 0)
	if !ok {
		return nil, opco.Champf("code", "Ce code n’est pas celui de l’application. Vérifiez l’heure de votre téléphone, puis recommencez avec un nouveau secret.")
	}
	if err := s.Store.EcrireTotp(ctx, p.Compte, s.coffre.Sceller(secret, p.Compte), pas); err != nil {
		return nil, err
	}
	rep, err := s.enrole(ctx, p, opco.ChargeFacteur{Facteur: facteurTotp})
	return ConfirmerTotp200JSONResponse(rep), err
}

// RetirerTotp answers POST /api/facteurs/totp/retrait.
func (s *Server) RetirerTotp(ctx context.Context, r RetirerTotpRequestObject) (RetirerTotpResponseObject, error) {
	return RetirerTotp204Response{}, s.retirer(ctx, r.Body.MotDePasse, opco.ChargeFacteur{Facteur: facteurTotp},
		func(ctx context.Context, f store.FacteursLus) error {
			if f.Totp == "" {
				return opco.Errorf(opco.Conflict, "Aucune application d’authentification n’est en place.")
			}
			return s.Store.OterTotp(ctx, qui(ctx).Compte)
		})
}
