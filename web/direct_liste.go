package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// venusMax is how many dossiers an open list asks about at once; beyond, it says that it
// may have changed.
const venusMax = 100

// adresseFiles is where the queues are.
const adresseFiles = "/instruction"

// getVenus answers GET /direct/liste: of the dossiers that an open list heard of (venus),
// those that its own filter holds now (ici is its address). What another filter would show
// is nothing to its reader.
func (w *Web) getVenus(c *gin.Context) {
	ici, err := url.Parse(c.Query("ici"))
	venus := strings.FieldsFunc(c.Query("venus"), func(r rune) bool { return r == ',' })
	// The queues filter by what the house keeps to itself: labels, leases.
	if err != nil || len(venus) > venusMax || ici.Path == adresseFiles && !w.Interieur.Occupant(c).Role.Interne() {
		w.introuvable(c)
		return
	}
	for _, id := range venus {
		if uuid.Validate(id) != nil {
			w.introuvable(c)
			return
		}
	}
	dedans, err := w.dansLaListe(adressee(c, ici), ici.Path, venus)
	if err != nil {
		w.echouer(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"ids": dedans})
}

// adressee is the request of c as if it asked for ici.
func adressee(c *gin.Context, ici *url.URL) *gin.Context {
	sien := contexte(c)
	sien.Request = c.Request.Clone(c.Request.Context())
	sien.Request.URL = ici
	return sien
}

// dansLaListe returns those of ids that the list at chemin holds, with the filter of c.
func (w *Web) dansLaListe(c *gin.Context, chemin string, ids []string) ([]string, error) {
	dedans := []string{}
	if chemin == adresseFiles {
		f, _ := lireFiltreFile(filtreDe(c, champsFile...))
		f.Parmi, f.Limite = ids, venusMax
		ids, err := w.Interieur.DansFile(c, f)
		return append(dedans, ids...), err
	}
	f, _ := filtreDossiers(c)
	if chemin == adresseDossiersOF {
		f = filtreOF(f, c.Query("groupe"))
	}
	f.Parmi, f.Limite, f.Apres, f.Avant = ids, venusMax, "", ""
	page, err := w.Interieur.ListeDeDossiers(c, f)
	for _, l := range page.Dossiers {
		dedans = append(dedans, l.ID)
	}
	return dedans, err
}
