package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"

	"guichet/opco"
	"guichet/store"
)

// The bodies of the actes on a lot.
type (
	corpsLot struct {
		ActeID string `json:"acte_id"`
		ID     string `json:"id"`
		opco.ChargeConstruireLot
	}
	corpsLignes struct {
		ActeID string `json:"acte_id"`
		opco.ChargeEjecterLigne
	}
	corpsValidation struct {
		ActeID string `json:"acte_id"`
		opco.ChargeValiderLot
	}
	corpsAnnulationLot struct {
		ActeID string `json:"acte_id"`
		opco.ChargeAnnulerLot
	}
	corpsIssueLot struct {
		ActeID string `json:"acte_id"`
		opco.ChargeProposerIssue
	}
	corpsConfirmationIssue struct {
		ActeID string `json:"acte_id"`
		opco.ChargeConfirmerIssue
	}
)

// ligneLot is a line of a lot as the comptable reads it: the account is masked.
type ligneLot struct {
	ID              string             `json:"id"`
	Numero          string             `json:"numero"`
	Dossier         string             `json:"dossier"`
	DossierNumero   string             `json:"dossier_numero"`
	Facture         string             `json:"facture"`
	FactureNumero   string             `json:"facture_numero"`
	Montant         opco.Montant       `json:"montant"`
	Beneficiaire    opco.SIRET         `json:"beneficiaire"`
	BeneficiaireNom string             `json:"beneficiaire_nom"`
	IBAN            string             `json:"iban"`
	Etat            opco.EtatReglement `json:"etat"`
	EndToEndID      string             `json:"end_to_end_id"`
	Motif           string             `json:"motif,omitempty"`
	ExecuteLe       opco.Date          `json:"execute_le,omitempty"`
}

// motifLot is how a client may name a lot: SEPA characters, and short enough for
// the references of its transfers. numeroLot is ours.
var (
	motifLot  = regexp.MustCompile(`^[A-Z0-9]([A-Z0-9-]{0,27}[A-Z0-9])?$`)
	numeroLot = regexp.MustCompile(`^L[0-9]{2}-[0-9]+$`)
)

