package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// FacteursLus are the proofs of an account beside its password. Totp is sealed: only
// the counter opens it.
type FacteursLus struct {
	Totp      string         `db:"totp"`
	TotpPas   int64          `db:"totp_pas"` // step of the last code that served
	Secours   pq.StringArray `db:"secours"`  // SHA-256 of the recovery codes left
	Poignee   []byte         `db:"poignee"`  // name under which its passkeys know it
	Passkeys  []PasskeyEcrite
	Identites []IdentiteExterne
}

// PasskeyEcrite is a passkey as it is kept.
type PasskeyEcrite struct {
	ID        string          `db:"id"` // base64url
	Libelle   string          `db:"libelle"`
	Donnees   json.RawMessage `db:"donnees"`
	CreeLe    time.Time       `db:"cree_le"`
	UtiliseLe *time.Time      `db:"utilise_le"`
}

// IdentiteExterne is an identity that another provider vouches for.
type IdentiteExterne struct {
	Emetteur string    `db:"emetteur"`
	Sujet    string    `db:"sujet"`
	CreeLe   time.Time `db:"cree_le"`
}

// Facteurs reads the second factors of an account.
func (s *Store) Facteurs(ctx context.Context, compte string) (FacteursLus, error) {
	var f FacteursLus
	err := s.DB.GetContext(ctx, &f, `
		SELECT COALESCE(convert_from(totp, 'UTF8'), '') AS totp, totp_pas, secours, COALESCE(poignee, '') AS poignee
		FROM utilisateur WHERE compte = $1`, compte)
	if err != nil {
		return f, introuvable(err, "Ce compte n’existe pas.")
	}
	err = s.DB.SelectContext(ctx, &f.Passkeys, `
		SELECT translate(rtrim(encode(id, 'base64'), '='), E'+/\n', '-_') AS id, libelle, donnees, cree_le, utilise_le
		FROM passkey WHERE compte = $1 ORDER BY cree_le, id`, compte)
	if err == nil {
		err = s.DB.SelectContext(ctx, &f.Identites, `SELECT emetteur, sujet, cree_le FROM identite_externe WHERE compte = $1 ORDER BY cree_le, sujet`, compte)
	}
	if err != nil {
		return f, fmt.Errorf("reading the factors of %s: %w", compte, err)
	}
	return f, nil
}

// EcrireTotp puts the sealed secret of a code generator in place; pas is the step
// of the code that proved it.
func (s *Store) EcrireTotp(ctx context.Context, compte, scelle string, pas int64) error {
	return s.surUtilisateur(ctx, `UPDATE utilisateur SET totp = convert_to($2, 'UTF8'), totp_pas = $3 WHERE compte = $1`, compte, scelle, pas)
}

// OterTotp forgets the code generator of an account.
func (s *Store) OterTotp(ctx context.Context, compte string) error {
	return s.surUtilisateur(ctx, `UPDATE utilisateur SET totp = NULL, totp_pas = 0 WHERE compte = $1`, compte)
}

// AvancerTotp notes the step of a code that is about to serve; false when that code
// or a later one has served already: two requests at once pass one.
func (s *Store) AvancerTotp(ctx context.Context, compte string, pas int64) (bool, error) {
	return s.une(ctx, `UPDATE utilisateur SET totp_pas = $2 WHERE compte = $1 AND totp_pas < $2`, compte, pas)
}

// EcrireSecours replaces the recovery codes of an account, given hashed.
func (s *Store) EcrireSecours(ctx context.Context, compte string, empreintes []string) error {
	return s.surUtilisateur(ctx, `UPDATE utilisateur SET secours = $2 WHERE compte = $1`, compte, pq.Array(empreintes))
}

// ConsommerSecours uses a recovery code, given hashed; false when it is not one of
// those left.
func (s *Store) ConsommerSecours(ctx context.Context, compte, empreinte string) (bool, error) {
	return s.une(ctx, `UPDATE utilisateur SET secours = array_remove(secours, $2) WHERE compte = $1 AND $2 = ANY (secours)`, compte, empreinte)
}

// PoigneeDe returns the name under which passkeys know an account, neuve if it had
// none.
func (s *Store) PoigneeDe(ctx context.Context, compte string, neuve []byte) ([]byte, error) {
	var p []byte
	err := s.DB.GetContext(ctx, &p, `UPDATE utilisateur SET poignee = COALESCE(poignee, $2) WHERE compte = $1 RETURNING poignee`, compte, neuve)
	if err != nil {
		return nil, introuvable(err, "Ce compte n’existe pas.")
	}
	return p, nil
}

// CompteDePoignee returns the account that passkeys know under that name.
func (s *Store) CompteDePoignee(ctx context.Context, poignee []byte) (string, error) {
	var id string
	if err := s.DB.GetContext(ctx, &id, `SELECT compte FROM utilisateur WHERE poignee = $1 AND actif`, poignee); err != nil {
		return "", introuvable(err, "Cette clé d’accès n’ouvre aucun compte.")
	}
	return id, nil
}

