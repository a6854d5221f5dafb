package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A supervisor that is killed leaves its children alive. Each child therefore
// has two files: Name.pid, for people and scripts, and Name.naissance, its
// start time, so that a number reused by another program is never touched.

// StopLeftovers ends, in the given order, the children that a killed run left
// in the directory, and returns the names of those it found. The caller holds
// the lock of the data directory, so no living run owns them.
func StopLeftovers(pidDir string, names ...string) []string {
	var found []string
	for _, name := range names {
		pid, alive := leftover(pidDir, name)
		if !alive {
			continue
		}
		found = append(found, name)
		end(pid)
		removePid(pidDir, name, pid)
	}
	return found
}

// leftover reads the two files and tells whether that very process still lives.
func leftover(pidDir, name string) (int, bool) {
	text, err := os.ReadFile(filepath.Join(pidDir, name+".pid"))
	if err != nil {
		return 0, false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return 0, false
	}
	recorded, err := os.ReadFile(filepath.Join(pidDir, name+".naissance"))
	return pid, err == nil && string(recorded) != "" && string(recorded) == birth(pid)
}

// end interrupts a process group, then kills it after five seconds. SIGINT is
// the fast shutdown of PostgreSQL and an orderly stop for the others.
func end(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGINT)
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if birth(pid) == "" {
			return
		}
		time.Sleep(readyStep)
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL)
}

// birth identifies one life of a process id: its start time as the system
// writes it, "" when there is no such process or only its remains, which a
// container without a real init keeps for long.
func birth(pid int) string {
	if runtime.GOOS != "linux" {
		out, err := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(pid)).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	f := procStat(pid)
	const startTime = 19 // field 22 of proc(5), counted after the name
	if len(f) <= startTime || f[0] == "Z" {
		return ""
	}
	return f[startTime]
}

// procStat returns the fields of /proc/PID/stat that follow the name, which may
// itself hold spaces and parentheses.
func procStat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, after, _ := strings.Cut(string(text[max(0, strings.LastIndexByte(string(text), ')')):]), ")")
	return strings.Fields(after)
}

func writePid(dir, name string, pid int) error {
	for suffix, text := range map[string]string{".pid": strconv.Itoa(pid), ".naissance": birth(pid)} {
		if err := os.WriteFile(filepath.Join(dir, name+suffix), []byte(text), 0o644); err != nil {
			return fmt.Errorf("son numéro de processus ne peut pas être noté (%w)", err)
		}
	}
	return nil
}

// removePid removes the files, unless a newer life has already written its own.
func removePid(dir, name string, pid int) {
	file := filepath.Join(dir, name+".pid")
	if text, err := os.ReadFile(file); err == nil && string(text) == strconv.Itoa(pid) {
		_ = os.Remove(file)
		_ = os.Remove(filepath.Join(dir, name+".naissance"))
	}
}
