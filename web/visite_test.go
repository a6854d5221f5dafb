package web_test

import (
	"cmp"
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

	"guichet/web"
)

// The walk of the live pages: who walks, "" before any login; how many pages of one template each of them
// reads, and how much a page weighs at most as it is sent, in bytes.
var promeneurs = []string{"", "e1", "e2", "of1", "gestionnaire", "controleur", "responsable", "comptable", "conseiller", "auditeur", "admin", "ops"}

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
	fichiers map[string]servi    // what pages load
	objets   map[string][]string // pages of objects that a walker opens first: a list leads to one like it, not to the one that has the most to show
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
	for _, o := range p.objets[qui] {
		file = append(file, pageVue{qui: qui, adresse: o, depuis: "the address of an object"})
	}
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

// TestTheLivePages walks the pages of each role by their links, on the data of the
// demonstration: no link is dead and no page is heavy; of each template, on its fullest
// page, axe finds nothing in light and dark, nothing scrolls sideways at 360 and 1440
// pixels, the console is silent and the policy of contents is obeyed.
func TestTheLivePages(t *testing.T) {
	v := visiterBanque(t)
	objets := v.garnir()
	p, debut := nouvellePromenade(t, v), time.Now()
	p.objets = objets
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
	if len(gabarits) < 125 {
		t.Errorf("the links lead to %d templates only", len(gabarits))
	}
}
