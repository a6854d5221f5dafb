package courrier_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"

	"guichet/courrier"
	"guichet/opco"
)

// boite is a mail server in process. It keeps what it accepts, and fails on
// demand, as the servers of the world do.
type boite struct {
	mu      sync.Mutex
	recus   []recu
	rcpt    func(a string) error // refuses an addressee
	data    error                // refuses the text
	couper  bool                 // takes the text, then hangs up before answering
	adresse string
}

type recu struct {
	de   string
	a    []string
	brut []byte
}

type session struct {
	b *boite
	c *smtp.Conn
	r recu
}

func (b *boite) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{b: b, c: c}, nil }
func (s *session) Reset()                                      { s.r = recu{} }
func (s *session) Logout() error                               { return nil }
func (s *session) Mail(de string, _ *smtp.MailOptions) error   { s.r.de = de; return nil }

func (s *session) Rcpt(a string, _ *smtp.RcptOptions) error {
	if s.b.rcpt != nil {
		if err := s.b.rcpt(a); err != nil {
			return err
		}
	}
	s.r.a = append(s.r.a, a)
	return nil
}

func (s *session) Data(r io.Reader) error {
	brut, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.b.data != nil {
		return s.b.data
	}
	s.r.brut = brut
	s.b.recus = append(s.b.recus, s.r)
	if s.b.couper {
		return s.c.Conn().Close()
	}
	return nil
}

// ouvrir starts the server on the loopback, for the time of the test.
func ouvrir(t *testing.T, b *boite) courrier.Postier {
	t.Helper()
	s := smtp.NewServer(b)
	s.Domain, s.ErrorLog = "localhost", silence{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	b.adresse = l.Addr().String()
	return postier(b.adresse)
}

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

func postier(serveur string) courrier.Postier {
	return courrier.Postier{
		Serveur: serveur, De: courrier.Adresse{Nom: "OPCO Démo", Courriel: "ne-pas-repondre@opco-demo.example"}, Domaine: "opco-demo.example",
		Delai: 2 * time.Second, Horloge: func() time.Time { return time.Date(2026, 5, 20, 8, 0, 0, 0, time.UTC) },
	}
}

func pliAccord(t *testing.T) courrier.Pli {
	t.Helper()
	p, err := courrier.Composer(accordTilleuls(), maison)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEnvoyer(t *testing.T) {
	b := &boite{}
	p, pli := ouvrir(t, b), pliAccord(t)
	if err := p.Envoyer(context.Background(), pli.Message); err != nil {
		t.Fatal(err)
	}
	if len(b.recus) != 1 {
		t.Fatalf("got %d mails, want 1", len(b.recus))
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(b.recus[0].brut))
	if err != nil {
		t.Fatal(err)
	}
	for entete, want := range map[string]string{
		"Message-Id":     "<26.A.21056.1-accord-1-entreprise@opco-demo.example>",
		"Subject":        "Dossier 26.A.21056.1 : accord partiel, 1 412,40 €",
		"Auto-Submitted": "auto-generated",
		"Date":           "Wed, 20 May 2026 08:00:00 +0000",
		"To":             "Mme\u00a0Hélène Roussillon-Beaupré <helene@tilleuls.example>",
		"User-Agent":     "",
		"X-Mailer":       "",
	} {
		if got := strings.ReplaceAll(env.GetHeader(entete), `"`, ""); got != want {
			t.Errorf("%s: got %q, want %q", entete, got, want)
		}
	}
	if got := strings.ReplaceAll(env.Text, "\r\n", "\n"); got != pli.Message.Texte {
		t.Errorf("the text changed on the way:\n%s", got)
	}
	if !strings.Contains(env.HTML, "Il reste 1\u00a0497,13\u00a0€ à votre charge") {
		t.Error("the HTML lost its accents or its amount on the way")
	}
	if len(env.Attachments) != 1 || !bytes.Equal(env.Attachments[0].Content, pli.PDF) || env.Attachments[0].FileName != "accord-26.A.21056.1.pdf" {
		t.Errorf("the PDF did not arrive as it left: %d attachments", len(env.Attachments))
	}
}

func TestEnvoyerRefus(t *testing.T) {
	code := func(c int) func(string) error {
		return func(string) error {
			return &smtp.SMTPError{Code: c, EnhancedCode: smtp.EnhancedCode{c / 100, 1, 1}, Message: "non"}
		}
	}
	tests := []struct {
		nom       string
		b         *boite
		permanent bool
	}{
		{"451 on the addressee is worth another try", &boite{rcpt: code(451)}, false},
		{"452 too", &boite{rcpt: code(452)}, false},
		{"550 unknown addressee is final", &boite{rcpt: code(550)}, true},
		{"552 full box is worth another try", &boite{rcpt: code(552)}, false},
		{"554 on the text is final", &boite{data: code(554)("")}, true},
		{"451 on the text is worth another try", &boite{data: code(451)("")}, false},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			err := ouvrir(t, tt.b).Envoyer(context.Background(), pliAccord(t).Message)
			if err == nil {
				t.Fatal("got no error")
			}
			if got := courrier.Permanent(err); got != tt.permanent {
				t.Errorf("Permanent(%v) = %v, want %v", err, got, tt.permanent)
			}
			if len(tt.b.recus) != 0 {
				t.Error("a mail was kept all the same")
			}
		})
	}
}

