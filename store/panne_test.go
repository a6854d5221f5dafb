package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"syscall"
	"testing"

	"github.com/lib/pq"
)

func TestPanneDe(t *testing.T) {
	refus := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, tt := range []struct {
		name string
		err  error
		want Panne
	}{
		{"nothing", nil, SansPanne},
		{"a rule", errors.New("no"), SansPanne},
		{"a duplicate", &pq.Error{Code: "23505", Severity: "ERROR"}, SansPanne},
		{"a file that does not fit", fmt.Errorf("receiving a file: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), PanneDisque},
		{"a quota", &fs.PathError{Err: syscall.EDQUOT}, PanneDisque},
		{"a table that cannot grow", fmt.Errorf("recording: %w", &pq.Error{Code: "53100", Severity: "ERROR"}), PanneDisque},
		{"a base that stops for want of room", &pq.Error{Code: "53100", Severity: "PANIC"}, PanneBase},
		{"a base that starts", &pq.Error{Code: "57P03", Severity: "FATAL"}, PanneBase},
		{"no connection left", &pq.Error{Code: "53300", Severity: "FATAL"}, PanneBase},
		{"a connection cut", fmt.Errorf("committing: %w", driver.ErrBadConn), PanneBase},
		{"nobody listens", fmt.Errorf("beginning a transaction: %w", refus), PanneBase},
		{"a provider of identities away", &url.Error{Op: "Get", URL: "https://id.example", Err: refus}, SansPanne},
	} {
		if got := PanneDe(tt.err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPleine(t *testing.T) {
	var s Store
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"nothing was written yet", nil, false},
		{"a rule refuses", &pq.Error{Code: "23514"}, false},
		{"a file did not fit", syscall.ENOSPC, false},
		{"the base had no room", fmt.Errorf("recording: %w", &pq.Error{Code: "53100", Severity: "ERROR"}), true},
		{"what needs no room passes", nil, true},
	} {
		if s.retenirPlace(tt.err); s.Pleine() != tt.want {
			t.Errorf("%s: got %v", tt.name, s.Pleine())
		}
	}
	if s.sansPlace.Add(-int64(oubliPlace)); s.Pleine() {
		t.Error("it refused a while ago, and is still said to be full")
	}
}
