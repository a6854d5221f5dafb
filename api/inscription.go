package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// The forms that an anti-robot question protects (MA-57).
const (
	objetInscription      = "inscription"
	objetActivation       = "activation"
	objetReinitialisation = "reinitialisation"
	objetModification     = "compte"
	objetEntite           = "entite"
)

// LireParametresInscription answers GET /api/inscriptions/parametres.
func (s *Server) LireParametresInscription(ctx context.Context, _ LireParametresInscriptionRequestObject) (LireParametresInscriptionResponseObject, error) {
	p, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	bs, err := s.Store.Branches(ctx)
	if err != nil {
		return nil, err
	}
	rep := LireParametresInscription200JSONResponse{AnneeMasse: int32(jour.Annee() - 1), Politique: p.PolitiqueInscription, //nolint:gosec // a year
		Regle: p.Politique(p.PolitiqueInscription).Regle(), VersionCgu: p.Comptes.VersionCGU, VersionConfidentialite: p.Comptes.VersionConfidence,
		Telephones: append([]opco.LigneAide{}, p.Comptes.Telephones...), Horaires: p.Comptes.Horaires, Branches: []Branche{}}
	for _, b := range bs {
		rep.Branches = append(rep.Branches, Branche{Idcc: string(b), Libelle: b.Libelle()})
	}
	for _, profil := range []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme} {
		rep.Profils = append(rep.Profils, ProfilOffert{Profil: profil, Libelle: profil.Libelle(), Services: servicesOfferts(opco.Services(profil))})
	}
	return rep, nil
}

// servicesOfferts shows services as a form offers them. Those that MA-23, MA-24 and
// MA-33 tick beforehand are ticked.
func servicesOfferts(ss []opco.Service) []ServiceOffert {
	coches := []opco.Service{opco.ServiceDossiers, opco.ServiceContributions, opco.ServicePaiements}
	vs := make([]ServiceOffert, len(ss))
	for i, x := range ss {
		vs[i] = ServiceOffert{Code: x, Libelle: x.Libelle(), Coche: slices.Contains(coches, x)}
	}
	return vs
}

