package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// mandataire makes an accountant: one account for two companies.
func (g *guichet) mandataire() {
	g.t.Helper()
	hache, err := store.HacherMotDePasse(store.MotDePasseDemo)
	if err != nil {
		g.t.Fatal(err)
	}
	u := store.Utilisateur{Identifiant: "cabinet", Personne: "personne-cabinet", Nom: "Cabinet", Prenom: "Zoé", Role: opco.RoleEntreprise, MotDePasse: hache,
		SIRETs: []string{"99900101900010", "99900122500013"}, Actif: true}
	g.cles["cabinet"] = strings.Repeat("cabinet-", 8)[:40]
	if err := g.store.EcrireUtilisateur(g.t.Context(), u, g.cles["cabinet"]); err != nil {
		g.t.Fatal(err)
	}
}

// TestPerimetre: who has several companies chooses one first, sees and does nothing
// of the other, and says it at each request with an API key (AK-08).
func TestPerimetre(t *testing.T) {
	g := ouvrir(t)
	g.mandataire()
	dossier := g.depose() // of E1
	n := g.navigateur()
	s := n.connecter("cabinet")
	if s.Etape != api.EtapePerimetre || len(s.Espaces) != 2 || s.Role != "" || len(s.Sirets) != 0 {
		t.Fatalf("got %+v", s)
	}
	for _, chemin := range []string{"/api/dossiers", "/api/dossiers/" + dossier, "/api/dossiers/compteurs", "/api/enveloppes", "/api/dossiers/" + dossier + "/evenements"} {
		if p := g.exiger(n.appeler("GET", chemin, nil), 403).probleme(t); p.Code != "PERIMETRE_A_CHOISIR" {
			t.Errorf("%s: got %+v", chemin, p)
		}
	}
	g.exiger(n.appeler("PUT", "/api/session/perimetre", objet{"perimetre": "entreprise:999001647"}), 404)
	for perimetre, statut := range map[string]int{"entreprise:999001019": 200, "entreprise:999001225": 404} {
		s = n.session(n.appeler("PUT", "/api/session/perimetre", objet{"perimetre": perimetre}))
		if s.Etape != api.EtapeOuverte || s.Perimetre != perimetre || s.Role != opco.RoleEntreprise || len(s.Espaces) != 2 {
			t.Errorf("got %+v", s)
		}
		g.exiger(n.appeler("GET", "/api/dossiers/"+dossier, nil), statut)
		g.exiger(g.appeler("cabinet", "GET", "/api/dossiers/"+dossier, nil, "Guichet-Perimetre", perimetre), statut)
		creer := n.appeler("POST", "/api/dossiers", objet{"acte_id": nouvelID(), "id": nouvelID(), "demande": demande()})
		if veut := map[int]int{200: 200, 404: 422}[statut]; creer.statut != veut {
			t.Errorf("in %s, a demande of E1: got %d, want %d", perimetre, creer.statut, veut)
		}
	}
	for _, entete := range []string{"", "entreprise:999001647", "gestionnaire"} {
		var es []string
		if entete != "" {
			es = []string{"Guichet-Perimetre", entete}
		}
		if p := g.exiger(g.appeler("cabinet", "GET", "/api/dossiers", nil, es...), 403).probleme(t); p.Code != "PERIMETRE_A_CHOISIR" {
			t.Errorf("with %q: got %+v", entete, p)
		}
	}
}

