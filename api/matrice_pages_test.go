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
	"guichet/opco"
	"guichet/web"
)

// placesDesPages are the kinds of what the path of a page names, by its beginning.
var placesDesPages = []struct{ prefixe, genre string }{
	{"/utilisateurs/{compte}", "utilisateur"}, {"/habilitations/{compte}", "compte"}, {"/comptes/{compte}", "compte"}, {"/agents/{compte}", "agent"},
	{"/dossiers/{id}", "dossier"},
	{"/entreprise/dossiers/{id}", "dossier"}, {"/entreprise/demandes/{id}", "brouillon"}, {"/entreprise/brouillons/{id}", "brouillon"},
	{"/entreprise/import/{id}", "importation"}, {"/entreprise/salaries/{id}", "salarie"},
	{"/organisme/dossiers/{id}", "dossier"}, {"/organisme/documents/{document}", "document"}, {"/organisme/reglements/{reglement}", "recu"},
	{"/instruction/entreprises/{siren}", ""}, {"/instruction/dossiers/{id}", "dossier"}, {"/instruction/pieces/{id}", "piece"}, {"/instruction/lettres/{id}", "courrier"},
	{"/instruction/documents/{document}", "document"}, {"/instruction/etiquettes/{id}", "etiquette"}, {"/instruction/vues/{id}", "vue"},
	{"/instruction/lots/{id}", "action-lot"}, {"/ops/rejeux/{id}", "rejeu"}, {"/ops/verification/{id}", "verification"},
	{"/equipe/interlocuteurs/{unite}", "unite"}, {"/equipe/informations/{information}", "information"}, {"/equipe/portefeuilles/{id}", "portefeuille"},
	{"/comptabilite/lots/{lot}", "lot"}, {"/comptabilite/retours/{retour}", "retour"}, {"/comptabilite/ribs/{rib}", "rib"}, {"/controle/{signalement}", "signalement"}, {"/ops/causes/{cause}", "cause"}, {"/ops/cas/{cas}", "cas"},
	{"/comptabilite/indus/{indu}", "indu"}, {"/entreprise/indus/{indu}", "indu"}, {"/organisme/indus/{indu}", "indu"}, {"/entreprise/etats/{etat}", ""},
	{"/ops/interventions/{id}", "intervention"},
	{"/statique/{empreinte}/{fichier}", ""},
}

// genreDePage is the kind of what the path of a page names, "" for nothing; not ok when
// nobody said which.
func genreDePage(chemin string) (genre string, ok bool) {
	for _, x := range placesDesPages {
		if chemin == x.prefixe || strings.HasPrefix(chemin, x.prefixe+"/") {
			return x.genre, true
		}
	}
	return "", !strings.Contains(chemin, "{")
}

// placesDePage writes the address of a page on an object: the other variables of a path
// have each one good value.
func (m *matrice) placesDePage(id, piece string) *strings.Replacer {
	var r []string
	for _, place := range []string{"{compte}", "{id}", "{document}", "{reglement}", "{lot}", "{retour}", "{unite}", "{information}", "{rib}", "{indu}", "{signalement}", "{cause}", "{cas}"} {
		r = append(r, place, id)
	}
	return strings.NewReplacer(append(r, "{siren}", "999001019", "{piece}", piece, "{note}", rienDeTel, "{genre}", "complement", "{etape}", "salaries",
		"{stagiaire}", "s1", "{etat}", "dossiers", "{geste}", "lancer", "{empreinte}", "abc", "{fichier}", "page.css")...)
}

