package messagerie

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const maxMessage = 25 << 20 // bytes

// SMTP is the server that accepts every mail and keeps it in a Boite, except
// for the faults it is told to have. Its methods may be called from anywhere.
type SMTP struct {
	addr  string
	boite *Boite

	mu     sync.Mutex
	panne  Panne
	server *smtp.Server // nil while stopped
}

// NewSMTP returns a server that will listen on addr.
func NewSMTP(addr string, b *Boite) *SMTP {
	return &SMTP{addr: addr, boite: b, panne: Panne{Mode: ModeAucune}}
}

// Start begins to accept mails.
func (s *SMTP) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return nil
	}
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("le serveur de courriel ne peut pas ouvrir %s (%w)", s.addr, err)
	}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{smtp: s}, nil
	}))
	s.server.Domain = "guichet.localhost"
	s.server.MaxMessageBytes = maxMessage
	s.server.MaxRecipients = 100
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	go func(server *smtp.Server) { _ = server.Serve(l) }(s.server)
	return nil
}

// Stop refuses further connections and cuts those in progress.
func (s *SMTP) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		_ = s.server.Close()
		s.server = nil
	}
}

// SetPanne puts a fault in force, in place of the one before.
func (s *SMTP) SetPanne(p Panne) error {
	if err := p.check(); err != nil {
		return err
	}
	s.mu.Lock()
	s.panne = p
	s.mu.Unlock()
	if p.Mode == ModeArret {
		s.Stop()
		return nil
	}
	return s.Start()
}

// Panne returns the fault in force.
func (s *SMTP) Panne() Panne {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.panne
}

// session is one SMTP conversation.
type session struct {
	smtp *SMTP
	de   string
	a    []string
}

func (s *session) Reset()        { s.de, s.a = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.de = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.smtp.Panne().answer(to); err != nil {
		return err
	}
	s.a = append(s.a, to)
	return nil
}

// Data keeps the mail; a mail that cannot be kept is refused for now, never
// lost after an accepted answer.
func (s *session) Data(r io.Reader) error {
	var body bytes.Buffer
	if _, err := body.ReadFrom(r); err != nil {
		return err
	}
	if err := s.smtp.boite.add(s.de, s.a, body.Bytes(), time.Now()); err != nil {
		return &smtp.SMTPError{
			Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1},
			Message: "Le courriel n'a pas pu etre range sur le disque",
		}
	}
	return nil
}
