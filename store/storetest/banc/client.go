package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
	"guichet/web"
)

// client is a demo account that is logged in to the API and the pages of a base.
type client struct {
	serveur *httptest.Server
	http    *http.Client
}

// clients are those of one base, by account.
type clients map[string]client

// fermer stops what answers them.
func (cs clients) fermer() {
	for _, c := range cs {
		c.serveur.Close()
		return
	}
}

// muettes are procedures that nobody calls: the bench reads only.
type muettes struct{}

// Transmettre refuses.
func (muettes) Transmettre(context.Context, opco.Acte) error {
	return fmt.Errorf("the bench does nothing but read")
}

// servir serves a base, with the procedures that follow its actes, and logs in the
// accounts that the cases name.
func servir(ctx context.Context, b *base, procedures api.Procedures) (clients, error) {
	gin.SetMode(gin.ReleaseMode)
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	srv, err := api.New(api.Config{Store: b.store, Procedures: procedures, HorlogeEssai: true, Log: log, URL: "http://127.0.0.1"})
	if err != nil {
		return nil, err
	}
	pages, err := web.New(web.Config{API: srv, Log: log})
	if err != nil {
		return nil, err
	}
	h, err := srv.Handler(pages)
	if err != nil {
		return nil, err
	}
	s, cs := httptest.NewServer(h), clients{}
	for _, qui := range []string{"gestionnaire", "of1", "e1"} {
		if cs[qui], err = entrer(ctx, s, qui); err != nil {
			s.Close()
			return nil, err
		}
	}
	return cs, nil
}

// entrer logs in a demo account.
func entrer(ctx context.Context, s *httptest.Server, qui string) (client, error) {
	temoins, err := cookiejar.New(nil)
	if err != nil {
		return client{}, err
	}
	c := client{s, &http.Client{Jar: temoins, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	corps, err := json.Marshal(map[string]string{"identifiant": qui, "mot_de_passe": store.MotDePasseDemo})
	if err != nil {
		return c, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/api/session", bytes.NewReader(corps))
	if err != nil {
		return c, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c, c.faire(r)
}

// lire asks an address and reads what comes.
func (c client) lire(ctx context.Context, adresse string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.serveur.URL+adresse, nil)
	if err != nil {
		return err
	}
	return c.faire(r)
}

func (c client) faire(r *http.Request) error {
	rep, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err == nil && rep.StatusCode != http.StatusOK && rep.StatusCode != http.StatusSeeOther { // a number leads to its dossier
		err = fmt.Errorf("%s: %d %.200s", r.URL, rep.StatusCode, corps)
	}
	return err
}
