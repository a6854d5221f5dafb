package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/alexedwards/argon2id"
	"github.com/lib/pq"

	"guichet/opco"
)

// Utilisateur is who came in: an account, what it may enter, and the espace in
// which the person is. Role, SIRETs and Ecrit are those of that espace; without
// one they are empty, and reach nothing. MotDePasse is a hash.
type Utilisateur struct {
	Identifiant string
	Personne    string
	Nom         string
	Prenom      string
	Role        opco.Role
	MotDePasse  string
	SIRETs      pq.StringArray
	Actif       bool
	Compte      string    // id of the account
	Etat        opco.Etat // of the account
	Email       opco.Email
	Interne     bool     // the account of a staff member, whatever the espace
	Totp        bool     // has a code generator
	Passkeys    int      // how many it has
	Ecrit       []string // on whose behalf the espace lets one act
	Pour        string   // the absent person of the espace
	PourNom     string
	Espaces     []Espace
	Espace      string // key of the one entered, "" none
	Perime      bool   // provisional credentials past their day
	SansTouches bool   // the keys of one letter are off
}

// Portee returns what the account may reach.
func (u Utilisateur) Portee() opco.Portee {
	return opco.Portee{Interne: u.Role.Interne(), Role: u.Role, Personne: u.Personne, Pour: u.Pour, SIRETs: u.SIRETs}
}

// PorteeEcrite returns what the account may act on: less than it reads, for a
// right that only reads.
func (u Utilisateur) PorteeEcrite() opco.Portee {
	p := u.Portee()
	p.SIRETs = u.Ecrit
	return p
}

// Acteur returns who acts through the account, on behalf of siret ("" for the
// staff of the OPCO). A delegate is shown with the person they stand in for.
func (u Utilisateur) Acteur(siret string) opco.Acteur {
	a := opco.Acteur{Personne: u.Personne, Pour: u.Pour, Nom: u.Prenom + " " + u.Nom, Role: u.Role, SIRET: siret}
	if u.Pour != "" {
		a.Nom += ", pour le compte de " + u.PourNom
	}
	return a
}

// Facteur reports whether the account has a second factor.
func (u Utilisateur) Facteur() bool { return u.Totp || u.Passkeys > 0 }

// Entrer returns u in the espace of that key, "" meaning the only one there is, or
// the only one that no organisation gave unasked; ok is false when there is no such
// espace, and u is then in none.
func (u Utilisateur) Entrer(cle string) (Utilisateur, bool) {
	u.Role, u.SIRETs, u.Ecrit, u.Pour, u.PourNom, u.Espace = "", nil, nil, "", "", ""
	i := slices.IndexFunc(u.Espaces, func(e Espace) bool { return e.Cle == cle })
	if cle == "" {
		i = seul(u.Espaces)
	}
	if i < 0 {
		return u, false
	}
	e := u.Espaces[i]
	u.Role, u.SIRETs, u.Ecrit, u.Pour, u.PourNom, u.Espace = e.Role, e.SIRETs, e.Ecrit, e.Pour, e.PourNom, e.Cle
	return u, true
}

// seul is the index of the espace that is entered by itself, -1 when there is none.
func seul(es []Espace) int {
	if len(es) == 1 {
		return 0
	}
	i := slices.IndexFunc(es, func(e Espace) bool { return !e.recu })
	if i < 0 || slices.ContainsFunc(es[i+1:], func(e Espace) bool { return !e.recu }) {
		return -1
	}
	return i
}

// Entre returns the espace that u is in, the zero Espace when in none.
func (u Utilisateur) Entre() Espace {
	for _, e := range u.Espaces {
		if e.Cle == u.Espace {
			return e
		}
	}
	return Espace{}
}

// ParametresHachage are those that OWASP recommends for argon2id.
var ParametresHachage = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HacherMotDePasse returns the argon2id hash of a password, to be stored.
func HacherMotDePasse(mot string) (string, error) {
	return argon2id.CreateHash(opco.NormaliserMotDePasse(mot), &ParametresHachage)
}

// ComparerMotDePasse reports whether mot is the password that was hashed.
func ComparerMotDePasse(mot, hache string) (bool, error) {
	return argon2id.ComparePasswordAndHash(opco.NormaliserMotDePasse(mot), hache)
}

// ligneUtilisateur is the one row that says who somebody is.
type ligneUtilisateur struct {
	Identifiant string          `db:"identifiant"`
	Personne    string          `db:"personne"`
	Nom         string          `db:"nom"`
	Prenom      string          `db:"prenom"`
	MotDePasse  string          `db:"mot_de_passe"`
	Compte      string          `db:"compte"`
	Etat        opco.Etat       `db:"etat"`
	Email       opco.Email      `db:"email"`
	Interne     bool            `db:"interne"`
	Totp        bool            `db:"totp"`
	Passkeys    int             `db:"passkeys"`
	Perime      bool            `db:"perime"`
	SansTouches bool            `db:"sans_touches"`
	Droits      json.RawMessage `db:"droits"`
	Roles       json.RawMessage `db:"roles"`
	Delegations json.RawMessage `db:"delegations"`
}

// colonnesUtilisateur are the columns that say who somebody is.
const colonnesUtilisateur = `
	u.identifiant, u.personne, p.nom, p.prenom, u.mot_de_passe, c.id AS compte, c.etat, c.email,
	c.origine = 'INTERNE' OR EXISTS (SELECT 1 FROM role_agent r WHERE r.compte = c.id) AS interne,
	u.totp IS NOT NULL AS totp, (SELECT count(*) FROM passkey k WHERE k.compte = c.id) AS passkeys,
	c.etat = 'PROVISOIRE' AND COALESCE((c.contenu->'provisoire'->>'expire')::timestamptz <= j.le, false) AS perime,
	EXISTS (SELECT 1 FROM preference f WHERE f.compte = c.id AND NOT f.touches) AS sans_touches,` + requeteEspaces

