package web

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
)

const (
	// cookieEtape holds, in the browser alone, what was typed in a registration, from one
	// step to the next.
	cookieEtape  = "guichet-inscription-etape"
	etapeDuree   = 60 * 60  // in seconds: the time to find one's code adhérent
	cookieOctets = 3900     // browsers drop a cookie of more than 4,096 bytes
	etapeOctets  = 64 << 10 // of a cookie, once inflated
)

// allerEtape sends to a step with what was typed, so that reloading it sends nothing
// again. What no cookie can hold comes back as the answer itself.
func (w *Web) allerEtape(c *gin.Context, etape int, f Formulaire) {
	for _, n := range []string{champReponse, champJeton} { // asked anew by the next step
		f.Valeurs.Del(n)
	}
	garde, err := emballer(f.Valeurs)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if len(garde) > cookieOctets {
		w.montrerInscription(c, http.StatusOK, etape, f)
		return
	}
	w.poserEtape(c, garde, etapeDuree)
	suite(c, "/inscription?etape="+strconv.Itoa(etape))
}

// poserEtape keeps what was typed, or forgets it, for the pages of a registration only.
func (w *Web) poserEtape(c *gin.Context, valeur string, duree int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: cookieEtape, Value: valeur, Path: "/inscription", HttpOnly: true, Secure: w.Https, SameSite: http.SameSiteLaxMode, MaxAge: duree})
}

// etapeInscrite is the step that the address asks for, with what was typed before.
func etapeInscrite(c *gin.Context) (etape int, f Formulaire) {
	garde, err := c.Cookie(cookieEtape)
	etape, _ = strconv.Atoi(c.Query("etape"))
	if err != nil || etape != 1 && etape != 2 {
		return 1, Formulaire{Valeurs: inscriptionNeuve()}
	}
	v, err := deballer(garde)
	if err != nil {
		return 1, Formulaire{Valeurs: inscriptionNeuve()}
	}
	return etape, lireInscription(v)
}

// emballer writes the values of a form as a cookie holds them.
func emballer(v url.Values) (string, error) {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(z, v.Encode()); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b.Bytes()), nil
}

// deballer reads them back: a cookie comes from anybody, and is bounded.
func deballer(s string) (url.Values, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, err
	}
	lu, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), etapeOctets))
	if err != nil {
		return nil, err
	}
	return url.ParseQuery(string(lu))
}
