package web_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
)

// aRembourser brings a dossier of E2, that it pays itself, to the end of its training,
// with its certificat (S02).
func (v *visiteur) aRembourser() string {
	v.t.Helper()
	lignes := []map[string]any{{"ligne": "PEDA", "montant": 202000}, {"ligne": "REMUNERATION", "montant": 55713}, {"ligne": "REPAS", "montant": 5400},
		{"ligne": "HEBERGEMENT", "montant": 19000}, {"ligne": "TRANSPORT", "montant": 8840}}
	id := v.terminer("e2", map[string]any{"etablissement": "99900108400014", "interne": false, "subrogation": false, "intitule": "Repérer et accompagner les élèves",
		"nature": "FORMATION", "duree": 1260, "debut": "2026-04-13", "fin": "2026-04-15", "lignes": lignes,
		"organisme":  map[string]any{"siret": "99900150600016", "nom": "Pédagogie Nouvelle", "nda": "93131234513", "adresse": "1 rue des Essais", "code_postal": "75001", "ville": "Paris"},
		"stagiaires": []map[string]any{{"id": "s1", "prenom": "Hélène", "nom": "Roussillon", "heures": 1260, "peda": 202000, "salaire_horaire": 2653, "repas": 3, "nuits": 2, "transport": 8840}}})
	v.autre().entrer("e2", motDemo).poster("/api/dossiers/"+id+"/certificats", map[string]any{"acte_id": uuid.NewString(), "certificats": []map[string]any{{"nom": "Roussillon", "prenom": "Hélène",
		"intitule": "Repérer et accompagner les élèves", "nature": "FORMATION", "du": "2026-04-13", "au": "2026-04-15", "heures": 1260, "emetteur": "99900150600016", "signe_le": "2026-04-16", "signe": true}}}, &struct{}{})
	return id
}

// chezSoi is the dossier as the OPCO has it.
func (v *visiteur) chezSoi(id string) *opco.Dossier {
	v.t.Helper()
	d, err := v.store.Dossier(v.t.Context(), opco.Portee{Interne: true}, id)
	if err != nil {
		v.t.Fatal(err)
	}
	return d
}

