package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"guichet/opco"
	"guichet/store"
)

// administration is what who is connected administers: a company, through a
// profile, on some of its établissements (C14, AK-54).
type administration struct {
	profil opco.Role
	siren  opco.SIREN
	sirets []opco.SIRET
}

// administre returns what who is connected administers in the espace they are in, a
// Forbidden when it is nothing.
func (s *Server) administre(ctx context.Context) (administration, error) {
	u := qui(ctx)
	a := administration{profil: u.Role, siren: opco.SIREN(u.Entre().SIREN)}
	var err error
	if a.sirets, err = s.Store.Administre(ctx, u.Compte, a.profil, a.siren); err != nil {
		return a, err
	}
	if len(a.sirets) == 0 {
		return a, opco.Errorf(opco.Forbidden, "Vous n’administrez pas les comptes de cette organisation : adressez-vous à son administrateur.").AvecCode("NON_ADMINISTRATEUR")
	}
	return a, nil
}

// ListerUtilisateurs answers GET /api/utilisateurs.
func (s *Server) ListerUtilisateurs(ctx context.Context, _ ListerUtilisateursRequestObject) (ListerUtilisateursResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return nil, err
	}
	cs, err := s.Store.Collegues(ctx, a.profil, a.sirets)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(cs))
	return ListerUtilisateurs200JSONResponse{Utilisateurs: cs, Sirets: a.sirets, Services: servicesOfferts(donnables(qui(ctx).Entre().Services))}, nil
}

// CompterUtilisateurs counts the people that ListerUtilisateurs lists, for the menu.
func (s *Server) CompterUtilisateurs(ctx context.Context) (int, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return 0, err
	}
	return s.Store.CompterCollegues(ctx, a.profil, a.sirets)
}

// donnables lists the services that the holder of those may give: the same, and
// reading to who handles dossiers.
func donnables(ss []opco.Service) []opco.Service {
	ss = slices.Clone(ss)
	if slices.ContainsFunc(ss, opco.Service.Lit) && !slices.Contains(ss, opco.ServiceLecture) {
		ss = append(ss, opco.ServiceLecture)
	}
	return ss
}

// donner turns what an administrator asks for into rights on what they administer;
// an établissement beyond is refused in the same words whether it exists or not.
func (a administration) donner(ds []DroitSaisi) ([]opco.DroitDonne, error) {
	var refus champs
	dons := make([]opco.DroitDonne, len(ds))
	for i, d := range ds {
		dons[i] = opco.DroitDonne{Profil: a.profil, SIRET: d.Siret, Service: d.Service, Du: d.Du, Au: d.Au, Mandat: d.Mandat}
		if !slices.Contains(a.sirets, d.Siret) {
			refus = append(refus, opco.Champf(fmt.Sprintf("droits[%d].siret", i), "Vous n’administrez pas cet établissement. Choisissez-le dans la liste des vôtres."))
		}
		if !slices.Contains(opco.Services(a.profil), d.Service) {
			refus = append(refus, opco.Champf(fmt.Sprintf("droits[%d].service", i), "Ce service n’existe pas pour ce profil."))
		}
	}
	return dons, tous(refus)
}

// InviterUtilisateur answers POST /api/utilisateurs: rights for a person, who is
// invited when the address opens no account (C14, AK-54).
func (s *Server) InviterUtilisateur(ctx context.Context, r InviterUtilisateurRequestObject) (InviterUtilisateurResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return nil, err
	}
	dons, err := a.donner(r.Body.Droits)
	if err != nil {
		return nil, err
	}
	_, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if err := tous(r.Body.Identite.Valider(jour)); err != nil {
		return nil, err
	}
	g := geste{compte: compteNe(r.Body.ActeId), acteID: r.Body.ActeId, genre: opco.ActeInviter,
		charge: opco.ChargeInviter{Identite: r.Body.Identite, Droits: dons}}
	if err := s.destiner(ctx, a, &g, r.Body.Identite.Email, dons); err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, g)
}

// mesurerInvitations bounds what one account sends, and what one mailbox receives.
func (s *Server) mesurerInvitations(ctx context.Context, email opco.Email) error {
	p, _, err := s.regles(ctx)
	if err != nil {
		return err
	}
	for cle, max := range map[string]int{"invitations de " + qui(ctx).Compte: p.Comptes.Invitations, "invitation " + store.Boite(email): p.Comptes.DemandesBoite} {
		ok, err := s.Store.Solliciter(ctx, cle, max)
		if err != nil {
			return err
		}
		if !ok {
			return &erreurStatut{statut: http.StatusTooManyRequests, detail: tropSouvent, apres: time.Hour}
		}
	}
	return nil
}

