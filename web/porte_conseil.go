package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Demandes reads a page of the advisers' queue.
func (p porteInterieur) Demandes(c *gin.Context, f store.FiltreDemandes) (DemandesLues, error) {
	r, err := p.ListerHabilitations(contexte(c), api.ListerHabilitationsRequestObject{Params: api.ListerHabilitationsParams{Etat: f.Etat,
		Texte: f.Texte, Retard: f.Retard, Apres: f.Apres}})
	lues, _ := r.(api.ListerHabilitations200JSONResponse)
	return DemandesLues{PageDemandes: store.PageDemandes{Demandes: lues.Demandes, Suivant: lues.Suivant}, Compteurs: lues.Compteurs, Reponse: int(lues.ReponseOuvres)}, err
}

// CompterDemandes counts the queue.
func (p porteInterieur) CompterDemandes(c *gin.Context) (store.CompteursDemandes, error) {
	return p.Store.CompterDemandes(c.Request.Context())
}

// DemandeSuivante names the most urgent request.
func (p porteInterieur) DemandeSuivante(c *gin.Context, sauf []string) (string, error) {
	r, err := p.PrendreHabilitation(contexte(c), api.PrendreHabilitationRequestObject{Params: api.PrendreHabilitationParams{Sauf: sauf}})
	lue, _ := r.(api.PrendreHabilitation200JSONResponse)
	return lue.Compte, err
}

// CompteVu reads an account and its journal.
func (p porteInterieur) CompteVu(c *gin.Context, id string) (CompteVu, error) {
	r, err := p.LireUnCompte(contexte(c), api.LireUnCompteRequestObject{Id: id})
	if err != nil {
		return CompteVu{}, err
	}
	lu, _ := r.(api.LireUnCompte200JSONResponse)
	j, err := p.LireJournalCompte(contexte(c), api.LireJournalCompteRequestObject{Id: id})
	if err != nil {
		return CompteVu{}, err
	}
	journal, _ := j.(api.LireJournalCompte200JSONResponse)
	v := CompteVu{Blocs: lu.Blocs, Collegues: lu.Collegues, Journal: journal.Passages, Lien: lu.Lien}
	v.MonCompte, err = p.dater(c, lu.Compte)
	return v, err
}

// Comptes searches accounts.
func (p porteInterieur) Comptes(c *gin.Context, f store.FiltreComptes) ([]store.LigneCompte, string, error) {
	r, err := p.ListerComptes(contexte(c), api.ListerComptesRequestObject{Params: api.ListerComptesParams{Texte: f.Texte, Etat: f.Etats, Apres: f.Apres}})
	lus, _ := r.(api.ListerComptes200JSONResponse)
	return lus.Comptes, lus.Suivant, err
}

// Decider answers rights (C08, C09).
func (p porteInterieur) Decider(c *gin.Context, acte, compte string, ch opco.ChargeDecision) (opco.Verdict, error) {
	return verdict(p.DeciderDroits(contexte(c), api.DeciderDroitsRequestObject{Id: compte, Body: &api.CorpsDecisionDroits{ActeId: acte, Reponses: ch.Reponses}}))
}

// DemanderPrecision asks the applicant something (C10).
func (p porteInterieur) DemanderPrecision(c *gin.Context, acte, compte string, ch opco.ChargePrecision) (opco.Verdict, error) {
	return verdict(p.Server.DemanderPrecision(contexte(c), api.DemanderPrecisionRequestObject{Id: compte,
		Body: &api.CorpsPrecision{ActeId: acte, Habilitations: ch.Habilitations, Question: ch.Question}}))
}

// AttribuerDroits gives rights to an account that is open (AK-02).
func (p porteInterieur) AttribuerDroits(c *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error) {
	return verdict(p.Server.AttribuerDroits(contexte(c), api.AttribuerDroitsRequestObject{Id: compte, Body: &api.CorpsAttribution{ActeId: acte, Droits: ds}}))
}

