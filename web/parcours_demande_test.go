package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// jourDans is a business day of the store, n days from now.
func jourDans(t *testing.T, s *store.Store, n int) opco.Date {
	t.Helper()
	le, err := s.Maintenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return opco.JourDe(le).Jours(n)
}

// commencer opens a demande for the first site of e1, and returns its address and form.
func (v *visiteur) commencer() (adresse string, f url.Values) {
	v.t.Helper()
	page := v.lire("/entreprise/demandes/nouvelle")
	statut, adresse, corps := v.envoyer("/entreprise/demandes/nouvelle", url.Values{"acte_id": {cache(v.t, page, "acte_id")}, "etablissement": {string(siege)}})
	if statut != 303 || !strings.HasSuffix(adresse, "/formation") {
		v.t.Fatalf("the start: %d to %q: %.300s", statut, adresse, corps)
	}
	return strings.TrimSuffix(adresse, "/formation"), url.Values{"etape": {"formation"}, "version": {cache(v.t, v.lire(adresse), "version")}}
}

// formationPleine is step 1 as a company fills it.
func formationPleine(t *testing.T, s *store.Store) url.Values {
	return url.Values{"etablissement": {string(siege)}, "organisme.nom": {"Formalia Synthèse"}, "organisme.siret": {"999 001 365 00017"}, "organisme.nda": {"11 75 60999 75"},
		"organisme.type": {"ORGANISME"}, "organisme.adresse": {"1 rue des Essais"}, "organisme.code_postal": {"75012"}, "organisme.ville": {"Paris"}, "subrogation": {"oui"},
		"intitule": {"Anglais professionnel"}, "nature": {"FORMATION"}, "duree": {"21,00"}, "debut": {string(jourDans(t, s, 60))}, "fin": {string(jourDans(t, s, 62))},
		"lignes.PEDA": {"1 155,00"}, "lignes.REMUNERATION": {"557,13"}}
}

// etatSaisi is the état of a demande, brouillons included.
func (v *visiteur) etatSaisi(dossier string) opco.Etat {
	v.t.Helper()
	var e opco.Etat
	if err := v.store.DB.Get(&e, `SELECT etat FROM dossier WHERE id = $1`, dossier); err != nil {
		v.t.Fatal(err)
	}
	return e
}

// fondre returns the values of both forms.
func fondre(a, b url.Values) url.Values {
	c := avec(a)
	for k, x := range b {
		c[k] = x
	}
	return c
}

