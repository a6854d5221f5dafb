package web

import (
	"io"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurComptabilite are the doors of the desk of the comptable.
type InterieurComptabilite interface {
	CompterComptabilite(c *gin.Context) (store.CompteursComptabilite, error)
	// Aujourdhui is the business day.
	Aujourdhui(c *gin.Context) (opco.Date, error)
	Reglements(c *gin.Context, f store.FiltreReglements) (store.PageReglements, error)
	Lots(c *gin.Context, etats []opco.EtatLot, apres string) ([]store.LigneLot, string, error)
	// LotVu reads a lot and the pages of its transfers after the rank, of what the bank said after banque.
	LotVu(c *gin.Context, id string, rang int, banque string) (LotVu, error)
	// LotSuivi reads a lot without its lines, and says which acte waits on it, "" when none.
	LotSuivi(c *gin.Context, id string) (l *opco.Lot, attend string, err error)
	// ApercuLot is the lot that ch would build, and why none can be.
	ApercuLot(c *gin.Context, ch opco.ChargeConstruireLot) (opco.Lot, *opco.Error, error)
	// ConstruireLot returns the id of the lot.
	ConstruireLot(c *gin.Context, acte string, ch opco.ChargeConstruireLot) (string, opco.Verdict, error)
	EjecterLignes(c *gin.Context, acte, lot string, ch opco.ChargeEjecterLigne) (opco.Verdict, error)
	ValiderLot(c *gin.Context, acte, lot string, ch opco.ChargeValiderLot) (opco.Verdict, error)
	AnnulerLot(c *gin.Context, acte, lot, raison string) (opco.Verdict, error)
	ProposerIssue(c *gin.Context, acte, lot string, ch opco.ChargeProposerIssue) (opco.Verdict, error)
	ConfirmerIssue(c *gin.Context, acte, lot string, refuse bool) (opco.Verdict, error)
	// FichierLot returns the file and its length in bytes.
	FichierLot(c *gin.Context, lot string) (io.Reader, int64, error)

	Retours(c *gin.Context, apres string) ([]store.LigneRetour, string, error)
	RetourBanque(c *gin.Context, empreinte, apres string) (store.LigneRetour, store.PageEntrees, error)
	Quarantaine(c *gin.Context, apres string) (store.PageEntrees, error)
	ImporterRetour(c *gin.Context, nom string, f *api.RetourPose) (opco.Importation, error)
	Rejets(c *gin.Context, apres string) (store.PageRejets, error)
	Representer(c *gin.Context, acte, dossier, reglement string) (opco.Verdict, error)

	Enveloppes(c *gin.Context, f store.FiltreEnveloppes) (store.PageEnveloppes, error)
	Enveloppe(c *gin.Context, id, apres string) (store.LigneEnveloppe, []store.DossierDEnveloppe, string, error)
}

// LotVu is a lot as the staff reads it: its accounts are masked. Essai is what a
// validation by the reader would say, Empeche why they may not give it; both are ""
// when the lot does not wait for one, or when their role never validates.
type LotVu struct {
	store.LigneLot
	Lot        opco.Lot // without its lines
	Transferts store.PageVirements
	Journal    []opco.Passage
	Entrees    store.PageEntrees // what the bank said of it
	Essai      string
	Empeche    string
	Attend     string              // what somebody asked of the lot, and that is being done
	Changees   []opco.LigneEcartee // lines that a validation would take out now
	Jour       opco.Date
	Expire     time.Time // when a lot that nobody validates ends
	Troisieme  bool      // above the thresholds: two validations, one from a responsable
	Parametres opco.Parametres
}
