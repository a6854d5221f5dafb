package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/lib/pq"
)

// fichiers holds the stored files to I24: each is there, with its hash and its
// size; no letter without its file.
func (t *tournee) fichiers(ctx context.Context) error {
	if t.v.Fichiers == nil {
		t.renoncer("I24", "le répertoire des fichiers n’est pas indiqué")
		return nil
	}
	lignes, err := t.tx.QueryxContext(ctx, `
		SELECT f.empreinte, f.taille, 'fichier ' || f.empreinte AS nom, 'fichier/' || f.empreinte AS objet FROM fichier f
		WHERE $1::text[] IS NULL OR EXISTS (SELECT 1 FROM piece p WHERE p.empreinte = f.empreinte AND 'dossier/' || p.dossier = ANY ($1))
		UNION ALL
		SELECT l.empreinte, -1, 'lettre « ' || c.evenement || ' » du rang ' || c.rang, c.objet
		FROM courrier c CROSS JOIN LATERAL (VALUES (c.lettre_pdf), (c.lettre_html)) AS l(empreinte)
		WHERE l.empreinte IS NOT NULL AND ($1::text[] IS NULL OR c.objet = ANY ($1))
		UNION ALL
		SELECT m.empreinte, m.taille, 'fichier mis de côté « ' || m.nom || ' »', COALESCE('dossier/' || m.dossier, 'fichier/' || m.empreinte)
		FROM mise_de_cote m WHERE $1::text[] IS NULL OR 'dossier/' || m.dossier = ANY ($1)`, t.perimetre())
	if err != nil {
		return fmt.Errorf("listing files: %w", err)
	}
	defer lignes.Close()
	connus := map[string]bool{}
	for lignes.Next() {
		var empreinte, nom, objet string
		var taille int64
		if err := lignes.Scan(&empreinte, &taille, &nom, &objet); err != nil {
			return fmt.Errorf("reading a file: %w", err)
		}
		t.examiner("I24", 1)
		if err := t.avancer(1); err != nil {
			return err
		}
		connus[empreinte] = true
		if faute := t.v.Fichiers.controler(empreinte, taille); faute != "" {
			t.rompre("I24", objet, "%s : %s", nom, faute)
		}
	}
	if err := lignes.Err(); err != nil || t.objets != nil {
		return err
	}
	return t.v.Fichiers.oublies(time.Now().Add(-24*time.Hour), connus, func(nom string) {
		t.rompre("I24", "fichier/"+nom, "fichier %s : il est gardé depuis plus d’un jour et rien ne le cite", nom)
	})
}

// oublies tells the files kept before avant that are not among connus: no row names
// them, or their reception was cut.
func (f *Fichiers) oublies(avant time.Time, connus map[string]bool, dire func(nom string)) error {
	return fs.WalkDir(f.racine.FS(), ".", func(chemin string, x fs.DirEntry, err error) error {
		if err != nil || x.IsDir() || connus[x.Name()] {
			return err
		}
		info, err := x.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // thrown away meanwhile
		}
		if err == nil && info.ModTime().Before(avant) {
			dire(x.Name())
		}
		return err
	})
}

// controler returns what is wrong with a kept file, "" when it is whole. A size
// below 0 is not known.
func (f *Fichiers) controler(empreinte string, taille int64) string {
	r, n, err := f.Ouvrir(empreinte)
	if err != nil {
		return "il manque dans le répertoire des fichiers"
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "il est illisible"
	}
	if hex.EncodeToString(h.Sum(nil)) != empreinte || taille >= 0 && n != taille {
		return "son contenu n’est plus celui qui a été déposé"
	}
	return ""
}

// piecesSansFichier finds the pièces of dossiers whose file is unknown (I24).
func (t *tournee) piecesSansFichier(ctx context.Context, xs []*dossierVerifie) error {
	var empreintes []string
	for _, x := range xs {
		if x.d == nil {
			continue
		}
		for _, p := range x.d.Pieces {
			if p.Empreinte != "" {
				empreintes = append(empreintes, p.Empreinte)
			}
		}
	}
	var connues []string
	if err := t.tx.SelectContext(ctx, &connues, `SELECT empreinte FROM fichier WHERE empreinte = ANY ($1)`, pq.Array(empreintes)); err != nil {
		return fmt.Errorf("looking for the files of pièces: %w", err)
	}
	connu := make(map[string]bool, len(connues))
	for _, e := range connues {
		connu[e] = true
	}
	for _, x := range xs {
		if x.d == nil {
			continue
		}
		for _, p := range x.d.Pieces {
			if p.Empreinte != "" && !connu[p.Empreinte] {
				t.rompre("I24", x.objet, "%s : la pièce « %s » n’a pas de fichier", x.nom(), p.Titre)
			}
		}
	}
	return nil
}
