package web_test

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"guichet/web"
)

// The walk of the live pages: who walks, "" before any login; how many pages of one template each of them
// reads, and how much a page weighs at most as it is sent, in bytes.
var promeneurs = []string{"", "e1", "of1", "gestionnaire", "responsable", "comptable", "conseiller", "auditeur", "admin", "ops"}

const (
	parGabarit = 1
	poidsMax   = 150 << 10
)

// pageVue is a page that somebody reached by its link.
type pageVue struct {
	qui, adresse, gabarit, depuis string
	texte                         string
	poids                         int // with all that it loads
}

// promenade is a walk by the links of the pages, from home.
type promenade struct {
	v        *visiteur
	gabarits []*regexp.Regexp
	noms     []string
	fichiers map[string]servi // what pages load
	fautes   []string
}

// servi is a file as it is sent: its size, and its text.
type servi struct {
	poids int
	texte string
}

// nouvellePromenade knows the pages by the table of their routes.
func nouvellePromenade(t *testing.T, v *visiteur) *promenade {
	t.Helper()
	w, err := web.New(web.Config{Portes: &portesFausses{}, Interieur: &interieurFaux{}})
	if err != nil {
		t.Fatal(err)
	}
	p := &promenade{v: v, fichiers: map[string]servi{}}
	place := regexp.MustCompile(`\\\{\w+\\\}`)
	// A written word comes before a place that anything fills.
	for _, cle := range slices.SortedFunc(maps.Keys(w.Acces()), func(a, b string) int {
		return cmp.Or(strings.Count(a, "{")-strings.Count(b, "{"), strings.Compare(a, b))
	}) {
		if chemin, lit := strings.CutPrefix(cle, "GET "); lit {
			p.noms = append(p.noms, chemin)
			p.gabarits = append(p.gabarits, regexp.MustCompile(`^`+place.ReplaceAllString(regexp.QuoteMeta(chemin), `[^/]+`)+`$`))
		}
	}
	return p
}

// gabarit names the template of an address: its route and what it filters on; "" for an
// address of the API, or of nothing.
func (p *promenade) gabarit(u *url.URL) (route, gabarit string) {
	for i, g := range p.gabarits {
		if g.MatchString(u.Path) {
			return p.noms[i], p.noms[i] + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
		}
	}
	return "", u.Path[:strings.LastIndexByte(u.Path, '/')+1]
}

var lienLu = regexp.MustCompile(`<a\s[^>]*?href="([^"]*)"`)

// liens are the addresses of this site that a page leads to.
func liens(page string) []string {
	var ls []string
	for _, m := range lienLu.FindAllStringSubmatch(page, -1) {
		l := html.UnescapeString(m[1])
		l, _, _ = strings.Cut(l, "#")
		if strings.HasPrefix(l, "/") && !strings.HasPrefix(l, "//") {
			ls = append(ls, l)
		}
	}
	return ls
}

// marcher reads the pages that qui reaches from home, a few of each template.
func (p *promenade) marcher(qui string) []pageVue {
	p.v.t.Helper()
	depart := "/"
	p.v.client = p.v.autre().client
	if qui != "" {
		p.v.entrer(qui, motDemo)
		depart = "/accueil"
	}
	vues, lus := map[string]bool{}, map[string]int{}
	file := []pageVue{{qui: qui, adresse: depart, depuis: "home"}}
	var pages []pageVue
	for len(file) > 0 {
		x := file[0]
		file = file[1:]
		u, err := url.Parse(x.adresse)
		if err != nil {
			p.fautes = append(p.fautes, fmt.Sprintf("%s, %s: the link %q does not read", qui, x.depuis, x.adresse))
			continue
		}
		route, g := p.gabarit(u)
		if vues[x.adresse] || lus[g] >= parGabarit || lus[route] >= 4*parGabarit {
			continue
		}
		vues[x.adresse] = true
		lus[g]++
		lus[route]++
		ouvrable, vers := p.ouvrir(&x)
		if vers != "" {
			file = append(file, pageVue{qui: qui, adresse: vers, depuis: x.adresse})
		}
		if !ouvrable {
			continue
		}
		x.gabarit = route
		pages = append(pages, x)
		for _, l := range liens(x.texte) {
			file = append(file, pageVue{qui: qui, adresse: l, depuis: x.adresse})
		}
	}
	return pages
}