// AjouterPasskey keeps a new passkey; a key already known to any account is a
// Conflict.
func (s *Store) AjouterPasskey(ctx context.Context, compte string, k PasskeyEcrite) error {
	id, err := base64.RawURLEncoding.DecodeString(k.ID)
	if err != nil {
		return fmt.Errorf("reading the id of a passkey: %w", err)
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO passkey (id, compte, libelle, donnees, cree_le) VALUES ($1, $2, $3, $4, clock_timestamp())`,
		id, compte, k.Libelle, []byte(k.Donnees))
	if contrainte(err) == "passkey_pkey" {
		return opco.Errorf(opco.Conflict, "Cette clé d’accès est déjà enregistrée.")
	}
	if err != nil {
		return fmt.Errorf("keeping a passkey: %w", err)
	}
	return nil
}

// PasskeyServie replaces the record of a passkey that has just served, unless
// somebody used it since avant was read: its counter would no longer prove that it
// was not copied.
func (s *Store) PasskeyServie(ctx context.Context, compte string, k PasskeyEcrite, avant json.RawMessage) (bool, error) {
	id, err := base64.RawURLEncoding.DecodeString(k.ID)
	if err != nil {
		return false, fmt.Errorf("reading the id of a passkey: %w", err)
	}
	return s.une(ctx, `UPDATE passkey SET donnees = $3, utilise_le = clock_timestamp() WHERE id = $1 AND compte = $2 AND donnees = $4`,
		id, compte, []byte(k.Donnees), []byte(avant))
}

// OterPasskey forgets a passkey of an account; NotFound when it has none of that id.
func (s *Store) OterPasskey(ctx context.Context, compte, id string) error {
	brut, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		brut = nil
	}
	ok, err := s.une(ctx, `DELETE FROM passkey WHERE compte = $1 AND id = $2`, compte, brut)
	if err == nil && !ok {
		return opco.Errorf(opco.NotFound, "Cette clé d’accès n’existe pas.")
	}
	return err
}

// CompteDIdentite returns the account linked to an identity of a provider, NotFound
// when none is.
func (s *Store) CompteDIdentite(ctx context.Context, emetteur, sujet string) (string, error) {
	var id string
	err := s.DB.GetContext(ctx, &id, `SELECT compte FROM identite_externe WHERE emetteur = $1 AND sujet = $2`, emetteur, sujet)
	if err != nil {
		return "", introuvable(err, "Cette identité n’ouvre aucun compte ici.")
	}
	return id, nil
}

// LierIdentite links an identity of a provider to an account. One that is already
// linked to another account is a Conflict.
func (s *Store) LierIdentite(ctx context.Context, compte string, i IdentiteExterne) error {
	ok, err := s.une(ctx, `
		INSERT INTO identite_externe AS x (emetteur, sujet, compte, cree_le) VALUES ($2, $3, $1, clock_timestamp())
		ON CONFLICT (emetteur, sujet) DO UPDATE SET compte = EXCLUDED.compte WHERE x.compte = EXCLUDED.compte`, compte, i.Emetteur, i.Sujet)
	if err == nil && !ok {
		return opco.Errorf(opco.Conflict, "Cette identité est déjà liée à un autre compte. Un administrateur peut l’en détacher.")
	}
	return err
}

// DelierIdentite forgets an identity of an account.
func (s *Store) DelierIdentite(ctx context.Context, compte string, i IdentiteExterne) error {
	ok, err := s.une(ctx, `DELETE FROM identite_externe WHERE compte = $1 AND emetteur = $2 AND sujet = $3`, compte, i.Emetteur, i.Sujet)
	if err == nil && !ok {
		return opco.Errorf(opco.NotFound, "Cette identité n’est pas liée à votre compte.")
	}
	return err
}

// AgentDEmail returns the only open account of the staff that has that address,
// NotFound otherwise.
func (s *Store) AgentDEmail(ctx context.Context, email opco.Email) (Utilisateur, error) {
	var ids []string
	err := s.DB.SelectContext(ctx, &ids, `
		SELECT c.id FROM compte c WHERE c.email = $1 AND c.etat IN ('ACTIF', 'ACTIF_LIMITE')
		AND (c.origine = 'INTERNE' OR EXISTS (SELECT 1 FROM role_agent r WHERE r.compte = c.id)) LIMIT 2`, email)
	if err != nil {
		return Utilisateur{}, fmt.Errorf("looking for a staff account: %w", err)
	}
	if email == "" || len(ids) != 1 {
		return Utilisateur{}, opco.Errorf(opco.NotFound, "Aucun compte de l’OPCO n’a cette adresse.")
	}
	return s.UtilisateurDeCompte(ctx, ids[0])
}

// BrulerJeton notes that a token has served, until it would be refused by its age;
// false when it had served already.
func (s *Store) BrulerJeton(ctx context.Context, id string, duree time.Duration) (bool, error) {
	_, err := s.DB.ExecContext(ctx, `DELETE FROM epreuve WHERE expire_le < clock_timestamp()`)
	if err != nil {
		return false, fmt.Errorf("forgetting old tokens: %w", err)
	}
	return s.une(ctx, `INSERT INTO epreuve (id, expire_le) VALUES ($1, clock_timestamp() + make_interval(secs => $2)) ON CONFLICT DO NOTHING`,
		id, duree.Seconds())
}

// une runs a statement and reports whether it changed a row.
func (s *Store) une(ctx context.Context, requete string, args ...any) (bool, error) {
	r, err := s.DB.ExecContext(ctx, requete, args...)
	if err != nil {
		return false, fmt.Errorf("writing a proof of identity: %w", err)
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// surUtilisateur runs a statement on the login of an account, which must exist.
func (s *Store) surUtilisateur(ctx context.Context, requete string, args ...any) error {
	ok, err := s.une(ctx, requete, args...)
	if err == nil && !ok {
		return opco.Errorf(opco.NotFound, "Ce compte n’existe pas.")
	}
	return err
}
