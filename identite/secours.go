package identite

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
)

// NombreSecours is how many recovery codes a person is given at once.
const NombreSecours = 10

// alphabetSecours leaves out I, L, O and U, which are misread (Crockford).
var alphabetSecours = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// lisibleSecours reads the letters that a person writes for the digits.
var lisibleSecours = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// NouveauxSecours draws recovery codes of 80 bits, « ABCD-EFGH-JKMN-PQRS ». codes
// are shown once; empreintes, in the same order, are what is kept. New codes
// replace all the former ones.
func NouveauxSecours() (codes, empreintes []string) {
	for range NombreSecours {
		b := make([]byte, 10)
		rand.Read(b) // never fails
		c := alphabetSecours.EncodeToString(b)
		code := c[:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:]
		e, _ := EmpreinteSecours(code)
		codes, empreintes = append(codes, code), append(empreintes, e)
	}
	return codes, empreintes
}

// EmpreinteSecours returns the SHA-256 of a recovery code however it is typed, in
// hexadecimal; false when it has not the form of one. A code holds 80 random bits:
// no slow hash is needed. The caller deletes the row of that hash, and the code is
// right if one row was deleted: it serves once, two requests at once included.
func EmpreinteSecours(code string) (string, bool) {
	c := lisibleSecours.Replace(strings.ToUpper(strings.Map(sansEspace, code)))
	if b, err := alphabetSecours.DecodeString(c); err != nil || len(b) != 10 || len(c) != 16 {
		return "", false
	}
	h := sha256.Sum256([]byte(c))
	return hex.EncodeToString(h[:]), true
}

// ConsommerSecours returns the hashes left after code has served, and whether it
// was among them, for a caller that keeps them together under a lock.
func ConsommerSecours(empreintes []string, code string) (restantes []string, ok bool) {
	e, lisible := EmpreinteSecours(code)
	i := slices.Index(empreintes, e)
	if !lisible || i < 0 {
		return empreintes, false
	}
	return slices.Delete(slices.Clone(empreintes), i, i+1), true
}