// TestEnvoyerCoupure loses the answer after the last dot: the mail may have left
// or not, so it is sent again, under the same Message-ID.
func TestEnvoyerCoupure(t *testing.T) {
	b := &boite{couper: true}
	p, msg := ouvrir(t, b), pliAccord(t).Message
	err := p.Envoyer(context.Background(), msg)
	if err == nil || courrier.Permanent(err) {
		t.Fatalf("got %v, want an error worth another try", err)
	}
	b.mu.Lock()
	b.couper = false
	b.mu.Unlock()
	if err := p.Envoyer(context.Background(), msg); err != nil {
		t.Fatal(err)
	}
	if len(b.recus) != 2 {
		t.Fatalf("got %d mails, want 2", len(b.recus))
	}
	id := func(r recu) string {
		env, err := enmime.ReadEnvelope(bytes.NewReader(r.brut))
		if err != nil {
			t.Fatal(err)
		}
		return env.GetHeader("Message-Id")
	}
	if a, b := id(b.recus[0]), id(b.recus[1]); a != b || a == "" {
		t.Errorf("Message-ID %s then %s: want the same", a, b)
	}
}

// TestEnvoyerMalforme never reaches the server.
func TestEnvoyerMalforme(t *testing.T) {
	b := &boite{}
	p := ouvrir(t, b)
	msg := pliAccord(t).Message
	msg.A[0].Courriel = "a@b.example\r\nRCPT TO:<x@y.example>"
	if err := p.Envoyer(context.Background(), msg); opco.KindOf(err) != opco.Invalid || !courrier.Permanent(err) {
		t.Errorf("got %v, want a permanent Invalid", err)
	}
	if len(b.recus) != 0 {
		t.Error("the server received something")
	}
}

// scenariste answers each SMTP verb with a set line: it is every server that
// go-smtp is too well mannered to be. An empty line hangs up.
func scenariste(t *testing.T, reponses map[string]string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	repondre := func(c net.Conn, verbe, defaut string) bool {
		r, ok := reponses[verbe]
		if !ok {
			r = defaut
		}
		if r == "" {
			return false
		}
		_, err := fmt.Fprintf(c, "%s\r\n", r)
		return err == nil
	}
	parler := func(c net.Conn) {
		defer c.Close()
		lecture, texte := bufio.NewScanner(c), false
		if !repondre(c, "accueil", "220 localhost") {
			return
		}
		for lecture.Scan() {
			ligne := lecture.Text()
			verbe, _, _ := strings.Cut(ligne, " ")
			defaut := "250 bien"
			switch {
			case texte && ligne != ".":
				continue
			case texte:
				texte, verbe = false, "point"
			case verbe == "DATA":
				texte, defaut = true, "354 allez"
			}
			if !repondre(c, verbe, defaut) {
				return
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go parler(c)
		}
	}()
	return l.Addr().String()
}

func TestEnvoyerServeursDifficiles(t *testing.T) {
	tests := []struct {
		nom       string
		reponses  map[string]string
		ok        bool
		permanent bool
	}{
		{"a plain server", nil, true, false},
		{"accepts, then hangs up at RSET: it is sent", map[string]string{"RSET": ""}, true, false},
		{"accepts, then hangs up at QUIT: it is sent", map[string]string{"QUIT": ""}, true, false},
		{"busy at the door", map[string]string{"accueil": "421 plus tard"}, false, false},
		{"closed door: an outage of ours", map[string]string{"accueil": "554 non"}, false, false},
		{"refuses our own address: ours to mend", map[string]string{"MAIL": "550 expéditeur inconnu"}, false, false},
		{"wants a password first: ours to mend", map[string]string{"RCPT": "530 identifiez-vous"}, false, false},
		{"refuses at the last dot", map[string]string{"point": "550 contenu refusé"}, false, true},
		{"hangs up at once", map[string]string{"accueil": ""}, false, false},
		{"talks nonsense", map[string]string{"MAIL": "bonjour"}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			err := postier(scenariste(t, tt.reponses)).Envoyer(context.Background(), pliAccord(t).Message)
			if (err == nil) != tt.ok || courrier.Permanent(err) != tt.permanent {
				t.Errorf("got %v, permanent %v; want ok %v, permanent %v", err, courrier.Permanent(err), tt.ok, tt.permanent)
			}
		})
	}
}

func TestEnvoyerSansServeur(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	adresse := l.Addr().String()
	l.Close()
	msg := pliAccord(t).Message
	if err := postier(adresse).Envoyer(context.Background(), msg); err == nil || courrier.Permanent(err) {
		t.Errorf("nobody listens: got %v, want an error worth another try", err)
	}
	fini, annuler := context.WithCancel(context.Background())
	annuler()
	if err := postier(scenariste(t, nil)).Envoyer(fini, msg); err == nil || courrier.Permanent(err) {
		t.Errorf("cancelled: got %v, want an error worth another try", err)
	}
	p := postier(scenariste(t, nil))
	p.TLS = true
	if err := p.Envoyer(context.Background(), msg); err == nil || courrier.Permanent(err) {
		t.Errorf("no STARTTLS where it is required: got %v, want an error worth another try", err)
	}
	for reponse, ok := range map[string]bool{"235 bienvenue": true, "535 mauvais mot de passe": false} {
		p = postier(scenariste(t, map[string]string{"EHLO": "250-localhost\r\n250 AUTH PLAIN", "AUTH": reponse}))
		p.Identifiant, p.MotDePasse = "guichet", "secret"
		if err := p.Envoyer(context.Background(), msg); (err == nil) != ok || courrier.Permanent(err) {
			t.Errorf("AUTH answers %q: got %v; want ok %v, never permanent", reponse, err, ok)
		}
	}
	p = postier(scenariste(t, nil))
	p.Identifiant, p.MotDePasse = "guichet", "secret"
	if err := p.Envoyer(context.Background(), msg); err == nil || courrier.Permanent(err) || strings.Contains(err.Error(), "secret") {
		t.Errorf("no AUTH where it is required: got %v, want an error worth another try, without the password", err)
	}
}
