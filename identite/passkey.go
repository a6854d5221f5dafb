package identite

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"guichet/opco"
)

// dureeCeremonie is how long a browser may take to answer.
const dureeCeremonie = 5 * time.Minute

// Passkeys registers and checks passkeys (WebAuthn) for one site. A passkey always
// verifies its user (finger, face or PIN), so that it alone is two factors.
type Passkeys struct{ wa *webauthn.WebAuthn }

// Passkey is a registered key. ID is unique among all accounts; Credential is an
// opaque record that the caller keeps as it is, and replaces after each login.
type Passkey struct {
	ID         string          `json:"id"`
	Credential json.RawMessage `json:"credential"`
}

// Titulaire is who registers a key or shows one. Poignee is the handle drawn by
// NouvellePoignee for the account; the names are shown by the browser only.
type Titulaire struct {
	Poignee     []byte
	Identifiant string
	Nom         string
	Passkeys    []Passkey
}

// NouvellePoignee draws the handle under which passkeys know an account: 64 random
// bytes, which say nothing of the person.
func NouvellePoignee() []byte {
	b := make([]byte, 64)
	rand.Read(b) // never fails
	return b
}

// NewPasskeys prepares passkeys for the site at adresse (« https://guichet.exemple »),
// shown to people under nom. Browsers want a name of domain: an IP address is an
// error, and a plain http one too but on localhost.
func NewPasskeys(adresse, nom string) (*Passkeys, error) {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("preparing passkeys: %q is not the address of a site", adresse)
	}
	hote := u.Hostname()
	if net.ParseIP(hote) != nil || u.Scheme != "https" && hote != "localhost" {
		return nil, fmt.Errorf("preparing passkeys: %q must be https with a domain name, or localhost", adresse)
	}
	limite := webauthn.TimeoutConfig{Enforce: true, Timeout: dureeCeremonie, TimeoutUVD: dureeCeremonie}
	wa, err := webauthn.New(&webauthn.Config{
		RPID: hote, RPDisplayName: nom, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{Login: limite, Registration: limite},
	})
	if err != nil {
		return nil, fmt.Errorf("preparing passkeys: %w", err)
	}
	return &Passkeys{wa: wa}, nil
}

// porteur is a Titulaire as the library wants it.
type porteur struct {
	t    Titulaire
	cles []webauthn.Credential
}

func (p porteur) WebAuthnID() []byte                         { return p.t.Poignee }
func (p porteur) WebAuthnName() string                       { return p.t.Identifiant }
func (p porteur) WebAuthnDisplayName() string                { return p.t.Nom }
func (p porteur) WebAuthnCredentials() []webauthn.Credential { return p.cles }

func (t Titulaire) porteur() (porteur, error) {
	p := porteur{t: t, cles: make([]webauthn.Credential, len(t.Passkeys))}
	for i, k := range t.Passkeys {
		if err := json.Unmarshal(k.Credential, &p.cles[i]); err != nil {
			return p, fmt.Errorf("reading passkey %s: %w", k.ID, err)
		}
	}
	return p, nil
}

// DebuterEnregistrement returns what the browser is given (JSON, for
// PublicKeyCredential.parseCreationOptionsFromJSON) and what the caller keeps on
// the server until the answer, which serves once and within five minutes. The keys
// that the person has are not offered again.
func (k *Passkeys) DebuterEnregistrement(t Titulaire) (options, session []byte, err error) {
	p, err := t.porteur()
	if err != nil {
		return nil, nil, err
	}
	exclues := make([]protocol.CredentialDescriptor, len(p.cles))
	for i := range p.cles {
		exclues[i] = p.cles[i].Descriptor()
	}
	o, s, err := k.wa.BeginRegistration(p, webauthn.WithExclusions(exclues))
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a registration: %w", err)
	}
	return ceremonie(o.Response, s)
}

// FinirEnregistrement checks the answer of the browser and returns the new key, to
// be kept under the account. The error is Invalid for an answer that does not fit.
func (k *Passkeys) FinirEnregistrement(t Titulaire, session, reponse []byte) (Passkey, error) {
	p, s, err := reprendre(t, session)
	if err != nil {
		return Passkey{}, err
	}
	r, err := protocol.ParseCredentialCreationResponseBytes(reponse)
	if err != nil {
		return Passkey{}, refusPasskey(err, "Cette clé d’accès n’a pas pu être enregistrée. Recommencez depuis cette page.")
	}
	c, err := k.wa.CreateCredential(p, s, r)
	if err != nil {
		return Passkey{}, refusPasskey(err, "Cette clé d’accès n’a pas pu être enregistrée. Recommencez depuis cette page, sans attendre plus de cinq minutes.")
	}
	return conserver(c)
}