// TestACompanyDepositsByThePages takes a demande from its start to its Envoi without
// JavaScript: each refusal keeps what was typed, each button does what it says.
func TestACompanyDepositsByThePages(t *testing.T) {
	v := visiter(t).entrer("e1", motDemo)
	base, f := v.commencer()
	plein := fondre(f, formationPleine(t, v.store))

	v.veut("step 1, empty", 422, "", `href="#champ-intitule"`)(v.envoyer(base+"/formation", avec(f, "action", "valider")))
	v.veut("a SIRET copied wrong", 422, "", `value="999 001 365 00018"`)(v.envoyer(base+"/formation", avec(plein, "action", "quitter", "organisme.siret", "999 001 365 00018")))
	v.veut("a search of the register", 200, "", "prendre:99900136500017")(v.envoyer(base+"/formation", avec(plein, "action", "chercher", "q_organisme", "formalia")))
	v.veut("an organisme of the register", 200, "", `value="Formalia Synth`)(v.envoyer(base+"/formation", avec(plein, "action", "prendre:99900136500017", "organisme.nom", "")))
	v.veut("an estimate", 200, "", "Serai-je financé")(v.envoyer(base+"/formation", avec(plein, "action", "estimer")))
	v.veut("a module announced", 303, base+"/modules", "")(v.envoyer(base+"/formation", avec(plein, "action", "valider", "avec_modules", "oui")))
	page := v.lire(base + "/modules")
	m := url.Values{"version": {cache(t, page, "version")}, "modules.0.intitule": {"Oral"}, "modules.0.duree": {"7"}, "modules.0.montant": {"100"}}
	v.veut("a second module, then none", 200, "", `name="modules.1.intitule"`)(v.envoyer(base+"/modules", avec(m, "action", "ajouter_module")))
	v.veut("without a length", 422, "", `href="#champ-modules.0.duree"`)(v.envoyer(base+"/modules", avec(m, "action", "valider", "modules.0.duree", "")))
	v.veut("step 2", 303, base+"/salaries", "")(v.envoyer(base+"/modules", avec(m, "action", "valider")))
	v.veut("the same version, saved since", 409, "", "Gardez ma saisie")(v.envoyer(base+"/modules", avec(m, "action", "valider")))

	page = v.lire(base + "/salaries")
	g := url.Values{"version": {cache(t, page, "version")}, "stagiaires.0.id": {"s1"}, "stagiaires.0.nom": {"Delacroix"}, "stagiaires.0.prenom": {"Anaïs"}, "stagiaires.0.heures": {"21,00"}, "stagiaires.0.salaire_horaire": {"26,00"}}
	v.veut("nobody", 422, "", `href="#champ-stagiaires"`)(v.envoyer(base+"/salaries", url.Values{"version": g["version"], "action": {"valider"}}))
	v.veut("wages that do not agree", 422, "", "546,00")(v.envoyer(base+"/salaries", avec(g, "action", "valider")))
	v.veut("the amounts of the stagiaires", 303, base+"/salaries#selon-stagiaires", "")(v.envoyer(base+"/salaries", avec(g, "action", "aligner")))
	v.veut("« Annulez la saisie »", 303, base+"/salaries", "")(v.envoyer(base+"/salaries", url.Values{"action": {"annuler"}}))
	page = v.lire(base + "/salaries")
	if strings.Contains(page, "Delacroix") {
		t.Error("the entry was not taken back")
	}
	g["version"] = []string{cache(t, page, "version")}
	v.veut("step 3", 303, base+"/envoi", "")(v.envoyer(base+"/salaries", avec(g, "action", "valider", "stagiaires.0.salaire_horaire", "26,53")))
	v.finirEnvoi(base)
}

// finirEnvoi sends a demande that is ready, after the refusals of step 4.
func (v *visiteur) finirEnvoi(base string) {
	t := v.t
	t.Helper()
	page := v.lire(base + "/envoi")
	for _, veut := range []string{"Anglais professionnel", "Delacroix", "Formalia Synthèse", "rien ne manque", "À venir"} {
		if !strings.Contains(page, veut) {
			t.Errorf("step 4 lacks %q", veut)
		}
	}
	e := url.Values{"acte_id": {cache(t, page, "acte_id")}, "version": {cache(t, page, "version")}, "action": {"envoyer"}}
	v.veut("without its pièces nor its certification", 422, "", `href="#champ-certifie"`)(v.envoyer(base+"/envoi", e))
	e["a_venir"], e["certifie"] = []string{"PROGRAMME", "CONVENTION"}, []string{"oui"}
	dossier := "/entreprise/dossiers/" + strings.TrimPrefix(base, "/entreprise/demandes/")
	v.veut("the Envoi", 303, dossier, "")(v.envoyer(base+"/envoi", e))
	v.veut("the step of a demande that left", 303, dossier, "")(v.envoyer(base+"/formation", nil))
	if got := v.etatSaisi(strings.TrimPrefix(base, "/entreprise/demandes/")); got != opco.EtatTransmise {
		t.Errorf("it is %s", got)
	}
	v.veut("another company", 404, "", "")(v.autre().entrer("e2", motDemo).envoyer(base+"/formation", nil))
}

// TestTheEntryIsKeptByItself: what can be read is kept, what cannot is told, an old
// version is a conflict, and none of it is an Envoi.
func TestTheEntryIsKeptByItself(t *testing.T) {
	v := visiter(t).entrer("e1", motDemo)
	base, f := v.commencer()
	auto := fondre(f, formationPleine(t, v.store))
	auto.Set("action", "auto")
	auto.Set("duree", "vingt")
	statut, _, corps := v.envoyer(base+"/formation", auto)
	if statut != 200 || !strings.Contains(corps, `"champ":"duree"`) || !strings.Contains(corps, "sauf 1 champ à corriger") {
		t.Errorf("kept: %d %s", statut, corps)
	}
	page := v.lire(base + "/formation")
	if !strings.Contains(page, "Anglais professionnel") || strings.Contains(page, "vingt") {
		t.Error("what can be read was not kept alone")
	}
	if statut, _, corps := v.envoyer(base+"/formation", auto); statut != 409 || !strings.Contains(corps, `"conflit":true`) {
		t.Errorf("over an old version: %d %s", statut, corps)
	}
	if got := v.etatSaisi(strings.TrimPrefix(base, "/entreprise/demandes/")); got != opco.EtatBrouillon {
		t.Errorf("it is %s", got)
	}
	v.veut("« Annulez la saisie »", 303, base+"/formation", "")(v.envoyer(base+"/formation", url.Values{"action": {"annuler"}}))
	if strings.Contains(v.lire(base+"/formation"), "Anglais professionnel") {
		t.Error("what was kept by itself was not taken back")
	}
}

