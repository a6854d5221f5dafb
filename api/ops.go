package api

import (
	"context"
	"strconv"
	"time"

	"guichet/opco"
	"guichet/store"
)

// exploitationLue is how the house runs; actes are those of today.
type exploitationLue struct {
	Actes      int64            `json:"actes"`
	Refuses    int64            `json:"refuses"`
	Recus      int64            `json:"recus"`
	Ancien     *time.Time       `json:"ancien,omitempty"` // reception of the oldest without verdict
	Cas        int64            `json:"cas"`
	Objets     int64            `json:"objets"`
	RondeLe    *time.Time       `json:"ronde_le,omitempty"`
	Muette     bool             `json:"muette"` // nobody looks any more
	Moteur     string           `json:"moteur"` // "" when the engine answers
	Executants []opco.Executant `json:"executants"`
}

// causeLue is a cause with what is stuck behind it, and what is said of it.
type causeLue struct {
	Code     string              `json:"code"`
	Nature   opco.NatureIncident `json:"nature"`
	Activite string              `json:"activite"`
	Classe   opco.Classe         `json:"classe"`
	Titre    string              `json:"titre"`
	Pourquoi string              `json:"pourquoi"`
	Effet    string              `json:"effet"`
	Conseil  string              `json:"conseil"`
	Gravite  opco.Gravite        `json:"gravite"`
	Cas      int64               `json:"cas"`
	Objets   int64               `json:"objets"`
	Enjeu    opco.Montant        `json:"enjeu"`
	Depuis   time.Time           `json:"depuis"`
	Essais   int                 `json:"essais"`
	Prochain *time.Time          `json:"prochain,omitempty"`
	Limite   *opco.Date          `json:"limite,omitempty"`
	Erreur   string              `json:"erreur,omitempty"`
	Heures   []int64             `json:"heures"`
}

// casLu is one thing stuck.
type casLu struct {
	Numero     int64        `json:"numero"`
	Cause      string       `json:"cause"`
	Titre      string       `json:"titre"`
	Objet      string       `json:"objet"`
	Classee    opco.Cause   `json:"-"` // its cause, by what it is
	Activite   string       `json:"-"` // the deed of the incident: it names the mail, or the invariant
	Dossier    string       `json:"dossier,omitempty"`
	Nom        string       `json:"nom,omitempty"` // number of the dossier, lot or indu
	Entreprise string       `json:"entreprise,omitempty"`
	Organisme  string       `json:"organisme,omitempty"`
	Etat       opco.Etat    `json:"etat,omitempty"`
	Etape      string       `json:"etape,omitempty"`
	Quoi       string       `json:"quoi,omitempty"` // what waits: the acte, the mail
	Pour       opco.Role    `json:"pour,omitempty"` // addressee of the mail
	Enjeu      opco.Montant `json:"enjeu"`
	Limite     *opco.Date   `json:"limite,omitempty"`
	Echeance   *time.Time   `json:"echeance,omitempty"`
	Depuis     time.Time    `json:"depuis"`
	VuLe       time.Time    `json:"vu_le"`
	ClosLe     *time.Time   `json:"clos_le,omitempty"`
	Essais     int          `json:"essais"`
	Erreur     string       `json:"erreur,omitempty"`
	Prochain   *time.Time   `json:"prochain,omitempty"`
	Executant  string       `json:"executant,omitempty"`
	Version    string       `json:"version,omitempty"`
}

// casEntier is a case with its diagnosis, what else is stuck there, and its last steps.
type casEntier struct {
	casLu
	Pourquoi string          `json:"pourquoi"`
	Effet    string          `json:"effet"`
	Conseil  string          `json:"conseil"`
	Gravite  opco.Gravite    `json:"gravite"`
	Attend   opco.AttenteCas `json:"attend"`
	Attente  string          `json:"attente"` // the same in a sentence
	Recus    int64           `json:"recus"`   // actes without verdict
	Autres   []casLu         `json:"autres"`
	Avant    []CasAvant      `json:"avant"`
	Pas      []PasDeCas      `json:"pas"`
}

// CasLu is the case without what is said of it.
func (e casEntier) CasLu() Cas { return e.casLu }

// CasAvant is what was stuck there before.
type CasAvant struct {
	Numero int64     `json:"numero"`
	Titre  string    `json:"titre"`
	Depuis time.Time `json:"depuis"`
	ClosLe time.Time `json:"clos_le"`
}

// PasDeCas is a step of the journal of the object.
type PasDeCas struct {
	Rang     int64         `json:"rang"`
	Type     opco.TypeActe `json:"type"`
	De       opco.Etat     `json:"de"`
	Vers     opco.Etat     `json:"vers"`
	Verdict  string        `json:"verdict"`
	Echeance string        `json:"echeance,omitempty"`
	Le       time.Time     `json:"le"`
}

func direExploitation(x store.Exploitation) exploitationLue {
	return exploitationLue{Actes: x.Actes, Refuses: x.Refuses, Recus: x.Recus, Ancien: x.Ancien, Cas: x.Cas, Objets: x.Objets, RondeLe: x.PasseeLe,
		Muette: x.Muette, Moteur: x.Moteur, Executants: append([]opco.Executant{}, x.Presents...)}
}

