package api

import "maps"

// Acces returns the authorisation table.
func Acces() map[string]Regle { return maps.Clone(acces) }

// Servis returns the services that a route uses.
var Servis = servis
