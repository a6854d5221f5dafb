package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"
)

// serie is the durations of one way of asking, in milliseconds.
type serie []float64

func (s serie) quantile(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	t := slices.Clone(s)
	slices.Sort(t)
	return t[min(len(t)-1, int(q*float64(len(t))))]
}

func (s *serie) chronometrer(f func() error) error {
	debut := time.Now()
	err := f()
	*s = append(*s, float64(time.Since(debut).Microseconds())/1000)
	return err
}

// mesure is one case on one base. lignes is how many rows a page has, on average over
// the values; pages how many blocks of PostgreSQL the worst value touches, which no
// load of the machine changes. egale is the store asked for no more rows than the small
// base has: of the large base only, and when its pages are longer.
type mesure struct {
	nu, store, egale, json, page serie
	lignes                       float64
	pages                        int
}

// resultat is one case on both bases.
type resultat struct {
	nom          string
	petit, grand mesure
	longueur     int    // of the pages of egale
	faute        string // why it could not be measured, "" when it was
}

// budget is how long one case may take. What is slower is measured fewer times, and no
// fewer than minimum.
const (
	budget  = 20 * time.Second
	minimum = 20
)

// rareHTTP is how many rounds there are for one page asked through HTTP.
const rareHTTP = 4

// banc is a run: both bases, small then large, and what answers through HTTP.
type banc struct {
	bases   [2]*base
	clients [2]clients
	temoin  serie // a trivial query, between two measures
	tours   int
	plans   io.Writer // where the plans of the worst values are written; nil for nowhere
}

func mesurerTout(ctx context.Context, serveur, petit, grand string, k banc, seul string, avecHTTP bool, log *slog.Logger) (rapport, error) {
	r := rapport{tours: k.tours, debut: time.Now(), charge: []string{charge()}}
	for i, nom := range []string{petit, grand} {
		b, err := ouvrir(ctx, serveur, nom)
		if err != nil {
			return r, err
		}
		defer b.fermer()
		k.bases[i] = b
		if !avecHTTP {
			continue
		}
		if k.clients[i], err = servir(ctx, b, muettes{}); err != nil {
			return r, err
		}
		defer k.clients[i].fermer()
	}
	if err := k.chauffer(ctx, log); err != nil {
		return r, err
	}
	r.petit, r.grand = k.bases[0].dossiers, k.bases[1].dossiers
	err := k.bases[1].nu.QueryRowContext(ctx, `
		SELECT 'PostgreSQL ' || current_setting('server_version'), current_setting('shared_buffers'), pg_size_pretty(pg_database_size(current_database()))`).
		Scan(&r.postgres, &r.memoire, &r.taille)
	if err != nil {
		return r, err
	}
	for _, c := range lesCas() {
		if !strings.Contains(c.nom, seul) {
			continue
		}
		x, err := k.mesurer(ctx, c)
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err != nil {
			x = resultat{nom: c.nom, faute: err.Error()}
		}
		log.InfoContext(ctx, c.nom, "p95", x.grand.store.quantile(.95), "nu", fmt.Sprintf("%.2f", x.surNu()), "volume", fmt.Sprintf("%.2f", x.surPetit()),
			"pages", fmt.Sprint(x.petit.pages, "/", x.grand.pages), "faute", x.faute)
		r.resultats = append(r.resultats, x)
	}
	r.temoin, r.charge = k.temoin, append(r.charge, charge())
	if seul == "" {
		r.comptes, err = k.comparerComptes(ctx)
	}
	return r, err
}

// chauffer asks the first case without keeping what it took: what comes first would pay
// for the connections and the memory of all.
func (k *banc) chauffer(ctx context.Context, log *slog.Logger) error {
	essai := *k
	essai.tours, essai.plans = minimum, nil
	_, err := essai.mesurer(ctx, lesCas()[0])
	log.InfoContext(ctx, "warm", "error", err)
	return err
}