func direCause(c store.CauseOuverte) causeLue {
	d := c.Cause().Dire()
	return causeLue{Code: c.Code, Nature: c.Nature, Activite: c.Activite, Classe: c.Classe, Titre: d.Titre, Pourquoi: d.Pourquoi, Effet: d.Effet, Conseil: d.Conseil,
		Gravite: d.Gravite, Cas: c.Cas, Objets: c.Objets, Enjeu: c.Enjeu, Depuis: c.Depuis, Essais: c.Essais, Prochain: c.Prochain, Limite: c.Limite,
		Erreur: c.Erreur, Heures: append([]int64{}, c.Heures...)}
}

func direCas(l store.IncidentVu) casLu {
	x := casLu{Numero: l.Numero, Cause: l.Code, Classee: l.Cause(), Activite: l.Activite, Titre: l.Cause().Dire().Titre, Objet: l.Objet, Dossier: l.Dossier, Nom: l.Nom, Entreprise: l.Entreprise,
		Organisme: l.Organisme, Etat: l.EtatDossier, Quoi: quoiAttend(l), Pour: l.Pour, Enjeu: l.Enjeu, Limite: l.Limite, Echeance: l.Echeance,
		Depuis: l.OuvertLe, VuLe: l.VuLe, ClosLe: l.ClosLe, Essais: l.Essais, Erreur: l.Erreur, Prochain: l.ProchainLe, Executant: l.Executant, Version: l.Version}
	if l.EtatDossier != "" {
		x.Etape = l.EtatDossier.String()
	}
	if l.EtatLot != "" {
		x.Etape = l.EtatLot.String()
	}
	return x
}

// quoiAttend names what waits behind a case: the code of a mail, or the acte that comes
// first.
func quoiAttend(l store.IncidentVu) string {
	if l.Evenement != "" {
		return l.Evenement
	}
	return l.TypeActe
}

// LireBloques answers GET /api/ops/incidents.
func (s *Server) LireBloques(ctx context.Context, _ LireBloquesRequestObject) (LireBloquesResponseObject, error) {
	x, err := s.Store.Exploiter(ctx, qui(ctx).Portee())
	if err != nil {
		return nil, err
	}
	cs, err := s.Store.Causes(ctx, qui(ctx).Portee(), "")
	if err != nil {
		return nil, err
	}
	causes := make([]causeLue, len(cs))
	for i, c := range cs {
		causes[i] = direCause(c)
	}
	return LireBloques200JSONResponse{Exploitation: direExploitation(x), Causes: causes}, nil
}

// LireCause answers GET /api/ops/incidents/{id}.
func (s *Server) LireCause(ctx context.Context, r LireCauseRequestObject) (LireCauseResponseObject, error) {
	cs, err := s.Store.Causes(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if len(cs) == 0 {
		return nil, opco.Errorf(opco.NotFound, "Plus rien n’est bloqué par cette cause, ou elle n’existe pas.")
	}
	ls, suivant, err := s.Store.ListerIncidents(ctx, qui(ctx).Portee(), store.FiltreIncidents{Cause: r.Id, Etat: r.Params.Etape, Apres: r.Params.Apres, Limite: limite(r.Params.Limite)})
	if err != nil {
		return nil, err
	}
	return LireCause200JSONResponse{Cause: direCause(cs[0]), Cas: direLesCas(ls), Suivant: suivant}, nil
}

func direLesCas(ls []store.IncidentVu) []casLu {
	lus := make([]casLu, len(ls))
	for i, l := range ls {
		lus[i] = direCas(l)
	}
	return lus
}

// LireCas answers GET /api/ops/cas/{id}.
func (s *Server) LireCas(ctx context.Context, r LireCasRequestObject) (LireCasResponseObject, error) {
	numero, err := strconv.ParseInt(r.Id, 10, 64)
	if err != nil {
		return nil, opco.Errorf(opco.NotFound, "Ce cas n’existe pas, ou vous n’y avez pas accès.")
	}
	k, err := s.Store.LireCas(ctx, qui(ctx).Portee(), numero)
	if err != nil {
		return nil, err
	}
	x, err := s.Store.Exploiter(ctx, qui(ctx).Portee())
	if err != nil {
		return nil, err
	}
	d, attend := k.Cause().Dire(), k.Releve(x).Attend()
	e := casEntier{casLu: direCas(k.IncidentVu), Pourquoi: d.Pourquoi, Effet: d.Effet, Conseil: d.Conseil, Gravite: d.Gravite, Attend: attend, Attente: attend.Phrase(),
		Recus: k.ActesEnCours, Autres: direLesCas(k.Autres), Avant: []CasAvant{}, Pas: []PasDeCas{}}
	for _, i := range k.Avant {
		e.Avant = append(e.Avant, CasAvant{Numero: i.Numero, Titre: i.Cause().Dire().Titre, Depuis: i.OuvertLe, ClosLe: *i.ClosLe})
	}
	for _, p := range k.Pas {
		e.Pas = append(e.Pas, PasDeCas{Rang: p.Rang, Type: opco.TypeActe(p.Type), De: p.De, Vers: p.Vers, Verdict: p.Verdict, Echeance: p.Echeance, Le: p.Le})
	}
	return LireCas200JSONResponse(e), nil
}

// CompterBloques counts the open cases, for the menu of who runs the house.
func (s *Server) CompterBloques(ctx context.Context) (cas, causes int64, err error) {
	return s.Store.CompterBloques(ctx)
}