// TestALateDemandeIsWarned: sent on the first day it would be refused; the page says so,
// and lets the brouillon be kept (T05).
func TestALateDemandeIsWarned(t *testing.T) {
	v := visiter(t).entrer("e1", motDemo)
	base, f := v.commencer()
	plein := fondre(f, formationPleine(t, v.store))
	plein.Set("debut", string(jourDans(t, v.store, 0)))
	plein.Set("fin", string(jourDans(t, v.store, 2)))
	plein.Del("lignes.REMUNERATION")
	v.veut("step 1", 303, base+"/salaries", "")(v.envoyer(base+"/formation", avec(plein, "action", "valider")))
	page := v.lire(base + "/salaries")
	v.veut("step 3", 303, base+"/envoi", "")(v.envoyer(base+"/salaries", url.Values{"version": {cache(t, page, "version")}, "action": {"valider"},
		"stagiaires.0.id": {"s1"}, "stagiaires.0.nom": {"Delacroix"}, "stagiaires.0.prenom": {"Anaïs"}, "stagiaires.0.heures": {"21"}}))
	page = v.lire(base + "/envoi")
	if !strings.Contains(page, "Trop tard pour l’envoyer") || !strings.Contains(page, "Gardez le brouillon") {
		t.Errorf("step 4 does not warn: %.500s", page)
	}
	e := url.Values{"acte_id": {cache(t, page, "acte_id")}, "version": {cache(t, page, "version")}, "a_venir": {"PROGRAMME", "CONVENTION"}, "certifie": {"oui"}, "action": {"envoyer"}}
	v.veut("sent without a word", 422, "", `href="#champ-malgre"`)(v.envoyer(base+"/envoi", e))
	v.veut("kept", 303, "/entreprise/brouillons", "")(v.envoyer(base+"/envoi", avec(e, "action", "quitter")))
	v.veut("sent all the same", 303, strings.Replace(base, "demandes", "dossiers", 1), "")(v.envoyer(base+"/envoi", avec(e, "malgre", "oui")))
	if got := v.etatSaisi(strings.TrimPrefix(base, "/entreprise/demandes/")); got != opco.EtatRefusee {
		t.Errorf("it is %s", got)
	}
}