// RetirerDroits takes rights away (C13).
func (p porteInterieur) RetirerDroits(c *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error) {
	return verdict(p.Server.RetirerDroits(contexte(c), api.RetirerDroitsRequestObject{Id: compte,
		Body: &api.CorpsRetraitDroits{ActeId: acte, Habilitations: ch.Habilitations, Raison: ch.Raison}}))
}

// Reemettre sends provisional credentials again (C19).
func (p porteInterieur) Reemettre(c *gin.Context, acte, compte string) (opco.Verdict, error) {
	return verdict(p.ReemettreIdentifiants(contexte(c), api.ReemettreIdentifiantsRequestObject{Id: compte, Body: &api.CorpsActe{ActeId: acte}}))
}

// CloreCompte closes an account (C22).
func (p porteInterieur) CloreCompte(c *gin.Context, acte, compte, raison string) (opco.Verdict, error) {
	return verdict(p.Server.CloreCompte(contexte(c), api.CloreCompteRequestObject{Id: compte, Body: &api.CorpsRaison{ActeID: acte, ChargeRaison: opco.ChargeRaison{Raison: raison}}}))
}

// OuvrirCompte opens an account for somebody (AK-01).
func (p porteInterieur) OuvrirCompte(c *gin.Context, acte string, qui opco.Identite, ds []opco.DroitDonne) (string, opco.Verdict, error) {
	r, err := p.Server.OuvrirCompte(contexte(c), api.OuvrirCompteRequestObject{Body: &api.CorpsOuverture{ActeId: acte, Identite: qui, Droits: ds}})
	return compteDeLObjet(r), api.VerdictDe(r), err
}

// Regles lists the auto-accept rules.
func (p porteInterieur) Regles(c *gin.Context) ([]store.RegleAutoLue, error) {
	r, err := p.ListerReglesAuto(contexte(c), api.ListerReglesAutoRequestObject{})
	lues, _ := r.(api.ListerReglesAuto200JSONResponse)
	return lues.Regles, err
}

// EssayerRegle plays a rule over the past.
func (p porteInterieur) EssayerRegle(c *gin.Context, x opco.RegleAuto) (store.EssaiAuto, error) {
	r, err := p.EssayerRegleAuto(contexte(c), api.EssayerRegleAutoRequestObject{Body: &api.RegleEssayee{Profil: x.Profil, Service: x.Service, Questions: x.Questions}})
	e, _ := r.(api.EssayerRegleAuto200JSONResponse)
	return store.EssaiAuto(e), err
}

// ActiverRegle switches on the rule of a dry run.
func (p porteInterieur) ActiverRegle(c *gin.Context, essai string) error {
	_, err := p.ActiverRegleAuto(contexte(c), api.ActiverRegleAutoRequestObject{Body: &api.CorpsActivation{Essai: essai}})
	return err
}

// ArreterRegle switches a rule off.
func (p porteInterieur) ArreterRegle(c *gin.Context, id string) error {
	_, err := p.ArreterRegleAuto(contexte(c), api.ArreterRegleAutoRequestObject{Id: id})
	return err
}

// Agents lists the staff.
func (p porteInterieur) Agents(c *gin.Context) ([]api.AgentLu, error) {
	r, err := p.ListerAgents(contexte(c), api.ListerAgentsRequestObject{})
	lus, _ := r.(api.ListerAgents200JSONResponse)
	return lus.Agents, err
}

// Delegations lists the absences.
func (p porteInterieur) Delegations(c *gin.Context) ([]store.LigneDelegation, error) {
	r, err := p.ListerDelegations(contexte(c), api.ListerDelegationsRequestObject{})
	lues, _ := r.(api.ListerDelegations200JSONResponse)
	return lues.Delegations, err
}

// CreerAgent opens the account of a member of the staff.
func (p porteInterieur) CreerAgent(c *gin.Context, acte string, ch opco.ChargeAgent) (opco.Verdict, error) {
	return verdict(p.Server.CreerAgent(contexte(c), api.CreerAgentRequestObject{Body: &api.CorpsAgent{ActeId: acte, Identifiant: ch.Identifiant, Identite: ch.Identite, Role: ch.Role}}))
}

