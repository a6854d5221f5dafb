package api_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// rienDePersonnel lists the reading routes that show nothing of a person: figures,
// words of the trade, the reader's own session. A new route is here or shows a class
// of data in the table.
var rienDePersonnel = []string{
	"GET /api/ops/rejeux", "GET /api/ops/rejeux/{id}", "GET /api/ops/verifications", "GET /api/ops/verifications/{id}",
	"GET /api/documents/categories",
	"GET /api/indus", "GET /api/exercices", "GET /api/journal-comptable", "GET /api/journal-comptable/balance", "GET /api/synthese",
	"GET /", "GET /api/sante", "GET /api/openapi.yaml", "GET /api/openapi.json", "GET /api/doc", "GET /api/doc.css",
	"GET /api/session", "GET /api/sessions", "GET /api/facteurs", "GET /api/epreuve", "GET /api/oidc/depart", "GET /api/oidc/retour", "GET /api/dossiers/compteurs", "GET /api/dossiers/{id}/ledger",
	"GET /api/inscriptions/parametres", "GET /api/compte", "GET /api/compte/journal", "GET /api/compte/donnees", // the reader's own
	"GET /api/habilitations/suivante", "GET /api/delegations", "GET /api/etiquettes", "GET /api/vues", "GET /api/actions-lot", "GET /api/actions-lot/{id}",
	"GET /api/motifs", "GET /api/etats", "GET /api/bareme", "GET /api/enveloppes", "GET /api/organismes", "GET /api/organismes/{siren}",
	"GET /api/ops/incidents", "GET /api/ops/incidents/{id}", "GET /api/ops/cas/{id}", "GET /api/ops/interrupteurs", "GET /api/ops/interventions", "GET /api/ops/interventions/{id}",
	"GET /api/lots", "GET /api/signalements", "GET /api/signalements/{id}", "GET /api/banque/retours", "GET /api/banque/quarantaine", "GET /api/essai/horloge", "GET /api/essai/calme",
}

// objetsLus prepares one object of each kind, with its file, and returns the
// identifier that each route of the table takes.
func (g *guichet) objetsLus() (dossier string, ids map[string]string) {
	g.t.Helper()
	dossier, reglement := g.enReglement()
	g.exiger(g.appeler("comptable", "POST", "/api/lots", objet{"acte_id": nouvelID(), "id": "LOT-1", "execution": "2026-04-21", "groupe": true,
		"reglements": []string{reglement}}), 200)
	g.exiger(g.appeler("comptable2", "POST", "/api/lots/LOT-1/validation", objet{"acte_id": nouvelID(), "nombre": 1, "somme": 115500}), 200)
	g.partir("LOT-1")
	ids = map[string]string{"dossiers": dossier, "lots": "LOT-1", "comptes": g.compteDemo("e1"), "salaries": g.salarie("e1", "99900101900010", "Delacroix")}
	for cle, requete := range map[string]string{
		"actes":    `SELECT id FROM acte WHERE objet = 'dossier/' || $1 ORDER BY seq LIMIT 1`,
		"pieces":   `SELECT id FROM piece WHERE dossier = $1::uuid LIMIT 1`,
		"factures": `SELECT id FROM facture WHERE dossier = $1::uuid LIMIT 1`,
		"courriers": `UPDATE courrier SET lettre_pdf = x.empreinte, lettre_html = x.empreinte FROM piece x
			WHERE courrier.id = (SELECT id FROM courrier WHERE objet = 'dossier/' || $1 AND pour = 'entreprise' ORDER BY id LIMIT 1) AND x.dossier = $1::uuid RETURNING courrier.id`,
	} {
		var id string
		if err := g.store.DB.Get(&id, requete, dossier); err != nil {
			g.t.Fatalf("%s: %v", cle, err)
		}
		ids[cle] = id
	}
	ids["actions-lot"], ids["indus"] = g.uneAction(dossier), g.unIndu(dossier)
	ids["documents"] = nouvelID()
	g.exiger(g.formulaire("of1", "/api/documents", partie{"acte_id", "", ids["documents"]}, partie{"categorie", "", "ORG_AVEC_DOSSIER"}, partie{"libelle", "", "Statuts"},
		partie{"dossier", "", dossier}, partie{"fichier", "d.pdf", pdfSimple(1)}), 200)
	ids["ribs"] = g.unRIB("999001365")
	g.exiger(g.appeler("controleur", "POST", "/api/signalements/"+dossier+"/gestes", objet{"acte_id": nouvelID(), "geste": "ouvrir", "raison": "Tirage au sort."}), 200)
	ids["signalements"] = dossier
	ids["rejeux"], ids["verifications"] = g.unRejeu(), g.uneVerification()
	ids["incidents"], ids["cas"] = g.unIncident(dossier)
	ids["interventions"] = g.uneIntervention(dossier)
	return dossier, ids
}

