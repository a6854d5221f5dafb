package api

import (
	"guichet/store"
)

// CompterDirect has s say what it does for its streams: "lecture", "dessin", "droits".
func CompterDirect(s *Server, compter func(quoi string)) { s.direct.compter = compter }

// Regarder opens a dossier as u does, and returns what its page hears, and how to
// close it.
func Regarder(s *Server, u store.Utilisateur, dossier string) (<-chan Trame, func()) {
	f := &flux{compte: u.Compte, espace: u.Espace, qui: u, trames: make(chan Trame, attente), fini: make(chan struct{})}
	s.direct.entrer(f)
	if u.Role.Interne() {
		s.direct.regarder(f, dossier)
	}
	return f.trames, func() {
		s.direct.sortir(f)
		if u.Role.Interne() {
			s.direct.detourner(f)
		}
	}
}
