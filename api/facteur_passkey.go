package api

import (
	"context"
	"errors"
	"slices"

	"guichet/identite"
	"guichet/opco"
	"guichet/store"
)

// passkeysOuvertes returns what checks passkeys, or why there are none here.
func (s *Server) passkeysOuvertes() (*identite.Passkeys, error) {
	if s.passkeys == nil {
		return nil, opco.Errorf(opco.Conflict, "Les clés d’accès demandent un nom de domaine : ce guichet est ouvert sous une adresse qui n’en est pas un. Choisissez l’application d’authentification.")
	}
	return s.passkeys, nil
}

// titulaire reads who holds an account, as passkeys know them.
func (s *Server) titulaire(ctx context.Context, u store.Utilisateur) (identite.Titulaire, error) {
	poignee, err := s.Store.PoigneeDe(ctx, u.Compte, identite.NouvellePoignee())
	if err != nil {
		return identite.Titulaire{}, err
	}
	f, err := s.Store.Facteurs(ctx, u.Compte)
	t := identite.Titulaire{Poignee: poignee, Identifiant: u.Identifiant, Nom: u.Prenom + " " + u.Nom}
	for _, k := range f.Passkeys {
		t.Passkeys = append(t.Passkeys, identite.Passkey{ID: k.ID, Credential: k.Donnees})
	}
	return t, err
}

// demander seals the server's half of a ceremony for one purpose.
func (s *Server) demander(objet string, options, session []byte) (PasskeyDemandee, error) {
	jeton, err := s.sceller(objet, string(session))
	return PasskeyDemandee{Options: string(options), Jeton: jeton}, err
}

// reprendre opens that half, which serves once.
func (s *Server) reprendre(ctx context.Context, objet, jeton string) ([]byte, error) {
	var session string
	err := s.desceller(ctx, objet, jeton, &session)
	return []byte(session), err
}

// ProposerPasskey answers POST /api/facteurs/passkeys/depart.
func (s *Server) ProposerPasskey(ctx context.Context, r ProposerPasskeyRequestObject) (ProposerPasskeyResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	p, err := s.enroler(ctx, r.Body.MotDePasse)
	if err != nil {
		return nil, err
	}
	t, err := s.titulaire(ctx, p.Utilisateur)
	if err != nil {
		return nil, err
	}
	options, session, err := k.DebuterEnregistrement(t)
	if err != nil {
		return nil, err
	}
	rep, err := s.demander("passkey:"+p.Compte, options, session)
	return ProposerPasskey200JSONResponse(rep), err
}

// AjouterPasskey answers POST /api/facteurs/passkeys.
func (s *Server) AjouterPasskey(ctx context.Context, r AjouterPasskeyRequestObject) (AjouterPasskeyResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	p := presenceDe(ctx)
	session, err := s.reprendre(ctx, "passkey:"+p.Compte, r.Body.Jeton)
	if err != nil {
		return nil, err
	}
	t, err := s.titulaire(ctx, p.Utilisateur)
	if err != nil {
		return nil, err
	}
	neuve, err := k.FinirEnregistrement(t, session, []byte(r.Body.Reponse))
	if err != nil {
		return nil, err
	}
	libelle := r.Body.Libelle
	if libelle == "" {
		libelle = "Clé d’accès"
	}
	if err := s.Store.AjouterPasskey(ctx, p.Compte, store.PasskeyEcrite{ID: neuve.ID, Libelle: libelle, Donnees: neuve.Credential}); err != nil {
		return nil, err
	}
	rep, err := s.enrole(ctx, p, opco.ChargeFacteur{Facteur: facteurPasskey, Libelle: libelle})
	return AjouterPasskey200JSONResponse(rep), err
}

// RetirerPasskey answers POST /api/facteurs/passkeys/{id}/retrait.
func (s *Server) RetirerPasskey(ctx context.Context, r RetirerPasskeyRequestObject) (RetirerPasskeyResponseObject, error) {
	f, err := s.Store.Facteurs(ctx, qui(ctx).Compte)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(f.Passkeys, func(k store.PasskeyEcrite) bool { return k.ID == r.Id })
	if i < 0 {
		return nil, opco.Errorf(opco.NotFound, "Cette clé d’accès n’existe pas.")
	}
	return RetirerPasskey204Response{}, s.retirer(ctx, r.Body.MotDePasse, opco.ChargeFacteur{Facteur: facteurPasskey, Libelle: f.Passkeys[i].Libelle},
		func(ctx context.Context, _ store.FacteursLus) error {
			return s.Store.OterPasskey(ctx, qui(ctx).Compte, r.Id)
		})
}

