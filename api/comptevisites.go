package api

import "net/http"

// The operations on accounts that end in an acte answer like those on dossiers.

// VisitPersonnaliserResponse writes the answer.
func (r reponseActe) VisitPersonnaliserResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAccepterConfidentialiteResponse writes the answer.
func (r reponseActe) VisitAccepterConfidentialiteResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitModifierCompteResponse writes the answer.
func (r reponseActe) VisitModifierCompteResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitChangerMotDePasseResponse writes the answer.
func (r reponseActe) VisitChangerMotDePasseResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAjouterEntiteResponse writes the answer.
func (r reponseActe) VisitAjouterEntiteResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitOuvrirEspaceOrganismeResponse writes the answer.
func (r reponseActe) VisitOuvrirEspaceOrganismeResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitRepondrePrecisionResponse writes the answer.
func (r reponseActe) VisitRepondrePrecisionResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRedemanderDroitsResponse writes the answer.
func (r reponseActe) VisitRedemanderDroitsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitCloreMonCompteResponse writes the answer.
func (r reponseActe) VisitCloreMonCompteResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitInviterUtilisateurResponse writes the answer.
func (r reponseActe) VisitInviterUtilisateurResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDonnerDroitsResponse writes the answer.
func (r reponseActe) VisitDonnerDroitsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerDroitsCollegueResponse writes the answer.
func (r reponseActe) VisitRetirerDroitsCollegueResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitRelancerUtilisateurResponse writes the answer.
func (r reponseActe) VisitRelancerUtilisateurResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitOuvrirCompteResponse writes the answer.
func (r reponseActe) VisitOuvrirCompteResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeciderDroitsResponse writes the answer.
func (r reponseActe) VisitDeciderDroitsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDemanderPrecisionResponse writes the answer.
func (r reponseActe) VisitDemanderPrecisionResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAttribuerDroitsResponse writes the answer.
func (r reponseActe) VisitAttribuerDroitsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerDroitsResponse writes the answer.
func (r reponseActe) VisitRetirerDroitsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitReemettreIdentifiantsResponse writes the answer.
func (r reponseActe) VisitReemettreIdentifiantsResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitCloreCompteResponse writes the answer.
func (r reponseActe) VisitCloreCompteResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitCreerAgentResponse writes the answer.
func (r reponseActe) VisitCreerAgentResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAccorderRoleResponse writes the answer.
func (r reponseActe) VisitAccorderRoleResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitConfirmerRoleResponse writes the answer.
func (r reponseActe) VisitConfirmerRoleResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerRoleResponse writes the answer.
func (r reponseActe) VisitRetirerRoleResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRelancerAgentResponse writes the answer.
func (r reponseActe) VisitRelancerAgentResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitCloreAgentResponse writes the answer.
func (r reponseActe) VisitCloreAgentResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerFacteursResponse writes the answer.
func (r reponseActe) VisitRetirerFacteursResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeleguerResponse writes the answer.
func (r reponseActe) VisitDeleguerResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitFinirDelegationResponse writes the answer.
func (r reponseActe) VisitFinirDelegationResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeclarerLienResponse writes the answer.
func (r reponseActe) VisitDeclarerLienResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitFinirLienResponse writes the answer.
func (r reponseActe) VisitFinirLienResponse(w http.ResponseWriter) error { return r.ecrire(w) }
