package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who reaches the pages of connected people: the same as the JSON routes of the
// same noun. Those that show personal data name its classes, so that each read by
// the staff is written down.
var (
	connu        = api.Regle{Limite: true}
	choix        = api.Regle{Limite: true, Etapes: []api.Etape{api.EtapePerimetre}}
	enrole       = api.Regle{Limite: true, Etapes: []api.Etape{api.EtapeEnroler}}
	organisation = api.Regle{Roles: []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme}}
	decide       = api.Regle{Roles: decideurs}
	decideLu     = api.Regle{Roles: liseurs, Donnees: "identite"}
	retire       = api.Regle{Roles: []opco.Role{opco.RoleConseiller, opco.RoleResponsable}}
	regle        = api.Regle{Roles: []opco.Role{opco.RoleResponsable}}
	regleLu      = api.Regle{Roles: []opco.Role{opco.RoleResponsable, opco.RoleAuditeur}, Donnees: "identite"}
	administre   = api.Regle{Roles: []opco.Role{opco.RoleAdmin}}
	administreLu = api.Regle{Roles: []opco.Role{opco.RoleAdmin, opco.RoleAuditeur}, Donnees: "identite"}
	interne      = api.Regle{Roles: opco.RolesInternes()}
	interneLu    = api.Regle{Roles: opco.RolesInternes(), Donnees: "identite"}
	audite       = api.Regle{Roles: []opco.Role{opco.RoleAuditeur}, Donnees: "lecture"}
)

// routesCompte are the pages of one's own account.
func (w *Web) routesCompte() map[string]route {
	return map[string]route{
		"GET /accueil":                       {w.getPortail, connu},
		"POST /accueil/organisme":            {w.postOuvrirOrganisme, connu},
		"GET /perimetre":                     {w.getPerimetre, choix},
		"POST /perimetre":                    {w.postPerimetre, choix},
		"GET /compte":                        {w.getCompte, connu},
		"GET /compte/modifier":               {w.getModifier, connu},
		"POST /compte/modifier":              {w.postModifier, connu},
		"GET /compte/entites/nouvelle":       {w.getEntite, connu},
		"POST /compte/entites/nouvelle":      {w.postEntite, connu},
		"POST /compte/precisions":            {w.postPrecision, connu},
		"POST /compte/reprises":              {w.postRedemande, connu},
		"POST /compte/liens":                 {w.postLien, interne},
		"GET /compte/securite":               {w.getSecurite, enrole},
		"POST /compte/mot-de-passe":          {w.postMotDePasse, connu},
		"POST /compte/sessions":              {w.postFermeture, connu},
		"POST /compte/facteurs":              {w.postNouveauFacteur, enrole},
		"POST /compte/totp":                  {w.postConfirmerTOTP, enrole},
		"POST /compte/facteurs/retrait":      {w.postRetirerFacteur, connu},
		"POST /compte/fournisseur":           {w.postFournisseur, connu},
		"POST /compte/fournisseur/retrait":   {w.postDelierFournisseur, connu},
		"GET /compte/historique":             {w.getHistorique, connu},
		"GET /compte/lectures":               {w.getMesLectures, connu},
		"GET /compte/cloture":                {w.getCloture, connu},
		"POST /compte/cloture":               {w.postCloture, connu},
		"GET /utilisateurs":                  {w.getCollegues, organisation},
		"GET /utilisateurs/nouveau":          {w.getInvitation, organisation},
		"POST /utilisateurs/nouveau":         {w.postInvitation, organisation},
		"GET /utilisateurs/:compte":          {w.getCollegue, organisation},
		"POST /utilisateurs/:compte/droits":  {w.postDroitsCollegue, organisation},
		"POST /utilisateurs/:compte/retrait": {w.postRetraitCollegue, organisation},
		"POST /utilisateurs/:compte/renvoi":  {w.postRelanceCollegue, organisation},
	}
}

// routesEquipe are the pages of the staff.
func (w *Web) routesEquipe() map[string]route {
	return map[string]route{
		"GET /habilitations":                      {w.getFile, decideLu},
		"GET /habilitations/suivante":             {w.getSuivante, decide},
		"GET /habilitations/regles":               {w.getRegles, regleLu},
		"POST /habilitations/regles":              {w.postActivationRegle, regle},
		"POST /habilitations/regles/essai":        {w.postEssai, regle},
		"POST /habilitations/regles/arret":        {w.postArretRegle, regle},
		"GET /habilitations/:compte":              {w.getDemande, decideLu},
		"POST /habilitations/:compte":             {w.postDemande, decide},
		"GET /habilitations/:compte/precision":    {w.getPrecision, api.Regle{Roles: decideurs, Donnees: "identite"}},
		"POST /habilitations/:compte/precision":   {w.postPrecisionVoulue, decide},
		"GET /comptes":                            {w.getComptes, decideLu},
		"GET /comptes/nouveau":                    {w.getCompteNouveau, decide},
		"POST /comptes/nouveau":                   {w.postCompteNouveau, decide},
		"GET /comptes/:compte":                    {w.getCompteAgent, decideLu},
		"POST /comptes/:compte/reemission":        {w.postReemission, decide},
		"POST /comptes/:compte/attribution":       {w.postAttribution, retire},
		"POST /comptes/:compte/retrait":           {w.postRetrait, retire},
		"POST /comptes/:compte/cloture":           {w.postClotureAgent, retire},
		"GET /agents":                             {w.getAgents, administreLu},
		"GET /agents/nouveau":                     {w.getAgentNouveau, administre},
		"POST /agents/nouveau":                    {w.postAgentNouveau, administre},
		"GET /agents/:compte":                     {w.getAgent, administreLu},
		"POST /agents/:compte/roles":              {w.postRole, administre},
		"POST /agents/:compte/roles/confirmation": {w.postConfirmerRole, administre},
		"POST /agents/:compte/roles/retrait":      {w.postRetirerRole, administre},
		"POST /agents/:compte/facteurs":           {w.postFacteursAgent, administre},
		"POST /agents/:compte/renvoi":             {w.postRelanceAgent, administre},
		"POST /agents/:compte/cloture":            {w.postClotureInterne, administre},
		"POST /agents/:compte/liens/fin":          {w.postFinLien, administre},
		"GET /absences":                           {w.getAbsences, interneLu},
		"POST /absences":                          {w.postAbsence, interne},
		"POST /absences/fin":                      {w.postFinAbsence, interne},
		"GET /journal-lectures":                   {w.getJournalLectures, audite},
	}
}
