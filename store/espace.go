package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"guichet/opco"
)

// Espace is what a person enters: a role of the staff, their own or that of an
// absent colleague, or one organisation in one profile (domain.md AK-08). Every
// list, counter, search and export is filtered by it.
type Espace struct {
	Cle      string          `json:"cle"` // « entreprise:999001019 », « gestionnaire », « delegation:… »
	Role     opco.Role       `json:"role"`
	SIREN    string          `json:"siren,omitempty"`
	Nom      string          `json:"nom"`              // of the organisation; the role itself for the staff
	SIRETs   []string        `json:"sirets,omitempty"` // whose dossiers are read
	Ecrit    []string        `json:"ecrit,omitempty"`  // on whose behalf one acts
	Services []opco.Service  `json:"services"`         // granted on one établissement at least
	Droits   []DroitEffectif `json:"droits,omitempty"` // one line a right, today
	Pour     string          `json:"pour,omitempty"`   // the absent person
	PourNom  string          `json:"pour_nom,omitempty"`
	recu     bool            // only rights given unasked by an organisation: never entered by itself
	inusites []opco.Service  // of which one right was not yet used today
}

// DroitEffectif is a right that opens its service today.
type DroitEffectif struct {
	SIRET   opco.SIRET   `json:"siret"`
	Service opco.Service `json:"service"`
}

// A reports whether the espace opens service s on siret.
func (e Espace) A(s opco.Service, siret opco.SIRET) bool {
	return slices.Contains(e.Droits, DroitEffectif{siret, s})
}

// ligneDroit is a right in force, as the query of an account gives it.
type ligneDroit struct {
	Profil  opco.Role    `json:"profil"`
	SIRET   opco.SIRET   `json:"siret"`
	Service opco.Service `json:"service"`
	Nom     string       `json:"nom"`
	Frais   bool         `json:"frais"` // already used today
	Recue   bool         `json:"recue"`
}

// ligneDelegation is an absence in force.
type ligneDelegation struct {
	ID       string    `json:"id"`
	Personne string    `json:"personne"`
	Nom      string    `json:"nom"`
	Role     opco.Role `json:"role"`
}

// requeteEspaces are the columns that say what an account may enter on the
// business day of the transaction, in Paris: rights granted, in their dates and
// not withdrawn, roles confirmed, absences of others.
const requeteEspaces = `
	COALESCE((SELECT jsonb_agg(jsonb_build_object('profil', h.profil, 'siret', h.siret, 'service', h.service,
	                 'recue', h.recue,
	                 'nom', COALESCE(CASE h.profil WHEN 'entreprise' THEN e.nom ELSE o.nom END, h.siren),
	                 'frais', COALESCE((h.utilisee_le AT TIME ZONE 'Europe/Paris')::date >= j.jour, false)) ORDER BY h.profil, h.siret, h.service)
	   FROM habilitation h LEFT JOIN entreprise e ON e.siren = h.siren LEFT JOIN organisme o ON o.siren = h.siren
	   WHERE h.compte = c.id AND h.etat = 'ACCORDEE' AND NOT h.coupee AND (h.du IS NULL OR h.du <= j.jour) AND (h.au IS NULL OR h.au >= j.jour)
	), '[]') AS droits,
	COALESCE((SELECT jsonb_agg(r.role ORDER BY r.role) FROM role_agent r WHERE r.compte = c.id AND NOT r.attend AND NOT r.coupee), '[]') AS roles,
	COALESCE((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'personne', d.personne, 'role', d.role, 'nom', a.prenom || ' ' || a.nom) ORDER BY d.id)
	   FROM delegation d JOIN compte a ON a.id = d.compte AND a.etat = 'ACTIF'
	   JOIN role_agent r ON r.compte = d.compte AND r.role = d.role AND NOT r.attend AND NOT r.coupee
	   WHERE d.delegue = c.id AND NOT d.finie AND d.du <= j.jour AND d.au >= j.jour
	), '[]') AS delegations`

// espaces reads those columns.
func (l ligneUtilisateur) espaces() ([]Espace, error) {
	var droits []ligneDroit
	var roles []opco.Role
	var delegations []ligneDelegation
	for brut, v := range map[*json.RawMessage]any{&l.Droits: &droits, &l.Roles: &roles, &l.Delegations: &delegations} {
		if err := json.Unmarshal(*brut, v); err != nil {
			return nil, fmt.Errorf("reading what %s may enter: %w", l.Identifiant, err)
		}
	}
	es := espacesOrganisation(droits)
	for _, r := range roles {
		es = append(es, Espace{Cle: string(r), Role: r, Nom: string(r), Services: []opco.Service{}})
	}
	for _, d := range delegations {
		es = append(es, Espace{Cle: "delegation:" + d.ID, Role: d.Role, Nom: string(d.Role), Services: []opco.Service{}, Pour: d.Personne, PourNom: d.Nom})
	}
	return es, nil
}

// espacesOrganisation gathers rights by profile and company.
func espacesOrganisation(droits []ligneDroit) []Espace {
	var es []Espace
	for _, d := range droits {
		cle := string(d.Profil) + ":" + string(d.SIRET.SIREN())
		i := slices.IndexFunc(es, func(e Espace) bool { return e.Cle == cle })
		if i < 0 {
			es = append(es, Espace{Cle: cle, Role: d.Profil, SIREN: string(d.SIRET.SIREN()), Nom: d.Nom, recu: true})
			i = len(es) - 1
		}
		es[i].ajouter(d)
	}
	slices.SortStableFunc(es, func(a, b Espace) int {
		return strings.Compare(string(a.Role)+a.Nom+a.SIREN, string(b.Role)+b.Nom+b.SIREN)
	})
	return es
}

// ajouter adds a right to an espace.
func (e *Espace) ajouter(d ligneDroit) {
	e.Droits = append(e.Droits, DroitEffectif{d.SIRET, d.Service})
	if !slices.Contains(e.Services, d.Service) {
		e.Services = append(e.Services, d.Service)
	}
	e.recu = e.recu && d.Recue
	siret := string(d.SIRET)
	if d.Service.Lit() && !slices.Contains(e.SIRETs, siret) {
		e.SIRETs = append(e.SIRETs, siret)
	}
	if d.Service.Ecrit() && !slices.Contains(e.Ecrit, siret) {
		e.Ecrit = append(e.Ecrit, siret)
	}
	if !d.Frais && !slices.Contains(e.inusites, d.Service) {
		e.inusites = append(e.inusites, d.Service)
	}
}
