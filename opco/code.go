package opco

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// alphabetCode is Crockford's base 32: no I, L, O nor U, so that a code is read
// aloud and typed again without doubt. 32 divides 256: each symbol is as likely.
const alphabetCode = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Symbols of a code that is typed (60 bits, 5 tries) and of a link (130 bits).
const (
	symbolesCode = 12
	symbolesLien = 26
)

// tirer makes n symbols from secret random bytes.
func tirer(alea func(int) []byte, n int) string {
	octets := alea(n)
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabetCode[octets[i]%32]
	}
	return string(b)
}

// nouveauCode makes what a person types: « XXXX-XXXX-XXXX ».
func nouveauCode(alea func(int) []byte) string {
	s := tirer(alea, symbolesCode)
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}

// NormaliserCode returns the form under which a code or a link token is compared:
// case, spaces and dashes do not matter, O is 0, I and L are 1.
func NormaliserCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'O' || r == 'o':
			return '0'
		case strings.ContainsRune("IiLl", r):
			return '1'
		case r == '-' || r == '‐' || r == '‑' || r == '–' || blanc(r):
			return -1
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// EmpreinteCode is all that is kept of a code or of a link token: the SHA-256 of
// its normal form, in hexadecimal.
func EmpreinteCode(s string) string {
	h := sha256.Sum256([]byte(NormaliserCode(s)))
	return hex.EncodeToString(h[:])
}

func memeEmpreinte(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
