package api_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/banque"
	"guichet/opco"
)

// enReglement brings a dossier of E1 and OF1 to its règlement, 1 155,00 €, and
// returns the id of the règlement.
func (g *guichet) enReglement() (dossier, reglement string) {
	g.t.Helper()
	dossier = g.depose()
	g.exiger(g.acte("gestionnaire", dossier, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}, {"type": "CONVENTION", "motif": "MANQUANTE"}}}), 200)
	for _, p := range []string{"PROGRAMME", "CONVENTION"} {
		g.exiger(g.formulaire("e1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", nouvelID()}, partie{"type", "", p},
			partie{"fichier", "p.pdf", pdfSimple(1)}), 200)
	}
	g.exiger(g.acte("gestionnaire", dossier, "decision", objet{"refus": false}), 200)
	g.avancer("2026-04-20T10:00:00+02:00", dossier)
	certif := certificat()
	certif["emetteur"] = "99900136500017"
	g.exiger(g.acte("of1", dossier, "certificats", objet{"certificats": []objet{certif}}), 200)
	var d struct {
		Dossier struct {
			Numero string `json:"numero"`
		} `json:"dossier"`
	}
	r := g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+dossier, nil), 200)
	r.lire(g.t, &d)
	if d.Dossier.Numero == "" {
		g.t.Fatalf("no number in %s", r.corps)
	}
	g.exiger(g.acte("of1", dossier, "factures", objet{"facture": objet{"numero": "F-2026-118", "emetteur": "99900136500017", "destinataire": "99900171200010",
		"date": "2026-04-20", "reference_dossier": d.Dossier.Numero, "lignes": []objet{{"ligne": "PEDA", "montant": 115500}},
		"taux_tva": 0, "tva": 0, "total_ht": 115500, "total_ttc": 115500, "iban": "FR7699999000150010020035594"}}), 200)
	g.exiger(g.acte("gestionnaire", dossier, "service-fait", objet{}), 200)
	if err := g.store.DB.Get(&reglement, `SELECT id FROM reglement WHERE dossier = $1`, dossier); err != nil {
		g.t.Fatal(err)
	}
	return dossier, reglement
}

// avancer moves the clock and lets the échéances of a dossier come.
func (g *guichet) avancer(le, dossier string) {
	g.t.Helper()
	ctx := g.t.Context()
	if err := g.store.RegleHorloge(ctx, instant(le), true); err != nil {
		g.t.Fatal(err)
	}
	for {
		d, err := g.store.Depart(ctx, opco.ObjetDossier(dossier))
		if err != nil {
			g.t.Fatal(err)
		}
		if len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(instant(le)) {
			return
		}
		if _, err := g.store.Record(ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &d.Resume.Echeances[0]}); err != nil {
			g.t.Fatal(err)
		}
	}
}

// partir does what the procedure of a validated lot does, and returns its file.
func (g *guichet) partir(lot string) []byte {
	g.t.Helper()
	ctx := g.t.Context()
	l, err := g.store.Lot(ctx, lot)
	if err != nil {
		g.t.Fatal(err)
	}
	b, err := banque.Fichier(l)
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.store.ArchiverFichier(ctx, lot, l.Sceau, bytes.NewReader(b)); err != nil {
		g.t.Fatal(err)
	}
	for _, t := range []opco.TypeActe{opco.ActeEmettreLot, opco.ActeTransmettreLot} {
		le, err := g.store.Maintenant(ctx)
		if err != nil {
			g.t.Fatal(err)
		}
		l.Rang++
		e := opco.Echeance{Type: t, Code: "x", Le: le, Effet: opco.JourDe(le)}
		if _, err := g.store.Record(ctx, opco.Demarche{Objet: opco.ObjetLot(lot), Rang: l.Rang, Echeance: &e}); err != nil {
			g.t.Fatal(err)
		}
	}
	return b
}

// A lot through the counter, from the list of what is to be paid to the answer of
// the bank, imported twice.
func TestLotDeboutEnBout(t *testing.T) {
	g := ouvrir(t)
	dossier, reglement := g.enReglement()
	var page api.PageReglements
	g.exiger(g.appeler("comptable", "GET", "/api/reglements?etat=A_PAYER&echeance_au=2026-05-20", nil), 200).lire(t, &page)
	if page.Nombre != 1 || page.Somme != 115500 || page.Reglements[0].ID != reglement || strings.Contains(page.Reglements[0].IBAN, "99999000150") {
		t.Fatalf("got %+v, want one règlement of 1 155,00 and its IBAN masked", page)
	}
	corps := objet{"acte_id": nouvelID(), "execution": "2026-04-21", "groupe": true, "reglements": []string{reglement}}
	var rep struct {
		Acte api.ActeSuivi `json:"acte"`
		Lot  api.LotResume `json:"lot"`
	}
	for i := range 2 { // a double click makes one lot
		g.exiger(g.appeler("comptable", "POST", "/api/lots", corps), 200).lire(t, &rep)
		if rep.Lot.ID != "L26-0001" || rep.Lot.Etat != opco.LotPropose || rep.Acte.Deja != (i == 1) {
			t.Fatalf("got %+v", rep)
		}
	}
	valider := func(somme int) objet { return objet{"acte_id": nouvelID(), "nombre": 1, "somme": somme} }
	g.exiger(g.appeler("comptable", "GET", "/api/lots/L26-0001/fichier", nil), 404)
	if p := g.exiger(g.appeler("comptable", "POST", "/api/lots/L26-0001/validation", valider(115500)), 403).probleme(t); p.Code != "MEME_PERSONNE" {
		t.Errorf("got %+v, want MEME_PERSONNE", p)
	}
	if p := g.exiger(g.appeler("comptable2", "POST", "/api/lots/L26-0001/validation", valider(115501)), 409).probleme(t); p.Code != "LOT_CHANGE" {
		t.Errorf("got %+v, want LOT_CHANGE", p)
	}
	g.exiger(g.appeler("comptable2", "POST", "/api/lots/L26-0001/validation", valider(115500)), 200).lire(t, &rep)
	if rep.Lot.Etat != opco.LotValide {
		t.Fatalf("got %+v, want VALIDE", rep.Lot)
	}
	fichier := g.partir("L26-0001")
	if r := g.exiger(g.appeler("auditeur", "GET", "/api/lots/L26-0001/fichier", nil), 200); string(r.corps) != string(fichier) {
		t.Error("the file served is not the file sent")
	}
	g.exiger(g.appeler("comptable2", "POST", "/api/lots/L26-0001/annulation", objet{"acte_id": nouvelID(), "raison": "trop tard"}), 409)
	g.verifierRetour(fichier, dossier)
}

