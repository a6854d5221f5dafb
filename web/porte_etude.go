package web

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Etude reads a dossier.
func (p porteInterieur) Etude(c *gin.Context, id string) (Etude, error) {
	r, err := p.LireDossier(contexte(c), api.LireDossierRequestObject{Id: id})
	if err != nil {
		return Etude{}, err
	}
	lu, _ := r.(api.LireDossier200JSONResponse)
	le, err := p.Store.Maintenant(c.Request.Context())
	if err != nil {
		return Etude{}, err
	}
	s, err := p.SuiviDe(c.Request.Context(), id)
	if err != nil {
		return Etude{}, err
	}
	e := Etude{Dossier: lu.Dossier, Ligne: lu.Resume, Actes: lu.Actes, Jour: opco.JourDe(le), Suivi: s}
	if slices.Contains(controleLu.Roles, p.moi(c).Role) {
		e.Signale, err = p.Store.Signale(c.Request.Context(), p.moi(c).Portee(), id)
	}
	return e, err
}

// Controles runs the checks of the instruction.
func (p porteInterieur) Controles(c *gin.Context, id string) ([]opco.Controle, error) {
	r, err := p.LireControles(contexte(c), api.LireControlesRequestObject{Id: id})
	lus, _ := r.(api.LireControles200JSONResponse)
	return lus.Controles, err
}

// ProposerDecision computes a décision.
func (p porteInterieur) ProposerDecision(c *gin.Context, id string, ch opco.ChargeDecider) (api.Proposition, error) {
	return p.Proposer(contexte(c), id, ch)
}

// PiecesDe lists the pièces of a dossier.
func (p porteInterieur) PiecesDe(c *gin.Context, id string) ([]store.LignePiece, error) {
	r, err := p.LirePieces(contexte(c), api.LirePiecesRequestObject{Id: id})
	lues, _ := r.(api.LirePieces200JSONResponse)
	return lues.Pieces, err
}

// OuvrirPiece opens the file of a pièce.
func (p porteInterieur) OuvrirPiece(c *gin.Context, piece string) (api.Fichier, error) {
	return p.Server.OuvrirPiece(contexte(c), piece)
}

// JugerPiece keeps an opinion on a pièce.
func (p porteInterieur) JugerPiece(c *gin.Context, piece string, a opco.AvisPiece) error {
	_, err := p.Server.JugerPiece(contexte(c), api.JugerPieceRequestObject{Id: piece, Body: &a})
	return err
}

// CourriersDe lists what was sent about a dossier.
func (p porteInterieur) CourriersDe(c *gin.Context, id string) ([]store.LigneCourrier, error) {
	r, err := p.LireCourriers(contexte(c), api.LireCourriersRequestObject{Id: id})
	lus, _ := r.(api.LireCourriers200JSONResponse)
	return lus.Courriers, err
}

// OuvrirLettre opens a letter that was sent.
func (p porteInterieur) OuvrirLettre(c *gin.Context, courrier string) (api.Fichier, error) {
	return p.Server.OuvrirLettre(contexte(c), courrier)
}

// EcrituresDe reads the ledger of a dossier.
func (p porteInterieur) EcrituresDe(c *gin.Context, id string) ([]store.LigneEcriture, []store.LigneSolde, error) {
	r, err := p.LireEcritures(contexte(c), api.LireEcrituresRequestObject{Id: id})
	lues, _ := r.(api.LireEcritures200JSONResponse)
	return lues.Ecritures, lues.Soldes, err
}

// JournalDe reads the journal of a dossier.
func (p porteInterieur) JournalDe(c *gin.Context, id string) ([]opco.Passage, error) {
	r, err := p.LireJournal(contexte(c), api.LireJournalRequestObject{Id: id})
	lu, _ := r.(api.LireJournal200JSONResponse)
	return lu.Passages, err
}

// ServiceFait compares the accord, the certificats and the invoices.
func (p porteInterieur) ServiceFait(c *gin.Context, id string, solde bool) (ServiceFaitLu, error) {
	r, err := p.LireServiceFait(contexte(c), api.LireServiceFaitRequestObject{Id: id, Params: api.LireServiceFaitParams{Solde: solde}})
	lu, _ := r.(api.LireServiceFait200JSONResponse)
	return ServiceFaitLu{Controles: lu.Controles, Constat: lu.Constat, Empeche: lu.Empechement}, err
}

