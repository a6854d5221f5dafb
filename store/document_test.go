package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

var (
	porteeOF1 = opco.Portee{Role: opco.RoleOrganisme, Personne: "p-of1", SIRETs: []string{"99900136500017"}}
	porteeOF2 = opco.Portee{Role: opco.RoleOrganisme, Personne: "p-of2", SIRETs: []string{"99900143100017"}}
	porteeGes = opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
)

func geste(par opco.Acteur, p opco.Portee) store.GesteDocument {
	return store.GesteDocument{Acte: uuid.NewString(), Par: par, Portee: p}
}

// sur is a gesture on the version of a document that its author read.
func sur(g store.GesteDocument, version int) store.GesteDocument {
	g.Version = version
	return g
}

func fichierEssai(nom string) store.FichierDocument {
	return store.FichierDocument{Nom: nom, Empreinte: strings.Repeat("a", 60) + nom[:4], Taille: 10, Format: "application/pdf", Garder: func() error { return nil }}
}

// TestS26Documents: a programme is seen under its dossier and not on opening; the OPCO
// says it is illisible; another file makes it to be verified again; what the OPCO
// deposited is read, and changed by nobody of the organisme.
func TestS26Documents(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	dossier := c.deposer(demande(), e1)
	prog, err := c.s.DeposerDocument(c.ctx, geste(of1, porteeOF1), "99900136500017", opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: dossier}, fichierEssai("prog.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	lire := func(f store.FiltreDocuments) []store.LigneDocument {
		t.Helper()
		f.Limite = 10
		page, err := c.s.Documents(c.ctx, porteeOF1, f)
		if err != nil {
			t.Fatal(err)
		}
		return page.Documents
	}
	if ds := lire(store.FiltreDocuments{Libres: true}); len(ds) != 0 {
		t.Errorf("on opening: got %+v, want nothing (AT-20)", ds)
	}
	numero := prog.DossierNumero
	for _, texte := range []string{numero, strings.ToLower(strings.ReplaceAll(numero, "-", "/")), strings.ReplaceAll(numero, "-", " "), strings.ReplaceAll(numero, "-", ""), "lefevre", "Haultepenne", "programme"} {
		if ds := lire(store.FiltreDocuments{Texte: texte}); len(ds) != 1 || ds[0].ID != prog.ID || ds[0].Beneficiaires == "" {
			t.Errorf("%q: got %+v, want the programme with its beneficiaries", texte, ds)
		}
	}
	if ds := lire(store.FiltreDocuments{Texte: "zz"}); len(ds) != 0 {
		t.Errorf("an unknown word finds %+v", ds)
	}
	juge, err := c.s.JugerDocument(c.ctx, sur(geste(ges, porteeGes), prog.Version), prog.ID, opco.ChargeConformite{Motif: opco.MotifIllisible})
	if err != nil || juge.Phrase != "Non conforme : illisible" {
		t.Fatalf("got %q (%v), want the label of S26", juge.Phrase, err)
	}
	if n, err := c.s.CompterOrganisme(c.ctx, porteeOF1); err != nil || n.NonConformes != 1 {
		t.Errorf("got %+v (%v), want one document to replace", n, err)
	}
	f := fichierEssai("bis0.pdf")
	neuf, err := c.s.ModifierDocument(c.ctx, sur(geste(of1, porteeOF1), juge.Version), prog.ID, opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: dossier}, &f)
	if err != nil || neuf.Etat != opco.DocumentRecu || neuf.Phrase != "" || neuf.Nom != "bis0.pdf" {
		t.Errorf("got %+v (%v), want it to be verified again", neuf, err)
	}
	autre, err := c.s.DeposerDocument(c.ctx, geste(ges, porteeGes), "99900136500017", opco.SaisieDocument{Categorie: "INFORMATION_OPCO", Libelle: "Conditions 2026"}, fichierEssai("cond.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if ds := lire(store.FiltreDocuments{Libres: true}); len(ds) != 1 || ds[0].DeLOrganisme() {
		t.Errorf("on opening: got %+v, want the OPCO's", ds)
	}
	if err := c.s.SupprimerDocument(c.ctx, geste(of1, porteeOF1), autre.ID); !errors.Is(err, opco.Forbidden) {
		t.Errorf("the OPCO's document: got %v, want it refused", err)
	}
	if err := c.s.SupprimerDocument(c.ctx, geste(of1, porteeOF1), prog.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.Document(c.ctx, porteeOF1, prog.ID); !errors.Is(err, opco.NotFound) {
		t.Errorf("deleted: got %v, want it gone", err)
	}
	var faits string
	if err := c.s.DB.Get(&faits, `SELECT string_agg(fait, ' ' ORDER BY rang) FROM document_passage WHERE document = $1`, prog.ID); err != nil || faits != "depose non_conforme remplace supprime" {
		t.Errorf("journal: got %q (%v)", faits, err)
	}
}

// TestDocumentsRefuses: what a document may not be, and whose it may not be.
func TestDocumentsRefuses(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	dossier := c.deposer(demande(), e1)
	sien, err := c.s.DeposerDocument(c.ctx, geste(of1, porteeOF1), "99900136500017", opco.SaisieDocument{Categorie: "ORG_SANS_DOSSIER", Libelle: "Statuts"}, fichierEssai("stat.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		nom   string
		x     opco.SaisieDocument
		champ string
	}{
		{"no category", opco.SaisieDocument{}, "categorie"},
		{"a category of the OPCO", opco.SaisieDocument{Categorie: "AVIS_VIREMENT", Libelle: "x"}, "categorie"},
		{"no label", opco.SaisieDocument{Categorie: "ORG_SANS_DOSSIER"}, "libelle"},
		{"no dossier", opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE"}, "dossier"},
		{"not a dossier", opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: "16/0/5756"}, "dossier"},
		{"a period backwards", opco.SaisieDocument{Categorie: "ORG_AVEC_DOSSIER", Dossier: dossier, Libelle: "x", Du: "2026-03-02", Au: "2026-03-01"}, "au"},
	} {
		_, err := c.s.DeposerDocument(c.ctx, geste(of1, porteeOF1), "99900136500017", tt.x, fichierEssai("x123.pdf"))
		var e *opco.Error
		if !errors.As(err, &e) || e.Champ != tt.champ {
			t.Errorf("%s: got %v, want a refusal on %s", tt.nom, err, tt.champ)
		}
	}
	if _, err := c.s.DeposerDocument(c.ctx, geste(of2, porteeOF2), "99900143100017", opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: dossier}, fichierEssai("x123.pdf")); !errors.Is(err, opco.Invalid) {
		t.Errorf("the dossier of another organisme: got %v", err)
	}
	for nom, err := range map[string]error{
		"deleted by another": c.s.SupprimerDocument(c.ctx, geste(of2, porteeOF2), sien.ID),
		"deleted by nobody":  c.s.SupprimerDocument(c.ctx, geste(of2, opco.Portee{}), sien.ID),
	} {
		if !errors.Is(err, opco.NotFound) {
			t.Errorf("%s: got %v, want it not found", nom, err)
		}
	}
	g := geste(of1, porteeOF1)
	if err := c.s.SupprimerDocument(c.ctx, g, sien.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.s.SupprimerDocument(c.ctx, g, sien.ID); err != nil {
		t.Errorf("the same acte again: got %v, want the same answer", err)
	}
	g.Par = of2
	if err := c.s.SupprimerDocument(c.ctx, g, sien.ID); !errors.Is(err, opco.Conflict) {
		t.Errorf("the acte of somebody else: got %v, want a conflict", err)
	}
}

// TestReglementsRecusS25: the totals of ATNet's screen, its filters, and a pointage
// that lasts (AT-11 to AT-14).
func TestReglementsRecusS25(t *testing.T) {
	c := conduire(t)
	const of = "99900136500017"
	var rs []store.ReglementRepris
	for i, x := range []struct {
		jour    opco.Date
		montant opco.Montant
		dossier string
	}{{"2019-09-20", 356720, "18RCDI3114"}, {"2019-09-20", 280280, "18RCDI3114"}, {"2019-09-03", 413334, "17/0/5981"}, {"2019-08-23", 542493, "16/0/5756"}, {"2019-03-12", 206666, "20X000703"}} {
		rs = append(rs, store.ReglementRepris{Organisme: of, Numero: string(rune('1'+i)) + "13", Dossier: x.dossier, Nom: "Uderzo", Prenom: "Falbala", Formation: "CPF",
			Heures: 2100, Du: x.jour.Jours(-30), Au: x.jour, Montant: x.montant, ExecuteLe: x.jour})
	}
	if err := c.s.ReprendreReglements(c.ctx, rs); err != nil {
		t.Fatal(err)
	}
	lire := func(p opco.Portee, f store.FiltreRecus) store.PageRecus {
		t.Helper()
		if f.Limite == 0 {
			f.Limite = 50
		}
		page, err := c.s.Recus(c.ctx, p, f)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	tout := lire(porteeOF1, store.FiltreRecus{})
	want := []store.TotalMois{{Mois: "2019-09", Nombre: 3, Montant: 1050334}, {Mois: "2019-08", Nombre: 1, Montant: 542493}, {Mois: "2019-03", Nombre: 1, Montant: 206666}}
	if len(tout.Mois) != 3 || tout.Mois[0] != want[0] || tout.Mois[1] != want[1] || tout.Mois[2] != want[2] || tout.Montant != 1799493 {
		t.Errorf("got %+v, want %+v", tout.Mois, want)
	}
	for nom, x := range map[string]struct {
		f store.FiltreRecus
		n int
	}{
		"September":                  {store.FiltreRecus{Du: "2019-09-01", Au: "2019-09-30"}, 3},
		"a number with its signs":    {store.FiltreRecus{Dossier: "16/0/5756"}, 1},
		"a number without its signs": {store.FiltreRecus{Dossier: "16 05756"}, 1},
		"a payment":                  {store.FiltreRecus{Numero: "413"}, 1},
		"two letters":                {store.FiltreRecus{Dossier: "18"}, 0},
	} {
		if page := lire(porteeOF1, x.f); len(page.Reglements) != x.n || int(page.Nombre) != x.n {
			t.Errorf("%s: got %d of %d, want %d", nom, len(page.Reglements), page.Nombre, x.n)
		}
	}
	if page := lire(porteeOF2, store.FiltreRecus{}); page.Nombre != 0 {
		t.Errorf("another organisme reads %d payments", page.Nombre)
	}
	if page := lire(opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{of}}, store.FiltreRecus{}); page.Nombre != 0 {
		t.Errorf("a company reads %d payments", page.Nombre)
	}
	var vus []string
	for f := (store.FiltreRecus{Limite: 2}); ; {
		page := lire(porteeOF1, f)
		for _, l := range page.Reglements {
			vus = append(vus, l.ID)
		}
		if f.Apres = page.Suivant; f.Apres == "" {
			break
		}
	}
	if len(vus) != 5 {
		t.Errorf("page by page: got %v, want the five once", vus)
	}
	id := tout.Reglements[0].ID
	if err := c.s.Pointer(c.ctx, porteeOF2, of2, id, true); !errors.Is(err, opco.NotFound) {
		t.Errorf("ticked by another: got %v, want it not found", err)
	}
	if err := c.s.Pointer(c.ctx, porteeOF1, of1, id, true); err != nil {
		t.Fatal(err)
	}
	page := lire(porteeOF1, store.FiltreRecus{Pointes: true})
	if len(page.Reglements) != 1 || page.Reglements[0].ID != id || page.Reglements[0].PointeNom != of1.Nom || page.Reglements[0].PointeLe == nil {
		t.Errorf("got %+v, want the ticked one with who and when", page.Reglements)
	}
	if n := lire(porteeOF1, store.FiltreRecus{APointer: true}).Nombre; n != 4 {
		t.Errorf("got %d left to tick, want 4", n)
	}
}

// TestADocumentIsJudgedAsItWasRead: a verdict on a document that has changed since, or a
// change over somebody else's, is refused and changes nothing; one that is said to be
// something else is looked at again, whether its file changed or not.
func TestADocumentIsJudgedAsItWasRead(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	dossier, autre := c.deposer(demande(), e1), c.deposer(demande(), e1)
	saisie := opco.SaisieDocument{Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: dossier}
	v1, err := c.s.DeposerDocument(c.ctx, geste(of1, porteeOF1), "99900136500017", saisie, fichierEssai("prog.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	f := fichierEssai("bis0.pdf")
	v2, err := c.s.ModifierDocument(c.ctx, sur(geste(of1, porteeOF1), v1.Version), v1.ID, saisie, &f)
	if err != nil {
		t.Fatal(err)
	}
	depasse := func(quoi string, err error) {
		t.Helper()
		var refus *opco.Error
		if !errors.As(err, &refus) || refus.Kind != opco.Conflict || refus.Code != "VERSION_DEPASSEE" {
			t.Errorf("%s: got %v, want VERSION_DEPASSEE", quoi, err)
		}
	}
	conforme := opco.ChargeConformite{Conforme: true}
	_, err = c.s.JugerDocument(c.ctx, sur(geste(ges, porteeGes), v1.Version), v1.ID, conforme)
	depasse("a verdict on the file that was replaced", err)
	_, err = c.s.ModifierDocument(c.ctx, sur(geste(of1, porteeOF1), v1.Version), v1.ID, saisie, nil)
	depasse("a change over a change", err)
	if lu, err := c.s.Document(c.ctx, porteeOF1, v1.ID); err != nil || lu.Etat != opco.DocumentRecu || lu.Version != v2.Version {
		t.Fatalf("got %+v, %v: a refusal changed it", lu, err)
	}
	juge := sur(geste(ges, porteeGes), v2.Version)
	lu, err := c.s.JugerDocument(c.ctx, juge, v1.ID, conforme)
	if err != nil || lu.Etat != opco.DocumentConforme {
		t.Fatalf("got %+v, %v", lu, err)
	}
	if encore, err := c.s.JugerDocument(c.ctx, juge, v1.ID, conforme); err != nil || encore.Version != lu.Version {
		t.Errorf("sent twice: got %+v, %v", encore, err)
	}
	if lu, err = c.s.ModifierDocument(c.ctx, sur(geste(of1, porteeOF1), lu.Version), v1.ID, saisie, nil); err != nil || lu.Etat != opco.DocumentConforme {
		t.Errorf("nothing changed: got %s, %v", lu.Etat, err)
	}
	for quoi, x := range map[string]opco.SaisieDocument{
		"another dossier":  {Categorie: "PROGRAMME_PEDAGOGIQUE", Dossier: autre},
		"another category": {Categorie: "ORG_SANS_DOSSIER", Libelle: "Statuts"},
	} {
		if lu, err = c.s.JugerDocument(c.ctx, sur(geste(ges, porteeGes), lu.Version), v1.ID, conforme); err != nil {
			t.Fatal(err)
		}
		if lu, err = c.s.ModifierDocument(c.ctx, sur(geste(of1, porteeOF1), lu.Version), v1.ID, x, nil); err != nil || lu.Etat != opco.DocumentRecu {
			t.Errorf("%s: got %s, %v; want it looked at again", quoi, lu.Etat, err)
		}
	}
}
