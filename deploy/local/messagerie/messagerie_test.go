package messagerie_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/deploy/local/messagerie"
)

// essai is a running mail catcher.
type essai struct {
	dir, addr string
	smtp      *messagerie.SMTP
	page      *httptest.Server
}

func ouvrir(t *testing.T, dir string) *essai {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	box, err := messagerie.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := &essai{dir: dir, addr: l.Addr().String()}
	e.smtp = messagerie.NewSMTP(e.addr, box)
	if err := e.smtp.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.smtp.Stop)
	handler, err := messagerie.Handler(box, e.smtp)
	if err != nil {
		t.Fatal(err)
	}
	e.page = httptest.NewServer(handler)
	t.Cleanup(e.page.Close)
	return e
}

const lettre = "From: Guichet <ne-pas-repondre@guichet.example>\r\n" +
	"To: %[1]s\r\nSubject: =?utf-8?q?D=C3=A9cision?= %[2]s\r\nMessage-ID: <%[2]s@guichet>\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=M\r\n\r\n" +
	"--M\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n" +
	"--A\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVotre dossier est accordé : 557,13 €.\r\n" +
	"--A\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Votre dossier</p><img src=\"cid:logo\"><script>alert(1)</script>\r\n--A--\r\n" +
	"--M\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"accord.pdf\"\r\n\r\n%%PDF-1.4\r\n" +
	"--M\r\nContent-Type: image/png\r\nContent-Disposition: inline\r\nContent-ID: <logo>\r\n\r\nPNG\r\n--M--\r\n"

func (e *essai) envoyer(a, numero string) error {
	return smtp.SendMail(e.addr, nil, "retour@guichet.example", []string{a, "copie@guichet.example"},
		fmt.Appendf(nil, lettre, a, numero))
}

