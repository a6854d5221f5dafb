package web_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// documente deposits a file by the form of the documents, and returns the page that
// follows.
func (v *visiteur) documente(nom string, champs ...string) string {
	v.t.Helper()
	const chemin = "/organisme/documents/nouveau"
	f := avec(url.Values{}, champs...)
	forme := v.lire(chemin + "?categorie=" + url.QueryEscape(f.Get("categorie")))
	f.Set("pour", cache(v.t, forme, "pour"))
	f.Set("acte_id", cache(v.t, forme, "acte_id"))
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for n := range f {
		if err := m.WriteField(n, f.Get(n)); err != nil {
			v.t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("fichier", nom+".png")
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = io.WriteString(w, pngVide+nom)
	m.Close()
	statut, vers, page := v.demander("POST", chemin, m.FormDataContentType(), b.String())
	if statut != 303 {
		v.t.Fatalf("depositing %s: %d %.300s", nom, statut, page)
	}
	return v.lire(vers)
}

// numerote gives a dossier the number of another generation.
func (v *visiteur) numerote(dossier, numero string) {
	v.t.Helper()
	if _, err := v.store.DB.ExecContext(v.t.Context(), `UPDATE dossier SET numero = $2 WHERE id = $1`, dossier, numero); err != nil {
		v.t.Fatal(err)
	}
}

var groupeDeDocuments = regexp.MustCompile(`(?s)<details class="encart plie" id="d-([^"]*)"( open)?>.*?</details>`)

// groupes are the dossiers of the page, in its order, with what each holds.
func groupes(page string) (ids []string, corps map[string]string) {
	corps = map[string]string{}
	for _, m := range groupeDeDocuments.FindAllStringSubmatch(page, -1) {
		ids, corps[m[1]] = append(ids, m[1]), m[0]
	}
	return ids, corps
}

// TestTheDocumentsOfAnOrganisme: what is of no dossier shows first; the rest is found
// by a number with or without its signs, a name, a category or a label, folded by
// dossier, those of one person together; each says the minute of its arrival, and only
// what the organisme deposited may be changed (AT-16, 19 to 23, 26, 32, 33).
func TestTheDocumentsOfAnOrganisme(t *testing.T) {
	v := visiterAvecFichiers(t)
	if err := v.store.RegleHorloge(t.Context(), opco.Date("2026-03-02").Heure(10, 47), true); err != nil {
		t.Fatal(err)
	}
	e1, of1 := v.autre().entrer("e1", motDemo), v.autre().entrer("of1", motDemo)
	anais := []string{e1.depose(), e1.depose(), e1.depose()}
	zoe := e1.deposePour("Zoé", "Lefèvre")
	for i, numero := range []string{"16/0/5756", "18RCDI3114", "20X000703"} {
		v.numerote(anais[i], numero)
	}
	page := of1.documente("programme-a", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", anais[0])
	if !strings.Contains(page, "Votre document est bien arrivé.") {
		t.Error("the arrival of the file is not said (AT-19)")
	}
	of1.documente("programme-z", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", zoe)
	of1.documente("programme-b", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", anais[1])
	of1.documente("programme-c", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", anais[2])
	of1.documente("statuts", "categorie", "ORG_SANS_DOSSIER", "libelle", "Statuts 2026")
	v.aviser(anais[0], anais[1])

	page = of1.lire("/organisme/documents")
	if ids, _ := groupes(page); len(ids) > 0 || strings.Contains(page, "Programme pédagogique ·") {
		t.Errorf("on opening: got the documents of %v, want those of no dossier alone (AT-20)", ids)
	}
	for _, montre := range []string{"Statuts 2026", "02/03/2026 10:47", "du 12/03/2026. Dossier(s) : 16/0/5756 ; 18RCDI3114"} {
		if !strings.Contains(page, montre) {
			t.Errorf("on opening: the page does not show %q", montre)
		}
	}
	of1.cherche(anais, zoe)
	of1.changeable(page)
}

// cherche looks for documents by everything that may be known of them.
func (v *visiteur) cherche(anais []string, zoe string) {
	v.t.Helper()
	for _, tt := range []struct{ nom, recherche, veut string }{
		{"an old number with its signs", "texte=16/0/5756", anais[0]},
		{"without them", "texte=1605756", anais[0]},
		{"another generation, in small letters", "texte=18rcdi-3114", anais[1]},
		{"a beneficiary without accents", "texte=ete-nono", strings.Join(anais, " ")},
		{"the category", "categorie=PROGRAMME_PEDAGOGIQUE", zoe + " " + strings.Join(anais, " ")},
		{"the label", "texte=programme", zoe + " " + strings.Join(anais, " ")},
		{"nobody", "texte=Zzz", ""},
	} {
		page := v.lire("/organisme/documents?" + tt.recherche)
		ids, corps := groupes(page)
		if got, veut := enOrdre(ids), enOrdre(strings.Fields(tt.veut)); got != veut {
			v.t.Errorf("%s: got the dossiers %v, want %v", tt.nom, got, veut)
		}
		for id, c := range corps {
			if ouvert := strings.Contains(c, `" open>`); ouvert != (len(ids) <= 3) {
				v.t.Errorf("%s: dossier %s unfolded is %v among %d (AT-22)", tt.nom, id, ouvert, len(ids))
			}
		}
		if i := slices.Index(ids, zoe); len(ids) == 4 && i != 0 && i != 3 {
			v.t.Errorf("%s: another person's dossier comes amid those of one (AT-33): %v", tt.nom, ids)
		}
	}
}

func enOrdre(ids []string) string {
	return strings.Join(slices.Sorted(slices.Values(ids)), " ")
}

// changeable: the organisme may change its own file, and not a letter of the OPCO.
func (v *visiteur) changeable(page string) {
	v.t.Helper()
	for _, ligne := range strings.Split(page, `<li id="doc-`)[1:] {
		id, _, _ := strings.Cut(ligne, `"`)
		sien := strings.Contains(ligne, "Statuts 2026")
		if offert := strings.Contains(ligne, `href="/organisme/documents/`+id+`"`); offert != sien {
			v.t.Errorf("%.60s: offered to change is %v, want %v", id, offert, sien)
		}
		if statut, _, _ := v.envoyer("/organisme/documents/"+id, nil); (statut == 200) != sien {
			v.t.Errorf("%.60s: its form answers %d", id, statut)
		}
	}
}

// aviser keeps the letter of one transfer that pays two dossiers.
func (v *visiteur) aviser(dossiers ...string) {
	v.t.Helper()
	faire := func(sql string, args ...any) {
		v.t.Helper()
		if _, err := v.store.DB.ExecContext(v.t.Context(), sql, args...); err != nil {
			v.t.Fatal(err)
		}
	}
	for i, d := range dossiers {
		faire(`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, approuve, recue_le)
			VALUES ($1, $2, 'F-1', '99900136500017', 'PAIEMENT_TRANSMIS', 10000, 10000, '2026-03-02')`, d+"/f", d)
		faire(`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, end_to_end_id, execute_le, modifie_le)
			VALUES ($1, $2, $3, $4, 1, 10000, '[]', '99900136500017', 'Formalia Synthèse', 'FR7699999000150010020035594', '2026-03-12', 'EXECUTE', 'L26-0001-1', '2026-03-12', now())`,
			d+"/r", "R26-00000"+string(rune('1'+i)), d, d+"/f")
	}
	faire(`INSERT INTO courrier (id, objet, rang, evenement, pour, detail, adresse, donnees, le) VALUES ('avis', $1, 1, 'AVIS_VIREMENT', 'organisme', $2, '', '{}', now())`, opco.ObjetDossier(dossiers[0]), dossiers[0]+"/r")
	if err := v.store.NoterLettre(v.t.Context(), "avis", store.Pli{Sujet: "Avis de virement", PDF: strings.Repeat("0", 64)}); err != nil {
		v.t.Fatal(err)
	}
}

// TestAListLeavesAsAFile: the file that the page of a list offers holds each of its
// lines, its amounts as numbers that a French table reads, and keeps the filter.
func TestAListLeavesAsAFile(t *testing.T) {
	v := visiter(t)
	e1 := v.entrer("e1", motDemo)
	ids := []string{e1.depose(), e1.depose()}
	lien := regexp.MustCompile(`href="(/entreprise/dossiers\?[^"]*format=csv[^"]*)"`)
	for _, tt := range []struct {
		adresse string
		lignes  int
	}{{"/entreprise/dossiers", 2}, {"/entreprise/dossiers?texte=" + numeroDe(v, ids[1]), 1}} {
		m := lien.FindStringSubmatch(e1.lire(tt.adresse))
		if m == nil {
			t.Fatalf("%s offers no file", tt.adresse)
		}
		_, _, fichier := e1.envoyer(strings.ReplaceAll(m[1], "&amp;", "&"), nil)
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(fichier, "\ufeff")))
		r.Comma = ';'
		ls, err := r.ReadAll()
		if err != nil || len(ls) != 1+tt.lignes {
			t.Fatalf("%s: got %d lines (%v), want the titles and %d", tt.adresse, len(ls), err, tt.lignes)
		}
		rang := map[string]string{}
		for i, titre := range ls[0] {
			rang[titre] = ls[1][i]
		}
		if rang["N° de dossier"] != numeroDe(v, ids[1]) || rang["Demandé (€)"] != "1155,00" || rang["SIRET de l’organisme"] != "99900136500017" || rang["Formation"] != "Sécurité des bases de données" {
			t.Errorf("%s: got the line %v", tt.adresse, rang)
		}
	}
}

func numeroDe(v *visiteur, dossier string) string {
	v.t.Helper()
	d, err := v.store.Dossier(v.t.Context(), opco.Portee{Interne: true}, dossier)
	if err != nil {
		v.t.Fatal(err)
	}
	return d.Numero
}
