package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// compteInterne says that the account d is that of a staff member, as
// opco.Compte.Interne does.
const compteInterne = `(d.origine = 'INTERNE' OR jsonb_array_length(COALESCE(NULLIF(d.contenu->'roles', 'null'), '[]')) > 0)`

// Entite is an organisation as lists of accounts show it.
type Entite struct {
	Profil opco.Role  `json:"profil"`
	SIREN  opco.SIREN `json:"siren"`
	Nom    string     `json:"nom"` // "" when the OPCO does not know it
}

// LigneCompte is an account of an organisation in a list of the staff. AValider
// and Accordes count its rights.
type LigneCompte struct {
	ID          string       `db:"id" json:"id"`
	Etat        opco.Etat    `db:"etat" json:"etat"`
	Libelle     string       `db:"-" json:"libelle"`
	Origine     opco.Origine `db:"origine" json:"origine"`
	Identifiant string       `db:"identifiant" json:"identifiant"`
	Email       string       `db:"email" json:"email"`
	Nom         string       `db:"nom" json:"nom"`
	Prenom      string       `db:"prenom" json:"prenom"`
	Entites     []Entite     `db:"-" json:"entites"`
	AValider    int32        `db:"a_valider" json:"a_valider"`
	Accordes    int32        `db:"accordes" json:"accordes"`
	CreeLe      time.Time    `db:"cree_le" json:"cree_le"`
	ModifieLe   time.Time    `db:"modifie_le" json:"modifie_le"`
}

// nomEntite names the organisation of a right h.
const nomEntite = `COALESCE(CASE h.profil WHEN 'organisme' THEN (SELECT nom FROM organisme WHERE siren = h.siren)
	ELSE (SELECT nom FROM entreprise WHERE siren = h.siren) END, '')`

// entitesDe lists the organisations of the account d, as JSON.
const entitesDe = `COALESCE((SELECT jsonb_agg(DISTINCT jsonb_build_object('profil', h.profil, 'siren', h.siren, 'nom', ` + nomEntite + `))
	FROM habilitation h WHERE h.compte = d.id), '[]')`

const requeteLigneCompte = `
	SELECT d.id, d.etat, d.origine, d.identifiant, d.email, d.nom, d.prenom, d.cree_le, d.modifie_le, ` + entitesDe + ` AS entites,
	       (SELECT count(*) FROM habilitation h WHERE h.compte = d.id AND h.etat = 'A_VALIDER') AS a_valider,
	       (SELECT count(*) FROM habilitation h WHERE h.compte = d.id AND h.etat = 'ACCORDEE' AND NOT h.coupee) AS accordes
	FROM compte d WHERE `

// FiltreComptes says which accounts the staff looks for; a zero field does not
// filter. Apres is the suivant of the page before.
type FiltreComptes struct {
	Etats  []opco.Etat
	Texte  string
	SIREN  opco.SIREN
	Apres  string
	Limite int
}

// Comptes lists the accounts of organisations, for the staff, the newest first.
// suivant is the Apres of the next page, "" on the last one.
func (s *Store) Comptes(ctx context.Context, f FiltreComptes) (cs []LigneCompte, suivant string, err error) {
	var c clause
	c.et(`d.etat <> '' AND NOT ` + compteInterne)
	if len(f.Etats) > 0 {
		c.et(`d.etat = ANY (%s)`, pq.Array(f.Etats))
	}
	if f.SIREN != "" {
		c.et(`EXISTS (SELECT 1 FROM habilitation h WHERE h.compte = d.id AND h.siren = %s)`, f.SIREN)
	}
	c.chercher(f.Texte)
	if f.Apres != "" {
		le, id, err := lireCurseurTemps(f.Apres)
		if err != nil || !uuidTexte(id) {
			return nil, "", pageInconnue()
		}
		c.et(`(d.cree_le, d.id) < (%s, %s::uuid)`, le, id)
	}
	var ls []ligneCompteLue
	err = s.DB.SelectContext(ctx, &ls, requeteLigneCompte+c.where()+
		fmt.Sprintf(` ORDER BY d.cree_le DESC, d.id DESC LIMIT %d`, f.Limite+1), c.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing accounts: %w", err)
	}
	if len(ls) > f.Limite {
		ls = ls[:f.Limite]
		d := ls[f.Limite-1]
		suivant = curseur(d.CreeLe.UTC().Format(time.RFC3339Nano), d.ID)
	}
	cs = make([]LigneCompte, len(ls))
	for i, l := range ls {
		if cs[i], err = l.ligne(); err != nil {
			return nil, "", err
		}
	}
	return cs, suivant, nil
}