func (e *essai) lire(t *testing.T, query string) []messagerie.Message {
	t.Helper()
	resp, err := http.Get(e.page.URL + "/api/messages?" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var m []messagerie.Message
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (e *essai) panne(t *testing.T, body string) int {
	t.Helper()
	resp, err := http.Post(e.page.URL+"/api/pannes", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestMessages(t *testing.T) {
	e := ouvrir(t, t.TempDir())
	for i, a := range []string{"rh@sogetra.example", "RH@sogetra.example", "contact@of.example"} {
		if err := e.envoyer(a, fmt.Sprintf("AF-%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name, query string
		want        []string // message ids, newest first
	}{
		{"all, newest first", "", []string{"<AF-2@guichet>", "<AF-1@guichet>", "<AF-0@guichet>"}},
		{"by address, in any case", "a=rh@Sogetra.example", []string{"<AF-1@guichet>", "<AF-0@guichet>"}},
		{"a part of an address is not enough", "a=sogetra.example", nil},
		{"a blind copy is found", "a=copie@guichet.example&objet=AF-1", []string{"<AF-1@guichet>"}},
		{"by subject, without accents", "objet=" + url.QueryEscape("decision AF-2"), []string{"<AF-2@guichet>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, m := range e.lire(t, tt.query) {
				got = append(got, m.MessageID)
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	m := e.lire(t, "objet=AF-0")[0]
	if m.Objet != "Décision AF-0" || !strings.Contains(m.Texte, "557,13 €") || !strings.Contains(m.HTML, "<p>Votre dossier</p>") {
		t.Errorf("got %+v, want subject, text and HTML decoded", m)
	}
	if len(m.Pieces) != 2 || m.Pieces[0].Nom != "accord.pdf" || m.Pieces[0].Type != "application/pdf" || m.Pieces[0].Taille != len("%PDF-1.4") {
		t.Errorf("got attachments %+v, want accord.pdf then the image", m.Pieces)
	}
}

func TestMailsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	first := ouvrir(t, dir)
	if err := first.envoyer("rh@sogetra.example", "AF-1"); err != nil {
		t.Fatal(err)
	}
	again := ouvrir(t, dir)
	if err := again.envoyer("rh@sogetra.example", "AF-2"); err != nil {
		t.Fatal(err)
	}
	got := again.lire(t, "a=copie@guichet.example")
	if len(got) != 2 || got[0].MessageID != "<AF-2@guichet>" || got[1].Le.IsZero() {
		t.Fatalf("got %+v, want AF-2 then AF-1 with its date", got)
	}
	req, _ := http.NewRequest(http.MethodDelete, again.page.URL+"/api/messages", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if left := again.lire(t, ""); resp.StatusCode != http.StatusNoContent || len(left) != 0 || len(files) != 0 {
		t.Errorf("got %d, %d mails and files %v after DELETE, want 204 and nothing", resp.StatusCode, len(left), files)
	}
}

func TestPannes(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       int // SMTP code for rh@sogetra.example; 0 accepted, -1 no connection
		other      int // the same for contact@of.example
	}{
		{"temporary for one address", `{"mode":"temporaire","pour":"Sogetra"}`, 200, 451, 0},
		{"permanent for all", `{"mode":"permanente","pour":""}`, 200, 550, 550},
		{"stopped", `{"mode":"arret"}`, 200, -1, -1},
		{"none brings it back", `{"mode":"aucune"}`, 200, 0, 0},
		{"an unknown mode changes nothing", `{"mode":"lente"}`, 422, 0, 0},
		{"an unknown key changes nothing", `{"mode":"arret","pou":"x"}`, 400, 0, 0},
	}
	e := ouvrir(t, t.TempDir())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(e.fichiers(t))
			if got := e.panne(t, tt.body); got != tt.status {
				t.Errorf("got %d, want %d", got, tt.status)
			}
			accepted := 0
			for a, want := range map[string]int{"rh@sogetra.example": tt.code, "contact@of.example": tt.other} {
				if got := code(e.envoyer(a, "AF-1")); got != want {
					t.Errorf("%s: got %d, want %d", a, got, want)
				}
				if want == 0 {
					accepted++
				}
			}
			if got := len(e.fichiers(t)) - before; got != accepted {
				t.Errorf("kept %d mails, want %d", got, accepted)
			}
		})
	}
}

func (e *essai) fichiers(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e.dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// code returns the SMTP code of a refusal, 0 for none, -1 when nobody answers.
func code(err error) int {
	switch e := err.(type) {
	case nil:
		return 0
	case *textproto.Error:
		return e.Code
	default:
		return -1
	}
}

func TestPage(t *testing.T) {
	e := ouvrir(t, t.TempDir())
	for _, a := range []string{"rh@sogetra.example", "contact@of.example"} {
		if err := e.envoyer(a, "<b>AF-1"); err != nil {
			t.Fatal(err)
		}
	}
	id := e.lire(t, "a=rh@sogetra.example")[0].ID
	tests := []struct {
		name, path  string
		status      int
		header      string // « Name: part of its value »
		want, never string
	}{
		{"the list", "/", 200, "Content-Security-Policy: default-src 'none'; style-src 'self'", "contact@of.example", "<b>AF-1"},
		{"the list by recipient", "/?destinataire=sogetra", 200, "Content-Type: text/html", "1 courriel<", "contact@of.example"},
		{"a search that finds nothing says so", "/?recherche=introuvable", 200, "Cache-Control: no-store", "Aucun courriel ne répond à cette recherche.", "<table>"},
		{"a page number out of range is the last", "/?page=99", 200, "Content-Type: text/html", "2 courriels, le plus récent", "Aucun courriel"},
		{"one mail", "/messages/" + id, 200, "X-Content-Type-Options: nosniff", `<iframe sandbox title`, "<script>"},
		{"its HTML, sandboxed", "/messages/" + id + "/html", 200, "Content-Security-Policy: sandbox; default-src 'none'", `src="/messages/` + id + `/pieces/1"`, "cid:"},
		{"its attachment", "/messages/" + id + "/pieces/0", 200, `Content-Disposition: attachment; filename=accord.pdf`, "%PDF-1.4", ""},
		{"an attachment that is not there", "/messages/" + id + "/pieces/2", 404, "Content-Type: text/plain", "Cette pièce jointe n'existe pas.", ""},
		{"its source", "/messages/" + id + "/source", 200, "Content-Type: text/plain", "X-Guichet-Pour: rh@sogetra.example, copie@guichet.example", ""},
		{"a mail that is not there", "/messages/1", 404, "Content-Type: text/plain", "Ce courriel n'existe pas ou a été effacé.", ""},
		{"a path is not a mail", "/messages/..%2fetc", 404, "Content-Type: text/plain", "Ce courriel n'existe pas", ""},
		{"the style sheet", "/style.css", 200, "Content-Type: text/css", "color-scheme", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := http.Get(e.page.URL + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			body, _ := io.ReadAll(resp.Body)
			name, value, _ := strings.Cut(tt.header, ": ")
			if resp.StatusCode != tt.status || !strings.HasPrefix(resp.Header.Get(name), value) {
				t.Errorf("got %d, %s: %s, want %d, %s", resp.StatusCode, name, resp.Header.Get(name), tt.status, value)
			}
			if !strings.Contains(string(body), tt.want) || tt.never != "" && strings.Contains(string(body), tt.never) {
				t.Errorf("got %s\nwant %q in it, never %q", body, tt.want, tt.never)
			}
		})
	}
}

func TestPanneByThePage(t *testing.T) {
	e := ouvrir(t, t.TempDir())
	resp, err := http.PostForm(e.page.URL+"/pannes", url.Values{"mode": {"permanente"}, "pour": {"of.example"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	if want := "Refus permanent (550) pour les adresses qui contiennent « of.example »."; !strings.Contains(string(body), want) {
		t.Errorf("the page does not say %q", want)
	}
	if got := code(e.envoyer("contact@of.example", "AF-1")); got != 550 {
		t.Errorf("got %d, want 550", got)
	}
}

func TestAMalformedMailIsStillListed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "0000000000000001.eml"), []byte("\x00pas un courriel"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := ouvrir(t, dir)
	if got := e.lire(t, ""); len(got) != 1 || got[0].ID != "0000000000000001" {
		t.Errorf("got %+v, want the malformed mail listed", got)
	}
}
