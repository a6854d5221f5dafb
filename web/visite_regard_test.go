package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

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
	restreindre := func(lancer string) string {
		if strings.HasSuffix(adresse, "/accueil") || lancer == "" {
			return lancer
		}
		return sauf(lancer, "tbody>tr:nth-child(n+4)", "main li:nth-child(n+4)", ".lateral")
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
	xs, err := examinerPar(ctx, restreindre(lancerAxe))
	noter("1440 light", xs, err)
	for _, x := range []struct {
		vue   vue
		quand string
		axe   string
	}{{vue{1440, "dark"}, "1440 dark", reglesAxe("color-contrast")}, {vue{360, "dark"}, "360", ""}} {
		err := x.vue.poser(ctx)
		if err == nil {
			xs, err = examinerPar(ctx, restreindre(x.axe))
		}
		noter(x.quand, xs, err)
	}
	return trouve
}
