package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// ribLu is a RIB as its reader sees it. Who checks it reads the whole account, to hold
// it against the proof; its holder reads it masked, and not who looks at it.
type ribLu struct {
	ID          string          `json:"id"`
	SIREN       opco.SIREN      `json:"siren"`
	Sorte       opco.Role       `json:"sorte"`
	Nom         string          `json:"nom"`
	IBAN        string          `json:"iban"`
	BIC         opco.BIC        `json:"bic,omitempty"`
	Titulaire   string          `json:"titulaire,omitempty"`
	Ancien      string          `json:"ancien,omitempty"`
	Etat        opco.EtatRIB    `json:"etat"`
	EtatLibelle string          `json:"etat_libelle"`
	Motif       string          `json:"motif,omitempty"`
	Raison      string          `json:"raison,omitempty"`
	ProposeNom  string          `json:"propose_nom,omitempty"`
	ProposeLe   time.Time       `json:"propose_le"`
	VuNom       string          `json:"vu_nom,omitempty"`
	ValideNom   string          `json:"valide_nom,omitempty"`
	ActifLe     *time.Time      `json:"actif_le,omitempty"`
	LeveNom     string          `json:"leve_nom,omitempty"` // who asked to lift a freeze of the bank
	Preuve      string          `json:"preuve,omitempty"`
	Signaux     []opco.Signal   `json:"signaux,omitempty"`
	Gestes      []opco.GesteRIB `json:"gestes,omitempty"`

	Journal []store.PassageRIB `json:"journal,omitempty"`
}

type corpsGesteRIB struct {
	ActeID string        `json:"acte_id"`
	Geste  opco.GesteRIB `json:"geste"`
	Raison string        `json:"raison"`
}

func direRIB(ctx context.Context, v store.RIBVu) ribLu {
	u := qui(ctx)
	r := ribLu{ID: v.ID, SIREN: v.SIREN, Sorte: v.Sorte, Nom: v.Nom, IBAN: v.IBAN.Affiche(), BIC: v.BIC, Titulaire: v.Titulaire, Etat: v.Etat,
		EtatLibelle: v.Etat.String(), Motif: v.Motif, Raison: v.Raison, ProposeNom: v.ProposePar.Nom, ProposeLe: v.ProposeLe}
	if !v.ActifLe.IsZero() {
		r.ActifLe = &v.ActifLe
	}
	if !u.Role.Interne() {
		r.IBAN = v.IBAN.Masque()
		return r
	}
	if v.Ancien != "" {
		r.Ancien = v.Ancien.Masque()
	}
	r.VuNom, r.ValideNom, r.Preuve, r.Signaux, r.Journal = v.VuPar.Nom, v.ValidePar.Nom, v.PreuveNom, v.Signaux, v.Journal
	if v.LeveeDemandee() {
		r.LeveNom = v.LevePar.Nom
	}
	r.Gestes = v.GestesDe(u.Role)
	return r
}