// sourceUtilisateur are the accounts that somebody may log in to, up to the condition
// that picks one. LIMIT 1 tells the planner what it cannot know of horloge: without
// it the cost looks high enough to be compiled, 30 ms each time.
const sourceUtilisateur = `
	FROM (SELECT h.le, (h.le AT TIME ZONE 'Europe/Paris')::date AS jour
	      FROM (SELECT clock_timestamp() + make_interval(secs => decalage_ns / 1e9) AS le FROM horloge LIMIT 1) h) j
	CROSS JOIN utilisateur u JOIN personne p ON p.id = u.personne JOIN compte c ON c.id = u.compte
	WHERE u.actif AND c.etat IN ('ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME') AND `

// requeteUtilisateur reads an account that somebody may log in to, all of it in
// one row: it runs at each request.
const requeteUtilisateur = `SELECT ` + colonnesUtilisateur + sourceUtilisateur

// utilisateur turns the row into who somebody is, in their only espace if they
// have one.
func (l ligneUtilisateur) utilisateur() (Utilisateur, error) {
	u := Utilisateur{Identifiant: l.Identifiant, Personne: l.Personne, Nom: l.Nom, Prenom: l.Prenom, MotDePasse: l.MotDePasse, Actif: true,
		Compte: l.Compte, Etat: l.Etat, Email: l.Email, Interne: l.Interne, Totp: l.Totp, Passkeys: l.Passkeys, Perime: l.Perime, SansTouches: l.SansTouches}
	if !opco.CompteOuvert(l.Etat) {
		return u, nil
	}
	var err error
	if u.Espaces, err = l.espaces(); err != nil {
		return u, err
	}
	u, _ = u.Entrer("")
	return u, nil
}

// lireUtilisateur reads the account that condition names; NotFound otherwise.
func (s *Store) lireUtilisateur(ctx context.Context, phrase, condition string, args ...any) (Utilisateur, error) {
	var l ligneUtilisateur
	if err := s.DB.GetContext(ctx, &l, requeteUtilisateur+condition, args...); err != nil {
		return Utilisateur{}, introuvable(err, "%s", phrase)
	}
	return l.utilisateur()
}

// Utilisateur returns an account that may be logged in to by its identifiant,
// NotFound otherwise.
func (s *Store) Utilisateur(ctx context.Context, identifiant string) (Utilisateur, error) {
	return s.lireUtilisateur(ctx, "Ce compte n’existe pas.", `u.identifiant = $1`, identifiant)
}

// UtilisateurDeCompte returns the same by the id of the account.
func (s *Store) UtilisateurDeCompte(ctx context.Context, compte string) (Utilisateur, error) {
	return s.lireUtilisateur(ctx, "Ce compte n’existe pas.", `u.compte = $1::uuid`, compte)
}

// UtilisateurSaisi returns the account that somebody names at the door: by its
// identifiant, whatever the case, or by its e-mail address when it belongs to one
// account only.
func (s *Store) UtilisateurSaisi(ctx context.Context, saisi string) (Utilisateur, error) {
	return s.lireUtilisateur(ctx, "Ce compte n’existe pas.", `u.compte = COALESCE(
		(SELECT x.id FROM compte x WHERE lower(x.identifiant) = $1
		 AND x.etat IN ('ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME')),
		(SELECT (array_agg(x.id))[1] FROM compte x JOIN utilisateur y ON y.compte = x.id AND y.actif
		 WHERE x.email = $1 AND x.etat IN ('ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME') HAVING count(*) = 1))`, saisi)
}

// UtilisateurDeCle returns the account that an API key opens, NotFound otherwise.
// Only the SHA-256 of the key is stored. A key opens no account that is not ready.
func (s *Store) UtilisateurDeCle(ctx context.Context, cle string) (Utilisateur, error) {
	const phrase = "Cette clé n’ouvre aucun compte."
	u, err := s.lireUtilisateur(ctx, phrase, `u.identifiant = (SELECT k.identifiant FROM cle_api k
		WHERE k.empreinte = $1 AND (k.expire_le IS NULL OR k.expire_le > clock_timestamp()))`, empreinteCle(cle))
	if err == nil && !opco.CompteOuvert(u.Etat) {
		return Utilisateur{}, opco.Errorf(opco.NotFound, phrase)
	}
	return u, err
}

func empreinteCle(cle string) string {
	h := sha256.Sum256([]byte(cle))
	return hex.EncodeToString(h[:])
}

// NoterUsage writes that the rights to these services served today in the espace of
// u; it does nothing when that is already known. The annual review reads it (C15).
func (s *Store) NoterUsage(ctx context.Context, u Utilisateur, services []opco.Service) error {
	e := u.Entre()
	var nouveaux pq.StringArray
	for _, x := range services {
		if slices.Contains(e.inusites, x) {
			nouveaux = append(nouveaux, string(x))
		}
	}
	if len(nouveaux) == 0 {
		return nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE habilitation SET utilisee_le = $1
		WHERE compte = $2 AND profil = $3 AND siren = $4 AND service = ANY ($6) AND etat = 'ACCORDEE' AND NOT coupee
		  AND (du IS NULL OR du <= $7) AND (au IS NULL OR $7 <= au) AND (utilisee_le IS NULL OR utilisee_le < $5)`,
		le, u.Compte, e.Role, e.SIREN, opco.JourDe(le).Minuit(), nouveaux, opco.JourDe(le))
	if err != nil {
		return fmt.Errorf("noting the use of rights: %w", err)
	}
	return nil
}