// mesurer asks a case in turn, in each of the ways, of each base: which comes first
// changes at each round, so that none is always served by what another has warmed.
func (k *banc) mesurer(ctx context.Context, c cas) (resultat, error) {
	r := resultat{nom: c.nom}
	var ps [2]preparation
	for i, m := range []*mesure{&r.petit, &r.grand} {
		var err error
		if ps[i], err = c.preparer(ctx, k.bases[i]); err != nil {
			return r, err
		}
		m.lignes = moyenne(ps[i].lignes)
		var pire []demande
		if m.pages, pire, err = pagesLues(ctx, k.bases[i].nu, ps[i].demandes); err != nil {
			return r, err
		}
		if k.plans != nil {
			if err := montrerPlans(ctx, k.bases[i].nu, k.plans, fmt.Sprintf("%s, %d dossiers", c.nom, k.bases[i].dossiers), pire); err != nil {
				return r, err
			}
		}
	}
	if r.grand.lignes > 1.1*r.petit.lignes {
		r.longueur = max(1, int(math.Round(r.petit.lignes)))
	}
	fin := time.Now().Add(budget)
	for n := 0; n < k.tours && (n < minimum || time.Now().Before(fin)); n++ {
		for _, i := range []int{n % 2, 1 - n%2} {
			m := []*mesure{&r.petit, &r.grand}[i]
			if err := k.tour(ctx, c, i, n, ps[i], m, r.longueur); err != nil {
				return r, err
			}
		}
		if err := k.temoin.chronometrer(func() error { return trivial(ctx, k.bases[1].nu) }); err != nil {
			return r, err
		}
	}
	return r, nil
}

// trivial asks what any query costs, at the least: the way there and back.
func trivial(ctx context.Context, db *sql.DB) error {
	var n int
	return db.QueryRowContext(ctx, `SELECT $1::int`, 1).Scan(&n)
}

// tour asks once in each way.
func (k *banc) tour(ctx context.Context, c cas, i, n int, p preparation, m *mesure, longueur int) error {
	v, ds, b := p.valeurs[n%len(p.valeurs)], p.demandes[n%len(p.valeurs)], k.bases[i]
	demander := func(page int) func() error {
		return func() error { _, err := c.appel(ctx, b, v, page); return err }
	}
	type voie struct {
		s *serie
		f func() error
	}
	voies := []voie{{&m.nu, func() error { return nu(ctx, b.nu, ds) }}, {&m.store, demander(0)}}
	if (n/2)%2 == 1 {
		slices.Reverse(voies)
	}
	if i == 1 && longueur > 0 {
		voies = append(voies, voie{&m.egale, demander(longueur)})
	}
	if x, ok := k.clients[i][c.qui]; ok && c.json != nil {
		voies = append(voies, voie{&m.json, func() error { return x.lire(ctx, c.json(v)) }})
	}
	if x, ok := k.clients[i][c.qui]; ok && c.page != nil && n%rareHTTP == 0 {
		voies = append(voies, voie{&m.page, func() error { return x.lire(ctx, c.page(v)) }})
	}
	for _, x := range voies {
		if err := x.s.chronometrer(x.f); err != nil {
			return err
		}
	}
	return nil
}

// pagesLues is how many blocks the queries of the worst value touch, in memory or not,
// and which they are.
func pagesLues(ctx context.Context, db *sql.DB, demandes [][]demande) (pire int, lesquelles []demande, err error) {
	for _, ds := range demandes {
		n := 0
		for _, d := range ds {
			var plan []byte
			err := db.QueryRowContext(ctx, `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) `+d.texte, d.valeurs()...).Scan(&plan)
			if err != nil {
				return 0, nil, err
			}
			var lu []struct {
				Plan struct {
					Trouvees int `json:"Shared Hit Blocks"`
					Lues     int `json:"Shared Read Blocks"`
				}
			}
			if err := json.Unmarshal(plan, &lu); err != nil {
				return 0, nil, err
			}
			n += lu[0].Plan.Trouvees + lu[0].Plan.Lues
		}
		if n >= pire {
			pire, lesquelles = n, ds
		}
	}
	return pire, lesquelles, nil
}

// montrerPlans writes the plans of the queries of ds.
func montrerPlans(ctx context.Context, db *sql.DB, w io.Writer, titre string, ds []demande) error {
	for _, d := range ds {
		fmt.Fprintf(w, "\n== %s\n%s\n%v\n", titre, d.texte, d.valeurs())
		rs, err := db.QueryContext(ctx, `EXPLAIN (ANALYZE, BUFFERS) `+d.texte, d.valeurs()...)
		if err != nil {
			return err
		}
		for rs.Next() {
			var l string
			if err := rs.Scan(&l); err != nil {
				rs.Close()
				return err
			}
			fmt.Fprintln(w, l)
		}
		if err := rs.Close(); err != nil {
			return err
		}
	}
	return nil
}