// envoyerAvec sends a form with a file, as a browser without scripts does; nom is ""
// when none was chosen.
func (v *visiteur) envoyerAvec(chemin string, f url.Values, nom, octets string) (statut int, vers, page string) {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for n, xs := range f {
		if err := m.WriteField(n, xs[0]); err != nil {
			v.t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("fichier", nom)
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = io.WriteString(w, octets)
	m.Close()
	return v.demander("POST", chemin, m.FormDataContentType(), b.String())
}

var (
	balise   = regexp.MustCompile(`<input [^>]*>`)
	attribut = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// formulaireLu reads the values of the form of a page, as a browser sends it: a box that
// is not ticked says nothing.
func (v *visiteur) formulaireLu(page string) url.Values {
	f := url.Values{}
	_, page, _ = strings.Cut(page, "data-verdict")
	for _, b := range balise.FindAllString(page, -1) {
		x := map[string]string{}
		for _, a := range attribut.FindAllStringSubmatch(b, -1) {
			x[a[1]] = html.UnescapeString(a[2])
		}
		if t := x["type"]; x["name"] == "" || t == "file" || (t == "checkbox" || t == "radio") && !strings.Contains(b, " checked") {
			continue
		}
		f.Set(x["name"], x["value"])
	}
	return f
}

// prouver fills what the company paid of each line: the receipts with their TVA.
func prouver(f url.Values) {
	for champ := range f {
		n, ok := strings.CutPrefix(champ, "ligne_")
		if !ok {
			continue
		}
		switch opco.Ligne(f.Get(champ)) {
		case opco.LignePeda:
			f.Set("prouve_"+n, "2020,00")
		case opco.LigneRemuneration:
			f.Set("prouve_"+n, "557,13")
		case opco.LigneRepas: // 59,40 with its TVA, of which 5,40 comes back (AK-49)
			f.Set("ttc_"+n, "59,40")
			f.Set("tva_"+n, "5,40")
		case opco.LigneHebergement: // its TVA is never taken off (AK-50)
			f.Set("ttc_"+n, "209,00")
			f.Set("tva_"+n, "19,00")
		case opco.LigneTransport:
			f.Set("ttc_"+n, "88,40")
		}
	}
	f.Set("of_numero", "PN-55")
	f.Set("of_acquittee", "oui")
}

var mentionsTilleuls = []string{"forme_juridique", "Association loi 1901", "tva", "", "signataire", "Hélène Roussillon", "fonction", "Directrice", "lieu", "Toulouse"}

// TestTheInvoiceOfACompany fills the form from the accord, counts meals without the TVA
// that comes back and lodging with it (AK-49, AK-50), draws the paper, and sends it in one
// gesture: the PDF is the pièce of the invoice (AK-47).
func TestTheInvoiceOfACompany(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aRembourser()
	e2 := v.autre().entrer("e2", motDemo)
	chemin := "/entreprise/dossiers/" + id + "/factures/nouvelle"
	f := e2.formulaireLu(e2.lire(chemin))
	if f.Get("lieu") == "" || f.Get("montant_1") != "840,00" || f.Get("heures_1") != "21,00" {
		t.Fatalf("the form starts from %v", f)
	}
	f.Set("numero", "2026/07")
	prouver(f)
	f.Set("action", "envoyer")
	statut, _, page := e2.envoyerAvec(chemin, f, "", "")
	if i, j := strings.Index(page, "champ-forme_juridique-faute"), strings.Index(page, "champ-fonction-faute"); statut != 422 || i < 0 || j < i {
		t.Errorf("without a paper nor its mentions: %d, want 422 with each that lacks, in their order", statut)
	}
	f = avec(f, mentionsTilleuls...)
	f.Set("action", "pdf")
	if statut, _, pdf := e2.envoyerAvec(chemin, f, "", ""); statut != 200 || !strings.HasPrefix(pdf, "%PDF") {
		t.Errorf("the paper: %d %.60s", statut, pdf)
	}
	if d := v.chezSoi(id); len(d.Factures) != 0 || len(d.Pieces) > 3 {
		t.Errorf("drawing the invoice sent something: %d invoices, %d pièces", len(d.Factures), len(d.Pieces))
	}
	f.Set("action", "essayer")
	if statut, _, page := e2.envoyerAvec(chemin, f, "", ""); statut != 200 || !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), "Nous paierons 1 412,40 €.") {
		t.Errorf("the trial: %d %.300s", statut, page[max(0, strings.Index(page, `id="verdict"`)):])
	}
	v.modeleLu(id)
	f.Set("action", "envoyer")
	if statut, vers, page := e2.envoyerAvec(chemin, f, "", ""); statut != 303 {
		t.Fatalf("sending: %d %s %.600s", statut, vers, page)
	}
	v.facturee(id)
	if f = e2.formulaireLu(e2.lire(chemin)); f.Get("forme_juridique") != "Association loi 1901" || f.Get("fonction") != "Directrice" {
		t.Errorf("the next invoice forgot the mentions: %v", f)
	}
}

// modeleLu reads the same model by the API: to its company, and to nobody else.
func (v *visiteur) modeleLu(id string) {
	v.t.Helper()
	chemin := "/api/dossiers/" + id + "/facture-modele"
	var lu struct {
		Facture struct {
			TotalHT opco.Montant `json:"total_ht"`
			Lignes  []opco.LigneFacture
		}
		Emetteur, Destinataire opco.PartieFacture
		Stagiaires             []string
		Sincerite              string
	}
	_, _, corps := v.autre().entrer("e2", motDemo).demander("GET", chemin, "", "")
	if err := json.Unmarshal([]byte(corps), &lu); err != nil || lu.Facture.TotalHT != 141240 || len(lu.Facture.Lignes) != 5 || lu.Emetteur.SIRET != "99900108400014" || lu.Emetteur.Adherent == "" ||
		lu.Destinataire.SIRET != "99900171200010" || lu.Destinataire.TVA == "" || len(lu.Stagiaires) != 1 || !strings.Contains(lu.Sincerite, "10 ans") {
		v.t.Errorf("the model: %s (%v)", corps, err)
	}
	for qui, veut := range map[string]int{"e1": 404, "of3": 403, "gestionnaire": 403} {
		if statut, _, _ := v.autre().entrer(qui, motDemo).demander("GET", chemin, "", ""); statut != veut {
			v.t.Errorf("the model to %s: %d, want %d", qui, statut, veut)
		}
	}
}

// TestAfterTheEnvoi: a demande that was sent is the gestionnaire's, its company adds
// documents to it, and no mail is written to anybody of the OPCO (AK-39, AK-40).
func TestAfterTheEnvoi(t *testing.T) {
	v := visiterAvecFichiers(t)
	e1 := v.entrer("e1", motDemo)
	id := e1.depose()
	courriers := func() (tous, internes int) {
		if err := v.store.DB.QueryRow(`SELECT count(*), count(*) FILTER (WHERE pour NOT IN ('entreprise', 'organisme')) FROM courrier`).Scan(&tous, &internes); err != nil {
			t.Fatal(err)
		}
		return tous, internes
	}
	avant, _ := courriers()
	d := v.chezSoi(id)
	e1.deposerPiece(id, "AUTRE")
	apres := v.chezSoi(id)
	if n, internes := courriers(); n != avant || internes != 0 || len(apres.Pieces) != len(d.Pieces)+1 || apres.Etat != d.Etat {
		t.Errorf("a document added: %d mails more, %d to the OPCO, %d pièces, %s", n-avant, internes, len(apres.Pieces)-len(d.Pieces), apres.Etat)
	}
	brut, err := json.Marshal(map[string]any{"version": d.Rang, "demande": d.Demande})
	if err != nil {
		t.Fatal(err)
	}
	statut, _, corps := e1.demander("PUT", "/api/dossiers/"+id, "application/json", string(brut))
	if encore := v.chezSoi(id); statut < 400 || statut >= 500 || encore.Demande.Intitule != d.Demande.Intitule || encore.Rang != apres.Rang {
		t.Errorf("writing again what was sent: %d %.200s, rang %d after %d", statut, corps, encore.Rang, apres.Rang)
	}
	if statut, vers, _ := e1.envoyer("/entreprise/demandes/"+id+"/formation", nil); statut == 200 {
		t.Errorf("the form of a sent demande still opens (%d %s)", statut, vers)
	}
}

// TestAnInvoiceWaitsAndIsDisputed follows 208, 209 and 207 by the pages of both sides:
// what it waits for, its return on its own once that is here, and a dispute that the
// organisme reads with its reason.
func TestAnInvoiceWaitsAndIsDisputed(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aFacturer()
	of1, ges := v.autre().entrer("of1", motDemo), v.autre().entrer("gestionnaire", motDemo)
	chez, instruit := "/organisme/dossiers/"+id, "/instruction/dossiers/"+id
	f := of1.formulaireLu(of1.lire(chez + "/factures/nouvelle"))
	f.Set("numero", "F-2026-208")
	f.Set("action", "envoyer")
	if statut, _, page := of1.envoyerAvec(chez+"/factures/nouvelle", f, "", ""); statut != 303 {
		t.Fatalf("an invoice before its certificats: %d %.400s", statut, page)
	}
	dit := func(qui *visiteur, chemin string, mots ...string) {
		t.Helper()
		page := qui.lire(chemin)
		for _, m := range mots {
			if !strings.Contains(page, m) {
				t.Errorf("%s does not say %q", chemin, m)
			}
		}
	}
	etat := func(veut opco.EtatFacture) {
		t.Helper()
		if x := v.chezSoi(id).Factures[0]; x.Etat != veut {
			t.Errorf("the invoice is %s, want %s", x.Etat, veut)
		}
	}
	etat(opco.FactureSuspendue)
	dit(of1, chez+"/factures", "Suspendue", "certificat de réalisation")
	dit(ges, instruit+"/service-fait", "F-2026-208", "Suspendue")
	g := of1.formulaireLu(of1.lire(chez + "/certificats"))
	g.Set("signe", "oui")
	g.Set("action", "envoyer")
	if statut, _, page := of1.envoyerAvec(chez+"/certificats", g, "certificats.pdf", unPDF); statut != 303 {
		t.Fatalf("the certificats: %d %.400s", statut, page)
	}
	etat(opco.FacturePriseEnCharge)
	dit(of1, chez+"/factures/statuts", "208 Suspendue", "209 Complétée")
	acte := v.chezSoi(id).Factures[0].ID
	forme := ges.lire(instruit + "/actes/litige")
	corps := url.Values{"acte_id": {cache(t, forme, "acte_id")}, "facture": {acte}, "motif_facture": {"QTE_ERR"}, "raison": {"Les feuilles disent treize heures."}}
	if statut, vers, page := ges.envoyer(instruit+"/actes/litige", corps); statut != 303 {
		t.Fatalf("a dispute: %d %s %.600s", statut, vers, page)
	}
	etat(opco.FactureEnLitige)
	dit(of1, chez+"/factures", "En litige", "Les feuilles disent treize heures.")
	dit(of1, chez+"/factures/statuts", "207 En litige")
	dit(ges, instruit+"/service-fait", "En litige")
}

// facturee holds the dossier to the invoice of S02, its paper and what each receipt counts
// for.
func (v *visiteur) facturee(id string) {
	v.t.Helper()
	d := v.chezSoi(id)
	if len(d.Factures) != 1 || d.Factures[0].TotalHT != 141240 || d.Factures[0].Etat != opco.FacturePriseEnCharge {
		v.t.Fatalf("got %+v, want one invoice of 1 412,40", d.Factures)
	}
	x, papier := d.Factures[0], opco.Piece{}
	for _, p := range d.Pieces {
		if p.ID == x.PieceID {
			papier = p
		}
	}
	if papier.Type != opco.PieceFacture || papier.Empreinte == "" {
		v.t.Errorf("its pièce is %+v", papier)
	}
	for _, j := range x.Justificatifs {
		want := map[opco.Ligne][2]opco.Montant{opco.LigneRepas: {5940, 540}, opco.LigneHebergement: {20900, 1900}}[j.Ligne]
		if j.TTC != want[0] && want[0] != 0 || j.TVARecuperee != want[1] {
			v.t.Errorf("%s: TTC %s, TVA %s, want %v", j.Ligne, j.TTC, j.TVARecuperee, want)
		}
	}
}

// TestMealsWithoutTheirTVA: what a company has back is not paid to it (AK-49).
func TestMealsWithoutTheirTVA(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aRembourser()
	e2 := v.autre().entrer("e2", motDemo)
	chemin := "/entreprise/dossiers/" + id + "/factures/nouvelle"
	f := e2.formulaireLu(e2.lire(chemin))
	f.Set("numero", "2026/08")
	f.Set("action", "essayer")
	prouver(f)
	essayer := func(ttc, tva, want string, ligne opco.Ligne) {
		t.Helper()
		g := avec(f)
		for champ := range f {
			if n, ok := strings.CutPrefix(champ, "ligne_"); ok && opco.Ligne(f.Get(champ)) == ligne {
				g.Set("ttc_"+n, ttc)
				g.Set("tva_"+n, tva)
			}
		}
		_, _, page := e2.envoyerAvec(chemin, g, "", "")
		if page = strings.ReplaceAll(page, "\u00a0", " "); !strings.Contains(page, want) {
			t.Errorf("%s of %s with %s of TVA: want %q in %.400s", ligne, ttc, tva, want, page[max(0, strings.Index(page, `id="verdict"`)):])
		}
	}
	essayer("44,00", "4,00", "Nous paierons 1 401,40 € sur 1 412,40 €.", opco.LigneRepas) // 40,00 of 51,00
	essayer("44,00", "0", "Nous paierons 1 405,40 € sur 1 412,40 €.", opco.LigneRepas)
	essayer("150,00", "25,00", "Nous paierons 1 402,40 € sur 1 412,40 €.", opco.LigneHebergement) // 150,00 of 160,00
	essayer("10,00", "11,00", "La TVA récupérée dépasse le total TTC du justificatif.", opco.LigneRepas)
}

// TestTheFileOfAFormIsNotLost: chosen, it is named by the form after a trial and after a
// refusal, leaves with the acte, and is a pièce with it or not at all.
func TestTheFileOfAFormIsNotLost(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aRembourser()
	avant := len(v.chezSoi(id).Pieces)
	e2 := v.autre().entrer("e2", motDemo)
	chemin := "/entreprise/dossiers/" + id + "/factures/nouvelle"
	f := e2.formulaireLu(e2.lire(chemin))
	f.Set("action", "essayer")
	garde := func(quoi string, veut int, statut int, page string) url.Values {
		t.Helper()
		g := e2.formulaireLu(page)
		if statut != veut || g.Get("garde") == "" || !strings.Contains(page, "ma facture.pdf") {
			t.Fatalf("%s: %d, the form keeps %q", quoi, statut, g.Get("garde"))
		}
		if n := len(v.chezSoi(id).Pieces); n != avant {
			t.Errorf("%s: %d pièces, want %d", quoi, n, avant)
		}
		return g
	}
	statut, _, page := e2.envoyerAvec(chemin, f, "ma facture.pdf", unPDF)
	f = garde("refused for want of a number", 422, statut, page)
	f.Set("numero", "2026-09")
	f.Set("action", "essayer")
	prouver(f)
	statut, _, page = e2.envoyerAvec(chemin, f, "", "")
	g := garde("tried", 200, statut, page)
	g.Set("action", "essayer")
	g.Set("retirer", "oui")
	if _, _, page := e2.envoyerAvec(chemin, g, "", ""); strings.Contains(page, "ma facture.pdf") {
		t.Error("taken off, the file is still named")
	}
	f.Set("action", "envoyer")
	if statut, _, page := e2.envoyerAvec(chemin, f, "", ""); statut != 422 || !strings.Contains(page, "déposez-la d’abord") {
		t.Errorf("sent with a file taken off: %d", statut)
	}
	f.Del("garde")
	if statut, vers, page := e2.envoyerAvec(chemin, f, "ma facture.pdf", unPDF); statut != 303 {
		t.Fatalf("sent: %d %s %.500s", statut, vers, page)
	}
	d := v.chezSoi(id)
	if len(d.Pieces) != avant+1 || d.Factures[0].PieceID != d.Pieces[avant].ID {
		t.Errorf("got %d pièces and %+v", len(d.Pieces), d.Factures)
	}
	v.refuseSansPiece(d)
}

// refuseSansPiece has the rules refuse an acte that brings a file: nothing of it is filed,
// and its author still has it.
func (v *visiteur) refuseSansPiece(d *opco.Dossier) {
	v.t.Helper()
	e2 := v.autre().entrer("e2", motDemo)
	chemin := "/entreprise/dossiers/" + d.ID + "/factures/nouvelle"
	f := e2.formulaireLu(e2.lire(chemin))
	f.Set("action", "essayer")
	_, _, page := e2.envoyerAvec(chemin, f, "deuxieme.pdf", unPDF+"\n")
	fichier := e2.formulaireLu(page).Get("garde")
	var par opco.Acteur
	if err := v.store.DB.QueryRow(`SELECT personne, depose_nom FROM mise_de_cote WHERE id = $1`, fichier).Scan(&par.Personne, &par.Nom); err != nil {
		v.t.Fatal(err)
	}
	par.Role, par.SIRET = opco.RoleEntreprise, string(d.Demande.Etablissement)
	x := d.Factures[0]
	x.Numero, x.PieceID = "2026-10", fichier // under the id of an invoice that is here already
	charge, err := json.Marshal(opco.ChargeFacturer{Facture: x})
	if err != nil {
		v.t.Fatal(err)
	}
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(d.ID), Type: opco.ActeFacturer, Par: par, Charge: charge}
	if _, err := v.store.Recevoir(v.t.Context(), a); err != nil {
		v.t.Fatal(err)
	}
	depart, err := v.store.Depart(v.t.Context(), a.Objet)
	if err != nil {
		v.t.Fatal(err)
	}
	issue, err := v.store.Record(v.t.Context(), opco.Demarche{Objet: a.Objet, Rang: depart.Rang + 1, ActeID: a.ID})
	if apres := v.chezSoi(d.ID); err != nil || issue.Verdict != opco.VerdictRefuse || len(apres.Pieces) != len(d.Pieces) {
		v.t.Errorf("refused: %s, %d pièces (%v), want none more than %d", issue.Verdict, len(apres.Pieces), err, len(d.Pieces))
	}
	if _, err := v.store.MiseDeCote(v.t.Context(), opco.Portee{Role: opco.RoleEntreprise, Personne: par.Personne, SIRETs: []string{par.SIRET}}, d.ID, fichier); err != nil {
		v.t.Errorf("the file of a refused acte: %v", err)
	}
}

