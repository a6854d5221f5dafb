package api

import "net/http"

// reponseActe answers every operation that ends in an acte: the generated code asks
// for one method each.

// VisitDeposerDossierResponse writes the answer.
func (r reponseActe) VisitDeposerDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDemanderComplementResponse writes the answer.
func (r reponseActe) VisitDemanderComplementResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitJoindrePiecesResponse writes the answer.
func (r reponseActe) VisitJoindrePiecesResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitInstruireDossierResponse writes the answer.
func (r reponseActe) VisitInstruireDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRefuserTardifResponse writes the answer.
func (r reponseActe) VisitRefuserTardifResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeciderDossierResponse writes the answer.
func (r reponseActe) VisitDeciderDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitValiderDecisionResponse writes the answer.
func (r reponseActe) VisitValiderDecisionResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRenvoyerDossierResponse writes the answer.
func (r reponseActe) VisitRenvoyerDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAnnulerDossierResponse writes the answer.
func (r reponseActe) VisitAnnulerDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerStagiaireResponse writes the answer.
func (r reponseActe) VisitRetirerStagiaireResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitConfirmerForclusionResponse writes the answer.
func (r reponseActe) VisitConfirmerForclusionResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitDeposerCertificatsResponse writes the answer.
func (r reponseActe) VisitDeposerCertificatsResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeposerFactureResponse writes the answer.
func (r reponseActe) VisitDeposerFactureResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeposerAvoirResponse writes the answer.
func (r reponseActe) VisitDeposerAvoirResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeclarerNonConformeResponse writes the answer.
func (r reponseActe) VisitDeclarerNonConformeResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitMettreEnLitigeResponse writes the answer.
func (r reponseActe) VisitMettreEnLitigeResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRefuserFactureResponse writes the answer.
func (r reponseActe) VisitRefuserFactureResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitConstaterServiceFaitResponse writes the answer.
func (r reponseActe) VisitConstaterServiceFaitResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitRepresenterReglementResponse writes the answer.
func (r reponseActe) VisitRepresenterReglementResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitCopierDossierResponse writes the answer.
func (r reponseActe) VisitCopierDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitCreerDossierResponse writes the answer.
func (r reponseActe) VisitCreerDossierResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitSupprimerBrouillonResponse writes the answer.
func (r reponseActe) VisitSupprimerBrouillonResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitDeposerPieceResponse writes the answer.
func (r reponseActe) VisitDeposerPieceResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitConstaterInduResponse writes the answer.
func (r reponseActe) VisitConstaterInduResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitCompenserReglementResponse writes the answer.
func (r reponseActe) VisitCompenserReglementResponse(w http.ResponseWriter) error {
	return r.ecrire(w)
}

// VisitAgirSurInduResponse writes the answer.
func (r reponseActe) VisitAgirSurInduResponse(w http.ResponseWriter) error { return r.ecrire(w) }
