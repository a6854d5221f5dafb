package identite

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"image/png"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// A TOTP code changes every dureePas seconds; the one before and the one after are
// accepted, for a telephone whose clock is a little off (RFC 6238, 5.2).
const (
	dureePas   = 30
	ecartAdmis = 1
)

// coteQR is the side of the QR code, in pixels.
const coteQR = 240

// NouveauSecret draws the secret that a telephone and the house share: 160 bits in
// base 32, the form that people can type. It is shown once and kept sealed.
func NouveauSecret() string {
	b := make([]byte, 20)
	rand.Read(b) // never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// AdresseTOTP returns the otpauth address of a secret, which an application reads
// from its QR code. emetteur is the name of the OPCO, compte the identifiant.
func AdresseTOTP(emetteur, compte, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {emetteur}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + emetteur + ":" + compte,
		RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")} // applications read « + » as itself
	return u.String()
}

// QR draws an otpauth address as a PNG image. The page shows the secret in letters
// beside it, for who does not see it or has no second device.
func QR(adresse string) ([]byte, error) {
	k, err := otp.NewKeyFromURL(adresse)
	if err != nil {
		return nil, fmt.Errorf("reading an otpauth address: %w", err)
	}
	img, err := k.Image(coteQR, coteQR)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing a QR code: %w", err)
	}
	return b.Bytes(), nil
}

// VerifierTOTP reports whether code is one of now for that secret, and at which
// step. dernierPas is the step of the last code accepted for the account, 0 if
// none: that code and the older ones are refused, so that a code seen over a
// shoulder does not serve twice. The caller keeps pas before it opens the session,
// in a write that only moves it forward.
func VerifierTOTP(secret, code string, maintenant time.Time, dernierPas int64) (pas int64, ok bool) {
	code = strings.Map(sansEspace, code)
	courant := maintenant.Unix() / dureePas
	for p := courant - ecartAdmis; p <= courant+ecartAdmis; p++ {
		attendu, err := hotp.GenerateCode(secret, uint64(max(p, 0)))
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(attendu), []byte(code)) == 1 && p > dernierPas {
			pas, ok = p, true
		}
	}
	return pas, ok
}

// sansEspace drops the spaces and hyphens with which people copy a code.
func sansEspace(r rune) rune {
	if r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f' || r == '\t' {
		return -1
	}
	return r
}