// DebuterConnexion asks for one of the keys of a known person, the second factor
// after the password. Without any key the error is Conflict.
func (k *Passkeys) DebuterConnexion(t Titulaire) (options, session []byte, err error) {
	if len(t.Passkeys) == 0 {
		return nil, nil, opco.Errorf(opco.Conflict, "Aucune clé d’accès n’est enregistrée pour ce compte. Choisissez un autre moyen.")
	}
	p, err := t.porteur()
	if err != nil {
		return nil, nil, err
	}
	o, s, err := k.wa.BeginLogin(p, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a login: %w", err)
	}
	return ceremonie(o.Response, s)
}

// FinirConnexion checks the answer of the browser and returns the key that served,
// with its counter: the caller replaces its record before it opens the session. A
// counter that does not grow betrays a copied key: the error is Forbidden.
func (k *Passkeys) FinirConnexion(t Titulaire, session, reponse []byte) (Passkey, error) {
	p, s, err := reprendre(t, session)
	if err != nil {
		return Passkey{}, err
	}
	r, err := protocol.ParseCredentialRequestResponseBytes(reponse)
	if err != nil {
		return Passkey{}, refusPasskey(err, refusConnexion)
	}
	c, err := k.wa.ValidateLogin(p, s, r)
	if err != nil {
		return Passkey{}, refusPasskey(err, refusConnexion)
	}
	return verifierCompteur(c)
}

const refusConnexion = "Cette clé d’accès n’a pas été reconnue. Recommencez, ou choisissez un autre moyen."

// DebuterConnexionLibre asks for any key of the site, of somebody not yet known.
func (k *Passkeys) DebuterConnexionLibre() (options, session []byte, err error) {
	o, s, err := k.wa.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a login: %w", err)
	}
	return ceremonie(o.Response, s)
}

// FinirConnexionLibre finds by its handle who shows a key, then does as
// FinirConnexion. An error of chercher that is not NotFound is returned as it is.
func (k *Passkeys) FinirConnexionLibre(session, reponse []byte, chercher func(poignee []byte) (Titulaire, error)) (Titulaire, Passkey, error) {
	_, s, err := reprendre(Titulaire{}, session)
	if err != nil {
		return Titulaire{}, Passkey{}, err
	}
	r, err := protocol.ParseCredentialRequestResponseBytes(reponse)
	if err != nil {
		return Titulaire{}, Passkey{}, refusPasskey(err, refusConnexion)
	}
	var trouve porteur
	var panne error
	_, c, err := k.wa.ValidatePasskeyLogin(func(_, poignee []byte) (webauthn.User, error) {
		t, err := chercher(poignee)
		if err == nil {
			trouve, err = t.porteur()
		}
		if err != nil && !errors.Is(err, opco.NotFound) {
			panne = err
		}
		return trouve, err
	}, s, r)
	switch {
	case panne != nil:
		return Titulaire{}, Passkey{}, panne
	case err != nil:
		return Titulaire{}, Passkey{}, refusPasskey(err, refusConnexion)
	}
	p, err := verifierCompteur(c)
	return trouve.t, p, err
}

// verifierCompteur refuses a key whose counter did not grow.
func verifierCompteur(c *webauthn.Credential) (Passkey, error) {
	if c.Authenticator.CloneWarning {
		return Passkey{}, opco.Errorf(opco.Forbidden, "Cette clé d’accès semble avoir été copiée : elle n’est plus acceptée. Connectez-vous par un autre moyen, puis retirez-la de votre compte.")
	}
	return conserver(c)
}

func conserver(c *webauthn.Credential) (Passkey, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return Passkey{}, fmt.Errorf("writing a passkey: %w", err)
	}
	return Passkey{ID: base64.RawURLEncoding.EncodeToString(c.ID), Credential: b}, nil
}

// ceremonie writes the two halves of a ceremony: the browser's and the server's.
func ceremonie(options any, s *webauthn.SessionData) ([]byte, []byte, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return nil, nil, fmt.Errorf("writing a ceremony: %w", err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, nil, fmt.Errorf("writing a ceremony: %w", err)
	}
	return o, b, nil
}

func reprendre(t Titulaire, session []byte) (porteur, webauthn.SessionData, error) {
	p, err := t.porteur()
	if err != nil {
		return p, webauthn.SessionData{}, err
	}
	var s webauthn.SessionData
	if len(session) == 0 || json.Unmarshal(session, &s) != nil || s.Challenge == "" {
		return p, s, opco.Errorf(opco.Invalid, "La demande de clé d’accès a expiré. Recommencez depuis cette page.")
	}
	return p, s, nil
}

// refusPasskey keeps for the log what the library says, and for the person one
// sentence that helps nobody to guess.
func refusPasskey(err error, phrase string) error {
	e := opco.Champf("passkey", "%s", phrase)
	e.Err = err
	var p *protocol.Error
	if errors.As(err, &p) && p.DevInfo != "" {
		e.Err = fmt.Errorf("%w (%s)", err, p.DevInfo)
	}
	return e
}
