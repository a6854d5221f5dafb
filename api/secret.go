package api

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"context"

	"guichet/identite"
	"guichet/opco"
)

// preparerSecrets reads the keys of the house. Without any, one is drawn: what it
// sealed is lost when the process ends, which only a trial may accept.
func (s *Server) preparerSecrets() error {
	texte := s.Secrets
	if texte == "" {
		b := make([]byte, 32)
		rand.Read(b) // never fails
		texte = "essai:" + base64.StdEncoding.EncodeToString(b)
	}
	var err error
	if s.coffre, err = identite.NewCoffre(texte); err != nil {
		return err
	}
	premiere, _, _ := strings.Cut(texte, ",")
	_, b64, _ := strings.Cut(premiere, ":")
	cle, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		return fmt.Errorf("reading the first key: %w", err)
	}
	if s.epreuves.Cle, err = hkdf.Key(sha256.New, cle, nil, "guichet epreuve", 32); err == nil {
		s.cleAppareil, err = hkdf.Key(sha256.New, cle, nil, "guichet appareil", 32)
	}
	return err
}

// jeton is what a browser keeps of a ceremony between two requests, sealed: who
// and what it is for is bound to it, it is short-lived and serves once.
type jeton struct {
	ID    string          `json:"id"`
	Fin   int64           `json:"fin"` // Unix time
	Corps json.RawMessage `json:"corps"`
}

const dureeJeton = 10 * time.Minute

// sceller seals corps for one purpose.
func (s *Server) sceller(objet string, corps any) (string, error) {
	b, err := json.Marshal(corps)
	if err != nil {
		return "", fmt.Errorf("sealing a token: %w", err)
	}
	b, err = json.Marshal(jeton{ID: rand.Text(), Fin: time.Now().Add(dureeJeton).Unix(), Corps: b})
	if err != nil {
		return "", fmt.Errorf("sealing a token: %w", err)
	}
	return s.coffre.Sceller(string(b), objet), nil
}

// desceller reads what was sealed for that purpose, and burns it.
func (s *Server) desceller(ctx context.Context, objet, scelle string, corps any) error {
	perime := opco.Champf("jeton", "Cette demande a expiré ou a déjà servi. Recommencez depuis cette page.")
	clair, err := s.coffre.Ouvrir(scelle, objet)
	var j jeton
	if err != nil || json.Unmarshal([]byte(clair), &j) != nil || time.Now().Unix() >= j.Fin {
		return perime
	}
	neuf, err := s.Store.BrulerJeton(ctx, "jeton:"+j.ID, dureeJeton)
	if err != nil {
		return err
	}
	if !neuf {
		return perime
	}
	if err := json.Unmarshal(j.Corps, corps); err != nil {
		return fmt.Errorf("reading a token: %w", err)
	}
	return nil
}
