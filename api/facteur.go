package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"guichet/identite"
	"guichet/opco"
	"guichet/store"
)

// LireFacteurs answers GET /api/facteurs.
func (s *Server) LireFacteurs(ctx context.Context, _ LireFacteursRequestObject) (LireFacteursResponseObject, error) {
	p := presenceDe(ctx)
	f, err := s.Store.Facteurs(ctx, p.Compte)
	if err != nil {
		return nil, err
	}
	r := FacteursLus{Obligatoire: s.obligatoire(p.Utilisateur), Totp: f.Totp != "", SecoursRestants: int32(len(f.Secours)),
		Passkeys: []PasskeyLue{}, Identites: []string{}}
	for _, k := range f.Passkeys {
		l := PasskeyLue{Id: k.ID, Libelle: k.Libelle, CreeLe: k.CreeLe.UTC()}
		if k.UtiliseLe != nil {
			l.UtiliseLe = k.UtiliseLe.UTC()
		}
		r.Passkeys = append(r.Passkeys, l)
	}
	for _, i := range f.Identites {
		r.Identites = append(r.Identites, i.Emetteur)
	}
	return LireFacteurs200JSONResponse(r), nil
}

// obligatoire reports whether u must have a second factor.
func (s *Server) obligatoire(u store.Utilisateur) bool { return u.Interne && s.SecondFacteur }

// DonnerSecondFacteur answers POST /api/session/second-facteur: a code of the
// telephone, or a recovery code. Wrong ones are counted like wrong passwords.
func (s *Server) DonnerSecondFacteur(ctx context.Context, r DonnerSecondFacteurRequestObject) (DonnerSecondFacteurResponseObject, error) {
	p := presenceDe(ctx)
	if p.Etape != EtapeSecondFacteur {
		return nil, pasAttendu()
	}
	parametres, err := s.parametresConnexion(ctx)
	if err != nil {
		return nil, err
	}
	res, err := s.reserver(ctx, store.Tentative{Saisi: "facteur:" + p.Compte}, parametres)
	if err != nil {
		return nil, err
	}
	facteur, err := s.verifierCode(ctx, p.Compte, r.Body.Code)
	if err != nil {
		return nil, err
	}
	if facteur == "" {
		s.signalerBlocage(ctx, p.Utilisateur, res, parametres)
		return nil, opco.Champf("code", "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, ou donnez un code de secours.")
	}
	if err := s.Store.TentativeReussie(ctx, res, parametres); err != nil {
		return nil, err
	}
	rep, err := s.passer(ctx, facteur)
	return DonnerSecondFacteur200JSONResponse(rep), err
}

func pasAttendu() error {
	return opco.Errorf(opco.Conflict, "Aucun second facteur n’est attendu : votre session est déjà ouverte.")
}

// verifierCode uses a code of the telephone or a recovery code; "" when it is
// neither.
func (s *Server) verifierCode(ctx context.Context, compte, code string) (facteur string, err error) {
	f, err := s.Store.Facteurs(ctx, compte)
	if err != nil {
		return "", err
	}
	if empreinte, ok := identite.EmpreinteSecours(code); ok {
		if bon, err := s.Store.ConsommerSecours(ctx, compte, empreinte); err != nil || bon {
			return "secours", err
		}
	}
	if f.Totp == "" {
		return "", nil
	}
	secret, err := s.coffre.Ouvrir(f.Totp, compte)
	if err != nil {
		return "", fmt.Errorf("opening the secret of %s: %w", compte, err)
	}
	pas, ok := identite.VerifierTOTP(secret, code, time.Now(), f.TotpPas)
	if !ok {
		return "", nil
	}
	if ok, err = s.Store.AvancerTotp(ctx, compte, pas); err != nil || !ok {
		return "", err
	}
	return "totp", nil
}

// passer notes in the session how the second factor was given, under a new id.
func (s *Server) passer(ctx context.Context, facteur string) (Session, error) {
	p, err := s.changer(ctx, func(rctx context.Context) { s.sessions.Put(rctx, cleFacteur, facteur) })
	if err != nil {
		return Session{}, err
	}
	return s.sessionDe(ctx, p)
}

// enroler lets through a person about to change their second factors: from a
// session, with their password again unless they have just come in by it.
func (s *Server) enroler(ctx context.Context, mot string) (presence, error) {
	p := presenceDe(ctx)
	switch {
	case p.ParCle:
		return p, opco.Errorf(opco.Conflict, "Cette action se fait depuis une session, pas avec une clé d’API.")
	case p.Etape == EtapeEnroler:
		return p, nil
	case mot == "":
		return p, opco.Champf("mot_de_passe", "Redonnez votre mot de passe : il protège vos seconds facteurs.")
	}
	return p, s.reprouver(ctx, mot)
}

