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

// Agents is the list of the staff, for an administrator or an auditeur.
type Agents struct {
	Piece
	Agents   []api.AgentLu
	Attend   int // roles that wait for a second administrator
	Modifie  bool
	Absences []store.LigneDelegation
}

// AgentVu is a member of the staff, and what the administrator may do.
type AgentVu struct {
	Piece
	api.AgentLu
	Modifie  bool // the reader administers
	Moi      bool // it is the reader's own account
	Dirige   bool // may end the links of others
	Roles    []Option
	Absences []store.LigneDelegation
}

// getAgents answers GET /agents.
func (w *Web) getAgents(c *gin.Context) {
	p := Agents{Piece: w.piece(c, "Agents", "/agents"), Modifie: w.Interieur.Occupant(c).Role == opco.RoleAdmin}
	var err error
	if p.Agents, err = w.Interieur.Agents(c); err == nil {
		p.Absences, err = w.Interieur.Delegations(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	for _, a := range p.Agents {
		for _, r := range a.Roles {
			if r.Attend {
				p.Attend++
			}
		}
	}
	api.Montrer(c.Request.Context(), "liste", len(p.Agents))
	w.rendre(c, http.StatusOK, PageAgents(p))
}

func lignesAgents(as []api.AgentLu) [][]Cellule {
	var l [][]Cellule
	for _, a := range as {
		var roles []string
		for _, r := range a.Roles {
			s := r.Libelle
			if r.Attend {
				s += " (à confirmer)"
			}
			roles = append(roles, s)
		}
		if len(roles) == 0 {
			roles = []string{"Aucun"}
		}
		l = append(l, []Cellule{{Texte: nomAgent(a), Note: a.Email, URL: "/agents/" + a.Id}, {Texte: liste(roles)}, {Corps: PastilleCompte(a.Etat)}, {Texte: facteursDits(a.Facteurs)}})
	}
	return l
}

func nomAgent(a api.AgentLu) string {
	if n := strings.TrimSpace(a.Prenom + " " + a.Nom); n != "" {
		return n
	}
	return a.Identifiant
}

// facteursDits says which second proofs somebody has.
func facteursDits(f api.FacteursResume) string {
	var s []string
	if f.Passkeys > 0 {
		s = append(s, combien(int(f.Passkeys), "clé")+" d’accès")
	}
	if f.Totp {
		s = append(s, "application de codes")
	}
	if len(s) == 0 {
		return "Aucune"
	}
	return majuscule(liste(s))
}

// agent finds a member of the staff.
func (w *Web) agent(c *gin.Context) (api.AgentLu, bool) {
	as, err := w.Interieur.Agents(c)
	if err != nil {
		w.echouer(c, err)
		return api.AgentLu{}, false
	}
	i := slices.IndexFunc(as, func(a api.AgentLu) bool { return a.Id == c.Param("compte") })
	if i < 0 {
		w.introuvable(c)
		return api.AgentLu{}, false
	}
	return as[i], true
}

// getAgent answers GET /agents/:compte.
func (w *Web) getAgent(c *gin.Context) { w.montrerAgent(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerAgent(c *gin.Context, statut int, f Formulaire) {
	a, ok := w.agent(c)
	if !ok {
		return
	}
	o := w.Interieur.Occupant(c)
	p := AgentVu{Piece: w.piece(c, nomAgent(a), "/agents"), AgentLu: a, Modifie: o.Role == opco.RoleAdmin, Moi: a.Id == o.Compte, Dirige: o.Role == opco.RoleAdmin}
	ds, err := w.Interieur.Delegations(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	for _, d := range ds {
		if d.Compte == a.Id || d.Delegue == a.Id {
			p.Absences = append(p.Absences, d)
		}
	}
	p.Roles = rolesOfferts(a)
	api.Montrer(c.Request.Context(), opco.ObjetCompte(a.Id), 1)
	p.Formulaire = f
	w.rendre(c, statut, PageAgent(p))
}

// rolesOfferts are the roles that somebody may still receive.
func rolesOfferts(a api.AgentLu) []Option {
	os := []Option{{"", "Choisir un rôle"}}
	for _, r := range opco.RolesInternes() {
		tenu := slices.ContainsFunc(a.Roles, func(x api.RoleLu) bool { return x.Role == r })
		exclu := slices.ContainsFunc(a.Roles, func(x api.RoleLu) bool { return opco.RolesIncompatibles(r, x.Role) != "" })
		if !tenu && !exclu {
			os = append(os, Option{string(r), r.Libelle()})
		}
	}
	return os
}

// exclusions says which roles somebody may not add to theirs, and why; "" when they
// may hold any.
func exclusions(a api.AgentLu) string {
	var roles, raisons []string
	for _, r := range opco.RolesInternes() {
		for _, x := range a.Roles {
			raison, _, _ := strings.Cut(opco.RolesIncompatibles(r, x.Role), " : ")
			if raison == "" {
				continue
			}
			if nom := "« " + r.Libelle() + " »"; !slices.Contains(roles, nom) {
				roles = append(roles, nom)
			}
			if !slices.Contains(raisons, raison) {
				raisons = append(raisons, raison)
			}
		}
	}
	if len(roles) == 0 {
		return ""
	}
	return majuscule(liste(roles)) + " ne se cumule" + accordPluriel(len(roles), "nt") + " pas avec ses rôles. " + strings.Join(raisons, ". ") + "."
}

// surAgent performs an acte on the account of the page, with a reason when raison
// names its field.
func (w *Web) surAgent(c *gin.Context, champs []string, raison, phrase, annonce string, faire func(acte, compte string, f Formulaire) (opco.Verdict, error)) {
	f, ok := w.formulaire(c, champs...)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	if raison != "" {
		l.exiger(raison, strings.TrimSpace(f.Valeur(raison)) != "", phrase)
	}
	montrer := func(statut int, f Formulaire) { w.montrerAgent(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := faire(acteDuFormulaire(c), c.Param("compte"), f)
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"raison": raison}, montrer)
		return
	}
	w.fait(c, v, annonce, "/agents/"+c.Param("compte"))
}

// postRole answers POST /agents/:compte/roles.
func (w *Web) postRole(c *gin.Context) {
	w.surAgent(c, []string{"role"}, "role", "Choisissez le rôle à donner.", "role-donne", func(acte, compte string, f Formulaire) (opco.Verdict, error) {
		return w.Interieur.AccorderRole(c, acte, compte, opco.ChargeRole{Role: opco.Role(f.Valeur("role"))})
	})
}

// postConfirmerRole answers POST /agents/:compte/roles/confirmation: the second
// administrator.
func (w *Web) postConfirmerRole(c *gin.Context) {
	w.surAgent(c, []string{"role_confirme"}, "", "", "role-confirme", func(acte, compte string, f Formulaire) (opco.Verdict, error) {
		return w.Interieur.ConfirmerRole(c, acte, compte, opco.ChargeRole{Role: opco.Role(f.Valeur("role_confirme"))})
	})
}

// postRetirerRole answers POST /agents/:compte/roles/retrait.
func (w *Web) postRetirerRole(c *gin.Context) {
	w.surAgent(c, []string{"role_retire", "raison_role"}, "raison_role", "Dites pourquoi ce rôle est retiré : la personne le lira.", "role-retire",
		func(acte, compte string, f Formulaire) (opco.Verdict, error) {
			return w.Interieur.RetirerRole(c, acte, compte, opco.ChargeRole{Role: opco.Role(f.Valeur("role_retire")), Raison: f.Valeur("raison_role")})
		})
}

// postFacteursAgent answers POST /agents/:compte/facteurs.
func (w *Web) postFacteursAgent(c *gin.Context) {
	w.surAgent(c, []string{"raison_facteurs"}, "raison_facteurs", "Dites pourquoi : la personne le lira.", "facteurs-retires",
		func(acte, compte string, f Formulaire) (opco.Verdict, error) {
			return w.Interieur.RetirerFacteurs(c, acte, compte, f.Valeur("raison_facteurs"))
		})
}

// postRelanceAgent answers POST /agents/:compte/renvoi.
func (w *Web) postRelanceAgent(c *gin.Context) {
	w.surAgent(c, nil, "", "", "agent-cree", func(acte, compte string, _ Formulaire) (opco.Verdict, error) {
		return w.Interieur.RelancerAgent(c, acte, compte)
	})
}

// postClotureInterne answers POST /agents/:compte/cloture.
func (w *Web) postClotureInterne(c *gin.Context) {
	w.surAgent(c, []string{"raison_cloture"}, "raison_cloture", "Dites pourquoi le compte est fermé : la personne le lira.", "compte-ferme",
		func(acte, compte string, f Formulaire) (opco.Verdict, error) {
			return w.Interieur.CloreAgent(c, acte, compte, f.Valeur("raison_cloture"))
		})
}

// postFinLien answers POST /agents/:compte/liens/fin.
func (w *Web) postFinLien(c *gin.Context) {
	w.surAgent(c, []string{"siren"}, "", "", "lien-fini", func(acte, compte string, f Formulaire) (opco.Verdict, error) {
		return w.Interieur.FinirLien(c, acte, compte, f.Valeur("siren"))
	})
}

// AgentNouveau is the form that opens the account of a member of the staff.
type AgentNouveau struct {
	Piece
	Sensibles []string // roles that need a second administrator
}

// getAgentNouveau answers GET /agents/nouveau.
func (w *Web) getAgentNouveau(c *gin.Context) {
	w.montrerAgentNouveau(c, http.StatusOK, Formulaire{Valeurs: valeurs()})
}

func (w *Web) montrerAgentNouveau(c *gin.Context, statut int, f Formulaire) {
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := AgentNouveau{Piece: w.piece(c, "Ajouter un agent", "/agents")}
	for _, r := range regles.RolesSensibles {
		p.Sensibles = append(p.Sensibles, "« "+r.Libelle()+" »")
	}
	p.Formulaire = f
	w.rendre(c, statut, PageAgentNouveau(p))
}

// postAgentNouveau answers POST /agents/nouveau.
func (w *Web) postAgentNouveau(c *gin.Context) {
	f, ok := w.formulaire(c, "civilite", "nom", "prenom", "email", "fonction", "identifiant", "role")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ch := opco.ChargeAgent{Identite: l.lireInvite(), Identifiant: lire(&l, "identifiant", opco.ParseIdentifiant), Role: opco.Role(f.Valeur("role"))}
	l.exiger("role", ch.Role != "", "Choisissez son rôle.")
	montrer := func(statut int, f Formulaire) { w.montrerAgentNouveau(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.CreerAgent(c, acteDuFormulaire(c), ch)
	if err != nil {
		w.montrerRefus(c, f, err, champsDesDroits(0), montrer)
		return
	}
	w.fait(c, v, "agent-cree", "/agents")
}
