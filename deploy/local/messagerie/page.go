package messagerie

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
	_ "time/tzdata" // the page shows Paris time on machines without zone data
)

//go:embed pages
var pages embed.FS

const parPage = 50

// The page itself loads its style sheet and one sandboxed frame. A mail, in
// that frame, loads nothing but the images it brought.
const (
	policyPage = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	policyMail = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

// site serves the page and the API of one box.
type site struct {
	boite *Boite
	smtp  *SMTP
	page  *template.Template
}

// Handler returns the page to read the mails, at /, and the JSON API, under
// /api. Neither asks who is there: serve it on 127.0.0.1 only.
func Handler(b *Boite, s *SMTP) (http.Handler, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("reading the Paris time zone: %w", err)
	}
	page, err := template.New("").Funcs(template.FuncMap{
		"heure":  func(t time.Time) string { return t.In(paris).Format("02/01/2006 15:04:05") },
		"taille": size,
	}).ParseFS(pages, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the mail pages: %w", err)
	}
	return (&site{boite: b, smtp: s, page: page}).routes(), nil
}

func (s *site) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.getListe)
	m.HandleFunc("GET /messages/{id}", s.getMessage)
	m.HandleFunc("GET /messages/{id}/html", s.getHTML)
	m.HandleFunc("GET /messages/{id}/source", s.getSource)
	m.HandleFunc("GET /messages/{id}/pieces/{rang}", s.getPiece)
	m.HandleFunc("POST /pannes", s.postPanne)
	m.HandleFunc("GET /style.css", getStyle)
	m.HandleFunc("GET /api/messages", s.getMessages)
	m.HandleFunc("DELETE /api/messages", s.deleteMessages)
	m.HandleFunc("GET /api/pannes", s.getPannes)
	m.HandleFunc("POST /api/pannes", s.postPannes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policyPage)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		m.ServeHTTP(w, r)
	})
}

// liste is what the list page shows.
type liste struct {
	Messages                []Resume
	Total                   int
	Destinataire, Recherche string
	Suivants, Precedents    string // links, empty when there are none
	Panne                   Panne
	Modes                   []choix
}

type choix struct {
	Mode    Mode
	Libelle string
}

var modes = []choix{
	{ModeAucune, "aucune"},
	{ModeTemporaire, "refus temporaire (451)"},
	{ModePermanente, "refus permanent (550)"},
	{ModeArret, "serveur arrêté"},
}

func (s *site) getListe(w http.ResponseWriter, r *http.Request) {
	l := liste{
		Destinataire: r.FormValue("destinataire"), Recherche: r.FormValue("recherche"),
		Panne: s.smtp.Panne(), Modes: modes,
	}
	found := s.boite.List(Filtre{Dest: l.Destinataire, Recherche: l.Recherche})
	l.Total = len(found)
	n, _ := strconv.Atoi(r.FormValue("page")) // what is not a number is the first page
	n = max(0, min(n, (len(found)-1)/parPage))
	first := n * parPage
	l.Messages = found[first:min(first+parPage, len(found))]
	if first > 0 {
		l.Precedents = l.link(n - 1)
	}
	if first+parPage < len(found) {
		l.Suivants = l.link(n + 1)
	}
	s.render(w, "liste.html", l)
}

func (l liste) link(page int) string {
	q := url.Values{"page": {strconv.Itoa(page)}, "destinataire": {l.Destinataire}, "recherche": {l.Recherche}}
	return "/?" + q.Encode()
}

func (s *site) getMessage(w http.ResponseWriter, r *http.Request) {
	if m, ok := s.read(w, r); ok {
		s.render(w, "message.html", m)
	}
}

func (s *site) getHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := s.read(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", policyMail)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(m.html()))
}

func (s *site) getSource(w http.ResponseWriter, r *http.Request) {
	_, content, err := s.boite.Read(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(content)
}

// getPiece downloads an attachment; a browser never opens it in place, except
// as an image of the mail.
func (s *site) getPiece(w http.ResponseWriter, r *http.Request) {
	m, ok := s.read(w, r)
	if !ok {
		return
	}
	rang, err := strconv.Atoi(r.PathValue("rang"))
	if err != nil || rang < 0 || rang >= len(m.Pieces) {
		http.Error(w, "Cette pièce jointe n'existe pas.", http.StatusNotFound)
		return
	}
	p := m.Pieces[rang]
	w.Header().Set("Content-Type", p.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.Nom}))
	_, _ = w.Write(p.content)
}

func (s *site) postPanne(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	if err := s.smtp.SetPanne(Panne{Mode: Mode(r.PostFormValue("mode")), Pour: r.PostFormValue("pour")}); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// read finds the mail of the route, or answers that it cannot.
func (s *site) read(w http.ResponseWriter, r *http.Request) (Message, bool) {
	m, err := s.boite.message(r.PathValue("id"))
	if err != nil {
		fail(w, err)
	}
	return m, err == nil
}

func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, ErrAbsent) {
		http.Error(w, "Ce courriel n'existe pas ou a été effacé.", http.StatusNotFound)
		return
	}
	http.Error(w, "Ce courriel ne peut pas être lu : "+err.Error(), http.StatusInternalServerError)
}

func (s *site) render(w http.ResponseWriter, name string, data any) {
	var out bytes.Buffer
	if err := s.page.ExecuteTemplate(&out, name, data); err != nil {
		http.Error(w, "La page ne peut pas être affichée : "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w)
}

func getStyle(w http.ResponseWriter, r *http.Request) {
	style, err := fs.ReadFile(pages, "pages/style.css")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(style)
}

// size writes a number of bytes as a person reads it.
func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d o", n)
	case n < 1000*1000:
		return fmt.Sprintf("%d ko", (n+500)/1000)
	}
	return fmt.Sprintf("%d,%d Mo", n/1000/1000, n/1000/100%10)
}