type ligneCompteLue struct {
	LigneCompte
	EntitesLues []byte `db:"entites"`
}

func (l ligneCompteLue) ligne() (LigneCompte, error) {
	l.Libelle = opco.LibelleCompte(l.Etat)
	if err := json.Unmarshal(l.EntitesLues, &l.Entites); err != nil {
		return l.LigneCompte, fmt.Errorf("reading the organisations of an account: %w", err)
	}
	return l.LigneCompte, nil
}

// CompteLu is an account as its page needs it: with what only the projection
// knows. Coupees are the rights whose withdrawal was received and is not settled
// yet: they open nothing. Utilisees says when each right last served.
type CompteLu struct {
	opco.Compte
	Coupees   []string
	Utilisees map[string]time.Time
	Noms      map[opco.SIREN]string // of the organisations that the OPCO knows
	Facteurs  Facteurs
}

// Facteurs says which second factors an account has enrolled.
type Facteurs struct {
	TOTP     bool `db:"totp"`
	Passkeys int  `db:"passkeys"`
}

// CompteLu returns a whole account by its id, NotFound when it does not exist or
// when its first acte has no verdict yet. Who may read it is the caller's affair:
// its holder, the staff, an administrator of one of its companies.
func (s *Store) CompteLu(ctx context.Context, id string) (CompteLu, error) {
	var c CompteLu
	if !uuidTexte(id) {
		return c, CompteIntrouvable()
	}
	var brut []byte
	if err := s.DB.GetContext(ctx, &brut, `SELECT contenu FROM compte WHERE id = $1 AND etat <> ''`, id); err != nil {
		return c, introuvable(err, compteAbsent)
	}
	if err := json.Unmarshal(brut, &c.Compte); err != nil {
		return c, fmt.Errorf("reading account %s: %w", id, err)
	}
	if err := s.completerCompte(ctx, &c); err != nil {
		return c, err
	}
	err := s.DB.GetContext(ctx, &c.Facteurs, `
		SELECT EXISTS (SELECT 1 FROM utilisateur WHERE compte = $1 AND totp IS NOT NULL) AS totp,
		       (SELECT count(*) FROM passkey WHERE compte = $1) AS passkeys`, id)
	if err != nil {
		return c, fmt.Errorf("reading the second factors of %s: %w", id, err)
	}
	return c, nil
}

const compteAbsent = "Ce compte n’existe pas, ou vous n’y avez pas accès."

// CompteIntrouvable is the one refusal for an account that is missing and for
// one that the reader may not see.
func CompteIntrouvable() error { return opco.Errorf(opco.NotFound, compteAbsent) }

// completerCompte adds what only the projection knows of the rights of c.
func (s *Store) completerCompte(ctx context.Context, c *CompteLu) error {
	var ds []struct {
		ID      string     `db:"id"`
		SIREN   opco.SIREN `db:"siren"`
		Nom     string     `db:"nom"`
		Coupee  bool       `db:"coupee"`
		Utilise *time.Time `db:"utilisee_le"`
	}
	err := s.DB.SelectContext(ctx, &ds, `SELECT h.id, h.siren, `+nomEntite+` AS nom, h.coupee, h.utilisee_le FROM habilitation h WHERE h.compte = $1`, c.ID)
	if err != nil {
		return fmt.Errorf("reading the rights of %s: %w", c.ID, err)
	}
	c.Utilisees, c.Noms = map[string]time.Time{}, map[opco.SIREN]string{}
	for _, d := range ds {
		if d.Coupee {
			c.Coupees = append(c.Coupees, d.ID)
		}
		if d.Utilise != nil {
			c.Utilisees[d.ID] = d.Utilise.UTC()
		}
		if d.Nom != "" {
			c.Noms[d.SIREN] = d.Nom
		}
	}
	return nil
}

// Effective reports whether a right of the account opens its service on day jour.
func (c CompteLu) Effective(h opco.Habilitation, jour opco.Date) bool {
	return opco.CompteOuvert(c.Etat) && h.Effective(jour) && !slices.Contains(c.Coupees, h.ID)
}

// Branches lists the branches that the OPCO covers, by IDCC: those of a barème, and
// those of a company on file.
func (s *Store) Branches(ctx context.Context) ([]opco.IDCC, error) {
	var bs []opco.IDCC
	err := s.DB.SelectContext(ctx, &bs, `
		SELECT idcc FROM entreprise WHERE idcc <> '' UNION SELECT idcc FROM bareme WHERE idcc ~ '^[0-9]{4}$' ORDER BY idcc`)
	if err != nil {
		return nil, fmt.Errorf("listing branches: %w", err)
	}
	return bs, nil
}
