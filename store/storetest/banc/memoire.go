package main

import (
	"os"
	"strconv"
	"strings"
)

// picMemoire is the most memory that this process held, in bytes; 0 where the system
// does not say.
func picMemoire() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			ko, _ := strconv.ParseInt(strings.Fields(v)[0], 10, 64)
			return ko << 10
		}
	}
	return 0
}
