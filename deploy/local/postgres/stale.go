package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// clearStalePid removes a postmaster.pid whose number now belongs to another
// program, as after a reboot: PostgreSQL would refuse to start. It leaves every
// other one: a dead number PostgreSQL clears itself, once it has checked that
// no child of the old server still uses the shared memory named there; a living
// server is a reason to refuse.
func (s *Server) clearStalePid() error {
	file := filepath.Join(s.cluster(), "postmaster.pid")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être lu (%w)", file, err)
	}
	if !s.reused(firstNumber(text)) {
		return nil
	}
	if err := os.Remove(file); err != nil {
		return fmt.Errorf("le fichier %s, laissé par un arrêt brutal, ne peut pas être retiré (%w)", file, err)
	}
	return nil
}

// firstNumber reads the process id on the first line of postmaster.pid, 0 when
// there is none.
func firstNumber(text []byte) int {
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid < 1 {
		return 0
	}
	return pid
}

// reused tells whether a living process that is not a PostgreSQL of our cluster
// has the number; false when the system does not say what it does.
func (s *Server) reused(pid int) bool {
	if pid == 0 || runtime.GOOS != "linux" || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	return err == nil && cwd != s.cluster()
}
