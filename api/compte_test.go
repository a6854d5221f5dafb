package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// TestMonCompte: identity, password, entity and closure of one's own account; each
// wants what it must.
func TestMonCompte(t *testing.T) {
	g := ouvrir(t)
	_, s := g.actif("moi@exemple.test", blocE1())
	autre := g.entrer("moi@exemple.test", phraseA)
	modif := func(f func(o objet)) objet {
		o := objet{"acte_id": nouvelID(), "civilite": "M.", "nom": "Rocher", "prenom": "Luc", "telephone": "", "epreuve": g.epreuve("compte")}
		f(o)
		return o
	}
	for _, tt := range []struct {
		nom, methode, chemin string
		corps                objet
		statut               int
		champ                string
	}{
		{"no name", "PUT", "/api/compte", modif(func(o objet) { o["nom"] = "" }), 422, "nom"},
		{"another field", "PUT", "/api/compte", modif(func(o objet) { o["email"] = "x@y.test" }), 400, ""},
		{"a robot", "PUT", "/api/compte", modif(func(o objet) { o["epreuve"] = objet{"jeton": "x", "reponse": "3"} }), 422, "epreuve"},
		{"the question of another form", "PUT", "/api/compte", modif(func(o objet) { o["epreuve"] = g.epreuve("inscription") }), 422, "epreuve"},
		{"identity", "PUT", "/api/compte", modif(func(objet) {}), 200, ""},
		{"wrong password", "POST", "/api/compte/mot-de-passe", objet{"acte_id": nouvelID(), "actuel": "faux", "nouveau": phraseB}, 422, "actuel"},
		{"weak password", "POST", "/api/compte/mot-de-passe", objet{"acte_id": nouvelID(), "actuel": phraseA, "nouveau": "court"}, 422, "nouveau"},
		{"the same password", "POST", "/api/compte/mot-de-passe", objet{"acte_id": nouvelID(), "actuel": phraseA, "nouveau": phraseA}, 422, "nouveau"},
		{"entity without the password", "POST", "/api/compte/entites",
			objet{"acte_id": nouvelID(), "blocs": []objet{blocOF1()}, "mot_de_passe": "faux", "epreuve": g.epreuve("entite")}, 422, "mot_de_passe"},
		{"entity badly said", "POST", "/api/compte/entites",
			objet{"acte_id": nouvelID(), "blocs": []objet{{"profil": "organisme", "responsable": "A", "services": []string{"PAIEMENTS_OF"}, "certifie": true,
				"etablissements": []objet{{"siret": "99900136500017", "fonction": "x"}}}}, "mot_de_passe": phraseA, "epreuve": g.epreuve("entite")}, 422, "blocs[0].nda"},
		{"entity", "POST", "/api/compte/entites",
			objet{"acte_id": nouvelID(), "blocs": []objet{blocOF1()}, "mot_de_passe": phraseA, "epreuve": g.epreuve("entite")}, 200, ""},
		{"nothing was asked", "POST", "/api/compte/precisions",
			objet{"acte_id": nouvelID(), "habilitations": []string{droit("entreprise", "99900101900010", opco.ServiceDossiers)}, "reponse": "oui"}, 409, ""},
		{"a right that is not mine", "POST", "/api/compte/reprises", objet{"acte_id": nouvelID(), "habilitations": []string{"entreprise:99900108400014:CONTRIBUTIONS"}}, 404, ""},
		{"wrong password to close", "POST", "/api/compte/cloture", objet{"acte_id": nouvelID(), "mot_de_passe": "faux"}, 422, "mot_de_passe"},
	} {
		r := s.appeler(tt.methode, tt.chemin, tt.corps)
		if r.statut != tt.statut || tt.champ != "" && !slices.Contains(champsRefuses(t, r), tt.champ) {
			t.Errorf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
	}
	if c := s.moi(); c.tuile("ESPACE_ORGANISME") != opco.TuileAOuvrir {
		t.Errorf("the tile of the new entity: %+v", c.Tuiles)
	}
	avant := s
	s.suivre(g.exiger(s.appeler("POST", "/api/compte/mot-de-passe", objet{"acte_id": nouvelID(), "actuel": phraseA, "nouveau": phraseB}), 200))
	g.exiger(avant.appeler("GET", "/api/compte", nil), 401)
	g.exiger(autre.appeler("GET", "/api/compte", nil), 401)
	g.exiger(s.appeler("GET", "/api/compte", nil), 200)
	g.exiger(s.appeler("POST", "/api/compte/cloture", objet{"acte_id": nouvelID(), "mot_de_passe": phraseB}), 200)
	g.exiger(s.appeler("GET", "/api/compte", nil), 401)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "moi@exemple.test", "mot_de_passe": phraseB}), 401)
	g.exiger(g.appeler("", "GET", "/api/compte", nil), 401)
}