// enrole ends the enrolment of a factor: recovery codes come with the first one,
// the session goes on with it, and its owner is told.
func (s *Server) enrole(ctx context.Context, p presence, ch opco.ChargeFacteur) (SecoursDonnes, error) {
	r := SecoursDonnes{Codes: []string{}}
	f, err := s.Store.Facteurs(ctx, p.Compte)
	if err != nil {
		return r, err
	}
	if len(f.Secours) == 0 {
		codes, empreintes := identite.NouveauxSecours()
		if err := s.Store.EcrireSecours(ctx, p.Compte, empreintes); err != nil {
			return r, err
		}
		r.Codes = codes
	}
	if _, err := s.passer(ctx, ch.Facteur); err != nil {
		return r, err
	}
	return r, s.direFacteur(ctx, p, ch)
}

// direFacteur writes in the history of the account that its factors changed. It
// does not wait: the change itself is made.
func (s *Server) direFacteur(ctx context.Context, p presence, ch opco.ChargeFacteur) error {
	charge, err := json.Marshal(ch)
	if err != nil {
		return err
	}
	par := p.Acteur("")
	if par.Role == "" {
		par.Role = opco.RoleDemandeur
	}
	r, err := s.Store.Recevoir(ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(p.Compte), Type: opco.ActeChangerFacteur,
		Par: par, Charge: charge, Compte: p.Compte, Session: p.Session})
	if err != nil {
		return err
	}
	s.transmettre(ctx, r.Acte)
	return nil
}

// retirer checks that a person may do without the factor that oter takes away,
// takes it, and tells them. The staff keeps one at least.
func (s *Server) retirer(ctx context.Context, mot string, ch opco.ChargeFacteur, oter func(ctx context.Context, f store.FacteursLus) error) error {
	p, err := s.enroler(ctx, mot)
	if err != nil {
		return err
	}
	f, err := s.Store.Facteurs(ctx, p.Compte)
	if err != nil {
		return err
	}
	reste := len(f.Passkeys)
	if f.Totp != "" {
		reste++
	}
	if ch.Facteur != facteurIdentite {
		reste--
	}
	if reste < 1 && s.obligatoire(p.Utilisateur) {
		return opco.Errorf(opco.Conflict, "Un second facteur est obligatoire pour les comptes de l’OPCO : enregistrez-en un autre avant de retirer celui-ci.")
	}
	if err := oter(ctx, f); err != nil {
		return err
	}
	if reste < 1 {
		if err := s.Store.EcrireSecours(ctx, p.Compte, []string{}); err != nil {
			return err
		}
	}
	if err := s.Renouveler(ctx); err != nil {
		return err
	}
	ch.Retire = true
	return s.direFacteur(ctx, p, ch)
}

// The names of the factors, as ChargeFacteur has them.
const (
	facteurTotp     = "TOTP"
	facteurPasskey  = "PASSKEY"
	facteurSecours  = "SECOURS"
	facteurIdentite = "IDENTITE"
)

// RenouvelerSecours answers POST /api/facteurs/secours.
func (s *Server) RenouvelerSecours(ctx context.Context, r RenouvelerSecoursRequestObject) (RenouvelerSecoursResponseObject, error) {
	p, err := s.enroler(ctx, r.Body.MotDePasse)
	if err != nil {
		return nil, err
	}
	if !p.Facteur() {
		return nil, opco.Errorf(opco.Conflict, "Les codes de secours remplacent un second facteur : enregistrez-en d’abord un.")
	}
	codes, empreintes := identite.NouveauxSecours()
	if err := s.Store.EcrireSecours(ctx, p.Compte, empreintes); err != nil {
		return nil, err
	}
	return RenouvelerSecours200JSONResponse{Codes: codes}, s.direFacteur(ctx, p, opco.ChargeFacteur{Facteur: facteurSecours})
}

// DelierIdentites answers POST /api/facteurs/identites/retrait.
func (s *Server) DelierIdentites(ctx context.Context, r DelierIdentitesRequestObject) (DelierIdentitesResponseObject, error) {
	return DelierIdentites204Response{}, s.retirer(ctx, r.Body.MotDePasse, opco.ChargeFacteur{Facteur: facteurIdentite},
		func(ctx context.Context, f store.FacteursLus) error {
			var errs []error
			for _, i := range f.Identites {
				errs = append(errs, s.Store.DelierIdentite(ctx, qui(ctx).Compte, i))
			}
			return errors.Join(errs...)
		})
}