func (g *guichet) verifierRetour(fichier []byte, dossier string) {
	g.t.Helper()
	_, camt, err := banque.Simulateur{}.Repondre(fichier, time.Date(2026, 4, 21, 15, 0, 0, 0, time.UTC))
	if err != nil {
		g.t.Fatal(err)
	}
	var ret api.Retour
	for i, nom := range []string{"avis.xml", "le-meme.xml"} {
		g.exiger(g.formulaire("comptable", "/api/banque/retours", partie{"fichier", nom, string(camt)}), 200).lire(g.t, &ret)
		if ret.Deja != (i == 1) || ret.Quarantaine != 0 || i == 0 && ret.Nouvelles != 1 {
			g.t.Errorf("import %d: got %+v", i+1, ret)
		}
	}
	var l api.Lot
	g.exiger(g.appeler("ops", "GET", "/api/lots/L26-0001", nil), 200).lire(g.t, &l)
	if l.Lot.Etat != opco.LotSolde || l.Lot.Execute != 115500 || l.Lignes[0].Etat != opco.ReglementExecute || l.Lignes[0].EndToEndID != "L26-0001-1" {
		g.t.Errorf("got %+v, want SOLDE, 1 155,00 paid", l)
	}
	var rs api.Reglements
	g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+dossier+"/reglements", nil), 200).lire(g.t, &rs)
	if len(rs.Reglements) != 1 || rs.Reglements[0].Etat != opco.ReglementExecute || rs.Reglements[0].ExecuteLe != "2026-04-21" {
		g.t.Errorf("got %+v, want it executed on 2026-04-21", rs.Reglements)
	}
	var page api.PageRetours
	g.exiger(g.appeler("auditeur", "GET", "/api/banque/retours", nil), 200).lire(g.t, &page)
	if len(page.Retours) != 1 || page.Retours[0].Nom != "avis.xml" {
		g.t.Errorf("got %+v, want the file once", page.Retours)
	}
}

// What the counter refuses of a lot or of a file of the bank, each in French and
// without effect.
func TestLotRefuse(t *testing.T) {
	g := ouvrir(t)
	lot := func(change objet) objet {
		o := objet{"acte_id": nouvelID(), "execution": "2026-03-03", "groupe": false}
		for k, v := range change {
			o[k] = v
		}
		return o
	}
	tests := []struct {
		name   string
		r      reponse
		statut int
	}{
		{"no such règlement", g.appeler("comptable", "POST", "/api/lots", lot(objet{"reglements": []string{"x"}})), 404},
		{"nothing due", g.appeler("comptable", "POST", "/api/lots", lot(nil)), 409},
		{"day gone", g.appeler("comptable", "POST", "/api/lots", lot(objet{"execution": "2026-03-01"})), 422},
		{"far day", g.appeler("comptable", "POST", "/api/lots", lot(objet{"execution": "2099-01-01"})), 422},
		{"our own names", g.appeler("comptable", "POST", "/api/lots", lot(objet{"id": "L26-0009"})), 422},
		{"a name the bank refuses", g.appeler("comptable", "POST", "/api/lots", lot(objet{"id": "lot/1"})), 422},
		{"a responsable builds", g.appeler("responsable", "POST", "/api/lots", lot(nil)), 403},
		{"a company reads", g.appeler("e1", "GET", "/api/lots", nil), 403},
		{"no such lot", g.appeler("comptable", "GET", "/api/lots/L26-0042", nil), 404},
		{"not a message of a bank", g.formulaire("comptable", "/api/banque/retours", partie{"fichier", "x.xml", "<x/>"}), 422},
		{"billion laughs", g.formulaire("comptable", "/api/banque/retours", partie{"fichier", "x.xml", `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`}), 422},
		{"empty file", g.formulaire("comptable", "/api/banque/retours", partie{"fichier", "x.xml", ""}), 422},
		{"two files", g.formulaire("comptable", "/api/banque/retours", partie{"fichier", "x.xml", "<x/>"}, partie{"fichier", "y.xml", "<y/>"}), 400},
	}
	for _, tt := range tests {
		if tt.r.statut != tt.statut || tt.r.probleme(t).Detail == "" {
			t.Errorf("%s: got %d %s, want %d", tt.name, tt.r.statut, tt.r.corps, tt.statut)
		}
	}
	var n int
	if err := g.store.DB.Get(&n, `SELECT (SELECT count(*) FROM lot) + (SELECT count(*) FROM retour_bancaire) + (SELECT count(*) FROM acte WHERE objet LIKE 'lot/%')`); err != nil || n != 0 {
		t.Errorf("the refusals left %d rows, %v", n, err)
	}
}
