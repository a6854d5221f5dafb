package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
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

// visiterEtude is visiter with a store of files, and the words of letters.
func visiterEtude(t *testing.T) *visiteur {
	t.Helper()
	s := storetest.Demo.Ouvrir(t)
	f, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	serveur, err := api.New(api.Config{Store: s, Fichiers: f, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true,
		Examiner: func(context.Context, io.Reader, string) error { return nil }, Lettre: lettreDe, Log: slog.New(slog.DiscardHandler)})
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

// lettreDe words a letter as the postier does.
func lettreDe(e opco.Envoi) (api.LettreApercue, error) {
	evt, err := courrier.Rediger(e)
	if err != nil {
		return api.LettreApercue{}, err
	}
	m := courrier.Maison{Nom: "OPCO Démo", Site: "guichet.test", URL: "https://guichet.test", Recours: courrier.RecoursDefaut, Paiement: 30}
	msg, err := evt.Courriel(m)
	if err != nil {
		return api.LettreApercue{}, err
	}
	a := api.LettreApercue{Objet: msg.Objet, Texte: msg.Texte}
	if l, ok := evt.Lettre(m); ok {
		a.HTML, err = l.HTML()
	}
	return a, err
}

// pngVide is the smallest picture.
const pngVide = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"

// deposerPiece gives a dossier a pièce of a kind, a picture; it returns its id.
func (v *visiteur) deposerPiece(dossier, genre string) string {
	v.t.Helper()
	id := uuid.NewString()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for nom, valeur := range map[string]string{"acte_id": id, "type": genre} {
		if err := m.WriteField(nom, valeur); err != nil {
			v.t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("fichier", "piece.png")
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = io.WriteString(w, pngVide+genre)
	m.Close()
	req, err := http.NewRequest("POST", v.site+"/api/dossiers/"+dossier+"/pieces", &b)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	r, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		dit, _ := io.ReadAll(r.Body)
		v.t.Fatalf("a pièce: %d %s", r.StatusCode, dit)
	}
	return id
}

func (v *visiteur) etat(dossier string) opco.Etat {
	v.t.Helper()
	d, err := v.store.Dossier(v.t.Context(), opco.Portee{Interne: true}, dossier)
	if err != nil {
		v.t.Fatal(err)
	}
	return d.Etat
}

// TestAnAdviserAsksThenGrants: from the queue, the advisor asks the pièces that lack,
// sees the letter before it leaves, reads what comes beside the checks and grants: by
// mouse, then by keyboard alone.
func TestAnAdviserAsksThenGrants(t *testing.T) { parModes(t, visiterEtude, mains.instruit) }

func (m mains) instruit() {
	id := m.v.entrer("e1", motDemo).depose()
	page := "/instruction/dossiers/" + id
	m.entrer("gestionnaire")
	m.menu("/instruction?file=completude")
	m.presser(`.principal[aria-keyshortcuts=N]`, "n")
	m.la(page)
	m.presser(`.decision a[aria-keyshortcuts=C]`, "c")
	m.pret(`#acte`)
	m.voir(`document.querySelectorAll(".piece-demandee input:checked").length`, "2")
	m.cocher(`[name=prendre_1]`)
	m.voir(`document.querySelectorAll(".piece-demandee input:checked").length`, "1")
	m.cocher(`[name=prendre_1]`)
	if m.clavier {
		m.aller(`.decision .principal`) // the key of a letter is not heard in a field
	}
	m.presser(`.decision .principal`, "a")
	m.pret(`.dite`)
	m.la(page)
	if e := m.v.etat(id); e != opco.EtatACompleter {
		m.t.Fatalf("after the complément: %s", e)
	}
	m.v.deposerPiece(id, "PROGRAMME")
	m.v.deposerPiece(id, "CONVENTION")
	if e := m.v.etat(id); e != opco.EtatEnInstruction {
		m.t.Fatalf("after the pièces: %s", e)
	}
	m.menu("/instruction?file=instruction")
	m.ouvrir(`a.titre[href="` + page + `"]`)
	m.la(page)
	m.pret(`img.piece`)
	m.voir(`document.querySelector(".pieces [aria-current]").innerText.includes("Programme")`, "true")
	m.presser(`.outils a[rel=next]`, "p")
	m.voir(`document.querySelector(".pieces [aria-current]")?.innerText.includes("Convention")`, "true")
	m.presser(`.decision .principal`, "a")
	m.pret(`.dite`)
	if e := m.v.etat(id); e != opco.EtatAccordee && e != opco.EtatAccordeePartielle {
		m.t.Errorf("after the décision: %s", e)
	}
	m.voir(`document.querySelector(".decision [aria-keyshortcuts=N]")!==null`, "true")
}

// TestTheLetterBeforeItLeaves: the preview is the letter of the ticked boxes, in a
// frame that runs nothing, and sends nothing; what is missing is said there.
func TestTheLetterBeforeItLeaves(t *testing.T) {
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	g := v.autre().entrer("gestionnaire", motDemo)
	base := "/instruction/dossiers/" + id + "/actes/"
	boites := url.Values{"prendre_1": {"oui"}, "type_1": {"PROGRAMME"}, "motif_1": {"MANQUANTE"}, "precision_1": {"avec les objectifs"}}
	for _, tt := range []struct {
		nom, genre string
		f          url.Values
		statut     int
		dit        string
	}{
		{"the letter of the boxes", "complement", boites, 200, "avec les objectifs"},
		{"no box", "complement", url.Values{}, 422, "Cochez au moins une pièce"},
		{"a box without its reason", "complement", url.Values{"prendre_1": {"oui"}, "type_1": {"PROGRAMME"}}, 422, "Dites pourquoi"},
		{"an acte of another étape", "renvoi", url.Values{"raison": {"x"}}, 409, "n’est pas possible à cette étape"},
		{"an acte that is none", "rien", url.Values{}, 404, ""},
	} {
		statut, _, page := g.envoyer(base+tt.genre+"/apercu", tt.f)
		if statut != tt.statut || !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), tt.dit) {
			t.Errorf("%s: %d %.600s", tt.nom, statut, page)
		}
	}
	if e := v.etat(id); e != opco.EtatTransmise {
		t.Errorf("a preview moved the dossier to %s", e)
	}
	var n int
	if err := v.store.DB.Get(&n, `SELECT count(*) FROM courrier WHERE objet = $1 AND evenement = 'COMPLEMENT_DEMANDE'`, opco.ObjetDossier(id)); err != nil || n != 0 {
		t.Errorf("a preview posted %d letters, %v", n, err)
	}
	v.veut("a complément without its reason", 422, "", `href="#champ-motif_1"`)(g.envoyer(base+"complement", url.Values{"prendre_1": {"oui"}, "type_1": {"PROGRAMME"}}))
	v.veut("a complément", 303, "/instruction/dossiers/"+id, "")(g.envoyer(base+"complement", boites))
	if e := v.etat(id); e != opco.EtatACompleter {
		t.Errorf("after the complément: %s", e)
	}
}

