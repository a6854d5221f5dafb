package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// The live pages: pagesOuvertes lists of work are open at once, actesDirect actes are
// done for each number of them, in a set of dossiersDirect.
const (
	pagesOuvertes  = 500
	actesDirect    = 12
	dossiersDirect = 3000
)

// appliquees performs at once the actes that the API receives: what the engine of the
// procedures adds is not measured here.
type appliquees struct {
	s  *store.Store
	mu *sync.Mutex
}

// Transmettre performs a.
func (x appliquees) Transmettre(ctx context.Context, a opco.Acte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r, err := x.s.Acte(ctx, a.ID); err != nil || r.Verdict != opco.VerdictRecu {
		return err
	}
	d, err := x.s.Depart(ctx, a.Objet)
	if err != nil {
		return err
	}
	_, err = x.s.Record(ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID})
	return err
}

// delaiDirect is, for a number of open pages, how long the acte itself took, and how long
// after it was asked for the first and the last page said so, in milliseconds.
type delaiDirect struct {
	pages                    int
	acte, premiere, derniere serie
}

// mesurerDirect measures the delay from an acte to the pages that are open, with none, one
// and many of them, on a set of its own.
func mesurerDirect(ctx context.Context, serveur string, w io.Writer, log *slog.Logger) (err error) {
	nom := fmt.Sprintf("%s_%d_direct", prefixeBases, os.Getpid())
	if err := executer(ctx, serveur, `CREATE DATABASE `+nom); err != nil {
		return err
	}
	defer func() {
		if e := detruire(serveur, nom); err == nil {
			err = e
		}
	}()
	if err := semer(ctx, sur(serveur, nom), dossiersDirect, log); err != nil {
		return err
	}
	b, err := ouvrir(ctx, serveur, nom)
	if err != nil {
		return err
	}
	defer b.fermer()
	cs, err := servir(ctx, b, appliquees{b.store, &sync.Mutex{}})
	if err != nil {
		return err
	}
	defer cs.fermer()
	// A set at rest has few dossiers to open: those that were opened are sent again.
	var ids []string
	err = b.store.DB.SelectContext(ctx, &ids, `
		UPDATE dossier SET etat = 'TRANSMISE', contenu = jsonb_set(contenu, '{etat}', '"TRANSMISE"')
		WHERE etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION') RETURNING id`)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n## D’un acte à la page ouverte\n\n| pages ouvertes | l’acte, p50, ms | p95 | première page, p50 | p95 | dernière page, p50 | p95 | actes |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, n := range []int{0, 1, pagesOuvertes} {
		d := delaiDirect{pages: n}
		if ids, err = d.mesurer(ctx, cs["gestionnaire"], ids); err != nil {
			return err
		}
		fmt.Fprintf(w, "| %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %d |\n", n, d.acte.quantile(.5), d.acte.quantile(.95), d.premiere.quantile(.5), d.premiere.quantile(.95),
			d.derniere.quantile(.5), d.derniere.quantile(.95), len(d.acte))
	}
	return nil
}

// mesurer opens the pages, then opens the instruction of dossiers one after another. It
// returns the dossiers that are left.
func (d *delaiDirect) mesurer(ctx context.Context, c client, ids []string) ([]string, error) {
	ouvertes, fermer := context.WithCancel(ctx)
	defer fermer()
	entendus := make(chan entendu, 100*pagesOuvertes)
	for range d.pages {
		if err := c.suivre(ouvertes, entendus); err != nil {
			return nil, err
		}
	}
	for len(d.acte) < actesDirect {
		if len(ids) == 0 {
			return nil, fmt.Errorf("no dossier is left to open: %d actes with %d pages", len(d.acte), d.pages)
		}
		id := ids[0]
		ids = ids[1:]
		parti := time.Now()
		if err := c.instruire(ctx, id); err != nil {
			continue // one that its reader may not open: the next one
		}
		d.acte = append(d.acte, float64(time.Since(parti).Microseconds())/1000)
		if err := d.attendre(ctx, entendus, id, parti); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// attendre waits until every open page has heard of a dossier.
func (d *delaiDirect) attendre(ctx context.Context, entendus <-chan entendu, id string, parti time.Time) error {
	fin, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for vus := 0; vus < d.pages; {
		select {
		case <-fin.Done():
			return fmt.Errorf("%d of %d open pages never heard of dossier %s", d.pages-vus, d.pages, id)
		case e := <-entendus:
			if !strings.Contains(e.dit, id) {
				continue // the menu, or a dossier before
			}
			ms := float64(e.le.Sub(parti).Microseconds()) / 1000
			if vus++; vus == 1 {
				d.premiere = append(d.premiere, ms)
			}
			if vus == d.pages {
				d.derniere = append(d.derniere, ms)
			}
		}
	}
	return nil
}

// entendu is what an open page received, and when.
type entendu struct {
	dit string
	le  time.Time
}

// suivre opens the stream of a list of work, and gives what it says until ctx ends.
func (c client) suivre(ctx context.Context, entendus chan<- entendu) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.serveur.URL+"/direct?liste=1", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	rep, err := c.http.Do(r)
	if err != nil {
		return err
	}
	if rep.StatusCode != http.StatusOK {
		rep.Body.Close()
		return fmt.Errorf("%s: %d", r.URL, rep.StatusCode)
	}
	go func() {
		defer rep.Body.Close()
		for l := bufio.NewScanner(rep.Body); l.Scan(); {
			if strings.HasPrefix(l.Text(), "data: ") {
				entendus <- entendu{l.Text(), time.Now()}
			}
		}
	}()
	return nil
}

// instruire opens the instruction of a dossier.
func (c client) instruire(ctx context.Context, id string) error {
	corps, err := json.Marshal(map[string]string{"acte_id": uuid.NewString()})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.serveur.URL+"/api/dossiers/"+id+"/instruction", bytes.NewReader(corps))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.faire(r)
}
