package api_test

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"guichet/facturx"
	"guichet/opco"
)

// factureXML is an EN 16931 invoice of 2 240,00 € in two lines, from OF2.
//
//go:embed testdata/facture.xml
var factureXML string

// lireFactureIci reads an invoice in this very process.
func lireFactureIci(_ context.Context, r io.Reader, format string) (opco.FactureLue, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return opco.FactureLue{}, err
	}
	if bytes.Contains(b, []byte("<lent/>")) { // as the limited process says of what takes too long
		return opco.FactureLue{}, opco.Champf("fichier", "Ce fichier est trop complexe pour être examiné.").AvecCode("FICHIER_ILLISIBLE")
	}
	return facturx.Lire(b, format)
}

// certifie takes a dossier of E1 and OF1 up to its certificat, and returns its number.
func (g *guichet) certifie() (dossier, numero string) {
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
	g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+dossier, nil), 200).lire(g.t, &d)
	return dossier, d.Dossier.Numero
}

// factureDe is the invoice of OF1 for a dossier of 1 155,00 €, as an XML file.
func factureDe(numero string) string {
	return strings.NewReplacer("99900143100017", "99900136500017", "84 69 12345 69", "11 75 60999 75", "AF26-000042", numero, "FR7699999000160010020036646", "FR7699999000150010020035594",
		"99900108400014", "99900171200010", "20260608", "20260420", "1400.00", "600.00", "840.00", "555.00", "2240.00", "1155.00", ">F-9<", ">F-0<", "HUR", "C62").Replace(factureXML)
}

type lectureLue struct {
	Profil    string
	Facture   objet
	Controles []opco.Controle
	Essai     opco.EssaiFacture
}

func (g *guichet) lireFacture(qui, dossier, fichier string) (string, reponse) {
	g.t.Helper()
	id := nouvelID()
	return id, g.formulaire(qui, "/api/dossiers/"+dossier+"/factures/lecture", partie{"acte_id", "", id}, partie{"fichier", "f.xml", fichier})
}

// TestAnElectronicInvoiceIsReadThenSent follows S21 by the public API: the file is
// read, the invoice that it gives is sent as it is, and each status has its message.
func TestAnElectronicInvoiceIsReadThenSent(t *testing.T) {
	g := ouvrir(t)
	dossier, numero := g.certifie()
	piece, r := g.lireFacture("of1", dossier, factureDe(numero))
	var l lectureLue
	g.exiger(r, 200).lire(t, &l)
	if l.Profil != "EN 16931" || l.Facture["numero"] != "F-11" || l.Facture["piece_id"] != piece || l.Essai.Code != 204 {
		t.Fatalf("got %s", r.corps)
	}
	for _, c := range l.Controles {
		if c.Resultat == opco.ResultatBlock {
			t.Errorf("%s blocks: %s", c.Code, c.Phrase)
		}
	}
	corps := objet{"facture": l.Facture}
	g.exiger(g.acte("of1", dossier, "factures", corps), 200)
	g.exiger(g.acte("gestionnaire", dossier, "service-fait", objet{}), 200)
	facture := ""
	if err := g.store.DB.Get(&facture, `SELECT id FROM facture WHERE dossier = $1`, dossier); err != nil {
		t.Fatal(err)
	}
	var s struct {
		Statuts []struct {
			Code, Rang int
			Approuve   opco.Montant
		}
	}
	g.exiger(g.appeler("of1", "GET", "/api/factures/"+facture+"/statuts", nil), 200).lire(t, &s)
	var codes []int
	for _, x := range s.Statuts {
		codes = append(codes, x.Code)
	}
	if len(codes) != 3 || codes[0] != 200 || codes[1] != 204 || codes[2] != 205 || s.Statuts[2].Approuve != 115_500 {
		t.Errorf("told %v", s.Statuts)
	}
	m := g.exiger(g.appeler("of1", "GET", "/api/factures/"+facture+"/cdar?rang=3", nil), 200)
	var x struct {
		Code string `xml:"AcknowledgementDocument>ReferenceReferencedDocument>ProcessConditionCode"`
	}
	if err := xml.Unmarshal(m.corps, &x); err != nil || x.Code != "205" || m.entete.Get("Content-Type") != "application/xml" || !bytes.Contains(m.corps, []byte("999001365")) {
		t.Errorf("%v %s", err, m.corps)
	}
	g.exiger(g.appeler("of1", "GET", "/api/factures/"+facture+"/cdar?rang=9", nil), 404)
	g.exiger(g.appeler("of2", "GET", "/api/factures/"+facture+"/statuts", nil), 404)
	g.exiger(g.appeler("of2", "GET", "/api/factures/"+facture+"/cdar", nil), 404)
}

