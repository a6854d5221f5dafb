package api_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"guichet/api"
	"guichet/opco"
)

// genres says, of each place of a path that names an object, what kind it is. A
// route whose place is not here fails: it needs sample data.
var genres = []struct{ prefixe, genre string }{
	{"/api/dossiers/{id}", "dossier"}, {"/api/pieces/{id}", "piece"}, {"/api/courriers/{id}", "courrier"}, {"/api/actes/{id}", "acte"},
	{"/api/lots/{id}", "lot"}, {"/api/utilisateurs/{id}", "utilisateur"}, {"/api/comptes/{id}", "compte"}, {"/api/agents/{id}", "agent"},
	{"/api/documents/{id}", "document"}, {"/api/factures/{id}", "facture"}, {"/api/reglements-recus/{id}", "recu"},
	{"/api/regles-auto/{id}", "regle"}, {"/api/etiquettes/{id}", "etiquette"}, {"/api/vues/{id}", "vue"}, {"/api/sessions/{id}", "seance"}, {"/api/facteurs/passkeys/{id}", "passkey"}, {"/api/organismes/{siren}", "organisme"},
	{"/api/indus/{id}", "indu"}, {"/api/ribs/{id}", "rib"}, {"/api/signalements/{id}", "signalement"},
	{"/api/ops/rejeux/{id}", "rejeu"}, {"/api/ops/verifications/{id}", "verification"},
	{"/api/salaries/{id}", "salarie"}, {"/api/actions-lot/{id}", "action-lot"},
	{"/api/ops/incidents/{id}", "cause"}, {"/api/ops/cas/{id}", "cas"}, {"/api/ops/interventions/{id}", "intervention"},
}

// autresPlaces are the values of the other variables of a path.
var autresPlaces = strings.NewReplacer("{role}", "gestionnaire", "{etiquette}", etiquetteEssai, "{delegation}", "8f3b1c1e-0000-4000-8000-000000000000", "{siren}", "999001647")

// etiquetteEssai is a label that the matrix puts on dossiers.
const etiquetteEssai = "8f3b1c1e-0000-4000-8000-0000000e7101"

// genreDe returns the kind of object that a path names, "" for none.
func genreDe(chemin string) (string, bool) {
	if !strings.Contains(chemin, "{") {
		return "", true
	}
	for _, g := range genres {
		if chemin == g.prefixe || strings.HasPrefix(chemin, g.prefixe+"/") {
			return g.genre, true
		}
	}
	return "", false
}

// absents are names that nothing bears.
var absents = map[string]string{"indu": "0f3b1c1e-0000-4000-8000-00000000dead-i1", "lot": "L77-7777", "regle": "regle-absente", "seance": "AAAAAAAAAAAAAAAAAAAAAA", "passkey": "AAAA", "organisme": "999009998", "cas": "999999", "cause": "aucune"}

// nommer returns the name of the object of a kind that has relation r to p, and
// whether there is such a thing.
func (m *matrice) nommer(genre string, r relation, p principal) (string, bool) {
	switch {
	case r == absente:
		if nom := absents[genre]; nom != "" {
			return nom, true
		}
		return "0f3b1c1e-0000-4000-8000-00000000dead", true
	case genre == "organisme" && r == propre:
		return "999001365", true
	}
	id := m.objets[genre][r]
	if genre == "action-lot" && r == autre && p.role == opco.RoleResponsable {
		return "", false // a responsable follows the actions of the whole team
	}
	if p.role.Interne() && (r == autre || r == collegue) && (slices.Contains(desDossiers, genre) || genre == "rib" || genre == "signalement") {
		return "", false // the staff read those of every organisation
	}
	return id, id != ""
}

// essai is one case: a route, as somebody, on an object.
type essai struct {
	cle, methode, chemin, adresse string
	regle                         api.Regle
	p                             principal
	r                             relation
}

func (e essai) String() string { return fmt.Sprintf("%s as %s, %s", e.cle, e.p.nom, e.r) }