// FicheEntreprise reads the card of a company.
func (p porteInterieur) FicheEntreprise(c *gin.Context, siren string) (api.FicheEntreprise, error) {
	return p.Server.FicheEntreprise(contexte(c), siren)
}

// EstimerPour computes what a demande would be granted.
func (p porteInterieur) EstimerPour(c *gin.Context, d opco.Demande) (api.Estimation, error) {
	r, err := p.Estimer(contexte(c), api.EstimerRequestObject{Body: &api.CorpsEstimation{Demande: d}})
	lue, _ := r.(api.Estimer200JSONResponse)
	return api.Estimation(lue), err
}

// Agir sends an acte to the JSON handler of its type.
func (p porteInterieur) Agir(c *gin.Context, acte, id string, t opco.TypeActe, charge any) (opco.Verdict, error) {
	ctx := contexte(c)
	simple := api.CorpsActe{ActeId: acte}
	switch x := charge.(type) {
	case opco.ChargeDemanderComplement:
		return verdict(p.DemanderComplement(ctx, api.DemanderComplementRequestObject{Id: id, Body: &api.CorpsComplement{ActeID: acte, ChargeDemanderComplement: x}}))
	case opco.ChargeDecider:
		return verdict(p.DeciderDossier(ctx, api.DeciderDossierRequestObject{Id: id, Body: &api.CorpsDecision{ActeID: acte, ChargeDecider: x}}))
	case opco.ChargeRetirer:
		return verdict(p.Server.RetirerStagiaire(ctx, api.RetirerStagiaireRequestObject{Id: id, Body: &api.CorpsRetrait{ActeID: acte, ChargeRetirer: x}}))
	case opco.ChargeNonConforme:
		return verdict(p.DeclarerNonConforme(ctx, api.DeclarerNonConformeRequestObject{Id: id, Body: &api.CorpsNonConforme{ActeID: acte, ChargeNonConforme: x}}))
	case opco.ChargeConstater:
		return verdict(p.ConstaterServiceFait(ctx, api.ConstaterServiceFaitRequestObject{Id: id, Body: &api.CorpsConstat{ActeID: acte, ChargeConstater: x}}))
	case opco.ChargeConstaterIndu:
		return verdict(p.ConstaterIndu(ctx, api.ConstaterInduRequestObject{Id: id, Body: &api.CorpsInduConstate{ActeID: acte, ChargeConstaterIndu: x}}))
	case opco.ChargeRaison:
		return p.agirAvecRaison(c, acte, id, t, x)
	}
	switch t {
	case opco.ActeInstruire:
		return verdict(p.InstruireDossier(ctx, api.InstruireDossierRequestObject{Id: id, Body: &simple}))
	case opco.ActeRefuserTardif:
		return verdict(p.RefuserTardif(ctx, api.RefuserTardifRequestObject{Id: id, Body: &simple}))
	case opco.ActeValider:
		return verdict(p.ValiderDecision(ctx, api.ValiderDecisionRequestObject{Id: id, Body: &simple}))
	case opco.ActeConfirmerForclusion:
		return verdict(p.Server.ConfirmerForclusion(ctx, api.ConfirmerForclusionRequestObject{Id: id, Body: &simple}))
	}
	return "", fmt.Errorf("no page does the acte %q", t)
}

