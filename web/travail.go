package web

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// travailVu is what a page shows of a long work of the ops staff while it goes on: its parts, drawn again
// by their ids, the stage it is in, and what is said when that stage ends. Entier: all that changed has
// been drawn, nothing is to be read again.
type travailVu struct {
	parties []partieVive
	etape   string
	phrase  string
	entier  bool
}

// genreTravail is a kind of long work: who may look at it, and how one is read.
type genreTravail struct {
	regle api.Regle
	lire  func(c *gin.Context, id, partie string) (travailVu, error)
}

// travaux are the long works whose pages say by themselves how far they are; an empty id is the list of
// the kind.
func (w *Web) travaux() map[string]genreTravail {
	return map[string]genreTravail{
		"intervention": {interventionLue, w.vuIntervention},
		"rejeu":        {exploiteLu, w.vuRejeu},
		"verification": {exploiteLu, w.vuVerification},
	}
}

// suivreTravail has a page follow a work, or the list of a kind when id is "". partie is which part of it
// the page shows: the cases after a number, the interventions on an object.
func (p *Piece) suivreTravail(genre, id, partie string) {
	if p.Vif != nil {
		p.Vif.Travail, p.Vif.Partie = genre+"/"+id, partie
	}
}

// abonnementTravail is what the stream of such a page follows; NotFound to who may not look.
func (w *Web) abonnementTravail(c *gin.Context, dit, partie string) (api.Abonnement, error) {
	genre, id, _ := strings.Cut(dit, "/")
	g, connu := w.travaux()[genre]
	if !connu || !slices.Contains(g.regle.Roles, w.Interieur.Occupant(c).Role) {
		return api.Abonnement{}, opco.Errorf(opco.NotFound, "Il n’y a rien à suivre ici.")
	}
	if _, err := g.lire(c, id, partie); err != nil {
		return api.Abonnement{}, err
	}
	dessin := api.Dessin{Nom: "travail/" + partie, Faire: func(ctx context.Context, a api.Audience, id string) (api.Trame, error) {
		c, err := w.Interieur.AuNomDe(ctx, a.Qui)
		if err != nil {
			return nil, err
		}
		v, err := g.lire(c, id, partie)
		if err != nil {
			return nil, err
		}
		return v.trame(ctx)
	}}
	return api.Abonnement{Sujet: api.Sujet{Genre: genre, ID: id}, Dessin: dessin, Depart: true, Perso: true, Pause: time.Second}, nil
}

// trame writes what is drawn again; the page says by itself that the stage has ended.
func (v travailVu) trame(ctx context.Context) (t api.Trame, err error) {
	if v.etape != "" {
		if t, err = evenement("action", "", map[string]any{"etat": v.etape, "phrase": v.phrase, "entier": v.entier}); err != nil {
			return nil, err
		}
	}
	for _, x := range v.parties {
		var b bytes.Buffer
		if err := x.corps.Render(ctx, &b); err != nil {
			return nil, err
		}
		t = append(t, fragment("#"+x.cible, b.String())...)
	}
	return t, nil
}

// vuIntervention is how far an intervention is, with the cases that the page shows; or the journal.
func (w *Web) vuIntervention(c *gin.Context, id, partie string) (travailVu, error) {
	if id == "" {
		p, err := w.lireInterventions(c, store.FiltreInterventions{Objet: partie})
		return travailVu{parties: []partieVive{{"interventions", listeInterventions(p)}}}, err
	}
	p, err := w.lireIntervention(c, id, partie)
	return travailVu{parties: []partieVive{{"avancement", avancementIntervention(p)}, {"elements", elementsIntervention(p)}}, etape: string(p.Etat), phrase: p.phrase()}, err
}

// vuRejeu is how far a replay is, with its verdict at the end; or the list of the last ones.
func (w *Web) vuRejeu(c *gin.Context, id, _ string) (travailVu, error) {
	if id == "" {
		vs, err := w.Interieur.Rejeux(c, time.Time{}, pageRejeux)
		return travailVu{parties: []partieVive{{"rejeux", tableRejeux(vs)}}}, err
	}
	v, err := w.Interieur.Rejeu(c, id)
	p := RejeuLu{RejeuVue: v}
	return travailVu{parties: []partieVive{{"avancement", resultatRejeu(p)}}, etape: string(v.Etat), phrase: p.phrase(), entier: true}, err
}

// vuVerification is how far a verification is, with its report at the end; or the page of all.
func (w *Web) vuVerification(c *gin.Context, id, _ string) (travailVu, error) {
	if id == "" {
		p, err := w.lireVerifications(c, time.Time{})
		v := travailVu{parties: []partieVive{{"verifications", listeVerifications(p)}}}
		if p.Derniere != nil {
			v.etape, v.phrase, v.entier = string(p.Derniere.Etat), marqueVerification(*p.Derniere).Libelle+".", true
		}
		return v, err
	}
	x, err := w.Interieur.Verification(c, id)
	return travailVu{parties: []partieVive{{"avancement", rapportVerification(x)}}, etape: string(x.Etat), phrase: marqueVerification(x).Libelle + ".", entier: true}, err
}
