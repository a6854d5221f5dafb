package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"guichet/opco"
	"guichet/store"
)

// entetesRecus head the columns of the export of payments (AT-15).
var entetesRecus = []string{"Date", "N° de règlement", "N° de dossier", "Nom", "Prénom", "Formation", "Votre facture", "Heures payées",
	"Période du", "Période au", "Montant (€)", "Pointé", "Pointé par", "Pointé le"}

// largeursRecus are the widths of the columns, in characters.
var largeursRecus = []float64{12, 16, 16, 26, 22, 42, 16, 14, 12, 12, 14, 9, 26, 12}

// ExporterReglementsRecus answers GET /api/reglements-recus/export: the whole of a
// search, as a workbook or in CSV.
func (s *Server) ExporterReglementsRecus(ctx context.Context, r ExporterReglementsRecusRequestObject) (ExporterReglementsRecusResponseObject, error) {
	p := r.Params
	parcourir := func(voir func(store.LigneRecue) error) error {
		return s.Store.ParcourirRecus(ctx, qui(ctx).Portee(), filtreRecus(p.Du, p.Au, p.Dossier, p.Numero, p.Pointage), voir)
	}
	if p.Format == "csv" {
		return csvRecus(ctx, parcourir)
	}
	return classeurRecus(ctx, parcourir)
}

// parcoursRecus gives each payment of a search.
type parcoursRecus func(voir func(store.LigneRecue) error) error

// classeurRecus writes a workbook: figures are figures, days are days, and a text is
// a text even when it looks like a formula. Rows beyond what memory should hold wait
// on the disk.
func classeurRecus(ctx context.Context, parcourir parcoursRecus) (ExporterReglementsRecusResponseObject, error) {
	x := excelize.NewFile()
	const feuille = "Règlements"
	if err := x.SetSheetName("Sheet1", feuille); err != nil {
		return nil, fmt.Errorf("naming a sheet: %w", err)
	}
	w, err := x.NewStreamWriter(feuille)
	if err != nil {
		return nil, fmt.Errorf("opening a sheet: %w", err)
	}
	styles, err := stylesRecus(x)
	if err != nil {
		return nil, err
	}
	for i, l := range largeursRecus {
		if err := w.SetColWidth(i+1, i+1, l); err != nil {
			return nil, fmt.Errorf("sizing a column: %w", err)
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("freezing the head of a sheet: %w", err)
	}
	tete := make([]any, len(entetesRecus))
	for i, e := range entetesRecus {
		tete[i] = excelize.Cell{StyleID: styles.tete, Value: e}
	}
	if err := w.SetRow("A1", tete); err != nil {
		return nil, fmt.Errorf("writing the head of a sheet: %w", err)
	}
	n := 0
	err = parcourir(func(l store.LigneRecue) error {
		n++
		return w.SetRow(fmt.Sprintf("A%d", n+1), styles.ligne(l))
	})
	if err != nil {
		return nil, fmt.Errorf("exporting payments: %w", err)
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("ending a sheet: %w", err)
	}
	montrer(ctx, n)
	return classeur{x, "reglements.xlsx"}, nil
}

// stylesClasseur are the styles of the cells of an export.
type stylesClasseur struct{ tete, jour, heures, montant int }

func stylesRecus(x *excelize.File) (stylesClasseur, error) {
	var s stylesClasseur
	jour, montant := "dd/mm/yyyy", "#,##0.00"
	for _, k := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.tete, excelize.Style{Font: &excelize.Font{Bold: true}}}, {&s.jour, excelize.Style{CustomNumFmt: &jour}},
		{&s.heures, excelize.Style{CustomNumFmt: &montant}}, {&s.montant, excelize.Style{CustomNumFmt: &montant}},
	} {
		var err error
		if *k.id, err = x.NewStyle(&k.style); err != nil {
			return s, fmt.Errorf("styling a workbook: %w", err)
		}
	}
	return s, nil
}

// ligne writes one payment.
func (s stylesClasseur) ligne(l store.LigneRecue) []any {
	noms, prenoms := personnesPayees(l)
	return []any{s.date(l.ExecuteLe), l.Numero, l.DossierNumero, noms, prenoms, l.Formation, l.Facture,
		excelize.Cell{StyleID: s.heures, Value: float64(l.Heures) / 60}, s.date(l.Du), s.date(l.Au),
		excelize.Cell{StyleID: s.montant, Value: float64(l.Montant) / 100}, pointageDit(l.Pointe), pointePar(l), s.date(pointeLe(l))}
}

// date is a day as a spreadsheet counts them.
func (s stylesClasseur) date(d opco.Date) any {
	if d == "" {
		return nil
	}
	t, err := time.Parse("2006-01-02", string(d))
	if err != nil {
		return string(d)
	}
	return excelize.Cell{StyleID: s.jour, Value: t}
}

func pointageDit(pointe bool) string {
	if pointe {
		return "oui"
	}
	return "non"
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

// csvRecus writes the same in CSV, as a spreadsheet in French opens it: semicolons,
// decimal commas, and no text that it would take for a formula.
func csvRecus(ctx context.Context, parcourir parcoursRecus) (ExporterReglementsRecusResponseObject, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff") // says that it is UTF-8
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	if err := w.Write(entetesRecus); err != nil {
		return nil, fmt.Errorf("writing a CSV: %w", err)
	}
	n := 0
	err := parcourir(func(l store.LigneRecue) error {
		n++
		noms, prenoms := personnesPayees(l)
		virgule := func(x string) string { return strings.Replace(x, ".", ",", 1) }
		ligne := []string{l.ExecuteLe.Courte(), l.Numero, l.DossierNumero, noms, prenoms, l.Formation, l.Facture,
			virgule(fmt.Sprintf("%.2f", float64(l.Heures)/60)), l.Du.Courte(), l.Au.Courte(), virgule(l.Montant.Decimal()),
			pointageDit(l.Pointe), pointePar(l), pointeLe(l).Courte()}
		for i := range ligne {
			ligne[i] = opco.SansFormule(ligne[i])
		}
		return w.Write(ligne)
	})
	if err != nil {
		return nil, fmt.Errorf("exporting payments: %w", err)
	}
	w.Flush()
	montrer(ctx, n)
	return fichierServi{corps: io.NopCloser(&b), taille: int64(b.Len()), nom: "reglements.csv", format: "text/csv; charset=utf-8"}, nil
}

// VisitExporterReglementsRecusResponse writes an export in CSV.
func (f fichierServi) VisitExporterReglementsRecusResponse(w http.ResponseWriter) error {
	return f.ecrire(w)
}

// classeur is a workbook that a browser must save.
type classeur struct {
	*excelize.File
	nom string
}

// VisitExporterReglementsRecusResponse writes a workbook.
func (c classeur) VisitExporterReglementsRecusResponse(w http.ResponseWriter) error {
	defer c.Close()
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return fichierServi{corps: io.NopCloser(&b), taille: int64(b.Len()), nom: c.nom,
		format: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}.ecrire(w)
}