// TestRedemander: an open session does not let the password be tried for ever.
func TestRedemander(t *testing.T) {
	g := ouvrir(t)
	corps := func() objet { return objet{"acte_id": nouvelID(), "mot_de_passe": "faux"} }
	for range 10 {
		g.exiger(g.appeler("e1", "POST", "/api/compte/cloture", corps()), 422)
	}
	g.exiger(g.appeler("e1", "POST", "/api/compte/cloture", corps()), 429)
	g.exiger(g.appeler("e2", "POST", "/api/compte/cloture", corps()), 422)
}

// TestDonneesPersonnelles: the export holds what the person gave and who read it,
// and neither a secret nor what the OPCO knows.
func TestDonneesPersonnelles(t *testing.T) {
	g := ouvrir(t)
	id, s := g.actif("export@exemple.test", blocE1())
	code := g.secret(id)
	g.exiger(g.appeler("conseiller", "GET", "/api/comptes/"+id, nil), 200)
	corps := string(g.exiger(s.appeler("GET", "/api/compte/donnees", nil), 200).corps)
	for _, attendu := range []string{"export@exemple.test", "Jean Sorbier", "A100001", "CODE_ACTIVATION", "Inès Benkirane", "confirmer_email"} {
		if !strings.Contains(corps, attendu) {
			t.Errorf("the export lacks %s", attendu)
		}
	}
	for _, interdit := range []string{code, opco.EmpreinteCode(code), "argon2", "connu\":\"3"} {
		if strings.Contains(corps, interdit) {
			t.Errorf("the export shows %s", interdit)
		}
	}
}