// uneAction prepares an action of gestionnaire on a dossier.
func (g *guichet) uneAction(dossier string) (id string) {
	g.t.Helper()
	id, etiquette := nouvelID(), nouvelID()
	g.exiger(g.appeler("gestionnaire", "POST", "/api/etiquettes", objet{"id": etiquette, "nom": "À relire", "ton": "bleu"}), 204)
	g.exiger(g.appeler("gestionnaire", "POST", "/api/actions-lot", objet{"acte_id": id, "genre": "ETIQUETER", "etiquette": etiquette, "dossiers": []string{dossier}}), 201)
	return id
}

// lignes reads the log of reads, the newest first, and forgets it.
func (g *guichet) lignes() []store.Lecture {
	g.t.Helper()
	page, err := g.store.Lectures(g.t.Context(), opco.Portee{Interne: true}, store.FiltreLectures{Limite: 100})
	if err != nil {
		g.t.Fatal(err)
	}
	if _, err := g.store.DB.Exec(`ALTER TABLE lecture DISABLE TRIGGER ALL; DELETE FROM lecture; ALTER TABLE lecture ENABLE TRIGGER ALL`); err != nil {
		g.t.Fatal(err)
	}
	return page.Lectures
}

// lireRoute reads a route of the table on a prepared object.
func (g *guichet) lireRoute(qui, chemin string, ids map[string]string) int {
	g.t.Helper()
	parties := strings.Split(chemin, "/")
	for i, p := range parties {
		switch p {
		case "{id}":
			parties[i] = ids[parties[i-1]]
		case "{siren}":
			parties[i] = "999001365"
		}
	}
	chemin = strings.Join(parties, "/")
	if strings.HasSuffix(chemin, "/evenements") {
		select {
		case <-g.ecouter(qui, chemin):
			return 200
		case <-time.After(attenteMax):
			return 0
		}
	}
	return g.appeler(qui, "GET", chemin, nil).statut
}

// TestChaqueLectureEstEcrite: every reading route says in the table whether it shows
// personal data; those that do write exactly one line for each role of the staff that
// they answer, on the right object, and none for an organisation.
func TestChaqueLectureEstEcrite(t *testing.T) {
	g := ouvrir(t)
	dossier, ids := g.objetsLus()
	qui := maps.Clone(comptes)
	lues := 0
	for _, cle := range slices.Sorted(maps.Keys(api.Acces())) {
		regle := api.Acces()[cle]
		methode, chemin, _ := strings.Cut(cle, " ")
		if methode != "GET" {
			continue
		}
		if montre := regle.Donnees != ""; montre == slices.Contains(rienDePersonnel, cle) {
			t.Errorf("%s: the table says it shows %q; say it there or in rienDePersonnel", cle, regle.Donnees)
		}
		for role, compte := range qui {
			if !slices.Contains(regle.Roles, role) {
				continue
			}
			g.lignes()
			statut := g.lireRoute(compte, chemin, ids)
			ls := g.lignes()
			if role == opco.RoleOrganisme && strings.HasPrefix(chemin, "/api/courriers/") && statut == 404 {
				continue // the letter was written to the company
			}
			if cle == "GET /api/dossiers/{id}/facture-modele" && statut == 403 {
				continue // the organisme invoices this one
			}
			if role == opco.RoleEntreprise && (cle == "GET /api/indus/{id}" || cle == "GET /api/ribs/{id}") && statut == 404 {
				continue // they are those of the organisme
			}
			if statut == 404 && cle == "GET /api/actes/{id}" && slices.Contains([]opco.Role{opco.RoleConseiller, opco.RoleOps, opco.RoleAdmin}, role) {
				continue // they follow the actes on accounts only
			}
			veut := 0
			if regle.Donnees != "" && role.Interne() {
				veut, lues = 1, lues+1
			}
			if statut >= 300 && chemin != "/" || len(ls) != veut {
				t.Errorf("%s as %s: answered %d and wrote %d lines, want %d: %+v", cle, role, statut, len(ls), veut, ls)
				continue
			}
			if veut == 1 {
				verifierLigne(t, cle, compte, role, dossier, ids, regle, ls[0])
			}
		}
	}
	if lues < 50 {
		t.Errorf("only %d reads of the staff were tried", lues)
	}
}

