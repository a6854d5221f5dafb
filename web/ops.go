package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// BloquesVus is the console: how the house runs, and what is stuck by cause.
type BloquesVus struct {
	Piece
	api.Bloques
	Maintenant time.Time
	Fermes     []store.Interrupteur // the kill switches that hold something back
	Verifie    VerificationDuJour
}

// CauseVue is one cause, and a page of its cases.
type CauseVue struct {
	Piece
	api.CauseEntiere
	Etape      opco.Etat
	Suite      string
	Maintenant time.Time
}

// CasVu is one case.
type CasVu struct {
	Piece
	api.CasEntier
	Maintenant time.Time
}

// tonsGravite draws how much a cause stops.
var tonsGravite = map[opco.Gravite]string{opco.GraviteArret: Rouge, opco.GraviteRetard: Ambre, opco.GraviteAttention: Prune}

// iconesNature draw what is stuck.
var iconesNature = map[opco.NatureIncident]string{opco.IncidentActe: "inbox", opco.IncidentEcheance: "alarm-clock", opco.IncidentActivite: "refresh-cw",
	opco.IncidentProcedure: "octagon-x", opco.IncidentMoteur: "gauge", opco.IncidentDivergence: "scale", opco.IncidentBanque: "landmark", opco.IncidentCourriel: "mail",
	opco.IncidentRIB: "banknote", opco.IncidentCompte: "user-x", opco.IncidentControle: "shield-check", opco.IncidentConnexion: "lock"}

// getBloques answers GET /ops.
func (w *Web) getBloques(c *gin.Context) {
	p, err := w.lireBloques(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Piece = w.piece(c, "Cas bloqués", adresseOps)
	p.avecFeuille()
	if p.Vif != nil {
		p.Vif.Ops = true
	}
	w.rendre(c, http.StatusOK, PageBloques(p))
}

// lireBloques reads what the console shows and draws again.
func (w *Web) lireBloques(c *gin.Context) (BloquesVus, error) {
	b, err := w.Interieur.Bloques(c)
	return BloquesVus{Bloques: b, Maintenant: time.Now(), Fermes: w.fermes(c, "paiements", "courriels"), Verifie: w.verificationDuJour(c)}, err
}

// dessinOps draws the console again.
func (w *Web) dessinOps() api.Dessin {
	return api.Dessin{Nom: "ops", Faire: func(ctx context.Context, a api.Audience, _ string) (api.Trame, error) {
		c, err := w.Interieur.AuNomDe(ctx, a.Qui)
		if err != nil {
			return nil, err
		}
		p, err := w.lireBloques(c)
		if err != nil {
			return nil, err
		}
		var html bytes.Buffer
		if err := TableauBloques(p).Render(ctx, &html); err != nil {
			return nil, err
		}
		return fragment("#bloques", html.String()), nil
	}}
}

// getCause answers GET /ops/causes/:cause.
func (w *Web) getCause(c *gin.Context) {
	code, etape := c.Param("cause"), opco.Etat(c.Query("etape"))
	if etape != "" && !slices.Contains(opco.Etats(), etape) {
		w.introuvable(c)
		return
	}
	x, err := w.Interieur.CauseBloquee(c, code, etape, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := CauseVue{Piece: w.piece(c, x.Cause.Titre, adresseOps), CauseEntiere: x, Etape: etape, Maintenant: time.Now()}
	p.avecFeuille()
	q := url.Values{}
	if etape != "" {
		q.Set("etape", string(etape))
	}
	p.Suite = pageSuivante(adresseCause(code), q, x.Suivant)
	w.rendre(c, http.StatusOK, PageCause(p))
}

// getCas answers GET /ops/cas/:cas.
func (w *Web) getCas(c *gin.Context) {
	numero, err := strconv.ParseInt(c.Param("cas"), 10, 64)
	if err != nil || numero < 1 {
		w.introuvable(c)
		return
	}
	k, err := w.Interieur.CasBloque(c, numero)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := CasVu{Piece: w.piece(c, "Cas "+strconv.FormatInt(numero, 10), adresseOps), CasEntier: k, Maintenant: time.Now()}
	p.avecFeuille()
	w.rendre(c, http.StatusOK, PageCas(p))
}

func adresseCause(code string) string { return adresseOps + "/causes/" + url.PathEscape(code) }

func adresseCas(numero int64) string { return adresseOps + "/cas/" + strconv.FormatInt(numero, 10) }