// TestTheFileIsTheLaw sends otherwise than the file says, and an electronic invoice
// that nobody asked to read.
func TestTheFileIsTheLaw(t *testing.T) {
	g := ouvrir(t)
	dossier, numero := g.certifie()
	_, r := g.lireFacture("of1", dossier, factureDe(numero))
	var l lectureLue
	g.exiger(r, 200).lire(t, &l)
	faux := copieDe(t, l.Facture)
	faux["total_ht"], faux["total_ttc"] = 100_000, 100_000
	g.exiger(g.acte("of1", dossier, "factures", objet{"facture": faux}), 200)
	verifier := func(cas, etat, motif string) {
		t.Helper()
		var f struct{ Etat, Motif string }
		if err := g.store.DB.Get(&f, `SELECT etat, motif FROM facture WHERE dossier = $1 ORDER BY recue_le DESC, id = (SELECT id::text FROM acte WHERE objet = 'dossier/' || $1 ORDER BY seq DESC LIMIT 1) DESC LIMIT 1`, dossier); err != nil || f.Etat != etat || f.Motif != motif {
			t.Errorf("%s: %v %+v", cas, err, f)
		}
	}
	verifier("another total", "REJETEE_TECHNIQUE", "REJ_SEMAN")

	piece := nouvelID() // kept as any pièce, and its total with taxes is wrong in itself
	g.exiger(g.formulaire("of1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", piece}, partie{"type", "", "FACTURE"},
		partie{"fichier", "f.xml", strings.Replace(factureDe(numero), "<ram:GrandTotalAmount>1155.00", "<ram:GrandTotalAmount>1155.01", 1)}), 200)
	muette := copieDe(t, l.Facture)
	muette["piece_id"] = piece
	g.exiger(g.acte("of1", dossier, "factures", objet{"facture": muette}), 200)
	verifier("never read before", "REJETEE_TECHNIQUE", "REJ_SEMAN")

	muette["electronique"] = objet{}
	if r := g.appeler("of1", "POST", "/api/dossiers/"+dossier+"/factures", objet{"acte_id": nouvelID(), "facture": muette}); r.statut < 400 || r.statut >= 500 {
		t.Errorf("the issuer says what was read in the file: %d %s", r.statut, r.corps)
	}
}

// TestWhatIsNoInvoiceIsRefusedAndKeptNowhere reads other files.
func TestWhatIsNoInvoiceIsRefusedAndKeptNowhere(t *testing.T) {
	g := ouvrir(t)
	dossier, numero := g.certifie()
	avant := 0
	if err := g.store.DB.Get(&avant, `SELECT count(*) FROM piece`); err != nil {
		t.Fatal(err)
	}
	for nom, fichier := range map[string]string{"a plain PDF": pdfSimple(1), "another XML": "<?xml version=\"1.0\"?><a/>", "a DOCTYPE": "<?xml version=\"1.0\"?><!DOCTYPE a><a/>",
		"three decimals": strings.Replace(factureDe(numero), "555.00", "555.000", 1)} {
		_, r := g.lireFacture("of1", dossier, fichier)
		if r.statut != 422 {
			t.Errorf("%s: got %d %s", nom, r.statut, r.corps)
		}
	}
	_, r := g.lireFacture("of2", dossier, factureDe(numero))
	g.exiger(r, 404)
	apres := 0
	if err := g.store.DB.Get(&apres, `SELECT count(*) FROM piece`); err != nil || apres != avant {
		t.Errorf("%v: %d pièces became %d", err, avant, apres)
	}
	// ISO-8859-1 passes the examination too.
	var latin strings.Builder
	for _, c := range strings.ReplaceAll(strings.Replace(factureDe(numero), "UTF-8", "ISO-8859-1", 1), "’", "'") {
		latin.WriteByte(byte(c))
	}
	_, r = g.lireFacture("of1", dossier, latin.String())
	g.exiger(r, 200)
}

// TestWhatMayNotBeReadIsNoPlainInvoice: a file kept as any pièce, whose data are
// forbidden or too long to read, does not become the plain invoice of who names it; an
// ordinary PDF does.
func TestWhatMayNotBeReadIsNoPlainInvoice(t *testing.T) {
	g := ouvrir(t)
	dossier, numero := g.certifie()
	facture := objet{"numero": "F-1", "emetteur": "99900136500017", "destinataire": "99900171200010", "date": "2026-04-20", "reference_dossier": numero,
		"lignes": []objet{{"ligne": "PEDA", "montant": 115_500}}, "total_ht": 115_500, "taux_tva": 0, "tva": 0, "total_ttc": 115_500}
	envoyer := func(nom, fichier string) reponse {
		piece := nouvelID()
		g.exiger(g.formulaire("of1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", piece}, partie{"type", "", "FACTURE"}, partie{"fichier", nom, fichier}), 200)
		facture["piece_id"] = piece
		return g.appeler("of1", "POST", "/api/dossiers/"+dossier+"/factures", objet{"acte_id": nouvelID(), "facture": facture})
	}
	for nom, tt := range map[string]struct{ fichier, code string }{
		"three decimals": {strings.Replace(factureDe(numero), "555.00", "555.000", 1), facturx.CodeChamp},
		"too deep":       {`<?xml version="1.0"?>` + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), facturx.CodeInterdit},
		"too long":       {`<?xml version="1.0"?><lent/>`, "FICHIER_ILLISIBLE"},
	} {
		var p struct{ Code string }
		r := envoyer("f.xml", tt.fichier)
		if r.statut != 422 || json.Unmarshal(r.corps, &p) != nil || p.Code != tt.code || !bytes.Contains(r.corps, []byte("facture.piece_id")) {
			t.Errorf("%s: got %d %s", nom, r.statut, r.corps)
		}
	}
	if r := envoyer("f.pdf", pdfSimple(1)); r.statut != 200 && r.statut != 202 {
		t.Errorf("an ordinary PDF: got %d %s", r.statut, r.corps)
	}
}

func copieDe(t *testing.T, o objet) objet {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var c objet
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