// ouvrir follows a link: it weighs the page that is there, says where it leads on, and
// holds that no link is dead and that no control needs a script.
func (p *promenade) ouvrir(x *pageVue) (page bool, vers string) {
	rep, corps := p.demander(x.adresse)
	switch {
	case rep.StatusCode == http.StatusSeeOther:
		vers, _, _ = strings.Cut(rep.Header.Get("Location"), "#")
		return false, vers
	case rep.StatusCode != http.StatusOK:
		p.fautes = append(p.fautes, fmt.Sprintf("%s, %s leads to %s, which answers %d", x.qui, x.depuis, x.adresse, rep.StatusCode))
		return false, ""
	case !strings.HasPrefix(rep.Header.Get("Content-Type"), "text/html") || rep.Header.Get("Content-Disposition") != "":
		return false, ""
	}
	x.texte = decompresser(p.v.t, rep.Header.Get("Content-Encoding"), corps)
	if !strings.Contains(x.texte, `id="contenu"`) { // a document, shown alone
		return false, ""
	}
	for _, m := range inerte(x.texte) {
		p.fautes = append(p.fautes, fmt.Sprintf("%s, %s: without scripts, nothing comes of %s", x.qui, x.adresse, m))
	}
	x.poids = len(corps) + p.charge(x.texte)
	if x.poids > poidsMax {
		p.fautes = append(p.fautes, fmt.Sprintf("%s, %s weighs %d bytes with all that it loads: %d at most", x.qui, x.adresse, x.poids, poidsMax))
	}
	return true, ""
}

var (
	boutonSeul = regexp.MustCompile(`<button[^>]*type="button"[^>]*>`)
	ancreLue   = regexp.MustCompile(`<a\s[^>]*?href="#([^"]+)"`)
)

// inerte are the controls of a page that would do nothing without scripts: a button that
// sends no form and that is not hidden, with its frame, until a script shows it, a link to a part of the page
// that is not there.
func inerte(page string) []string {
	var xs []string
	for _, i := range boutonSeul.FindAllStringIndex(page, -1) {
		b := page[i[0]:i[1]]
		if !strings.Contains(b, " hidden") && !strings.HasSuffix(strings.TrimSpace(page[:i[0]]), " hidden>") {
			xs = append(xs, b)
		}
	}
	for _, m := range ancreLue.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			xs = append(xs, m[0])
		}
	}
	return xs
}

var (
	fichierCharge = regexp.MustCompile(`(?:href|src)="(/statique/[^"]+)"`)
	suiteChargee  = regexp.MustCompile(`url\(["']?([^"')]+)["']?\)|(?:from|import)\s*\(?["'](\./[^"']+)["']`)
)

// charge weighs the style sheets, scripts, fonts and icons of a page in a cold cache, as
// they are sent. A picture of a pièce is what the page is opened for: it does not count.
func (p *promenade) charge(page string) int {
	n, faits := 0, map[string]bool{}
	var peser func(adresse string)
	peser = func(adresse string) {
		if faits[adresse] {
			return
		}
		faits[adresse] = true
		f := p.fichier(adresse)
		n += f.poids
		if strings.HasSuffix(adresse, ".css") || strings.HasSuffix(adresse, ".js") {
			for _, m := range suiteChargee.FindAllStringSubmatch(f.texte, -1) {
				if x := m[1] + m[2]; !strings.HasPrefix(x, "data:") {
					peser(path.Join(path.Dir(adresse), x))
				}
			}
		}
	}
	for _, m := range fichierCharge.FindAllStringSubmatch(page, -1) {
		peser(m[1])
	}
	return n
}

