package datadir_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/deploy/local/datadir"
)

func TestOpen(t *testing.T) {
	tests := []struct {
		name     string
		file     string // name and content of a file already there
		content  string
		postgres int
		want     string // part of the sentence; "" when it opens
	}{
		{name: "a new directory opens"},
		{name: "its own version opens", file: "VERSION", content: "guichet 1 / postgresql 15\n", postgres: 15},
		{name: "a later version is refused", file: "VERSION", content: "guichet 2 / postgresql 15\n", want: "d'une autre version (« guichet 2 / postgresql 15 »"},
		{name: "an unreadable version is refused", file: "VERSION", content: "?", want: "d'une autre version"},
		{name: "somebody else's directory is refused", file: "rapport.odt", content: "x", want: "contient autre chose que des données de Guichet (« rapport.odt »)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "guichet")
			if tt.file != "" {
				write(t, filepath.Join(path, tt.file), tt.content)
			}
			d, err := datadir.Open(path)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want a sentence with %q", err, tt.want)
				}
				if got, _ := os.ReadFile(filepath.Join(path, tt.file)); string(got) != tt.content {
					t.Errorf("the file holds %q, want %q", got, tt.content)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			if d.Postgres != tt.postgres {
				t.Errorf("got PostgreSQL %d, want %d", d.Postgres, tt.postgres)
			}
		})
	}
}

func TestOpenTwice(t *testing.T) {
	path := t.TempDir()
	first, err := datadir.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("tourne déjà sur les données %s (processus %d)", path, os.Getpid())
	if _, err := datadir.Open(path); err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("got %v, want a sentence with %q", err, want)
	}
	if err := errors.Join(first.SetPostgres(15), first.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := datadir.Open(path)
	if err != nil {
		t.Fatalf("got %v once released, want no error", err)
	}
	defer func() { _ = again.Close() }()
	if again.Postgres != 15 {
		t.Errorf("got PostgreSQL %d, want 15", again.Postgres)
	}
}

func TestErase(t *testing.T) {
	tests := []struct {
		name   string
		answer string
		file   string
		agreed bool
		gone   bool
		want   string // part of the error
	}{
		{name: "agreed beforehand", file: "VERSION", agreed: true, gone: true},
		{name: "without a terminal", file: "VERSION", answer: "oui\n", want: "dans un terminal"},
		{name: "not our directory", file: "rapport.odt", agreed: true, want: "autre chose que des données de Guichet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "guichet")
			write(t, filepath.Join(path, tt.file), "guichet 1 / postgresql 15\n")
			in := filepath.Join(t.TempDir(), "answer")
			write(t, in, tt.answer)
			f, err := os.Open(in)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			err = datadir.Erase(path, f, io.Discard, tt.agreed)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if _, err := os.Stat(path); os.IsNotExist(err) != tt.gone {
				t.Errorf("directory gone: %v, want %v", os.IsNotExist(err), tt.gone)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
		t.Fatal(err)
	}
}
