package courrier

import (
	"maps"
	"slices"
)

// Noms lists the names of the events that Lire knows, for the tests.
func Noms() []string { return slices.Sorted(maps.Keys(modeles)) }
