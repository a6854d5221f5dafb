package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"net/url"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// Panne is what failed under the house and that nobody who asks can mend.
type Panne string

// The faults of the machine.
const (
	SansPanne   Panne = ""
	PanneBase   Panne = "base"   // it is stopped, starts again or is cut off: whether the last COMMIT passed is unknown
	PanneDisque Panne = "disque" // no room is left, for the base or for files: nothing was written
)

// PanneDe tells the fault of the machine by which err came.
func PanneDe(err error) Panne {
	var sqlErr *pq.Error
	var reseau *net.OpError
	var http *url.Error
	switch {
	case err == nil:
		return SansPanne
	case errors.As(err, &sqlErr):
		return panneSQL(sqlErr)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return PanneDisque
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, io.ErrUnexpectedEOF):
		return PanneBase
	case errors.As(err, &reseau) && !errors.As(err, &http): // the base is the only one asked otherwise than by HTTP
		return PanneBase
	}
	return SansPanne
}

// panneSQL reads an answer of PostgreSQL. One that stops for want of room says so as it
// goes: what it was writing then may be there once it is back.
func panneSQL(e *pq.Error) Panne {
	if e.Severity == pq.Epanic || e.Severity == pq.Efatal {
		return PanneBase
	}
	switch e.Code {
	case "53100": // disk_full
		return PanneDisque
	case "53300", "57P01", "57P02", "57P03": // too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now
		return PanneBase
	}
	return SansPanne
}

// oubliPlace is after how long without a refusal a base is said to have room again.
const oubliPlace = 30 * time.Second

// retenirPlace remembers that the base had no room for a transaction that ended with err.
func (s *Store) retenirPlace(err error) {
	var refus *pq.Error
	if errors.As(err, &refus) && PanneDe(err) == PanneDisque {
		s.sansPlace.Store(time.Now().UnixNano())
	}
}

// Pleine reports whether the base has just refused to this process, for want of room, what was
// to be written. What writes nothing new passes meanwhile, and says nothing.
func (s *Store) Pleine() bool { return time.Since(time.Unix(0, s.sansPlace.Load())) < oubliPlace }
