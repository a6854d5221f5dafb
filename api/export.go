package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

const (
	// preparationMax is how long an export may read the database and write its file, and
	// transitMax how long the file may take to leave: a million lines over a slow line.
	preparationMax = 10 * time.Minute
	transitMax     = 10 * time.Minute
	// exportsCompte is how many one account has at once, from the asking to the last byte
	// sent: a second window, not a disk full of files.
	exportsCompte = 2
	// lecturesMax is how many are read at once by the house: each holds a connection to
	// the database, and everybody else needs some. Who comes then waits for a while, and
	// is told when to come back.
	lecturesMax = 4
)

// exports counts the exports that are under way.
type exports struct {
	mu       sync.Mutex
	comptes  map[string]int
	lectures chan struct{}
	patience time.Duration // how long one waits to be read
	dossier  string        // where their files are, "" for the usual place
}

func nouveauxExports() *exports {
	return &exports{comptes: map[string]int{}, lectures: make(chan struct{}, lecturesMax), patience: 10 * time.Second}
}

// entrer takes a place for an account, and returns how to give it back, once.
func (e *exports) entrer(compte string) (sortir func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.comptes[compte] >= exportsCompte {
		return nil, &erreurStatut{statut: http.StatusTooManyRequests, apres: 30 * time.Second,
			detail: fmt.Sprintf("Vous avez déjà %d exports en cours. Attendez que l’un d’eux soit arrivé, puis demandez celui-ci.", exportsCompte)}
	}
	e.comptes[compte]++
	return sync.OnceFunc(func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.comptes[compte]--; e.comptes[compte] == 0 {
			delete(e.comptes, compte)
		}
	}), nil
}

// lire waits for the right to read the database, and returns how to give it back.
func (e *exports) lire(ctx context.Context) (finir func(), err error) {
	fin := time.NewTimer(e.patience)
	defer fin.Stop()
	select {
	case e.lectures <- struct{}{}:
		return func() { <-e.lectures }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-fin.C:
		return nil, &erreurStatut{statut: http.StatusTooManyRequests, apres: time.Minute,
			detail: "Beaucoup d’exports se préparent en ce moment. Redemandez celui-ci dans une minute : rien n’est perdu."}
	}
}

// Export is a list that is ready to leave as a file. It is sent, or closed.
type Export struct{ fichierServi }

// Exporter writes a list whole to a file of its own.
func (s *Server) Exporter(ctx context.Context, format string, t Tableau) (Export, error) {
	if format == FormatCSV {
		return s.preparer(ctx, t.Nom, FormatCSV, "text/csv; charset=utf-8", t.ecrireCSV)
	}
	return s.preparer(ctx, t.Nom, FormatXLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", t.ecrireClasseur)
}

// preparer has ecrire fill a file, all that it reads being as it is at one instant
// within the reach of who asks, then gives the file to send. Nothing is sent before the
// last line is written: an export that fails is a refusal, never half a file that looks
// whole; and whoever downloads slowly holds nothing but that file. It ends when who asks
// has left. ecrire returns the number of lines.
func (s *Server) preparer(ctx context.Context, nom, suffixe, format string, ecrire func(context.Context, *os.File) (int, error)) (Export, error) {
	sortir, err := s.exports.entrer(qui(ctx).Compte)
	if err != nil {
		return Export{}, err
	}
	f, err := fichierSansNom(s.exports.dossier)
	if err != nil {
		sortir()
		return Export{}, err
	}
	x := Export{fichierServi{corps: ephemere{f, sortir}, nom: nom + "." + suffixe, format: format}}
	n, err := s.photographier(ctx, f, ecrire)
	if err == nil {
		x.taille, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return Export{}, errors.Join(fmt.Errorf("exporting %s: %w", nom, err), x.corps.Close())
	}
	montrer(ctx, n)
	return x, nil
}

// photographier has ecrire read the house as it is at one instant, for as long as an
// export may.
func (s *Server) photographier(ctx context.Context, f *os.File, ecrire func(context.Context, *os.File) (int, error)) (n int, err error) {
	finir, err := s.exports.lire(ctx)
	if err != nil {
		return 0, err
	}
	defer finir()
	borne, fin := context.WithTimeout(ctx, preparationMax)
	defer fin()
	err = s.Store.Photographier(borne, qui(ctx).Portee(), func(ctx context.Context) (err error) {
		n, err = ecrire(ctx, f)
		return err
	})
	if err != nil && errors.Is(borne.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		return n, &erreurStatut{statut: http.StatusUnprocessableEntity, detail: "Cette liste est trop longue pour un seul fichier : resserrez le filtre, par exemple sur une période."}
	}
	return n, err
}

// Envoyer sends it, and forgets it.
func (x Export) Envoyer(w http.ResponseWriter) error {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(transitMax)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errors.Join(fmt.Errorf("giving an export its time: %w", err), x.corps.Close())
	}
	return x.ecrire(w)
}

// fichierSansNom opens a file that has no name any more: however this process ends,
// nothing of what it held stays.
func fichierSansNom(dossier string) (*os.File, error) {
	f, err := os.CreateTemp(dossier, "export-*")
	if err != nil {
		return nil, fmt.Errorf("making the file of an export: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("taking its name from the file of an export: %w", err), f.Close())
	}
	return f, nil
}

// ephemere is a file that goes once it is closed, with the place of its account.
type ephemere struct {
	*os.File
	sortir func()
}

// Close closes the file and gives the place back.
func (e ephemere) Close() error {
	defer e.sortir()
	return e.File.Close()
}
