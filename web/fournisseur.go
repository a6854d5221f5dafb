package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

// InterieurFournisseur are the doors of the account that a house has elsewhere.
type InterieurFournisseur interface {
	// RelierFournisseur returns the address of the provider, where the browser goes and from
	// which it comes back linked.
	RelierFournisseur(c *gin.Context, motDePasse string) (adresse string, err error)
	DelierFournisseurs(c *gin.Context, motDePasse string) error
}

// Fournisseur is where the staff sign in with the account of their house: whether one may
// link one's own, and the providers that are linked.
type Fournisseur struct {
	Ouvert bool
	Relies []string
}

// DepartFournisseur is the page from which the browser leaves for the provider: a link,
// for a form may not lead to another site.
type DepartFournisseur struct {
	Piece
	Adresse string
}

// fournisseur is that of who reads the page: only the staff have one.
func (w *Web) fournisseur(c *gin.Context, f FacteursPoses) Fournisseur {
	return Fournisseur{Ouvert: w.Portes.OIDC() != "" && w.Interieur.Occupant(c).Interne, Relies: f.Identites}
}

// postFournisseur answers POST /compte/fournisseur: link one's account, with the password
// again.
func (w *Web) postFournisseur(c *gin.Context) {
	l, ok := w.lireMotDePasse(c, "mot_de_passe_fournisseur")
	if !ok {
		return
	}
	adresse, err := w.Interieur.RelierFournisseur(c, l.Valeur("mot_de_passe_fournisseur"))
	if err != nil {
		w.refuserMotDePasse(c, l.Formulaire, err, "mot_de_passe_fournisseur")
		return
	}
	w.rendre(c, http.StatusOK, PageDepartFournisseur(DepartFournisseur{Piece: w.piece(c, "Relier mon compte professionnel", "/compte"), Adresse: adresse}))
}

// postDelierFournisseur answers POST /compte/fournisseur/retrait.
func (w *Web) postDelierFournisseur(c *gin.Context) {
	l, ok := w.lireMotDePasse(c, "mot_de_passe_deliement")
	if !ok {
		return
	}
	if err := w.Interieur.DelierFournisseurs(c, l.Valeur("mot_de_passe_deliement")); err != nil {
		w.refuserMotDePasse(c, l.Formulaire, err, "mot_de_passe_deliement")
		return
	}
	w.annoncer(c, "fournisseur-delie")
	suite(c, "/compte/securite")
}

// lireMotDePasse reads the password that confirms who asks, or shows the page again.
func (w *Web) lireMotDePasse(c *gin.Context, champ string) (lecteur, bool) {
	f, ok := w.formulaire(c, champ)
	if !ok {
		return lecteur{}, false
	}
	l := lecteur{Formulaire: f}
	l.exiger(champ, f.Valeur(champ) != "", "Tapez votre mot de passe : il confirme que c’est bien vous.")
	if len(l.fautes) > 0 {
		reprendrePage(l, func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) })
		return l, false
	}
	return l, true
}

func (w *Web) refuserMotDePasse(c *gin.Context, f Formulaire, err error, champ string) {
	w.montrerRefus(c, f, err, map[string]string{"mot_de_passe": champ}, func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) })
}

// nomFournisseur says a provider by its host, as the address bar shows it there.
func nomFournisseur(adresse string) string {
	if u, err := url.Parse(adresse); err == nil && u.Host != "" {
		return u.Host
	}
	return adresse
}
