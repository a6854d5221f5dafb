package identite_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"guichet/identite"
)

// navigateur finds Chromium: $CHROME, or one of its names.
func navigateur(t *testing.T) string {
	t.Helper()
	for _, nom := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome"} {
		if chemin, err := exec.LookPath(nom); nom != "" && err == nil {
			return chemin
		}
	}
	t.Skip("no Chromium: passkeys are tested with a key in memory only")
	return ""
}

// ceremonies is the script of a page: it registers a key, then shows it twice, with
// the options as they come.
const ceremonies = `(async () => {
	const poster = async (chemin, c) => await (await fetch(chemin, {method: 'POST', body: c ? JSON.stringify(c) : ''})).text();
	const creer = async o => navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(o))});
	const montrer = async o => navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(o))});
	const dits = [];
	dits.push(await poster('/enregistrer/fin', await creer(await poster('/enregistrer'))));
	dits.push(await poster('/connecter/fin', await montrer(await poster('/connecter'))));
	dits.push(await poster('/libre/fin', await montrer(await poster('/libre'))));
	try { await creer(await poster('/enregistrer')); dits.push('two keys'); } catch (e) { dits.push(e.name); }
	return dits.join(' ');
})()`

// A real browser understands the options, and the house its answers.
func TestPasskeysInChromium(t *testing.T) {
	chemin := navigateur(t)
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	defer s.Close()
	origine := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	k, err := identite.NewPasskeys(origine, "OPCO Démo")
	if err != nil {
		t.Fatal(err)
	}
	servirCeremonies(mux, k)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chemin), chromedp.NoSandbox)
	ctx, fin := chromedp.NewExecAllocator(t.Context(), options...)
	defer fin()
	ctx, fin = chromedp.NewContext(ctx)
	defer fin()
	ctx, fin = context.WithTimeout(ctx, 60*time.Second)
	defer fin()
	err = chromedp.Do(ctx, chromedp.Navigate(origine), chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tg, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tg, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{Protocol: "ctap2", Transport: "internal", HasResidentKey: true,
				HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](ceremonies, chromedp.EvalAwaitPromise))
	if want := "enregistrée connectée reconnue InvalidStateError"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// servirCeremonies is a counter of one person, who has one key at most.
func servirCeremonies(mux *http.ServeMux, k *identite.Passkeys) {
	qui := identite.Titulaire{Poignee: identite.NouvellePoignee(), Identifiant: "camille", Nom: "Camille Roy"}
	var session []byte
	debut := func(chemin string, f func() ([]byte, []byte, error)) {
		mux.HandleFunc(chemin, func(w http.ResponseWriter, _ *http.Request) {
			o, s, err := f()
			if err != nil {
				http.Error(w, err.Error(), http.StatusConflict)
				return
			}
			session = s
			_, _ = w.Write(o)
		})
	}
	final := func(chemin, dit string, f func(reponse []byte) (identite.Passkey, error)) {
		mux.HandleFunc(chemin, func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			p, err := f(b)
			if err != nil {
				dit = fmt.Sprint(err)
			}
			qui.Passkeys = []identite.Passkey{p}
			_, _ = io.WriteString(w, dit)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><html lang=fr><title>Clés d’accès</title>")
	})
	debut("/enregistrer", func() ([]byte, []byte, error) { return k.DebuterEnregistrement(qui) })
	debut("/connecter", func() ([]byte, []byte, error) { return k.DebuterConnexion(qui) })
	debut("/libre", k.DebuterConnexionLibre)
	final("/enregistrer/fin", "enregistrée", func(r []byte) (identite.Passkey, error) { return k.FinirEnregistrement(qui, session, r) })
	final("/connecter/fin", "connectée", func(r []byte) (identite.Passkey, error) { return k.FinirConnexion(qui, session, r) })
	final("/libre/fin", "reconnue", func(r []byte) (identite.Passkey, error) {
		_, p, err := k.FinirConnexionLibre(session, r, func([]byte) (identite.Titulaire, error) { return qui, nil })
		return p, err
	})
}
