package main

import "runtime/debug"

// build names this binary: the revision it was made of, with « + » when files had changed
// since.
func build() string {
	i, ok := debug.ReadBuildInfo()
	if !ok {
		return "inconnue"
	}
	revision, change := "inconnue", ""
	for _, s := range i.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			change = "+"
		}
	}
	return revision + change
}