// TestTheFileOfCertificatsIsNotLost is the same of the certificats of an organisme.
func TestTheFileOfCertificatsIsNotLost(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aFacturer()
	avant := len(v.chezSoi(id).Pieces)
	of1 := v.autre().entrer("of1", motDemo)
	chemin := "/organisme/dossiers/" + id + "/certificats"
	f := of1.formulaireLu(of1.lire(chemin))
	f.Del("signe")
	f.Set("action", "envoyer")
	statut, _, page := of1.envoyerAvec(chemin, f, "certificats.pdf", unPDF)
	if f = of1.formulaireLu(page); statut != 422 || f.Get("garde") == "" || len(v.chezSoi(id).Pieces) != avant {
		t.Fatalf("not signed: %d, keeps %q", statut, f.Get("garde"))
	}
	f.Set("action", "envoyer")
	f.Set("signe", "oui")
	if statut, _, page := of1.envoyerAvec(chemin, f, "", ""); statut != 303 {
		t.Fatalf("signed: %d %.500s", statut, page)
	}
	if d := v.chezSoi(id); len(d.Pieces) != avant+1 || len(d.Certificats) != 2 || d.Certificats[0].Empreinte == "" {
		t.Errorf("got %d pièces, %+v", len(d.Pieces), d.Certificats)
	}
}