func verifierLigne(t *testing.T, cle, compte string, role opco.Role, dossier string, ids map[string]string, regle api.Regle, l store.Lecture) {
	t.Helper()
	objet := "liste"
	for genre, id := range ids {
		if strings.Contains(cle, "/"+genre+"/{id}") {
			objet = strings.TrimSuffix(genre, "s") + "/" + id
		}
	}
	if l.Objet != objet || l.Identifiant != compte || l.Role != role || l.Route != cle || l.Nom == "" || l.Personne == "" ||
		!slices.Equal(l.Classes[:len(strings.Split(regle.Donnees, " "))], strings.Split(regle.Donnees, " ")) {
		t.Errorf("%s as %s wrote %+v, want the object %s", cle, role, l, objet)
	}
	if l.Objet != "liste" && !strings.HasPrefix(l.Objet, "lot/") && !strings.HasPrefix(l.Objet, "compte/") &&
		!strings.HasPrefix(l.Objet, "actions-lot/") && !strings.HasPrefix(l.Objet, "rib/") && l.Dossier != dossier {
		t.Errorf("%s as %s: the line is of dossier %q, want %s", cle, role, l.Dossier, dossier)
	}
}

// TestLectureRefusee: what is not shown is not written down, and a list counts what
// it shows.
func TestLectureRefusee(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	g.depose()
	g.lignes()
	for _, tt := range []struct {
		qui, chemin string
		statut      int
	}{
		{"gestionnaire", "/api/dossiers/" + nouvelID(), 404}, {"gestionnaire", "/api/dossiers/pas-un-uuid", 404},
		{"ops", "/api/dossiers/" + id, 403}, {"gestionnaire", "/api/dossiers/" + id + "/lectures", 403},
		{"gestionnaire", "/api/lectures", 403}, {"comptable", "/api/lots/L-0", 404},
		{"auditeur", "/api/dossiers?apres=n-importe-quoi", 422}, {"gestionnaire", "/api/pieces/" + nouvelID() + "/fichier", 404},
	} {
		g.exiger(g.appeler(tt.qui, "GET", tt.chemin, nil), tt.statut)
		if ls := g.lignes(); len(ls) != 0 {
			t.Errorf("%s as %s is refused and wrote %+v", tt.chemin, tt.qui, ls)
		}
	}
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers", nil), 200)
	if ls := g.lignes(); len(ls) != 1 || ls[0].Nombre != 2 || ls[0].Objet != "liste" {
		t.Errorf("a list of two dossiers wrote %+v", ls)
	}
}

