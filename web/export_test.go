package web

import "guichet/api"

// PorteConnexion returns the doors of the login that s opens.
func PorteConnexion(s *api.Server) PortesConnexion { return porteConnexion{s} }
