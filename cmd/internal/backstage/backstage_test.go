package backstage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLogsAreReadInEveryWriting proves that a word is found as it is, in hexadecimal
// (as PostgreSQL writes bytes) and in base64 (as JSON does).
func TestLogsAreReadInEveryWriting(t *testing.T) {
	for _, text := range []string{"nom=Zqmprenomx", `donnees=\x5a716d7072656e6f6d78`, `{"data":"eyJub20iOiJacW1wcmVub214In0="}`} {
		data := t.TempDir()
		if err := os.MkdirAll(filepath.Join(data, "journaux"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, "journaux", "api.log"), []byte("avant\n"+text+"\naprès\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		found := false
		err := Stack{Data: data}.Logs(func(place, read string) {
			found = found || strings.HasPrefix(place, "journal api.log") && strings.Contains(read, "Zqmprenomx")
		})
		if err != nil || !found {
			t.Errorf("%s: found %v, error %v", text, found, err)
		}
	}
	if err := (Stack{Data: t.TempDir()}).Logs(func(string, string) {}); err == nil {
		t.Error("a stack without logs must be an error: nothing was read")
	}
}
