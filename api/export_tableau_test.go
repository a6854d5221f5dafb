package api

import (
	"context"
	"os"
)

// EcrireFeuilles writes a list as a workbook whose sheets hold at most max rows.
func (t Tableau) EcrireFeuilles(ctx context.Context, f *os.File, max int) (int, error) {
	return t.ecrireFeuilles(ctx, f, max)
}

// EcrireCSV writes a list in CSV.
func (t Tableau) EcrireCSV(ctx context.Context, f *os.File) (int, error) { return t.ecrireCSV(ctx, f) }
