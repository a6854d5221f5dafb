package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// NouvelleDemande is where a demande starts: for which établissement, or from which
// past one (AK-16, AK-18).
type NouvelleDemande struct {
	Piece
	Sites      []Option
	Brouillons []store.LigneDossier // the latest, to go on with
	Anciennes  []store.LigneDossier // to copy
}

// brouillonsProches is how many brouillons and past demandes the start page shows.
const brouillonsProches = 5

// getNouvelleDemande answers GET /entreprise/demandes/nouvelle.
func (w *Web) getNouvelleDemande(c *gin.Context) { w.montrerNouvelle(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerNouvelle(c *gin.Context, statut int, f Formulaire) {
	p := NouvelleDemande{Piece: w.pieceDemande(c, "Nouvelle demande", "/entreprise/demandes/nouvelle")}
	p.Formulaire = f
	var err error
	if p.Sites, err = w.sitesEcrits(c); err != nil {
		w.echouer(c, err)
		return
	}
	if len(p.Sites) == 1 && p.Valeur("etablissement") == "" {
		p.Valeurs = valeurs("etablissement", p.Sites[0].Valeur)
	}
	bs, err := w.Interieur.Brouillons(c, "", "")
	if err == nil {
		p.Brouillons = bs.Dossiers[:min(len(bs.Dossiers), brouillonsProches)]
		p.Anciennes, err = w.demandesACopier(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, statut, PageNouvelleDemande(p))
}

// demandesACopier are the latest demandes that were sent.
func (w *Web) demandesACopier(c *gin.Context) ([]store.LigneDossier, error) {
	page, err := w.Interieur.ListeDeDossiers(c, store.Filtre{Limite: 4 * brouillonsProches})
	ls := slices.DeleteFunc(page.Dossiers, func(l store.LigneDossier) bool { return l.Etat == opco.EtatBrouillon })
	return ls[:min(len(ls), brouillonsProches)], err
}

// postNouvelleDemande answers POST /entreprise/demandes/nouvelle: a brouillon, and its
// first step. Sent twice, the form makes one brouillon.
func (w *Web) postNouvelleDemande(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "etablissement")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	site := lire(&l, "etablissement", opco.ParseSIRET)
	if f.Valeur("etablissement") == "" {
		l.fautes = []Faute{{"etablissement", "Choisissez l’établissement pour lequel vous faites cette demande."}}
	}
	if len(l.fautes) > 0 {
		reprendrePage(l, func(statut int, f Formulaire) { w.montrerNouvelle(c, statut, f) })
		return
	}
	acte := acteDuFormulaire(c)
	id := idNouveau(acte)
	_, err := w.Interieur.CreerBrouillon(c, acte, id, opco.Demande{Etablissement: site, Nature: opco.NatureFormation, Subrogation: true})
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"demande.etablissement": "etablissement"}, func(statut int, f Formulaire) { w.montrerNouvelle(c, statut, f) })
		return
	}
	suite(c, cheminEtape(id, opco.EtapeFormation))
}

// idNouveau names the dossier that an acte opens: the same acte, the same dossier.
func idNouveau(acte string) string {
	base, err := uuid.Parse(acte)
	if err != nil {
		return uuid.NewString()
	}
	return uuid.NewSHA1(base, []byte("dossier")).String()
}

// postCopie answers POST /entreprise/dossiers/:id/copie.
func (w *Web) postCopie(c *gin.Context) {
	acte := acteDuFormulaire(c)
	id := idNouveau(acte)
	if _, err := w.Interieur.CopierDemande(c, acte, c.Param("id"), id); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "demande-copiee")
	suite(c, cheminEtape(id, opco.EtapeFormation))
}

// pieceDemande is what the pages of this room carry: their style sheet beside.
func (w *Web) pieceDemande(c *gin.Context, titre, ici string) Piece {
	p := w.piece(c, titre, ici)
	p.Feuilles = append(p.Feuilles, "demande.css")
	return p
}
