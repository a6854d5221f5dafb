package web

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// pageComptable is the length of the lists of the desk of the comptable.
const pageComptable = 50

// CompterComptabilite reads the figures of the desk of the comptable.
func (p porteInterieur) CompterComptabilite(c *gin.Context) (store.CompteursComptabilite, error) {
	return p.Store.CompterComptabilite(contexte(c))
}

// Aujourdhui is the business day.
func (p porteInterieur) Aujourdhui(c *gin.Context) (opco.Date, error) {
	le, err := p.Store.Maintenant(contexte(c))
	return opco.JourDe(le), err
}

// Reglements lists règlements; their accounts are masked.
func (p porteInterieur) Reglements(c *gin.Context, f store.FiltreReglements) (store.PageReglements, error) {
	f.Limite = pageComptable
	return p.Store.Reglements(contexte(c), f)
}

// Lots lists lots.
func (p porteInterieur) Lots(c *gin.Context, etats []opco.EtatLot, apres string) ([]store.LigneLot, string, error) {
	return p.Store.Lots(contexte(c), etats, apres, pageComptable)
}

// LotVu reads a lot, and tries on it the validation that the reader may give.
func (p porteInterieur) LotVu(c *gin.Context, id string, rang int, banque string) (LotVu, error) {
	ctx, u := contexte(c), api.Qui(c.Request.Context())
	var v LotVu
	var err error
	if v.LigneLot, err = p.Store.LigneDeLot(ctx, id); err != nil {
		return v, err
	}
	l, attend, err := p.LotSuivi(c, id)
	if err != nil {
		return v, err
	}
	v.Lot, v.Attend = *l, attend
	if v.Transferts, err = p.Store.VirementsLot(ctx, id, rang, virementsPage); err != nil {
		return v, err
	}
	if v.Jour, err = p.Aujourdhui(c); err != nil {
		return v, err
	}
	if v.Parametres, err = p.Store.Parametres(ctx, v.Jour); err != nil {
		return v, err
	}
	v.Troisieme = l.Troisieme || l.Etat == opco.LotPropose && l.Haut(v.Parametres)
	if l.Etat == opco.LotPropose && len(l.Echeances) > 0 {
		v.Expire = l.Echeances[0].Le
	}
	if v.Journal, err = p.Store.Journal(ctx, u.Portee(), opco.ObjetLot(id)); err != nil {
		return v, err
	}
	if v.Entrees, err = p.Store.Entrees(ctx, store.FiltreEntrees{Lot: id, Apres: banque, Limite: pageComptable}); err != nil {
		return v, err
	}
	if err = p.essayerValidation(c, &v); err != nil {
		return v, err
	}
	for i, x := range v.Transferts.Virements {
		v.Transferts.Virements[i].IBAN = opco.IBAN(x.IBAN.Masque())
	}
	return v, nil
}

// attentesLot say what is being done of what a person asked of a lot.
var attentesLot = map[opco.TypeActe]string{
	opco.ActeValiderLot: "Validation demandée par %s : chaque ligne est relue avant de signer.", opco.ActeAnnulerLot: "Annulation demandée par %s : chaque règlement est rendu.",
	opco.ActeEjecterLigne: "Retrait de lignes demandé par %s.",
}

// LotSuivi reads a lot without its lines, and what waits on it, for the staff who may.
func (p porteInterieur) LotSuivi(c *gin.Context, id string) (l *opco.Lot, attend string, err error) {
	if !slices.Contains(comptableVu.Roles, api.Qui(c.Request.Context()).Role) {
		return nil, "", opco.Errorf(opco.NotFound, "Ce lot n’existe pas.")
	}
	if l, err = p.Store.EnTeteLot(contexte(c), id); err != nil {
		return nil, "", err
	}
	a, ok, err := p.Store.ActeQuiAttend(contexte(c), opco.ObjetLot(id))
	if err != nil {
		return nil, "", err
	}
	if phrase := attentesLot[a.Type]; ok && phrase != "" {
		attend = fmt.Sprintf(phrase, a.Par.Nom)
	}
	return l, attend, nil
}

