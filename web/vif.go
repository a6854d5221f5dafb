package web

import (
	"bytes"
	"context"
	"strconv"

	"github.com/a-h/templ"

	"guichet/api"
	"guichet/opco"
)

// partieVive is a part of a page that is drawn again when its dossier moves: corps
// takes the place of the element whose id is cible, on the pages that have it.
type partieVive struct {
	cible string
	corps templ.Component
}

// vifDossier is what moves with a dossier on the pages of one audience; onglets are the counts
// of its tabs, by address.
type vifDossier struct {
	parties []partieVive
	onglets map[string]int
}

// idEtat is the id of the état of a dossier in its page.
func idEtat(dossier string) string { return "etat-" + dossier }

// dessinDossier draws again what moves with a dossier, and says that it changed.
func (w *Web) dessinDossier() api.Dessin {
	return api.Dessin{Nom: "suivi", Faire: func(ctx context.Context, a api.Audience, id string) (api.Trame, error) {
		l, err := w.Interieur.LigneVue(ctx, a, id)
		if err != nil {
			return nil, err
		}
		v, err := w.vifDe(ctx, a, id)
		if err != nil {
			return nil, err
		}
		t, err := evenement("dossier", strconv.FormatInt(l.Rang, 10), map[string]any{"etat": l.Etat, "libelle": l.Etat.String(), "rang": l.Rang, "onglets": v.onglets})
		if err != nil {
			return nil, err
		}
		for _, x := range v.parties {
			var b bytes.Buffer
			if err := x.corps.Render(ctx, &b); err != nil {
				return nil, err
			}
			t = append(t, fragment("#"+x.cible, b.String())...)
		}
		return t, nil
	}}
}

// vifDe reads a dossier as its audience does.
func (w *Web) vifDe(ctx context.Context, a api.Audience, id string) (vifDossier, error) {
	c, err := w.Interieur.AuNomDe(ctx, a.Qui)
	if err != nil {
		return vifDossier{}, err
	}
	if a.Portee.Interne {
		e, err := w.Interieur.Etude(c, id)
		return vifDossier{parties: []partieVive{{"ouenest", OuEnEst(e.talon())}, {idEtat(id), etatEtude(e)}}}, err
	}
	d, err := w.Interieur.DossierLu(c, id)
	if err != nil {
		return vifDossier{}, err
	}
	nonLus, err := w.Interieur.EchangesNonLus(c, id)
	if err != nil {
		return vifDossier{}, err
	}
	if a.Portee.Role == opco.RoleOrganisme {
		return vifOrganisme(d, nonLus[opco.RoleOrganisme]), nil
	}
	return vifEntreprise(d, nonLus[opco.RoleEntreprise]), nil
}

func vifEntreprise(d DossierLu, nonLus int) vifDossier {
	p := DossierEntreprise{DossierLu: d, NonLus: nonLus}
	p.disposer("", nil, MotsDepot{})
	return vifDossier{[]partieVive{{"ouenest", OuEnEst(p.Talon)}, {idEtat(d.Dossier.ID), etatVif(d.Dossier)}, {"fil-argent", FilArgent(p.Fil)},
		{"accord", accordEntreprise(p)}}, comptesOnglets(p.Onglets)}
}

func vifOrganisme(d DossierLu, nonLus int) vifDossier {
	p := DossierOF{DossierLu: d, NonLus: nonLus}
	p.disposer("", nil, MotsDepot{})
	return vifDossier{[]partieVive{{"ouenest", OuEnEst(p.Talon)}, {idEtat(d.Dossier.ID), etatVif(d.Dossier)}, {"blocage", blocageVif(p.Blocage)},
		{"accord", accordOrganisme(p)}}, comptesOnglets(p.Onglets)}
}

// comptesOnglets are the counts of the tabs that have one.
func comptesOnglets(os []Onglet) map[string]int {
	n := map[string]int{}
	for _, o := range os {
		if o.Compte >= 0 {
			n[o.URL] = o.Compte
		}
	}
	return n
}

// talon says where the dossier stands in a line, to those who instruct it.
func (e Etude) talon() Talon {
	return Talon{Suivi: e.Suivi.Suivi, Etat: e.Dossier.Etat, Jour: e.Jour, Bref: true}
}
