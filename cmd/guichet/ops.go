package main

// opsCmd are the commands of those who run the house, each in its file ops_NOUN.go.
type opsCmd struct {
	Bloques opsBloquesCmd `cmd:"" help:"Montrer ce qui est bloqué, par cause, puis cas par cas."`
	Cas     opsCasCmd     `cmd:"" help:"Dire tout d’un cas : ce qui échoue, pourquoi, ce qui est sans danger."`
	Rejouer opsRejouerCmd `cmd:"" help:"Rejouer à blanc l’histoire d’un dossier, ou d’une classe avant un déploiement."`
	Version opsVersionCmd `cmd:"" help:"Montrer les versions des workers, ou dire laquelle sert les procédures."`

	opsInterventions `embed:""`
}
