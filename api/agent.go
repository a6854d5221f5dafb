package api

import (
	"context"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// dirigent are the roles that act on the absences and links of others.
var dirigent = []opco.Role{opco.RoleResponsable, opco.RoleAdmin}

// ListerAgents answers GET /api/agents. Who neither administers nor audits reads names
// and roles only: what is needed to choose who stands in.
func (s *Server) ListerAgents(ctx context.Context, _ ListerAgentsRequestObject) (ListerAgentsResponseObject, error) {
	as, err := s.Store.Agents(ctx)
	if err != nil {
		return nil, err
	}
	entier := slices.Contains([]opco.Role{opco.RoleAdmin, opco.RoleAuditeur}, qui(ctx).Role)
	rep := ListerAgents200JSONResponse{Agents: []AgentLu{}}
	for _, c := range as {
		v := agentLu(c)
		if !entier {
			if !opco.CompteOuvert(c.Etat) {
				continue
			}
			v.Identifiant, v.Email, v.Liens, v.Facteurs = "", "", []LienLu{}, FacteursResume{}
		}
		rep.Agents = append(rep.Agents, v)
	}
	montrer(ctx, len(rep.Agents))
	return rep, nil
}

// CreerAgent answers POST /api/agents.
func (s *Server) CreerAgent(ctx context.Context, r CreerAgentRequestObject) (CreerAgentResponseObject, error) {
	b := r.Body
	_, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if err := tous(b.Identite.Valider(jour)); err != nil {
		return nil, err
	}
	if _, err := opco.ParseIdentifiant(b.Identifiant); err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, geste{compte: compteNe(b.ActeId), acteID: b.ActeId, genre: opco.ActeCreerAgent,
		charge: opco.ChargeAgent{Identite: b.Identite, Identifiant: b.Identifiant, Personne: b.Personne, Role: b.Role}})
}

// surAgent performs an acte on the account of a staff member: that of an
// organisation is not found here.
func (s *Server) surAgent(ctx context.Context, g geste) (reponseActe, error) {
	c, err := s.Store.CompteLu(ctx, g.compte)
	if err == nil && !c.Interne() {
		err = store.CompteIntrouvable()
	}
	if err != nil {
		return reponseActe{}, err
	}
	return s.agirCompte(ctx, g)
}

// surSoiOuDirigee is surAgent for what each does for themselves, and a responsable or
// an administrator for others.
func (s *Server) surSoiOuDirigee(ctx context.Context, g geste) (reponseActe, error) {
	if u := qui(ctx); g.compte != u.Compte && !slices.Contains(dirigent, u.Role) {
		return reponseActe{}, store.CompteIntrouvable()
	}
	return s.surAgent(ctx, g)
}

// AccorderRole answers POST /api/agents/{id}/roles.
func (s *Server) AccorderRole(ctx context.Context, r AccorderRoleRequestObject) (AccorderRoleResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeAccorderRole,
		charge: opco.ChargeRole{Role: r.Body.Role, Raison: r.Body.Raison}})
}

// ConfirmerRole answers POST /api/agents/{id}/roles/{role}/confirmation.
func (s *Server) ConfirmerRole(ctx context.Context, r ConfirmerRoleRequestObject) (ConfirmerRoleResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeConfirmerRole, charge: opco.ChargeRole{Role: r.Role}})
}

// RetirerRole answers POST /api/agents/{id}/roles/{role}/retrait.
func (s *Server) RetirerRole(ctx context.Context, r RetirerRoleRequestObject) (RetirerRoleResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeID, genre: opco.ActeRetirerRole, retrait: true,
		charge: opco.ChargeRole{Role: r.Role, Raison: r.Body.Raison}})
}

// RelancerAgent answers POST /api/agents/{id}/renvoi.
func (s *Server) RelancerAgent(ctx context.Context, r RelancerAgentRequestObject) (RelancerAgentResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeRenvoyerCode, charge: struct{}{}})
}

// CloreAgent answers POST /api/agents/{id}/cloture.
func (s *Server) CloreAgent(ctx context.Context, r CloreAgentRequestObject) (CloreAgentResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeID, genre: opco.ActeCloreCompte, retrait: true,
		charge: opco.ChargeRaisonCompte{Raison: r.Body.Raison}})
}

// RetirerFacteurs answers POST /api/agents/{id}/facteurs/retrait.
func (s *Server) RetirerFacteurs(ctx context.Context, r RetirerFacteursRequestObject) (RetirerFacteursResponseObject, error) {
	if r.Id == qui(ctx).Compte {
		return nil, opco.Errorf(opco.Forbidden, "Ce compte est le vôtre : un autre administrateur retire vos seconds facteurs.").AvecCode("MEME_PERSONNE")
	}
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeID, genre: opco.ActeChangerFacteur,
		charge: opco.ChargeFacteur{Retire: true, Libelle: r.Body.Raison}})
}

// Deleguer answers POST /api/agents/{id}/delegations. The delegation has the id of its
// acte.
func (s *Server) Deleguer(ctx context.Context, r DeleguerRequestObject) (DeleguerResponseObject, error) {
	b := r.Body
	return s.surSoiOuDirigee(ctx, geste{compte: r.Id, acteID: b.ActeId, genre: opco.ActeDeleguer,
		charge: opco.ChargeDelegation{ID: b.ActeId, Delegue: b.Delegue, Role: b.Role, Du: b.Du, Au: b.Au, Raison: b.Raison}})
}

// FinirDelegation answers POST /api/agents/{id}/delegations/{delegation}/fin.
func (s *Server) FinirDelegation(ctx context.Context, r FinirDelegationRequestObject) (FinirDelegationResponseObject, error) {
	u := qui(ctx)
	ds, err := s.Store.Delegations(ctx, u.Compte, slices.Contains(dirigent, u.Role))
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(ds, func(d store.LigneDelegation) bool { return d.ID == r.Delegation && d.Compte == r.Id }) {
		return nil, opco.Errorf(opco.NotFound, "Cette délégation n’existe pas, ou elle est déjà finie.")
	}
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeFinirDelegation, charge: opco.ChargeFin{ID: r.Delegation}})
}

// DeclarerLien answers POST /api/agents/{id}/liens.
func (s *Server) DeclarerLien(ctx context.Context, r DeclarerLienRequestObject) (DeclarerLienResponseObject, error) {
	return s.surSoiOuDirigee(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeDeclarerLien,
		charge: opco.ChargeLien{SIREN: r.Body.Siren, Raison: r.Body.Raison}})
}

// FinirLien answers POST /api/agents/{id}/liens/{siren}/fin.
func (s *Server) FinirLien(ctx context.Context, r FinirLienRequestObject) (FinirLienResponseObject, error) {
	return s.surAgent(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeFinirLien, charge: opco.ChargeFin{ID: r.Siren}})
}

// ListerDelegations answers GET /api/delegations.
func (s *Server) ListerDelegations(ctx context.Context, _ ListerDelegationsRequestObject) (ListerDelegationsResponseObject, error) {
	u := qui(ctx)
	toutes := slices.Contains(dirigent, u.Role) || u.Role == opco.RoleAuditeur
	ds, err := s.Store.Delegations(ctx, u.Compte, toutes)
	if err != nil {
		return nil, err
	}
	return ListerDelegations200JSONResponse{Delegations: ds}, nil
}
