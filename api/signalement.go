package api

import (
	"context"
	"time"

	"guichet/opco"
	"guichet/store"
)

// signalementLu is a line of the queue of the contrôleur; amounts are in cents.
type signalementLu struct {
	Dossier       string               `json:"dossier"`
	DossierNumero string               `json:"dossier_numero"`
	DossierEtat   opco.Etat            `json:"dossier_etat"`
	Entreprise    string               `json:"entreprise"`
	Organisme     string               `json:"organisme,omitempty"`
	Intitule      string               `json:"intitule"`
	Etat          opco.EtatSignalement `json:"etat"`
	EtatLibelle   string               `json:"etat_libelle"`
	Points        int                  `json:"points"`
	Enjeu         opco.Montant         `json:"enjeu"`
	Codes         []string             `json:"codes"`
	OuvertLe      time.Time            `json:"ouvert_le"`
	SuspenduLe    *time.Time           `json:"suspendu_le,omitempty"`
	RevoirLe      *opco.Date           `json:"revoir_le,omitempty"`
}

// signalementEntier is a signalement with its evidence, and what its reader may do.
type signalementEntier struct {
	signalementLu
	Signaux    []store.SignalVu           `json:"signaux"`
	Reglements []store.ReglementRetenu    `json:"reglements"`
	Journal    []store.PassageSignalement `json:"journal"`
	Gestes     []opco.GesteSignalement    `json:"gestes"`
}

type corpsGesteSignalement struct {
	ActeID string                `json:"acte_id"`
	Geste  opco.GesteSignalement `json:"geste"`
	Raison string                `json:"raison"`
}

func direSignalement(l store.LigneSignalement) signalementLu {
	return signalementLu{Dossier: l.Dossier, DossierNumero: l.DossierNumero, DossierEtat: l.DossierEtat, Entreprise: l.Entreprise, Organisme: l.Organisme,
		Intitule: l.Intitule, Etat: l.Etat, EtatLibelle: l.Etat.String(), Points: l.Points, Enjeu: l.Enjeu, Codes: append([]string{}, l.Codes...),
		OuvertLe: l.OuvertLe, SuspenduLe: l.Depuis, RevoirLe: l.RevoirLe}
}

// ListerSignalements answers GET /api/signalements.
func (s *Server) ListerSignalements(ctx context.Context, r ListerSignalementsRequestObject) (ListerSignalementsResponseObject, error) {
	p := r.Params
	ls, suivant, err := s.Store.Signalements(ctx, qui(ctx).Portee(), store.FiltreSignalements{Etat: p.Etat, Code: p.Code, ARevoir: p.ARevoir, Texte: p.Texte,
		Apres: p.Apres, Limite: limite(p.Limite)})
	if err != nil {
		return nil, err
	}
	lus := make([]signalementLu, len(ls))
	for i, l := range ls {
		lus[i] = direSignalement(l)
	}
	return ListerSignalements200JSONResponse{Signalements: lus, Suivant: suivant}, nil
}

// LireSignalement answers GET /api/signalements/{id}.
func (s *Server) LireSignalement(ctx context.Context, r LireSignalementRequestObject) (LireSignalementResponseObject, error) {
	x, err := s.signalement(ctx, r.Id)
	return LireSignalement200JSONResponse(x), err
}

func (s *Server) signalement(ctx context.Context, dossier string) (signalementEntier, error) {
	v, err := s.Store.Signalement(ctx, qui(ctx).Portee(), dossier)
	if err != nil {
		return signalementEntier{}, err
	}
	juge := opco.Signalement{Etat: v.Etat}
	return signalementEntier{direSignalement(v.LigneSignalement), append([]store.SignalVu{}, v.Signaux...), append([]store.ReglementRetenu{}, v.Reglements...),
		append([]store.PassageSignalement{}, v.Journal...), append([]opco.GesteSignalement{}, juge.GestesDe(qui(ctx).Role)...)}, nil
}

// AgirSurSignalement answers POST /api/signalements/{id}/gestes.
func (s *Server) AgirSurSignalement(ctx context.Context, r AgirSurSignalementRequestObject) (AgirSurSignalementResponseObject, error) {
	b := r.Body
	as, err := s.Store.AgirSurSignalement(ctx, r.Id, store.GesteDeSignalement{Acte: b.ActeID, Geste: b.Geste, Raison: b.Raison, Par: qui(ctx).Acteur("")})
	if err != nil {
		return nil, err
	}
	s.transmettreTous(ctx, as)
	x, err := s.signalement(ctx, r.Id)
	return AgirSurSignalement200JSONResponse(x), err
}

// CompterSignalements counts what waits for the contrôleur, for the menu.
func (s *Server) CompterSignalements(ctx context.Context) (store.CompteursSignalements, error) {
	return s.Store.CompterSignalements(ctx)
}
