package identite_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"guichet/identite"
	"guichet/opco"
)

func passkeys(t *testing.T) *identite.Passkeys {
	t.Helper()
	k, err := identite.NewPasskeys("https://guichet.test/", "OPCO Démo")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// inscrit is a person with one key, and that key.
func inscrit(t *testing.T, k *identite.Passkeys) (identite.Titulaire, *authentificateur) {
	t.Helper()
	a := nouvelAuthentificateur(t)
	qui := identite.Titulaire{Poignee: identite.NouvellePoignee(), Identifiant: "camille.roy@exemple.test", Nom: "Camille Roy"}
	options, session, err := k.DebuterEnregistrement(qui)
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.FinirEnregistrement(qui, session, a.enregistrer(options))
	if err != nil {
		t.Fatal(err)
	}
	qui.Passkeys = []identite.Passkey{p}
	return qui, a
}

func TestPasskeys(t *testing.T) {
	k := passkeys(t)
	qui, a := inscrit(t, k)
	if len(qui.Poignee) != 64 || bytes.Equal(qui.Poignee, identite.NouvellePoignee()) || !bytes.Equal(a.poignee, qui.Poignee) {
		t.Error("the handle is not 64 random bytes, or is not what the key holds")
	}
	if qui.Passkeys[0].ID != b64(a.id) {
		t.Errorf("got id %q", qui.Passkeys[0].ID)
	}
	b, err := json.Marshal(qui.Passkeys) // what is kept comes back the same
	if err != nil || json.Unmarshal(b, &qui.Passkeys) != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		options, session, err := k.DebuterConnexion(qui)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(options), `"userVerification":"required"`) || !strings.Contains(string(options), b64(a.id)) {
			t.Errorf("options %s", options)
		}
		p, err := k.FinirConnexion(qui, session, a.connecter(options))
		if err != nil {
			t.Fatalf("login %d: %v", n, err)
		}
		if string(p.Credential) == string(qui.Passkeys[0].Credential) || p.ID != qui.Passkeys[0].ID {
			t.Error("the counter is not kept")
		}
		qui.Passkeys[0] = p
	}
	options, _, err := k.DebuterEnregistrement(qui)
	if err != nil || !strings.Contains(string(options), `"excludeCredentials":[{"type":"public-key","id":"`+b64(a.id)) {
		t.Errorf("the key that exists is offered again: %s, %v", options, err)
	}
	if strings.Contains(string(options), b64([]byte(qui.Identifiant))) {
		t.Error("the handle is personal")
	}
}

// Each lie that a key, a browser or a page may tell at login.
func TestPasskeysRefuse(t *testing.T) {
	k := passkeys(t)
	tests := []struct {
		name   string
		mentir func(a *authentificateur, qui *identite.Titulaire)
		kind   opco.Kind
		phrase string
	}{
		{"another site", func(a *authentificateur, _ *identite.Titulaire) { a.origine = "https://guichet-test.example" }, opco.Invalid, "pas été reconnue"},
		{"plain http", func(a *authentificateur, _ *identite.Titulaire) { a.origine = "http://guichet.test" }, opco.Invalid, "pas été reconnue"},
		{"made for another site", func(a *authentificateur, _ *identite.Titulaire) { a.site = "exemple.test" }, opco.Invalid, "pas été reconnue"},
		{"nobody verified", func(a *authentificateur, _ *identite.Titulaire) { a.drapeaux = drapeauPresence }, opco.Invalid, "pas été reconnue"},
		{"nobody there", func(a *authentificateur, _ *identite.Titulaire) { a.drapeaux = drapeauVerifie }, opco.Invalid, "pas été reconnue"},
		{"an older challenge", func(a *authentificateur, _ *identite.Titulaire) { a.defi = b64(make([]byte, 32)) }, opco.Invalid, "pas été reconnue"},
		{"another key", func(a *authentificateur, _ *identite.Titulaire) { a.cle = nouvelAuthentificateur(a.t).cle }, opco.Invalid, "pas été reconnue"},
		{"an unknown key", func(a *authentificateur, _ *identite.Titulaire) { a.id = []byte("inconnue, de plus de seize octets") }, opco.Invalid, "pas été reconnue"},
		{"the handle of another", func(a *authentificateur, _ *identite.Titulaire) { a.poignee = identite.NouvellePoignee() }, opco.Invalid, "pas été reconnue"},
		{"a copied key", func(a *authentificateur, _ *identite.Titulaire) { a.compteur -= 2 }, opco.Forbidden, "copiée"},
		{"the same counter", func(a *authentificateur, _ *identite.Titulaire) { a.compteur-- }, opco.Forbidden, "copiée"},
		{"the key removed meanwhile", func(_ *authentificateur, qui *identite.Titulaire) { qui.Passkeys = nil }, opco.Invalid, "pas été reconnue"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			qui, a := inscrit(t, k)
			for range 2 { // a counter of 3, from which to go back
				options, session, _ := k.DebuterConnexion(qui)
				p, err := k.FinirConnexion(qui, session, a.connecter(options))
				if err != nil {
					t.Fatal(err)
				}
				qui.Passkeys[0] = p
			}
			options, session, err := k.DebuterConnexion(qui)
			if err != nil {
				t.Fatal(err)
			}
			tt.mentir(a, &qui)
			p, err := k.FinirConnexion(qui, session, a.connecter(options))
			var o *opco.Error
			if !errors.As(err, &o) || o.Kind != tt.kind || !strings.Contains(o.Message, tt.phrase) || p.ID != "" {
				t.Errorf("got %v, %v; want %s « %s »", p, err, tt.kind, tt.phrase)
			}
		})
	}
}