// DemanderPasskey answers POST /api/session/passkey/depart.
func (s *Server) DemanderPasskey(ctx context.Context, _ DemanderPasskeyRequestObject) (DemanderPasskeyResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	p := presenceDe(ctx)
	if p.Etape != EtapeSecondFacteur {
		return nil, pasAttendu()
	}
	t, err := s.titulaire(ctx, p.Utilisateur)
	if err != nil {
		return nil, err
	}
	options, session, err := k.DebuterConnexion(t)
	if err != nil {
		return nil, err
	}
	rep, err := s.demander("passkey-second:"+p.Compte, options, session)
	return DemanderPasskey200JSONResponse(rep), err
}

// DonnerPasskey answers POST /api/session/passkey.
func (s *Server) DonnerPasskey(ctx context.Context, r DonnerPasskeyRequestObject) (DonnerPasskeyResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	p := presenceDe(ctx)
	if p.Etape != EtapeSecondFacteur {
		return nil, pasAttendu()
	}
	session, err := s.reprendre(ctx, "passkey-second:"+p.Compte, r.Body.Jeton)
	if err != nil {
		return nil, err
	}
	t, err := s.titulaire(ctx, p.Utilisateur)
	if err != nil {
		return nil, err
	}
	servie, err := k.FinirConnexion(t, session, []byte(r.Body.Reponse))
	if err != nil {
		return nil, err
	}
	if err := s.noterPasskey(ctx, p.Compte, t, servie); err != nil {
		return nil, err
	}
	rep, err := s.passer(ctx, "passkey")
	return DonnerPasskey200JSONResponse(rep), err
}

// noterPasskey keeps the counter of a key that has just served.
func (s *Server) noterPasskey(ctx context.Context, compte string, t identite.Titulaire, servie identite.Passkey) error {
	i := slices.IndexFunc(t.Passkeys, func(k identite.Passkey) bool { return k.ID == servie.ID })
	if i < 0 {
		return errors.New("a passkey that served is not one of its holder's")
	}
	ok, err := s.Store.PasskeyServie(ctx, compte, store.PasskeyEcrite{ID: servie.ID, Donnees: servie.Credential}, t.Passkeys[i].Credential)
	if err == nil && !ok {
		return opco.Errorf(opco.Conflict, "Cette clé d’accès sert ailleurs au même instant. Recommencez.")
	}
	return err
}

// DemanderPasskeyLibre answers POST /api/passkeys/depart: whoever comes, the same.
func (s *Server) DemanderPasskeyLibre(_ context.Context, _ DemanderPasskeyLibreRequestObject) (DemanderPasskeyLibreResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	options, session, err := k.DebuterConnexionLibre()
	if err != nil {
		return nil, err
	}
	rep, err := s.demander("passkey-libre", options, session)
	return DemanderPasskeyLibre200JSONResponse(rep), err
}

// OuvrirSessionPasskey answers POST /api/passkeys/session.
func (s *Server) OuvrirSessionPasskey(ctx context.Context, r OuvrirSessionPasskeyRequestObject) (OuvrirSessionPasskeyResponseObject, error) {
	k, err := s.passkeysOuvertes()
	if err != nil {
		return nil, err
	}
	session, err := s.reprendre(ctx, "passkey-libre", r.Body.Jeton)
	if err != nil {
		return nil, err
	}
	var u store.Utilisateur
	t, servie, err := k.FinirConnexionLibre(session, []byte(r.Body.Reponse), func(poignee []byte) (identite.Titulaire, error) {
		compte, err := s.Store.CompteDePoignee(ctx, poignee)
		if err != nil {
			return identite.Titulaire{}, err
		}
		if u, err = s.Store.UtilisateurDeCompte(ctx, compte); err != nil {
			return identite.Titulaire{}, err
		}
		return s.titulaire(ctx, u)
	})
	if err != nil {
		return nil, err
	}
	if err := s.noterPasskey(ctx, u.Compte, t, servie); err != nil {
		return nil, err
	}
	s.reconnaitreAppareil(ctx, u.Compte)
	p, err := s.ouvrir(ctx, u, arrivee{facteur: "passkey"})
	if err != nil {
		return nil, err
	}
	rep, err := s.sessionDe(ctx, p)
	return OuvrirSessionPasskey200JSONResponse(rep), err
}
