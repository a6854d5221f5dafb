package api

import (
	"context"
	"os"
	"time"
)

// EcrireFeuilles writes a list as a workbook whose sheets hold at most max rows.
func (t Tableau) EcrireFeuilles(ctx context.Context, f *os.File, max int) (int, error) {
	return t.ecrireFeuilles(ctx, f, max)
}

// EcrireCSV writes a list in CSV.
func (t Tableau) EcrireCSV(ctx context.Context, f *os.File) (int, error) { return t.ecrireCSV(ctx, f) }

// Ranger has s keep the files of its exports in a folder.
func Ranger(s *Server, dossier string) { s.exports.dossier = dossier }

// Patienter changes how long an export of s waits to be read.
func Patienter(s *Server, d time.Duration) { s.exports.patience = d }