func TestPasskeysLibres(t *testing.T) {
	k := passkeys(t)
	qui, a := inscrit(t, k)
	panne := errors.New("the database is away")
	tests := []struct {
		name     string
		chercher func([]byte) (identite.Titulaire, error)
		want     error // nil: found
	}{
		{"found by the handle", func(p []byte) (identite.Titulaire, error) {
			if !bytes.Equal(p, qui.Poignee) {
				return identite.Titulaire{}, opco.Errorf(opco.NotFound, "Inconnu.")
			}
			return qui, nil
		}, nil},
		{"a handle of nobody", func([]byte) (identite.Titulaire, error) {
			return identite.Titulaire{}, opco.Errorf(opco.NotFound, "Inconnu.")
		}, opco.Invalid},
		{"a failure is no refusal", func([]byte) (identite.Titulaire, error) { return identite.Titulaire{}, panne }, panne},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			options, session, err := k.DebuterConnexionLibre()
			if err != nil {
				t.Fatal(err)
			}
			trouve, p, err := k.FinirConnexionLibre(session, a.connecter(options), tt.chercher)
			if tt.want != nil {
				if !errors.Is(err, tt.want) || p.ID != "" {
					t.Errorf("got %v, %v", p, err)
				}
				return
			}
			if err != nil || trouve.Identifiant != qui.Identifiant || p.ID != b64(a.id) {
				t.Errorf("got %v, %v, %v", trouve, p, err)
			}
			qui.Passkeys[0] = p
		})
	}
}

func TestPasskeysRefuseAtRegistration(t *testing.T) {
	k := passkeys(t)
	qui := identite.Titulaire{Poignee: identite.NouvellePoignee(), Identifiant: "x", Nom: "X"}
	for name, mentir := range map[string]func(a *authentificateur, session *[]byte, reponse *[]byte){
		"another site":   func(a *authentificateur, _, _ *[]byte) { a.origine = "https://exemple.test" },
		"nobody checked": func(a *authentificateur, _, _ *[]byte) { a.drapeaux = drapeauPresence },
		"no session":     func(_ *authentificateur, s, _ *[]byte) { *s = nil },
		"empty session":  func(_ *authentificateur, s, _ *[]byte) { *s = []byte(`{}`) },
		"not JSON":       func(_ *authentificateur, _, r *[]byte) { *r = []byte("<html>") },
		"six minutes later": func(_ *authentificateur, s, _ *[]byte) {
			var m map[string]any
			_ = json.Unmarshal(*s, &m)
			le, _ := time.Parse(time.RFC3339Nano, m["expires"].(string))
			if d := time.Until(le); d > 5*time.Minute || d < 4*time.Minute {
				t.Errorf("a ceremony lasts %v, want five minutes", d)
			}
			m["expires"] = le.Add(-6 * time.Minute)
			*s, _ = json.Marshal(m)
		},
		"for another account": func(_ *authentificateur, s, _ *[]byte) {
			_, *s, _ = k.DebuterEnregistrement(identite.Titulaire{Poignee: identite.NouvellePoignee(), Identifiant: "y", Nom: "Y"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := nouvelAuthentificateur(t)
			options, session, err := k.DebuterEnregistrement(qui)
			if err != nil {
				t.Fatal(err)
			}
			var reponse []byte
			mentir(a, &session, &reponse)
			if reponse == nil {
				reponse = a.enregistrer(options)
			}
			p, err := k.FinirEnregistrement(qui, session, reponse)
			if !errors.Is(err, opco.Invalid) || p.ID != "" {
				t.Errorf("got %v, %v; want Invalid", p, err)
			}
		})
	}
	if _, _, err := k.DebuterConnexion(qui); !errors.Is(err, opco.Conflict) {
		t.Errorf("login without a key: got %v, want Conflict", err)
	}
}

func TestNewPasskeys(t *testing.T) {
	for adresse, want := range map[string]bool{
		"https://guichet.test": true, "https://guichet.test:8443/x": true, "http://localhost:8080": true,
		"http://guichet.test": false, "https://192.0.2.1": false, "http://127.0.0.1:8080": false, "https://[::1]": false, "": false, "guichet.test": false,
	} {
		if _, err := identite.NewPasskeys(adresse, "OPCO"); (err == nil) != want {
			t.Errorf("%q: got %v", adresse, err)
		}
	}
}
