package opco

import "slices"

// etatsDehors are the états in which somebody outside the OPCO may have to act at once.
var etatsDehors = []Etat{EtatACompleter, EtatAttenteServiceFait, EtatSFEnControle, EtatSFNonConforme, EtatEnReglement, EtatRegleePartielle}

// EtatsDehors lists the états in which a company or an organisme may have to act at once.
func EtatsDehors() []Etat { return slices.Clone(etatsDehors) }

// AttenduDehors says which organisation must act on d now, "" for none, and its last
// day, "" without one. It holds whatever the day and the reader; what the bank sends back
// is not in d: a règlement that comes back asks its payee too.
func (d *Dossier) AttenduDehors() (qui Role, avant Date) {
	if !slices.Contains(etatsDehors, d.Etat) {
		return "", ""
	}
	s := d.Suivi(RoleEntreprise, FaitsSuivi{})
	if s.Qui != RoleEntreprise && s.Qui != RoleOrganisme {
		return "", ""
	}
	return s.Qui, s.AvantLe
}
