package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"guichet/api"
)

// Config is what the rooms need.
type Config struct {
	API    *api.Server // whose handlers the pages call
	Portes Portes      // what the pages ask of it; by default its own doors
	// Interieur is what the pages of connected people ask of it, by default its own
	// doors. Without either, only the pages before login are served.
	Interieur Interieur
	Maison    Maison
	Log       *slog.Logger
	Https     bool // cookies travel on HTTPS only
	Dev       bool // shows every page with its data at /dev/pages
}

// Maison is the OPCO as its visitors know it: its name, and the telephones of
// MA-42.
type Maison struct {
	Nom        string
	Telephones []Telephone
	Horaires   string
}

// Telephone is a line and whom it is for.
type Telephone struct{ Pour, Numero string }

// MaisonDemo is the OPCO of the demonstration; its numbers are those that the
// numbering plan keeps for fiction.
func MaisonDemo() Maison {
	return Maison{Nom: "OPCO Démo",
		Telephones: []Telephone{{"Entreprises", "01 99 00 01 10"}, {"Particuliers", "01 99 00 01 30"}, {"Organismes et partenaires", "01 99 00 01 60"}},
		Horaires:   "Du lundi au jeudi, 9 h à 12 h 30 et 13 h 30 à 17 h. Le vendredi jusqu’à 16 h 30."}
}

// Web serves the pages.
type Web struct{ Config }

// New returns the rooms, ready to serve.
func New(c Config) (*Web, error) {
	if c.Portes == nil && c.API != nil {
		c.Portes = porteAPI{porteConnexion{c.API}}
	}
	if c.Interieur == nil && c.API != nil {
		c.Interieur = porteInterieur{c.API}
	}
	if c.Portes == nil {
		return nil, errors.New("the pages need the doors of the API")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Maison.Nom == "" {
		c.Maison = MaisonDemo()
	}
	return &Web{c}, nil
}

// politique is what a page may load: nothing that is not ours, and nothing
// written in the page itself.
const politique = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// rendre answers with a page. It is built whole first: a page that fails half-way
// is never sent.
func (w *Web) rendre(c *gin.Context, statut int, page templ.Component) {
	var b bytes.Buffer
	if err := page.Render(w.contextePage(c), &b); err != nil {
		w.Log.ErrorContext(c.Request.Context(), "page failed", "route", c.FullPath(), "error", err)
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	entetesPage(c)
	envoyerPage(c, statut, b.Bytes())
}

// clePrecedente marks a page that going back must show again: a step whose values are
// kept nowhere else.
const clePrecedente = "guichet-precedente"

// cleCadres marks a page that shows files of ours in frames.
const cleCadres = "guichet-cadres"

func entetesPage(c *gin.Context) {
	c.Header("Content-Security-Policy", politique)
	if c.GetBool(cleCadres) {
		c.Header("Content-Security-Policy", cadres)
	}
	c.Header("Cache-Control", "no-store")
	if c.GetBool(clePrecedente) {
		c.Header("Cache-Control", "private, no-cache")
	}
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Vary", "Cookie, Accept-Encoding")
}
