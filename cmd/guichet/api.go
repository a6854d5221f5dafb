package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"guichet/api"
	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
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
	o, err := observer(ctx, cfg, "api")
	if err != nil {
		return err
	}
	defer o.traceur.Close()
	s, err := ouvrirStore(ctx, cfg, 32)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := ouvrirTemporalMesure(cfg, o.moteur.Handler())
	if err != nil {
		return err
	}
	defer t.Close()
	arret, fluxFin := context.WithCancel(context.WithoutCancel(ctx))
	defer fluxFin()
	h, fermer, err := comptoir(arret, cfg, s, &workflows.Client{Temporal: t, Departs: s}, o)
	if err != nil {
		return err
	}
	defer fermer()
	guet, cesser := context.WithCancel(ctx)
	var rondes sync.WaitGroup
	rondes.Go(func() { ronder(guet, s, t, cfg.Namespace, o.log) })
	rondes.Go(func() { veillerPlace(guet, s, cfg.Fichiers, o.log) })
	defer func() { cesser(); rondes.Wait() }()
	o.sonde.Notes = map[string]func(context.Context) error{"moteur": workflows.Guet{Temporal: t}.Repond, "place": baseEcrit(s)}
	if err := o.ouvrir(arret, cfg, s); err != nil {
		return err
	}
	return service{adresse: cfg.Adresse, sonde: o.sonde, retrait: cfg.Retrait, arret: cfg.Arret, fluxFin: fluxFin, log: o.log}.servir(ctx, h)
}

// comptoir wires the API to its parts. Its streams end with ctx.
func comptoir(ctx context.Context, cfg env.Config, s *store.Store, p api.Procedures, o *observation) (http.Handler, func(), error) {
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
		Facture: func(x opco.FactureModele) ([]byte, error) { return courrier.FactureEntreprise(x).PDF() }, Log: o.log, Observer: telemetry.NewRequests(o.mesures, o.traceur).Begin,
		Https: strings.HasPrefix(cfg.URL, "https://"), HorlogeEssai: cfg.HorlogeEssai, Arret: ctx.Done(),
		URL: cfg.URL, Secrets: cfg.CleSecrets, SecondFacteur: !cfg.HorlogeEssai, Proxys: cfg.Proxys,
		OIDC: api.OIDC{Emetteur: cfg.OIDCEmetteur, Client: cfg.OIDCClient, Secret: cfg.OIDCSecret, Acr: cfg.OIDCAcr, Fort: cfg.OIDCFort, ParCourriel: cfg.OIDCCourriel}})
	if err != nil {
		return nil, fermer, err
	}
	pages, err := web.New(web.Config{API: serveur, Log: o.log, Https: strings.HasPrefix(cfg.URL, "https://"), Dev: cfg.HorlogeEssai})
	if err != nil {
		return nil, fermer, fmt.Errorf("preparing the pages: %w", err)
	}
	h, err := serveur.Handler(pages)
	return h, fermer, err
}

// procedures gives Temporal half a second: beyond, the relay tells it.
type procedures struct{ api.Procedures }

// Transmettre tells the procedures about an acte, quickly or not at all.
func (p procedures) Transmettre(ctx context.Context, a opco.Acte) error {
	ctx, fin := context.WithTimeout(ctx, 500*time.Millisecond)
	defer fin()
	return p.Procedures.Transmettre(ctx, a)
}