// TestSalariesAndBrouillonsByThePages: a person is added, picked in a demande, changed
// and withdrawn; a brouillon is copied from and thrown away.
func TestSalariesAndBrouillonsByThePages(t *testing.T) {
	v := visiter(t).entrer("e1", motDemo)
	page := v.lire("/entreprise/salaries/nouveau")
	s := url.Values{"acte_id": {cache(t, page, "acte_id")}, "nom": {"Delacroix"}, "prenom": {"Anaïs"}, "ne_le": {"1988-05-02"}, "csp": {"CADRE"}, "etablissement": {string(siege)}}
	v.veut("born tomorrow", 422, "", `href="#champ-ne_le"`)(v.envoyer("/entreprise/salaries/nouveau", avec(s, "ne_le", "2199-01-01")))
	v.veut("added", 303, "/entreprise/salaries", "")(v.envoyer("/entreprise/salaries/nouveau", s))
	v.veut("added twice by one form", 303, "/entreprise/salaries", "")(v.envoyer("/entreprise/salaries/nouveau", s))
	v.veut("added by another form", 422, "", "déjà dans vos salariés")(v.envoyer("/entreprise/salaries/nouveau", avec(s, "acte_id", "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a99")))
	id := s.Get("acte_id")
	base, _ := v.commencer()
	page = v.lire(base + "/salaries")
	if !strings.Contains(page, `value="`+id+`"`) {
		t.Fatal("the person is not proposed")
	}
	v.veut("picked", 200, "", `name="stagiaires.0.nom" value="Delacroix"`)(v.envoyer(base+"/salaries", url.Values{"version": {cache(t, page, "version")}, "salarie": {id}, "action": {"choisir"}}))
	page = v.lire("/entreprise/salaries/" + id)
	v.veut("changed", 303, "/entreprise/salaries/"+id, "")(v.envoyer("/entreprise/salaries/"+id, avec(s, "nom", "Roy", "version", "1")))
	v.veut("withdrawn, as it was read before", 409, "", "entre-temps")(v.envoyer("/entreprise/salaries/"+id+"/retrait", url.Values{"version": {"1"}}))
	v.veut("withdrawn", 303, "/entreprise/salaries", "")(v.envoyer("/entreprise/salaries/"+id+"/retrait", url.Values{"version": {"2"}}))
	v.veut("once withdrawn", 404, "", "")(v.envoyer("/entreprise/salaries/"+id, nil))
	_ = page

	brouillon := strings.TrimPrefix(base, "/entreprise/demandes/")
	statut, copie, _ := v.envoyer("/entreprise/dossiers/"+brouillon+"/copie", url.Values{"acte_id": {"0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a98"}})
	if statut != 303 || !strings.HasPrefix(copie, "/entreprise/demandes/") || strings.Contains(copie, brouillon) {
		t.Errorf("copied: %d to %s", statut, copie)
	}
	if n := strings.Count(v.lire("/entreprise/brouillons"), "/suppression"); n != 2 {
		t.Errorf("%d brouillons are listed, want 2", n)
	}
	page = v.lire("/entreprise/brouillons/" + brouillon + "/suppression")
	v.veut("thrown away", 303, "/entreprise/brouillons", "")(v.envoyer("/entreprise/brouillons/"+brouillon+"/suppression", url.Values{"acte_id": {cache(t, page, "acte_id")}}))
	v.veut("once thrown away", 404, "", "")(v.envoyer(base+"/formation", nil))
}

// TestAFileOfDemandesByThePages: a wrong line is told and nothing is made; a good file
// makes brouillons, which leave together.
func TestAFileOfDemandesByThePages(t *testing.T) {
	v := visiter(t).entrer("e1", motDemo)
	_, _, modele := v.envoyer("/entreprise/import/modele.csv", nil)
	if !strings.HasPrefix(modele, "\ufeffdemande;etablissement_siret") {
		t.Errorf("the model is %.80q", modele)
	}
	page := v.lire("/entreprise/import")
	debut := jourDans(t, v.store, 60)
	ligne := func(repere, debut string) string {
		return fmt.Sprintf("%s;99900101900010;99900136500017;Formalia;11756099975;Anglais %s;FORMATION;14;%s;%s;1155;Delacroix;Anaïs\n", repere, repere, debut, jourDans(t, v.store, 61))
	}
	titres := "demande;etablissement_siret;organisme_siret;organisme_nom;organisme_nda;intitule;nature;duree_heures;debut;fin;couts_pedagogiques;stagiaire_nom;stagiaire_prenom\n"
	envoi := func(contenu string) (int, string, string) {
		corps := "--xx\r\nContent-Disposition: form-data; name=\"acte_id\"\r\n\r\n" + cache(t, page, "acte_id") +
			"\r\n--xx\r\nContent-Disposition: form-data; name=\"pour\"\r\n\r\n" + cache(t, page, "pour") +
			"\r\n--xx\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"plan.csv\"\r\nContent-Type: text/csv\r\n\r\n" + contenu + "\r\n--xx--\r\n"
		return v.demander("POST", "/entreprise/import", "multipart/form-data; boundary=xx", corps)
	}
	v.veut("a wrong line", 422, "", "Rien n’a été créé : 1 point à corriger")(envoi(titres + ligne("D1", string(debut)) + ligne("D2", "hier")))
	v.veut("no file", 422, "", "Choisissez votre fichier CSV")(envoi(""))
	if strings.Contains(v.lire("/entreprise/brouillons"), "Anglais D1") {
		t.Error("a refused file made a brouillon")
	}
	statut, fait, corps := envoi(titres + ligne("D1", string(debut)) + ligne("D2", string(debut)))
	if statut != 303 || !strings.HasPrefix(fait, "/entreprise/import/") {
		t.Fatalf("a good file: %d to %q: %.400s", statut, fait, corps)
	}
	page = v.lire(fait)
	if !strings.Contains(page, "Anglais D1") || !strings.Contains(page, "Anglais D2") || !strings.Contains(page, "2 demandes") {
		t.Errorf("the page of the file: %.500s", page)
	}
	e := url.Values{"acte_id": {cache(t, page, "acte_id")}}
	v.veut("not certified", 422, "", `href="#champ-certifie"`)(v.envoyer(fait+"/envoi", e))
	v.veut("sent together", 200, "", "2 demandes sont parties")(v.envoyer(fait+"/envoi", avec(e, "certifie", "oui")))
	v.veut("sent again", 200, "", "Aucune demande")(v.envoyer(fait+"/envoi", avec(e, "certifie", "oui")))
	v.veut("another company", 404, "", "")(v.autre().entrer("e2", motDemo).envoyer(fait, nil))
}

