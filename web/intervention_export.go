package web

import (
	"context"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// tableauInterventions is the whole journal of interventions, the newest first.
func (w *Web) tableauInterventions(c *gin.Context) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Quand", Largeur: 18}, {Titre: "Par", Largeur: 24}, {Titre: "Quoi", Largeur: 34}, {Titre: "Premier cas", Largeur: 44}, {Titre: "Cas", Largeur: 8},
		{Titre: "Pourquoi", Largeur: 60}, {Titre: "Accord de", Largeur: 24}, {Titre: "État", Largeur: 18}, {Titre: "Constatés", Largeur: 10}, {Titre: "Conclusion", Largeur: 60}}
	return api.Tableau{Nom: "interventions", Feuille: "Interventions", Colonnes: colonnes, Lignes: func(ctx context.Context, voir func(...any) error) error {
		sien, f := contexte(c), store.FiltreInterventions{}
		sien.Request = c.Request.WithContext(ctx)
		for {
			const page = 500
			is, err := w.Interieur.Interventions(sien, f, page)
			if err != nil {
				return err
			}
			for _, i := range is {
				err := voir(quand(i.CreeLe), i.Nom, i.Demande.Dit(), i.Premier, i.Nombres.Total, strings.ReplaceAll(i.Demande.Motif, "\n", " "), i.SecondNom,
					opco.LibelleIntervention(string(i.Etat)), i.Nombres.Verifie, i.Conclusion)
				if err != nil {
					return err
				}
			}
			if len(is) < page {
				return nil
			}
			f.Avant, f.AvantID = is[page-1].CreeLe, is[page-1].ID
		}
	}}
}

// getInterventionsCSV answers GET /ops/interventions/export.csv.
func (w *Web) getInterventionsCSV(c *gin.Context) {
	if err := w.Interieur.Exporter(c, api.FormatCSV, w.tableauInterventions(c)); err != nil {
		w.echouer(c, err)
	}
}
