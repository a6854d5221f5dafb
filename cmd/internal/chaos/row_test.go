package chaos

import (
	"testing"

	"guichet/opco"
)

// corruptRow is a row that the lists read and a counter, changed behind the back of the product.
func corruptRow() fault {
	var f *traffic
	return fault{name: "ligne et compteur changés en base",
		inject: func(k *stack) {
			f = k.brought(3, 3, 1)
			k.sql(`UPDATE dossier SET etat = 'REGLEE', demande = demande + 12345, accorde = accorde + 12345 WHERE id = $1`, f.opened()[0])
			k.sql(`INSERT INTO dossier_compte (portee, code, n) VALUES ('*', 'TRANSMISE', 40)`)
		},
		nature: opco.IncidentDivergence, titre: "Le journal et ce qui se lit ne concordent pas", conseil: "Reconstruisez un dossier ou un compteur", objets: 1,
		heal:  func(k *stack, g group) string { return k.intervene(opco.VerbeReconstruire, g.Code) },
		after: func(*stack) { f.goesOn() }}
}

// What is read of a dossier is written again from its content, held to the journal.
func TestLigneCorrompue(t *testing.T) { openStack(t, true).contract(corruptRow()) }

// Three faults at the same time are three lines, each healed by its own action.
func TestPannesEnsemble(t *testing.T) {
	openStack(t, false).contract(terminated(), poison(), corruptRow())
}
