package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurEtude are the doors of those who instruct a dossier, and of what is said
// about it.
type InterieurEtude interface {
	InterieurEchanges

	// Etude reads a dossier as the reader may see it, with the actes that they may try.
	Etude(c *gin.Context, id string) (Etude, error)
	Controles(c *gin.Context, id string) ([]opco.Controle, error)
	// ProposerDecision computes what would be decided now; nothing is kept. A refusal
	// says what stands in the way.
	ProposerDecision(c *gin.Context, id string, ch opco.ChargeDecider) (api.Proposition, error)
	PiecesDe(c *gin.Context, id string) ([]store.LignePiece, error)
	OuvrirPiece(c *gin.Context, piece string) (api.Fichier, error)
	JugerPiece(c *gin.Context, piece string, a opco.AvisPiece) error
	CourriersDe(c *gin.Context, id string) ([]store.LigneCourrier, error)
	OuvrirLettre(c *gin.Context, courrier string) (api.Fichier, error)
	EcrituresDe(c *gin.Context, id string) ([]store.LigneEcriture, []store.LigneSolde, error)
	JournalDe(c *gin.Context, id string) ([]opco.Passage, error)
	ServiceFait(c *gin.Context, id string, solde bool) (ServiceFaitLu, error)
	// FicheEntreprise reads the card of a company, by its SIREN.
	FicheEntreprise(c *gin.Context, siren string) (api.FicheEntreprise, error)
	// EstimerPour asks the engine of the décision about a demande that nobody keeps.
	EstimerPour(c *gin.Context, d opco.Demande) (api.Estimation, error)

	// Agir performs an acte on a dossier, by the JSON route of that acte.
	Agir(c *gin.Context, acte, id string, t opco.TypeActe, charge any) (opco.Verdict, error)
	// Apercevoir says what that acte would do and send, and keeps nothing.
	Apercevoir(c *gin.Context, id string, t opco.TypeActe, charge any) (api.Apercu, error)
}

// InterieurEchanges are the doors of what people write to each other about a dossier.
type InterieurEchanges interface {
	// Echanges reads a thread: what it shows waits no more.
	Echanges(c *gin.Context, id string, fil opco.Role, apres string) (store.PageEchanges, error)
	EcrireEchange(c *gin.Context, acte, id string, fil opco.Role, texte string, pieces []string) error
	EchangesNonLus(c *gin.Context, id string) (map[opco.Role]int, error)
	MessagesAttendus(c *gin.Context, miens bool, apres string) (store.PageMessages, error)
	CompterMessages(c *gin.Context) (int, error)

	Notes(c *gin.Context, id, apres string) (store.PageNotes, error)
	EcrireNote(c *gin.Context, acte, id, texte string) error
	ModifierNote(c *gin.Context, id, note string, version int, texte string) error
	VersionsNote(c *gin.Context, id, note string) ([]store.VersionNote, error)
	Nommables(c *gin.Context) ([]opco.Nomme, error)
	Mentions(c *gin.Context, apres string) (store.PageMentions, error)
	CompterMentions(c *gin.Context) (int, error)
}

// Etude is a dossier as its reader may see it, on a business day.
type Etude struct {
	Dossier opco.Dossier
	Ligne   store.LigneDossier
	Actes   []string // that the reader may try now
	Jour    opco.Date
	Suivi   api.SuiviLu
	Signale bool // signs point at it, or its contrôle was opened, and the reader may see that
}

// ServiceFaitLu is the comparison of a dossier, and what it would pay now; Empeche
// says why nothing can be validated.
type ServiceFaitLu struct {
	Controles []opco.Controle
	Constat   *opco.Constat
	Empeche   string
}