// TestRienSansTrace: when the log cannot be written the staff read nothing, through
// any door; organisations, whose reads are not logged, go on.
func TestRienSansTrace(t *testing.T) {
	g := ouvrir(t)
	dossier, ids := g.objetsLus()
	if _, err := g.store.DB.Exec(`ALTER TABLE lecture ADD CONSTRAINT pleine CHECK (id < 0) NOT VALID`); err != nil {
		t.Fatal(err)
	}
	for _, chemin := range []string{"/api/dossiers", "/api/dossiers/" + dossier, "/api/dossiers/" + dossier + "/evenements",
		"/api/pieces/" + ids["pieces"] + "/fichier", "/api/courriers/" + ids["courriers"] + "/lettre.html"} {
		r := g.exiger(g.appeler("auditeur", "GET", chemin, nil), 500)
		if p := r.probleme(t); p.Detail == "" || strings.Contains(string(r.corps), "99900101900010") || r.entete.Get("Content-Disposition") != "" {
			t.Errorf("%s shows %s", chemin, r.corps)
		}
	}
	g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+dossier, nil), 200)
}

// TestQuiALuMonDossier: the parties of a dossier read who of the OPCO read it, by
// name and function, and no account; the auditeur reads all.
func TestQuiALuMonDossier(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	rib := nouvelID()
	g.exiger(g.formulaire("of1", "/api/dossiers/"+id+"/pieces", partie{"acte_id", "", rib}, partie{"type", "", "RIB"},
		partie{"fichier", "rib.pdf", pdfSimple(1)}), 200)
	g.lignes()
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers/"+id, nil), 200)
	g.exiger(g.appeler("responsable", "GET", "/api/pieces/"+rib+"/fichier", nil), 200)
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers/"+g.depose(), nil), 200)
	for _, qui := range []string{"e1", "of1"} {
		var page struct{ Lectures []store.Lecture }
		r := g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+id+"/lectures", nil), 200)
		r.lire(t, &page)
		if len(page.Lectures) != 2 || page.Lectures[0].Role != opco.RoleResponsable || page.Lectures[0].Objet != "piece" ||
			!slices.Contains(page.Lectures[0].Classes, "iban") || page.Lectures[1].Objet != "dossier" || page.Lectures[1].Nom == "" {
			t.Errorf("%s reads %+v", qui, page.Lectures)
		}
		for _, secret := range []string{rib, "identifiant", "route", `"personne"`} {
			if strings.Contains(string(r.corps), secret) {
				t.Errorf("%s reads %s in %s", qui, secret, r.corps)
			}
		}
	}
	for _, qui := range []string{"e2", "of2"} {
		g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+id+"/lectures", nil), 404)
	}
	var page api.PageLectures
	g.exiger(g.appeler("auditeur", "GET", "/api/lectures?objet=piece/"+rib, nil), 200).lire(t, &page)
	if len(page.Lectures) != 1 || page.Lectures[0].Identifiant != "responsable" || page.Lectures[0].Dossier != id {
		t.Errorf("the auditeur reads %+v", page.Lectures)
	}
	for chemin, n := range map[string]int{"personne=personne-responsable": 1, "personne=personne-gestionnaire": 2, "personne=personne": 0,
		"du=2026-03-02&au=2026-03-02&personne=personne-gestionnaire": 2, "du=2026-03-03": 0, "au=2026-03-01": 0} {
		g.exiger(g.appeler("auditeur", "GET", "/api/lectures?"+chemin, nil), 200).lire(t, &page)
		if len(page.Lectures) != n {
			t.Errorf("%s: got %d lines, want %d", chemin, len(page.Lectures), n)
		}
	}
	var vues []int64
	for suite := "personne=personne-gestionnaire&limite=1"; len(vues) < 5; suite = "personne=personne-gestionnaire&limite=1&apres=" + page.Suivant {
		page.Suivant = ""
		g.exiger(g.appeler("auditeur", "GET", "/api/lectures?"+suite, nil), 200).lire(t, &page)
		vues = append(vues, page.Lectures[0].ID)
		if page.Suivant == "" {
			break
		}
	}
	if len(vues) != 2 || vues[1] >= vues[0] {
		t.Errorf("the pages show %v, want two lines, the newest first", vues)
	}
}