// fichier asks once for what pages load.
func (p *promenade) fichier(adresse string) servi {
	if f, vu := p.fichiers[adresse]; vu {
		return f
	}
	rep, corps := p.demander(adresse)
	if rep.StatusCode != http.StatusOK {
		p.fautes = append(p.fautes, fmt.Sprintf("a page loads %s, which answers %d", adresse, rep.StatusCode))
	}
	p.fichiers[adresse] = servi{len(corps), decompresser(p.v.t, rep.Header.Get("Content-Encoding"), corps)}
	return p.fichiers[adresse]
}

// demander asks for an address as a browser does, and returns what is sent, as it is.
func (p *promenade) demander(adresse string) (*http.Response, []byte) {
	p.v.t.Helper()
	r, err := http.NewRequestWithContext(p.v.t.Context(), http.MethodGet, p.v.site+adresse, nil)
	if err != nil {
		p.v.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	rep, err := p.v.client.Do(r)
	if err != nil {
		p.v.t.Fatal(err)
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err != nil {
		p.v.t.Fatalf("%s: %v", adresse, err)
	}
	return rep, corps
}

// plusPleines keeps, of each template, the page that holds the most: what overflows or
// was forgotten shows there first. A home, a search or an account is another page for
// each role.
func plusPleines(pages []pageVue) map[string][]pageVue {
	garde := map[string]pageVue{}
	for _, x := range pages {
		cle := x.gabarit
		if cle == "/accueil" {
			cle += " " + x.qui
		}
		if y, vu := garde[cle]; !vu || len(x.texte) > len(y.texte) {
			garde[cle] = x
		}
	}
	parQui := map[string][]pageVue{}
	for _, cle := range slices.Sorted(maps.Keys(garde)) {
		parQui[garde[cle].qui] = append(parQui[garde[cle].qui], garde[cle])
	}
	return parQui
}

// garnir gives e1 and of1 what the rooms of an organisation show: a dossier to invoice,
// one that was just sent, a draft, a salarié and a document, and an adviser a request.
func (v *visiteur) garnir() {
	v.t.Helper()
	le, err := v.store.Maintenant(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	facture := v.aFacturer()
	if err := v.store.RegleHorloge(v.t.Context(), le, true); err != nil {
		v.t.Fatal(err)
	}
	e1 := v.autre().entrer("e1", motDemo)
	e1.deposerPiece(e1.depose(), "PROGRAMME")
	e1.commencer()
	page := e1.lire("/entreprise/salaries/nouveau")
	v.veut("a salarié", 303, "/entreprise/salaries", "")(e1.envoyer("/entreprise/salaries/nouveau", url.Values{"acte_id": {cache(v.t, page, "acte_id")}, "nom": {"Été-Ñoño"}, "prenom": {"Anaïs"},
		"ne_le": {"1980-01-01"}, "csp": {"EMPLOYE"}, "contrat": {"CDI"}, "etablissement": {string(siege)}}))
	v.autre().entrer("of1", motDemo).documente("programme", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", facture)
	v.autre().inscrite("promenade@sorbier.example")
}

// TestTheLivePages walks the pages of each role by their links, on the data of the
// demonstration: no link is dead and no page is heavy; of each template, on its fullest
// page, axe finds nothing in light and dark, nothing scrolls sideways at 360 and 1440
// pixels, the console is silent and the policy of contents is obeyed.
func TestTheLivePages(t *testing.T) {
	v := visiterBanque(t)
	v.garnir()
	p, debut := nouvellePromenade(t, v), time.Now()
	var pages []pageVue
	temoins := map[string]http.CookieJar{}
	for _, qui := range promeneurs {
		pages = append(pages, p.marcher(qui)...)
		temoins[qui] = v.client.Jar
	}
	for _, f := range p.fautes {
		t.Error(f)
	}
	t.Logf("walked in %s", time.Since(debut).Round(time.Second))
	p.dire(pages)
	file := make(chan []pageVue)
	fini := make(chan struct{})
	for range 2 {
		parent := navigateur(t)
		ctx, plaintes := onglet(t, parent)
		go func() {
			defer func() { fini <- struct{}{} }()
			for xs := range file {
				if err := prendreTemoins(ctx, v.site, temoins[xs[0].qui]); err != nil {
					t.Errorf("%s: %v", xs[0].qui, err)
					continue
				}
				for _, x := range xs {
					for _, f := range append(regarder(ctx, v.site+x.adresse), plaintes()...) {
						t.Errorf("%s, %s: %s", x.qui, x.adresse, f)
					}
				}
			}
		}()
	}
	parQui := plusPleines(pages)
	for _, qui := range slices.SortedFunc(maps.Keys(parQui), func(a, b string) int { return len(parQui[b]) - len(parQui[a]) }) {
		file <- parQui[qui]
	}
	close(file)
	<-fini
	<-fini
	t.Logf("looked at in %s", time.Since(debut).Round(time.Second))
}

// dire says how far the walk went, and fails when it hardly began.
func (p *promenade) dire(pages []pageVue) {
	t := p.v.t
	t.Helper()
	gabarits := map[string]bool{}
	lourde := pageVue{}
	for _, x := range pages {
		gabarits[x.gabarit] = true
		if x.poids > lourde.poids {
			lourde = x
		}
	}
	t.Logf("%d pages of %d templates; the heaviest, %s of %s, is %.1f KB", len(pages), len(gabarits), lourde.adresse, lourde.qui, float64(lourde.poids)/1024)
	var jamais []string
	for _, nom := range p.noms {
		if !gabarits[nom] {
			jamais = append(jamais, nom)
		}
	}
	t.Logf("no link leads, on these data, to %s", strings.Join(jamais, " "))
	if len(gabarits) < 105 {
		t.Errorf("the links lead to %d templates only", len(gabarits))
	}
}

// prendreTemoins gives a tab the session of somebody.
func prendreTemoins(ctx context.Context, site string, pot http.CookieJar) error {
	u, err := url.Parse(site)
	if err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tg, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
			return err
		}
		for _, c := range pot.Cookies(u) {
			if _, err := cdp.Call(ctx, tg, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: site, HTTPOnly: new(true)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// regarder opens a page wide in light with every rule of axe, then in dark with the rule
// of colours, which alone depends on it, then narrow. A menu is read on the home of its
// role, and of a long list the first lines: the others are drawn alike.
func regarder(ctx context.Context, adresse string) []string {
	sauf := `{exclude:[["tbody>tr:nth-child(n+4)"],["main li:nth-child(n+4)"],[".lateral"]]}`
	if strings.HasSuffix(adresse, "/accueil") {
		sauf = "document"
	}
	var trouve []string
	noter := func(quand string, xs []string, err error) {
		for _, x := range xs {
			trouve = append(trouve, quand+": "+x)
		}
		if err != nil {
			trouve = append(trouve, quand+": "+err.Error())
		}
	}
	if err := vues[0].poser(ctx); err != nil {
		return []string{err.Error()}
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(adresse), chromedp.WaitVisible("main#contenu")); err != nil {
		return []string{err.Error()}
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](axe+";0")); err != nil {
		return []string{err.Error()}
	}
	xs, err := examinerPar(ctx, strings.Replace(lancerAxe, "document,", sauf+",", 1))
	noter("1440 light", xs, err)
	for _, x := range []struct {
		vue   vue
		quand string
		axe   string
	}{{vue{1440, "dark"}, "1440 dark", reglesAxe("color-contrast")}, {vue{360, "dark"}, "360", ""}} {
		err := x.vue.poser(ctx)
		if err == nil {
			xs, err = examinerPar(ctx, strings.Replace(x.axe, "document,", sauf+",", 1))
		}
		noter(x.quand, xs, err)
	}
	return trouve
}
