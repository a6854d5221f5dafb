package process

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// LastLine quotes the last line of a log, for the sentence that says why a part
// did not start.
func LastLine(path string) string {
	const window = 4096
	f, err := os.Open(path)
	if err != nil {
		return "son journal est illisible"
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return "son journal est vide (" + path + ")"
	}
	tail := make([]byte, min(info.Size(), window))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return "son journal est illisible"
	}
	lines := strings.Split(strings.TrimSpace(string(tail)), "\n")
	return fmt.Sprintf("son journal %s finit par « %s »", path, strings.TrimSpace(lines[len(lines)-1]))
}

// Seconds writes a duration as a French reader expects it: « 1,4 s ».
func Seconds(d time.Duration) string {
	return strings.Replace(fmt.Sprintf("%.1f s", d.Seconds()), ".", ",", 1)
}