// essais lists every route × everybody × every relation.
func (m *matrice) essais(t *testing.T) []essai {
	t.Helper()
	var es []essai
	for _, cle := range slices.Sorted(maps.Keys(api.Acces())) {
		methode, chemin, _ := strings.Cut(cle, " ")
		genre, connu := genreDe(chemin)
		if !connu {
			t.Errorf("%s names an object of no known kind: give the matrix sample data", cle)
			continue
		}
		relations := []relation{sans}
		if genre != "" {
			relations = []relation{propre, collegue, autre, absente, effacee}
		}
		for _, p := range m.principaux {
			for _, r := range relations {
				nom, la := m.nommer(genre, r, p)
				if genre != "" && !la {
					continue
				}
				adresse := autresPlaces.Replace(strings.Replace(strings.Replace(chemin, "{id}", nom, 1), "organismes/{siren}", "organismes/"+nom, 1))
				adresse += parametresRequis(methode, chemin)
				es = append(es, essai{cle, methode, chemin, adresse, api.Acces()[cle], p, r})
			}
		}
	}
	return es
}

// corps is the simplest well-formed body of a route.
func (e essai) corps() any {
	op := specification().Paths.Value(e.chemin)
	if op == nil || op.GetOperation(e.methode).RequestBody == nil {
		return nil
	}
	contenu := op.GetOperation(e.methode).RequestBody.Value.Content
	if j := contenu["application/json"]; j != nil {
		return exemple(j.Schema.Value)
	}
	if e.chemin == "/api/banque/retours" {
		return envoiFichier{contenu: "<Document/>"}
	}
	if strings.HasPrefix(e.chemin, "/api/documents") {
		return envoiFichier{map[string]string{"acte_id": nouvelID(), "categorie": "ORG_SANS_DOSSIER", "libelle": "Statuts", "organisme": "99900136500017"}, pdfSimple(1)}
	}
	if strings.HasSuffix(e.chemin, "/factures/lecture") {
		return envoiFichier{map[string]string{"acte_id": nouvelID()}, factureXML}
	}
	return envoiFichier{map[string]string{"acte_id": nouvelID(), "type": "DEVIS"}, pdfSimple(1)}
}

// porte is what the table says of a case, before the object is looked at: 0 lets it
// through, else the status that refuses it.
func (e essai) porte() (statut int, code string) {
	p := e.p
	switch {
	case e.regle.Public:
		return 0, ""
	case p.anonyme():
		return http.StatusUnauthorized, ""
	case p.etape != api.EtapeOuverte && p.etape != api.EtapePerimetre:
		if slices.Contains(e.regle.Etapes, p.etape) {
			return 0, ""
		}
		return http.StatusForbidden, strings.ToUpper(string(p.etape))
	case e.regle.Limite && (len(e.regle.Roles) == 0 || p.role == ""):
		return 0, ""
	case p.etape == api.EtapePerimetre:
		return http.StatusForbidden, "PERIMETRE_A_CHOISIR"
	case p.role == "":
		return http.StatusForbidden, "ACCES_LIMITE"
	case !slices.Contains(e.regle.Roles, p.role):
		return http.StatusForbidden, ""
	}
	return 0, ""
}

// invisible reports whether the object of a case must answer as a missing one.
// Whoever has no right has no dossier either, and nothing of one.
func (e essai) invisible() bool {
	genre, _ := genreDe(e.chemin)
	return e.r == autre || e.r == effacee || e.r == absente || e.p.role == "" && slices.Contains(desDossiers, genre)
}

// desDossiers are the kinds of what belongs to a dossier.
var desDossiers = []string{"dossier", "piece", "courrier", "acte", "document", "facture"}

// peutRefuser reports whether an own object may answer 403 to the right role: another
// person must act, or the right only reads.
func (e essai) peutRefuser() bool {
	return e.p.nom == "a right that only reads" || strings.HasPrefix(e.chemin, "/api/agents/") || strings.HasPrefix(e.chemin, "/api/comptes/") ||
		strings.HasPrefix(e.chemin, "/api/utilisateurs/") || e.regle.Limite || strings.HasPrefix(e.chemin, "/api/lots/") || strings.HasPrefix(e.chemin, "/api/ribs/") || strings.HasPrefix(e.chemin, "/api/signalements/") ||
		strings.HasPrefix(e.chemin, "/api/actions-lot/") || e.cle == "POST /api/utilisateurs" ||
		e.cle == "GET /api/dossiers/{id}/facture-modele" // the organisme invoices the dossier that is tried
}

