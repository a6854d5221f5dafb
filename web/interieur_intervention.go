package web

import (
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// InterieurIntervention are the doors of the safe actions of the ops staff.
type InterieurIntervention interface {
	// Intervenir has what is named tried, or the cases of a cause; nothing is done.
	Intervenir(c *gin.Context, id string, i opco.Intervention, dits []string) (store.InterventionVue, error)
	ChangerIntervention(c *gin.Context, id, geste, raison string) error
	Intervention(c *gin.Context, id string) (store.InterventionVue, error)
	Interventions(c *gin.Context, f store.FiltreInterventions, limite int) ([]store.InterventionVue, error)
	ElementsIntervention(c *gin.Context, id string, apres, limite int) ([]store.ElementIntervention, error)
	Interrupteurs(c *gin.Context) ([]store.Interrupteur, error)
	// EtapesPassees are the étapes that the object that dit names has been in, the last one first.
	EtapesPassees(c *gin.Context, dit string) ([]string, error)
}

// Intervenir has an intervention tried.
func (p porteInterieur) Intervenir(c *gin.Context, id string, i opco.Intervention, dits []string) (store.InterventionVue, error) {
	return p.Server.ProposerIntervention(c.Request.Context(), id, i, dits)
}

// ChangerIntervention launches, agrees to or refuses an intervention.
func (p porteInterieur) ChangerIntervention(c *gin.Context, id, geste, raison string) error {
	return p.Server.ChangerIntervention(c.Request.Context(), id, geste, raison)
}

// Intervention reads one.
func (p porteInterieur) Intervention(c *gin.Context, id string) (store.InterventionVue, error) {
	return p.InterventionDe(c.Request.Context(), id)
}

// Interventions reads their journal.
func (p porteInterieur) Interventions(c *gin.Context, f store.FiltreInterventions, limite int) ([]store.InterventionVue, error) {
	return p.InterventionsDe(c.Request.Context(), f, limite)
}

// ElementsIntervention reads what one bears on.
func (p porteInterieur) ElementsIntervention(c *gin.Context, id string, apres, limite int) ([]store.ElementIntervention, error) {
	return p.ElementsInterventionDe(c.Request.Context(), id, apres, limite)
}

// EtapesPassees reads the étapes of an object.
func (p porteInterieur) EtapesPassees(c *gin.Context, dit string) ([]string, error) {
	return p.EtapesPasseesDe(c.Request.Context(), dit)
}

// Interrupteurs reads the kill switches.
func (p porteInterieur) Interrupteurs(c *gin.Context) ([]store.Interrupteur, error) {
	return p.InterrupteursDe(c.Request.Context())
}