// TestACompanyDepositsInABrowser: with the mouse, then with the keyboard alone, then in
// a browser that runs no script. The entry is kept by itself and estimated as one types.
func TestACompanyDepositsInABrowser(t *testing.T) {
	parModes(t, visiter, mains.depose)
	t.Run("no script", func(t *testing.T) { sansScripts(t, visiter, mains.depose) })
}

func (m mains) depose() {
	debut := jourDans(m.t, m.v.store, 60)
	m.entrer("e1")
	m.menu("/entreprise/demandes/nouvelle")
	m.choisir("etablissement", string(siege))
	m.presser(`main form .principal`, "")
	m.taper("q_organisme", "formalia")
	if m.muet {
		m.presser(`button[value=chercher]`, "")
	}
	m.presser(`.trouve`, "")
	m.voir(`document.querySelector("[name='organisme.nom']")?.value.startsWith("Formalia")`, "true")
	if m.clavier {
		m.voir(`document.activeElement.name`, "organisme.nom")
	}
	for _, x := range [][2]string{{"organisme.adresse", "1 rue"}, {"organisme.code_postal", "75012"}, {"organisme.ville", "Paris"}} {
		m.taper(x[0], x[1])
	}
	m.choisir("subrogation", "oui")
	m.taper("intitule", "Par les pages")
	m.taper("duree", "21")
	m.dater("debut", debut)
	m.dater("fin", debut.Jours(2))
	m.taper("lignes.PEDA", "1155")
	if !m.muet {
		m.voir(`/Enregistré à/.test(document.querySelector("#etat-saisie").textContent)`, "true")
		m.voir(`document.querySelector("#estimation .gros")!==null`, "true")
	}
	m.presser(`.assistant .principal`, "")
	m.nommerStagiaire()
	for _, x := range []string{`[name=a_venir][value=PROGRAMME]`, `[name=a_venir][value=CONVENTION]`, `[name=certifie]`} {
		m.cocher(x)
	}
	m.presser(`.assistant .principal`, "")
	m.voir(`location.pathname.startsWith("/entreprise/dossiers/")`, "true")
	var partis int
	if err := m.v.store.DB.Get(&partis, `SELECT count(*) FROM dossier WHERE etat = 'TRANSMISE' AND intitule = 'Par les pages'`); err != nil || partis != 1 {
		m.t.Errorf("%d demandes left (%v), want 1", partis, err)
	}
}

// nommerStagiaire goes on without anybody, is told where it is wrong, then names
// somebody.
func (m mains) nommerStagiaire() {
	m.t.Helper()
	m.pret(`#stagiaires-titre`)
	m.presser(`.assistant .principal`, "")
	m.pret(`.resume`)
	if !m.muet {
		m.voir(`document.activeElement.className`, "resume") // the focus is on what is wrong
	}
	m.presser(`button[value=ajouter_stagiaire]`, "")
	m.pret(`[name="stagiaires.0.nom"]`)
	m.taper("stagiaires.0.nom", "Roux")
	m.taper("stagiaires.0.prenom", "Zoé")
	m.presser(`.assistant .principal`, "")
	m.pret(`#liste-titre`)
}
