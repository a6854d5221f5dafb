package loopback

import (
	"net"
	"net/http"
)

// Guard refuses what a page of another site could send to a server of the
// stack: a name that merely resolves to 127.0.0.1, and writes from another
// origin. Programs, which send neither header, pass.
func Guard(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Cette demande vient d'un autre site : elle est refusée.", http.StatusForbidden)
	}))
	guarded := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			name = r.Host
		}
		if name != Host && name != "localhost" {
			http.Error(w, "Cette adresse ne sert que 127.0.0.1.", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}
