package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"

	"guichet/api"
	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/courrier"
	"guichet/facturx"
	"guichet/opco"
	"guichet/store"
	"guichet/web"
	"guichet/workflows"
)

// apiCmd serves the counter.
type apiCmd struct{}

// Run serves until it is told to stop, then lets the requests under way end.
// Temporal being away does not stop it: actes wait in the inbox.
func (apiCmd) Run(ctx context.Context) error {
	cfg, err := env.LireAPI()
	if err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s, err := ouvrirStore(ctx, cfg, 32)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := client.NewLazyClient(client.Options{HostPort: cfg.Temporal, Namespace: cfg.Namespace, Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return fmt.Errorf("preparing the client of Temporal: %w", err)
	}
	defer t.Close()
	h, fermer, err := comptoir(ctx, cfg, s, &workflows.Client{Temporal: t, Departs: s}, log)
	if err != nil {
		return err
	}
	defer fermer()
	return servir(ctx, cfg.Adresse, h, log)
}

// comptoir wires the API to its parts. Its streams end with ctx.
func comptoir(ctx context.Context, cfg env.Config, s *store.Store, p api.Procedures, log *slog.Logger) (http.Handler, func(), error) {
	f, err := store.OuvrirFichiers(cfg.Fichiers)
	if err != nil {
		return nil, nil, err
	}
	fermer := func() { f.Close() }
	binaire, err := os.Executable()
	if err != nil {
		return nil, fermer, fmt.Errorf("finding the program itself: %w", err)
	}
	serveur, err := api.New(api.Config{Store: s, Fichiers: f, Procedures: procedures{p}, Examiner: examinerAilleurs(binaire), LireRetour: banque.Lire,
		LireFacture: lireFactureAilleurs(binaire), EcrireStatut: facturx.EcrireStatut, Lettre: apercuDe((&atelier{cfg: cfg, store: s}).maison),
		Facture: func(x opco.FactureModele) ([]byte, error) { return courrier.FactureEntreprise(x).PDF() }, Log: log,
		Https: strings.HasPrefix(cfg.URL, "https://"), HorlogeEssai: cfg.HorlogeEssai, Arret: ctx.Done(),
		URL: cfg.URL, Secrets: cfg.CleSecrets, SecondFacteur: !cfg.HorlogeEssai, Proxys: cfg.Proxys,
		OIDC: api.OIDC{Emetteur: cfg.OIDCEmetteur, Client: cfg.OIDCClient, Secret: cfg.OIDCSecret, Acr: cfg.OIDCAcr, Fort: cfg.OIDCFort, ParCourriel: cfg.OIDCCourriel}})
	if err != nil {
		return nil, fermer, err
	}
	pages, err := web.New(web.Config{API: serveur, Log: log, Https: strings.HasPrefix(cfg.URL, "https://"), Dev: cfg.HorlogeEssai})
	if err != nil {
		return nil, fermer, fmt.Errorf("preparing the pages: %w", err)
	}
	h, err := serveur.Handler(pages)
	return h, fermer, err
}

// servir answers on adresse until ctx ends; the requests under way then have five
// seconds to end.
func servir(ctx context.Context, adresse string, h http.Handler, log *slog.Logger) error {
	srv := &http.Server{Addr: adresse, Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	l, err := net.Listen("tcp", adresse)
	if err != nil {
		return fmt.Errorf("l’adresse %s est déjà prise ou interdite : arrêtez l’autre programme ou changez GUICHET_ADRESSE (%w)", adresse, err)
	}
	fini := make(chan error, 1)
	go func() { fini <- srv.Serve(l) }()
	log.InfoContext(ctx, "api ready", "address", adresse)
	select {
	case err := <-fini:
		return err
	case <-ctx.Done():
	}
	arret, fin := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer fin()
	if err := srv.Shutdown(arret); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// procedures gives Temporal half a second: beyond, the relay tells it.
type procedures struct{ api.Procedures }

// Transmettre tells the procedures about an acte, quickly or not at all.
func (p procedures) Transmettre(ctx context.Context, a opco.Acte) error {
	ctx, fin := context.WithTimeout(ctx, 500*time.Millisecond)
	defer fin()
	return p.Procedures.Transmettre(ctx, a)
}
