package api

import "guichet/opco"

// Regle is a row of the authorisation table, for the tests.
type Regle struct {
	Public bool
	Roles  []opco.Role
}

// Acces returns the authorisation table.
func Acces() map[string]Regle {
	m := map[string]Regle{}
	for k, r := range acces {
		m[k] = Regle{Public: r.Public, Roles: r.Roles}
	}
	return m
}
