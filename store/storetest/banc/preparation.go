package main

import (
	"context"
	"os"
	"slices"
	"strings"
)

// charge is the load average of the machine, "" where nothing says it.
func charge() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(b))[:1], "")
}

// preparation is a case made ready on one base: its values, and the queries that each
// asks.
type preparation struct {
	valeurs  []string
	demandes [][]demande
	lignes   []int
}

// preparer draws the values of a case and asks each of them twice: the second time is
// warm, and its queries are kept.
func (c cas) preparer(ctx context.Context, b *base) (preparation, error) {
	var p preparation
	var err error
	if p.valeurs, err = c.valeursDe(ctx, b); err != nil {
		return p, err
	}
	for range 2 {
		p.demandes, p.lignes = nil, nil
		for _, v := range p.valeurs {
			n := 0
			ds, err := b.temoin.pendant(func() (err error) {
				n, err = c.appel(ctx, b, v, 0)
				return err
			})
			if err != nil {
				return p, err
			}
			p.demandes, p.lignes = append(p.demandes, principales(ds)), append(p.lignes, n)
		}
	}
	return p, nil
}

// principales keeps, of the queries of a list, the one that reads its page and the one
// that counts its filter: what is « bare » is that and nothing else. What looks for the
// way of a search, reads rights or labels is on the account of the store. The figures
// of a menu are all their queries.
func principales(ds []demande) []demande {
	gardees := slices.DeleteFunc(slices.Clone(ds), func(d demande) bool {
		return !strings.Contains(d.texte, " AS cle ") && !strings.Contains(d.texte, compteFiltre)
	})
	if len(gardees) == 0 {
		return ds
	}
	return gardees
}

// compteFiltre begins the query by which a queue counts its filter.
const compteFiltre = "AS nombre_du_filtre"

func moyenne(ns []int) (m float64) {
	for _, n := range ns {
		m += float64(n) / float64(len(ns))
	}
	return m
}
