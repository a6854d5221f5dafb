package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// getStatistiquesCSV answers GET /statistiques/tableau.csv: every figure of the page, one
// a line, for a spreadsheet.
func (w *Web) getStatistiquesCSV(c *gin.Context) {
	_, jour, err := w.Interieur.ParametresDuJour(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	l := lecteur{Formulaire: filtreStatistiques(c, jour)}
	f := l.filtreMesures()
	if len(l.fautes) > 0 {
		w.echouer(c, opco.Champf(l.fautes[0].Champ, "%s", l.fautes[0].Message))
		return
	}
	st, err := w.Interieur.Statistiques(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), "liste", len(st.Decision.Gens))
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="statistiques.csv"`)
	c.Status(http.StatusOK)
	_, _ = c.Writer.WriteString("\ufeff")
	sortie := csv.NewWriter(c.Writer)
	sortie.Comma = ';'
	_ = sortie.WriteAll(tableauStatistiques(st))
}

// tableauStatistiques writes the figures as lines, decimals with a comma.
func tableauStatistiques(st store.Statistiques) [][]string {
	lignes := [][]string{{"Mesure", "Groupe", "Code", "Nom", "Nombre", "La moitié en jours", "Neuf sur dix en jours", "Complètes d’emblée"}}
	for _, x := range []struct {
		nom string
		s   store.StatistiquesDe
	}{{"De la demande complète à la décision", st.Decision}, {"De la facture au paiement", st.Paiement}, {"Complètes au premier envoi", st.Completude}} {
		for _, g := range []struct {
			nom string
			ms  []store.Mesures
		}{{"Tout", []store.Mesures{x.s.Tout}}, {"Semaine", x.s.Semaines}, {"Équipe", x.s.Equipes}, {"Branche", x.s.Branches}, {"Personne", x.s.Gens}} {
			for _, m := range g.ms {
				lignes = append(lignes, []string{x.nom, g.nom, opco.SansFormule(m.Cle), opco.SansFormule(m.Nom), strconv.FormatInt(m.Nombre, 10), virgule(m.Moitie), virgule(m.NeufSurDix), strconv.FormatInt(m.Premiers, 10)})
			}
		}
	}
	return lignes
}

func virgule(x float64) string { return strings.Replace(px(x), ".", ",", 1) }
