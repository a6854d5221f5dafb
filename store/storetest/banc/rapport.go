package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// surNu and surPetit are the ratios that issue 4 bounds, at the p95: through the store
// over the same query bare, and the large base over the small one, for pages of the
// same length. surPetitBrut is the second whatever the length.
func (r resultat) surNu() float64 { return r.grand.store.quantile(.95) / r.grand.nu.quantile(.95) }

func (r resultat) surPetitBrut() float64 {
	return r.grand.store.quantile(.95) / r.petit.store.quantile(.95)
}

func (r resultat) surPetit() float64 {
	return r.comparable().quantile(.95) / r.petit.store.quantile(.95)
}

// comparable is what is compared with the small base.
func (r resultat) comparable() serie {
	if len(r.grand.egale) > 0 {
		return r.grand.egale
	}
	return r.grand.store
}

// verdict says which ratio is broken, "" when none is, and whether what is beyond it is
// more than bruit milliseconds: what a trivial query itself varies by.
func (r resultat) verdict(bruit float64) (dit string, rompu bool) {
	if r.faute != "" {
		return r.faute, true
	}
	var v []string
	for _, x := range []struct {
		nom           string
		duree, borne  float64
		rapport, tenu float64
	}{
		{"sur le SQL nu", r.grand.store.quantile(.95), ratioNu * r.grand.nu.quantile(.95), r.surNu(), ratioNu},
		{"sur la petite base", r.comparable().quantile(.95), ratioVolume * r.petit.store.quantile(.95), r.surPetit(), ratioVolume},
	} {
		if x.rapport <= x.tenu {
			continue
		}
		if x.duree-x.borne <= bruit {
			v = append(v, fmt.Sprintf("%s, de %.2f ms : moins que le bruit", x.nom, x.duree-x.borne))
			continue
		}
		v, rompu = append(v, x.nom), true
	}
	return strings.Join(v, " ; "), rompu
}

type rapport struct {
	petit, grand              int
	tours                     int
	debut                     time.Time
	charge                    []string // before, after
	postgres, memoire, taille string
	temoin                    serie
	resultats                 []resultat
	comptes                   []compte
}

// bruit is how much a trivial query varies, in milliseconds: its p95 less its median.
func (r rapport) bruit() float64 { return r.temoin.quantile(.95) - r.temoin.quantile(.5) }

func (r rapport) rompus() (n int) {
	for _, x := range r.resultats {
		if _, rompu := x.verdict(r.bruit()); rompu {
			n++
		}
	}
	for _, c := range r.comptes {
		if c.ecarts > 0 {
			n++
		}
	}
	return n
}

func (r rapport) ecrire(w io.Writer) {
	fmt.Fprintf(w, "# Banc des listes, des recherches et des compteurs\n\n%s, %s. %d processeurs (%s), Go %s, %s, `shared_buffers` de %s. Charge de la machine : %s.\n"+
		"%s dossiers, puis %s (%s). %d mesures par cas, chaudes, alternées ; un SELECT trivial prend %.2f ms (p50) et %.2f ms (p95) dans la même exécution.\n"+
		"Durées en millisecondes, au p95 quand rien d’autre n’est dit.\n\n",
		r.debut.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.debut).Round(time.Minute), runtime.NumCPU(), runtime.GOARCH, strings.TrimPrefix(runtime.Version(), "go"),
		r.postgres, r.memoire, strings.Join(r.charge, " au début, ")+" à la fin", millier(r.petit), millier(r.grand), r.taille, r.tours, r.temoin.quantile(.5), r.temoin.quantile(.95))
	fmt.Fprintln(w, "| Cas | SQL nu, p50 | SQL nu | store, p50 | store | store / nu | petite base | grande / petite | (brut) | lignes | blocs lus | JSON | page | |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|")
	for _, x := range r.resultats {
		r.ligne(w, x)
	}
	fmt.Fprintf(w, `
Bornes : store ≤ %.1f × SQL nu ; grande base ≤ %.1f × petite base, au p95. « SQL nu » est la requête de la page (et celle du compte de
son filtre, quand la page le donne), mêmes texte et paramètres, par database/sql, sans les droits ni le cloison : le reste est au compte du
store. « Lignes » et « blocs lus » : petite base / grande base, les blocs de 8 Ko du pire paramètre. Quand la petite base n’a pas de quoi
remplir une page, « grande / petite » compare des pages de même longueur, et « brut » les pages telles qu’elles sont. Un dépassement
inférieur au bruit (%.2f ms, p95 moins p50 du SELECT trivial) est dit et n’est pas compté. JSON et page : à travers HTTP, sur la grande base.

`, ratioNu, ratioVolume, r.bruit())
	for _, c := range r.comptes {
		fmt.Fprintf(w, "- Compteurs %s : %d comparés à COUNT(*), %d écart(s).\n", c.de, c.compares, c.ecarts)
	}
}

func (r rapport) ligne(w io.Writer, x resultat) {
	dit, rompu := x.verdict(r.bruit())
	if rompu {
		dit = "**rompu : " + dit + "**"
	}
	if x.faute != "" {
		fmt.Fprintf(w, "| %s | | | | | | | | | | | | | %s |\n", x.nom, dit)
		return
	}
	ou := func(s serie) string {
		if len(s) == 0 {
			return ""
		}
		return fmt.Sprintf("%.1f", s.quantile(.95))
	}
	if len(x.grand.store) < r.tours {
		dit = cmp.Or(dit, "tenu") + fmt.Sprintf(" (%d mesures)", len(x.grand.store))
	}
	g := x.grand
	fmt.Fprintf(w, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f / %.0f | %d / %d | %s | %s | %s |\n", x.nom, g.nu.quantile(.5), g.nu.quantile(.95),
		g.store.quantile(.5), g.store.quantile(.95), x.surNu(), x.petit.store.quantile(.95), x.surPetit(), x.surPetitBrut(), x.petit.lignes, g.lignes,
		x.petit.pages, g.pages, ou(g.json), ou(g.page), cmp.Or(dit, "tenu"))
}

func millier(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
