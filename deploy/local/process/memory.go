package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Memory returns the resident memory of a process and all its descendants, in
// kB. On Linux shared pages are counted once (proportional set size); elsewhere
// each process counts its own. Zero when it cannot be known.
func Memory(pid int) int64 {
	if pid == 0 {
		return 0
	}
	parents, resident := processes()
	var total int64
	for p := range resident {
		if descends(p, pid, parents) {
			total += memoryOf(p, resident)
		}
	}
	return total
}

// Own returns the resident memory of one process without its descendants, in
// kB, counted as Memory does.
func Own(pid int) int64 {
	_, resident := processes()
	return memoryOf(pid, resident)
}

func descends(p, ancestor int, parents map[int]int) bool {
	for ; p > 1; p = parents[p] {
		if p == ancestor {
			return true
		}
	}
	return false
}

// processes lists every process with its parent, and its resident kB where ps
// is what tells it.
func processes() (parents map[int]int, resident map[int]int64) {
	parents, resident = map[int]int{}, map[int]int64{}
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, e := range entries {
		pid, err := strconv.Atoi(filepath.Base(e))
		if f := procStat(pid); err == nil && len(f) > 1 {
			parents[pid], _ = strconv.Atoi(f[1])
			resident[pid] = 0
		}
	}
	if len(entries) > 0 {
		return parents, resident
	}
	out, _ := exec.Command("ps", "-axo", "pid=,ppid=,rss=").Output()
	for line := range strings.Lines(string(out)) {
		var pid, parent int
		var kb int64
		if _, err := fmt.Sscan(line, &pid, &parent, &kb); err == nil {
			parents[pid], resident[pid] = parent, kb
		}
	}
	return parents, resident
}

func memoryOf(pid int, resident map[int]int64) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return resident[pid]
	}
	for line := range strings.Lines(string(text)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "Pss: %d kB", &kb); err == nil {
			return kb
		}
	}
	return resident[pid]
}
