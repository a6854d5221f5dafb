package identite

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrScelle is returned for a sealed secret that does not open: another key,
// another account, or bytes that changed. It is an incident, not a user's mistake.
var ErrScelle = errors.New("opening a sealed secret: it does not belong to this account, or its key is gone")

// Coffre seals small secrets that rest in the database (the secret of a TOTP) with
// AES-256-GCM, so that a copy of the tables opens nothing. The account is bound to
// the sealed text: put on another row, it does not open. Keys have a name, so that
// a new one can be brought in while the older ones still open.
type Coffre struct {
	actif string
	cles  map[string]cipher.AEAD
}

// NewCoffre reads keys written « nom:base64,nom:base64 », 32 bytes each: the first
// seals, all of them open. Names are letters, digits and hyphens.
func NewCoffre(texte string) (*Coffre, error) {
	c := &Coffre{cles: map[string]cipher.AEAD{}}
	for i, entree := range strings.Split(texte, ",") {
		nom, cle, _ := strings.Cut(strings.TrimSpace(entree), ":")
		b, err := base64.StdEncoding.DecodeString(cle)
		if err != nil || len(b) != 32 || nom == "" || strings.ContainsFunc(nom, horsNom) || c.cles[nom] != nil {
			return nil, fmt.Errorf("reading key %d of the safe: want « nom:base64 » of 32 bytes, each name once", i+1)
		}
		bloc, err := aes.NewCipher(b)
		if err != nil {
			return nil, fmt.Errorf("reading key %s of the safe: %w", nom, err)
		}
		if c.cles[nom], err = cipher.NewGCM(bloc); err != nil {
			return nil, fmt.Errorf("reading key %s of the safe: %w", nom, err)
		}
		if i == 0 {
			c.actif = nom
		}
	}
	return c, nil
}

func horsNom(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
}

// Sceller returns the secret sealed for that account, as text: « v1.nom.base64 ».
// The same secret sealed twice gives two texts.
func (c *Coffre) Sceller(clair, compte string) string {
	g := c.cles[c.actif]
	nonce := make([]byte, g.NonceSize())
	rand.Read(nonce) // never fails
	entete := "v1." + c.actif + "."
	return entete + base64.RawURLEncoding.EncodeToString(g.Seal(nonce, nonce, []byte(clair), []byte(entete+compte)))
}

// Ouvrir returns the secret sealed for that account; ErrScelle when it does not
// open.
func (c *Coffre) Ouvrir(scelle, compte string) (string, error) {
	version, reste, _ := strings.Cut(scelle, ".")
	nom, corps, _ := strings.Cut(reste, ".")
	b, err := base64.RawURLEncoding.DecodeString(corps)
	g := c.cles[nom]
	if version != "v1" || err != nil || g == nil || len(b) < g.NonceSize() {
		return "", ErrScelle
	}
	clair, err := g.Open(nil, b[:g.NonceSize()], b[g.NonceSize():], []byte("v1."+nom+"."+compte))
	if err != nil {
		return "", ErrScelle
	}
	return string(clair), nil
}

// Ancien reports whether a sealed text was made with a key that no longer seals:
// open it and seal it again.
func (c *Coffre) Ancien(scelle string) bool { return !strings.HasPrefix(scelle, "v1."+c.actif+".") }
