package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Absences is where a member of the staff says that they are away, and who stands
// in for them (reliability.md 3.1, rule 6).
type Absences struct {
	Piece
	Absences []store.LigneDelegation
	Moi      string
	Dirige   bool     // may end or declare those of others
	Absents  []Option // whose absence may be declared
	Gens     []Option // who may stand in
	Roles    []Option // in which the delegate acts
	Jours    int
}

// getAbsences answers GET /absences.
func (w *Web) getAbsences(c *gin.Context) { w.montrerAbsences(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerAbsences(c *gin.Context, statut int, f Formulaire) {
	o := w.Interieur.Occupant(c)
	p := Absences{Piece: w.piece(c, "Absences", "/absences"), Moi: o.Compte, Dirige: o.Role == opco.RoleResponsable || o.Role == opco.RoleAdmin}
	regles, err := w.Portes.Parametres(c)
	var as []api.AgentLu
	if err == nil {
		if p.Absences, err = w.Interieur.Delegations(c); err == nil {
			as, err = w.Interieur.Agents(c)
		}
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Jours = regles.DelegationJours
	p.remplir(as, regles.RolesSensibles)
	api.Montrer(c.Request.Context(), "liste", len(as))
	p.Formulaire = f
	w.rendre(c, statut, PageAbsences(p))
}

// remplir lists who may be away, in which roles, and who may stand in: only what the
// rules of a delegation accept (a sensitive role is passed on by its holder alone, nobody
// names himself, and some roles are never held together).
func (p *Absences) remplir(as []api.AgentLu, sensibles []opco.Role) {
	roles := []opco.Role{}
	for _, a := range as {
		siens := rolesTenus(a)
		delegables := siens
		if a.Id != p.Moi {
			delegables = slices.DeleteFunc(slices.Clone(siens), func(r opco.Role) bool { return !p.Dirige || slices.Contains(sensibles, r) })
			if opco.CompteOuvert(a.Etat) && len(delegables) > 0 {
				p.Absents = append(p.Absents, optionAgent(a, siens))
			}
		}
		for _, r := range delegables {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
				p.Roles = append(p.Roles, Option{string(r), r.Libelle()})
			}
		}
	}
	p.Gens = []Option{{"", "Choisir une personne"}}
	for _, a := range as {
		siens := rolesTenus(a)
		peut := func(r opco.Role) bool {
			return !slices.ContainsFunc(siens, func(x opco.Role) bool { return opco.RolesIncompatibles(r, x) != "" })
		}
		if a.Etat == opco.CompteActif && a.Id != p.Moi && slices.ContainsFunc(roles, peut) {
			p.Gens = append(p.Gens, optionAgent(a, siens))
		}
	}
}

// rolesTenus are the roles in force of somebody.
func rolesTenus(a api.AgentLu) []opco.Role {
	var rs []opco.Role
	for _, r := range a.Roles {
		if !r.Attend {
			rs = append(rs, r.Role)
		}
	}
	return rs
}

func optionAgent(a api.AgentLu, roles []opco.Role) Option {
	var noms []string
	for _, r := range roles {
		noms = append(noms, r.Libelle())
	}
	o := Option{a.Id, nomAgent(a)}
	if len(noms) > 0 {
		o.Texte += " (" + liste(noms) + ")"
	}
	return o
}

// postAbsence answers POST /absences.
func (w *Web) postAbsence(c *gin.Context) {
	f, ok := w.formulaire(c, "absent", "delegue", "role", "du", "au", "raison")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	absent := f.Valeur("absent")
	if absent == "" {
		absent = w.Interieur.Occupant(c).Compte
	}
	ch := opco.ChargeDelegation{Delegue: f.Valeur("delegue"), Role: opco.Role(f.Valeur("role")), Raison: f.Valeur("raison")}
	l.exiger("delegue", ch.Delegue != "", "Choisissez qui vous remplace.")
	l.exiger("role", ch.Role != "", "Choisissez le rôle délégué.")
	ch.Du, ch.Au = lire(&l, "du", opco.ParseDate), lire(&l, "au", opco.ParseDate)
	l.exiger("raison", strings.TrimSpace(ch.Raison) != "", "Dites pourquoi, par exemple « Congés ».")
	montrer := func(statut int, f Formulaire) { w.montrerAbsences(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.Deleguer(c, acteDuFormulaire(c), absent, ch)
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, "absence", "/absences")
}

// postFinAbsence answers POST /absences/fin.
func (w *Web) postFinAbsence(c *gin.Context) {
	f, ok := w.formulaire(c, "compte", "delegation")
	if !ok {
		return
	}
	v, err := w.Interieur.FinirDelegation(c, acteDuFormulaire(c), f.Valeur("compte"), f.Valeur("delegation"))
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerAbsences(c, statut, f) })
		return
	}
	w.fait(c, v, "absence-finie", "/absences")
}

// peutFinir reports whether the reader may end the absence.
func (p Absences) peutFinir(d store.LigneDelegation) bool {
	return p.Dirige || d.Compte == p.Moi || d.Delegue == p.Moi
}