// TestADecisionIsTheOneThatWasRead: a proposal read before the dossier changed is not
// decided, and a refusal waits for somebody else than who proposed it.
func TestADecisionIsTheOneThatWasRead(t *testing.T) {
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	g := v.autre().entrer("gestionnaire", motDemo)
	base := "/instruction/dossiers/" + id + "/actes/"
	v.veut("a complément", 303, "/instruction/dossiers/"+id, "")(g.envoyer(base+"complement", url.Values{"prendre_1": {"oui"}, "type_1": {"PROGRAMME"}, "motif_1": {"MANQUANTE"}, "prendre_2": {"oui"}, "type_2": {"CONVENTION"}, "motif_2": {"MANQUANTE"}}))
	v.deposerPiece(id, "PROGRAMME")
	piece := v.deposerPiece(id, "CONVENTION")
	v.veut("an opinion without its reason", 422, "", `href="#champ-motif_piece"`)(g.envoyer("/instruction/dossiers/"+id+"/pieces/"+piece+"/avis", url.Values{"avis": {"non_conforme"}}))
	v.veut("an opinion", 303, "/instruction/dossiers/"+id+"?piece="+piece, "")(g.envoyer("/instruction/dossiers/"+id+"/pieces/"+piece+"/avis", url.Values{"avis": {"conforme"}}))
	page := g.lire("/instruction/dossiers/" + id)
	lue := url.Values{"rang": {cache(t, page, "rang")}, "sens": {cache(t, page, "sens")}, "accorde": {"1"}}
	v.veut("another amount than the one read", 409, "", "Relisez la proposition")(g.envoyer(base+"accord", lue))
	lue.Set("accorde", cache(t, page, "accorde"))
	v.veut("a dossier that changed since", 409, "", "Relisez-le avant de décider")(g.envoyer(base+"accord", lue))
	v.veut("a refusal without its motif", 422, "", `href="#champ-motif"`)(g.envoyer(base+"refus", url.Values{}))
	v.veut("a refusal", 303, "/instruction/dossiers/"+id, "")(g.envoyer(base+"refus", url.Values{"motif": {"PROGRAMME_INSUFFISANT"}}))
	if e := v.etat(id); e != opco.EtatEnValidation {
		t.Fatalf("a refusal without a second regard: %s", e)
	}
	if page := g.lire("/instruction/dossiers/" + id); !strings.Contains(page, "le second regard revient à une autre personne") {
		t.Error("who proposed is not told that somebody else validates")
	}
	r := v.autre().entrer("responsable", motDemo)
	v.veut("a return without its reason", 422, "", `href="#champ-raison"`)(r.envoyer(base+"renvoi", url.Values{}))
	v.veut("the second regard", 303, "/instruction/dossiers/"+id, "")(r.envoyer(base+"validation", url.Values{}))
	if e := v.etat(id); e != opco.EtatRefusee {
		t.Errorf("after the second regard: %s", e)
	}
}