// doitRefuser reports whether the right role is refused all the same: a queue that is
// not its own, a document that somebody else sent.
func (e essai) doitRefuser() bool {
	switch e.cle {
	case "POST /api/file/suivant":
		return !fileEssayee().Prenable(e.p.role)
	case "PUT /api/documents/{id}", "DELETE /api/documents/{id}":
		return e.p.role.Interne()
	}
	return false
}

// TestMatriceDesRefus tries every route, as everybody, on everything: what the table
// refuses is refused with its status, what is somebody else's answers exactly as what
// does not exist, nothing fails, and nothing of it all leaves a trace in the data.
func TestMatriceDesRefus(t *testing.T) {
	m := ouvrirMatrice(t)
	es := m.essais(t)
	avant := m.empreinteEntiere()
	var refuses, invisibles atomic.Int64
	m.enParallele(es, func(e essai) {
		statut, code := e.porte()
		switch {
		case statut != 0:
			refuses.Add(1)
			r := m.demander(e.p, e.methode, e.chemin, e.adresse, e.corps())
			if r.statut != statut || code != "" && !bytes.Contains(r.corps, []byte(`"`+code+`"`)) {
				t.Errorf("%s: got %d %.200s, want %d %s", e, r.statut, r.corps, statut, code)
			}
		case e.invisible() && !e.regle.Public:
			invisibles.Add(1)
			m.comparerAbsente(t, e)
		}
	})
	if apres := m.empreinteEntiere(); apres != avant {
		t.Errorf("a refused request changed something: %s, then %s", avant, apres)
	}
	if n := refuses.Load(); n < 1500 {
		t.Errorf("only %d refusals by the table were tried", n)
	}
	t.Logf("%d cases: %d refused by the table, %d on what must not be seen", len(es), refuses.Load(), invisibles.Load())
	if !t.Failed() {
		m.matricePermise(t, es)
	}
}

// comparerAbsente holds somebody else's object, or a deleted one, to the answer of a
// missing one: status, body and headers, the reference apart.
func (m *matrice) comparerAbsente(t *testing.T, e essai) {
	corps := e.corps()
	r := m.demander(e.p, e.methode, e.chemin, e.adresse, corps)
	administre := strings.HasPrefix(e.chemin, "/api/utilisateurs/") && bytes.Contains(r.corps, []byte("NON_ADMINISTRATEUR")) // refused before the object is looked at
	if r.statut >= 500 || r.statut == http.StatusUnauthorized || r.statut == http.StatusForbidden && !administre {
		t.Errorf("%s: got %d %.200s", e, r.statut, r.corps)
		return
	}
	genre, _ := genreDe(e.chemin)
	nom, _ := m.nommer(genre, e.r, e.p)
	rien, _ := m.nommer(genre, absente, e.p)
	vide := m.demander(e.p, e.methode, e.chemin, strings.Replace(e.adresse, nom, rien, 1), corps)
	if r.statut != vide.statut || !bytes.Equal(sansReference(r), sansReference(vide)) || entetes(r) != entetes(vide) {
		t.Errorf("%s: answers %d %.300s, a missing one %d %.300s\n%s\n%s", e, r.statut, r.corps, vide.statut, vide.corps, entetes(r), entetes(vide))
	}
	if e.r == absente && r.statut < 400 && !slices.Contains(sansObjet, e.cle) {
		t.Errorf("%s: got %d for what does not exist", e, r.statut)
	}
}

// sansObjet are the routes that may answer well although nothing is there.
var sansObjet = []string{"DELETE /api/sessions/{id}"}

// entetes writes the headers of an answer, but for what changes each time.
func entetes(r reponse) string {
	h := r.entete.Clone()
	for _, x := range []string{"X-Reference", "Date", "Content-Length", "Set-Cookie", "Vary"} {
		h.Del(x)
	}
	var ls []string
	for k, v := range h {
		ls = append(ls, k+": "+strings.Join(v, ", "))
	}
	slices.Sort(ls)
	return strings.Join(ls, "\n")
}

// tue are the routes that end who tries them, or move the clock of the whole test:
// each has its own test.
var tue = []string{"DELETE /api/session", "DELETE /api/sessions", "POST /api/compte/cloture", "POST /api/essai/horloge", "POST /api/compte/mot-de-passe",
	"POST /api/essai/utilisateurs", "PUT /api/session/perimetre"}

