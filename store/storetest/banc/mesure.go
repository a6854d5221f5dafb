package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
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

// mesure is one case on one base.
type mesure struct{ nu, store, http serie }

// resultat is one case on both bases.
type resultat struct {
	nom          string
	petit, grand mesure
	faute        string // why it could not be measured, "" when it was
}

// rapports are those that issue 4 bounds.
func (r resultat) rapports() (nu, volume float64) {
	return r.grand.store.quantile(.95) / r.grand.nu.quantile(.95), r.grand.store.quantile(.95) / r.petit.store.quantile(.95)
}

// verdict says which ratio is broken, "" when none is.
func (r resultat) verdict() string {
	if r.faute != "" {
		return r.faute
	}
	nu, volume := r.rapports()
	var v []string
	if court := r.grand.store.quantile(.95) < plancher; court {
		return ""
	}
	if nu > ratioNu {
		v = append(v, "store / SQL nu")
	}
	if volume > ratioVolume {
		v = append(v, "grande / petite base")
	}
	return strings.Join(v, ", ")
}

type rapport struct {
	petit, grand int
	tours        int
	postgres     string
	resultats    []resultat
}

func (r rapport) rompus() (n int) {
	for _, x := range r.resultats {
		if x.verdict() != "" {
			n++
		}
	}
	return n
}

func (r rapport) ecrire(w io.Writer) {
	fmt.Fprintf(w, "# Banc des listes, des recherches et des compteurs\n\n%s. %d processeurs, Go %s, %s. %s dossiers et %s dossiers, %d mesures par cas, chaudes,\nalternées : "+
		"SQL nu, store, HTTP, petite base, grande base, tour à tour. Durées en millisecondes.\n\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		runtime.NumCPU(), strings.TrimPrefix(runtime.Version(), "go"), r.postgres, millier(r.petit), millier(r.grand), r.tours)
	fmt.Fprintln(w, "| Cas | SQL nu p50 | p95 | store p50 | p95 | p99 | HTTP p95 | petite base, store p95 | store / nu | grande / petite | verdict |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|")
	for _, x := range r.resultats {
		nu, volume := x.rapports()
		http := "—"
		if len(x.grand.http) > 0 {
			http = fmt.Sprintf("%.2f", x.grand.http.quantile(.95))
		}
		verdict := "tenu"
		if v := x.verdict(); v != "" {
			verdict = "**rompu : " + v + "**"
		}
		g := x.grand
		fmt.Fprintf(w, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %s | %.2f | %.2f | %.2f | %s |\n", x.nom, g.nu.quantile(.5), g.nu.quantile(.95), g.store.quantile(.5),
			g.store.quantile(.95), g.store.quantile(.99), http, x.petit.store.quantile(.95), nu, volume, verdict)
	}
	fmt.Fprintf(w, "\nBornes : store ≤ %.1f × SQL nu ; grande base ≤ %.1f × petite base, au p95. Sous %.0f ms au p95 un cas tient toujours : un rapport n’y mesure que la machine.\n",
		ratioNu, ratioVolume, plancher)
}

func millier(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

func mesurerTout(ctx context.Context, serveur, petit, grand string, tours int, seul string, avecHTTP bool, log *slog.Logger) (rapport, error) {
	r := rapport{tours: tours}
	var bs [2]*base
	var clients [2]*client
	for i, nom := range []string{petit, grand} {
		b, err := ouvrir(ctx, serveur, nom)
		if err != nil {
			return r, err
		}
		defer b.fermer()
		bs[i] = b
		if !avecHTTP {
			continue
		}
		if clients[i], err = servir(ctx, b); err != nil {
			return r, err
		}
		defer clients[i].serveur.Close()
	}
	r.petit, r.grand = bs[0].dossiers, bs[1].dossiers
	if err := bs[1].nu.QueryRowContext(ctx, `SELECT 'PostgreSQL ' || current_setting('server_version')`).Scan(&r.postgres); err != nil {
		return r, err
	}
	for _, c := range lesCas() {
		if !strings.Contains(c.nom, seul) {
			continue
		}
		x, err := c.mesurer(ctx, bs, clients, tours)
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, c.nom, "error", err)
			r.resultats = append(r.resultats, resultat{nom: c.nom, faute: err.Error()})
			continue
		}
		if err != nil {
			return r, err
		}
		nu, volume := x.rapports()
		log.InfoContext(ctx, c.nom, "p95", x.grand.store.quantile(.95), "nu", fmt.Sprintf("%.2f", nu), "volume", fmt.Sprintf("%.2f", volume), "verdict", x.verdict())
		r.resultats = append(r.resultats, x)
	}
	return r, nil
}

// mesurer asks a case in turn, in each of the ways, of each base.
func (c cas) mesurer(ctx context.Context, bs [2]*base, clients [2]*client, tours int) (resultat, error) {
	r := resultat{nom: c.nom}
	var valeurs [2][]string
	var demandes [2][][]demande
	for i, b := range bs {
		var err error
		if valeurs[i], err = c.valeursDe(ctx, b); err != nil {
			return r, err
		}
		for range 2 { // the second time is warm, and is the one that is kept
			demandes[i] = nil
			for _, v := range valeurs[i] {
				ds, err := b.temoin.pendant(func() error { return c.appel(ctx, b, v) })
				if err != nil {
					return r, err
				}
				demandes[i] = append(demandes[i], ds)
			}
		}
	}
	for n := range tours {
		for i, m := range []*mesure{&r.petit, &r.grand} {
			k := n % len(valeurs[i])
			if err := m.nu.chronometrer(func() error { return nu(ctx, bs[i].nu, demandes[i][k]) }); err != nil {
				return r, err
			}
			if err := m.store.chronometrer(func() error { return c.appel(ctx, bs[i], valeurs[i][k]) }); err != nil {
				return r, err
			}
			if c.adresse != nil && clients[i] != nil {
				if err := m.http.chronometrer(func() error { return clients[i].lire(ctx, c.adresse(valeurs[i][k])) }); err != nil {
					return r, err
				}
			}
		}
	}
	return r, nil
}

// client asks the API of a base as an agent.
type client struct {
	serveur *httptest.Server
	cle     string
}

// muettes are procedures that nobody calls: the bench reads only.
type muettes struct{}

// Transmettre refuses.
func (muettes) Transmettre(context.Context, opco.Acte) error {
	return fmt.Errorf("the bench does nothing but read")
}

func servir(ctx context.Context, b *base) (*client, error) {
	gin.SetMode(gin.ReleaseMode)
	srv, err := api.New(api.Config{Store: b.store, Procedures: muettes{}, HorlogeEssai: true, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), URL: "http://127.0.0.1"})
	if err != nil {
		return nil, err
	}
	h, err := srv.Handler() // the JSON alone: what a page adds is its own
	if err != nil {
		return nil, err
	}
	cle, err := b.store.CreerCle(ctx, store.CleAPI{Identifiant: "gestionnaire", Libelle: fmt.Sprintf("banc %d", time.Now().UnixNano())})
	if err != nil {
		return nil, err
	}
	return &client{httptest.NewServer(h), cle}, nil
}

func (c *client) lire(ctx context.Context, adresse string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.serveur.URL+adresse, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.cle)
	rep, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err == nil && rep.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", adresse, rep.StatusCode, corps)
	}
	return err
}
