package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/lib/pq"
)

// Role owns the databases; it is the superuser of this private server.
const Role = "guichet"

// Database is the one that Guichet itself uses. Temporal creates its own two.
const Database = "guichet"

// Server is the private PostgreSQL of one data directory.
type Server struct {
	Data     string // data directory of the stack, absolute
	Binaries Binaries
	Port     int
	// Replicable lets the server be backed up while it runs: the drill of a restore needs it,
	// and it writes more.
	Replicable bool

	as       identity
	password string
	say      func(format string, args ...any)
}

// Prepare returns a server ready to be started on the data directory, which it
// fills at the first start, which say announces. The error is a French sentence.
func Prepare(data string, b Binaries, port int, say func(format string, args ...any)) (*Server, error) {
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	s := &Server{Data: data, Binaries: b, Port: port, as: as, say: say}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) dir() string          { return filepath.Join(s.Data, "postgres") }
func (s *Server) cluster() string      { return filepath.Join(s.dir(), "data") }
func (s *Server) passwordFile() string { return filepath.Join(s.dir(), "motdepasse") }

// Address returns host:port.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// Password returns the password of Role.
func (s *Server) Password() string { return s.password }

// DSN returns the address of a database as lib/pq and pgx read it. It holds the
// password: never print it.
func (s *Server) DSN(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(Role, s.password),
		Host:     s.Address(),
		Path:     database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Command returns a new command that runs the server in the foreground.
func (s *Server) Command() (*exec.Cmd, error) {
	if err := s.clearStalePid(); err != nil {
		return nil, err
	}
	args := []string{"-D", s.cluster(), "-p", strconv.Itoa(s.Port), "-h", "127.0.0.1"}
	for _, p := range parameters {
		args = append(args, "-c", p)
	}
	if s.Replicable { // the last word wins
		args = append(args, "-c", "wal_level=replica", "-c", "max_wal_senders=4")
	}
	cmd := exec.Command(filepath.Join(s.Binaries.Dir, "postgres"), args...)
	cmd.SysProcAttr, cmd.Dir, cmd.Env = s.as.attributes(), s.dir(), environment()
	return cmd, nil
}

// parameters keep a development server small and as durable as a real one:
// fsync, full_page_writes and synchronous_commit stay on.
var parameters = []string{
	"unix_socket_directories=",
	"max_connections=120",
	"shared_buffers=64MB",
	"max_wal_size=512MB",
	"wal_compression=on",
	"wal_level=minimal",
	"max_wal_senders=0",
	"max_logical_replication_workers=0",
	"jit=off",
	"autovacuum_max_workers=2",
	"max_parallel_workers_per_gather=0",
	"timezone=UTC",
	"log_timezone=UTC",
	"log_min_messages=warning",
	"log_error_verbosity=terse", // the detail of a refused row would show the data of people
	"logging_collector=off",
}

// environment is all that PostgreSQL inherits.
func environment() []string {
	return []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
}

// Ready tells whether the server answers, and creates the database Database
// when it is not there yet.
func (s *Server) Ready(ctx context.Context) error {
	db, err := sql.Open("postgres", s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("opening PostgreSQL: %w", err)
	}
	defer func() { _ = db.Close() }()
	var present bool
	const query = `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`
	if err := db.QueryRowContext(ctx, query, Database).Scan(&present); err != nil {
		return fmt.Errorf("asking PostgreSQL: %w", err)
	}
	if present {
		return nil
	}
	if _, err := db.ExecContext(ctx, `CREATE DATABASE `+pq.QuoteIdentifier(Database)); err != nil {
		return fmt.Errorf("creating database %s: %w", Database, err)
	}
	return nil
}
