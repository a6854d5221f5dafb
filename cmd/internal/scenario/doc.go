// Package scenario plays acceptance scenarios against a running stack, through
// its public API only, as its clients do. A scenario is a YAML file that a
// gestionnaire can read and write: who does which acte, what the clock says, what
// the bank answers, and what must then be true to the cent. scenarios/README.md
// documents the language; this package reads it (Read), plays it (Runner) and
// says which line failed, what was expected and what was found. The demonstration
// of `guichet demo` uses the same steps. It never touches the database.
package scenario
