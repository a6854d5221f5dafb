package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

// version is the name that the linker gives to this binary (-X main.version=…), "" for none.
var version string

// build names this binary: as the linker said; else the revision it was made of, with « + »
// when files had changed since; else the digest of its own bytes.
var build = sync.OnceValue(func() string {
	if version != "" {
		return version
	}
	if r := revision(); r != "" {
		return r
	}
	return empreinteDuProgramme()
})

func revision() string {
	i, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	revision, change := "", ""
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

func empreinteDuProgramme() string {
	const inconnue = "inconnue"
	chemin, err := os.Executable()
	if err != nil {
		return inconnue
	}
	f, err := os.Open(chemin)
	if err != nil {
		return inconnue
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return inconnue
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
