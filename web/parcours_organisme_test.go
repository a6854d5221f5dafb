package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/api"
	"guichet/courrier"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/web"
)

// visiterAvecFichiers is visiter on a counter that keeps files.
func visiterAvecFichiers(t *testing.T) *visiteur {
	t.Helper()
	s := storetest.Demo.Ouvrir(t)
	fichiers, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	serveur, err := api.New(api.Config{Store: s, Fichiers: fichiers, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true,
		Examiner: func(_ context.Context, r io.Reader, format string) error { return api.Examiner(r, format) }, Log: slog.New(slog.DiscardHandler),
		Facture: func(x opco.FactureModele) ([]byte, error) { return courrier.FactureEntreprise(x).PDF() }})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Config{API: serveur})
	if err != nil {
		t.Fatal(err)
	}
	h, err := serveur.Handler(pages)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	pot, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visiteur{t: t, store: s, site: srv.URL, client: &http.Client{Jar: pot, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// aFacturer brings a dossier of OF1 to the end of its training (S01).
func (v *visiteur) aFacturer() string {
	stagiaire := func(n, nom string) map[string]any {
		return map[string]any{"id": n, "prenom": "Zoé", "nom": nom, "heures": 840, "peda": 60000}
	}
	return v.terminer("e1", map[string]any{"etablissement": "99900101900010", "interne": false, "subrogation": true, "intitule": "Sécurité des données",
		"nature": "FORMATION", "duree": 840, "debut": "2026-04-13", "fin": "2026-04-14", "lignes": []map[string]any{{"ligne": "PEDA", "montant": 120000}},
		"organisme":  map[string]any{"siret": "99900136500017", "nom": "Formalia Synthèse", "nda": "11756099975", "adresse": "1 rue des Essais", "code_postal": "75001", "ville": "Paris"},
		"stagiaires": []map[string]any{stagiaire("s1", "Lefèvre-N’Guyên"), stagiaire("s2", "d’Haultepenne")}})
}

// terminer has a company ask for a training, the OPCO accord it, and the training end.
func (v *visiteur) terminer(entreprise string, demande map[string]any) string {
	v.t.Helper()
	a := func(jour string, heure int) {
		if err := v.store.RegleHorloge(v.t.Context(), opco.Date(jour).Heure(heure, 0), true); err != nil {
			v.t.Fatal(err)
		}
	}
	id := uuid.NewString()
	faire := func(qui, chemin string, corps map[string]any) {
		c := v.autre().entrer(qui, motDemo)
		if corps["acte_id"] == nil {
			corps["acte_id"] = uuid.NewString()
		}
		c.poster(chemin, corps, &struct{}{})
	}
	a("2026-03-02", 10)
	faire(entreprise, "/api/dossiers", map[string]any{"id": id, "demande": demande})
	faire(entreprise, "/api/dossiers/"+id+"/depot", map[string]any{"certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION", "DEVIS"}})
	e := v.autre().entrer(entreprise, motDemo)
	for _, genre := range []string{"PROGRAMME", "CONVENTION", "DEVIS"} {
		if d, err := v.store.Dossier(v.t.Context(), opco.Portee{Interne: true}, id); err == nil && d.Etat != opco.EtatEnInstruction {
			e.deposerPiece(id, genre)
		}
	}
	faire("gestionnaire", "/api/dossiers/"+id+"/instruction", map[string]any{})
	faire("gestionnaire", "/api/dossiers/"+id+"/decision", map[string]any{})
	a("2026-04-20", 10)
	v.echoir(id)
	return id
}

// echoir lets every échéance of a dossier come that is due.
func (v *visiteur) echoir(id string) {
	v.t.Helper()
	for {
		d, err := v.store.Depart(v.t.Context(), opco.ObjetDossier(id))
		if err != nil {
			v.t.Fatal(err)
		}
		le, err := v.store.Maintenant(v.t.Context())
		if err != nil {
			v.t.Fatal(err)
		}
		if len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(le) {
			return
		}
		e := d.Resume.Echeances[0]
		if _, err := v.store.Record(v.t.Context(), opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &e}); err != nil {
			v.t.Fatal(err)
		}
	}
}

