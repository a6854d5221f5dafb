package api_test

import (
	"net/http"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// TestBrouillonSupprime: nobody reads a deleted brouillon, by any route.
func TestBrouillonSupprime(t *testing.T) {
	g := ouvrir(t)
	id := g.brouillon()
	g.exiger(g.appeler("e1", "DELETE", "/api/dossiers/"+id+"?acte_id="+nouvelID(), nil), 200)
	for _, lecture := range []string{"", "/journal", "/controles", "/service-fait", "/courriers", "/factures", "/reglements", "/pieces", "/ledger"} {
		g.exiger(g.appeler("auditeur", "GET", "/api/dossiers/"+id+lecture, nil), 404)
	}
	for _, lecture := range []string{"", "/journal", "/courriers", "/factures", "/reglements", "/pieces"} {
		g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+id+lecture, nil), 404)
	}
}

// TestMemeSiret: the company account of an organisme does not read, as a company, the
// dossiers that name the organisme, nor what was written to their company.
func TestMemeSiret(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	u := store.Utilisateur{Identifiant: "employeur", Personne: "p-employeur", Nom: "Employeur", Prenom: "Ève", Role: opco.RoleEntreprise,
		MotDePasse: "-", SIRETs: []string{"99900136500017"}, Actif: true}
	g.cles["employeur"] = strings.Repeat("employeur", 5)
	if err := g.store.EcrireUtilisateur(t.Context(), u, g.cles["employeur"]); err != nil {
		t.Fatal(err)
	}
	for _, lecture := range []string{"", "/courriers", "/pieces"} {
		g.exiger(g.appeler("employeur", "GET", "/api/dossiers/"+id+lecture, nil), 404)
		g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+id+lecture, nil), 200)
	}
}

// TestPiecesDeLAutre: an organisation reads neither the RIB nor the statement of
// expenses, wages included, that the other one sends.
func TestPiecesDeLAutre(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	for _, tt := range []struct {
		qui, autre, piece string
		lu                bool
	}{{"e1", "of1", "RIB", false}, {"e1", "of1", "RELEVE_DEPENSES", false}, {"of1", "e1", "RIB", false}, {"e1", "of1", "PROGRAMME", true}} {
		acte := nouvelID()
		g.exiger(g.formulaire(tt.qui, "/api/dossiers/"+id+"/pieces", partie{"acte_id", "", acte}, partie{"type", "", tt.piece},
			partie{"fichier", "x.pdf", pdfSimple(1)}), 200)
		for qui, lu := range map[string]bool{tt.qui: true, tt.autre: tt.lu, "gestionnaire": true} {
			statut := map[bool]int{true: 200, false: 404}[lu]
			g.exiger(g.appeler(qui, "GET", "/api/pieces/"+acte+"/fichier", nil), statut)
			if r := g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+id+"/pieces", nil), 200); strings.Contains(string(r.corps), acte) != lu {
				t.Errorf("%s of %s listed to %s: want %v", tt.piece, tt.qui, qui, lu)
			}
		}
	}
}

// TestErreurDeMessagerie: what a mail server said is for the staff.
func TestErreurDeMessagerie(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	if _, err := g.store.DB.Exec(`UPDATE courrier SET erreur = 'dial tcp 10.0.0.3:25: connection refused'`); err != nil {
		t.Fatal(err)
	}
	for qui, lit := range map[string]bool{"gestionnaire": true, "e1": false, "of1": false} {
		r := g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+id+"/courriers", nil), 200)
		if strings.Contains(string(r.corps), "10.0.0.3") != lit || !strings.Contains(string(r.corps), `"erreur"`) {
			t.Errorf("%s reads %s", qui, r.corps)
		}
	}
}

// TestFluxApresDeconnexion: a stream tells nothing more once its session is closed.
func TestFluxApresDeconnexion(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	c := g.seConnecter("gestionnaire", store.MotDePasseDemo, 200)
	avec := c.Name + "=" + c.Value
	req, err := http.NewRequestWithContext(t.Context(), "GET", g.url+"/api/dossiers/"+id+"/evenements", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", avec)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b := make([]byte, 1024)
	if n, err := res.Body.Read(b); err != nil || !strings.Contains(string(b[:n]), "TRANSMISE") {
		t.Fatalf("got %q, %v", b[:n], err)
	}
	g.exiger(g.appeler("", "DELETE", "/api/session", nil, "Cookie", avec), 204)
	g.acte("gestionnaire2", id, "instruction", objet{})
	if n, err := res.Body.Read(b); err == nil {
		t.Errorf("got %q after the session was closed", b[:n])
	}
}