// destiner sends to the account that the address already opens what would invite
// somebody new. An acte sent again goes where it went.
func (s *Server) destiner(ctx context.Context, a administration, g *geste, email opco.Email, dons []opco.DroitDonne) error {
	id, err := s.Store.CompteInvitable(ctx, email)
	if deja, e := s.Store.Acte(ctx, g.acteID); e == nil {
		if id = ""; deja.Acte.Type == opco.ActeDonnerDroits {
			id = strings.TrimPrefix(deja.Acte.Objet, opco.ObjetCompte(""))
		}
	} else if !errors.Is(e, opco.NotFound) {
		return e
	} else if err == nil {
		if id == "" {
			err = s.refuserDoublon(ctx, a, email)
		}
		if err == nil {
			err = s.mesurerInvitations(ctx, email)
		}
	}
	if err != nil || id == "" {
		return err
	}
	g.compte, g.genre, g.charge = id, opco.ActeDonnerDroits, opco.ChargeInviter{Droits: dons}
	return nil
}

// refuserDoublon refuses to invite twice a person whom the company has invited and
// who has not answered yet: the first invitation is sent again instead.
func (s *Server) refuserDoublon(ctx context.Context, a administration, email opco.Email) error {
	cs, err := s.Store.Collegues(ctx, a.profil, a.sirets)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(cs, func(c store.Collegue) bool { return c.Email == string(email) && c.Etat == opco.CompteEmailAConfirmer }) {
		return opco.Errorf(opco.Conflict, "Cette personne a déjà une invitation en attente : renvoyez-la depuis la liste, ou retirez-la d’abord.").AvecCode("DEJA_INVITEE")
	}
	return nil
}

// collegue returns the ids of the rights that the account {id} has on what is
// administered: NotFound when it has none, as for an account that does not exist.
func (s *Server) collegue(ctx context.Context, a administration, id string) ([]string, error) {
	ids, err := s.Store.DroitsDe(ctx, id, a.profil, a.sirets)
	if err == nil && len(ids) == 0 {
		err = store.CompteIntrouvable()
	}
	return ids, err
}

// DonnerDroits answers POST /api/utilisateurs/{id}/droits (C14).
func (s *Server) DonnerDroits(ctx context.Context, r DonnerDroitsRequestObject) (DonnerDroitsResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.collegue(ctx, a, r.Id); err != nil {
		return nil, err
	}
	dons, err := a.donner(r.Body.Droits)
	if err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeDonnerDroits, charge: opco.ChargeInviter{Droits: dons}})
}

// RetirerDroitsCollegue answers POST /api/utilisateurs/{id}/retrait (C13).
func (s *Server) RetirerDroitsCollegue(ctx context.Context, r RetirerDroitsCollegueRequestObject) (RetirerDroitsCollegueResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := s.collegue(ctx, a, r.Id)
	if err != nil {
		return nil, err
	}
	if !contient(ids, r.Body.Habilitations) {
		return nil, opco.Errorf(opco.NotFound, "L’un de ces droits n’existe pas, ou vous ne l’administrez pas.")
	}
	return s.agirCompte(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeRetirerDroits, retrait: true,
		charge: opco.ChargeDroits{Habilitations: r.Body.Habilitations, Motif: r.Body.Motif, Raison: r.Body.Raison}})
}

// RelancerUtilisateur answers POST /api/utilisateurs/{id}/renvoi.
func (s *Server) RelancerUtilisateur(ctx context.Context, r RelancerUtilisateurRequestObject) (RelancerUtilisateurResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.collegue(ctx, a, r.Id); err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeRenvoyerCode, charge: struct{}{}})
}

// ListerMandats answers GET /api/mandats, within the espace: those that its
// établissements give, to their administrators, and those that the reader holds.
func (s *Server) ListerMandats(ctx context.Context, _ ListerMandatsRequestObject) (ListerMandatsResponseObject, error) {
	a, err := s.administre(ctx)
	if err != nil && !errors.Is(err, opco.Forbidden) {
		return nil, err
	}
	ms, err := s.Store.Mandats(ctx, qui(ctx).Compte, a.profil, a.siren, a.sirets)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(ms))
	return ListerMandats200JSONResponse{Mandats: ms}, nil
}