// Inscrire answers POST /api/inscriptions. Whether the address has an account is
// found out later, by the procedure, and told by mail to its owner only (C02).
func (s *Server) Inscrire(ctx context.Context, r InscrireRequestObject) (InscrireResponseObject, error) {
	p, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	charge := opco.ChargeInscrire{Identite: r.Body.Identite, Blocs: r.Body.Blocs, CGU: r.Body.Cgu, Politique: p.PolitiqueInscription}
	if err := tous(refusInscription(charge, string(r.Body.EmailConfirme), p.Comptes, jour)); err != nil {
		return nil, err
	}
	rep := Inscrire202JSONResponse{Email: string(charge.Identite.Email), Phrase: phraseInscription(p.Comptes)}
	if _, err := s.Store.Acte(ctx, r.Body.ActeId); errors.Is(err, opco.NotFound) {
		if err := s.admettreInscription(ctx, r.Body.Epreuve, charge.Identite.Email, p.Comptes); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	recu, err := s.recevoirGeste(ctx, geste{compte: compteNe(r.Body.ActeId), acteID: r.Body.ActeId, genre: opco.ActeInscrire, charge: charge, par: demandeur()})
	if err != nil {
		return nil, err
	}
	s.prevenir(ctx, recu)
	return rep, nil
}

// phraseInscription says the same to everybody, whether the address has an account
// or not (C02).
func phraseInscription(p opco.ParametresCompte) string {
	return fmt.Sprintf("Votre demande est enregistrée. Un e-mail part à cette adresse : il porte un code, valable %d heures, pour activer votre compte. "+
		"Votre accès sera limité jusqu’à ce qu’un conseiller confirme vos droits.", p.CodeHeures)
}

// admettreInscription asks for a person and bounds what one mailbox and one address
// receive and send.
func (s *Server) admettreInscription(ctx context.Context, e EpreuveSaisie, email opco.Email, p opco.ParametresCompte) error {
	if err := s.verifierEpreuve(ctx, objetInscription, e); err != nil {
		return err
	}
	return s.mesurer(ctx, "inscription", store.Boite(email), p.DemandesBoite, p)
}

// refusInscription lists everything to correct in the form, together.
func refusInscription(c opco.ChargeInscrire, confirme string, p opco.ParametresCompte, jour opco.Date) []*opco.Error {
	refus := c.Valider(jour)
	if string(c.Identite.Email) != confirme {
		refus = append(refus, opco.Champf("email_confirme", "Les deux adresses diffèrent : retapez la seconde comme la première."))
	}
	if c.CGU != p.VersionCGU && strings.TrimSpace(c.CGU) != "" {
		refus = append(refus, opco.Champf("cgu", "Nos conditions d’utilisation ont changé : relisez-les et acceptez leur version %s.", p.VersionCGU))
	}
	return refus
}

// prevenir tells the procedures about an acte whose verdict nobody waits for here:
// the time of an answer must not say what was found.
func (s *Server) prevenir(ctx context.Context, r store.Recu) {
	if r.Verdict != opco.VerdictRecu {
		return
	}
	ctx = context.WithoutCancel(ctx)
	go s.transmettre(ctx, r.Acte)
}

// RenvoyerCode answers POST /api/inscriptions/renvoi: the same for an address that
// waits for nothing.
func (s *Server) RenvoyerCode(ctx context.Context, r RenvoyerCodeRequestObject) (RenvoyerCodeResponseObject, error) {
	debut := time.Now()
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	email := opco.Email(r.Body.Email)
	if err := s.mesurer(ctx, "renvoi", store.Boite(email), p.Comptes.RenvoisParHeure, p.Comptes); err != nil {
		return nil, err
	}
	id, err := s.Store.CompteAConfirmer(ctx, email)
	if err == nil && id != "" {
		err = s.deposer(ctx, id, opco.ActeRenvoyerCode, struct{}{})
	}
	egaliser(ctx, debut)
	if err != nil {
		return nil, err
	}
	return RenvoyerCode202JSONResponse{Phrase: "Si une demande de compte attend cette adresse, un nouveau code vient de partir. Le précédent ne sert plus."}, nil
}

// deposer puts in the inbox an acte that somebody asks for without being connected,
// and waits for no verdict. What the account does not admit is the procedure's to
// refuse: nobody here must see the difference.
func (s *Server) deposer(ctx context.Context, compte string, t opco.TypeActe, charge any) error {
	a, err := geste{compte: compte, acteID: uuid.NewString(), genre: t, charge: charge, par: demandeur()}.acte(ctx)
	if err != nil {
		return err
	}
	r, err := s.Store.Recevoir(ctx, a)
	if err != nil {
		return err
	}
	s.prevenir(ctx, r)
	return nil
}

// codeFaux is the one answer to a code that does not fit: wrong, dead, expired, or
// of an address that has no account.
const codeFaux = "Ce code n’est pas le bon, ou il ne sert plus. Vérifiez-le dans l’e-mail le plus récent, ou demandez un nouveau code."

// ConfirmerEmail answers POST /api/inscriptions/confirmation (C05). Who does not have
// the right code learns nothing of the account, not even that there is one.
func (s *Server) ConfirmerEmail(ctx context.Context, r ConfirmerEmailRequestObject) (ConfirmerEmailResponseObject, error) {
	debut := time.Now()
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if r.Body.Compte == "" && r.Body.Email == "" {
		return nil, opco.Champf("email", "Indiquez l’adresse à laquelle le code est arrivé.")
	}
	if err := s.verifierEpreuve(ctx, objetActivation, r.Body.Epreuve); err != nil {
		return nil, err
	}
	c, err := s.compteDuCode(ctx, r.Body.Compte, opco.Email(r.Body.Email))
	if err != nil {
		return nil, err
	}
	empreinte := opco.EmpreinteCode(string(r.Body.Code))
	charge := opco.ChargeCode{Empreinte: empreinte, Version: r.Body.Version}
	if !connait(c.Code, empreinte) { // the right code is judged first: nobody is kept out by the tries of somebody else
		compte, err := s.compterEssai(ctx, c, boiteOuCompte(r.Body.Compte, string(r.Body.Email)), p.Comptes)
		if err != nil {
			return nil, err
		}
		return nil, s.essaiManque(ctx, debut, compte, opco.ActeConfirmerEmail, charge, opco.Champf("code", codeFaux))
	}
	rep, err := s.choisirAvecCode(ctx, c, p.Politique(c.Politique), r.Body.MotDePasse, opco.ActeConfirmerEmail, charge)
	if err != nil {
		return nil, err
	}
	return ConfirmerEmail200JSONResponse(rep), nil
}

// mesurerEssais bounds the wrong codes that one place types for one mailbox within
// an hour: as many as kill a code. The next code is out of its reach.
func (s *Server) mesurerEssais(ctx context.Context, quoi, boite string, max int, p opco.ParametresCompte) error {
	return s.mesurer(ctx, quoi, boite+" "+adresseReseau(ctx), max, p)
}

func boiteOuCompte(compte, email string) string {
	if compte != "" {
		return compte
	}
	return store.Boite(opco.Email(email))
}

// compteDuCode returns the account named by a link, or the one that waits for the
// proof of an address; the zero account when there is none.
func (s *Server) compteDuCode(ctx context.Context, compte string, email opco.Email) (store.CompteLu, error) {
	var err error
	if compte == "" {
		if compte, err = s.Store.CompteAConfirmer(ctx, email); err != nil || compte == "" {
			return store.CompteLu{}, err
		}
	}
	c, err := s.Store.CompteLu(ctx, compte)
	if errors.Is(err, opco.NotFound) {
		return store.CompteLu{}, nil
	}
	return c, err
}

// connait reports whether the empreinte is that of the code that was sent last.
func connait(c *opco.CodeEnvoye, empreinte string) bool {
	return c != nil && subtle.ConstantTimeCompare([]byte(c.Empreinte), []byte(empreinte)) == 1
}

// essaiManque has a wrong try counted, when there is an account, and refuses in the
// same words and time when there is none.
func (s *Server) essaiManque(ctx context.Context, debut time.Time, compte string, t opco.TypeActe, charge any, refus error) error {
	if compte != "" {
		if err := s.deposer(ctx, compte, t, charge); err != nil {
			return err
		}
	}
	egaliser(ctx, debut)
	return refus
}

// choisirAvecCode performs the acte that a right code allows, with the password
// chosen at the same time.
func (s *Server) choisirAvecCode(ctx context.Context, c store.CompteLu, p opco.Politique, mot string, t opco.TypeActe, charge any) (CompteConfirme, error) {
	hache, err := s.choisirMotDePasse(ctx, "mot_de_passe", p, mot, contexteDe(c)...)
	if err != nil {
		return CompteConfirme{}, err
	}
	rep, err := s.agirCompte(ctx, geste{compte: c.ID, acteID: uuid.NewString(), genre: t, charge: charge, par: demandeur(), hache: hache})
	if err != nil {
		return CompteConfirme{}, err
	}
	return confirmeDe(rep, c.Identifiant, "Votre compte est actif : connectez-vous avec votre mot de passe."), nil
}

// confirmeDe says what became of an acte that opens the account.
func confirmeDe(r reponseActe, identifiant, phrase string) CompteConfirme {
	if r.corps.Acte.Verdict == opco.VerdictApplique {
		return CompteConfirme{Applique: true, Identifiant: identifiant, Phrase: phrase}
	}
	return CompteConfirme{Phrase: "Votre demande est enregistrée. Elle prend effet dans quelques instants : connectez-vous dans une minute."}
}

// compterEssai returns the account whose code a wrong try counts against, "" when it
// counts against none. One place kills one code of a mailbox in an hour at most:
// beyond, its tries are told wrong and reach no code, so that nobody is kept out by
// somebody else; far beyond, it waits.
func (s *Server) compterEssai(ctx context.Context, c store.CompteLu, boite string, p opco.ParametresCompte) (string, error) {
	if err := s.mesurerEssais(ctx, "activation, tout", boite, p.CodeEssais*(1+p.RenvoisParHeure), p); err != nil {
		return "", err
	}
	err := s.mesurerEssais(ctx, "activation", boite, p.CodeEssais, p)
	var trop *erreurStatut
	switch {
	case errors.As(err, &trop):
		return "", nil
	case err != nil || c.Etat != opco.CompteEmailAConfirmer:
		return "", err
	}
	return c.ID, nil
}
