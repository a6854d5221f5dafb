package api_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"guichet/api"
	"guichet/opco"
)

// couper sends the beginning of a form of files, says that more comes, and hangs up.
func (g *guichet) couper(qui, chemin, debut string) reponse {
	g.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(g.url, "http://"))
	if err != nil {
		g.t.Fatal(err)
	}
	defer c.Close()
	_, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: guichet\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\nConnection: close\r\n\r\n%s",
		chemin, g.cles[qui], debut)
	if err == nil {
		err = c.(*net.TCPConn).CloseWrite()
	}
	if err != nil {
		g.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return reponse{statut: res.StatusCode, entete: res.Header, corps: b}
}

// Whoever loses the network while sending a file is told so, whatever the door, and not that the house
// has lost its base.
func TestAFileThatIsCutOnItsWay(t *testing.T) {
	g := ouvrir(t)
	const champ, fichier = "--b\r\nContent-Disposition: form-data; name=\"acte_id\"\r\n\r\n7d2c", "--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"d.pdf\"\r\n\r\n%PDF-1.7 "
	dossier := "/api/dossiers/" + g.brouillon() + "/pieces"
	for _, tt := range []struct{ name, qui, chemin, debut string }{
		{"a pièce, in the file", "e1", dossier, fichier},
		{"a pièce, in a field", "e1", dossier, champ},
		{"a pièce, between its parts", "e1", dossier, "--b\r\nContent-Dis"},
		{"demandes", "e1", "/api/demandes/import", fichier},
		{"the bank", "comptable", "/api/banque/retours", fichier},
	} {
		r := g.couper(tt.qui, tt.chemin, tt.debut)
		var p api.Probleme
		if err := json.Unmarshal(r.corps, &p); err != nil || r.statut != http.StatusBadRequest || p.Champ != "fichier" || !strings.Contains(p.Detail, "L’envoi n’a pas abouti") {
			t.Errorf("%s: got %d %s", tt.name, r.statut, r.corps)
		}
	}
	if strings.Contains(g.log.String(), "request failed") {
		t.Errorf("it is noted as a fault of ours: %s", g.log)
	}
}

func TestEnvoiCoupe(t *testing.T) {
	gros := errors.New("too big")
	plein := &fs.PathError{Op: "write", Path: "quarantaine", Err: syscall.ENOSPC}
	for _, tt := range []struct {
		name   string
		err    error
		statut int32
	}{
		{"it is cut", fmt.Errorf("receiving a file: %w", io.ErrUnexpectedEOF), http.StatusBadRequest},
		{"the network is lost", fmt.Errorf("multipart: NextPart: %w", &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}), http.StatusBadRequest},
		{"our disk is full", fmt.Errorf("receiving a file: %w", plein), http.StatusInsufficientStorage},
		{"our disk does not take it", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, http.StatusInternalServerError},
		{"an empty file", opco.Champf("fichier", "Ce fichier est vide."), http.StatusUnprocessableEntity},
		{"a file over its limit", opco.PieceTropGrosse(), http.StatusRequestEntityTooLarge},
	} {
		if p := api.Answer(api.EnvoiCoupe(tt.err, gros)); p.Status != tt.statut {
			t.Errorf("%s: got %d « %s », want %d", tt.name, p.Status, p.Detail, tt.statut)
		}
	}
	if err := api.EnvoiCoupe(fmt.Errorf("reading: %w", &http.MaxBytesError{Limit: 1}), gros); !errors.Is(err, gros) {
		t.Errorf("over the limit of the door, got %v", err)
	}
}