// matricePermise tries what is allowed, on own objects: no failure, no 401, and no
// 404 but for what the étape does not hold.
func (m *matrice) matricePermise(t *testing.T, es []essai) {
	n, faits := 0, 0
	es = slices.Clone(es)
	slices.SortStableFunc(es, func(a, b essai) int { return cmp.Compare(supprime(a), supprime(b)) })
	for _, e := range es {
		statut, _ := e.porte()
		if statut != 0 || e.invisible() || slices.Contains(tue, e.cle) {
			continue
		}
		n++
		r := m.demander(e.p, e.methode, e.chemin, e.adresse, e.corps())
		if r.statut < 300 {
			faits++
		}
		refus := r.statut == http.StatusForbidden && !e.peutRefuser() && !e.doitRefuser() || r.statut != http.StatusForbidden && e.doitRefuser() || r.statut == http.StatusNotFound && !introuvablePropre(e)
		if lecteurSeul := e.p.nom == "a right that only reads"; lecteurSeul && e.methode != http.MethodGet && strings.HasPrefix(e.chemin, "/api/dossiers/{id}/") && r.statut != http.StatusForbidden {
			t.Errorf("%s: got %d %.200s: it only reads", e, r.statut, r.corps)
		}
		if r.statut >= 500 || refus || r.statut == http.StatusUnauthorized && !e.regle.Public {
			t.Errorf("%s: got %d %.300s", e, r.statut, r.corps)
		}
	}
	t.Logf("%d allowed cases, %d done", n, faits)
	if faits < n/3 {
		t.Errorf("only %d of the %d allowed cases were done: the samples prove little", faits, n)
	}
}

// introuvablePropre are the own objects of which a part asked for may be missing.
func introuvablePropre(e essai) bool {
	return strings.Contains(e.chemin, "{delegation}") || strings.Contains(e.chemin, "liens/{siren}") || e.regle.Limite || e.regle.Public ||
		e.methode == "POST" || e.chemin == "/api/lots/{id}/fichier" || strings.HasPrefix(e.chemin, "/api/utilisateurs/") || e.methode == "DELETE" ||
		strings.HasPrefix(e.chemin, "/api/courriers/") && e.p.role == opco.RoleOrganisme ||
		(strings.HasPrefix(e.chemin, "/api/indus/") || strings.HasPrefix(e.chemin, "/api/ribs/")) && e.p.role == opco.RoleEntreprise // they are those of the organisme
}

// supprime puts what deletes after everything else, and last those who may: what is
// gone can no longer be tried.
func supprime(e essai) int {
	switch {
	case e.methode != http.MethodDelete:
		return 0
	case e.doitRefuser():
		return 1
	}
	return 2
}

// enParallele runs the cases on a few hands.
func (m *matrice) enParallele(es []essai, f func(essai)) {
	var wg sync.WaitGroup
	file := make(chan essai)
	for range 4 {
		wg.Go(func() {
			for e := range file {
				f(e)
			}
		})
	}
	for _, e := range es {
		file <- e
	}
	close(file)
	wg.Wait()
}

// empreinteEntiere is the state of everything that a refused request must not
// change: the log of refused logins and when a session was last seen apart.
func (m *matrice) empreinteEntiere() string {
	m.t.Helper()
	e := m.empreinte()
	for _, table := range []string{"compte", "role_agent", "delegation", "lien_interet", "lot", "lot_signature", "reglement", "facture", "courrier", "secret_acte",
		"regle_auto", "essai_auto", "passkey", "identite_externe", "lecture", "personne", "qualiopi", "entree_bancaire", "retour_bancaire"} {
		var h string
		if err := m.store.DB.GetContext(context.Background(), &h, `SELECT COALESCE(md5(string_agg(x::text, '' ORDER BY x::text)), '') FROM `+table+` x`); err != nil {
			m.t.Fatal(err)
		}
		e += " " + table + "=" + h
	}
	return e + " habilitation=" + m.uneValeur(`SELECT COALESCE(md5(string_agg(concat_ws('|', compte, id, etat, coupee), '' ORDER BY compte, id)), '') FROM habilitation`) +
		" session=" + m.uneValeur(`SELECT count(*)::text FROM session`) +
		" cle_api=" + m.uneValeur(`SELECT COALESCE(md5(string_agg((to_jsonb(c) - 'vue_le')::text, '' ORDER BY to_jsonb(c)->>'empreinte')), '') FROM cle_api c`)
}
