package identite_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// The flags of an authenticator (WebAuthn, 6.1).
const (
	drapeauPresence   = 0x01
	drapeauVerifie    = 0x04
	drapeauAtteste    = 0x40
	drapeauxOrdinaire = drapeauPresence | drapeauVerifie
)

// authentificateur is a key held in memory, that a test can make lie.
type authentificateur struct {
	t        *testing.T
	cle      *ecdsa.PrivateKey
	id       []byte
	poignee  []byte
	origine  string
	site     string
	drapeaux byte
	compteur uint32
	defi     string // instead of the one asked
}

func nouvelAuthentificateur(t *testing.T) *authentificateur {
	t.Helper()
	cle, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &authentificateur{t: t, cle: cle, id: id, origine: "https://guichet.test", site: "guichet.test", drapeaux: drapeauxOrdinaire, compteur: 1}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authentificateur) cbor(v any) []byte {
	b, err := webauthncbor.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *authentificateur) client(genre string, options []byte) []byte {
	var o struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	if o.User.ID != "" {
		a.poignee, _ = base64.RawURLEncoding.DecodeString(o.User.ID)
	}
	if a.defi != "" {
		o.Challenge = a.defi
	}
	b, _ := json.Marshal(map[string]any{"type": genre, "challenge": o.Challenge, "origin": a.origine, "crossOrigin": false})
	return b
}

func (a *authentificateur) donnees(drapeaux byte) []byte {
	h := sha256.Sum256([]byte(a.site))
	return binary.BigEndian.AppendUint32(append(h[:], drapeaux), a.compteur)
}

// enregistrer answers as navigator.credentials.create does.
func (a *authentificateur) enregistrer(options []byte) []byte {
	client := a.client("webauthn.create", options)
	point, err := a.cle.PublicKey.Bytes() // 4, x, y
	if err != nil {
		a.t.Fatal(err)
	}
	d := append(a.donnees(a.drapeaux|drapeauAtteste), make([]byte, 16)...)
	d = binary.BigEndian.AppendUint16(d, uint16(len(a.id)))
	d = append(append(d, a.id...), a.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})...)
	objet := a.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d})
	return a.reponse(map[string]any{"clientDataJSON": b64(client), "attestationObject": b64(objet), "transports": []string{"internal"}})
}

// connecter answers as navigator.credentials.get does.
func (a *authentificateur) connecter(options []byte) []byte {
	client := a.client("webauthn.get", options)
	a.compteur++
	d := a.donnees(a.drapeaux)
	h := sha256.Sum256(client)
	h = sha256.Sum256(append(append([]byte{}, d...), h[:]...))
	s, err := ecdsa.SignASN1(rand.Reader, a.cle, h[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.reponse(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(d), "signature": b64(s), "userHandle": b64(a.poignee)})
}

func (a *authentificateur) reponse(r map[string]any) []byte {
	b, _ := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": r, "clientExtensionResults": map[string]any{}})
	return b
}
