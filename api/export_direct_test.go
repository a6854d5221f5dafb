package api

import (
	"context"

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

// Ouvrir opens a stream of u on as, and returns what it hears. Nothing that u reads is
// checked: what the turns of direct do is what is looked at.
func Ouvrir(s *Server, u store.Utilisateur, as ...Abonnement) (<-chan Trame, func()) {
	f := &flux{abonnements: as, compte: u.Compte, espace: u.Espace, qui: u, trames: make(chan Trame, attente), fini: make(chan struct{})}
	s.direct.entrer(f)
	return f.trames, func() { s.direct.sortir(f) }
}

// OuvrirJusqua is Ouvrir by an API key of u, which keeps the stream open, with what is
// closed when the stream closes by itself.
func OuvrirJusqua(s *Server, u store.Utilisateur, cle string, as ...Abonnement) (<-chan Trame, <-chan struct{}) {
	f := &flux{abonnements: as, compte: u.Compte, espace: u.Espace, cle: store.EmpreinteCle(cle), qui: u, trames: make(chan Trame, attente), fini: make(chan struct{})}
	s.direct.entrer(f)
	return f.trames, f.fini
}

// Pauses returns how many audiences s holds back or keeps for later.
func Pauses(s *Server) int {
	s.direct.mu.Lock()
	defer s.direct.mu.Unlock()
	return len(s.direct.pauses.jusque) + len(s.direct.pauses.attend)
}

// Comme is the context of a request that u makes.
func Comme(ctx context.Context, u store.Utilisateur) context.Context {
	return context.WithValue(ctx, cleQui{}, presence{Utilisateur: u, Etape: EtapeOuverte})
}
