package api

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

const agentMax = 300

// sansFin is shown as the end of a key that has none.
var sansFin = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// prefixeCle begins the public id of a key, beside those of the sessions.
const prefixeCle = "cle-"

// ListerSessions answers GET /api/sessions: the sessions, then the API keys.
func (s *Server) ListerSessions(ctx context.Context, _ ListerSessionsRequestObject) (ListerSessionsResponseObject, error) {
	p := presenceDe(ctx)
	ls, err := s.Store.SessionsDe(ctx, p.Compte)
	if err != nil {
		return nil, err
	}
	r := SessionsLues{Sessions: []SessionLue{}}
	for _, l := range ls {
		r.Sessions = append(r.Sessions, SessionLue{Id: l.ID, OuverteLe: l.OuverteLe.UTC(), VueLe: l.VueLe.UTC(), ExpireLe: l.Expire.UTC(),
			Appareil: appareilLu(l.Agent), Reseau: l.Adresse, Courante: l.ID == p.Session})
	}
	ks, err := s.Store.ClesDe(ctx, p.Identifiant)
	if err != nil {
		return nil, err
	}
	for _, k := range ks {
		l := SessionLue{Id: k.ID, OuverteLe: k.CreeLe.UTC(), VueLe: k.VueLe.UTC(), ExpireLe: sansFin, Appareil: "Clé d’API « " + k.Libelle + " »"}
		if k.ExpireLe != nil {
			l.ExpireLe = k.ExpireLe.UTC()
		}
		r.Sessions = append(r.Sessions, l)
	}
	return ListerSessions200JSONResponse(r), nil
}

// FermerUneSession answers DELETE /api/sessions/{id}: one's own, the present one
// included, or a key of the account.
func (s *Server) FermerUneSession(ctx context.Context, r FermerUneSessionRequestObject) (FermerUneSessionResponseObject, error) {
	if strings.HasPrefix(r.Id, prefixeCle) {
		return FermerUneSession204Response{}, s.Store.FermerCle(ctx, qui(ctx).Identifiant, r.Id)
	}
	return FermerUneSession204Response{}, s.Store.FermerSession(ctx, qui(ctx).Compte, r.Id)
}

// FermerAutresSessions answers DELETE /api/sessions.
func (s *Server) FermerAutresSessions(ctx context.Context, _ FermerAutresSessionsRequestObject) (FermerAutresSessionsResponseObject, error) {
	p := presenceDe(ctx)
	n, err := s.Store.FermerAutresSessions(ctx, p.Compte, p.Session)
	return FermerAutresSessions200JSONResponse{Fermees: n}, err
}

// agentDe is what the browser says it is, cut short and readable.
func agentDe(c *gin.Context) string {
	a := strings.ToValidUTF8(c.Request.UserAgent(), "")
	a = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, a)
	for len(a) > agentMax {
		_, n := utf8.DecodeLastRuneInString(a)
		a = a[:len(a)-n]
	}
	return a
}

// reseauDe keeps of an address what names its network, /24 or /64: enough for its
// owner to recognise it, and to count the failures of one place.
func reseauDe(adresse string) string {
	ip, err := netip.ParseAddr(adresse)
	if err != nil {
		return ""
	}
	ip = ip.Unmap()
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	p, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// reseauLarge is the network of 48 bits of an IPv6 address, "" for another: who has
// one has 65,536 of those that reseauDe names.
func reseauLarge(adresse string) string {
	ip, err := netip.ParseAddr(adresse)
	if err != nil || ip.Unmap().Is4() {
		return ""
	}
	p, err := ip.WithZone("").Prefix(48)
	if err != nil {
		return ""
	}
	return p.String()
}

// navigateurs and systemes give the words of people, the more precise first: a
// browser names those that it imitates.
var (
	navigateurs = [][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}}
	systemes    = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}}
)

// appareilLu says a browser and a system in words: « Firefox sur Windows ».
func appareilLu(agent string) string {
	mot := func(noms [][2]string) string {
		for _, n := range noms {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	navigateur, systeme := mot(navigateurs), mot(systemes)
	switch {
	case navigateur == "" && systeme == "":
		return "Un programme, ou un navigateur inconnu"
	case systeme == "":
		return navigateur
	case navigateur == "":
		return "Un navigateur sur " + systeme
	}
	return navigateur + " sur " + systeme
}