// essayable is the longest lot that a page reads again to say what its validation would do.
const essayable = 2000

// essayerValidation tries the validation of the reader: what it would say is told
// before they press, and why they may not.
func (p porteInterieur) essayerValidation(c *gin.Context, v *LotVu) error {
	u := api.Qui(c.Request.Context())
	if v.Lot.Etat != opco.LotPropose || v.Attend != "" || !slices.Contains(valideurs, u.Role) {
		return nil
	}
	if v.Lot.Nombre() > essayable { // every line would be read again at each look
		v.Essai = "Chaque ligne est relue au moment de la validation : celles qui ont changé sont retirées, et le lot reste à valider."
		return nil
	}
	charge, err := json.Marshal(opco.ChargeValiderLot{Nombre: v.Lot.Nombre(), Somme: v.Lot.Somme()})
	if err != nil {
		return fmt.Errorf("trying a validation: %w", err)
	}
	l, e, refus, err := p.Store.EssayerLot(contexte(c), opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetLot(v.ID), Type: opco.ActeValiderLot,
		Par: u.Acteur(""), Charge: charge})
	switch {
	case err != nil:
		return err
	case refus != nil:
		v.Empeche = refus.Message
	default:
		v.Essai = e.Phrase
		v.Changees = l.Ecartees[len(v.Lot.Ecartees):]
	}
	return nil
}

// ApercuLot tries the lot that ch would build.
func (p porteInterieur) ApercuLot(c *gin.Context, ch opco.ChargeConstruireLot) (opco.Lot, *opco.Error, error) {
	charge, err := json.Marshal(ch)
	if err != nil {
		return opco.Lot{}, nil, fmt.Errorf("trying a lot: %w", err)
	}
	return p.Store.ApercuLot(contexte(c), opco.Acte{ID: uuid.NewString(), Type: opco.ActeConstruireLot, Par: api.Qui(c.Request.Context()).Acteur(""), Charge: charge})
}

// ConstruireLot builds a lot (R01).
func (p porteInterieur) ConstruireLot(c *gin.Context, acte string, ch opco.ChargeConstruireLot) (string, opco.Verdict, error) {
	r := api.CreerLotRequestObject{Body: &api.CreerLotJSONRequestBody{ActeID: acte, ChargeConstruireLot: ch}}
	rep, err := p.CreerLot(contexte(c), r)
	return strings.TrimPrefix(api.ObjetDe(rep), opco.ObjetLot("")), api.VerdictDe(rep), err
}

// EjecterLignes takes lines out of a lot.
func (p porteInterieur) EjecterLignes(c *gin.Context, acte, lot string, ch opco.ChargeEjecterLigne) (opco.Verdict, error) {
	return verdict(p.RetirerLignes(contexte(c), api.RetirerLignesRequestObject{Id: lot, Body: &api.RetirerLignesJSONRequestBody{ActeID: acte, ChargeEjecterLigne: ch}}))
}

// ValiderLot signs a lot (R02).
func (p porteInterieur) ValiderLot(c *gin.Context, acte, lot string, ch opco.ChargeValiderLot) (opco.Verdict, error) {
	return verdict(p.Server.ValiderLot(contexte(c), api.ValiderLotRequestObject{Id: lot, Body: &api.ValiderLotJSONRequestBody{ActeID: acte, ChargeValiderLot: ch}}))
}

// ProposerIssue says what the statement of the account shows of a silent lot.
func (p porteInterieur) ProposerIssue(c *gin.Context, acte, lot string, ch opco.ChargeProposerIssue) (opco.Verdict, error) {
	return verdict(p.ProposerIssueLot(contexte(c), api.ProposerIssueLotRequestObject{Id: lot, Body: &api.ProposerIssueLotJSONRequestBody{ActeID: acte, ChargeProposerIssue: ch}}))
}

// ConfirmerIssue is the look of a second person on it.
func (p porteInterieur) ConfirmerIssue(c *gin.Context, acte, lot string, refuse bool) (opco.Verdict, error) {
	return verdict(p.ConfirmerIssueLot(contexte(c), api.ConfirmerIssueLotRequestObject{Id: lot,
		Body: &api.ConfirmerIssueLotJSONRequestBody{ActeID: acte, ChargeConfirmerIssue: opco.ChargeConfirmerIssue{Refuse: refuse}}}))
}

