package main

import (
	"os"

	"guichet/deploy/local/datadir"
)

// erase deletes the data directory, once a person agrees.
func erase(args []string) error {
	set := options("effacer")
	agreed := set.Bool("oui", false, "")
	if err := parse(set, args); err != nil {
		return err
	}
	path, err := datadir.Path()
	if err != nil {
		return err
	}
	return datadir.Erase(path, os.Stdin, os.Stdout, *agreed)
}
