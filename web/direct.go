package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
)

// pauseMenu is the least time between two counts of a menu that stays open.
const pauseMenu = 5 * time.Second

// Direct is what a page follows while it is open.
type Direct struct {
	Dossier string // id of the one that it shows
	Rang    int64  // at which it was read
	Liste   bool   // shows a list of dossiers
	Ops     bool   // shows what is stuck
	Action  string // id of the action on many dossiers that it reports
	Lot     string // id of the lot that is being built, or validated
	Travail string // kind and id of the long work of the ops staff that it shows; without id, the list of the kind
	Partie  string // which part of that
}

// Suivre has the page say what happens to a dossier after the rang at which it was
// read: its talon, its état and its amounts are drawn again, and the reader hears that
// it changed.
func (p *Piece) Suivre(dossier string, rang int64) {
	if p.Vif != nil {
		p.Vif.Dossier, p.Vif.Rang = dossier, rang
	}
}

// SuivreListe has the page announce what comes into its list of dossiers, which is the
// element marked data-liste: what its own filter holds, as getVenus says.
func (p *Piece) SuivreListe() {
	if p.Vif != nil {
		p.Vif.Liste = true
	}
}

// adresse is where the stream of a page is.
func (d Direct) adresse() string {
	q := url.Values{}
	if d.Dossier != "" {
		q.Set("dossier", d.Dossier)
		q.Set("rang", strconv.FormatInt(d.Rang, 10))
	}
	if d.Liste {
		q.Set("liste", "1")
	}
	if d.Ops {
		q.Set("ops", "1")
	}
	if d.Action != "" {
		q.Set("action", d.Action)
	}
	if d.Lot != "" {
		q.Set("lot", d.Lot)
	}
	if d.Travail != "" {
		q.Set("travail", d.Travail)
		q.Set("partie", d.Partie)
	}
	if len(q) == 0 {
		return "/direct"
	}
	return "/direct?" + q.Encode()
}

// getDirect answers GET /direct: the stream of an open page. It is not a page: who
// opens it as one is sent home.
func (w *Web) getDirect(c *gin.Context) {
	if !strings.Contains(c.GetHeader("Accept"), "text/event-stream") {
		c.Redirect(http.StatusSeeOther, "/accueil")
		return
	}
	as := []api.Abonnement{{Sujet: api.Sujet{Genre: "liste"}, Dessin: w.dessinMenu(), Perso: true, Pause: pauseMenu}}
	dossier := c.Query("dossier")
	if dossier != "" {
		lu, err := w.Interieur.Rang(c, dossier)
		if err != nil {
			w.refuserDirect(c, err)
			return
		}
		as = append(as, api.Abonnement{Sujet: api.Sujet{Genre: "dossier", ID: dossier}, Dessin: w.dessinDossier(), Depart: lu != rangConnu(c)})
	}
	if c.Query("liste") != "" {
		as = append(as, api.Abonnement{Sujet: api.Sujet{Genre: "liste"}, Dessin: w.dessinListe()})
	}
	if c.Query("ops") != "" && slices.Contains(exploiteLu.Roles, w.Interieur.Occupant(c).Role) {
		as = append(as, api.Abonnement{Sujet: api.Sujet{Genre: "ops"}, Dessin: w.dessinOps(), Perso: true, Pause: 2 * time.Second})
	}
	if id := c.Query("action"); id != "" {
		if _, err := w.Interieur.ActionLot(c, id); err != nil {
			w.refuserDirect(c, err)
			return
		}
		as = append(as, api.Abonnement{Sujet: api.Sujet{Genre: "action", ID: id}, Dessin: w.dessinAction(), Perso: true, Pause: time.Second})
	}
	if id := c.Query("lot"); id != "" {
		if _, _, err := w.Interieur.LotSuivi(c, id); err != nil {
			w.refuserDirect(c, err)
			return
		}
		as = append(as, api.Abonnement{Sujet: api.Sujet{Genre: "lot", ID: id}, Dessin: w.dessinLot(), Pause: time.Second})
	}
	if t := c.Query("travail"); t != "" {
		a, err := w.abonnementTravail(c, t, c.Query("partie"))
		if err != nil {
			w.refuserDirect(c, err)
			return
		}
		as = append(as, a)
	}
	w.Interieur.Diffuser(c, as, dossier)
}

// refuserDirect says to a stream that it may not be, without a page.
func (w *Web) refuserDirect(c *gin.Context, err error) {
	c.Abort()
	c.Status(int(api.Answer(err).Status))
	c.Writer.WriteHeaderNow()
}

// rangConnu is the rang that a page has: that of the last event it received, else the
// one at which it was drawn.
func rangConnu(c *gin.Context) int64 {
	dit := c.GetHeader("Last-Event-ID")
	if dit == "" {
		dit = c.Query("rang")
	}
	n, err := strconv.ParseInt(dit, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// dessinMenu counts the menu of one account.
func (w *Web) dessinMenu() api.Dessin {
	return api.Dessin{Nom: "menu", Faire: func(ctx context.Context, a api.Audience, _ string) (api.Trame, error) {
		c, err := w.Interieur.AuNomDe(ctx, a.Qui)
		if err != nil {
			return nil, err
		}
		o := w.Interieur.Occupant(c)
		comptes := map[string][2]any{}
		for _, r := range menu(o, w.compteurs(c, o), "") {
			for _, e := range r.Entrees {
				comptes[e.URL] = [2]any{nombre(e.Compte), e.Ton}
				if e.Compte == 0 {
					comptes[e.URL] = [2]any{"", ""}
				}
			}
		}
		return evenement("menu", "", comptes)
	}}
}

// dessinListe says which dossier of a list changed; "" when nobody knows.
func (w *Web) dessinListe() api.Dessin {
	return api.Dessin{Nom: "liste", Faire: func(ctx context.Context, a api.Audience, id string) (api.Trame, error) {
		if id == "" {
			return evenement("liste", "", map[string]any{"relire": true})
		}
		l, err := w.Interieur.LigneVue(ctx, a, id)
		if err != nil {
			return nil, err
		}
		return evenement("liste", "", map[string]any{"id": l.ID, "etat": l.Etat, "rang": l.Rang})
	}}
}

// evenement writes a named event whose data are v.
func evenement(nom, id string, v any) (api.Trame, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	t := "event: " + nom + "\n"
	if id != "" {
		t += "id: " + id + "\n"
	}
	return api.Trame(t + "data: " + string(b) + "\n\n"), nil
}

// fragment writes an event without a name: HTML that htmx puts in the place of target.
func fragment(target, html string) api.Trame {
	html = `<hx-partial hx-target="` + target + `" hx-swap="outerHTML">` + html + `</hx-partial>`
	return api.Trame("data: " + strings.ReplaceAll(html, "\n", "\ndata: ") + "\n\n")
}

// vif says that the pages of o hear what happens, when they are in an espace.
func vif(o Occupant) *Direct {
	if o.Role == "" {
		return nil
	}
	return &Direct{}
}
