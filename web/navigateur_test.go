package web_test

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"guichet/web"
)

//go:embed testdata/axe.min.js
var axe string

// chrome finds a Chromium, or skips the test and says why.
func chrome(t *testing.T) string {
	t.Helper()
	for _, nom := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if nom == "" {
			continue
		}
		if chemin, err := exec.LookPath(nom); err == nil {
			return chemin
		}
	}
	t.Skip("no Chromium on this machine: set CHROME to its path")
	return ""
}

// chromium is the one browser of these tests, started by the first that needs it.
var chromium struct {
	sync.Once
	ctx    context.Context
	fermer func()
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.fermer != nil {
		chromium.fermer()
	}
	os.Exit(code)
}

// navigateur gives the test a visitor of its own in the browser that all share: nothing
// of another test is remembered there, neither session nor taste.
func navigateur(t *testing.T) context.Context {
	t.Helper()
	chemin := chrome(t)
	chromium.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chemin), chromedp.WindowSize(1440, 900))
		if os.Geteuid() == 0 {
			options = append(options, chromedp.NoSandbox)
		}
		alloc, fin := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, fermer := chromedp.NewContext(alloc)
		chromium.ctx, chromium.fermer = ctx, func() { fermer(); fin() }
		chromium.err = chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	})
	if chromium.err != nil {
		t.Fatalf("starting the browser: %v", chromium.err)
	}
	ctx, fermer := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(fermer)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("opening the browser: %v", err)
	}
	return ctx
}

// onglet opens another tab of the same browser, whose console is listened to:
// plaintes returns what it said since the last call.
func onglet(t *testing.T, parent context.Context) (ctx context.Context, plaintes func() []string) {
	t.Helper()
	ctx, fermer := chromedp.NewContext(parent)
	t.Cleanup(fermer)
	eveiller := chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error { // several tabs at once each believe that they are in front
		_, err := cdp.Call(ctx, tg, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate("about:blank"), eveiller); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	var mu sync.Mutex
	var dites []string
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" || m.Source == "security" {
				mu.Lock()
				dites = append(dites, m.String())
				mu.Unlock()
			}
		}
	}()
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		d := dites
		dites = nil
		return d
	}
}

// vue is a width and a theme.
type vue struct {
	largeur int64
	theme   string
}

var vues = []vue{{1440, "light"}, {1440, "dark"}, {360, "light"}, {360, "dark"}}

