package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// demande is one query that the store asked, to be asked again without it.
type demande struct {
	texte string
	args  []driver.NamedValue
}

// valeurs are the arguments of d.
func (d demande) valeurs() []any {
	args := make([]any, len(d.args))
	for i, a := range d.args {
		args[i] = a.Value
	}
	return args
}

// temoin is a driver of PostgreSQL that remembers the queries that pass.
type temoin struct {
	driver.Connector
	mu       sync.Mutex
	ecoute   bool
	demandes []demande
}

// ouvrirTemoin opens a database behind a temoin.
func ouvrirTemoin(dsn string) (*temoin, *sqlx.DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, nil, err
	}
	t := &temoin{Connector: c}
	return t, sqlx.NewDb(sql.OpenDB(t), "postgres"), nil
}

// Connect wraps a connection.
func (t *temoin) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := t.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connexion{Conn: c, t: t}, nil
}

// pendant returns what f asks of the database: its reads, without what opens a
// transaction, shuts it in its organisation or tells the time.
func (t *temoin) pendant(f func() error) ([]demande, error) {
	t.mu.Lock()
	t.ecoute, t.demandes = true, nil
	t.mu.Unlock()
	err := f()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ecoute = false
	return t.demandes, err
}

type connexion struct {
	driver.Conn
	t *temoin
}

// noter remembers a read.
func (t *temoin) noter(q string, args []driver.NamedValue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ecoute && !strings.Contains(q, "FROM horloge") {
		t.demandes = append(t.demandes, demande{q, append([]driver.NamedValue{}, args...)})
	}
}

// QueryContext remembers a read.
func (c *connexion) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	c.t.noter(q, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, q, args)
}

// ExecContext, BeginTx, Ping, ResetSession, IsValid and
// CheckNamedValue pass to the connection.
func (c *connexion) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, q, args)
}

// BeginTx passes.
func (c *connexion) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// PrepareContext wraps what is prepared.
func (c *connexion) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	p, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	return &prete{p, c.t, q}, nil
}

// prete is a prepared query.
type prete struct {
	driver.Stmt
	t *temoin
	q string
}

// QueryContext remembers a read.
func (p *prete) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	p.t.noter(p.q, args)
	return p.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

// Ping passes.
func (c *connexion) Ping(ctx context.Context) error { return c.Conn.(driver.Pinger).Ping(ctx) }

// ResetSession passes.
func (c *connexion) ResetSession(ctx context.Context) error {
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

// IsValid passes.
func (c *connexion) IsValid() bool { return c.Conn.(driver.Validator).IsValid() }

// CheckNamedValue passes.
func (c *connexion) CheckNamedValue(v *driver.NamedValue) error {
	if x, ok := c.Conn.(driver.NamedValueChecker); ok {
		return x.CheckNamedValue(v)
	}
	var err error
	v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value)
	return err
}

// nu asks the queries of ds again, on a database without the store, and reads every
// column of every row as it comes.
func nu(ctx context.Context, db *sql.DB, ds []demande) error {
	for _, d := range ds {
		rs, err := db.QueryContext(ctx, d.texte, d.valeurs()...)
		if err != nil {
			return err
		}
		cols, err := rs.Columns()
		if err != nil {
			return err
		}
		ligne, ou := make([]sql.RawBytes, len(cols)), make([]any, len(cols))
		for i := range ligne {
			ou[i] = &ligne[i]
		}
		for rs.Next() {
			if err := rs.Scan(ou...); err != nil {
				return err
			}
		}
		if err := rs.Close(); err != nil {
			return err
		}
	}
	return nil
}
