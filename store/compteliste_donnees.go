package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// MessageCompte is a mail sent about an account, without its content: codes and
// links are never shown again.
type MessageCompte struct {
	Evenement string     `db:"evenement" json:"evenement"`
	Adresse   string     `db:"adresse" json:"adresse"`
	Etat      string     `db:"etat" json:"etat"`
	Sujet     string     `db:"sujet" json:"sujet,omitempty"`
	Le        time.Time  `db:"le" json:"le"`
	EnvoyeLe  *time.Time `db:"envoye_le" json:"envoye_le,omitempty"`
}

// SessionDonnee is an open session, as its owner may have it exported.
type SessionDonnee struct {
	OuverteLe *time.Time `db:"ouverte_le" json:"ouverte_le,omitempty"`
	VueLe     *time.Time `db:"vue_le" json:"vue_le,omitempty"`
	Agent     string     `db:"agent" json:"agent"`
	Adresse   string     `db:"adresse" json:"adresse"`
}

// ConsultationCompte says who of the OPCO read an account, and which data.
type ConsultationCompte struct {
	Le     time.Time `db:"le" json:"le"`
	Par    string    `db:"par" json:"par"`
	Classe string    `db:"classe" json:"classe"`
}

// DonneesCompte is what the house holds about an account beside the account.
type DonneesCompte struct {
	Messages      []MessageCompte
	Sessions      []SessionDonnee
	Consultations []ConsultationCompte
}

// DonneesCompte gathers, for its holder, what the house holds about an account
// beside the account itself: messages, sessions, and who read it (RGPD, article 15).
func (s *Store) DonneesCompte(ctx context.Context, compte string) (DonneesCompte, error) {
	d := DonneesCompte{Messages: []MessageCompte{}, Sessions: []SessionDonnee{}, Consultations: []ConsultationCompte{}}
	objet := opco.ObjetCompte(compte)
	err := s.DB.SelectContext(ctx, &d.Messages, `
		SELECT evenement, adresse, etat, sujet, le, envoye_le FROM courrier
		WHERE objet = $1 AND sorte = 'compte' AND adresse = (SELECT email FROM compte WHERE id = $2) ORDER BY le, id`, objet, compte)
	if err == nil {
		err = s.DB.SelectContext(ctx, &d.Sessions, `
			SELECT ouverte_le, vue_le, agent, adresse FROM session
			WHERE compte = $1 AND expiry > clock_timestamp() ORDER BY ouverte_le`, compte)
	}
	if err == nil {
		err = s.DB.SelectContext(ctx, &d.Consultations, `
			SELECT le, nom || ' (' || role || ')' AS par, array_to_string(classes, ' ') AS classe FROM lecture
			WHERE objet = $1 ORDER BY id`, objet)
	}
	if err != nil {
		return d, fmt.Errorf("gathering the data of account %s: %w", compte, err)
	}
	return d, nil
}

// LieA reports whether the person declared a link with one of the companies
// (reliability.md 3.1, rule 7).
func (s *Store) LieA(ctx context.Context, personnes []string, sirens []opco.SIREN) (bool, error) {
	var lie bool
	err := s.DB.GetContext(ctx, &lie, `SELECT EXISTS (SELECT 1 FROM lien_interet WHERE personne = ANY ($1) AND siren = ANY ($2))`,
		pq.Array(personnes), pq.Array(sirens))
	if err != nil {
		return false, fmt.Errorf("looking for declared links: %w", err)
	}
	return lie, nil
}
