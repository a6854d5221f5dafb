package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// DroitCollegue is a right of a colleague. Etat is RETIREE from the moment its
// withdrawal is received.
type DroitCollegue struct {
	ID         string                `json:"id"`
	Profil     opco.Role             `json:"profil"`
	SIRET      opco.SIRET            `json:"siret"`
	Service    opco.Service          `json:"service"`
	Libelle    string                `json:"libelle"` // of the service
	Etat       opco.EtatHabilitation `json:"etat"`
	EtatMots   string                `json:"etat_libelle"`
	Du         opco.Date             `json:"du,omitempty"`
	Au         opco.Date             `json:"au,omitempty"`
	Mandat     bool                  `json:"mandat"`
	UtiliseeLe *time.Time            `json:"utilisee_le,omitempty"`
}

// Collegue is somebody who has, or asks for, a right on a company.
type Collegue struct {
	Compte  string          `json:"compte"`
	Nom     string          `json:"nom"`
	Prenom  string          `json:"prenom"`
	Email   string          `json:"email"`
	Etat    opco.Etat       `json:"etat"`
	Libelle string          `json:"libelle"`
	Droits  []DroitCollegue `json:"droits"`
}

// collegueMax bounds a list of colleagues: companies have a few, an accountant's
// client a handful.
const collegueMax = 2000

// Collegues lists who has a right, or asks for one, on these établissements through
// the profile, and those rights only: what people do elsewhere is not shown. Rights
// that have ended are left out.
func (s *Store) Collegues(ctx context.Context, profil opco.Role, sirets []opco.SIRET) ([]Collegue, error) {
	return s.listerCollegues(ctx, `h.siret = ANY ($1) AND h.profil = $2`, pq.Array(sirets), profil)
}

// CompterCollegues counts the people that Collegues lists.
func (s *Store) CompterCollegues(ctx context.Context, profil opco.Role, sirets []opco.SIRET) (int, error) {
	var n int
	err := s.DB.GetContext(ctx, &n, `SELECT count(DISTINCT h.compte) FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE h.siret = ANY ($1) AND h.profil = $2`+droitsVivants, pq.Array(sirets), profil)
	if err != nil {
		return 0, fmt.Errorf("counting colleagues: %w", err)
	}
	return n, nil
}

// droitsVivants leaves out the rights that have ended, and the accounts that have.
const droitsVivants = ` AND h.etat NOT IN ('REFUSEE', 'RETIREE', 'EXPIREE') AND NOT h.coupee
		  AND d.etat NOT IN ('', 'CLOS', 'COMPTE_EXPIRE')`

// ColleguesDesEntreprises is Collegues for every établissement of these companies
// and both profiles: what an advisor reads.
func (s *Store) ColleguesDesEntreprises(ctx context.Context, sirens []opco.SIREN) ([]Collegue, error) {
	return s.listerCollegues(ctx, `h.siren = ANY ($1)`, pq.Array(sirens))
}

func (s *Store) listerCollegues(ctx context.Context, condition string, args ...any) ([]Collegue, error) {
	var ls []ligneCollegue
	err := s.DB.SelectContext(ctx, &ls, requeteCollegue+`
		WHERE `+condition+droitsVivants+`
		ORDER BY d.nom, d.prenom, d.id, h.siret, h.service LIMIT `+strconv.Itoa(collegueMax), args...)
	if err != nil {
		return nil, fmt.Errorf("listing colleagues: %w", err)
	}
	return collegues(ls), nil
}

const requeteCollegue = `
	SELECT d.id AS compte, d.nom, d.prenom, d.email, d.etat, h.id, h.profil, h.siret, h.service,
	       CASE WHEN h.coupee THEN 'RETIREE' ELSE h.etat END AS droit, h.du, h.au, h.mandat, h.utilisee_le
	FROM habilitation h JOIN compte d ON d.id = h.compte `

type ligneCollegue struct {
	Compte  string                `db:"compte"`
	Nom     string                `db:"nom"`
	Prenom  string                `db:"prenom"`
	Email   string                `db:"email"`
	Etat    opco.Etat             `db:"etat"`
	ID      string                `db:"id"`
	Profil  opco.Role             `db:"profil"`
	SIRET   opco.SIRET            `db:"siret"`
	Service opco.Service          `db:"service"`
	Droit   opco.EtatHabilitation `db:"droit"`
	Du      opco.Date             `db:"du"`
	Au      opco.Date             `db:"au"`
	Mandat  bool                  `db:"mandat"`
	Utilise *time.Time            `db:"utilisee_le"`
}

func (l ligneCollegue) droit() DroitCollegue {
	return DroitCollegue{ID: l.ID, Profil: l.Profil, SIRET: l.SIRET, Service: l.Service, Libelle: l.Service.Libelle(), Etat: l.Droit,
		EtatMots: l.Droit.Libelle(), Du: l.Du, Au: l.Au, Mandat: l.Mandat, UtiliseeLe: l.Utilise}
}