// TestTuileEnRetard: an entity that nobody has handled for 8 minutes is an incident,
// which its handling closes (MA-74).
func TestTuileEnRetard(t *testing.T) {
	g := ouvrir(t)
	_, s := g.actif("tuile@exemple.test", blocE1())
	g.relais.muet.Store(true)
	r := s.appeler("POST", "/api/compte/entites", objet{"acte_id": nouvelID(), "blocs": []objet{blocOF1()}, "mot_de_passe": phraseA, "epreuve": g.epreuve("entite")})
	g.exiger(r, 202)
	alerter := func(attendus, ouverts int) {
		t.Helper()
		n, err := g.store.AlerterTuiles(t.Context())
		is := storetest.Incidents(t, g.store)
		if err != nil || n != attendus || len(is) != ouverts {
			t.Errorf("%d late, incidents %+v, want %d and %d: %v", n, is, attendus, ouverts, err)
		}
		if ouverts > 0 && !strings.Contains(is[0].Erreur, "promis en 10 minutes") {
			t.Errorf("the incident says %q", is[0].Erreur)
		}
	}
	g.horloge(7 * time.Minute)
	alerter(0, 0)
	g.horloge(61 * time.Second)
	alerter(1, 1)
	alerter(1, 1)
	g.relais.muet.Store(false)
	actes, err := g.store.EnAttente(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range actes {
		if err := g.relais.Transmettre(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	alerter(0, 0)
}

// TestPremiereConnexion plays S13: the account that the OPCO opens, its provisional
// credentials, the identifier and the password chosen, the link of the second mail,
// the text accepted.
func TestPremiereConnexion(t *testing.T) {
	g := ouvrir(t)
	ouverture := objet{"acte_id": nouvelID(), "identite": objet{"civilite": "Mme", "nom": "Vidal", "prenom": "Rose", "email": "rose@formalia.test"},
		"droits": []objet{{"profil": "organisme", "siret": "99900136500017", "service": "PAIEMENTS_OF"}}}
	for qui, statut := range map[string]int{"comptable": 403, "e1": 403, "admin": 403, "auditeur": 403} {
		g.exiger(g.appeler(qui, "POST", "/api/comptes", ouverture), statut)
	}
	g.exiger(g.appeler("gestionnaire", "POST", "/api/comptes", ouverture), 200)
	g.exiger(g.appeler("gestionnaire", "POST", "/api/comptes", ouverture), 200) // the same acte: nothing more
	id := g.compteDe(ouverture["acte_id"].(string))
	if es := g.courriers(id); !slices.Equal(es, []string{"IDENTIFIANTS_PROVISOIRES"}) {
		t.Fatalf("mails %v", es)
	}
	provisoire := g.secret(id)
	var identifiant string
	if err := g.store.DB.Get(&identifiant, `SELECT identifiant FROM compte WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	s := g.entrer(identifiant, provisoire)
	g.exiger(s.appeler("GET", "/api/compte", nil), 403)
	perso := func(identifiant, mot string) reponse {
		return s.appeler("POST", "/api/premiere-connexion", objet{"acte_id": nouvelID(), "identifiant": identifiant, "mot_de_passe": mot})
	}
	for _, tt := range []struct{ identifiant, mot, champ string }{
		{"ro", phraseA, "identifiant"}, {"rosé", phraseA, "identifiant"}, {identifiant, phraseA, "identifiant"}, {"e1", phraseA, "identifiant"},
		{"pedagogie.nouvelle", "court", "mot_de_passe"}, {"pedagogie.nouvelle", provisoire, "mot_de_passe"},
	} {
		if r := perso(tt.identifiant, tt.mot); r.statut != 422 || !slices.Contains(champsRefuses(t, r), tt.champ) {
			t.Errorf("%q %q: got %d %s", tt.identifiant, tt.mot, r.statut, r.corps)
		}
	}
	g.exiger(perso("Pedagogie.Nouvelle", phraseA), 200)
	lien := g.secret(id)
	confirmer := func(jeton, mot string) reponse {
		return g.appeler("", "POST", "/api/premiere-connexion/confirmation", objet{"compte": id, "jeton": jeton, "mot_de_passe": mot})
	}
	g.exiger(confirmer("AAAABBBBCCCCDDDDEEEEFFFFGG", phraseA), 422)
	g.exiger(confirmer(lien, phraseB), 422)
	g.exiger(confirmer(lien, phraseA), 200)
	g.exiger(confirmer(lien, phraseA), 422)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": identifiant, "mot_de_passe": provisoire}), 401)
	s = g.entrer("pedagogie.nouvelle", phraseA)
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 403)
	g.exiger(s.appeler("POST", "/api/premiere-connexion/confidentialite", objet{"acte_id": nouvelID(), "version": "v0"}), 422)
	g.exiger(s.appeler("POST", "/api/premiere-connexion/confidentialite", objet{"acte_id": nouvelID(), "version": "v1"}), 200)
	s = g.entrer("pedagogie.nouvelle", phraseA)
	if c := s.moi(); c.Etat != "ACTIF" {
		t.Errorf("the account is %s", c.Etat)
	}
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 200)
}

// TestEmpreinteDesReponses keeps the passwords of the demonstration out of every
// answer about accounts.
func TestSecretsHorsDesReponses(t *testing.T) {
	g := ouvrir(t)
	id := g.compteDemo("e1")
	var hache string
	if err := g.store.DB.Get(&hache, `SELECT mot_de_passe FROM utilisateur WHERE compte = $1`, id); err != nil {
		t.Fatal(err)
	}
	for _, chemin := range []string{"/api/comptes/" + id, "/api/comptes/" + id + "/journal", "/api/comptes?texte=e1", "/api/habilitations"} {
		corps := string(g.exiger(g.appeler("conseiller", "GET", chemin, nil), 200).corps)
		for _, interdit := range []string{hache, store.MotDePasseDemo, "empreinte", "argon2"} {
			if strings.Contains(corps, interdit) {
				t.Errorf("%s shows %s", chemin, interdit)
			}
		}
	}
}

// TestSuivreUnActe: who sends an acte on an account follows it, without an espace and
// whatever the role; the staff who read no dossier follow none of theirs.
func TestSuivreUnActe(t *testing.T) {
	g := ouvrir(t)
	id, s := g.actif("suivre@exemple.test", blocE1())
	dossier := nouvelID()
	g.exiger(g.appeler("e1", "POST", "/api/dossiers", objet{"acte_id": dossier, "id": nouvelID(), "demande": demande()}), 200)
	sien, conseil := nouvelID(), nouvelID()
	g.relais.muet.Store(true)
	g.exiger(s.appeler("POST", "/api/compte/espaces/organisme", objet{"acte_id": sien}), 202)
	r := g.exiger(g.appeler("conseiller", "POST", "/api/comptes/"+id+"/precision", objet{"acte_id": conseil,
		"habilitations": []string{droit("entreprise", "99900101900010", opco.ServiceDossiers)}, "question": "Qui êtes-vous ?"}), 202)
	if r.entete.Get("Location") != "/api/actes/"+conseil {
		t.Errorf("followed at %q", r.entete.Get("Location"))
	}
	g.exiger(s.appeler("GET", "/api/actes/"+sien, nil), 200)
	g.exiger(s.appeler("GET", "/api/actes/"+conseil, nil), 404)
	g.exiger(s.appeler("GET", "/api/actes/"+dossier, nil), 404)
	g.exiger(g.appeler("e2", "GET", "/api/actes/"+sien, nil), 404)
	g.exiger(g.appeler("conseiller", "GET", "/api/actes/"+conseil, nil), 200)
	g.exiger(g.appeler("admin", "GET", "/api/actes/"+dossier, nil), 404)
	g.exiger(g.appeler("gestionnaire", "GET", "/api/actes/"+dossier, nil), 200)
}
