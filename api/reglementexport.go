package api

import (
	"context"
	"net/http"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// colonnesRecus head the columns of the export of payments (AT-15).
var colonnesRecus = []Colonne{{"Date", 12}, {"N° de règlement", 16}, {"N° de dossier", 16}, {"Nom", 26}, {"Prénom", 22}, {"Formation", 42},
	{"Votre facture", 16}, {"Heures payées", 14}, {"Période du", 12}, {"Période au", 12}, {"Montant (€)", 14}, {"Pointé", 9}, {"Pointé par", 26}, {"Pointé le", 12}}

// ExporterReglementsRecus answers GET /api/reglements-recus/export: the whole of a
// search, as a workbook or in CSV.
func (s *Server) ExporterReglementsRecus(ctx context.Context, r ExporterReglementsRecusRequestObject) (ExporterReglementsRecusResponseObject, error) {
	p := r.Params
	return s.Exporter(ctx, p.Format, Tableau{Nom: "reglements", Feuille: "Règlements", Colonnes: colonnesRecus,
		Lignes: func(ctx context.Context, voir func(cellules ...any) error) error {
			return s.Store.ParcourirRecus(ctx, qui(ctx).Portee(), filtreRecus(p.Du, p.Au, p.Dossier, p.Numero, p.Pointage), func(l store.LigneRecue) error {
				noms, prenoms := personnesPayees(l)
				return voir(l.ExecuteLe, l.Numero, l.DossierNumero, noms, prenoms, l.Formation, l.Facture, l.Heures, l.Du, l.Au, l.Montant,
					l.Pointe, pointePar(l), pointeLe(l))
			})
		}})
}

// VisitExporterReglementsRecusResponse sends the file.
func (x Export) VisitExporterReglementsRecusResponse(w http.ResponseWriter) error {
	return x.Envoyer(w)
}

// pointePar says who ticked a payment; who took the tick away is not shown.
func pointePar(l store.LigneRecue) string {
	if l.Pointe {
		return l.PointeNom
	}
	return ""
}

func pointeLe(l store.LigneRecue) opco.Date {
	if !l.Pointe || l.PointeLe == nil {
		return ""
	}
	return opco.JourDe(*l.PointeLe)
}

// personnesPayees lists the names, then the given names, of who was paid for.
func personnesPayees(l store.LigneRecue) (noms, prenoms string) {
	var ns, ps []string
	for _, s := range l.Stagiaires {
		ns, ps = append(ns, s.Nom), append(ps, s.Prenom)
	}
	return strings.Join(ns, " ; "), strings.Join(ps, " ; ")
}
