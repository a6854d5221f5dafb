package stack

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
)

// readSecrets reads the keys that seal the second factors of people, and makes
// them at the first start: they must outlive the processes.
func (s *Stack) readSecrets() error {
	path := s.dir.File("secrets")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key := make([]byte, 32)
		rand.Read(key) // never fails
		text = []byte("local:" + base64.StdEncoding.EncodeToString(key) + "\n")
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être lu ou écrit (%w)", path, err)
	}
	s.secrets = strings.TrimSpace(string(text))
	return nil
}
