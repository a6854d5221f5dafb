package web

import (
	"context"

	"guichet/api"
)

// PorteConnexion returns the doors of the login that s opens.
func PorteConnexion(s *api.Server) PortesConnexion { return porteConnexion{s} }

// Attend reports whether the home page says what an account waits for.
func Attend(m MonCompte) bool { return m.attente() != nil }

// AvecOccupant is the context of a page drawn for somebody.
func AvecOccupant(ctx context.Context, qui string) context.Context {
	return context.WithValue(ctx, cleOccupant{}, qui)
}

// SujetDit is sujetDit, for its test.
var SujetDit = sujetDit
