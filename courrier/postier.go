package courrier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"guichet/opco"
)

// Postier hands mails to an SMTP server.
type Postier struct {
	Serveur string  // host:port
	De      Adresse // sender
	Domaine string  // on the right of Message-ID, and said at HELO
	// Identifiant and MotDePasse are used when Identifiant is not empty; the
	// server must then offer STARTTLS, unless it is on this very machine.
	Identifiant string
	MotDePasse  string
	// TLS asks for STARTTLS and refuses to send without it. Without TLS it is
	// used when the server offers it with a valid certificate, except on the
	// loopback, where mails stay on the machine.
	TLS     bool
	Delai   time.Duration    // for each command; 15 s when 0
	Horloge func() time.Time // the Date header; the wall clock when nil
}

// Envoyer hands msg to the server. When it returns nil the server has accepted
// the mail. An error may mean that nothing was sent or that the answer was lost:
// sending again is right, the Message-ID is the same. Permanent tells the errors
// that sending again cannot mend. One bad address stops the whole message:
// write to one person at a time.
func (p Postier) Envoyer(ctx context.Context, msg Message) error {
	if err := msg.Verifier(); err != nil {
		return err
	}
	m, err := p.preparer(msg)
	if err != nil {
		return &opco.Error{Kind: opco.Invalid, Message: "Ce courriel ne peut pas être écrit.", Err: err}
	}
	c, err := p.client()
	if err != nil {
		return fmt.Errorf("preparing the connection to %s: %w", p.Serveur, err)
	}
	err = c.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // the server took it: what failed afterwards is only the goodbye
		return nil
	}
	return fmt.Errorf("sending mail %s: %w", msg.ID, err)
}

// Permanent reports whether err will come back however often the mail is sent:
// the message itself is wrong, or the server refused the addressee or the text
// for good (5xx). A refusal of the connection, of our credentials or of our own
// address is an outage of ours: it is worth another try once mended.
func Permanent(err error) bool {
	if opco.KindOf(err) == opco.Invalid {
		return true
	}
	var se *mail.SendError
	if !errors.As(err, &se) {
		return false
	}
	switch se.Reason {
	case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose:
		code := se.ErrorCode()
		return code >= 500 && code < 600 && code != 530 && code != 552
	}
	return false
}

// preparer writes msg in the terms of the SMTP library.
func (p Postier) preparer(msg Message) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.FromFormat(p.De.Nom, string(p.De.Courriel)); err != nil {
		return nil, fmt.Errorf("setting the sender: %w", err)
	}
	for _, a := range msg.A {
		if err := m.AddToFormat(a.Nom, string(a.Courriel)); err != nil {
			return nil, fmt.Errorf("setting an addressee: %w", err)
		}
	}
	m.SetMessageIDWithValue(msg.ID + "@" + p.Domaine)
	m.SetDateWithValue(p.maintenant())
	m.Subject(msg.Objet)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", "fr")
	m.SetBodyString(mail.TypeTextPlain, msg.Texte)
	if msg.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, msg.HTML)
	}
	for _, j := range msg.PiecesJointes {
		err := m.AttachReader(j.Nom, bytes.NewReader(j.Contenu), mail.WithFileContentType(mail.ContentType(j.Type)))
		if err != nil {
			return nil, fmt.Errorf("attaching %s: %w", j.Nom, err)
		}
	}
	return m, nil
}

func (p Postier) maintenant() time.Time {
	if p.Horloge != nil {
		return p.Horloge()
	}
	return time.Now()
}

func (p Postier) client() (*mail.Client, error) {
	hote, port, err := net.SplitHostPort(p.Serveur)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	delai := p.Delai
	if delai == 0 {
		delai = 15 * time.Second
	}
	tls := p.chiffrement(hote)
	options := []mail.Option{mail.WithPort(n), mail.WithTimeout(delai), mail.WithHELO(p.Domaine), mail.WithTLSPolicy(tls)}
	if p.Identifiant != "" {
		preuve := mail.SMTPAuthAutoDiscover // never sends a password in clear
		if tls == mail.NoTLS {
			preuve = mail.SMTPAuthPlainNoEnc // it stays on this machine
		}
		options = append(options, mail.WithSMTPAuth(preuve), mail.WithUsername(p.Identifiant), mail.WithPassword(p.MotDePasse))
	}
	return mail.NewClient(hote, options...)
}

func (p Postier) chiffrement(hote string) mail.TLSPolicy {
	ip := net.ParseIP(hote)
	switch {
	case p.TLS:
		return mail.TLSMandatory
	case hote == "localhost" || ip != nil && ip.IsLoopback():
		return mail.NoTLS
	}
	return mail.TLSOpportunistic
}
