package api_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"guichet/api"
	"guichet/store"
)

// clef is a passkey held in memory, that answers as a browser does.
type clef struct {
	t           *testing.T
	prive       *ecdsa.PrivateKey
	id, poignee []byte
	origine     string
	compteur    uint32
}

func nouvelleClef(t *testing.T, origine string) *clef {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &clef{t: t, prive: k, id: id, origine: origine}
}

func (k *clef) client(genre, options string) []byte {
	var o struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		k.t.Fatal(err)
	}
	if o.User.ID != "" {
		k.poignee, _ = base64.RawURLEncoding.DecodeString(o.User.ID)
	}
	b, _ := json.Marshal(map[string]any{"type": genre, "challenge": o.Challenge, "origin": k.origine, "crossOrigin": false})
	return b
}

// donnees are the authenticator data: the site, who was there, and how often.
func (k *clef) donnees(drapeaux byte) []byte {
	h := sha256.Sum256([]byte("localhost"))
	return binary.BigEndian.AppendUint32(append(h[:], drapeaux), k.compteur)
}

func (k *clef) cbor(v any) []byte {
	b, err := webauthncbor.Marshal(v)
	if err != nil {
		k.t.Fatal(err)
	}
	return b
}

func (k *clef) reponse(r map[string]any) string {
	id := base64.RawURLEncoding.EncodeToString(k.id)
	b, _ := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": r, "clientExtensionResults": map[string]any{}})
	return string(b)
}

// creer answers as navigator.credentials.create does.
func (k *clef) creer(options string) string {
	client := k.client("webauthn.create", options)
	point, err := k.prive.PublicKey.Bytes()
	if err != nil {
		k.t.Fatal(err)
	}
	d := append(k.donnees(0x45), make([]byte, 16)...)
	d = append(binary.BigEndian.AppendUint16(d, uint16(len(k.id))), k.id...)
	d = append(d, k.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})...)
	objet := k.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d})
	return k.reponse(map[string]any{"clientDataJSON": base64.RawURLEncoding.EncodeToString(client), "attestationObject": base64.RawURLEncoding.EncodeToString(objet)})
}

// montrer answers as navigator.credentials.get does.
func (k *clef) montrer(options string) string {
	client := k.client("webauthn.get", options)
	k.compteur++
	d := k.donnees(0x05)
	h := sha256.Sum256(client)
	h = sha256.Sum256(append(append([]byte{}, d...), h[:]...))
	s, err := ecdsa.SignASN1(rand.Reader, k.prive, h[:])
	if err != nil {
		k.t.Fatal(err)
	}
	e := base64.RawURLEncoding.EncodeToString
	return k.reponse(map[string]any{"clientDataJSON": e(client), "authenticatorData": e(d), "signature": e(s), "userHandle": e(k.poignee)})
}

// localhost gives the counter a name of domain: passkeys want one.
func localhost(c *api.Config) { c.URL = strings.Replace(c.URL, "127.0.0.1", "localhost", 1) }

// TestPasskeys: a passkey is enrolled, serves as second factor and alone, each
// answer once; a copied key is refused, a removed one opens nothing.
func TestPasskeys(t *testing.T) {
	var origine string
	g := ouvrirAvec(t, true, facteurObligatoire, localhost, func(c *api.Config) { origine = c.URL })
	n, k := g.navigateur(), nouvelleClef(t, origine)
	n.connecter("gestionnaire")
	demander := func(n *navigateur, chemin string, corps any) api.PasskeyDemandee {
		var d api.PasskeyDemandee
		g.exiger(n.appeler("POST", chemin, corps), 200).lire(t, &d)
		return d
	}
	d := demander(n, "/api/facteurs/passkeys/depart", objet{})
	corps := objet{"jeton": d.Jeton, "reponse": k.creer(d.Options), "libelle": "Clé du bureau"}
	g.exiger(n.appeler("POST", "/api/facteurs/passkeys", corps), 200)
	g.exiger(n.appeler("POST", "/api/facteurs/passkeys", corps), 422) // the token has served
	g.exiger(n.appeler("GET", "/api/dossiers", nil), 200)

	second := g.navigateur()
	if s := second.connecter("gestionnaire"); s.Etape != api.EtapeSecondFacteur {
		t.Fatalf("got %+v", s)
	}
	d = demander(second, "/api/session/passkey/depart", nil)
	bonne := objet{"jeton": d.Jeton, "reponse": k.montrer(d.Options)}
	if s := second.session(second.appeler("POST", "/api/session/passkey", bonne)); s.Etape != api.EtapeOuverte {
		t.Errorf("got %+v", s)
	}

	seul := g.navigateur()
	d = demander(seul, "/api/passkeys/depart", nil)
	libre := objet{"jeton": d.Jeton, "reponse": k.montrer(d.Options)}
	if s := seul.session(seul.appeler("POST", "/api/passkeys/session", libre)); s.Etape != api.EtapeOuverte || s.Identifiant != "gestionnaire" {
		t.Errorf("got %+v", s)
	}
	g.exiger(g.navigateur().appeler("POST", "/api/passkeys/session", libre), 422)

	ailleurs := nouvelleClef(t, origine)
	ailleurs.poignee = k.poignee
	d = demander(g.navigateur(), "/api/passkeys/depart", nil)
	g.exiger(g.appeler("", "POST", "/api/passkeys/session", objet{"jeton": d.Jeton, "reponse": ailleurs.montrer(d.Options)}), 422)
	k.compteur = 0 // a copy that has not seen the last logins
	d = demander(g.navigateur(), "/api/passkeys/depart", nil)
	g.exiger(g.appeler("", "POST", "/api/passkeys/session", objet{"jeton": d.Jeton, "reponse": k.montrer(d.Options)}), 403)
	k.compteur = 10

	var f api.FacteursLus
	g.exiger(n.appeler("GET", "/api/facteurs", nil), 200).lire(t, &f)
	if len(f.Passkeys) != 1 || f.Passkeys[0].Libelle != "Clé du bureau" || f.Passkeys[0].UtiliseLe.IsZero() {
		t.Fatalf("got %+v", f)
	}
	retrait := "/api/facteurs/passkeys/" + f.Passkeys[0].Id + "/retrait"
	autre := g.navigateur()
	autre.connecter("e1")
	g.exiger(autre.appeler("POST", retrait, objet{"mot_de_passe": store.MotDePasseDemo}), 404)
	g.exiger(n.appeler("POST", retrait, objet{"mot_de_passe": store.MotDePasseDemo}), 409) // the last factor
	n.enrolerTotp(store.MotDePasseDemo)
	g.exiger(n.appeler("POST", retrait, objet{"mot_de_passe": store.MotDePasseDemo}), 204)
	d = demander(g.navigateur(), "/api/passkeys/depart", nil)
	g.exiger(g.appeler("", "POST", "/api/passkeys/session", objet{"jeton": d.Jeton, "reponse": k.montrer(d.Options)}), 422)
	g.exiger(seul.appeler("GET", "/api/session", nil), 401) // removing a factor cut the other sessions
}

// TestPasskeysSansDomaine: under an IP address there are none, and one says so.
func TestPasskeysSansDomaine(t *testing.T) {
	g := ouvrir(t)
	if p := g.exiger(g.appeler("", "POST", "/api/passkeys/depart", nil), 409).probleme(t); !strings.Contains(p.Detail, "nom de domaine") {
		t.Errorf("got %+v", p)
	}
}