// poser gives the tab the width and the theme of v.
func (v vue) poser(ctx context.Context) error {
	return chromedp.Do(ctx, chromedp.EmulateViewport(v.largeur, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// lancer runs every rule of axe in light, and in dark those that read colours: the page is
// the same, its colours alone are others. The menu is read on the homes, and of a long list
// the first dozen: the others are drawn alike.
func (v vue) lancer(planche string) string {
	lancer := lancerAxe
	if v.theme == "dark" {
		lancer = reglesAxe("color-contrast", "link-in-text-block")
	}
	if strings.Contains(planche, "accueil") {
		return lancer
	}
	return sauf(lancer, "tbody>tr:nth-child(n+13)", "main li:nth-child(n+13)", ".lateral")
}

// sauf runs axe on the whole page but what the selectors name.
func sauf(lancer string, selecteurs ...string) string {
	var hors [][]string
	for _, s := range selecteurs {
		hors = append(hors, []string{s})
	}
	b, _ := json.Marshal(map[string]any{"exclude": hors})
	return strings.Replace(lancer, "document,", string(b)+",", 1)
}

const (
	lancerAxe = `axe.run(document,{runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"],preload:false,resultTypes:["violations"]})` + direAxe
	direAxe   = `
		.then(r=>JSON.stringify(r.violations.map(v=>v.id+": "+v.help+" — "+v.nodes.map(n=>n.html.slice(0,160)+" "+n.failureSummary.slice(0,260)).join(" | "))))`
	deborde = `(()=>{const l=document.documentElement.clientWidth;if(document.documentElement.scrollWidth<=l)return "";
		return [...document.querySelectorAll("body *")].filter(e=>e.getBoundingClientRect().right>l+1&&!e.closest(".piege,.vh")).slice(0,3).map(e=>e.outerHTML.slice(0,120)).join(" | ")||"?"})()`
)

// reglesAxe runs some rules of axe alone.
func reglesAxe(noms ...string) string {
	b, _ := json.Marshal(noms)
	return `axe.run(document,{runOnly:{type:"rule",values:` + string(b) + `},preload:false,resultTypes:["violations"]})` + direAxe
}

// examiner returns what axe finds on the page of the tab, and what makes it
// scroll sideways.
func examiner(ctx context.Context) ([]string, error) { return examinerPar(ctx, lancerAxe) }

// examinerPar is examiner with the rules of axe that are run, "" for none.
func examinerPar(ctx context.Context, lancer string) ([]string, error) {
	var trouve []string
	if lancer != "" {
		brut, err := chromedp.Run(ctx, chromedp.Evaluate[string](lancer, chromedp.EvalAwaitPromise))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(brut), &trouve); err != nil {
			return nil, err
		}
	}
	large, err := chromedp.Run(ctx, chromedp.Evaluate[string](deborde))
	if large != "" {
		trouve = append(trouve, "scrolls sideways: "+large)
	}
	return trouve, err
}

// TestThePagesInABrowser walks every planche in light and dark, wide and narrow:
// axe finds nothing, nothing scrolls sideways, the console is silent and the
// policy of contents is obeyed.
func TestThePagesInABrowser(t *testing.T) {
	parent := navigateur(t)
	s := httptest.NewServer(moteur(t, &portesFausses{}))
	defer s.CloseClientConnections()
	file := make(chan web.Planche)
	var groupe sync.WaitGroup
	var mu sync.Mutex
	durees := map[string]time.Duration{}
	for range 2 {
		ctx, plaintes := onglet(t, parent)
		groupe.Go(func() {
			for p := range file {
				debut := time.Now()
				for _, x := range parcourir(ctx, s.URL, p.Nom) {
					t.Errorf("%s: %s", p.Nom, x)
				}
				mu.Lock()
				durees[p.Nom] = time.Since(debut).Round(100 * time.Millisecond)
				mu.Unlock()
				for _, x := range plaintes() {
					t.Errorf("%s: console: %s", p.Nom, x)
				}
			}
		})
	}
	for _, p := range web.Planches(web.MaisonDemo()) {
		file <- p
	}
	close(file)
	groupe.Wait()
	lentes := slices.SortedFunc(maps.Keys(durees), func(a, b string) int { return cmp.Compare(durees[b], durees[a]) })
	for _, nom := range lentes[:3] {
		t.Logf("of %d pages, among the slowest: %s, %s", len(lentes), nom, durees[nom])
	}
}

// parcourir looks at one planche in every view.
func parcourir(ctx context.Context, site, nom string) []string {
	ctx, fin := context.WithTimeout(ctx, 3*time.Minute)
	defer fin()
	if err := chromedp.Do(ctx, chromedp.Navigate(site+"/dev/pages/"+nom), chromedp.WaitVisible("main#contenu")); err != nil {
		return []string{err.Error()}
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](axe+";0")); err != nil {
		return []string{err.Error()}
	}
	var trouve []string
	for _, v := range vues {
		if err := v.poser(ctx); err != nil {
			return append(trouve, err.Error())
		}
		x, err := examinerPar(ctx, v.lancer(nom))
		if err != nil {
			return append(trouve, err.Error())
		}
		for _, y := range x {
			trouve = append(trouve, fmt.Sprintf("%d %s: %s", v.largeur, v.theme, y))
		}
		if dossier := os.Getenv("GUICHET_IMAGES"); dossier != "" {
			image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err == nil {
				err = os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", dossier, nom, v.largeur, strings.ToLower(v.theme)), image, 0o600)
			}
			if err != nil {
				return append(trouve, err.Error())
			}
		}
	}
	return trouve
}