// CreerLot answers POST /api/lots.
func (s *Server) CreerLot(ctx context.Context, r CreerLotRequestObject) (CreerLotResponseObject, error) {
	brut, err := json.Marshal(r.Body.ChargeConstruireLot)
	if err != nil {
		return nil, fmt.Errorf("encoding acte %s: %w", r.Body.ActeID, err)
	}
	a := opco.Acte{ID: r.Body.ActeID, Type: opco.ActeConstruireLot, Par: qui(ctx).Acteur(""), Charge: brut}
	if id := r.Body.ID; id != "" {
		if !motifLot.MatchString(id) || numeroLot.MatchString(id) {
			return nil, opco.Champf("id", "Nommez le lot en majuscules, chiffres et tirets, 29 caractères au plus, autrement que L26-0001 : Guichet numérote ainsi les siens.")
		}
		a.Objet = opco.ObjetLot(id)
	}
	recu, err := s.Store.ConstruireLot(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := s.Procedures.Transmettre(ctx, recu.Acte); err != nil {
		s.Log.WarnContext(ctx, "lot left to the relay", "objet", recu.Acte.Objet, "error", err)
	}
	return s.repondre(ctx, recu)
}

// agirLot performs an acte on a lot, like agir on a dossier.
func (s *Server) agirLot(ctx context.Context, id, acteID string, t opco.TypeActe, charge any) (reponseActe, error) {
	u := qui(ctx)
	l, err := s.Store.EnTeteLot(ctx, id)
	if err != nil {
		return reponseActe{}, err
	}
	brut, err := json.Marshal(charge)
	if err != nil {
		return reponseActe{}, fmt.Errorf("encoding acte %s: %w", acteID, err)
	}
	_, err = s.Store.Acte(ctx, acteID)
	if errors.Is(err, opco.NotFound) {
		err = l.Etat.Admet(t, u.Role)
	}
	if err != nil {
		return reponseActe{}, err
	}
	r, err := s.Store.Recevoir(ctx, opco.Acte{ID: acteID, Objet: opco.ObjetLot(id), Type: t, Par: u.Acteur(""), Charge: brut})
	if err != nil {
		return reponseActe{}, err
	}
	return s.suivreActe(ctx, r)
}

// RetirerLignes answers POST /api/lots/{id}/lignes.
func (s *Server) RetirerLignes(ctx context.Context, r RetirerLignesRequestObject) (RetirerLignesResponseObject, error) {
	return s.agirLot(ctx, r.Id, r.Body.ActeID, opco.ActeEjecterLigne, r.Body.ChargeEjecterLigne)
}

// ValiderLot answers POST /api/lots/{id}/validation.
func (s *Server) ValiderLot(ctx context.Context, r ValiderLotRequestObject) (ValiderLotResponseObject, error) {
	return s.agirLot(ctx, r.Id, r.Body.ActeID, opco.ActeValiderLot, r.Body.ChargeValiderLot)
}

// AnnulerLot answers POST /api/lots/{id}/annulation.
func (s *Server) AnnulerLot(ctx context.Context, r AnnulerLotRequestObject) (AnnulerLotResponseObject, error) {
	return s.agirLot(ctx, r.Id, r.Body.ActeID, opco.ActeAnnulerLot, r.Body.ChargeAnnulerLot)
}

// ProposerIssueLot answers POST /api/lots/{id}/issue.
func (s *Server) ProposerIssueLot(ctx context.Context, r ProposerIssueLotRequestObject) (ProposerIssueLotResponseObject, error) {
	return s.agirLot(ctx, r.Id, r.Body.ActeID, opco.ActeProposerIssue, r.Body.ChargeProposerIssue)
}

// ConfirmerIssueLot answers POST /api/lots/{id}/issue/confirmation.
func (s *Server) ConfirmerIssueLot(ctx context.Context, r ConfirmerIssueLotRequestObject) (ConfirmerIssueLotResponseObject, error) {
	return s.agirLot(ctx, r.Id, r.Body.ActeID, opco.ActeConfirmerIssue, r.Body.ChargeConfirmerIssue)
}

// ListerLots answers GET /api/lots.
func (s *Server) ListerLots(ctx context.Context, r ListerLotsRequestObject) (ListerLotsResponseObject, error) {
	ls, suivant, err := s.Store.Lots(ctx, r.Params.Etat, r.Params.Apres, limite(r.Params.Limite))
	if err != nil {
		return nil, err
	}
	return ListerLots200JSONResponse{Lots: ls, Suivant: suivant}, nil
}

// LireLot answers GET /api/lots/{id}.
func (s *Server) LireLot(ctx context.Context, r LireLotRequestObject) (LireLotResponseObject, error) {
	resume, err := s.Store.LigneDeLot(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	l, err := s.Store.EnTeteLot(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	lignes, suivant, err := s.Store.LignesLot(ctx, r.Id, r.Params.Apres, limite(r.Params.Limite))
	if err != nil {
		return nil, err
	}
	rep := LireLot200JSONResponse{Suivant: suivant, Lot: resume, Lignes: []ligneLot{}, Ecartees: append([]opco.LigneEcartee{}, l.Ecartees...), Auteurs: []string{},
		Validations: []string{}, Troisieme: l.Troisieme}
	for _, x := range lignes {
		rep.Lignes = append(rep.Lignes, ligneLot{ID: x.Reglement, Numero: x.Numero, Dossier: x.Dossier, DossierNumero: x.DossierNumero,
			Facture: x.Facture, FactureNumero: x.FactureNumero, Montant: x.Montant, Beneficiaire: x.Beneficiaire, BeneficiaireNom: x.Nom,
			IBAN: x.IBAN.Masque(), Etat: x.Etat, EndToEndID: x.EndToEndID, Motif: x.Motif, ExecuteLe: x.ExecuteLe})
	}
	for _, a := range l.Createurs {
		rep.Auteurs = append(rep.Auteurs, a.Nom)
	}
	for _, a := range l.Validations {
		rep.Validations = append(rep.Validations, a.Nom)
	}
	if i := l.Issue; i != nil {
		rep.Issue = &IssueLot{Par: i.Par.Nom, Statut: string(i.Statut), Jour: i.Jour, Releve: i.Releve, Virements: i.Virements, Somme: i.Somme}
	}
	rep.EcarteesTues = int32(l.EcarteesTues)
	if c := l.Chantier; c != nil {
		rep.Chantier = &ChantierLot{Nombre: int32(c.Nombre), Fait: int32(c.Fait)}
	}
	montrer(ctx, len(rep.Lignes))
	return rep, nil
}

// TelechargerFichierLot answers GET /api/lots/{id}/fichier: the exact bytes sent to
// the bank, once they may have left.
func (s *Server) TelechargerFichierLot(ctx context.Context, r TelechargerFichierLotRequestObject) (TelechargerFichierLotResponseObject, error) {
	l, err := s.Store.EnTeteLot(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	if !l.Etat.Parti() {
		return nil, opco.Errorf(opco.NotFound, "Le lot %s est « %s » : aucun fichier n’est parti à la banque.", l.ID, l.Etat)
	}
	contenu, taille, _, err := s.Store.FichierLot(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	return fichierServi{corps: io.NopCloser(contenu), taille: taille, nom: l.ID + ".xml", format: "application/xml"}, nil
}

// VisitTelechargerFichierLotResponse writes the payment file.
func (f fichierServi) VisitTelechargerFichierLotResponse(w http.ResponseWriter) error {
	return f.ecrire(w)
}

// ListerReglements answers GET /api/reglements.
func (s *Server) ListerReglements(ctx context.Context, r ListerReglementsRequestObject) (ListerReglementsResponseObject, error) {
	p, err := s.Store.Reglements(ctx, store.FiltreReglements{Etats: r.Params.Etat, EcheanceAu: opco.Date(r.Params.EcheanceAu),
		Beneficiaire: r.Params.Beneficiaire, Lot: r.Params.Lot, Apres: r.Params.Apres, Limite: limite(r.Params.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(p.Reglements))
	return ListerReglements200JSONResponse{Reglements: p.Reglements, Nombre: p.Nombre, Somme: p.Somme, Suivant: p.Suivant}, nil
}

// VisitCreerLotResponse writes the answer.
func (r reponseActe) VisitCreerLotResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitRetirerLignesResponse writes the answer.
func (r reponseActe) VisitRetirerLignesResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitValiderLotResponse writes the answer.
func (r reponseActe) VisitValiderLotResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitProposerIssueLotResponse writes the answer.
func (r reponseActe) VisitProposerIssueLotResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitConfirmerIssueLotResponse writes the answer.
func (r reponseActe) VisitConfirmerIssueLotResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// VisitAnnulerLotResponse writes the answer.
func (r reponseActe) VisitAnnulerLotResponse(w http.ResponseWriter) error { return r.ecrire(w) }

// limite is the length of a page: 50 when the request does not say.
func limite(n int32) int {
	if n <= 0 {
		return 50
	}
	return int(n)
}