// TestDroits: each right opens its own thing, in its days and until it is cut;
// reading is not acting, and nothing opens nothing.
func TestDroits(t *testing.T) {
	g := ouvrir(t)
	brouillon := g.brouillon()
	compte := compteDe(t, g, "e1")
	tests := []struct {
		nom              string
		sql              string
		lit, ecrit, rien bool
	}{
		{"both rights", `SELECT 1`, true, true, false},
		{"reading only", `UPDATE habilitation SET service = 'LECTURE_SEULE' WHERE compte = $1 AND service = 'DOSSIERS_FORMATION'`, true, false, false},
		{"no more than administering", `DELETE FROM habilitation WHERE compte = $1 AND service = 'LECTURE_SEULE'`, false, false, false},
		{"not yet", `UPDATE habilitation SET service = 'DOSSIERS_FORMATION', du = '2026-03-03' WHERE compte = $1`, false, false, true},
		{"on its first day", `UPDATE habilitation SET du = '2026-03-02', au = '2026-03-02' WHERE compte = $1`, true, true, false},
		{"cut", `UPDATE habilitation SET coupee = true WHERE compte = $1`, false, false, true},
		{"asked for", `UPDATE habilitation SET coupee = false, etat = 'A_VALIDER' WHERE compte = $1`, false, false, true},
	}
	for _, tt := range tests {
		if strings.Contains(tt.sql, "$1") {
			g.sql(tt.sql, compte)
		}
		lire := g.appeler("e1", "GET", "/api/dossiers/"+brouillon, nil)
		ecrire := g.appeler("e1", "PUT", "/api/dossiers/"+brouillon, objet{"version": 99, "demande": demande()})
		acte := g.acte("e1", brouillon, "depot", objet{"certifie": false, "a_venir": []string{}})
		if (lire.statut == 200) != tt.lit {
			t.Errorf("%s: reading got %d %s", tt.nom, lire.statut, lire.corps)
		}
		peut := ecrire.statut == 409 && acte.statut != 403 && acte.statut != 404
		if peut != tt.ecrit {
			t.Errorf("%s: writing got %d %s, acting %d %s", tt.nom, ecrire.statut, ecrire.corps, acte.statut, acte.corps)
		}
		if (lire.statut == 403 && lire.probleme(t).Code == "ACCES_LIMITE") != tt.rien {
			t.Errorf("%s: got %d %s", tt.nom, lire.statut, lire.corps)
		}
		g.exiger(g.appeler("e1", "GET", "/api/session", nil), 200)
	}
}

