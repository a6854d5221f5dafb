// Package backstage reads what a running stack keeps that nobody is shown: the logs
// of its parts, the histories of the engine and all it says of them, the rows of
// every table. It is for the proof that personal data and secrets stay where they
// belong (reliability.md 3.17); nothing of the product reads this way.
package backstage

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Stack says where a stack is. Data is the directory in which its parts write.
type Stack struct {
	DB        string // PostgreSQL DSN of Guichet
	Temporal  string // host:port
	Namespace string
	Data      string
}

// Missing names what must be told before anything can be read, "" when all is there.
func (s Stack) Missing() string {
	switch "" {
	case s.DB:
		return "la base (GUICHET_DB)"
	case s.Temporal:
		return "le moteur (GUICHET_TEMPORAL)"
	case s.Data:
		return "le répertoire des journaux (GUICHET_DATA)"
	}
	return ""
}

// Visit is given each text, and where it was kept. What a text holds in hexadecimal
// or in base64 is given as well, as people who look for it would read it.
type Visit func(place, text string)

// Logs reads what every part of the stack wrote.
func (s Stack) Logs(visit Visit) error {
	names, err := filepath.Glob(filepath.Join(s.Data, "journaux", "*"))
	if err != nil {
		return fmt.Errorf("listing the logs: %w", err)
	}
	if len(names) == 0 {
		return fmt.Errorf("aucun journal dans %s", s.Data)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading a log: %w", err)
		}
		open(visit, "journal "+filepath.Base(name), string(b))
	}
	return nil
}

var (
	hexadecimal = regexp.MustCompile(`\\x[0-9a-fA-F]{8,}`)
	base64Text  = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
)

// open gives a text, and what it holds in another writing.
func open(visit Visit, place, text string) {
	visit(place, text)
	for _, h := range hexadecimal.FindAllString(text, -1) {
		if b, err := hex.DecodeString(h[2 : len(h)-len(h)%2]); err == nil {
			visit(place, string(b))
			openBase64(visit, place, string(b))
		}
	}
	openBase64(visit, place, text)
}

// openBase64 gives all that a text holds in base64, in one piece.
func openBase64(visit Visit, place, text string) {
	var all strings.Builder
	for _, run := range base64Text.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		if b, err := base64.RawStdEncoding.DecodeString(run[:len(run)-len(run)%4]); err == nil {
			all.Write(b)
			all.WriteByte('\n')
		}
	}
	if all.Len() > 0 {
		visit(place+" (base64)", all.String())
	}
}