// semerPages makes what only a page names: a file of demandes, what the OPCO tells, a file of the bank.
func (m *matrice) semerPages() {
	m.noter("brouillon", effacee, m.objets["dossier"][effacee])
	m.noter("indu", effacee, absents["indu"])
	m.noter("brouillon", autre, m.brouillonDe("e2", "99900108400014", "99900143100017"))
	for r, dossier := range m.objets["brouillon"] {
		if r == effacee {
			continue
		}
		id := nouvelID()
		m.sql(`INSERT INTO importation (id, empreinte, fichier, lignes, personne, nom, le) VALUES ($1, '', 'demandes.csv', 1, 'p', 'P', now())`, id)
		m.sql(`INSERT INTO importation_demande (importation, ligne, dossier) VALUES ($1, 2, $2)`, id, dossier)
		m.noter("importation", r, id)
	}
	for genre, requete := range map[string]string{
		"unite":        `INSERT INTO unite (id, nom, departement, modifie_par, modifie_nom, modifie_le) VALUES (gen_random_uuid(), 'Essai', '97', 'p', 'P', now()) RETURNING id`,
		"information":  `INSERT INTO information (id, titre, texte, ton, public, du, modifie_par, modifie_nom, modifie_le) VALUES (gen_random_uuid(), 'T', 'T', 'bleu', 'tous', '2026-01-01', 'p', 'P', now()) RETURNING id`,
		"portefeuille": `INSERT INTO portefeuille (id, personne, idcc) SELECT gen_random_uuid(), personne, '1486' FROM compte WHERE identifiant = 'gestionnaire' RETURNING id`,
		"retour":       `INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par) VALUES ('abc', 'releve.xml', 'camt.054', '', 0, 0, now(), 'P') RETURNING empreinte`,
	} {
		m.noter(genre, propre, m.uneValeur(requete))
		m.noter(genre, effacee, rienDeTel)
	}
}

// TestMatriceDesPages tries every page as everybody on everything: the table refuses
// as it does for the API, somebody else's account is the page of a missing one, and
// what is refused leaves no trace.
func TestMatriceDesPages(t *testing.T) {
	m := ouvrirMatrice(t)
	m.semerPages()
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
			r, vide := m.pageSuivie(e.p, e.adresse), m.pageSuivie(e.p, strings.Replace(e.adresse, m.objetDe(e), rienDeTel, 1))
			if r.statut != vide.statut || r.statut != http.StatusNotFound && e.r == autre && !sansAdministrer(e) || len(titre(r.corps)) == 0 || !bytes.Equal(titre(r.corps), titre(vide.corps)) {
				t.Errorf("%s: got %d « %s », a missing one %d « %s »", e, r.statut, titre(r.corps), vide.statut, titre(vide.corps))
			}
		}
	}
	if apres := m.empreinteEntiere(); apres != avant {
		t.Errorf("a refused page changed something:\n%s\n%s", avant, apres)
	}
	for _, e := range es {
		if statut, _ := e.porte(); statut == 0 && e.methode == http.MethodGet && e.r != autre && e.r != effacee {
			lues++
			r := m.page(e.p, e.methode, e.adresse)
			if r.statut >= 500 || (r.statut == http.StatusForbidden) != sansAgir(e) && !e.regle.Public && !sansAdministrer(e) {
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
		genre, connu := genreDePage(chemin)
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
				if genre != "" && id == "" || r == autre && toutVu(p.role, genre) {
					continue
				}
				adresse := m.placesDePage(id, m.objets["piece"][r]).Replace(chemin)
				es = append(es, essai{cle, methode, chemin, adresse, acces[cle], p, r})
			}
		}
	}
	return es
}

// toutVu reports whether a role reads what belongs to others too: the staff read the
// dossiers of every organisation, a responsable the actions of the whole team.
func toutVu(r opco.Role, genre string) bool {
	return r.Interne() && (slices.Contains(desDossiers, genre) || genre == "rib" || genre == "indu" || genre == "signalement") || r == opco.RoleResponsable && genre == "action-lot"
}

// objetDe is the object that the address of a case names.
func (m *matrice) objetDe(e essai) string {
	genre, _ := genreDePage(e.chemin)
	return m.objets[genre][e.r]
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

// sansAgir reports whether the page asks for a gesture that its reader may not do on
// this very object: the organisme invoices the dossiers of the sample, and whoever only
// reads cancels nothing.
func sansAgir(e essai) bool {
	return e.r == propre && (e.chemin == "/entreprise/dossiers/{id}/factures/nouvelle" || e.chemin == "/entreprise/dossiers/{id}/factures/lecture" ||
		e.p.nom == "a right that only reads" && e.chemin == "/entreprise/dossiers/{id}/annulation")
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

// pageSuivie asks for a page, and for the one that it sends to: an address that only
// leads to another shows what that one shows.
func (m *matrice) pageSuivie(p principal, adresse string) reponse {
	r := m.page(p, http.MethodGet, adresse)
	if r.statut == http.StatusSeeOther {
		return m.page(p, http.MethodGet, r.entete.Get("Location"))
	}
	return r
}

// titre is what a page says it is.
func titre(page []byte) []byte {
	_, reste, _ := bytes.Cut(page, []byte("<title>"))
	dit, _, _ := bytes.Cut(reste, []byte("</title>"))
	return dit
}
