package scenario

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// FileError is a mistake in a scenario file: the file must be corrected before
// anything can be played. Message is a French sentence.
type FileError struct {
	File    string
	Line    int
	Message string
}

// Error says where the mistake is and what it is.
func (e *FileError) Error() string { return fmt.Sprintf("%s:%d : %s", e.File, e.Line, e.Message) }

// Failure is an expectation that does not hold, at one line of the file.
type Failure struct {
	File     string
	Line     int
	What     string // what was looked at
	Expected string
	Found    string
}

// Error says where, what was expected and what was found.
func (f *Failure) Error() string {
	return fmt.Sprintf("%s:%d : %s\n    attendu : %s\n    trouvé  : %s", f.File, f.Line, f.What, f.Expected, f.Found)
}

// fault is a mistake at the node n; Read adds the file.
func fault(n *yaml.Node, format string, args ...any) error {
	return &FileError{Line: n.Line, Message: fmt.Sprintf(format, args...)}
}
