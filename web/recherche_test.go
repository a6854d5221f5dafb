package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestAVeryNumberLeadsStraight: the number of a dossier, an invoice, a règlement or a lot
// opens it, in the room of who types it; the palette puts it first; a number of somebody
// else finds nothing; a name is listed by kind.
func TestAVeryNumberLeadsStraight(t *testing.T) {
	v := visiterBanque(t)
	var x struct {
		Reglement, Facture, Dossier, Numero, Etablissement, Lot string
	}
	if err := v.store.DB.Get(&x, `SELECT r.numero AS reglement, f.numero AS facture, d.id AS dossier, d.numero, d.etablissement, r.lot
		FROM reglement r JOIN facture f ON f.id = r.facture JOIN dossier d ON d.id = r.dossier
		WHERE r.lot IS NOT NULL AND (SELECT count(*) FROM facture g WHERE upper(replace(g.numero, ' ', '')) = upper(replace(f.numero, ' ', ''))) = 1 ORDER BY r.numero LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	chercher := func(texte string, suite ...string) string {
		return "/recherche?q=" + url.QueryEscape(texte) + strings.Join(suite, "")
	}
	comptable, gestionnaire, e1 := v.autre().entrer("comptable", motDemo), v.autre().entrer("gestionnaire", motDemo), v.autre().entrer("e1", motDemo)
	for _, tt := range []struct {
		nom         string
		qui         *visiteur
		texte, vers string
	}{
		{"a dossier", gestionnaire, x.Numero, "/dossiers/" + x.Dossier},
		{"a dossier in small letters, in one piece", gestionnaire, strings.ToLower(strings.ReplaceAll(x.Numero, "-", "")), "/dossiers/" + x.Dossier},
		{"an invoice, for who judges it", gestionnaire, x.Facture, "/instruction/dossiers/" + x.Dossier + "/service-fait"},
		{"an invoice, for who pays it", comptable, x.Facture, "/dossiers/" + x.Dossier},
		{"a règlement, for who pays it", comptable, x.Reglement, "/comptabilite/lots/" + x.Lot},
		{"a règlement, for who judges", gestionnaire, x.Reglement, "/instruction/dossiers/" + x.Dossier + "/service-fait"},
		{"a lot", comptable, strings.ToLower(x.Lot), "/comptabilite/lots/" + x.Lot},
	} {
		tt.qui.veut(tt.nom, 303, tt.vers, "")(tt.qui.envoyer(chercher(tt.texte), nil))
	}
	if page := gestionnaire.lire(chercher(x.Lot)); strings.Contains(page, "/comptabilite/lots/") {
		t.Error("a gestionnaire is led to a lot")
	}
	if page := e1.lire(chercher(x.Reglement)); strings.Contains(page, x.Dossier) {
		t.Error("a company finds the règlement of another")
	}
	palette := comptable.lire(chercher(x.Reglement, "&palette=1"))
	if premier, _, _ := strings.Cut(palette, "</a>"); !strings.Contains(premier, "/comptabilite/lots/"+x.Lot) || !strings.Contains(premier, x.Reglement) {
		t.Errorf("the palette begins with %.400s", premier)
	}
	page := gestionnaire.lire(chercher("sorbier"))
	for _, veut := range []string{"Organisations", "Atelier Numérique Sorbier", "/instruction/entreprises/999001019"} {
		if !strings.Contains(page, veut) {
			t.Errorf("the name of a company lacks %q", veut)
		}
	}
	if page := comptable.lire(chercher("sorbier")); !strings.Contains(page, "/comptabilite/enveloppes?siren=999001019") || strings.Contains(page, "/instruction/entreprises/") {
		t.Error("a comptable is not led to the envelopes of the company, or is led where they may not go")
	}
	v.chercheGensEtDocuments(chercher)
	if page := e1.lire(chercher("formalia")); strings.Contains(page, "Organisme de formation, SIREN") {
		t.Error("a company searches the registers of the OPCO")
	}
}

// chercheGensEtDocuments: a salarié is found by their company alone, a pièce by the
// company of its dossier, a document of an organisme by it and by the staff that judges it.
func (v *visiteur) chercheGensEtDocuments(chercher func(string, ...string) string) {
	v.t.Helper()
	v.garnir()
	tests := []struct {
		qui, texte, veut string
		trouve           bool
	}{
		{"e1", "ete nono", "/entreprise/salaries/", true}, {"e4", "ete nono", "/entreprise/salaries/", false}, {"gestionnaire", "ete nono", "/entreprise/salaries/", false},
		{"e1", "piece.png", "/api/pieces/", true}, {"e4", "piece.png", "/api/pieces/", false},
		{"of1", "programme", "/api/documents/", true}, {"of3", "programme", "/api/documents/", false},
		{"gestionnaire", "programme", "/api/documents/", true}, {"conseiller", "programme", "/api/documents/", false}, {"e1", "programme", "/api/documents/", false},
	}
	for _, tt := range tests {
		if got := strings.Contains(v.autre().entrer(tt.qui, motDemo).lire(chercher(tt.texte)), `href="`+tt.veut); got != tt.trouve {
			v.t.Errorf("%s looks for %q: %s found: %t, want %t", tt.qui, tt.texte, tt.veut, got, tt.trouve)
		}
	}
}