// AccorderRole gives a role.
func (p porteInterieur) AccorderRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return verdict(p.Server.AccorderRole(contexte(c), api.AccorderRoleRequestObject{Id: compte, Body: &api.CorpsRole{ActeId: acte, Role: ch.Role}}))
}

// ConfirmerRole is the second administrator's word.
func (p porteInterieur) ConfirmerRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return verdict(p.Server.ConfirmerRole(contexte(c), api.ConfirmerRoleRequestObject{Id: compte, Role: ch.Role, Body: &api.CorpsActe{ActeId: acte}}))
}

// RetirerRole takes a role away.
func (p porteInterieur) RetirerRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return verdict(p.Server.RetirerRole(contexte(c), api.RetirerRoleRequestObject{Id: compte, Role: ch.Role, Body: &api.CorpsRaison{ActeID: acte, ChargeRaison: opco.ChargeRaison{Raison: ch.Raison}}}))
}

// Deleguer declares an absence.
func (p porteInterieur) Deleguer(c *gin.Context, acte, compte string, ch opco.ChargeDelegation) (opco.Verdict, error) {
	return verdict(p.Server.Deleguer(contexte(c), api.DeleguerRequestObject{Id: compte, Body: &api.CorpsDelegation{ActeId: acte, Delegue: ch.Delegue,
		Role: ch.Role, Du: ch.Du, Au: ch.Au, Raison: ch.Raison}}))
}

// FinirDelegation ends an absence before its day.
func (p porteInterieur) FinirDelegation(c *gin.Context, acte, compte, delegation string) (opco.Verdict, error) {
	return verdict(p.Server.FinirDelegation(contexte(c), api.FinirDelegationRequestObject{Id: compte, Delegation: delegation, Body: &api.CorpsActe{ActeId: acte}}))
}

// DeclarerLien declares a link with a company.
func (p porteInterieur) DeclarerLien(c *gin.Context, acte, compte string, ch opco.ChargeLien) (opco.Verdict, error) {
	return verdict(p.Server.DeclarerLien(contexte(c), api.DeclarerLienRequestObject{Id: compte, Body: &api.CorpsLien{ActeId: acte, Siren: ch.SIREN, Raison: ch.Raison}}))
}

// FinirLien ends a declared link.
func (p porteInterieur) FinirLien(c *gin.Context, acte, compte, siren string) (opco.Verdict, error) {
	return verdict(p.Server.FinirLien(contexte(c), api.FinirLienRequestObject{Id: compte, Siren: siren, Body: &api.CorpsActe{ActeId: acte}}))
}

// RetirerFacteurs forgets the second proofs of somebody who lost them.
func (p porteInterieur) RetirerFacteurs(c *gin.Context, acte, compte, raison string) (opco.Verdict, error) {
	return verdict(p.Server.RetirerFacteurs(contexte(c), api.RetirerFacteursRequestObject{Id: compte, Body: &api.CorpsRaison{ActeID: acte, ChargeRaison: opco.ChargeRaison{Raison: raison}}}))
}

// RelancerAgent sends an activation code again.
func (p porteInterieur) RelancerAgent(c *gin.Context, acte, compte string) (opco.Verdict, error) {
	return verdict(p.Server.RelancerAgent(contexte(c), api.RelancerAgentRequestObject{Id: compte, Body: &api.CorpsActe{ActeId: acte}}))
}

// CloreAgent closes the account of a member of the staff.
func (p porteInterieur) CloreAgent(c *gin.Context, acte, compte, raison string) (opco.Verdict, error) {
	return verdict(p.Server.CloreAgent(contexte(c), api.CloreAgentRequestObject{Id: compte, Body: &api.CorpsRaison{ActeID: acte, ChargeRaison: opco.ChargeRaison{Raison: raison}}}))
}
