package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// right reads a right as people write it: « DOSSIERS_FORMATION E1/2 » is that service
// on the second établissement of E1; without a number, on the first.
func (w *world) right(text string) (opco.DroitDonne, error) {
	var d opco.DroitDonne
	service, place, _ := strings.Cut(strings.TrimSpace(text), " ")
	key, rank, several := strings.Cut(strings.TrimSpace(place), "/")
	o, err := w.org(key)
	if err != nil {
		return d, fmt.Errorf("le droit « %s » : %w", text, err)
	}
	site := 1
	if several {
		if site, err = strconv.Atoi(rank); err != nil || site < 1 || site > len(o.SIRETs) {
			return d, fmt.Errorf("le droit « %s » : %s a %d établissements", text, key, len(o.SIRETs))
		}
	}
	d = opco.DroitDonne{Profil: o.profile(), SIRET: o.SIRETs[site-1], Service: opco.Service(service)}
	if !slices.Contains(opco.Services(d.Profil), d.Service) {
		return d, fmt.Errorf("le droit « %s » : les services de %s sont %v", text, key, opco.Services(d.Profil))
	}
	return d, nil
}

// profile is in what capacity people act for the organisation.
func (o *org) profile() opco.Role {
	if o.Model.organisme {
		return opco.RoleOrganisme
	}
	return opco.RoleEntreprise
}

// rightIDs reads several rights, as the API names them.
func (w *world) rightIDs(texts []string) ([]string, error) {
	ids := make([]string, len(texts))
	for i, t := range texts {
		d, err := w.right(t)
		if err != nil {
			return nil, err
		}
		ids[i] = opco.CleHabilitation(d.Profil, d.SIRET, d.Service)
	}
	return ids, nil
}

// given are the rights of a deed, as one gives them. The OPCO says the profile; a
// company is in its own.
func (w *world) given(d *Deed, office bool) ([]fields, error) {
	var rights []fields
	for _, t := range d.Avec.Droits {
		x, err := w.right(t)
		if err != nil {
			return nil, err
		}
		r := fields{"siret": x.SIRET, "service": x.Service}
		if office {
			r["profil"] = x.Profil
		}
		if d.Avec.Du != "" {
			r["du"] = opco.Date(d.Avec.Du)
		}
		if d.Avec.Au != "" {
			r["au"] = opco.Date(d.Avec.Au)
		}
		if d.Avec.Mandat {
			r["mandat"] = true
		}
		rights = append(rights, r)
	}
	return rights, nil
}
