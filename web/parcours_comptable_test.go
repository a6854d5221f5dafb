package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guichet/api"
	"guichet/banque"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/web"
)

// Pages of payments that show nobody's data: figures of lots, of the bank and of
// envelopes.
func init() {
	sansDonnees = append(sansDonnees, "/comptabilite/lots", "/comptabilite/retours", "/comptabilite/retours/{retour}", "/comptabilite/quarantaine",
		"/comptabilite/enveloppes", "/comptabilite/enveloppes/dossiers")
}

// visiterBanque is visiter with dossiers that wait for their payment, and a counter
// that reads the files of the bank.
func visiterBanque(t *testing.T) *visiteur {
	t.Helper()
	s := storetest.Ouvrir(t)
	ctx := t.Context()
	if err := s.RegleHorloge(ctx, time.Date(2026, 6, 11, 8, 0, 0, 0, time.UTC), true); err != nil {
		t.Fatal(err)
	}
	if err := s.ChargerDemo(ctx); err != nil {
		t.Fatal(err)
	}
	f, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Semer(ctx, store.Semis{Dossiers: 150, Graine: 1, Fichiers: f, Ordre: banque.Fichier,
		Document: func(titre string) ([]byte, error) { return []byte("%PDF-1.4 " + titre), nil },
		Repondre: func(p []byte, rejets map[string]string, q time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(p, q)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }})
	if err != nil {
		t.Fatal(err)
	}
	serveur, err := api.New(api.Config{Store: s, Fichiers: f, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true,
		Examiner: func(context.Context, io.Reader, string) error { return nil }, LireRetour: banque.Lire, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Config{API: serveur})
	if err != nil {
		t.Fatal(err)
	}
	h, err := serveur.Handler(pages)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	pot, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visiteur{t: t, store: s, site: srv.URL, client: &http.Client{Jar: pot, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// caisse is a tab in front of the desk, used by mouse or by keyboard alone.
type caisse struct {
	t       *testing.T
	ctx     context.Context
	v       *visiteur
	clavier bool
}

func (k caisse) faire(actions ...chromedp.Action[chromedp.Void]) {
	k.t.Helper()
	if err := chromedp.Do(k.ctx, actions...); err != nil {
		k.t.Fatal(err)
	}
}

// presser uses a button: its key when it has one, else the focus and Enter; or a
// click.
func (k caisse) presser(sel, touche string) {
	k.t.Helper()
	k.faire(chromedp.WaitVisible(sel))
	switch {
	case !k.clavier:
		k.faire(chromedp.Click(sel))
	case touche != "":
		k.faire(chromedp.KeyEvent(touche))
	default:
		k.faire(chromedp.Focus(sel), chromedp.KeyEvent(kb.Enter))
	}
}

func (k caisse) voir(js, veut string) {
	k.t.Helper()
	attendre(k.t, k.ctx, js, veut)
}

// entrer logs in, out of whatever session was open.
func (k caisse) entrer(qui, page string) {
	k.t.Helper()
	if sortie, err := chromedp.Run(k.ctx, chromedp.Evaluate[bool](`document.querySelector(".sortie")!==null`)); err == nil && sortie {
		k.presser(`.sortie`, "")
		k.faire(chromedp.WaitVisible(`#champ-identifiant`))
	}
	k.faire(connecter(k.v.site, qui, motDemo, chromedp.WaitVisible(`.coquille`), chromedp.Navigate(k.v.site+page), chromedp.WaitVisible(`#contenu`))...)
}

// payer prepares a lot of all that is due within two months, has its creator
// refused, has another comptable validate it, and returns its id.
func (k caisse) payer() string {
	k.t.Helper()
	k.entrer("comptable", "/comptabilite")
	k.presser(`a[href="/comptabilite/lots/nouveau"].principal`, "N")
	k.faire(chromedp.WaitVisible(`#champ-echeance_au`), chromedp.SetValue(`#champ-echeance_au`, "2026-08-15"))
	k.presser(`button[value=apercu]`, "")
	k.voir(`document.querySelector("#champ-echeance_au")?.value+" "+(document.querySelectorAll(".table tbody .groupe").length>0)`, "2026-08-15 true")
	somme, err := chromedp.Run(k.ctx, chromedp.Evaluate[string](`document.querySelector(".decision b").textContent`))
	if err != nil {
		k.t.Fatal(err)
	}
	k.presser(`button[value=construire]`, "A")
	k.voir(`/^\/comptabilite\/lots\/L26-\d+$/.test(location.pathname)`, "true")
	k.voir(`document.querySelector(".decision b").textContent`, somme)
	k.voir(`document.querySelector(".decision").textContent.includes("Vous avez préparé ou modifié ce lot")+" "+(document.querySelector("a[data-ouvre][href$=validation]")===null)`, "true true")
	adresse, err := chromedp.Run(k.ctx, chromedp.Evaluate[string](`location.pathname`))
	if err != nil {
		k.t.Fatal(err)
	}
	k.entrer("comptable2", "/comptabilite")
	k.presser(`a.titre[href="`+adresse+`"]`, "")
	k.presser(`.decision a[data-ouvre][href$=validation]`, "V")
	k.voir(`document.querySelector("#validation").open`, "true")
	k.presser(`#validation .principal`, "")
	k.voir(`document.querySelector(".entete .etat")?.textContent.trim()`, "Validé, départ en cours")
	return strings.TrimPrefix(adresse, "/comptabilite/lots/")
}

// remettre brings the file of a lot to the bank, as the procedure does.
func (k caisse) remettre(id string) []byte {
	k.t.Helper()
	ctx, s := k.t.Context(), k.v.store
	l, err := s.Lot(ctx, id)
	if err != nil {
		k.t.Fatal(err)
	}
	b, err := banque.Fichier(l)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := s.ArchiverFichier(ctx, id, b); err != nil {
		k.t.Fatal(err)
	}
	for _, x := range []struct {
		t    opco.TypeActe
		code string
	}{{opco.ActeEmettreLot, "emission"}, {opco.ActeTransmettreLot, "transmission"}} {
		d, err := s.Depart(ctx, opco.ObjetLot(id))
		if err != nil {
			k.t.Fatal(err)
		}
		le, err := s.Maintenant(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		if _, err := s.Record(ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &opco.Echeance{Type: x.t, Code: x.code, Le: le, Effet: opco.JourDe(le)}}); err != nil {
			k.t.Fatal(err)
		}
	}
	return b
}

// importer chooses a file of the bank and sends it.
func (k caisse) importer(nom string, octets []byte) {
	k.t.Helper()
	chemin := filepath.Join(k.t.TempDir(), nom)
	if err := os.WriteFile(chemin, octets, 0o600); err != nil {
		k.t.Fatal(err)
	}
	k.faire(chromedp.Navigate(k.v.site+"/comptabilite/retours"), chromedp.WaitVisible(`#champ-fichier`), chromedp.SetUploadFiles(`#champ-fichier`, []string{chemin}))
	k.presser(`form[enctype] .principal`, "")
	k.voir(`location.search`, "?importe=oui")
	k.faire(chromedp.WaitVisible(`.dite`))
}

// TestAComptablePays takes S11 through the pages, by mouse and by keyboard alone:
// the lot of the week, the second pair of eyes, the file and its hash, the answers
// of the bank, the money on the dossiers.
func TestAComptablePays(t *testing.T) { parModes(t, caisse.paie) }

func (k caisse) paie() {
	id := k.payer()
	fichier := k.remettre(id)
	k.faire(chromedp.Navigate(k.v.site + "/comptabilite/lots/" + id))
	k.voir(`document.querySelector(".entete .etat")?.textContent.trim()`, "Remis à la banque")
	l, err := k.v.store.Lot(k.t.Context(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	k.voir(`document.querySelector(".encart code")?.textContent`, l.Fichier)
	rendu, avis, err := banque.Simulateur{}.Repondre(fichier, time.Date(2026, 6, 12, 15, 0, 0, 0, time.UTC))
	if err != nil {
		k.t.Fatal(err)
	}
	k.importer("pain.002.xml", rendu)
	k.importer("camt.054.xml", avis)
	k.voir(`document.querySelector(".dite").textContent.includes("toutes rapprochées")`, "true")
	k.importer("le-meme.xml", avis) // the same again changes nothing
	k.faire(chromedp.Navigate(k.v.site + "/comptabilite/lots/" + id))
	k.voir(`document.querySelector(".entete .etat")?.textContent.trim()`, "Soldé")
	if l, err = k.v.store.Lot(k.t.Context(), id); err != nil || l.Resume().Paye != l.Somme() || l.Somme() == 0 {
		k.t.Errorf("got %s paid of %s (%v)", l.Resume().Paye, l.Somme(), err)
	}
}

// TestTheBankRejects: a transfer is refused for a closed account; the comptable
// reads why, who was told, and pays again under a new reference.
func TestTheBankRejects(t *testing.T) { parModes(t, caisse.rejette) }

func (k caisse) rejette() {
	id := k.payer()
	fichier := k.remettre(id)
	l, err := k.v.store.Lot(k.t.Context(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	refuse := l.Virements()[0]
	rendu, _, err := banque.Simulateur{Rejets: map[string]string{refuse.EndToEndID: "AC04"}}.Repondre(fichier, time.Date(2026, 6, 12, 15, 0, 0, 0, time.UTC))
	if err != nil {
		k.t.Fatal(err)
	}
	k.importer("pain.002.xml", rendu)
	k.faire(chromedp.Navigate(k.v.site + "/comptabilite/rejets"))
	n := len(refuse.Reglements)
	k.voir(`document.querySelectorAll(".droits>li").length`, itoa(n))
	k.voir(`document.querySelector(".droits .cite").textContent.includes("Le compte du bénéficiaire est clos")`, "true")
	k.presser(`a[data-ouvre][href$=rejet-0]`, "")
	k.voir(`document.querySelector("#rejet-0").open`, "true")
	k.presser(`#rejet-0 .principal`, "")
	k.voir(`document.querySelector(".dite")?.textContent.includes("Un nouveau règlement est créé")`, "true")
	k.voir(`document.querySelectorAll(".droits>li").length`, itoa(n-1))
	p, err := k.v.store.Reglements(k.t.Context(), store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, Limite: 100})
	if err != nil || len(p.Reglements) != 1 || p.Reglements[0].Tentative != 2 {
		k.t.Errorf("got %d règlements to pay (%v), want the one paid again", len(p.Reglements), err)
	}
}

func itoa(n int) string { return string(rune('0' + n%10)) }

// parModes runs a journey by mouse, then by keyboard alone; the console stays
// silent.
func parModes(t *testing.T, parcours func(caisse)) {
	t.Helper()
	parent := navigateur(t)
	for nom, clavier := range map[string]bool{"mouse": false, "keyboard": true} {
		t.Run(nom, func(t *testing.T) {
			v := visiterBanque(t)
			base, plaintes := onglet(t, parent)
			ctx, fin := context.WithTimeout(base, 240*time.Second)
			defer fin()
			parcours(caisse{t, ctx, v, clavier})
			for _, x := range plaintes() {
				t.Errorf("console: %s", x)
			}
		})
	}
}
