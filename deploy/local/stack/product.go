package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"guichet/deploy/local/postgres"
	"guichet/deploy/local/process"
)

// Environment returns the variables by which the guichet binary, the scenarios
// and the chaos tests find the stack. It holds the password of PostgreSQL and the
// keys of the counter: never print it.
func (s *Stack) Environment() []string {
	return []string{
		"GUICHET_DATA=" + s.Data,
		"GUICHET_DB=" + s.postgres.DSN(postgres.Database),
		"GUICHET_TEMPORAL=" + s.Temporal.Address(),
		"GUICHET_TEMPORAL_NAMESPACE=" + namespace,
		"GUICHET_TEMPORAL_PAGE=" + s.TemporalUI.URL(),
		"GUICHET_SMTP=" + s.SMTP.Address(),
		"GUICHET_COURRIEL_PAGE=" + s.Mail.URL(),
		"GUICHET_ADRESSE=" + s.API.Address(),
		"GUICHET_URL=" + s.API.URL(),
		"GUICHET_FICHIERS=" + s.dir.File("fichiers"),
		"GUICHET_BANQUE=" + s.dir.File("banque"),
		"GUICHET_HORLOGE_ESSAI=1",
		"GUICHET_CLE_SECRETS=" + s.secrets,
		"GUICHET_CONTROLE=" + s.Control.URL(),
		"GUICHET_PID_API=" + s.dir.File("processus", "api.pid"),
		"GUICHET_PID_WORKER=" + s.dir.File("processus", "worker.pid"),
		"GUICHET_PID_TEMPORAL=" + s.dir.File("processus", "temporal.pid"),
		"GUICHET_PID_POSTGRES=" + s.dir.File("processus", "postgres.pid"),
	}
}

// Command returns a command that knows the stack.
func (s *Stack) Command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), s.Environment()...)
	return cmd
}

func (s *Stack) product(args ...string) *exec.Cmd { return s.Command(s.Product, args...) }

// migrate brings the database of Guichet to the schema of the binary.
func (s *Stack) migrate(ctx context.Context) error {
	journal := s.dir.File("journaux", "migrate.log")
	out, err := os.OpenFile(journal, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("le journal %s ne peut pas être écrit (%w)", journal, err)
	}
	defer func() { _ = out.Close() }()
	cmd := s.product("migrate")
	cmd.Stdout, cmd.Stderr = out, out
	if err := s.Run(ctx, cmd); err != nil {
		return fmt.Errorf("le schéma de la base n'a pas pu être appliqué (%s) : %s", process.Ending(err), process.LastLine(journal))
	}
	return nil
}

// writeEnvironment leaves the variables in a file that a shell can read, for
// the person who wants to run guichet by hand beside the stack:
// set -a; . <data>/environnement.
func (s *Stack) writeEnvironment() error {
	var text strings.Builder
	for _, v := range s.Environment() {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(&text, "%s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	path := s.dir.File("environnement")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être écrit (%w)", path, err)
	}
	return nil
}
