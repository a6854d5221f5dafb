package api

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// corpsIntervention asks for an intervention: what, why, on what.
type corpsIntervention struct {
	ActeID   string     `json:"acte_id"`
	Verbe    opco.Verbe `json:"verbe"`
	Motif    string     `json:"motif"`
	Cas      []string   `json:"cas"`
	Cause    string     `json:"cause"`
	Etape    string     `json:"etape"`
	DelaiS   int32      `json:"delai_s"`
	NouvelID bool       `json:"nouvel_id"`
}

// interventionLue is an intervention as the API gives it.
type interventionLue struct {
	ID         string                 `json:"id"`
	Verbe      opco.Verbe             `json:"verbe"`
	Motif      string                 `json:"motif"`
	Cause      string                 `json:"cause,omitempty"`
	Etape      string                 `json:"etape,omitempty"`
	Argent     bool                   `json:"argent"`
	Etat       store.EtatIntervention `json:"etat"`
	Nom        string                 `json:"nom"`
	Role       opco.Role              `json:"role"`
	CreeLe     time.Time              `json:"cree_le"`
	Second     string                 `json:"second,omitempty"`
	SecondLe   *time.Time             `json:"second_le,omitempty"`
	Conclusion string                 `json:"conclusion,omitempty"`
	LanceeLe   *time.Time             `json:"lancee_le,omitempty"`
	TermineeLe *time.Time             `json:"terminee_le,omitempty"`
	Nombres    map[string]int64       `json:"nombres"`
	Elements   []elementLu            `json:"elements,omitempty"`
}

// elementLu is one thing that it bears on.
type elementLu struct {
	Objet    string       `json:"objet"`
	Courriel string       `json:"courriel,omitempty"`
	Numero   string       `json:"numero,omitempty"`
	Etat     string       `json:"etat"`
	Phrase   string       `json:"phrase"`
	Effets   []opco.Effet `json:"effets,omitempty"`
}

func direIntervention(v store.InterventionVue, es []store.ElementIntervention) interventionLue {
	n := v.Nombres
	l := interventionLue{ID: v.ID, Verbe: v.Demande.Verbe, Motif: v.Demande.Motif, Cause: v.Demande.Cause, Etape: v.Demande.Etape, Argent: v.Argent, Etat: v.Etat,
		Nom: v.Nom, Role: v.Role, CreeLe: v.CreeLe, Second: v.SecondNom, SecondLe: v.SecondLe, Conclusion: v.Conclusion, LanceeLe: v.LanceeLe, TermineeLe: v.TermineeLe,
		Nombres: map[string]int64{"total": n.Total, "a_essayer": n.Attend, "a_faire": n.Applicable, "ecartes": n.Ecarte, "demandes": n.Demande, "constates": n.Verifie,
			"sans_effet": n.SansEffet, "refuses": n.Refuse}}
	for _, e := range es {
		l.Elements = append(l.Elements, elementLu{Objet: e.Objet, Courriel: e.Cle, Numero: e.Numero, Etat: e.Etat, Phrase: e.Phrase, Effets: e.Effets})
	}
	return l
}

// suivreIntervention reads an intervention with the first hundred things that it bears on.
func (s *Server) suivreIntervention(ctx context.Context, id string) (interventionLue, error) {
	v, err := s.InterventionDe(ctx, id)
	if err != nil {
		return interventionLue{}, err
	}
	es, err := s.ElementsInterventionDe(ctx, id, 0, 100)
	return direIntervention(v, es), err
}

// changerEtSuivre does a gesture on an intervention, and reads it.
func (s *Server) changerEtSuivre(ctx context.Context, id, geste, raison string) (interventionLue, error) {
	if err := s.ChangerIntervention(ctx, id, geste, raison); err != nil {
		return interventionLue{}, err
	}
	return s.suivreIntervention(ctx, id)
}

// ListerInterrupteurs answers GET /api/ops/interrupteurs.
func (s *Server) ListerInterrupteurs(ctx context.Context, _ ListerInterrupteursRequestObject) (ListerInterrupteursResponseObject, error) {
	is, err := s.InterrupteursDe(ctx)
	return ListerInterrupteurs200JSONResponse{Interrupteurs: is}, err
}

// ListerInterventions answers GET /api/ops/interventions.
func (s *Server) ListerInterventions(ctx context.Context, r ListerInterventionsRequestObject) (ListerInterventionsResponseObject, error) {
	var f store.FiltreInterventions
	if r.Params.Avant != "" {
		le, id, _ := strings.Cut(r.Params.Avant, "_")
		var err error
		if f.Avant, err = time.Parse(time.RFC3339Nano, le); err != nil || uuid.Validate(id) != nil {
			return nil, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début.")
		}
		f.AvantID = id
	}
	n := limite(r.Params.Limite)
	vs, err := s.InterventionsDe(ctx, f, n)
	rep := ListerInterventions200JSONResponse{Interventions: make([]interventionLue, len(vs))}
	for i, v := range vs {
		rep.Interventions[i] = direIntervention(v, nil)
	}
	if len(vs) == n {
		rep.Suivant = vs[n-1].CreeLe.UTC().Format(time.RFC3339Nano) + "_" + vs[n-1].ID
	}
	return rep, err
}

// Intervenir answers POST /api/ops/interventions.
func (s *Server) Intervenir(ctx context.Context, r IntervenirRequestObject) (IntervenirResponseObject, error) {
	b := r.Body
	i := opco.Intervention{Verbe: b.Verbe, Motif: b.Motif, Cause: b.Cause, Etape: b.Etape, Delai: time.Duration(b.DelaiS) * time.Second, NouvelID: b.NouvelID}
	if _, err := s.ProposerIntervention(ctx, b.ActeID, i, b.Cas); err != nil {
		return nil, err
	}
	l, err := s.suivreIntervention(ctx, b.ActeID)
	return Intervenir200JSONResponse(l), err
}

// LireIntervention answers GET /api/ops/interventions/{id}.
func (s *Server) LireIntervention(ctx context.Context, r LireInterventionRequestObject) (LireInterventionResponseObject, error) {
	l, err := s.suivreIntervention(ctx, r.Id)
	return LireIntervention200JSONResponse(l), err
}

// LancerIntervention answers POST /api/ops/interventions/{id}/lancement.
func (s *Server) LancerIntervention(ctx context.Context, r LancerInterventionRequestObject) (LancerInterventionResponseObject, error) {
	l, err := s.changerEtSuivre(ctx, r.Id, "lancement", "")
	return LancerIntervention200JSONResponse(l), err
}

// ApprouverIntervention answers POST /api/ops/interventions/{id}/accord.
func (s *Server) ApprouverIntervention(ctx context.Context, r ApprouverInterventionRequestObject) (ApprouverInterventionResponseObject, error) {
	l, err := s.changerEtSuivre(ctx, r.Id, "accord", "")
	return ApprouverIntervention200JSONResponse(l), err
}

// RefuserIntervention answers POST /api/ops/interventions/{id}/refus.
func (s *Server) RefuserIntervention(ctx context.Context, r RefuserInterventionRequestObject) (RefuserInterventionResponseObject, error) {
	l, err := s.changerEtSuivre(ctx, r.Id, "refus", r.Body.Raison)
	return RefuserIntervention200JSONResponse(l), err
}
