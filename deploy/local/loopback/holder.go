package loopback

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const listening = "0A" // TCP_LISTEN in /proc/net/tcp

// holder names the process that listens on the port, from /proc; « un autre
// programme » where the system does not tell (other systems, other users).
func holder(port int) string {
	const unknown = "un autre programme"
	inode := socketInode(port)
	if inode == "" {
		return unknown
	}
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return unknown
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == "socket:["+inode+"]" {
			pid := strings.Split(link, "/")[2]
			name, err := os.ReadFile("/proc/" + pid + "/comm")
			if err != nil {
				return unknown
			}
			return fmt.Sprintf("%s (processus %s)", strings.TrimSpace(string(name)), pid)
		}
	}
	return unknown
}

// socketInode finds the listening socket of the port, on any address.
func socketInode(port int) string {
	suffix := fmt.Sprintf(":%04X", port)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		lines, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(lines)) {
			f := strings.Fields(line)
			if len(f) > 9 && strings.HasSuffix(f[1], suffix) && f[3] == listening {
				return f[9]
			}
		}
	}
	return ""
}
