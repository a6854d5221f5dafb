package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/store"
)

// InterieurSynthese are the doors of the money of a year, of its lists and of the
// accounting journal (AK-55, I23). A year of -1 is the last one that began for
// Synthese, any for the lists.
type InterieurSynthese interface {
	Synthese(c *gin.Context, annee int) (api.SyntheseLue, error)
	Engagements(c *gin.Context, f store.FiltreEngagements) ([]store.LigneEngagement, string, error)
	SalariesFormes(c *gin.Context, annee int, apres string) ([]store.SalarieForme, string, error)
	// BalanceComptable sums the accounts of a fund, and counts what has no number yet.
	BalanceComptable(c *gin.Context, p store.PeriodeComptable) ([]store.SoldeComptable, int64, error)
	NumeroterEcritures(c *gin.Context, acte string, p store.PeriodeComptable) error
	// EnvoyerJournal sends the accounting journal of a period.
	EnvoyerJournal(c *gin.Context, p store.PeriodeComptable) error
}

// pageEngagements is how many lines of the commitments a page shows.
const pageEngagements = 50

// Synthese reads the money of a year within reach of the reader.
func (p porteInterieur) Synthese(c *gin.Context, annee int) (api.SyntheseLue, error) {
	return p.Server.Synthese(c.Request.Context(), annee)
}

// Engagements lists what each dossier of a company holds of each fund.
func (p porteInterieur) Engagements(c *gin.Context, f store.FiltreEngagements) ([]store.LigneEngagement, string, error) {
	f.Limite = pageEngagements
	ctx := c.Request.Context()
	return p.Store.Engagements(ctx, api.Qui(ctx).Portee(), f)
}

// SalariesFormes lists who was trained in a company.
func (p porteInterieur) SalariesFormes(c *gin.Context, annee int, apres string) ([]store.SalarieForme, string, error) {
	ctx := c.Request.Context()
	ls, suivant, err := p.Store.SalariesFormes(ctx, api.Qui(ctx).Portee(), annee, apres, pageEngagements)
	api.Montrer(ctx, "liste", len(ls))
	return ls, suivant, err
}

// BalanceComptable sums the accounts of a fund, and counts what has no number yet.
func (p porteInterieur) BalanceComptable(c *gin.Context, f store.PeriodeComptable) ([]store.SoldeComptable, int64, error) {
	ss, err := p.Store.BalanceComptable(c.Request.Context(), f)
	if err != nil {
		return nil, 0, err
	}
	n, err := p.Store.EcrituresSansNumero(c.Request.Context(), f)
	return ss, n, err
}

// NumeroterEcritures numbers the entries of a period.
func (p porteInterieur) NumeroterEcritures(c *gin.Context, acte string, f store.PeriodeComptable) error {
	_, err := p.Server.NumeroterEcritures(contexte(c), api.NumeroterEcrituresRequestObject{Body: &api.CorpsNumerotation{ActeID: acte, Fonds: f.Fonds, Du: f.Du, Au: f.Au}})
	return err
}

// EnvoyerJournal sends the accounting journal of a period.
func (p porteInterieur) EnvoyerJournal(c *gin.Context, f store.PeriodeComptable) error {
	x, err := p.JournalComptable(c.Request.Context(), f)
	if err != nil {
		return err
	}
	if err := x.Envoyer(c.Writer); err != nil && !c.Writer.Written() {
		return err
	}
	return nil
}
