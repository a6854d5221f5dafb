package web

import (
	"context"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// trouvesMax is how many rows of each kind a search shows.
const trouvesMax = 8

// Rang reads how far a dossier has gone.
func (p porteInterieur) Rang(c *gin.Context, dossier string) (int64, error) {
	l, err := p.Store.Ligne(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), dossier)
	return l.Rang, err
}

// Diffuser keeps a stream open.
func (p porteInterieur) Diffuser(c *gin.Context, as []api.Abonnement, regarde string) {
	p.Server.Suivre(c, as, regarde)
}

// LigneVue reads a dossier within the reach of an audience.
func (p porteInterieur) LigneVue(ctx context.Context, a api.Audience, dossier string) (store.LigneDossier, error) {
	return p.Store.Ligne(ctx, a.Portee, dossier)
}

// Who searches what.
var (
	liseursDossiers = []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleControleur, opco.RoleAuditeur}
	chercheurs      = append(slices.Clone(liseursDossiers), opco.RoleConseiller)
	organisations   = []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme}
)

// Chercher finds dossiers, what bears a number in them, salariés and documents and, for
// the staff who read them, organisations and accounts.
func (p porteInterieur) Chercher(c *gin.Context, texte string) (t Trouves, err error) {
	u := api.Qui(c.Request.Context())
	if slices.Contains(liseursDossiers, u.Role) {
		r, err := p.ListerDossiers(contexte(c), api.ListerDossiersRequestObject{Params: api.ListerDossiersParams{Texte: texte, Limite: trouvesMax}})
		if err != nil {
			return t, err
		}
		lus, _ := r.(api.ListerDossiers200JSONResponse)
		t.Dossiers = lus.Dossiers
		if t.Nommes, err = p.Store.Nommes(c.Request.Context(), u.Portee(), texte); err != nil {
			return t, err
		}
		if err := p.chercherGensEtDocuments(c.Request.Context(), u, texte, &t); err != nil {
			return t, err
		}
	}
	if u.Role.Interne() {
		if t.Organisations, err = p.Store.Organisations(c.Request.Context(), texte, trouvesMax); err != nil {
			return t, err
		}
	}
	if slices.Contains(liseurs, u.Role) {
		ls, _, err := p.Comptes(c, store.FiltreComptes{Texte: texte})
		if err != nil {
			return t, err
		}
		t.Comptes = ls[:min(len(ls), trouvesMax)]
	}
	return t, nil
}

// chercherGensEtDocuments finds the salariés of a company, and the documents that who
// searches reads by their lists.
func (p porteInterieur) chercherGensEtDocuments(ctx context.Context, u store.Utilisateur, texte string, t *Trouves) error {
	if u.Role == opco.RoleEntreprise {
		page, err := p.Store.Salaries(ctx, u.Portee(), store.FiltreSalaries{Texte: texte, Limite: trouvesMax})
		if err != nil {
			return err
		}
		t.Salaries = page.Salaries
	}
	if !slices.Contains(slices.Concat(documentsLus.Roles, organisations), u.Role) {
		return nil
	}
	var err error
	t.Documents, err = p.Store.DocumentsNommes(ctx, u.Portee(), texte, trouvesMax)
	return err
}

// ReglerTouches keeps the choice of who makes the request.
func (p porteInterieur) ReglerTouches(c *gin.Context, touches bool) error {
	return p.Store.ReglerTouches(c.Request.Context(), api.Qui(c.Request.Context()).Compte, touches)
}