// TestAnOrganismeInvoices sends the certificats, is told before sending what an invoice
// too high would be paid, and sends the right one; the OPCO compares and approves it.
func TestAnOrganismeInvoices(t *testing.T) { parModes(t, visiterAvecFichiers, mains.facture) }

func (m mains) facture() {
	id := m.v.aFacturer()
	pdf := filepath.Join(m.t.TempDir(), "certificats.pdf")
	if err := os.WriteFile(pdf, []byte(unPDF), 0o600); err != nil {
		m.t.Fatal(err)
	}
	dossier := "/organisme/dossiers/" + id
	m.entrer("of1")
	m.menu("/organisme/dossiers")
	m.ouvrir(`a.titre[href="` + dossier + `"]`)
	m.presser(`a[href="`+dossier+`/factures"]`, "")
	m.presser(`a[href="`+dossier+`/certificats"]`, "")
	m.cocher(`#champ-signe`)
	m.joindre(`#champ-fichier`, pdf)
	m.presser(`main form button.principal`, "")
	m.voir(`document.querySelector(".dite")?.textContent.includes("Vos certificats sont envoyés")`, "true")
	m.presser(`a[href="`+dossier+`/factures/nouvelle"]`, "")
	m.taper("numero", "F-2026-118")
	m.taper("montant_1", "900,00")
	const verdict = `document.querySelector("#verdict b")?.textContent.replaceAll("\u00a0"," ")`
	m.voir(verdict, "Nous paierons 1 200,00 € sur 1 500,00 €.")
	m.taper("montant_1", "600,00")
	m.voir(verdict, "Nous paierons 1 200,00 €.")
	m.presser(`main form button.principal`, "")
	m.voir(`document.querySelector(".dite")?.textContent.includes("Votre facture est envoyée")`, "true")
	m.voir(`document.querySelector("main").textContent.includes("F-2026-118")`, "true")
	d, err := m.v.store.Dossier(m.t.Context(), opco.Portee{Interne: true}, id)
	if err != nil || len(d.Factures) != 1 || d.Factures[0].TotalHT != 120000 || d.Factures[0].Etat != opco.FacturePriseEnCharge || len(d.Certificats) != 2 {
		m.t.Fatalf("got %d certificats and %+v (%v), want the two and one invoice of 1 200,00", len(d.Certificats), d.Factures, err)
	}
	m.approuve(id)
}

// approuve is the service fait: from its queue, what was granted beside what is
// certified and invoiced, and the approval.
func (m mains) approuve(id string) {
	m.t.Helper()
	m.entrer("gestionnaire")
	m.menu("/instruction?file=service_fait")
	m.ouvrir(`a.titre[href="/instruction/dossiers/` + id + `/service-fait"]`)
	m.la("/instruction/dossiers/" + id + "/service-fait")
	m.voir(`document.querySelector("main").innerText.includes("F-2026-118")`, "true")
	m.voir(`document.querySelector(".decision b").textContent.replaceAll("\u00a0"," ")`, "1 200,00 €")
	m.presser(`.decision .principal`, "a")
	m.pret(`.dite`)
	d, err := m.v.store.Dossier(m.t.Context(), opco.Portee{Interne: true}, id)
	if err != nil || d.Etat != opco.EtatEnReglement || d.Factures[0].Etat != opco.FactureApprouvee || len(d.Reglements) != 1 || d.Reglements[0].Montant != 120000 {
		m.t.Errorf("after the service fait: %s, %+v, %+v (%v)", d.Etat, d.Factures, d.Reglements, err)
	}
}

// unPDF is the smallest document that the examination lets in.
var unPDF = strings.Join([]string{"%PDF-1.4", "1 0 obj", "<</Type/Catalog/Pages 2 0 R>>", "endobj", "2 0 obj", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "endobj",
	"3 0 obj", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>", "endobj", "xref", "0 4", "0000000000 65535 f ", "0000000009 00000 n ",
	"0000000054 00000 n ", "0000000105 00000 n ", "trailer", "<</Size 4/Root 1 0 R>>", "startxref", "184", "%%EOF", ""}, "\n")
