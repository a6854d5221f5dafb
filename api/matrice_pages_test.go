package api_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"guichet/api"
	"guichet/web"
)

// placesDesPages are the kinds of what the path of a page names.
var placesDesPages = []struct{ prefixe, genre string }{
	{"/utilisateurs/{compte}", "utilisateur"}, {"/habilitations/{compte}", "compte"}, {"/comptes/{compte}", "compte"}, {"/agents/{compte}", "agent"},
	{"/instruction/entreprises/{siren}", ""}, {"/instruction/dossiers/{id}", "dossier"}, {"/instruction/pieces/{id}", "piece"}, {"/instruction/lettres/{id}", "courrier"},
	{"/statique/{empreinte}/{fichier}", ""},
}

// TestMatriceDesPages tries every page as everybody on everything: the table refuses
// as it does for the API, somebody else's account is the page of a missing one, and
// what is refused leaves no trace.
func TestMatriceDesPages(t *testing.T) {
	m := ouvrirMatrice(t)
	pages, err := web.New(web.Config{API: m.serveur})
	if err != nil {
		t.Fatal(err)
	}
	if m.h, err = m.serveur.Handler(pages); err != nil {
		t.Fatal(err)
	}
	es := m.essaisDePages(t, pages.Acces())
	avant := m.empreinteEntiere()
	n, lues := 0, 0
	for _, e := range es {
		statut, _ := e.porte()
		switch {
		case statut != 0:
			n++
			m.refuserLaPage(t, e, statut)
		case e.methode == http.MethodGet && (e.r == autre || e.r == effacee):
			n++
			r, vide := m.page(e.p, e.methode, e.adresse), m.page(e.p, e.methode, strings.Replace(e.adresse, m.objetDe(e), rienDeTel, 1))
			if r.statut != vide.statut || r.statut != http.StatusNotFound && e.r == autre && !sansAdministrer(e) || len(titre(r.corps)) == 0 || !bytes.Equal(titre(r.corps), titre(vide.corps)) {
				t.Errorf("%s: got %d « %s », a missing one %d « %s »", e, r.statut, titre(r.corps), vide.statut, titre(vide.corps))
			}
		}
	}
	if m.empreinteEntiere() != avant {
		t.Error("a refused page changed something")
	}
	for _, e := range es {
		if statut, _ := e.porte(); statut == 0 && e.methode == http.MethodGet && e.r != autre && e.r != effacee {
			lues++
			if r := m.page(e.p, e.methode, e.adresse); r.statut >= 500 || r.statut == http.StatusForbidden && !e.regle.Public && !sansAdministrer(e) {
				t.Errorf("%s: got %d %.200s", e, r.statut, r.corps)
			}
		}
	}
	if n < 500 || lues < 200 {
		t.Errorf("only %d refusals and %d pages", n, lues)
	}
	t.Logf("%d cases: %d refused or not to be seen, %d pages read", len(es), n, lues)
}

const rienDeTel = "0f3b1c1e-0000-4000-8000-00000000dead"

// essaisDePages lists every page × everybody × every relation with what it names.
func (m *matrice) essaisDePages(t *testing.T, acces map[string]api.Regle) []essai {
	t.Helper()
	var es []essai
	for _, cle := range slices.Sorted(maps.Keys(acces)) {
		methode, chemin, _ := strings.Cut(cle, " ")
		genre, connu := "", !strings.Contains(chemin, "{")
		for _, x := range placesDesPages {
			if chemin == x.prefixe || strings.HasPrefix(chemin, x.prefixe+"/") {
				genre, connu = x.genre, true
			}
		}
		if !connu {
			t.Errorf("%s names an object of no known kind: give the matrix sample data", cle)
			continue
		}
		relations := []relation{sans}
		if genre != "" {
			relations = []relation{propre, autre, effacee}
		}
		for _, p := range m.principaux {
			for _, r := range relations {
				id := m.objets[genre][r]
				if genre != "" && id == "" || r == autre && p.role.Interne() && slices.Contains(desDossiers, genre) {
					continue // the staff read the dossiers of every organisation
				}
				adresse := strings.NewReplacer("{compte}", id, "{id}", id, "{siren}", "999001019", "{piece}", m.objets["piece"][r], "{note}", rienDeTel, "{genre}", "complement", "{empreinte}", "abc", "{fichier}", "page.css").Replace(chemin)
				es = append(es, essai{cle, methode, chemin, adresse, acces[cle], p, r})
			}
		}
	}
	return es
}

// objetDe is the account that the address of a case names.
func (m *matrice) objetDe(e essai) string {
	for _, x := range placesDesPages {
		if strings.HasPrefix(e.chemin, x.prefixe) {
			return m.objets[x.genre][e.r]
		}
	}
	return ""
}

// refuserLaPage wants the refusal of the table: nobody is sent to log in, and the
// others read a page with the status, or are sent to the step of their login.
func (m *matrice) refuserLaPage(t *testing.T, e essai, statut int) {
	r := m.page(e.p, e.methode, e.adresse)
	vers := r.entete.Get("Location")
	switch {
	case statut == http.StatusUnauthorized && r.statut == http.StatusSeeOther && strings.HasPrefix(vers, "/connexion"):
	case statut == http.StatusForbidden && r.statut == http.StatusForbidden:
	case statut == http.StatusForbidden && r.statut == http.StatusSeeOther && slices.Contains(etapesDePage, strings.SplitN(vers, "?", 2)[0]):
	default:
		t.Errorf("%s: got %d %s, want %d", e, r.statut, vers, statut)
	}
}

// sansAdministrer reports whether the page is that of colleagues, and its reader does
// not administer them: refused whatever it names.
func sansAdministrer(e essai) bool {
	return e.p.nom == "a right that only reads" && strings.HasPrefix(e.chemin, "/utilisateurs")
}

// etapesDePage are where somebody whose login is not done is sent on.
var etapesDePage = []string{"/connexion/second-facteur", "/compte/securite", "/perimetre", "/premiere-connexion", "/premiere-connexion/politique", "/accueil"}

// page asks for a page, or sends its empty form, in this very process.
func (m *matrice) page(p principal, methode, adresse string) reponse {
	req := httptest.NewRequest(methode, adresse, http.NoBody)
	if methode == http.MethodPost {
		req = httptest.NewRequest(methode, adresse, strings.NewReader("vide=1"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p.cle != "" {
		req.Header.Set("Authorization", "Bearer "+p.cle)
	}
	if p.cookie != "" {
		req.Header.Set("Cookie", p.cookie)
	}
	w := httptest.NewRecorder()
	m.h.ServeHTTP(w, req)
	return reponse{statut: w.Code, entete: w.Header(), corps: w.Body.Bytes()}
}

// titre is what a page says it is.
func titre(page []byte) []byte {
	_, reste, _ := bytes.Cut(page, []byte("<title>"))
	dit, _, _ := bytes.Cut(reste, []byte("</title>"))
	return dit
}
