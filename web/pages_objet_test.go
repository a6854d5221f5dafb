package web_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
	"guichet/web"
)

// objetsDesPages are the pages of one dossier, lot, return of the bank or company, by
// the beginning of their path, and what stands for it.
var objetsDesPages = []struct{ prefixe, place string }{
	{"/instruction/dossiers/{id}", "dossier"}, {"/entreprise/dossiers/{id}", "dossier"}, {"/organisme/dossiers/{id}", "dossier"},
	{"/instruction/pieces/{id}", "piece"}, {"/instruction/entreprises/{siren}", "siren"},
	{"/comptabilite/lots/{lot}", "lot"}, {"/comptabilite/retours/{retour}", "retour"},
}

// adresseDePage writes the address of a page on the objects of the test, "" for a page
// of another kind.
func adresseDePage(chemin string, objets map[string]string) string {
	for _, x := range objetsDesPages {
		if reste, ok := strings.CutPrefix(chemin, x.prefixe); ok && (reste == "" || reste[0] == '/') {
			debut, _, _ := strings.Cut(x.prefixe, "{")
			return debut + objets[x.place] + strings.NewReplacer("{stagiaire}", "s1", "{genre}", "complement").Replace(reste)
		}
	}
	return ""
}

// TestPagesOfAnObjectAndRoles asks the pages of a real dossier, lot, return and company
// as each role: what the table gives is shown and its read written down once, the rest
// is refused.
func TestPagesOfAnObjectAndRoles(t *testing.T) {
	v := visiterBanque(t)
	dossier := v.autre().entrer("e1", motDemo).depose()
	e1 := v.autre().entrer("e1", motDemo)
	objets := map[string]string{"dossier": dossier, "piece": e1.deposerPiece(dossier, "PROGRAMME"), "siren": "999001019"}
	for place, requete := range map[string]string{"lot": `SELECT id FROM lot WHERE etat = 'SOLDE' LIMIT 1`, "retour": `SELECT empreinte FROM retour_bancaire LIMIT 1`} {
		var id string
		if err := v.store.DB.Get(&id, requete); err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		objets[place] = id
	}
	w, err := web.New(web.Config{Portes: &portesFausses{}, Interieur: &interieurFaux{}})
	if err != nil {
		t.Fatal(err)
	}
	vues := 0
	for _, qui := range []string{"e1", "of1", "gestionnaire", "conseiller", "responsable", "comptable", "ops", "admin", "auditeur"} {
		x, err := v.store.Utilisateur(t.Context(), qui)
		if err != nil {
			t.Fatal(err)
		}
		c := v.autre().entrer(qui, motDemo)
		for cle, regle := range w.Acces() {
			chemin, lit := strings.CutPrefix(cle, "GET ")
			adresse := adresseDePage(chemin, objets)
			if !lit || adresse == "" || strings.Contains(adresse, "{note}") { // the dossier has no note
				continue
			}
			// The dossier is paid to the organisme: its company sends no invoice.
			permis := slices.Contains(regle.Roles, x.Role) && chemin != "/entreprise/dossiers/{id}/factures/nouvelle" && chemin != "/entreprise/dossiers/{id}/factures/lecture"
			vues += c.ouvrir(adresse, x, permis, regle.Donnees != "")
		}
	}
	if vues < 40 {
		t.Errorf("only %d pages were shown", vues)
	}
}

// ouvrir asks one page as x, and returns 1 when it is shown. A page of a step that the
// object has not reached says so (409) or leads back (303).
func (v *visiteur) ouvrir(adresse string, x store.Utilisateur, permis, personnel bool) int {
	v.t.Helper()
	avant := lectures(v.t, v.store)
	statut, vers, page := v.envoyer(adresse, nil)
	if permis != slices.Contains([]int{200, 303, 409}, statut) || !permis && statut != 403 {
		v.t.Errorf("%s as %s: %d to %q, allowed %t: %.200s", adresse, x.Role, statut, vers, permis, page)
	}
	if statut != 200 {
		return 0
	}
	veut := 0
	if personnel && x.Role.Interne() {
		veut = 1
	}
	if got := lectures(v.t, v.store) - avant; got != veut {
		v.t.Errorf("%s as %s wrote %d lines in the log of reads, want %d", adresse, x.Role, got, veut)
	}
	return 1
}

// TestAPageThatIsNotIsSaid: an address that names no page of a list is refused with a
// sentence, and shows no other page in its place.
func TestAPageThatIsNotIsSaid(t *testing.T) {
	v := visiterEtude(t).entrer("gestionnaire", motDemo)
	v.veut("a page of actions that is none", 422, "", "reprenez la liste depuis le début")(v.envoyer("/instruction/lots?avant=hier", nil))
	v.veut("the first", 200, "", "Actions sur plusieurs dossiers")(v.envoyer("/instruction/lots", nil))
}

// TestReadsAreFoundByTheNumberOfTheirDossier: an auditeur types the number that people
// know, and reads who opened that dossier alone.
func TestReadsAreFoundByTheNumberOfTheirDossier(t *testing.T) {
	v := visiterEtude(t)
	e1 := v.autre().entrer("e1", motDemo)
	var numeros []string
	for range 2 {
		id := e1.depose()
		v.autre().entrer("gestionnaire", motDemo).lire("/instruction/dossiers/" + id)
		d, err := v.store.Dossier(t.Context(), opco.Portee{Interne: true}, id)
		if err != nil {
			t.Fatal(err)
		}
		numeros = append(numeros, d.Numero)
	}
	page := v.autre().entrer("auditeur", motDemo).lire("/journal-lectures?objet=" + strings.ToLower(strings.ReplaceAll(numeros[0], "-", "")))
	if !strings.Contains(page, "Dossier "+numeros[0]) || strings.Contains(page, numeros[1]) {
		t.Errorf("the reads of %s are not found alone", numeros[0])
	}
}

// TestAnAbsenceOffersWhatIsAccepted: nobody stands in for themselves, nor beside a role
// that is never held with theirs; a sensitive role is passed on by its holder alone.
func TestAnAbsenceOffersWhatIsAccepted(t *testing.T) {
	v := visiterEtude(t)
	for _, tt := range []struct {
		qui       string
		veut, pas []string
	}{
		{"gestionnaire", []string{"Hugo Bastide", "Inès Benkirane"}, []string{"Claire Morin (", "Paul Girard"}},
		{"comptable", []string{"Inès Lacombe"}, []string{"Paul Girard (", "Claire Morin", "Hugo Bastide"}},
		{"responsable", []string{"Claire Morin", `value="gestionnaire"`, `value="responsable"`}, []string{"Nadia Ferrand (", `value="comptable"`, `value="ops"`}},
	} {
		page := v.autre().entrer(tt.qui, motDemo).lire("/absences")
		_, page, _ = strings.Cut(page, `id="declarer-titre"`)
		for _, x := range tt.veut {
			if !strings.Contains(page, x) {
				t.Errorf("%s is not offered %q", tt.qui, x)
			}
		}
		for _, x := range tt.pas {
			if strings.Contains(page, x) {
				t.Errorf("%s is offered %q", tt.qui, x)
			}
		}
	}
}
