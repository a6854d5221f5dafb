package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"
)

// EmpreinteCle is what is kept of an API key: its SHA-256, in hexadecimal.
func EmpreinteCle(cle string) string { return empreinteCle(cle) }

// PresenceSuivie is an account whose streams are open, read again: who it is now, and
// what still opens it among what was asked.
type PresenceSuivie struct {
	Utilisateur
	Sessions map[string][]byte // data of its open sessions, by hashed token
	Cles     []string          // prints of its API keys in force
}

// SuivrePresences reads again, in one query, the accounts whose streams are open, with
// those of the sessions (hashed tokens) and keys (prints) that still open them. An
// account that nobody may log in to any more is left out.
func (s *Store) SuivrePresences(ctx context.Context, comptes, jetons, cles []string) (map[string]PresenceSuivie, error) {
	var ls []struct {
		ligneUtilisateur
		Sessions json.RawMessage `db:"sessions"`
		Cles     pq.StringArray  `db:"cles"`
	}
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesUtilisateur+`,
		COALESCE((SELECT jsonb_object_agg(x.token, translate(encode(x.data, 'base64'), E'\n', '')) FROM session x
		          WHERE x.compte = c.id AND x.token = ANY ($2) AND x.expiry > clock_timestamp() AND x.id IS NOT NULL), '{}') AS sessions,
		ARRAY(SELECT k.empreinte FROM cle_api k WHERE k.identifiant = u.identifiant AND k.empreinte = ANY ($3)
		      AND (k.expire_le IS NULL OR k.expire_le > clock_timestamp())) AS cles`+sourceUtilisateur+`c.id = ANY ($1::uuid[])`,
		pq.Array(comptes), pq.Array(jetons), pq.Array(cles))
	if err != nil {
		return nil, fmt.Errorf("reading who is there: %w", err)
	}
	ps := map[string]PresenceSuivie{}
	for _, l := range ls {
		p := PresenceSuivie{Sessions: map[string][]byte{}, Cles: l.Cles}
		if p.Utilisateur, err = l.utilisateur(); err != nil {
			return nil, err
		}
		var textes map[string]string
		if err := json.Unmarshal(l.Sessions, &textes); err != nil {
			return nil, fmt.Errorf("reading the sessions of %s: %w", l.Identifiant, err)
		}
		for jeton, texte := range textes {
			if p.Sessions[jeton], err = base64.StdEncoding.DecodeString(texte); err != nil {
				return nil, fmt.Errorf("reading a session of %s: %w", l.Identifiant, err)
			}
		}
		ps[l.Compte] = p
	}
	return ps, nil
}

// Annoncer tells sujet and id to every process that listens, without anything being
// written.
func (s *Store) Annoncer(ctx context.Context, sujet, id string) error {
	if _, err := s.DB.ExecContext(ctx, `SELECT pg_notify($1, $2)`, canal, sujet+" "+id); err != nil {
		return fmt.Errorf("telling %s: %w", sujet, err)
	}
	return nil
}
