package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// memoireExport is what a process may hold while it exports a list of a million lines, in
// bytes (issue 4).
const memoireExport = 256 << 20

// exportMesure is one export: of the whole list of the staff.
type exportMesure struct {
	Format   string
	Lignes   int
	Octets   int64
	Secondes float64
	Pic      int64 // bytes: the most that its process held
}

// bare is the way of the same rows that has nothing of the service: one query, through
// database/sql, each row written as CSV to a file.
const bare = "nu"

// mesurerExports exports the list of the large base in each format, in a process of its
// own each time, so that its memory is that of the export, and says whether one held too
// much.
func mesurerExports(ctx context.Context, grand string, w io.Writer) error {
	fmt.Fprintf(w, "\n## Export d’une liste entière\n\n| Format | lignes | Mo | secondes | / nu | pic de mémoire du processus, Mo |\n|---|---:|---:|---:|---:|---:|\n")
	var nue exportMesure
	trop := 0
	for _, format := range []string{bare, api.FormatCSV, api.FormatXLSX} {
		c := exec.CommandContext(ctx, os.Args[0], "-export-seul", format, "-bases", grand+","+grand)
		c.Stderr = os.Stderr
		dit, err := c.Output()
		if err != nil {
			return fmt.Errorf("exporting as %s: %w", format, err)
		}
		var m exportMesure
		if err := json.Unmarshal(dit, &m); err != nil {
			return fmt.Errorf("reading what an export took: %w", err)
		}
		if format == bare {
			nue = m
		}
		if m.Pic > memoireExport && format != bare {
			trop++
		}
		fmt.Fprintf(w, "| %s | %s | %.0f | %.1f | %.2f | %d |\n", m.Format, millier(m.Lignes), float64(m.Octets)/1e6, m.Secondes, m.Secondes/nue.Secondes, m.Pic>>20)
	}
	if trop > 0 {
		return fmt.Errorf("%d exports held more than %d MB", trop, memoireExport>>20)
	}
	return nil
}

// exportSeul does one export and prints what it took, as JSON.
func exportSeul(ctx context.Context, serveur, nom, format string) error {
	b, err := ouvrir(ctx, serveur, nom)
	if err != nil {
		return err
	}
	defer b.fermer()
	m := exportMesure{Format: format}
	debut := time.Now()
	if format == bare {
		err = b.exporterNu(ctx, &m)
	} else {
		err = b.exporter(ctx, &m)
	}
	if err != nil {
		return err
	}
	m.Secondes, m.Pic = time.Since(debut).Seconds(), picMemoire()
	return json.NewEncoder(os.Stdout).Encode(m)
}

// compteur counts what an answer sends.
type compteur struct {
	entetes http.Header
	octets  int64
}

// Header returns the headers.
func (c *compteur) Header() http.Header { return c.entetes }

// Write counts b.
func (c *compteur) Write(b []byte) (int, error) {
	c.octets += int64(len(b))
	return len(b), nil
}

// WriteHeader does nothing.
func (c *compteur) WriteHeader(int) {}

// exporter has the API export the list of a gestionnaire, and send it.
func (b *base) exporter(ctx context.Context, m *exportMesure) error {
	gin.SetMode(gin.ReleaseMode)
	srv, err := api.New(api.Config{Store: b.store, Procedures: muettes{}, HorlogeEssai: true, Log: slog.New(slog.DiscardHandler), URL: "http://127.0.0.1"})
	if err != nil {
		return err
	}
	if _, err := srv.Handler(); err != nil {
		return err
	}
	u, err := b.store.Utilisateur(ctx, "gestionnaire")
	if err != nil {
		return err
	}
	c, err := srv.AuNomDe(ctx, u)
	if err != nil {
		return err
	}
	x, err := srv.Exporter(c.Request.Context(), m.Format, b.tableau(u.Portee(), &m.Lignes))
	if err != nil {
		return err
	}
	reponse := &compteur{entetes: http.Header{}}
	err = x.Envoyer(reponse)
	m.Octets = reponse.octets
	return err
}

// tableau is the whole list of p, with the columns of its pages.
func (b *base) tableau(p opco.Portee, n *int) api.Tableau {
	t := api.Tableau{Nom: "dossiers", Feuille: "Dossiers"}
	for _, titre := range []string{"N° de dossier", "État", "Entreprise", "Établissement", "Organisme", "SIRET de l’organisme", "Branche (IDCC)", "Formation", "Début", "Fin",
		"Demandé (€)", "Accordé (€)", "Payé (€)", "Délai légal", "Qui agit"} {
		t.Colonnes = append(t.Colonnes, api.Colonne{Titre: titre, Largeur: 20})
	}
	t.Lignes = func(ctx context.Context, voir func(...any) error) error {
		for f := (store.Filtre{}); ; {
			page, err := b.store.Dossiers(ctx, p, f)
			if err != nil {
				return err
			}
			for _, l := range page.Dossiers {
				*n++
				if err := voir(l.Numero, l.Libelle, l.Entreprise, l.Etablissement, l.OrganismeNom, l.Organisme, l.IDCC, l.Intitule, l.Debut, l.Fin, l.Demande, l.Accorde,
					l.Paye, l.Limite, l.QuiAgit); err != nil {
					return err
				}
			}
			if f.Apres = page.Suivant; f.Apres == "" {
				return nil
			}
		}
	}
	return t
}

// exporterNu writes the same rows bare.
func (b *base) exporterNu(ctx context.Context, m *exportMesure) (err error) {
	f, err := os.CreateTemp("", "guichet-banc-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	rs, err := b.store.DB.QueryContext(ctx, `
		SELECT numero, etat, entreprise_nom, etablissement, organisme_nom, organisme, idcc, intitule, COALESCE(debut::text, ''), COALESCE(fin::text, ''),
		       demande::text, accorde::text, paye::text, COALESCE(limite::text, ''), etat
		FROM dossier WHERE `+envoye+` ORDER BY cree_le DESC, id DESC`)
	if err != nil {
		return err
	}
	defer rs.Close()
	tampon := bufio.NewWriterSize(f, 1<<16)
	w := csv.NewWriter(tampon)
	ligne := make([]string, 15)
	ou := make([]any, len(ligne))
	for i := range ligne {
		ou[i] = &ligne[i]
	}
	for rs.Next() {
		if err := rs.Scan(ou...); err != nil {
			return err
		}
		if err := w.Write(ligne); err != nil {
			return err
		}
		m.Lignes++
	}
	w.Flush()
	if err := rs.Err(); err != nil {
		return err
	}
	if err := tampon.Flush(); err != nil {
		return err
	}
	m.Octets, err = f.Seek(0, io.SeekCurrent)
	return err
}
