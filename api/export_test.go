package api

import "maps"

// Acces returns the authorisation table.
func Acces() map[string]Regle { return maps.Clone(acces) }