// collegues gathers the rights of each account, in the order of the rows.
func collegues(ls []ligneCollegue) []Collegue {
	cs := []Collegue{}
	for _, l := range ls {
		if n := len(cs); n == 0 || cs[n-1].Compte != l.Compte {
			cs = append(cs, Collegue{Compte: l.Compte, Nom: l.Nom, Prenom: l.Prenom, Email: l.Email, Etat: l.Etat, Libelle: opco.LibelleCompte(l.Etat)})
		}
		d := &cs[len(cs)-1]
		d.Droits = append(d.Droits, l.droit())
	}
	return cs
}

// Administre lists the établissements of the company siren of which the account is
// an administrator now, through the profile.
func (s *Store) Administre(ctx context.Context, compte string, profil opco.Role, siren opco.SIREN) ([]opco.SIRET, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	ss := []opco.SIRET{}
	err = s.DB.SelectContext(ctx, &ss, `
		SELECT h.siret FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE h.compte = NULLIF($1, '')::uuid AND h.profil = $2 AND h.siren = $3 AND h.service = 'UTILISATEURS' AND h.etat = 'ACCORDEE'
		  AND NOT h.coupee AND (h.du IS NULL OR h.du <= $4::date) AND (h.au IS NULL OR h.au >= $4::date) AND d.etat IN ('ACTIF', 'ACTIF_LIMITE')
		ORDER BY h.siret`, compte, profil, siren, opco.JourDe(le))
	if err != nil {
		return nil, fmt.Errorf("looking for what an account administers: %w", err)
	}
	return ss, nil
}

// Mandat is a right that a company gives for a time to somebody else's person.
// Recu says that the reader holds it.
type Mandat struct {
	Compte string        `json:"compte"`
	Nom    string        `json:"nom"`
	Prenom string        `json:"prenom"`
	Email  string        `json:"email"`
	Entite string        `json:"entite"`
	Droit  DroitCollegue `json:"droit"`
	Recu   bool          `json:"recu"`
}

// Mandats lists, within the espace of a profile and a company, the mandates that the
// établissements sirets give, and those that the account holds, ended ones included.
func (s *Store) Mandats(ctx context.Context, compte string, profil opco.Role, siren opco.SIREN, sirets []opco.SIRET) ([]Mandat, error) {
	var ls []struct {
		ligneCollegue
		Entite string `db:"entite"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT d.id AS compte, d.nom, d.prenom, d.email, d.etat, h.id, h.profil, h.siret, h.service,
		       CASE WHEN h.coupee THEN 'RETIREE' ELSE h.etat END AS droit, h.du, h.au, h.mandat, h.utilisee_le, `+nomEntite+` AS entite
		FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE h.mandat AND d.etat NOT IN ('', 'CLOS') AND h.profil = $3 AND h.siren = $2
		  AND (h.compte = NULLIF($1, '')::uuid OR h.siret = ANY ($4))
		ORDER BY h.au DESC, d.nom, d.id, h.id LIMIT $5`, compte, siren, profil, pq.Array(sirets), collegueMax)
	if err != nil {
		return nil, fmt.Errorf("listing mandates: %w", err)
	}
	ms := make([]Mandat, len(ls))
	for i, l := range ls {
		ms[i] = Mandat{Compte: l.Compte, Nom: l.Nom, Prenom: l.Prenom, Email: l.Email, Entite: l.Entite, Droit: l.droit(), Recu: l.Compte == compte}
	}
	return ms, nil
}

// DroitsDe returns the ids of the rights of an account on these établissements
// through the profile, whatever their état; none when it has none.
func (s *Store) DroitsDe(ctx context.Context, compte string, profil opco.Role, sirets []opco.SIRET) ([]string, error) {
	if !uuidTexte(compte) {
		return nil, nil
	}
	var ids []string
	err := s.DB.SelectContext(ctx, &ids, `
		SELECT h.id FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE h.compte = $1 AND h.profil = $2 AND h.siret = ANY ($3) AND d.etat NOT IN ('', 'CLOS', 'COMPTE_EXPIRE') ORDER BY h.id`,
		compte, profil, pq.Array(sirets))
	if err != nil {
		return nil, fmt.Errorf("looking for the rights of an account: %w", err)
	}
	return ids, nil
}

// SirensDe lists the companies on which an account has, or asks for, rights.
func (c CompteLu) SirensDe() []opco.SIREN {
	var ss []opco.SIREN
	for _, h := range c.Habilitations {
		if x := h.SIRET.SIREN(); !slices.Contains(ss, x) {
			ss = append(ss, x)
		}
	}
	return ss
}
