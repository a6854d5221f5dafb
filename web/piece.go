package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// Piece is what every page of a connected person carries beside Page. Acte is the
// id of the acte that its forms make: sent twice, a form is one acte.
type Piece struct {
	Page
	Acte string
	Lit  opco.Role // the role in which it is read
}

// dossier is the address of a dossier for the staff, "" for who may not open one.
func (p Piece) dossier(id string) string {
	if !slices.Contains(instruitLu.Roles, p.Lit) {
		return ""
	}
	return dossierComptable(id)
}

// piece returns what a page of a connected person carries: who they are, and a menu
// that holds only what their espace may do now (AK-10). ici is the address of the
// entry of the menu where the page stands.
func (w *Web) piece(c *gin.Context, titre, ici string) Piece {
	o := w.Interieur.Occupant(c)
	p := Piece{Page: w.page(c, titre), Acte: uuid.NewString(), Lit: o.Role}
	p.Qui, p.Feuilles = o.qui(), []string{"compte.css"}
	p.Menu, p.Vif, p.SansTouches = menu(o, w.compteurs(c, o), ici), vif(o), o.SansTouches
	p.Cherche = slices.Contains(chercheurs, o.Role)
	if p.Densite == "" && o.Role.Interne() {
		p.Densite = "serre"
	}
	return p
}

// qui says who is connected as the menu shows it.
func (o Occupant) qui() *Qui {
	q := Qui{Nom: strings.TrimSpace(o.Prenom + " " + o.Nom), Interne: o.Interne}
	e := o.Entre()
	switch {
	case o.Espace == "":
		q.Fonction = "Accès limité"
		if o.Interne {
			q.Fonction = "OPCO"
		}
	default:
		q.Fonction = e.Role.Libelle()
	}
	if e.PourNom != "" {
		q.Fonction += ", pour le compte de " + e.PourNom
	}
	if len(o.Espaces) > 1 && o.Espace != "" {
		q.Perimetre, q.PerimetreURL = nomEspace(e), "/perimetre"
	}
	return &q
}

// nomEspace names an espace in the menu.
func nomEspace(e store.Espace) string {
	switch {
	case e.Role.Interne() && e.PourNom != "":
		return e.Role.Libelle() + ", pour le compte de " + e.PourNom
	case e.Role.Interne():
		return e.Role.Libelle()
	}
	return e.Nom
}

// Who reaches the pages of the staff.
var (
	decideurs = []opco.Role{opco.RoleConseiller, opco.RoleGestionnaire, opco.RoleResponsable}
	liseurs   = append(slices.Clone(decideurs), opco.RoleAuditeur)
)

// acteDuFormulaire is the id of the acte of a form; a form that lost it makes a new one.
func acteDuFormulaire(c *gin.Context) string {
	id := c.PostForm("acte_id")
	if id == "" {
		id = c.Query("acte_id")
	}
	if u, err := uuid.Parse(id); err == nil {
		return u.String()
	}
	return uuid.NewString()
}

// fait ends an acte that worked: the next page says so, or says that the procedure
// has not answered yet.
func (w *Web) fait(c *gin.Context, v opco.Verdict, annonce, vers string) {
	if v == opco.VerdictRecu {
		annonce = "recu"
	}
	w.annoncer(c, annonce)
	suite(c, vers)
}

// montrerRefus shows again, with what is wrong, the page whose form was refused;
// montrer draws it.
func (w *Web) montrerRefus(c *gin.Context, f Formulaire, err error, noms map[string]string, montrer func(statut int, f Formulaire)) {
	statut, fautes, ok := w.reprendre(c, err, noms)
	if ok {
		montrer(statut, f.avec(fautes))
	}
}

// reprendrePage shows a page again after what its own reading found wrong.
func reprendrePage(l lecteur, montrer func(statut int, f Formulaire)) {
	montrer(http.StatusUnprocessableEntity, l.avec(l.fautes))
}

// valeurs writes the values of a form: names and values in turn.
func valeurs(paires ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(paires); i += 2 {
		v.Set(paires[i], paires[i+1])
	}
	return v
}
