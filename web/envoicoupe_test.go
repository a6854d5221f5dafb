package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whoever loses the network while sending a file reads that it did not come whole, on a form of one file
// and on one of several, and not that the base is away.
func TestAFormOfFilesThatIsCutOnItsWay(t *testing.T) {
	const fichier = "--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"d.pdf\"\r\n\r\n%PDF-1.7 "
	chez := "/entreprise/dossiers/" + idDossier
	for _, tt := range []struct {
		name, chemin, corps string
		statut              int
	}{
		{"a form with one file", chez + "/certificats", fichier, http.StatusBadRequest},
		{"several pièces, between two", chez + "/documents", "--b\r\nContent-Dispo", http.StatusUnprocessableEntity},
	} {
		r := httptest.NewRequest(http.MethodPost, tt.chemin, strings.NewReader(tt.corps))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		rep := httptest.NewRecorder()
		moteurInterieur(t, &interieurFaux{occupant: chezEntreprise()}).ServeHTTP(rep, r)
		if rep.Code != tt.statut || !strings.Contains(rep.Body.String(), "L’envoi n’a pas abouti") {
			t.Errorf("%s: got %d\n%s", tt.name, rep.Code, rep.Body)
		}
	}
}