// AnnulerLot gives the règlements of a lot back.
func (p porteInterieur) AnnulerLot(c *gin.Context, acte, lot, raison string) (opco.Verdict, error) {
	return verdict(p.Server.AnnulerLot(contexte(c), api.AnnulerLotRequestObject{Id: lot,
		Body: &api.AnnulerLotJSONRequestBody{ActeID: acte, ChargeAnnulerLot: opco.ChargeAnnulerLot{Raison: raison}}}))
}

// FichierLot returns the bytes that left for the bank.
func (p porteInterieur) FichierLot(c *gin.Context, lot string) (io.Reader, int64, error) {
	l, err := p.Store.EnTeteLot(contexte(c), lot)
	if err != nil {
		return nil, 0, err
	}
	if !l.Etat.Parti() {
		return nil, 0, opco.Errorf(opco.NotFound, "Le lot %s est « %s » : aucun fichier n’est parti à la banque.", l.ID, l.Etat)
	}
	contenu, taille, _, err := p.Store.FichierLot(contexte(c), lot)
	return contenu, taille, err
}

// Retours lists the files of the bank.
func (p porteInterieur) Retours(c *gin.Context, apres string) ([]store.LigneRetour, string, error) {
	return p.Store.Retours(contexte(c), apres, pageComptable)
}

// RetourBanque reads one file of the bank and a page of what it said.
func (p porteInterieur) RetourBanque(c *gin.Context, empreinte, apres string) (store.LigneRetour, store.PageEntrees, error) {
	l, err := p.Store.RetourBanque(contexte(c), empreinte)
	if err != nil {
		return l, store.PageEntrees{}, err
	}
	es, err := p.Store.Entrees(contexte(c), store.FiltreEntrees{Retour: empreinte, Apres: apres, Limite: pageComptable})
	return l, es, err
}

// Quarantaine lists what waits for a person.
func (p porteInterieur) Quarantaine(c *gin.Context, apres string) (store.PageEntrees, error) {
	return p.Store.Entrees(contexte(c), store.FiltreEntrees{Etats: []opco.EtatEntree{opco.EntreeQuarantaine}, Apres: apres, Limite: pageComptable})
}

// ImporterRetour files what the bank sent.
func (p porteInterieur) ImporterRetour(c *gin.Context, nom string, f *api.RetourPose) (opco.Importation, error) {
	return p.Importer(contexte(c), nom, f)
}

// Rejets lists what the bank refused or sent back.
func (p porteInterieur) Rejets(c *gin.Context, apres string) (store.PageRejets, error) {
	return p.Store.Rejets(contexte(c), apres, pageComptable)
}

// Representer asks for a rejected règlement to be paid again (R07).
func (p porteInterieur) Representer(c *gin.Context, acte, dossier, reglement string) (opco.Verdict, error) {
	b := api.RepresenterReglementJSONRequestBody{}
	b.ActeID, b.Reglement = acte, reglement
	return verdict(p.RepresenterReglement(contexte(c), api.RepresenterReglementRequestObject{Id: dossier, Body: &b}))
}

// Enveloppes lists envelopes within reach of the reader.
func (p porteInterieur) Enveloppes(c *gin.Context, f store.FiltreEnveloppes) (store.PageEnveloppes, error) {
	f.Limite = pageComptable
	return p.Store.Enveloppes(contexte(c), api.Qui(c.Request.Context()).Portee(), f)
}

// Enveloppe reads one envelope and a page of its dossiers.
func (p porteInterieur) Enveloppe(c *gin.Context, id, apres string) (store.LigneEnveloppe, []store.DossierDEnveloppe, string, error) {
	if apres != "" && uuid.Validate(apres) != nil {
		return store.LigneEnveloppe{}, nil, "", opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	return p.Store.Enveloppe(contexte(c), api.Qui(c.Request.Context()).Portee(), id, apres, pageComptable)
}