// TestAThreadByThePages: the company writes, the OPCO is told, answers, and neither
// the organisme nor another company reads it; a note stays among colleagues.
func TestAThreadByThePages(t *testing.T) {
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	v.appeler("POST", "/api/dossiers/"+id+"/echanges", map[string]any{"acte_id": uuid.NewString(), "texte": "Où en est ma demande ?"}, 200)
	g := v.autre().entrer("gestionnaire", motDemo)
	if page := g.lire("/instruction/messages?dossiers=tous"); !strings.Contains(page, "Où en est ma demande ?") {
		t.Error("the OPCO is not told of the message")
	}
	if page := g.lire("/instruction/dossiers/" + id + "?volet=echanges"); !strings.Contains(page, "Où en est ma demande ?") || !strings.Contains(page, "Nouveau") {
		t.Error("the thread does not show the new message")
	}
	if page := g.lire("/instruction/messages?dossiers=tous"); strings.Contains(page, "Où en est ma demande ?") {
		t.Error("a message that was read still waits")
	}
	v.veut("an empty answer", 422, "", `href="#champ-texte"`)(g.envoyer("/instruction/dossiers/"+id+"/echanges?fil=entreprise", url.Values{}))
	v.veut("an answer", 303, "/instruction/dossiers/"+id+"?volet=echanges&fil=entreprise", "")(g.envoyer("/instruction/dossiers/"+id+"/echanges?fil=entreprise", url.Values{"texte": {"Nous l’étudions."}}))
	v.veut("a note", 303, "/instruction/dossiers/"+id+"?volet=notes", "")(g.envoyer("/instruction/dossiers/"+id+"/notes", url.Values{"texte": {"ENTRE NOUS"}}))
	for _, chemin := range []string{"/api/dossiers/" + id + "/echanges", "/api/dossiers/" + id} {
		if _, _, page := v.envoyer(chemin, nil); strings.Contains(page, "ENTRE NOUS") {
			t.Errorf("%s shows a note to the company", chemin)
		}
	}
	if _, _, page := v.envoyer("/api/dossiers/"+id+"/echanges", nil); !strings.Contains(page, "Nous l’étudions.") {
		t.Error("the company does not read the answer")
	}
	o := v.autre().entrer("of1", motDemo)
	if statut, _, page := o.envoyer("/api/dossiers/"+id+"/echanges", nil); statut != 200 || strings.Contains(page, "Nous l’étudions.") {
		t.Errorf("the organisme: %d %.200s", statut, page)
	}
	if statut, _, _ := o.envoyer("/api/dossiers/"+id+"/echanges?fil=entreprise", nil); statut != 404 {
		t.Errorf("the organisme asks for the thread of the company: %d", statut)
	}
	v.veut("a word to the organisme", 303, "/instruction/dossiers/"+id+"?volet=echanges&fil=organisme", "")(g.envoyer("/instruction/dossiers/"+id+"/echanges?fil=organisme", url.Values{"texte": {"Votre programme est illisible."}}))
	sien := "/organisme/dossiers/" + id + "/echanges"
	if page := o.lire(sien); !strings.Contains(page, "Votre programme est illisible.") || strings.Contains(page, "Nous l’étudions.") {
		t.Error("the organisme does not read its own thread, or reads another one")
	}
	v.veut("an empty answer of the organisme", 422, "", `href="#champ-texte"`)(o.envoyer(sien, url.Values{}))
	v.veut("its answer", 303, sien, "")(o.envoyer(sien, url.Values{"texte": {"Le voici de nouveau."}}))
	if page := g.lire("/instruction/dossiers/" + id + "?volet=echanges&fil=organisme"); !strings.Contains(page, "Le voici de nouveau.") {
		t.Error("the OPCO does not read the answer of the organisme")
	}
	if statut, _, _ := v.envoyer("/api/dossiers/"+id+"/notes", nil); statut != 403 {
		t.Errorf("the company asks for the notes: %d", statut)
	}
}
