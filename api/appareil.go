package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// A known device is one on which an account was opened before: its failures are
// counted apart from those of the rest of the world, so that nobody who only knows
// an identifier can keep its owner out. The cookie opens nothing: it holds an id
// and, for each account opened there, a seal of the two.
const (
	temoinAppareil  = "guichet-appareil"
	comptesAppareil = 8                  // accounts remembered on one device
	dureeAppareil   = 365 * 24 * 60 * 60 // seconds
	longueurSceau   = 16                 // bytes
)

// appareilConnu names the device of the request when compte was opened on it
// before; "" otherwise, and for an unknown account.
func (s *Server) appareilConnu(c *gin.Context, compte string) string {
	id, sceaux := s.lireAppareil(c)
	if id == "" || compte == "" || !slices.Contains(sceaux, s.sceau(id, compte)) {
		return ""
	}
	return compte + ":" + id
}

// reconnaitreAppareil remembers that compte was opened on the device of the
// request.
func (s *Server) reconnaitreAppareil(ctx context.Context, compte string) {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return
	}
	id, sceaux := s.lireAppareil(c)
	if id == "" {
		id = rand.Text()
	}
	sceau := s.sceau(id, compte)
	sceaux = append(slices.DeleteFunc(sceaux, func(x string) bool { return x == sceau }), sceau)
	sceaux = sceaux[max(0, len(sceaux)-comptesAppareil):]
	http.SetCookie(c.Writer, &http.Cookie{Name: nomTemoin(temoinAppareil, s.Https), Value: id + "." + strings.Join(sceaux, "."), Path: "/",
		HttpOnly: true, Secure: s.Https, SameSite: http.SameSiteLaxMode, MaxAge: dureeAppareil})
}

// lireAppareil reads the cookie of the device: its id and its seals.
func (s *Server) lireAppareil(c *gin.Context) (id string, sceaux []string) {
	v, err := c.Cookie(nomTemoin(temoinAppareil, s.Https))
	if err != nil || len(v) > 1000 {
		return "", nil
	}
	parties := strings.Split(v, ".")
	if len(parties[0]) < 16 || len(parties[0]) > 64 || len(parties) > comptesAppareil+1 {
		return "", nil
	}
	return parties[0], parties[1:]
}

func (s *Server) sceau(id, compte string) string {
	m := hmac.New(sha256.New, s.cleAppareil)
	m.Write([]byte(id + "\x00" + compte))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:longueurSceau])
}