// TestDelegation: within its days a colleague acts in the role of who is away,
// under both names, and nowhere else.
func TestDelegation(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	absent, present := compteDe(t, g, "gestionnaire"), compteDe(t, g, "gestionnaire2")
	n := g.navigateur()
	if s := n.connecter("gestionnaire2"); s.Etape != api.EtapeOuverte || len(s.Espaces) != 1 {
		t.Fatalf("got %+v", s)
	}
	g.sql(`INSERT INTO delegation (id, compte, personne, delegue, role, du, au) VALUES ('absence', $1, 'personne-gestionnaire', $2, 'gestionnaire', '2026-03-02', '2026-03-06')`, absent, present)
	s := n.session(n.appeler("PUT", "/api/session/perimetre", objet{"perimetre": "delegation:absence"}))
	if i := slices.IndexFunc(s.Espaces, func(e api.EspaceLu) bool { return e.PourNom == "Claire Morin" }); i < 0 || s.Role != opco.RoleGestionnaire {
		t.Fatalf("got %+v", s)
	}
	acte := nouvelID()
	g.exiger(n.appeler("POST", "/api/dossiers/"+id+"/complement", objet{"acte_id": acte, "pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	if par := acteDe(t, g, acte).Par; par.Personne != "personne-gestionnaire2" || par.Pour != "personne-gestionnaire" || par.Nom != "Hugo Bastide, pour le compte de Claire Morin" {
		t.Errorf("got %+v", par)
	}
	g.sql(`UPDATE delegation SET au = '2026-03-02', du = '2026-03-01' WHERE id = 'absence'`)
	g.exiger(n.appeler("GET", "/api/dossiers/"+id, nil), 200)
	if err := g.store.RegleHorloge(t.Context(), instant("2026-03-03T00:00:01+01:00"), false); err != nil {
		t.Fatal(err)
	}
	if p := g.exiger(n.appeler("GET", "/api/dossiers/"+id, nil), 403).probleme(t); p.Code != "PERIMETRE_A_CHOISIR" {
		t.Errorf("got %+v: the espace is changed unasked", p)
	}
}

// TestRetraitPendantUnFlux: a withdrawn right closes the stream that reads by it
// within the second, told or not.
func TestRetraitPendantUnFlux(t *testing.T) {
	tests := []struct {
		nom    string
		couper func(g *guichet)
	}{
		{"told", func(g *guichet) {
			c := compteDe(g.t, g, "e1")
			g.relais.muet.Store(true) // the engine is away
			g.agir(c, opco.ActeRetirerDroits, "responsable", opco.ChargeDroits{Habilitations: droitsDe(g, c), Raison: "Départ de la personne."})
		}},
		{"not told", func(g *guichet) { g.sql(`UPDATE habilitation SET coupee = true`) }},
		{"session closed", func(g *guichet) { g.sql(`DELETE FROM session`) }},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			g := ouvrir(t)
			id := g.depose()
			n := g.navigateur()
			n.connecter("e1")
			req, err := http.NewRequestWithContext(t.Context(), "GET", g.url+"/api/dossiers/"+id+"/evenements", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Cookie", "guichet="+n.temoins["guichet"])
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			b := make([]byte, 1024)
			if _, err := res.Body.Read(b); err != nil {
				t.Fatal(err)
			}
			tt.couper(g)
			debut := time.Now()
			for err == nil {
				_, err = res.Body.Read(b)
			}
			if d := time.Since(debut); d > 3*time.Second { // within the second, on a machine that is not shared
				t.Errorf("the stream closed after %s", d)
			}
		})
	}
}

func droitsDe(g *guichet, compte string) []string {
	var ids []string
	if err := g.store.DB.Select(&ids, `SELECT id FROM habilitation WHERE compte = $1 ORDER BY id`, compte); err != nil {
		g.t.Fatal(err)
	}
	return ids
}

// TestUsage: a right that serves is noted once a day, and no other: reading dossiers
// is no use of the right to manage users, nor of another company's.
func TestUsage(t *testing.T) {
	g := ouvrir(t)
	g.mandataire()
	lire := func() {
		g.exiger(g.appeler("cabinet", "GET", "/api/dossiers", nil, "Guichet-Perimetre", "entreprise:999001019"), 200)
	}
	usages := func() (u []string) {
		err := g.store.DB.Select(&u, `SELECT siren || ' ' || left(service, 1) || ' ' || COALESCE(to_char(utilisee_le AT TIME ZONE 'Europe/Paris', 'MM-DD HH24:MI'), '-') FROM habilitation WHERE compte = $1 ORDER BY siren, service`,
			compteDe(t, g, "cabinet"))
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	g.exiger(g.appeler("cabinet", "GET", "/api/session", nil), 200)
	if u := usages(); !slices.Equal(u, []string{"999001019 D -", "999001019 U -", "999001225 D -", "999001225 U -"}) {
		t.Errorf("before any use: got %v", u)
	}
	g.exiger(g.appeler("cabinet", "GET", "/api/bareme", nil, "Guichet-Perimetre", "entreprise:999001019"), 200)
	if u := usages(); !slices.Equal(u, []string{"999001019 D -", "999001019 U -", "999001225 D -", "999001225 U -"}) {
		t.Errorf("after a route that uses no right: got %v", u)
	}
	lire()
	for _, le := range []string{"2026-03-02T18:00:00+01:00", "2026-03-04T10:00:00+01:00"} {
		if err := g.store.RegleHorloge(t.Context(), instant(le), false); err != nil {
			t.Fatal(err)
		}
		lire()
		veut := map[string]string{"2026-03-02T18:00:00+01:00": "999001019 D 03-02 09:00", "2026-03-04T10:00:00+01:00": "999001019 D 03-04 10:00"}[le]
		if u := usages(); !slices.Equal(u, []string{veut, "999001019 U -", "999001225 D -", "999001225 U -"}) {
			t.Errorf("on %s: got %v, want %s", le, u, veut)
		}
	}
	g.exiger(g.appeler("cabinet", "GET", "/api/utilisateurs", nil, "Guichet-Perimetre", "entreprise:999001225"), 200)
	if u := usages(); !slices.Equal(u, []string{"999001019 D 03-04 10:00", "999001019 U -", "999001225 D -", "999001225 U 03-04 10:00"}) {
		t.Errorf("after managing users of another company: got %v", u)
	}
}

// sansDroit lists the routes of an organisation that use none of its rights, each with
// the reason.
var sansDroit = map[string]string{
	"GET /api/session/perimetres": "the espaces among which it chooses",
	"GET /api/actes/{id}":         "what became of an acte that it did",
	"GET /api/motifs":             "words of the trade", "GET /api/etats": "words of the trade", "GET /api/bareme": "what the OPCO publishes",
}

// TestEachRouteOfAnOrganisationUsesARight: what an organisation reads and does by its
// rights is noted as their use; otherwise the yearly review would take them for rights
// that never served, and they would be withdrawn.
func TestEachRouteOfAnOrganisationUsesARight(t *testing.T) {
	vues := 0
	for cle, r := range api.Acces() {
		if r.Essai || !slices.Contains(r.Roles, opco.RoleEntreprise) && !slices.Contains(r.Roles, opco.RoleOrganisme) {
			continue
		}
		methode, chemin, _ := strings.Cut(cle, " ")
		servis := api.Servis(methode, regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(chemin, ":$1"))
		switch {
		case len(servis) > 0 && sansDroit[cle] != "":
			t.Errorf("%s uses %v: take it off the list", cle, servis)
		case len(servis) == 0 && sansDroit[cle] == "":
			t.Errorf("%s is for an organisation and uses none of its rights: name its prefix in servis, or say in sansDroit why not", cle)
		}
		vues++
	}
	if vues < 40 {
		t.Errorf("only %d routes of organisations", vues)
	}
}