// agirAvecRaison sends the actes that carry a reason.
func (p porteInterieur) agirAvecRaison(c *gin.Context, acte, id string, t opco.TypeActe, x opco.ChargeRaison) (opco.Verdict, error) {
	ctx, corps := contexte(c), &api.CorpsRaison{ActeID: acte, ChargeRaison: x}
	switch t {
	case opco.ActeRenvoyer:
		return verdict(p.RenvoyerDossier(ctx, api.RenvoyerDossierRequestObject{Id: id, Body: corps}))
	case opco.ActeAnnuler:
		return verdict(p.AnnulerDossier(ctx, api.AnnulerDossierRequestObject{Id: id, Body: corps}))
	case opco.ActeMettreEnLitige:
		return verdict(p.Server.MettreEnLitige(ctx, api.MettreEnLitigeRequestObject{Id: id, Body: corps}))
	case opco.ActeRefuserFacture:
		return verdict(p.Server.RefuserFacture(ctx, api.RefuserFactureRequestObject{Id: id, Body: corps}))
	}
	return "", fmt.Errorf("no page does the acte %q with a reason", t)
}

// Apercevoir tries an acte without keeping it.
func (p porteInterieur) Apercevoir(c *gin.Context, id string, t opco.TypeActe, charge any) (api.Apercu, error) {
	return p.Server.Apercevoir(contexte(c), id, t, charge)
}

// Echanges reads a thread.
func (p porteInterieur) Echanges(c *gin.Context, id string, fil opco.Role, apres string) (store.PageEchanges, error) {
	r, err := p.LireEchanges(contexte(c), api.LireEchangesRequestObject{Id: id, Params: api.LireEchangesParams{Fil: fil, Apres: apres}})
	lus, _ := r.(api.LireEchanges200JSONResponse)
	return store.PageEchanges(lus), err
}

// EcrireEchange writes a message.
func (p porteInterieur) EcrireEchange(c *gin.Context, acte, id string, fil opco.Role, texte string, pieces []string) error {
	_, err := p.Server.EcrireEchange(contexte(c), api.EcrireEchangeRequestObject{Id: id, Body: &api.CorpsEchange{ActeId: acte, Fil: fil, Texte: texte, Pieces: pieces}})
	return err
}

// EchangesNonLus counts what waits in a dossier.
func (p porteInterieur) EchangesNonLus(c *gin.Context, id string) (map[opco.Role]int, error) {
	return p.Server.EchangesNonLus(contexte(c), id)
}

// MessagesAttendus lists the messages that wait.
func (p porteInterieur) MessagesAttendus(c *gin.Context, miens bool, apres string) (store.PageMessages, error) {
	return p.Server.MessagesAttendus(contexte(c), miens, apres)
}

// CompterMessages counts the dossiers where a message waits.
func (p porteInterieur) CompterMessages(c *gin.Context) (int, error) {
	return p.Server.CompterMessages(contexte(c), true)
}

// Notes reads the notes of a dossier.
func (p porteInterieur) Notes(c *gin.Context, id, apres string) (store.PageNotes, error) {
	r, err := p.LireNotes(contexte(c), api.LireNotesRequestObject{Id: id, Params: api.LireNotesParams{Apres: apres}})
	lues, _ := r.(api.LireNotes200JSONResponse)
	return store.PageNotes(lues), err
}

// EcrireNote writes a note.
func (p porteInterieur) EcrireNote(c *gin.Context, acte, id, texte string) error {
	_, err := p.Server.EcrireNote(contexte(c), api.EcrireNoteRequestObject{Id: id, Body: &api.CorpsNote{ActeId: acte, Texte: texte}})
	return err
}

// ModifierNote changes one's own note.
func (p porteInterieur) ModifierNote(c *gin.Context, id, note string, version int, texte string) error {
	_, err := p.Server.ModifierNote(contexte(c), id, note, version, texte)
	return err
}

// VersionsNote reads what a note said.
func (p porteInterieur) VersionsNote(c *gin.Context, id, note string) ([]store.VersionNote, error) {
	return p.Server.VersionsNote(contexte(c), id, note)
}

// Nommables lists whom a note may name.
func (p porteInterieur) Nommables(c *gin.Context) ([]opco.Nomme, error) {
	return p.Server.Nommables(contexte(c))
}

// Mentions lists the notes that name the reader.
func (p porteInterieur) Mentions(c *gin.Context, apres string) (store.PageMentions, error) {
	return p.Server.Mentions(contexte(c), apres)
}

// CompterMentions counts them.
func (p porteInterieur) CompterMentions(c *gin.Context) (int, error) {
	return p.Server.CompterMentions(contexte(c))
}
