package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// The bodies of the actes on debts, and on what funds them.
type (
	corpsInduConstate struct {
		ActeID string `json:"acte_id"`
		opco.ChargeConstaterIndu
	}
	corpsCompensation struct {
		ActeID string `json:"acte_id"`
		opco.ChargeCompenser
	}
	corpsActeIndu struct {
		ActeID    string        `json:"acte_id"`
		Fait      opco.TypeActe `json:"fait"`
		Raison    string        `json:"raison,omitempty"`
		Montant   opco.Montant  `json:"montant,omitempty"`
		Date      opco.Date     `json:"date,omitempty"`
		Reference string        `json:"reference,omitempty"`
		Total     opco.Montant  `json:"total,omitempty"`
		Entree    string        `json:"entree,omitempty"`
	}
)

// induLu is a debt and what its reader may do to it.
type induLu struct {
	opco.Indu
	EtatLibelle  string          `json:"etat_libelle"`
	CauseLibelle string          `json:"cause_libelle"`
	DebiteurNom  string          `json:"debiteur_nom"`
	Reste        opco.Montant    `json:"reste"`
	Actes        []opco.TypeActe `json:"actes"`
}

// ConstaterIndu answers POST /api/dossiers/{id}/indus.
func (s *Server) ConstaterIndu(ctx context.Context, r ConstaterInduRequestObject) (ConstaterInduResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeConstaterIndu, r.Body.ChargeConstaterIndu)
}

// CompenserReglement answers POST /api/dossiers/{id}/compensation.
func (s *Server) CompenserReglement(ctx context.Context, r CompenserReglementRequestObject) (CompenserReglementResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeCompenser, r.Body.ChargeCompenser)
}

// ListerIndus answers GET /api/indus.
func (s *Server) ListerIndus(ctx context.Context, r ListerIndusRequestObject) (ListerIndusResponseObject, error) {
	f := store.FiltreIndus{Etats: r.Params.Etat, Debiteur: r.Params.Debiteur, Apres: r.Params.Apres, Limite: limite(r.Params.Limite)}
	ls, suivant, err := s.Store.Indus(ctx, qui(ctx).Portee(), f)
	if err != nil {
		return nil, err
	}
	return ListerIndus200JSONResponse{Indus: ls, Suivant: suivant}, nil
}

// LireIndu answers GET /api/indus/{id}.
func (s *Server) LireIndu(ctx context.Context, r LireInduRequestObject) (LireInduResponseObject, error) {
	i, err := s.Store.Indu(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	Montrer(ctx, opco.ObjetIndu(i.ID), 1)
	montrerDe(ctx, i.Dossier)
	return LireIndu200JSONResponse(induLu{Indu: i.Indu, EtatLibelle: i.Etat.String(), CauseLibelle: i.Cause.Libelle(), DebiteurNom: i.DebiteurNom,
		Reste: i.Reste(), Actes: append([]opco.TypeActe{}, i.Etat.ActesIndu(qui(ctx).Role)...)}), nil
}

// AgirSurIndu answers POST /api/indus/{id}/actes: who may do what is in the table of
// opco, role by role.
func (s *Server) AgirSurIndu(ctx context.Context, r AgirSurInduRequestObject) (AgirSurInduResponseObject, error) {
	u, b := qui(ctx), r.Body
	i, err := s.Store.Indu(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	par := u.Acteur("")
	if !u.Role.Interne() {
		if !slices.Contains(u.Ecrit, string(i.Debiteur)) {
			return nil, opco.Errorf(opco.Forbidden, "Votre droit permet de lire cet indu, pas d’y répondre.")
		}
		par = u.Acteur(string(i.Debiteur))
	}
	_, err = s.Store.Acte(ctx, b.ActeID)
	if errors.Is(err, opco.NotFound) {
		err = i.Etat.Admet(b.Fait, u.Role)
	}
	if err != nil {
		return nil, err
	}
	var charge any = opco.ChargeRaisonIndu{Raison: b.Raison}
	if b.Fait == opco.ActeRembourserIndu {
		charge = opco.ChargeRemboursement{Montant: b.Montant, Date: b.Date, Reference: b.Reference, Total: b.Total, Entree: b.Entree}
	}
	brut, err := json.Marshal(charge)
	if err != nil {
		return nil, fmt.Errorf("encoding acte %s: %w", b.ActeID, err)
	}
	recu, err := s.Store.Recevoir(ctx, opco.Acte{ID: b.ActeID, Objet: opco.ObjetIndu(i.ID), Type: b.Fait, Par: par, Charge: brut,
		Compte: u.Compte, Session: IDSession(ctx)})
	if err != nil {
		return nil, err
	}
	return s.suivreActe(ctx, recu)
}

// DoterEnveloppe answers POST /api/enveloppes/dotations.
func (s *Server) DoterEnveloppe(ctx context.Context, r DoterEnveloppeRequestObject) (DoterEnveloppeResponseObject, error) {
	b := r.Body
	d, err := s.Store.Doter(ctx, store.Enveloppe{SIREN: string(b.Siren), Annee: int(b.Annee), Fonds: b.Fonds},
		store.Dotation{ID: b.ActeId, Montant: b.Montant, Reference: b.Reference}, qui(ctx).Acteur(""))
	if err != nil {
		return nil, err
	}
	return DoterEnveloppe200JSONResponse(d), nil
}

// ListerExercices answers GET /api/exercices.
func (s *Server) ListerExercices(ctx context.Context, _ ListerExercicesRequestObject) (ListerExercicesResponseObject, error) {
	es, err := s.Store.Exercices(ctx)
	if err != nil {
		return nil, err
	}
	return ListerExercices200JSONResponse{Exercices: es}, nil
}

// CloreExercice answers POST /api/exercices.
func (s *Server) CloreExercice(ctx context.Context, r CloreExerciceRequestObject) (CloreExerciceResponseObject, error) {
	return CloreExercice204Response{}, s.Store.CloreExercice(ctx, int(r.Body.Annee), qui(ctx).Acteur(""))
}
