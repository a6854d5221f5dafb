package schema_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/schema"
	"guichet/store/storetest"
)

// baseVide returns an empty database of the test server.
func baseVide(t *testing.T) *sql.DB {
	t.Helper()
	s := storetest.Ouvrir(t)
	nom := fmt.Sprintf("vide_%d_%d", os.Getpid(), time.Now().UnixNano()%1_000_000)
	s.DB.MustExec(`CREATE DATABASE ` + nom)
	var champs []string
	for _, c := range strings.Fields(os.Getenv("GUICHET_TEST_DB")) {
		if !strings.HasPrefix(c, "dbname=") {
			champs = append(champs, c)
		}
	}
	db, err := sql.Open("postgres", strings.Join(append(champs, "dbname="+nom), " "))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		s.DB.MustExec(`DROP DATABASE ` + nom + ` WITH (FORCE)`)
	})
	return db
}

// TestMigrerADeuxALaFois: two that migrate the same empty base at once both succeed, the
// second once the first has ended, and both leave the newest version.
func TestMigrerADeuxALaFois(t *testing.T) {
	db := baseVide(t)
	if err := schema.Verifier(t.Context(), db); !errors.Is(err, schema.ErrEnRetard) {
		t.Fatalf("an empty base: got %v, want it refused", err)
	}
	var mu sync.Mutex
	dedans, attentes := 0, 0
	faire := func() error {
		mu.Lock()
		dedans++
		if dedans > 1 {
			t.Error("two migrate at once")
		}
		mu.Unlock()
		defer func() { mu.Lock(); dedans--; mu.Unlock() }()
		return schema.Apply(t.Context(), db)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if err := schema.SousVerrou(t.Context(), db, func() { mu.Lock(); attentes++; mu.Unlock() }, faire); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if attentes != 1 {
		t.Errorf("%d waited, want 1", attentes)
	}
	if n, err := schema.Version(t.Context(), db); err != nil || n != schema.Derniere() || n < 44 {
		t.Errorf("got version %d, %v, want %d", n, err, schema.Derniere())
	}
}

// TestLeVerrouMeurtAvecSonPorteur: a migration that is cut leaves the lock to the next.
func TestLeVerrouMeurtAvecSonPorteur(t *testing.T) {
	db := storetest.Ouvrir(t).DB.DB
	ctx, couper := context.WithCancel(t.Context())
	err := schema.SousVerrou(ctx, db, func() {}, func() error {
		couper()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cut told", err)
	}
	ctx, fin := context.WithTimeout(t.Context(), 5*time.Second)
	defer fin()
	if err := schema.SousVerrou(ctx, db, func() {}, func() error { return nil }); err != nil {
		t.Errorf("the next: got %v", err)
	}
}

// TestVerifierLaVersion: a base that is behind is refused in words that say what to do,
// one that is ahead is right.
func TestVerifierLaVersion(t *testing.T) {
	db := storetest.Ouvrir(t).DB.DB
	if err := schema.Verifier(t.Context(), db); err != nil {
		t.Errorf("a base up to date: got %v", err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)`, schema.Derniere()+7); err != nil {
		t.Fatal(err)
	}
	if err := schema.Verifier(t.Context(), db); err != nil {
		t.Errorf("a base ahead: got %v, want nothing", err)
	}
	if _, err := db.Exec(`DELETE FROM goose_db_version WHERE version_id >= $1`, schema.Derniere()); err != nil {
		t.Fatal(err)
	}
	if err := schema.Verifier(t.Context(), db); err == nil || !strings.Contains(err.Error(), "guichet migrate") {
		t.Errorf("a base behind: got %v, want it refused", err)
	}
}

// derniereLibre is the last migration written before old and new programs had to run
// together on one base.
const derniereLibre = 35

// retire finds what takes from the program of before what it reads or writes.
var retire = regexp.MustCompile(`(?is)\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\s+(TO|COLUMN)\b|\bALTER\s+COLUMN\s+\w+\s+(TYPE|SET\s+NOT\s+NULL)\b|\bDROP\s+DEFAULT\b`)

// obligatoire finds a column that the program of before, which does not know it, could not
// leave out.
var obligatoire = regexp.MustCompile(`(?i)ADD COLUMN (?:IF NOT EXISTS )?\w+ [^,;]*NOT NULL[^,;]*`)

// TestLesMigrationsNeRetirentRien: what a migration takes away breaks the program of
// before, which still runs while it is replaced. It is taken away one release later, in a
// migration that says so: « -- retrait : » and why nobody reads it any more.
func TestLesMigrationsNeRetirentRien(t *testing.T) {
	noms, err := filepath.Glob("*.sql")
	if err != nil || len(noms) < 36 {
		t.Fatalf("found %d migrations, %v", len(noms), err)
	}
	vues := 0
	for _, nom := range noms {
		var n int
		if _, err := fmt.Sscanf(nom, "%04d_", &n); err != nil {
			t.Fatalf("%s: %v", nom, err)
		}
		if n <= derniereLibre {
			continue
		}
		vues++
		b, err := os.ReadFile(nom)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fautesDeMigration(string(b)) {
			t.Errorf("%s: %s: the program of before cannot live with it (docs/exploitation.md, « Mettre à jour »)", nom, f)
		}
	}
	if vues == 0 {
		t.Error("no migration was looked at")
	}
}

func fautesDeMigration(texte string) []string {
	if strings.Contains(texte, "-- retrait : ") {
		return nil
	}
	texte = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(texte, "")
	fautes := retire.FindAllString(texte, -1)
	for _, c := range obligatoire.FindAllString(texte, -1) {
		if haut := strings.ToUpper(c); !strings.Contains(haut, "DEFAULT") && !strings.Contains(haut, "GENERATED") {
			fautes = append(fautes, c)
		}
	}
	return fautes
}

// TestFautesDeMigration: the check sees what it is there for.
func TestFautesDeMigration(t *testing.T) {
	tests := map[string]bool{
		`ALTER TABLE dossier DROP COLUMN limite;`:                                                                        true,
		`ALTER TABLE dossier ADD COLUMN x text NOT NULL;`:                                                                true,
		`ALTER TABLE dossier ADD COLUMN x text NOT NULL DEFAULT '';`:                                                     false,
		`ALTER TABLE dossier ADD COLUMN x int GENERATED ALWAYS AS (1) STORED NOT NULL;`:                                  false,
		`ALTER TABLE lot RENAME TO lots;`:                                                                                true,
		`ALTER TABLE lot ALTER COLUMN etat SET NOT NULL;`:                                                                true,
		`-- we do not DROP TABLE here` + "\n" + `CREATE TABLE x (y int NOT NULL);`:                                       false,
		`-- retrait : la colonne n’est plus lue depuis la version 44` + "\n" + `ALTER TABLE dossier DROP COLUMN limite;`: false,
	}
	for sql, faute := range tests {
		if got := len(fautesDeMigration(sql)) > 0; got != faute {
			t.Errorf("%s: got a fault %v, want %v", sql, got, faute)
		}
	}
}
