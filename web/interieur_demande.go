package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// BrouillonLu is a demande that its author still writes. Version is what the next
// writing must have read.
type BrouillonLu struct {
	Dossier opco.Dossier
	Version int64
	Le      time.Time // last writing
	Jour    opco.Date // of the reader
}

// InterieurDemandes are the doors of the entry of a demande (AK-16 to AK-39).
type InterieurDemandes interface {
	Brouillon(c *gin.Context, id string) (BrouillonLu, error)
	Brouillons(c *gin.Context, texte, apres string) (store.PageDossiers, error)
	CreerBrouillon(c *gin.Context, acte, id string, d opco.Demande) (opco.Verdict, error)
	CopierDemande(c *gin.Context, acte, de, id string) (opco.Verdict, error)
	SupprimerUnBrouillon(c *gin.Context, acte, id string) (opco.Verdict, error)
	// EnregistrerSaisie is asked for by a person; GarderSaisie keeps what is being typed,
	// which AnnulerSaisie undoes.
	EnregistrerSaisie(c *gin.Context, id string, version int64, d opco.Demande) (int64, error)
	GarderSaisie(c *gin.Context, id string, version int64, d opco.Demande) (int64, time.Time, error)
	AnnulerSaisie(c *gin.Context, id string) (bool, error)
	EstimerSaisie(c *gin.Context, d opco.Demande) (api.EstimationSaisie, error)
	MomentDuDepot(c *gin.Context, debut opco.Date) (opco.MomentDepot, error)
	EnvoyerDemande(c *gin.Context, acte, id string, ch opco.ChargeDeposer) (opco.Verdict, error)
	ChercherOrganismes(c *gin.Context, texte string) ([]store.OrganismeConnu, error)
	NomsEtablissements(c *gin.Context, sirets []string) (map[string]string, error)
}

// SalarieVu is a salarié with the dossiers that train them and who wrote what.
type SalarieVu struct {
	store.LigneSalarie
	Formations []store.FormationSuivie
	Journal    []store.GesteSalarie
}

// InterieurSalaries are the doors of the list of salariés.
type InterieurSalaries interface {
	Salaries(c *gin.Context, f store.FiltreSalaries) (store.PageSalaries, error)
	SalariesChoisis(c *gin.Context, ids []string) ([]opco.Salarie, error)
	SalarieVu(c *gin.Context, id string) (SalarieVu, error)
	AjouterSalarie(c *gin.Context, s opco.Salarie) error
	ModifierSalarie(c *gin.Context, version int64, s opco.Salarie) error
	RetirerSalarie(c *gin.Context, id string, version int64) error
}

// ImportLu is a file of demandes and what it made, a page of it.
type ImportLu struct {
	store.Importation
	Demandes []store.DemandeDeFichier
	Suivant  int // line after which the next page starts, 0 on the last one
}

// InterieurImports are the doors of the files of demandes.
type InterieurImports interface {
	// ImporterFichier makes all the brouillons of a file, or none: api.FautesImport then
	// says every line.
	ImporterFichier(c *gin.Context, acte, nom string, octets []byte) error
	ImportLu(c *gin.Context, id string, apres, limite int) (ImportLu, error)
	EnvoyerImport(c *gin.Context, id, acte string, certifie bool) (api.EnvoiImport, error)
	ImportMax(c *gin.Context) (int, error)
}