// ListerRIBs answers GET /api/ribs.
func (s *Server) ListerRIBs(ctx context.Context, r ListerRIBsRequestObject) (ListerRIBsResponseObject, error) {
	vs, suivant, err := s.Store.RIBs(ctx, qui(ctx).Portee(), store.FiltreRIBs{Etats: r.Params.Etat, SIREN: r.Params.Siren, Apres: r.Params.Apres,
		Limite: limite(r.Params.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(vs))
	rs := make([]ribLu, len(vs))
	for i, v := range vs {
		rs[i] = direRIB(ctx, v)
	}
	return ListerRIBs200JSONResponse{Ribs: rs, Suivant: suivant}, nil
}

// LireRIB answers GET /api/ribs/{id}.
func (s *Server) LireRIB(ctx context.Context, r LireRIBRequestObject) (LireRIBResponseObject, error) {
	v, err := s.Store.RIB(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	montrerDe(ctx, "")
	return LireRIB200JSONResponse(direRIB(ctx, v)), nil
}

// champsRIB are the text parts of a proposal, and how each is read: the account and
// its bank are read by the rule, which says what is wrong with them.
var champsRIB = map[string]champFormulaire{"acte_id": {"uuid", 36}, "etablissement": {"siret", 40}, "iban": {"ligne", 60}, "bic": {"ligne", 30},
	"titulaire": {"ligne", 120}}

// ProposerRIB answers POST /api/ribs. The file is examined before anything is kept.
func (s *Server) ProposerRIB(ctx context.Context, r ProposerRIBRequestObject) (ProposerRIBResponseObject, error) {
	f, err := s.lireFormulaireDe(r.Body, champsRIB, func(f *formulaire) error {
		if f.champs["acte_id"] == "" {
			return opco.Champf("acte_id", "Ce champ est obligatoire.")
		}
		if f.fichier == nil {
			return opco.Champf("fichier", "Joignez le RIB lui-même, en PDF ou en image.")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	defer f.jeter()
	siret, err := etablissementDuRIB(ctx, opco.SIRET(f.champs["etablissement"]))
	if err != nil {
		return nil, err
	}
	format, err := s.examiner(ctx, f.fichier)
	if err != nil {
		return nil, err
	}
	v, err := s.proposerRIB(ctx, f.champs["acte_id"], siret, opco.SaisieRIB{IBAN: f.champs["iban"], BIC: f.champs["bic"], Titulaire: f.champs["titulaire"]},
		store.FichierDocument{Nom: f.nom, Empreinte: f.fichier.Empreinte, Taille: f.fichier.Taille, Format: format, Garder: f.fichier.Garder})
	if err != nil {
		return nil, err
	}
	return ProposerRIB200JSONResponse(direRIB(ctx, v)), nil
}

func (s *Server) proposerRIB(ctx context.Context, acte string, siret opco.SIRET, x opco.SaisieRIB, f store.FichierDocument) (store.RIBVu, error) {
	g := gesteDocument(ctx, acte)
	g.Par.SIRET = string(siret)
	v, as, err := s.Store.ProposerRIB(ctx, g, siret, x, f)
	if err == nil {
		s.transmettreTous(ctx, as)
	}
	return v, err
}

// PropositionRIB is what a form says of new bank details: Garde is the file that it keeps
// aside, Etablissement is "" for the first of its author.
type PropositionRIB struct {
	Acte          string
	Etablissement opco.SIRET
	Saisie        opco.SaisieRIB
	Garde         string
}

// ProposerRIBGarde does what POST /api/ribs does with the file that the form put aside.
func (s *Server) ProposerRIBGarde(ctx context.Context, p PropositionRIB) error {
	siret, err := etablissementDuRIB(ctx, p.Etablissement)
	if err != nil {
		return err
	}
	m, err := s.Store.MiseDeCote(ctx, qui(ctx).Portee(), "", p.Garde)
	if errors.Is(err, opco.NotFound) {
		return s.dejaPropose(ctx, p)
	}
	if err != nil {
		return err
	}
	_, err = s.proposerRIB(ctx, p.Acte, siret, p.Saisie, store.FichierDocument{Nom: m.Nom, Empreinte: m.Empreinte, Taille: m.Taille, Format: m.Format,
		Garder: func() error { return nil }, DeCote: m.ID})
	return err
}

// dejaPropose reports that the file of a proposal is gone, unless it left with the very
// same proposal: sent twice, it is one.
func (s *Server) dejaPropose(ctx context.Context, p PropositionRIB) error {
	parti, err := s.Store.RIB(ctx, qui(ctx).Portee(), p.Acte)
	if errors.Is(err, opco.NotFound) {
		return opco.Champf("fichier", "Le fichier que vous aviez choisi n’est plus là : choisissez-le de nouveau, puis renvoyez.")
	}
	if err != nil {
		return err
	}
	r, err := p.Saisie.Lire("")
	if err == nil && (r.IBAN != parti.IBAN || r.BIC != parti.BIC || r.Titulaire != parti.Titulaire) {
		err = opco.Errorf(opco.Conflict, "Ce RIB est déjà envoyé, avec autre chose : rechargez la page pour lire ce que nous avons reçu.").AvecCode("ACTE_REUTILISE")
	}
	return err
}

// etablissementDuRIB says for whom the account is proposed: the établissement said,
// else the first that its author acts for.
func etablissementDuRIB(ctx context.Context, dit opco.SIRET) (opco.SIRET, error) {
	u := qui(ctx)
	switch {
	case len(u.Ecrit) == 0:
		return "", opco.Errorf(opco.Forbidden, "Votre droit permet de lire, pas de changer le RIB : demandez-en un autre à l’administrateur de votre organisation.")
	case dit == "":
		return opco.SIRET(u.Ecrit[0]), nil
	case !slices.Contains(u.Ecrit, string(dit)):
		return "", opco.Champf("etablissement", "Cet établissement n’est pas l’un des vôtres. Choisissez-le dans votre liste.")
	}
	return dit, nil
}

// AgirSurRIB answers POST /api/ribs/{id}/gestes.
func (s *Server) AgirSurRIB(ctx context.Context, r AgirSurRIBRequestObject) (AgirSurRIBResponseObject, error) {
	b := r.Body
	as, err := s.Store.AgirSurRIB(ctx, r.Id, store.GesteDeRIB{Acte: b.ActeID, Geste: b.Geste, Raison: b.Raison, Par: qui(ctx).Acteur("")})
	if err != nil {
		return nil, err
	}
	s.transmettreTous(ctx, as)
	v, err := s.Store.RIB(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	return AgirSurRIB200JSONResponse(direRIB(ctx, v)), nil
}

// transmettreTous tells the procedures of actes that are in the inbox already: the
// relay does it later when they cannot hear now.
func (s *Server) transmettreTous(ctx context.Context, as []opco.Acte) {
	for _, a := range as {
		if err := s.Procedures.Transmettre(ctx, a); err != nil {
			s.Log.WarnContext(ctx, "acte left to the relay", "objet", a.Objet, "error", err)
		}
	}
}

// TelechargerPreuveRIB answers GET /api/ribs/{id}/preuve.
func (s *Server) TelechargerPreuveRIB(ctx context.Context, r TelechargerPreuveRIBRequestObject) (TelechargerPreuveRIBResponseObject, error) {
	v, err := s.Store.RIB(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if v.Preuve == "" {
		return nil, opco.Errorf(opco.NotFound, "Ce compte était connu avant les vérifications : aucun fichier ne l’accompagne.")
	}
	corps, taille, err := s.Fichiers.Ouvrir(v.Preuve)
	if err != nil {
		return nil, err
	}
	montrerDe(ctx, "")
	return fichierServi{corps: corps, taille: taille, nom: v.PreuveNom, format: v.PreuveType}, nil
}

// VisitTelechargerPreuveRIBResponse writes the file of a RIB.
func (f fichierServi) VisitTelechargerPreuveRIBResponse(w http.ResponseWriter) error {
	return f.ecrire(w)
}
