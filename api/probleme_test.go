package api_test

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guichet/api"
	"guichet/opco"
)

func TestAnswerOfAFaultOfTheMachine(t *testing.T) {
	plein := fmt.Errorf("receiving a file: %w", &fs.PathError{Op: "write", Path: "quarantaine", Err: syscall.ENOSPC})
	for _, tt := range []struct {
		name   string
		err    error
		statut int32
		dit    string
		lit    string // to who only reads
		apres  string
	}{
		{"no room left", plein, http.StatusInsufficientStorage, "rien n’a été gardé de cet envoi. Renvoyez-le dans une minute", "redemandez-le dans une minute", "60"},
		{"the base is away", fmt.Errorf("committing: %w", driver.ErrBadConn), http.StatusServiceUnavailable, "Renvoyez-la dans quelques secondes, sans rien changer : elle ne comptera qu’une fois", "redemandez-le dans quelques secondes", "5"},
		{"a fault of ours", errors.New("no"), http.StatusInternalServerError, "en citant la référence", "en citant la référence", ""},
		{"too big a file of the bank", opco.RetourTropGros(), http.StatusRequestEntityTooLarge, "512 Mo", "512 Mo", ""},
	} {
		p, w := api.AnswerTo(http.MethodPost, tt.err), httptest.NewRecorder()
		api.Retarder(w, tt.err)
		if p.Status != tt.statut || !strings.Contains(p.Detail, tt.dit) || strings.Contains(p.Detail, "quarantaine") || w.Header().Get("Retry-After") != tt.apres {
			t.Errorf("%s: got %d « %s », to come back after %q", tt.name, p.Status, p.Detail, w.Header().Get("Retry-After"))
		}
		lu := api.AnswerTo(http.MethodGet, tt.err)
		if porte := w.Header().Get("Retry-After") != ""; !strings.Contains(lu.Detail, tt.lit) || porte && strings.Contains(strings.ToLower(lu.Detail), "renvoyez") {
			t.Errorf("%s: who reads is told « %s »", tt.name, lu.Detail)
		}
	}
}

// A file of the bank that our disk does not take is no fault of who sent it; one that is cut
// on its way is asked for again.
func TestRetourThatIsNotTaken(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "absent"))
	const entier = "--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"camt.xml\"\r\n\r\n<x/>\r\n--b--\r\n"
	for _, tt := range []struct {
		name, corps string
		statut      int32
	}{{"the disk does not take it", entier, http.StatusInternalServerError}, {"it is cut", entier[:20], http.StatusBadRequest}} {
		_, f, err := api.LireFichierBanque(multipart.NewReader(strings.NewReader(tt.corps), "b"), nil)
		f.Jeter()
		if p := api.Answer(err); p.Status != tt.statut {
			t.Errorf("%s: got %d « %s », want %d", tt.name, p.Status, p.Detail, tt.statut)
		}
	}
}
